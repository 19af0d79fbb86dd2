"""Readings: images read again blind, compared with their label, kept however the program ends."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose


def labelled(path: Path, n: int = 6) -> Project:
    """A project of n images, all labelled A by Ada but the last two, which are B."""
    project = Project.create(path, annotator="Ada")
    project.catalog.add([NewImage("/d", f"{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(n)])
    a, b = project.journal.add_class("A").id, project.journal.add_class("B").id
    project.journal.decide(
        range(n), LabelKind.LABEL, np.array([a] * (n - 2) + [b] * 2), name="label", source=LabelSource.BULK
    )
    return project


def test_a_reading_stands_beside_the_label_until_it_is_settled(tmp_path: Path) -> None:
    with labelled(tmp_path / "p") as project:
        a, b = [c.id for c in project.classes.all()]
        readings = project.readings
        readings.draw(Purpose.SECOND_READER, [4, 0, 2], chance=0.5)
        assert readings.waiting(Purpose.SECOND_READER).tolist() == [4, 0, 2]
        assert not len(readings.waiting(Purpose.REPEAT))
        readings.record(0, LabelKind.LABEL, b, Purpose.SECOND_READER, annotator="Bob")
        readings.record(4, LabelKind.NOT_SURE, None, Purpose.SECOND_READER, annotator="Bob")
        assert readings.waiting(Purpose.SECOND_READER).tolist() == [2]
        pairs = readings.pairs(Purpose.SECOND_READER)
        assert pairs.rows.tolist() == [4, 0]
        assert pairs.first.tolist() == [b, a]
        assert pairs.second.tolist() == [NO_CLASS, b]
        assert pairs.chance.tolist() == [0.5, 0.5]
        assert pairs.first_annotator == ["Ada", "Ada"]
        assert pairs.second_annotator == ["Bob", "Bob"]
        assert pairs.differ.all()
        assert not pairs.settled.any()
        assert project.labels.class_id[0] == a

        project.journal.decide([0], LabelKind.LABEL, a, name="keep A", source=LabelSource.SECOND_LOOK)
        assert readings.pairs(Purpose.SECOND_READER).settled.tolist() == [False, True]
        assert project.labels.events(0)[-1].source == LabelSource.SECOND_LOOK
        project.journal.undo()
        assert not readings.pairs(Purpose.SECOND_READER).settled.any()
        project.journal.redo()
        assert readings.pairs(Purpose.SECOND_READER).settled.tolist() == [False, True]


def test_what_was_taken_back_waits_again_and_what_was_passed_over_does_not(tmp_path: Path) -> None:
    with labelled(tmp_path / "p") as project:
        a = project.classes.all()[0].id
        readings = project.readings
        readings.draw(Purpose.REPEAT, [0, 1], chance=1.0)
        readings.record(0, LabelKind.LABEL, a, Purpose.REPEAT)
        readings.take_back(0, Purpose.REPEAT)
        readings.take_back(0, Purpose.REPEAT)
        assert readings.waiting(Purpose.REPEAT).tolist() == [0, 1]
        assert not len(readings.pairs(Purpose.REPEAT).rows)
        readings.record(0, LabelKind.LABEL, a, Purpose.REPEAT)
        with pytest.raises(ValueError, match="not asked"):
            readings.record(0, LabelKind.LABEL, a, Purpose.REPEAT)
        assert readings.end(Purpose.REPEAT) == 1
        assert not len(readings.waiting(Purpose.REPEAT))
        assert readings.pairs(Purpose.REPEAT).rows.tolist() == [0]
        stored = project.database.rows("SELECT kind FROM reading ORDER BY id")
        assert [k for (k,) in stored] == [LabelKind.LABEL, LabelKind.CLEAR, LabelKind.LABEL, LabelKind.SKIP]


def test_an_image_whose_label_is_undone_is_not_asked_and_comes_back_with_redo(tmp_path: Path) -> None:
    with labelled(tmp_path / "p") as project:
        project.readings.draw(Purpose.BULK_CHECK, [1, 5], chance=0.1)
        project.readings.draw(Purpose.BULK_CHECK, [5, 3], chance=0.1)
        assert project.readings.waiting(Purpose.BULK_CHECK).tolist() == [1, 5, 3]
        project.journal.undo()
        assert not len(project.readings.waiting(Purpose.BULK_CHECK))
        with pytest.raises(ValueError, match="with a class"):
            project.readings.draw(Purpose.BULK_CHECK, [1], chance=0.1)
        project.journal.redo()
        assert project.readings.waiting(Purpose.BULK_CHECK).tolist() == [1, 5, 3]


def test_readings_follow_a_merge_and_are_never_changed(tmp_path: Path) -> None:
    with labelled(tmp_path / "p") as project:
        a, b = [c.id for c in project.classes.all()]
        project.readings.draw(Purpose.REPEAT, [0], chance=1)
        project.readings.record(0, LabelKind.LABEL, b, Purpose.REPEAT)
        project.journal.merge_classes(b, a)
        assert not project.readings.pairs(Purpose.REPEAT).differ.any()
        for statement in ("DELETE FROM reading", "UPDATE reading SET class = 1"):
            with pytest.raises(sqlite3.IntegrityError, match="never"), project.database.transaction() as c:
                c.execute(statement)


KILLED = """
import os, signal, sys
from pathlib import Path
from medlabeler.domain.types import LabelKind
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose
project = Project.open(Path(sys.argv[1]), annotator="Bob")
project.readings.draw(Purpose.REPEAT, [0, 1, 2], chance=0.5)
project.readings.record(1, LabelKind.LABEL, 2, Purpose.REPEAT)
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGKILL")
def test_readings_survive_a_kill(tmp_path: Path) -> None:
    labelled(tmp_path / "p").close()
    code = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path / "p")], check=False).returncode
    assert code == -9
    with Project.open(tmp_path / "p", annotator="Ada") as project:
        assert project.readings.waiting(Purpose.REPEAT).tolist() == [0, 2]
        pairs = project.readings.pairs(Purpose.REPEAT)
        assert pairs.rows.tolist() == [1]
        assert pairs.second_annotator == ["Bob"]
        assert pairs.differ.tolist() == [True]
