"""Published folders for tests: a small dataset that is known by its name, and boards of it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from harness.core.hashing import digest
from harness.execution.runner import run
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.publishing.bundle import Published, gather
from harness.publishing.findings import Findings
from harness.publishing.verify.options import How
from harness.publishing.verify.verify import verify
from harness.publishing.write import write_folder
from harness.registry.loading import load_plugin
from harness.registry.registry import Registry, load_registry
from harness.store.store import Store

DATA = """
import numpy as np
from harness import Dataset, hookimpl

def toy():
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    return Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)

@hookimpl
def datasets():
    return {"toy": toy}
"""
ENCODERS = "identity pca(n_components=2)"
METRICS = ("accuracy", "ari", "silhouette", "n-clusters")


class Press:
    """Computes boards of the toy data, and publishes them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(exist_ok=True)
        (folder / "toy_data.py").write_text(DATA)

    @property
    def registry(self) -> Registry:
        return load_registry([self.folder / "toy_data.py"])

    def store(
        self,
        name: str,
        encoders: str = "identity pca(n_components=2)",
        clusterers: str = "kmeans gmm",
        **more: Any,
    ) -> Store:
        """Run a grid into a store of that name."""
        store = Store(self.folder / name)
        data = load_plugin(self.registry.find("dataset", "toy"))()
        for protocol in more.pop("protocols", ("full", "train-test")):
            options = {"seeds": 2, "metrics": METRICS, **more}
            request = Request(encoders.split(), clusterers.split(), options.pop("metrics"), **options)
            run(make_plan(data, protocol, request, self.registry), store)
        return store

    def publish(self, store: Store, name: str, by: str = "a tester") -> Path:
        """Publish all of a store in a folder of that name."""
        folder = self.folder / name
        bundles = {board: gather(store, board, by) for board in store.boards()}
        list(write_folder(Published(folder, bundles), folder))
        return folder

    def verify(self, folder: Path, **how: Any) -> Findings:
        """Verify a folder."""
        return verify(folder, self.registry, How(**how))


class Lines:
    """The lines of a board's records, to be changed by whoever wants to deceive."""

    def __init__(self, folder: Path, board: str = "toy.full") -> None:
        self.path = folder / "records" / f"{board}.jsonl"
        self.lines = [json.loads(line) for line in self.path.read_text().splitlines()]

    def of(self, kind: str) -> list[dict[str, Any]]:
        """Return the lines of ``id``, ``cell``, or the records of a kind of stage, or of a metric."""
        if kind in ("id", "cell"):
            return [line for line in self.lines if kind in line]
        shared = {line["id"]: line["shared"] for line in self.of("id")}
        facts = {name: each["facts"] for name, each in shared.items() if "facts" in each}
        of = {name: (each["stage"], each["code"]["plugin"].partition(":")[2]) for name, each in facts.items()}
        return [line for line in self.lines if "key" in line and kind in of[line["shared"]]]

    def write(self, text: Callable[[str], str] = str) -> None:
        """Write them back."""
        lines = (json.dumps(line, separators=(",", ":"), sort_keys=True) for line in self.lines)
        self.path.write_text(text("".join(f"{line}\n" for line in lines)))

    def rename(self, old: str, new: str) -> None:
        """Replace a text everywhere, and make the hashes of shared lines right again."""
        lines = json.loads(json.dumps(self.lines).replace(old, new))
        for line in [line for line in lines if "id" in line]:
            right = digest({"shared": line["shared"]})
            lines = json.loads(json.dumps(lines).replace(line["id"], right))
        self.lines = lines
