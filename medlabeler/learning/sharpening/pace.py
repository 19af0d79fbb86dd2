"""A few steps of a sharpening, timed: see `extent` for what that says of a whole one."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.sharpening.recipe import Recipe
from medlabeler.learning.sharpening.train import Material, Sharpener

TRIED = 2
"""Steps that are timed at least."""
_MOST, _ENOUGH_S = 6, 8.0
_LOOKED_AT = 32


def time_steps(
    backbone: Backbone, pixels: NDArray[np.uint8], recipe: Recipe, device: str
) -> tuple[float, float]:
    """Seconds for a step by `recipe` and for a look at one image, on pixels uint8 (n, h, w, 3), n > 1.

    The first step, which is slower, does not count. What the images show does not matter: their labels are
    made up, and every image of the pool counts as sure, as most are in the end.
    """
    places = np.arange(len(pixels))
    shares = np.zeros((len(pixels), 2), np.float32)
    shares[:, 0] = 1
    material = Material(places, places % 2, places, shares, 2)
    sharpener = Sharpener(
        backbone, pixels, material, replace(recipe, steps=max(recipe.steps, 1 + _MOST)), device=device
    )
    sharpener.one_step()
    began, done = time.perf_counter(), 0
    while done < _MOST and (done < TRIED or time.perf_counter() - began < _ENOUGH_S):
        sharpener.one_step()
        done += 1
    return (time.perf_counter() - began) / done, time_look(sharpener, places)


def time_look(sharpener: Sharpener, places: NDArray[np.int64]) -> float:
    """Seconds for a look at one image, by a few of those at `places` (m,), m > 0. Draws no random number."""
    looked_at = np.resize(places, _LOOKED_AT)
    sharpener.embed(looked_at[:4])  # the first look is slower
    began = time.perf_counter()
    sharpener.embed(looked_at)
    return (time.perf_counter() - began) / _LOOKED_AT
