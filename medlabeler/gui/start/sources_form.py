"""Fields for where images come from (a folder, or manifests with roles) and how they are grouped."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QLineEdit,
    QMenu,
    QPushButton,
    QRadioButton,
    QSizePolicy,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Number, PathField, Sentence, column, file_chooser, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.start.table_row import TableRow
from medlabeler.project.sources import Manifest

LABELS_HINT = tr("Kept apart from the labels you click; you can adopt them as labels later.")
CSV = tr("Image lists (*.csv *.tsv *.txt *.xlsx)")


class SourcesForm(QWidget):
    """A folder of images, or manifests."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.from_folder = QRadioButton(tr("A &folder of images"))
        self.from_folder.setChecked(True)
        self.from_manifests = QRadioButton(tr("I&mage lists (CSV)"))
        group = QButtonGroup(self)
        group.addButton(self.from_folder)
        group.addButton(self.from_manifests)
        self.folder = PathField(
            tr("Folder of images"),
            "folder",
            placeholder=tr("JPEG, PNG, TIFF and others, sub-folders included"),
        )
        self.folder_labels = QCheckBox(tr("Names of the sub-folders are reference &labels"))
        self.folder_labels.setToolTip(LABELS_HINT)
        self.add = QPushButton(icon("add"), tr("Add an image list…"), autoDefault=False)
        self.add.clicked.connect(self._choose_manifests)
        self.explain = Sentence(
            tr(
                "A table with a column for the image and, if you like, for the class, split and group; "
                "further columns are kept to colour the map by."
            )
        )
        self.root = PathField(
            tr("Folder the paths start at"),
            "folder",
            placeholder=tr("Paths start at: the folder of each image list"),
        )
        self.rows: list[TableRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(4)
        self._folder_page = QWidget()
        self._folder_page.setLayout(column(self.folder))
        self._manifest_page = QWidget()
        self._manifest_page.setLayout(
            column(self._list, row(self.add, None), self.explain, self.root, spacing=6)
        )
        self._manifest_page.hide()
        self.problem = Sentence(role="problem")
        self.setLayout(
            column(
                row(self.from_folder, self.from_manifests, None, spacing=18),
                self._folder_page,
                self._manifest_page,
                self.problem,
                self.folder_labels,
                spacing=6,
            )
        )
        self.from_folder.toggled.connect(self._switch)
        self.folder.changed.connect(self.changed)
        self.root.changed.connect(self._root_changed)
        self.folder_labels.toggled.connect(self.changed)

    @property
    def images(self) -> Path | None:
        """The folder of images, or where the manifests' paths start."""
        return self.folder.path() if self.from_folder.isChecked() else self.root.path()

    @property
    def manifests(self) -> tuple[Manifest, ...]:
        """The manifests, unless a folder is chosen."""
        return () if self.from_folder.isChecked() else tuple(one.manifest() for one in self.rows)

    @property
    def named(self) -> bool:
        """Whether there is anything to look at."""
        return bool(self.manifests) if self.from_manifests.isChecked() else self.images is not None

    def offer_folder_labels(self, possible: bool) -> None:
        """Allow sub-folders as labels, if there are any."""
        self.folder_labels.setEnabled(possible)
        self.folder_labels.setToolTip(LABELS_HINT if possible else tr("The images lie in no sub-folder."))

    def show_sources(self, folder: Path | None, lists: Sequence[Path]) -> None:
        """Name a folder of images, or lists whose paths start there."""
        if lists:
            self.add_manifests(lists)
        if folder is not None:
            (self.root if lists else self.folder).set_path(folder)

    def add_manifests(self, files: Sequence[str | Path], role: str = "") -> None:
        """Append manifests; one that is there already is not added again."""
        self.from_manifests.setChecked(True)
        for file in map(Path, files):
            if any(one.path == file for one in self.rows):
                continue
            added = TableRow(file, role, self.root.path())
            added.changed.connect(self.changed)
            added.removed.connect(self._remove)
            self.rows.append(added)
            self._list.addWidget(added)
        self._tell()

    def _remove(self, gone: TableRow) -> None:
        self.rows.remove(gone)
        self._list.removeWidget(gone)
        gone.hide()
        gone.deleteLater()
        self._tell()
        self.add.setFocus()

    def _root_changed(self) -> None:
        for one in self.rows:
            one.columns.look(one.path, self.root.path())
        self.changed.emit()

    def _tell(self) -> None:
        self.add.setText(tr("Add another image list…") if self.rows else tr("Add an image list…"))
        self.changed.emit()

    def _choose_manifests(self) -> None:
        chooser = file_chooser(self, "many", tr("Choose image lists"), CSV)
        chooser.filesSelected.connect(self.add_manifests)
        chooser.open()

    def _switch(self, folder: bool) -> None:
        self._folder_page.setVisible(folder)
        self._manifest_page.setVisible(not folder)
        self.changed.emit()


NONE, COLUMN, FOLDER, NAME = "none", "column", "folder", "name"
PATTERNS = (
    (tr("All before the first _"), "^([^_]+)_"),
    (tr("All before the first -"), "^([^-]+)-"),
    (tr("The first number"), r"(\d+)"),
    (tr("All before the last _"), "^(.+)_"),
)


class GroupForm(QWidget):
    """Which images belong together: the same patient, slide or lesion."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.kind = ChoiceBox(tr("How images are grouped"))
        self.columns = ChoiceBox(tr("Column that names the group"))
        self.level = Number(tr("Folder level that names the group"), 1, 1)
        self.level.setPrefix(tr("level "))
        self.level.setStepType(Number.StepType.DefaultStepType)
        self.level.setToolTip(tr("Level 1 is the first folder below the folder of images."))
        self.pattern = QLineEdit(placeholderText=tr("Pattern; its parentheses are the group"))
        self.pattern.setAccessibleName(tr("Pattern in the file name"))
        self.examples = QToolButton()
        self.examples.setText(tr("Examples…"))
        self.examples.setToolTip(tr("Fill in a common pattern"))
        self.examples.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.examples)
        for text, pattern in PATTERNS:
            menu.addAction(text, partial(self.pattern.setText, pattern))
        self.examples.setMenu(menu)
        name = QWidget()
        name.setLayout(row(self.pattern, self.examples))
        self._pages = QStackedWidget()
        self._pages.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._page_of = {}
        for kind, page in ((NONE, QWidget()), (COLUMN, self.columns), (FOLDER, self.level), (NAME, name)):
            self._page_of[kind] = self._pages.addWidget(page)
        self.problem = Sentence(role="problem")
        across = row(self.kind, self._pages)
        across.setStretch(1, 1)
        self.setLayout(column(across, self.problem))
        self.offer((), 0, grouped=False)
        self.kind.currentIndexChanged.connect(self._kind_chosen)
        self.columns.currentIndexChanged.connect(self.changed)
        self.level.valueChanged.connect(self.changed)
        self.pattern.textChanged.connect(self.changed)

    @property
    def rule(self) -> str | None:
        """The rule as `project.groups` writes it; None: no rule, or what the manifest says."""
        kind = self.kind.currentData()
        if kind == COLUMN:
            return self.columns.currentText()
        if kind == FOLDER:
            return f"folder:{self.level.value()}"
        return f"name:{self.pattern.text()}" if kind == NAME else None

    def offer(
        self, columns: Sequence[str], depth: int, *, grouped: bool, dicom: bool = False, cut: bool = False
    ) -> None:
        """Offer what these images allow; a choice that is still possible stays. `dicom`: the files name the
        patient; `cut`: what is cut from one image belongs together.
        """
        chosen, old = self.kind.currentData(), self.columns.currentText()
        unasked = (
            tr("The patient, as the files say") if dicom else tr("As the image list's column group says")
        )
        if cut:
            unasked = tr("What it is cut from")
        choices = [(NONE, unasked if grouped else tr("No groups"))]
        if columns:
            choices.append((COLUMN, tr("What the files say") if dicom else tr("A column of the image list")))
        if depth:
            choices.append((FOLDER, tr("A folder level")))
        choices.append((NAME, tr("A pattern in the file name")))
        self.blockSignals(True)
        self.kind.clear()
        for kind, text in choices:
            self.kind.addItem(text, kind)
        self.kind.setCurrentIndex(max(0, self.kind.findData(chosen)))
        self.columns.clear()
        self.columns.addItems(list(columns))
        self.columns.setCurrentIndex(max(0, self.columns.findText(old)))
        self.level.setMaximum(max(1, depth))
        self.blockSignals(False)
        self._pages.setCurrentIndex(self._page_of[self.kind.currentData()])

    def set_rule(self, rule: str | None) -> None:
        """Show a rule, where it is on offer."""
        kind, value = NONE, ""
        if rule is not None:
            head, colon, rest = rule.partition(":")
            kind, value = (head, rest) if colon and head in (FOLDER, NAME) else (COLUMN, rule)
        at = self.kind.findData(kind)
        if at < 0:
            return
        self.kind.setCurrentIndex(at)
        if kind == COLUMN:
            self.columns.setCurrentIndex(max(0, self.columns.findText(value)))
        elif kind == FOLDER:
            self.level.setValue(int(value))
        elif kind == NAME:
            self.pattern.setText(value)

    def _kind_chosen(self) -> None:
        kind = self.kind.currentData()
        if kind is None:
            return
        self._pages.setCurrentIndex(self._page_of[kind])
        if kind == NAME and not self.pattern.text():
            self.pattern.setText(PATTERNS[0][1])
        self.changed.emit()
