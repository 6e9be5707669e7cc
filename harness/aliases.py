"""Names of one's own for encoders and clusterers, as boards show them."""

from __future__ import annotations

from .errors import BadParameter
from .registry import Kind, Registry
from .spec import BARRED


def check_alias(kind: Kind, alias: str, registry: Registry) -> None:
    """Refuse a name on boards that could be taken for something else.

    Raises
    ------
    BadParameter
        When it has signs of the command line's, or is the name of a plugin.
    """
    if set(alias) & set(BARRED) or alias != alias.strip():
        raise BadParameter(
            f"{alias!r} cannot name {kind}s on boards. Choose a name without = ( ) + | : and line breaks."
        )
    if alias in registry.names(kind):
        raise BadParameter(
            f"{alias!r} cannot be the name of another {kind}: it is the name of one. Choose another."
        )
