"""The main job in the real window on 4,000 real blood cells, from the manifest to the exported classifier.

Nothing is stubbed: workers embed and draw the map, the engine refits, the mouse clicks points, keys label,
the program is closed and opened again, and the bundle predicts from the command line.
"""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from opening_support import open_and_wait
from program import run_json
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.gui.start.export import ExportDialog
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.learning.backbones.registry import OFFLINE, STARTER, find, is_here
from medlabeler.open_project.open_project import OpenProject

PER_CLASS = 25
FEW = 3
MINUTE = 60_000

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1200),
]


@pytest.fixture
def windows(qtbot: QtBot) -> Iterator[Callable[[], MainWindow]]:
    """Opens the program's window as often as asked; all are closed in the end."""
    opened: list[MainWindow] = []

    def open_window() -> MainWindow:
        settings = Settings()
        make_application(settings)
        window = MainWindow(settings)
        window.resize(1440, 900)
        window.show()
        window.activateWindow()
        qtbot.waitActive(window)
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.close()
        window.deleteLater()


def create_from_manifest(qtbot: QtBot, window: MainWindow, manifest: Path, where: Path) -> OpenProject:
    """Fill in the dialog as a person does."""
    qtbot.mouseClick(window.welcome.new, Qt.MouseButton.LeftButton)
    dialog = window.findChild(NewProjectDialog)
    assert dialog is not None
    dialog.import_form.sources.add_manifests([manifest])
    dialog.name.clear()
    qtbot.keyClicks(dialog.name, "cells")
    dialog.location.set_path(where)
    dialog.annotator.clear()
    qtbot.keyClicks(dialog.annotator, "Dr. Test")
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=3 * MINUTE)
    qtbot.mouseClick(dialog.buttons.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.opened is not None, timeout=3 * MINUTE)
    assert window.opened is not None
    return window.opened


def work_offline(qtbot: QtBot, window: MainWindow) -> None:
    """Answer the notice about the backbone whose weights are not here: take what came with the program."""
    qtbot.waitUntil(lambda: "backbone wanted" in window.notices.sentences(), timeout=3 * MINUTE)
    offline = next(b for b in window.notices.findChildren(QPushButton) if b.text() == "Offline: blood cells")
    qtbot.mouseClick(offline, Qt.MouseButton.LeftButton)


def make_active(window: MainWindow) -> None:
    """Without a window manager nobody does it when a dialog closes or another window has just gone."""
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)


def label_by_clicks(
    window: MainWindow, opened: OpenProject, per_class: int, rng: np.random.Generator
) -> None:
    """Click points of the map and press keys until each class has `per_class` labels."""
    assert window.page is not None
    make_active(window)
    view = window.page.map.view
    target = view.canvas.viewport()
    keys = {c.id: str(at + 1) for at, c in enumerate(opened.classes)}
    pool = np.flatnonzero((opened.split == Split.POOL) & (opened.reference != NO_CLASS))
    for wanted in keys:
        for row in rng.permutation(pool[opened.reference[pool] == wanted]):
            if opened.project.labels.counts()[wanted] >= per_class:
                break
            place = view.canvas.position_of(int(row))
            assert place is not None
            QTest.mouseClick(
                target, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place.toPoint()
            )
            hit = opened.current
            # Points lie upon each other: the person labels what came up, if it is one of this class.
            if hit < 0 or opened.reference[hit] != wanted or opened.kind[hit] != LabelKind.CLEAR:
                continue
            if opened.split[hit] == Split.POOL:
                QTest.keyClick(target, keys[wanted])
                assert opened.label[hit] == wanted
        assert opened.project.labels.counts()[wanted] == per_class


def measured(opened: OpenProject, n_labels: int, measured_on: str, classifier: str) -> float | None:
    found = [
        c.balanced_accuracy
        for c in opened.project.history.all()
        if (c.n_labels, c.measured_on, c.classifier) == (n_labels, measured_on, classifier)
    ]
    return found[-1] if found else None


def test_from_manifest_to_exported_classifier(
    qtbot: QtBot, windows: Callable[[], MainWindow], data_root: Path, tmp_path: Path
) -> None:
    manifest = data_root / "pbc" / "manifest.csv"
    window = windows()
    opened = create_from_manifest(qtbot, window, manifest, tmp_path)
    work_offline(qtbot, window)
    # The map is there from the first 500 images on and grows.
    qtbot.waitUntil(lambda: opened.projection == "umap" and opened.n_on_map == opened.n, timeout=12 * MINUTE)
    assert opened.n == 4000
    assert int((opened.split == Split.TEST).sum()) == 1360
    assert opened.embedding_info is not None
    assert opened.embedding_info.self_supervised
    assert opened.embedding_info.title == find(STARTER).title
    assert not any("not DINO" in sentence for sentence in window.notices.sentences().values())
    assert window.page is not None
    window.page.choose_mode(Mode.EXPLORE)
    window.page.modes[Mode.EXPLORE].bring_up(window.page.map)
    qtbot.waitUntil(lambda: not window.page.map.view.motion.running, timeout=3 * MINUTE)

    window.actions_["measure"].trigger()
    rng = np.random.default_rng(0)
    label_by_clicks(window, opened, FEW, rng)
    few, many = FEW * len(opened.classes), PER_CLASS * len(opened.classes)
    qtbot.waitUntil(lambda: measured(opened, few, "reference", "logistic") is not None, timeout=3 * MINUTE)
    label_by_clicks(window, opened, PER_CLASS, rng)
    qtbot.waitUntil(lambda: measured(opened, many, "reference", "logistic") is not None, timeout=3 * MINUTE)
    qtbot.waitUntil(lambda: measured(opened, many, "cross-validation", "knn") is not None, timeout=3 * MINUTE)
    before, after = (measured(opened, n, "reference", "logistic") for n in (few, many))
    assert before is not None
    assert after is not None
    assert after > before + 0.1, "the accuracy rises with the labels"
    assert after > 0.82
    assert opened.model is not None
    assert opened.model.n_labels == many
    shown = opened.prediction[(opened.split == Split.TEST) & (opened.kind != LabelKind.LABEL)]
    assert (shown == NO_CLASS).all(), "predictions of the test set are not shown"

    last = opened.project.labels.event.argmax()
    name = opened.undo_name
    assert name is not None
    assert name.startswith("label 1 image ")
    make_active(window)
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert opened.kind[last] == LabelKind.CLEAR
    qtbot.waitUntil(
        lambda: opened.model is not None and opened.model.n_labels == many - 1, timeout=3 * MINUTE
    )
    labels = opened.label.copy()
    points = len(opened.project.history.all())
    window.close()

    window = windows()
    assert open_and_wait(window, tmp_path / "cells")
    opened = window.opened
    assert opened is not None
    assert (opened.label == labels).all()
    assert opened.projection == "umap"
    assert len(opened.project.history.all()) == points
    assert opened.redo_name == name
    assert opened.project.annotator == "Dr. Test"
    make_active(window)
    QTest.keyClick(
        window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    )
    assert opened.kind[last] == LabelKind.LABEL
    qtbot.waitUntil(lambda: opened.model is not None and opened.model.n_labels == many, timeout=3 * MINUTE)
    bundle = export_everything(qtbot, window, tmp_path)
    window.close()

    with (tmp_path / "labels.csv").open(newline="", encoding="utf-8") as file:
        assert sum(line["kind"] == "label" for line in csv.DictReader(file)) == many
    check_predictions(bundle, manifest, tmp_path, after)


def export_everything(qtbot: QtBot, window: MainWindow, folder: Path) -> Path:
    """Through the dialog; the classifier is written by a worker."""
    window.actions_["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    targets = {name: folder / f"{name}{end}" for name, end in (("labels", ".csv"), ("predictions", ".csv"))}
    targets["bundle"] = folder / "cells.bundle"
    for name, path in targets.items():
        part = getattr(dialog, name)
        part.wanted.setChecked(True)
        part.field.set_path(path)
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=3 * MINUTE)
    qtbot.mouseClick(dialog.buttons.go, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: all(path.is_file() for path in targets.values()), timeout=3 * MINUTE)
    return targets["bundle"]


def check_predictions(bundle: Path, manifest: Path, folder: Path, expected: float) -> None:
    """The bundle, used from the command line on the test images, is as good as the window said."""
    with manifest.open(newline="", encoding="utf-8") as file:
        truth = {line["image"]: line["label"] for line in csv.DictReader(file) if line["split"] == "test"}
    images = folder / "new images"
    images.mkdir()
    for name in truth:
        shutil.copy(manifest.parent / name, images)
    out = folder / "predicted.csv"
    run_json("predict", bundle, images, "--out", out)
    with out.open(newline="", encoding="utf-8") as file:
        lines = {Path(line["image"]).name: line["prediction"] for line in csv.DictReader(file)}
    assert len(lines) == len(truth) == 1360
    recalls = [
        np.mean([lines[Path(name).name] == label for name, label in truth.items() if label == wanted_label])
        for wanted_label in sorted(set(truth.values()))
    ]
    assert float(np.mean(recalls)) == pytest.approx(expected, abs=0.01)


def with_few_to_learn_from(manifest: Path, target: Path, per_class: int) -> Path:
    """The manifest with all test images and, of each class, as many others drawn at random."""
    with manifest.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    rng = np.random.default_rng(0)
    kept = [line for line in lines if line["split"] == "test"]
    for wanted in sorted({line["label"] for line in lines}):
        free = [line for line in lines if line["label"] == wanted and line["split"] != "test"]
        kept += [free[at] for at in rng.permutation(len(free))[:per_class]]
    with target.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(lines[0]))
        writer.writeheader()
        writer.writerows(kept)
    return target


INSTALLED = pytest.mark.skipif(not is_here(find(OFFLINE)), reason="the offline backbone is not installed")


@pytest.mark.parametrize(
    ("backbone", "promised"), [pytest.param(OFFLINE, 0.82, marks=INSTALLED), (STARTER, 0.90)]
)
def test_hundred_labels_per_class_reach_what_the_product_promises(
    data_root: Path, tmp_path: Path, backbone: str, promised: float
) -> None:
    """Balanced accuracy on the test split by logistic regression on 8 x 100 labels; images that are neither
    labelled nor measured on stay out, half of the time.
    """
    project = tmp_path / "cells"
    few = with_few_to_learn_from(data_root / "pbc" / "manifest.csv", tmp_path / "few.csv", 100)
    run_json("new", project, "--images", data_root / "pbc", "--manifest", few)
    run_json("embed", project, "--backbone", backbone)
    run_json("label", project, "--adopt-reference", "--split", "train")
    result = run_json("evaluate", project, "--classifier", "logistic", "--against", "reference")
    assert result["n_images"] == 1360
    assert isinstance(result["balanced_accuracy"], float)
    assert result["balanced_accuracy"] >= promised
