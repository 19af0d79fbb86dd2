"""The label of one image and what the classifier makes of it, as bars."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.gui.grid.gallery_items import KIND_NAMES
from medlabeler.gui.kit.elements import Ink, blend, draw_bar, draw_swatch, small
from medlabeler.gui.kit.plain import tip
from medlabeler.open_project.open_project import OpenProject

MAX_BARS = 3


class VerdictView(QWidget):
    """Label on the first line, prediction with confidence on the second, then the likeliest classes."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.row = -1
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_row(self, row: int) -> None:
        """Show another image's; -1 for none."""
        self.row = row
        self.setAccessibleName(". ".join(self.sentences()))
        self.setToolTip(tip("\n".join(self.sentences())))
        self.updateGeometry()
        self.update()

    def label_words(self) -> tuple[str, str]:
        """The decision in words and its class's colour ("" where it has none)."""
        opened, row = self.opened, self.row
        kind = LabelKind(int(opened.kind[row]))
        definition = opened.class_of(int(opened.label[row]))
        if kind == LabelKind.LABEL and definition is not None:
            return definition.title, definition.colour
        return KIND_NAMES.get(kind, tr("none yet")), ""

    def why_no_prediction(self) -> str:
        """Why none is shown, if none is."""
        opened, row = self.opened, self.row
        if opened.blind:
            return tr("hidden in blind mode")
        if opened.prediction[row] != NO_CLASS:
            return ""
        if opened.split[row] == Split.TEST and opened.kind[row] != LabelKind.LABEL:
            return tr("hidden until this test image is labelled")
        if opened.judged_blind(row):
            return tr("hidden: drawn at random")
        return tr("none yet")

    def sentences(self) -> list[str]:
        """What is shown, in words."""
        if not 0 <= self.row < self.opened.n:
            return []
        why = self.why_no_prediction()
        predicted = why or self.opened.class_title(int(self.opened.prediction[self.row]))
        share = (
            "" if why else tr(" {confidence:.0f} %", confidence=100 * float(self.opened.confidence[self.row]))
        )
        return [
            tr("Label: {label_words}", label_words=self.label_words()[0]),
            tr("Prediction: {predicted}{share}", predicted=predicted, share=share),
        ]

    def bars(self) -> list[tuple[int, float]]:
        """The likeliest classes and their probabilities."""
        if not 0 <= self.row < self.opened.n or self.why_no_prediction():
            return []
        ranked = sorted(self.opened.probabilities(self.row), key=lambda pair: -pair[1])
        return ranked[:MAX_BARS]

    def _line(self) -> int:
        return QFontMetrics(self.font()).height() + 5

    def sizeHint(self) -> QSize:
        # The height of all bars is kept free, so that the image above does not jump from row to row.
        n_bars = min(MAX_BARS, len(self.opened.classes)) if not self.opened.blind else 0
        return QSize(220, 2 * self._line() + n_bars * (QFontMetrics(small(self.font())).height() + 3) + 6)

    def paintEvent(self, event: QPaintEvent) -> None:
        if not 0 <= self.row < self.opened.n:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = Ink.of(self.palette())
        metrics = QFontMetrics(self.font())
        left = metrics.horizontalAdvance(tr("Prediction")) + 12
        line = self._line()
        name, colour = self.label_words()
        self._entry(painter, 0, tr("Label"), name, colour, left, ink)
        why = self.why_no_prediction()
        if why:
            self._entry(painter, line, tr("Prediction"), why, "", left, ink)
            return
        definition = self.opened.class_of(int(self.opened.prediction[self.row]))
        if definition is None:
            return
        share = tr("{confidence:.0f} %", confidence=100 * float(self.opened.confidence[self.row]))
        end = self._entry(painter, line, tr("Prediction"), definition.title, definition.colour, left, ink)
        painter.setFont(small(self.font(), 1.0, bold=True))
        painter.setPen(ink.text)
        painter.drawText(QRectF(end + 8, line, 80, line), Qt.AlignmentFlag.AlignVCenter, share)
        self._paint_bars(painter, 2 * line + 3, ink)

    def _entry(
        self, painter: QPainter, top: float, heading: str, text: str, colour: str, left: float, ink: Ink
    ) -> float:
        line = self._line()
        painter.setFont(self.font())
        painter.setPen(ink.muted)
        painter.drawText(QRectF(0, top, left, line), Qt.AlignmentFlag.AlignVCenter, heading)
        if colour:
            draw_swatch(painter, QRectF(left, top + (line - 12) / 2, 12, 12), QColor(colour), ink)
            left += 18
        painter.setPen(ink.text if colour else ink.muted)
        metrics = QFontMetrics(self.font())
        room = max(20, int(self.width() - left - (60 if colour else 0)))
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room)
        painter.drawText(QRectF(left, top, self.width() - left, line), Qt.AlignmentFlag.AlignVCenter, shown)
        return left + metrics.horizontalAdvance(shown)

    def _paint_bars(self, painter: QPainter, top: float, ink: Ink) -> None:
        font = small(self.font())
        metrics = QFontMetrics(font)
        painter.setFont(font)
        height, names = metrics.height() + 3, min(120, int(self.width() * 0.36))
        number = metrics.horizontalAdvance("100 %") + 4
        for place, (class_id, share) in enumerate(self.bars()):
            definition = self.opened.class_of(class_id)
            if definition is None:
                continue
            line = QRectF(0, top + place * height, self.width(), height)
            if line.bottom() > self.height() + 1:
                break  # a small window shows fewer of them, none of them cut
            painter.setPen(ink.text if place == 0 else ink.muted)
            name = metrics.elidedText(definition.title, Qt.TextElideMode.ElideRight, names - 6)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter), name)
            text = tr("{share:.0f} %", share=100 * share)
            painter.drawText(line, int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter), text)
            bar = QRectF(names, line.center().y() - 3, max(10.0, self.width() - names - number), 6)
            draw_bar(painter, bar, share, QColor(definition.colour), blend(ink.line, ink.base, 0.2))
