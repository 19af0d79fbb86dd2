"""Accuracy as it was measured, checkpoint by checkpoint; it survives restarts and is never edited."""

from __future__ import annotations

import json
import sqlite3
from dataclasses import dataclass, field
from typing import Any

from medlabeler.project.database import Database

TEST_LABELS = "test labels"
_COLUMNS = (
    "time, session, revision, n_labels, labels_per_class, classifier, measured_on, n_images, n_groups,"
    " balanced_accuracy, per_class, confusion, embedding, note, facts"
)
_OPENING = "time, session, revision, n_labels, classifiers, measured_on, last_event"


@dataclass(frozen=True)
class Checkpoint:
    """One measurement.

    `revision` is that of the labels the classifier learned from, `n_labels` their number and
    `labels_per_class` their mean per class. `measured_on` is "cross-validation", "test labels" or
    "reference". `balanced_accuracy` in 0..1. `per_class`: dicts of class_id, name, recall and support.
    `confusion[i][j]`: images of class i predicted as j. `facts` (JSON) is whatever else is told beside the
    figure: intervals, method, counts, further metrics.
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
    per_class: list[dict[str, Any]]
    confusion: list[list[int]]
    embedding: str
    note: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


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
    """The checkpoints of a project, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, checkpoint: Checkpoint) -> int:
        """Store a checkpoint, whatever its `id`; returns the id it got.

        One on test labels is a look at the test set and is recorded as such in the same transaction.
        """
        c = checkpoint
        values = (
            c.time, c.session, c.revision, c.n_labels, float(c.labels_per_class), c.classifier, c.measured_on,
            c.n_images, c.n_groups, float(c.balanced_accuracy), json.dumps(c.per_class),
            json.dumps(c.confusion), c.embedding, c.note, json.dumps(c.facts),
        )  # fmt: skip
        places = ", ".join("?" * (len(values) + 1))
        with self._database.transaction() as connection:
            opening = None
            if c.measured_on == TEST_LABELS:
                opening = _opened(connection, c)
            cursor = connection.execute(
                f"INSERT INTO checkpoint ({_COLUMNS}, opening) VALUES ({places})",  # noqa: S608 - constants
                (*values, opening),
            )
        assert cursor.lastrowid is not None  # noqa: S101 - SQLite gives one to every insert
        return cursor.lastrowid

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first."""
        rows = self._database.rows(f"SELECT id, {_COLUMNS} FROM checkpoint ORDER BY id")  # noqa: S608
        found = []
        for row in rows:
            try:
                found.append(_checkpoint(*row))
            except (ValueError, TypeError):
                self._database.tell(
                    f"The measurement of {row[1]} is damaged in {self._database.path}; it is left out."
                )
        return found

    def looks(self) -> int:
        """How often the test set was opened by its labels; several classifiers at once are one look."""
        row = self._database.row("SELECT COUNT(*) FROM test_opening")
        return int(row[0]) if row else 0

    def openings(self) -> list[Opening]:
        """Every look at the test set, oldest first."""
        rows = self._database.rows(f"SELECT id, {_OPENING} FROM test_opening ORDER BY id")  # noqa: S608
        return [Opening(*[*row[:5], self._classifiers(row[0], row[5]), *row[6:]]) for row in rows]

    def _classifiers(self, opening: int, stored: Any) -> list[str]:
        try:
            return [str(name) for name in json.loads(stored)]
        except (ValueError, TypeError):
            self._database.tell(
                f"Which classifiers were measured at opening {opening} of the test set is damaged; it counts."
            )
            return []


def _opened(connection: sqlite3.Connection, c: Checkpoint) -> int:
    """Record a look, or add a classifier to the one of this session, revision and embedding; its id."""
    found = connection.execute(
        "SELECT id, classifiers FROM test_opening o WHERE session IS ? AND revision = ? AND NOT EXISTS"
        " (SELECT 1 FROM checkpoint WHERE opening = o.id AND embedding <> ?)",
        (c.session, c.revision, c.embedding),
    ).fetchone()
    if found is not None:
        known = json.loads(found[1])
        together = json.dumps(known + [c.classifier] * (c.classifier not in known))
        connection.execute("UPDATE test_opening SET classifiers = ? WHERE id = ?", (together, found[0]))
        return int(found[0])
    # Labels decided while the figure was being computed were not part of it.
    last = connection.execute(
        "SELECT COALESCE(MAX(last_event), 0) FROM step WHERE id <= ?", (c.revision,)
    ).fetchone()[0]
    cursor = connection.execute(
        f"INSERT INTO test_opening ({_OPENING}) VALUES (?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 - constants
        (c.time, c.session, c.revision, c.n_labels, json.dumps([c.classifier]), c.measured_on, last),
    )
    return int(cursor.lastrowid or 0)


def _checkpoint(*row: Any) -> Checkpoint:
    values = list(row)
    values[11], values[12], values[15] = json.loads(row[11]), json.loads(row[12]), json.loads(row[15])
    return Checkpoint(*values)
