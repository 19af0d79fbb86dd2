"""Labels from a file: what they would do is told first, found away from the window's thread."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget
from shiboken6 import isValid

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.export.new_images import LISTS
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Buttons, PathField, Sentence, file_chooser, prepare, row, section
from medlabeler.gui.start.import_form import PAUSE_MS
from medlabeler.gui.start.table_row import ColumnsForm
from medlabeler.jobs import label
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

WHAT = tr(
    "A table with a column for the image and one for the class (CSV, Excel, QuPath), the JSON of COCO, Label "
    "Studio or FiftyOne, or a folder with one folder for each class. A label that stands here stays. All of "
    "it is one step to undo."
)
NAMED = 3
"""So many images that are not here are named."""


class LabelsInDialog(QDialog):
    """Asks for the file, tells what taking its labels does, and does it."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Labels from a file"), QSize(640, 330))
        self._opened = opened
        self.found: label.Found | None = None
        self.file = PathField(tr("File with labels"), "open")
        self.folder = QPushButton(tr("Folder…"), autoDefault=False)
        self.folder.setAccessibleName(tr("Choose a folder with one folder for each class"))
        self.columns = ColumnsForm(tr("the table"))
        self.split = ChoiceBox(tr("Which images"))
        self.split.addItem(tr("Training images"), "train")
        self.split.addItem(tr("The test set"), "test")
        self.told = Sentence()
        self.buttons = Buttons(self, tr("Take the labels"))
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._asking = Latest(self)
        self._lay_out()
        self._pause.timeout.connect(self._ask)
        self._asking.answered.connect(self._answered)
        self.file.changed.connect(self._another_file)
        self.columns.changed.connect(self._changed)
        self.split.currentIndexChanged.connect(lambda _at: self._changed())
        self.folder.clicked.connect(self._choose_folder)
        self.buttons.go.clicked.connect(self.accept)
        self._update()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(Sentence(WHAT))
        box.addWidget(section(tr("File or folder")))
        named = row(self.file, self.folder)
        named.setStretch(0, 1)
        box.addLayout(named)
        box.addWidget(self.columns)
        box.addWidget(section(tr("Which images")))
        box.addWidget(self.split)
        box.addWidget(self.told)
        box.addStretch(1)
        box.addWidget(self.buttons)

    def accept(self) -> None:
        """Label; where labels were given meanwhile, look again first."""
        if self.found is None or not self.buttons.go.isEnabled():
            return
        if self.found.revision != self._opened.project.labels.revision:
            self._changed()
        else:
            found, self.found = self.found, None  # Enter once more while it is stored means no second time
            self._opened.take_labels(found, self._done)

    def _done(self, done: bool) -> None:
        if not isValid(self):  # left while it was stored
            return
        if done:
            super().accept()
        else:
            self._changed()

    def _choose_folder(self) -> None:
        chooser = file_chooser(self, "folder", tr("A folder with one folder for each class"))
        chooser.fileSelected.connect(lambda path: self.file.set_path(Path(path)))
        chooser.open()

    def _another_file(self) -> None:
        path = self.file.path()
        if path is not None and path.suffix.lower() in LISTS:
            self.columns.look(path, None)
        else:
            self.columns.forget()
        self._changed()

    def _changed(self) -> None:
        self.found = None
        self._asking.forget()
        self._pause.start()
        self.told.say("")
        self._update()

    def _ask(self) -> None:
        path, split = self.file.path(), str(self.split.currentData())
        if path is not None:
            project, chosen = self._opened.project, self.columns.chosen
            params = label.Params(
                path,
                split,
                image_column=chosen.image,
                label_column=chosen.label,
                none_is_class=chosen.none_is_class,
            )
            self._asking.ask(lambda: label.look(project, params))
            self.told.say(tr("Reading the labels…"), "muted")
        self._update()

    def _answered(self, answer: label.Found | UserError) -> None:
        if isinstance(answer, UserError):
            self.told.say(str(answer), "problem")
        else:
            self.found = answer
            self.told.say(told(answer.told), "muted")
        self._update()

    def _update(self) -> None:
        n = len(self.found.rows) if self.found is not None else 0
        self.buttons.go.setText(
            tr("Label {images}", images=count(n, "image")) if n else tr("Take the labels")
        )
        waits = self._pause.isActive() or self._asking.busy
        if self.file.path() is None:
            missing = tr("Choose a file or a folder.")
        elif waits:
            missing = "…"
        elif self.found is None:
            missing = tr("Correct what is marked in red.")
        else:
            missing = "" if n else tr("There is nothing to label.")
        self.buttons.allow(missing)


def told(what: label.LabelsTold) -> str:
    """What would be done, and what is left out for which reason."""
    lines = [tr("{images} get a label.", images=count(what.n_labelled, "image"))]
    if what.n_already:
        lines.append(tr("{n:,} have that label already.", n=what.n_already))
    if what.n_kept:
        lines.append(tr("{n:,} keep another decision that stands here.", n=what.n_kept))
    if what.n_other_split:
        lines.append(tr("{n:,} are left out: they are not among these images.", n=what.n_other_split))
    if what.n_unknown:
        names = ", ".join(what.unknown[:NAMED])
        lines.append(tr("{n:,} are not in this project, such as {names}.", n=what.n_unknown, names=names))
    if what.n_listed_again:
        names = ", ".join(what.listed_again[:NAMED])
        lines.append(
            tr(
                "{n:,} stand there again with another class, such as {names}; the first one counts.",
                n=what.n_listed_again,
                names=names,
            )
        )
    if what.n_without_label:
        lines.append(tr("{n:,} say NaN, NA or None, which is no label.", n=what.n_without_label))
    return "\n".join(lines)
