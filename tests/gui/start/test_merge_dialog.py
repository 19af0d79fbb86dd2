"""The window merges another copy: told first, one step, differences read blind and then settled."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import filled_project
from PySide6.QtCore import Qt
from shown_window import shown_window

from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.start.merge import MergeDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.second_looks import TITLES
from medlabeler.project.project import Project
from medlabeler.project.readings import Purpose


@pytest.fixture
def copies(tmp_path: Path) -> Path:
    """The other copy of a project, in which Bob labelled: eight images that Ada labelled, two of them
    otherwise, and five that are open.
    """
    with filled_project(tmp_path) as project:
        path = project.path
    shutil.copytree(path, tmp_path / "other")
    with Project.open(path, annotator="Ada") as project:
        free = np.flatnonzero(
            (project.labels.kind == LabelKind.CLEAR) & (project.catalog.split == Split.POOL)
        )
        _label(project, free[:8], project.catalog.reference[free[:8]])
    with Project.open(tmp_path / "other", annotator="Bob") as project:
        theirs = project.catalog.reference[free[:13]].copy()
        theirs[:2] = np.where(theirs[:2] == 1, 2, 1)
        _label(project, free[:13], theirs)
    return tmp_path / "other"


def _label(project: Project, rows: Any, class_ids: Any) -> None:
    project.journal.decide(rows, LabelKind.LABEL, class_ids, name="label", source=LabelSource.CLICK)


@pytest.fixture
def window(
    qapp: object, copies: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    project = Project.open(tmp_path / "cells", annotator="Cy")
    with shown_window(project, monkeypatch, lively=True, whole=False) as shown:
        yield shown


def test_from_the_menu_to_the_last_difference(window: MainWindow, copies: Path, qtbot: Any) -> None:
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    before = opened.project.labels.class_id.copy()
    window.actions_["merge"].trigger()
    dialog = window.findChild(MergeDialog)
    assert dialog is not None
    assert not dialog.buttons.go.isEnabled()
    dialog.folder.set_path(copies)
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=20_000)
    assert "5 decisions on images that are open here will be taken" in dialog.told.text()
    assert "8 images were decided in both, 2 of them differently" in dialog.told.text()
    dialog.buttons.go.click()
    after = opened.project.labels.class_id
    assert int((before != after).sum()) == 5
    assert opened.undo_name == "merge 5 decisions of Bob"

    page.show_looks()
    looks = page.looks
    looks.nav.setCurrentRow(list(TITLES).index("merge"))
    assert looks.reading
    assert "reads" in looks.words.text()
    for _ in range(2):  # blind: neither of the two labels is told
        assert looks.look() is None
        qtbot.keyClick(looks, Qt.Key.Key_1)
    look = looks.look()
    assert look is not None
    assert "Ada: " in look.reason
    assert "Bob: " in look.reason
    assert "Cy, blind: " in look.reason
    assert "no classifier can be shown to be better" in looks.words.text()
    assert "kappa" in looks.words.text()
    assert "no classifier can be shown to be better" in page.accuracy.ceiling.text()
    looks.keep()
    assert looks.looks.n_settled("merge") == 1
    qtbot.keyClick(looks, Qt.Key.Key_2)
    assert looks.looks.n_settled("merge") == 2
    assert looks.look() is None


def test_one_undo_takes_all_of_it_back(window: MainWindow, copies: Path, qtbot: Any) -> None:
    opened = window.opened
    assert opened is not None
    before = opened.project.labels.class_id.copy()
    window.actions_["merge"].trigger()
    dialog = window.findChild(MergeDialog)
    assert dialog is not None
    dialog.folder.set_path(copies)
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=20_000)
    # A label that is given meanwhile: it is looked at again before anything is done.
    free = np.flatnonzero((opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL))
    opened.label_rows(free[-1:], opened.classes[0].id, LabelSource.CLICK)
    dialog.buttons.go.click()
    assert dialog.isVisible()
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=20_000)
    dialog.buttons.go.click()
    opened.undo()
    opened.undo()
    np.testing.assert_array_equal(opened.project.labels.class_id, before)
    assert not len(opened.project.readings.pairs(Purpose.MERGE).rows)


def test_what_is_no_copy_is_said(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    window.actions_["merge"].trigger()
    dialog = window.findChild(MergeDialog)
    assert dialog is not None
    dialog.folder.set_path(tmp_path)
    qtbot.waitUntil(lambda: "not a MedLabeler project" in dialog.told.text(), timeout=20_000)
    assert not dialog.buttons.go.isEnabled()
    # Fails before: "One moment, this is being checked." stood there for ever.
    assert dialog.buttons.missing.text() == "Choose the folder of the other copy."
