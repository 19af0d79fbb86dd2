"""A folder of weights: written with hashes, and believed only as far as they hold."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoint_layouts import network, state_of, transformers_vit
from local_hub import COMMIT
from safetensors.torch import save_file

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.jobs import weights
from medlabeler.learning.backbones import kit
from medlabeler.learning.backbones.loading import load_backbone
from medlabeler.learning.backbones.registry import download_target, find, hub_folder, is_here, local_file

BYTES = bytes(range(256)) * 40
QUIET = SilentProgress()


def machine(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on this process is on the machine whose caches lie in `folder`."""
    monkeypatch.setenv("HF_HUB_CACHE", str(folder / "hub"))
    monkeypatch.setenv("TORCH_HOME", str(folder / "torch"))


@pytest.fixture
def usb(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A kit with two backbones (bytes, no weights) of a machine with a network; the process is on another one
    afterwards.
    """
    machine(tmp_path / "online", monkeypatch)
    snapshot = hub_folder("timm/vit_small_patch16_224.dino") / "snapshots" / COMMIT
    snapshot.mkdir(parents=True)
    (snapshot / "model.safetensors").write_bytes(BYTES)
    (snapshot / "config.json").write_text("{}")
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs/main").write_text(COMMIT)
    target = download_target(find("dino_resnet50"))
    target.parent.mkdir(parents=True)
    target.write_bytes(BYTES + b"2")
    folder = tmp_path / "usb"
    result = weights.run(None, weights.Params("export", folder), QUIET)
    assert [entry["name"] for entry in result.summary["weights"]] == ["dino_vits16", "dino_resnet50"]
    assert "Apache-2.0" in result.sentence
    machine(tmp_path / "offline", monkeypatch)
    return folder


def test_what_is_exported_here_is_there_after_the_import(usb: Path) -> None:
    assert not is_here(find("dino_vits16"))
    listed = weights.run(None, weights.Params("list", usb), QUIET)
    assert hashlib.sha256(BYTES).hexdigest() in listed.sentence
    weights.run(None, weights.Params("import", usb), QUIET)
    found = local_file(find("dino_vits16"))
    assert found is not None
    assert found.read_bytes() == BYTES
    assert (found.parent / "config.json").read_text() == "{}"
    assert found.resolve().name == hashlib.sha256(BYTES).hexdigest()
    other = local_file(find("dino_resnet50"))
    assert other is not None
    assert other.read_bytes() == BYTES + b"2"


def test_only_what_is_asked_for_is_taken(usb: Path) -> None:
    weights.run(None, weights.Params("import", usb, ("dino_resnet50",)), QUIET)
    assert not is_here(find("dino_vits16"))
    assert is_here(find("dino_resnet50"))
    with pytest.raises(UserError, match="does not hold the weights of DINO ViT-B/16"):
        weights.run(None, weights.Params("import", usb, ("dino_vitb16",)), QUIET)


def test_one_flipped_bit_is_found_and_nothing_of_it_is_kept(usb: Path) -> None:
    file = usb / "dino_vits16/model.safetensors"
    content = bytearray(file.read_bytes())
    content[77] ^= 4
    file.write_bytes(content)
    with pytest.raises(UserError, match=r"model\.safetensors of DINO ViT-S/16 in .* is damaged: its SHA-256"):
        weights.run(None, weights.Params("import", usb), QUIET)
    assert not is_here(find("dino_vits16"))


@pytest.mark.parametrize(
    "change",
    [
        {"place": "../../elsewhere"},
        {"place": "/etc"},
        {"commit": "../../.."},
        {"files": []},
        {"files": [{"name": "../model.safetensors", "sha256": "0" * 64, "size": 1}]},
        {"files": [{"name": "model.safetensors", "sha256": "short", "size": 1}]},
        {"files": [{"name": "setup.py", "sha256": "0" * 64, "size": 1}]},
        {"name": 3},
        {"more": "fields"},
    ],
)
def test_a_list_that_points_elsewhere_is_refused(change: dict[str, Any], usb: Path) -> None:
    told = json.loads((usb / kit.LIST).read_text())
    told["backbones"][0] |= change
    (usb / kit.LIST).write_text(json.dumps(told))
    with pytest.raises(UserError, match=r"The list of weights in .* is damaged"):
        kit.take(usb, find("dino_vits16"), QUIET)


@pytest.mark.parametrize("content", ["", "[]", "{", "null", "[" * 100_000, '{"version": 1}'])
def test_a_damaged_list_gets_a_sentence(content: str, usb: Path) -> None:
    (usb / kit.LIST).write_text(content)
    with pytest.raises(UserError, match=r"The list of weights in .* is damaged"):
        weights.run(None, weights.Params("list", usb), QUIET)


def test_other_folders_and_empty_machines_get_a_sentence(tmp_path: Path, usb: Path) -> None:
    with pytest.raises(UserError, match=r"is no folder of weights: it has no weights\.json"):
        weights.run(None, weights.Params("import", tmp_path), QUIET)
    with pytest.raises(UserError, match="no weights on this machine"):
        weights.run(None, weights.Params("export", tmp_path / "new"), QUIET)
    with pytest.raises(UserError, match="needs the folder"):
        weights.run(None, weights.Params("export"), QUIET)
    (tmp_path / "file").write_text("")
    weights.run(None, weights.Params("import", usb), QUIET)
    with pytest.raises(UserError, match="cannot be written to"):
        weights.run(None, weights.Params("export", tmp_path / "file"), QUIET)


def test_a_second_export_adds_to_the_folder(usb: Path, tmp_path: Path) -> None:
    weights.run(None, weights.Params("import", usb, ("dino_resnet50",)), QUIET)
    weights.run(None, weights.Params("export", usb), QUIET)
    assert [entry.name for entry in kit.read(usb)] == ["dino_vits16", "dino_resnet50"]


class Stops(SilentProgress):
    def check(self) -> None:
        raise Cancelled


def test_who_cancels_leaves_nothing_half_done(usb: Path) -> None:
    with pytest.raises(Cancelled):
        weights.run(None, weights.Params("import", usb), Stops())
    assert not is_here(find("dino_vits16"))
    assert not list(usb.parent.rglob("*.part"))


def test_a_repository_of_transformers_travels_with_its_description(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine(tmp_path / "online", monkeypatch)
    folder = hub_folder("owner/vit") / "snapshots" / COMMIT
    folder.mkdir(parents=True)
    save_file(transformers_vit(state_of(network("vit_tiny_patch16_224"))), folder / "model.safetensors")
    (folder / "preprocessor_config.json").write_text(
        json.dumps({"image_mean": [0.1] * 3, "image_std": [0.2] * 3})
    )
    (folder.parents[1] / "refs").mkdir()
    (folder.parents[1] / "refs/main").write_text(COMMIT)
    here = load_backbone("owner/vit")
    weights.run(None, weights.Params("export", tmp_path / "usb", ("owner/vit",)), QUIET)
    machine(tmp_path / "offline", monkeypatch)
    weights.run(None, weights.Params("import", tmp_path / "usb"), QUIET)
    there = load_backbone("hf-hub:owner/vit")
    assert (there.weights_sha256, there.preprocessing) == (here.weights_sha256, here.preprocessing)
    assert there.preprocessing.mean == (0.1,) * 3
    image = torch.ones(1, 3, 224, 224)
    assert torch.equal(there.module(image), here.module(image))


def test_weights_that_are_damaged_here_are_not_exported(usb: Path, tmp_path: Path) -> None:
    weights.run(None, weights.Params("import", usb), QUIET)
    found = local_file(find("dino_vits16"))
    assert found is not None
    found.resolve().write_bytes(b"damaged")
    with pytest.raises(UserError, match="DINO ViT-S/16 on this machine are not the published ones"):
        weights.run(None, weights.Params("export", tmp_path / "second"), QUIET)
    assert not (tmp_path / "second" / kit.LIST).exists()
