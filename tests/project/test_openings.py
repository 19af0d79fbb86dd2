"""Figures keep what they stand on, and every look at the test set is on record."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from medlabeler.project.database import Database
from medlabeler.project.history import Checkpoint
from medlabeler.project.migrations import MIGRATIONS
from medlabeler.project.project import Project

POINT = Checkpoint(
    0, "2024-01-01T00:00:00Z", 1, 4, 16, 8.0, "knn", "test labels", 4, None, 0.75, [], [], "key", "note"
)


def _old_project(path: Path) -> None:
    """A project as format 1 left it, with one look by two classifiers and a cross-validation."""
    path.mkdir()
    database = Database(path / "medlabeler.db", create=True, migrations=MIGRATIONS[:1])
    insert = (
        "INSERT INTO checkpoint (time, session, revision, n_labels, labels_per_class, classifier,"
        " measured_on, n_images, balanced_accuracy, per_class, confusion, embedding, note)"
        " VALUES ('2024', 1, 7, 16, 8, ?, ?, 4, 0.75, '[]', '[]', 'key', '')"
    )
    with database.transaction() as connection:
        for what in [("logistic", "test labels"), ("knn", "test labels"), ("knn", "cross-validation")]:
            connection.execute(insert, what)
    database.close()


def test_a_project_of_before_is_brought_up_to_date_with_a_copy_of_what_it_was(tmp_path: Path) -> None:
    _old_project(tmp_path / "p")
    with Project.open(tmp_path / "p") as project:
        assert project.database.version == len(MIGRATIONS)
        assert [point.facts for point in project.history.all()] == [{}, {}, {}]
        (look,) = project.history.openings()
        assert (look.revision, look.n_labels, look.classifiers) == (7, 16, ["logistic", "knn"])
        assert project.history.looks() == 1
    (backup,) = (tmp_path / "p" / "backups").iterdir()
    copy = Database(backup, migrations=MIGRATIONS[:1])
    assert copy.version == 1
    assert copy.row("SELECT COUNT(*) FROM checkpoint") == (3,)
    copy.close()


def test_facts_come_back_as_they_were(tmp_path: Path) -> None:
    facts = {"interval": [0.7, 0.8], "method": "exact", "per_class": [{"class_id": 1, "low": None}]}
    with Project.create(tmp_path / "p") as project:
        project.history.add(replace(POINT, facts=facts))
    with Project.open(tmp_path / "p") as project:
        assert project.history.all()[0].facts == facts


def test_a_look_is_recorded_with_what_was_learned_from_and_seen(tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        project.history.add(POINT)
        project.history.add(replace(POINT, classifier="logistic"))
        project.history.add(replace(POINT, measured_on="cross-validation"))
        project.history.add(replace(POINT, measured_on="reference"))
        project.history.add(replace(POINT, revision=5))
        first, second = project.history.openings()
        assert (first.time, first.n_labels, first.classifiers) == (POINT.time, 16, ["knn", "logistic"])
        assert (first.measured_on, second.revision) == ("test labels", 5)
        assert project.history.looks() == 2
