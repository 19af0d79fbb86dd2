"""Accuracy as it was measured, checkpoint by checkpoint; it survives restarts and is never edited."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from medlabeler.project.database import Database

TEST_LABELS = "test labels"
_COLUMNS = (
    "time, session, revision, n_labels, labels_per_class, classifier, measured_on, n_images, n_groups,"
    " balanced_accuracy, per_class, confusion, embedding, note"
)


@dataclass(frozen=True)
class Checkpoint:
    """One measurement.

    `revision` is that of the labels the classifier learned from, `n_labels` their number and
    `labels_per_class` their mean per class. `measured_on` is "cross-validation", "test labels" or
    "reference". `balanced_accuracy` in 0..1. `per_class`: dicts of class_id, name, recall and support.
    `confusion[i][j]`: images of class i predicted as j.
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


class History:
    """The checkpoints of a project, oldest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, checkpoint: Checkpoint) -> int:
        """Store a checkpoint, whatever its `id`; returns the id it got."""
        c = checkpoint
        values = (
            c.time, c.session, c.revision, c.n_labels, float(c.labels_per_class), c.classifier, c.measured_on,
            c.n_images, c.n_groups, float(c.balanced_accuracy), json.dumps(c.per_class),
            json.dumps(c.confusion), c.embedding, c.note,
        )  # fmt: skip
        places = ", ".join("?" * len(values))
        with self._database.transaction() as connection:
            cursor = connection.execute(
                f"INSERT INTO checkpoint ({_COLUMNS}) VALUES ({places})",  # noqa: S608 - constants
                values,
            )
        assert cursor.lastrowid is not None  # noqa: S101 - SQLite gives one to every insert
        return cursor.lastrowid

    def all(self) -> list[Checkpoint]:
        """Every checkpoint, oldest first."""
        rows = self._database.rows(f"SELECT id, {_COLUMNS} FROM checkpoint ORDER BY id")  # noqa: S608
        return [_checkpoint(*row) for row in rows]

    def looks(self) -> int:
        """How often the test set was opened by its labels; several classifiers at once are one look."""
        row = self._database.row(
            "SELECT COUNT(*) FROM (SELECT DISTINCT session, revision FROM checkpoint WHERE measured_on = ?)",
            (TEST_LABELS,),
        )
        return int(row[0]) if row else 0


def _checkpoint(*row: Any) -> Checkpoint:
    values = list(row)
    values[11:13] = json.loads(row[11]), json.loads(row[12])
    return Checkpoint(*values)
