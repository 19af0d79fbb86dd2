"""The small card beside the pointer: the image of the point and a line or two about it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPixmap
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from medlabeler.gui.kit.plain import PlainLabel

SIDE = 144
_AWAY = 18


class Popup(QFrame):
    """Never takes the mouse; stays inside its parent and off the point it tells about."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.row = -1
        self._around = parent
        self.setObjectName("mapPopup")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.picture, self.text = PlainLabel(self), PlainLabel(self)
        self.picture.setFixedSize(SIDE, SIDE)
        self.text.setWordWrap(True)
        self.text.setFixedWidth(SIDE)
        self._box = QVBoxLayout(self)
        self._box.setContentsMargins(6, 6, 6, 6)
        self._box.setSpacing(5)
        self._box.addWidget(self.picture)
        self._box.addWidget(self.text)
        self.hide()

    def set_colours(self, ground: str, ink: str, line: str) -> None:
        """Follow the theme."""
        self._ground = QColor(line)
        self.setStyleSheet(
            f"#mapPopup {{ background: {ground}; border: 1px solid {line}; border-radius: 8px; }}"
            f"#mapPopup QLabel {{ color: {ink}; background: transparent; font-size: 11px; }}"
        )

    def show_row(self, row: int, image: QImage | None, text: str, at: QPointF) -> None:
        """Show beside `at` (the parent's coordinates); without an image yet, an empty frame of the same
        size.
        """
        self.row = row
        self.set_image(image)
        self.text.setText(text)
        self.text.setVisible(bool(text))
        self._box.activate()
        self.adjustSize()
        room = self._around.size()
        x, y = at.x() + _AWAY, at.y() + _AWAY
        if x + self.width() > room.width() - 4:
            x = at.x() - _AWAY - self.width()
        if y + self.height() > room.height() - 4:
            y = at.y() - _AWAY - self.height()
        self.move(round(max(4.0, x)), round(max(4.0, y)))
        self.show()
        self.raise_()

    def set_image(self, image: QImage | None) -> None:
        """The picture arrived, or is still missing."""
        ratio = self.devicePixelRatioF()
        out = QPixmap(round(SIDE * ratio), round(SIDE * ratio))
        out.setDevicePixelRatio(ratio)
        out.fill(Qt.GlobalColor.transparent)
        painter = QPainter(out)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        path = QPainterPath()
        path.addRoundedRect(0, 0, SIDE, SIDE, 5, 5)
        painter.setClipPath(path)
        if image is None or image.isNull():
            painter.fillPath(path, self._ground)
        else:
            scaled = image.scaled(
                out.size(), Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            )
            scaled.setDevicePixelRatio(ratio)
            corner = QPointF((SIDE - scaled.width() / ratio) / 2, (SIDE - scaled.height() / ratio) / 2)
            painter.drawImage(corner, scaled)
        painter.end()
        self.picture.setPixmap(out)
