"""The example notebook runs from top to bottom, shows no errors, and is kept with its outputs."""

from __future__ import annotations

import base64
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
NOTEBOOK = ROOT / "examples" / "notebook" / "first_method.ipynb"
MOST = 200_000  # bytes of its figures

nbformat: Any = pytest.importorskip("nbformat")
nbclient: Any = pytest.importorskip("nbclient")
pytest.importorskip("ipykernel")


def kinds(book: Any) -> list[list[str]]:
    """What each cell shows."""
    outputs = (list(cell.get("outputs", ())) for cell in book.cells)
    return [[max(each.data) if "data" in each else each.output_type for each in some] for some in outputs]


def figures(book: Any) -> list[bytes]:
    return [
        base64.b64decode(each.data["image/png"])
        for cell in book.cells
        for each in cell.get("outputs", ())
        if "image/png" in each.get("data", {})
    ]


@pytest.fixture(scope="module")
def kept() -> Any:
    return nbformat.read(NOTEBOOK, 4)


def test_it_is_short_and_kept_with_its_outputs(kept: Any) -> None:
    assert len(kept.cells) < 10
    assert [cell.execution_count for cell in kept.cells if cell.cell_type == "code"] == [*range(1, 8)]
    assert len(figures(kept)) == 2
    assert sum(map(len, figures(kept))) < MOST
    assert not re.search(r"/(tmp|home|root|work|Users)/", NOTEBOOK.read_text())


def test_it_runs(kept: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HARNESS_STORE", raising=False)
    book = nbformat.read(NOTEBOOK, 4)
    for cell in book.cells:
        cell.source = cell.source.replace("seeds=5", "seeds=3")
    resources = {"metadata": {"path": str(tmp_path)}}
    nbclient.NotebookClient(book, timeout=300, kernel_name="python3", resources=resources).execute()
    assert kinds(book) == kinds(kept)
    assert not [each for some in kinds(book) for each in some if each in ("stream", "error")], (
        "nothing is pink"
    )
    assert "GraphMeans" in book.cells[2].outputs[-1].data["text/html"]
    assert "done" in book.cells[2].outputs[0].data["text/plain"]
