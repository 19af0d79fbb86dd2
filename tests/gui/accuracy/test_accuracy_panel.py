"""The accuracy panel: what it draws and what it claims, from a real stored history."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from panels_support import class_named, make_project, open_for_test
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHeaderView

from medlabeler.domain.changes import Changes
from medlabeler.domain.words import between
from medlabeler.gui.accuracy.history_series import CurvePoint, in_words, series_of, thinned
from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.accuracy.recall_table import WIDE
from medlabeler.gui.accuracy.report_text import report_text
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint, MeasuredClass


@pytest.fixture
def panel(opened: OpenProject, qtbot: Any) -> AccuracyPanel:
    widget = AccuracyPanel(opened)
    qtbot.addWidget(widget)
    widget.resize(320, 560)
    widget.show()
    qtbot.waitExposed(widget)
    return widget


def store(
    opened: OpenProject,
    n_labels: int,
    accuracy: float,
    classifier: str = "logistic",
    measured_on: str = "cross-validation",
    n_images: int | None = None,
    recalls: tuple[float | None, ...] = (0.9, 0.5, None),
    n_measured: int = 3,
) -> None:
    """Add a checkpoint to the history, as the open project does after an evaluation."""
    per_class = [
        MeasuredClass(
            c.id, c.name, r, 10 * (i + 1) if i < n_measured else 0,
            low=None if r is None else r - 0.2, high=None if r is None else r + 0.08,
        )
        for i, (c, r) in enumerate(zip(opened.classes, recalls, strict=True))
    ]  # fmt: skip
    opened.project.history.add(
        Checkpoint(
            id=0,
            time="2026-01-02T10:00:00",
            session=opened.project.session_id,
            revision=n_labels,
            n_labels=n_labels,
            labels_per_class=n_labels / 3,
            classifier=classifier,
            measured_on=measured_on,
            n_images=n_images or n_labels,
            n_groups=None,
            balanced_accuracy=accuracy,
            per_class=per_class,
            confusion=[[9, 1, 0], [2, 10, 8], [0, 0, 0]],
            embedding="",
        )
    )
    opened.changed.emit(Changes.HISTORY)


def test_no_recall_stands_in_the_text_of_the_report_without_its_interval(opened: OpenProject) -> None:
    """Fails before: "stachel: 56 % recognised, of 7 images" was read as a figure."""
    store(opened, 30, 0.7)
    first, second = (definition.name for definition in opened.classes[:2])
    lines = report_text(opened).splitlines()
    assert f"{first}: 90 % recognised (95 % interval 70 to 98 %), of 10 images" in lines
    assert f"{second}: 50 % recognised (95 % interval 30 to 58 %), of 20 images" in lines


def test_without_an_embedding_or_labels_it_says_what_to_do(panel: AccuracyPanel) -> None:
    assert panel.empty.isVisible()
    assert "label at least 2 images in 2 classes" in panel.empty.text()


def test_the_figure_and_what_it_rests_on_in_words(panel: AccuracyPanel) -> None:
    store(panel.opened, 30, 0.7)
    store(panel.opened, 213, 0.842)
    assert panel.card.figure.text() == "84 %"
    assert panel.words.accessibleName() == (
        "Logistic regression 84 % balanced accuracy · 5-fold cross-validation on 213 labels · "
        "no groups known, so images of one patient may be on both sides"
    )


def test_the_classifier_in_use_makes_the_headline(panel: AccuracyPanel) -> None:
    store(panel.opened, 60, 0.8)
    store(panel.opened, 60, 0.75, classifier="knn")
    assert panel.card.figure.text() == "80 %"
    panel.opened.set_classifier("knn")
    assert panel.card.figure.text() == "75 %"
    assert "kNN" in panel.what.text()


def test_benchmark_mode_names_the_reference_and_draws_only_it(panel: AccuracyPanel) -> None:
    store(panel.opened, 60, 0.8)
    store(panel.opened, 60, 0.77, measured_on="reference", n_images=1360)
    assert [s.measured_on for s in panel.plot.series] == ["cross-validation"]
    panel.opened.set_measure("reference")
    assert panel.card.figure.text() == "77 %"
    assert "reference labels of 1,360 test images" in panel.words.text()
    assert [s.measured_on for s in panel.plot.series] == ["reference"]


def test_a_look_at_the_test_set_is_told_apart(panel: AccuracyPanel) -> None:
    store(panel.opened, 60, 0.8)
    store(panel.opened, 60, 0.71, measured_on="test labels", n_images=200)
    assert panel.card.figure.text() == "80 %", "choices are made on cross-validation"
    assert "71 % balanced accuracy; 19 of 30 images right" in panel.test_words.text()
    assert "against the labels of 200 test images" in panel.test_words.text()
    assert panel.test_words.isVisible()
    assert {s.on_test_set for s in panel.plot.series} == {True, False}
    assert "filled: test set" in panel.legend.words()


def test_recall_table_shows_support_and_sorts(panel: AccuracyPanel, qtbot: Any) -> None:
    store(panel.opened, 60, 0.8)
    table = panel.table
    names = lambda: [table.proxy.index(i, 0).data() for i in range(table.proxy.rowCount())]  # noqa: E731
    assert names() == ["basophil", "eosinophil", "monocyte"]
    assert table.proxy.index(2, 1).data() == "not measured"
    assert table.proxy.index(1, 2).data() == "20"
    header = table.horizontalHeader()
    spot_x = header.sectionViewportPosition(1) + 20
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=_point(spot_x, 10))
    first = names()
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=_point(spot_x, 10))
    assert {tuple(first), tuple(names())} == {
        ("monocyte", "eosinophil", "basophil"),
        ("basophil", "eosinophil", "monocyte"),
    }
    tip = table.source.data(table.source.index(1, 0), Qt.ItemDataRole.ToolTipRole)
    assert "Most often taken for monocyte (8)" in tip
    low, high = table.source.rows[1].interval or (0.0, 0.0)
    assert 0 < low < (table.source.rows[1].recall or 0) < high < 1
    assert f"95 % interval {between(low, high)}" in tip


def test_the_interval_of_a_recall_is_drawn_and_where_there_is_room_written(
    panel: AccuracyPanel, qtbot: Any
) -> None:
    """Fails before: 72 % of 13 images stood there like 72 % of a thousand."""
    store(panel.opened, 60, 0.8)
    table = panel.table

    panel.resize(900, 560)
    table.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Fixed)

    def ink(width: int) -> NDArray[np.uint32]:
        table.horizontalHeader().resizeSection(1, width)
        image = table.viewport().grab(table.visualRect(table.proxy.index(0, 1))).toImage()
        image = image.convertToFormat(QImage.Format.Format_RGB32)
        return np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width()).copy()

    for width in (150, WIDE + 50):
        with_limits = ink(width)
        rows = table.source.rows
        table.source.show_rows([replace(row, interval=None) for row in rows])
        without = ink(width)
        table.source.show_rows(rows)
        changed = np.flatnonzero((with_limits != without).any(axis=0))
        assert len(changed), "nothing shows how sure it is"
        assert (changed.max() - changed.min() > width / 2) == (width > WIDE), "the words, too"


def test_a_renamed_class_is_renamed_in_the_table(panel: AccuracyPanel) -> None:
    store(panel.opened, 60, 0.8)
    panel.opened.rename_class(class_named(panel.opened, "basophil"), "BAS")
    assert panel.table.source.rows[0].name == "BAS"


def test_points_lie_where_their_numbers_say(panel: AccuracyPanel) -> None:
    store(panel.opened, 30, 0.5)
    store(panel.opened, 300, 0.9)
    low, high = panel.plot.series[0].points
    first, last = panel.plot.position(low), panel.plot.position(high)
    area = panel.plot.plot_area()
    assert area.contains(first)
    assert area.contains(last)
    assert first.x() < last.x()
    assert first.y() > last.y()
    assert panel.plot.nearest(first) is low
    assert panel.plot.nearest(area.topLeft()) is None


def test_the_latest_of_the_same_number_of_labels_counts(opened: OpenProject) -> None:
    store(opened, 30, 0.5)
    store(opened, 30, 0.6)
    (series,) = series_of(opened.project.history.all(), measure="labels", embedding=None)
    assert [p.y for p in series.points] == [0.6]


def test_no_line_joins_figures_of_other_classes(panel: AccuracyPanel) -> None:
    """Fails before: a fall from 59 to 47 % was drawn where a third class could be measured at last."""
    opened = panel.opened

    store(opened, 12, 0.58, n_measured=2)
    store(opened, 15, 0.59, n_measured=2)
    panel.refresh()
    assert not any("no line" in words for words in panel.legend.words())
    store(opened, 24, 0.47)
    panel.refresh()
    (series,) = panel.plot.series
    assert [[p.y for p in points] for points in series.stretches] == [[0.58, 0.59], [0.47]]
    assert "no line between: other classes were measured" in panel.legend.words()
    image = panel.plot.grab().toImage()
    before, after = (panel.plot.position(point) for point in series.points[-2:])
    between = (before + after) / 2
    around = {image.pixelColor(int(between.x()), int(between.y()) + dy).name() for dy in range(-3, 4)}
    assert len(around) == 1, "something is drawn half-way"


def test_thinning_keeps_both_ends() -> None:
    points = [CurvePoint(float(n), 0.5, n) for n in range(1, 2000)]
    kept = thinned(points, 40)
    assert len(kept) <= 40
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert [p.x for p in kept] == sorted(p.x for p in kept)


def test_groups_are_named_where_they_are_known(opened: OpenProject) -> None:
    store(opened, 30, 0.5)
    stored = replace(opened.project.history.all()[-1], n_groups=12, facts={"n_ungrouped": 30, "repeats": 4})
    words = in_words(stored, has_groups=True)
    assert "12 groups, none on both sides; 30 images without a group" in words
    assert "4 times, on 30 labels" in words
    assert "no groups known" in in_words(replace(stored, n_groups=None), has_groups=True)


def test_the_history_is_there_after_a_restart(tmp_path: Path, qtbot: Any) -> None:
    from medlabeler.project.project import Project

    first = open_for_test(make_project(tmp_path))
    store(first, 90, 0.81)
    first.close()
    again = open_for_test(Project.open(tmp_path / "project"))
    try:
        panel = AccuracyPanel(again)
        qtbot.addWidget(panel)
        assert panel.card.figure.text() == "81 %"
    finally:
        again.close()


def _point(x: int, y: int) -> Any:
    from PySide6.QtCore import QPoint

    return QPoint(x, y)
