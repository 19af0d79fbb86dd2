"""What the dialogs share: fields with a sentence beside them, choosers that never block, answers in time."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import (
    QDialog,
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import SPACE, set_role

LOOKING = tr("One moment, this is being checked.")
"""What `Buttons.allow` is told while the disk has not answered."""


class Sentence(PlainLabel):
    """A wrapped line of text that takes no room while it is empty; `role` as in the theme."""

    def __init__(self, text: str = "", role: str = "muted") -> None:
        super().__init__(wordWrap=True)
        set_role(self, role)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.say(text)

    def minimumSizeHint(self) -> QSize:
        """One line; the layout asks for the height that the width needs, and Qt's own guess is too high."""
        return QSize(40, self.fontMetrics().height())

    def say(self, text: str, role: str = "") -> None:
        """Show `text`, or nothing; in another role if one is named."""
        if role and role != self.property("role"):
            set_role(self, role)
            self.style().unpolish(self)
            self.style().polish(self)
        self.setText(text)
        if self.parent() is not None or not text:
            self.setVisible(bool(text))
        else:  # shown before it lies in something it would be a window of its own, and take the keys
            self.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)


def section(title: str) -> QLabel:
    """The small capitals above a part of a form."""
    label = PlainLabel(title.upper())
    set_role(label, "section")
    return label


def column(*items: QWidget | QLayout, spacing: int = 4) -> QVBoxLayout:
    """Widgets and layouts under each other, without margins."""
    box = QVBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for item in items:
        if isinstance(item, QWidget):
            box.addWidget(item)
        else:
            box.addLayout(item)
    return box


def row(*items: QWidget | None, spacing: int = SPACE) -> QHBoxLayout:
    """Widgets side by side, without margins; None is a stretch."""
    box = QHBoxLayout()
    box.setContentsMargins(0, 0, 0, 0)
    box.setSpacing(spacing)
    for item in items:
        if item is None:
            box.addStretch(1)
        else:
            box.addWidget(item)
    return box


class Form(QScrollArea):
    """A column that scrolls when the screen is small, without a frame of its own."""

    def __init__(self) -> None:
        super().__init__(widgetResizable=True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        inner = QWidget()
        self.box = QVBoxLayout(inner)
        self.box.setContentsMargins(0, 0, 14, 0)
        self.box.setSpacing(6)
        self.setWidget(inner)
        self.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)

    def add(self, item: QWidget | QLayout, space_before: int = 0) -> None:
        """Append a widget or a layout."""
        if space_before:
            self.box.addSpacing(space_before)
        if isinstance(item, QWidget):
            self.box.addWidget(item)
        else:
            self.box.addLayout(item)


INSET = 7
"""Pixels before the text of a field of numbers, as the style gives other fields."""


class Number(QSpinBox):
    """A number to type; the arrow keys and the wheel change it as well."""

    def __init__(self, label: str, least: int, most: int) -> None:
        super().__init__(minimum=least, maximum=most)
        self.setGroupSeparatorShown(True)
        self.setAccessibleName(label)
        self.setStepType(QSpinBox.StepType.AdaptiveDecimalStepType)
        self.setFixedWidth(110)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)


class Decimal(QDoubleSpinBox):
    """A number with decimals to type; told of when it is whole."""

    def __init__(self, label: str, least: float, most: float, decimals: int) -> None:
        super().__init__(minimum=least, maximum=most, decimals=decimals)
        self.setAccessibleName(label)
        self.setKeyboardTracking(False)
        self.lineEdit().setTextMargins(INSET, 0, 0, 0)


class PathEdit(QLineEdit):
    """A line for a path that also takes a file or folder dropped on it."""

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
        else:
            super().dragEnterEvent(event)

    def dropEvent(self, event: QDropEvent) -> None:
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            self.setText(files[0])
            event.acceptProposedAction()
        else:
            super().dropEvent(event)


class PathField(QWidget):
    """A path, typed, dropped or browsed to; `mode` is "folder", "open" or "save"."""

    changed = Signal()

    def __init__(self, label: str, mode: str, *, placeholder: str = "", pattern: str = "") -> None:
        super().__init__()
        self._mode, self._pattern, self._label = mode, pattern, label
        self.edit = PathEdit(placeholderText=placeholder)
        self.edit.setAccessibleName(label)
        self.edit.textChanged.connect(self.changed)
        self.browse = QPushButton(tr("Browse…"), autoDefault=False)
        self.browse.setAccessibleName(tr("Browse for {label}", label=label.lower()))
        self.browse.clicked.connect(self._open)
        box = row(self.edit, self.browse)
        box.setStretch(0, 1)
        self.setLayout(box)
        self.setFocusProxy(self.edit)

    def path(self) -> Path | None:
        """What is named, or None while the line is empty."""
        text = self.edit.text().strip()
        return _expanded(text) if text else None

    def set_path(self, path: Path | str) -> None:
        """Name a path."""
        self.edit.setText(str(path))

    def _open(self) -> None:
        chooser = file_chooser(self, self._mode, self._label, self._pattern)
        here = self.path()
        if here is not None:
            if self._mode == "folder":
                chooser.setDirectory(str(here))
            else:
                chooser.setDirectory(str(here.parent))
                chooser.selectFile(here.name)
        chooser.fileSelected.connect(self.edit.setText)
        chooser.open()


def _expanded(text: str) -> Path:
    try:
        return Path(text).expanduser()
    except RuntimeError:  # ~name of somebody who does not exist
        return Path(text)


def file_chooser(parent: QWidget, mode: str, title: str, pattern: str = "") -> QFileDialog:
    """The system's chooser, to be shown with `open()`, so that no event loop runs inside another."""
    chooser = QFileDialog(parent, title)
    chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    if mode == "folder":
        chooser.setFileMode(QFileDialog.FileMode.Directory)
        chooser.setOption(QFileDialog.Option.ShowDirsOnly)
    elif mode == "save":
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        # The dialog says itself that a file will be replaced.
        chooser.setOption(QFileDialog.Option.DontConfirmOverwrite)
    else:
        chooser.setFileMode(
            QFileDialog.FileMode.ExistingFiles if mode == "many" else QFileDialog.FileMode.ExistingFile
        )
    if pattern:
        chooser.setNameFilters([pattern, tr("All files (*)")])
    return chooser


class Buttons(QWidget):
    """The bottom of a dialog: what is still missing on the left, Cancel and the one action on the right."""

    def __init__(self, dialog: QDialog, action: str) -> None:
        super().__init__()
        self.missing = PlainLabel(wordWrap=True)
        set_role(self.missing, "muted")
        self.cancel = QPushButton(tr("Cancel"), autoDefault=False)
        self.cancel.clicked.connect(dialog.reject)
        self.go = QPushButton(action, default=True)
        set_role(self.go, "primary")
        box = row(self.missing, self.cancel, self.go)
        box.setStretch(0, 1)
        self.setLayout(box)

    def allow(self, missing: str) -> None:
        """Enable the action, or say what is missing for it."""
        self.missing.setText(missing)
        self.go.setEnabled(not missing)


def prepare(dialog: QDialog, title: str, size: QSize) -> None:
    """Title, modality and a size that fits a screen of 1024 x 700 as well."""
    dialog.setWindowTitle(title)
    dialog.setWindowModality(Qt.WindowModality.WindowModal)
    screen = dialog.screen()
    if screen is not None:
        size = size.boundedTo(screen.availableSize() - QSize(24, 48))
    dialog.resize(size)
