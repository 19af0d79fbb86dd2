"""The first screen: what will happen, and the ways in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QMouseEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.gui.kit.icons import app_icon, pixmap
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import current_tones, set_role
from medlabeler.gui.sessions.summary import LastSession, SessionFigures

STEPS = (
    (
        "image",
        tr("Choose a folder of images. MedLabeler draws a map where images that look alike lie together."),
    ),
    (
        "label",
        tr("Click, lasso, press a key: about 100 labels per class. The classifier learns after every one."),
    ),
    (
        "curve",
        tr("Watch the balanced accuracy grow, then export the labels, the predictions and the classifier."),
    ),
)
WIDTH = 760


class Entry(QPushButton):
    """A large button: icon, title, one line of explanation."""

    def __init__(self, name: str, title: str, text: str) -> None:
        super().__init__()
        self._name = name
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self.setMinimumHeight(74)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._picture = PlainLabel()
        heading = PlainLabel(title)
        set_role(heading, "heading")
        line = PlainLabel(text, wordWrap=True)
        set_role(line, "muted")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(heading)
        words.addWidget(line)
        words.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 8, 14, 8)
        row.setSpacing(14)
        row.addWidget(self._picture)
        row.addLayout(words, 1)
        for child in (self._picture, heading, line):
            child.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.tint()

    def tint(self) -> None:
        """Take the colours of the theme."""
        self._picture.setPixmap(pixmap(self._name, 26, current_tones().accent))

    def sizeHint(self) -> QSize:
        return QSize(340, 74)


class ApplyEntry(Entry):
    """A button that takes what is dropped on it. `dropped`: paths, a classifier or new images."""

    dropped = Signal(object)

    def __init__(self) -> None:
        super().__init__(
            "play",
            tr("Apply a classifier"),
            tr("Drop new images or an exported classifier here, or click."),
        )
        self.setAcceptDrops(True)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        self.dropped.emit(paths)


class Recent(QFrame):
    """One recent project, a click opens it."""

    opened = Signal(Path)

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        button = QPushButton(caption(path.name))
        set_role(button, "quiet")
        button.setStyleSheet("text-align: left; padding: 3px 6px;")
        button.clicked.connect(lambda: self.opened.emit(self._path))
        where = PlainLabel(str(path.parent))
        set_role(where, "muted")
        where.setTextInteractionFlags(Qt.TextInteractionFlag.NoTextInteraction)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button)
        row.addWidget(where, 1)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.opened.emit(self._path)


class Welcome(QWidget):
    """What a newcomer sees."""

    new_wanted = Signal()
    open_wanted = Signal()
    sample_wanted = Signal()
    apply_wanted = Signal(object)  # paths that were dropped
    project_wanted = Signal(Path)
    compare_wanted = Signal(Path)
    restore_wanted = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.new = Entry("new", tr("New project"), tr("From a folder of images or an image list (CSV)."))
        self.open = Entry("open", tr("Open a project"), tr("Go on where you stopped; nothing is ever lost."))
        self.sample = Entry(
            "sample", tr("Try the sample"), tr("1,200 synthetic stained cells in 6 classes, works offline.")
        )
        self.apply = ApplyEntry()
        self.apply.clicked.connect(lambda: self.apply_wanted.emit([]))
        self.apply.dropped.connect(self.apply_wanted)
        self.new.clicked.connect(self.new_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.sample.clicked.connect(self.sample_wanted)
        self.problem = PlainLabel(wordWrap=True)
        self.problem.hide()
        set_role(self.problem, "problem")
        self._damaged = Path()
        self.restore = QPushButton(tr("Restore…"))
        self.restore.hide()
        self.restore.clicked.connect(lambda: self.restore_wanted.emit(self._damaged))
        self._pictures: list[tuple[QLabel, str]] = []
        column = QVBoxLayout()
        column.setSpacing(14)
        column.addLayout(self._head())
        column.addSpacing(4)
        self.steps, self.last = self._steps(), LastSession()
        self.last.compare_wanted.connect(self.compare_wanted)
        column.addWidget(self.steps)
        column.addWidget(self.last)
        column.addSpacing(4)
        grid = QGridLayout()
        grid.setSpacing(12)
        grid.addWidget(self.new, 0, 0)
        grid.addWidget(self.open, 0, 1)
        grid.addWidget(self.sample, 1, 0)
        grid.addWidget(self.apply, 1, 1)
        column.addLayout(grid)
        column.addWidget(self.problem)
        column.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self._recent_box())
        inner = QWidget()
        inner.setMaximumWidth(WIDTH)
        inner.setLayout(column)
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(inner, 100)
        across.addStretch(1)
        outer = QVBoxLayout(self)
        outer.addStretch(2)
        outer.addLayout(across)
        outer.addStretch(3)

    def _head(self) -> QHBoxLayout:
        sign = PlainLabel()
        sign.setPixmap(app_icon().pixmap(64, 64))
        title = PlainLabel("MedLabeler")
        set_role(title, "title")
        line = PlainLabel(tr("Label about 100 images per class and get a classifier you can check."))
        set_role(line, "muted")
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(title)
        words.addWidget(line)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(sign)
        row.addLayout(words, 1)
        return row

    def _steps(self) -> QFrame:
        card = QFrame()
        set_role(card, "card")
        grid = QGridLayout(card)
        grid.setContentsMargins(18, 14, 18, 14)
        grid.setHorizontalSpacing(14)
        grid.setVerticalSpacing(10)
        grid.setColumnStretch(1, 1)
        for at, (name, text) in enumerate(STEPS):
            picture = PlainLabel()
            self._pictures.append((picture, name))
            grid.addWidget(picture, at, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(PlainLabel(text, wordWrap=True), at, 1)
        self._tint_steps()
        return card

    def _recent_box(self) -> QWidget:
        self._recent = QWidget()
        self._recent_column = QVBoxLayout(self._recent)
        self._recent_column.setContentsMargins(0, 4, 0, 0)
        self._recent_column.setSpacing(2)
        heading = PlainLabel(tr("RECENT PROJECTS"))
        set_role(heading, "section")
        self._recent_column.addWidget(heading)
        return self._recent

    def _tint_steps(self) -> None:
        for picture, name in self._pictures:
            picture.setPixmap(pixmap(name, 20, current_tones().accent))

    def tint(self) -> None:
        """Take the colours of the theme."""
        self._tint_steps()
        for entry in (self.new, self.open, self.sample, self.apply):
            entry.tint()

    def set_recent(self, paths: Sequence[Path]) -> None:
        """Show at most five recent projects."""
        while self._recent_column.count() > 1:
            item = self._recent_column.takeAt(1)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for path in list(paths)[:5]:
            row = Recent(path)
            row.opened.connect(self.project_wanted)
            self._recent_column.addWidget(row)
        self._recent.setVisible(bool(paths))

    def set_last(self, last: SessionFigures | None) -> None:
        """Show what the last session came to; who has had one knows the steps, which make room for it."""
        self.steps.setVisible(not self.last.show_last(last))

    def set_problem(self, sentence: str) -> None:
        """Say what went wrong, or nothing."""
        self.problem.setText(sentence)
        self.problem.setVisible(bool(sentence))
        self.restore.hide()

    def offer_restore(self, path: Path) -> None:
        """Below what went wrong: the way out for the project in `path`."""
        self._damaged = path
        self.restore.show()
        self.restore.setFocus()
