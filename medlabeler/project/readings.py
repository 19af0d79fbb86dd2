"""Readings: somebody looks at a labelled image again, blind. The label stays as it is until it is settled."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import repeat
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.project.classes import ClassStore
from medlabeler.project.database import Database, now
from medlabeler.project.journal import Alongside, Joined
from medlabeler.project.labels import LabelStore

Rows = NDArray[np.int64]

_ASKS = (
    "SELECT a.id, a.draw, a.image, e.class, a.chance, e.annotator FROM reading_ask a"
    " JOIN label_event e ON e.id = a.event ORDER BY a.id"
)
_READINGS = (
    "SELECT ask, kind, class, annotator, last_event FROM reading WHERE (? IS NULL OR time <= ?) ORDER BY id"
)


_KINDS = {kind.value for kind in LabelKind}


class Purpose(StrEnum):
    """Why an image is read again. The texts are stored; never change them."""

    BULK_CHECK = "bulk check"
    REPEAT = "repeat"
    SECOND_READER = "second reader"
    MERGE = "merge"
    """Two persons labelled the same image, each in a copy of the project; see `join_alongside`."""
    ADJUDICATION = "adjudication"
    """Somebody looks, blind, at an image that two copies of the project label differently."""


OF_A_STEP = (Purpose.MERGE, Purpose.ADJUDICATION)
"""Draws that stand or fall with a step of the journal, whose number is their note."""


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
    """A question with its latest reading, the `reading`-th of all; `kind` CLEAR: there is none (0), or it was
    taken back.
    """

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
    reading: int = 0


@dataclass(slots=True)
class _Draw:
    """A sample: for whom or what, and how many images."""

    id: int
    purpose: str
    note: str
    n: int = 0


class ReadingStore:
    """Questions and readings, append-only: read once, then kept; each call is on disk when it returns."""

    def __init__(
        self,
        database: Database,
        classes: ClassStore,
        labels: LabelStore,
        author: Callable[[], tuple[str, int]],
        until: str | None = None,
    ) -> None:
        """`until`: the time up to which readings count, if they are to be as they were."""
        self._database = database
        self._classes = classes
        self._labels = labels
        self._author = author
        self._n_readings = 0
        self._by_id: dict[int, _Ask] = {}
        self._draws: dict[int, _Draw] = {}
        self._of_purpose: dict[str, list[_Ask]] = {}
        for draw, purpose, note in database.rows("SELECT id, purpose, note FROM reading_draw ORDER BY id"):
            self._draws[draw] = _Draw(draw, purpose, note)
        for ask, draw, image, first, chance, annotator in database.rows(_ASKS):
            if draw in self._draws:
                self._take_asks(self._draws[draw], [_Ask(ask, image - 1, first, chance, annotator, draw)])
        n_damaged = 0
        for ask, kind, *reading in database.rows(_READINGS, (until, until)):
            if ask in self._by_id and kind in _KINDS:
                self._take_reading([ask], kind, *reading)
            else:
                n_damaged += 1
        if n_damaged:
            database.tell(
                f"{n_damaged:,} second readings are damaged in {database.path}; they count for nothing."
            )

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
        rows, log = wanted[fresh], self._labels.log
        who, _ = log.authors(rows)
        with self._database.transaction() as connection:
            return self._ask(
                connection, purpose, rows, log.event[rows], log.class_id[rows], who, chances[fresh], note
            )

    def draw_alongside(
        self, purpose: Purpose, rows: Rows, class_ids: NDArray[np.int32], *, chance: float
    ) -> Alongside:
        """Ask again for images in the step that gives them these classes, each drawn with that `chance`; to
        be handed to `Journal.decide`.
        """
        _, asked, classes = self._open(purpose)
        # Undone and labelled the same again, an image waits already.
        open_ = set(zip(asked.tolist(), classes.tolist(), strict=True))
        new = [pair not in open_ for pair in zip(rows.tolist(), class_ids.tolist(), strict=True)]
        fresh, given = rows[new], class_ids[new]

        def write(connection: sqlite3.Connection, written: Rows, events: Rows) -> None:
            event_of = dict(zip(written.tolist(), events.tolist(), strict=True))
            theirs = np.array([event_of[row] for row in fresh.tolist()], np.int64)
            who, chances = [self._author()[0]] * len(fresh), np.full(len(fresh), chance)
            self._ask(connection, purpose, fresh, theirs, given, who, chances, "")

        return write

    def join_alongside(
        self,
        rows: Rows,
        kinds: NDArray[np.uint8],
        names: Sequence[str],
        who: Sequence[str],
        times: Sequence[str],
    ) -> Joined:
        """Keep what others said, elsewhere and at these `times`, of images that are decided here too; where
        the two differ in their classes the image waits to be looked at blind. To be handed to `Journal.join`.

        `kinds` LABEL, NOT_SURE or BAD_IMAGE, `names` of the classes, "" where the kind is no label.
        """
        log, labels = self._labels.log, self._labels
        events, given, authors = log.event[rows], labels.class_id[rows], log.authors(rows)[0]
        given = np.where(labels.kind[rows] == LabelKind.LABEL, given, np.int32(NO_CLASS)).astype(np.int32)

        def write(connection: sqlite3.Connection, step: int, ids: Mapping[str, int]) -> None:
            said = [ids[name] if name else None for name in names]
            sure, note = np.ones(len(rows)), str(step)
            first = self._next_ask(connection)
            self._ask(connection, Purpose.MERGE, rows, events, given, authors, sure, note)
            asks = list(range(first, first + len(rows)))
            answers = list(zip(asks, kinds.tolist(), said, who, times, strict=True))
            self._answer(connection, answers)
            differ = (given != NO_CLASS) & np.array([s != g for s, g in zip(said, given, strict=True)], bool)
            differ &= kinds == LabelKind.LABEL
            mixed = np.random.default_rng(step).permutation(np.flatnonzero(differ))
            self._ask(
                connection,
                Purpose.ADJUDICATION,
                rows[mixed],
                events[mixed],
                given[mixed],
                [authors[at] for at in mixed.tolist()],
                sure[mixed],
                note,
            )

        return write

    def _answer(
        self, connection: sqlite3.Connection, answers: list[tuple[int, int, int | None, str, str]]
    ) -> None:
        """Write readings: question, kind, class, by whom and when."""
        _, session = self._author()
        last = int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM label_event").fetchone()[0])
        connection.executemany(
            "INSERT INTO reading (ask, time, session, annotator, kind, class, last_event)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(ask, time, session, who, kind, class_id, last) for ask, kind, class_id, who, time in answers],
        )

        def show() -> None:
            for ask, kind, class_id, who, _ in answers:
                self._take_reading([ask], kind, class_id, who, last)

        self._database.after_commit(show)

    @staticmethod
    def _next_ask(connection: sqlite3.Connection) -> int:
        return int(connection.execute("SELECT COALESCE(MAX(id), 0) + 1 FROM reading_ask").fetchone()[0])

    def _ask(
        self,
        connection: sqlite3.Connection,
        purpose: Purpose,
        rows: Rows,
        events: NDArray[np.integer[Any]],
        classes: NDArray[np.int32],
        who: list[str],
        chances: NDArray[np.float64],
        note: str,
    ) -> int:
        """Write a draw and its questions: the labels they are about, `events`, with their `classes` and
        authors.
        """
        annotator, session = self._author()
        cursor = connection.execute(
            "INSERT INTO reading_draw (time, session, annotator, purpose, note) VALUES (?, ?, ?, ?, ?)",
            (now(), session, annotator, purpose.value, note),
        )
        draw = _Draw(int(cursor.lastrowid or 0), purpose.value, note)
        first = self._next_ask(connection)
        ids = range(first, first + len(rows))
        connection.executemany(
            "INSERT INTO reading_ask (id, draw, image, chance, event) VALUES (?, ?, ?, ?, ?)",
            zip(ids, repeat(draw.id), (rows + 1).tolist(), chances.tolist(), events.tolist(), strict=False),
        )

        def show() -> None:
            self._draws[draw.id] = draw
            facts = zip(ids, rows.tolist(), classes.tolist(), chances.tolist(), who, strict=True)
            self._take_asks(draw, [_Ask(*fact, draw.id) for fact in facts])

        self._database.after_commit(show)
        return draw.id

    def waiting(self, purpose: Purpose) -> Rows:
        """Images to ask, int64, in the order they were drawn. Those whose label is no longer the one that
        was to be read again are left out.
        """
        return self._waiting(purpose)[1]

    def reader(self, purpose: Purpose) -> str:
        """Who the latest sample was drawn for: the note of its draw, empty if there is none."""
        latest = self._latest(purpose)
        return latest.note if latest is not None else ""

    def drawn(self, purpose: Purpose) -> int:
        """How many images the latest draw asked for."""
        latest = self._latest(purpose)
        return latest.n if latest is not None else 0

    def _latest(self, purpose: Purpose) -> _Draw | None:
        """The latest draw for a purpose."""
        return next((d for d in reversed(self._draws.values()) if d.purpose == purpose.value), None)

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
        read = [ask for ask in self._asks(purpose) if ask.row == row and ask.reading]
        last = max(read, key=lambda ask: ask.reading, default=None)
        if last is not None and last.kind != LabelKind.CLEAR:
            self._append([last.id], LabelKind.CLEAR, None, None)

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
        """All questions of a purpose, in the order they were drawn, each with its latest reading."""
        asks = self._of_purpose.get(purpose.value, [])
        if purpose not in OF_A_STEP:
            return asks
        standing = {d.id for d in self._draws.values() if d.purpose == purpose.value and self._stands(d)}
        return [ask for ask in asks if ask.draw in standing]

    def _stands(self, draw: _Draw) -> bool:
        return draw.note.isdecimal() and self._labels.log.standing(int(draw.note))

    def _take_asks(self, draw: _Draw, asks: list[_Ask]) -> None:
        """Show committed questions."""
        draw.n += len(asks)
        self._by_id |= {ask.id: ask for ask in asks}
        self._of_purpose.setdefault(draw.purpose, []).extend(asks)

    def _take_reading(
        self, asks: list[int], kind: int, class_id: int | None, annotator: str, last_event: int
    ) -> None:
        """Show a committed reading of each of these questions."""
        for ask in asks:
            known = self._by_id[ask]
            self._n_readings += 1
            known.reading = self._n_readings
            known.kind, known.second = LabelKind(kind), class_id
            known.second_annotator, known.last_event = annotator, last_event

    def _append(self, asks: list[int], kind: LabelKind, class_id: int | None, annotator: str | None) -> None:
        author, session = self._author()
        reader = author if annotator is None else annotator
        with self._database.transaction() as connection:
            last = int(connection.execute("SELECT COALESCE(MAX(id), 0) FROM label_event").fetchone()[0])
            connection.executemany(
                "INSERT INTO reading (ask, time, session, annotator, kind, class, last_event)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                [(ask, now(), session, reader, int(kind), class_id, last) for ask in asks],
            )
        self._take_reading(asks, kind, class_id, reader, last)

    def _resolved(self, classes: Iterable[int | None]) -> NDArray[np.int32]:
        stored = np.array([NO_CLASS if c is None else c for c in classes], np.int32)
        return self._classes.resolve(stored)
