"""Every text stands out from its ground by 4.5 to 1 at least, in both themes, in every state."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import filled_project
from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QComboBox,
    QLabel,
    QLineEdit,
    QTabBar,
    QToolButton,
    QWidget,
)
from showing import settle
from shown_window import shown_window
from windows_and_states import Sights, windows_and_states

from medlabeler.domain.palette import CLASS_COLOURS
from medlabeler.gui.classes.chips import ClassChips
from medlabeler.gui.kit.elements import EmptyState, luminance, readable_on
from medlabeler.gui.kit.theme import DARK, LIGHT, Tones
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode

LEAST = 4.5
RATIO = 3
"""Letters are drawn so large that their stems have the full colour."""
THEMES = {"light": LIGHT, "dark": DARK}
ON_GROUNDS = {
    "text": ("window", "base", "raised", "hover", "line"),
    "muted": ("window", "base", "raised", "hover"),
    "accent": ("window", "base", "raised", "hover"),
    "danger": ("window", "base", "raised"),
    "on_accent": ("accent",),
    "warning_text": ("warning_ground",),
}


def contrast(a: QColor, b: QColor) -> float:
    """Contrast of two colours, 1..21 (WCAG 2); text takes 4.5 to be read without strain."""
    darker, lighter = sorted((luminance(a), luminance(b)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.fixture(params=["light", pytest.param("dark", marks=pytest.mark.slow)])
def window(
    request: pytest.FixtureRequest, qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[MainWindow]:
    with shown_window(
        filled_project(tmp_path), monkeypatch, size=(1440, 900), lively=True, theme=request.param
    ) as shown:
        yield shown


@pytest.mark.parametrize("theme", list(THEMES))
def test_the_colours_of_texts_stand_out_from_their_grounds(theme: str) -> None:
    tones: Tones = THEMES[theme]
    low = {
        f"{ink} on {ground}": round(contrast(QColor(getattr(tones, ink)), QColor(getattr(tones, ground))), 2)
        for ink, grounds in ON_GROUNDS.items()
        for ground in grounds
    }
    assert {name: found for name, found in low.items() if found < LEAST} == {}


@pytest.mark.parametrize("colour", CLASS_COLOURS)
def test_a_name_on_the_colour_of_its_class_can_be_read(colour: str) -> None:
    assert contrast(readable_on(QColor(colour)), QColor(colour)) >= LEAST


def picture_of(widget: QWidget) -> QImage:
    image = QImage(widget.size() * RATIO, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(RATIO)
    widget.window().render(image, QPoint(), QRect(widget.mapTo(widget.window(), QPoint()), widget.size()))
    return image


def contrast_seen(image: QImage) -> float:
    """Contrast of the commonest colour and of that which is farthest from it."""
    pixels = np.frombuffer(image.constBits(), np.uint32).reshape(image.height(), image.width())
    colours, times = np.unique(pixels[:, ::2], return_counts=True)
    ground, *others = (QColor.fromRgb(int(one)) for one in colours[np.argsort(-times, kind="stable")[:400]])
    return max((contrast(ground, other) for other in others), default=1.0)


def says_something(widget: QWidget) -> bool:
    if isinstance(widget, QToolButton) and widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly:
        return widget.icon().isNull() and bool(widget.text())
    if isinstance(widget, (QLabel, QAbstractButton, QLineEdit)):
        return bool(widget.text().strip(" &"))
    return isinstance(widget, (QComboBox, QTabBar, EmptyState))


def hovered(widget: QWidget) -> None:
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, True)


def left(widget: QWidget) -> None:
    widget.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, False)


def read(shown: QWidget, name: str) -> Iterator[str]:
    """What labels, buttons and fields say too faintly."""
    for widget in shown.findChildren(QWidget):
        if widget.visibleRegion().isEmpty() or not says_something(widget):
            continue
        middle, edge = widget.rect().center(), QPoint(widget.width() // 2 - 1, 0)
        if any(covered(widget, at) for at in (middle, middle - edge, middle + edge)):
            continue
        # In pictures that are buttons the labels are looked at themselves.
        if isinstance(widget.parent(), QAbstractButton) or widget.width() * widget.height() > 60_000:
            continue
        states: list[tuple[str, Callable[[QWidget], None]]] = [("", left)]
        if isinstance(widget, QAbstractButton):
            states.append(("hovered", hovered))
        for state, enter in states:
            enter(widget)
            found = contrast_seen(picture_of(widget))
            left(widget)
            if found < LEAST:
                enabled = "" if widget.isEnabled() else "disabled"
                text = widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""
                yield f"{name}: {type(widget).__name__} {text!r} {state} {enabled}: {found:.2f}"


Drawn = tuple[QRectF, QColor, str]


@contextmanager
def noted() -> Iterator[list[Drawn]]:
    """Where which text is painted by a panel itself, and in which colour; it is left out of the picture."""
    found: list[Drawn] = []

    def remember(painter: QPainter, *args: Any) -> None:
        text = next((one for one in args if isinstance(one, str)), "")
        place = args[0]
        if isinstance(place, (QRect, QRectF)):
            area = QRectF(place)
        else:
            at = QPointF(place) if isinstance(place, (QPoint, QPointF)) else QPointF(args[0], args[1])
            area = QRectF(at.x(), at.y() - 8, painter.fontMetrics().horizontalAdvance(text), 9)
        if text.strip():
            found.append((painter.combinedTransform().mapRect(area), QColor(painter.pen().color()), text))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QPainter, "drawText", remember)
        yield found


@windows_and_states
def test_what_is_said_and_painted_can_be_read(window: MainWindow, sights: Sights) -> None:
    """Both in one walk: of what it takes, showing everything is the larger part."""
    page, low, painted = window.page, [], 0
    assert page is not None
    assert window.opened is not None
    for name, shown in sights(window):
        low += read(shown, name)
        for widget in shown.findChildren(QWidget):
            if widget.isVisible():
                painted += look_at(widget, low, name)
    assert painted > 100
    assert not low, "\n".join(sorted(set(low)))


def test_what_is_painted_of_several_images_and_under_the_pointer_can_be_read(window: MainWindow) -> None:
    page, low = window.page, []
    assert page is not None
    assert window.opened is not None
    window.opened.set_selection([3, 4, 5, 6])
    page.classes.view.hover = QPoint(30, 20)
    for mode in Mode:
        page.choose_mode(mode)
        settle()
        for chips in page.findChildren(ClassChips):
            for place in range(len(chips.chips())):
                chips.point(place)
                look_at(chips, low, f"chip {place} hovered")
        for widget in page.findChildren(QWidget):
            if widget.isVisible():
                look_at(widget, low, f"{mode}, several images")
    assert not low, "\n".join(sorted(set(low)))


def covered(widget: QWidget, at: QPoint) -> bool:
    """Whether a question or a notice lies over it there."""
    top = widget.window().childAt(widget.mapTo(widget.window(), at))
    return top not in (None, widget) and not widget.isAncestorOf(top) and not top.isAncestorOf(widget)


def look_at(widget: QWidget, low: list[str], where: str) -> int:
    """Paint `widget`; how many texts it painted itself, those that stand out too little go to `low`."""
    window, area = widget.window(), QRect(widget.mapTo(widget.window(), QPoint()), widget.size())
    image = QImage(widget.size(), QImage.Format.Format_RGB32)
    with noted() as drawn:
        window.render(image, QPoint(), area)
        drawn.clear()
        alone = QImage(widget.size(), QImage.Format.Format_RGB32)
        QWidget.render(widget, alone, QPoint(), QRegion(), QWidget.RenderFlag.DrawWindowBackground)
    for place, ink, text in drawn:
        inside = place.toRect().intersected(image.rect())
        if inside.isEmpty() or covered(widget, inside.center()):
            continue
        pixels = Counter(
            image.pixel(x, y)
            for y in range(inside.top(), inside.bottom() + 1)
            for x in range(inside.left(), inside.right() + 1)
        )
        ground = QColor(pixels.most_common(1)[0][0])
        if (found := contrast(ink, ground)) < LEAST:
            colours = f"{ink.name()} on {ground.name()}: {found:.2f}"
            low.append(f"{where}: {type(widget).__name__} paints {text!r} {colours}")
    return len(drawn)
