"""The studies, which are files and no package."""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

STUDIES = Path(__file__).parents[1] / "studies"


def study(name: str) -> Any:
    """Return a study as a module."""
    spec = spec_from_file_location(f"{name}_study", STUDIES / f"{name}.py")
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    sys.modules[module.__name__] = module  # where dataclasses look up their annotations
    spec.loader.exec_module(module)
    return module
