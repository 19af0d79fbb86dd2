"""The dialog of the export: ONNX, whose images they are, and a warning before anything is written."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from events_noted import Noted
from filled_project import Names, filled_project
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QWidget
from shown_window import shown_window

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.start.export import ExportDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import embed, label, new
from medlabeler.learning import onnx_packages
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest
from medlabeler.project.table import read_table

NAMES = Names(file="Meier_Anna_1963-04-{}.png", group="Station 3")


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path, NAMES), monkeypatch, lively=True, whole=False) as shown:
        yield shown


def dialog_of(window: MainWindow, qtbot: Any) -> ExportDialog:
    window.actions_["export"].trigger()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    qtbot.waitUntil(lambda: not dialog._look.waits)
    return dialog


def export(window: MainWindow, dialog: ExportDialog, qtbot: Any) -> Any:
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert window.opened is not None
    with qtbot.waitSignal(window.opened.runner.finished, timeout=120_000) as ended:
        dialog.buttons.go.click()
    assert ended.args[0].state == "done", ended.args[0].sentence
    return ended.args[1]


def test_the_dialog_is_dressed_once(window: MainWindow, qtbot: Any, qapp: QApplication) -> None:
    """Fails before: made within the window, its parts were dressed again with all they became parts of."""
    dressed = Noted(QEvent.Type.StyleChange, [qapp])
    window.actions_["export"].trigger()
    n, times = dressed.take()
    dressed.end()
    dialog = window.findChild(ExportDialog)
    assert dialog is not None
    assert times <= 1.1 * n, (n, times)
    assert n >= len(dialog.findChildren(QWidget))
    assert dialog.parentWidget() is window.page
    assert dialog.isWindow()
    qtbot.waitUntil(lambda: not dialog._look.waits)


def test_names_are_warned_of_before_the_export_and_can_be_hidden(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    """Fails before: the dialog wrote names and said nothing until it was too late."""
    dialog = dialog_of(window, qtbot)
    assert "The names of 120 images look as if they held dates" in dialog.warning.text()
    dialog.labels.field.set_path(tmp_path / "l.csv")
    dialog.decisions.wanted.setChecked(True)
    dialog.decisions.field.set_path(tmp_path / "d.csv")
    dialog.names.hidden.click()
    assert not dialog.warning.text()
    dialog.groups.wanted.click()
    export(window, dialog, qtbot)
    written = (tmp_path / "l.csv").read_text() + (tmp_path / "d.csv").read_text()
    assert [name for name in ("Meier", "1963-04", "Station") if name in written] == []
    with (tmp_path / "l.csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.DictReader(file))
    assert all(line["group"].startswith("group-") for line in lines)
    assert len({line["image"] for line in lines}) == len(lines) > 20


def test_tables_for_excel_begin_with_a_mark_and_are_read_back(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    """Excel took UTF-8 for the letters of Windows, and nobody could ask for the mark that tells it."""
    dialog = dialog_of(window, qtbot)
    dialog.labels.field.set_path(tmp_path / "l.csv")
    for file, name in ((dialog.predictions, "p.csv"), (dialog.decisions, "d.csv")):
        file.wanted.setChecked(True)
        file.field.set_path(tmp_path / name)
    dialog.excel.click()
    export(window, dialog, qtbot)
    for name in ("l.csv", "p.csv", "d.csv"):
        assert (tmp_path / name).read_bytes().startswith(codecs.BOM_UTF8), name
        assert read_table(tmp_path / name).columns[0] in ("image", "event")


def test_a_name_is_whole_or_hidden(window: MainWindow, qtbot: Any) -> None:
    dialog = dialog_of(window, qtbot)
    dialog.names.absolute.click()
    dialog.names.hidden.click()
    assert not dialog.names.absolute.isChecked()
    dialog.names.absolute.click()
    assert not dialog.names.hidden.isChecked()
    assert dialog.params().absolute
    assert not dialog.params().without_names
    assert dialog.params().groups == "none"
    # Asked beforehand it took the room, on a screen of 1024 x 700, in which the last line stands.
    assert not dialog.groups.hidden.isVisible()
    dialog.groups.wanted.click()
    assert dialog.groups.hidden.isVisible()
    assert dialog.params().groups == "hashed"
    dialog.groups.hidden.click()
    assert dialog.params().groups == "named"


def test_without_the_packages_onnx_is_refused_in_one_sentence(
    window: MainWindow, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(onnx_packages, "find_spec", lambda _name: None)
    dialog = dialog_of(window, qtbot)
    assert not dialog.onnx.wanted.isEnabled()
    assert dialog.onnx.what.text() == onnx_packages.WITHOUT
    assert dialog.params().onnx is None


@pytest.mark.slow
def test_the_window_writes_onnx_and_says_the_largest_difference(
    qapp: object, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for package in onnx_packages.NEEDED:
        pytest.importorskip(package)
    with shown_window(embedded_project(tmp_path), monkeypatch) as window:
        dialog = dialog_of(window, qtbot)
        dialog.labels.wanted.setChecked(False)
        dialog.onnx.wanted.setChecked(True)
        dialog.int8.setChecked(True)
        dialog.onnx.field.set_path(tmp_path / "cells.onnx")
        result = export(window, dialog, qtbot)
        found = result.summary["onnx"][0]
        assert found["largest_difference"] <= 1e-3
        told = window.notices.sentences()["graph"]
        assert f"largest difference of a probability {found['largest_difference']:.2g}" in told
        assert (tmp_path / "cells.onnx").is_file()
        assert (tmp_path / "onnx_predict.py").is_file()
        assert result.summary["onnx"][1]["precision"] == "int8"


def embedded_project(folder: Path) -> Project:
    """Drawn cells, embedded by a tiny backbone of random weights, labelled."""
    from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    weights = folder / "tiny.safetensors"
    save_file(timm.create_model("test_resnet", pretrained=False).state_dict(), weights)
    manifest = write_sample(folder / "sample", n=48, seed=1)
    new.run(None, new.Params(folder / "cells", manifests=(Manifest(manifest),)), SilentProgress())
    project = Project.open(folder / "cells")
    embed.run(project, embed.Params(f"test_resnet@{weights}", device="cpu"), SilentProgress())
    label.run(project, label.Params(per_class=5), SilentProgress())
    return project
