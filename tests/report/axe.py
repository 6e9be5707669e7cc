"""The accessibility checker axe-core, fetched by npm once and kept in the user's cache."""

from __future__ import annotations

import shutil
import subprocess
import tarfile
from functools import cache
from pathlib import Path

import pytest

from harness.core.files import cache_folder

VERSION = "4.10.3"


@cache
def axe() -> str:
    """Return the script of axe-core; the test is skipped where neither the cache nor npm has it."""
    kept = cache_folder() / f"axe-core-{VERSION}.js"
    if not kept.exists():
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no axe-core: needs npm to fetch it once")
        _fetch(npm, kept)
    return kept.read_text(encoding="utf-8")


def _fetch(npm: str, kept: Path) -> None:
    kept.parent.mkdir(parents=True, exist_ok=True)
    packed = kept.parent / f"axe-core-{VERSION}.tgz"
    words = [npm, "pack", f"axe-core@{VERSION}", "--pack-destination", str(kept.parent), "--silent"]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=300, check=False)
    except subprocess.TimeoutExpired:
        pytest.skip("no axe-core: npm did not fetch it within five minutes")
    if done.returncode or not packed.exists():
        pytest.skip(f"no axe-core: npm could not fetch it: {done.stderr.strip()[-200:]}")
    with tarfile.open(packed) as archive:
        found = archive.extractfile("package/axe.min.js")
        assert found is not None
        kept.write_bytes(found.read())
    packed.unlink()
