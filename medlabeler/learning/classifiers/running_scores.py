"""Scores of all images that follow the weights: after a click only what the click changed is worked out.

A label moves the weights of a logistic regression by a hundredth or so. The scores of before are kept, and
the product of all images with the *change* of the weights is added. So small a product may be rounded: images
and change are taken in bfloat16, half the memory to read, where copies in that do not take too much of it, or
in int8, a quarter, whichever the processor multiplies quicker. What rounding loses is a share of the change,
not of the score, and what the change itself lost is part of the next one. A sample of the images tells how
far scores lie from the exact ones: where that grows, those that have followed longest are worked out in
float32, a few with each click, so that no click waits for all of them. The first products and those of other
classes are in float32 as ever.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.learning.classifiers.chunks import for_each

FROM = 50_000
"""With fewer images the product is no part of a click that is felt."""
CHUNK = 16_384
BLOCK = 4096
"""Of a slice so many images at a time: what is worked out of them stays in the cache of a core from one step
to the next."""
MOST_BYTES = 512 << 20
"""For copies of the images: a million of 384 numbers are to be labelled with four GB for all processes. Of
images beyond, all products are in float32."""
MOST_WRONG = 1e-3
"""So far a probability of the sample may lie from the exact one. Half of what is promised (.002): it is a
sample."""
SAMPLED = 32
"""Images of each slice that are looked at exactly, evenly spread over it."""
_RENEWED = 12
"""One of so many slices is worked out exactly with a click, once rounding has used a quarter of what it
may."""
_GAIN = 1.4
"""So many times as fast as float32 copies must be, for they cost memory."""
_TRIED, _STRETCHES, _ROUNDS = 2048, 6, 4
_STEPS = 127
_EIGHT = 8
_TAKEN = 512

Weights = NDArray[np.float32]
Scores = torch.Tensor


@dataclass
class _Slice:
    """What is known of the images `start`..`stop`: `of` which weights (d + 1, C) their scores are, after how
    many changes that were `followed`, and how far those of the sample are `wrong`.
    """

    start: int
    stop: int
    of: Weights | None = None
    followed: int = 0
    wrong: float = 0.0
    copied: bool = False


class Copies(Protocol):
    """Images in fewer bits, and products with them."""

    def __init__(self, n: int, d: int) -> None: ...

    @staticmethod
    def bytes_each(d: int) -> int:
        """What an image takes."""
        ...

    def take(self, start: int, images: torch.Tensor) -> None:
        """Copy images (m, d) to `start` and behind."""
        ...

    @staticmethod
    def rounded(change: NDArray[np.float32]) -> tuple[torch.Tensor, float, Weights]:
        """The change of weights (d, C) as `add` takes it: numbers, their unit, and what they stand for."""
        ...

    def add(self, start: int, stop: int, change: torch.Tensor, unit: float, scores: Scores) -> None:
        """Add to scores (C, m) the product of images with a change, `rounded`."""
        ...


class Halves:
    """Images in bfloat16."""

    def __init__(self, n: int, d: int) -> None:
        self._images = torch.empty(n, d, dtype=torch.bfloat16)

    @staticmethod
    def bytes_each(d: int) -> int:
        """See `Copies`."""
        return 2 * d

    def take(self, start: int, images: torch.Tensor) -> None:
        """See `Copies`."""
        self._images[start : start + len(images)] = images

    @staticmethod
    def rounded(change: NDArray[np.float32]) -> tuple[torch.Tensor, float, Weights]:
        """See `Copies`."""
        few = torch.from_numpy(np.ascontiguousarray(change)).bfloat16()
        return few, 1.0, few.float().numpy()

    def add(self, start: int, stop: int, change: torch.Tensor, unit: float, scores: Scores) -> None:
        """See `Copies`."""
        # Images times weights, not the other way round: a third quicker in bfloat16.
        scores += torch.mm(self._images[start:stop], change).T


class Eighths:
    """Images in int8, each in steps of its own."""

    def __init__(self, n: int, d: int) -> None:
        self._images = torch.empty(n, d, dtype=torch.int8)
        self._step = torch.empty(n)

    @staticmethod
    def bytes_each(d: int) -> int:
        """See `Copies`."""
        return d + 4

    def take(self, start: int, images: torch.Tensor) -> None:
        """See `Copies`."""
        for first in range(0, len(images), _TAKEN):  # what is worked out on the way stays in the cache
            some = images[first : first + _TAKEN]
            taken = slice(start + first, start + first + len(some))
            step = some.abs().amax(1).clamp_(min=1e-12) / _STEPS
            self._step[taken] = step
            self._images[taken] = (some / step.unsqueeze(1)).round_()

    @staticmethod
    def rounded(change: NDArray[np.float32]) -> tuple[torch.Tensor, float, Weights]:
        """See `Copies`."""
        unit = max(float(np.abs(change).max(initial=0)), 1e-12) / _STEPS
        steps = np.rint(change / unit)
        few = np.zeros((len(change), -(-change.shape[1] // _EIGHT) * _EIGHT), np.int8)
        few[:, : change.shape[1]] = steps
        return torch.from_numpy(few), unit, np.asarray(steps * unit, np.float32)

    def add(self, start: int, stop: int, change: torch.Tensor, unit: float, scores: Scores) -> None:
        """See `Copies`."""
        sums = torch._int_mm(self._images[start:stop], change)[:, : len(scores)]
        scores.addcmul_(sums.T.float(), self._step[start:stop], value=unit)


KINDS: tuple[type[Copies], ...] = (Halves, Eighths)


class RunningScores:
    """Scores float32 (C, n) of all images (n, d), kept between fits."""

    def __init__(
        self,
        images: torch.Tensor,
        kind: type[Copies] = Halves,
        chunk: int = CHUNK,
        most_bytes: int = MOST_BYTES,
    ) -> None:
        self._images = images
        n, d = images.shape
        self._n_copied = min(n, most_bytes // kind.bytes_each(d) // chunk * chunk)
        self._copies = kind(self._n_copied, d)
        self._slices = [_Slice(start, min(n, start + chunk)) for start in range(0, n, chunk)]
        self._scores: torch.Tensor | None = None
        self._classes: NDArray[np.int32] = np.empty(0, np.int32)

    def begin(self, classes: NDArray[np.int32]) -> None:
        """Get ready for scores of `classes` (C,)."""
        if self._scores is None or not np.array_equal(classes, self._classes):
            self._scores = torch.empty(len(classes), len(self._images))
            self._forget(self._slices)
        self._classes = classes.copy()

    @staticmethod
    def _forget(slices: Iterable[_Slice]) -> None:
        """Work the next scores of these out from nothing."""
        for one in slices:
            one.of = None

    def all(
        self,
        weights: Weights,
        each: Callable[[int, int, Scores], None],
        spread: Spread,
        check: Callable[[], None],
    ) -> None:
        """Call `each(start, stop, scores)` with the scores (C, m) of `weights` (d + 1, C), the last row the
        bias, for blocks that cover all images; the scores must not be changed. Again from nothing where a
        sample was not exact enough. `check` may raise between slices: what was done holds. `spread` does a
        piece of work for each of some slices.
        """
        changes = _Changes(weights, type(self._copies))

        def work(one: _Slice) -> None:
            check()
            self._update(one, changes)
            for start, stop in _blocks(one):
                each(start, stop, self._of(start, stop))

        spread(work, self._slices)
        wrong = max((one.wrong for one in self._slices), default=0.0)
        followed = sorted((one for one in self._slices if one.followed), key=lambda one: -one.followed)
        if wrong > MOST_WRONG:
            self._forget(followed)
            spread(work, followed)
        elif wrong > MOST_WRONG / 4:
            self._forget(followed[: -(-len(self._slices) // _RENEWED)])

    def _of(self, start: int, stop: int) -> Scores:
        assert self._scores is not None  # noqa: S101 - `begin` came before
        return self._scores[:, start:stop]

    def _update(self, one: _Slice, changes: _Changes) -> None:
        images, scores = self._images[one.start : one.stop], self._of(one.start, one.stop)
        if one.of is None or one.start >= self._n_copied:
            torch.mm(changes.exact, images.T, out=scores)
            scores += changes.bias
            if not one.copied and one.start < self._n_copied:
                self._copies.take(one.start, images)
                one.copied = True
            one.of, one.followed, one.wrong = changes.weights, 0, 0.0
            return
        change, unit, bias, reached = changes.since(one.of)
        for start, stop in _blocks(one):
            block = self._of(start, stop)
            self._copies.add(start, stop, change, unit, block)
            block += bias
        one.of, one.followed = reached, one.followed + 1
        every = max(1, len(images) // SAMPLED)
        exact = torch.mm(changes.exact, images[::every].T) + changes.bias
        apart = torch.softmax(exact, 0) - torch.softmax(scores[:, ::every], 0)
        one.wrong = float(apart.abs().amax())


Spread = Callable[[Callable[[_Slice], None], Iterable[_Slice]], None]


def _blocks(one: _Slice) -> Iterator[tuple[int, int]]:
    return ((start, min(start + BLOCK, one.stop)) for start in range(one.start, one.stop, BLOCK))


class _Changes:
    """Weights as tensors, and how far they are from earlier ones."""

    def __init__(self, weights: Weights, kind: type[Copies]) -> None:
        self.weights = weights
        self._kind = kind
        self.exact = torch.from_numpy(np.ascontiguousarray(weights[:-1].T))
        self.bias = torch.from_numpy(weights[-1].copy()).unsqueeze(1)
        self._since: dict[int, tuple[Weights, torch.Tensor, float, torch.Tensor, Weights]] = {}

    def since(self, earlier: Weights) -> tuple[torch.Tensor, float, torch.Tensor, Weights]:
        """The change of the weights (d, C), rounded, its unit, that of the bias, float32 (C, 1), and the
        weights that both lead to: these but for what was rounded off.
        """
        if id(earlier) not in self._since:
            apart = self.weights - earlier
            few, unit, stand_for = self._kind.rounded(apart[:-1])
            reached = self.weights.copy()
            reached[:-1] = earlier[:-1] + stand_for
            bias = torch.from_numpy(apart[-1].copy()).unsqueeze(1)
            self._since[id(earlier)] = earlier, few, unit, bias, reached
        return self._since[id(earlier)][1:]


def quickest(images: torch.Tensor, n_classes: int) -> type[Copies] | None:
    """In which copies scores follow, where this processor multiplies those so much quicker than float32 that
    they are worth their memory, which is measured; None where it does not.
    """
    if len(images) < FROM:
        return None
    d = images.shape[1]
    room = [kind for kind in KINDS if len(images) * kind.bytes_each(d) <= MOST_BYTES] or KINDS[-1:]
    took, exactly = seconds(room, images, n_classes)
    least = min(took, key=lambda kind: took[kind], default=None)
    return least if least is not None and took[least] * _GAIN < exactly else None


def seconds(
    kinds: Iterable[type[Copies]], images: torch.Tensor, n_classes: int
) -> tuple[dict[type[Copies], float], float]:
    """Processor time of products of some images with such copies, of those kinds that this torch knows; and
    without.

    It decides for as long as the project is open, and what else runs makes a product up to three times as
    long, for many in a row: so all ways take turns at the same stretch of images, more than a core's cache
    holds lie between two turns, and of each stretch the quickest turn counts.
    """
    d = images.shape[1]
    starts = np.linspace(0, max(0, len(images) - _TRIED), _STRETCHES).astype(int).tolist()
    some = [images[start : start + _TRIED] for start in starts]
    m = len(some[0])
    weights, scores = torch.ones(n_classes, d), torch.zeros(n_classes, m)
    ways: list[Callable[[int], object]] = [lambda k: _exactly(weights, some[k])]
    known: list[type[Copies]] = []

    def measure(_: None) -> None:
        for kind in kinds:
            way = _with(kind, weights, some, scores)
            try:
                way(0)
            except (RuntimeError, AttributeError):  # this torch does not know the product
                continue
            known.append(kind)
            ways.append(way)
        for _round in range(_ROUNDS):
            for k in range(len(some)):
                for i, way in enumerate(ways):
                    start = time.thread_time()
                    way(k)
                    took[i, k] = min(took[i, k], time.thread_time() - start)

    took = np.full((1 + len(KINDS), len(some)), np.inf)
    for_each([None], 1, measure)
    of_way = took.sum(axis=1).tolist()
    return dict(zip(known, of_way[1:], strict=False)), of_way[0]


def _with(
    kind: type[Copies], weights: torch.Tensor, some: list[torch.Tensor], scores: Scores
) -> Callable[[int], object]:
    """The product of a stretch of images with such copies."""
    m, d = some[0].shape
    copies = kind(m * len(some), d)
    for k, images in enumerate(some):
        copies.take(k * m, images)
    few, unit, _ = kind.rounded(weights.T.numpy())
    return lambda k: copies.add(k * m, k * m + m, few, unit, scores)


def _exactly(weights: torch.Tensor, images: torch.Tensor) -> Scores:
    return torch.mm(weights, images.T)
