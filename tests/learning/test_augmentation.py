"""Views depend on (seed, epoch, image, view) alone, and are what they are said to be."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.learning.augmentation import Appearance, View, Views, chances, multi_crop
from medlabeler.learning.dino.image_cache import ImageCache

PLAIN = Appearance(jitter_chance=0, grey_chance=0)


def pictures(n: int, size: int = 24) -> NDArray[np.uint8]:
    rng = np.random.default_rng(3)
    coarse = rng.integers(0, 256, (n, 6, 6, 3), np.uint8)
    return coarse.repeat(size // 6, 1).repeat(size // 6, 2)


def drawn(views: Views, places: list[int], epoch: int = 0) -> list[torch.Tensor]:
    return views.draw(torch.from_numpy(pictures(12)[places]), np.array(places), epoch)


def test_views_are_the_same_in_any_batch() -> None:
    views = Views(multi_crop(24, 12, 2), (0.5,) * 3, (0.25,) * 3, seed=5)
    whole = drawn(views, list(range(12)))
    for places in ([7, 3, 0, 11], [4], list(range(11, -1, -1))):
        for ours, all_of_them in zip(drawn(views, places), whole, strict=True):
            torch.testing.assert_close(ours, all_of_them[places], atol=1e-5, rtol=0)


def test_views_change_with_seed_epoch_image_and_view() -> None:
    first = Views(multi_crop(24, 12, 2), (0.5,) * 3, (0.25,) * 3, seed=5)
    other = Views(multi_crop(24, 12, 2), (0.5,) * 3, (0.25,) * 3, seed=6)
    a, b, c = drawn(first, [1]), drawn(first, [1], epoch=1), drawn(other, [1])
    assert all(not torch.equal(x, y) for x, y in zip(a, b, strict=True))
    assert all(not torch.equal(x, y) for x, y in zip(a, c, strict=True))
    assert not torch.equal(a[2], a[3])
    again = first.draw(torch.from_numpy(pictures(12)[[1]]), np.array([2]), 0)
    assert not torch.equal(a[0], again[0])


def test_views_have_the_sizes_asked_for_and_are_normalised() -> None:
    views = drawn(Views(multi_crop(24, 12, 3), (0.5, 0.4, 0.3), (0.25, 0.2, 0.1), seed=0), list(range(12)))
    assert [tuple(v.shape) for v in views] == [(12, 3, 24, 24)] * 2 + [(12, 3, 12, 12)] * 3
    mean, std = (torch.tensor(v).view(1, 3, 1, 1) for v in ((0.5, 0.4, 0.3), (0.25, 0.2, 0.1)))
    for view in views:
        assert view.dtype == torch.float32
        assert view.is_contiguous(memory_format=torch.channels_last)
        shown = view * std + mean
        assert float(shown.min()) >= -1e-5
        assert float(shown.max()) <= 1 + 1e-5


def test_nothing_but_a_turn_when_nothing_else_is_asked_for() -> None:
    appearance = Appearance(degrees=0, ratio=(1, 1), jitter_chance=0, grey_chance=0)
    views = Views([View(24, (1, 1), blur=0)], (0,) * 3, (1,) * 3, seed=1, appearance=appearance)
    used = set()
    for i in range(12):
        image = torch.from_numpy(pictures(12)[i]).permute(2, 0, 1) / 255
        (view,) = (v[0] for v in drawn(views, [i]))
        flips = [image, image.flip(1), image.flip(2), image.flip(1, 2)]
        fits = [turn for turn, flip in enumerate(flips) if float((view - flip).abs().max()) < 1e-5]
        assert len(fits) == 1
        used.update(fits)
    assert used == {0, 1, 2, 3}


def test_a_turn_keeps_what_is_round_and_moves_the_rest() -> None:
    y, x = np.mgrid[:32, :32] - 15.5
    appearance = Appearance(ratio=(1, 1), jitter_chance=0, grey_chance=0)
    turning = Views([View(32, (1, 1), blur=0)], (0,) * 3, (1,) * 3, seed=1, appearance=appearance)
    ring, bar = np.exp(-((np.hypot(x, y) - 8) ** 2) / 8), np.where(abs(x) < 3, 1.0, 0.0)
    for shape, kept in ((ring, True), (bar, False)):
        pixels = torch.from_numpy(np.repeat((255 * shape).astype(np.uint8)[None, :, :, None], 3, 3))
        (view,) = turning.draw(pixels, np.array([3]), 0)
        change = (view[0, 0] - pixels[0, :, :, 0] / 255).abs()
        assert (float(change.max()) < 0.05) == kept


def test_colour_is_lost_kept_and_inverted_as_often_as_said() -> None:
    n = 3000
    image = np.zeros((1, 6, 6, 3), np.uint8)
    image[...] = (230, 25, 120)
    pixels = torch.from_numpy(image.repeat(n, 0))

    def views(appearance: Appearance, solarise: float = 0) -> torch.Tensor:
        made = Views([View(6, (0.5, 1), blur=0, solarise=solarise)], (0,) * 3, (1,) * 3, 0, appearance)
        return made.draw(pixels, np.arange(n), 0)[0]

    grey = views(Appearance(jitter_chance=0))
    share = float(((grey.amax(1) - grey.amin(1)).amax((1, 2)) < 1e-4).float().mean())
    assert share == pytest.approx(0.2, abs=0.03)
    light = views(PLAIN, solarise=0.2)
    assert float((light[:, 0].mean((1, 2)) < 0.5).float().mean()) == pytest.approx(0.2, abs=0.03)
    # A grey made of the original keeps its brightness.
    weights = torch.tensor([0.299, 0.587, 0.114])
    level = float((torch.tensor([230, 25, 120]) / 255 * weights).sum())
    torch.testing.assert_close(
        (grey * weights.view(1, 3, 1, 1)).sum(1), torch.full((n, 6, 6), level), atol=1e-4, rtol=0
    )


def test_blur_is_a_gaussian() -> None:
    image = np.zeros((1, 33, 33, 3), np.uint8)
    image[:, 16, 16] = 255
    appearance = Appearance(degrees=0, ratio=(1, 1), jitter_chance=0, grey_chance=0, sigma=(8.0, 8.0))
    view = Views([View(33, (1, 1), blur=1)], (0,) * 3, (1,) * 3, 0, appearance).draw(
        torch.from_numpy(image), np.zeros(1, np.int64), 0
    )[0][0, 0]
    sigma = 8 * 33 / 224
    steps = np.arange(33) - 16
    kernel = np.exp(-0.5 * (steps / sigma) ** 2)
    kernel /= kernel.sum()
    np.testing.assert_allclose(view.numpy(), np.outer(kernel, kernel), atol=2e-3)


def test_chances_are_uniform_and_independent_of_their_neighbours() -> None:
    u = chances(1, 2, np.arange(20_000), 3, 4)
    assert u.min() >= 0
    assert u.max() < 1
    counts = np.stack([np.histogram(column, 20, (0, 1))[0] for column in u.T])
    # Chi-squared with 19 degrees of freedom: above 50 once in ten thousand.
    assert (((counts - 1000) ** 2 / 1000).sum(axis=1) < 50).all()
    assert np.abs(np.corrcoef(u.T) - np.eye(4)).max() < 0.03
    assert abs(np.corrcoef(u[:-1, 0], u[1:, 0])[0, 1]) < 0.03
    other = chances(1, 3, np.arange(20_000), 3, 4)
    assert abs(np.corrcoef(u[:, 0], other[:, 0])[0, 1]) < 0.03


class Stopped(Exception):  # noqa: N818
    pass


def test_images_are_decoded_once_also_after_a_kill(tmp_path, monkeypatch) -> None:  # type: ignore[no-untyped-def]  # its fixtures and results have no types of use here
    monkeypatch.setattr("medlabeler.learning.dino.image_cache._BLOCK", 5)
    source = pictures(12)
    digests = [f"{i:064x}" for i in range(12)]
    seen: list[int] = []

    def read(i: int) -> NDArray[np.uint8]:
        seen.append(i)
        if i == 3:
            raise UserError("This file is broken.")
        return source[i]

    class Killer(SilentProgress):
        def report(self, done: int, total: int, text: str = "") -> None:
            if done >= 5:
                raise Stopped

    with pytest.raises(Stopped):
        ImageCache(tmp_path, digests, 24).fill(read, Killer())
    assert sorted(seen) == list(range(5))
    cache = ImageCache(tmp_path, digests, 24)
    cache.fill(read, SilentProgress())
    assert sorted(seen) == list(range(12))
    assert cache.usable.tolist() == [0, 1, 2, *range(4, 12)]
    np.testing.assert_array_equal(cache.pixels[cache.usable], source[cache.usable])
    changed = ImageCache(tmp_path, [*digests[:-1], "f" * 64], 24)
    assert changed.usable.tolist() == []
