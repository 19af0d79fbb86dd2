"""What a session came to is told when it is over, not in the way, and compared with those before."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from opening_support import open_and_wait, wait_for_opening
from panels_support import class_named, make_project, predict, suggest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.sessions import words as session_words
from medlabeler.gui.sessions.page import NONE_YET, SessionsWindow
from medlabeler.gui.sessions.rate_plot import RatePlot, tick_step
from medlabeler.gui.sessions.summary import stored_session
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs.sessions import Told
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint, MeasuredClass
from medlabeler.project.project import Project
from medlabeler.project.sessions import AccuracyChange, Bin, Pause, Session


@pytest.fixture
def window(qapp: object, qtbot: Any) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def page_of(window: MainWindow) -> SessionsWindow:
    window.actions_["sessions"].trigger()
    (page,) = [p for p in window.findChildren(SessionsWindow) if p.opened is window.opened]
    return page


def opened_in(window: MainWindow, tmp_path: Path) -> OpenProject:
    window.current.take(make_project(tmp_path), start=False)
    assert window.opened is not None
    return window.opened


def cells(page: SessionsWindow) -> list[list[str]]:
    model = page.table.model()
    return [
        [str(model.index(row, column).data()) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def session(**facts: Any) -> Session:
    given: dict[str, Any] = {
        "id": 3, "started": "2026-03-01T09:00:00.000+00:00", "program": "1", "annotators": ("Ada",),
        "elapsed_s": 3900.0, "active_s": 390.0, "pauses": (Pause(120.0, 3510.0),),
        "bins": (Bin(0, 300.0, {"click": 10, "bulk": 30}), Bin(300, 90.0, {"queue": 3})),
        "by_source": {"click": 10, "bulk": 30, "queue": 3}, "by_class": {1: 40, 2: 3},
        "n_marks": 2, "n_readings": 7, "n_undone": 4, "n_suggested": 8, "n_accepted": 6,
        "clock_set_back": False,
    }  # fmt: skip
    return Session(**{**given, **facts})


def test_closing_a_project_tells_what_the_session_came_to(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    opened = opened_in(window, tmp_path)
    predict(opened)
    basophil = class_named(opened, "basophil")
    suggest(opened, [0, 1])
    opened.label_rows([0], basophil)  # what the screen said
    opened.label_rows([1], basophil)  # it said eosinophil
    window.close_project()
    window.current.finish()
    last = window.welcome.last
    assert last.isVisible()
    assert not window.welcome.steps.isVisible()
    assert last.heading.text().startswith("Your session in project, today")
    assert "labels: 2" in last.tiles.accessibleName()
    assert "of 2 suggestions as predicted: 50 %" in last.tiles.accessibleName()
    QTest.mouseClick(last.compare, Qt.MouseButton.LeftButton)
    wait_for_opening(window)
    assert window.opened is not None
    (page,) = [p for p in window.findChildren(SessionsWindow) if p.opened is window.opened]
    assert page.isVisible()
    qtbot.waitUntil(lambda: [row[3] for row in cells(page)] == ["2"])


def test_quitting_asks_nothing_and_the_next_start_tells(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    opened = opened_in(window, tmp_path)
    opened.label_rows([0, 1, 2], opened.classes[0].id)
    assert window.close()
    assert QApplication.activeModalWidget() is None
    again = MainWindow(Settings())
    qtbot.addWidget(again)
    again.show()
    assert again.welcome.last.isVisible()
    assert "labels: 3" in again.welcome.last.tiles.accessibleName()


def test_a_session_without_labels_leaves_the_card_of_the_last_one(window: MainWindow, tmp_path: Path) -> None:
    opened = opened_in(window, tmp_path)
    path = opened.project.path
    opened.label_rows([0], opened.classes[0].id)
    window.close_project()
    window.current.finish()
    assert open_and_wait(window, path)
    window.close_project()
    window.current.finish()
    assert "label: 1" in window.welcome.last.tiles.accessibleName()


def test_a_project_that_is_gone_is_not_told_of(window: MainWindow, tmp_path: Path) -> None:
    started = "2026-03-01T09:00:00+00:00"
    gone = {"project": str(tmp_path / "gone"), "started": started, "tiles": []}
    with make_project(tmp_path) as project:
        here = {"project": str(project.path), "started": started, "tiles": [["3", "labels"]]}
    for last in ({}, gone, {"project": 3}, {**here, "tiles": 3}, {**here, "started": "then"}):
        window.welcome.set_last(stored_session(last))
        assert not window.welcome.last.isVisible()
        assert window.welcome.steps.isVisible()
    window.welcome.set_last(stored_session(here))
    assert window.welcome.last.isVisible()


def test_figures_in_words_of_another_language_are_not_shown(window: MainWindow, tmp_path: Path) -> None:
    """Fails before: a window in another language still said "labels" and "at work"."""
    with make_project(tmp_path) as project:
        told = {
            "project": str(project.path),
            "started": "2026-03-01T09:00:00+00:00",
            "tiles": [["3", "labels"]],
        }
    window.welcome.set_last(stored_session({**told, "language": "en"}))
    assert window.welcome.last.isVisible()
    window.welcome.set_last(stored_session({**told, "language": "de"}))
    assert not window.welcome.last.isVisible()


def test_the_page_says_what_to_do_and_follows_the_labels(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    opened = opened_in(window, tmp_path)
    page = page_of(window)
    qtbot.waitUntil(lambda: page.empty.text().startswith(NONE_YET))
    assert page.stack.currentWidget() is page.empty
    opened.label_rows([4, 5], class_named(opened, "monocyte"))
    opened.mark_rows([6], LabelKind.SKIP)
    opened.label_rows([7], class_named(opened, "monocyte"))
    opened.undo()
    qtbot.waitUntil(lambda: page.stack.currentWidget() is not page.empty)
    qtbot.waitUntil(lambda: "1 label taken back" in page.words.text())
    assert cells(page)[0][0].endswith("(now)")
    assert "Classes: monocyte 2." in page.words.text()
    assert "1 image skipped" in page.words.text()
    assert page_of(window) is page
    window.close_project()
    window.current.finish()
    qtbot.waitUntil(lambda: not window.findChildren(SessionsWindow))


def test_sessions_are_compared_newest_first_and_one_is_chosen(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    project = make_project(tmp_path)
    ids = [c.id for c in project.classes.all()]
    project.close()
    for annotator, n in (("Ada", 5), ("Ben", 3)):
        with Project.open(project.path, annotator=annotator) as sat:
            for row in range(n):
                sat.journal.decide([row], LabelKind.LABEL, ids[0], name="label", source=LabelSource.CLICK)
            start = datetime.fromisoformat("2026-03-01T09:00:00.000+00:00")
            steps = sat.database.rows("SELECT id FROM step WHERE session = ? ORDER BY id", (sat.session_id,))
            with sat.database.transaction() as connection:
                connection.execute(
                    "UPDATE session SET started = ? WHERE id = ?", (start.isoformat(), sat.session_id)
                )
                for k, (step,) in enumerate(steps):
                    time = (start + timedelta(seconds=60 * (k + 1))).isoformat(timespec="milliseconds")
                    connection.execute("UPDATE step SET time = ? WHERE id = ?", (time, step))
    assert open_and_wait(window, project.path)
    page = page_of(window)
    qtbot.waitUntil(lambda: bool(cells(page)))
    told = cells(page)
    assert [row[1] for row in told] == ["Ben", "Ada"]
    assert [row[3] for row in told] == ["3", "5"]
    assert [row[4] for row in told] == ["1.0", "1.0"]
    assert page.plot.session is not None
    assert page.plot.session.annotators == ("Ben",)
    second = page.table.visualRect(page.table.model().index(1, 3)).center()
    QTest.mouseClick(page.table.viewport(), Qt.MouseButton.LeftButton, pos=second)
    assert page.plot.session.annotators == ("Ada",)
    assert "5 labels, 1.0 a minute" in page.plot.words_at(page.plot.plot_area().center())
    page.table.sortByColumn(3, Qt.SortOrder.AscendingOrder)
    assert [row[3] for row in cells(page)] == ["3", "5"]
    assert page.plot.session.annotators == ("Ada",)


def test_bars_stand_on_work_and_pauses_are_marked(qtbot: Any) -> None:
    plot = RatePlot()
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.show_session(session())
    area = plot.plot_area()
    assert plot.limits()[0] == 390
    assert plot.limits()[1] >= 8  # 40 labels in five minutes
    first, second = QPointF(plot.x_of(60), area.center().y()), QPointF(plot.x_of(380), area.center().y())
    assert plot.words_at(first).startswith("Minutes 0 to 5: 40 labels, 8.0 a minute (10 one by one, 30 bulk)")
    assert plot.words_at(second).startswith("Minutes 5 to 6: 3 labels, 2.0 a minute")
    assert plot.words_at(QPointF(plot.x_of(120), area.center().y())).startswith(
        "A pause of 58 min after 2 min"
    )
    assert plot.grab().width()
    plot.show_session(session(bins=(), active_s=10.0))
    assert plot.words_at(first) == ""
    assert plot.grab().width()


@pytest.mark.parametrize(("most", "step"), [(0.3, 0.1), (1, 0.2), (12.3, 5), (60, 20), (99, 20)])
def test_ticks_are_round_numbers(most: float, step: float) -> None:
    assert tick_step(most, 5) == pytest.approx(step)


def test_words_claim_no_more_than_was_measured() -> None:
    def figure(value: float, n: int, scored: str, interval: bool = True) -> Checkpoint:
        facts: dict[str, Any] = {"scored": scored}
        if interval:
            facts["interval"] = {"low": value - 0.1, "high": value + 0.1}
        return Checkpoint(n, "", 1, 1, n, 1.0, "logistic", "cross-validation", n, None, value, [], [], "k",
                          "", facts)  # fmt: skip

    def words(start: Checkpoint | None, end: Checkpoint) -> str:
        told = Told(session(), AccuracyChange("cross-validation", "logistic", start, end), (), False)
        (sentence,) = session_words.accuracy_sentences(told)
        return sentence

    lone = words(None, figure(0.5, 10, "all labels", interval=False))
    assert lone.endswith("by cross-validation of the labels: balanced accuracy 50 % with 10 labels.")
    like = words(figure(0.5, 10, "random draws"), figure(0.7, 40, "random draws"))
    assert "50 % (40 to 60 %) with 10 labels, then 70 % (60 to 80 %) with 40 labels." in like
    assert "a hint" in like
    unlike = words(figure(0.5, 10, "all labels"), figure(0.7, 40, "random draws"))
    assert "cannot be compared" in unlike


def test_figures_of_other_classes_are_not_held_against_each_other() -> None:
    """Fails before: "26 % → 59 %" stood where the first was of three classes and the second of two."""

    def figure(value: float, classes: int) -> Checkpoint:
        measured = [MeasuredClass(n, support=5) for n in range(classes)] + [MeasuredClass(9)]
        return Checkpoint(classes, "", 1, 1, 12, 4.0, "logistic", "cross-validation", 12, None, value,
                          measured, [], "k", "", {"scored": "all labels"})  # fmt: skip

    def told(start: Checkpoint, end: Checkpoint) -> tuple[str, str, str]:
        change = AccuracyChange("cross-validation", "logistic", start, end)
        of = Told(session(), change, (), False)
        *_, (arrow, below) = session_words.tiles(of)
        return arrow, below, session_words.accuracy_sentences(of)[0]

    arrow, below, sentence = told(figure(0.26, 3), figure(0.59, 2))
    assert arrow == "59 %"
    assert below.endswith("12 images of 2 classes")
    assert "26 %" in sentence
    assert sentence.endswith("measured on different classes, so they cannot be compared.")
    arrow, below, sentence = told(figure(0.26, 3), figure(0.59, 3))
    assert arrow == "26 % → 59 %"
    assert below.endswith("12 images of 3 classes")
    assert "different classes" not in sentence


def test_times_and_pauses_read_well() -> None:
    now = datetime.fromisoformat("2026-03-02T12:00:00").astimezone()
    at = datetime.fromisoformat("2026-03-01T23:30:00").astimezone()
    assert session_words.when(at.isoformat(), now) == "yesterday, 23:30"
    assert session_words.when((at + timedelta(hours=1)).isoformat(), now) == "today, 00:30"
    assert session_words.when((at - timedelta(days=30)).isoformat(), now) == "30 Jan 2026, 23:30"
    told = session_words.facts(Told(session(clock_set_back=True), None, (), False), {1: "EOS", 2: "BAS"})
    assert told == [
        "Classes: EOS 40, BAS 3.",
        "Also 4 labels taken back, 2 images skipped, not sure or bad, 7 images looked at again.",
        "65 min from opening to the last decision, of which 1 pause of over 5 minutes took 58 min.",
        "The computer's clock was set back meanwhile; the time is counted around it.",
    ]
