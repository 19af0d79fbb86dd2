"""A page of the grid: what was shown about each image, and what a person says about it. No Qt.

A page is a snapshot: later predictions change nothing in it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.open_project.decide import Said, Shown
from medlabeler.open_project.state import OpenProjectState, Rows


def undecided(opened: OpenProjectState, low: float = 0.0) -> Rows:
    """Images of the pool nobody decided about, predicted with a confidence of `low` (0..1) or more; with a
    `low` of 0 also those without a prediction.
    """
    # Not opened.kind: an image that is asked again only looks undecided.
    waiting = (opened.project.labels.kind == LabelKind.CLEAR) & (opened.split == Split.POOL)
    if low > 0:
        waiting &= opened.confidence >= low
    return np.flatnonzero(waiting)


def in_order(opened: OpenProjectState, rows: Rows, *, surest: bool) -> Rows:
    """`rows` by predicted class in the order of the classes, within each by confidence; those without a
    prediction last.
    """
    prediction, sure = opened.prediction[rows], opened.confidence[rows]
    place = np.full(len(rows), len(opened.classes), np.int64)
    for position, definition in enumerate(opened.classes):
        place[prediction == definition.id] = position
    return rows[np.lexsort((-sure if surest else sure, place))]


class Page:
    """Images side by side: the unmarked are confirmed, marked ones are left out or given another class.

    Arrays (m,) over the places of the page: `rows` int64, `shown_class` int32, `shown_confidence` float32,
    `marked` bool, `kind` uint8 (the LabelKind given to a marked image, CLEAR for none), `given` int32, its
    class.
    """

    def __init__(self, opened: OpenProjectState, rows: Rows) -> None:
        self.rows = rows
        self.shown_class = opened.prediction[rows].copy()
        self.shown_confidence = opened.confidence[rows].copy()
        self.model_revision = opened.shown_revision
        self.marked = np.zeros(len(rows), np.bool_)
        self.kind = np.zeros(len(rows), np.uint8)
        self.given = np.full(len(rows), NO_CLASS, np.int32)
        self.as_class: int | None = None
        """The class all are confirmed as; None: each as it was predicted."""
        self.seen = 0
        """Places from the first on that were on screen; what was not seen is never confirmed."""

    def starts(self) -> list[int]:
        """Where each group of one predicted class begins."""
        changes = np.flatnonzero(np.diff(self.shown_class)) + 1
        return [0, *changes.tolist()] if len(self.rows) else []

    def becomes(self) -> NDArray[np.int32]:
        """The class each place is confirmed as, NO_CLASS where there is none."""
        if self.as_class is None:
            return self.shown_class
        return np.full(len(self.rows), self.as_class, np.int32)

    def mark(self, places: NDArray[np.int64] | list[int], on: bool) -> None:
        """Mark as wrong, or take the mark and what was given away again."""
        self.marked[places] = on
        if not on:
            self.kind[places] = LabelKind.CLEAR
            self.given[places] = NO_CLASS

    def give(self, places: NDArray[np.int64] | list[int], kind: LabelKind, class_id: int = NO_CLASS) -> None:
        """Say what images are; one that is what it would be confirmed as is simply not marked."""
        places = np.asarray(places, np.int64)
        self.marked[places] = True
        self.kind[places] = kind
        self.given[places] = class_id
        if kind == LabelKind.LABEL:
            self.mark(places[self.becomes()[places] == class_id], False)

    def waiting(self, opened: OpenProjectState) -> NDArray[np.bool_]:
        """Places that can still be decided here: not decided elsewhere meanwhile."""
        kind = opened.project.labels.kind[self.rows]
        waits: NDArray[np.bool_] = (kind == LabelKind.CLEAR) & (opened.split[self.rows] == Split.POOL)
        return waits

    def confirmed(self, opened: OpenProjectState) -> NDArray[np.int64]:
        """Places that confirming would label as they are shown."""
        seen = np.arange(len(self.rows)) < self.seen
        return np.flatnonzero(seen & ~self.marked & self.waiting(opened) & (self.becomes() != NO_CLASS))

    def corrected(self, opened: OpenProjectState) -> NDArray[np.int64]:
        """Marked places that were given a class or another word."""
        return np.flatnonzero(self.marked & (self.kind != LabelKind.CLEAR) & self.waiting(opened))

    def left_out(self, opened: OpenProjectState) -> int:
        """How many are marked and nothing else."""
        return int((self.marked & (self.kind == LabelKind.CLEAR) & self.waiting(opened)).sum())

    def decision(
        self, opened: OpenProjectState, named: Callable[[int], str], *, corrections_only: bool = False
    ) -> Said:
        """What confirming the page now says; `named`: see `Said`. `corrections_only`: not of the rest."""
        right, wrong = self.confirmed(opened), self.corrected(opened)
        if corrections_only:
            right = right[:0]
        places = np.concatenate([right, wrong])
        kinds = np.full(len(places), int(LabelKind.LABEL), np.uint8)
        kinds[len(right) :] = self.kind[wrong]
        return Said(
            self.rows[places],
            kinds,
            np.concatenate([self.becomes()[right], self.given[wrong]]),
            LabelSource.BULK,
            Shown(self.shown_class[places], self.shown_confidence[places], self.model_revision),
            n_confirmed=len(right),
            named=named,
        )
