"""Labels for other programs: which kind of file, where, which images, and by which names."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import LOOKING, Buttons, Form, PathField, Sentence, prepare, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.gui.start.import_form import PAUSE_MS
from medlabeler.gui.start.naming import Look, NamesChoice
from medlabeler.jobs import labels
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

KINDS = {
    "coco": (
        tr("COCO (JSON)"),
        tr("One category for each image, without boxes; for most programs that train networks."),
        "coco.json",
    ),
    "label-studio": (
        tr("Label Studio (JSON)"),
        tr("Tasks with their answers, and beside them the labelling interface (XML)."),
        "label-studio.json",
    ),
    "fiftyone": (
        tr("FiftyOne (JSON)"),
        tr("The labels of a data set for image classification."),
        "fiftyone.json",
    ),
    "qupath": (tr("QuPath (table)"), tr("The class of each image by the name of its file."), "qupath.csv"),
    "folders": (
        tr("A folder for each class"),
        tr("The images themselves, copied or linked to, sorted into folders."),
        "by class",
    ),
}
"""What each kind of file is called, what it is, and how its name ends."""
SPLITS = {
    "all": tr("All labelled images"),
    "train": tr("Training images"),
    "test": tr("The test set"),
}


class LabelsOutDialog(QDialog):
    """Starts the job `labels`, which runs in a worker; a refusal is said here."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Labels for other programs"), QSize(660, 500))
        self._opened = opened
        self.kind = _choice(tr("Kind of file"), {key: words[0] for key, words in KINDS.items()})
        self.about = Sentence()
        self.out = PathField(tr("File or folder to write"), "save")
        self.note = Sentence()
        self.split = _choice(tr("Which images"), SPLITS)
        self.link = QCheckBox(tr("Links to the images instead of copies"))
        self.names = NamesChoice()
        self.warning, self.problem = Sentence(role="doubt"), Sentence(role="problem")
        self.buttons = Buttons(self, tr("Write"))
        self._look = Look(opened.project, self)
        self._place_problem = self._replaces = ""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._asking = Latest(self)
        self._lay_out()
        self._connect()
        self._kind_changed()

    def _lay_out(self) -> None:
        form = Form()
        form.box.setContentsMargins(0, 0, 0, 0)
        form.add(section(tr("Kind of file")))
        form.add(self.kind)
        form.add(self.about)
        form.add(self.out)
        form.add(self.note)
        form.add(section(tr("Which images")), 8)
        form.add(self.split)
        form.add(self.link)
        form.add(section(tr("Names in the files")), 8)
        form.add(self.names)
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(form, 1)
        for widget in (self.warning, self.problem, self.buttons):
            box.addWidget(widget)

    def _connect(self) -> None:
        self.kind.currentIndexChanged.connect(lambda _at: self._kind_changed())
        self.out.changed.connect(self._place_changed)
        self._pause.timeout.connect(self._ask)
        self._asking.answered.connect(self._answered)
        self.names.changed.connect(self._update)
        self._look.changed.connect(self._update)
        self.buttons.go.clicked.connect(self.accept)

    def params(self) -> labels.Params:
        """What to write."""
        kind = str(self.kind.currentData())
        return labels.Params(
            kind=kind,
            out=self.out.path() or Path(),
            split=str(self.split.currentData()),
            link=kind == "folders" and self.link.isChecked(),
            absolute=kind != "folders" and self.names.absolute.isChecked(),
            without_names=self.names.hidden.isChecked(),
            looked=True,
        )

    def accept(self) -> None:
        """Start, or say why not."""
        if self.buttons.go.isEnabled() and start_or_tell(self._opened, "labels", self.params(), self.problem):
            super().accept()

    def _kind_changed(self) -> None:
        kind, path = str(self.kind.currentData()), self._opened.project.path
        self.about.say(KINDS[kind][1])
        self.out.set_path(path.parent / f"{path.name} labels {KINDS[kind][2]}")
        self.link.setVisible(kind == "folders")
        self._place_changed()

    def _place_changed(self) -> None:
        self._asking.forget()
        self._pause.start()
        self._update()

    def _ask(self) -> None:
        kind, out, project = str(self.kind.currentData()), self.out.path(), self._opened.project.path
        self._asking.ask(lambda: _why_not(kind, out, project))
        self._update()

    def _answered(self, answer: object) -> None:
        self._place_problem, self._replaces = answer if isinstance(answer, tuple) else (str(answer), "")
        self._update()

    def _update(self) -> None:
        self.problem.say("")
        folders = self.kind.currentData() == "folders"
        self.names.absolute.setEnabled(not folders)
        hidden = self.names.hidden.isChecked()
        if folders:
            self._look.see()
        self.warning.say(self._look.warning(names=not hidden, pictures=folders))
        self.note.say(self._place_problem or self._replaces, "problem" if self._place_problem else "muted")
        missing = tr("Correct what is marked in red.") if self._place_problem else ""
        if self._opened.runner.running("labels"):
            missing = tr("Labels are being written; wait until it is done.")
        waits = self._pause.isActive() or self._asking.busy or self._look.waits
        self.buttons.allow(missing or (LOOKING if waits else ""))


def _choice(label: str, options: dict[str, str]) -> QComboBox:
    box = ChoiceBox(label)
    for key, words in options.items():
        box.addItem(words, key)
    return box


def _why_not(kind: str, out: Path | None, project: Path) -> tuple[str, str]:
    """Why nothing can be written there, empty if it can, and what is to be known of it. Asks the disk."""
    if out is None or not out.is_absolute():
        return tr("Name a whole path."), ""
    try:
        labels.check_place(kind, out, project)
    except UserError as error:
        return str(error), ""
    except OSError as error:
        return tr("{path} cannot be used: {reason}.", path=out, reason=system_reason(error)), ""
    replaces = kind != "folders" and out.exists()
    return "", tr("The file exists and will be replaced.") if replaces else ""
