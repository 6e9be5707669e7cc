"""Fixtures that many tests use."""

from __future__ import annotations

import one_thread  # noqa: F401  # first, as numeric libraries read it when they are loaded

# isort: split
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from few import shorten_digits
from hypothesis import HealthCheck, settings
from lasting import last
from waiting import PATIENCE

from harness import Dataset
from harness.cli import app, main
from harness.execution.pool import Workers

# A busy machine takes longer over an example, and longer to think of one: that is no fault.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add how long the campaigns of tests/soak are: ``make soak`` takes 100."""
    parser.addoption("--rounds", type=int, default=3, help="rounds of the campaigns in tests/soak")
    parser.addoption("--chance", type=int, help="seed of the campaigns in tests/soak")


@pytest.fixture
def toy() -> Dataset:
    """Sixty samples of four features in three classes, the first forty for training."""
    samples = np.random.default_rng(0).random((60, 4), dtype=np.float32)
    return Dataset("toy", samples, (samples[:, 0] * 3).astype(np.int64), n_train=40)


@pytest.fixture
def command_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    """Call the command line as a shell does; return exit code, output and errors, which are no traceback."""
    monkeypatch.delenv("HARNESS_STORE", raising=False)

    def called(*words: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["harness", *words])
        capsys.readouterr()
        with pytest.raises(SystemExit) as stop:
            main()
        captured = capsys.readouterr()
        assert "Traceback" not in captured.err
        return int(stop.value.code or 0), captured.out, captured.err

    return called


@pytest.fixture
def few_digits(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the digits be their first two hundred."""
    shorten_digits(monkeypatch)


@pytest.fixture
def one_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one process do all where nobody asks for several, and the work of the next test too."""
    last(monkeypatch)


@pytest.fixture(scope="session")
def workers() -> Iterator[Workers]:
    """A process for each framework, so that none is loaded here."""
    with Workers() as found:
        yield found


@pytest.fixture(scope="session")
def whole_grid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """The folder where every combination was benched on few digits with one seed, and what was said."""
    folder = tmp_path_factory.mktemp("whole-grid")
    with pytest.MonkeyPatch.context() as patch:
        shorten_digits(patch, 100)
        last(patch)
        patch.chdir(folder)
        patch.delenv("HARNESS_STORE", raising=False)
        result = CliRunner().invoke(app, ["bench", "--all", "--seeds", "1"], standalone_mode=False)
    return folder, result


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a window, where it and what drives it are here."""
    playwright = pytest.importorskip("playwright.sync_api", reason="no playwright: pip install playwright")
    chromium = next(filter(None, map(shutil.which, ("chromium", "chromium-browser"))), None)
    if chromium is None:
        pytest.skip("no Chromium: apt-get install chromium")
    with playwright.sync_playwright() as driver:
        patience = 1000 * PATIENCE  # of a busy machine, where half a minute may be too short
        found = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"], timeout=patience)
        new_context = found.new_context

        def patient(**options: Any) -> Any:
            context = new_context(**options)
            context.set_default_timeout(patience)
            return context

        found.new_context = patient
        yield found
        found.close()


@pytest.fixture
def ftp(tmp_path: Path) -> Iterator[str]:
    """A file server that knows nothing of this process's files: a folder by FTP."""
    authorizers = pytest.importorskip("pyftpdlib.authorizers")
    from pyftpdlib.handlers import FTPHandler
    from pyftpdlib.servers import FTPServer

    (tmp_path / "served").mkdir()
    users = authorizers.DummyAuthorizer()
    users.add_user("me", "secret", str(tmp_path / "served"), perm="elradfmwMT")
    handler = type("Handler", (FTPHandler,), {"authorizer": users})
    server = FTPServer(("127.0.0.1", 0), handler)
    thread = Thread(target=server.serve_forever, kwargs={"timeout": 0.05}, daemon=True)
    thread.start()
    yield f"ftp://me:secret@127.0.0.1:{server.address[1]}/arrays"
    server.close_all()


def _quickest(work: Any, rounds: int = 7) -> float:
    times = []
    for _ in range(rounds):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return min(times)


def calibration() -> dict[str, float]:
    """Return the seconds of a product of matrices, and of a sweep through memory."""
    rng = np.random.default_rng(0)
    left, right = rng.random((2, 1500, 1500), dtype=np.float32)
    wide = rng.random(2**26, dtype=np.float32)
    return {"gemm": _quickest(lambda: left @ right), "memory": _quickest(wide.sum)}


@pytest.hookimpl(optionalhook=True)
def pytest_benchmark_update_json(config: Any, benchmarks: Any, output_json: dict[str, Any]) -> None:
    """Add how fast the machine was in this run, so that runs elsewhere can be compared."""
    output_json["calibration"] = calibration()
