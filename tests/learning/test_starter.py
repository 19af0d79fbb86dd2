"""The backbone that ships with the program: small, DINO, told from where, and not the one it began with."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from medlabeler.domain.resources import resource_folder
from medlabeler.learning.backbones.checkpoints import read_checkpoint
from medlabeler.learning.backbones.loading import load_backbone
from medlabeler.learning.backbones.registry import FIRST_STARTER, OFFLINE, STARTER, find, is_here, local_file


@pytest.mark.parametrize(("name", "n_images"), [(STARTER, "13913"), (FIRST_STARTER, "11858")])
def test_it_is_here_small_and_dino(name: str, n_images: str) -> None:
    info = find(name)
    file = local_file(info)
    assert is_here(info)
    assert file is not None
    assert file.stat().st_size <= 25e6
    assert file.stat().st_size / 1e6 == pytest.approx(info.size_mb, abs=0.6)
    assert (info.kind, info.self_supervised) == ("DINO", True)
    facts = read_checkpoint(file).facts
    assert facts["transductive"] == "false"
    assert facts["n_images"] == n_images


@pytest.mark.parametrize("name", [STARTER, FIRST_STARTER])
def test_it_loads_under_the_name_the_registry_gives_it(name: str) -> None:
    """Fails before for the first edition: both had the title that is written in the file."""
    info, loaded = find(name), load_backbone(name)
    assert (loaded.info.name, loaded.info.title, loaded.info.licence) == (name, info.title, info.licence)
    assert loaded.info.dim == info.dim
    assert loaded.preprocessing.size == info.image_size


@pytest.mark.slow
@pytest.mark.skipif(not is_here(find(OFFLINE)), reason="the offline backbone is not installed")
def test_it_has_learnt_something() -> None:
    start, starter = load_backbone(OFFLINE), load_backbone(STARTER)
    image = np.random.default_rng(0).integers(0, 256, (128, 128, 3), np.uint8)
    made = []
    for backbone in (start, starter):
        with torch.inference_mode():
            made.append(backbone.module(torch.from_numpy(starter.preprocessing.normalised(image))[None])[0])
    assert torch.isfinite(made[1]).all()
    assert float(torch.cosine_similarity(made[0], made[1], dim=0)) < 0.99


def test_its_card_says_what_it_learned_from_and_under_which_licence() -> None:
    for file, more in (
        ("starter-cells.md", ("11,858", "medlabeler pretrain")),
        ("starter-cells-2.md", ("13,913", "MIT", "Naruenatthanaset", "bench_starter.py")),
    ):
        card = (resource_folder() / "backbones" / file).read_text(encoding="utf-8")
        for words in ("CC BY 4.0", "Acevedo", "Apache-2.0", "chula_rbc12", *more):
            assert words in card
