"""Labels in no name: the person is asked once, not stopped, and can change the answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from opening_support import open_and_wait
from panels_support import make_project
from PySide6.QtWidgets import QInputDialog

from medlabeler.domain.types import LabelSource
from medlabeler.gui.window.annotator import QUESTION
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def path(tmp_path: Path) -> Path:
    project = make_project(tmp_path)
    project.annotator = "Bob"
    project.close()
    return project.path


@pytest.fixture
def window(path: Path, qtbot: Any) -> Iterator[MainWindow]:
    made = MainWindow()
    qtbot.addWidget(made)
    made.show()
    assert open_and_wait(made, path)
    yield made
    made.close()


def asked(window: MainWindow) -> bool:
    return QUESTION in window.notices.sentences().values()


def label(window: MainWindow, row: int) -> None:
    assert window.opened is not None
    window.opened.label_rows([row], window.opened.classes[0].id)


def test_the_first_label_in_no_name_asks_once_and_the_answer_is_remembered(
    window: MainWindow, path: Path, qtbot: Any
) -> None:
    assert window.opened is not None
    assert not asked(window)
    label(window, 0)
    assert asked(window)
    window.actions_["annotator"].trigger()
    dialog = window.findChild(QInputDialog)
    assert isinstance(dialog, QInputDialog)
    dialog.setTextValue(" Ada ")
    dialog.accept()
    label(window, 1)
    names, who, _ = window.opened.project.labels.log.latest_by()
    assert names[who[1]] == "Ada"
    assert window.settings.get("annotator") == "Ada"
    window.close_project()
    assert open_and_wait(window, path)
    assert window.opened.project.annotator == "Ada"
    label(window, 2)
    assert not asked(window)


def test_who_does_not_answer_is_not_asked_again(window: MainWindow, path: Path) -> None:
    label(window, 0)
    window.close_project()
    assert open_and_wait(window, path)
    label(window, 1)
    assert not asked(window)


def test_labels_that_came_with_the_images_ask_nobody(window: MainWindow) -> None:
    opened = window.opened
    assert opened is not None
    opened.label_rows([0, 1], opened.classes[0].id, LabelSource.ADOPT)
    assert opened.project.labels.n_labelled == 2
    assert not asked(window)
    label(window, 2)
    assert asked(window)
