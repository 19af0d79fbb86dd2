"""A project is read away from the GUI thread, while the window says so and goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opening_support import open_and_wait, wait_for_opening
from panels_support import make_project

from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.opening import Opening
from medlabeler.project.project import Project


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    project = make_project(tmp_path)
    project.close()
    return project.path


class Gate:
    """In place of `Project.open`: opens when the test says so, and tells on which thread."""

    def __init__(self) -> None:
        self._open = Project.open
        self.go = threading.Event()
        self.threads: list[threading.Thread] = []

    def open(self, path: Path, *, annotator: str = "") -> Project:
        self.threads.append(threading.current_thread())
        assert self.go.wait(30)
        return self._open(path, annotator=annotator)


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Gate:
    made = Gate()
    monkeypatch.setattr(Project, "open", made.open)
    return made


def test_the_window_goes_on_and_says_what_it_waits_for(window: MainWindow, path: Path, gate: Gate) -> None:
    window.open_project(path)
    assert window.opened is None
    assert path.name in window.notices.sentences()["opening"]
    gate.go.set()
    wait_for_opening(window)
    assert window.opened is not None
    assert window.page is not None
    assert "opening" not in window.notices.sentences()
    assert gate.threads != [threading.main_thread()]


def test_a_second_opening_meanwhile_is_refused(window: MainWindow, path: Path, gate: Gate) -> None:
    window.open_project(path)
    window.open_project(path.parent / "another")
    assert "still being opened" in window.welcome.problem.text()
    gate.go.set()
    wait_for_opening(window)
    assert window.opened is not None
    assert window.opened.project.path == path
    assert len(gate.threads) == 1


def test_a_project_not_wanted_any_more_is_closed_again(
    window: MainWindow, path: Path, gate: Gate, qtbot: Any
) -> None:
    window.open_project(path)
    (way,) = window.current.findChildren(Opening)
    window.close_project()
    assert not window.current.opening
    with qtbot.waitSignal(way.destroyed):
        gate.go.set()
    assert window.opened is None
    Project.open(path).close()  # nobody else has it


def test_what_is_open_stays_open_until_the_other_is_there(
    window: MainWindow, path: Path, tmp_path: Path, gate: Gate
) -> None:
    first = Project.create(tmp_path / "first")
    window.current.take(first, start=False)
    window.open_project(path)
    assert window.opened is not None
    assert window.opened.project is first
    gate.go.set()
    wait_for_opening(window)
    assert window.opened.project.path == path
    window.current.finish()
    Project.open(tmp_path / "first").close()


def test_a_project_let_go_between_two_steps_leaves_nothing(window: MainWindow, path: Path) -> None:
    pipeline_steps = window.current._taking(Project.open(path))
    for _ in range(5):
        next(pipeline_steps)
    pipeline_steps.close()
    assert window.opened is None
    assert window.page is None
    assert window.stack.count() == 1
    assert open_and_wait(window, path)
