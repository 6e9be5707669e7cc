"""The pictures of the README: a leaderboard and the page of a run, light and dark.

Runs the tour of `harness bench`, writes its report, and takes the pictures in Chromium by Playwright
(`playwright install chromium`, or a Chromium of the system). It takes a minute:

    python studies/pictures.py
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
CELL = "pca + kmeans, seed 0"  # whose page is shown
SIZE = {"width": 1280, "height": 860}


def harness(*words: str, folder: Path) -> None:
    """Call the command line in a folder."""
    subprocess.run([sys.executable, "-m", "harness", *words], cwd=folder, check=True, capture_output=True)


def main() -> None:
    """Write the pictures."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        harness("bench", folder=folder)
        harness("report", "--maps", "pca", folder=folder)
        report = folder / "report"
        runs = sorted(report.glob("*/*.html"))
        run = next(page for page in runs if f"<title>{CELL}" in page.read_text())
        pages = {"board": report / "digits.full.html", "run": run}
        PICTURES.mkdir(exist_ok=True)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
            for shown, page in pages.items():
                for scheme in ("light", "dark"):
                    tab = browser.new_page(viewport=SIZE, color_scheme=scheme)
                    tab.goto(page.as_uri())
                    tab.screenshot(path=PICTURES / f"{shown}-{scheme}.png")
            browser.close()


if __name__ == "__main__":
    main()
