"""The dialogs of an open project: export, test set, further images, files left out; jobs in real workers."""

from __future__ import annotations

import csv
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
from panels_support import N_TEST, N, class_named, suggest
from PIL import Image
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import LabelKind, Split
from medlabeler.export.bundle_file import read_bundle
from medlabeler.gui.accuracy.reserve import ReserveDialog
from medlabeler.gui.start.add_images import AddImagesDialog
from medlabeler.gui.start.export import ExportDialog
from medlabeler.gui.start.skipped_files import SkippedFiles
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec
from medlabeler.project.vectors import EmbeddingInfo, write_shard

LEFT = Qt.MouseButton.LeftButton


def shown(qtbot: Any, dialog: QDialog) -> Any:
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitExposed(dialog)
    return dialog


def tick(qtbot: Any, box: Any) -> None:
    """Click on the box itself; it is as wide as the dialog."""
    qtbot.mouseClick(box, LEFT, pos=QPoint(8, box.height() // 2))


def give_embedding(project: Project) -> None:
    """Vectors that tell the three colours of the pictures apart."""
    info = EmbeddingInfo(
        backbone="dino_vits16",
        title="DINO ViT-S/16",
        weights_sha256="0" * 64,
        dim=4,
        preprocessing={"size": 224, "mean": [0.5] * 3, "std": [0.5] * 3, "interpolation": "bicubic"},
        pooling="token",
        precision="float32",
        self_supervised=True,
        licence="Apache-2.0",
    )
    key = project.vectors.create(info)
    vectors = np.random.default_rng(0).normal(0, 0.1, (N, 4)).astype(np.float16)
    vectors[np.arange(N), np.arange(N) % 3] += 2
    staging = project.path / "staging" / key
    staging.mkdir(parents=True)
    write_shard(staging, "all", np.arange(N), project.catalog.digest, vectors)
    project.vectors.adopt(key, staging)
    project.settings.set("embedding", key)


def lines(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_labels_are_written_without_paths_unless_asked(
    opened: OpenProject, tmp_path: Path, qtbot: Any
) -> None:
    opened.label_rows([0, 3], class_named(opened, "monocyte"))
    for absolute in (False, True):
        dialog = shown(qtbot, ExportDialog(opened))
        assert not dialog.names.absolute.isChecked()
        assert not dialog.predictions.wanted.isEnabled()
        assert "No image model has looked" in dialog.predictions.what.text()
        target = tmp_path / f"labels {absolute}.csv"
        dialog.labels.field.edit.selectAll()
        qtbot.keyClicks(dialog.labels.field.edit, str(target))
        if absolute:
            qtbot.keyClick(dialog.names.absolute, Qt.Key.Key_Space)
        qtbot.waitUntil(dialog.buttons.go.isEnabled)
        with qtbot.waitSignal(opened.runner.finished, timeout=30_000):
            qtbot.mouseClick(dialog.buttons.go, LEFT)
        assert not dialog.isVisible()
        names = [line["image"] for line in lines(target)]
        assert names == [
            str(opened.project.catalog.path(row)) if absolute else f"cell_{row:02d}.png" for row in (0, 3)
        ]


def test_export_refuses_inline(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    opened.label_rows([0], class_named(opened, "monocyte"))
    dialog = shown(qtbot, ExportDialog(opened))
    dialog.labels.field.set_path(tmp_path / "no folder" / "labels.csv")
    qtbot.waitUntil(lambda: "does not exist" in dialog.labels.note.text())
    assert not dialog.buttons.go.isEnabled()
    there = tmp_path / "there.csv"
    there.write_text("old")
    dialog.labels.field.set_path(there)
    qtbot.waitUntil(lambda: "will be replaced" in dialog.labels.note.text())
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    there.unlink()
    there.mkdir()  # what happens between the look and the click is said as well
    qtbot.mouseClick(dialog.buttons.go, LEFT)
    assert dialog.isVisible()
    assert "is a folder" in dialog.problem.text()
    tick(qtbot, dialog.labels.wanted)
    assert dialog.buttons.missing.text() == "Choose what to export."


def test_predictions_and_bundle_come_from_a_worker(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    give_embedding(opened.project)
    opened.refresh(Changes.EMBEDDING)
    for at, name in enumerate(("basophil", "eosinophil", "monocyte")):
        opened.label_rows([at, at + 3, at + 6], class_named(opened, name))
    dialog = shown(qtbot, ExportDialog(opened))
    for part, name in ((dialog.predictions, "predictions.csv"), (dialog.bundle, "cells.bundle")):
        tick(qtbot, part.wanted)
        part.field.set_path(tmp_path / name)
    tick(qtbot, dialog.labels.wanted)
    assert not dialog.weights.isChecked()
    assert "87 MB larger" in dialog.weights_note.text()
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert dialog.buttons.go.text() == "Export 2 files"
    with qtbot.waitSignal(opened.runner.finished, timeout=120_000) as ended:
        qtbot.mouseClick(dialog.buttons.go, LEFT)
    assert ended.args[0].state == "done", ended.args[0].sentence
    predicted = lines(tmp_path / "predictions.csv")
    assert len(predicted) == N
    assert [line["prediction"] for line in predicted[9:12]] == ["basophil", "eosinophil", "monocyte"]
    assert [c["name"] for c in read_bundle(tmp_path / "cells.bundle").classes] == [
        "basophil",
        "eosinophil",
        "monocyte",
    ]


def test_the_test_set_grows_without_taking_labels(opened: OpenProject, qtbot: Any) -> None:
    opened.label_rows([0, 1, 2], class_named(opened, "monocyte"))
    suggest(opened, list(range(3, N - N_TEST)))
    dialog = shown(qtbot, ReserveDialog(opened))
    assert "holds 8 images" in dialog.now.text()
    assert "3 images stay for training" in dialog.explain.text()
    dialog.n_test.selectAll()
    qtbot.keyClicks(dialog.n_test, "38")
    assert dialog.buttons.missing.text() == "At most 37 images are possible."
    dialog.n_test.selectAll()
    qtbot.keyClicks(dialog.n_test, "8")
    assert not dialog.buttons.go.isEnabled()
    dialog.n_test.selectAll()
    qtbot.keyClicks(dialog.n_test, "20")
    assert dialog.buttons.go.text() == "Reserve 12 more"
    with qtbot.waitSignal(opened.message):
        qtbot.keyClick(dialog.n_test, Qt.Key.Key_Return)
    test = opened.split == Split.TEST
    assert int(test.sum()) == 20
    assert not test[[0, 1, 2]].any()
    assert not any(test[s.row] for s in opened.suggestions)
    assert opened.project.settings.get("reserved") is True


def test_nothing_left_to_reserve(opened: OpenProject, qtbot: Any) -> None:
    opened.mark_rows(np.arange(N - N_TEST), LabelKind.SKIP)
    dialog = shown(qtbot, ReserveDialog(opened))
    assert "No image can be drawn" in dialog.buttons.missing.text()
    assert not dialog.buttons.go.isEnabled()


def test_looking_again_brings_what_is_new(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    pictures = tmp_path / "pictures"
    opened.project.settings.set("import_spec", {**Spec(images=pictures).to_json(), "finished": True})
    Image.fromarray(np.zeros((9, 9, 3), np.uint8)).save(pictures / "new.png")
    (pictures / "broken.png").write_bytes(b"\x89PNG broken")
    report = shown(qtbot, SkippedFiles(opened))
    assert report.heading.text() == "No file was left out."
    dialog = shown(qtbot, AddImagesDialog(opened))
    assert dialog.again.isChecked()
    assert str(pictures) in dialog.where.text()
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.mouseClick(dialog.buttons.go, LEFT)
    assert opened.n == N + 1
    assert report.heading.text().startswith("1 file left out")


def test_further_images_with_the_groups_of_before(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    stored = Spec(images=tmp_path / "pictures", group="name:^([^_]+)_")
    opened.project.settings.set("import_spec", {**stored.to_json(), "finished": True})
    more = tmp_path / "more"
    more.mkdir()
    for at in range(6):
        Image.fromarray(np.full((9, 9, 3), 9 * at, np.uint8)).save(more / f"q{at // 2}_{at}.png")
    dialog = shown(qtbot, AddImagesDialog(opened))
    tick(qtbot, dialog.further)
    qtbot.keyClicks(dialog.import_form.sources.folder.edit, str(more))
    qtbot.waitUntil(dialog.buttons.go.isEnabled, timeout=10_000)
    assert dialog.import_form.groups.rule == stored.group
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.keyClick(dialog.import_form.sources.folder.edit, Qt.Key.Key_Return)
    assert opened.n == N + 6
    assert opened.project.catalog.n_groups() == 3


def test_files_left_out_can_be_filtered_copied_and_saved(
    opened: OpenProject, tmp_path: Path, qtbot: Any
) -> None:
    opened.project.catalog.add_skipped(
        [("/scans/b/two.tif", "It is cut off."), ("/scans/a/one.png", "It is empty.")]
    )
    report = shown(qtbot, SkippedFiles(opened))
    assert not report.isModal()
    assert report.heading.text().startswith("2 files left out")
    qtbot.keyClicks(report.filter, "EMPTY")
    assert report.heading.text() == "1 of 2 files left out."
    qtbot.mouseClick(report.copy, LEFT)
    assert QGuiApplication.clipboard().text() == "/scans/a/one.png\tIt is empty."
    report.filter.clear()
    report.table.selectRow(1)
    qtbot.keyClick(report.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "/scans/b/two.tif\tIt is cut off."
    report.table.clearSelection()
    report.save_rows(str(tmp_path / "out.csv"))
    assert [line["path"] for line in lines(tmp_path / "out.csv")] == ["/scans/a/one.png", "/scans/b/two.tif"]
    report.save_rows(str(tmp_path / "nowhere" / "out.csv"))
    assert "cannot be written" in report.said.text()


def test_the_window_stays_free_of_heavy_imports() -> None:
    modules = (
        "start.new_project",
        "backbones.choice",
        "start.export",
        "start.skipped_files",
        "accuracy.reserve",
        "start.add_images",
    )
    code = "import sys, importlib\n"
    code += f"for m in {modules!r}: importlib.import_module('medlabeler.gui.' + m)\n"
    code += "heavy = {'torch', 'timm', 'sklearn', 'scipy', 'umap', 'numba'}\n"
    code += "print(sorted(heavy & {m.split('.')[0] for m in sys.modules}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
