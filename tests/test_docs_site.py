"""The site of the documentation: it builds, asks no other host for anything, and has every public name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag

import pytest

import harness
from harness import conformance
from harness.cli import COMMANDS
from harness.registry.registry import load_registry

pytest.importorskip("material", reason="no MkDocs: make docs")
ROOT = Path(__file__).parent.parent
FETCHED = {("script", "src"), ("img", "src"), ("source", "srcset"), ("iframe", "src"), ("object", "data")}


class Page(HTMLParser):
    """Where a page links to, what a browser fetches for it, and the places in it that links may name."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.places: set[str] = set()
        self.feed(path.read_text())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            if name == "id" and value:
                self.places.add(value)
            elif (tag, name) == ("a", "href") and value:
                self.links.append(value)
            elif ((tag, name) in FETCHED or (tag, name) == ("link", "href")) and value:
                self.fetched.append(value)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    # Not --quiet: --strict counts the warnings that are logged.
    words = ["-m", "mkdocs", "build", "--strict", "--site-dir", str(folder)]
    nowhere = dict.fromkeys(("http_proxy", "https_proxy"), "http://127.0.0.1:9")
    done = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        env={**os.environ, **nowhere, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Page]:
    return {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}


def test_nothing_is_fetched_from_another_host(site: Path, pages: dict[Path, Page]) -> None:
    assert len(pages) > 30
    for path, page in pages.items():
        for target in page.fetched:
            assert (path.parent / unquote(target)).exists(), f"{path.relative_to(site)}: {target}"
    for path in site.rglob("*.css"):
        targets = re.findall(r"url\(['\"]?(?!data:)([^)'\"]+)", path.read_text())
        assert all((path.parent / each).exists() for each in targets), path


def test_links_lead_somewhere(site: Path, pages: dict[Path, Page]) -> None:
    for path, page in pages.items():
        for link in page.links:
            target, place = urldefrag(link)
            if ":" in target:
                continue
            found = (path.parent / unquote(target)).resolve() if target else path
            assert found.exists(), f"{path.relative_to(site)}: {link}"
            if place and found in pages:
                assert unquote(place) in pages[found].places, f"{path.relative_to(site)}: {link}"


def test_every_public_name_is_in_the_reference(site: Path) -> None:
    places = Page(site / "reference" / "python.html").places
    assert {f"harness.{name}" for name in harness.__all__} <= places
    assert {f"harness.conformance.{name}" for name in conformance.__all__} <= places


def test_every_command_and_plugin_is_in_the_reference(site: Path) -> None:
    places = Page(site / "reference" / "commands.html").places
    assert {f"harness-{name}" for name in COMMANDS} | {"harness-store-prune"} <= places
    text = (site / "reference" / "plugins.html").read_text()
    built_in = [each.name for each in load_registry(()).plugins.values() if each.origin == "built-in"]
    assert [name for name in built_in if f"<code>{name}</code>" not in text] == []
    assert "n_components='auto', whiten=False" in text


def test_options_of_bench_are_filled_in(site: Path) -> None:
    text = (site / "reference" / "python.html").read_text()
    assert "OPTIONS" not in text
    assert "Number of seeds" in text


def test_defaults_in_docstrings_are_those_of_the_code() -> None:
    griffe = pytest.importorskip("griffe")
    package = griffe.load("harness", search_paths=[ROOT], resolve_aliases=True)
    wrong = []
    for name in [*harness.__all__, *(f"conformance.{each}" for each in conformance.__all__)]:
        found = package[name].final_target if package[name].is_alias else package[name]
        sections = found.docstring.parse("numpy", warnings=False) if found.docstring else []
        given = [each for section in sections if section.kind.value == "parameters" for each in section.value]
        real = getattr(found, "parameters", {})
        wrong += [
            (name, each.name)
            for each in given
            if each.value and str(each.value) != str(real[each.name].default)
        ]
    assert wrong == []


def test_search_works_without_a_server(site: Path, browser: Any) -> None:
    page = browser.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto((site / "index.html").as_uri())
    page.keyboard.press("/")
    page.keyboard.type("silhouette")
    page.wait_for_selector(".md-search-result__item")
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:", "about:"))] == []
    page.close()


def test_no_page_is_wider_than_a_telephone(site: Path, browser: Any) -> None:
    page = browser.new_page(viewport={"width": 400, "height": 900})
    for name in (
        "index",
        "start/csv",
        "guide",
        "statistics",
        "reference/plugins",
        "reference/python",
        "leaderboard/index",
    ):
        page.goto((site / f"{name}.html").as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= 400, name
    page.close()
