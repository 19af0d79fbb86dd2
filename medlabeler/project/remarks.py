"""Notes, flags and favourites of images in memory. Only the journal changes them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from itertools import repeat

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import Remark
from medlabeler.project.columns import texts
from medlabeler.project.database import Database

ON = "1"
"""Value of a flag or a favourite that is set; not set it is empty."""
MOST = 20_000
"""Characters of a note."""


class RemarkStore:
    """What was said of images besides their labels: the latest remark of each kind counts.

    `revision` grows with each change.
    """

    def __init__(self, database: Database, n: int) -> None:
        self._database = database
        self._values: dict[Remark, dict[int, str]] = {what: {} for what in Remark}
        self.revision = 0
        self._any_told = False
        n_damaged = 0
        for images, kinds, values in database.blocks("SELECT image, what, value FROM remark ORDER BY id"):
            self._any_told = True
            for image, what, value in zip(images, texts(kinds), texts(values), strict=True):
                if what in set(Remark) and type(image) is int and 0 < image <= n:
                    self._put(Remark(what), image - 1, value)
                else:
                    n_damaged += 1
        if n_damaged:
            database.tell(f"{n_damaged:,} notes or marks are damaged in {database.path} and are left out.")

    def get(self, what: Remark, row: int) -> str:
        """The note of an image, or `ON` for a mark that is set; empty for none."""
        return self._values[what].get(row, "")

    def notes(self) -> dict[int, str]:
        """Every note that is not empty, by row; a copy."""
        return dict(self._values[Remark.NOTE])

    def mask(self, what: Remark, n: int) -> NDArray[np.bool_]:
        """Which of `n` images have a note, or that mark; bool (n,)."""
        out = np.zeros(n, np.bool_)
        out[list(self._values[what])] = True
        return out

    def any(self) -> bool:
        """Whether anything was said of any image."""
        return any(self._values.values())

    # What follows is for the journal, which writes to the database first.

    @staticmethod
    def write(
        connection: sqlite3.Connection,
        step: int,
        time: str,
        author: tuple[str, int],
        said: Sequence[tuple[int, Remark, str, str]],
    ) -> None:
        """Append remarks of one step, each (row, what, value, what it was); memory is left as it is."""
        annotator, session = author
        connection.executemany(
            "INSERT INTO remark (step, time, annotator, session, image, what, value, before)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                (*same, row + 1, what.value, value, before)
                for same, (row, what, value, before) in zip(
                    repeat((step, time, annotator, session)), said, strict=False
                )
            ),
        )

    def of_step(self, step: int) -> list[tuple[int, Remark, str, str]]:
        """What a step said, each (row, what, value, what it was before); what is damaged is left out."""
        if not self._any_told:
            return []
        found = self._database.rows(
            "SELECT image, what, value, before FROM remark WHERE step = ? ORDER BY id", (step,)
        )
        sound = [one for one in found if one[1] in set(Remark) and type(one[0]) is int and one[0] > 0]
        values, befores = texts([one[2] for one in sound]), texts([one[3] for one in sound])
        return [
            (image - 1, Remark(what), value, before)
            for (image, what, *_), value, before in zip(sound, values, befores, strict=True)
        ]

    def take(self, said: Sequence[tuple[int, Remark, str, str]]) -> None:
        """Show what has been committed."""
        self._any_told = True
        for row, what, value, _ in said:
            self._put(what, row, value)
        self.revision += 1

    def _put(self, what: Remark, row: int, value: str) -> None:
        if value:
            self._values[what][row] = value
        else:
            self._values[what].pop(row, None)
