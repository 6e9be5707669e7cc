"""Seeded damage to bytes, whatever they mean."""

from __future__ import annotations

import random
from collections.abc import Callable

Damage = Callable[[bytes, random.Random], bytes]
WIDE = (
    b"\xff\xff\xff\xff",
    b"\x7f\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\0",
    b"\0\0\0\x80",
    b"\1\0\0\0",
)


def place_in(content: bytes, chance: random.Random) -> int:
    """Return a position, more often near the start and the end, where headers lie."""
    length = max(len(content), 1)
    near = chance.randrange(min(length, 160))
    return chance.choice((chance.randrange(length), near, length - 1 - near))


def flip_bits(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content or b"\0")
    for _ in range(chance.choice((1, 1, 2, 8))):
        damaged[place_in(damaged, chance)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def truncate(content: bytes, chance: random.Random) -> bytes:
    return content[: place_in(content, chance)]


def insert(content: bytes, chance: random.Random) -> bytes:
    place = place_in(content, chance)
    return content[:place] + chance.randbytes(chance.choice((1, 4, 100))) + content[place:]


def delete(content: bytes, chance: random.Random) -> bytes:
    place = place_in(content, chance)
    return content[:place] + content[place + chance.choice((1, 4, 50)) :]


def repeat(content: bytes, chance: random.Random) -> bytes:
    place = place_in(content, chance)
    return content[: place + chance.choice((1, 8, 200))] + content[place:]


def overwrite(content: bytes, chance: random.Random) -> bytes:
    place, word = place_in(content, chance), chance.choice(WIDE)
    return content[:place] + word + content[place + len(word) :]


BYTES: tuple[Damage, ...] = (flip_bits, flip_bits, truncate, insert, delete, repeat, overwrite)


def damage_bytes(content: bytes, chance: random.Random) -> bytes:
    return chance.choice(BYTES)(content, chance)
