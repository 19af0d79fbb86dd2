"""A project is read away from the GUI thread, while the window says so and goes on."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filled_project import filled_project
from opening_support import open_and_wait, wait_for_opening
from panels_support import make_project
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from medlabeler.domain import retelling
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy.details_page import DetailsPage
from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.accuracy.test_set_page import TestSetPage
from medlabeler.gui.browse.panel import BrowsePanel
from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.second_looks.page import SecondLooksPage
from medlabeler.gui.trust.causes_page import CausesPage
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.gui.window.project_page import ProjectPage
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


def test_what_was_measured_is_retold_before_the_window_has_the_project(tmp_path: Path, qtbot: Any) -> None:
    """Fails before: the sentences of the newest figure were taken apart while the page was built."""
    filled = filled_project(tmp_path)
    filled.close()
    retelling._retold.cache_clear()
    opening = Opening(lambda: Project.open(filled.path))
    with qtbot.waitSignal(opening.ended) as ended:
        pass
    known = retelling._retold.cache_info().misses
    with ended.args[0] as project:
        assert "No interval" in stored_report(project.history.all()[-1]).interval_sentence
        assert retelling._retold.cache_info().misses == known > 0


def test_what_is_behind_something_else_is_made_when_the_page_is_there(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    """Fails before: the image waited for every panel of Explore, Review and Results."""
    behind = (SecondLooksPage, TestSetPage, AccuracyPanel, DetailsPage, CausesPage, GridPanel, BrowsePanel)
    there: list[list[QWidget]] = []
    window.project_shown.connect(lambda: there.append(_all_of(window, behind)))
    assert open_and_wait(window, path)
    assert there == [[]]
    assert window.page is not None
    assert window.page.stage.isVisible()
    qtbot.waitUntil(lambda: len(_all_of(window, behind)) == len(behind), timeout=30_000)


@pytest.mark.parametrize("mode", [Mode.REVIEW, Mode.RESULTS])
def test_a_mode_that_is_wanted_at_once_is_there_at_once(window: MainWindow, path: Path, mode: Mode) -> None:
    shown: list[QWidget] = []

    def go() -> None:
        assert window.page is not None
        window.page.choose_mode(mode)
        shown.append(window.page.looks if mode == Mode.REVIEW else window.page.accuracy)

    window.project_shown.connect(go)
    assert open_and_wait(window, path)
    assert window.page is not None
    assert shown[0].isVisible()
    assert window.page.modes[mode].isAncestorOf(shown[0])


def test_a_project_closed_before_all_its_panels_are_made_makes_no_more(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    pages: list[ProjectPage] = []
    waits: list[bool] = []

    def close() -> None:
        page = window.page
        assert page is not None
        waits.append(page._seen.isActive())
        window.close_project()
        waits.append(page._seen.isActive())  # here: a moment later the page may be deleted
        pages.append(page)

    window.project_shown.connect(lambda: QTimer.singleShot(0, window, close))
    window.open_project(path)
    qtbot.waitUntil(lambda: bool(pages) and not window.current.opening)
    assert waits == [True, False]
    assert pages[0]._looks.made is None
    assert open_and_wait(window, path)


def _all_of(window: MainWindow, kinds: tuple[type[QWidget], ...]) -> list[QWidget]:
    return [panel for kind in kinds for panel in window.findChildren(kind)]
