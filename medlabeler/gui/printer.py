"""The printer: a hidden process that puts a page of HTML onto pages of A4, as PDF. No window is shown."""

from __future__ import annotations

import sys
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QGuiApplication,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QTextBlock,
    QTextCursor,
    QTextDocument,
    QTextFormat,
    QTextFrame,
)

from medlabeler.domain.cpu_policy import give_way

_MM = 96 / 25.4
"""Pixels of a millimetre as a browser counts them, so that pictures have the size that the page says."""
PAGE = QSizeF(210 * _MM, 297 * _MM)
MARGIN = 18 * _MM
KEPT_LINES = 90.0
"""Pixels that must be left below the top of a heading for it to stay on its page."""
MOST_MOVED = 0.6
"""A table or picture that is higher than this part of a page may be cut."""


def main(arguments: list[str]) -> int:
    """Print the HTML file `arguments[0]` to the PDF `arguments[1]`; 0 if that was possible."""
    give_way()
    page, pdf = arguments
    application = QGuiApplication(sys.argv[:1])
    done = print_html(Path(page).read_text(encoding="utf-8"), pdf)
    application.quit()
    return 0 if done else 1


def print_html(html: str, pdf: str) -> bool:
    """Whether the page could be put onto pages in that file; needs a `QGuiApplication`."""
    document = QTextDocument()
    document.setUseDesignMetrics(True)  # letters keep their distances at every resolution
    document.setDocumentMargin(0)
    document.setHtml(html)
    document.setPageSize(PAGE)
    frame = document.rootFrame().frameFormat()
    frame.setMargin(MARGIN)
    document.rootFrame().setFrameFormat(frame)
    _keep_together(document)
    writer = QPdfWriter(pdf)
    writer.setPageLayout(
        QPageLayout(
            QPageSize(QPageSize.PageSizeId.A4), QPageLayout.Orientation.Portrait, QMarginsF(0, 0, 0, 0)
        )
    )
    writer.setTitle(document.metaInformation(QTextDocument.MetaInformation.DocumentTitle))
    writer.setCreator("MedLabeler")
    painter = QPainter()
    if not painter.begin(writer):
        return False
    scale = writer.resolution() / 96
    painter.scale(scale, scale)
    for number in range(document.pageCount()):
        if number:
            writer.newPage()
        _paint(painter, document, number)
    return bool(painter.end())


def _paint(painter: QPainter, document: QTextDocument, number: int) -> None:
    """Page `number`, from 0, with its number at the foot."""
    shown = QRectF(0, number * PAGE.height(), PAGE.width(), PAGE.height())
    context = QAbstractTextDocumentLayout.PaintContext()
    context.clip = shown
    context.palette.setColor(QPalette.ColorRole.Text, QColor("#1c1f23"))
    painter.save()
    painter.translate(0, -shown.top())
    painter.setClipRect(shown)
    document.documentLayout().draw(painter, context)
    painter.restore()
    foot = QRectF(MARGIN, PAGE.height() - 0.7 * MARGIN, PAGE.width() - 2 * MARGIN, 0.4 * MARGIN)
    font = document.defaultFont()
    font.setPixelSize(11)
    painter.setFont(font)
    painter.setPen(QColor("#5b646e"))
    painter.drawText(foot, Qt.AlignmentFlag.AlignRight, f"{number + 1} / {document.pageCount()}")


def _keep_together(document: QTextDocument) -> None:
    """A heading at the foot of a page goes over to the next one, and so does a table that would be cut."""
    heading: QTextBlock | None = None
    at = document.rootFrame().begin()
    parts: list[QTextBlock | QTextFrame] = []
    while not at.atEnd():
        parts.append(at.currentFrame() or at.currentBlock())
        at += 1
    for part in parts:
        top, height = _place(document, part)
        left = PAGE.height() - MARGIN - top % PAGE.height()
        is_heading = isinstance(part, QTextBlock) and part.blockFormat().headingLevel() > 0
        if height > left and height < MOST_MOVED * PAGE.height() and not is_heading:
            _break_before(heading or part)
        elif is_heading and left < KEPT_LINES:
            _break_before(part)
        empty = isinstance(part, QTextBlock) and not part.text().strip()
        heading = part if isinstance(part, QTextBlock) and is_heading else heading if empty else None


def _place(document: QTextDocument, part: QTextBlock | QTextFrame) -> tuple[float, float]:
    """Top of a block or a table in the document, and the height that must not be cut."""
    layout = document.documentLayout()
    if isinstance(part, QTextFrame):
        whole = layout.frameBoundingRect(part)
        return whole.top(), whole.height()
    whole = layout.blockBoundingRect(part)
    return whole.top(), whole.height() if _has_picture(part) else 0.0


def _has_picture(block: QTextBlock) -> bool:
    at = block.begin()
    while not at.atEnd():
        if at.fragment().charFormat().isImageFormat():
            return True
        at += 1
    return False


def _break_before(part: QTextBlock | QTextFrame) -> None:
    always = QTextFormat.PageBreakFlag.PageBreak_AlwaysBefore
    if isinstance(part, QTextFrame):
        chosen = part.frameFormat()
        chosen.setPageBreakPolicy(always)
        part.setFrameFormat(chosen)
        return
    wanted = part.blockFormat()
    wanted.setPageBreakPolicy(always)
    QTextCursor(part).setBlockFormat(wanted)
