"""Published reproductions are checked against the boards beside them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from harness import Dataset
from harness.api.bench import bench
from harness.publishing.bundle import Published, gather
from harness.publishing.findings import Findings
from harness.publishing.verify.options import How
from harness.publishing.verify.verify import verify
from harness.publishing.write import write_folder
from harness.registry.registry import load_registry
from harness.reproductions import check as checking
from harness.reproductions.check import check_reproductions
from harness.reproductions.measurements import Pool, gathered, write_pool
from harness.reproductions.page import pages_of
from harness.reproductions.reports import names
from harness.reproductions.runs import measured_by
from harness.store.store import Store

Case = tuple[Path, Published, Pool]


@pytest.fixture
def case(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Case:
    monkeypatch.setattr(checking, "DATASET", "toy")
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    data = Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)
    call = {"protocols": ["train", "train-test"], "store": tmp_path, "jobs": 0, "progress": False, "seeds": 2}
    result = bench(data, "identity", "kmeans", ["accuracy", "purity"], **call)
    pool = Pool(gathered(measured_by(result)), tuple(names()), {"Dataset": "toy"})
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


def wrong(folder: Path, published: Published) -> list[str]:
    return [f"{each.where}: {each.what}" for each in told(folder, published).of("wrong")]


def test_what_is_as_the_boards_have_it_is_checked(case: Case) -> None:
    folder, published, _ = case
    findings = told(folder, published)
    assert [each.what for each in findings.found] == ["versions and hardware are only claims"]
    assert findings.checked == {
        "regenerated pages of reproductions, byte for byte": 3,
        "reproduced cells as on their leaderboards": 4,
    }


@pytest.mark.parametrize("number", ["accuracy", "inertia"])
@pytest.mark.parametrize("forge", [lambda n: {**n, "x": 0.99}, lambda n: {}])
def test_numbers_that_are_not_the_boards_are_wrong(case: Case, number: str, forge: Any) -> None:
    folder, published, pool = case
    numbers = {number if name == "x" else name: each for name, each in forge(pool.cells[0].numbers).items()}
    write(folder, replace(pool, cells=(replace(pool.cells[0], numbers=numbers), *pool.cells[1:])))
    (line,) = wrong(folder, published)
    assert "identity + kmeans: seed 0: " in line
    assert line.endswith("differs from its record")


def test_how_a_cell_ended_is_checked(case: Case) -> None:
    folder, published, pool = case
    write(folder, replace(pool, cells=(replace(pool.cells[0], failed="crashed"), *pool.cells[1:])))
    assert "seed 0: its status differs from its record" in wrong(folder, published)[0]


def test_runs_that_are_left_out_or_invented_are_wrong(case: Case) -> None:
    folder, published, pool = case
    write(folder, replace(pool, cells=pool.cells[1:]))
    assert "it has 1 runs, its leaderboard 2; 1 are the same" in wrong(folder, published)[0]
    write(folder, replace(pool, cells=(*pool.cells, replace(pool.cells[0], seeds=(7, 7)))))
    assert "it has 3 runs, its leaderboard 2; 2 are the same" in wrong(folder, published)[0]


def test_a_page_that_says_something_else_is_wrong(case: Case) -> None:
    folder, published, _ = case
    page = folder / "reproductions.md"
    page.write_text(page.read_text().replace("not reproduced", "reproduced", 1))
    assert wrong(folder, published) == ["reproductions.md: differs from the measured numbers"]
    page.unlink()
    assert wrong(folder, published) == ["reproductions.md: is missing"]


def test_cells_of_no_board_are_unverified(case: Case) -> None:
    folder, published, pool = case
    write(folder, replace(pool, cells=(*pool.cells, replace(pool.cells[0], protocol="test codes"))))
    findings = told(folder, published)
    assert findings.found[-1].what.endswith("are on no leaderboard here")
    assert findings.clean


def test_a_quick_run_is_no_reproduction(case: Case) -> None:
    folder, published, pool = case
    (folder / "reproductions.json").write_text(write_pool(replace(pool, quick=True)))
    assert wrong(folder, published) == ["reproductions.json: it does not cover all reports, run completely"]


@pytest.mark.parametrize("twice", ["cells", "reports"])
def test_nothing_is_there_twice(case: Case, twice: str) -> None:
    folder, published, pool = case
    several = getattr(pool, twice)
    (folder / "reproductions.json").write_text(write_pool(replace(pool, **{twice: (*several, several[0])})))
    assert "duplicate entries" in wrong(folder, published)[0]


@pytest.mark.parametrize(
    ("name", "value"),
    [("accuracy", 1e308), ("inertia", 0.0), ("\x1b[2J\x1b[31mPWNED\r\nok 9,999", 0.5), ("x" * 300, 0.5)],
)
def test_numbers_that_are_forged_break_nothing(case: Case, name: str, value: float) -> None:
    folder, published, pool = case
    cells = tuple(replace(each, numbers={**each.numbers}) for each in pool.cells)
    text = write_pool(replace(pool, cells=cells))
    key = json.dumps(name)
    (folder / "reproductions.json").write_text(
        text.replace('"numbers": {', f'"numbers": {{{key}: {value}, "z": 1.0, ', 4)
    )
    lines = wrong(folder, published)
    assert lines
    assert not any("\x1b" in each or "\n" in each or len(each) > 500 for each in lines)


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


def test_verification_checks_them_and_survives_a_check_that_fails(case: Case) -> None:
    folder, published, _ = case
    list(write_folder(published, folder))

    def broken(*_: object) -> set[Path]:
        raise ZeroDivisionError("nothing to divide")

    findings = verify(folder, load_registry(), How(more=(check_reproductions, broken)))
    assert findings.checked["reproduced cells as on their leaderboards"] == 4
    assert [each.what for each in findings.of("wrong")] == [
        "the check failed: 'ZeroDivisionError: nothing to divide'"
    ]
    assert not any("is not a file of" in each.what for each in findings.found)
