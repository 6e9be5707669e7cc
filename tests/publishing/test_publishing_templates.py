"""What is published beside a board: a workflow that parses and asks for little, and a BibTeX entry."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from jinja2 import Environment, StrictUndefined

from harness.cli import COMMANDS

TEMPLATES = Path(__file__).parents[2] / "harness" / "publishing" / "templates"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    yaml = pytest.importorskip("yaml")
    found: dict[Any, Any] = yaml.safe_load((TEMPLATES / "verify.yml").read_text())
    return found


def test_the_workflow_runs_on_pull_requests_and_merges(workflow: dict[Any, Any]) -> None:
    triggers = workflow[True]  # YAML takes `on` for a truth value
    assert set(triggers) == {"pull_request", "push"}, (
        "never pull_request_target, which trusts what is sent in"
    )
    assert triggers["push"] == {"branches": ["main"]}
    assert workflow["jobs"]["pages"]["needs"] == "verify"
    assert workflow["jobs"]["pages"]["if"] == "github.event_name == 'push'"


def test_the_workflow_asks_for_least_permissions(workflow: dict[Any, Any]) -> None:
    assert workflow["permissions"] == {"contents": "read"}
    assert "permissions" not in workflow["jobs"]["verify"]
    assert workflow["jobs"]["pages"]["permissions"] == {"pages": "write", "id-token": "write"}
    text = (TEMPLATES / "verify.yml").read_text()
    assert "secrets." not in text
    assert not re.search(r"run:.*\$\{\{", text), "what others sent in never becomes a command"


def test_the_workflow_uses_known_actions(workflow: dict[Any, Any]) -> None:
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert [step["uses"].partition("@")[0] for step in steps if "uses" in step] == [
        "actions/checkout",
        "actions/setup-python",
        "actions/upload-pages-artifact",
        "actions/deploy-pages",
    ]
    assert [step["run"] for step in steps if "run" in step][-2:] == [
        "harness verify leaderboard",
        "harness merge leaderboard --out leaderboard --site site",
    ]


def test_commands_that_are_named_are_there() -> None:
    text = (TEMPLATES / "verify.yml").read_text()
    named = set(re.findall(r"\bharness (\w+)", text))
    assert named == {"verify", "merge"}
    assert named <= {*COMMANDS}


def test_the_citation_is_bibtex() -> None:
    made = Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    template = made.from_string((TEMPLATES / "citation.bib.j2").read_text())
    facts = {
        "key": "digits2026",
        "title": "Digits",
        "version": "0.1.0",
        "date": "2026-01-01",
        "digest": "ab12",
    }
    assert template.render(**facts, url="") == (
        "@software{digits2026,\n  title   = {Digits},\n  version = {0.1.0},\n  date    = {2026-01-01},\n"
        "  note    = {Leaderboard of clustering-harness, sha256:ab12}\n}"
    )
    assert "  url     = {https://example.org},\n" in template.render(**facts, url="https://example.org")
