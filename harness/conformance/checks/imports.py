"""Check what importing a plugin's module loads, in a separate process."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from ...core.errors import one_line
from ..check import Check, Failed, Skipped
from ..subject import Subject

# Each takes half a second or more, and two frameworks do not share a process well.
HEAVY = ("torch", "tensorflow", "keras", "jax", "umap", "numba", "lightning", "transformers", "cupy")
LOOK = """
import sys
from importlib import import_module
from pathlib import Path
name, file, heavy = sys.argv[1:]
if file:
    from harness.registry.registry import load_file
    load_file(Path(file))
else:
    for each in name.split(","):
        import_module(each)
sys.stderr.flush()
sys.stdout.write("\\nloaded:" + ",".join(top for top in heavy.split(",") if top in sys.modules))
"""


def light(subject: Subject) -> None:
    """Import the module in a fresh process, and look which heavy packages came with it."""
    if subject.borrowed:
        raise Skipped("named by import path, it is imported only where it is used")
    if subject.home in ("__main__", "builtins"):
        raise Skipped("it is defined in no module that could be imported elsewhere")
    heavy = loads([subject.home], subject.plugin.file if subject.plugin else None)
    if heavy:
        raise Failed(
            f"importing {subject.home} loads {', '.join(heavy)}.",
            f"Import {heavy[0]} within the methods that use it.",
        )


def loads(modules: Sequence[str], file: Path | None = None) -> list[str]:
    """Return the heavy packages that come with modules, or with a file, in a fresh process."""
    name = ",".join(modules)
    command = [sys.executable, "-c", LOOK, name, str(file or ""), ",".join(HEAVY)]
    paths = os.pathsep.join(path for path in sys.path if path) or None
    environment = {**os.environ, **({"PYTHONPATH": paths} if paths else {})}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        raise Failed(
            f"{name} cannot be imported by itself: {one_line(done.stderr.strip().splitlines()[-1:])}",
            "Let its module import what it needs, and nothing that only another process has.",
        )
    return [top for top in done.stdout.rpartition("loaded:")[2].split(",") if top]


CHECK = Check(
    "imports-lightly",
    "Listing plugins must not wait for a framework, and two frameworks must never share a process.",
    light,
)
