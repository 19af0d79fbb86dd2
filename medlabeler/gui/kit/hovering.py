"""What widgets share that paint places which can be pointed at and clicked."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QHelpEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QToolTip, QWidget

from medlabeler.gui.kit.plain import tip


class Hovering(QWidget):
    """Keeps the place under the mouse in `hover`, -1 for none, and shows a hand over it.

    A subclass says how many places there are and where (`places`, `place_at`), what a click does
    (`clicked_at`), and what a place has to tell (`words_at`); `hover_changed` may be told on. By keys: Tab
    comes here, Left and Right go from place to place, Enter and Space click.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.hover = -1
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)

    def places(self) -> int:
        """How many places there are."""
        raise NotImplementedError

    def place_at(self, where: QPointF) -> int:
        """The place at a point of the widget, -1 for none."""
        raise NotImplementedError

    def clicked_at(self, place: int) -> None:
        """The left button was let go over a place."""
        raise NotImplementedError

    def words_at(self, place: int) -> str:
        """The tooltip of a place; none unless a subclass has something to say."""
        return ""

    def hover_changed(self, place: int) -> None:
        """The mouse came to another place, or left (-1)."""

    def point(self, place: int) -> None:
        """Take `place` as the one under the mouse."""
        if place != self.hover:
            self.hover = place
            self.setCursor(Qt.CursorShape.PointingHandCursor if place >= 0 else Qt.CursorShape.ArrowCursor)
            self.hover_changed(place)
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self.point(self.place_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        self.point(-1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self.place_at(event.position())
        if place >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.clicked_at(place)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Walk and click; keys that mean nothing here go on to the window."""
        n = self.places()
        if event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and n:
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self.point((self.hover + step) % n if self.hover >= 0 else (0 if step > 0 else n - 1))
            self.setAccessibleDescription(self.words_at(self.hover))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            if 0 <= self.hover < n:
                self.clicked_at(self.hover)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self.hover < 0 and self.places():
            self.point(0)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.point(-1)
        super().focusOutEvent(event)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            place = self.place_at(QPointF(event.pos()))
            words = self.words_at(place) if place >= 0 else ""
            if words:
                QToolTip.showText(event.globalPos(), tip(words), self)
            else:
                QToolTip.hideText()
            return True
        return super().event(event)
