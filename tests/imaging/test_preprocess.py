"""What a backbone sees of an image is defined once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.imaging.readers import Picture

MEAN, STD = (0.5, 0.4, 0.3), (0.2, 0.3, 0.4)


def test_the_whole_image_is_seen_to_its_rim() -> None:
    pixels = np.zeros((100, 300, 3), np.uint8)
    pixels[:, :10], pixels[:, -10:] = 255, 200  # what a centre crop would lose
    small = Preprocessing(60, MEAN, STD).resized(Picture(pixels))
    assert small.shape == (60, 60, 3)
    assert small.dtype == np.uint8
    assert small[30, 0, 0] > 200
    assert small[30, -1, 0] > 150


def test_shrinking_averages_instead_of_picking() -> None:
    stripes = np.zeros((512, 512, 3), np.uint8)
    stripes[:, ::2] = 255
    for interpolation in ("bicubic", "bilinear"):
        small = Preprocessing(64, MEAN, STD, interpolation).resized(stripes)
        assert np.abs(small.astype(int) - 127).max() < 12


def test_a_picture_of_the_right_size_is_left_alone() -> None:
    pixels = np.random.default_rng(0).integers(0, 255, (32, 32, 3), np.uint8)
    assert Preprocessing(32, MEAN, STD).resized(pixels) is pixels


def test_normalised_is_channels_first_in_standard_units() -> None:
    pixels = np.full((2, 4, 5, 3), 255, np.uint8)
    values = Preprocessing(4, MEAN, STD).normalised(pixels)
    assert values.shape == (2, 3, 4, 5)
    assert values.dtype == np.float32
    np.testing.assert_allclose(values[0, :, 0, 0], [2.5, 2.0, 1.75], rtol=1e-5)


def test_it_survives_json() -> None:
    given = Preprocessing(518, MEAN, STD, "bilinear")
    assert Preprocessing.from_dict(json.loads(json.dumps(given.to_dict()))) == given


@pytest.mark.parametrize(
    "change", [{"mean": [1, 2]}, {"interpolation": "magic"}, {"size": 0}, {"std": None}, {"size": "many"}]
)
def test_what_is_no_preprocessing_is_refused(change: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - its text is for programmers
        Preprocessing.from_dict({**Preprocessing(224, MEAN, STD).to_dict(), **change})


def test_a_large_jpeg_is_seen_as_if_it_had_been_decoded_whole(tmp_path: Path) -> None:
    """A decoder that leaves out too much makes another picture, of another vector."""
    rng = np.random.default_rng(0)
    coarse = Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)).resize((512, 512))
    grain = rng.integers(-40, 41, (512, 512, 3), np.int16)
    path = tmp_path / "large.jpg"
    Image.fromarray((np.asarray(coarse, np.int16) + grain).clip(0, 255).astype(np.uint8)).save(
        path, quality=92
    )
    shape = Preprocessing(64, MEAN, STD)
    whole = shape.resized(np.asarray(Image.open(path).convert("RGB"))).astype(np.int16)
    assert np.abs(shape.read(path) - whole).mean() < 2.0  # 5.8 where it leaves out all it may
