"""Labels per minute over the work of one session, painted: a bar for five minutes, stacked by source."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import duration
from medlabeler.gui.accuracy.learning_curve_plot import series_colour
from medlabeler.gui.kit.elements import Ink, draw_swatch, small
from medlabeler.gui.kit.plain import tip
from medlabeler.gui.sessions.words import bin_words, pace
from medlabeler.jobs.sessions import SOURCE_WORDS
from medlabeler.project.sessions import BIN_S, Bin, Pause, Session

NEAR = 5.0


def tick_step(most: float, ticks: int) -> float:
    """1, 2 or 5 times a power of ten, so that at most `ticks` steps reach `most`."""
    rough = max(most, 1e-9) / max(1, ticks)
    power = 10.0 ** math.floor(math.log10(rough))
    return next(k * power for k in (1, 2, 5, 10) if k * power >= rough * (1 - 1e-9))


class RatePlot(QWidget):
    """Shows the bins of a session; pauses are cut out and marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(300, 170)
        self.setAccessibleName(tr("Labels per minute"))

    def sizeHint(self) -> QSize:
        return QSize(520, 240)

    def show_session(self, session: Session | None) -> None:
        """Draw another one."""
        self.session = session
        told = "; ".join(bin_words(b) for b in session.bins) if session else ""
        self.setAccessibleDescription(told)
        self.update()

    # Scales

    def limits(self) -> tuple[float, float, float]:
        """Seconds of work on the x axis; labels per minute on the y axis, and between two of its ticks."""
        if self.session is None or not self.session.bins:
            return BIN_S, 1.0, 1.0
        last = self.session.bins[-1]
        most = max(b.per_minute for b in self.session.bins)
        step = tick_step(most, 5)
        high = max(1, math.ceil(most / step - 1e-9)) * step
        return max(BIN_S, last.start_s + last.seconds), high, step

    def plot_area(self) -> QRectF:
        """Inside the axes; above it stand the legend and the lengths of pauses."""
        metrics = QFontMetrics(small(self.font()))
        left = metrics.horizontalAdvance("000") + metrics.height() + 14
        top, below = 2 * metrics.height() + 16, 2 * metrics.height() + 12
        return QRectF(left, top, max(40, self.width() - left - 12), max(30, self.height() - top - below))

    def x_of(self, seconds: float) -> float:
        """Where so many seconds of work are."""
        area = self.plot_area()
        return area.left() + area.width() * seconds / self.limits()[0]

    def y_of(self, per_minute: float) -> float:
        """Where a pace is."""
        area = self.plot_area()
        return area.bottom() - area.height() * per_minute / self.limits()[1]

    def bin_at(self, where: QPointF) -> Bin | None:
        """The bin under the pointer, whatever the height of its bar."""
        area = self.plot_area()
        if self.session is None or not area.contains(where):
            return None
        return next((b for b in reversed(self.session.bins) if self.x_of(b.start_s) <= where.x()), None)

    def pause_at(self, where: QPointF) -> Pause | None:
        """The pause marked near the pointer."""
        if self.session is None:
            return None
        return next((p for p in self.session.pauses if abs(self.x_of(p.at_s) - where.x()) <= NEAR), None)

    # Painting

    def paintEvent(self, event: QPaintEvent) -> None:
        session = self.session
        if session is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        painter.setFont(small(self.font()))
        if not session.bins:
            painter.setPen(ink.muted)
            flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
            painter.drawText(QRectF(self.rect()), flags, tr("Less than a minute of work: no pace to draw."))
            return
        self._paint_axes(painter, ink)
        self._paint_legend(painter, ink, session)
        for b in session.bins:
            self._paint_bin(painter, ink, b)
        self._paint_mean(painter, ink, session)
        self._paint_pauses(painter, ink, session)

    def _paint_bin(self, painter: QPainter, ink: Ink, b: Bin) -> None:
        left, right = self.x_of(b.start_s) + 1, self.x_of(b.start_s + b.seconds) - 1
        below = 0.0
        painter.setPen(Qt.PenStyle.NoPen)
        for number, source in enumerate(SOURCE_WORDS):
            height = b.labels.get(source, 0) * 60.0 / b.seconds
            if height:
                painter.setBrush(self._colour(number, ink))
                top, foot = self.y_of(below + height), self.y_of(below)
                painter.drawRect(QRectF(left, top, max(1.0, right - left), foot - top))
            below += height

    def _paint_axes(self, painter: QPainter, ink: Ink) -> None:
        area, (seconds, most, step) = self.plot_area(), self.limits()
        metrics = QFontMetrics(painter.font())
        for k in range(round(most / step) + 1):
            y = round(self.y_of(k * step)) + 0.5
            painter.setPen(QPen(ink.line if k else ink.faint, 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(ink.muted)
            side = QRectF(0, y - metrics.height() / 2, area.left() - 6, metrics.height())
            flags = int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(side, flags, f"{k * step:g}")
        minutes, wide = seconds / 60, metrics.horizontalAdvance("000") + 14
        every = max(5.0, tick_step(minutes, max(1, int(area.width() // wide))))
        for k in range(int(minutes / every + 1e-9) + 1):
            x = self.x_of(60 * every * k)
            text = f"{every * k:g}"
            painter.drawText(
                QPointF(x - metrics.horizontalAdvance(text) / 2, area.bottom() + metrics.ascent() + 4), text
            )
        below = QRectF(area.left(), self.height() - metrics.height() - 3, area.width(), metrics.height() + 2)
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, tr("minutes at work"))
        painter.save()
        painter.translate(2, area.center().y())
        painter.rotate(-90)
        title = tr("labels a minute")
        if metrics.horizontalAdvance(title) > area.height() + 20:
            title = tr("a minute")
        side = QRectF(-area.height() / 2 - 20, 0, area.height() + 40, metrics.height())
        painter.drawText(side, Qt.AlignmentFlag.AlignCenter, title)
        painter.restore()

    def _paint_legend(self, painter: QPainter, ink: Ink, session: Session) -> None:
        metrics, x = QFontMetrics(painter.font()), self.plot_area().left()
        for number, (source, words) in enumerate(SOURCE_WORDS.items()):
            n = session.by_source.get(source, 0)
            if n:
                text = tr("{words} {n:,}", words=words, n=n)
                draw_swatch(painter, QRectF(x, 4, 10, 10), self._colour(number, ink), ink)
                painter.setPen(ink.text)
                painter.drawText(QPointF(x + 15, 4 + metrics.ascent() - 1), text)
                x += metrics.horizontalAdvance(text) + 31

    def _paint_mean(self, painter: QPainter, ink: Ink, session: Session) -> None:
        if session.per_minute is None:
            return
        area, y = self.plot_area(), self.y_of(session.per_minute)
        painter.setPen(QPen(ink.text, 1.2, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))

    def _paint_pauses(self, painter: QPainter, ink: Ink, session: Session) -> None:
        area, metrics = self.plot_area(), QFontMetrics(painter.font())
        taken = -1e9
        for pause in session.pauses:
            x = self.x_of(pause.at_s)
            painter.setPen(QPen(ink.muted, 1.4, Qt.PenStyle.DotLine))
            painter.drawLine(QPointF(x, area.top() - 4), QPointF(x, area.bottom()))
            text = tr("pause {seconds}", seconds=duration(pause.seconds))
            width = metrics.horizontalAdvance(text)
            start = min(max(area.left(), x - width / 2), area.right() - width)
            if start > taken + 6:
                painter.setPen(ink.muted)
                painter.drawText(QPointF(start, area.top() - 6), text)
                taken = start + width

    @staticmethod
    def _colour(number: int, ink: Ink) -> QColor:
        return series_colour(number, ink.dark)

    # Hover

    def words_at(self, where: QPointF) -> str:
        """What is under the pointer, in words."""
        pause, b = self.pause_at(where), self.bin_at(where)
        if pause is not None:
            return tr(
                "A pause of {seconds} after {at_s:.0f} minutes of work",
                seconds=duration(pause.seconds),
                at_s=pause.at_s / 60,
            )
        if b is None or self.session is None:
            return ""
        return tr(
            "{bin_words}\nThe dashed line is the mean, {pace} a minute",
            bin_words=bin_words(b),
            pace=pace(self.session.per_minute),
        )

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), tip(self.words_at(QPointF(event.pos()))), self)
            return True
        return super().event(event)
