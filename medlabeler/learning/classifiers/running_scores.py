"""Scores of all images that follow the weights: after a click only what the click changed is worked out.

A label moves the weights of a logistic regression by a hundredth or so. The scores of before are kept, and
the product of all images with the *change* of the weights is added. So small a product may be rounded: images
and change are taken in bfloat16, half the memory to read, where a processor multiplies that quicker. What
rounding loses is a share of the change, not of the score. The first products, those of other classes, and
those after which a sample of the images lay too far from the exact ones are in float32 as ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.learning.classifiers.chunks import for_each

FROM = 50_000
"""With fewer images the product is no part of a click that is felt."""
CHUNK = 16_384
MOST_BYTES = 512 << 20
"""For copies in bfloat16. Of images beyond, all products are in float32: a million of 384 numbers are to be
labelled with four GB for all processes."""
MOST_WRONG = 1e-3
"""So far a probability of the sample may lie from the exact one. Half of what is promised (.002): it is a
sample."""
SAMPLED = 64
"""Images of each slice that are looked at exactly, evenly spread over it."""
_GAIN = 1.5
"""So many times as fast bfloat16 must be, for the copy of the images costs memory."""
_TRIED, _ROUNDS = 4096, 5

Weights = NDArray[np.float32]
Scores = torch.Tensor


@dataclass
class _Slice:
    """What is known of the images `start`..`stop`: `of` which weights (d + 1, C) their scores are."""

    start: int
    stop: int
    of: Weights | None = None
    wrong: float = 0.0


class RunningScores:
    """Scores float32 (C, n) of all images (n, d), kept between fits."""

    def __init__(self, images: torch.Tensor, chunk: int = CHUNK, most_bytes: int = MOST_BYTES) -> None:
        self._images = images
        n, d = images.shape
        self._copied = min(n, most_bytes // (2 * d) // chunk * chunk)
        self._slices = [_Slice(start, min(n, start + chunk)) for start in range(0, n, chunk)]
        self._half: torch.Tensor | None = None
        self._scores: torch.Tensor | None = None
        self._classes: NDArray[np.int32] = np.empty(0, np.int32)
        self._exact_next = False

    def begin(self, weights: Weights, classes: NDArray[np.int32]) -> None:
        """Get ready for the scores of `weights` (d + 1, C), the last row the bias, of `classes` (C,)."""
        n, d = self._images.shape
        if self._half is None:
            self._half = torch.empty(self._copied, d, dtype=torch.bfloat16)
        if self._scores is None or not np.array_equal(classes, self._classes):
            self._scores = torch.empty(len(classes), n)
            self._exact_next = True
        if self._exact_next:
            self.forget()
        self._classes = classes.copy()

    def forget(self) -> None:
        """Work the next scores out from nothing."""
        for one in self._slices:
            one.of = None
        self._exact_next = False

    def all(
        self,
        weights: Weights,
        each: Callable[[int, int, Scores], None],
        spread: Spread,
        check: Callable[[], None],
    ) -> None:
        """Call `each(start, stop, scores)` with the scores (C, m), which must not be changed, for slices that
        cover all images; again from nothing where a sample was not exact enough. `check` may raise between
        slices: what was done holds. `spread` does a piece of work for each of some slices.
        """
        changes = _Changes(weights)

        def work(one: _Slice) -> None:
            check()
            self._update(one, weights, changes)
            each(one.start, one.stop, self._of(one))

        spread(work, self._slices)
        wrong = max((one.wrong for one in self._slices), default=0.0)
        if wrong > MOST_WRONG:
            self.forget()
            spread(work, self._slices)
        elif wrong > MOST_WRONG / 2:
            self._exact_next = True

    def _of(self, one: _Slice) -> Scores:
        assert self._scores is not None  # noqa: S101 - `begin` came before
        return self._scores[:, one.start : one.stop]

    def _update(self, one: _Slice, weights: Weights, changes: _Changes) -> None:
        assert self._half is not None  # noqa: S101 - `begin` came before
        images, scores = self._images[one.start : one.stop], self._of(one)
        half = self._half[one.start : one.stop]
        if one.of is None or not len(half):
            torch.mm(changes.exact, images.T, out=scores)
            scores += changes.bias
            half.copy_(images[: len(half)])
            one.of, one.wrong = weights, 0.0
            return
        change, bias = changes.since(one.of)
        # Images times weights, not the other way round: a third quicker in bfloat16.
        scores += torch.mm(half, change).T
        scores += bias
        one.of = weights
        every = max(1, len(images) // SAMPLED)
        exact = torch.mm(changes.exact, images[::every].T) + changes.bias
        apart = torch.softmax(exact, 0) - torch.softmax(scores[:, ::every], 0)
        one.wrong = float(apart.abs().amax())


Spread = Callable[[Callable[[_Slice], None], Iterable[_Slice]], None]


class _Changes:
    """Weights as tensors, and how far they are from earlier ones."""

    def __init__(self, weights: Weights) -> None:
        self._weights = weights
        self.exact = torch.from_numpy(np.ascontiguousarray(weights[:-1].T))
        self.bias = torch.from_numpy(weights[-1].copy()).unsqueeze(1)
        self._since: dict[int, tuple[Weights, torch.Tensor, torch.Tensor]] = {}

    def since(self, earlier: Weights) -> tuple[torch.Tensor, torch.Tensor]:
        """The change of the weights, bfloat16 (d, C), and of the bias, float32 (C, 1)."""
        if id(earlier) not in self._since:
            apart = self._weights - earlier
            change = torch.from_numpy(np.ascontiguousarray(apart[:-1])).bfloat16()
            self._since[id(earlier)] = earlier, change, torch.from_numpy(apart[-1].copy()).unsqueeze(1)
        _, change, bias = self._since[id(earlier)]
        return change, bias


def pays(images: torch.Tensor, n_classes: int) -> bool:
    """Whether this processor multiplies bfloat16 so much quicker that it is worth its memory; measured."""
    if len(images) < FROM:
        return False
    some, weights = images[:_TRIED], torch.zeros(images.shape[1], n_classes)
    half, few = some.bfloat16(), weights.bfloat16()
    line = weights.T.contiguous()
    ways = (lambda: torch.mm(half, few), lambda: torch.mm(line, some.T))
    took: list[float] = []
    for_each(ways, 1, lambda work: took.append(_quickest(work)))
    return took[0] * _GAIN < took[1]


def _quickest(work: Callable[[], object]) -> float:
    """Seconds of processor time of the quickest of some rounds: what else runs makes others longer."""
    times = []
    for _ in range(_ROUNDS):
        start = time.thread_time()
        work()
        times.append(time.thread_time() - start)
    return min(times)
