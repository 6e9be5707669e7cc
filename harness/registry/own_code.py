"""The digest of code that lies in no file: what a notebook or script defines, with all that it refers to."""

from __future__ import annotations

import dis
import hashlib
import sys
from collections.abc import Iterator
from functools import cached_property, partial
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

from .distributions import distribution
from .source_code import CONTRACT, closure, find_module, is_installed

MAIN = "__main__"
PLAIN = (type(None), bool, int, float, complex, str, bytes, range, slice, type(...), type(NotImplemented))
UNREAD = {  # of a class: what is not code, or is there in another form
    *("__dict__", "__weakref__", "__doc__", "__module__", "__qualname__", "__firstlineno__"),
    *("__static_attributes__", "__annotations__", "__annotate__", "__annotate_func__"),
    *("__annotations_cache__", "__conditional_annotations__", "__dataclass_fields__"),
    *("__dataclass_params__", "__match_args__", "__abstractmethods__", "_abc_impl", "__orig_bases__"),
}
WRAPPED = {
    staticmethod: ("__func__",),
    classmethod: ("__func__",),
    property: ("fget", "fset", "fdel"),
    cached_property: ("func",),
    partial: ("func", "args", "keywords"),
    MethodType: ("__func__", "__self__"),
}
DESCRIPTORS = ("member_descriptor", "getset_descriptor", "wrapper_descriptor", "method_descriptor")


class CodeReader:
    """Reads objects into a digest: functions by their bytecode, all else by what it holds.

    Bytecode is there where no source is, and is blind to comments and formatting. Code of installed packages
    counts by its name, and by the version of the package; see `libraries`.

    Parameters
    ----------
    edited : bool
        Whether modules that belong to no installed package may have been edited since they were imported.

    Attributes
    ----------
    libraries : set of str
        Top-level names of the packages that were met.
    unread : list of str
        What has no digest.
    own : bool
        Whether code was met that belongs to no installed package.

    Examples
    --------
    >>> def digest(code):
    ...     names = {"__name__": "__main__", "np": np}
    ...     exec(code, names)
    ...     reader = CodeReader()
    ...     reader.read(names["f"], "f")
    ...     return reader.digest, sorted(reader.libraries)
    >>> first = digest("def f(x): return np.sum(x) + 1")
    >>> first == digest("def f( x ):  # another text\\n  return np.sum(x) + 1")
    True
    >>> first[1], first[0] == digest("def f(x): return np.sum(x) + 2")[0]
    (['numpy'], False)
    """

    def __init__(self, edited: bool = False) -> None:
        self._edited, self._hash = edited, hashlib.sha256()
        self._seen: dict[int, tuple[int, Any]] = {}
        self.libraries: set[str] = set()
        self.unread: list[str] = []
        self.own = False

    @property
    def digest(self) -> str:
        """SHA-256 of all that was read."""
        return self._hash.hexdigest()

    def read(self, value: Any, where: str) -> None:
        """Add an object; `where` names it in `unread`."""
        try:
            self._read(value, where)
        except Exception:  # a lock, an open file, what is nested too deeply
            self._cannot(value, where)

    def _cannot(self, value: Any, where: str) -> None:
        self._write("unread", type(value).__qualname__)
        self.unread.append(f"{where} ({type(value).__qualname__})")

    def _write(self, *words: object) -> None:
        for word in words:
            data = word if isinstance(word, bytes) else str(word).encode("utf-8", "surrogatepass")
            self._hash.update(f"{len(data)}:".encode())
            self._hash.update(data)

    def _read(self, value: Any, where: str) -> None:
        if type(value) in PLAIN:
            self._write(type(value).__name__, value if type(value) is bytes else repr(value))
        elif type(value) is tuple:  # not by identity: equal constants may be one object or several
            self._write("tuple", len(value))
            for each in value:
                self.read(each, where)
        elif isinstance(value, set | frozenset):
            self._write(type(value).__name__, *sorted(self._apart(each, where) for each in value))
        elif isinstance(value, CodeType):
            self._code(value, where)
        elif id(value) in self._seen:
            self._write("again", self._seen[id(value)][0])
        else:
            self._seen[id(value)] = len(self._seen), value  # kept, as its id would go to another one
            self._once(value, where)

    def _once(self, value: Any, where: str) -> None:
        if isinstance(value, ModuleType):
            self._write("module", value.__name__)
            self._module(value.__name__)
            for name in sorted(each for each in sys.modules if each.startswith(f"{value.__name__}.")):
                self._module(name, installed=False)
        elif type(value) in (list, dict):
            self._write(type(value).__name__, len(value))
            for each in value.items() if type(value) is dict else value:
                self.read(each, where)
        elif type(value) is np.ndarray:
            self._write("array", value.dtype, value.shape)
            self.read(value.tolist() if value.dtype.hasobject else value.tobytes(), where)
        elif type(value) in WRAPPED:
            self._write(type(value).__name__)
            for part in WRAPPED[type(value)]:
                self.read(getattr(value, part), where)
        elif type(value).__name__ in DESCRIPTORS:
            self._write(type(value).__name__, value.__name__)
        elif place := _place(value):
            self._write("named", *place)
            self._module(place[0])
        elif isinstance(value, FunctionType):
            self._function(value, where)
        elif isinstance(value, type):
            self._class(value, where)
        else:
            self._object(value, where)

    def _apart(self, value: Any, where: str) -> str:
        reader = CodeReader(self._edited)
        reader.read(value, where)
        self.libraries |= reader.libraries
        self.unread += reader.unread
        self.own |= reader.own
        return reader.digest

    def _code(self, code: CodeType, where: str) -> None:
        self._write("code", MAGIC_NUMBER, code.co_code, code.co_exceptiontable, code.co_flags)
        self._write(code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount)
        for part in (code.co_consts, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars):
            self.read(part, where)

    def _function(self, function: FunctionType, where: str) -> None:
        module = str(function.__globals__.get("__name__", ""))
        self._write("function", function.__qualname__)
        self.read((function.__defaults__, function.__kwdefaults__, vars(function)), where)
        for cell in function.__closure__ or ():
            try:
                self.read(cell.cell_contents, where)
            except ValueError:
                self._write("empty")
        if module != MAIN and find_module(module) is not None:
            self._write(module, function.__code__.co_qualname)
            self._module(module)
            self.own |= function.__name__ == "<lambda>"
            self.read(function.__code__, where)
            return
        self.own = True
        self.read(function.__code__, where)
        for name in sorted(set(self._globals(function.__code__))):
            self._write("global", name)
            if name in function.__globals__:
                self.read(function.__globals__[name], f"the global {name}")

    def _globals(self, code: CodeType) -> Iterator[str]:
        """Yield the global names that code reads, and note what it imports or changes."""
        last = ""
        for each in dis.get_instructions(code):
            if each.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
                yield str(each.argval)
            elif each.opname == "STORE_GLOBAL":
                self.unread.append(f"the global {each.argval}, which it changes")
            elif each.opname == "IMPORT_NAME":
                last = str(each.argval)
                self._module(last)
            elif each.opname == "IMPORT_FROM":
                self._module(f"{last}.{each.argval}", installed=False)
        for part in code.co_consts:
            if isinstance(part, CodeType):
                yield from self._globals(part)

    def _class(self, kind: type, where: str) -> None:
        self._write("class", kind.__qualname__)
        self.own = True
        self.read((type(kind), *kind.__bases__), where)
        for name in sorted(vars(kind).keys() - UNREAD):
            self._write(name)
            self.read(vars(kind)[name], f"{kind.__qualname__}.{name}")

    def _object(self, value: Any, where: str) -> None:
        """Add what a copy of an object would be made from."""
        found = value.__reduce_ex__(2)
        if isinstance(found, str):
            self._write("named", type(value).__module__, found)
            self._module(type(value).__module__)
            return
        self._write("object")
        made_by, given, state, items, pairs = (*found, None, None, None)[:5]
        self.read((made_by, given, state, list(items or ()), list(pairs or ())), where)

    def _module(self, name: str, installed: bool = True) -> None:
        """Note a module that is referred to; one that is not installed counts by its source."""
        top = name.partition(".")[0]
        if top in sys.stdlib_module_names or name in ("", CONTRACT):
            return
        if not installed and top in self.libraries:
            return
        if name == MAIN:
            self._cannot(sys, "the module __main__")
            return
        spec = find_module(name)
        origin = spec.origin if spec is not None else None
        known = origin is not None and is_installed(Path(origin))
        if top != CONTRACT and (known or (origin is None and distribution(top))):
            self.libraries.add(top)
        elif origin is not None and origin.endswith(".py"):
            self._loose(name)
        elif installed:
            self._cannot(sys, f"the module {name}")

    def _loose(self, name: str) -> None:
        if name.partition(".")[0] != CONTRACT:
            self.own = True
            if self._edited:
                self.unread.append(f"the module {name}, which may have been edited since it was imported")
                return
        found = closure(name)
        self._write("file", found.digest)
        self.libraries |= found.outside


def _place(value: Any) -> tuple[str, str] | None:
    """Return module and name by which something is found again, but for what a notebook or script defines."""
    module, path = getattr(value, "__module__", None), getattr(value, "__qualname__", None)
    if not isinstance(module, str) or not isinstance(path, str) or module == MAIN:
        return None
    found: Any = sys.modules.get(module)
    for part in path.split("."):
        found = getattr(found, part, None)
    return (module, path) if found is value else None
