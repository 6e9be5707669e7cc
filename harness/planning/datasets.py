"""Find a dataset by name or path."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import fields, replace
from difflib import get_close_matches
from pathlib import Path

from ..core.errors import BadParameter, DataError, HarnessError, UnknownName, error_line, suggest
from ..core.interfaces import Dataset, DatasetInfo
from ..core.plugin import Plugin
from ..core.spec import Spec, parse
from ..registry.loading import load_plugin
from ..registry.registry import Registry

Progress = Callable[[str, int, int], None]
OPENML = "openml:"  # as in ``openml:61``


def open_dataset(text: str, registry: Registry, progress: Progress | None = None) -> Dataset:
    """Read a dataset by plugin name, from OpenML, or from a file or folder.

    Parameters
    ----------
    text : str
        ``digits``, ``"moons(noise=0.1)"``, ``flowers.csv``, or with options of the reader
        ``"flowers.csv(label=species)"``; ``openml:61`` or ``"openml:iris(version=1)"``.
    progress : callable, optional
        Called while data are fetched from OpenML, with their name, the bytes done and the bytes in all.

    Raises
    ------
    BadParameter
        If the dataset has no such parameter or option, or the value is out of range.
    UnknownName
        If the name is neither a dataset nor an existing path.
    DataError
        If the dataset cannot be read.
    """
    if not text.strip():
        raise BadParameter("A dataset's name or path is missing after -d.")
    if _exists(text) and text not in registry.names("dataset"):
        return _read(text, {})
    path, options = path_and_options(text)
    if path and path not in registry.names("dataset"):
        return _read(path, options)
    spec = parse(text)
    if spec.name.startswith(OPENML):
        return _read_openml(spec, progress)
    if ":" in spec.name or spec.name in registry.names("dataset"):
        return _load(spec, registry)
    known = registry.names("dataset")
    if set(spec.name) & set("/\\.") and not suggest(spec.name, known):
        raise DataError(f"No file or folder {spec.name!r}.{_near(spec.name) or ' Check the path.'}")
    raise UnknownName(
        f"Unknown dataset {spec.name!r}, and no such file.{suggest(spec.name, known)} "
        f"Datasets: {', '.join(known)}."
    )


def _near(path: str) -> str:
    """Suggest a file or folder beside the missing one."""
    try:
        missing = Path(path).expanduser()
        stems = {beside.stem: beside for beside in missing.parent.iterdir()}
    except (OSError, RuntimeError):  # the latter from a user's home that is not there
        return ""
    near = get_close_matches(missing.stem, stems, n=1)  # folder and suffix alone would make all alike
    return f" Did you mean {str(stems[near[0]])!r}?" if near else ""


def path_and_options(text: str) -> tuple[str, dict[str, object]]:
    """Split a text into the longest existing path and the options in parentheses; or an empty path.

    Paths may contain parentheses and colons.

    Examples
    --------
    >>> path_and_options("nowhere.csv(label=species)")
    ('', {})
    """
    for position in reversed([position for position, letter in enumerate(text) if letter == "("]):
        path = text[:position].strip()
        if path and _exists(path):
            written = f"file{text[position:]}"
            try:
                spec = parse(written)
            except BadParameter as error:
                raise BadParameter(str(error).replace(repr(written), repr(text))) from None
            if spec.args:
                raise BadParameter(f"{text!r}: options of a file need names, e.g. {path!r}(label=species).")
            return path, dict(spec.kwargs)
    return "", {}


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # a name too long, an unknown user, a zero byte
        return False


def _read(path: str, options: dict[str, object]) -> Dataset:
    from ..data import read

    try:
        return read(Path(path).expanduser(), **options)  # type: ignore[arg-type]
    except TypeError as error:
        raise BadParameter(f"Cannot read {path!r} with {options}: {error}") from None


def _read_openml(spec: Spec, progress: Progress | None) -> Dataset:
    from ..data.openml import read_openml
    from ..data.table_options import TableOptions

    which, options = spec.name.removeprefix(OPENML).strip(), dict(spec.kwargs)
    own = inspect.signature(read_openml).parameters.keys() - {"which", "options", "progress"}
    known = sorted([*own, *(field.name for field in fields(TableOptions))])
    unknown = next((name for name in options if name not in known), None)
    if not which or spec.args or unknown:
        what = f"unknown option {unknown!r}.{suggest(unknown, known)}" if unknown else "not understood."
        raise BadParameter(
            f"{str(spec)!r}: {what} Give an ID or a name of OpenML, e.g. openml:61 or "
            f"'openml:iris(version=1)'. Options: {', '.join(known)}."
        )
    return read_openml(which, **options, progress=progress)


def _load(spec: Spec, registry: Registry) -> Dataset:
    plugin = registry.find("dataset", spec.name)
    load = load_plugin(plugin)
    _check_parameters(plugin, load, spec)
    try:
        data = load(**dict(spec.kwargs))
    except BadParameter as error:
        raise BadParameter(f"{plugin.title}: {error}") from None
    except HarnessError:
        raise
    except Exception as error:
        raise DataError(f"{plugin.title} failed to load: {error_line(error)}") from None
    if not isinstance(data, Dataset):
        raise DataError(f"{plugin.title} must return a harness.Dataset, got {type(data).__name__}.")
    if _exists(spec.name):
        here = (
            f"{spec.name!r} is read as the dataset of this name; for the one in this folder, give "
            f"./{spec.name}"
        )
        return replace(data, notes=(*data.notes, here))
    return data


def _check_parameters(plugin: Plugin, load: Callable[..., object], spec: Spec) -> None:
    """Raise an error for parameters without a name, given twice or unknown."""
    if spec.args:
        raise BadParameter(
            f"{plugin.title}: parameters must have names, got {spec}. Give {spec.name}(name=value)."
        )
    names = [name for name, _ in spec.kwargs]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadParameter(f"{plugin.title}: parameter {twice!r} is given twice.")
    parameters = inspect.signature(load).parameters
    if any(each.kind is inspect.Parameter.VAR_KEYWORD for each in parameters.values()):
        return
    for name in names:
        if name not in parameters:
            raise BadParameter(
                f"{plugin.title} has no parameter {name!r}.{suggest(name, parameters)} "
                f"Parameters: {', '.join(parameters) or 'none'}."
            )


def named_info(name: str, registry: Registry) -> DatasetInfo | None:
    """Return the info of the dataset plugin of a name, or None if there is no such plugin or info."""
    return dataset_info(registry.find("dataset", name)) if name in registry.names("dataset") else None


def dataset_info(plugin: Plugin) -> DatasetInfo | None:
    """Return the info attached to a dataset plugin, or None."""
    info = getattr(load_plugin(plugin), "info", None)
    return info if isinstance(info, DatasetInfo) else None
