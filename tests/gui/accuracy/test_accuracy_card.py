"""The accuracy as a card: percent, chance, what it rests on, and how sure it is, in words and by keys."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from panels_support import predict
from PySide6.QtCore import Qt

from medlabeler.domain.changes import Changes
from medlabeler.gui.accuracy.card import AccuracyCard
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint, MeasuredClass


@pytest.fixture
def card(opened: OpenProject, qtbot: Any) -> AccuracyCard:
    widget = AccuracyCard(opened)
    qtbot.addWidget(widget)
    widget.resize(320, 90)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def store(
    card: AccuracyCard,
    accuracy: float,
    supports: tuple[int, ...],
    interval: tuple[float, float] | None = None,
    scored: str = "all labels",
    measured_on: str = "cross-validation",
) -> None:
    """Add a checkpoint with these numbers of images by class to the history."""
    opened, n = card.opened, sum(supports)
    facts: dict[str, Any] = {"scored": scored}
    if interval is not None:
        facts["interval"] = {"low": interval[0], "high": interval[1], "level": 0.95, "method": ""}
    opened.project.history.add(
        Checkpoint(
            id=0, time="2026-01-02T10:00:00", session=opened.project.session_id, revision=n, n_labels=n,
            labels_per_class=n / len(supports), classifier="logistic", measured_on=measured_on, n_images=n,
            n_groups=None, balanced_accuracy=accuracy, confusion=[], embedding="", facts=facts,
            per_class=[MeasuredClass(i, str(i), accuracy, s)
                       for i, s in enumerate(supports)],
        )
    )  # fmt: skip
    opened.changed.emit(Changes.HISTORY)


def test_before_there_is_a_figure_it_says_so(card: AccuracyCard) -> None:
    assert card.words.sentence == "–, no accuracy yet"


@pytest.mark.parametrize(
    ("accuracy", "supports", "interval", "scored", "said"),
    [
        (0.451, (57, 30, 12, 10, 3, 2), None, "all labels",
         "45 %, chance 17 %, on 114 labels, too few for certainty"),
        (0.451, (40, 40), None, "all labels",
         ("45 %, chance 50 %, on 80 labels, 2 of 3 classes, "
         "of chosen labels: it may be off by tens of points")),
        (0.842, (100, 100, 0), (0.79, 0.88), "random draws",
         "84 %, chance 50 %, on 200 labels, 2 of 3 classes, 95 % interval 79 to 88 %: fairly certain"),
        (0.7, (20, 20, 20), (0.55, 0.81), "random draws",
         "70 %, chance 33 %, on 60 labels, 95 % interval 55 to 81 %: a rough figure"),
        (0.55, (20, 20), (0.4, 0.7), "random draws",
         ("55 %, chance 50 %, on 40 labels, 2 of 3 classes, "
         "95 % interval 40 to 70 %: perhaps no better than chance")),
        (0.996, (500, 500), (0.991, 0.999), "random draws",
         ("99.6 %, chance 50 %, on 1,000 labels, 2 of 3 classes, "
         "95 % interval 99.1 to 99.9 %: fairly certain")),
    ],
)  # fmt: skip
def test_the_card_in_words(
    card: AccuracyCard,
    accuracy: float,
    supports: tuple[int, ...],
    interval: tuple[float, float] | None,
    scored: str,
    said: str,
) -> None:
    store(card, accuracy, supports, interval, scored)
    n = sum(supports)
    said_all = f"{said}. Measured when there were {n:,} labels; now there are 0."
    assert card.words.sentence == said_all
    assert card.accessibleName() == f"Balanced accuracy: {said_all}"
    shown = " ".join(w.text() for w in (card.figure, card.basis, card.certainty))
    assert all(part in shown for part in said.split(", "))


def test_a_look_at_the_reference_names_it(card: AccuracyCard) -> None:
    store(card, 0.77, (700, 660), (0.75, 0.79), "test set", "reference")
    assert card.words.figure == "–", "choices are made on cross-validation"
    card.opened.set_measure("reference")
    assert card.words.basis == "on the reference labels of 1,360 test images, 2 of 3 classes"


def test_labels_that_the_classifier_has_not_seen_yet_are_not_said_to_be_on_images_not_looked_at(
    card: AccuracyCard,
) -> None:
    opened = card.opened

    def arrive(revision: int, n_labels: int) -> None:
        predict(opened)
        assert opened.model is not None
        opened.model = replace(opened.model, revision=revision, n_labels=n_labels)
        opened.changed.emit(Changes.MODEL)

    opened.label_rows([0, 1, 2], opened.classes[0].id)
    now = opened.project.labels.revision
    store(card, 0.5, (1, 0))
    arrive(now - 1, 1)
    assert card.words.behind == "Measured on 1 of your 3 labels: it follows when you pause for a moment."
    arrive(now, 2)
    assert card.words.behind == "Measured on 1 of your 3 labels: 1 label is on images not looked at yet."


def test_labels_that_do_not_stand_any_more_are_told_of(card: AccuracyCard) -> None:
    """Fails before: with every label taken back the card went on with the figure as if they were there."""
    opened = card.opened
    opened.label_rows([0, 1, 2], opened.classes[0].id)
    store(card, 0.5, (2, 1))
    assert card.words.behind == ""
    opened.clear_rows([1])
    assert card.words.behind == "Measured when there were 3 labels; now there are 2."
    opened.undo()
    assert card.words.behind == ""
    opened.undo()
    assert card.words.behind == "Measured when there were 3 labels; now there are 0."
    assert "now there are 0" in card.accessibleName()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_a_click_or_a_key_asks_for_more_and_labels_nothing(
    card: AccuracyCard, qtbot: Any, key: Qt.Key
) -> None:
    with qtbot.waitSignal(card.chosen):
        qtbot.mouseClick(card, Qt.MouseButton.LeftButton)
    card.setFocus()
    with qtbot.waitSignal(card.chosen):
        qtbot.keyClick(card, key)


def test_it_says_when_it_is_of_some_of_the_classes_alone(card: AccuracyCard, opened: OpenProject) -> None:
    n = len(opened.classes)
    while n < 8:
        opened.add_class(f"another {n}")
        n = len(opened.classes)
    store(card, 0.75, (2, 3))
    assert card.words.basis == "on 5 labels, 2 of 8 classes"
    assert "2 of 8 classes" in card.basis.full()
    assert "2 of 8 classes" in card.accessibleName()
    store(card, 0.75, (9, 9, 8, 8, 7, 6, 5, 4))
    assert card.words.basis == "on 56 labels"


def test_a_long_sentence_in_a_small_card_is_cut_between_lines_and_told_in_full(
    card: AccuracyCard, qtbot: Any
) -> None:
    """Fails before: the lines lay on each other, and the last one was seen in half."""
    store(card, 0.24, (4, 3, 3))
    card.resize(210, 80)
    qtbot.wait(20)
    line = card.basis.fontMetrics().lineSpacing()
    for label in (card.basis, card.certainty):
        assert label.height() >= label.lines() * line - 2, label.text()
        assert card.rect().contains(label.geometry())
    assert not card.basis.geometry().intersects(card.certainty.geometry())
    assert card.words.basis.split()[0] in card.toolTip()
