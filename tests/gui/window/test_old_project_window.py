"""The window opens a project of the version before: the labels on the map, the undo menu, the sessions."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from old_project import unpack
from opening_support import open_and_wait

from medlabeler.domain.settings import Settings
from medlabeler.gui.sessions.page import SessionsWindow
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project


@pytest.fixture
def window(qapp: object, qtbot: Any) -> Iterator[MainWindow]:
    Settings().set("annotator", "Cleo")
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def opened_in(window: MainWindow, path: Path) -> OpenProject:
    assert open_and_wait(window, path)
    assert window.opened is not None
    assert {"damage", "bug"}.isdisjoint(window.notices.sentences())
    return window.opened


def test_it_opens_to_its_labels_and_nothing_is_computed_again(window: MainWindow, tmp_path: Path) -> None:
    path, before = unpack(tmp_path)
    opened = opened_in(window, path)
    assert opened.label.tolist() == before["class_id"]
    assert [c.name for c in opened.classes] == [c["name"] for c in before["classes"]]
    assert opened.embedding_info is not None
    assert opened.embedding_info.key == before["embedding"]
    assert np.isfinite(opened.project.vectors.load_projection(before["embedding"], "pca")).all()
    assert not opened.runner.running("import_images", "embed")
    assert len(opened.project.history.openings()) == len(before["openings"]) == 2


def test_the_undo_menu_takes_its_steps_back(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    path, before = unpack(tmp_path)
    opened = opened_in(window, path)
    assert window.actions_["redo"].text() == f"Redo: {before['redo_name']}"
    for stage in before["undoing"][:6]:
        assert window.actions_["undo"].text() == f"Undo: {stage['name']}"
        window.actions_["undo"].trigger()
        assert opened.label.tolist() == stage["class_id"]
        assert [c.name for c in opened.classes] == stage["classes"]
    window.actions_["redo"].trigger()
    window.close_project()
    window.current.finish()
    with Project.open(path) as project:
        assert project.labels.class_id.tolist() == before["undoing"][4]["class_id"]


def test_its_sessions_are_listed(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    path, before = unpack(tmp_path)
    opened_in(window, path)
    window.actions_["sessions"].trigger()
    (page,) = window.findChildren(SessionsWindow)
    model = page.table.model()
    qtbot.waitUntil(lambda: model.rowCount() > 0)
    shown = [[str(model.index(r, c).data()) for c in (1, 3)] for r in range(model.rowCount())]
    told = [[", ".join(one["annotators"]), str(sum(one["by_source"].values()))] for one in before["sessions"]]
    assert shown == told[::-1]
