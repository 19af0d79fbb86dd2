"""Measuring on the test set asks first: what it costs, and what interval to expect."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, make_project, predict
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shown_window import shown_window

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.learning.accuracy.report import FigureInterval, Report
from medlabeler.open_project.look_at_test_set import expected_interval, found_sentence


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(make_project(tmp_path), monkeypatch, size=(1200, 800)) as shown:
        yield shown


def test_the_test_set_is_measured_on_after_a_question_only(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: one click spent it."""
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    spent: list[bool] = []
    monkeypatch.setattr(opened.engine, "open_test_set", lambda: spent.append(True))
    window.actions_["open_test_set"].trigger()
    assert not page.question.isVisible(), "nothing of the test set is labelled"
    opened.set_blind(True)
    for row, name in zip(range(N - N_TEST, N - 2), ["basophil", "eosinophil"] * 3, strict=True):
        opened.label_rows([row], class_named(opened, name), LabelSource.CLICK)
    opened.set_blind(False)
    predict(opened)
    monkeypatch.setattr(opened.engine, "why_no_look", lambda: "")
    page.accuracy.refresh()
    assert page.accuracy.open_button.isEnabled()
    assert int((opened.kind[-N_TEST:] == LabelKind.LABEL).sum()) == 6
    for start in (window.actions_["open_test_set"].trigger, page.accuracy.open_button.click):
        start()
        assert not spent
        assert page.question.isVisible()
        told = page.question.sentence.text()
        for part in (
            "6 of its 8 images",
            "number 1",
            "recorded",
            "spends",
            "no interval for the balanced accuracy: each class needs 15",  # fails before: one was promised
            "has 3",
        ):
            assert part in told
        QTest.keyClick(page.question, Qt.Key.Key_Escape)
        assert not spent
    window.actions_["open_test_set"].trigger()
    QTest.keyClick(page.question, Qt.Key.Key_Return)
    assert spent == [True]


def test_the_interval_to_expect_is_that_of_the_rarest_class() -> None:
    low, high = expected_interval(0.8, np.array([100, 100]))
    assert 0.7 < low < 0.8 < high < 0.9
    assert expected_interval(0.8, np.array([195, 5]))[0] < low - 0.15
    assert expected_interval(0.8, np.array([], np.int64)) == (0.0, 1.0)


def test_the_result_has_interval_percent_and_counts() -> None:
    report = Report(0.451, 11, None, (), ((3, 2), (4, 2)), interval=FigureInterval(0.3, 0.61, 0.95, "exact"))
    assert found_sentence(report, 2) == (
        "Test set, look number 2: 45 % balanced accuracy (95 % interval 30 to 61 %); 5 of 11 images right."
    )
    without = Report(0.451, 11, None, (), ((3, 2), (4, 2)), interval_sentence="No interval: too few images.")
    assert found_sentence(without, 1).endswith("5 of 11 images right. No interval: too few images.")
