"""What is wrong with the layout of a window: texts cut, controls on each other, or too large."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QComboBox,
    QGraphicsView,
    QLabel,
    QLineEdit,
    QStyle,
    QTabBar,
    QToolBar,
    QToolButton,
    QWidget,
)

from medlabeler.gui.kit.plain import Elided

SLACK = 2
CONTROLS = (QLabel, QAbstractButton, QComboBox, QLineEdit, QAbstractSpinBox, QAbstractScrollArea)


def faults(window: QWidget, room: QSize | None = None) -> list[str]:
    """One sentence for each fault of `window`, shown now; `room`: of a screen smaller than its own."""
    return [
        *_beyond_screen(window, room or window.screen().availableSize()),
        *_cut(window),
        *_cut_tabs(window),
        *_overlapping(window),
    ]


def _beyond_screen(window: QWidget, room: QSize) -> Iterator[str]:
    # The frame is the desktop's, and none is drawn without one.
    if window.isWindow() and (window.width() > room.width() or window.height() > room.height()):
        size, screen = window.size().toTuple(), room.toTuple()
        yield f"the window {size} is beyond the screen {screen}"


def _shown(window: QWidget) -> Iterator[QWidget]:
    for widget in window.findChildren(QWidget):
        if widget.isVisible() and widget.window() is window and not widget.objectName().startswith("qt_"):
            yield widget


def _text(widget: QWidget) -> str:
    if isinstance(widget, QComboBox):
        return widget.currentText()
    return widget.text() if isinstance(widget, (QLabel, QAbstractButton)) else ""


def _cut(window: QWidget) -> Iterator[str]:
    for widget in _shown(window):
        text = _text(widget)
        if not text or isinstance(widget, Elided) or _only_an_icon(widget):
            continue
        name = f"{type(widget).__name__} {text[:50]!r}"
        if isinstance(widget, QLabel) and widget.wordWrap():
            if (needed := widget.heightForWidth(widget.width())) > widget.height() + SLACK:
                yield f"{name} is cut: {widget.height()} pixels high, not {needed}"
        elif _width_of(widget) > widget.width() + SLACK and (
            isinstance(widget, QLabel) or widget.toolTip() == ""
        ):
            yield f"{name} is cut: {widget.width()} pixels wide, not {_width_of(widget)}"
        if not _scrolls(widget) and not _whole(widget):
            yield f"{name} is hidden in part"


def _cut_tabs(window: QWidget) -> Iterator[str]:
    for bar in window.findChildren(QTabBar):
        if not bar.isVisible() or bar.window() is not window:
            continue
        for at in range(bar.count()):
            place, name = bar.tabRect(at), f"tab {bar.tabText(at)!r}"
            if place.width() < bar.tabSizeHint(at).width():
                yield f"{name} is cut: {place.width()} pixels wide, not {bar.tabSizeHint(at).width()}"
            if not bar.rect().adjusted(0, 0, SLACK, SLACK).contains(place):
                yield f"{name} is hidden behind an arrow"


def _only_an_icon(widget: QWidget) -> bool:
    if not isinstance(widget, QToolButton) or widget.icon().isNull():
        return False
    return widget.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly


def _width_of(widget: QWidget) -> int:
    if isinstance(widget, QComboBox):
        frame = widget.style().pixelMetric(QStyle.PixelMetric.PM_DefaultFrameWidth)
        return widget.fontMetrics().horizontalAdvance(widget.currentText()) + 28 + 2 * frame
    if isinstance(widget, QLabel):
        lines = widget.text().split("\n")
        margins = widget.contentsMargins()
        widest = max(widget.fontMetrics().horizontalAdvance(line) for line in lines)
        return widest + margins.left() + margins.right() + 2 * widget.margin()
    return widget.minimumSizeHint().width()


def _scrolls(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    while parent is not None:
        if isinstance(parent, (QAbstractScrollArea, QToolBar)):
            return True
        parent = parent.parentWidget()
    return False


def _whole(widget: QWidget) -> bool:
    """Whether all of it lies within each widget around it."""
    parent = widget.parentWidget()
    while parent is not None and not widget.isWindow():
        area = QRect(widget.mapTo(parent, QPoint()), widget.size())
        if not parent.rect().adjusted(-SLACK, -SLACK, SLACK, SLACK).contains(area):
            return False
        if parent.isWindow():
            break
        parent = parent.parentWidget()
    return True


def _overlapping(window: QWidget) -> Iterator[str]:
    controls = [widget for widget in _shown(window) if isinstance(widget, CONTROLS)]
    for at, one in enumerate(controls):
        for other in controls[at + 1 :]:
            if one.parentWidget() is not other.parentWidget() or _is_caption(one, other):
                continue
            common = one.geometry().intersected(other.geometry())
            if common.width() > SLACK and common.height() > SLACK:
                yield f"{type(one).__name__} {_text(one)[:40]!r} lies on {_text(other)[:40]!r}"


def _is_caption(one: QWidget, other: QWidget) -> bool:
    """Whether a label stands on a picture such as the map, as its caption."""
    return any(
        isinstance(a, QGraphicsView) and isinstance(b, QLabel) for a, b in ((one, other), (other, one))
    )
