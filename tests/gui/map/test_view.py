"""The map as a person uses it: real mouse, wheel and key events on a shown widget."""

from __future__ import annotations

import itertools
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QColor, QContextMenuEvent, QImage, QKeyEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from medlabeler.gui.kit.dragging import MIME
from medlabeler.gui.map import thumbnails
from medlabeler.gui.map.view import MapView

LEFT, RIGHT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton
NONE, CTRL, SHIFT = (
    Qt.KeyboardModifier.NoModifier,
    Qt.KeyboardModifier.ControlModifier,
    Qt.KeyboardModifier.ShiftModifier,
)
PALETTE = np.array([[155, 159, 164], [216, 126, 18], [0, 90, 198]], np.uint8)


def grid(side: int = 5) -> np.ndarray:
    """Points at whole coordinates 0..side-1; row = x + side * y."""
    y, x = np.divmod(np.arange(side * side), side)
    return np.stack([x, y], 1).astype(np.float32)


@pytest.fixture
def points_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with so many points in view that no thumbnail is shown."""
    monkeypatch.setattr(thumbnails, "MOST_POINTS", 0)


@pytest.fixture
def view(qtbot) -> MapView:
    out = MapView()
    qtbot.addWidget(out)
    out.resize(500, 500)
    out.show()
    qtbot.waitExposed(out)
    out.set_points(grid())
    out.set_colours(np.arange(25) % 3, PALETTE)
    return out


def at(view: MapView, x: float, y: float) -> QPoint:
    return view.canvas.to_widget(x, y).toPoint()


def drag(view: MapView, path: list[QPoint], button=LEFT, modifiers=NONE) -> None:
    target = view.canvas.viewport()
    QTest.mousePress(target, button, modifiers, path[0])
    for a, b in itertools.pairwise(path):
        for i in range(1, 6):
            QTest.mouseMove(target, a + (b - a) * i / 5)
    QTest.mouseRelease(target, button, modifiers, path[-1])


def wheel(view: MapView, position: QPoint, turn: int) -> None:
    target = view.canvas.viewport()
    event = QWheelEvent(
        QPointF(position),
        QPointF(target.mapToGlobal(position)),
        QPoint(),
        QPoint(0, turn),
        Qt.MouseButton.NoButton,
        NONE,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(target, event)


def test_fit_shows_every_point_with_one_scale(view: MapView) -> None:
    rect = view.canvas.view()
    assert rect.contains(QPointF(0, 0))
    assert rect.contains(QPointF(4, 4))
    view.resize(700, 300)
    rect, size = view.canvas.view(), view.canvas.size_of_view()
    assert rect.width() / size.width() == pytest.approx(rect.height() / size.height())
    assert rect.height() == pytest.approx(4 * 1.12)


@pytest.mark.parametrize("modifiers", [NONE, CTRL])
def test_a_click_names_the_point_and_the_keys_held(view: MapView, qtbot, modifiers) -> None:
    with qtbot.waitSignal(view.clicked) as caught:
        QTest.mouseClick(view.canvas.viewport(), LEFT, modifiers, at(view, 3, 2) + QPoint(3, -3))
    assert caught.args[0] == 13
    assert caught.args[1] == modifiers


def test_a_click_on_empty_ground_names_none(view: MapView, qtbot) -> None:
    with qtbot.waitSignal(view.clicked) as caught:
        QTest.mouseClick(view.canvas.viewport(), LEFT, NONE, at(view, 2.5, 2.5))
    assert caught.args[0] == -1


def test_the_right_button_asks_for_a_menu_and_does_not_click(view: MapView, qtbot) -> None:
    with qtbot.assertNotEmitted(view.clicked), qtbot.waitSignal(view.menu_requested) as caught:
        QTest.mouseClick(view.canvas.viewport(), RIGHT, NONE, at(view, 1, 1))
    assert caught.args[0] == 6
    assert caught.args[1] == view.canvas.viewport().mapToGlobal(at(view, 1, 1))


def test_hidden_points_cannot_be_hit_or_caught(view: MapView, qtbot) -> None:
    view.set_colours(np.arange(25) % 3, PALETTE, hidden={13 % 3})
    with qtbot.waitSignal(view.clicked) as caught:
        QTest.mouseClick(view.canvas.viewport(), LEFT, NONE, at(view, 3, 2))
    assert caught.args[0] == -1
    view.set_tool("rectangle")
    with qtbot.waitSignal(view.lassoed) as caught:
        drag(view, [at(view, -0.2, -0.2), at(view, 4.2, 4.2)])
    assert (caught.args[0] % 3 != 1).all()
    assert len(caught.args[0]) == 17


def test_dragging_moves_the_map_with_the_hand(view: MapView, qtbot) -> None:
    before = view.canvas.to_widget(2, 2)
    with qtbot.assertNotEmitted(view.clicked):
        drag(view, [QPoint(250, 215), QPoint(310, 255)])
    moved = view.canvas.to_widget(2, 2) - before
    assert (moved.x(), moved.y()) == pytest.approx((60, 40), abs=0.01)


def test_the_wheel_zooms_around_the_cursor(view: MapView) -> None:
    cursor = at(view, 3, 1)
    under, width = view.canvas.to_map(QPointF(cursor)), view.canvas.view().width()
    wheel(view, cursor, 240)
    assert view.canvas.view().width() < 0.7 * width
    now = view.canvas.to_map(QPointF(cursor))
    assert (now.x(), now.y()) == pytest.approx((under.x(), under.y()), abs=1e-6)


def test_zoom_has_an_end_both_ways(view: MapView) -> None:
    for _ in range(60):
        wheel(view, QPoint(250, 250), 600)
    assert view.canvas.view().width() > 1e-5
    for _ in range(60):
        wheel(view, QPoint(250, 250), -600)
    assert view.canvas.view().width() < 100


@pytest.mark.parametrize("how", ["key", "double click"])
def test_fit_by_key_and_by_double_click(view: MapView, how: str) -> None:
    fitted = view.canvas.view()
    wheel(view, QPoint(100, 100), 480)
    assert view.canvas.view() != fitted
    if how == "key":
        QTest.keyClick(view.canvas, Qt.Key.Key_F)
    else:
        QTest.mouseDClick(view.canvas.viewport(), LEFT, NONE, at(view, 0.5, 3.5))
    assert view.canvas.view().width() == pytest.approx(fitted.width())


def test_label_keys_are_left_to_the_window(view: MapView) -> None:
    for key in (Qt.Key.Key_1, Qt.Key.Key_Return, Qt.Key.Key_Left, Qt.Key.Key_U):
        event = QKeyEvent(QEvent.Type.KeyPress, key, NONE)
        QApplication.sendEvent(view.canvas, event)
        assert not event.isAccepted()


def test_the_lasso_catches_what_it_encloses(view: MapView, qtbot) -> None:
    view.set_tool("lasso")
    path = [at(view, *p) for p in [(0.5, 0.5), (3.5, 0.5), (3.5, 1.5), (1.5, 1.5), (1.5, 3.5), (0.5, 3.5)]]
    with qtbot.waitSignal(view.lassoed) as caught:
        drag(view, path, modifiers=CTRL)
    assert caught.args[0].dtype == np.int64
    assert caught.args[0].tolist() == [6, 7, 8, 11, 16]
    assert caught.args[1] == CTRL
    assert view.canvas.outline.count() == 0


def test_shift_is_a_lasso_with_the_pan_tool(view: MapView, qtbot) -> None:
    path = [at(view, *p) for p in [(1.5, 1.5), (2.5, 1.5), (2.5, 2.5), (1.5, 2.5)]]
    with qtbot.waitSignal(view.lassoed) as caught:
        drag(view, path, modifiers=SHIFT | CTRL)
    assert caught.args[0].tolist() == [12]
    assert caught.args[1] == CTRL


def test_the_rectangle_catches_what_it_spans_in_either_direction(view: MapView, qtbot) -> None:
    view.set_tool("rectangle")
    for a, b in (((0.5, 0.5), (2.5, 1.5)), ((2.5, 1.5), (0.5, 0.5))):
        with qtbot.waitSignal(view.lassoed) as caught:
            drag(view, [at(view, *a), at(view, *b)])
        assert caught.args[0].tolist() == [6, 7]


def test_the_middle_button_pans_whatever_the_tool(view: MapView, qtbot) -> None:
    view.set_tool("lasso")
    before = view.canvas.view()
    with qtbot.assertNotEmitted(view.lassoed):
        drag(view, [QPoint(200, 200), QPoint(240, 200)], button=MIDDLE)
    assert view.canvas.view().x() < before.x()


def test_escape_drops_a_lasso_under_way(view: MapView, qtbot) -> None:
    view.set_tool("lasso")
    target = view.canvas.viewport()
    with qtbot.assertNotEmitted(view.lassoed):
        QTest.mousePress(target, LEFT, NONE, QPoint(100, 100))
        QTest.mouseMove(target, QPoint(150, 100))
        QTest.mouseMove(target, QPoint(150, 150))
        QTest.keyClick(view.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(target, LEFT, NONE, QPoint(100, 150))
    assert view.canvas.outline.count() == 0


def test_tools_by_name(view: MapView, qtbot) -> None:
    with qtbot.waitSignal(view.tool_changed) as caught:
        view.set_tool("rectangle")
    assert caught.args == ["rectangle"]
    assert view.tool == "rectangle"
    with pytest.raises(ValueError, match="brush"):
        view.set_tool("brush")


@pytest.mark.usefixtures("points_alone")
def test_hover_shows_the_image_and_its_text(view: MapView, qtbot) -> None:
    images: dict[int, QImage] = {}
    asked: list[int] = []
    view.set_thumbnail_source(images.get, asked.extend)
    view.set_hover_text(lambda row: f"Image {row}")
    with qtbot.waitSignal(view.hovered) as caught:
        QTest.mouseMove(view.canvas.viewport(), at(view, 2, 2))
    assert caught.args == [12]
    assert asked == [12]
    popup = view._popup
    assert popup.isVisible()
    assert popup.text.text() == "Image 12"
    images[12] = QImage(64, 64, QImage.Format.Format_RGB32)
    images[12].fill(QColor("#ff0000"))
    view.thumbnails_loaded([12])
    assert popup.picture.pixmap().toImage().pixelColor(70, 70) == QColor("#ff0000")
    with qtbot.waitSignal(view.hovered) as caught:
        QTest.mouseMove(view.canvas.viewport(), at(view, 2.5, 2.5))
    assert caught.args == [-1]
    assert not popup.isVisible()


def test_dragging_the_selection_starts_a_drop_with_our_mime_type(view: MapView, qtbot) -> None:
    view.set_selection(np.isin(np.arange(25), [12, 13]))
    assert view.drag_object().mimeData().hasFormat(MIME)
    before = view.canvas.view()

    def give_up() -> None:
        window = QApplication.focusWindow() or view.windowHandle()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        QTest.mouseRelease(window, LEFT, NONE, QPoint(5, 5))

    QTimer.singleShot(100, view, give_up)
    with qtbot.waitSignal(view.drag_started):
        target = view.canvas.viewport()
        QTest.mousePress(target, LEFT, NONE, at(view, 2, 2))
        QTest.mouseMove(target, at(view, 2, 2) + QPoint(30, 30))
    assert view.canvas.view() == before, "the map must not move while its selection is dragged"
    drag(view, [at(view, 2.5, 2.5), at(view, 3.5, 2.5)])
    assert view.canvas.view() != before, "and afterwards it pans again"


def pixel(view: MapView, x: float, y: float) -> QColor:
    image = view.canvas.grab().toImage()
    where = at(view, x, y) * image.devicePixelRatio()
    return image.pixelColor(where)


@pytest.mark.usefixtures("points_alone")
def test_colours_selection_and_theme_are_what_is_painted(view: MapView) -> None:
    assert pixel(view, 1, 0) == QColor(*PALETTE[1])
    assert pixel(view, 2.5, 2.5) == QColor("#ffffff")
    view.set_selection(np.arange(25) == 2)
    assert pixel(view, 1, 0) == QColor(*PALETTE[1]), "one image alone greys nothing"
    view.set_selection(np.isin(np.arange(25), [2, 3]))
    assert pixel(view, 2, 0) == QColor(*PALETTE[2])
    assert pixel(view, 1, 0) == QColor(*view.canvas.tones.dim)
    view.set_dark(True)
    assert pixel(view, 2.5, 2.5) == QColor(*view.canvas.tones.ground)
    assert pixel(view, 2.5, 2.5).lightness() < 50


@pytest.mark.usefixtures("points_alone")
def test_test_images_are_rings_and_labelled_ones_have_an_outline(view: MapView) -> None:
    plain = pixel(view, 1, 0)
    rim = QPointF(at(view, 2, 1)) + QPointF(view.canvas.marker_radius() + 1, 0)
    view.set_marks(labelled=np.arange(25) == 7, test=np.arange(25) == 1)
    assert plain == QColor(*PALETTE[1])
    assert pixel(view, 1, 0) == QColor("#ffffff")
    assert view.canvas.grab().toImage().pixelColor(rim.toPoint()).lightness() < 140


@pytest.mark.usefixtures("points_alone")
def test_the_current_image_is_ringed(view: MapView) -> None:
    ring = QPointF(at(view, 2, 2)) + QPointF(view.canvas.marker_radius() + 5, 0)
    before = view.canvas.grab().toImage().pixelColor(ring.toPoint())
    view.set_current(12)
    assert before == QColor("#ffffff")
    assert view.canvas.grab().toImage().pixelColor(ring.toPoint()) == QColor(view.canvas.tones.accent)


def test_layouts_move_and_arrive(view: MapView, qtbot) -> None:
    target = grid()[::-1] * 3
    view.set_points(target, animate=True, duration_ms=120)
    assert view.motion.running
    qtbot.waitSignal(view.motion.finished).wait()
    assert np.array_equal(np.stack([view.points.all_x, view.points.all_y], 1), target)
    assert view.canvas.view().contains(QPointF(12, 12))


def test_the_same_layout_again_leaves_the_view_alone(view: MapView) -> None:
    view.canvas.zoom(3, QPointF(100, 100))
    before = view.canvas.view()
    view.set_points(grid(), animate=True)
    assert view.canvas.view() == before
    assert not view.motion.running


@pytest.mark.usefixtures("points_alone")
def test_selected_images_without_a_colour_stand_out_from_the_unselected(view: MapView) -> None:
    view.set_colours(np.zeros(25, np.uint16), PALETTE)
    view.set_selection(np.isin(np.arange(25), [2, 3]))
    assert pixel(view, 1, 0).lightness() - pixel(view, 2, 0).lightness() > 80


def test_masks_of_another_length_are_refused_at_once(view: MapView) -> None:
    with pytest.raises(ValueError, match="25 points"):
        view.set_selection(np.zeros(24, bool))


def test_the_menu_key_asks_about_the_current_image(view: MapView, qtbot) -> None:
    view.set_current(7)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(5, 5), QPoint(5, 5))
    with qtbot.waitSignal(view.menu_requested) as caught:
        QApplication.sendEvent(view.canvas.viewport(), event)
    assert caught.args == [7, view.canvas.viewport().mapToGlobal(at(view, 2, 1))]


def test_a_touch_ends_the_move_at_once(view: MapView) -> None:
    target = grid() * 3
    view.set_points(target, animate=True, duration_ms=60_000)
    start = np.stack([view.points.all_x, view.points.all_y], 1)
    assert np.abs(start - grid()).max() < 0.1, "it starts from where the points were"
    wheel(view, QPoint(250, 250), 120)
    assert not view.motion.running
    assert np.array_equal(view.points.all_x, target[:, 0])


def test_points_may_come_and_go_with_a_layout(view: MapView, qtbot) -> None:
    first = grid()
    first[3] = np.nan
    view.set_points(first)
    target = grid() + 1
    target[4] = np.nan
    view.set_points(target, animate=True, duration_ms=50)
    qtbot.waitSignal(view.motion.finished).wait()
    assert 3 in view.points.drawn
    assert 4 not in view.points.drawn


def test_a_recolour_during_the_move_does_not_disturb_it(view: MapView, qtbot) -> None:
    view.set_points(grid() * 2, animate=True, duration_ms=80)
    view.set_colours(np.arange(25)[::-1] % 3, PALETTE, hidden={2})
    view.set_selection(np.arange(25) == 4)
    qtbot.waitSignal(view.motion.finished).wait()
    assert np.array_equal(view.points.x, view.points.all_x[view.points.drawn])


def test_thumbnails_appear_when_zoomed_in_do_not_overlap_and_are_asked_for_once_missing(qtbot) -> None:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    rng = np.random.default_rng(0)
    view.set_points(rng.random((5000, 2)).astype(np.float32))
    images: dict[int, QImage] = {}
    asked: set[int] = set()
    view.set_thumbnail_source(images.get, asked.update)
    view.canvas.grab()
    assert view.canvas.thumbnails.side == 0
    assert not asked
    view.canvas.zoom(8, QPointF(300, 250))
    view.canvas.grab()
    layer = view.canvas.thumbnails
    assert 10 < len(layer.rows) <= 150
    dx = np.abs(layer.columns[:, None] - layer.columns)
    dy = np.abs(layer.lines[:, None] - layer.lines)
    apart = np.maximum(dx, dy)[~np.eye(len(layer.rows), dtype=bool)]
    assert (apart >= layer.side).all()
    assert asked == set(layer.rows.tolist())
    assert not view._later.isActive(), "missing images are waited for, not asked for in every frame"
    for row in asked:
        images[row] = QImage(32, 32, QImage.Format.Format_RGB32)
        images[row].fill(QColor("#123456"))
    view.thumbnails_loaded(sorted(asked))
    i = int(np.argmin(np.hypot(layer.columns - 300, layer.lines - 250)))
    middle = QPointF(float(layer.columns[i]), float(layer.lines[i])).toPoint()
    qtbot.waitUntil(lambda: view.canvas.grab().toImage().pixelColor(middle) == QColor("#123456"))
    with qtbot.waitSignal(view.clicked) as caught:
        QTest.mouseClick(view.canvas.viewport(), LEFT, NONE, middle + QPoint(layer.side // 2 - 3, 0))
    assert caught.args[0] == layer.rows[i], "the whole picture can be clicked"


def test_a_small_pan_keeps_the_same_thumbnails(qtbot) -> None:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    view.set_points(np.random.default_rng(0).random((300, 2)).astype(np.float32))
    view.canvas.zoom(2, QPointF(300, 250))
    view.canvas.frame()
    before, side = set(view.canvas.thumbnails.rows.tolist()), view.canvas.thumbnails.side
    view.canvas.pan(QPointF(7, 3))
    view.canvas.frame()
    after = set(view.canvas.thumbnails.rows.tolist())
    assert view.canvas.thumbnails.side == side > 0
    assert len(before & after) > 0.8 * len(before)


def test_an_empty_map_says_what_to_do(qtbot) -> None:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.show()
    view.set_empty_text("Compute the embedding to see the map.")
    assert view._empty.isVisible()
    view.canvas.grab()
    QTest.mouseClick(view.canvas.viewport(), LEFT, NONE, QPoint(200, 150))
    wheel(view, QPoint(200, 150), 120)
    view.fit()
    view.set_points(np.full((4, 2), np.nan, np.float32))
    assert view._empty.isVisible()
    view.set_points(np.zeros((4, 2), np.float32))
    assert not view._empty.isVisible()
    view.canvas.grab()


def test_many_points_are_rastered_and_still_hit(qtbot) -> None:
    view = MapView()
    qtbot.addWidget(view)
    view.resize(600, 500)
    view.show()
    rng = np.random.default_rng(0)
    xy = rng.random((60_000, 2)).astype(np.float32)
    xy[77] = (2.0, 0.5)
    view.set_points(xy)
    view.set_colours(np.ones(60_000, np.uint16), PALETTE)
    orange = QColor(*PALETTE[1])
    assert abs(pixel(view, 0.5, 0.5).hue() - orange.hue()) < 25
    with qtbot.waitSignal(view.clicked) as caught:
        QTest.mouseClick(view.canvas.viewport(), LEFT, NONE, at(view, 2.0, 0.5))
    assert caught.args[0] == 77


def test_the_window_process_stays_light() -> None:
    code = (
        "import sys, medlabeler.gui.map.view, medlabeler.gui.map.legend, medlabeler.gui.map.colouring;"
        "print([m for m in ('scipy','sklearn','torch','numba','umap','OpenGL','matplotlib','pandas','PIL') "
        "if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_map_of_many_points_comes_a_moment_after_the_panels_around_it(qtbot: Any) -> None:
    """Fails before: both in one turn of the window. It is the same picture in the end."""
    n = 60_000
    rng = np.random.default_rng(0)
    view = MapView()
    qtbot.addWidget(view)
    view.resize(400, 300)
    view.set_points(rng.standard_normal((n, 2)).astype(np.float32))
    palette = np.array([[9, 9, 9], [250, 0, 0], [0, 0, 250]], np.uint8)
    view.set_colours(rng.integers(0, 3, n).astype(np.uint16), palette)
    prepared: list[int] = []
    draw = view.canvas._raster.draw

    def counted(*args: Any, **options: Any) -> Any:
        prepared.append(1)
        return draw(*args, **options)

    view.canvas._raster.draw = counted  # type: ignore[method-assign]  # another one in its place
    view.show()
    assert view.canvas._comes_later.isActive()
    view.canvas.grab()
    assert not prepared, "a paint before its time draws nothing new"
    qtbot.waitUntil(lambda: bool(prepared))
    shown = view.canvas.grab().toImage()
    view.hide()
    view.show()
    assert view.canvas.grab().toImage() == shown, "what it showed last"
    qtbot.waitUntil(lambda: not view.canvas._comes_later.isActive())
    assert view.canvas.grab().toImage() == shown


def test_many_points_are_put_in_order_and_drawn_in_turns_of_their_own(qtbot: Any) -> None:
    """Fails before: the turn that paints the panels around a map of another selection did it all. Who looks
    before its time sees what is right.
    """
    n = 60_000
    view = MapView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.set_points(np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32))
    view.show()
    qtbot.waitExposed(view)
    turns: list[str] = []
    steps = {"order": (view.points, "put_in_order"), "paint": (view.canvas, "paint_map")}
    for name, (owner, method) in steps.items():
        known = getattr(owner, method)

        def noted(*args: Any, name: str = name, known: Any = known) -> Any:
            if name == "paint" or view.points.stale:
                turns.append(f"{name} while {'stale' if view.points.stale else 'in order'}")
            return known(*args)

        setattr(owner, method, noted)
    picture(view)
    qtbot.waitUntil(lambda: not view.canvas._comes_later.isActive() and not view.canvas._steps.isActive())
    QCoreApplication.processEvents()
    turns.clear()
    view.set_selection(np.arange(n) < n // 2)
    qtbot.waitUntil(lambda: len(turns) > 1)
    assert turns[:2] == ["order while stale", "paint while in order"]
    after = picture(view)
    view.set_selection(np.zeros(n, bool))
    assert picture(view) != after, "a paint before its time shows what is selected now"


def test_a_map_that_comes_into_sight_with_another_selection_lets_the_panels_be_painted_first(
    qtbot: Any,
) -> None:
    """Fails before: a paint between its steps computed all that was left in its own turn."""
    n = 60_000
    view = MapView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.set_points(np.random.default_rng(0).normal(size=(n, 2)).astype(np.float32))
    view.show()
    qtbot.waitExposed(view)
    before = picture(view)
    view.hide()
    view.set_selection(np.arange(n) < n // 2)
    view.show()
    view.canvas._comes_later.stop()
    view.canvas._come()  # as the timer has it done
    assert not view.points.stale, "the first step"
    assert picture(view) == before, "what it showed last, until the second"
    qtbot.waitUntil(lambda: picture(view) != before)


def test_the_points_in_sight_changed_alone_draw_what_all_changed_draw(qtbot) -> None:
    """Of a map of 60,000 points; a label given meanwhile stands on top at once."""
    rng, n = np.random.default_rng(0), 60_000
    view = MapView()
    qtbot.addWidget(view)
    view.resize(300, 300)
    view.show()
    qtbot.waitExposed(view)
    view.set_points(rng.normal(size=(n, 2)).astype(np.float32))
    old, new = rng.integers(1, 3, (2, n)).astype(np.uint16)
    marked, nobody = rng.random(n) < 0.001, np.zeros(n, bool)
    view.set_colours(old, PALETTE)
    view.set_marks(marked, nobody)
    before = picture(view)
    rows = np.sort(view.rows_in_sight())
    assert len(rows) < n / 4
    one = np.flatnonzero(~marked)[7]
    marked = marked.copy()
    marked[one] = True
    rows = np.union1d(rows, [one])
    assert view.patch_marks(np.array([one]), np.array([True]))
    assert view.patch_colours(rows, new[rows], PALETTE)
    some = picture(view)
    assert (view.points.codes[rows] == new[rows]).all()
    assert one in view.points.drawn[view.points.strong]
    view.set_colours(new, PALETTE)
    view.set_marks(marked, nobody)
    assert picture(view) != before
    different = np.array(some) != np.array(picture(view))
    assert different.mean() < 1e-3, "the label just given may lie above another at a pixel"


def test_a_patched_map_is_put_in_order_by_the_next_colours_though_they_are_the_same(view: MapView) -> None:
    codes = np.arange(25) % 3
    assert view.points.drawn is not None
    assert view.patch_colours(np.array([4, 5]), np.array([2, 1], np.uint16), PALETTE)
    assert not view.patch_colours(np.array([4]), np.array([1], np.uint16), PALETTE[:2])
    view.set_colours(codes, PALETTE)
    assert view.points.codes.tolist() == codes.tolist()
    at_row = dict(zip(view.points.drawn.tolist(), (view.points.value & 127).tolist(), strict=True))
    assert [at_row[row] - 1 for row in range(25)] == codes.tolist()


def test_colours_that_are_hidden_neither_come_nor_go_with_a_patch(view: MapView) -> None:
    codes = np.arange(25) % 3
    view.set_colours(codes, PALETTE, hidden=[1])
    shown = set(view.points.drawn.tolist())
    assert view.patch_colours(np.array([0, 1, 2]), np.array([1, 2, 0], np.uint16), PALETTE)
    assert set(view.points.drawn.tolist()) == shown
    assert view.points.codes[:3].tolist() == [0, 1, 0]


def picture(view: MapView) -> Any:
    """The map as it is painted, RGB int (h, w, 3) as lists."""
    image = view.canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[..., :3].tolist()
