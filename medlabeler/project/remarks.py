"""Notes, flags and favourites of images in memory. Only the journal changes them."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import Remark
from medlabeler.project.bulk_insert import counting
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
        self._of_step: Counter[int] = Counter()
        n_damaged = 0
        for images, kinds, values, steps in database.blocks(
            "SELECT image, what, value, step FROM remark ORDER BY id"
        ):
            self._of_step.update(steps)
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

    def n_of_step(self, step: int) -> int:
        """How many remarks a step made."""
        return self._of_step[step]

    # What follows is for the journal, which writes to the database first.

    def write(
        self,
        connection: sqlite3.Connection,
        step: int,
        time: str,
        author: tuple[str, int],
        said: Sequence[tuple[int, Remark, str, str]],
    ) -> None:
        """Append remarks of one step, at least one, each (row, what, value, what it was); memory is left as
        it is.
        """
        latest = connection.execute("SELECT COALESCE(MAX(id), 0) FROM remark").fetchone()[0]
        columns = {
            "id": range(latest + 1, latest + 1 + len(said)),
            "step": step,
            "time": time,
            "annotator": author[0],
            "session": author[1],
            "image": counting(np.array([one[0] for one in said], np.int64) + 1),
            "what": _one_or_each([one[1].value for one in said]),
            "value": _one_or_each([one[2] for one in said]),
            "before": _one_or_each([one[3] for one in said]),
        }
        self._database.insert("remark", columns, len(said))

    def of_step(self, step: int) -> list[tuple[int, Remark, str, str]]:
        """What a step said, each (row, what, value, what it was before); what is damaged is left out."""
        if not self._of_step:
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

    def take(self, step: int, said: Sequence[tuple[int, Remark, str, str]]) -> None:
        """Show what a step said, which has been committed."""
        self._of_step[step] += len(said)
        alike: dict[tuple[Remark, str], list[int]] = {}
        for row, what, value, _ in said:
            alike.setdefault((what, value), []).append(row)
        for (what, value), rows in alike.items():
            if value:
                self._values[what].update(dict.fromkeys(rows, value))
            else:
                for row in rows:
                    self._values[what].pop(row, None)
        self.revision += 1

    def _put(self, what: Remark, row: int, value: str) -> None:
        if value:
            self._values[what][row] = value
        else:
            self._values[what].pop(row, None)


def _one_or_each(values: list[str]) -> str | list[str]:
    """The text that all share, else the list."""
    return values[0] if values.count(values[0]) == len(values) else values
