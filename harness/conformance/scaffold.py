"""Create a working plugin: a file, or a package with tests."""

from __future__ import annotations

import builtins
import re
import shlex
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from keyword import iskeyword
from pathlib import Path

from ..core.errors import BadParameter, HarnessError
from ..core.plugin import Kind
from ..core.version import __version__
from ..registry.registry import load_registry
from ..registry.source_code import find_module

# Names that the templates import or define.
TAKEN = {"np", "metric", "dataset", "encoders", "clusterers", "metrics", "datasets", "hookimpl", "tests"} | {
    "BadParameter", "NotApplicable", "Dataset", "DatasetInfo", "conformance", "pytest"
}  # fmt: skip
LONGEST = 64  # maximum length of a name, for file systems and boards
BENCH = {  # how to try each kind, with built-in plugins for the rest
    "encoder": "-e my-thing -c kmeans",
    "clusterer": "-e identity -c my-thing",
    "metric": "-e identity -c kmeans -m my-thing",
    "dataset": "-d my-thing -e identity -c kmeans",
}


@dataclass(frozen=True)
class Written:
    """The written files, and the next commands."""

    files: tuple[Path, ...]
    commands: tuple[str, ...]


def new(kind: Kind, name: str, folder: Path = Path(), package: bool = False) -> Written:
    """Write a complete, working plugin.

    Parameters
    ----------
    kind : {"encoder", "clusterer", "metric", "dataset"}
    name : str
        Its name on the command line, e.g. ``my-encoder``; the module has ``_`` for ``-``.
    folder : Path
        Folder for the file, or for the package's folder.
    package : bool
        Whether to write an installable package with tests, instead of a file.

    Raises
    ------
    BadParameter
        If the name is invalid or taken.
    HarnessError
        If a file exists or cannot be written; nothing is overwritten.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> written = new("metric", "my-score", Path(mkdtemp()))
    >>> [path.name for path in written.files]
    ['my_score.py']
    """
    words = _words(kind, name)
    texts = _package(kind, words) if package else {f"{words['my_thing']}.py": _read(f"{kind}.py", words)}
    top = folder / (name if package else next(iter(texts)))
    paths = tuple(top / each if package else top for each in texts)
    try:
        if top.exists() or top.is_symlink():
            raise HarnessError(
                f"{str(top)!r} already exists and was not overwritten. Choose another name or --out."
            )
        for path, text in zip(paths, texts.values(), strict=True):
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("x", encoding="utf-8") as file:
                file.write(text)
    except OSError as error:
        raise HarnessError(
            f"Cannot write {str(top)!r}: {error.strerror}. Name another folder with --out."
        ) from None
    return Written(paths, tuple(_commands(top, words, package)))


def _words(kind: Kind, name: str) -> dict[str, str]:
    """Return the placeholders of the templates, and their replacements."""
    if len(name) > LONGEST:
        raise BadParameter(f"A name has at most {LONGEST} characters, got {len(name)}. Choose a shorter one.")
    module = name.replace("-", "_").lower()
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*([-_][A-Za-z0-9]+)*", name, re.ASCII):
        raise BadParameter(
            f"A name consists of letters and digits with - between words, e.g. my-{kind}, and begins with a "
            f"letter; got {name!r}."
        )
    title = "".join(word[0].upper() + word[1:] for word in re.split("[-_]", name))
    target = title if kind in ("encoder", "clusterer") else module
    if module in sys.stdlib_module_names or any(map(_is_taken, (module, target))):
        raise BadParameter(
            f"{name!r} is reserved by Python or harness. Choose another, e.g. my-{module.replace('_', '-')}."
        )
    if name in load_registry().names(kind):
        raise BadParameter(
            f"{_a(kind).capitalize()} {name!r} already exists, and two with one name are both refused. "
            "Choose another."
        )
    if find_module(module) is not None:
        raise BadParameter(f"A module {module!r} already exists, which this would hide. Choose another name.")
    words = {"my-thing": name, "my_thing": module, "MyThing": title, "MY_TARGET": target, "MY_KIND": kind}
    return {
        **words,
        "MY_VERSION": __version__,
        "MY_BENCH": f"harness bench {_fill(BENCH[kind], words)} --seeds 3",
    }


def _is_taken(word: str) -> bool:
    """Return whether a name would hide something that the templates or Python use."""
    return iskeyword(word) or word in TAKEN or word in dir(builtins)


def _a(kind: str) -> str:
    return f"an {kind}" if kind.startswith("e") else f"a {kind}"


def _fill(text: str, words: Mapping[str, str]) -> str:
    """Fill the placeholders of a template in one pass, so that none is replaced within another."""
    return re.sub("|".join(words), lambda found: words[found[0]], text)


def _read(template: str, words: Mapping[str, str]) -> str:
    text = (files(__package__) / "templates" / f"{template}.txt").read_text(encoding="utf-8")
    return _fill(text, words)


def _package(kind: Kind, words: Mapping[str, str]) -> dict[str, str]:
    """Return the files of a package; its hook is separate from the plugin, which is imported when used."""
    plugin = _read(f"{kind}.py", words).partition("\n\n\n@hookimpl")[0] + "\n"
    plugin = re.sub(r"(, hookimpl|hookimpl, )", "", plugin, count=1)
    source, module = Path("src") / words["my_thing"], words["my_thing"]
    return {
        "pyproject.toml": _read("pyproject.toml", words),
        "README.md": _read("README.md", words),
        str(source / "__init__.py"): _read("hooks.py", words),
        str(source / f"{kind}.py"): plugin,
        f"tests/test_{module}.py": _read("check.py", words),
    }


def _commands(top: Path, words: Mapping[str, str], package: bool) -> list[str]:
    path = shlex.quote(str(top))
    if not package:
        bench = words["MY_BENCH"].replace("harness bench", f"harness bench --plugin {path}")
        return [bench, f"harness check {path}"]
    return [f"pip install -e {shlex.quote(f'{top}[test]')}", words["MY_BENCH"], f"python -m pytest {path}"]
