"""Readings: somebody looks at a labelled image again, blind. The label stays as it is until it is settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.project.classes import ClassStore
from medlabeler.project.database import Database, now
from medlabeler.project.journal import Alongside
from medlabeler.project.labels import LabelStore

Rows = NDArray[np.int64]

_ASKS = (
    "SELECT a.id, d.purpose, a.image, e.class, a.chance, e.annotator, a.draw FROM reading_ask a"
    " JOIN reading_draw d ON d.id = a.draw JOIN label_event e ON e.id = a.event WHERE a.id > ? ORDER BY a.id"
)
_READINGS = "SELECT id, ask, class, kind, annotator, last_event FROM reading WHERE id > ? ORDER BY id"


class Purpose(StrEnum):
    """Why an image is read again. The texts are stored; never change them."""

    BULK_CHECK = "bulk check"
    REPEAT = "repeat"
    SECOND_READER = "second reader"


@dataclass(frozen=True)
class Pairs:
    """Readings of one purpose beside the labels they are compared with, in the order they were drawn.

    `rows` int64 (m,); `first` and `second` class ids int32 (m,), merges followed: the label when the image
    was drawn, and the reading (NO_CLASS where it is not a class, see `kind` uint8 (m,), a `LabelKind`, or
    where the class was deleted). `chance` float64 (m,): with which probability each image was drawn.
    `first_annotator`, `second_annotator`: who, (m,) texts. `draw` int64 (m,). `settled` bool (m,): somebody
    decided about the image after the reading.
    """

    rows: Rows
    first: NDArray[np.int32]
    second: NDArray[np.int32]
    kind: NDArray[np.uint8]
    chance: NDArray[np.float64]
    first_annotator: list[str]
    second_annotator: list[str]
    draw: Rows
    settled: NDArray[np.bool_]

    @property
    def differ(self) -> NDArray[np.bool_]:
        """Where label and reading are not the same, bool (m,); "not sure" and "bad image" differ too."""
        return np.asarray((self.first != self.second) | (self.kind != LabelKind.LABEL))

    def of(self, chosen: NDArray[np.bool_] | Rows) -> Pairs:
        """Some of the pairs, by mask or by places."""
        at = np.flatnonzero(chosen) if chosen.dtype == np.bool_ else chosen
        names = [[texts[i] for i in at.tolist()] for texts in (self.first_annotator, self.second_annotator)]
        return Pairs(self.rows[at], self.first[at], self.second[at], self.kind[at], self.chance[at],
                     names[0], names[1], self.draw[at], self.settled[at])  # fmt: skip


@dataclass(slots=True)
class _Ask:
    """A question with its latest reading; `kind` CLEAR: there is none, or it was taken back."""

    id: int
    row: int
    first: int | None
    chance: float
    first_annotator: str
    draw: int
    kind: LabelKind = LabelKind.CLEAR
    second: int | None = None
    second_annotator: str = ""
    last_event: int = 0


class ReadingStore:
    """Questions and readings, append-only; each call is on disk when it returns."""

    def __init__(
        self,
        database: Database,
        classes: ClassStore,
        labels: LabelStore,
        author: Callable[[], tuple[str, int]],
    ) -> None:
        self._database = database
        self._classes = classes
        self._labels = labels
        self._author = author
        self._by_id: dict[int, _Ask] = {}
        self._by_purpose: dict[str, list[_Ask]] = {}
        self._last_ask = self._last_reading = 0

    def draw(
        self,
        purpose: Purpose,
        rows: Rows | Iterable[int],
        *,
        chance: float | NDArray[np.floating[Any]],
        note: str = "",
    ) -> int:
        """Ask for these labelled images again, in this order; returns the id of the draw.

        `chance`: the probability, 0..1, with which each was drawn, one for all or one per row. Images that
        already wait for this purpose are not asked twice. `ValueError` for an image without a class.
        """
        wanted = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)
        if (self._labels.kind[wanted] != LabelKind.LABEL).any():
            raise ValueError("only an image with a class can be read again")
        chances = np.broadcast_to(np.asarray(chance, np.float64), wanted.shape)
        fresh = ~np.isin(wanted, self.waiting(purpose))
        events = self._labels.event[wanted]
        with self._database.transaction() as connection:
            return self._ask(connection, purpose, wanted[fresh], events[fresh], chances[fresh], note)

    def draw_alongside(
        self, purpose: Purpose, rows: Rows, class_ids: NDArray[np.int32], *, chance: float
    ) -> Alongside:
        """Ask again for images in the step that gives them these classes, each drawn with that `chance`; to
        be handed to `Journal.decide`.
        """
        _, asked, classes = self._open(purpose)
        # Undone and labelled the same again, an image waits already.
        open_ = set(zip(asked.tolist(), classes.tolist(), strict=True))
        fresh = rows[[pair not in open_ for pair in zip(rows.tolist(), class_ids.tolist(), strict=True)]]

        def write(connection: sqlite3.Connection, written: Rows, events: Rows) -> None:
            event_of = dict(zip(written.tolist(), events.tolist(), strict=True))
            theirs = np.array([event_of[row] for row in fresh.tolist()], np.int64)
            self._ask(connection, purpose, fresh, theirs, np.full(len(fresh), chance), "")

        return write

    def _ask(
        self,
        connection: sqlite3.Connection,
        purpose: Purpose,
        rows: Rows,
        events: NDArray[np.integer[Any]],
        chances: NDArray[np.float64],
        note: str,
    ) -> int:
        annotator, session = self._author()
        cursor = connection.execute(
            "INSERT INTO reading_draw (time, session, annotator, purpose, note) VALUES (?, ?, ?, ?, ?)",
            (now(), session, annotator, purpose.value, note),
        )
        draw = int(cursor.lastrowid or 0)
        connection.executemany(
            "INSERT INTO reading_ask (draw, image, chance, event) VALUES (?, ?, ?, ?)",
            zip(repeat(draw), (rows + 1).tolist(), chances.tolist(), events.tolist(), strict=False),
        )
        return draw

    def waiting(self, purpose: Purpose) -> Rows:
        """Images to ask, int64, in the order they were drawn. Those whose label is no longer the one that
        was to be read again are left out.
        """
        return self._waiting(purpose)[1]

    def reader(self, purpose: Purpose) -> str:
        """Who the latest sample was drawn for: the note of its draw, empty if there is none."""
        found = self._database.row(
            "SELECT note FROM reading_draw WHERE purpose = ? ORDER BY id DESC LIMIT 1", (purpose.value,)
        )
        return str(found[0]) if found else ""

    def drawn(self, purpose: Purpose) -> int:
        """How many images the latest draw asked for."""
        found = self._database.row(
            "SELECT COUNT(*) FROM reading_ask WHERE draw ="
            " (SELECT MAX(id) FROM reading_draw WHERE purpose = ?)",
            (purpose.value,),
        )
        return int(found[0]) if found else 0

    def record(
        self,
        row: int,
        kind: LabelKind,
        class_id: int | None,
        purpose: Purpose,
        annotator: str | None = None,
    ) -> None:
        """Store what was said; `annotator` if it was not the one of the project. SKIP: passed over.

        `ValueError` if the image does not wait, or for a label without a class.
        """
        asks, rows = self._waiting(purpose)
        at = np.flatnonzero(rows == row)
        if not len(at):
            raise ValueError("an image that is not asked for")
        if (kind == LabelKind.LABEL) != (class_id is not None) or kind == LabelKind.CLEAR:
            raise ValueError("a label needs a class, anything else has none")
        self._append([int(asks[at[0]])], kind, class_id, annotator)

    def take_back(self, row: int, purpose: Purpose) -> None:
        """Take back the last reading of an image, which then waits again; nothing if there is none."""
        found = self._database.row(
            "SELECT ask, kind FROM reading JOIN reading_ask a ON a.id = ask JOIN reading_draw d ON"
            " d.id = a.draw WHERE a.image = ? AND d.purpose = ? ORDER BY reading.id DESC LIMIT 1",
            (row + 1, purpose.value),
        )
        if found is not None and found[1] != LabelKind.CLEAR:
            self._append([int(found[0])], LabelKind.CLEAR, None, None)

    def end(self, purpose: Purpose) -> int:
        """Pass over all that still wait; how many they were."""
        asks, _ = self._waiting(purpose)
        self._append(asks.tolist(), LabelKind.SKIP, None, None)
        return len(asks)

    def pairs(self, purpose: Purpose) -> Pairs:
        """Everything that was read for a purpose; images passed over, and readings taken back, are not."""
        asks = [ask for ask in self._asks(purpose) if ask.kind not in (LabelKind.CLEAR, LabelKind.SKIP)]
        rows = np.array([ask.row for ask in asks], np.int64)
        return Pairs(
            rows,
            self._resolved([ask.first for ask in asks]),
            self._resolved([ask.second for ask in asks]),
            np.array([ask.kind for ask in asks], np.uint8),
            np.array([ask.chance for ask in asks], np.float64),
            [ask.first_annotator for ask in asks],
            [ask.second_annotator for ask in asks],
            np.array([ask.draw for ask in asks], np.int64),
            self._labels.log.decided(rows) > np.array([ask.last_event for ask in asks], np.int64),
        )

    def _open(self, purpose: Purpose) -> tuple[Rows, Rows, NDArray[np.int32]]:
        """Ids of questions without an answer, their rows, and the classes that are to be read again."""
        asks = [ask for ask in self._asks(purpose) if ask.kind == LabelKind.CLEAR]
        ids, rows = (
            np.array([ask.id for ask in asks], np.int64),
            np.array([ask.row for ask in asks], np.int64),
        )
        return ids, rows, self._resolved([ask.first for ask in asks])

    def _waiting(self, purpose: Purpose) -> tuple[Rows, Rows]:
        """Ids of questions to ask, and their rows."""
        ids, rows, first = self._open(purpose)
        stands = (first == self._labels.class_id[rows]) & (self._labels.kind[rows] == LabelKind.LABEL)
        ids, rows = ids[stands], rows[stands]
        _, at = np.unique(rows, return_index=True)
        at = np.sort(at)
        return ids[at], rows[at]

    def _asks(self, purpose: Purpose) -> list[_Ask]:
        """All questions of a purpose, in the order they were drawn, each with its latest reading.

        They are kept in memory; what was written since is read from the end of its table.
        """
        for ask, for_purpose, image, first, chance, annotator, draw in self._database.rows(
            _ASKS, (self._last_ask,)
        ):
            known = _Ask(ask, image - 1, first, chance, annotator, draw)
            self._by_id[ask] = known
            self._by_purpose.setdefault(for_purpose, []).append(known)
            self._last_ask = ask
        for reading, ask, second, kind, annotator, last in self._database.rows(
            _READINGS, (self._last_reading,)
        ):
            known = self._by_id[ask]
            known.second, known.kind = second, LabelKind(kind)
            known.second_annotator, known.last_event = annotator, last
            self._last_reading = reading
        return self._by_purpose.get(purpose.value, [])

    def _append(self, asks: list[int], kind: LabelKind, class_id: int | None, annotator: str | None) -> None:
        author, session = self._author()
        with self._database.transaction() as connection:
            last = connection.execute("SELECT COALESCE(MAX(id), 0) FROM label_event").fetchone()[0]
            connection.executemany(
                "INSERT INTO reading (ask, time, session, annotator, kind, class, last_event)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [
                    (ask, now(), session, author if annotator is None else annotator, int(kind), class_id,
                     int(last))
                    for ask in asks
                ],
            )  # fmt: skip

    def _resolved(self, classes: Iterable[int | None]) -> NDArray[np.int32]:
        stored = np.array([NO_CLASS if c is None else c for c in classes], np.int32)
        return self._classes.resolve(stored)
