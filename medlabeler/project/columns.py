"""Pieces of the catalog: what an import hands in, and columns that grow."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

NEVER = -(2**63 - 1)
"""Time of a file that no file has."""


@dataclass(frozen=True)
class NewImage:
    """An image as an import found it. `path` is POSIX, relative to `root`, or absolute if it lies outside.

    `row`: the image of the project that this is, if its content was recognised under a new name.
    """

    root: str
    path: str
    digest: str
    width: int
    height: int
    mode: str
    n_bytes: int
    mtime_ns: int
    given_split: str = ""
    group: str | None = None
    reference: str | None = None
    metadata: dict[str, str] = field(default_factory=dict)
    row: int | None = None


@dataclass(frozen=True)
class ImageFiles:
    """Where n images lie and what was known of their files: `root` int32 (n,) codes into `roots`, `names`
    relative to them, `n_bytes` and `mtime_ns` int64 (n,), `digest` S64 (n,).

    Cheap to make; the paths are put together by whoever has the time.
    """

    roots: list[str]
    root: NDArray[np.int32]
    names: list[str]
    n_bytes: NDArray[np.int64]
    mtime_ns: NDArray[np.int64]
    digest: NDArray[np.bytes_]

    def files(self) -> list[str]:
        """Absolute path of every image."""
        roots = [self.roots[code] for code in self.root.tolist()]
        return [joined(root, name) for root, name in zip(roots, self.names, strict=True)]

    def known(self) -> dict[str, tuple[int, int]]:
        """Absolute path -> (bytes, mtime in ns), so that importing again reads only what changed."""
        facts = zip(self.n_bytes.tolist(), self.mtime_ns.tolist(), strict=True)
        return dict(zip(self.files(), facts, strict=True))


@dataclass(frozen=True)
class Column:
    """A text of n images as codes: `codes` int32 (n,) into `names`, -1 where there is none."""

    names: Sequence[str]
    codes: NDArray[np.int32]

    def texts(self) -> list[str]:
        """The text of every image, "" for none."""
        names = [*self.names, ""]
        return [names[code] for code in self.codes.tolist()]


class Names:
    """Texts as codes 0, 1, 2, ... in the order they were met; -1 for none."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = list(names)
        self._codes = {name: code for code, name in enumerate(self.names)}

    def code(self, name: str | None) -> int:
        """The code of a name, a new one if it is met for the first time."""
        if not name:
            return -1
        found = self._codes.get(name)
        if found is None:
            found = self._codes[name] = len(self.names)
            self.names.append(name)
        return found


def texts(values: Iterable[Any]) -> list[str]:
    """What a column of texts says, "" for none; whatever else damage made of one, as text."""
    found = list(values)
    if set(map(type, found)) <= {str}:
        return found
    return ["" if v is None else v if isinstance(v, str) else _text(v) for v in found]


def _text(value: Any) -> str:
    return value.decode("utf-8", "backslashreplace") if isinstance(value, bytes) else str(value)


def numbers(
    values: Sequence[Any], dtype: type[np.integer[Any]], low: int, high: int, instead: int
) -> tuple[NDArray[Any], NDArray[np.int64]]:
    """A column of whole numbers in low..high, and the positions (k,) of what is none and reads `instead`."""
    try:
        array = np.array(values)
    except (OverflowError, ValueError):
        array = np.array(values, object)
    if array.dtype.kind == "i" and low <= array.min() and array.max() <= high:
        return array.astype(dtype), np.empty(0, np.int64)
    sound = [type(v) is int and low <= v <= high for v in values]
    array = np.array([v if good else instead for v, good in zip(values, sound, strict=True)], dtype)
    return array, np.flatnonzero(~np.array(sound, np.bool_))


class Growing:
    """Makes arrays longer, by name, with room behind them: images come some thousand at a time, and to copy
    all there are for each of these parts would take longer the more there are.
    """

    def __init__(self) -> None:
        self._rooms: dict[str, tuple[NDArray[Any], int]] = {}

    def longer(self, name: str, array: NDArray[Any], values: Any) -> NDArray[Any]:
        """`array` with `values` behind it, of the same type. The result may share its memory with `array`, if
        that is what was last given out under this name.
        """
        more, n = np.asarray(values, array.dtype), len(array)
        end = n + len(more)
        room, used = self._rooms.get(name, (array, -1))
        if array.base is not room or used != n or end > len(room):
            room = np.empty(end + end // 2, array.dtype)
            room[:n] = array
        room[n:end] = more
        self._rooms[name] = room, end
        return room[:end]


def joined(root: str, path: str) -> str:
    """The file at a POSIX path relative to a folder, as the operating system writes it."""
    native = path if os.sep == "/" else path.replace("/", os.sep)
    return os.path.join(root, native)  # noqa: PTH118 - called for every image
