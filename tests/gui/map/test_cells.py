"""A lasso over cells of a grid takes the same points as one that looks at each."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from medlabeler.gui.map import points
from medlabeler.gui.map.cells import Cells
from medlabeler.gui.map.points import MapPoints, points_in_polygon

WHERE = st.floats(-4, 4, width=32)
CORNERS = st.integers(3, 30).flatmap(lambda k: arrays(np.float64, (k, 2), elements=WHERE))


@settings(deadline=None)
@given(CORNERS, st.integers(1, 3000), st.sampled_from([1e-3, 0.3, 1.0]), st.integers(0, 99))
def test_any_outline_takes_the_points_of_the_plain_rule(
    outline: np.ndarray, n: int, spread: float, seed: int
) -> None:
    x, y = (spread * np.random.default_rng(seed).standard_normal((2, n))).astype(np.float32)
    found = Cells(x, y).inside(outline, points_in_polygon)
    np.testing.assert_array_equal(found, np.flatnonzero(points_in_polygon(x, y, outline)))


def test_points_of_a_lattice_on_the_rim_of_cells_and_outlines() -> None:
    x, y = (part.ravel().astype(np.float32) for part in np.meshgrid(np.arange(257), np.arange(257)))
    for outline in ([(0, 0), (256, 0), (256, 256), (0, 256)], [(3, 3), (200, 4), (100.5, 250), (3, 40)]):
        corners = np.array(outline, np.float64)
        found = Cells(x, y).inside(corners, points_in_polygon)
        np.testing.assert_array_equal(found, np.flatnonzero(points_in_polygon(x, y, corners)))


def test_points_that_all_lie_together() -> None:
    x = y = np.zeros(5, np.float32)
    around = np.array([(-1.0, -1.0), (1.0, -1.0), (0.0, 1.0)])
    assert len(Cells(x, y).inside(around, points_in_polygon)) == 5


def test_a_lasso_follows_points_that_moved() -> None:
    """The cells are of where the points lie now."""
    of_map = MapPoints()
    rng = np.random.default_rng(0)
    xy = rng.random((points.IN_CELLS_FROM + 1, 2)).astype(np.float32)
    half = np.array([(-1.0, -1.0), (0.5, -1.0), (0.5, 2.0), (-1.0, 2.0)])
    for places in (xy, xy[::-1], xy[:, ::-1]):
        of_map.set_points(places)
        np.testing.assert_array_equal(of_map.in_polygon(half), np.flatnonzero(places[:, 0] < 0.5))
    moved = xy[:, 0] + np.float32(0.25)
    of_map.set_points(xy)
    of_map.in_polygon(half)
    of_map.move(moved, xy[:, 1])
    np.testing.assert_array_equal(of_map.in_polygon(half), np.flatnonzero(moved < 0.5))
