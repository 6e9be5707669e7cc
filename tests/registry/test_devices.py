"""Which device a plugin runs on, and what is said of one that is missing."""

from __future__ import annotations

import sys
from typing import Any

import pytest

from harness import Dataset
from harness.core import hashing
from harness.core.errors import HarnessError
from harness.core.spec import parse
from harness.planning import cache_keys
from harness.planning.planner import make_plan
from harness.planning.request import Request
from harness.registry import devices
from harness.registry.configure import configure
from harness.registry.devices import NoDevice, accelerator, check_device, placed
from harness.registry.registry import load_registry

REGISTRY = load_registry()


def step(text: str = "dense-ae-torch", device: str = "auto") -> Any:
    spec = parse(text)
    return configure(REGISTRY.find("encoder", spec.name), spec, {"device": device})


def never(*arguments: Any) -> list[str]:
    raise AssertionError("a framework was asked for nothing")


def has(*found: str) -> Any:
    return lambda *arguments: list(found)


def test_no_accelerator_where_there_is_no_driver(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("CUDA_VISIBLE_DEVICES", raising=False)
    monkeypatch.setattr(devices, "_DRIVERS", ("/nowhere/at/all",))
    assert accelerator() == ""
    monkeypatch.setattr(devices, "_DRIVERS", ("/nowhere/at/all", "/"))
    assert accelerator() == "cuda"
    monkeypatch.setenv("CUDA_VISIBLE_DEVICES", "")
    assert accelerator() == ""


def test_apple(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    monkeypatch.setattr(devices.platform, "machine", lambda: "arm64")
    assert accelerator() == "mps"
    with pytest.raises(NoDevice, match="an NVIDIA GPU with its driver was not found"):
        check_device("cuda")


def test_without_accelerator_auto_is_the_cpu(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "")
    assert placed(step(), never).params["device"] == "cpu"
    assert placed(step(device="cpu"), never).params["device"] == "cpu"
    for wanted in ("cuda", "mps"):
        with pytest.raises(NoDevice, match=f"Device '{wanted}' is not available: .* Use --device cpu"):
            placed(step(device=wanted), never)


def test_with_accelerator_the_framework_has_the_last_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "cuda")
    assert placed(step(), has("cuda", "cpu")).params["device"] == "cuda"
    assert placed(step(), has("cpu")).params["device"] == "cpu"
    assert placed(step(device="cuda"), has("cuda", "cpu")).params["device"] == "cuda"
    assert placed(step(device="cpu"), never).params["device"] == "cpu"
    with pytest.raises(NoDevice, match="device 'cuda' is not available for torch, only cpu"):
        placed(step(device="cuda"), has("cpu"))


def test_what_is_written_comes_before_the_option(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "cuda")
    assert placed(step("dense-ae-torch(device=cpu)", "cuda"), never).params["device"] == "cpu"


def test_plugins_without_a_device_stay_as_they_are() -> None:
    plain = step("pca", "cuda")
    assert placed(plain, never) is plain


def test_the_kind_of_device_is_in_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "accelerator", lambda: "cuda")
    one, other = placed(step(), has("cuda", "cpu")), placed(step(), has("cpu"))
    assert cache_keys.facts(one)["device"] == "cuda"
    assert hashing.digest(cache_keys.facts(one)) != hashing.digest(cache_keys.facts(other))
    assert cache_keys.facts(step("pca"))["device"] == "cpu"


def test_the_framework_itself_is_asked(workers: Any) -> None:
    for name, framework in (("dense-ae-torch", "torch"), ("conv-ae-keras", "tensorflow")):
        found = workers.ask(framework, devices._devices, REGISTRY.find("encoder", name))
        assert found[-1] == "cpu"
        assert set(found) <= set(devices.DEVICES)


def test_named_encoders_stop_the_call_and_swept_ones_are_unavailable(
    toy: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Host:
        load = staticmethod(lambda plugin, function, *arguments: function(*arguments))
        ask = staticmethod(lambda name, function, *arguments: ["cpu"])
        accelerator = staticmethod(lambda: "cuda")

    monkeypatch.setattr(devices, "accelerator", lambda: "cuda")
    request: dict[str, Any] = {"clusterers": ["kmeans"], "metrics": ["ari"], "device": "cuda"}
    with pytest.raises(HarnessError, match="only cpu"):
        make_plan(toy, "full", Request(["dense-ae-torch"], **request), REGISTRY, Host())
    swept = Request(["dense-ae-torch", "pca"], **request, swept=["encoder"])
    cells = make_plan(toy, "full", swept, REGISTRY, Host()).cells
    assert cells[0].blocked
    assert cells[0].blocked[0] == "unavailable"
    assert not cells[-1].blocked
