"""The wheel holds what it must, and works where it is installed."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = tmp_path_factory.mktemp("source")
    files = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True).stdout.split()
    for name in files:
        if name.startswith(("harness/", "plugins/", "reproductions/")) or name in (
            "pyproject.toml",
            "README.md",
            "LICENSE",
        ):
            target = source / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    if not files:
        pytest.skip("not a git checkout")
    command = [
        sys.executable,
        "-m",
        "build",
        "--wheel",
        "--no-isolation",
        "--outdir",
        str(source / "dist"),
        str(source),
    ]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return next((source / "dist").glob("*.whl"))


def test_contents(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    tops = {name.partition("/")[0] for name in names}
    assert not {"plugins", "reproductions"} & tops
    assert {"harness/plugins/builtin.py", "harness/plugins/encoders/pca.py", "harness/py.typed"} <= set(names)
    assert wheel.name.startswith("clustering_harness-")


def test_every_file_is_packed(wheel: Path) -> None:
    packed = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("harness", "plugins", "reproductions"):
        prefix = "harness" if folder == "harness" else f"harness/{folder}"
        found = (path for path in (ROOT / folder).rglob("*.*") if "__pycache__" not in path.parts)
        paths = [path for path in found if path.is_file()]
        assert len({path.suffix for path in paths}) > (folder != "plugins"), "code, and data or templates"
        assert {f"{prefix}/{path.relative_to(ROOT / folder)}" for path in paths} - packed == set()


def test_installed_wheel_works(wheel: Path, tmp_path: Path) -> None:
    site = tmp_path / "site"
    install = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--target",
        str(site),
        str(wheel),
    ]
    subprocess.run(install, check=True)
    environment = {**os.environ, "PYTHONPATH": str(site)}
    bench = ["-m", "harness", "bench", "-e", "identity", "-c", "kmeans", "-m", "accuracy", "--seeds", "2"]
    done = subprocess.run(
        [sys.executable, *bench], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "leaderboard" / "digits.full.md").is_file()
    where = "import harness.plugins.builtin as b, harness; print(b.__file__, harness.__file__)"
    told = subprocess.run(
        [sys.executable, "-c", where], cwd=tmp_path, env=environment, capture_output=True, text=True
    )
    assert told.stdout.count(str(site)) == 2
