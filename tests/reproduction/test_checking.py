"""Published reproductions are checked against the boards beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from harness import Dataset
from harness.api import bench
from harness.publishing.bundle import Published, gather
from harness.publishing.findings import Findings
from harness.reproduction import checking
from harness.reproduction.checking import check_reproductions
from harness.reproduction.page import pages_of
from harness.reproduction.pool import Pool, gathered, write_pool
from harness.reproduction.runs import measure
from harness.store import Store

Case = tuple[Path, Published, Pool]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(checking, "DATASET", "toy")
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    data = Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)
    call = {"protocols": ["train", "train-test"], "store": tmp_path, "jobs": 0, "progress": False, "seeds": 2}
    result = bench(data, "identity", "kmeans", ["accuracy", "purity"], **call)
    pool = Pool(gathered(measure([result])), ("r4-akula",), {"Dataset": "toy"})
    store = Store(tmp_path)
    boards = {name: gather(store, name, "me") for name in store.boards()}
    store.close()
    folder = tmp_path / "published"
    folder.mkdir()
    write(folder, pool)
    return folder, Published(folder, boards), pool


def write(folder: Path, pool: Pool) -> None:
    for name, text in pages_of(pool).items():
        (folder / name).write_text(text)


def told(folder: Path, published: Published) -> Findings:
    findings = Findings()
    check_reproductions(folder, published, findings)
    return findings


def test_what_is_as_the_boards_have_it_is_checked(case: Case) -> None:
    folder, published, _ = case
    findings = told(folder, published)
    assert not findings.found
    assert findings.checked == {
        "pages of reproductions made again, byte for byte": 2,
        "reproduced cells as their boards have them": 4,
    }


@pytest.mark.parametrize("number", ["accuracy", "inertia"])
def test_a_number_that_is_not_the_boards_is_wrong(case: Case, number: str) -> None:
    folder, published, pool = case
    numbers = {**pool.cells[0].numbers, number: 0.99}
    write(folder, replace(pool, cells=(replace(pool.cells[0], numbers=numbers), *pool.cells[1:])))
    (wrong,) = told(folder, published).of("wrong")
    assert f"{number} is 0.99, its record has" in wrong.what
    assert "identity + kmeans, seeds [None, 0]" in wrong.where


def test_a_page_that_says_something_else_is_wrong(case: Case) -> None:
    folder, published, _ = case
    page = folder / "reproductions.md"
    page.write_text(page.read_text().replace("not reproduced", "reproduced", 1))
    assert [each.where for each in told(folder, published).of("wrong")] == ["reproductions.md"]
    page.unlink()
    assert [each.what for each in told(folder, published).of("wrong")] == ["is missing"]


def test_cells_of_no_board_are_unverified(case: Case) -> None:
    folder, published, pool = case
    write(folder, replace(pool, cells=(*pool.cells, replace(pool.cells[0], protocol="test codes"))))
    findings = told(folder, published)
    assert [each.what for each in findings.found] == ["1 cells of 'test codes' are on no board here"]
    assert findings.clean


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"cells": 3}', '{"cells": [], "extra": 1}', '{"cells": [], "reports": ["r9"]}', "\x1b[31m"],
)
def test_a_file_that_is_no_reproduction_is_wrong_in_one_line(case: Case, text: str) -> None:
    folder, published, pool = case
    (folder / "reproductions.json").write_text(text)
    findings = told(folder, published)
    assert findings.of("wrong")
    assert all("\n" not in each.what and "\x1b" not in each.what for each in findings.found)
    write(folder, pool)


def test_a_folder_without_them_is_left_alone(tmp_path: Path) -> None:
    findings = Findings()
    assert check_reproductions(tmp_path, Published(tmp_path, {}), findings) == set()
    (tmp_path / "reproductions.json").symlink_to("/etc/hostname")
    assert check_reproductions(tmp_path, Published(tmp_path, {}), findings) == set()
    assert not findings.found


def test_numbers_that_are_none_do_not_break_the_check(case: Case) -> None:
    folder, published, pool = case
    text = write_pool(pool).replace('"accuracy": ', '"accuracy": NaN, "x": ', 1)
    (folder / "reproductions.json").write_text(text)
    assert told(folder, published).of("wrong")
