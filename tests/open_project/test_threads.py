"""Threads of the window: whatever goes wrong on one, who waits is answered, and the log has the trace."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import make_project, open_for_test
from PySide6.QtCore import QObject

from medlabeler.domain.errors import UserError
from medlabeler.open_project import thumbnail_loader
from medlabeler.open_project.threads.background import in_background
from medlabeler.open_project.threads.latest import Latest
from medlabeler.open_project.threads.polling import Polling


@pytest.fixture
def parent(qapp: object) -> QObject:
    return QObject()


@pytest.mark.parametrize("fault", [MemoryError(), ZeroDivisionError("a fault of ours"), SystemExit(3)])
def test_a_question_that_fails_is_answered_in_words(
    parent: QObject, qtbot: Any, caplog: pytest.LogCaptureFixture, fault: BaseException
) -> None:
    """Fails before: only a UserError was; after anything else `busy` stayed true for ever."""

    def question() -> None:
        raise fault

    latest = Latest(parent)
    with qtbot.waitSignal(latest.answered, timeout=5000) as told:
        latest.ask(question)
    assert isinstance(told.args[0], UserError)
    assert str(told.args[0]).endswith(".")
    assert not latest.busy
    assert "Traceback" in caplog.text


def test_polling_goes_on_after_a_fault_and_says_it_once(parent: QObject, qtbot: Any) -> None:
    """Fails before: it never asked again, and nobody was told."""
    answers = iter([1, ZeroDivisionError(), ZeroDivisionError(), 2, ZeroDivisionError(), 3])

    def question() -> Any:
        value = next(answers, 4)
        if isinstance(value, Exception):
            raise value
        return value

    polling, seen, failed = Polling(question, 5, parent), [], []
    polling.seen.connect(seen.append)
    polling.failed.connect(failed.append)
    polling.start()
    qtbot.waitUntil(lambda: 4 in seen, timeout=5000)
    polling.stop()
    assert seen[:4] == [1, 2, 3, 4]
    assert len(failed) == 2
    assert "ZeroDivisionError" in failed[0]


def test_a_fault_in_the_background_stands_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    begun = threading.Event()

    def fail() -> None:
        begun.set()
        raise ZeroDivisionError

    in_background(fail)
    assert begun.wait(5)
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and thread.name.endswith("(run)"):
            thread.join(5)
    assert "ZeroDivisionError" in caplog.text


def test_thumbnails_go_on_after_one_for_which_there_was_no_memory(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: both threads ended at the MemoryError, and nothing was decoded any more."""
    opened = open_for_test(make_project(tmp_path))
    right, waiting = thumbnail_loader.read_rgb, [MemoryError(), ZeroDivisionError()]

    def read(*arguments: Any, **options: Any) -> Any:
        if waiting:
            raise waiting.pop()
        return right(*arguments, **options)

    monkeypatch.setattr(thumbnail_loader, "read_rgb", read)
    found: dict[int, Any] = {}
    opened.thumbnails.loaded.connect(lambda pairs: found.update(pairs))
    for row in range(4):
        opened.thumbnails.ask(row)
    qtbot.waitUntil(lambda: len(found) == 4, timeout=5000)
    opened.close()
    assert sum(pixels is None for pixels in found.values()) == 2
    assert sum(isinstance(pixels, np.ndarray) for pixels in found.values()) == 2
