"""What an embedding in a project has learned of the labels, for everyone who would cross-validate on them."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.learning.accuracy.learned_labels import LearnedLabels
from medlabeler.learning.accuracy.resampling import own_groups
from medlabeler.project.pretraining_runs import read_left_out
from medlabeler.project.vectors import VectorStore


def learned_labels(
    store: VectorStore,
    key: str,
    digests: NDArray[np.bytes_],
    groups: NDArray[np.integer[Any]] | None,
) -> LearnedLabels | None:
    """What embedding `key` knows of labelled images with `digests` S64 (n,) and `groups` (n,), -1 none; None
    for an embedding that has seen no label.

    Where the list of its labels is lost it counts as having seen all of them.
    """
    run = store.info(key).sharpened
    if not run:
        return None
    n, seen = len(digests), store.learned(key)
    used = np.ones(n, np.bool_) if seen is None else np.isin(digests, seen)
    parts = read_left_out(store.folder.parent, run)
    fold = np.full(n, -1, np.int64)
    views: list[NDArray[np.float32]] = []
    blocks = own_groups(groups, n)
    twin = np.arange(n)  # the first image that near-duplicates of an image are tied to
    order = np.argsort(digests)
    for number, part in enumerate(parts):
        at = order[np.minimum(np.searchsorted(digests, part.digests, sorter=order), n - 1)] if n else order
        here = np.flatnonzero(digests[at] == part.digests) if n else order
        view = np.full((n, part.vectors.shape[1]), np.nan, np.float32)
        view[at[here]] = part.vectors[here]
        views.append(view)
        left_out = here[part.fold[here] == number]
        fold[at[left_out]] = number
        for block in np.unique(part.blocks[here]):
            same = at[here[part.blocks[here] == block]]
            twin[same] = same.min()
    if parts:
        from medlabeler.learning.curves.backbone_comparison import joined_blocks

        blocks = joined_blocks(n, [blocks, twin])
    return LearnedLabels(used, fold, tuple(views), blocks)


def refuse_learned(store: VectorStore, key: str, what: str) -> None:
    """`UserError` if embedding `key` has learned from labels, for `what` would flatter it."""
    info = store.info(key)
    if info.sharpened:
        raise UserError(
            tr(
                "{title} has learned from labels, so {what} would flatter it. What it brought was measured"
                " with its sharpening (medlabeler finetune --status, run {run}).",
                title=shown_name(info.title),
                what=what,
                run=info.sharpened,
            )
        )
