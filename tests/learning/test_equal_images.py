"""Of equal images one is worked on, the others follow, in whatever order."""

from __future__ import annotations

import numpy as np

from medlabeler.learning.backbones.equal_images import EqualImages


def test_each_image_gets_the_vector_of_the_first_that_is_equal() -> None:
    rng = np.random.default_rng(0)
    digest_of = rng.integers(0, 30, 200)  # by row
    rows = rng.permutation(200)[:150]
    equal = EqualImages(rows, digest_of[rows].astype("S"))
    kinds = digest_of[equal.first]
    assert len(np.unique(kinds)) == len(kinds)
    assert equal.first.tolist() == [
        row for n, row in enumerate(rows) if digest_of[row] not in digest_of[rows[:n]]
    ]
    for part in np.array_split(equal.first, 4):
        vectors = np.stack([digest_of[part], part], axis=1).astype(np.float16)
        given, theirs = equal.with_copies(part, vectors)
        assert sorted(given) == sorted(row for row in rows if digest_of[row] in digest_of[part])
        np.testing.assert_array_equal(theirs[:, 0], digest_of[given])
        assert np.isin(theirs[:, 1], part).all()


def test_images_that_are_all_different_stay_as_they_are() -> None:
    rows = np.array([5, 2, 9])
    equal = EqualImages(rows, np.array([b"a", b"b", b"c"]))
    assert equal.first.tolist() == [5, 2, 9]
    vectors = np.ones((3, 2), np.float16)
    assert equal.with_copies(rows, vectors)[1] is vectors
    assert equal.instead_of([5, 9]).tolist() == []


def test_copies_of_what_cannot_be_read_are_tried_in_the_order_of_work() -> None:
    rows = np.array([7, 1, 4, 3, 8, 0])
    equal = EqualImages(rows, np.array([b"a", b"b", b"a", b"b", b"c", b"a"]))
    assert equal.first.tolist() == [7, 1, 8]
    assert equal.instead_of([1, 7]).tolist() == [4, 3, 0]
    assert equal.instead_of([]).tolist() == []
