"""What plugins tell of their cost: how wide an embedding will be decides what comes after it."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest
from short_fits import quick
from sklearn.datasets import load_digits

from harness import Cost, Dataset
from harness.core.plugin import Plugin
from harness.core.spec import parse
from harness.planning.expected_costs import Costs, checked
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry.configure import Configured, build, configure
from harness.registry.frameworks import frameworks
from harness.registry.loading import unavailable_reason
from harness.registry.registry import load_registry

REGISTRY = load_registry()
SETTINGS = {"device": "cpu", "image_shape": (8, 8, 1), "n_clusters": 10}
IMAGES = load_digits().data[:150].astype(np.float32)
LONG = ("umap", "tsne")  # to compile, or to fit; their `n_components` is a number
ENCODERS = [  # frameworks are not to be loaded here
    each
    for each in REGISTRY.plugins.values()
    if each.kind == "encoder" and each.name not in ("concat", *LONG)
    if not frameworks(each) and not unavailable_reason(each)
]


def configured(text: str) -> Configured:
    return configure(REGISTRY.find("encoder", parse(text).name), parse(text), SETTINGS)


@pytest.mark.parametrize("plugin", ENCODERS, ids=lambda each: each.name)
def test_the_width_of_an_embedding_is_told_as_it_is(plugin: Plugin) -> None:
    step = configure(plugin, quick(plugin), SETTINGS)
    encoder = build(plugin, step.for_seed(0))
    warnings.simplefilter("ignore")  # of constant pixels, and short training
    inductive = hasattr(encoder, "transform")
    found = encoder.fit(IMAGES).transform(IMAGES) if inductive else encoder.fit_transform(IMAGES)
    assert Costs(REGISTRY).width(step, *IMAGES.shape, 10) == found.shape[1]


@pytest.mark.parametrize(
    ("text", "width"),
    [
        ("pca(n_components=7)", 7),
        ("umap", 10),
        ("tsne", 2),
        ("conv-ae-torch(latent=None, filters=(4, 8))", 2 * 2 * 8),
        ("dense-ae-torch", 10),
        ("dense-ae-keras(code_layer=0, layers=(32, 8))", 32),
        ("vae(latent=3)", 3),
        ("stacked-ae", 10),
        ("dec(latent=5)", 5),
        ("simclr", 192),
        ("vicreg(widths=(4, 4, 4, 8))", 8),
    ],
)
def test_widths_by_their_parameters(text: str, width: int) -> None:
    assert Costs(REGISTRY).width(configured(text), 1000, 64, 10) == width


def test_the_width_of_a_chain_and_of_encoders_side_by_side() -> None:
    costs, step = Costs(REGISTRY), configured("pca")
    assert (
        costs.width_of_chain([configured("pca(n_components=9)"), configured("standardize")], 1000, 64, 10)
        == 9
    )
    plan = make_plan(
        Dataset("images", IMAGES, np.arange(150) % 10, image_shape=(8, 8, 1)),
        "full",
        Request(["concat(pca(n_components=5), simclr(widths=(4, 4, 4, 8)))"], ["gmm"], ["ari"]),
        REGISTRY,
    )
    (gmm,) = {stage.cost for stage in plan.stages.values() if stage.plugin.name == "gmm"}
    assert gmm == Costs(REGISTRY).of(configure(*_gmm()), 150, 5 + 8, 10)
    assert costs.width(step, 20, 64, 10) == 20, "no more components than samples"


def _gmm() -> tuple[Plugin, Any, dict[str, Any]]:
    return REGISTRY.find("clusterer", "gmm"), parse("gmm"), SETTINGS


def test_whether_a_metric_is_estimated_depends_on_the_width_of_the_codes() -> None:
    rng = np.random.default_rng(0)
    many = Dataset("many", rng.random((3000, 400), dtype=np.float32), rng.integers(3, size=3000))
    pair = REGISTRY.hooks.hook.costs()[0]["silhouette"](3000, 400, 3, {}).operations / 2**36
    request = Request(["identity", "dense-ae-torch"], ["kmeans"], ["silhouette"], metric_budget=0.9 * pair)
    found = {cell.encoder: [*cell.scores] for cell in make_plan(many, "full", request, REGISTRY).cells}
    assert found == {"identity": ["silhouette-estimate(sample=1000)"], "dense-ae-torch": ["silhouette"]}


@pytest.mark.parametrize(
    "text",
    ["dense-ae-torch", "conv-ae-keras", "simclr", "stacked-ae", "dec", "vade", "umap", "tsne", "view-lda"],
)
def test_longer_training_and_more_samples_cost_more(text: str) -> None:
    costs, step = Costs(REGISTRY), configured(text)
    few, many = costs.of(step, 10_000, 64, 10), costs.of(step, 70_000, 64, 10)
    assert few is not None
    assert many is not None
    assert few.operations < many.operations
    name = next((name for name in ("epochs", "max_iter", "n_iter") if name in step.params), None)
    if name:
        longer = costs.of(configured(f"{text}({name}=50000)"), 70_000, 64, 10)
        assert longer is not None
        assert longer.operations > 2 * many.operations


def test_more_neighbours_cost_more() -> None:
    few, many = (
        Costs(REGISTRY).of(configured(f"tsne(perplexity={each})"), 70_000, 64, 10) for each in (30.0, 60.0)
    )
    assert few is not None
    assert many is not None
    assert many.operations > 1.5 * few.operations


def test_on_an_accelerator_no_cost_is_known_but_the_width_is() -> None:
    step = configure(REGISTRY.find("encoder", "dense-ae-torch"), parse("dense-ae-torch"), {"device": "cuda"})
    assert Costs(REGISTRY).of(step, 1000, 64, 10) is None
    assert Costs(REGISTRY).width(step, 1000, 64, 10) == 10


@pytest.mark.parametrize("wrong", [Cost(-1), Cost(float("inf")), Cost(1, features=-2), (1, 2)])
def test_a_wrong_cost_is_refused(wrong: Any) -> None:
    with pytest.raises((TypeError, ValueError), match="must"):
        checked(wrong)


def test_birch_merges_no_more_subclusters_than_it_accepts() -> None:
    seconds = [
        REGISTRY.hooks.hook.costs()[0]["birch"](n, 50, 10, {}).operations / 2**36 for n in (10**5, 10**6)
    ]
    assert seconds[0] < seconds[1] < 10 * seconds[0]
