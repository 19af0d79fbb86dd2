"""From the help menu to the log, and from a fault of the window into it."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from old_project import unpack
from opening_support import open_and_wait
from PySide6.QtCore import QObject, QUrl, Slot
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox

from medlabeler.domain.changes import Changes
from medlabeler.domain.program_log import log_folder, start_log
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.crash import CrashReporter
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


class FileManager(QObject):
    """Stands for the program that shows folders."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []

    @Slot(QUrl)
    def show(self, url: QUrl) -> None:
        self.shown.append(url.toLocalFile())


@pytest.fixture
def file_manager(qapp: object) -> Iterator[FileManager]:
    manager = FileManager()
    QDesktopServices.setUrlHandler("file", manager, "show")
    yield manager
    QDesktopServices.unsetUrlHandler("file")


def test_the_help_menu_shows_the_folder_of_the_log(window: MainWindow, file_manager: FileManager) -> None:
    stop = start_log("window")
    window.actions_["log"].trigger()
    stop()
    assert file_manager.shown == [str(log_folder())]
    (help_menu,) = [a.menu() for a in window.menuBar().actions() if a.iconText() == "Help"]
    assert window.actions_["log"] in help_menu.actions()


def test_where_nothing_was_written_it_says_where_it_would_be(
    window: MainWindow, file_manager: FileManager
) -> None:
    window.actions_["log"].trigger()
    assert file_manager.shown == []
    (box,) = window.findChildren(QMessageBox)
    assert str(log_folder()) in box.text()
    box.close()


def test_labelling_in_the_window_leaves_no_name_in_the_log(
    window: MainWindow, tmp_path: Path, qtbot: Any, home: Path
) -> None:
    path, before = unpack(tmp_path / "miller")
    stop = start_log("window")
    try:
        assert open_and_wait(window, path)
        opened = window.opened
        assert opened is not None
        with qtbot.waitSignal(opened.changed, timeout=120_000, check_params_cb=predicted):
            opened.label_rows([before["kind"].index(0)], opened.classes[0].id)
        assert " engine " in (home / "logs/medlabeler.log").read_text(encoding="utf-8")
        window.close_project()
        window.current.finish()
    finally:
        stop()
    log = (home / "logs/medlabeler.log").read_text(encoding="utf-8").lower()
    names = r"miller|cell_\d|\b(oval|round|echinocyte|ada|bob)\b"
    assert re.findall(names, log) == []


def predicted(changes: Changes) -> bool:
    return bool(changes & Changes.MODEL)


def test_a_fault_of_the_window_is_in_the_log_and_on_the_screen(
    window: MainWindow, qtbot: Any, home: Path
) -> None:
    told: list[str] = []
    stop = start_log("window")
    reporter = CrashReporter(lambda sentence, trace: told.append(sentence), window.refuse, window)

    def fails() -> None:
        raise ValueError("miller_3.png")

    try:
        thread = threading.Thread(target=fails)
        thread.start()
        thread.join()
        qtbot.waitUntil(lambda: bool(told))
    finally:
        reporter.remove()
        stop()
    assert "miller_3.png" in told[0]
    log = (home / "logs/medlabeler.log").read_text(encoding="utf-8")
    assert "CRITICAL medlabeler.window: not caught" in log
    assert log.splitlines()[-1] == "builtins.ValueError"
    assert "miller" not in log
