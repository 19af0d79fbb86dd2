"""A map that is moved by hand moves a picture that is there, and is drawn where it is when the hand rests."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from medlabeler.gui.map import canvas as canvas_module
from medlabeler.gui.map.glide import REACH
from medlabeler.gui.map.raster import Raster
from medlabeler.gui.map.view import MapView

N = 60_000
PALETTE = np.array([[155, 159, 164], [200, 40, 40], [30, 90, 200], [40, 160, 60]], np.uint8)


@pytest.fixture
def view(qtbot: QtBot) -> MapView:
    """A map of three heaps, two of a hundred labelled, on the screen."""
    made = MapView()
    qtbot.addWidget(made)
    made.resize(500, 400)
    made.show()
    rng = np.random.default_rng(0)
    which = rng.integers(0, 3, N)
    xy = np.array([(0, 0), (3, 1), (1, 3)])[which] + 0.5 * rng.standard_normal((N, 2))
    made.set_points(xy.astype(np.float32))
    made.set_colours((which + 1).astype(np.uint16), PALETTE)
    made.set_marks(np.arange(N) % 50 == 0)
    qtbot.waitUntil(lambda: not made.canvas.points.stale and not made.canvas._awaited)
    made.canvas.grab()
    return made


def pixels(view: MapView) -> np.ndarray:
    image = view.canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    flat = np.frombuffer(image.constBits(), np.uint8)
    return flat.reshape(image.height(), image.width(), 4)[..., :3].astype(np.int32)


def rested(view: MapView) -> np.ndarray:
    view.canvas._rest()
    return pixels(view)


def test_frames_of_a_moving_hand_raster_nothing(view: MapView, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails before: all points were rastered for each frame."""
    drawn = []
    draw = Raster.draw

    def counting(raster: Raster, *args: object, **options: object) -> object:
        drawn.append(1)
        return draw(raster, *args, **options)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr(Raster, "draw", counting)
    for _ in range(REACH // 4):
        view.canvas.pan(QPointF(3, -2))
        pixels(view)
    assert len(drawn) == 1


@pytest.mark.parametrize("step", [(7, -3), (-40, 0), (0, 90), (REACH, REACH), (-REACH - 1, 5)])
def test_what_moves_is_the_map_as_it_is_drawn_at_rest(view: MapView, step: tuple[int, int]) -> None:
    view.canvas.pan(QPointF(1, 1))
    pixels(view)
    view.canvas.pan(QPointF(*step))
    moving = pixels(view)
    resting = rested(view)
    assert not view.canvas._gliding
    # A point on the border of two pixels may fall into the other; a picture a pixel off differs by far more.
    apart = float(np.abs(moving - resting).mean())
    assert apart < 0.2 * float(np.abs(np.roll(resting, 1, axis=1) - resting).mean()) + 1e-9


def test_colours_that_come_while_the_map_moves_are_shown(view: MapView) -> None:
    view.canvas.pan(QPointF(2, 2))
    before = pixels(view)
    view.set_colours(np.full(N, 3, np.uint16), PALETTE)
    view.canvas.points.put_in_order()
    assert view.canvas._gliding
    moving = pixels(view)
    assert np.abs(moving - before).mean() > 1
    assert np.abs(moving - rested(view)).mean() < 1


def test_zoom_and_fit_end_the_gliding(view: MapView) -> None:
    for then in (lambda: view.canvas.zoom(1.3, QPointF(100, 100)), view.fit):
        view.canvas.pan(QPointF(9, 9))
        assert view.canvas._gliding
        then()
        assert not view.canvas._gliding


def test_the_row_under_the_mouse_is_that_of_the_view_as_it_is(view: MapView) -> None:
    view.canvas.pan(QPointF(31, 17))
    pixels(view)
    row = int(view.canvas.points.drawn[-1])
    place = view.canvas.position_of(row)
    assert place is not None
    found = view.canvas.row_at(place)
    other = view.canvas.position_of(found)
    assert other is not None
    assert abs(other.x() - place.x()) + abs(other.y() - place.y()) < 1


def test_few_points_are_drawn_for_each_frame(view: MapView, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(canvas_module, "_SHOWN_LATER_FROM", N + 1)
    view.canvas.pan(QPointF(3, 3))
    assert not view.canvas._gliding
