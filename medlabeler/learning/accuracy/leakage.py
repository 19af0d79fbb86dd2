"""What must not be on both sides of the split, and whether it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, Split

Kind = Literal["group", "test label", "preparation", "same pixels", "look alike", "close embedding"]

HASH_BITS = 64
ALIKE_BITS = 10
"""Perceptual hashes that differ in no more bits make two images candidates."""
ALIKE_CORRELATION = 0.97
"""Candidates whose small grey pictures correlate at least so much look alike. Recompressed, halved and
brightened cells keep 0.988 or more; among 7,000 real cells two pairs across the split come that close."""
CLOSE = 0.8
"""Cosine similarity of prepared embeddings from which two images are suspected to show the same.

Measured with `shaping.Shaping` on real cells: a crop shifted by 4 % or a mirrored image keeps 0.69 to 0.95,
half of them more than 0.8; 99 % of the images have no other with more than 0.74."""

_SMALL = 16
_CHUNK = 512


@dataclass(frozen=True)
class Leak:
    """One finding: a test image `test_row`, and what it shares with `pool_row` (-1 where no pair is meant).

    `strength` is the correlation or similarity in 0..1, 1 for facts; `sentence` says it to a person.
    """

    kind: Kind
    test_row: int
    pool_row: int
    strength: float
    sentence: str


def group_leaks(
    split: NDArray[np.uint8], groups: NDArray[np.integer[Any]], names: Sequence[str]
) -> list[Leak]:
    """Groups (codes (n,), -1 none) with images on both sides, one leak each."""
    groups = np.asarray(groups)
    test, pool = (split == Split.TEST) & (groups >= 0), (split == Split.POOL) & (groups >= 0)
    both = np.intersect1d(groups[test], groups[pool])
    return [
        Leak(
            "group",
            int(np.flatnonzero(test & (groups == g))[0]),
            int(np.flatnonzero(pool & (groups == g))[0]),
            1.0,
            tr("Group {names} has images in the test set and among the training images.", names=names[g]),
        )
        for g in both
    ]


def training_leaks(split: NDArray[np.uint8], trained_rows: NDArray[np.integer[Any]]) -> list[Leak]:
    """Test images whose label a classifier was trained on."""
    rows = np.asarray(trained_rows, np.int64)
    return [
        Leak("test label", int(row), -1, 1.0, tr("The label of a test image was used for training."))
        for row in rows[split[rows] == Split.TEST]
    ]


def shaping_leaks(split: NDArray[np.uint8], fitted_rows: NDArray[np.integer[Any]]) -> list[Leak]:
    """Test images that shaped the space they are judged in, see `shaping.Shaping`."""
    rows = np.asarray(fitted_rows, np.int64)
    return [
        Leak(
            "preparation",
            int(row),
            -1,
            1.0,
            tr("A test image was among those that the scales of the vectors were set by."),
        )
        for row in rows[split[rows] == Split.TEST]
    ]


def small_grey(pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A picture (h, w, 3) uint8 as 16 x 16 grey means, float32 (256,): what looking alike is judged by."""
    grey = pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)
    rows = np.linspace(0, grey.shape[0], _SMALL + 1).astype(int)
    columns = np.linspace(0, grey.shape[1], _SMALL + 1).astype(int)
    sums = np.zeros((grey.shape[0] + 1, grey.shape[1] + 1))
    sums[1:, 1:] = grey.cumsum(axis=0, dtype=np.float64).cumsum(axis=1)
    # Pictures smaller than the grid repeat pixels instead of having empty cells.
    low_r, high_r = rows[:-1], np.maximum(rows[1:], rows[:-1] + 1)
    low_c, high_c = columns[:-1], np.maximum(columns[1:], columns[:-1] + 1)
    area = (high_r - low_r)[:, None] * (high_c - low_c)[None, :]
    total = sums[np.ix_(high_r, high_c)] - sums[np.ix_(low_r, high_c)]
    total += sums[np.ix_(low_r, low_c)] - sums[np.ix_(high_r, low_c)]
    return np.asarray((total / area).astype(np.float32).ravel())


def perceptual_hash(small: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Hashes uint64 (n,) of `small_grey` rows (n, 256), which survive recompression and brightening.

    One bit for each of the lowest cosine frequencies but the mean: above their median or not (Zauner 2010).
    """
    k = np.arange(_SMALL)
    basis = np.cos(np.pi * (k[None, :] + 0.5) * np.arange(9)[:, None] / _SMALL)
    low = np.einsum("ui,nij,vj->nuv", basis, small.reshape(-1, _SMALL, _SMALL).astype(np.float64), basis)
    terms = low.reshape(len(low), -1)[:, 1 : HASH_BITS + 1]
    bits = terms > np.median(terms, axis=1, keepdims=True)
    return np.asarray(
        (bits.astype(np.uint64) << np.arange(HASH_BITS, dtype=np.uint64)).sum(axis=1, dtype=np.uint64)
    )


def pixel_leaks(
    split: NDArray[np.uint8], digests: NDArray[Any], small: NDArray[np.float32] | None = None
) -> list[Leak]:
    """Pairs across the split with the same file or pixel digest (n,), or, given `small_grey` rows (n, 256),
    that look alike, also when turned by quarters or mirrored; the best partner of each test image only.
    """
    test, pool = np.flatnonzero(split == Split.TEST), np.flatnonzero(split == Split.POOL)
    first = {
        digest: row for row, digest in zip(pool[::-1].tolist(), digests[pool][::-1].tolist(), strict=True)
    }
    leaks = [
        Leak(
            "same pixels",
            row,
            first[digest],
            1.0,
            tr("A test image is also among the training images, pixel for pixel."),
        )
        for row, digest in zip(test.tolist(), digests[test].tolist(), strict=True)
        if digest in first
    ]
    if small is None or len(pool) == 0:
        return leaks
    known = {leak.test_row for leak in leaks}
    hashes = perceptual_hash(small[pool])
    unit = _unit(small - small.mean(axis=1, keepdims=True))
    for row in test.tolist():
        if row in known:
            continue
        turned = symmetries(unit[row])
        bits = np.bitwise_count(hashes[:, None] ^ perceptual_hash(turned)[None, :])
        near, how = np.nonzero(bits <= ALIKE_BITS)
        if len(near):
            correlation = np.einsum("ij,ij->i", unit[pool[near]], turned[how])
            best = int(correlation.argmax())
            if correlation[best] >= ALIKE_CORRELATION:
                value = min(float(correlation[best]), 1.0)
                sentence = tr("A test image looks like a training image") + (
                    tr(", turned or mirrored.") if how[best] else "."
                )
                leaks.append(Leak("look alike", row, int(pool[near[best]]), value, sentence))
    return leaks


def symmetries(small: NDArray[np.float32]) -> NDArray[np.float32]:
    """The eight ways to turn and mirror a `small_grey` picture (256,), float32 (8, 256), as it is first."""
    square = small.reshape(_SMALL, _SMALL)
    turned = [np.rot90(square, quarter) for quarter in range(4)]
    return np.stack([picture.ravel() for base in turned for picture in (base, base[:, ::-1])])


def embedding_leaks(
    split: NDArray[np.uint8], X: NDArray[np.floating[Any]], threshold: float = CLOSE
) -> list[Leak]:
    """Test images whose nearest pool image by cosine similarity of X (n, d) reaches `threshold`.

    X should be prepared by the pool (`shaping.Shaping.prepare`): raw embeddings are all alike.
    Rows of zeros have no embedding and match nothing.
    """
    test, pool = np.flatnonzero(split == Split.TEST), np.flatnonzero(split == Split.POOL)
    if len(test) == 0 or len(pool) == 0:
        return []
    best, partner = np.full(len(test), -1.0), np.zeros(len(test), np.int64)
    for start in range(0, len(test), _CHUNK):
        A = _unit(X[test[start : start + _CHUNK]])
        part = slice(start, start + len(A))
        for from_ in range(0, len(pool), 16 * _CHUNK):
            similarity = A @ _unit(X[pool[from_ : from_ + 16 * _CHUNK]]).T
            top = similarity.argmax(axis=1)
            value = similarity[np.arange(len(A)), top]
            better = value > best[part]
            best[part] = np.where(better, value, best[part])
            partner[part] = np.where(better, pool[from_ + top], partner[part])
    return [
        Leak(
            "close embedding",
            int(test[i]),
            int(partner[i]),
            float(min(best[i], 1.0)),
            tr("The image model hardly tells a test image from a training image."),
        )
        for i in np.flatnonzero(best >= threshold)
    ]


def rows_to_move(
    leaks: Sequence[Leak], split: NDArray[np.uint8], groups: NDArray[np.integer[Any]], to: Split
) -> NDArray[np.int64]:
    """Rows that must change to `to` so that no pair of `leaks` is left across the split, whole groups with
    them: for `TEST` the pool partners, for `POOL` the test images. Test images that have been looked at
    should go nowhere; that is the caller's rule.
    """
    groups = np.asarray(groups)
    rows = {leak.pool_row if to == Split.TEST else leak.test_row for leak in leaks} - {-1}
    moved = np.zeros(len(split), bool)
    moved[sorted(rows)] = True
    codes = np.unique(groups[moved & (groups >= 0)])
    moved |= np.isin(groups, codes) & (groups >= 0)
    return np.flatnonzero(moved & (split != to)).astype(np.int64)


def near_duplicate_blocks(
    n: int, pairs: Sequence[tuple[int, int]], groups: NDArray[np.integer[Any]] | None = None
) -> NDArray[np.int64]:
    """Block codes (n,) so that images of a group, and near-duplicate `pairs`, share one: folds are made of
    blocks, not of images.
    """
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    codes = np.full(n, NO_CLASS) if groups is None else np.asarray(groups, np.int64)
    grouped = np.flatnonzero(codes >= 0)
    first = {
        code: row for row, code in zip(grouped[::-1].tolist(), codes[grouped][::-1].tolist(), strict=True)
    }
    links = [(row, first[code]) for row, code in zip(grouped.tolist(), codes[grouped].tolist(), strict=True)]
    links += list(pairs)
    a = np.array([x for x, _ in links], np.int64)
    b = np.array([y for _, y in links], np.int64)
    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(n, n))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int64)


def _unit(X: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    part = np.asarray(X, np.float32)
    norm = np.linalg.norm(part, axis=1, keepdims=True)
    return np.asarray(part / np.where(norm > 0, norm, 1), np.float32)
