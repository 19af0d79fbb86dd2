"""What a class means: its full name, a description, images that show it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QIcon, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QHBoxLayout,
    QLineEdit,
    QListView,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.types import ClassDef, Split
from medlabeler.gui.kit.form import Sentence
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.open_project.open_project import OpenProject

LONGEST = 80
SIDE = 72
ROW = Qt.ItemDataRole.UserRole


class ClassDetails(QDialog):
    """Changes nothing before it is saved; what is refused is said here."""

    def __init__(self, opened: OpenProject, definition: ClassDef, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self._id = definition.id
        self._thumbnails = ThumbnailImages.of(opened)
        self.setWindowTitle(tr("About the class"))
        self.setMinimumSize(420, 380)
        self.name, self.full_name = QLineEdit(definition.name), QLineEdit(definition.full_name)
        for field, words in ((self.name, tr("Short name")), (self.full_name, tr("Full name"))):
            field.setMaxLength(LONGEST)
            field.setAccessibleName(words)
        self.full_name.setPlaceholderText(tr("such as melanoma for mel"))
        self.description = QPlainTextEdit(definition.description)
        self.description.setTabChangesFocus(True)
        self.description.setAccessibleName(tr("Description"))
        self.description.setPlaceholderText(tr("What belongs to it, what does not"))
        self.examples = QListWidget()
        self.examples.setViewMode(QListView.ViewMode.IconMode)
        self.examples.setIconSize(QSize(SIDE, SIDE))
        self.examples.setMovement(QListView.Movement.Static)
        self.examples.setResizeMode(QListView.ResizeMode.Adjust)
        self.examples.setUniformItemSizes(True)
        self.examples.setMinimumHeight(SIDE + 40)
        self.examples.setAccessibleName(tr("Images that show it"))
        self.add_button, self.remove_button = (
            QPushButton(tr("Add the image on show")),
            QPushButton(tr("Take away")),
        )
        self.remove_button.setToolTip(tr("Take the marked image away (Delete)"))
        self.problem = Sentence(role="problem")
        self._lay_out()
        self.add_button.clicked.connect(self._add_shown)
        self.remove_button.clicked.connect(self._remove)
        QShortcut(QKeySequence(Qt.Key.Key_Delete), self.examples, self._remove).setContext(
            Qt.ShortcutContext.WidgetShortcut
        )
        self.examples.itemSelectionChanged.connect(self._offer)
        self._thumbnails.loaded.connect(self._on_thumbnails)
        opened.current_changed.connect(self._offer)
        for row in definition.examples:
            self._add(row)
        self._offer()

    def sizeHint(self) -> QSize:
        return QSize(520, 470)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.addRow(tr("Short name"), self.name)
        form.addRow(tr("Full name"), self.full_name)
        form.addRow(tr("Description"), self.description)
        beside = QHBoxLayout()
        beside.addWidget(PlainLabel(tr("Images that show it")), 1)
        beside.addWidget(self.add_button)
        beside.addWidget(self.remove_button)
        buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel
        )
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addLayout(form, 1)
        box.addLayout(beside)
        box.addWidget(self.examples, 1)
        box.addWidget(self.problem)
        box.addWidget(buttons)

    # ------------------------------------------------------------------ examples

    def rows(self) -> list[int]:
        """The example images, in their order."""
        return [int(self.examples.item(at).data(ROW)) for at in range(self.examples.count())]

    def _add(self, row: int) -> None:
        if row in self.rows() or not 0 <= row < self.opened.n:
            return
        name = self.opened.project.catalog.name(row)
        item = QListWidgetItem()
        item.setData(ROW, row)
        item.setData(Qt.ItemDataRole.AccessibleTextRole, name)
        item.setToolTip(tip(name))
        item.setSizeHint(QSize(SIDE + 10, SIDE + 10))
        self.examples.addItem(item)
        self._paint(item)

    def _paint(self, item: QListWidgetItem) -> None:
        image = self._thumbnails.get(int(item.data(ROW)))
        if image is not None and not image.isNull():
            item.setIcon(QIcon(QPixmap.fromImage(image)))

    def _on_thumbnails(self, rows: list[int]) -> None:
        for at in range(self.examples.count()):
            if int(self.examples.item(at).data(ROW)) in rows:
                self._paint(self.examples.item(at))

    def _add_shown(self) -> None:
        self._add(self.opened.current)
        self._offer()

    def _remove(self) -> None:
        for item in self.examples.selectedItems():
            self.examples.takeItem(self.examples.row(item))
        self._offer()

    def _offer(self) -> None:
        """An image of the test set is no example: it is to be judged without knowing."""
        row = self.opened.current
        here = 0 <= row < self.opened.n and not self.opened.blind
        usable = here and self.opened.split[row] == Split.POOL
        self.add_button.setEnabled(bool(usable) and row not in self.rows())
        self.add_button.setToolTip(
            "" if usable or not here else tr("Images of the test set are judged without knowing")
        )
        self.remove_button.setEnabled(bool(self.examples.selectedItems()))

    # ------------------------------------------------------------------ the answer

    def accept(self) -> None:
        """Store what was changed, or say why not."""
        definition = self.opened.class_of(self._id)
        if definition is None:
            self.problem.say(tr("The class does not exist any more."))
            return
        refused: list[str] = []

        def note(sentence: str) -> None:
            refused.append(sentence)

        self.opened.failed.connect(note)
        if (name := self.name.text().strip()) != definition.name:
            self.opened.rename_class(self._id, name)
        if not refused:
            self.opened.describe_class(
                self._id, self.full_name.text(), self.description.toPlainText(), self.rows()
            )
        self.opened.failed.disconnect(note)
        if refused:
            self.problem.say(refused[0])
        else:
            super().accept()
