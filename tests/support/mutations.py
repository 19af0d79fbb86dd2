"""Damage to the bytes of a file, the same for the same number: flips, holes, repeats, cuts, false sizes."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

_ODD = (0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0x8000, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF)
HEAD = 512
"""Bytes at the beginning where most of what a reader believes stands: half of the damage goes there."""


def mutated(seeds: Sequence[bytes], number: int) -> bytes:
    """One of `seeds` with one to eight kinds of damage, chosen by `number`."""
    chance = random.Random(number)  # noqa: S311 - repeatable on purpose
    content = bytearray(chance.choice(seeds))
    other = chance.choice(seeds)
    for _ in range(chance.choice((1, 1, 1, 2, 3, 5, 8))):
        if not content:
            break
        chance.choice(_KINDS)(content, other, chance)
    return bytes(content)


def _place(content: bytearray, chance: random.Random) -> int:
    end = len(content)
    if chance.random() < 0.5:
        end = min(end, HEAD)
    return chance.randrange(end)


def _flip(content: bytearray, _other: bytes, chance: random.Random) -> None:
    for _ in range(chance.choice((1, 1, 4, 32))):
        content[_place(content, chance)] ^= 1 << chance.randrange(8)


def _number(content: bytearray, _other: bytes, chance: random.Random) -> None:
    """A number of two, four or eight bytes that no reader should believe."""
    at, size = _place(content, chance), chance.choice((1, 2, 4, 8))
    value = chance.choice(_ODD) % (1 << 8 * size)
    content[at : at + size] = value.to_bytes(size, chance.choice(("little", "big")))


def _cut(content: bytearray, _other: bytes, chance: random.Random) -> None:
    del content[_place(content, chance) :]


def _remove(content: bytearray, _other: bytes, chance: random.Random) -> None:
    at = _place(content, chance)
    del content[at : at + chance.choice((1, 2, 4, 16, 256))]


def _repeat(content: bytearray, _other: bytes, chance: random.Random) -> None:
    at = _place(content, chance)
    part = bytes(content[at : at + chance.choice((1, 4, 16, 256))])
    content[at:at] = part * chance.choice((1, 2, 64))


def _blank(content: bytearray, _other: bytes, chance: random.Random) -> None:
    at = _place(content, chance)
    size = len(content[at : at + chance.choice((4, 16, 256))])
    content[at : at + size] = bytes([chance.choice((0, 0xFF, 0x20))]) * size


def _insert(content: bytearray, other: bytes, chance: random.Random) -> None:
    at, start = _place(content, chance), chance.randrange(max(1, len(other)))
    content[at:at] = other[start : start + chance.choice((4, 64, 1024))]


_KINDS: tuple[Callable[[bytearray, bytes, random.Random], None], ...] = (
    _flip, _flip, _number, _number, _number, _cut, _remove, _repeat, _blank, _insert,
)  # fmt: skip
