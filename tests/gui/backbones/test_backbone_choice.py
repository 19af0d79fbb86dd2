"""The backbone dialog: what is here, what would be fetched, and never without leave."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.backbones.choice import BackboneDialog
from medlabeler.learning.backbones import kit
from medlabeler.learning.backbones.registry import (
    DEFAULT,
    OFFLINE,
    REGISTRY,
    STARTER,
    find,
    hub_folder,
    is_here,
)

LEFT = Qt.MouseButton.LeftButton
OTHER_ROW, FILE_ROW = len(REGISTRY), len(REGISTRY) + 1


@pytest.fixture(autouse=True)
def empty_caches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """No weights in any cache."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(tmp_path / "torch"))
    return tmp_path


def opened(qtbot: Any, current: str) -> BackboneDialog:
    dialog = BackboneDialog(current, "CPU")
    qtbot.addWidget(dialog)
    dialog.open()
    qtbot.waitExposed(dialog)
    qtbot.waitUntil(lambda: dialog.table.item(0, 5).text() != "…")
    return dialog


def test_three_cards_and_all_others_behind_more(qtbot: Any) -> None:
    dialog = opened(qtbot, DEFAULT)
    assert [card.choice.text() for card in dialog.cards.cards.values()] == [
        "Recommended", "Works offline", "For blood cells",
    ]  # fmt: skip
    assert dialog.cards.cards[DEFAULT].choice.isChecked()
    assert "in use" in dialog.cards.cards[DEFAULT].backbone.text()
    assert dialog.cards.cards[DEFAULT].where.text() == "To download: 87 MB"
    assert not dialog.table.isVisible()
    qtbot.mouseClick(dialog.cards.cards[STARTER], LEFT)
    assert dialog.choice == (STARTER, False)
    assert dialog.buttons.go.isEnabled()
    assert not dialog.consent.isVisible()
    qtbot.keyClick(dialog.cards.cards[STARTER].choice, Qt.Key.Key_Left)
    assert dialog.choice.name == OFFLINE
    qtbot.mouseClick(dialog.more, LEFT)
    assert dialog.table.isVisible()
    dialog.table.setCurrentCell(1, 0)
    assert not any(card.choice.isChecked() for card in dialog.cards.cards.values())
    assert dialog.choice.name == "dino_vits8"


@pytest.mark.parametrize("current", ["hf-hub:somebody/histology", "dino_vits8"])
def test_a_backbone_without_a_card_is_shown_among_all(qtbot: Any, current: str) -> None:
    dialog = opened(qtbot, current)
    assert dialog.table.isVisible()
    assert not any(card.choice.isChecked() for card in dialog.cards.cards.values())


def test_nothing_is_fetched_without_leave(qtbot: Any) -> None:
    dialog = opened(qtbot, DEFAULT)
    qtbot.mouseClick(dialog.more, LEFT)
    assert dialog.table.currentRow() == 0
    assert "in use" in dialog.table.item(0, 0).text()
    assert dialog.consent.isVisible()
    assert dialog.consent.text() == "Download 87 MB from the Hugging Face hub"
    assert "no image leaves this machine" in dialog.consent_note.text()
    assert not dialog.buttons.go.isEnabled()
    qtbot.keyClick(dialog.table, Qt.Key.Key_Return)
    assert dialog.isVisible()
    qtbot.keyClick(dialog.consent, Qt.Key.Key_Space)
    assert dialog.choice == (DEFAULT, True)
    qtbot.keyClick(dialog.table, Qt.Key.Key_Down)
    assert not dialog.consent.isChecked(), "leave is given for one backbone, not for the next"
    assert dialog.choice.name == "dino_vits8"
    qtbot.keyClick(dialog.consent, Qt.Key.Key_Space)
    qtbot.mouseClick(dialog.buttons.go, LEFT)
    assert not dialog.isVisible()
    assert dialog.choice == ("dino_vits8", True)


@pytest.mark.skipif(not is_here(find(OFFLINE)), reason="the offline backbone is not installed")
def test_the_fallback_is_here_and_called_not_dino(qtbot: Any) -> None:
    dialog = opened(qtbot, OFFLINE)
    row = dialog.table.currentRow()
    assert dialog.table.item(row, 1).text() == "supervised, not DINO"
    assert dialog.table.item(row, 5).text() == "yes"
    assert not dialog.consent.isVisible()
    qtbot.mouseClick(dialog.more, LEFT)
    assert "Not DINO" in dialog.detail.text()
    assert dialog.choice == (OFFLINE, False)
    assert dialog.buttons.go.isEnabled()


def test_any_other_name_and_a_file(qtbot: Any, tmp_path: Path) -> None:
    dialog = opened(qtbot, "hf-hub:somebody/histology")
    assert dialog.table.currentRow() == OTHER_ROW
    assert dialog.name.text() == "hf-hub:somebody/histology"
    qtbot.waitUntil(dialog.consent.isVisible)
    dialog.name.clear()
    assert dialog.buttons.missing.text() == "Name an image model."
    qtbot.keyClicks(dialog.name, "vit_tiny_patch16_224")
    qtbot.waitUntil(dialog.consent.isVisible)
    assert dialog.choice == ("vit_tiny_patch16_224", False)

    dialog.table.setCurrentCell(FILE_ROW, 0)
    assert not dialog.buttons.go.isEnabled()
    qtbot.keyClicks(dialog.file.edit, str(tmp_path / "gone.pth"))
    assert "does not exist" in dialog.problem.text()
    weights = tmp_path / "mine.pth"
    weights.write_bytes(b"0" * 2_000_000)
    dialog.file.edit.clear()
    qtbot.keyClicks(dialog.file.edit, str(weights))
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert not dialog.problem.isVisible()
    assert dialog.choice == (str(weights), False)
    qtbot.keyClicks(dialog.architecture, "resnet50")
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert dialog.choice == (f"resnet50@{weights}", False)


def test_a_file_in_use_is_shown_again(qtbot: Any, tmp_path: Path) -> None:
    weights = tmp_path / "mine.pth"
    weights.write_bytes(b"0")
    dialog = opened(qtbot, f"resnet50@{weights}")
    assert dialog.table.currentRow() == FILE_ROW
    assert dialog.file.path() == weights
    assert dialog.architecture.text() == "resnet50"


def test_a_folder_of_weights_is_a_source_like_the_hub(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "online"))
    snapshot = hub_folder(find("dino_vits8").location) / "snapshots/abc"
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").write_bytes(b"weights")
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs/main").write_text("abc")
    kit.export(tmp_path / "usb", [find("dino_vits8")], SilentProgress())
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    dialog = opened(qtbot, DEFAULT)
    assert dialog.weights_folder is None
    dialog.look_into(tmp_path)
    qtbot.waitUntil(lambda: "no folder of weights" in dialog.folder_note.text())
    dialog.look_into(tmp_path / "usb")
    qtbot.waitUntil(lambda: dialog.folder_note.text() == f"1 image model in {tmp_path / 'usb'}.")
    qtbot.mouseClick(dialog.more, LEFT)
    assert dialog.consent.isVisible(), "the default is not in the folder"
    dialog.table.setCurrentCell(1, 0)
    assert dialog.table.item(1, 5).text() == "in the folder"
    assert not dialog.consent.isVisible()
    assert dialog.buttons.go.isEnabled()
    assert dialog.choice == ("dino_vits8", False)
    assert dialog.weights_folder == tmp_path / "usb"
