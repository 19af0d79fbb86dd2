"""Several looks at an image: what the mean over them no longer tells apart, and what it must not change."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import torch
from checkpoint_layouts import network

from medlabeler.imaging.preprocess import LOOKS, MIRRORED, TURNED, Preprocessing, Views
from medlabeler.imaging.rendering import Rendering
from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.loading import Backbone, untrained
from medlabeler.learning.backbones.views import looks, viewed


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    made = untrained("vit_tiny_patch16_224", 64)
    made.module.network.load_state_dict(network("vit_tiny_patch16_224", img_size=64).state_dict())  # type: ignore[union-attr,operator]  # it is there
    return made


def picture() -> np.ndarray:
    return np.random.default_rng(3).integers(0, 256, (64, 64, 3), np.uint8)


def vector(backbone: Backbone, views: Views, pixels: np.ndarray) -> np.ndarray:
    seen = replace(backbone, preprocessing=replace(backbone.preprocessing, views=views))
    (shard,) = embed(seen, lambda _row: np.ascontiguousarray(pixels), np.array([0]))
    return shard.vectors[0].astype(np.float32)


def test_what_is_turned_is_nearly_the_same_to_several_looks(backbone: Backbone) -> None:
    """All but the closer look, one of five, see the same four pictures."""

    def moved(views: Views, turns: int) -> float:
        turned = np.rot90(picture(), turns)
        return float(np.abs(vector(backbone, views, turned) - vector(backbone, views, picture())).max())

    for turns in (1, 2, 3):
        assert moved("", turns) > 0.05, "one look tells them apart"
        assert moved(TURNED, turns) < moved("", turns) / 2


def test_the_mean_is_that_of_the_single_looks(backbone: Backbone) -> None:
    images = torch.randn(2, 3, 64, 64, generator=torch.Generator().manual_seed(1))
    for views, number in LOOKS.items():
        assert len(looks(views)) == number
        with torch.inference_mode():
            mean = torch.stack([backbone.module(look(images)) for look in looks(views)]).mean(0)
            found = viewed(backbone.module, replace(backbone.preprocessing, views=views))(images)
        torch.testing.assert_close(found, mean)
    assert torch.equal(looks(TURNED)[2](images), images.flip(2).flip(3))
    assert torch.equal(looks(MIRRORED)[1](images), images.flip(3))
    assert looks(TURNED)[-1](images).shape == images.shape


def test_they_are_part_of_what_is_kept_and_nothing_changes_without() -> None:
    plain = Preprocessing(rendering=Rendering.from_json(None))
    assert "views" not in plain.to_dict()
    assert Preprocessing.from_dict(plain.to_dict()) == plain
    turned = replace(plain, views=TURNED)
    assert turned.to_dict()["views"] == "turned"
    assert Preprocessing.from_dict(turned.to_dict()) == turned
    for wrong in ("sideways", 3, None, ["turned"]):
        with pytest.raises(ValueError, match="not a preprocessing"):
            Preprocessing.from_dict({**plain.to_dict(), "views": wrong})
