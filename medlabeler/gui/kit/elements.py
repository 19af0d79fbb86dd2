"""Small parts the panels share: colours derived from the palette, keycaps, slim bars, empty states."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QIcon, QPainter, QPaintEvent, QPalette, QPen, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain import language


def blend(a: QColor, b: QColor, share: float) -> QColor:
    """The colour that lies `share` (0..1) of the way from `a` to `b`."""
    return QColor.fromRgbF(
        a.redF() + (b.redF() - a.redF()) * share,
        a.greenF() + (b.greenF() - a.greenF()) * share,
        a.blueF() + (b.blueF() - a.blueF()) * share,
    )


def luminance(colour: QColor) -> float:
    """Relative luminance, 0..1 (WCAG 2)."""

    def linear(x: float) -> float:
        return x / 12.92 if x <= 0.04045 else ((x + 0.055) / 1.055) ** 2.4

    return 0.2126 * linear(colour.redF()) + 0.7152 * linear(colour.greenF()) + 0.0722 * linear(colour.blueF())


def readable_on(colour: QColor) -> QColor:
    """Black or white, whichever is easier to read on `colour`; at least 4.5 on every colour."""
    return QColor(Qt.GlobalColor.black if luminance(colour) > 0.18 else Qt.GlobalColor.white)


@dataclass(frozen=True)
class Ink:
    """The colours a panel paints with, all derived from the palette, so light and dark follow the theme."""

    text: QColor
    muted: QColor
    faint: QColor
    line: QColor
    base: QColor
    surface: QColor
    accent: QColor
    on_accent: QColor
    error: QColor
    dark: bool

    @staticmethod
    def of(palette: QPalette) -> Ink:
        """The ink that suits `palette`."""
        text, base = palette.color(QPalette.ColorRole.Text), palette.color(QPalette.ColorRole.Base)
        return Ink(
            text=text,
            muted=palette.color(QPalette.ColorRole.PlaceholderText),
            faint=blend(text, base, 0.65),
            line=blend(text, base, 0.86),
            base=base,
            surface=palette.color(QPalette.ColorRole.Window),
            accent=palette.color(QPalette.ColorRole.Highlight),
            on_accent=palette.color(QPalette.ColorRole.HighlightedText),
            error=QColor("#d9653b"),
            dark=base.lightnessF() < 0.5,
        )


def counted(count: int, noun: str) -> str:
    """`1 label`, `1,234 labels`."""
    return language.count(count, noun)


def swatch_icon(colour: str, size: int = 14) -> QIcon:
    """A square of `colour` for menus and combo boxes."""
    pixmap = QPixmap(size, size)
    pixmap.fill(QColor(colour))
    return QIcon(pixmap)


def small(font: QFont, factor: float = 0.88, bold: bool = False) -> QFont:
    """A copy of `font`, scaled; pixel and point sizes are both respected."""
    copy = QFont(font)
    if font.pointSizeF() > 0:
        copy.setPointSizeF(font.pointSizeF() * factor)
    else:
        copy.setPixelSize(max(8, round(font.pixelSize() * factor)))
    copy.setBold(bold)
    return copy


def draw_keycaps(painter: QPainter, area: QRectF, keys: Sequence[str], ink: Ink, font: QFont) -> None:
    """Paint `keys` as little keys, centred in `area`."""
    painter.save()
    painter.setFont(font)
    metrics = QFontMetrics(font)
    height = metrics.height() + 2.0
    widths = [max(height - 2, metrics.horizontalAdvance(key) + 8.0) for key in keys]
    x = area.center().x() - (sum(widths) + 2.0 * (len(keys) - 1)) / 2
    for key, width in zip(keys, widths, strict=True):
        cap = QRectF(x, area.center().y() - height / 2, width, height)
        painter.setPen(QPen(blend(ink.text, ink.base, 0.75), 1))
        painter.setBrush(blend(ink.text, ink.base, 0.94))
        painter.drawRoundedRect(cap.adjusted(0.5, 0.5, -0.5, -0.5), 3.5, 3.5)
        painter.setPen(ink.muted)
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, key)
        x += width + 2
    painter.restore()


def draw_bar(painter: QPainter, area: QRectF, share: float, colour: QColor, track: QColor) -> None:
    """Paint a slim bar filled to `share` (0..1)."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    radius = area.height() / 2
    painter.setBrush(track)
    painter.drawRoundedRect(area, radius, radius)
    if share > 0:
        filled = QRectF(area)
        filled.setWidth(max(area.height(), area.width() * min(1.0, share)))
        painter.setBrush(colour)
        painter.drawRoundedRect(filled, radius, radius)
    painter.restore()


def draw_swatch(painter: QPainter, area: QRectF, colour: QColor, ink: Ink) -> None:
    """Paint a class's colour as a rounded square with a rim that shows on either theme."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(blend(colour, ink.text, 0.25), 1))
    painter.setBrush(colour)
    painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
    painter.restore()


class EmptyState(QWidget):
    """A sentence in the middle of an empty panel: what would be here, and what to do to get it."""

    def __init__(self, title: str, sentence: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._sentence = title, sentence
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._announce()

    def set_text(self, title: str, sentence: str = "") -> None:
        """Say something else."""
        self._title, self._sentence = title, sentence
        self._announce()
        self.update()

    def text(self) -> str:
        """What it says, in one string."""
        return f"{self._title} {self._sentence}".strip()

    def _announce(self) -> None:
        self.setAccessibleName(self.text())

    def sizeHint(self) -> QSize:
        return QSize(240, 96)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ink = Ink.of(self.palette())
        width = min(self.width() - 24, 380)
        if width < 40:
            return
        title_font = small(self.font(), 1.0, bold=True)
        flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
        title = QFontMetrics(title_font).boundingRect(QRect(0, 0, width, 1000), flags, self._title)
        body = QFontMetrics(self.font()).boundingRect(QRect(0, 0, width, 1000), flags, self._sentence)
        gap = 6 if self._title and self._sentence else 0
        top = QPointF(
            (self.width() - width) / 2, max(4.0, (self.height() - title.height() - gap - body.height()) / 2)
        )
        painter.setFont(title_font)
        painter.setPen(ink.muted)
        painter.drawText(QRectF(top.x(), top.y(), width, title.height()), flags, self._title)
        painter.setFont(self.font())
        painter.setPen(ink.muted)
        below = QRectF(top.x(), top.y() + title.height() + gap, width, body.height() + 2)
        painter.drawText(below, flags, self._sentence)
