"""What deserves a second look: doubtful labels, outliers, duplicates whose labels differ.

Arrays in, ranked rows out; nothing here knows a project.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.domain.types import NO_CLASS
from medlabeler.domain.words import percent
from medlabeler.learning.accuracy.leakage import (
    ALIKE_BITS,
    ALIKE_CORRELATION,
    near_duplicate_blocks,
    perceptual_hash,
    symmetries,
)
from medlabeler.learning.accuracy.learned_labels import LearnedLabels

Rows = NDArray[np.int64]
How = Literal["same file", "looks alike"]

STIFFNESS = 3.0
"""C of the classifier that judges labels, ten times as stiff as the one that labels: wrong labels bend it
less. Chosen among 1, 3, 10, 30 and kNN by flipped labels of train sides; see resources/results/quality.md.
"""
NEIGHBOURS = 20
SAMPLE = 10_000
"""So many images at most stand for the rest when outliers are sought."""
FAR = 3.0
"""Robust standard deviations of the logarithm of the distance from which on an image is called an outlier."""
_MAD = 1.4826
_CHUNK = 1024


@dataclass(frozen=True)
class Suspect:
    """An image whose label another class contradicts. `probability` 0..1 that the label is right, `other` the
    likeliest class and `share` its probability, by a classifier that saw neither image nor near-duplicates.
    `confident`: beyond the thresholds of confident learning; see `contradictions` for what that is worth.
    """

    row: int
    label: int
    other: int
    probability: float
    share: float
    confident: bool
    reason: str


@dataclass(frozen=True)
class LabelErrors:
    """`ranking` int64 (m,): places of all judged images, the most doubtful first; `suspects` those among them
    that another class contradicts, in the same order; `left_out`: classes with labels of one image, or one
    group, which nothing else can judge.
    """

    ranking: Rows
    suspects: tuple[Suspect, ...]
    left_out: tuple[int, ...]


@dataclass(frozen=True)
class Outlier:
    """An image far from all others: `distance` to its neighbours is `times` the usual."""

    row: int
    distance: float
    times: float
    reason: str


@dataclass(frozen=True)
class Conflict:
    """Images `rows` that show the same but have the `labels`, class ids."""

    rows: tuple[int, ...]
    labels: tuple[int, ...]
    how: How
    reason: str


def label_errors(
    X: NDArray[np.float32],
    labels: NDArray[np.integer[Any]],
    rows: Rows,
    names: Mapping[int, str],
    *,
    groups: NDArray[np.integer[Any]] | None = None,
    pairs: Sequence[tuple[int, int]] = (),
    learned: LearnedLabels | None = None,
    seed: int = 0,
    progress: Progress | None = None,
) -> LabelErrors:
    """Rank labelled images by how little the other labels support theirs.

    X float32 (m, d) prepared, `labels` class ids (m,), `rows` int64 (m,) the images' numbers, which the
    result uses, `groups` codes (m,) or None, `pairs` of places known to show the same, `learned` what the
    embedding has seen of the labels. Each image is judged
    by a logistic regression that learned from neither it, nor its group, nor its near-duplicates. The ranking
    is by the probability of the given label ("self-confidence"): where classes overlap it found far more
    flipped labels than the normalised margin and than scores adjusted by class, elsewhere about as many
    (Northcutt, Jiang and Chuang 2021; Kuan and Mueller 2022). A suspect is `confident` as `confident_errors`
    has it. Raises `UserError` where nothing can be cross-validated.
    """
    from medlabeler.learning.accuracy.cross_validation import out_of_fold
    from medlabeler.learning.accuracy.evaluation import fold_blocks
    from medlabeler.learning.classifiers.estimators import LogisticClassifier

    progress = progress or SilentProgress()
    classes, codes = np.unique(np.asarray(labels, np.int64), return_inverse=True)
    blocks = fold_blocks(X, groups, progress) if learned is None else learned.blocks
    if pairs:
        blocks = near_duplicate_blocks(len(X), pairs, blocks)
    units = np.arange(len(X)) if blocks is None else blocks
    if learned is not None:
        learned = replace(learned, blocks=units)
    enough = np.array([len(np.unique(units[codes == k])) > 1 for k in range(len(classes))])
    kept = np.flatnonzero(enough[codes])
    classes, codes = np.unique(classes[codes[kept]], return_inverse=True)
    left_out = tuple(int(c) for c in np.setdiff1d(labels, classes))

    def judge(
        train: NDArray[np.float32], truth: NDArray[np.int64], wanted: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        model = LogisticClassifier(C=STIFFNESS).fit(train, truth)
        shares = np.zeros((len(wanted), len(classes)))
        shares[:, model.classes_] = model.predict_proba(wanted)
        return shares

    out = out_of_fold(
        X[kept], codes, len(classes), judge,
        blocks=units[kept], seed=seed, progress=progress,
        learned=None if learned is None else learned.of(kept),
    )  # fmt: skip
    known = np.flatnonzero(out.known)
    shares, codes, kept = out.probabilities[0, known], codes[known], kept[known]
    given = shares[np.arange(len(kept)), codes]
    order = np.argsort(given, kind="stable")
    likeliest = shares.argmax(axis=1)
    confident = confident_errors(shares, codes)
    suspects = [
        Suspect(
            int(rows[kept[i]]),
            int(classes[codes[i]]),
            int(classes[likeliest[i]]),
            float(given[i]),
            float(shares[i, likeliest[i]]),
            bool(confident[i]),
            error_sentence(names, int(classes[codes[i]]), int(classes[likeliest[i]]), shares[i].max()),
        )
        for i in order.tolist()
        if likeliest[i] != codes[i]
    ]
    return LabelErrors(rows[kept[order]], tuple(suspects), left_out)


def confident_errors(shares: NDArray[np.float64], codes: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which labels, codes (m,), confident learning would take for errors, given out-of-sample `shares`
    (m, C): off the diagonal of the confident joint (Northcutt et al. 2021, section 3.1).
    """
    n_classes = shares.shape[1]
    given = shares[np.arange(len(codes)), codes]
    thresholds = np.array([given[codes == k].mean() if (codes == k).any() else 2 for k in range(n_classes)])
    reached = np.where(shares >= thresholds, shares, -1.0)
    best = reached.argmax(axis=1)
    return np.asarray((reached.max(axis=1) >= 0) & (best != codes))


def error_sentence(names: Mapping[int, str], label: int, other: int, share: float) -> str:
    """'labelled EOS; the other labels say NEU with 94 %'."""
    said = names.get(other, "?")
    return tr(
        "labelled {names}; the other labels say {said} with {share}",
        names=names.get(label, "?"),
        said=said,
        share=percent(share),
    )


def outliers(Y: NDArray[np.float32], rows: Rows, *, progress: Progress | None = None) -> list[Outlier]:
    """Images of the pool that resemble no others, the strangest first.

    Y float32 (m, d) prepared with its length kept (`shaping.Shaping.unscaled`), `rows` int64 (m,) the images'
    numbers. The score is the mean distance to the 20 nearest images of a fixed random sample of at most
    10,000 (Sugiyama and Borgwardt 2013: a sample ranks outliers as well as all neighbours do). An image is
    named if the logarithm of its distance lies 3 robust standard deviations (median absolute deviation) above
    the median; none of fewer than 60.
    """
    progress = progress or SilentProgress()
    if len(Y) < 3 * NEIGHBOURS:
        return []
    sample = np.arange(len(Y))
    if len(Y) > SAMPLE:
        sample = np.sort(np.random.default_rng(0).choice(len(Y), SAMPLE, replace=False))
    base = Y[sample]
    lengths = np.einsum("ij,ij->i", base, base)
    distance = np.empty(len(Y))
    for start in range(0, len(Y), _CHUNK):
        progress.check()
        progress.report(start, len(Y), tr("Looking for outliers"))
        part = Y[start : start + _CHUNK]
        near = np.einsum("ij,ij->i", part, part)[:, None] + lengths[None, :] - 2 * part @ base.T
        # An image is no neighbour of its own.
        numbers = np.arange(start, start + len(part))
        own = np.searchsorted(sample, numbers).clip(max=len(sample) - 1)
        there = np.flatnonzero(sample[own] == numbers)
        near[there, own[there]] = np.inf
        near = np.partition(near, NEIGHBOURS - 1, axis=1)[:, :NEIGHBOURS]
        distance[numbers] = np.sqrt(np.maximum(near, 0)).mean(axis=1)
    logs = np.log(np.maximum(distance, 1e-9))
    middle = float(np.median(logs))
    spread = _MAD * float(np.median(np.abs(logs - middle)))
    far = np.flatnonzero(logs > middle + FAR * max(spread, 1e-6))
    return [
        Outlier(int(rows[i]), float(distance[i]), times, outlier_sentence(times))
        for i in far[np.argsort(-distance[far], kind="stable")].tolist()
        for times in [float(np.exp(logs[i] - middle))]
    ]


def outlier_sentence(times: float) -> str:
    """'its nearest images are 1.6 times as far away as usual'."""
    return tr("its nearest images are {times:.1f} times as far away as usual", times=times)


def same_pictures(
    digests: NDArray[Any], small: NDArray[np.float32] | None, *, progress: Progress | None = None
) -> dict[tuple[int, int], How]:
    """Pairs of places (a, b), a < b, that show the same picture: the same file by `digests` (m,), or, given
    `small` rows float32 (m, 256) of `leakage.small_grey`, alike in grey at 16 x 16, also turned or mirrored.
    """
    progress = progress or SilentProgress()
    found: dict[tuple[int, int], How] = {}
    if small is not None and len(small) > 1:
        unit = small - small.mean(axis=1, keepdims=True)
        unit /= np.maximum(np.linalg.norm(unit, axis=1, keepdims=True), 1e-6)
        hashes = perceptual_hash(small)
        for a in range(len(small) - 1):
            if a % 256 == 0:
                progress.check()
                progress.report(a, len(small), tr("Comparing pictures"))
            turned = symmetries(unit[a])
            bits = np.bitwise_count(hashes[a + 1 :, None] ^ perceptual_hash(turned)[None, :])
            near, how = np.nonzero(bits <= ALIKE_BITS)
            alike = np.einsum("ij,ij->i", unit[a + 1 + near], turned[how]) >= ALIKE_CORRELATION
            found.update({(a, int(b)): "looks alike" for b in a + 1 + near[alike]})
    _, first, codes = np.unique(digests, return_index=True, return_inverse=True)
    for b, a in enumerate(first[codes].tolist()):
        if a < b:
            found[a, b] = "same file"
    return found


def conflicts(
    same: Mapping[tuple[int, int], How],
    labels: NDArray[np.integer[Any]],
    rows: Rows,
    names: Mapping[int, str],
) -> list[Conflict]:
    """Sets of images that show the same with labels that differ, the same files first.

    `same` as of `same_pictures`; `labels` class ids (m,), NO_CLASS for none, which contradicts nothing;
    `rows` int64 (m,) the images' numbers. What looks alike is linked through: a like b like c is one set.
    """
    labels = np.asarray(labels, np.int64)
    found = []
    blocks = near_duplicate_blocks(len(labels), list(same)) if same else np.arange(len(labels))
    several = np.flatnonzero((np.bincount(blocks, minlength=1) > 1)[blocks] & (labels != NO_CLASS))
    for block in np.unique(blocks[several]).tolist():
        members = several[blocks[several] == block]
        given = np.unique(labels[members])
        if len(given) < 2:
            continue
        inside = {how for (a, _), how in same.items() if blocks[a] == block}
        how: How = "looks alike" if "looks alike" in inside else "same file"
        found.append(
            Conflict(
                tuple(int(r) for r in rows[members]),
                tuple(int(c) for c in labels[members]),
                how,
                conflict_sentence([names.get(int(c), "?") for c in labels[members]], how),
            )
        )
    return sorted(found, key=lambda conflict: (conflict.how != "same file", conflict.rows))


def conflict_sentence(labels: Sequence[str], how: How) -> str:
    """'the same file twice, labelled EOS and NEU'."""
    counts = {name: list(labels).count(name) for name in dict.fromkeys(labels)}
    parts = [name if n == 1 or len(counts) == len(labels) else f"{name} ({n})" for name, n in counts.items()]
    told = ", ".join(parts[:-1]) + tr(" and {parts}", parts=parts[-1])
    many = "twice" if len(labels) == 2 else tr("{labels} times", labels=len(labels))
    return tr(
        "the same {file} {many}, labelled {told}",
        file=tr("file") if how == "same file" else tr("picture, it seems,"),
        many=many,
        told=told,
    )
