"""The options of a benchmark, each a field of `Request`.

The command line, the keys of a bench file and the keywords of `harness.bench` are made from these fields. A
new option is a field here, a parameter of `harness.bench`, a row in docs/guide.md, and the code that uses it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, Self, get_args, get_origin, get_type_hints

from ..core.choices import Device, ProtocolName, RetriedStatus, Settings
from ..core.errors import BadParameter
from ..core.limits import RETRIED, Limits, read_size, read_statuses, read_times
from ..core.plugin import Kind
from ..core.spec import Entry

if TYPE_CHECKING:
    from ..registry.registry import Registry

SWEPT: tuple[Kind, ...] = ("encoder", "clusterer", "metric")  # all plugins are used where none is named


class Option(NamedTuple):
    """The help of a field and how its text is parsed; type and default come from the field itself.

    A number is at least 1, text is not empty, and neither is a list that is not empty by default.
    """

    help: str  # for `harness bench --help`, and for the docstring of `harness.bench` with `note`
    flags: str = ""  # on the command line; by default -- and the name of the field
    metavar: str | None = None
    read: Callable[[str], Any] | None = None  # from the text of the command line
    envvar: str | None = None
    example: str = ""  # for errors
    note: str = ""


def store_folder(value: str | None) -> Path:
    """Return the folder of a store: the given one, else ``$HARNESS_STORE``, else ``.harness``.

    Empty text counts as not given: write ``.`` for the working folder itself.

    Examples
    --------
    >>> store_folder("there").name
    'there'
    """
    return Path(value or os.environ.get("HARNESS_STORE") or ".harness")


@dataclass(frozen=True)
class Request:
    """A benchmark as the user asks for it.

    `timeout` has seconds by kind of stage, `memory` bytes. The last three fields are not options: `swept`
    holds the kinds of which no plugin is listed explicitly, so that one that cannot be constructed becomes a
    failed row, not an error; `pairs` holds the seeds of encoder and clusterer themselves, instead of their
    number; `unseeded` holds the encoders and clusterers that are known to differ from run to run though they
    have no seed, instead of a trial.

    Raises
    ------
    BadParameter
        If seeds are asked for both in pairs and apart, or for one of encoder and clusterer only; if slow
        plugins are asked for without all.

    Examples
    --------
    >>> request = Request(["pca"], ["kmeans"], encoder_seeds=3, clusterer_seeds=5)
    >>> request.crossed, request.protocols
    ((3, 5), ('full',))
    """

    datasets: Annotated[Sequence[str], Option("Dataset name or path.", "-d --dataset", "DATASET")] = field(
        default=("digits",), kw_only=True
    )
    encoders: Annotated[
        Sequence[str | Entry],
        Option("Encoder, e.g. pca, 'pca(n_components=8)' or a chain a+b.", "-e --encoder", "ENCODER"),
    ] = ()
    clusterers: Annotated[
        Sequence[str | Entry],
        Option("Clusterer, e.g. kmeans or sklearn.cluster:Birch.", "-c --clusterer", "CLUSTERER"),
    ] = ()
    metrics: Annotated[Sequence[str], Option("Metric (default: all).", "-m --metric", "METRIC")] = ()
    all: Annotated[bool, Option("Use all plugins of every kind that is not listed explicitly.")] = False
    slow: Annotated[bool, Option("With --all: plugins marked as slow too.")] = False
    protocols: Annotated[
        Sequence[ProtocolName], Option("Which rows are fitted and which are scored.", "--protocol")
    ] = ("full",)
    seeds: Annotated[int | None, Option("Number of seeds (default: 5).")] = None
    encoder_seeds: Annotated[int | None, Option("Encoder seeds, each with every clusterer seed.")] = None
    clusterer_seeds: Annotated[int | None, Option("Clusterer seeds, each with every encoder seed.")] = None
    n_clusters: Annotated[int | None, Option("K (default: number of classes).", "-k --n-clusters")] = None
    settings: Annotated[
        Settings | None, Option("How settings given here were chosen; oracle: with the help of true labels.")
    ] = None
    soft: Annotated[bool, Option("Keep soft assignments (predict_proba) too.", "--soft/--no-soft")] = False
    device: Annotated[Device, Option("Device on which encoders are trained.")] = "auto"
    jobs: Annotated[
        int | None,
        Option(
            "Number of stages that run at a time (default: one per core).",
            note="Each runs in its own process. With 0 all run in this process, one after the other: objects "
            "of ``__main__`` can then be used, limits cannot, and results of code that is not installed are "
            "not reused, as it may have changed.",
        ),
    ] = None
    threads: Annotated[int, Option("Threads per stage.")] = 1
    timeout: Annotated[
        Mapping[str, float] | None,
        Option(
            *("Time limit per stage in seconds, e.g. 600 or encode=3600,cluster=600.", "", "S", read_times),
            note='Or a mapping: ``{"encode": 3600, "cluster": 600}``.',
        ),
    ] = None
    memory: Annotated[
        int | None,
        Option(
            "Memory limit per stage, e.g. 4G.", "", "SIZE", read_size, None, '"4G"', "A number is in bytes."
        ),
    ] = None
    dask: Annotated[
        str | None,
        Option(
            *("Dask scheduler whose workers run the stages, e.g. tcp://host:8786, or local.", "", "ADDRESS"),
            example='"tcp://host:8786" or "local"',
        ),
    ] = None
    retry: Annotated[
        Sequence[RetriedStatus],
        Option(
            f"Statuses whose stages are recomputed: {', '.join(RETRIED)}.", "", "STATUS,..", read_statuses
        ),
    ] = ()
    plugins: Annotated[Sequence[Path], Option("Python file with more plugins.", "--plugin", "FILE")] = ()
    store: Annotated[
        Path, Option("Folder of records and arrays.", read=store_folder, envvar="HARNESS_STORE")
    ] = Path(".harness")
    arrays: Annotated[
        str | None,
        Option(
            *(
                "Folder or fsspec URL of arrays that other machines reach; the store remembers it.",
                "",
                "PLACE",
            ),
            envvar="HARNESS_ARRAYS",
        ),
    ] = None
    out: Annotated[Path, Option("Folder that leaderboards are written to.")] = Path("leaderboard")
    events: Annotated[Path | None, Option("Append a line of JSON per event to FILE.", "", "FILE")] = None
    swept: Collection[str] = ()
    pairs: Sequence[tuple[int, int]] = ()
    unseeded: Collection[str] | None = None

    def __post_init__(self) -> None:
        if self.slow and not self.all:
            raise BadParameter("Slow plugins are left out of --all alone: give --all too, or drop --slow.")
        apart = {self.encoder_seeds, self.clusterer_seeds}
        if apart == {None}:
            return
        if self.seeds is not None:
            raise BadParameter("Give seeds, or encoder seeds and clusterer seeds, not both.")
        if None in apart:
            raise BadParameter("Give both encoder and clusterer seeds, as each goes with each, or seeds.")

    @property
    def crossed(self) -> tuple[int, int] | None:
        """How many seeds encoders and clusterers have if these are kept apart, else None."""
        if self.encoder_seeds is None or self.clusterer_seeds is None:
            return None
        return self.encoder_seeds, self.clusterer_seeds

    @property
    def limits(self) -> Limits:
        """The limits of each stage."""
        return Limits(self.timeout or {}, self.memory)

    @property
    def missing(self) -> list[Kind]:
        """The kinds of which no plugin is named; only metrics may be, unless all plugins are asked for."""
        return [kind for kind in SWEPT if not getattr(self, f"{kind}s")]

    def filled(self, registry: Registry) -> Self:
        """Return the request with all plugins of each kind of which none is named."""
        names: dict[str, Any] = {f"{kind}s": registry.names(kind) for kind in self.missing}
        return replace(self, **names, swept=self.missing)


HINTS = get_type_hints(Request)
DEFAULTS: dict[str, Any] = {each.name: each.default for each in fields(Request)}
OPTIONS: dict[str, Option] = {
    name: hint.__metadata__[0]
    for name, hint in get_type_hints(Request, include_extras=True).items()
    if get_origin(hint) is Annotated
}


def value_type(name: str) -> tuple[Any, bool]:
    """Return the type of one value of an option, None left out, and whether the option takes several.

    Examples
    --------
    >>> value_type("seeds"), value_type("metrics")
    ((<class 'int'>, False), (<class 'str'>, True))
    """
    hint = HINTS[name]
    several = get_origin(hint) is Sequence
    return (get_args(hint)[0] if several or type(None) in get_args(hint) else hint), several
