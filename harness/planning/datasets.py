"""Finding a dataset by its name or by a path."""

from __future__ import annotations

from pathlib import Path

from ..core.errors import BadParameter, DataError, HarnessError, UnknownName, suggest
from ..core.interfaces import Dataset
from ..core.spec import parse
from ..registry.loading import load_plugin
from ..registry.registry import Registry


def open_dataset(text: str, registry: Registry) -> Dataset:
    """Read a dataset by plugin name, or from a file or folder of the user's own.

    Parameters
    ----------
    text : str
        ``digits``, ``flowers.csv``, or with options of the reader ``"flowers.csv(label=species)"``.

    Raises
    ------
    UnknownName
        When it is neither a dataset's name nor an existing path.
    DataError
        When it cannot be read.
    """
    if not text.strip():
        raise BadParameter("A dataset's name or path is missing after -d.")
    if _exists(text) and text not in registry.names("dataset"):
        return _read(text, {})
    spec = parse(text)
    if ":" in spec.name or spec.name in registry.names("dataset"):
        return _load(spec.name, dict(spec.kwargs), registry)
    if _exists(spec.name):
        if spec.args:
            raise BadParameter(f"{text!r}: name the options of a file, as in 'flowers.csv(label=species)'.")
        return _read(spec.name, dict(spec.kwargs))
    known = registry.names("dataset")
    if set(spec.name) & set("/\\.") and not suggest(spec.name, known):
        raise DataError(f"There is no file or folder {spec.name!r}. Check the path.")
    raise UnknownName(
        f"There is no dataset {spec.name!r}, and no such file.{suggest(spec.name, known)} "
        f"Datasets: {', '.join(known)}."
    )


def _exists(text: str) -> bool:
    try:
        return Path(text).expanduser().exists()
    except (OSError, RuntimeError, ValueError):  # too long a name, an unknown user, a zero byte
        return False


def _read(path: str, options: dict[str, object]) -> Dataset:
    from ..data import read

    try:
        return read(Path(path).expanduser(), **options)  # type: ignore[arg-type]
    except TypeError as error:
        raise BadParameter(f"{path!r} cannot be read with {options}: {error}") from None


def _load(name: str, options: dict[str, object], registry: Registry) -> Dataset:
    plugin = registry.find("dataset", name)
    load = load_plugin(plugin)
    try:
        data = load(**options)
    except HarnessError:
        raise
    except Exception as error:
        raise DataError(f"Dataset {name!r} cannot be loaded: {type(error).__name__}: {error}") from None
    if not isinstance(data, Dataset):
        raise DataError(f"Dataset {name!r} must return a harness.Dataset, got {type(data).__name__}.")
    return data
