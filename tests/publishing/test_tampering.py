"""Whatever is changed in a published folder is found and named, and none of it is run."""

from __future__ import annotations

import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from press import Lines, Press

from harness.core.errors import HarnessError
from harness.publishing.npz import write_npz

Tamper = Callable[[Path], None]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> tuple[Press, Path]:
    press = Press(tmp_path_factory.mktemp("original"))
    return press, press.publish(press.store("store"), "board")


def test_what_was_published_is_clean(original: tuple[Press, Path]) -> None:
    press, folder = original
    findings = press.verify(folder)
    assert findings.clean, findings.found
    assert findings.checked["scores recomputed from their labels"] > 40
    assert findings.checked["regenerated pages, byte for byte"] == 5
    assert {each.what for each in findings.of("unverified")} == {
        "silhouette: the embedding by pca(n_components=2) is not here"
    }


def members(folder: Path) -> tuple[Path, dict[str, bytes]]:
    path = folder / "labels" / "toy.full.npz"
    with zipfile.ZipFile(path) as file:
        return path, {name.removesuffix(".npy"): file.read(name) for name in file.namelist()}


def a_score(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("accuracy")[0]["values"]["score"] += 0.01
    lines.write()


def a_label(folder: Path) -> None:
    path, found = members(folder)
    name = next(name for name in sorted(found) if name != "truth")
    found[name] = found[name][:-8] + b"\x01" + found[name][-7:]
    write_npz(path, found)


def a_label_and_its_digest(folder: Path) -> None:
    from harness.publishing.bundle import digest_of

    path, found = members(folder)
    name = next(name for name in sorted(found) if name != "truth")
    content = found.pop(name)
    head, body = content[:-480], np.frombuffer(content[-480:], dtype="<i8")
    changed = head + np.roll(body, 7).tobytes()
    found[digest_of(changed)] = changed
    write_npz(path, found)
    lines = Lines(folder)
    lines.rename(name, digest_of(changed))
    lines.write()


def a_class(folder: Path) -> None:
    path, found = members(folder)
    found["truth"] = found["truth"][:-8] + b"\x02" + found["truth"][-7:]
    write_npz(path, found)


def swapped_rows(folder: Path) -> None:
    lines = Lines(folder)
    one, other = (
        next(line["cell"] for line in lines.of("cell") if line["cell"]["clusterer"] == name)
        for name in ("kmeans", "gmm")
    )
    one["clusterer"], other["clusterer"] = other["clusterer"], one["clusterer"]
    one["specs"], other["specs"] = other["specs"], one["specs"]
    lines.write()


def a_seed(folder: Path) -> None:
    lines = Lines(folder)
    cells = (line["cell"] for line in lines.of("cell"))
    next(cell for cell in cells if cell["seeds"] == [None, 0])["seeds"] = [None, 17]
    lines.write()


def a_parameter(folder: Path) -> None:
    lines = Lines(folder)
    fit = next(line for line in lines.of("cluster") if "n_init" in json.dumps(line["facts"]["params"]))
    fit["facts"]["params"]["mapping"][0][1] = 99
    lines.write()


def a_table(folder: Path) -> None:
    page = folder / "toy.full.md"
    page.write_text(page.read_text().replace("accuracy ↑", "accuracy  ↑", 1))


def a_csv(folder: Path) -> None:
    page = folder / "toy.full.csv"
    page.write_text(page.read_text().replace("0.", "0.9", 1))


def the_index(folder: Path) -> None:
    page = folder / "README.md"
    page.write_text(page.read_text() + "\nBuy now.\n")


def a_missing_page(folder: Path) -> None:
    (folder / "toy.full.md").unlink()


def the_dataset(folder: Path) -> None:
    lines = Lines(folder)
    lines.rename(lines.of("id")[0]["shared"].get("digest") or _digest(lines), "0" * 64)
    lines.write()


def _digest(lines: Lines) -> str:
    return str(next(line["shared"]["digest"] for line in lines.of("id") if "digest" in line["shared"]))


def a_duplicate_key(folder: Path) -> None:
    lines = Lines(folder)
    again = json.loads(json.dumps(lines.of("accuracy")[0]))
    again["values"]["score"] = 1.0
    lines.lines.append(again)
    lines.write()


def a_duplicate_name(folder: Path) -> None:
    Lines(folder).write(lambda text: text.replace('"seconds":', '"status":"ok","seconds":0.5,"seconds":', 1))


def nan(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("accuracy")[0]["values"]["score"] = float("nan")
    lines.write()


def nan_by_its_name(folder: Path) -> None:
    lines = Lines(folder)
    line = lines.of("accuracy")[0]
    line["values"]["score"] = {"float": "nan"}
    lines.write()


def a_huge_number(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("score")[0]["seconds"] = 10**300
    lines.write()


def endless_digits(folder: Path) -> None:
    Lines(folder).write(lambda text: text.replace('"memory":', f'"memory":{"9" * 10_000}', 1))


def a_score_of_text(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("accuracy")[0]["values"]["score"] = "0.99"
    lines.write()


def a_script_in_a_name(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("cell")[0]["cell"]["encoder"] = "<script>alert(1)</script>"
    lines.write()


def a_link_in_a_name(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("cell")[0]["cell"]["clusterer"] = "[kmeans](javascript:alert)"
    lines.write()


def a_hidden_character(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("cell")[0]["cell"]["clusterer"] = "kmeans\u202e"
    lines.write()


def a_symlink(folder: Path) -> None:
    (folder / "records" / "toy.full.jsonl").unlink()
    (folder / "records" / "toy.full.jsonl").symlink_to("/etc/passwd")


def a_linked_folder(folder: Path) -> None:
    shutil.move(folder / "labels", folder.parent / "elsewhere")
    (folder / "labels").symlink_to(folder.parent / "elsewhere")


def a_path_upwards(folder: Path) -> None:
    path, found = members(folder)
    with zipfile.ZipFile(path, "w") as file:
        for name, content in found.items():
            file.writestr(f"{name}.npy", content)
        file.writestr("../../evil.npy", b"evil")


def a_board_named_upwards(folder: Path) -> None:
    lines = Lines(folder)
    lines.rename('"toy"', '"../toy"')
    lines.write()


def a_truncated_npz(folder: Path) -> None:
    path, _ = members(folder)
    path.write_bytes(path.read_bytes()[:-40])


def a_damaged_npz(folder: Path) -> None:
    path, _ = members(folder)
    content = bytearray(path.read_bytes())
    content[120:140] = b"x" * 20
    path.write_bytes(content)


def a_pickle(folder: Path) -> None:
    class Evil:
        def __reduce__(self) -> tuple[Callable[[str], object], tuple[str]]:
            return (Path.touch, (folder / "pwned",))  # type: ignore[return-value]

    path, found = members(folder)
    buffer = io.BytesIO()
    np.save(buffer, np.array([Evil()], dtype=object), allow_pickle=True)
    from harness.publishing.bundle import digest_of

    name = next(name for name in sorted(found) if name != "truth")
    del found[name]
    found[digest_of(buffer.getvalue())] = buffer.getvalue()
    write_npz(path, found)
    lines = Lines(folder)
    lines.rename(name, digest_of(buffer.getvalue()))
    lines.write()


def a_bomb(folder: Path) -> None:
    path, found = members(folder)
    name = next(name for name in sorted(found) if name != "truth")
    found[name] = b"\0" * 2**28
    write_npz(path, found)


def deep_json(folder: Path) -> None:
    Lines(folder).write(lambda text: text + '{"key":' + "[" * 100_000 + "]" * 100_000 + "}\n")


def a_long_line(folder: Path) -> None:
    Lines(folder).write(lambda text: text + '{"key":"' + "a" * 2**21 + '"}\n')


def no_json(folder: Path) -> None:
    Lines(folder).write(lambda text: text + "import os\n")


def an_unknown_field(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("cluster")[0]["verified"] = True
    lines.write()


def a_missing_record(folder: Path) -> None:
    lines = Lines(folder)
    lines.lines.remove(lines.of("cluster")[0])
    lines.write()


def a_missing_score(folder: Path) -> None:
    lines = Lines(folder)
    lines.lines.remove(lines.of("score")[0])
    lines.write()


def missing_labels(folder: Path) -> None:
    path, found = members(folder)
    write_npz(path, {"truth": found["truth"]})


def a_record_of_nobody(folder: Path) -> None:
    lines = Lines(folder)
    cell = lines.of("cell")[0]
    lines.lines.remove(cell)
    lines.write()


def a_failure_made_good(folder: Path) -> None:
    lines = Lines(folder)
    line = lines.of("accuracy")[0]
    line["status"], line["error"] = "failed", "it was worse"
    del line["values"]
    lines.write()


def the_number_of_clusters(folder: Path) -> None:
    lines = Lines(folder)
    lines.of("cluster")[0]["values"]["n_clusters"] = 4
    lines.write()


EXPECTED: dict[Tamper, str] = {
    a_score: "is reported as 0.",
    a_label: "was changed: its SHA-256 is",
    a_label_and_its_digest: "its labels give",
    a_class: "truth.npy: its digest is",
    swapped_rows: "it is named 'gmm', but clusterer kmeans ran",
    a_seed: "has seed '0', but the row has 17",
    a_parameter: "its facts give another key",
    a_table: "differs from the records: line",
    a_csv: "differs from the records: line 2",
    the_index: "differs from the records",
    a_missing_page: "is missing",
    the_dataset: "digest of toy is reported as '000000",
    a_duplicate_key: "repeats the key of an earlier line",
    a_duplicate_name: "it has a duplicate name",
    nan: "NaN is not a number",
    nan_by_its_name: "is reported as nan",
    a_huge_number: "seconds': input should be less than or equal to 1000000000",
    endless_digits: "is not a valid line: 'Exceeds the limit",
    a_score_of_text: "score must be a number",
    a_script_in_a_name: "must not contain <, >, backticks, links or control characters",
    a_link_in_a_name: "must not contain <, >, backticks, links or control characters",
    a_hidden_character: "must not contain <, >, backticks, links or control characters",
    a_symlink: "is a link, which is not followed",
    a_linked_folder: "is a link, which is not followed",
    a_path_upwards: "a file in it is named '../../evil.npy'",
    a_board_named_upwards: "is a cell of leaderboard '../toy.full' in the file of 'toy.full'",
    a_truncated_npz: "is not a complete .npz file",
    a_damaged_npz: "cannot unpack",
    a_pickle: "holds 'object', not int64",
    a_bomb: "is longer than 4,576 bytes",
    deep_json: "is not a valid line",
    a_long_line: "is over 1,048,576 bytes; the rest is not read",
    no_json: "is not a valid line: 'Expecting value",
    an_unknown_field: "verified': extra inputs are not permitted",
    a_missing_record: "one of its stages is missing",
    a_missing_score: "is missing",
    missing_labels: "are missing",
    a_record_of_nobody: "belongs to no cell",
    a_failure_made_good: "is reported as 'failed'",
    the_number_of_clusters: "'4' clusters are reported, but its labels have 3",
}


@pytest.mark.parametrize("tamper", EXPECTED, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_named(original: tuple[Press, Path], tamper: Tamper, tmp_path: Path) -> None:
    press, clean = original
    folder = tmp_path / "board"
    shutil.copytree(clean, folder)
    tamper(folder)
    findings = press.verify(folder)
    assert not findings.clean
    assert EXPECTED[tamper] in " | ".join(each.what for each in findings.of("wrong"))
    assert not (folder / "pwned").exists()


def test_whatever_is_in_the_files_it_is_told_and_never_crashes(
    original: tuple[Press, Path], tmp_path: Path
) -> None:
    press, clean = original
    silent = 0
    for number in range(25):
        chance = random.Random(number)
        folder = tmp_path / str(number)
        shutil.copytree(clean, folder)
        path = chance.choice(sorted(folder.glob("*/toy.*")))
        content = bytearray(path.read_bytes())
        place = chance.randrange(len(content) - 100)
        if number % 3:
            content[place] ^= 1 << chance.randrange(8)
        else:
            del content[place : place + chance.choice([1, 10, 100])]
        path.write_bytes(content)
        with suppress(HarnessError):  # no board is left
            silent += press.verify(folder).clean
    assert silent <= 3, "a digit of a time, which nobody can check"
