"""The accuracy in detail: real figures from the real process, and a sentence wherever there is no figure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named, make_project, open_for_test, predict
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QDoubleSpinBox

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import LabelSource, Split
from medlabeler.domain.words import percent
from medlabeler.gui.accuracy.class_table import COLUMNS, SHARE
from medlabeler.gui.accuracy.class_table import shown as in_cell
from medlabeler.gui.accuracy.confusion_matrix import ConfusionMatrix
from medlabeler.gui.accuracy.details_page import DetailsPage
from medlabeler.gui.accuracy.help import BIAS, HINDCAST, AccuracyHelp
from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.accuracy.prior_choice import problem, rounded
from medlabeler.learning.accuracy.evaluation import score
from medlabeler.learning.accuracy.prequential import summary
from medlabeler.learning.accuracy.report import report
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.project.checkpoints import checkpoint
from medlabeler.project.random_draws import WINDOW, recent_draws
from medlabeler.project.vectors import EmbeddingInfo

CLASSES = ("basophil", "eosinophil", "monocyte")
DIM = 6


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """40 images in three classes that a classifier can tell apart, most of the time; none is labelled."""
    project = make_project(tmp_path, CLASSES)
    rng = np.random.default_rng(1)
    vectors = rng.standard_normal((project.catalog.n, DIM))
    vectors[np.arange(project.catalog.n), np.arange(project.catalog.n) % 3] += 2.5
    info = EmbeddingInfo(
        backbone="test", title="Test", weights_sha256="0" * 64, dim=DIM, preprocessing={}, pooling="mean",
        precision="float32", self_supervised=True, licence="none",
    )  # fmt: skip
    key = project.vectors.create(info)
    staging = tmp_path / "staged"
    rows = np.arange(project.catalog.n)
    project.vectors.write_shard(staging, "part", rows, project.catalog.digest, vectors.astype(np.float16))
    project.vectors.adopt(key, staging)
    project.settings.set("embedding", key)
    opened = open_for_test(project)
    yield opened
    opened.close()


@pytest.fixture
def window(opened: OpenProject, qtbot: Any) -> DetailsPage:
    widget = DetailsPage(opened)
    qtbot.addWidget(widget)
    return widget


def label(
    opened: OpenProject,
    per_class: int,
    names: tuple[str, ...] = CLASSES,
    source: LabelSource = LabelSource.BULK,
) -> None:
    """Label the first images of the pool of each class; image i is of class i modulo 3."""
    for place, name in enumerate(CLASSES):
        if name in names:
            rows = np.arange(place, 32, 3)[:per_class]
            opened.label_rows(rows, class_named(opened, name), source)


def shown(window: DetailsPage) -> str:
    """All sentences of the window."""
    empty = [e.text() for e in window.empties if not e.isHidden()]
    return " ".join([window.what.text(), window.words.text(), *empty, window.learning.empty.text()])


def test_figures_come_with_counts_and_a_cell_selects_its_images(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    label(opened, 10)
    window.show()
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    details = window.analyst.details.found
    assert sorted(details.rows) == sorted(np.flatnonzero(opened.label > 0).tolist())
    counts = np.array(details.report.confusion)
    assert counts.sum() == 30
    # The figure is the mean of ten cross-validations, the matrix holds each image once.
    assert window.figure.text() == percent(np.mean(np.diag(details.report.rates)))
    assert "mean of 10 cross-validations" in window.words.text()
    assert np.abs(np.diag(counts) / counts.sum(axis=1) - np.diag(details.report.rates)).max() < 0.1
    assert "30 training images" in window.words.text()
    assert "No groups are known" in window.words.text()
    assert window.table.proxy.rowCount() == 3
    row, column = map(int, np.argwhere(counts > 0)[0])
    qtbot.mouseClick(
        window.matrix, Qt.MouseButton.LeftButton, pos=window.matrix.cell(row, column).center().toPoint()
    )
    selected = np.flatnonzero(opened.selection)
    assert len(selected) == counts[row, column]
    assert set(opened.label[selected]) == {class_named(opened, CLASSES[row])}
    assert not (opened.split[selected] == Split.TEST).any()


def test_labels_that_were_adopted_are_nobodys_here(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    """Fails before: "scored on 30 training images that you labelled"."""
    label(opened, 10, source=LabelSource.ADOPT)
    window.show()
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    told = "They were adopted from the reference or read from a file, not given here."
    assert told in window.words.text()
    assert "you" not in f"{window.words.text()} {window.what.text()}".lower().split()
    qtbot.waitUntil(lambda: bool(window.learning.plot.series), timeout=60_000)
    assert told in window.learning.method.text()
    assert "your" not in window.learning.method.text()


def test_the_learning_curve_is_refined_and_restarts_with_new_labels(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    label(opened, 8)
    window.show()
    window.tabs.setCurrentWidget(window.learning)
    qtbot.waitUntil(lambda: bool(window.learning.plot.series), timeout=60_000)
    first = window.analyst.curve.revision
    series = window.learning.plot.series
    assert {s.classifier for s in series} == {"MedLabeler LR", "kNN", "LR", "SVM (decision)", "LL"}
    for entry in series:
        reach = max(p.at for p in entry.points)
        assert all(a.at <= 2 * reach + 1e-6 for a in entry.extrapolation)
    assert "24 labels in 3 classes" in window.learning.method.text()
    label(opened, 10)
    qtbot.waitUntil(lambda: window.analyst.curve.revision > first, timeout=60_000)
    qtbot.waitUntil(lambda: "30 labels" in window.learning.method.text(), timeout=60_000)


def test_nothing_is_computed_while_nobody_looks(opened: OpenProject, window: DetailsPage) -> None:
    label(opened, 5)
    assert window.analyst.child is None
    assert window.analyst.details is None


def test_one_class_only_is_a_sentence(opened: OpenProject, window: DetailsPage, qtbot: Any) -> None:
    label(opened, 5, ("basophil",))
    window.show()
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    assert window.figure.text() == "–"
    assert "two classes" in shown(window)
    assert window.matrix.isHidden() or window.matrix.parentWidget().isHidden()
    qtbot.waitUntil(lambda: window.analyst.curve is not None, timeout=60_000)
    assert "at least two classes" in window.learning.empty.text()


def test_no_label_at_all_is_a_sentence(opened: OpenProject, window: DetailsPage, qtbot: Any) -> None:
    window.show()
    qtbot.waitUntil(lambda: window.analyst.curve is not None, timeout=60_000)
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    assert window.figure.text() == "–"
    assert not window.analyst.problem
    assert "two images of two classes" in window.words.text()


def test_all_labels_in_one_group_is_a_sentence(opened: OpenProject, window: DetailsPage, qtbot: Any) -> None:
    opened.project.catalog.group = np.zeros(opened.n, np.int32)
    label(opened, 5)
    window.show()
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    assert window.figure.text() == "–"
    assert "at least two groups" in window.words.text()
    qtbot.waitUntil(lambda: window.analyst.curve is not None, timeout=60_000)
    assert "one group" in window.learning.empty.text()


def open_test_set(opened: OpenProject, truth: list[int], predicted: list[int]) -> None:
    """Store a look at the test set with these classes (positions in CLASSES)."""
    ids = np.array([c.id for c in opened.classes])
    names = {c.id: c.name for c in opened.classes}
    told = report(score(ids[truth], ids[predicted], ids), names)
    opened.project.history.add(
        checkpoint(
            asdict(told), classifier="logistic", measured_on="test labels", classes=opened.classes,
            session=opened.project.session_id, revision=1, n_labels=30, n_classes=3, embedding="",
        )
    )  # fmt: skip


def choose_test(window: DetailsPage) -> None:
    window.source.setCurrentIndex(window.source.findData("test labels"))
    window.source.activated.emit(window.source.currentIndex())


def test_a_rare_class_with_three_test_images_is_named_and_has_no_headline_interval(
    opened: OpenProject, window: DetailsPage
) -> None:
    open_test_set(opened, [0] * 30 + [1] * 30 + [2] * 3, [0] * 30 + [1] * 30 + [2] * 3)
    window.show()
    choose_test(window)
    assert window.figure.text() == "100 %"
    assert "95 % interval" not in window.what.text()
    assert "monocyte has 3 test images" in window.words.text()
    rare = window.table.source.rows[2]
    assert rare.low < 0.4, "three right images tell little"


def test_a_class_absent_from_the_test_set_is_named_and_not_counted(
    opened: OpenProject, window: DetailsPage
) -> None:
    open_test_set(opened, [0] * 30 + [1] * 30, [0] * 30 + [1] * 24 + [2] * 6)
    window.show()
    choose_test(window)
    assert window.figure.text() == "90 %"
    assert "monocyte has no image in the test set" in window.words.text()
    table = window.table.source
    assert table.data(table.index(2, 2)) == "–"
    assert "measure again" in window.empties[2].text()


def test_the_panel_says_the_interval_or_names_the_class(opened: OpenProject, qtbot: Any) -> None:
    ids = np.array([c.id for c in opened.classes])
    panel = AccuracyPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(350, 440)
    panel.show()
    for support, expected in ((40, "95 % interval"), (3, "monocyte has 3")):
        truth = np.repeat(ids, (40, 40, support))
        told = report(score(truth, np.roll(truth, 2), ids), {c.id: c.name for c in opened.classes})
        opened.project.history.add(
            checkpoint(
                asdict(told), classifier="logistic", measured_on="cross-validation", classes=opened.classes,
                session=opened.project.session_id, revision=support, n_labels=120, n_classes=3, embedding="",
            )
        )  # fmt: skip
        opened.changed.emit(Changes.HISTORY)
        sure = support == 40
        assert expected in (panel.card.certainty.full() if sure else panel.interval.full())
        assert (panel.card.certainty if sure else panel.interval).isVisible()


@pytest.mark.parametrize("width", [300, 350, 420])
def test_words_plot_and_legend_of_the_panel_never_overlap(
    opened: OpenProject, qtbot: Any, width: int
) -> None:
    open_test_set(opened, [0] * 30 + [1] * 30 + [2] * 3, [0] * 30 + [1] * 30 + [2] * 3)
    ids = np.array([c.id for c in opened.classes])
    truth = np.repeat(ids, (40, 40, 3))
    opened.project.history.add(
        checkpoint(
            asdict(report(score(truth, truth, ids))), classifier="logistic",
            measured_on="cross-validation", classes=opened.classes, session=opened.project.session_id,
            revision=1, n_labels=83, n_classes=3, embedding="",
        )
    )  # fmt: skip
    panel = AccuracyPanel(opened)
    qtbot.addWidget(panel)
    panel.resize(width, 100)
    panel.show()
    qtbot.waitExposed(panel)
    panel.resize(width, panel.minimumHeight())
    qtbot.waitUntil(lambda: panel.plot.height() >= 150)
    parts = [panel.interval, panel.words, panel.test_words, panel.plot, panel.legend]

    def apart() -> bool:
        edges = [(part.geometry().top(), part.geometry().bottom()) for part in parts]
        inside = edges[-1][1] < panel.upper.height()
        return inside and all(above[1] < below[0] for above, below in pairwise(edges))

    qtbot.waitUntil(apart)
    assert panel.table.height() >= 60


def test_cells_lie_where_they_are_painted_and_keys_reach_them(qtbot: Any) -> None:
    matrix = ConfusionMatrix()
    qtbot.addWidget(matrix)
    matrix.show_matrix(["a", "a rather long name", "c"], [[5, 0, 1], [0, 0, 0], [2, 0, 7]])
    matrix.resize(400, 300)
    matrix.show()
    for row in range(3):
        for column in range(3):
            assert matrix.cell_at(matrix.cell(row, column).center()) == (row, column)
    assert matrix.cell_at(QPointF(1, 1)) is None
    assert matrix.words(1, 0) == "No image of a rather long name was measured."
    with qtbot.waitSignal(matrix.cell_chosen) as chosen:
        for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down, Qt.Key.Key_Return):
            qtbot.keyClick(matrix, key)
    assert chosen.args == [1, 2]


def draw_and_label(opened: OpenProject, rows: range, wrong: set[int]) -> None:
    """Label images that were drawn at random with a prediction shown; image i is of class i modulo 3."""
    opened.queue.set_hides_draws(False)
    predict(opened)
    ids = [c.id for c in opened.classes]
    for row in rows:
        opened.queue.adopt([Suggestion(row, "drawn at random", "random", 0.5)])
        opened.label_rows([row], ids[(row + (row in wrong)) % 3])


def test_accuracy_before_the_label_came_counts_random_draws_and_says_how_many(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    label(opened, 2)  # in bulk: does not count
    draw_and_label(opened, range(6, 15), {7})
    window.show()
    qtbot.waitUntil(lambda: "9 of the 10 random draws needed" in window.draws.text(), timeout=60_000)
    draw_and_label(opened, range(15, 18), {16})
    qtbot.waitUntil(lambda: "10 of the last 12 random draws" in window.draws.text(), timeout=60_000)
    assert "accuracy 83 %, 95 % interval 52 to 98 %" in window.draws.text()
    opened.undo()
    assert len(recent_draws(opened.project)) == 11
    told = summary(recent_draws(opened.project), grouped=True, window=WINDOW)
    assert (told.n, told.accuracy) == (11, pytest.approx(9 / 11))
    assert "taken as independent" in told.sentence


def test_a_clinicians_own_shares_change_ppv_and_npv_and_are_kept(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    open_test_set(opened, [0] * 30 + [1] * 30 + [2] * 30, [0] * 27 + [1] * 3 + [1] * 27 + [0] * 3 + [2] * 30)
    window.show()
    choose_test(window)
    window.tabs.setCurrentIndex(1)
    table, prior = window.table, window.prior
    assert table.isColumnHidden(SHARE)
    qtbot.keyClick(prior.choice, Qt.Key.Key_Down)  # as with the mouse: "my own shares"
    prior.choice.activated.emit(1)
    assert shares_of(table) == pytest.approx([0.334, 0.333, 0.333])
    typed(table, 0, "1", qtbot)
    assert "32.4 % missing" in prior.note.text() or "33.3 % missing" in prior.note.text()
    assert table.source.rows[0].ppv is None
    assert opened.project.settings.get("prior")["shares"][str(class_named(opened, "basophil"))] != 1
    typed(table, 1, "9", qtbot)
    typed(table, 2, "90", qtbot)
    assert "Sum" not in prior.note.text()
    rows = table.source.rows
    assert rows[0].ppv.value == pytest.approx(0.009 / 0.018)
    assert rows[0].ppv.low < 0.3 < 0.6 < rows[0].ppv.high, "3 of 30 are few"
    assert rows[0].npv.value == pytest.approx(1 - 0.001 / 0.982)
    assert in_cell(rows[0], "ppv").startswith("50 % (")
    assert opened.project.settings.get("prior")["shares"] == {
        str(class_named(opened, name)): share for name, share in zip(CLASSES, (1.0, 9.0, 90.0), strict=True)
    }
    typed(table, 2, "40", qtbot)
    assert prior.scale.isVisible()
    qtbot.mouseClick(prior.scale, Qt.MouseButton.LeftButton)
    assert shares_of(table) == pytest.approx([0.02, 0.18, 0.8])
    again = DetailsPage(opened)
    qtbot.addWidget(again)
    assert again.prior.own
    assert list(again.prior.shares.values()) == [2.0, 18.0, 80.0]


def test_values_stored_without_interval_are_shown_no_more(opened: OpenProject, window: DetailsPage) -> None:
    """Earlier versions kept a share and a PPV that were estimated from predictions alone."""
    open_test_set(opened, [0] * 9 + [1] * 9 + [2] * 9, [0] * 8 + [1] * 10 + [2] * 9)
    old = opened.project.history.all()[-1]
    per_class = [replace(one, share=None, ppv=None, npv=None, effective=None) for one in old.per_class]
    facts = {k: v for k, v in old.facts.items() if k != "pool_sentence"} | {"prevalence": [0.545, 0.4, 0.055]}
    opened.project.history.add(replace(old, per_class=per_class, facts=facts))
    window.show()
    choose_test(window)
    window.tabs.setCurrentIndex(1)
    assert all(row.share is None and row.ppv is None and row.npv is None for row in window.table.source.rows)
    assert window.table.isColumnHidden(SHARE)
    assert "are not known: this figure was stored by an earlier version" in window.table_words.text()
    assert "54" not in window.table_words.text()


def test_my_own_shares_have_no_values_while_the_labels_measured_on_were_chosen(
    opened: OpenProject, window: DetailsPage, qtbot: Any
) -> None:
    label(opened, 10)
    window.show()
    qtbot.waitUntil(lambda: window.analyst.details is not None, timeout=60_000)
    window.tabs.setCurrentIndex(1)
    assert "PPV and NPV are not known: more than a quarter" in window.table_words.text()
    window.prior.choice.setCurrentIndex(1)
    window.prior.choice.activated.emit(1)
    assert "chosen, not drawn at random" in window.prior.note.text()
    assert all(row.ppv is None for row in window.table.source.rows)
    assert in_cell(window.table.source.rows[0], "ppv") == "not known yet"


def shares_of(table: Any) -> list[float]:
    """The shares as they stand in the table."""
    return [row.share.value for row in table.source.rows]


def typed(table: Any, row: int, percent: str, qtbot: Any) -> None:
    """Double-click a share, type, press Enter."""
    place = table.visualRect(table.model().index(row, SHARE)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    editor = table.viewport().findChild(QDoubleSpinBox)
    assert editor is not None
    editor.selectAll()
    qtbot.keyClicks(editor, percent)
    with qtbot.waitSignal(table.source.share_edited):
        qtbot.keyClick(editor, Qt.Key.Key_Return)
    assert COLUMNS[SHARE][1] == "share"
    qtbot.waitUntil(lambda: shares_of(table)[row] == pytest.approx(float(percent) / 100))
    qtbot.waitUntil(lambda: table.viewport().findChild(QDoubleSpinBox) is None)


def test_shares_are_checked_and_scaled() -> None:
    assert rounded([1, 1, 1]) == [33.4, 33.3, 33.3]
    assert rounded([0, 0]) == [50.0, 50.0]
    assert problem([33.3, 33.3, 33.4]) == ""
    assert problem([60, 60]) == "Sum 120.0 %: 20.0 % too much."


def test_the_help_page_shows_the_figures_that_were_measured(qtbot: Any) -> None:
    page = AccuracyHelp()
    qtbot.addWidget(page)
    page.show()
    assert not page.isModal()
    text = page.text.toPlainText()
    results = Path(__file__).parents[3] / "resources" / "results"
    bias = [line.split("|")[1:-1] for line in (results / "active_bias.md").read_text("utf-8").splitlines()]
    measured = [[cell.strip().replace("-", "−") for cell in row][2:] for row in bias[-12:]]
    assert measured == [list(row[2:]) for row in BIAS]
    curves = (results / "curves.md").read_text(encoding="utf-8")
    for name, *errors in HINDCAST:
        lines = [line for line in curves.splitlines() if line.startswith(f"| {name} |") and "[" in line]
        assert [line.split("|")[-2].strip().replace("-", "−") for line in lines] == errors
        assert name in text
    assert all(word in text for word in ("A look", "Held back", "−34.2", "−4.6"))
