"""Seeded damage to files of every format that is read, for tests/fuzz.py."""

from __future__ import annotations

import gzip
import random

from damaged_arrays import damage_npy, damage_zip_fields, damage_zip_members
from damaged_bytes import Damage, damage_bytes, place_in
from damaged_parquet import damage_metadata, strange_table
from whole_files import SEEDS

TEXT = (
    *(
        "\0",
        '"',
        "'",
        "\r",
        "\n\n",
        "\u2028",
        "\x0b",
        "#",
        "1e999",
        "nan",
        "-inf",
        "1_0",
        "9" * 400,
        "9" * 5000,
    ),
    *(
        "\ufeff",
        "\ud800",
        "é",
        "label",
        ",,",
        ";",
        "\t",
        "|",
        "x" * 9000,
        "0x1F",
        "1e-400",
        "True",
        "NULL",
        "\\",
    ),
)


def damage_gzip(content: bytes, chance: random.Random, inside: Damage = damage_bytes) -> bytes:
    if chance.random() < 0.5:
        return damage_bytes(content, chance)
    return gzip.compress(inside(gzip.decompress(content), chance), mtime=0)


def damage_text(content: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.3:
        return damage_bytes(content, chance)
    if chance.random() < 0.1:
        return content.decode("latin-1").encode(chance.choice(("utf-16", "utf-32", "utf-7", "cp037")))
    place = place_in(content, chance)
    if chance.random() < 0.5:
        place = max(content.find(b"\n", 0, place), content.rfind(b",", 0, place), 0) + chance.choice((0, 1))
    text = chance.choice(TEXT).encode("utf-8", "surrogatepass") * chance.choice((1, 1, 3))
    return content[:place] + text + content[place + chance.choice((0, len(text))) :]


DAMAGE: dict[str, tuple[Damage, ...]] = {
    ".csv": (damage_text,),
    ".tsv": (damage_text,),
    ".csv.gz": (lambda content, chance: damage_gzip(content, chance, damage_text),),
    ".npy": (damage_npy,),
    ".npz": (damage_bytes, damage_zip_fields, damage_zip_fields, damage_zip_members, damage_zip_members),
    ".parquet": (damage_bytes, damage_bytes, damage_metadata, strange_table),
    ".idx3.gz": (damage_gzip,),
}


def damaged(name: str, chance: random.Random) -> bytes:
    """Return the content of a seed, damaged once, or several times."""
    ways = DAMAGE.get(name[name.index(".") :], (damage_bytes,))
    content = chance.choice(ways)(SEEDS[name], chance)
    while chance.random() < 0.15:
        content = damage_bytes(content, chance)
    return content
