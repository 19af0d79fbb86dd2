"""Channels, planes, pyramids and pixel sizes of microscopes' TIFF files, against the numbers written."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from numpy.typing import NDArray

from medlabeler.imaging.readers import inspect, read_rgb
from medlabeler.imaging.rendering import Rendering

H, W = 48, 64
BASE = np.add.outer(np.arange(H) * 30, np.arange(W) * 20)


def stack(n: int, dtype: str) -> NDArray[Any]:
    """Channels (n, h, w), no two alike."""
    turned = [BASE, BASE[::-1], BASE[:, ::-1], BASE[::-1, ::-1]]
    scale = 15 if dtype == "uint8" else 1
    return np.stack([turned[k % 4] // scale + 2 * k for k in range(n)]).astype(dtype)


def by_percentiles(values: NDArray[Any], low: float = 0.1, high: float = 99.9) -> NDArray[np.float64]:
    ends = np.percentile(values.astype(float), (low, high))
    return np.clip((values.astype(float) - ends[0]) * 255 / (ends[1] - ends[0]), 0, 255)


def shown(values: NDArray[Any]) -> NDArray[np.float64]:
    """Three channels (3, h, w) as they should look (h, w, 3)."""
    colour = np.moveaxis(values, 0, -1)
    return colour.astype(float) if values.dtype == np.uint8 else by_percentiles(colour)


@pytest.mark.parametrize(
    ("kind", "n", "dtype", "big"),
    [*itertools.product(("ome", "imagej"), (2, 3, 5), ("uint8", "uint16", "float32"), (False,)),
     ("ome", 4, "uint16", True)],
)  # fmt: skip
def test_channels_are_chosen_by_number(tmp_path: Path, kind: str, n: int, dtype: str, big: bool) -> None:
    values = stack(n, dtype)
    path = tmp_path / ("a.ome.tif" if kind == "ome" else "a.tif")
    options: dict[str, Any] = {"ome": kind == "ome", "imagej": kind == "imagej", "bigtiff": big}
    tifffile.imwrite(path, values, metadata={"axes": "CYX"}, photometric="minisblack", **options)
    black = np.zeros_like(values[0])
    for chosen in ((2, 1, 0), (1, 1, 2), (0, n, 1)):
        wanted = np.stack([values[c - 1] if c else black for c in chosen])
        found = read_rgb(path, rendering=Rendering(channels=chosen))
        assert np.abs(found.pixels - shown(wanted)).max() <= 1, chosen
        assert f"channels {chosen[0]}, {chosen[1]} and {chosen[2]} of {n} are shown" in found.note
    first = values[:1].repeat(3, axis=0) if n == 2 else values[:3]
    assert np.abs(read_rgb(path).pixels - shown(first)).max() <= 1
    beyond = read_rgb(path, rendering=Rendering(channels=(n + 1, 1, 1)))
    assert f"there is no channel {n + 1} of {n}" in beyond.note


@pytest.mark.parametrize("axes", ["TZCYX", "TCZYX", "ZCYX"])
def test_of_several_planes_the_first_is_shown_with_all_its_channels(tmp_path: Path, axes: str) -> None:
    shape = {"T": 2, "Z": 3, "C": 3, "Y": H, "X": W}
    values = np.random.default_rng(0).integers(0, 60000, [shape[a] for a in axes]).astype(np.uint16)
    values[tuple(0 if a in "TZ" else slice(None) for a in axes)] = stack(3, "uint16")
    tifffile.imwrite(
        tmp_path / "a.ome.tif", values, ome=True, metadata={"axes": axes}, photometric="minisblack"
    )
    found = read_rgb(tmp_path / "a.ome.tif")
    assert np.abs(found.pixels - shown(stack(3, "uint16"))).max() <= 1
    assert f"the first of {6 if 'T' in axes else 3} planes is shown" in found.note


def test_percentiles_are_a_choice(tmp_path: Path) -> None:
    values = stack(1, "uint16")[0]
    tifffile.imwrite(tmp_path / "a.tif", values)
    found = read_rgb(tmp_path / "a.tif", rendering=Rendering(percentiles=(2, 90)))
    assert np.abs(found.pixels[:, :, 0] - by_percentiles(values, 2, 90)).max() <= 1
    assert "(2 to 90 percentile)" in found.note


@pytest.mark.parametrize("big", [False, True])
def test_a_pyramid_is_read_at_the_level_that_was_chosen(tmp_path: Path, big: bool) -> None:
    values = np.moveaxis(stack(3, "uint8"), 0, -1)
    with tifffile.TiffWriter(tmp_path / "a.ome.tif", bigtiff=big) as writer:
        writer.write(values, subifds=2, tile=(16, 16), photometric="rgb")
        for step in (2, 4):
            reduced = np.ascontiguousarray(values[::step, ::step])
            writer.write(reduced, subfiletype=1, tile=(16, 16), photometric="rgb")
    for level, step in ((0, 1), (1, 2), (2, 4), (9, 4)):
        found = read_rgb(tmp_path / "a.ome.tif", rendering=Rendering(level=level))
        np.testing.assert_array_equal(found.pixels, values[::step, ::step])
        assert found.note == f"level {min(level, 2)} of 3 of a pyramid is shown"
    assert inspect(tmp_path / "a.ome.tif", rendering=Rendering(level=1))[0].width == W // 2


def test_pixel_sizes_of_microscopes_are_told_and_those_of_printers_are_not(tmp_path: Path) -> None:
    values = stack(1, "uint16")[0]
    size = {"PhysicalSizeX": 0.25, "PhysicalSizeXUnit": "µm", "PhysicalSizeY": 500, "PhysicalSizeYUnit": "nm"}
    tifffile.imwrite(tmp_path / "a.ome.tif", values, metadata={"axes": "YX", **size})
    assert read_rgb(tmp_path / "a.ome.tif").spacing_mm == pytest.approx((0.0005, 0.00025))
    tifffile.imwrite(tmp_path / "b.tif", values, imagej=True, resolution=(4, 2), metadata={"unit": "um"})
    assert read_rgb(tmp_path / "b.tif").spacing_mm == pytest.approx((0.0005, 0.00025))
    tifffile.imwrite(tmp_path / "c.tif", values, resolution=(300, 300), resolutionunit="INCH")
    assert read_rgb(tmp_path / "c.tif").spacing_mm is None
    tifffile.imwrite(tmp_path / "d.tif", values, resolution=(20000, 20000), resolutionunit="CENTIMETER")
    assert read_rgb(tmp_path / "d.tif").spacing_mm == pytest.approx((0.0005, 0.0005))
