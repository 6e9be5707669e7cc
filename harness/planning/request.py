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
from ..core.limits import BUDGET, RETRIED, Limits, read_budget, read_size, read_statuses, read_times
from ..core.plugin import Kind
from ..core.spec import Entry

if TYPE_CHECKING:
    from ..registry.registry import Registry

DEFAULT_DATASETS = ("digits",)
SWEPT: tuple[Kind, ...] = ("encoder", "clusterer", "metric")  # if none is named, all are used


class Option(NamedTuple):
    """The help of a field and how its text is parsed; type and default come from the field itself.

    A number is at least 1, text is not empty, and neither is a list that is not empty by default.
    """

    help: str  # for `harness bench --help`, and for the docstring of `harness.bench` with `note`
    flags: str = ""  # on the command line; by default `--` and the name of the field
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
        If both datasets and a suite are given, or a limit on samples without a suite; if seeds are asked for
        both in pairs and apart, or for one of encoder and clusterer only; if slow plugins are asked for
        without all.

    Examples
    --------
    >>> request = Request(["pca"], ["kmeans"], encoder_seeds=3, clusterer_seeds=5)
    >>> request.crossed, request.protocols
    ((3, 5), ('full',))
    """

    datasets: Annotated[Sequence[str], Option("Dataset name or path.", "-d --dataset", "DATASET")] = field(
        default=DEFAULT_DATASETS, kw_only=True
    )
    suite: Annotated[
        str | None,
        Option(
            "Run all datasets of a suite instead: a built-in one, a .toml file or a folder.",
            metavar="SUITE",
            note="Its metrics, protocol and K are used if none are given.",
        ),
    ] = field(default=None, kw_only=True)
    max_samples: Annotated[int | None, Option("Leave out datasets of the suite with more samples.")] = field(
        default=None, kw_only=True
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
    all: Annotated[bool, Option("Use all plugins of every kind not listed explicitly.")] = False
    slow: Annotated[bool, Option("With --all: also use plugins marked as slow or special.")] = False
    protocols: Annotated[
        Sequence[ProtocolName],
        Option("Rows to fit on and rows to score.", "--protocol", note="Default: full, or the suite's."),
    ] = ("full",)
    seeds: Annotated[int | None, Option("Number of seeds (default: 5).")] = None
    encoder_seeds: Annotated[int | None, Option("Encoder seeds, each with every clusterer seed.")] = None
    clusterer_seeds: Annotated[int | None, Option("Clusterer seeds, each with every encoder seed.")] = None
    first_seed: Annotated[
        int | None, Option("First seed, e.g. 100 for seeds never used before (default: 0).")
    ] = None
    n_clusters: Annotated[int | None, Option("K (default: number of classes).", "-k --n-clusters")] = None
    settings: Annotated[
        Settings | None, Option("How the parameters given here were chosen; oracle: using the true labels.")
    ] = None
    soft: Annotated[bool, Option("Also store soft assignments (predict_proba).", "--soft/--no-soft")] = False
    device: Annotated[Device, Option("Device to train encoders on.")] = "auto"
    jobs: Annotated[
        int | None,
        Option(
            "Number of stages to run in parallel (default: one per core).",
            note="Each runs in its own process. With 0 all run in this process, one after another: objects "
            "of ``__main__`` can then be used, but limits cannot, and results of code that is not installed "
            "are not reused, since it may have changed.",
        ),
    ] = None
    threads: Annotated[int, Option("Threads per stage.")] = 1
    timeout: Annotated[
        Mapping[str, float] | None,
        Option(
            *(
                "Time limit per stage in seconds, e.g. 600 or encode=3600,cluster=600 (default: none).",
                "",
                "S",
                read_times,
            ),
            note='Or a mapping: ``{"encode": 3600, "cluster": 600}``.',
        ),
    ] = None
    memory: Annotated[
        int | None,
        Option(
            "Memory limit per stage, e.g. 4G (default: none).",
            "",
            "SIZE",
            read_size,
            None,
            '"4G"',
            "A number is in bytes.",
        ),
    ] = None
    metric_budget: Annotated[
        float | None,
        Option(
            *(
                "Seconds per stage above which a metric is estimated from a sample of rows, where it can be; "
                "0 or none: never.",
                "",
                "S",
                read_budget,
            ),
            note="None is 0. An estimate is a column of its own, with its standard error.",
        ),
    ] = BUDGET
    dask: Annotated[
        str | None,
        Option(
            *(
                "Run stages on the workers of this Dask scheduler, e.g. tcp://host:8786, or local.",
                "",
                "ADDRESS",
            ),
            example='"tcp://host:8786" or "local"',
        ),
    ] = None
    retry: Annotated[
        Sequence[RetriedStatus],
        Option(
            f"Recompute stages that ended with these statuses: {', '.join(RETRIED)}.",
            "",
            "STATUS,..",
            read_statuses,
        ),
    ] = ()
    plugins: Annotated[
        Sequence[Path], Option("Python file with additional plugins.", "--plugin", "FILE")
    ] = ()
    store: Annotated[
        Path, Option("Folder of the store: records and arrays.", read=store_folder, envvar="HARNESS_STORE")
    ] = Path(".harness")
    arrays: Annotated[
        str | None,
        Option(
            *(
                "Folder or fsspec URL for arrays that all machines can reach; the store remembers it.",
                "",
                "PLACE",
            ),
            envvar="HARNESS_ARRAYS",
        ),
    ] = None
    out: Annotated[Path, Option("Folder to write leaderboards to.")] = Path("leaderboard")
    events: Annotated[Path | None, Option("Append each event to FILE as a line of JSON.", "", "FILE")] = None
    swept: Collection[str] = ()
    pairs: Sequence[tuple[int, int]] = ()
    unseeded: Collection[str] | None = None

    def __post_init__(self) -> None:
        if self.slow and not self.all:
            raise BadParameter("--slow only extends --all: give --all too, or drop --slow.")
        if self.suite is not None and tuple(self.datasets) != DEFAULT_DATASETS:
            raise BadParameter("Give either datasets (-d) or a suite (--suite), not both.")
        if self.max_samples is not None and self.suite is None:
            raise BadParameter("--max-samples is for the datasets of a suite: give --suite too.")
        apart = {self.encoder_seeds, self.clusterer_seeds}
        if apart == {None}:
            return
        if self.seeds is not None:
            raise BadParameter("Give either seeds, or encoder seeds and clusterer seeds.")
        if None in apart:
            raise BadParameter(
                "Give both encoder seeds and clusterer seeds, since each is combined with each, or give "
                "seeds."
            )

    @property
    def crossed(self) -> tuple[int, int] | None:
        """Numbers of encoder and clusterer seeds if given separately, else None."""
        if self.encoder_seeds is None or self.clusterer_seeds is None:
            return None
        return self.encoder_seeds, self.clusterer_seeds

    @property
    def limits(self) -> Limits:
        """The limits of each stage."""
        return Limits(self.timeout or {}, self.memory)

    @property
    def missing(self) -> list[Kind]:
        """Kinds without a named plugin; only metrics may be left out unless all plugins are requested."""
        return [kind for kind in SWEPT if not getattr(self, f"{kind}s")]

    def filled(self, registry: Registry) -> Self:
        """Fill in all plugins of each kind without a named plugin."""
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
