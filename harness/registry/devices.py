"""Choice of the device of a plugin, checked before anything runs."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import get_args

from ..core.choices import Device
from ..core.errors import BadParameter
from ..core.plugin import Plugin
from .configure import Configured
from .frameworks import frameworks

DEVICES: tuple[str, ...] = get_args(Device)
# Checked in the framework's own process, and only if the machine may have an accelerator.
_PROBES = {
    "torch": "harness.plugins.autoencoder.torch_engine",
    "tensorflow": "harness.plugins.autoencoder.keras_engine",
}
_DRIVERS = ("/proc/driver/nvidia/version", "/dev/nvidiactl", "/dev/dxg", "/dev/kfd")

Load = Callable[..., list[str]]


class NoDevice(BadParameter):
    """The requested device is not available."""


def accelerator() -> str:
    """Return the kind of accelerator that this machine may have, or nothing, without loading a framework."""
    if sys.platform == "darwin":
        return "mps" if platform.machine() == "arm64" else ""
    if os.environ.get("CUDA_VISIBLE_DEVICES") in ("", "-1"):
        return ""
    there = sys.platform == "win32" or any(Path(driver).exists() for driver in _DRIVERS)
    return "cuda" if there else ""


def check_device(wanted: str, there: str | None = None) -> None:
    """Check that a device may be available: `there` is the kind of accelerator (default: of this machine).

    Raises
    ------
    NoDevice
        If the machine has no such accelerator.
    """
    there = accelerator() if there is None else there
    if wanted in ("cuda", "mps") and wanted != there:
        what = "an NVIDIA GPU with its driver" if wanted == "cuda" else "an Apple GPU"
        raise NoDevice(
            f"Device {wanted!r} is not available: {what} was not found. Use --device {there or 'cpu'}, or "
            "auto for the best available."
        )


def placed(step: Configured, load: Load, there: str | None = None) -> Configured:
    """Return a plugin with its device resolved, if it has one.

    Parameters
    ----------
    step : Configured
    load : callable
        Calls a function in the process of a plugin's framework, as `Workers.ask` does.
    there : str, optional
        The kind of accelerator where it will run; by default that of this machine.

    Raises
    ------
    NoDevice
        If this machine, or the plugin's framework here, has no such device.
    """
    wanted = step.params.get("device")
    if wanted not in DEVICES:
        return step
    there = accelerator() if there is None else there
    check_device(wanted, there)
    if wanted == "cpu" or not there:
        return replace(step, params={**step.params, "device": "cpu"})
    found = load(frameworks(step.plugin), _devices, step.plugin)
    if wanted != "auto" and wanted not in found:
        raise NoDevice(
            f"{step.plugin.title}: device {wanted!r} is not available for {frameworks(step.plugin)}, only "
            f"{', '.join(found)}. Use --device auto, or install a build for this device."
        )
    return replace(step, params={**step.params, "device": found[0] if wanted == "auto" else wanted})


def _devices(plugin: Plugin) -> list[str]:
    """Return the devices for this plugin, best first."""
    probe = _PROBES.get(frameworks(plugin))
    devices: list[str] = import_module(probe).devices() if probe else [accelerator(), "cpu"]
    return devices
