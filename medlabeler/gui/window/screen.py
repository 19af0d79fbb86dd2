"""No window is larger than its screen, the frame that the desktop draws round it included."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def keep_on_screen(window: QWidget) -> None:
    """Make a window that is shown smaller, and move it, until all of it is in sight."""
    screen = window.screen()
    if QGuiApplication.platformName() == "offscreen":
        return  # there is no screen: pictures are taken in any size
    if screen is None or window.isMaximized() or window.isFullScreen() or not window.isVisible():
        return
    room, frame, inside = screen.availableGeometry(), window.frameGeometry(), window.geometry()
    border = frame.size() - inside.size()
    window.resize(inside.size().boundedTo(room.size() - border))
    frame = window.frameGeometry()
    left = max(room.left(), min(frame.left(), room.right() + 1 - frame.width()))
    top = max(room.top(), min(frame.top(), room.bottom() + 1 - frame.height()))
    if (left, top) != (frame.left(), frame.top()):
        window.move(left, top)
