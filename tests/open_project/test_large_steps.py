"""Steps about many images: the window goes on while a thread writes them, and nothing overtakes them."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, make_project, open_for_test

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelKind, Remark
from medlabeler.open_project import large_steps
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project import remarks
from medlabeler.project.project import Project
from medlabeler.project.second_copy import SecondCopy

POOL = N - N_TEST
MANY = np.arange(20)


class Held:
    """The first transaction of a thread stands still where it waits for the disk, until it is let go."""

    def __init__(self, opened: OpenProject, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inside, self.go = threading.Event(), threading.Event()
        copy = opened.project.database.second_copy
        assert isinstance(copy, SecondCopy)
        append = copy._file._append

        def wait(content: bytes) -> None:
            self.inside.set()
            assert self.go.wait(20)
            append(content)

        monkeypatch.setattr(copy._file, "_append", wait)

    def until_inside(self) -> None:
        """Wait until the thread is in its transaction."""
        assert self.inside.wait(20)


@pytest.fixture
def opened(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenProject]:
    monkeypatch.setattr(large_steps, "LARGE", 10)
    opened = open_for_test(make_project(tmp_path))
    yield opened
    opened.close()


@pytest.fixture
def held(opened: OpenProject, monkeypatch: pytest.MonkeyPatch) -> Iterator[Held]:
    held = Held(opened, monkeypatch)
    yield held
    held.go.set()


def stored(path: Path) -> int:
    """Events of labels on the disk."""
    other = sqlite3.connect(path / "medlabeler.db")
    n: int = other.execute("SELECT COUNT(*) FROM label_event").fetchone()[0]
    other.close()
    return n


def label(opened: OpenProject, rows: np.ndarray, at: int = 0) -> None:
    """Agree to what is asked of so many."""
    opened.label_rows(rows, opened.classes[at].id)
    opened.answer_question()


def test_the_window_goes_on_and_shows_labels_when_they_are_stored(
    opened: OpenProject, held: Held, qtbot: Any
) -> None:
    said: list[str] = []
    opened.message.connect(said.append)
    label(opened, MANY)
    held.until_inside()
    assert said[-1].startswith("Storing what was said of 20 images")
    assert (opened.kind == LabelKind.CLEAR).all(), "nothing is shown that is not stored"
    assert stored(opened.project.path) == 0
    held.go.set()
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.kind[MANY] == LabelKind.LABEL).all()
    assert stored(opened.project.path) == len(MANY)
    assert said[-1].startswith("Done: label 20 images basophil."), "what was being stored is not any more"
    assert opened.undo_name == "label 20 images basophil"
    opened.undo()
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.kind == LabelKind.CLEAR).all()
    assert said[-1] == "Undone: label 20 images basophil"
    opened.redo()
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.kind[MANY] == LabelKind.LABEL).all()


@pytest.mark.parametrize(
    "next_one",
    [
        lambda opened: opened.label_rows([POOL - 1], opened.classes[1].id),
        lambda opened: opened.remark([3], Remark.NOTE, "round"),
        lambda opened: opened.add_class("new"),
        lambda opened: opened.project.settings.set("seed", 3),
        lambda opened: opened.project.settings.keep("strategy", "margin"),
        lambda opened: opened.undo(),
        lambda opened: opened.walk.go(1),
        lambda opened: label(opened, np.arange(5, 20), 1),
        lambda opened: opened.toggle_remark(Remark.FLAG),
    ],
)
def test_nothing_overtakes_what_is_being_stored(
    opened: OpenProject, held: Held, next_one: Callable[[OpenProject], object], qtbot: Any
) -> None:
    """Whatever comes next waits for the thread, on the window's: what it shows is done there meanwhile."""
    opened.set_current(4)
    label(opened, MANY)
    held.until_inside()
    threading.Timer(0.05, held.go.set).start()
    next_one(opened)
    qtbot.waitUntil(lambda: not opened.large.running and not opened.walk.running)
    database = sqlite3.connect(opened.project.path / "medlabeler.db")
    names = [name for (name,) in database.execute("SELECT name FROM step ORDER BY id")]
    events = [n for (n,) in database.execute("SELECT id FROM label_event ORDER BY id")]
    database.close()
    assert names[len(opened.classes[:3])] == "label 20 images basophil", "the three classes come first"
    assert events == list(range(1, len(events) + 1))
    labels, path = opened.label.tolist(), opened.project.path
    opened.close()
    with Project.open(path) as again:
        assert again.labels.class_id.tolist() == labels, "memory and disk say the same"


def test_a_refusal_is_told_and_nothing_is_shown(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    told: list[str] = []
    opened.failed.connect(told.append)

    def full(*_: Any) -> None:
        raise UserError("The disk is full.")

    insert = opened.project.database.insert
    monkeypatch.setattr(opened.project.database, "insert", full)
    label(opened, MANY)
    qtbot.waitUntil(lambda: bool(told))
    assert not opened.large.running
    assert (opened.kind == LabelKind.CLEAR).all()
    monkeypatch.setattr(opened.project.database, "insert", insert)
    label(opened, MANY)
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.kind[MANY] == LabelKind.LABEL).all()


def test_a_project_that_is_closed_at_once_has_it_all(opened: OpenProject, held: Held) -> None:
    label(opened, MANY)
    held.until_inside()
    threading.Timer(0.05, held.go.set).start()
    path = opened.project.path
    opened.close()
    with Project.open(path) as again:
        assert again.labels.n_labelled == len(MANY)


def test_going_back_over_many_steps_takes_large_ones_by_a_thread(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    said: list[str] = []
    opened.message.connect(said.append)
    opened.label_rows([POOL - 1], opened.classes[1].id)
    for at in (0, 1):
        label(opened, MANY, at)
    opened.label_rows([POOL - 2], opened.classes[1].id)
    opened.walk.go(4)
    assert opened.walk.running
    qtbot.waitUntil(lambda: not opened.walk.running)
    assert (opened.kind == LabelKind.CLEAR).all()
    assert said[-1] == "4 steps taken back."
    opened.walk.go(-3)
    qtbot.waitUntil(lambda: not opened.walk.running)
    assert (opened.label[MANY] == opened.classes[1].id).all()
    held = Held(opened, monkeypatch)
    opened.walk.go(3)
    qtbot.waitUntil(held.inside.is_set)
    assert opened.walk.running
    threading.Timer(0.05, held.go.set).start()
    opened.undo()  # ends the walk behind the step under way
    assert not opened.walk.running
    assert "1 step taken back." in said
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.kind[MANY] == LabelKind.CLEAR).all()
    assert opened.undo_name == "label 1 image eosinophil", "two of three were taken back"


def test_marks_of_an_earlier_opening_are_known_to_be_many(opened: OpenProject, qtbot: Any) -> None:
    opened.set_selection(np.arange(POOL))
    opened.toggle_remark(Remark.FLAG)
    qtbot.waitUntil(lambda: not opened.large.running)
    assert opened.project.remarks.mask(Remark.FLAG, N)[:POOL].all()
    opened.toggle_remark(Remark.FAVOURITE)
    opened.undo()
    path = opened.project.path
    opened.close()
    with Project.open(path) as again:
        assert again.journal.n_to_undo() == POOL
        assert again.journal.n_to_redo() == POOL
        again.journal.undo()
        assert not again.remarks.any()
        again.journal.redo()
        assert again.remarks.get(Remark.FLAG, 3) == remarks.ON
