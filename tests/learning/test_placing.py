"""New images find their place on a map that was laid out without them."""

from __future__ import annotations

import numpy as np

from medlabeler.learning.placing import placed

N, DIM = 400, 16


def clusters(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Four clouds of unit vectors, which each is of, and a map with one corner for each."""
    kind = np.arange(N) % 4
    points = 2.0 * np.eye(4, DIM)[kind] + 0.3 * rng.normal(size=(N, DIM))
    vectors = (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32)
    corners = np.array([[-1, -1], [1, -1], [-1, 1], [1, 1]])
    return vectors, kind, (corners[kind] + 0.05 * rng.normal(size=(N, 2))).astype(np.float32)


def test_a_new_image_joins_its_like_and_nobody_else_moves() -> None:
    vectors, kind, truth = clusters(np.random.default_rng(0))
    coords = truth.copy()
    new = np.arange(100, 300)
    coords[100:] = np.nan
    found = placed(vectors, coords, new)
    assert np.array_equal(found[:100], truth[:100])
    assert np.isnan(found[300:]).all(), "images that are not embedded yet have no place"
    assert (np.sign(found[new]) == np.sign(truth[new])).all()
    assert len(np.unique(found[new], axis=0)) == len(new), "images would lie on top of each other"
    assert kind.max() == 3


def test_a_place_is_kept_while_others_arrive() -> None:
    vectors, _, truth = clusters(np.random.default_rng(1))
    coords = truth.copy()
    coords[100:] = np.nan
    first = placed(vectors, coords, np.arange(100, 150))
    assert np.array_equal(placed(vectors, coords, np.arange(100, 300))[100:150], first[100:150])


def test_without_a_map_nobody_has_a_place() -> None:
    vectors, _, _ = clusters(np.random.default_rng(2))
    nowhere = np.full((N, 2), np.nan, np.float32)
    assert np.isnan(placed(vectors, nowhere, np.arange(N))).all()
    assert placed(vectors[:0], nowhere[:0], np.arange(0)).shape == (0, 2)
