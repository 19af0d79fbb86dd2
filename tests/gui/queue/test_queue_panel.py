"""The question below the image: labelled by keys and clicks; blind mode walks through the test set."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, labelled, predict, suggest
from PySide6.QtCore import QCoreApplication, QPoint, Qt
from PySide6.QtWidgets import QWidget

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.queue.panel import MARKS, QueuePanel
from medlabeler.gui.queue.upcoming_strip import UpcomingStrip
from medlabeler.gui.queue.words import BLIND_DRAW, CHOSEN, CHOSEN_WAITING, because
from medlabeler.gui.stage.about_image import AboutImage
from medlabeler.gui.stage.stage import Stage
from medlabeler.learning.query.registry import STRATEGIES
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def stage(opened: OpenProject, qtbot: Any) -> Iterator[Stage]:
    place = QWidget()  # as in the window, the place gives the stage its size
    qtbot.addWidget(place)
    widget = Stage(opened, place)
    place.resize(860, 640)
    widget.resize(860, 640)
    place.show()
    qtbot.waitExposed(place)
    yield widget
    place.close()


@pytest.fixture
def queue(stage: Stage) -> QueuePanel:
    return stage.queue


@pytest.fixture
def strip(opened: OpenProject, qtbot: Any) -> UpcomingStrip:
    widget = UpcomingStrip(opened)
    qtbot.addWidget(widget)
    widget.resize(300, 160)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def test_enter_accepts_the_prediction_and_goes_on(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    predict(opened)
    suggest(opened, [4, 8, 12])
    assert queue.head == 4
    assert queue.opinion.text() == "eosinophil, 80 % confident"
    assert queue.reason.full() == "Suggested because it is least sure of this one."
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert labelled(opened, "eosinophil") == [4]
    assert queue.head == 8
    event = opened.project.labels.events(4)[-1]
    assert event.source == LabelSource.QUEUE
    assert event.strategy == "least_confident"
    assert event.shown_class_id == class_named(opened, "eosinophil")


def test_keys_choose_another_class_skip_and_mark(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    predict(opened)
    suggest(opened, [1, 2, 3, 5, 6])
    queue.setFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_U, Qt.Key.Key_N, Qt.Key.Key_X):
        qtbot.keyClick(queue, key)
    assert labelled(opened, "monocyte") == [1]
    kinds = opened.project.labels.kind[[2, 3, 5]].tolist()
    assert kinds == [LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE]
    assert queue.head == 6


def test_suggestions_take_an_empty_stage_and_never_the_image_on_show(stage: Stage, qtbot: Any) -> None:
    opened, queue = stage.opened, stage.queue
    suggest(opened, [1, 2])
    assert (opened.current, stage.image.shown, queue.head) == (1, 1, 1)
    qtbot.keyClick(queue, Qt.Key.Key_1)
    assert (opened.current, stage.image.shown, queue.head) == (2, 2, 2)
    opened.set_current(20)
    suggest(opened, [5, 6])
    assert (opened.current, stage.image.shown, queue.head) == (20, 20, 20)
    assert queue.reason.full() == CHOSEN
    opened.set_current(5)
    assert queue.reason.full() == CHOSEN_WAITING


def test_what_a_person_looked_up_is_no_answer_to_the_queue(stage: Stage, qtbot: Any) -> None:
    opened, queue = stage.opened, stage.queue
    suggest(opened, [1, 2])
    opened.set_current(20)
    qtbot.keyClick(queue, Qt.Key.Key_1)
    assert labelled(opened, "basophil") == [20]
    event = opened.project.labels.events(20)[-1]
    assert (event.source, event.strategy) == (LabelSource.CLICK, None)
    assert opened.current == 20, "the next key must not label an image that just came up"
    qtbot.keyClick(queue, Qt.Key.Key_Right)
    assert (opened.current, opened.came_by) == (1, LabelSource.QUEUE)


def test_a_click_on_a_chip_labels(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    suggest(opened, [9, 10])
    area = queue.chips.chips()[1][0]
    qtbot.mouseClick(queue.chips, LEFT, pos=area.center().toPoint())
    assert labelled(opened, "eosinophil") == [9]
    assert queue.head == 10


def test_arrows_and_thumbnails_look_at_other_suggestions(
    queue: QueuePanel, strip: UpcomingStrip, qtbot: Any
) -> None:
    opened = queue.opened
    suggest(opened, [1, 2, 3])
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Right)
    assert queue.head == 2
    qtbot.keyClick(queue, Qt.Key.Key_Left)
    assert queue.head == 1
    qtbot.mouseClick(strip, LEFT, pos=strip.cell(2).center().toPoint())
    assert queue.head == 3
    assert opened.project.labels.n_labelled == 0


def test_no_test_image_is_ever_on_show(queue: QueuePanel) -> None:
    suggest(queue.opened, [39, 2])
    assert queue.head == 2


def test_the_strategy_is_chosen_here_and_stored(queue: QueuePanel, qtbot: Any) -> None:
    queue.header.strategy.setFocus()
    queue.header.strategy.setCurrentIndex(queue.header.strategy.findData("random"))
    queue.header.strategy.activated.emit(queue.header.strategy.currentIndex())
    assert queue.opened.strategy == "random"
    assert queue.opened.project.settings.get("strategy", "") == "random"


def test_it_says_why_there_is_nothing(stage: Stage) -> None:
    opened, empty = stage.opened, stage.image.empty
    assert "image model" in empty.text()
    opened.label_rows(np.arange(N - N_TEST), class_named(opened, "basophil"))
    assert empty.isVisible()
    assert "Nothing left to suggest" in empty.text()


def test_the_choice_of_a_strategy_is_as_wide_without_an_image_as_with_one(stage: Stage, qtbot: Any) -> None:
    """Fails before: it took half the window while nothing was suggested, and jumped back."""
    stage.resize(1200, 700)
    stage.show()
    box = stage.queue.header.strategy
    qtbot.waitUntil(box.isVisible)
    assert box.width() <= box.sizeHint().width()


def test_blind_mode_walks_through_the_test_set(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    predict(opened)
    suggest(opened, [1, 2])
    opened.set_blind(True)
    assert queue.header.status.text() == f"Blind test: 0 of {N_TEST} test images labelled"
    assert not queue.accept_button.isVisible()
    assert not queue.header.strategy.isVisible()
    seen = []
    queue.setFocus()
    for done in range(1, N_TEST + 1):
        seen.append(queue.head)
        assert opened.split[queue.head] == Split.TEST
        qtbot.keyClick(queue, Qt.Key.Key_2)
        assert queue.header.status.text() == f"Blind test: {done} of {N_TEST} test images labelled"
    assert sorted(seen) == list(range(N - N_TEST, N))
    assert labelled(opened, "eosinophil") == sorted(seen)
    assert all(opened.project.labels.events(row)[-1].blind for row in seen)
    opened.set_blind(False)
    assert queue.head == 1


def test_enter_does_nothing_in_blind_mode(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    predict(opened)
    opened.set_blind(True)
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert opened.project.labels.n_labelled == 0


def test_it_fits_a_narrow_place(stage: Stage) -> None:
    queue = stage.queue
    suggest(queue.opened, [1, 2])
    stage.resize(260, 400)
    assert not queue.header.isVisible()
    assert queue.marks[-1].mapTo(stage, QPoint(queue.marks[-1].width(), 0)).x() <= 260


def wavering(opened: OpenProject, *rows: int) -> list[Suggestion]:
    first, second = opened.classes[0], opened.classes[2]
    reason = f"wavers between {first.name} and {second.name}"
    return [Suggestion(row, reason, "margin", None, (first.id, second.id)) for row in rows]


def test_the_reason_is_a_sentence_and_its_classes_are_marked(queue: QueuePanel) -> None:
    opened = queue.opened
    predict(opened)
    opened.queue.adopt(wavering(opened, 3))
    assert queue.reason.full() == ("Suggested because the classifier wavers between basophil and monocyte.")
    assert queue.chips.predicted == class_named(opened, "basophil")
    assert queue.chips.named == (class_named(opened, "basophil"), class_named(opened, "monocyte"))


@pytest.mark.parametrize(
    ("reason", "sentence"),
    [
        (
            "typical of a cluster without labels",
            "Suggested because it is typical of a cluster without labels.",
        ),
        (
            "stands for 9 alike, none near a label",
            "Suggested because it stands for 9 alike, none near a label.",
        ),
        ("near the 4 labels of EOS", "Suggested because it is near the 4 labels of EOS."),
        ("drawn at random, for the accuracy", "Drawn at random, for the accuracy."),
        ("no prediction yet", "No prediction yet."),
    ],
)
def test_every_kind_of_reason_makes_a_sentence(reason: str, sentence: str) -> None:
    assert because(Suggestion(0, reason, "any")) == sentence


def test_a_random_draw_is_labelled_without_sight_of_its_prediction(queue: QueuePanel, qtbot: Any) -> None:
    opened, told = queue.opened, []
    opened.message.connect(told.append)
    predict(opened)
    opened.queue.adopt(
        [Suggestion(4, "drawn at random, for the accuracy", "random", 0.1), *wavering(opened, 6)]
    )
    opened.look_at(4)
    assert queue.opinion.text() == "Which class is this?"
    assert queue.reason.full() == BLIND_DRAW
    assert queue.chips.predicted == NO_CLASS
    assert queue.accept_button.isVisible()
    assert not queue.accept_button.isEnabled()
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert queue.head == 4
    assert told == ["The prediction is hidden until you have decided: choose a class."]
    qtbot.keyClick(queue, Qt.Key.Key_3)
    assert labelled(opened, "monocyte") == [4]
    assert opened.project.labels.drawn_blind()[4]
    assert queue.accept_button.isEnabled()


def choose(queue: QueuePanel, text: str) -> None:
    """Open the menu of the queue and choose the entry that begins so."""
    queue.header.menu.aboutToShow.emit()
    next(a for a in queue.header.menu.actions() if a.text().startswith(text)).trigger()


def test_the_menu_shows_predictions_of_draws_and_skipped_images_again(queue: QueuePanel, qtbot: Any) -> None:
    opened = queue.opened
    predict(opened)
    opened.queue.adopt(
        [Suggestion(4, "drawn at random, for the accuracy", "random", 0.1), *wavering(opened, 6)]
    )
    opened.look_at(4)
    choose(queue, "Hide the prediction")
    assert queue.opinion.text() == "eosinophil, 80 % confident"
    qtbot.keyClick(queue, "u")
    assert queue.head == 6
    choose(queue, "Show skipped again (1 image)")
    assert queue.head == 4
    assert queue.reason.full() == "It is here again because it was skipped."
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert labelled(opened, "eosinophil") == [4]


def test_what_comes_after_does_not_move_under_the_mouse(
    opened: OpenProject, strip: UpcomingStrip, qtbot: Any
) -> None:
    opened.queue.adopt(wavering(opened, 1, 2, 3, 4))
    spot = strip.cell(2).center().toPoint()
    qtbot.mouseMove(strip, spot)
    opened.queue.adopt(wavering(opened, 9, 10, 11, 12), replaces=True)
    assert [s.row for s in opened.suggestions] == [1, 9, 3, 10, 11, 12]
    qtbot.mouseClick(strip, LEFT, pos=spot)
    assert opened.current == 3


def test_every_strategy_is_offered_with_what_it_does(queue: QueuePanel) -> None:
    box = queue.header.strategy
    offered = [box.itemData(i) for i in range(box.count()) if box.itemData(i)]
    assert sorted(offered) == sorted(STRATEGIES)
    assert offered[0] == queue.opened.strategy == "auto"
    assert STRATEGIES["auto"].sentence in box.toolTip()
    assert "1 in 10 suggestions is drawn at random" in box.toolTip()


def test_neighbours_of_the_image_on_show_are_seen_unless_it_is_judged_blind(
    opened: OpenProject, qtbot: Any
) -> None:
    about = AboutImage(opened)
    qtbot.addWidget(about)
    about.show()
    predict(opened)
    opened.label_rows([20], class_named(opened, "monocyte"))
    opened.queue.adopt([*wavering(opened, 6), Suggestion(4, "drawn at random", "random", 0.1)])
    opened.adopt_neighbours(6, [(20, 0.9)])
    assert about.strip.isVisible()
    assert about.strip.found == [(20, 0.9)]
    opened.look_at(4)
    opened.adopt_neighbours(4, [(20, 0.8)])
    assert about.strip.found == []


def test_in_a_narrow_column_nothing_of_the_question_lies_on_something_else(stage: Stage, qtbot: Any) -> None:
    """Fails before: the third line of classes lay below the buttons."""
    opened, queue = stage.opened, stage.queue
    for number in range(4):
        opened.add_class(f"a longer name {number}")
    predict(opened)
    opened.queue.adopt([Suggestion(4, "drawn; " + "and here is why, in many words " * 5, "random", 0.1)])
    opened.look_at(4)
    stage.parentWidget().resize(250, 330)
    stage.resize(250, 330)
    qtbot.waitUntil(lambda: queue.width() <= 250)
    qtbot.wait(20)
    parts = [queue.opinion, queue.reason, queue.chip_area, queue.accept_button, *queue.marks]
    for at, one in enumerate(parts):
        assert queue.rect().contains(one.geometry()), one
        for other in parts[at + 1 :]:
            assert not one.geometry().intersects(other.geometry()), (one, other)
    seen = queue.chip_area.viewport().height()
    assert all(area.bottom() <= seen or area.top() >= seen for area, _ in queue.chips.chips())
    assert queue.reason.text().endswith("…")
    assert queue.reason.full() in queue.reason.toolTip()


def test_no_line_of_classes_is_seen_in_part(stage: Stage, qtbot: Any) -> None:
    """Fails before: below the third line the upper rims of the fourth were to be seen."""
    opened, queue = stage.opened, stage.queue
    for number in range(24):
        opened.add_class(f"a class with a long name, {number}")
    qtbot.waitUntil(lambda: queue.chips.height() > 2 * queue.chip_area.height())
    seen = queue.chip_area.viewport().height()
    rims = [(area.top(), area.bottom()) for area, _ in queue.chips.chips()]
    assert any(bottom <= seen for _, bottom in rims)
    assert all(bottom <= seen or top >= seen for top, bottom in rims)


def test_buttons_have_texts_only_where_these_stand_in_one_line(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, German words wrapped in a column of 520 pixels, and the last button was hidden in part."""
    longer = [(f"{text} or more", *rest) for text, *rest in MARKS]
    monkeypatch.setattr("medlabeler.gui.queue.panel.MARKS", longer)
    queue = QueuePanel(opened)
    qtbot.addWidget(queue)
    queue.show()
    texts = set()
    for width in range(400, 1000, 20):
        queue.resize(width, queue.minimumSizeHint().height())
        QCoreApplication.processEvents()
        assert {button.geometry().top() for button in queue.marks} == {queue.accept_button.geometry().top()}
        assert all(queue.rect().contains(button.geometry()) for button in queue.marks)
        texts.add("or more" in queue.marks[0].text())
    assert texts == {False, True}
