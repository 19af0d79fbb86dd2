"""A file of weights from anybody: one sentence, in little time and memory, and no false name."""

from __future__ import annotations

import os
import sys
import time
import zipfile
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from medlabeler.domain.errors import UserError
from medlabeler.learning.backbones import checkpoints, registry
from medlabeler.learning.backbones.checkpoints import read_checkpoint
from medlabeler.learning.backbones.loading import load_backbone, save_weights
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

prepare_torchvision()
import timm  # noqa: E402 - needs the shim


def refused(path: Path, words: str) -> None:
    """A sentence with these words, and at once."""
    began = time.monotonic()
    with pytest.raises(UserError, match=words):
        read_checkpoint(path)
    assert time.monotonic() - began < 10


def test_a_dictionary_that_holds_itself_ends(tmp_path: Path) -> None:
    itself: dict[str, Any] = {"epoch": 3}
    itself["state_dict"] = itself
    torch.save(itself, tmp_path / "w.pth")
    refused(tmp_path / "w.pth", "holds no weights")


def sparse(path: Path, n_bytes: int) -> Path:
    """A file that says to be large and holds a header."""
    save_file({"w": torch.zeros(4)}, path)
    os.truncate(path, n_bytes)
    return path


def test_what_is_too_large_or_not_there_is_not_read(tmp_path: Path) -> None:
    refused(sparse(tmp_path / "a.safetensors", 12 << 30), "larger than 8 GB")
    refused(sparse(tmp_path / "b.safetensors", 6 << 30), "says that it holds 6.44 GB")


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and devices with names are POSIX's")
def test_a_pipe_and_a_device_are_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "w.pth")
    refused(tmp_path / "w.pth", "is no file but a pipe")
    (tmp_path / "w.safetensors").symlink_to("/dev/zero")
    refused(tmp_path / "w.safetensors", "is no file but a device")


def test_an_archive_of_endless_parts_is_refused_before_they_are_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "MOST_TABLE", 1 << 16)
    with zipfile.ZipFile(tmp_path / "w.pth", "w") as archive:
        for number in range(2000):
            archive.writestr(f"archive/data/{number}", b"")
    refused(tmp_path / "w.pth", "names more parts than any checkpoint has")


def test_an_archive_that_unfolds_is_not_unfolded(tmp_path: Path) -> None:
    torch.save({"w": torch.zeros(16 << 20)}, tmp_path / "w.pth")
    with (
        zipfile.ZipFile(tmp_path / "w.pth") as whole,
        zipfile.ZipFile(tmp_path / "z.pth", "w", zipfile.ZIP_DEFLATED) as packed,
    ):
        for name in whole.namelist():
            packed.writestr(name, whole.read(name))
    refused(tmp_path / "z.pth", "unfolds to 67.1 MB")


def test_tensors_that_say_to_hold_more_than_is_stored_are_refused(tmp_path: Path) -> None:
    torch.save({"w": torch.zeros(1).expand(1 << 20, 1 << 20)}, tmp_path / "w.pth")
    refused(tmp_path / "w.pth", "in a form that is not read")
    torch.save({"w": torch.eye(4).to_sparse()}, tmp_path / "s.pth")
    refused(tmp_path / "s.pth", "in a form that is not read")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small network as we write it into bundles."""
    folder = tmp_path_factory.mktemp("weights")
    made = timm.create_model("resnet10t", pretrained=False, num_classes=0)
    torch.save(made.state_dict(), folder / "w.pth")
    save_weights(load_backbone(f"resnet10t@{folder / 'w.pth'}"), folder / "w.safetensors")
    return folder / "w.safetensors"


@pytest.mark.parametrize("odd", [float("nan"), float("inf")])
def test_weights_that_are_no_numbers_are_refused(weights: Path, tmp_path: Path, odd: float) -> None:
    tensors = load_file(weights)
    tensors["conv1.0.weight"][0, 0, 0, 0] = odd
    save_file(tensors, tmp_path / "w.safetensors")
    with pytest.raises(UserError, match=r"no numbers any more \(conv1.0.weight"):
        load_backbone(f"resnet10t@{tmp_path / 'w.safetensors'}")


def test_other_weights_are_never_known_by_the_name_of_these(weights: Path, tmp_path: Path) -> None:
    """What the file says of its own hash is not believed: flipped signs are another backbone."""
    from safetensors import safe_open

    with safe_open(weights, "pt") as file:
        stated = {key: text for key, text in file.metadata().items() if key != checkpoints.SUM}
    tensors = load_file(weights)
    tensors["conv1.0.weight"] = -tensors["conv1.0.weight"]
    save_file(tensors, tmp_path / "w.safetensors", stated)
    names = {load_backbone(str(path)).weights_sha256 for path in (weights, tmp_path / "w.safetensors")}
    assert len(names) == 2
    assert stated["weights_sha256"] not in names


@pytest.mark.parametrize("where", ["weights", "title"])
def test_a_bit_that_flipped_in_weights_of_our_own_is_noticed(tmp_path: Path, where: str) -> None:
    """Fails before: the file was read, and the network saw other things in images without a word."""
    path = tmp_path / "own.safetensors"
    save_weights(load_backbone("starter_cells_2"), path)
    assert load_backbone(str(path)).info.dim == 1280
    content = bytearray(path.read_bytes())
    at = len(content) * 2 // 3 if where == "weights" else content.index(b"starter for blood")
    content[at + 3] ^= 1
    path.write_bytes(content)
    with pytest.raises(UserError, match="its weights are not those that were written"):
        load_backbone(str(path))


@pytest.mark.parametrize("starter", ["starter_cells", "starter_cells_2"])
def test_a_starter_that_is_damaged_on_the_disk_is_not_used(
    starter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: whatever lay in its place was used."""
    file = registry.local_file(registry.find(starter))
    assert file is not None
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / file.name).write_bytes(content)
    monkeypatch.setattr(registry, "local_file", lambda info: tmp_path / file.name)
    with pytest.raises(UserError, match=r"not the published ones.*reinstall its package"):
        load_backbone(starter)
