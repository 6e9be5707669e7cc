"""Where files go."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.core.files import cache_folder
from harness.data.sources import RemoteFile, Source, downloads
from harness.store.arrays import Arrays
from harness.store.remote_arrays import Remote

SOURCE = Source("nowhere", (RemoteFile("a.gz", "md5:0"),), urls=())


def folders() -> set[Path]:
    copies = Arrays(elsewhere=Remote("memory://arrays")).folder
    return {cache_folder(), copies.parent.parent, downloads(SOURCE).parent}


def test_one_cache_folder_holds_downloads_and_copies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HARNESS_CACHE", str(tmp_path / "mine"))
    assert folders() == {tmp_path / "mine"}
    monkeypatch.delenv("HARNESS_CACHE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "user"))
    assert folders() == {tmp_path / "user" / "clustering-harness"}


def test_only_one_place_works_it_out() -> None:
    root = Path(__file__).parents[2]
    files = [path for name in ("harness", "plugins") for path in (root / name).rglob("*.py")]
    assert [path.name for path in files if "platformdirs" in path.read_text()] == ["files.py"]
