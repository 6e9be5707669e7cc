"""What a call of `harness.bench` may say: keywords are read, or refused in a line that says what may be."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from ..core.errors import BadParameter, suggest
from ..core.limits import RETRIED, Limits, read_size, read_times
from ..core.plan import SETTINGS, crossed_seeds
from ..core.protocols import PROTOCOLS
from ..registry.devices import DEVICES


@dataclass(frozen=True)
class Options:
    """The keywords of a call, read: they are described where `harness.bench` is."""

    protocols: Sequence[str]
    seeds: int | None
    crossed: tuple[int, int] | None
    n_clusters: int | None
    settings: str
    soft: bool
    device: str
    jobs: int | None
    threads: int
    limits: Limits
    dask: str | None
    retry: Sequence[str]
    plugins: Sequence[Path]
    store: Path
    arrays: str | None
    progress: bool | Callable[[Any], None]

    @property
    def here(self) -> bool:
        """Whether stages run in this process."""
        return self.jobs == 0


def read_options(**given: Any) -> Options:
    """Read the keywords of a call.

    Raises
    ------
    BadParameter
        When one is of another type or value than may be, or two exclude each other.
    """
    apart = [_whole(name, given[name], 1) for name in ("encoder_seeds", "clusterer_seeds")]
    found = Options(
        protocols=_choices("protocols", given["protocols"], PROTOCOLS, least=1),
        seeds=_whole("seeds", given["seeds"], 1),
        crossed=crossed_seeds(_whole("seeds", given["seeds"], 1), *apart),
        n_clusters=_whole("n_clusters", given["n_clusters"], 1),
        settings=_choices("settings", [given["settings"]], SETTINGS)[0] if given["settings"] else "",
        soft=flag("soft", given["soft"]),
        device=_choices("device", [given["device"]], DEVICES)[0],
        jobs=_whole("jobs", given["jobs"], 0),
        threads=_whole("threads", given["threads"], 1) or 1,
        limits=_limits(given["timeout"], given["memory"]),
        dask=_place("dask", given["dask"]),
        retry=_choices("retry", given["retry"], RETRIED),
        plugins=_files("plugins", given["plugins"]),
        store=store_folder(_place("store", given["store"])),
        arrays=_place("arrays", given["arrays"]),
        progress=_progress(given["progress"]),
    )
    if found.here and (found.limits.seconds or found.limits.memory):
        raise BadParameter("timeout and memory need processes that can be ended: use jobs=1 or more.")
    if found.dask is not None and (found.here or not found.dask.strip()):
        raise BadParameter(
            "dask must be an address, as 'tcp://host:8786', or 'local', with jobs=1 or more, "
            f"got {found.dask!r} and jobs={found.jobs}."
        )
    return found


def _whole(name: str, value: Any, least: int) -> int | None:
    """Return a whole number, or None where none is given.

    Raises
    ------
    BadParameter
        When it is none, or less than `least`.

    Examples
    --------
    >>> _whole("seeds", np.int64(3), 1), _whole("seeds", None, 1)
    (3, None)
    """
    if value is None:
        return None
    if isinstance(value, int | np.integer) and not isinstance(value, bool) and value >= least:
        return int(value)
    raise BadParameter(f"{name} must be at least {least}, and a whole number, got {value!r:.60}.")


def flag(name: str, value: Any) -> bool:
    """Return True or False, and take nothing else for it."""
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise BadParameter(f"{name} must be True or False, got {value!r:.60}.")


def _progress(value: Any) -> bool | Callable[[Any], None]:
    """Return whether progress is shown, or what is told of it."""
    if callable(value) and not isinstance(value, type):
        found: Callable[[Any], None] = value
        return found
    if isinstance(value, bool | np.bool_):
        return bool(value)
    raise BadParameter(f"progress must be True, False or a function of one argument, got {value!r:.60}.")


def _choices(name: str, value: Any, known: Iterable[str], least: int = 0) -> list[str]:
    """Return words that are among those known, each once; one may stand by itself.

    Examples
    --------
    >>> _choices("protocols", "full", ["full", "test"])
    ['full']
    """
    words, found = list(known), _several(name, value)
    if len(found) < least:
        raise BadParameter(
            f"{name} must be among {', '.join(words)}, and at least {least} of them, got none."
        )
    for each in found:
        if each not in words:
            near = suggest(str(each), words)
            raise BadParameter(f"{name} must be among {', '.join(words)}, got {each!r:.60}.{near}")
    return list(dict.fromkeys(found))


def _place(name: str, value: Any) -> str | None:
    """Return a path or an address as text, or None where none is given."""
    if value is None or isinstance(value, str | os.PathLike):
        return None if value is None else os.fspath(value)
    raise BadParameter(f"{name} must be text or a path, got {value!r:.60}.")


def _files(name: str, value: Any) -> list[Path]:
    """Return paths; one may stand by itself."""
    return [Path(_place(name, each) or "") for each in _several(name, value)]


def store_folder(value: str | None) -> Path:
    """Return the folder of a store: what is given, else ``$HARNESS_STORE``, else ``.harness``.

    What is empty counts as not given: the working folder itself is written ``.``.

    Examples
    --------
    >>> store_folder("there").name
    'there'
    """
    return Path(value or os.environ.get("HARNESS_STORE") or ".harness")


def _limits(timeout: Any, memory: Any) -> Limits:
    """Return the limits of each stage: seconds, for all or by kind, and bytes, as a number or as ``4G``."""
    size = read_size(memory) if isinstance(memory, str) else _whole("memory", memory, 1)
    if timeout is None:
        return Limits({}, size)
    if isinstance(timeout, Mapping):
        if not timeout:
            raise BadParameter("timeout must name encode, cluster or score, as {'encode': 3600}, got {}.")
        timeout = ",".join(f"{kind}={seconds}" for kind, seconds in timeout.items())
    return Limits(read_times(str(timeout)), size)


def named(what: str, given: Mapping[Any, Any]) -> Mapping[str, Any]:
    """Return a mapping from names on boards, each of which is text."""
    for name in given:
        if not isinstance(name, str) or not name.strip():
            example = "" if not str(name).strip() else f" Write {str(name)!r}."
            raise BadParameter(f"{what}: a name must be text, got {name!r:.60}.{example}")
    return given


def _several(name: str, value: Any) -> list[Any]:
    if isinstance(value, str | os.PathLike):
        return [value]
    if isinstance(value, Iterable):
        return list(value)
    raise BadParameter(f"{name} must be one or several in a list, got {value!r:.60}.")
