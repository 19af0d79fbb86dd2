"""Embedding by several looks: another embedding beside the first, and kept for what is added."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from checkpoint_layouts import network, state_of
from PIL import Image
from safetensors.torch import save_file

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import embed, import_images, new
from medlabeler.learning.backbones.registry import hub_folder
from medlabeler.project.project import Project

QUIET = SilentProgress()


def write(folder: Path, numbers: range) -> None:
    folder.mkdir(exist_ok=True)
    for number in numbers:
        pixels = np.random.default_rng(number).integers(0, 256, (40, 40, 3), np.uint8)
        Image.fromarray(pixels).save(folder / f"{number}.png")


@pytest.mark.slow
def test_several_looks_are_an_embedding_of_their_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path / "hub"))
    snapshot = hub_folder("owner/vit") / "snapshots/abc"
    snapshot.mkdir(parents=True)
    save_file(state_of(network("vit_tiny_patch16_224")), snapshot / "model.safetensors")
    (snapshot.parents[1] / "refs").mkdir()
    (snapshot.parents[1] / "refs/main").write_text("abc")
    write(tmp_path / "pictures", range(3))
    new.run(None, new.Params(tmp_path / "project", images=tmp_path / "pictures"), QUIET)
    with Project.open(tmp_path / "project") as project:
        once = embed.run(project, embed.Params("owner/vit"), QUIET).summary
        turned = embed.run(project, embed.Params("owner/vit", views="turned"), QUIET).summary
        assert once["key"] != turned["key"]
        assert turned["title"].endswith("(5 looks, turned)")
        assert project.vectors.info(turned["key"]).preprocessing["views"] == "turned"
        assert set(project.vectors.keys()) == {once["key"], turned["key"]}
        digest = project.catalog.digest
        first, second = (project.vectors.load(key["key"], 3, digest)[0] for key in (once, turned))
        assert not np.allclose(first, second, atol=1e-3)

        write(tmp_path / "pictures", range(3, 5))
        import_images.run(project, import_images.Params(), QUIET)
        added = embed.run(project, embed.Params("owner/vit"), QUIET).summary
        assert (added["key"], added["n_embedded"], added["n_computed"]) == (turned["key"], 5, 2)
        back = embed.run(project, embed.Params("owner/vit", views="once"), QUIET).summary
        assert (back["key"], back["n_embedded"]) == (once["key"], 5)
