"""What decides about many images at once is asked first, in the window; only its own keys answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from showing import wait
from shown_window import shown_window

from medlabeler.domain import language
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project

N, MANY, FEW = 260, 208, 50
CLASSES = ("melanoma", "naevus", "keratosis")


def big_project(folder: Path) -> Project:
    """260 images whose files nobody reads; the last 40 are test images; each came with a class."""
    project = Project.create(folder / "project")
    project.catalog.add(
        [
            NewImage(
                str(folder), f"{i:03d}.png", f"{i:064x}", 8, 8, "RGB", 100, 0,
                given_split="test" if i >= 220 else "train", reference=CLASSES[i % 3],
            )
            for i in range(N)
        ]
    )  # fmt: skip
    return project


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(big_project(tmp_path), monkeypatch, size=(1200, 800), whole=False) as shown:
        yield shown


def opened_of(window: MainWindow) -> OpenProject:
    assert window.opened is not None
    return window.opened


def id_of(opened: OpenProject, name: str) -> int:
    return next(c.id for c in opened.classes if c.name == name)


def predict_one_class(opened: OpenProject, name: str) -> None:
    """The classifier takes all images for one class."""
    ids = np.array([c.id for c in opened.classes], np.int32)
    shares = np.full((N, 3), 0.05, np.float32)
    shares[:, np.searchsorted(ids, id_of(opened, name))] = 0.9
    opened.adopt_predictions(
        ClassifierState(1, "logistic", 6, 1.0, 1.0, 3.0),
        np.full(N, id_of(opened, name), np.int32),
        np.full(N, 0.9, np.float32),
        (ids, lambda row: shares[row]),
    )


def state(opened: OpenProject) -> tuple[list[int], list[int], list[str]]:
    """What is on disk: classes and kinds of the labels, and which classes there are."""
    labels = opened.project.labels
    return labels.class_id.tolist(), labels.kind.tolist(), [c.name for c in opened.project.classes.all()]


def on_map(window: MainWindow, key: Any, modifiers: Any = Qt.KeyboardModifier.NoModifier) -> None:
    assert window.page is not None
    canvas = window.page.map.view.canvas
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    canvas.setFocus()
    QTest.keyClick(canvas, key, modifiers)


def label_all(opened: OpenProject, rows: Any, name: str) -> None:
    """They have labels already, one step for each fifty."""
    for start in range(0, len(rows), FEW):
        opened.label_rows(rows[start : start + FEW], id_of(opened, name))


def _lasso_and_key(window: MainWindow) -> None:
    opened_of(window).set_selection(np.arange(MANY))
    on_map(window, Qt.Key.Key_3)


def _lasso_and_enter(window: MainWindow) -> None:
    predict_one_class(opened_of(window), "melanoma")
    opened_of(window).set_selection(np.arange(MANY))
    on_map(window, Qt.Key.Key_Return)


def _lasso_and_skip(window: MainWindow) -> None:
    opened_of(window).set_selection(np.arange(MANY))
    on_map(window, Qt.Key.Key_U)


def _class_clicked(window: MainWindow) -> None:
    assert window.page is not None
    opened_of(window).set_selection(np.arange(MANY))
    window.page.classes.view.label_targets(id_of(opened_of(window), "naevus"))


def _delete_labels(window: MainWindow) -> None:
    label_all(opened_of(window), np.arange(MANY), "naevus")
    opened_of(window).select_class(id_of(opened_of(window), "naevus"))
    on_map(window, Qt.Key.Key_Delete)


def _adopt(window: MainWindow) -> None:
    window.actions_["adopt_reference"].trigger()


def _page_of_the_grid(window: MainWindow) -> None:
    assert window.page is not None
    opened, grid = opened_of(window), window.page.grid
    predict_one_class(opened, "melanoma")
    window.page.show_grid(True)
    grid.top.pages.setCurrentIndex(grid.top.pages.findData(300))
    grid.show_source(id_of(opened, "melanoma"))
    # The page is laid out in a turn of its own.
    wait(lambda: grid.page is not None and grid.isVisible() and not grid._soon.isActive())
    assert grid.page is not None
    grid.page.seen = MANY
    grid.confirm()


def _delete_class(window: MainWindow) -> None:
    assert window.page is not None
    opened = opened_of(window)
    label_all(opened, np.arange(MANY), "naevus")
    definition = opened.class_of(id_of(opened, "naevus"))
    assert definition is not None
    window.page.classes.view.delete(definition)


def _merge_classes(window: MainWindow) -> None:
    assert window.page is not None
    opened = opened_of(window)
    label_all(opened, np.arange(MANY), "naevus")
    source, target = (opened.class_of(id_of(opened, name)) for name in ("naevus", "melanoma"))
    assert source is not None
    assert target is not None
    window.page.classes.view.merge(source, target)


def _show_skipped(window: MainWindow) -> None:
    opened = opened_of(window)
    for start in range(0, MANY, FEW):
        opened.mark_rows(np.arange(start, min(start + FEW, MANY)), LabelKind.SKIP)
    opened.show_skipped()


MASS: dict[str, tuple[Callable[[MainWindow], None], tuple[str, ...]]] = {
    "lasso and the key of a class": (_lasso_and_key, ("208 images", "naevus")),
    "lasso and Enter": (_lasso_and_enter, ("208 images", "melanoma")),
    "lasso and skip": (_lasso_and_skip, ("208 images", "Skip")),
    "a click on a class": (_class_clicked, ("208 images", "naevus")),
    "the labels of a class deleted": (_delete_labels, ("208 images", "Clear")),
    "the reference adopted": (_adopt, ("220 images", "melanoma 74", "naevus 73", "keratosis 73")),
    "a page of the grid": (_page_of_the_grid, ("208 images", "melanoma")),
    "a class deleted": (_delete_class, ("208 labels", "naevus")),
    "a class merged": (_merge_classes, ("208 labels", "naevus", "melanoma")),
    "skipped ones shown again": (_show_skipped, ("208 images", "skipped")),
}
"""What a person does, and what the question must name."""


@pytest.mark.parametrize("way", MASS)
def test_many_images_are_decided_about_after_a_question_only(window: MainWindow, way: str) -> None:
    """Fails before: each of them was done at once."""
    opened, page = opened_of(window), window.page
    assert page is not None
    act, named = MASS[way]
    opened.set_current(215)
    act(window)
    QApplication.processEvents()
    before = state(opened)
    undoable = opened.project.journal.undo_name
    bar = page.question
    assert bar.isVisible(), "it was done without a question"
    for word in named:
        assert word in bar.sentence.text()

    # Keys that mean something elsewhere mean nothing here; Escape takes the question away.
    target = window.focusWidget()
    assert target is bar
    for key in (Qt.Key.Key_1, Qt.Key.Key_2, Qt.Key.Key_U, Qt.Key.Key_X, Qt.Key.Key_Delete, Qt.Key.Key_Right):
        QTest.keyClick(target, key)
    QTest.keyClick(target, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert bar.isVisible()
    assert state(opened) == before
    QTest.keyClick(target, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert state(opened) == before
    assert opened.project.journal.undo_name == undoable

    # Asked again, Enter does it, and nothing else.
    _again(window, way)
    assert bar.isVisible()
    QTest.keyClick(bar, Qt.Key.Key_Return)
    assert not bar.isVisible()
    after = state(opened)
    assert after != before
    changed = np.flatnonzero(np.array(after[0]) != np.array(before[0])).tolist()
    assert set(changed) <= set(range(220 if way == "the reference adopted" else MANY)), "another was labelled"
    opened.undo()
    assert state(opened)[0] == before[0]


def _again(window: MainWindow, way: str) -> None:
    """The same once more; what was prepared for it is there already."""
    opened = opened_of(window)
    if way == "the labels of a class deleted":
        on_map(window, Qt.Key.Key_Delete)
    elif way == "skipped ones shown again":
        opened.show_skipped()
    elif way in ("a class deleted", "a class merged"):
        assert window.page is not None
        source, target = (opened.class_of(id_of(opened, name)) for name in ("naevus", "melanoma"))
        assert source is not None
        assert target is not None
        if way == "a class deleted":
            window.page.classes.view.delete(source)
        else:
            window.page.classes.view.merge(source, target)
    else:
        MASS[way][0](window)


def test_fifty_are_decided_about_at_once(window: MainWindow) -> None:
    opened = opened_of(window)
    opened.set_selection(np.arange(FEW))
    on_map(window, Qt.Key.Key_3)
    assert int((opened.label == id_of(opened, "naevus")).sum()) == FEW
    assert opened.question is None


@pytest.mark.parametrize("away", ["click", "selection", "decision", "undo", "blind"])
def test_who_goes_elsewhere_says_no(window: MainWindow, away: str) -> None:
    """What a question is about must be what is on show."""
    opened, page = opened_of(window), window.page
    assert page is not None
    opened.label_rows([1], id_of(opened, "melanoma"))
    _lasso_and_key(window)
    assert page.question.isVisible()
    if away == "click":
        page.map.view.canvas.setFocus()
    elif away == "selection":
        opened.set_selection([3, 4])
    elif away == "decision":
        opened.label_rows([215], id_of(opened, "melanoma"), LabelSource.CLICK)
    elif away == "undo":
        opened.undo()
    else:
        opened.set_blind(True)
    assert not page.question.isVisible()
    assert opened.question is None
    opened.answer_question()
    assert int((opened.project.labels.class_id != NO_CLASS).sum()) <= 2


def test_the_question_says_how_many_labels_would_be_replaced(window: MainWindow) -> None:
    opened, page = opened_of(window), window.page
    assert page is not None
    opened.label_rows(range(20), id_of(opened, "melanoma"), LabelSource.CLICK)
    opened.label_rows(range(100), id_of(opened, "naevus"), LabelSource.CLICK)
    assert "100 images naevus, 20 of which have a label already" in page.question.sentence.text()


def test_a_held_key_does_not_answer(window: MainWindow) -> None:
    page = window.page
    assert page is not None
    _lasso_and_enter(window)
    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, Qt.KeyboardModifier.NoModifier, "\r", True)
    QApplication.sendEvent(page.question, event)
    assert page.question.isVisible()
    assert not (opened_of(window).project.labels.class_id != NO_CLASS).any()


def test_a_page_changed_while_it_was_asked_about_is_asked_about_again(window: MainWindow) -> None:
    page = window.page
    assert page is not None
    _page_of_the_grid(window)
    assert page.question.isVisible()
    assert page.grid.page is not None
    page.grid.page.mark([0], True)
    page.grid.view.edited.emit()
    assert not page.question.isVisible()
    page.grid.confirm()
    assert "207 images" in page.question.sentence.text()


def test_the_button_that_has_the_focus_is_what_enter_means(window: MainWindow) -> None:
    page = window.page
    assert page is not None
    _lasso_and_key(window)
    page.question.no.setFocus()
    QTest.keyClick(page.question.no, Qt.Key.Key_Return)
    assert not page.question.isVisible()
    assert not (opened_of(window).project.labels.class_id != NO_CLASS).any()


def test_the_button_says_what_it_does_in_every_language(window: MainWindow) -> None:
    """Fails before: it said the first word of the sentence, which in German was the number of images."""
    opened, page = opened_of(window), window.page
    assert page is not None
    with language.speaking("de"):
        opened.set_selection(np.arange(MANY))
        opened.label_rows(np.arange(MANY), opened.classes[0].id)
        assert page.question.yes.text() == "Labeln"
        opened.mark_rows(np.arange(MANY), LabelKind.SKIP)
        assert page.question.yes.text() == "Ja, ausführen"
    opened.drop_question()
