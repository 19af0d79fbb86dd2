"""What can be seen of a run while it goes on: the accuracy of a simple classifier, and a map of a sample."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

NEIGHBOURS = 5


def knn_accuracy(embeddings: NDArray[np.float32], codes: NDArray[np.integer[Any]]) -> float | None:
    """Balanced accuracy of a vote of the 5 nearest of the other images, by cosine: leave one out.

    `embeddings` (n, d), `codes` (n,) the classes of the labels so far. Classes with one label are left out;
    None below two classes. It compares moments of one run; it is no honest accuracy of a classifier.
    """
    counts = np.bincount(codes) if len(codes) else np.zeros(0, np.int64)
    keep = np.isin(codes, np.flatnonzero(counts >= 2))
    x, y = embeddings[keep].astype(np.float64), codes[keep]
    classes, y = np.unique(y, return_inverse=True)
    if len(classes) < 2:
        return None
    x = x - x.mean(axis=0)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    similarity = x @ x.T
    np.fill_diagonal(similarity, -np.inf)
    k = min(NEIGHBOURS, len(y) - 1)
    nearest = np.argsort(-similarity, axis=1, kind="stable")[:, :k]
    votes = np.zeros((len(y), len(classes)))
    # A vote counts by its class's rarity, and a little by nearness, which breaks ties.
    weight = 1 / np.bincount(y)
    for place in range(k):
        chosen = nearest[:, place]
        votes[np.arange(len(y)), y[chosen]] += weight[y[chosen]] * (1 - 1e-3 * place)
    right = votes.argmax(axis=1) == y
    return float(np.mean([right[y == c].mean() for c in range(len(classes))]))


def flat_map(embeddings: NDArray[np.float32], like: NDArray[np.float32] | None = None) -> NDArray[np.float32]:
    """The two principal components (n, 2) of the embeddings' directions, at most 1 from the middle.

    Turned and mirrored to lie as near as can be to the map `like`, so that points move by what changed.
    """
    x = embeddings.astype(np.float64)
    x /= np.maximum(np.linalg.norm(x, axis=1, keepdims=True), 1e-12)
    x -= x.mean(axis=0)
    u, s, _ = np.linalg.svd(x, full_matrices=False)
    coords = np.zeros((len(x), 2))
    coords[:, : min(2, len(s))] = (u * s)[:, :2]
    coords /= max(float(np.abs(coords).max(initial=0)), 1e-12)
    if like is not None and like.shape == coords.shape:
        a, _, b = np.linalg.svd(coords.T @ like.astype(np.float64))
        coords = coords @ (a @ b)
    return coords.astype(np.float32)
