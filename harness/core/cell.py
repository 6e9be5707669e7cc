"""A cell of a leaderboard: its identity, the keys of its stages, and its form in stores and files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any, NamedTuple

from .hashing import digest
from .interfaces import Dataset
from .invocation import Invocation
from .protocols import PROTOCOLS, scored_part
from .record import Ending, Record, ending

Seeds = tuple[int | None, int | None]
CURVE = {"criterion", "k", "values", "chosen"}  # fields that every curve of K selection has
IMPORTED = "imported"  # flag of labels that were computed elsewhere, and the clusterer that stands for them
UNNAMED = "unnamed"  # anonymous: may be one of the named contributors


@dataclass(frozen=True)
class DataFacts:
    """A dataset as leaderboards describe it.

    Parameters
    ----------
    samples, features : int
    classes, n_train : int or None
    image_shape : tuple (height, width, channels), or None
    truth : str or None
        Digest of the true classes.
    scaling, licence : str
    label, left_out, missing : str or tuple of str
        See `Dataset`.
    dtype : {"float32", "float64"}
    unlabelled : int
        Number of samples without a class, which scores leave out.
    """

    samples: int
    features: int
    classes: int | None
    image_shape: tuple[int, int, int] | None
    n_train: int | None
    truth: str | None
    scaling: str
    licence: str
    label: str = ""
    left_out: tuple[str, ...] = ()
    missing: str = ""
    dtype: str = "float32"
    unlabelled: int = 0

    @staticmethod
    def of(data: Dataset) -> DataFacts:
        """Describe a dataset."""
        return DataFacts(
            samples=data.n_samples,
            features=data.n_features,
            classes=data.n_classes,
            image_shape=data.image_shape,
            n_train=data.n_train,
            truth=data.truth_digest,
            scaling=data.scaling,
            licence=data.licence,
            label=data.label,
            left_out=data.left_out,
            missing=data.missing,
            dtype=data.samples.dtype.name,
            unlabelled=data.n_unlabelled,
        )


@dataclass(frozen=True)
class Score:
    """A cell's score by one metric: the key of its stage, and the facts of the metric that leaderboards need.

    Parameters
    ----------
    key, code : str
        Of the stage; and a digest of the metric's code, options and device.
    direction : {"higher", "lower", None}
    needs : tuple of {"truth", "embedding"}
    unavailable : str
        Why the metric could not be computed, since no record is stored of that; else empty.
    """

    key: str
    code: str
    direction: str | None
    needs: tuple[str, ...]
    unavailable: str = ""


class Origin(NamedTuple):
    """The contributor, hardware and time of a cell."""

    by: str
    hardware: str
    when: str


@dataclass(frozen=True)
class CellRecord:
    """One encoder, one clusterer and one pair of seeds on one dataset under one protocol.

    Parameters
    ----------
    dataset, digest, protocol : str
        Name and digest of the samples; which rows are fitted and scored.
    data : DataFacts
    encoder, clusterer : str
        The names on leaderboards.
    k : str
        ``10 given``, ``8 default`` or ``estimated``; empty where the cell could not be planned.
    seeds : tuple (encoder, clusterer) of int or None
        None where the step is deterministic.
    variant : str
        Digest of the code of encoder and clusterer.
    steps : tuple of str
        Keys of the encode stages, first to last; the last one makes the embedding.
    cluster : str
        Key of the cluster stage.
    scores : dict
        By metric.
    blocked : (status, reason), optional
        Why the cell cannot be run at all.
    traceback : str
        Of the error because of which it cannot; never published.
    specs : tuple (encoder, clusterer) of str
        What the names stand for; empty in old stores, which have no aliases.
    settings : {"", "none", "internal", "oracle"}
        How the settings were chosen.
    prior : tuple of str
        Prior knowledge that the plugins declare.
    noted : str
        When it was stored (UTC, ISO 8601); empty until then.
    origins : tuple of Origin
        Who computed it, once it is published.
    invocation : Invocation, optional
        The call that computed it; None in old stores, and in published folders.
    """

    dataset: str
    digest: str
    protocol: str
    data: DataFacts
    encoder: str
    clusterer: str
    k: str = ""
    seeds: Seeds = (None, None)
    variant: str = ""
    steps: tuple[str, ...] = ()
    cluster: str = ""
    scores: Mapping[str, Score] = field(default_factory=dict)
    blocked: tuple[str, str] | None = None
    specs: tuple[str, str] = ("", "")
    settings: str = ""
    prior: tuple[str, ...] = ()
    noted: str = ""
    origins: tuple[Origin, ...] = ()
    traceback: str = ""
    invocation: Invocation | None = field(default=None, compare=False)

    @property
    def board(self) -> str:
        """Name of its leaderboard, e.g. ``digits.full``."""
        return f"{self.dataset}.{self.protocol}"

    @property
    def row(self) -> tuple[str, str, str]:
        """Encoder, clusterer and K: cells that agree in these are one row of a leaderboard."""
        return self.encoder, self.clusterer, self.k

    @property
    def name(self) -> str:
        """Encoder and clusterer, e.g. ``pca + kmeans``."""
        return f"{self.encoder} + {self.clusterer}"

    @property
    def title(self) -> str:
        """Encoder, clusterer and seeds."""
        return self.name if self.imported else f"{self.name}, {seeds_text(self.seeds)}"

    @property
    def imported(self) -> bool:
        """Whether its labels were computed elsewhere."""
        return has_flag(self.prior, IMPORTED)

    @property
    def seed_text(self) -> str:
        """The seeds in words: ``seed 2``, ``seeds 0 and 2``, ``deterministic``, or ``imported``."""
        if self.imported:
            return IMPORTED
        known = list(dict.fromkeys(str(seed) for seed in self.seeds if seed is not None))
        return f"seed{'s' if len(known) > 1 else ''} {' and '.join(known)}" if known else "deterministic"

    @property
    def encoder_seed(self) -> int | None:
        """Seed of the encoder, None if it is deterministic."""
        return self.seeds[0]

    @property
    def clusterer_seed(self) -> int | None:
        """Seed of the clusterer, None if it is deterministic."""
        return self.seeds[1]

    @property
    def order(self) -> tuple[int, int]:
        """Sort key of the cells of a row."""
        encoder, clusterer = (-1 if seed is None else seed for seed in self.seeds)
        return encoder, clusterer

    @property
    def expanded(self) -> tuple[str, str]:
        """Encoder and clusterer with aliases resolved."""
        return self.specs[0] or self.encoder, self.specs[1] or self.clusterer

    @property
    def encode(self) -> str:
        """Key of the stage that makes the embedding."""
        return self.steps[-1] if self.steps else ""

    @property
    def fits(self) -> tuple[str, ...]:
        """Keys of the encode stages and, last, of the cluster stage."""
        return (*self.steps, self.cluster)

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all stages, in the order in which they run; none if the cell is blocked."""
        return () if self.blocked else (*self.fits, *(score.key for score in self.scores.values()))

    @property
    def part(self) -> str:
        """Name under which its records have the rows that are scored: ``fitted`` or ``other``."""
        return scored_part(self.protocol)

    @property
    def rows(self) -> slice:
        """Rows of the dataset that are scored."""
        n, n_train = self.data.samples, self.data.n_train or 0
        scored = PROTOCOLS[self.protocol][1]
        return {"all": slice(0, n), "train": slice(0, n_train), "test": slice(n_train, n)}[scored]

    @cached_property
    def slot(self) -> str:
        """Digest of data, protocol, names, K and seeds: a store keeps one cell of each."""
        return digest(self._facts())

    @cached_property
    def identity(self) -> str:
        """Digest of the same and the version of the code: a published folder keeps one cell of each."""
        return digest({**self._facts(), "variant": self.variant})

    def _facts(self) -> dict[str, Any]:
        names = ("dataset", "digest", "protocol", "encoder", "clusterer", "k")
        return {**{name: getattr(self, name) for name in names}, "seeds": list(self.seeds)}

    def ending(self, records: Mapping[str, Record]) -> Ending:
        """Return how it ended: its status, the reason if it is not ``ok``, and the kind of stage.

        Parameters
        ----------
        records : mapping
            The records of its stages by key; if one of a fit is missing, the cell is ``unfinished``.
        """
        scores = {score.key: score.unavailable for score in self.scores.values()}
        return ending(self.fits, scores, records, self.blocked)

    def status(self, records: Mapping[str, Record]) -> tuple[str, str]:
        """Return its status, and the reason if that is not ``ok``; see `ending`."""
        found = self.ending(records)
        return found.status, found.error


def has_flag(prior: Iterable[str], flag: str) -> bool:
    """Return whether declared flags, which may go on after a colon, have this one.

    Examples
    --------
    >>> has_flag(["imported: labels.csv"], "imported"), has_flag([], "imported")
    (True, False)
    """
    return any(each.partition(":")[0] == flag for each in prior)


def seeds_text(seeds: Iterable[int | None]) -> str:
    """Format the seeds of encoder and clusterer.

    Examples
    --------
    >>> seeds_text((None, 0)), seeds_text((1, 1)), seeds_text((0, 2)), seeds_text((None, None))
    ('seed 0', 'seed 1', 'seeds 0 and 2', 'deterministic')
    """
    found = [str(seed) for seed in seeds if seed is not None]
    if not found:
        return "deterministic"
    return f"seed {found[0]}" if len(set(found)) == 1 else f"seeds {' and '.join(found)}"


def cell_to_json(cell: CellRecord) -> dict[str, Any]:
    """Return a cell as plain values, as stores and published files have it."""
    plain = {each.name: getattr(cell, each.name) for each in fields(cell)}
    plain |= {"data": dict(vars(cell.data)), "seeds": list(cell.seeds)}
    if not cell.data.unlabelled:
        del plain["data"]["unlabelled"]  # most datasets have none, and older files have no such key
    plain["scores"] = {name: _score_to_json(score) for name, score in cell.scores.items()}
    plain["origins"] = [origin._asdict() for origin in cell.origins]
    plain["invocation"] = cell.invocation._asdict() if cell.invocation else None
    unset = {name for name in ("origins", "invocation", "traceback") if not plain[name]}
    return {name: value for name, value in plain.items() if name not in unset}


def _score_to_json(score: Score) -> dict[str, Any]:
    plain = {"key": score.key, "code": score.code, "direction": score.direction, "needs": list(score.needs)}
    return {**plain, "unavailable": score.unavailable} if score.unavailable else plain


def cell_from_json(plain: Mapping[str, Any]) -> CellRecord:
    """Return a cell from its plain values; those that an older version did not write are as by default."""
    data = dict(plain["data"])
    if data["image_shape"]:
        data["image_shape"] = tuple(data["image_shape"])
    data["left_out"] = tuple(data.get("left_out", ()))
    scores = {}
    for name, score in plain["scores"].items():
        scores[name] = Score(**{**score, "needs": tuple(score["needs"])})
    blocked, specs = plain["blocked"], plain.get("specs") or ("", "")
    return CellRecord(
        **{name: plain[name] for name in ("dataset", "digest", "protocol", "encoder", "clusterer", "k")},
        **{name: plain[name] for name in ("variant", "cluster")},
        data=DataFacts(**data),
        seeds=tuple(plain["seeds"]),
        steps=tuple(plain["steps"]),
        scores=scores,
        blocked=tuple(blocked) if blocked else None,
        specs=tuple(specs),
        settings=plain.get("settings", ""),
        prior=tuple(plain.get("prior") or ()),
        noted=plain.get("noted", ""),
        traceback=plain.get("traceback", ""),
        origins=tuple(Origin(**origin) for origin in plain.get("origins", ())),
        invocation=_invocation(plain.get("invocation")),
    )


def _invocation(plain: Mapping[str, Any] | None) -> Invocation | None:
    if not plain:
        return None
    known = {name: plain[name] for name in Invocation._fields if name in plain}
    return Invocation(**{**known, "plugins": tuple(known.get("plugins", ()))})
