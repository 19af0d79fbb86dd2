"""An exported classifier applied in the window: predicted, sorted, filtered, saved, doubts taken in."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import filled_project
from panels_support import drop
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from shown_window import shown_window
from tiny_bundle import TinyBundle, tiny_bundle

from medlabeler.domain.types import LabelKind
from medlabeler.export.bundle_file import read_bundle
from medlabeler.gui.apply.classifier_choice import told
from medlabeler.gui.apply.results import Column
from medlabeler.gui.apply.window import ApplyWindow
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.predicting import Found

PATIENCE_MS = 120_000


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyBundle:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"))


@pytest.fixture
def apply(qapp: object) -> Iterator[ApplyWindow]:
    shown = ApplyWindow(lambda: None)
    shown.show()
    yield shown
    shown.close()


def found_of(tiny: TinyBundle, probabilities: Any = None, unlike: Any = None, cautions: str = "") -> Found:
    """What a worker would have found."""
    names = [path.name for path in tiny.paths]
    return Found(
        names=names,
        paths=tiny.paths,
        classes=tiny.classes,
        colours=["#112233"] * len(tiny.classes),
        probabilities=tiny.probabilities if probabilities is None else probabilities,
        by_name=np.argsort(np.array(names)),
        decisions=[tiny.classes[0]] * len(names),
        distance=np.ones(len(names), np.float32),
        unlike=np.zeros(len(names), np.bool_) if unlike is None else unlike,
        cautions=cautions,
        sentence="Predicted.",
        skipped=[],
    )


def named(*paths: Path) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return data


def shown_texts(apply: ApplyWindow, column: Column) -> list[str]:
    model = apply.results
    return [model.index(at, column).data() for at in range(model.rowCount())]


def test_images_dropped_on_it_are_predicted_in_a_worker(
    qtbot: Any, apply: ApplyWindow, tiny: TinyBundle, tmp_path: Path
) -> None:
    """The same classes as the classifier gave when it was made; broken files are named, none is lost."""
    folder = tmp_path / "new"
    folder.mkdir()
    for path in tiny.paths[:10]:
        (folder / path.name).write_bytes(path.read_bytes())
    (folder / "broken.png").write_bytes(tiny.paths[0].read_bytes()[:200])
    drop(apply, QPoint(100, 300), named(tiny.bundle, folder))
    qtbot.waitUntil(apply.go.isEnabled, timeout=PATIENCE_MS)
    assert f"{len(tiny.classes)} classes" in apply.classifier.about.text()
    drop(apply, QPoint(100, 300), named(folder))
    assert apply.focusWidget() is apply.go, "fails before: Enter chose a folder again"
    with qtbot.waitSignal(apply.predicting.found, timeout=PATIENCE_MS):
        qtbot.keyClick(apply.go, Qt.Key.Key_Space)
        assert apply.stop.isVisible()
        assert apply.focusWidget() in (None, apply), "fails before: a key replaced the path of the classifier"
    assert apply.focusWidget() is apply.table
    expected = {path.name: tiny.classes[c] for path, c in zip(tiny.paths, tiny.predicted, strict=True)}
    names, classes = shown_texts(apply, Column.IMAGE), shown_texts(apply, Column.CLASS)
    assert dict(zip(names, classes, strict=True)) == {
        path.name: expected[path.name] for path in tiny.paths[:10]
    }
    assert "broken.png" in apply.said.text()
    assert not apply.bar.isVisible()
    apply.save_table(tmp_path / "out.csv")
    qtbot.waitUntil(lambda: "out.csv" in apply.said.text(), timeout=PATIENCE_MS)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == names
    assert [row["prediction"] for row in rows] == classes


def test_an_accuracy_is_never_told_without_its_uncertainty(tiny: TinyBundle) -> None:
    bundle = read_bundle(tiny.bundle)
    one = {"classifier": "logistic", "words": "the labels of 112 images", "balanced_accuracy": 0.81}

    def said(**more: Any) -> str:
        return told(replace(bundle, measured=[{**one, **more}]))

    assert "81 % (70 to 90 %), measured on the labels of 112 images." in said(
        interval={"low": 0.7, "high": 0.9}
    )
    assert said(interval=None, interval_sentence="No interval: they were chosen.").endswith(
        "81 %, measured on the labels of 112 images. No interval: they were chosen."
    )
    assert said().endswith("Its uncertainty is not known.")


def test_the_decision_has_room_for_a_set_of_classes(qtbot: Any, apply: ApplyWindow, tiny: TinyBundle) -> None:
    apply.show_found(found_of(tiny))
    size = apply.table.horizontalHeader().sectionSize
    others = [column for column in Column if column != Column.DECISION]
    qtbot.waitUntil(lambda: size(Column.DECISION) >= max(map(size, others)))


def test_sorted_and_filtered_by_class_confidence_and_name(apply: ApplyWindow, tiny: TinyBundle) -> None:
    apply.show_found(found_of(tiny))
    n = len(tiny.paths)
    confidence = tiny.probabilities.max(axis=1)
    assert apply.results.rowCount() == n
    apply.table.sortByColumn(Column.CONFIDENCE, Qt.SortOrder.DescendingOrder)
    rows = apply.results.rows
    assert (np.diff(confidence[rows]) <= 0).all()
    apply.table.sortByColumn(Column.IMAGE, Qt.SortOrder.AscendingOrder)
    assert shown_texts(apply, Column.IMAGE) == sorted(path.name for path in tiny.paths)
    class_ = int(tiny.predicted[0])
    apply.class_.setCurrentIndex(apply.class_.findData(class_))
    assert set(apply.results.rows) == set(np.flatnonzero(tiny.predicted == class_))
    apply.class_.setCurrentIndex(0)
    limit = int(100 * np.median(confidence))
    apply.below.setValue(limit)
    assert set(apply.results.rows) == set(np.flatnonzero(confidence <= limit / 100))
    apply.below.setValue(100)
    apply.name.setText(tiny.paths[3].name.upper())
    assert apply.results.rows.tolist() == [3]
    apply.name.clear()
    apply.tabs.setCurrentIndex(1)
    assert apply.stack.currentWidget() is apply.grid
    assert apply.grid.model().rowCount() == n


@pytest.mark.parametrize("what", ["cut", "none", "no classes"])
def test_a_file_that_is_no_classifier_gets_its_sentence(
    what: str, qtbot: Any, apply: ApplyWindow, tiny: TinyBundle, tmp_path: Path
) -> None:
    path = tmp_path / "wrong.mlbundle"
    content = tiny.bundle.read_bytes()
    path.write_bytes(
        {"cut": content[:-40], "none": b"hello", "no classes": content.replace(b'"name"', b'"nome"')}[what]
    )
    apply.use([path, tiny.images])
    qtbot.waitUntil(lambda: "wrong.mlbundle" in apply.classifier.about.text(), timeout=PATIENCE_MS)
    assert not apply.go.isEnabled()


def test_a_backbone_that_is_nowhere_is_told(qtbot: Any, apply: ApplyWindow, tiny: TinyBundle) -> None:
    apply.use([tiny.without_weights, tiny.paths[0]])
    qtbot.waitUntil(apply.go.isEnabled, timeout=PATIENCE_MS)
    with qtbot.waitSignal(apply.predicting.failed, timeout=PATIENCE_MS):
        apply.go.click()
    assert "does not exist" in apply.said.text()
    assert apply.go.isEnabled()


@pytest.fixture
def window(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: object) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path / "mine"), monkeypatch) as shown:
        yield shown


def test_doubtful_images_wait_first_in_the_queue_of_the_project(
    qtbot: Any, window: MainWindow, tiny: TinyBundle
) -> None:
    opened = window.opened
    assert opened is not None
    n = opened.n
    assert drop(window, QPoint(300, 300), named(tiny.bundle))
    apply = window.findChild(ApplyWindow)
    assert apply is not None
    probabilities = np.full((len(tiny.paths), len(tiny.classes)), 0.02 / (len(tiny.classes) - 1), np.float32)
    probabilities[:, 0] = 0.98
    for row, share in ((5, 0.41), (2, 0.52)):
        probabilities[row, :2] = (share, 0.98 - share)
    apply.show_found(found_of(tiny, probabilities))
    assert apply.doubtful() == [5, 2] or apply.doubtful() == [2, 5]
    order = [tiny.paths[at] for at in apply.doubtful()]
    assert "Take the 2 doubtful" in apply.take.text()
    apply.take.click()
    qtbot.waitUntil(lambda: "wait first in the queue" in apply.said.text(), timeout=PATIENCE_MS)
    assert opened.n == n + 2
    waiting = [opened.project.catalog.path(item.row) for item in opened.queue.items[:2]]
    assert waiting == order
    assert opened.queue.items[0].strategy == "doubtful"
    assert tiny.classes[0] in opened.queue.items[0].reason
    assert (opened.kind[n:] == LabelKind.CLEAR).all()
    window.close_project()
    assert apply.isVisible()
    apply.close()


def test_images_unlike_those_it_learned_from_are_doubtful_and_a_caution_stands_on_top(
    qtbot: Any, apply: ApplyWindow, tiny: TinyBundle, tmp_path: Path
) -> None:
    """Fails before: an image of another kind, of which the classifier was sure, was none of the doubtful."""
    sure = np.eye(len(tiny.classes), dtype=np.float32)[np.zeros(len(tiny.paths), int)]
    unlike = np.zeros(len(tiny.paths), np.bool_)
    unlike[3] = True
    apply.show_found(found_of(tiny, sure, unlike, "These images are of another kind."))
    assert apply.doubtful() == [3]
    assert apply.cautions.isVisible()
    assert apply.cautions.text() == "These images are of another kind."
    assert apply.said.text() == "Predicted."
    apply.save_table(tmp_path / "out.csv")
    qtbot.waitUntil((tmp_path / "out.csv").is_file)
    with (tmp_path / "out.csv").open(newline="", encoding="utf-8") as file:
        lines = {line["image"]: line["unlike"] for line in csv.DictReader(file)}
    assert [name for name, far in lines.items() if far == "1"] == [tiny.paths[3].name]
