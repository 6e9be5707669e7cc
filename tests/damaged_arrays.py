"""Seeded damage to `.npy` and `.npz` files: their headers and members."""

from __future__ import annotations

import io
import random
import re
import struct
import zipfile

import numpy as np
from damaged_bytes import damage_bytes
from whole_files import npy, zipped

METHODS = (0, 1, 6, 8, 9, 12, 14, 93, 95, 97, 98, 99, 0xFFFF)  # of a zip: stored, shrunk, deflated, ...
FLAGS = (0x1, 0x8, 0x20, 0x40, 0x800, 0x2000, 0xFFFF)  # of a zip: encrypted, patched, UTF-8, masked, ...
VERSIONS = (0, 20, 45, 63, 64, 100, 255, 0xFFFF)
SHAPES = (
    *(
        "(1000000000000,)",
        "(10**12,)",
        "(1000000, 1000000, 3)",
        "(-1,)",
        "(-1, 3)",
        "(-2, -3)",
        "()",
        "(0, 7)",
    ),
    *("(0, 99999999999999999999)", f"({'9' * 99},)", "(2.5, 3)", "('a',)", "(True, 3)", "None", "[3, 4]"),
    *("(" * 300 + ")" * 300, "(" * 4000, "-" * 4000 + "1", "(1" + "+1" * 2000 + ",)", "{}", "(4, 3", "\0"),
)
DTYPES = (
    *(
        "'|O'",
        "'<f2'",
        "'<f16'",
        "'<c16'",
        "'|V0'",
        "'|S0'",
        "'<U0'",
        "'|S9'",
        "'<U99999999'",
        "'|V2147483647'",
    ),
    *(
        "'<M8[ns]'",
        "'<m8'",
        "'<f99'",
        "'x'",
        "''",
        "'\\n'",
        "'\ud800'",
        "None",
        "7",
        "[('a', '<f8'), ('b', '|O')]",
    ),
    *(
        "[('a', '<f8')]",
        "[('', '<f8')]",
        "('<f8', (99999, 99999))",
        "'99999999,99999999f8'",
        "'f8,f8'",
        "{'a': 1}",
    ),
)


def damage_npy(content: bytes, chance: random.Random) -> bytes:
    """Write another header before the values: its shape, type, order, length or version is wrong."""
    if chance.random() < 0.2:
        return damage_bytes(content, chance)
    start = 10 + struct.unpack("<H", content[8:10])[0]
    header, values = content[10:start].decode("latin-1").strip(), content[start:]
    part = chance.choice(("shape", "descr", "order", "any"))
    if part == "shape":
        header = re.sub(r"\([^)]*\)", lambda _: chance.choice(SHAPES), header)
    elif part == "descr":
        header = re.sub(r"(?<='descr': )'[^']*'", lambda _: chance.choice(DTYPES), header)
    elif part == "order":
        header = header.replace("False", chance.choice(("True", "None", "1", "[]", "__import__('os')")))
    else:
        header = damage_bytes(header.encode("latin-1"), chance).decode("latin-1")
    version = chance.choice((1, 1, 1, 1, 2, 3, 4, 0, 255))
    text = (header + "\n").encode(
        "latin-1" if version == 1 else "utf-8", "surrogatepass" if version != 1 else "replace"
    )
    length = len(text) if chance.random() < 0.9 else chance.choice((0, 1, 60000))
    size = struct.pack("<H", length % 2**16) if version == 1 else struct.pack("<I", length)
    return b"\x93NUMPY" + bytes((version, chance.choice((0, 0, 0, 1)))) + size + text + values


def damage_zip_fields(content: bytes, chance: random.Random) -> bytes:
    """Overwrite a field of a zip's headers: version, flags, method, checksum, sizes, lengths or offset."""
    damaged = bytearray(content)
    both = chance.random() < 0.5  # the header of a member, and that of the directory
    field = chance.choice(("version", "flags", "method", "crc", "packed", "size", "name", "extra", "offset"))
    small = {
        "version": VERSIONS,
        "flags": FLAGS,
        "method": METHODS,
        "name": (0, 1, 0xFFFF),
        "extra": (1, 4, 0xFFFF),
    }
    width = 2 if field in small else 4
    value = chance.choice(small[field]) if field in small else chance.choice((0, 1, 2**31 - 1, 2**32 - 1))
    local = {
        "version": 4,
        "flags": 6,
        "method": 8,
        "crc": 14,
        "packed": 18,
        "size": 22,
        "name": 26,
        "extra": 28,
    }
    central = {"offset": 42, **{name: place + 2 for name, place in local.items()}}
    for signature, places in ((b"PK\1\2", central), (b"PK\3\4", local)):
        starts = [match.start() for match in re.finditer(re.escape(signature), content)]
        if starts and field in places:
            place = chance.choice(starts) + places[field]
            damaged[place : place + width] = value.to_bytes(width, "little")
        if not both:
            break
    return bytes(damaged)


def damage_zip_members(content: bytes, chance: random.Random) -> bytes:
    """Put damaged or strange members into a zip that is whole, with checksums that are right."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            members = {name: file.read(name) for name in file.namelist()}
    except Exception:
        return content
    name = chance.choice(list(members))
    kind = chance.choice(("header", "header", "bytes", "label", "rename", "strange"))
    if kind == "header":
        members[name] = damage_npy(members[name], chance)
    elif kind == "bytes":
        members[name] = damage_bytes(members[name], chance)
    elif kind == "label":
        value = chance.choice(
            (b"\xff\xfe", 1e300, np.nan, -1, 2**63, 1j, True, "a\nb", np.datetime64("NaT", "s"))
        )
        members[name] = npy(np.full(12, value))
    elif kind == "rename":
        members[
            chance.choice(("x\ny.npy", "X", "../X.npy", "é.npy", "x.npy", "Y.npy", "label\x1b[31m.npy"))
        ] = members.pop(name)
    else:
        members[name] = chance.choice(
            (b"", b"text", b"PK\3\4", npy(np.full(12, "\ud800")), npy(np.array(0.0)))
        )
    return zipped(
        members,
        chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA)),
    )
