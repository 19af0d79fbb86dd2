"""Next: one suggestion at a time, labelled by keys and clicks; blind mode walks through the test set."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, labelled, predict, suggest
from PySide6.QtCore import QPoint, Qt

from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.queue_panel import QueuePanel
from medlabeler.gui.session import Session

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def queue(session: Session, qtbot: Any) -> QueuePanel:
    widget = QueuePanel(session)
    qtbot.addWidget(widget)
    widget.resize(860, 240)
    widget.show()
    qtbot.waitExposed(widget)
    # As in the window, where the map has the focus at first.
    focused = widget.focusWidget()
    if focused is not None:
        focused.clearFocus()
    session.set_current(-1)
    return widget


def test_enter_accepts_the_prediction_and_goes_on(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    predict(session)
    suggest(session, [4, 8, 12])
    assert queue.head == 4
    assert queue.opinion.text() == "eosinophil, 80 % confident"
    assert queue.reason.text() == "Suggested because it is least sure of this one."
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert labelled(session, "eosinophil") == [4]
    assert queue.head == 8
    event = session.project.labels.events(4)[-1]
    assert event.source == LabelSource.QUEUE
    assert event.strategy == "least_confident"
    assert event.shown_class_id == class_named(session, "eosinophil")


def test_keys_choose_another_class_skip_and_mark(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    predict(session)
    suggest(session, [1, 2, 3, 5, 6])
    queue.setFocus()
    for key in (Qt.Key.Key_3, Qt.Key.Key_U, Qt.Key.Key_N, Qt.Key.Key_X):
        qtbot.keyClick(queue, key)
    assert labelled(session, "monocyte") == [1]
    kinds = session.project.labels.kind[[2, 3, 5]].tolist()
    assert kinds == [LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE]
    assert queue.head == 6


def test_what_is_decided_here_is_what_the_image_panel_shows(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    suggest(session, [1, 2])
    assert session.current == -1, "suggestions alone must not steal the image on show"
    queue.setFocus()
    assert session.current == 1
    qtbot.keyClick(queue, Qt.Key.Key_1)
    assert session.current == 2


def test_a_click_on_a_chip_labels(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    suggest(session, [9, 10])
    area = queue.chips.chips()[1][0]
    qtbot.mouseClick(queue.chips, LEFT, pos=area.center().toPoint())
    assert labelled(session, "eosinophil") == [9]
    assert queue.head == 10


def test_arrows_and_thumbnails_look_at_other_suggestions(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    suggest(session, [1, 2, 3])
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Right)
    assert queue.head == 2
    qtbot.keyClick(queue, Qt.Key.Key_Left)
    assert queue.head == 1
    spot = queue.strip.cell(2).center().toPoint()
    qtbot.mouseClick(queue.strip, LEFT, pos=spot)
    assert queue.head == 3
    assert session.project.labels.n_labelled == 0


def test_no_test_image_is_ever_on_show(queue: QueuePanel) -> None:
    suggest(queue.session, [39, 2])
    assert queue.head == 2


def test_the_strategy_is_chosen_here_and_stored(queue: QueuePanel, qtbot: Any) -> None:
    queue.header.strategy.setFocus()
    queue.header.strategy.setCurrentIndex(queue.header.strategy.findData("random"))
    queue.header.strategy.activated.emit(queue.header.strategy.currentIndex())
    assert queue.session.strategy == "random"
    assert queue.session.project.settings.get("strategy", "") == "random"


def test_it_says_why_there_is_nothing(queue: QueuePanel) -> None:
    session = queue.session
    assert "embedding" in queue.empty.text()
    session.label_rows(np.arange(N - N_TEST), class_named(session, "basophil"))
    assert queue.empty.isVisible()
    assert "Nothing left to suggest" in queue.empty.text()


def test_blind_mode_walks_through_the_test_set(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    predict(session)
    suggest(session, [1, 2])
    session.set_blind(True)
    assert queue.header.status.text() == f"Blind test: 0 of {N_TEST} test images labelled"
    assert not queue.accept_button.isVisible()
    assert not queue.header.strategy.isVisible()
    seen = []
    queue.setFocus()
    for done in range(1, N_TEST + 1):
        seen.append(queue.head)
        assert session.split[queue.head] == Split.TEST
        qtbot.keyClick(queue, Qt.Key.Key_2)
        assert queue.header.status.text() == f"Blind test: {done} of {N_TEST} test images labelled"
    assert sorted(seen) == list(range(N - N_TEST, N))
    assert labelled(session, "eosinophil") == sorted(seen)
    assert all(session.project.labels.events(row)[-1].blind for row in seen)
    session.set_blind(False)
    assert queue.head == 1


def test_enter_does_nothing_in_blind_mode(queue: QueuePanel, qtbot: Any) -> None:
    session = queue.session
    predict(session)
    session.set_blind(True)
    queue.setFocus()
    qtbot.keyClick(queue, Qt.Key.Key_Return)
    assert session.project.labels.n_labelled == 0


def test_it_fits_a_narrow_window(queue: QueuePanel, qtbot: Any) -> None:
    suggest(queue.session, [1, 2])
    queue.resize(480, 240)
    assert queue.width() == 480
    assert not queue.strip.isVisible()
    assert queue.marks[0].mapTo(queue, QPoint(queue.marks[0].width(), 0)).x() <= 480
