"""The guide in a window of its own, to read beside the work. It opens nothing but its own pages."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QEvent, QSize, Qt, QUrl
from PySide6.QtGui import QImage, QImageReader, QTextDocument
from PySide6.QtWidgets import QDialog, QListWidget, QPushButton, QSplitter, QTextBrowser, QVBoxLayout

from medlabeler.domain.language import tr
from medlabeler.gui.help import guide
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.form import prepare, row
from medlabeler.gui.kit.turns import Patient

PICTURE = 620
"""Largest width of a picture in pixels."""
HIGHEST = 100_000
KEEP = Qt.AspectRatioMode.KeepAspectRatio


class Pages(QTextBrowser):
    """Shows Markdown of the guide's folder; a link to anything else leads nowhere.

    The text is there at once, with room for its pictures; each of them is read in a turn of its own.
    """

    def __init__(self) -> None:
        super().__init__()
        self._pictures: dict[QUrl, QImage] = {}
        self._wanted: list[QUrl] = []
        self._soon = Patient(self, self._read_next)
        self.setAccessibleName(tr("Page of the guide"))
        self.setOpenLinks(False)
        self.document().setDocumentMargin(14)

    def loadResource(self, kind: int, name: QUrl | str) -> Any:
        """Pictures of the guide; nothing from a network."""
        url = QUrl(name)
        file = (guide.folder() / url.path()).resolve()
        known = (
            kind == QTextDocument.ResourceType.ImageResource.value
            and guide.folder().resolve() in file.parents
        )
        if url.scheme() or not known or not file.is_file():
            return None
        if url in self._pictures:
            return self._pictures[url]
        size = QImageReader(str(file)).size()
        room = QImage(size.scaled(min(size.width(), PICTURE), HIGHEST, KEEP), QImage.Format.Format_ARGB32)
        room.fill(Qt.GlobalColor.transparent)
        if url not in self._wanted:
            self._wanted.append(url)
        self._soon.start()
        return room

    def _read_next(self) -> None:
        url = self._wanted.pop(0)
        image = QImage(str(guide.folder() / url.path()))
        if image.width() > PICTURE:
            image = image.scaledToWidth(PICTURE, Qt.TransformationMode.SmoothTransformation)
        self._pictures[url] = image
        self.document().addResource(QTextDocument.ResourceType.ImageResource.value, url, image)
        self.viewport().update()
        if self._wanted:
            self._soon.start()


class GuideWindow(QDialog):
    """The list of pages on the left, the page on the right."""

    def __init__(self) -> None:
        # Without a parent: it can be read while a dialog holds up the window that it would belong to.
        super().__init__()
        prepare(self, tr("Guide"), QSize(980, 720))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.list = QListWidget()
        self.list.setAccessibleName(tr("Pages of the guide"))
        self.list.addItems([guide.title(page) for page in guide.ORDER])
        self.text = Pages()
        self.back = QPushButton(tr("&Back"), autoDefault=False)
        self.close_button = QPushButton(tr("&Close"), autoDefault=False)
        self._past: list[str] = []
        self.page = ""
        split = QSplitter()
        split.addWidget(self.list)
        split.addWidget(self.text)
        split.setSizes([290, 690])
        split.setStretchFactor(1, 1)
        split.setChildrenCollapsible(False)
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 12, 14, 12)
        box.addWidget(split, 1)
        box.addLayout(row(self.back, None, self.close_button))
        self.list.currentRowChanged.connect(lambda at: self.show_page(guide.ORDER[at]))
        self.text.anchorClicked.connect(self._follow)
        self.back.clicked.connect(self.go_back)
        self.close_button.clicked.connect(self.close)
        self.show_page(guide.FIRST)

    def show_page(self, page: str) -> None:
        """Turn to a page; the one before stays to go back to."""
        if page == self.page:
            return
        if self.page:
            self._past.append(self.page)
        self._turn_to(page)

    def go_back(self) -> None:
        """To the page before."""
        if self._past:
            self._turn_to(self._past.pop())

    def _turn_to(self, page: str) -> None:
        self.page = page
        self.back.setEnabled(bool(self._past))
        self.list.blockSignals(True)
        self.list.setCurrentRow(guide.ORDER.index(page))
        self.list.blockSignals(False)
        self._write()

    def _write(self) -> None:
        ink = Ink.of(self.palette())
        self.text.document().setDefaultStyleSheet(f"a {{ color: {ink.accent.name()}; }}")
        self.text.setMarkdown(guide.text(self.page))

    def _follow(self, link: QUrl) -> None:
        page = link.path().removesuffix(".md")
        if not link.scheme() and page in guide.ORDER:
            self.show_page(page)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "text"):
            self._write()
