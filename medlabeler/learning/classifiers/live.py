"""The live refit: a classifier that follows every label and predicts all images again at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.classifiers import formulas
from medlabeler.learning.classifiers.chunks import (
    CHUNK,
    alone,
    as_tensor,
    default_threads,
    for_chunks,
    for_each,
    product,
)
from medlabeler.learning.classifiers.kept_rows import KeptRows
from medlabeler.learning.classifiers.logistic_regression import Fit, fit_logistic
from medlabeler.learning.classifiers.registry import info_of
from medlabeler.learning.classifiers.running_scores import RunningScores, quickest
from medlabeler.learning.device import ROWS, Card, Returning

GLIMPSED_CHUNK = 2048
"""Images of a slice that are looked at first: scattered in memory, so that few fill the cache."""
MOST_NEW = 64
"""With so many new labels at once kNN looks at all images as quickly as at some."""


@dataclass(frozen=True)
class LivePrediction:
    """What a classifier says of all n images.

    `class_id` int32 (n,), NO_CLASS where an image has no embedding; `confidence` float32 (n,), the top
    probability, nan there; `probabilities` float32 (n, C) in the order of `classes` int32 (C,), zero there;
    times in milliseconds.
    """

    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]
    probabilities: NDArray[np.float32]
    classes: NDArray[np.int32]
    fit_ms: float
    predict_ms: float


class Buffers(Protocol):
    """Gives `predict` the arrays to write into, for instance memory maps."""

    def __call__(
        self, n_classes: int, by_class: bool
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
        """Class ids int32 (n,), confidence float32 (n,) and probabilities float32 (n, C).

        `by_class`: the probabilities are quicker written class after class; in memory they may then be the
        transpose of a contiguous (C, n).
        """
        ...


class LiveClassifier(Protocol):
    """What live classifiers have in common."""

    def set_labels(self, rows: NDArray[np.integer[Any]], class_ids: NDArray[np.integer[Any]]) -> bool:
        """Refit to the labels `class_ids` of the images `rows` (all of them, not only the new ones).

        Rows must be unique. Labels of images without embedding are ignored. Returns whether there is a
        classifier, that is, whether at least two classes are labelled.
        """
        ...

    def predict(self, buffers: Buffers | None = None) -> LivePrediction | None:
        """Predict all images with the latest fit; None below two classes."""
        ...


_Arrays = tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]
"""Class ids (n,), confidence (n,) and probabilities (n, C) to be written."""
Glimpse = tuple[NDArray[np.int32], NDArray[np.float32]]
"""Class ids int32 (m,) and confidence float32 (m,) of some images, as in `LivePrediction`."""


@runtime_checkable
class Glimpsing(LiveClassifier, Protocol):
    """A live classifier that can tell of some images before all are predicted, and be interrupted in that."""

    def set_labels(
        self,
        rows: NDArray[np.integer[Any]],
        class_ids: NDArray[np.integer[Any]],
        nearly: Callable[[], None] = lambda: None,
    ) -> bool:
        """As that of `LiveClassifier`; `nearly` is called, once, as soon as `glimpse` can tell of the new
        labels, which may be before the fit has ended: probabilities are within .002 of what follows. Not
        where there is no classifier.
        """
        ...

    def predict(
        self, buffers: Buffers | None = None, check: Callable[[], None] = lambda: None
    ) -> LivePrediction | None:
        """As that of `LiveClassifier`; `check` is called between slices, on several threads, and what it
        raises ends the work.
        """
        ...

    def glimpse(self, at: NDArray[np.int64]) -> Glimpse | None:
        """The images `at` (m,) with the latest fit, without touching what all others need; None below two
        classes, or where that is no quicker than all of them.
        """
        ...


def make_live(
    name: str,
    X: NDArray[np.float32],
    present: NDArray[np.bool_] | None = None,
    threads: int | None = None,
    card: Card | None = None,
) -> LiveClassifier:
    """The live classifier of that name (see `registry`); `ValueError` for a name that is none.

    `card`: where X shall lie, for classifiers that know how to work there; others stay on the processor.
    """
    kind = info_of(name).load_live()
    options = {"card": card} if card is not None and issubclass(kind, _Live) else {}
    made: LiveClassifier = kind(X, present, threads=threads, **options)
    return made


class _Live:
    """The images, and the finishing touch that both classifiers give their scores."""

    def __init__(
        self,
        X: NDArray[np.float32],
        present: NDArray[np.bool_] | None,
        threads: int | None,
        card: Card | None,
    ) -> None:
        """X float32 (n, d), prepared; `present` (n,) tells which rows are embeddings, all if None. With a
        `card` all images lie there and are predicted there; single labels are fitted here.
        """
        self.X = X
        self.n = len(X)
        self.present = present
        self.threads = threads or default_threads()
        self.fit_ms = 0.0
        self.device = "cpu" if card is None else card.name
        self._card = card
        self._images = as_tensor(X).to(self.device)
        self._absent = None if present is None or present.all() else np.flatnonzero(~present)

    def _new_arrays(
        self, n_classes: int, by_class: bool
    ) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
        shares = np.empty((n_classes, self.n) if by_class else (self.n, n_classes), np.float32)
        return np.empty(self.n, np.int32), np.empty(self.n, np.float32), shares.T if by_class else shares

    def _there(self, array: NDArray[Any]) -> torch.Tensor:
        """The array where the images are."""
        return torch.from_numpy(array).to(self.device)

    def _each(self, work: Callable[[int, int], None], chunk: int = CHUNK, over: int | None = None) -> None:
        """Do `work(start, stop)` for all images, or for 0..`over`: slices of `chunk` on the threads, of
        `ROWS` on a card.
        """
        if self._card is None:
            for_chunks(self.n if over is None else over, self.threads, work, chunk)
            return
        for start in range(0, self.n, ROWS):
            work(start, min(self.n, start + ROWS))

    def _usable(
        self, rows: NDArray[np.integer[Any]], class_ids: NDArray[np.integer[Any]]
    ) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        usable: NDArray[np.int64] = np.asarray(rows, np.int64)
        ids: NDArray[np.int32] = np.asarray(class_ids, np.int32)
        if self._absent is not None and self.present is not None:
            keep = self.present[usable]
            usable, ids = usable[keep], ids[keep]
        return usable, ids

    def _blank_glimpse(
        self, at: NDArray[np.int64], class_id: NDArray[np.int32], confidence: NDArray[np.float32]
    ) -> Glimpse:
        if self._absent is not None and self.present is not None:
            absent = ~self.present[at]
            class_id[absent], confidence[absent] = NO_CLASS, np.nan
        return class_id, confidence

    def _blank(self, prediction: LivePrediction) -> LivePrediction:
        if self._absent is not None:
            prediction.class_id[self._absent] = NO_CLASS
            prediction.confidence[self._absent] = np.nan
            prediction.probabilities[self._absent] = 0
        return prediction


class _Answer:
    """The arrays of a prediction, filled slice by slice from wherever it is made."""

    def __init__(
        self,
        class_id: NDArray[np.int32],
        confidence: NDArray[np.float32],
        probabilities: NDArray[np.float32],
        card: Card | None,
    ) -> None:
        self._arrays = tuple(map(torch.from_numpy, (class_id, confidence, probabilities)))
        self._returning = None if card is None else Returning(card)

    def put(self, start: int, stop: int, *results: torch.Tensor) -> None:
        """Classes (m,), confidence (m,) and probabilities (m, C) of a slice."""
        for array, result in zip(self._arrays, results, strict=True):
            if self._returning is None:
                array[start:stop] = result
            else:
                self._returning.send(result, array[start:stop])

    def votes(self, start: int, stop: int) -> torch.Tensor:
        """Zeros (m, C) on the device, to become the probabilities of a slice: in their place if they can."""
        shares = self._arrays[2]
        if self._returning is None:
            return shares[start:stop].zero_()
        return torch.zeros(stop - start, shares.shape[1], device=self._returning.device)

    def finish(self) -> None:
        """Wait until all is there."""
        if self._returning is not None:
            self._returning.finish()


class LiveLogistic(_Live):
    """Multinomial logistic regression; see `logistic_fit` for what is minimised.

    A refit starts from the last one. Without a `C` it follows from the number of labels. Predicting never
    forms a softmax as such: the top probability is the reciprocal of the sum of exp(score - top score), which
    the other probabilities need anyway.
    """

    def __init__(
        self,
        X: NDArray[np.float32],
        present: NDArray[np.bool_] | None = None,
        *,
        C: float | None = None,
        threads: int | None = None,
        card: Card | None = None,
    ) -> None:
        super().__init__(X, present, threads, card)
        self.C = C
        self.classes: NDArray[np.int32] = np.empty(0, np.int32)
        self.fit: Fit | None = None
        self._glimpsed = KeptRows(self._images)
        self._running: RunningScores | None = None
        self._tried = False  # whether running scores pay here

    def set_labels(
        self,
        rows: NDArray[np.integer[Any]],
        class_ids: NDArray[np.integer[Any]],
        nearly: Callable[[], None] = lambda: None,
    ) -> bool:
        """Refit; see `Glimpsing.set_labels`."""
        began = time.perf_counter()
        rows, ids = self._usable(rows, class_ids)
        classes, codes = np.unique(ids, return_inverse=True)
        if len(classes) < 2:
            self.fit, self.classes = None, np.empty(0, np.int32)
            return False
        # Summed in the order of the rows: the same labels give the same numbers, however they came.
        order = np.argsort(rows)
        start = self.fit if np.array_equal(classes, self.classes) else self._carried_over(classes)
        C = formulas.inverse_penalty(len(rows), len(classes)) if self.C is None else self.C
        vectors, given = self.X[rows[order]], codes[order]
        told_ms: list[float] = []

        def tell(found: Fit) -> None:
            self.fit, self.classes = found, classes
            start = time.perf_counter()
            nearly()
            told_ms.append(1e3 * (time.perf_counter() - start))

        found = alone(
            lambda: fit_logistic(
                vectors, given, len(classes), C=C, start=start, product=product, nearly=tell
            ),
        )
        self.fit_ms = 1e3 * (time.perf_counter() - began) - sum(told_ms)
        if not told_ms:
            tell(found)
        self.fit = found
        return True

    def _carried_over(self, classes: NDArray[np.int32]) -> Fit | None:
        """The last fit with the columns of the classes that are still there, zeros for new ones."""
        if self.fit is None:
            return None
        theta = np.zeros((len(self.fit.theta), len(classes)), np.float32)
        kept, new, old = np.intersect1d(classes, self.classes, return_indices=True)
        if len(kept) == 0:
            return None
        theta[:, new] = self.fit.theta[:, old]
        # As if fitted on one label, so that the preconditioner is built anew: all weights have changed.
        return Fit(theta, 0, False, self.fit.preconditioner, 1)

    def _shares(self, fit: Fit) -> Callable[[torch.Tensor], tuple[torch.Tensor, ...]]:
        """What tells of vectors (m, d) their classes (m,), confidence (m,) and probabilities (m, C)."""
        # One class per line: reductions over classes then run along whole cache lines of images.
        weights = self._there(np.ascontiguousarray(fit.weights.T))
        bias = self._there(np.ascontiguousarray(fit.bias)).unsqueeze(1)
        told = self._told()

        def shares(vectors: torch.Tensor) -> tuple[torch.Tensor, ...]:
            scores = torch.mm(weights, vectors.T)
            scores += bias
            return told(scores, scores)

        return shares

    def _told(self) -> Callable[[torch.Tensor, torch.Tensor], tuple[torch.Tensor, ...]]:
        """What tells of scores (C, m) classes (m,), confidence (m,) and probabilities (m, C): the last are
        worked out in its second argument (C, m), which may be the first.
        """
        # Ascending, and whole numbers that float32 holds.
        classes = self._there(self.classes.astype(np.float32)).unsqueeze(1)

        def told(scores: torch.Tensor, into: torch.Tensor) -> tuple[torch.Tensor, ...]:
            torch.sub(scores, scores.amax(dim=0), out=into)
            # The winner's score is now 0, all others lie below: its class is the least of these sums. (The
            # argmax of torch takes three times as long.)
            winner = torch.add(classes, into, alpha=-1e30).amin(dim=0)
            into.exp_()
            share = into.sum(dim=0).reciprocal_()
            return winner.to(torch.int32), share, into.mul_(share).T

        return told

    def glimpse(self, at: NDArray[np.int64]) -> Glimpse | None:
        """See `Glimpsing.glimpse`."""
        if self.fit is None or self._card is not None:
            return None
        shares = self._shares(self.fit)
        vectors, places = self._glimpsed.find(at, lambda work, n: self._each(work, GLIMPSED_CHUNK, n))
        class_id, confidence = np.empty(len(vectors), np.int32), np.empty(len(vectors), np.float32)
        ids, top = torch.from_numpy(class_id), torch.from_numpy(confidence)

        def work(start: int, stop: int) -> None:
            ids[start:stop], top[start:stop], _ = shares(vectors[start:stop])

        self._each(work, GLIMPSED_CHUNK, len(vectors))
        return self._blank_glimpse(at, class_id[places], confidence[places])

    def predict(
        self, buffers: Buffers | None = None, check: Callable[[], None] = lambda: None
    ) -> LivePrediction | None:
        """Predict all images; see `LiveClassifier.predict`."""
        if self.fit is None:
            return None
        began = time.perf_counter()
        n_classes = len(self.classes)
        class_id, confidence, probabilities = (buffers or self._new_arrays)(n_classes, self._card is None)
        running = self._running_scores(n_classes)
        if running is not None:
            self._predict_running(running, self.fit, (class_id, confidence, probabilities), check)
        else:
            self._predict_exactly(self.fit, (class_id, confidence, probabilities), check)
        took = 1e3 * (time.perf_counter() - began)
        return self._blank(
            LivePrediction(class_id, confidence, probabilities, self.classes, self.fit_ms, took)
        )

    def _running_scores(self, n_classes: int) -> RunningScores | None:
        """Scores that follow the weights, where that is quicker here."""
        if not self._tried:
            self._tried = True
            kind = quickest(self._images, n_classes) if self._card is None else None
            if kind is not None:
                self._running = RunningScores(self._images, kind)
        return self._running

    def _predict_exactly(self, fit: Fit, arrays: _Arrays, check: Callable[[], None]) -> None:
        shares, answer = self._shares(fit), _Answer(*arrays, self._card)

        def work(start: int, stop: int) -> None:
            check()
            answer.put(start, stop, *shares(self._images[start:stop]))

        self._each(work)
        answer.finish()

    def _predict_running(
        self, running: RunningScores, fit: Fit, arrays: _Arrays, check: Callable[[], None]
    ) -> None:
        told, (ids, top, shares) = self._told(), map(torch.from_numpy, arrays)

        def each(start: int, stop: int, scores: torch.Tensor) -> None:
            # The probabilities are laid out class after class: they are worked out where they are wanted.
            ids[start:stop], top[start:stop], _ = told(scores, shares.T[:, start:stop])

        def spread(work: Callable[[Any], None], pieces: Iterable[Any]) -> None:
            for_each(pieces, self.threads, work)

        running.begin(self.classes)
        running.all(fit.theta, each, spread, check)


@dataclass(frozen=True)
class _Ballot:
    """How the votes of neighbours are counted: `classes` (C,), their `names` on the device, the class number
    of each slot in `table`, and the weight of a vote for each class.
    """

    classes: NDArray[np.int32]
    names: torch.Tensor
    table: torch.Tensor
    per_class: torch.Tensor

    def count(
        self, slot: torch.Tensor, weight: torch.Tensor, votes: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Classes (m,), confidence (m,) and probabilities (m, C) of neighbours in `slot` (m, k) with `weight`
        (m, k); `votes` (m, C) are zeros, and become the probabilities.
        """
        votes.scatter_add_(1, self.table[slot], weight)
        votes *= self.per_class
        votes /= votes.sum(dim=1, keepdim=True)
        top, winner = votes.max(dim=1)
        return self.names[winner], top, votes


class LiveKNN(_Live):
    """Similarity-weighted votes of the nearest labelled images; see `formulas.knn_probabilities`.

    For every image the weights of its k nearest labels are kept, together with the slot of each label, in no
    particular order. A new label costs one product of the images with a vector, and a look at the images to
    which it is nearer than their k-th; a relabelled image only changes the class of its slot; after a removal
    the images that had the label among their nearest look for a new one among all labels.
    """

    def __init__(
        self,
        X: NDArray[np.float32],
        present: NDArray[np.bool_] | None = None,
        *,
        k: int = formulas.KNN_K,
        temperature: float = formulas.KNN_TEMPERATURE,
        balanced: bool = True,
        threads: int | None = None,
        card: Card | None = None,
    ) -> None:
        super().__init__(X, present, threads, card)
        self.temperature = temperature
        self.balanced = balanced
        self._rows = np.empty(0, np.int64)  # labelled rows, ascending
        self._slots = np.empty(0, np.int64)  # the slot of each of them
        self._class_of_slot = np.full(64, NO_CLASS, np.int32)
        # Labels that the images do not know of yet: (rows, slots), in the order in which they came.
        self._pending: list[tuple[NDArray[np.int64], NDArray[np.int64]]] = []
        self._allocate(k)

    def _allocate(self, k: int) -> None:
        self.k = k
        # An empty place has weight 0, less than any label's, so that filling up and replacing are the same.
        self._weight = torch.zeros(self.n, k, device=self.device)
        self._slot = torch.zeros(self.n, k, dtype=torch.int32, device=self.device)
        self._least = torch.zeros(self.n, device=self.device)
        self._least_at = torch.zeros(self.n, dtype=torch.int64, device=self.device)

    def set_k(self, k: int) -> None:
        """Let `k` neighbours vote from now on; `ValueError` below 1."""
        if k < 1:
            raise ValueError("k must be at least 1")
        if k == self.k:
            return
        self._settle()
        if k < self.k:
            self._weight, kept = self._weight.topk(k, dim=1)
            self._slot = self._slot.gather(1, kept)
            self._least, self._least_at = self._weight.min(dim=1)
            self.k = k
        else:
            self._allocate(k)
            self._add(self._rows, self._slots)

    def set_labels(
        self,
        rows: NDArray[np.integer[Any]],
        class_ids: NDArray[np.integer[Any]],
        nearly: Callable[[], None] = lambda: None,
    ) -> bool:
        """Follow the labels; see `Glimpsing.set_labels`."""
        began = time.perf_counter()
        rows, ids = self._usable(rows, class_ids)
        order = np.argsort(rows)
        rows, ids = rows[order], ids[order]
        gone = ~np.isin(self._rows, rows, assume_unique=True)
        freed = self._slots[gone]
        if len(freed):
            self._settle()
        self._class_of_slot[freed] = NO_CLASS
        self._rows, self._slots = self._rows[~gone], self._slots[~gone]
        new = ~np.isin(rows, self._rows, assume_unique=True)
        if len(freed):
            self._remove(freed)
        slots = np.empty(len(rows), np.int64)
        slots[~new] = self._slots
        slots[new] = self._free_slots(int(new.sum()))
        self._rows, self._slots = rows, slots
        self._class_of_slot[slots] = ids
        if new.any():
            self._pending.append((rows[new], slots[new]))
        self.fit_ms = 1e3 * (time.perf_counter() - began)
        there = len(np.unique(ids)) >= 2
        if there:
            nearly()
        return there

    def _settle(self) -> None:
        """Let all images know of the labels that wait."""
        while self._pending:
            self._add(*self._pending.pop(0))

    def _free_slots(self, n: int) -> NDArray[np.int64]:
        taken = np.zeros(len(self._class_of_slot), bool)
        taken[self._slots] = True
        short = n - int((~taken).sum())
        if short > 0:
            more = max(short, len(taken))
            self._class_of_slot = np.append(self._class_of_slot, np.full(more, NO_CLASS, np.int32))
            taken = np.append(taken, np.zeros(more, bool))
        return np.flatnonzero(~taken)[:n]

    def _add(self, rows: NDArray[np.int64], slots: NDArray[np.int64]) -> None:
        """Let the images know of labels on `rows`, in blocks that keep the similarities of a slice small."""
        for start in range(0, len(rows), 256):
            block = rows[start : start + 256], slots[start : start + 256]
            if len(block[0]) <= 4:
                for row, slot in zip(*block, strict=True):
                    self._add_one(int(row), int(slot))
            else:
                self._add_many(*block)

    def _add_one(self, row: int, slot: int) -> None:
        vector = self._images[row].clone()

        def work(start: int, stop: int) -> None:
            weight = self._votes(torch.mv(self._images[start:stop], vector))
            nearer = (weight > self._least[start:stop]).nonzero().squeeze(1)
            at = nearer + start
            column = self._least_at[at]
            self._weight[at, column] = weight[nearer]
            self._slot[at, column] = slot
            self._least[at], self._least_at[at] = self._weight[at].min(dim=1)

        self._each(work)

    def _add_many(self, rows: NDArray[np.int64], slots: NDArray[np.int64]) -> None:
        vectors = self._images[self._there(rows)].T.contiguous()
        numbers = self._there(slots.astype(np.int32))

        def work(start: int, stop: int) -> None:
            weight = self._votes(torch.mm(self._images[start:stop], vectors))
            both = torch.cat([self._weight[start:stop], weight], dim=1)
            names = torch.cat([self._slot[start:stop], numbers.expand(stop - start, -1)], dim=1)
            self._keep(slice(start, stop), both, names)

        self._each(work, 2048)

    def _remove(self, freed: NDArray[np.int64]) -> None:
        """Refill the places of labels that are gone, from all labels that remain (`_rows`, `_slots`)."""
        is_gone = torch.zeros(len(self._class_of_slot), dtype=torch.bool, device=self.device)
        is_gone[self._there(freed)] = True
        numbers = self._there(self._slots.astype(np.int32))
        vectors = self._images[self._there(self._rows)].T.contiguous()

        def work(start: int, stop: int) -> None:
            affected = is_gone[self._slot[start:stop].long()] & (self._weight[start:stop] > 0)
            at = affected.any(dim=1).nonzero().squeeze(1) + start
            if len(at) == 0:
                return
            weight = self._votes(torch.mm(self._images[at], vectors))
            missing = self.k - weight.shape[1]
            names = numbers.expand(len(at), -1)
            if missing > 0:
                weight = torch.nn.functional.pad(weight, (0, missing))
                names = torch.nn.functional.pad(names, (0, missing))
            self._keep(at, weight, names)

        self._each(work, 2048)

    def _keep(self, at: slice | torch.Tensor, weight: torch.Tensor, names: torch.Tensor) -> None:
        """Store the k largest of each line."""
        best, chosen = weight.topk(self.k, dim=1, sorted=False)
        self._weight[at] = best
        self._slot[at] = names.gather(1, chosen)
        self._least[at], self._least_at[at] = best.min(dim=1)

    def _votes(self, similarity: torch.Tensor) -> torch.Tensor:
        return similarity.sub_(1).div_(self.temperature).exp_()

    def _ballot(self) -> _Ballot | None:
        """How votes are counted now; None below two classes."""
        ids = self._class_of_slot[self._slots]
        classes, counts = np.unique(ids, return_counts=True)
        if len(classes) < 2:
            return None
        per_class = (1 / counts if self.balanced else np.ones(len(classes))).astype(np.float32)
        table = np.searchsorted(classes, self._class_of_slot).clip(0, len(classes) - 1)
        return _Ballot(classes, self._there(classes), self._there(table), self._there(per_class))

    def glimpse(self, at: NDArray[np.int64]) -> Glimpse | None:
        """See `Glimpsing.glimpse`; labels that wait are reckoned with, and go on waiting."""
        ballot = self._ballot()
        slots = np.concatenate([slots for _, slots in self._pending] or [np.empty(0, np.int64)])
        if ballot is None or self._card is not None or len(slots) > MOST_NEW:
            return None
        added = np.concatenate([rows for rows, _ in self._pending] or [np.empty(0, np.int64)])
        vectors = self._images[torch.from_numpy(added)].T.contiguous()
        numbers, rows = torch.from_numpy(slots.astype(np.int32)), torch.from_numpy(at)
        class_id, confidence = np.empty(len(at), np.int32), np.empty(len(at), np.float32)
        ids, top = torch.from_numpy(class_id), torch.from_numpy(confidence)

        def work(start: int, stop: int) -> None:
            chosen = rows[start:stop]
            weight, slot = self._weight[chosen], self._slot[chosen]
            if len(added):
                nearer = self._votes(torch.mm(self._images[chosen], vectors))
                weight, kept = torch.cat([weight, nearer], dim=1).topk(self.k, dim=1, sorted=False)
                slot = torch.cat([slot, numbers.expand(len(chosen), -1)], dim=1).gather(1, kept)
            votes = torch.zeros(len(chosen), len(ballot.classes))
            ids[start:stop], top[start:stop], _ = ballot.count(slot, weight, votes)

        self._each(work, GLIMPSED_CHUNK, len(at))
        return self._blank_glimpse(at, class_id, confidence)

    def predict(
        self, buffers: Buffers | None = None, check: Callable[[], None] = lambda: None
    ) -> LivePrediction | None:
        """Predict all images; see `LiveClassifier.predict`."""
        began = time.perf_counter()
        ballot = self._ballot()
        if ballot is None:
            return None
        self._settle()
        n_classes = len(ballot.classes)
        class_id, confidence, probabilities = (buffers or self._new_arrays)(n_classes, False)
        answer = _Answer(class_id, confidence, probabilities, self._card)

        def work(start: int, stop: int) -> None:
            check()
            votes = answer.votes(start, stop)
            answer.put(start, stop, *ballot.count(self._slot[start:stop], self._weight[start:stop], votes))

        self._each(work, 4096)
        answer.finish()
        took = 1e3 * (time.perf_counter() - began)
        return self._blank(
            LivePrediction(class_id, confidence, probabilities, ballot.classes, self.fit_ms, took)
        )
