"""An image list among those to import: what its images are for, and which of its columns say what."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QSizePolicy, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import column, row
from medlabeler.gui.kit.icons import icon_button
from medlabeler.gui.kit.plain import PlainLabel, caption, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.manifest import Guessed, guessed
from medlabeler.project.sources import Manifest
from medlabeler.project.table_columns import NO_COLUMN, Chosen

MOST_WORDS = 3
ROLES = (
    ("", tr("as its split column says")),
    ("train", tr("images to learn from")),
    ("test", tr("images of the test set")),
    ("unlabelled", tr("unlabelled images")),
)


class ColumnsForm(QWidget):
    """Which columns of a table name the image and its class. Shown when they are known; what was guessed is
    chosen, and asked for by no name, so that another table of the same kind is guessed anew.
    """

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._guessed = Guessed((), "", NO_COLUMN)
        self.image, self.label = ChoiceBox(), ChoiceBox()
        self.image.setAccessibleName(tr("Column of {name} that names the image", name=name))
        self.label.setAccessibleName(tr("Column of {name} that names the class", name=name))
        for box in (self.image, self.label):
            box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            box.setMinimumContentsLength(8)
        across = row(PlainLabel(tr("Image")), self.image, PlainLabel(tr("Class")), self.label)
        across.setStretch(1, 1)
        across.setStretch(3, 1)
        self.nothing = QCheckBox()
        self.nothing.hide()
        self.setLayout(column(across, self.nothing, spacing=3))
        self.hide()
        self._asking = Latest(self)
        self._asking.answered.connect(self._answered)
        self.image.currentIndexChanged.connect(self.changed)
        self.label.currentIndexChanged.connect(self._ask_of_nothing)
        self.label.currentIndexChanged.connect(self.changed)
        self.nothing.toggled.connect(self.changed)

    @property
    def chosen(self) -> Chosen:
        """What a person chose otherwise than it was guessed."""
        image, label = self.image.currentData() or "", self.label.currentData() or ""
        return Chosen(
            "" if image == self._guessed.image else image,
            "" if label == self._guessed.label else label,
            self.nothing.isChecked() and not self.nothing.isHidden(),
        )

    def look(self, path: Path, root: Path | None) -> None:
        """Read a table anew; `root`: where its paths start, None for its folder."""
        self._asking.ask(lambda: guessed(path, root))

    def forget(self) -> None:
        """There is no table."""
        self._asking.forget()
        self._answered(Guessed((), "", NO_COLUMN))

    def _ask_of_nothing(self) -> None:
        """Programs write None or NA where there is no value; a class may be called so as well."""
        words = dict(self._guessed.nothing).get(str(self.label.currentData()), ())
        told = ", ".join(f"“{word}”" for word in words[:MOST_WORDS])
        self.nothing.setText(caption(tr("{words} is a class, not a missing label", words=told)))
        self.nothing.setVisible(bool(words))

    def _answered(self, answer: object) -> None:
        if not isinstance(answer, Guessed):
            return  # whoever lists its images says what is wrong with it
        if answer == self._guessed:
            return
        before = self.chosen
        self._guessed = answer
        by_many = tr("{n} columns of 0 and 1", n=answer.n_one_hot)
        for box, nothing, taken, old in (
            (self.image, tr("Choose…"), answer.image, before.image),
            (self.label, by_many, answer.label, before.label),
        ):
            box.blockSignals(True)
            box.clear()
            if not taken:
                box.addItem(nothing, "")
            if box is self.label:
                box.addItem(tr("none"), NO_COLUMN)
            for name in answer.columns:
                box.addItem(name, name)
            box.setCurrentIndex(max(0, box.findData(old or taken)))
            box.blockSignals(False)
        self._ask_of_nothing()
        self.setVisible(bool(answer.columns))
        if self.chosen != before:
            self.changed.emit()


class TableRow(QFrame):
    """One table and what the images it lists are for."""

    changed = Signal()
    removed = Signal(object)

    def __init__(self, path: Path, role: str = "", root: Path | None = None) -> None:
        super().__init__()
        set_role(self, "card")
        self.path = path
        name = PlainLabel(path.name)
        name.setToolTip(tip(str(path)))
        name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.role = ChoiceBox(tr("What the images of {name} are for", name=path.name))
        for value, text in ROLES:
            self.role.addItem(text, value)
        self.role.setCurrentIndex([value for value, _ in ROLES].index(role))
        self.role.currentIndexChanged.connect(self.changed)
        self.remove = icon_button("remove", tr("Remove this image list"))
        self.remove.setAccessibleName(tr("Remove {name}", name=path.name))
        self.remove.clicked.connect(lambda: self.removed.emit(self))
        self.columns = ColumnsForm(path.name)
        self.columns.changed.connect(self.changed)
        first = row(name, self.role, self.remove)
        first.setStretch(0, 1)
        box = column(first, self.columns, spacing=3)
        box.setContentsMargins(10, 3, 4, 3)
        self.setLayout(box)
        self.columns.look(path, root)

    def manifest(self) -> Manifest:
        """Its value."""
        return Manifest(self.path, str(self.role.currentData()), self.columns.chosen)
