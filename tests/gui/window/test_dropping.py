"""Folders, image lists and projects dropped onto the window, as Qt delivers them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from opening_support import wait_for_opening
from panels_support import drop, make_project
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent
from PySide6.QtWidgets import QApplication

from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow

UNKNOWN = "is no folder, no image list (CSV), no project and no exported classifier."


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def named(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def asked(window: MainWindow) -> NewProjectDialog:
    dialog = window.findChild(NewProjectDialog)
    assert dialog is not None
    return dialog


def test_a_project_is_opened(window: MainWindow, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.close()
    assert drop(window, QPoint(300, 300), named(project.path))
    wait_for_opening(window)
    assert window.opened is not None
    assert window.opened.project.path == project.path


def test_a_folder_becomes_a_new_project(window: MainWindow, tmp_path: Path) -> None:
    assert drop(window, QPoint(300, 300), named(tmp_path))
    assert asked(window).import_form.sources.images == tmp_path
    asked(window).reject()


def test_an_image_list_becomes_a_new_project_whose_paths_start_in_a_folder(
    window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "a.CSV").write_text("image\nx.png\n")
    (tmp_path / "images").mkdir()
    drop(window, QPoint(300, 300), named(tmp_path / "a.CSV", tmp_path / "images"))
    sources = asked(window).import_form.sources
    assert [one.path for one in sources.manifests] == [tmp_path / "a.CSV"]
    assert sources.images == tmp_path / "images"
    asked(window).reject()


@pytest.mark.parametrize(
    ("names", "sentence"),
    [
        (
            ("notes.txt",),
            "notes.txt is no folder, no image list (CSV), no project and no exported classifier.",
        ),
        (("gone",), "gone is no folder, no image list (CSV), no project and no exported classifier."),
        (("list.csv", "notes.txt"), "notes.txt is no folder"),
        (("one/", "two/"), "Drop one folder at a time"),
        ((), "What you dropped is no folder"),
    ],
)
def test_what_is_none_of_these_is_refused_in_a_sentence(
    window: MainWindow, tmp_path: Path, names: tuple[str, ...], sentence: str
) -> None:
    for name in names:
        if name.endswith("/"):
            (tmp_path / name).mkdir()
        elif name != "gone":
            (tmp_path / name).write_text("x")
    drop(window, QPoint(300, 300), named(*(tmp_path / name for name in names)))
    assert sentence in window.welcome.problem.text()
    assert window.findChild(NewProjectDialog) is None


def entering(data: QMimeData) -> QDragEnterEvent:
    """Something dragged into the window; `data` has to live as long as the event."""
    button, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    return QDragEnterEvent(QPoint(9, 9), Qt.DropAction.CopyAction, data, button, keys)


def test_the_place_to_drop_is_seen_while_something_is_dragged(window: MainWindow, tmp_path: Path) -> None:
    data = named(tmp_path)
    enter = entering(data)
    QApplication.sendEvent(window, enter)
    assert enter.isAccepted()
    assert window.dropping.target.isVisible()
    assert window.dropping.target.size() == window.size()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.dropping.target.isVisible()


def test_what_is_no_file_is_not_taken(window: MainWindow) -> None:
    data = QMimeData()
    data.setText("no file")
    enter = entering(data)
    enter.ignore()
    QApplication.sendEvent(window, enter)
    assert not window.dropping.target.isVisible()
