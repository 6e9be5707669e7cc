"""What is told of a module's source without importing it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from harness.registry import source_code
from harness.registry.source_code import closure, code_digest, find_module, is_installed, module_file, summary


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Forget what was read, as a new process would."""
    source_code._parse.cache_clear()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    source_code._parse.cache_clear()


PACK = {
    "pack/__init__.py": "VERSION = 1\n",
    "pack/encoder.py": "import json\nimport numpy\nfrom .helper import shift\nfrom loose_part import more\n",
    "pack/helper.py": "from . import deeper\nimport click\n",
    "pack/deeper/__init__.py": "from ..leaf import x\n",
    "pack/leaf.py": "x = 1\n",
    "pack/unrelated.py": "x = 2\n",
    "loose_part.py": "import loose_leaf\n",
    "loose_leaf.py": "from pack.encoder import shift  # in a circle\n",
}


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, PACK)
    monkeypatch.syspath_prepend(tmp_path)
    return tmp_path


def modules(name: str) -> list[str]:
    return [module for module, _ in closure(name).files]


def test_summary_is_the_first_line_of_the_docstring(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"a.py": '"""One line.\n\nMore.\n"""', "b.py": "x = 1", "c.py": "def (", "d.py": '"""\nNext.'},
    )
    write(tmp_path, {"d.py": '"""\nNext.\n"""\n'})
    found = [summary(tmp_path / name) for name in ("a.py", "b.py", "c.py", "d.py", "none.py")]
    assert found == ["One line.", "", "", "Next.", ""]


def test_closure_follows_own_modules_and_loose_siblings_alone(pack: Path) -> None:
    own = ["pack", "pack.deeper", "pack.encoder", "pack.helper", "pack.leaf"]
    assert modules("pack.encoder") == ["loose_leaf", "loose_part", *own[1:]]
    found = closure("pack.encoder")
    assert found.outside == {"numpy", "click"}, "the standard library and own modules are left out"
    assert dict(found.files)["pack.leaf"] == pack / "pack/leaf.py"
    write(pack, {"pack/leaf.py": "from . import VERSION as x\n"})
    assert modules("pack.encoder") == ["loose_leaf", "loose_part", *own]


def test_a_borrowed_module_is_not_followed(pack: Path) -> None:
    assert [name for name, _ in closure("pack.encoder", follow=False).files] == ["pack.encoder"]
    assert closure("pack.encoder", follow=False).outside == {"numpy", "loose_part"}


def test_installed_libraries_are_outside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(
        tmp_path,
        {"site-packages/lib_here/__init__.py": "from . import part", "mine.py": "import lib_here.part"},
    )
    write(tmp_path, {"site-packages/lib_here/part.py": "", "dist-packages/deb_lib.py": ""})
    write(tmp_path, {"mine.py": "import lib_here.part, deb_lib\nfrom sklearn.cluster import KMeans"})
    for folder in ("site-packages", "dist-packages", ""):
        monkeypatch.syspath_prepend(tmp_path / folder)
    assert modules("mine") == ["mine"]
    assert closure("mine").outside == {"lib_here", "deb_lib", "sklearn"}
    assert is_installed(tmp_path / "site-packages/x.py")
    assert not is_installed(tmp_path / "x.py")


def test_a_name_within_a_module_is_no_module_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = {"pack2/__init__.py": "", "pack2/tools.py": "import json\n", "pack2/main.py": ""}
    write(tmp_path, {**files, "other_thing.py": ""})
    write(tmp_path, {"pack2/main.py": "from .tools import json\nfrom .more import other_thing\n"})
    write(tmp_path, {"pack2/more.py": "other_thing = 1\n"})
    monkeypatch.syspath_prepend(tmp_path)
    assert find_module("pack2.tools.json") is None
    assert find_module("pack2.more.other_thing") is None
    assert modules("pack2.main") == ["pack2.main", "pack2.more", "pack2.tools"]


def test_optional_imports_are_those_it_can_be_imported_without(tmp_path: Path) -> None:
    text = (
        "import need_a\nif True:\n    import need_b\nclass C:\n    import need_c\n"
        "try:\n    import may_a\nexcept ImportError:\n    import may_b\n"
        "def f():\n    import may_c, need_a\n    async def g():\n        import may_d\n"
    )
    write(tmp_path, {"x.py": text})
    found = closure("x", tmp_path / "x.py")
    assert found.optional == {"may_a", "may_b", "may_c", "may_d"}
    assert found.outside == found.optional | {"need_a", "need_b", "need_c"}


def test_imports_for_type_checking_do_not_count(tmp_path: Path) -> None:
    text = (
        "import typing\nfrom typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import types_a\n"
        "if typing.TYPE_CHECKING:\n    import types_b\nelse:\n    import real_a\n"
        "if not TYPE_CHECKING:\n    import real_b\n"
    )
    write(tmp_path, {"x.py": text})
    assert closure("x", tmp_path / "x.py").outside == {"real_a", "real_b"}


MODULE = '''"""A module."""
from math import pi
LAYERS = [500, 500]


class Shift:
    """Add a number."""

    def transform(self, X, by=1):
        """Return X."""
        return X + by * f(X, 'mean', pi)
'''
SAME = {
    "comments": "# first\n" + MODULE.replace("500]", "500]  # layers"),
    "docstrings": MODULE.replace("A module.", "Some.")
    .replace("Add a", "The")
    .replace('"""Return X."""', '""'),
    "no docstrings": "".join(line for line in MODULE.splitlines(True) if '"""' not in line),
    "quotes": MODULE.replace("'mean'", '"mean"'),
    "line breaks": MODULE.replace("X + by", "(\n            X\n            + by").replace("pi)", "pi))"),
    "trailing comma": MODULE.replace("[500, 500]", "[\n    500,\n    500,\n]").replace("pi)", "pi,)"),
    "parentheses": MODULE.replace("by * f", "(by) * (f)"),
    "indentation": MODULE.replace("    ", "  "),
    "blank lines": MODULE.replace("\n", "\n\n").replace("\n\n\n\n", "\n"),
    "line ends": MODULE.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + MODULE,
    "spelling of a number": MODULE.replace("by=1", "by=0x1"),
}
OTHER = {
    "literal": MODULE.replace("by=1", "by=2"),
    "type of a literal": MODULE.replace("by=1", "by=1.0"),
    "truth for one": MODULE.replace("by=1", "by=True"),
    "one for text": MODULE.replace("by=1", "by='1'"),
    "None for nothing": MODULE.replace("by=1", "by=None"),
    "word": MODULE.replace("'mean'", "'meam'"),
    "operator": MODULE.replace("X + by", "X - by"),
    "order": MODULE.replace("f(X, 'mean', pi)", "f('mean', X, pi)"),
    "precedence": MODULE.replace("X + by * f(X, 'mean', pi)", "(X + by) * f(X, 'mean', pi)"),
    "list for tuple": MODULE.replace("[500, 500]", "(500, 500)"),
    "added import": MODULE.replace("from math import pi", "from math import pi\nimport os"),
    "name imported": MODULE.replace("import pi", "import tau as pi"),
    "decorator": MODULE.replace("    def tr", "    @staticmethod\n    def tr"),
    "keyword": MODULE.replace(", pi)", ", x=pi)"),
    "a line less": MODULE.replace("LAYERS = [500, 500]\n", ""),
    "text that is no docstring": MODULE.replace("LAYERS =", "NOTE = 'note'\nLAYERS ="),
}


def digest(folder: Path, text: str) -> str:
    folder.mkdir(exist_ok=True)
    (folder / "m.py").write_bytes(text.encode())
    source_code._parse.cache_clear()
    return code_digest(folder / "m.py")


@pytest.mark.parametrize("what", SAME)
def test_digest_is_blind_to(what: str, tmp_path: Path) -> None:
    assert SAME[what] != MODULE
    assert digest(tmp_path, SAME[what]) == digest(tmp_path, MODULE)


def test_digest_differs_for_each_change(tmp_path: Path) -> None:
    digests = {what: digest(tmp_path, text) for what, text in OTHER.items()}
    digests["base"] = digest(tmp_path, MODULE)
    assert len(set(digests.values())) == len(OTHER) + 1, digests


def test_a_coding_line_is_heeded(tmp_path: Path) -> None:
    path = tmp_path / "m.py"
    path.write_bytes("# -*- coding: latin-1 -*-\nNAME = 'é'\n".encode("latin-1"))
    first = code_digest(path)
    source_code._parse.cache_clear()
    path.write_text("NAME = 'é'\n", encoding="utf-8")
    assert code_digest(path) == first


def test_closure_digest_is_of_code_and_not_of_the_folder(
    pack: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = closure("pack.encoder").digest
    write(pack, {"pack/unrelated.py": "x = 3\n", "pack/helper.py": "# a note\n" + PACK["pack/helper.py"]})
    assert closure("pack.encoder").digest == base
    write(pack, {"pack/leaf.py": "x = 2\n"})
    edited = closure("pack.encoder").digest
    assert edited != base
    write(pack, {**PACK, "loose_leaf.py": "y = 2\n"})
    assert closure("pack.encoder").digest not in (base, edited)
    write(tmp_path / "moved", PACK)
    monkeypatch.syspath_prepend(tmp_path / "moved")
    assert closure("pack.encoder").files[0][1].parent == tmp_path / "moved"
    assert closure("pack.encoder").digest == base


def test_find_module_imports_nothing(pack: Path) -> None:
    code = (
        "import sys\nfrom harness.registry.source_code import closure, find_module\n"
        "before = set(sys.modules)\n"
        "assert find_module('pack.deeper') and find_module('sklearn.cluster') and closure('pack.encoder')\n"
        "assert find_module('pack.absent') is None and find_module('absent.part') is None\n"
        "print(sorted(name for name in set(sys.modules) - before if name.split('.')[0] in "
        "('pack', 'sklearn', 'numpy', 'click', 'loose_part', 'loose_leaf')))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=pack, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_module_file_is_of_python_alone(pack: Path) -> None:
    assert module_file("pack.leaf") == pack / "pack/leaf.py"
    assert module_file("pack") == pack / "pack/__init__.py"
    for name in ("sys", "numpy._core._multiarray_umath", "no_such_module", "pack..leaf"):
        assert module_file(name) is None


def test_folders_without_init_are_packages_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"bare_folder/part.py": "x = 1\n", "main_part.py": "from bare_folder.part import x\n"})
    monkeypatch.syspath_prepend(tmp_path)
    assert modules("main_part") == ["bare_folder.part", "main_part"]
