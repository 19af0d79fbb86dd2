"""Our query strategies against those of scikit-activeml, and against their definitions."""
# ruff: noqa: N803, N806 - X as in the papers

from __future__ import annotations

import numpy as np
import pytest
from skactiveml.pool import CoreSet, ProbCover, TypiClust, uncertainty_scores
from sklearn.cluster import KMeans

from medlabeler.learning.query import coreset, dropquery, entropy, least_confident, margin, rare, typiclust
from medlabeler.learning.query.clusters import kmeans
from medlabeler.learning.query.probcover import PURITY, cover, near, pure_radius
from medlabeler.learning.query.situation import Situation
from medlabeler.learning.query.suggest import suggest
from medlabeler.learning.query.typicality import exact_graph

RNG = np.random.default_rng(0)


def unit(X: np.ndarray) -> np.ndarray:
    return (X / np.linalg.norm(X, axis=1, keepdims=True)).astype(np.float32)


def blobs(
    sizes: list[int], d: int = 24, spread: float = 0.08, seed: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    which = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.linalg.qr(rng.normal(size=(d, d)))[0][: len(sizes)]
    return unit(centres[which] + spread * rng.normal(size=(len(which), d))), which


def unlabelled_but(rows: np.ndarray, n: int) -> np.ndarray:
    y = np.full(n, np.nan)
    y[rows] = 0
    return y


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [(margin, "margin_sampling"), (entropy, "entropy"), (least_confident, "least_confident")],
)
def test_doubt_is_ranked_as_scikit_activeml_does(ours: object, theirs: str) -> None:
    P = np.random.default_rng(1).dirichlet(np.full(5, 0.6), 400).astype(np.float32)
    s = Situation(
        np.zeros((400, 2), np.float32), np.arange(400), probabilities=P, classes=np.arange(5, dtype=np.int32)
    )
    ranked = ours.propose(s, 20, np.random.default_rng(0)).rows  # type: ignore[attr-defined]  # each has it
    score = uncertainty_scores(P.astype(np.float64), method=theirs)
    np.testing.assert_allclose(score[ranked[:20]], np.sort(score)[::-1][:20], rtol=1e-4)


def test_the_farthest_first_traversal_is_that_of_scikit_activeml() -> None:
    X = unit(np.random.default_rng(2).normal(size=(300, 16)))
    labelled = np.arange(0, 300, 30)
    s = Situation(X, np.setdiff1d(np.arange(300), labelled), labelled, np.zeros(10, np.int32))
    found = coreset.propose(s, 12, np.random.default_rng(0)).rows[:12]
    expected = CoreSet(random_state=0).query(
        X.astype(np.float64), unlabelled_but(labelled, 300), batch_size=12
    )
    assert found.tolist() == expected.tolist()


def test_typical_images_come_from_the_clusters_that_scikit_activeml_chooses() -> None:
    X, which = blobs([60, 50, 40, 30, 20])
    labelled = np.array([0, 60])  # of the two largest
    s = Situation(
        X, np.setdiff1d(np.arange(200), labelled), labelled, np.array([1, 2], np.int32), graph=exact_graph(
            X, np.arange(200), 5
        )
    )  # fmt: skip
    proposal = typiclust.propose(s, 3, np.random.default_rng(0))
    found = proposal.rows[:3]
    theirs = TypiClust(random_state=0, cluster_algo_dict={"n_init": 10}).query(
        X.astype(np.float64), unlabelled_but(labelled, 200), batch_size=3
    )
    assert which[found].tolist() == [2, 3, 4]
    assert set(which[theirs].tolist()) == {2, 3, 4}
    for row in found:
        mates = np.flatnonzero(which == which[row])
        crowding = np.sort(X[mates] @ X[mates].T, axis=1)[:, -6:-1].mean(axis=1)
        assert mates[crowding.argmax()] == row
    assert proposal.tell(int(found[0]))[0] == "typical of a cluster without labels"


def test_each_cover_is_the_best_that_scikit_activeml_knows() -> None:
    X, which = blobs([80, 40, 30, 20], spread=0.2)
    index, distance = exact_graph(X, np.arange(170), 169)
    radius = pure_radius(index, distance, which)
    pure = np.array(
        [
            (which[np.flatnonzero(1 - X @ x < radius * 0.999)] == c).all()
            for x, c in zip(X, which, strict=True)
        ]
    )
    assert pure.mean() >= PURITY
    wider = [
        (which[np.flatnonzero(1 - X @ x < radius * 1.02)] == c).all() for x, c in zip(X, which, strict=True)
    ]
    assert np.mean(wider) <= pure.mean()
    radius = 0.3
    chosen, gains = cover(near(index, distance, radius), 150, 6)
    labelled = np.arange(150, 170)
    for pick, gain in zip(chosen, gains, strict=True):
        # Cosine distance r is Euclidean distance sqrt(2 r) between vectors of length 1.
        oracle = ProbCover(n_classes=4, deltas=[np.sqrt(2 * radius)], random_state=0)
        utilities = oracle.query(
            X.astype(np.float64), unlabelled_but(labelled, 170), batch_size=1, return_utilities=True
        )[1][0]
        assert utilities[pick] == np.nanmax(utilities) == gain
        labelled = np.append(labelled, pick)


def test_clusters_are_as_tight_as_those_of_scikit_learn() -> None:
    X = unit(np.random.default_rng(3).normal(size=(600, 12)))
    ours = [
        np.square(X - centres[cluster]).sum()
        for centres, cluster in (kmeans(X, 20, np.random.default_rng(seed)) for seed in range(5))
    ]
    theirs = [KMeans(20, n_init=1, random_state=seed).fit(X).inertia_ for seed in range(5)]
    assert np.mean(ours) < 1.02 * np.mean(theirs)
    centres, cluster = kmeans(np.repeat(X[:3], 5, axis=0), 8, np.random.default_rng(0))
    assert len(centres) <= 8
    assert len({tuple(centres[c]) for c in cluster}) == 3


def test_dropout_disputes_what_lies_between_classes_only() -> None:
    W = np.eye(2, 24, dtype=np.float32).T @ np.array([[8, -8], [-8, 8]], np.float32)
    W[2:] = np.random.default_rng(0).normal(size=(22, 2)) * 0.5
    b = np.array([6.0, -6.0], np.float32)
    sure = np.tile(unit(np.eye(24)[:1]), (300, 1)) * 0.2
    doubtful = np.random.default_rng(1).normal(size=(300, 24)).astype(np.float32)
    doubtful -= ((doubtful @ W + b)[:, [0]] - (doubtful @ W + b)[:, [1]]) / 32 * np.eye(24)[0]
    changed = dropquery.changes(np.concatenate([sure, doubtful]).astype(np.float32), W, b, RNG)
    assert (changed[:300] == 0).all()
    assert changed[300:].mean() > 0.2


def test_the_middle_of_each_cluster_is_proposed_first() -> None:
    X, which = blobs([50, 40, 30, 20])
    order = dropquery.by_centre(X, 4, np.random.default_rng(0))
    assert which[order[:4]].tolist() == [0, 1, 2, 3]
    for row in order[:4]:
        mates = np.flatnonzero(which == which[row])
        assert mates[np.square(X[mates] - X[mates].mean(axis=0)).sum(axis=1).argmin()] == row


def test_the_hunt_seeks_the_scarcest_class_and_names_it() -> None:
    X, which = blobs([60, 60, 60])
    labelled = np.r_[0:10, 60:70, 120:124]
    s = Situation(
        X, np.setdiff1d(np.arange(180), labelled), labelled, (which[labelled] + 1).astype(np.int32),
        names={1: "NGS", 2: "LYT", 3: "EOS"},
    )  # fmt: skip
    proposal = rare.propose(s, 6, np.random.default_rng(0))
    assert (which[proposal.rows[:6]] == 2).all()
    assert proposal.tell(int(proposal.rows[0])) == ("near the 4 labels of EOS, the scarcest class", (3,))
    nearest = (X[s.candidates] @ X[labelled[-4:]].T).max(axis=1)
    assert proposal.rows[0] == s.candidates[nearest.argmax()]


def test_the_default_starts_with_typical_images_and_goes_on_with_doubtful_ones() -> None:
    X, which = blobs([60, 60, 60], spread=0.15)
    ids = np.array([1, 2, 3], np.int32)
    P = np.random.default_rng(0).dirichlet([1, 1, 1], 180).astype(np.float32)
    for labelled, expected in ((np.r_[0:2, 60:62], "typiclust"), (np.r_[0:4, 60:64, 120:121], "auto")):
        s = Situation(
            X, np.setdiff1d(np.arange(180), labelled), labelled, ids[which[labelled]], P, ids
        )  # fmt: skip
        found = suggest("auto", s, 9, seed=0, random_share=0)
        assert {f.strategy for f in found} == {expected}
    # Of 4, 4 and 1 labels: as doubtful images of the scarce class go first.
    P[:] = [0.5, 0.45, 0.05]
    P[100:140] = [0.05, 0.45, 0.5]
    rows = [f.row for f in suggest("auto", s, 3, seed=0, random_share=0)]
    assert all(100 <= row < 140 for row in rows)


def test_groups_are_spread_until_there_is_no_other() -> None:
    X = unit(np.random.default_rng(0).normal(size=(60, 30)))
    P = np.tile(np.array([[0.5, 0.5]], np.float32), (60, 1))
    P[:, 0] += np.linspace(0, 0.4, 60)
    P[:, 1] -= np.linspace(0, 0.4, 60)
    groups = (np.arange(60) // 10).astype(np.int32)
    s = Situation(
        X, np.arange(60), probabilities=P, classes=np.array([1, 2], np.int32), groups=groups
    )  # fmt: skip
    alone = [f.row for f in suggest("margin", s, 4, seed=0, random_share=0)]
    assert alone == [0, 1, 2, 3]
    spread = [f.row for f in suggest("margin", s, 4, seed=0, random_share=0, spread_groups=True)]
    assert len({int(groups[row]) for row in spread}) == 4
    more = [f.row for f in suggest("margin", s, 9, seed=0, random_share=0, spread_groups=True)]
    assert len(more) == 9
    assert len({int(groups[row]) for row in more}) == 6
