"""Every kind on a real bench: what a picture says is what the store has, and names are text."""

from __future__ import annotations

import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator
from pathlib import Path
from subprocess import run
from typing import Any

import numpy as np
import pytest
from cell_cases import AE, EVIL, benched, cell, changed
from markupsafe import Markup

from harness import NotApplicable
from harness.core.errors import HarnessError
from harness.report.cell_data import StoredCell, stored_cells
from harness.report.figures import KINDS, draw
from harness.report.figures.palette import OKABE_ITO, PETROFF, looks
from harness.report.figures.picture import Picture
from harness.report.figures.save import write
from harness.report.figures.svg import inline, panels
from harness.store.store import Store

DRAWN = sorted(set(KINDS) - {"map-tsne", "map-umap", "curves"})  # that the cell of `encoded` has
APART = {"curves": "kmeans-silhouette(k_max=6)"}


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    opened = benched(tmp_path_factory.mktemp("figures"))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def encoded(store: Store) -> StoredCell:
    return cell(store, f"{AE} + kmeans")


def texts(picture: Picture) -> list[str]:
    """What is written in a picture."""
    root = ElementTree.fromstring(str(inline(picture)))
    return ["".join(each.itertext()) for each in root.iter() if each.tag.endswith("text")]


@pytest.mark.parametrize("kind", DRAWN)
def test_each_kind_is_an_element_of_a_page(encoded: StoredCell, kind: str) -> None:
    picture = draw(kind, encoded)
    assert picture.key == f"{kind}-{encoded.id}"
    assert all((picture.title, picture.alt, picture.caption, encoded.name in picture.subject))
    element = inline(picture)
    root = ElementTree.fromstring(str(element))
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt
    assert root.get("width") == "100%"
    assert root.get("viewBox", "").startswith("0 0 576 ")
    assert texts(picture)
    assert "<style" not in element, "a rule within a page is a rule for all of it"
    assert "var(--text" in element
    assert element == inline(picture) == inline(draw(kind, encoded))


def test_no_id_is_shared(store: Store, encoded: StoredCell) -> None:
    other = cell(store, "identity + kmeans")
    drawn = [draw(kind, each) for each in (encoded, other) for kind in ("cost", "seeds", "map-pca")]
    pages = [Markup("").join([inline(each), *panels(each)]) for each in drawn]
    ids = [name for page in pages for name in re.findall(r' id="([^"]+)"', page)]
    used = [name for page in pages for name in re.findall(r'(?:url\(#|href="#)([^)"]+)', page)]
    assert ids
    assert len(set(ids)) == len(ids)
    assert set(used) == set(ids)


def test_panels_are_parts_of_the_figure_on_the_same_page(encoded: StoredCell) -> None:
    picture = draw("map-pca", encoded)
    whole, parts = inline(picture), panels(picture)
    assert f'<g id="{picture.key}-all">' in whole
    assert all(f'href="#{picture.key}-all"' in part for part in parts)
    boxes = [re.findall(r'viewBox="(.*?)"', part)[0].split() for part in parts]
    assert [float(box[0]) for box in boxes] == [0, float(boxes[0][2])], "side by side"
    assert sum(float(box[2]) for box in boxes) == 576
    assert panels(draw("cost", encoded)) == []


def test_numbers_are_the_scores(store: Store) -> None:
    board = [each for each in stored_cells(store, "some-digits.full") if each.status[0] == "ok"]
    for each in board:
        assert f"accuracy {each.scores['accuracy']:.4f}." in draw("confusion", each).alt
        if "silhouette" in each.scores:
            assert f"mean {each.scores['silhouette']:.4f};" in draw("silhouette", each).alt
    runs = [each.scores["nmi"] for each in board if each.name == "identity + kmeans"]
    told = f"nmi {np.mean(runs):.4f} ± {np.std(runs, ddof=1):.4f}"
    assert told in draw("seeds", cell(store, "identity + kmeans")).alt


def test_confusion_says_what_is_left_over(store: Store) -> None:
    more, one = (cell(store, f"identity + kmeans(n_clusters={n})") for n in (14, 1))
    assert "leaves 4 of 14 clusters without a class" in draw("confusion", more).caption
    assert "leaves without a cluster: nul, to_2, $3$, vier" in draw("confusion", one).caption
    noisy = cell(store, "identity + dbscan(eps=1.0)")
    noise = int((noisy.labels == -1).sum())
    assert noise
    assert f"{noise} rows are noise" in draw("confusion", noisy).alt
    assert "noise" in texts(draw("confusion", noisy))


def largest(cell: StoredCell) -> str:
    """The largest number of a confusion matrix."""
    assert cell.truth is not None
    assert cell.labels is not None
    pairs = np.unique(np.column_stack([cell.truth, cell.labels]), axis=0, return_counts=True)
    return str(pairs[1].max())


def test_counts_are_written_where_they_can_be_read(store: Store, encoded: StoredCell) -> None:
    assert texts(draw("confusion", encoded)).count(largest(encoded)) >= 2, "before and after matching"
    many = cell(store, "identity + kmeans(n_clusters=14)")
    assert int(largest(many)) > 14, "or it might be the number of a cluster"
    assert largest(many) not in texts(draw("confusion", many))


def test_names_are_text(encoded: StoredCell) -> None:
    for kind in ("confusion", "classes", "examples", "map-pca"):
        picture = draw(
            kind, changed(encoded, {"class_names": (EVIL, "to_2", "$3$", "\\frac", 'url(#x) id="y"')})
        )
        written = " ".join(texts(picture))
        assert "$3$" in written
        assert "to_2" in written
        assert "<script" in written
        assert "<script" not in inline(picture)


def test_inks_within_names_are_left_alone(encoded: StoredCell) -> None:
    picture = draw("classes", changed(encoded, {"class_names": ("#1c2025", 'href="#x"')}))
    assert {"#1c2025", 'href="#x"'} <= set(texts(picture))


WITHOUT = {
    "classes to compare with": ("bare.full", "identity + kmeans", ("confusion", "classes")),
    "are not images": ("bare.full", "identity + kmeans", ("examples", "reconstructions")),
    "identity has no": ("bare.full", "identity + kmeans", ("losses", "layers")),
    "chose no K": ("bare.full", "identity + kmeans", ("curves",)),
    "no luck today": (
        "some-digits.full",
        "identity + unlucky",
        ("confusion", "silhouette", "seeds"),
    ),
    "identity reconstructs no samples": ("some-digits.full", "identity + kmeans", ("reconstructions",)),
    "the reconstructions are of an earlier step": (
        "some-digits.full",
        f"pca(n_components=20)+{AE} + kmeans",
        ("reconstructions",),
    ),
    "one cluster": ("some-digits.full", "identity + kmeans(n_clusters=1)", ("silhouette",)),
    "only one run": ("some-digits.full", "identity + dbscan(eps=1.0)", ("seeds",)),
}


@pytest.mark.parametrize("reason", WITHOUT)
def test_what_a_cell_has_not(store: Store, reason: str) -> None:
    board, name, kinds = WITHOUT[reason]
    for kind in kinds:
        with pytest.raises(NotApplicable, match=re.escape(reason)):
            draw(kind, cell(store, name, board))


def test_what_the_store_has_no_more(encoded: StoredCell) -> None:
    for kind, gone in {"examples": "samples", "reconstructions": "samples", "classes": "truth"}.items():
        with pytest.raises(NotApplicable, match="no longer in the store"):
            draw(kind, changed(encoded, {gone: None}))


def test_bare_data_have_pictures_too(store: Store) -> None:
    bare = cell(store, "identity + kmeans", "bare.full")
    assert "in 3 clusters." in draw("map-pca", bare).alt
    assert texts(draw("map-pca", bare)).count("By class") == 0
    assert "in 3 clusters" in draw("silhouette", bare).alt


def test_a_map_without_clusters_shows_the_classes_alone(store: Store, encoded: StoredCell) -> None:
    picture = draw("map-pca", changed(encoded, labels=None))
    assert texts(picture).count("By cluster") == 0
    assert texts(picture).count("By class") == 1
    assert "by their 10 classes." in picture.alt
    assert "cluster" not in picture.alt + picture.caption.lower()
    bare = cell(store, "identity + kmeans", "bare.full")
    with pytest.raises(NotApplicable, match="no clusters: "):
        draw("map-pca", changed(bare, labels=None))


def test_curves_of_all_seeds(store: Store) -> None:
    chooser = cell(store, "identity + kmeans-silhouette(k_max=6)")
    picture = draw("curves", chooser)
    assert chooser.cluster is not None
    chosen = chooser.cluster.values["selection"]["chosen"]
    assert f"this run chose K = {chosen}; of 2 runs" in picture.alt
    assert ("edge of the range" in picture.caption) == bool(chooser.cluster.values["selection"]["edge"])
    assert f"chosen: {chosen}" in texts(picture)
    none = cell(store, "identity + kmeans-elbow(k_max=6)")
    assert none.status[0] == "not-applicable"
    assert "this run chose no K" in draw("curves", none).alt


def test_losses_of_a_chain(store: Store, encoded: StoredCell) -> None:
    assert encoded.encode is not None
    history = encoded.encode.values["history"]
    alt = draw("losses", encoded).alt
    assert "2 epochs" in alt
    assert f"{history['loss'][-1]:.4g} in the last" in alt
    chained = draw("losses", cell(store, f"pca(n_components=20)+{AE} + kmeans"))
    assert "2 epochs" in chained.alt


def test_layers_and_reconstructions(encoded: StoredCell) -> None:
    assert encoded.encode is not None
    layers = draw("layers", encoded)
    assert "a code of 4 numbers" in layers.alt
    assert f"{encoded.encode.values['n_parameters']:,} parameters" in layers.alt
    assert encoded.originals is not None
    assert encoded.reconstructed is not None
    error = np.square(encoded.originals - encoded.reconstructed)[:16].mean()
    assert f"{error:.4f} on average" in draw("reconstructions", encoded).alt
    assert draw("reconstructions", encoded).alt.startswith("16 images")


def test_colour_images(encoded: StoredCell) -> None:
    rgb = {"image_shape": (2, 8, 4)}
    assert draw("reconstructions", changed(encoded, rgb)).alt.startswith("16 images")
    with pytest.raises(NotApplicable, match="5 channels"):
        draw("examples", changed(encoded, {"image_shape": (1, 12, 5)}))


def test_many_clusters(encoded: StoredCell) -> None:
    many = changed(encoded, labels=np.arange(240) % 70)
    assert "64" not in texts(draw("confusion", many))
    assert "30 more" in texts(draw("confusion", many))
    assert "Only the largest 30 of 70" in draw("silhouette", many).caption
    assert "the 20 largest of 70" in draw("examples", many).alt
    assert "in 70 clusters" in draw("map-pca", many).alt


def test_all_noise(encoded: StoredCell) -> None:
    noise = changed(encoded, labels=np.full(240, -1))
    assert "0 clusters, 240 rows are noise" in draw("confusion", noise).alt
    assert "0 clusters and 240 rows of noise" in draw("map-pca", noise).alt
    with pytest.raises(NotApplicable, match="every row is noise"):
        draw("examples", noise)


def test_files_stand_by_themselves(encoded: StoredCell, tmp_path: Path) -> None:
    picture = draw("cost", encoded)
    for name in ("cost.png", "cost.SVG"):
        write(picture, tmp_path / name)
        content = (tmp_path / name).read_bytes()
        write(draw("cost", encoded), tmp_path / f"again-{name}")
        assert content == (tmp_path / f"again-{name}").read_bytes()
    root = ElementTree.parse(tmp_path / "cost.SVG").getroot()
    written = " ".join("".join(each.itertext()) for each in root.iter() if each.tag.endswith("}text"))
    assert picture.title in written
    assert encoded.name in written
    assert picture.caption.split()[-1] in written
    assert str(inline(picture)) == str(inline(draw("cost", encoded))), "what a file adds is taken away"


@pytest.mark.parametrize("name", ["cost.pdf", "cost", "nowhere/cost.png", "."])
def test_no_such_file(encoded: StoredCell, name: str, tmp_path: Path) -> None:
    with pytest.raises(HarnessError) as error:
        write(draw("cost", encoded), tmp_path / name)
    assert len(str(error.value).splitlines()) == 1


def test_settings_of_a_user_change_nothing(encoded: StoredCell) -> None:
    import matplotlib

    before = inline(draw("losses", encoded))
    with matplotlib.rc_context({"font.size": 30, "axes.grid": True, "svg.fonttype": "path"}):
        assert inline(draw("losses", encoded)) == before
        assert matplotlib.rcParams["font.size"] == 30


def test_groups_never_look_alike() -> None:
    for n in range(1, 21):
        assert len(set(looks(n))) == n
        assert len({each.colour for each in looks(n)}) == min(n, 10)
    assert {each.colour for each in looks(8)} == set(OKABE_ITO)
    assert {each.colour for each in looks(9)} < set(PETROFF)


def test_kinds_are_known_without_matplotlib() -> None:
    code = (
        "import sys, harness.report.figures; sys.exit('matplotlib' in sys.modules or 'numpy' in sys.modules)"
    )
    assert run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_kind_is_drawn_here(encoded: StoredCell) -> None:
    reasons: dict[str, Any] = {}
    for kind in set(KINDS) - set(DRAWN) - {"map-tsne", "map-umap"}:
        with pytest.raises(NotApplicable) as error:
            draw(kind, encoded)
        reasons[kind] = str(error.value)
    assert "curves" in reasons
