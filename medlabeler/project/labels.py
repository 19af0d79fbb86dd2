"""The labels of a project in memory: what stands now, as arrays over images."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelEvent, LabelKind, LabelSource, Split
from medlabeler.project.classes import ClassStore
from medlabeler.project.columns import Growing
from medlabeler.project.database import BLOCK, Database, Reader
from medlabeler.project.event_log import EventLog
from medlabeler.project.kept_reading import Kept

_EVENT = (
    "id, step, time, image, annotator, kind, class, source, strategy, inclusion_probability,"
    " shown_class, shown_confidence, model_revision, blind, session"
)
TRAIL_FACTS = (
    "time", "session", "step", "kind", "class", "source", "strategy", "blind", "shown_class",
    "model_revision", "annotator",
)  # fmt: skip
"""Columns of an event in the order of `trail_facts`; what a person typed is the last."""
_APART = "\x1f"
_KINDS, _SOURCES = {kind.value for kind in LabelKind}, {source.value for source in LabelSource}
_SAME = " AND ".join(f"{name} IS ?" for name in TRAIL_FACTS)
_ALIKE_IMAGES = (
    "SELECT COUNT(*), group_concat(image) FROM label_event NOT INDEXED WHERE id BETWEEN ? AND ?"  # noqa: S608
    f" AND {_SAME} AND inclusion_probability IS NULL AND shown_confidence IS NULL"
)
"""In the order of their ids: without an index rows are read as they lie."""
_ALIKE = 500
"""Events of one step from which on it is worth to ask whether they have their facts in common."""
AT_ONCE = 500
"""Events asked for by id in one query."""
FEW = 10_000
"""Of a change of more labels than these it is quicker to look at all of them again."""
_NO_ROWS = np.empty(0, np.int64)


@dataclass(frozen=True)
class TrailBlock:
    """Consecutive events: each with a row, or by nothing but their images, all else being the same.

    `facts`: what they have in common, for `trail_facts`. `rows`: of each event its id, image,
    inclusion_probability, shown_confidence, and facts of its own, None where they are those in common.
    `first`: the id of the first of `images`, ids of images as stored, in whose place there are no rows.
    """

    facts: str
    rows: list[tuple[Any, ...]]
    first: int = 0
    images: Sequence[int] = ()


class LabelStore:
    """The label of an image is its latest event, whoever made it. Only the journal changes labels.

    Arrays have length n = number of images and are replaced, never changed in place.
    """

    def __init__(
        self,
        database: Database,
        classes: ClassStore,
        n: int,
        until: int | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`until`: the last step that counts, if they are to be as they were; `kept`: see `EventLog`."""
        self._database = database
        self._classes = classes
        self._class_id: NDArray[np.int32]
        self._kind: NDArray[np.uint8]
        self._growing = Growing()
        self._before: ref[NDArray[np.int32]] | None = None
        self._changed = _NO_ROWS  # since then
        self.log = EventLog(database, n, classes.known, until, kept)
        last = database.row("SELECT MAX(id) FROM step")
        self.revision = int((last and last[0]) or 0) if until is None else until
        self._show()

    @property
    def n(self) -> int:
        """Number of images."""
        return len(self.log.kind)

    @property
    def class_id(self) -> NDArray[np.int32]:
        """Class of each image, int32 (n,), NO_CLASS where it has none."""
        return self._class_id

    @property
    def kind(self) -> NDArray[np.uint8]:
        """`LabelKind` of each image, uint8 (n,); CLEAR where nobody decided, or the class was deleted."""
        return self._kind

    @property
    def event(self) -> NDArray[np.int64]:
        """Id of each image's latest event, int64 (n,), 0 where there is none: sorts images by time.

        Changed in place.
        """
        return self.log.event

    def changed_since(self, class_id: NDArray[np.int32]) -> NDArray[np.int64] | None:
        """The rows, int64, ascending, whose label may be another than when the property of that name gave
        `class_id`; None where that is not known: it was long ago, or very many changed.
        """
        if class_id is self._class_id:
            return _NO_ROWS
        return self._changed if self._before is not None and self._before() is class_id else None

    @property
    def n_labelled(self) -> int:
        """Number of images with a class, in the pool and in the test set."""
        return int((self._kind == LabelKind.LABEL).sum())

    def counts(self, split: Split = Split.POOL) -> dict[int, int]:
        """Number of labelled images of each live class, by class id; of one split."""
        class_ids = self._class_id[(self._kind == LabelKind.LABEL) & (self._split == split)]
        found = np.bincount(class_ids, minlength=1) if len(class_ids) else np.zeros(1, np.int64)
        return {c.id: int(found[c.id]) if c.id < len(found) else 0 for c in self._classes.all()}

    def trained_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Images a classifier learns from: rows int64 and class ids int32 of labelled pool images."""
        return self._labelled(Split.POOL)

    def test_rows(self) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Labelled images of the test set: rows int64 and class ids int32."""
        return self._labelled(Split.TEST)

    def rows_of_class(self, class_id: int) -> NDArray[np.int64]:
        """Rows, int64, labelled with that class, the latest decision first."""
        rows = np.flatnonzero((self._class_id == class_id) & (self._kind == LabelKind.LABEL))
        return rows[np.argsort(-self.log.event[rows], kind="stable")]

    def events(self, row: int) -> list[LabelEvent]:
        """All that was ever decided about one image, oldest first; on any thread."""
        ids = self.log.of_image(int(row))
        with self._database.reader() as reader:
            return list(_by_id(reader, ids))

    def trail(self) -> list[tuple[LabelEvent, str, bool]]:
        """All events there ever were, oldest first, each with its step's name and whether the step stands."""
        found = self._database.rows(
            f"SELECT {', '.join('e.' + name.strip() for name in _EVENT.split(','))}, s.name,"  # noqa: S608
            " s.kind = 'do' AND s.done = 1 FROM label_event e JOIN step s ON s.id = e.step ORDER BY e.id"
        )
        return [(_event(*values[:-2]), str(values[-2]), bool(values[-1])) for values in found]

    def trail_blocks(self) -> Iterator[TrailBlock]:
        """The events of `trail` as they are stored, some thousand at a time.

        A value for each of a million rows and eleven columns takes longer to make than all else, to put a
        text together longer than to see that it would be the same, and of a large step only the images
        differ: they come as one text.
        """
        put_together = f"printf('{_APART.join(['%s'] * len(TRAIL_FACTS))}', {', '.join(TRAIL_FACTS)})"
        each = "SELECT id, image, inclusion_probability, shown_confidence"
        within = "FROM label_event WHERE id BETWEEN ? AND ? ORDER BY id"
        for first, last, alike in self._stretches():
            facts = self._facts_of((first + last) // 2) if alike else None  # the first may be an exception
            if facts is None:
                for rows in self._database.rows_in_blocks(f"{each}, {put_together} {within}", (first, last)):
                    yield TrailBlock("", rows)
                continue
            common = _APART.join("" if value is None else str(value) for value in facts)
            differs = f"CASE WHEN {_SAME} THEN NULL ELSE {put_together} END"
            for start in range(first, last + 1, BLOCK):
                end = min(last, start + BLOCK - 1)
                images = self._images_of_alike(facts, start, end)
                if images is not None:
                    yield TrailBlock(common, [], start, images)
                    continue
                yield TrailBlock(
                    common, self._database.rows(f"{each}, {differs} {within}", (*facts, start, end))
                )

    def _images_of_alike(self, facts: tuple[Any, ...], first: int, last: int) -> list[int] | None:
        """The images of the events `first` to `last`; None where some are not there or differ otherwise."""
        n, images = self._database.row(_ALIKE_IMAGES, (first, last, *facts)) or (0, "")
        if n != last - first + 1:
            return None
        try:
            found = list(map(int, images.split(",")))
        except ValueError:  # damaged
            return None
        return found if len(found) == n else None

    def _stretches(self) -> Iterator[tuple[int, int, bool]]:
        """All ids of events in order, from one to another, and whether that is a large step."""
        steps = "SELECT first_event, last_event FROM step WHERE last_event - first_event >= ? ORDER BY 1"
        behind = 0
        (highest,) = self._database.row("SELECT COALESCE(MAX(id), 0) FROM label_event") or (0,)
        for first, last in self._database.rows(steps, (_ALIKE,)):
            if type(first) is type(last) is int and behind < first and last <= highest:  # else it is damaged
                yield behind + 1, first - 1, False
                yield first, last, True
                behind = last
        yield behind + 1, 2**63 - 1, False

    def _facts_of(self, event: int) -> tuple[Any, ...] | None:
        """The `TRAIL_FACTS` of an event as they are stored; None where there is no such event."""
        return self._database.row(f"SELECT {', '.join(TRAIL_FACTS)} FROM label_event WHERE id = ?", (event,))  # noqa: S608

    def steps(self) -> dict[int, tuple[str, bool]]:
        """Name of each step there ever was, by id, and whether it stands."""
        found = self._database.rows("SELECT id, name, kind = 'do' AND done = 1 FROM step")
        return {step: (str(name), bool(stands)) for step, name, stands in found}

    def latest(self, rows: NDArray[np.int64] | None = None) -> dict[int, LabelEvent]:
        """The latest event of every image that has one, by row; of these images, or of all."""
        ids = self.log.event if rows is None else self.log.event[rows]
        return dict(sorted((event.image_id - 1, event) for event in self.by_id(ids[ids > 0])))

    def by_id(self, ids: NDArray[np.int64]) -> Iterator[LabelEvent]:
        """The events with these ids, in no order."""
        return _by_id(self._database, ids.tolist())

    def drawn_blind(self) -> NDArray[np.bool_]:
        """Images (n,) whose label came by a random draw of known chance and without sight of a prediction.

        A second look that kept the label leaves it what it was: if only images that the classifier agrees
        with stayed, the accuracy measured on them would be too high. Labels that were adopted from the
        reference or read from a file are none, whatever chance they were drawn with: nobody gave them here,
        blind or not.
        """
        drawn = self.log.drawn_blind()
        same = self._classes.resolve(drawn) == self.class_id
        return np.asarray((drawn != NO_CLASS) & same & (self.kind == LabelKind.LABEL))

    def not_given_here(self) -> NDArray[np.bool_]:
        """Images (n,) whose label was adopted from the reference or read from a file."""
        return np.asarray(self.log.brought() & (self.kind == LabelKind.LABEL))

    def origins(
        self, rows: NDArray[np.int64]
    ) -> tuple[list[LabelSource], NDArray[np.int32], NDArray[np.bool_]]:
        """How the labels of these images came about; see `EventLog.origins`."""
        return self.log.origins(rows)

    def looked_again(self, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Which of these images (m,) a second look decided about last, undone steps left out: they are
        settled.
        """
        return self.log.looked_again(rows)

    def annotators(self) -> list[str]:
        """Everyone who made a decision, sorted."""
        return [
            name for (name,) in self._database.rows("SELECT DISTINCT annotator FROM label_event ORDER BY 1")
        ]

    def _labelled(self, split: Split) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        rows = np.flatnonzero((self._kind == LabelKind.LABEL) & (self._split == split))
        return rows, self._class_id[rows]

    # What follows is for the journal and the catalog, which write to the database first.

    def show(self, revision: int, rows: NDArray[np.int64] | None = None) -> None:
        """Show what the log or the classes have taken in; `rows`: of these images alone, the classes are what
        they were.
        """
        self.revision = revision
        if rows is None:
            self._show()
            return
        self._note(rows)
        class_id, kind = self._class_id.copy(), self._kind.copy()
        if len(rows) == 1:  # a click waits for it
            row = rows.item()
            now, meant = int(self.log.kind[row]), int(self._classes.resolve(self.log.class_id[row]))
            kind[row] = 0 if now == LabelKind.LABEL and meant == NO_CLASS else now
            class_id[row] = meant
            self._class_id, self._kind = class_id, kind
            return
        class_id[rows] = self._classes.resolve(self.log.class_id[rows])
        kinds = self.log.kind[rows]
        kinds[(kinds == LabelKind.LABEL) & (class_id[rows] == NO_CLASS)] = LabelKind.CLEAR
        kind[rows] = kinds
        self._class_id, self._kind = class_id, kind

    def use_split(self, split: NDArray[np.uint8]) -> None:
        """Follow the catalog: new images have no label yet, and `counts` needs to know where they stand."""
        self._split = split
        more = len(split) - self.n
        if more > 0:
            self.log.grow(len(split))
            self._before = None
            self._class_id = self._growing.longer("class", self._class_id, [NO_CLASS] * more)
            self._kind = self._growing.longer("kind", self._kind, [int(LabelKind.CLEAR)] * more)

    def _note(self, rows: NDArray[np.int64]) -> None:
        """These images are about to get other labels."""
        few = len(rows) <= FEW
        self._before = ref(self._class_id) if few else None
        self._changed = np.unique(rows) if few else _NO_ROWS

    def _show(self) -> None:
        self._before = None
        self._class_id = self._classes.resolve(self.log.class_id)
        kind = self.log.kind.copy()
        kind[(kind == LabelKind.LABEL) & (self._class_id == NO_CLASS)] = LabelKind.CLEAR
        self._kind = kind


def trail_facts(put_together: str) -> list[str]:
    """The `TRAIL_FACTS` of an event of `LabelStore.trail_blocks` as texts, empty for none."""
    return put_together.split(_APART, len(TRAIL_FACTS) - 1)


def _by_id(reader: Reader, ids: Sequence[int]) -> Iterator[LabelEvent]:
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        found = reader.rows(
            f"SELECT {_EVENT} FROM label_event WHERE id IN ({', '.join('?' * len(some))}) ORDER BY id",  # noqa: S608
            some,
        )
        yield from (_event(*values) for values in found)


def _event(*row: Any) -> LabelEvent:
    """An event as stored. Damaged, its kind reads as undecided and its source as one that is no draw."""
    values = list(row)
    values[5] = LabelKind(row[5]) if row[5] in _KINDS else LabelKind.CLEAR
    values[7] = LabelSource(row[7]) if row[7] in _SOURCES else LabelSource.BULK
    values[13] = bool(row[13])
    return LabelEvent(*values)


def training_labels(
    class_id: NDArray[np.int32], kind: NDArray[np.uint8], split: NDArray[np.uint8]
) -> NDArray[np.int32]:
    """What a classifier may learn from: class of POOL images labelled with a class, else NO_CLASS."""
    usable = kind == LabelKind.LABEL
    usable &= split == Split.POOL
    return np.where(usable, class_id, np.int32(NO_CLASS))
