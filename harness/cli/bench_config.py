"""`harness bench --config` and `--write-config`: a call saved in a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..core.errors import BadParameter, HarnessError, UnknownName
from ..core.executor import PluginHost
from ..core.limits import write_size
from ..core.plan import Plan
from ..core.plugin import KINDS, Kind
from ..core.spec import parse, parse_entry
from ..planning.request import DEFAULTS, OPTIONS
from ..registry.configure import configure
from ..registry.registry import Registry, check_alias, load_registry
from .bench_options import Call
from .console import slow_import, table

if TYPE_CHECKING:
    from ..planning.config.file import ConfigFile


def _read(ctx: click.Context, param: click.Parameter, path: Path | None) -> ConfigFile | None:
    """Read the file; its values apply unless the command line or the environment sets them."""
    if path is None:
        return None
    from ..planning.config.file import read_config

    file = read_config(path)
    ctx.default_map = file.config.options()
    return file


config_option = click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    is_eager=True,  # before the other options, whose defaults it changes
    callback=_read,
    help="Read options not given here from a file, e.g. bench.toml.",
)
write_option = click.option(
    "--write-config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Save this call as a file for --config, then exit.",
)


def asked_seeds(options: dict[str, Any]) -> dict[str, Any]:
    """Let seeds on the command line, paired or separate, override the other kind in a file."""
    context = click.get_current_context()
    kinds = (("seeds",), ("encoder_seeds", "clusterer_seeds"))
    said = [any(_said(context, name) for name in names) for names in kinds]
    for other, names in zip(reversed(kinds), said, strict=True):
        if names:
            options |= {name: None for name in other if not _said(context, name)}
    return options


def _said(context: click.Context, name: str) -> bool:
    return context.get_parameter_source(name) is click.core.ParameterSource.COMMANDLINE


def registry_of(call: Call) -> Registry:
    """Find all plugins that a call may use."""
    if call.config is not None:
        call.config.check_files()
    registry = load_registry(call.plugin_files, slow_import)
    if call.config is not None:
        call.config.add_plugins(registry)
    for each in registry.broken:
        if each.origin.startswith("file "):  # a file the user named
            more = f"\n{each.traceback}" if call.traceback else " (--traceback shows where)"
            click.echo(f"Note: plugins from {each.origin} cannot be used: {each.error}{more}", err=True)
    return registry


@contextmanager
def blaming(call: Call, registry: Registry, host: PluginHost) -> Iterator[None]:
    """Add to an error where in the configuration its cause is, and report other wrong entries too."""
    try:
        yield
    except HarnessError as error:
        if call.config is None:
            raise
        found = call.config.blame(lambda kind, text: _check(kind, text, registry, host))
        if all(str(error) != reason for _, reason in found):
            raise  # another cause
        raise call.config.wrong(found) from None


def _check(kind: Kind, text: str, registry: Registry, host: PluginHost) -> None:
    """Raise an error if an entry names an unknown plugin or has impossible parameters."""
    from ..planning.datasets import open_dataset

    if kind == "dataset":
        open_dataset(text, registry)
        return
    settings = {"n_clusters": 2, "image_shape": None, "device": "cpu", "n_jobs": None}
    entry = parse_entry(text) if kind != "metric" else None
    if entry is not None:
        check_alias(kind, entry.alias)
    for spec in entry.steps if entry else (parse(text),):
        try:
            plugin = registry.find(kind, spec.name)
            host.load(plugin, configure, plugin, spec, settings)
        except (BadParameter, UnknownName):
            raise
        except (Exception, SystemExit):  # only a cell will fail
            continue


def write_config(call: Call, path: Path) -> int:
    """Save a call as a file that `--config` reads, and return the exit code."""
    import tomli_w

    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(tomli_w.dumps(as_table(call)))
    except OSError as error:
        raise HarnessError(
            f"Cannot write configuration {str(path)!r}: {error.strerror}. Name another file."
        ) from None
    click.echo(f"Wrote {path}; nothing was computed. Run it with: harness bench --config {path}", err=True)
    return 0


def as_table(call: Call) -> dict[str, Any]:
    """Return a call as the table of a configuration file, without default values."""
    values = {name: getattr(call, name) for name in OPTIONS if name != "plugins"}
    set_here = {name: value for name, value in values.items() if value not in (DEFAULTS[name], "", ())}
    written = {name: _written(name, value) for name, value in set_here.items()}
    named = call.config.config.plugins if call.config else None
    places = {f"{kind}s": getattr(named, f"{kind}s") for kind in KINDS if getattr(named, f"{kind}s", {})}
    files = {"files": list(map(str, call.plugin_files))} if call.plugin_files else {}
    return {**written, "plugins": {**files, **places}} if files or places else written


def _written(name: str, value: Any) -> Any:
    """Return the value of an option in a type that TOML has."""
    if name == "memory":
        return write_size(value)
    return str(value) if isinstance(value, Path) else list(value) if isinstance(value, tuple) else value


def show_grid(file: ConfigFile, call: Call, plans: list[Plan]) -> None:
    """Print what the entries of a configuration expand to, and the resulting runs."""
    options = file.config.options()
    for name in ("datasets", "encoders", "clusterers", "metrics"):
        if list(getattr(call, name)) != options.get(name):
            continue  # overridden on the command line
        for number, entry in enumerate(getattr(file.config, name)):
            texts = list(entry.texts())
            if len(texts) > 1:
                click.echo(file.error((name, number), f"{len(texts)} entries: {', '.join(texts)}"))
    for plan in plans:
        runs = Counter((cell.encoder, cell.clusterer, cell.k, cell.specs) for cell in plan.cells)
        rows = [
            [_named(encoder, specs[0]), _named(clusterer, specs[1]), k or "–", str(count)]
            for (encoder, clusterer, k, specs), count in runs.items()
        ]
        table(["encoder", "clusterer", "K", "runs"], rows, f"{plan.dataset.name}, {plan.protocol}")


def _named(name: str, spec: str) -> str:
    return name if name == spec else f"{name} = {spec}"
