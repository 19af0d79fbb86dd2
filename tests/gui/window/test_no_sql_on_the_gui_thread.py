"""Nothing a person does asks the database anything on the GUI thread: it writes there, and shortly."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from opening_support import open_and_wait
from panels_support import make_project, predict, suggest
from PySide6.QtWidgets import QDialog

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.bulk_errors import agreed, error_of_bulk_labels, next_checks
from medlabeler.project import database
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.random_draws import recent_draws
from medlabeler.project.readings import Purpose
from medlabeler.project.relabelled import relabelled

WRITTEN = {
    "label_event", "step", "class", "reference_class", "reading_draw", "reading_ask", "reading", "checkpoint",
    "test_opening", "setting", "temp.touched",
}  # fmt: skip
"""What may be written on the GUI thread, some rows at a time; the last tells the second copy what changed."""
SECOND_COPY = re.compile(
    r"FROM temp\.touched|FROM main\.\w+ WHERE \w+ (>|IN)|DELETE FROM temp\."
    r"|^SELECT (\(SELECT COALESCE\(MAX\(id\), 0\) FROM main\.\w+\)(, )?)+$"
)
"""How a change is read back, by its keys, to be written a second time: part of the change."""
POINT = Checkpoint(
    0,
    "2026-03-01T09:00:00.000+00:00",
    None,
    1,
    3,
    1.0,
    "logistic",
    "test labels",
    8,
    None,
    0.5,
    [],
    [],
    "key",
)


@dataclass
class Watch:
    """Statements of the GUI thread: those outside of a transaction, and tables written in one."""

    asked: list[str] = field(default_factory=list)
    written: set[str] = field(default_factory=set)
    _writes: bool = False

    def see(self, statement: str) -> None:
        if threading.current_thread() is not threading.main_thread():
            return
        words = statement.split()
        match words[0].upper():
            case "BEGIN":
                self._writes = True
            case "COMMIT" | "ROLLBACK":
                self._writes = False
            case "INSERT" | "UPDATE" | "DELETE" if self._writes:
                at = {"INSERT": words.index("INTO") + 1 if "INTO" in words else 0, "DELETE": 2}
                self.written.add(words[at.get(words[0].upper(), 1)].partition("(")[0])
            case "PRAGMA" if words[1].startswith(("foreign_keys=", "synchronous=", "wal_autocheckpoint=")):
                pass  # a switch of the connection: nothing is read
            case _ if not self._writes and not SECOND_COPY.search(statement):
                self.asked.append(statement)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Watch:
    seen, connect = Watch(), sqlite3.connect

    def watched(*args: Any, **kwargs: Any) -> sqlite3.Connection:
        made = connect(*args, **kwargs)
        made.set_trace_callback(seen.see)
        return made

    monkeypatch.setattr(database.sqlite3, "connect", watched)
    return seen


@pytest.fixture
def window(qapp: object, qtbot: Any) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def label(window: MainWindow) -> None:
    """Decisions of every kind, taken back and done again."""
    opened = window.opened
    assert opened is not None
    first, second = (c.id for c in opened.classes[:2])
    predict(opened)
    suggest(opened, [0, 1, 2])
    opened.set_current(0)
    opened.label_rows([0], first, LabelSource.QUEUE)
    opened.label_rows(np.arange(3, 9), second)
    opened.mark_rows([9], LabelKind.SKIP)
    opened.mark_rows([10], LabelKind.NOT_SURE)
    opened.show_skipped()
    opened.confirm_predictions(np.arange(11, 20), LabelSource.BULK)
    for _ in range(3):
        opened.undo()
    opened.redo()
    opened.clear_rows([3])
    opened.select_class(second)
    opened.clear_selection()
    opened.rename_class(first, "band cell")
    made = opened.add_class("lymphocyte")
    assert made is not None
    opened.merge_classes(made.id, second)
    opened.undo()
    opened.set_blind(True)
    opened.label_rows([opened.current], first)
    opened.set_blind(False)
    opened.select_class(first)


def look(window: MainWindow) -> None:
    """What is told of the work: colours, bulk labels asked again, figures, the trail of an image."""
    opened = window.opened
    assert opened is not None
    project = opened.project
    for scheme in SCHEMES:
        opened.set_colour_by(scheme)
    rows = np.flatnonzero(opened.kind == LabelKind.LABEL)
    project.readings.draw(Purpose.BULK_CHECK, rows[:3], chance=0.5)
    row = next_checks(project)[0]
    project.readings.record(row, LabelKind.LABEL, opened.classes[0].id, Purpose.BULK_CHECK)
    project.readings.take_back(row, Purpose.BULK_CHECK)
    project.readings.reader(Purpose.BULK_CHECK), project.readings.drawn(Purpose.BULK_CHECK)
    error_of_bulk_labels(project), agreed(project), recent_draws(project), relabelled(project)
    project.history.add(POINT), project.history.openings()
    project.catalog.draw_weights()
    for row in range(opened.n):
        project.catalog.record(row)
    window._show_trail(0)


SCHEMES = ("prediction", "confidence", "agreement", "split", "reference", "group", "meta:site", "label")
WINDOWS = (
    "second_looks", "sessions", "skipped", "export", "reserve", "leakage", "backbones", "add_folder",
    "moved_folder",
)  # fmt: skip


def test_no_action_of_a_person_asks_the_database_on_the_gui_thread(
    window: MainWindow, tmp_path: Path, watch: Watch, qtbot: Any
) -> None:
    make_project(tmp_path).close()
    watch.asked.clear()
    watch.written.clear()
    assert open_and_wait(window, tmp_path / "project")
    opened = window.opened
    assert opened is not None
    qtbot.waitUntil(lambda: window.pipeline is not None)
    label(window)
    look(window)
    for name in WINDOWS:
        window.actions_[name].trigger()
        window.page.accuracy.refresh() if window.page is not None else None
        for dialog in window.findChildren(QDialog):
            dialog.close()
    window.close_project()
    window.current.finish()
    assert not watch.asked
    assert watch.written <= WRITTEN


def test_a_question_on_the_gui_thread_is_noticed(tmp_path: Path, watch: Watch) -> None:
    make_project(tmp_path).close()
    watch.asked.clear()
    with Project.open(tmp_path / "project") as project:
        watch.asked.clear()
        project.database.rows("SELECT id FROM step")
        assert watch.asked == ["SELECT id FROM step"]
