"""Embedding with weights that come from a folder of weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from checkpoint_layouts import network, state_of
from PIL import Image
from safetensors.torch import save_file

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import embed, new
from medlabeler.learning.backbones import kit
from medlabeler.learning.backbones.registry import find, hub_folder, is_here
from medlabeler.project.project import Project


def test_weights_come_from_the_folder_and_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "online"))
    snapshot = hub_folder("owner/vit") / "snapshots/abc"
    snapshot.mkdir(parents=True)
    save_file(state_of(network("vit_tiny_patch16_224")), snapshot / "model.safetensors")
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs/main").write_text("abc")
    kit.export(tmp_path / "usb", [find("owner/vit")], SilentProgress())
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "offline"))
    rng = np.random.default_rng(0)
    (tmp_path / "pictures").mkdir()
    for number in range(3):
        Image.fromarray(rng.integers(0, 256, (8, 8, 3), np.uint8)).save(tmp_path / f"pictures/{number}.png")
    new.run(None, new.Params(tmp_path / "project", images=tmp_path / "pictures"), SilentProgress())
    with Project.open(tmp_path / "project") as project:
        with pytest.raises(UserError, match="are not on this machine"):
            embed.run(project, embed.Params("owner/vit"), SilentProgress())
        with pytest.raises(UserError, match="is no folder of weights"):
            embed.run(project, embed.Params("owner/vit", weights=tmp_path), SilentProgress())
        done = embed.run(project, embed.Params("owner/vit", weights=tmp_path / "usb"), SilentProgress())
        assert (done.summary["n_embedded"], done.summary["backbone"]) == (3, "hf-hub:owner/vit")
    assert is_here(find("owner/vit"))
