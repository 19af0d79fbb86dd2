"""The words on the running job at the bottom of the window."""

from __future__ import annotations

from typing import Any

import pytest

from medlabeler.gui.window.status_bar import StatusBar

WORDS = "Check the split for leaks: Comparing groups of images that look alike"


@pytest.mark.parametrize("width", [600, 700, 1400])
def test_the_words_of_a_job_end_in_dots_where_they_have_less_room(width: int, qtbot: Any) -> None:
    """Fails before: cut for the room that there should have been, they were sliced where there was less."""
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.resize(width, 30)
    bar.facts.setText("1,234 labelled of 17,092 · test set 0/200 labelled · saved")
    bar.show()
    qtbot.waitExposed(bar)
    for widget in (bar.job, bar.bar, bar.stop):
        widget.show()
    bar.job.most = 400
    bar.job.set_full(WORDS)
    bar.job.updateGeometry()
    qtbot.waitUntil(lambda: bool(bar.job.text()) and bar.job.width() > 20)
    assert bar.job.fontMetrics().horizontalAdvance(bar.job.text()) <= bar.job.width()
    whole = bar.job.fontMetrics().horizontalAdvance(WORDS)
    assert (bar.job.text() == WORDS) == (whole <= bar.job.contentsRect().width() - 2)
    assert bar.job.text() == WORDS or bar.job.text().endswith("…")
    assert WORDS in bar.job.toolTip()
    assert bar.job.width() <= 400


def test_the_words_of_a_job_are_whole_where_there_is_room(qtbot: Any) -> None:
    """Fails before: the theme's frame around them was not counted: the last letters were missing."""
    bar = StatusBar()
    qtbot.addWidget(bar)
    bar.setStyleSheet("QLabel { padding: 1px 2px; }")
    bar.resize(1400, 30)
    bar.show()
    qtbot.waitExposed(bar)
    bar.job.show()
    bar.job.most = 900
    for words in (WORDS, f"{WORDS} · 160 of 420 · 9.1 a second · 29 s left"):
        bar.job.set_full(words)
        bar.job.updateGeometry()
        qtbot.waitUntil(lambda words=words: bar.job.text() == words)
