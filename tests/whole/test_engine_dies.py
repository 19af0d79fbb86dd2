"""The engine is killed, then stopped for ten seconds, while a person labels by keys in the real window."""

from __future__ import annotations

import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import add_embedding, make_project
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.open_project import OpenProject

PATIENCE_MS = 120_000
STOPPED_S = 10.0
LONGEST_HOLD_S = 1.0
"""A key must be through after this, however the engine is; on a quiet machine it takes some milliseconds."""

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="needs signals of POSIX")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    project = make_project(tmp_path)
    project.settings.set("embedding", add_embedding(project, "A", 2.0))
    settings = Settings()
    make_application(settings)
    made = MainWindow(settings)
    made.show()
    made.current.take(project, start=False)
    made.activateWindow()
    assert QTest.qWaitForWindowActive(made)
    yield made
    made.close()
    made.deleteLater()


class Person:
    """Labels one image of the pool after another, and holds the screen against the disk each time."""

    def __init__(self, window: MainWindow, opened: OpenProject) -> None:
        self.window, self.opened = window, opened
        self.rows = iter([*range(32), *range(32)])
        self.said: list[str] = []
        opened.message.connect(self.said.append)
        opened.failed.connect(self.said.append)

    def label(self) -> None:
        opened, row = self.opened, next(self.rows)
        opened.set_selection([row])
        begun = time.monotonic()
        QTest.keyClick(self.window, str(1 + row % 3))
        assert time.monotonic() - begun < LONGEST_HOLD_S, "the window waited for the engine"
        assert opened.kind[row] == LabelKind.LABEL
        with sqlite3.connect(opened.project.path / "medlabeler.db") as disk:
            last = disk.execute("SELECT image, class FROM label_event ORDER BY id DESC").fetchone()
        disk.close()
        assert last == (row + 1, opened.label[row])

    def until(self, condition: Callable[[], bool], pause_ms: int, what: str) -> None:
        """Label until it is so."""
        end = time.monotonic() + PATIENCE_MS / 1000
        while not condition():
            assert time.monotonic() < end, f"waited in vain: {what}; {self.said}"
            if pause_ms:
                self.label()
            QTest.qWait(pause_ms or 20)

    def heard(self, words: str) -> bool:
        return any(words in sentence for sentence in self.said)


def learned(opened: OpenProject) -> bool:
    """Whether the predictions on show are those of the labels as they are."""
    model = opened.model
    return model is not None and model.revision == opened.project.labels.revision


@pytest.mark.slow
def test_labelling_goes_on_and_predictions_come_back_by_themselves(window: MainWindow) -> None:
    """Fails before for the one that was stopped: nobody noticed, and revisions fell behind without a word."""
    opened = window.opened
    assert opened is not None
    person = Person(window, opened)
    for _ in range(6):
        person.label()
    person.until(lambda: learned(opened), 0, "first predictions")
    first = opened.engine.pid
    assert first is not None

    os.kill(first, signal.SIGKILL)
    person.until(lambda: person.heard("(exit code -9) and is being started again"), 300, "word of its end")
    person.label()
    person.until(lambda: learned(opened), 0, "predictions of the second engine")
    second = opened.engine.pid
    assert second not in (None, first)
    assert second is not None

    os.kill(second, signal.SIGSTOP)
    again = threading.Timer(STOPPED_S, resume, [second])
    again.start()
    before = opened.project.labels.revision
    person.until(lambda: person.heard("has not answered for"), 1000, "word of its silence")
    person.until(lambda: person.heard("(it did not answer) and is being started again"), 1000, "word of it")
    person.label()
    assert opened.project.labels.revision > before
    person.until(lambda: learned(opened), 0, "predictions of the third engine")
    assert opened.engine.pid not in (None, first, second)
    again.join()
    shown = opened.prediction[np.flatnonzero(opened.kind == LabelKind.LABEL)]
    assert (shown > 0).all()
    person.label()
    person.until(lambda: learned(opened), 0, "predictions after the stopped one was woken")


def resume(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGCONT)
    except ProcessLookupError:
        return
