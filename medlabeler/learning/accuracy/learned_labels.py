"""Cross-validation where the embedding itself has learned from the labels.

A sharpened backbone has seen the class of every image it learned from: leaving that image out of the
classifier only would still measure what was memorised. Honest values are there (a) where the whole sharpening
was done again without a part of the labels, whole groups and near-duplicates staying together, and (b) for
labels given afterwards, whose group the sharpening did not see either.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.words import count

NOTHING_HONEST = tr(
    "This image model has learned from these labels, so a cross-validation on them would look too good and is"
    " not shown. It can be measured by sharpening again without a part of the labels (Sharpen with my labels,"
    " with measuring), on a test set, or on labels that you give from now on."
)


@dataclass(frozen=True)
class LearnedLabels:
    """What an embedding knows of n labelled images.

    `used` bool (n,): the backbone learned from the image's label. `fold` int64 (n,): which of the further
    sharpenings left it out together with its block, -1 none. `views`: for each of these sharpenings its
    prepared vectors float32 (n, d), rows of nan where they were not computed. `blocks` int64 (n,): what must
    not be torn apart, told by an embedding that has seen no label.
    """

    used: NDArray[np.bool_]
    fold: NDArray[np.int64]
    views: tuple[NDArray[np.float32], ...]
    blocks: NDArray[np.int64]

    def of(self, rows: NDArray[np.integer[Any]] | NDArray[np.bool_]) -> LearnedLabels:
        """The same of some of the images."""
        return LearnedLabels(
            self.used[rows], self.fold[rows], tuple(v[rows] for v in self.views), self.blocks[rows]
        )

    @property
    def measured(self) -> NDArray[np.bool_]:
        """Images (n,) that one of the further sharpenings left out with all that belongs to them."""
        found = self.used & (self.fold >= 0)
        for block in np.unique(self.blocks[found]):
            inside = self.blocks == block
            # Groups may have become known since: an image whose block was torn apart is not judged.
            if len(np.unique(self.fold[inside & self.used])) > 1:
                found &= ~inside
        return found

    @property
    def afterwards(self) -> NDArray[np.bool_]:
        """Images (n,) labelled since, of no block that the sharpening saw a label of."""
        return ~self.used & ~np.isin(self.blocks, self.blocks[self.used])

    def sentence(self, scored: NDArray[np.integer[Any]]) -> str:
        """What the figure on the images `scored` (m,) was measured by."""
        left_out, since = int(self.used[scored].sum()), int((~self.used[scored]).sum())
        facts = {
            "left_out": count(left_out, "label"),
            "since": count(since, "label"),
            "parts": len(self.views),
        }
        if not since:
            return tr(
                "The image model learned from labels; measured on {left_out} by {parts} further sharpenings,"
                " each without a part of them: with fewer labels, so this says rather too little.",
                **facts,
            )
        if not left_out:
            return tr(
                "The image model learned from labels; measured on {since} given after the sharpening.",
                **facts,
            )
        return tr(
            "The image model learned from labels; measured on {left_out} by {parts} further sharpenings, each"
            " without a part of them (with fewer labels, so this says rather too little), and on {since}"
            " given after the sharpening.",
            **facts,
        )


def splits(
    learned: LearnedLabels,
    codes: NDArray[np.int64],
    judged: NDArray[np.bool_],
    deal: Callable[[NDArray[np.int64]], NDArray[np.int64]],
) -> list[tuple[NDArray[np.int64], NDArray[np.int64], int | None]]:
    """(train, out, view) for each honest fold: indices that train, indices that are judged, and in which of
    `learned.views` (None: the embedding itself).

    `codes` class codes (n,); `judged` bool (n,) which may be left out; `deal(indices)` gives folds (m,) to
    the images labelled afterwards.
    """
    found: list[tuple[NDArray[np.int64], NDArray[np.int64], int | None]] = []
    measured = learned.measured & judged
    for k, view in enumerate(learned.views):
        there = ~np.isnan(view[:, 0])
        out = np.flatnonzero(measured & there & (learned.fold == k))
        # In this view only labels it may have seen, and none of the others, teach the classifier.
        train = np.flatnonzero(learned.used & there & (learned.fold != k))
        train = train[~np.isin(learned.blocks[train], learned.blocks[out])]
        found.append((train, out, k))
    since = np.flatnonzero(learned.afterwards & judged)
    if len(since):
        dealt = deal(since)
        for k in range(int(dealt.max()) + 1):
            out = since[dealt == k]
            train = np.flatnonzero(~np.isin(learned.blocks, learned.blocks[out]))
            found.append((train, out, None))
    return [(train, out, k) for train, out, k in found if len(out) and len(np.unique(codes[train])) > 1]
