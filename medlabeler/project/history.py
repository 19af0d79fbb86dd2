"""Accuracy as it was measured, checkpoint by checkpoint; it survives restarts and is never edited."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from medlabeler.domain.checked_json import Json, Mismatch, stored
from medlabeler.project.database import Database

TEST_LABELS = "test labels"
_COLUMNS = (
    "time, session, revision, n_labels, labels_per_class, classifier, measured_on, n_images, n_groups,"
    " balanced_accuracy, per_class, confusion, embedding, note, facts"
)
_AT_EMBEDDING = 13
_OPENING = "time, session, revision, n_labels, classifiers, measured_on, last_event"


@dataclass(frozen=True)
class MeasuredClass:
    """What was measured of a class: the fields of `learning.accuracy.report.ClassReport`, those of a part of
    it as JSON; an earlier version measured fewer.
    """

    class_id: int
    name: str = ""
    recall: float | None = None
    support: int = 0
    precision: float | None = None
    f1: float | None = None
    low: float | None = None
    high: float | None = None
    auroc: float | None = None
    effective: float | None = None
    share: Json | None = None
    ppv: Json | None = None
    npv: Json | None = None


@dataclass(frozen=True)
class Checkpoint:
    """One measurement.

    `revision` is that of the labels the classifier learned from, `n_labels` their number and
    `labels_per_class` their mean per class. `measured_on` is "cross-validation", "test labels" or
    "reference". `balanced_accuracy` in 0..1. `confusion[i][j]`: images of class i predicted as j. `facts` is
    whatever else is told beside the figure, as it is stored: `export.stored_report` reads it.
    """

    id: int
    time: str
    session: int | None
    revision: int
    n_labels: int
    labels_per_class: float
    classifier: str
    measured_on: str
    n_images: int
    n_groups: int | None
    balanced_accuracy: float
    per_class: Sequence[MeasuredClass]
    confusion: list[list[int]]
    embedding: str
    note: str = ""
    facts: Json = field(default_factory=dict)

    @property
    def seed(self) -> int | None:
        """What dealt the folds; None where that was not kept."""
        return self._number("seed")

    @property
    def n_embedded(self) -> int | None:
        """How many images had a vector; None where that was not kept."""
        return self._number("n_embedded")

    def _number(self, name: str) -> int | None:
        found = self.facts.get(name)
        return found if isinstance(found, int) else None


@dataclass(frozen=True)
class Opening:
    """One look at the test set: what was measured by the clinician's own test labels.

    `revision` of the labels, `n_labels` that the classifiers had learned from; `last_event`: the latest label
    event there was.
    """

    id: int
    time: str
    session: int | None
    revision: int
    n_labels: int
    classifiers: list[str]
    measured_on: str
    last_event: int


class History:
    """The checkpoints of a project and the looks at its test set, oldest first: read once, then kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._checkpoints: list[Checkpoint] = []
        self._openings: dict[int, Opening] = {}
        for opening in database.rows(f"SELECT id, {_OPENING} FROM test_opening ORDER BY id"):  # noqa: S608
            self._openings[opening[0]] = self._opening(*opening)
        self._embeddings: dict[int, set[str]] = {}
        """Embeddings that were measured at each look."""
        for *row, opening in database.rows(
            f"SELECT id, {_COLUMNS}, opening FROM checkpoint ORDER BY id"  # noqa: S608 - constants
        ):
            self._embeddings.setdefault(opening, set()).add(row[_AT_EMBEDDING])
            try:
                self._checkpoints.append(_checkpoint(*row))
            except (ValueError, TypeError, Mismatch):
                database.tell(f"The measurement of {row[1]} is damaged in {database.path}; it is left out.")

    def add(self, checkpoint: Checkpoint) -> int:
        """Store a checkpoint, whatever its `id`; returns the id it got.

        One on test labels is a look at the test set and is recorded as such in the same transaction.
        """
        c = checkpoint
        values = (
            c.time, c.session, c.revision, c.n_labels, float(c.labels_per_class), c.classifier, c.measured_on,
            c.n_images, c.n_groups, float(c.balanced_accuracy), json.dumps(list(map(asdict, c.per_class))),
            json.dumps(c.confusion), c.embedding, c.note, json.dumps(c.facts),
        )  # fmt: skip
        places = ", ".join("?" * (len(values) + 1))
        with self._database.transaction() as connection:
            look = self._look(connection, c) if c.measured_on == TEST_LABELS else None
            cursor = connection.execute(
                f"INSERT INTO checkpoint ({_COLUMNS}, opening) VALUES ({places})",  # noqa: S608 - constants
                (*values, None if look is None else look.id),
            )
        assert cursor.lastrowid is not None  # noqa: S101 - SQLite gives one to every insert
        self._checkpoints = [*self._checkpoints, _checkpoint(cursor.lastrowid, *values)]
        if look is not None:
            self._openings[look.id] = look
            self._embeddings.setdefault(look.id, set()).add(c.embedding)
        return cursor.lastrowid

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first; a new list after each that is added."""
        return self._checkpoints

    def looks(self) -> int:
        """How often the test set was opened by its labels; several classifiers at once are one look."""
        return len(self._openings)

    def openings(self) -> list[Opening]:
        """Every look at the test set, oldest first."""
        return list(self._openings.values())

    def _look(self, connection: sqlite3.Connection, c: Checkpoint) -> Opening:
        """Record a look, or add a classifier to the one of this session, revision and embedding."""
        for known in self._openings.values():
            others = self._embeddings.get(known.id, set()) - {c.embedding}
            if (known.session, known.revision) == (c.session, c.revision) and not others:
                classifiers = known.classifiers + [c.classifier] * (c.classifier not in known.classifiers)
                connection.execute(
                    "UPDATE test_opening SET classifiers = ? WHERE id = ?",
                    (json.dumps(classifiers), known.id),
                )
                return replace(known, classifiers=classifiers)
        # Labels decided while the figure was being computed were not part of it.
        last = connection.execute(
            "SELECT last_event FROM step WHERE id <= ? AND last_event > 0 ORDER BY id DESC LIMIT 1",
            (c.revision,),
        ).fetchone()
        seen = 0 if last is None else int(last[0])
        facts = (c.time, c.session, c.revision, c.n_labels, [c.classifier], c.measured_on, seen)
        cursor = connection.execute(
            f"INSERT INTO test_opening ({_OPENING}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
            (*facts[:4], json.dumps(facts[4]), *facts[5:]),
        )
        return Opening(int(cursor.lastrowid or 0), *facts)

    def _opening(self, opening: int, *facts: Any) -> Opening:
        """A look as stored."""
        time, session, revision, n_labels, classifiers, measured_on, last_event = facts
        try:
            names = [str(name) for name in json.loads(classifiers)]
        except (ValueError, TypeError, Mismatch):
            self._database.tell(
                f"Which classifiers were measured at opening {opening} of the test set is damaged; it counts."
            )
            names = []
        return Opening(opening, time, session, revision, n_labels, names, measured_on, last_event)


def _checkpoint(*row: Any) -> Checkpoint:
    values = list(row)
    values[11] = tuple(stored(MeasuredClass, of_class) for of_class in json.loads(row[11]))
    values[12], values[15] = json.loads(row[12]), json.loads(row[15])
    return Checkpoint(*values)
