"""The map's raster and point arithmetic, without Qt."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.gui.map.points import MapPoints, points_in_polygon, spaced
from medlabeler.gui.map.raster import MAX_CODES, Raster, Viewport, near, pack, strength_for

WHITE = (255, 255, 255)
RED_GREEN = np.array([[255, 0, 0], [0, 255, 0]], np.uint8)


def rgb(picture: np.ndarray, row: int, column: int) -> tuple[int, int, int]:
    value = int(picture[row, column])
    return value >> 16 & 255, value >> 8 & 255, value & 255


def draw(points: list[tuple[float, float]], codes: list[int], layers: list[int], **how: object) -> np.ndarray:
    column, row = (np.array(v, np.float32) for v in zip(*points, strict=True))
    n = len(codes)
    value = pack(np.array(codes), np.array(layers), np.zeros(n, bool), np.zeros(n, np.uint8))
    order = np.argsort(value, kind="stable")
    return Raster().draw(column[order], row[order], value[order], (40, 30), RED_GREEN, WHITE, **how).copy()


def test_a_point_lies_where_it_should_and_nowhere_else() -> None:
    picture = draw([(10.0, 5.0)], [0], [1], strength=1.0)
    assert rgb(picture, 5, 10) == (255, 0, 0)
    elsewhere = np.ones_like(picture, bool)
    elsewhere[4:7, 9:12] = False
    assert (picture[elsewhere] == 0xFFFFFFFF).all()


@pytest.mark.parametrize("radius", [1, 2])
def test_edges_are_soft_and_symmetric(radius: int) -> None:
    picture = draw([(20.0, 15.0)], [0], [1], radius=radius, strength=1.0)
    green = (picture >> 8 & 255).astype(int)
    assert green[15, 20] == 0
    assert green[15, 20 - radius] == green[15, 20 + radius]
    assert green[15 - radius, 20] == green[15 + radius, 20] == green[15, 20 + radius]
    assert 0 < green[15 - radius, 20 - radius] <= 255
    assert green[15, 20] < green[15, 20 + radius]


@pytest.mark.parametrize("radius", [1, 2])
def test_the_higher_layer_covers_the_lower_wherever_they_meet(radius: int) -> None:
    picture = draw([(10.0, 10.0), (11.0, 10.0)], [1, 0], [2, 1], radius=radius, strength=1.0)
    assert rgb(picture, 10, 10) == (0, 255, 0)
    assert rgb(picture, 10, 11) == (0, 255, 0)


def test_denser_is_more_opaque_and_never_overflows() -> None:
    shades = []
    for count in (1, 4, 15, 500, 70_000):
        picture = draw([(10.0, 10.0)] * count, [0] * count, [1] * count, strength=0.5)
        shades.append(rgb(picture, 10, 10)[1])
    assert shades == sorted(shades, reverse=True)
    assert shades[0] > shades[2] > 0
    assert len(set(shades[2:])) == 1


def test_emphasis_shows_at_full_strength() -> None:
    value = pack(np.array([0]), np.array([2]), np.array([True]), np.zeros(1, np.uint8))
    at = np.array([10.0], np.float32)
    picture = Raster().draw(at, at, value, (40, 30), RED_GREEN, WHITE, strength=0.3)
    assert rgb(picture, 10, 10) == (255, 0, 0)


def test_points_just_outside_reach_into_the_picture() -> None:
    assert (draw([(-1.0, 5.0)], [0], [1], strength=1.0)[5] != 0xFFFFFFFF).sum() == 1
    column = np.array([-3.0, -3.1, 42.9, 43.0], np.float32)
    assert near(column, np.full(4, 3, np.float32), (40, 30)).tolist() == [True, False, True, False]


def test_window_puts_y_upwards() -> None:
    window = Viewport(left=-1, bottom=-1, x_scale=10, y_scale=10, width=20, height=20)
    column, row = window.to_pixels(np.array([-1, 1], np.float32), np.array([-1, 1], np.float32))
    assert column.tolist() == [0, 20]
    assert row.tolist() == [20, 0]


def test_too_many_colours_are_refused() -> None:
    palette = np.zeros((MAX_CODES + 2, 3), np.uint8)
    with pytest.raises(ValueError, match="colours"):
        Raster().draw(
            np.zeros(1, np.float32), np.zeros(1, np.float32), np.ones(1, np.uint16), (5, 5), palette, WHITE
        )


def test_sparse_maps_are_drawn_stronger() -> None:
    some = [strength_for(n, 800_000) for n in (1_000, 50_000, 171_375, 2_000_000)]
    assert some == sorted(some, reverse=True)
    assert some[0] > some[2] > 0


def test_points_in_polygon_agrees_with_the_plain_rule() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-1, 1, 3000), rng.uniform(-1, 1, 3000)
    angle = np.linspace(0, 2 * np.pi, 41)[:-1]
    radius = 0.5 + 0.4 * rng.random(40)
    polygon = np.stack([radius * np.cos(angle), radius * np.sin(angle)], 1)
    expected = np.zeros(3000, bool)
    for (ax, ay), (bx, by) in zip(polygon, np.roll(polygon, -1, 0), strict=True):
        if ay != by:
            level = (y >= min(ay, by)) & (y < max(ay, by))
            expected ^= level & (x < ax + (y - ay) * (bx - ax) / (by - ay))
    assert 0 < expected.sum() < 3000
    assert (points_in_polygon(x, y, polygon) == expected).all()


def test_points_in_polygon_of_a_crossed_outline_is_even_odd() -> None:
    bow = np.array([(0, 0), (2, 2), (2, 0), (0, 2)], float)
    x, y = np.array([0.2, 1.8, 1.0, 1.0]), np.array([1.0, 1.0, 1.8, 0.2])
    assert points_in_polygon(x, y, bow).tolist() == [True, True, False, False]


def test_spaced_keeps_apart_and_prefers_what_was_shown() -> None:
    rng = np.random.default_rng(0)
    x, y = rng.uniform(0, 400, (2, 500)).astype(np.float32)
    kept = spaced(x, y, 50, 30)
    assert 0 < len(kept) <= 30
    dx, dy = np.abs(x[kept][:, None] - x[kept]), np.abs(y[kept][:, None] - y[kept])
    assert (np.maximum(dx, dy)[~np.eye(len(kept), dtype=bool)] >= 50).all()
    assert spaced(x, y, 50, 30, np.array([499]))[0] == 499


def points(n: int = 6) -> MapPoints:
    out = MapPoints()
    out.set_points(np.stack([np.arange(n), np.zeros(n)], 1).astype(np.float32))
    return out


def test_what_changes_nothing_is_not_sorted_again() -> None:
    shown = points()
    codes, palette = np.array([0, 1, 2, 1, 0, 2]), np.array([[9, 9, 9], [1, 2, 3], [4, 5, 6]], np.uint8)
    chosen, none = np.array([True, True, False, False, False, False]), np.zeros(6, bool)
    shown.set_colours(codes, palette, {2})
    shown.set_selection(chosen)
    shown.set_marks(chosen, none)
    before, drawn = shown.revision, shown.drawn
    shown.set_colours(codes.copy(), palette.copy(), [2])
    shown.set_selection(chosen.copy())
    shown.set_marks(chosen.copy(), none.copy())
    assert shown.revision == before
    assert shown.drawn is drawn
    for change in (
        lambda: shown.set_colours(codes, palette, ()),
        lambda: shown.set_colours(codes, palette + np.uint8(1), ()),
        lambda: shown.set_colours(codes[::-1], palette + np.uint8(1), ()),
        lambda: shown.set_selection(~chosen),
        lambda: shown.set_marks(none, none),
        lambda: shown.set_marks(none, chosen),
    ):
        before = shown.revision
        change()
        assert shown.revision > before


def test_absent_and_hidden_points_are_neither_drawn_nor_caught() -> None:
    p = points()
    xy = np.stack([p.all_x, p.all_y], 1)
    xy[2] = np.nan
    p.set_points(xy)
    p.set_colours(np.array([0, 1, 1, 2, 2, 2]), np.zeros((3, 3), np.uint8), hidden={1})
    assert sorted(p.drawn.tolist()) == [0, 3, 4, 5]
    assert p.in_box(-1, -1, 4, 1).tolist() == [0, 3, 4]
    assert p.bounds() == (0.0, 0.0, 5.0, 0.0)


def test_selected_and_labelled_points_come_last_so_on_top() -> None:
    p = points()
    p.set_colours(np.array([0, 1, 1, 1, 1, 1]), np.zeros((2, 3), np.uint8))
    p.set_marks(np.arange(6) == 3, np.zeros(6, bool))
    assert p.drawn[0] == 0
    assert p.drawn[-1] == 3
    p.set_selection(np.isin(np.arange(6), [1, 2]))
    assert set(p.drawn[-2:].tolist()) == {1, 2}
    unselected = (p.value[:-2] & 127) - 1
    assert (unselected == len(p.palette)).all()


def test_more_colours_than_the_raster_has_are_merged_to_near_ones() -> None:
    n = 300
    palette = np.random.default_rng(0).integers(0, 256, (n, 3)).astype(np.uint8)
    p = points(n)
    p.set_colours(np.arange(n), palette, hidden={299})
    assert len(p.palette) == MAX_CODES
    assert 299 not in p.drawn
    assert (p.codes[:MAX_CODES] == np.arange(MAX_CODES)).all()


def test_colours_of_another_length_are_refused() -> None:
    with pytest.raises(ValueError, match="6 points"):
        points().set_colours(np.zeros(5, np.uint16), np.zeros((1, 3), np.uint8))


def test_what_decides_a_pixel_is_all_that_must_change_for_the_picture_of_all_changed() -> None:
    rng = np.random.default_rng(2)
    n, size = 40_000, (160, 120)
    column, row = rng.normal(80, 25, n).astype(np.float32), rng.normal(60, 20, n).astype(np.float32)
    shuffle = rng.integers(0, 64, n, dtype=np.uint8)
    layer = rng.choice(3, n, p=[0.1, 0.8, 0.1])
    marked = rng.random(n) < 0.01
    old, new = rng.integers(0, 2, (2, n))
    order = np.argsort(pack(old * 0, layer, marked, shuffle) & 0xFF00, kind="stable")
    column, row, layer, marked, shuffle = (a[order] for a in (column, row, layer, marked, shuffle))

    def draw_with(codes: np.ndarray) -> np.ndarray:
        value = pack(codes, layer, marked, shuffle)
        return Raster().draw(column, row, value, size, RED_GREEN, WHITE).copy()

    seen = Raster().deciding(column, row, pack(old, layer, marked, shuffle), size)
    assert len(seen) < n / 4
    some = old.copy()
    some[seen] = new[seen]
    assert (draw_with(old) != draw_with(new)).any()
    np.testing.assert_array_equal(draw_with(some), draw_with(new))


def test_other_colours_of_all_points_are_given_where_they_lie() -> None:
    """Fails before: to sort a million points again for that took 35 ms of each click."""
    rng = np.random.default_rng(4)
    n, nobody = 500, np.zeros(500, bool)
    palette = rng.integers(0, 256, (4, 3)).astype(np.uint8)
    codes = rng.integers(0, 4, n)
    marked = rng.random(n) < 0.1
    shown = points(n)
    shown.set_colours(codes, palette)
    shown.set_marks(marked, nobody)
    drawn, places = shown.drawn, shown.places
    others = np.where(codes > 0, 1 + (codes % 3), 0)
    shown.set_colours(others, palette)
    assert not shown.stale
    assert shown.places == places
    anew = points(n)
    anew.set_colours(others, palette)
    anew.set_marks(marked, nobody)
    np.testing.assert_array_equal(drawn, anew.drawn)
    np.testing.assert_array_equal(shown.value, anew.value)


@pytest.mark.parametrize("way", ["one loses its colour", "hidden", "selected", "many marks"])
def test_what_changes_the_order_sorts_all_points_again(way: str) -> None:
    n, palette = 500, np.arange(9, dtype=np.uint8).reshape(3, 3)
    codes = np.arange(n) % 2 + 1
    shown = points(n)
    shown.set_colours(codes, palette)
    shown.put_in_order()
    others = 3 - codes
    if way == "one loses its colour":
        others[7] = 0
    elif way == "selected":
        shown.set_selection(np.arange(n) < 9)
        shown.put_in_order()
    elif way == "many marks":
        for last in (40, 80):
            assert shown.patch_marks(np.arange(last), np.ones(last, bool))
    shown.set_colours(others, palette, hidden={1} if way == "hidden" else ())
    assert shown.stale


@pytest.mark.parametrize("radius", [1, 2])
def test_points_that_stay_in_their_places_are_drawn_as_if_they_were_new(radius: int) -> None:
    rng = np.random.default_rng(5)
    n, size = 3000, (160, 120)
    column, row = rng.uniform(0, 160, n).astype(np.float32), rng.uniform(0, 120, n).astype(np.float32)
    raster = Raster()

    def draw_with(used: Raster, codes: np.ndarray, places: object) -> np.ndarray:
        value = pack(codes, np.ones(n, np.uint8), np.zeros(n, bool), np.zeros(n, np.uint8))
        how = {"radius": radius, "places": places}
        return used.draw(column, row, value, size, RED_GREEN, WHITE, **how).copy()

    for places in ("here", "here", "there"):
        if places == "there":
            raster.deciding(column[:9], row[:9], np.full(9, 256, np.uint16), size)
            column = column[::-1].copy()
        codes = rng.integers(0, 2, n)
        np.testing.assert_array_equal(
            draw_with(raster, codes, places), draw_with(Raster(), codes, None), err_msg=places
        )
    raster.deciding(column[:9], row[:9], np.full(9, 256, np.uint16), size)
    np.testing.assert_array_equal(draw_with(raster, codes, "there"), draw_with(Raster(), codes, None))
