"""The only writer of labels, classes and remarks. Each call is one step: committed before it returns, undone
as a whole.
"""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, LabelSource, Remark
from medlabeler.project.bulk_insert import counting, one_or_each, without
from medlabeler.project.classes import ClassRow, ClassStore, row_from_json
from medlabeler.project.database import Database, now
from medlabeler.project.event_log import EventFacts
from medlabeler.project.journal_values import checked_colour, class_payload, last_of_each, per_row
from medlabeler.project.labels import LabelStore
from medlabeler.project.remarks import MOST, ON, RemarkStore

MANY = 50
"""Images of one step from which on the database is copied first."""
Rows = NDArray[np.int64]
Alongside = Callable[[sqlite3.Connection, Rows, Rows], None]
"""Writes more in the transaction of a step, given the images it is about and the ids of their events."""
Joined = Callable[[sqlite3.Connection, int, Mapping[str, int]], None]
"""Writes more in the transaction of a step, given its id and the ids of the classes by name."""
_NO_FACTS = EventFacts()
_FIRST = np.zeros(1, np.int64)
_NOTHING = np.empty(0, np.int64), np.empty(0, np.uint8), np.empty(0, np.int32)


@dataclass(frozen=True)
class Step:
    """What one call did: `name` for the undo menu, the `rows` (int64) it touched, and what to redraw."""

    id: int
    name: str
    rows: Rows
    changes: Changes


@dataclass(frozen=True)
class PastStep:
    """A step of the past, for a person to choose from; `time` ISO 8601, UTC."""

    id: int
    name: str
    time: str
    annotator: str
    undone: bool


class Journal:
    """Labels and classes change here and nowhere else; undo and redo survive a restart.

    `UserError` when the disk refuses (nothing is changed then) or when a request makes no sense to a person.
    """

    def __init__(
        self,
        database: Database,
        classes: ClassStore,
        labels: LabelStore,
        remarks: RemarkStore,
        author: Callable[[], tuple[str, int]],
    ) -> None:
        self._database = database
        self._classes = classes
        self._labels = labels
        self._remarks = remarks
        self._log = labels.log
        self._author = author
        self.before_many: Callable[[], object] = lambda: None
        """Called before a step about many images, or all of a class."""
        self._time, self._by = "", ("", 0)
        self._done: list[int] = []
        self._undone: list[int] = []
        self._names: dict[int, str] = {}
        self._of_labels: dict[int, tuple[int, int]] = {}
        """First and last event of steps of this opening that are of labels alone."""
        self._next_event = self._behind = 0
        """The id of the next event, 0 for not known, and what it will be when a step that began is stored."""
        steps = "SELECT id, kind, target, name FROM step ORDER BY id"
        for ids, kinds, targets, names in database.blocks(steps):
            if set(kinds) == {"do"}:
                self._move_on(ids, names)
                continue
            for step, kind, target, name in zip(ids, kinds, targets, names, strict=True):
                self._move(step, kind, target, name)

    @property
    def undo_name(self) -> str | None:
        """Name of the step `undo` would take back."""
        return self._names.get(self._done[-1], "") if self._done else None

    @property
    def redo_name(self) -> str | None:
        """Name of the step `redo` would do again."""
        return self._names.get(self._undone[-1], "") if self._undone else None

    def steps(self, most: int = 500) -> list[PastStep]:
        """The last `most` steps that can be undone, oldest first, then those that can be redone, in the order
        in which redo would do them.
        """
        undone = self._undone[-most:]
        known = [step for step in [*self._done[-most:], *undone[::-1]] if step in self._names]
        return [
            PastStep(step, self._names[step], *self._log.made(step), undone=step in undone) for step in known
        ]

    def decide(
        self,
        rows: Rows | Iterable[int],
        kind: LabelKind | NDArray[np.integer[Any]],
        class_ids: int | NDArray[np.integer[Any]] | None = None,
        *,
        name: str,
        source: LabelSource,
        strategy: str | None = None,
        inclusion_probability: float | NDArray[np.floating[Any]] | None = None,
        shown_class: NDArray[np.integer[Any]] | int | None = None,
        shown_confidence: NDArray[np.floating[Any]] | float | None = None,
        model_revision: int | None = None,
        blind: bool = False,
        alongside: Alongside | None = None,
    ) -> Step | None:
        """Record a person's decision about `rows` as one step; None if there is nothing to decide.

        `kind`: one for all or one per row. `class_ids`: likewise, needed where the kind is
        `LabelKind.LABEL` and of no account elsewhere. `shown_class` (NO_CLASS: none)
        and `shown_confidence` (NaN: none) are what the screen said at that moment. Where a row occurs twice
        the last decision counts. Clearing an image without a decision is nothing. What `alongside` writes
        stands or falls with the step. `IndexError` for rows that are no images.
        """
        wanted = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)
        decided = self._decision(wanted, kind, class_ids)
        if decided is None:
            return None
        keep, wanted, kinds, classes = decided
        shown = EventFacts(
            strategy,
            per_row(inclusion_probability, keep),
            per_row(shown_class, keep, missing=NO_CLASS),
            per_row(shown_confidence, keep),
            model_revision,
            blind,
        )
        many = len(keep) >= MANY
        if many:
            self.before_many()
        with self._database.transaction(references_known=many, step=True) as connection:
            step, first = self._begin(connection, name, "do", None, len(keep), None)
            self._write_events(connection, step, first, wanted, kinds, classes, source, shown)
            if alongside is not None:
                self._behind = 0  # it may write events, too
                alongside(connection, wanted, first + np.arange(len(keep)))
        filled = self._log.fill(step, first, wanted, kinds, classes, source, shown) if many else None

        def show() -> Step:
            self._follow(step, "do", None, name)
            self._of_labels[step] = first, first + len(keep) - 1
            self._taken(step, first, wanted, kinds, classes, source, shown, filled=filled)
            return Step(step, name, wanted, Changes.LABELS)

        return self._database.shown(show)

    def _decision(
        self,
        rows: Rows,
        kind: LabelKind | NDArray[np.integer[Any]],
        class_ids: int | NDArray[np.integer[Any]] | None,
    ) -> tuple[NDArray[np.int64], Rows, NDArray[np.uint8], NDArray[np.int32]] | None:
        """Of a decision the places of `rows` that count, those rows, their kinds and class ids; None if there
        is nothing to decide.
        """
        if len(rows) == 1 and not isinstance(kind, np.ndarray) and not isinstance(class_ids, np.ndarray):
            return self._decision_about_one(rows, LabelKind(kind), class_ids)
        if len(rows) and (rows.min() < 0 or rows.max() >= self._labels.n):
            raise IndexError("a row that is no image")
        kinds = np.broadcast_to(np.asarray(kind, np.uint8), rows.shape)
        classes = self._wanted_classes(kinds, class_ids)
        keep = last_of_each(rows)
        nothing = (kinds[keep] == LabelKind.CLEAR) & (self._labels.kind[rows[keep]] == LabelKind.CLEAR)
        keep = keep[~nothing]
        return (keep, rows[keep], kinds[keep], classes[keep]) if len(keep) else None

    def _decision_about_one(
        self, rows: Rows, kind: LabelKind, class_id: int | None
    ) -> tuple[NDArray[np.int64], Rows, NDArray[np.uint8], NDArray[np.int32]] | None:
        """The same of one image: a click waits for it, and arrays of one take ten times as long."""
        row, wanted = rows.item(), NO_CLASS
        if not 0 <= row < self._labels.n:
            raise IndexError("a row that is no image")
        if kind == LabelKind.LABEL:
            if class_id is None:
                raise ValueError("a label needs a class")
            wanted = self._live(class_id).id
        if kind == LabelKind.CLEAR and self._labels.kind[row] == LabelKind.CLEAR:
            return None
        return _FIRST, rows, np.array([kind], np.uint8), np.array([wanted], np.int32)

    def label_by_name(
        self,
        rows: Rows,
        names: list[str],
        *,
        name: str,
        source: LabelSource,
        strategy: str | None = None,
        inclusion_probability: NDArray[np.floating[Any]] | None = None,
    ) -> Step | None:
        """Label `rows`, each once, with the classes of these `names` as one step; classes that are missing
        are added in it, and taken back with it. None if there are no rows.
        """
        if not len(rows):
            return None
        ids = {c.name: c.id for c in self._classes.all()}
        missing = [text for text in dict.fromkeys(names) if text not in ids]
        kinds = np.full(len(rows), LabelKind.LABEL, np.uint8)
        shown = EventFacts(strategy, per_row(inclusion_probability, np.arange(len(rows))))
        if len(rows) >= MANY:
            self.before_many()
        with self._database.transaction(step=True) as connection:
            added = self._missing(connection, missing)
            ids |= {row.name: row.id for row in added}
            step, first = self._begin_with(connection, name, len(rows), added)
            classes = np.array([ids[text] for text in names], np.int32)
            self._write_events(connection, step, first, rows, kinds, classes, source, shown)

        def show() -> Step:
            self._follow(step, "do", None, name)
            self._classes.take(added, {})
            self._taken(step, first, rows, kinds, classes, source, shown)
            return Step(step, name, rows, Changes.LABELS | (Changes.CLASSES if added else Changes.NONE))

        return self._database.shown(show)

    def join(
        self,
        rows: Rows,
        kinds: NDArray[np.uint8],
        names: Sequence[str],
        facts: EventFacts,
        who: Sequence[str],
        times: Sequence[str],
        *,
        name: str,
        further: Iterable[str] = (),
        alongside: Joined,
    ) -> Step:
        """Take decisions of other persons, made elsewhere at these `times`, as one step; classes of these
        `names` ("" where the kind is no label), and `further` ones, that are missing are added in it.

        `facts`: per row, as `decide` stores them, classes that were shown by name. What `alongside` writes
        stands or falls with the step, which may be about no image.
        """
        ids = {c.name: c.id for c in self._classes.all()}
        missing = [text for text in dict.fromkeys([*names, *further]) if text and text not in ids]
        if len(rows) >= MANY:
            self.before_many()
        with self._database.transaction(step=True) as connection:
            added = self._missing(connection, missing)
            ids |= {row.name: row.id for row in added}
            step, first = self._begin_with(connection, name, len(rows), added)
            classes = np.array([ids.get(text, NO_CLASS) for text in names], np.int32)
            facts = replace(facts, shown_class=[ids.get(text) for text in facts.shown_class])
            source = LabelSource.MERGE
            self._write_events(connection, step, first, rows, kinds, classes, source, facts, who, times)
            self._behind = 0  # it may write events, too
            alongside(connection, step, ids)

        def show() -> Step:
            self._follow(step, "do", None, name)
            self._classes.take(added, {})
            self._taken(step, first, rows, kinds, classes, source, facts, who)
            return Step(step, name, rows, Changes.LABELS | (Changes.CLASSES if added else Changes.NONE))

        return self._database.shown(show)

    def remark(self, rows: Rows | Iterable[int], what: Remark, value: str, *, name: str) -> Step | None:
        """Note or mark images as one step; None if each is so already.

        `value`: the text of a note, `remarks.ON` to set a mark; empty takes either away. `UserError` for a
        note of more than `remarks.MOST` characters, `IndexError` for rows that are no images.
        """
        wanted = np.unique(np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64))
        if len(wanted) and (wanted[0] < 0 or wanted[-1] >= self._labels.n):
            raise IndexError("a row that is no image")
        if what is not Remark.NOTE:
            value = ON if value else ""
        if len(value) > MOST:
            raise UserError(
                tr(
                    "A note has at most {most:,} characters; this one has {value:,}.",
                    most=MOST,
                    value=len(value),
                )
            )
        said = [(row, what, value, self._remarks.get(what, row)) for row in wanted.tolist()]
        said = [one for one in said if one[3] != value]
        if not said:
            return None
        with self._database.transaction(step=True) as connection:
            step, _ = self._begin(connection, name, "do", None, 0, None)
            self._remarks.write(connection, step, self._time, self._by, said)

        def show() -> Step:
            self._follow(step, "do", None, name)
            return self._remarked(step, name, said)

        return self._database.shown(show)

    def add_class(self, name: str, colour: str | None = None) -> ClassDef:
        """Add a class behind the others; it takes the reference of that name if no class has it."""
        name = self._free_name(name)
        with self._database.transaction(step=True) as connection:
            row = self._classes.new_row(connection, name)
            row = replace(row, colour=checked_colour(colour)) if colour else row
            stored = self._classes.stored_references()
            lost = name in stored and self._classes.references()[name] == NO_CLASS
            references: dict[str, int | None] = {name: row.id} if lost else {}
            before: dict[str, int | None] = {name: stored[name]} if lost else {}
            # Taken back, the class is deleted: its id is never used again.
            payload = class_payload([replace(row, deleted=True)], [row], before, references)
            step, _ = self._begin(connection, tr("add class {name}", name=name), "do", None, 0, payload)
            self._classes.write(connection, [row], references)
        self._follow(step, "do", None, tr("add class {name}", name=name))
        self._take_classes([row], references, step)
        return self._classes.get(row.id)

    def rename_class(self, class_id: int, name: str) -> Step | None:
        """Rename a class; None if it has that name. The reference follows."""
        row = self._live(class_id)
        if name.strip() == row.name:
            return None
        name = self._free_name(name)
        return self._change_classes(
            tr("rename class {name} to {name2}", name=row.name, name2=name), [replace(row, name=name)]
        )

    def recolour_class(self, class_id: int, colour: str) -> Step | None:
        """Give a class another colour, `#rrggbb`; None if it has it."""
        row = self._live(class_id)
        if checked_colour(colour) == row.colour:
            return None
        return self._change_classes(
            tr("change the colour of {name}", name=row.name), [replace(row, colour=checked_colour(colour))]
        )

    def describe_class(
        self, class_id: int, full_name: str, description: str, examples: Iterable[int]
    ) -> Step | None:
        """Say what a class means, and show it by images (rows); None if that is what is said already."""
        row = self._live(class_id)
        shown = tuple(dict.fromkeys(int(image) for image in examples))
        if any(not 0 <= image < self._labels.n for image in shown):
            raise IndexError("a row that is no image")
        full = " ".join(full_name.split())
        after = replace(row, full_name=full, description=description.strip(), examples=shown)
        if after == row:
            return None
        return self._change_classes(tr("describe class {name}", name=row.name), [after])

    def move_class(self, class_id: int, position: int) -> Step | None:
        """Put a class at `position` (0: first) among the live ones; None if it is there."""
        row = self._live(class_id)
        order = [r for r in self._classes.live_rows() if r.id != row.id]
        order.insert(max(0, min(position, len(order))), row)
        moved = [replace(r, position=i) for i, r in enumerate(order) if r.position != i]
        return self._change_classes(tr("move class {name}", name=row.name), moved) if moved else None

    def merge_classes(self, source_id: int, target_id: int) -> Step:
        """Make all labels of one class those of another, and the reference with them."""
        source, target = self._live(source_id), self._live(target_id)
        if source.id == target.id:
            raise UserError(tr("The class {name} cannot be merged into itself.", name=source.name))
        merged = replace(source, deleted=True, merged_into=target.id)
        self.before_many()
        return self._change_classes(
            tr("merge class {name} into {name2}", name=source.name, name2=target.name), [merged]
        )

    def delete_class(self, class_id: int) -> Step:
        """Delete a class; its images count as undecided until this is undone."""
        row = self._live(class_id)
        self.before_many()
        return self._change_classes(tr("delete class {name}", name=row.name), [replace(row, deleted=True)])

    def undo(self) -> Step | None:
        """Take back the last step that stands; None if there is none."""
        return self._replay(self._done[-1], "undo") if self._done else None

    def redo(self) -> Step | None:
        """Do again the step undone last; None if there is none, or if something else was done since."""
        return self._replay(self._undone[-1], "redo") if self._undone else None

    def _replay(self, target: int, kind: str) -> Step:
        source = LabelSource.UNDO if kind == "undo" else LabelSource.REDO
        rows, kinds, class_ids = _NOTHING
        many = self._n_events(target) >= MANY
        with self._database.transaction(references_known=many, step=True) as connection:
            name, first_old, last_old, payload = self._made(target)
            if first_old and last_old:
                side = self._log.before if kind == "undo" else self._log.states
                rows, kinds, class_ids = side(first_old, last_old)
            class_rows, references = self._side(payload, "before" if kind == "undo" else "after")
            said = self._remarks.of_step(target)
            if kind == "undo":
                said = [(row, what, before, value) for row, what, value, before in said]
            step, first = self._begin(connection, name, kind, target, len(rows), None)
            self._database.settle("UPDATE step SET done = ? WHERE id = ?", (int(kind == "redo"), target))
            if said:
                self._remarks.write(connection, step, self._time, self._by, said)
            self._write_events(connection, step, first, rows, kinds, class_ids, source, _NO_FACTS)
            if class_rows or references:
                self._classes.write(connection, class_rows, references)
        filled = None
        if len(rows) > 1:
            filled = self._log.fill(step, first, rows, kinds, class_ids, source, _NO_FACTS)

        def show() -> Step:
            self._follow(step, kind, target, name)
            self._log.stand(target, first_old, last_old, stands=kind == "redo")
            if said:
                return self._remarked(step, name, said)
            classes, touched = Changes.NONE, rows
            if class_rows:
                touched = self._take_classes(class_rows, references, step)
                classes = Changes.CLASSES
            self._taken(step, first, rows, kinds, class_ids, source, _NO_FACTS, filled=filled)
            if len(rows):
                touched = rows
            labels = Changes.LABELS if len(touched) else Changes.NONE
            return Step(step, name, touched, labels | classes if classes else labels)

        return self._database.shown(show)

    def n_to_undo(self) -> int:
        """Of how many images the step that `undo` would take back said something."""
        return self._n_said(self._done[-1]) if self._done else 0

    def n_to_redo(self) -> int:
        """The same of the step that `redo` would do again."""
        return self._n_said(self._undone[-1]) if self._undone else 0

    def _n_said(self, step: int) -> int:
        return self._n_events(step) + self._remarks.n_of_step(step)

    def _n_events(self, step: int) -> int:
        """How many events a step has, as far as memory tells."""
        if known := self._of_labels.get(step):
            first, last = known
            return last - first + 1
        return self._log.n_of_step(step)

    def _made(self, step: int) -> tuple[str, int | None, int | None, str | None]:
        """The name of a step that can be undone or redone, first and last of its events, its payload."""
        if known := self._of_labels.get(step):
            return self._names[step], *known, None
        found = self._database.row(
            "SELECT name, first_event, last_event, payload FROM step WHERE id = ?", (step,)
        )
        assert found is not None  # noqa: S101 - the stack holds ids of stored steps
        name, first, last, payload = found
        return name, first, last, payload

    def _change_classes(self, name: str, after: list[ClassRow]) -> Step:
        before = [row for row in (self._classes.row(r.id) for r in after) if row is not None]
        with self._database.transaction(step=True) as connection:
            step, _ = self._begin(connection, name, "do", None, 0, class_payload(before, after, {}, {}))
            self._classes.write(connection, after, {})
        self._follow(step, "do", None, name)
        rows = self._take_classes(after, {}, step)
        return Step(step, name, rows, Changes.CLASSES | (Changes.LABELS if len(rows) else Changes.NONE))

    def _take_classes(self, rows: list[ClassRow], references: dict[str, int | None], revision: int) -> Rows:
        """Show committed class rows; returns the images whose label changed with them."""
        before_class, before_kind = self._labels.class_id, self._labels.kind
        self._classes.take(rows, references)
        self._labels.show(revision)
        return np.flatnonzero((before_class != self._labels.class_id) | (before_kind != self._labels.kind))

    def _remarked(self, step: int, name: str, said: list[tuple[int, Remark, str, str]]) -> Step:
        """Show a committed step that said something of images; labels, and their revision, stay."""
        self._remarks.take(step, said)
        return Step(step, name, np.array([one[0] for one in said], np.int64), Changes.REMARKS)

    def _taken(
        self,
        step: int,
        first: int,
        rows: Rows,
        kinds: NDArray[np.uint8],
        class_ids: NDArray[np.int32],
        source: LabelSource,
        shown: EventFacts,
        who: Sequence[str] | None = None,
        filled: NDArray[Any] | None = None,
    ) -> None:
        """Show a committed step; `filled` as `EventLog.take` has it."""
        if len(rows):
            self._log.take(step, first, rows, kinds, class_ids, source, shown, who, filled)
        self._labels.show(step, rows)

    def _begin(
        self,
        connection: sqlite3.Connection,
        name: str,
        kind: str,
        target: int | None,
        n_events: int,
        payload: str | None,
    ) -> tuple[int, int]:
        """Insert a step, with time and author of all it holds; returns its id and that of its first event."""
        self._by = annotator, session = self._author()
        self._time = now()
        if not self._next_event:
            latest = connection.execute("SELECT COALESCE(MAX(id), 0) FROM label_event").fetchone()[0]
            self._next_event = int(latest) + 1
        first = self._next_event
        self._behind = first + n_events
        bounds = (first, first + n_events - 1) if n_events else (None, None)
        step = self._database.insert_one(
            "step",
            {
                "time": self._time,
                "annotator": annotator,
                "session": session,
                "name": name,
                "kind": kind,
                "target": target,
                "done": int(kind == "do"),
                "first_event": bounds[0],
                "last_event": bounds[1],
                "payload": payload,
            },
        )
        return step, first

    def _missing(self, connection: sqlite3.Connection, names: Iterable[str]) -> list[ClassRow]:
        """New classes of these names; not stored yet."""
        added: list[ClassRow] = []
        for text in names:
            added.append(self._classes.new_row(connection, self._free_name(text), added))
        return added

    def _begin_with(
        self, connection: sqlite3.Connection, name: str, n_events: int, added: list[ClassRow]
    ) -> tuple[int, int]:
        """Insert a decision that brings these classes, which its undo takes back; ids as of `_begin`."""
        payload = class_payload([replace(row, deleted=True) for row in added], added, {}, {})
        begun = self._begin(connection, name, "do", None, n_events, payload if added else None)
        self._classes.write(connection, added, {})
        return begun

    def _write_events(
        self,
        connection: sqlite3.Connection,
        step: int,
        first: int,
        rows: Rows,
        kinds: NDArray[np.uint8],
        class_ids: NDArray[np.int32],
        source: LabelSource,
        shown: EventFacts,
        who: Iterable[str] | None = None,
        times: Iterable[str] | None = None,
    ) -> None:
        annotator, session = self._by
        columns = {
            "id": range(first, first + len(rows)),
            "step": step,
            "time": self._time if times is None else list(times),
            "image": counting(rows + 1) if len(rows) > 1 else [row + 1 for row in rows.tolist()],
            "annotator": annotator if who is None else list(who),
            "kind": one_or_each(kinds),
            "class": without(one_or_each(class_ids), NO_CLASS),
            "source": source.value,
            "strategy": shown.strategy,
            "inclusion_probability": shown.inclusion_probability,
            "shown_class": shown.shown_class,
            "shown_confidence": shown.shown_confidence,
            "model_revision": shown.model_revision,
            "blind": list(map(int, shown.blind)) if isinstance(shown.blind, list) else int(shown.blind),
            "session": session,
        }
        if len(rows):
            self._database.insert("label_event", columns, len(rows))

    def _wanted_classes(self, kinds: NDArray[np.uint8], class_ids: Any) -> NDArray[np.int32]:
        labels = kinds == LabelKind.LABEL
        if class_ids is None:
            if labels.any():
                raise ValueError("a label needs a class")
            class_ids = NO_CLASS
        wanted = np.where(labels, np.asarray(class_ids, np.int32), np.int32(NO_CLASS))
        asked = {int(class_ids)} if np.ndim(class_ids) == 0 else set(wanted[labels].tolist())
        for class_id in asked if labels.any() else ():
            self._live(class_id)
        return wanted

    def _live(self, class_id: int) -> ClassRow:
        row = self._classes.row(class_id)
        if row is None or row.deleted:
            raise UserError(tr("That class does not exist any more; choose another."))
        return row

    def _free_name(self, name: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise UserError(tr("A class needs a name."))
        if self._classes.by_name(name):
            raise UserError(tr("There is already a class named {name}; choose another name.", name=name))
        return name

    def _side(self, payload: str | None, side: str) -> tuple[list[ClassRow], dict[str, int | None]]:
        """Class rows and reference meanings to restore from a step's payload.

        An import may have taken a name since; the restored class then gets a number behind it.
        """
        if payload is None:
            return [], {}
        try:
            stored = json.loads(payload)
            rows = [row_from_json(values) for values in stored["classes"][side]]
            references = dict(stored["references"][side])
        except (ValueError, TypeError, KeyError, IndexError) as error:
            raise UserError(
                tr(
                    "The record of that step is damaged, so it cannot be undone or done again; "
                    "nothing changed."
                )
            ) from error
        ids = {row.id for row in rows}
        taken = {row.name for row in self._classes.live_rows() if row.id not in ids}
        free = []
        for row in rows:
            name, number = row.name, 2
            while not row.deleted and name in taken:
                name, number = f"{row.name} ({number})", number + 1
            free.append(replace(row, name=name))
        return free, references

    def _follow(self, step: int, kind: str, target: int | None, name: str) -> None:
        """Follow a step that was just committed."""
        self._next_event = self._behind
        self._move(step, kind, target, name)
        annotator, session = self._by
        self._log.begin(step, stands=kind == "do", annotator=annotator, session=session, time=self._time)

    def _move_on(self, steps: Sequence[int], names: Sequence[Any]) -> None:
        """Follow steps none of which undoes or does again another one."""
        self._names.update(zip(steps, map(sys.intern, map(str, names)), strict=True))
        self._done.extend(steps)
        self._undone.clear()

    def _move(self, step: int, kind: str, target: int | None, name: Any) -> None:
        """Follow one step on the stacks of what can be undone and redone."""
        if kind == "do":
            self._names[step] = sys.intern(str(name))  # thousands are alike
        if not (kind == "do" or (kind == "undo" and self._done) or (kind == "redo" and self._undone)):
            self._database.tell(f"The record of the step {step} is damaged; undo starts behind it.")
            self._done.clear()
            self._undone.clear()
        elif kind == "do":
            self._done.append(step)
            self._undone.clear()
        elif kind == "undo":
            self._done.pop()
            self._undone.append(int(target or 0))
        else:
            self._undone.pop()
            self._done.append(int(target or 0))
