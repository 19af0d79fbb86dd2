"""Images that lie elsewhere now, and images whose place another picture has taken."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from medlabeler.project.columns import NEVER, NewImage

_SET_ASIDE = re.compile(r" \(replaced, [0-9a-f]{8}\)$")
_DECISIONS = ("label_event", "remark", "reading_ask")
"""Tables with a column `image` in which a person is remembered; the id of an image is its row + 1."""

Place = tuple[int, str]
"""Id of a folder and path in it."""


def is_set_aside(path: str) -> bool:
    """Whether this is the path of an image in whose place another picture lies now."""
    return path.endswith(")") and _SET_ASIDE.search(path) is not None


class Moves:
    """Where images go. `places`: row -> its new place, in the order in which they must be stored."""

    def __init__(
        self,
        rows_of: Mapping[int, Mapping[str, int]],
        root: NDArray[np.int32],
        path: Sequence[str],
        digest: NDArray[np.bytes_],
        connection: sqlite3.Connection,
    ) -> None:
        self._rows_of, self._root, self._path = rows_of, root, path
        self._digest, self._connection = digest, connection
        self._decided: frozenset[int] | None = None
        self._taken: dict[Place, int | None] = {}
        self.places: dict[int, Place] = {}
        self._steps: list[tuple[int, Place]] = []

    def settle(
        self, images: Sequence[NewImage], roots: Mapping[str, int]
    ) -> tuple[list[NewImage], list[tuple[int, NewImage]]]:
        """Which images are new, and which are known, by row."""
        new: list[NewImage] = []
        old: list[tuple[int, NewImage]] = []
        # Whoever is recognised leaves its place before another picture is met there.
        for image in sorted(images, key=lambda image: image.row is None):
            place = roots[image.root], image.path
            there = self._row_at(place)
            if image.row is not None and self._is(image.row, image):
                if there is not None and there != image.row:
                    self._set_aside(there)
                self._move(image.row, place)
                old.append((image.row, image))
            elif there is None:
                new.append(image)
            elif self._is(there, image) or not self._is_decided(there):
                old.append((there, image))
            else:
                self._set_aside(there)
                new.append(image)
        return new, old

    def store(self) -> None:
        """Write the new places."""
        self._connection.executemany(
            "UPDATE image SET root = ?, path = ? WHERE id = ?",
            [(root, path, row + 1) for row, (root, path) in self._steps],
        )
        self._connection.executemany(
            "UPDATE image SET mtime_ns = ? WHERE id = ?", [(NEVER, row + 1) for row in self.set_aside()]
        )

    def set_aside(self) -> list[int]:
        """Rows that have no file any more."""
        return [row for row, (_, path) in self.places.items() if is_set_aside(path)]

    def _is(self, row: int, image: NewImage) -> bool:
        return row < len(self._path) and self._digest[row] == image.digest.encode("ascii")

    def _is_decided(self, row: int) -> bool:
        """Whether anything was ever decided of an image, undone things included."""
        if self._decided is None:
            self._decided = frozenset(
                int(image) - 1
                for table in _DECISIONS
                for (image,) in self._connection.execute(f"SELECT DISTINCT image FROM {table}")  # noqa: S608
            )
        return row in self._decided

    def _row_at(self, place: Place) -> int | None:
        if place in self._taken:
            return self._taken[place]
        return self._rows_of.get(place[0], {}).get(place[1])

    def _place(self, row: int) -> Place:
        return self.places.get(row) or (int(self._root[row]), self._path[row])

    def _move(self, row: int, to: Place) -> None:
        was = self._place(row)
        if was == to:
            return
        self._taken[was] = None
        self._taken[to] = row
        self.places[row] = to
        self._steps.append((row, to))

    def _set_aside(self, row: int) -> None:
        root, path = self._place(row)
        self._move(
            row,
            (
                root,
                f"{path} (replaced, {self._digest[row].decode('ascii', 'replace')[:8]})",
            ),
        )
