"""Whether a plugin without a seed repeats is seen from what it gives, whichever generator it draws from."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from harness.core.plugin import Plugin
from harness.registry.global_generators import seeded
from harness.registry.loading import plugin_at
from harness.registry.repeated_fits import Trial, fit_again

MODULE = '''
import random

import numpy as np

from harness import NotApplicable


class Drawn:
    """Assigns at random to two clusters."""

    def fit(self, X):
        self.labels_ = np.asarray(self.draw(len(X)))


class OfNumpy(Drawn):
    def draw(self, n):
        return np.random.randint(2, size=n)


class OfPython(Drawn):
    def draw(self, n):
        return [random.randrange(2) for _ in range(n)]


class OfItsOwn(Drawn):
    def draw(self, n):
        return np.random.default_rng().integers(2, size=n)


class Constant(Drawn):
    def draw(self, n):
        np.random.seed(0)
        return np.random.randint(2, size=n)


class Coin(Drawn):
    """Gives one of two labellings: two fits agree half of the time."""

    def draw(self, n):
        return np.full(n, np.random.randint(2))


class Fails:
    def fit(self, X):
        raise ValueError("not today")


class Never:
    def fit(self, X):
        raise NotApplicable("needs images")


class Rounded:
    def fit_transform(self, X):
        return X + 1e-9 * np.random.random(X.shape)


class Turned:
    def fit_transform(self, X):
        return X * np.random.choice([-1, 1])


class Chooses:
    def candidates(self, n_samples):
        return {}

    def choose(self, X, fits):
        return None
'''
X = np.random.default_rng(0).normal(size=(60, 3))


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("repeats") / "drawing.py"
    path.write_text(MODULE)
    return path


def tried(file: Path, name: str, kind: str = "clusterer") -> Trial:
    plugin: Plugin = plugin_at(kind, name, f"{file}:{name}")  # type: ignore[arg-type]
    return fit_again(plugin, {}, X)


@pytest.mark.parametrize(
    ("name", "repeats"),
    [
        *((name, False) for name in ("OfNumpy", "OfPython", "OfItsOwn", "Coin", "Fails")),
        *((name, True) for name in ("Constant", "Never", "Chooses")),
    ],
)
def test_clusterers(name: str, repeats: bool, file: Path) -> None:
    found = tried(file, name)
    assert found.repeats == repeats
    assert bool(found.why) != repeats


@pytest.mark.parametrize(("name", "repeats"), [("Rounded", True), ("Turned", False)])
def test_embeddings_are_equal_but_for_rounding(name: str, repeats: bool, file: Path) -> None:
    assert tried(file, name, "encoder").repeats == repeats


def test_the_generators_are_put_back(file: Path) -> None:
    was = random.getstate(), np.random.get_state()[1].tolist()  # type: ignore[index, union-attr]  # noqa: NPY002
    tried(file, "OfNumpy")
    with seeded(3):
        random.random()
    assert was == (random.getstate(), np.random.get_state()[1].tolist())  # type: ignore[index, union-attr]  # noqa: NPY002
