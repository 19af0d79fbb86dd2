"""Make a project: its name, its images, how they are grouped, and a test set from the first day."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QSize, QStandardPaths, QTimer
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.settings import Settings
from medlabeler.export.bundle_file import read_bundle
from medlabeler.gui.apply.classifier_choice import classifier_field
from medlabeler.gui.kit.form import Buttons, Form, Number, PathField, Sentence, column, prepare, row, section
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.start.import_form import PAUSE_MS, ImportForm
from medlabeler.gui.start.import_preview import few_groups, promised, reserve_problem
from medlabeler.jobs import new
from medlabeler.jobs.reserve import LEAST, proposal
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.creation import DATABASE

FORBIDDEN = '<>:"/\\|?*'
WHY = tr(
    "Drawn at random by whole group before the first suggestion, never trained on, never suggested, so "
    "that the accuracy measured on them is honest; label them blind when you like."
)


HINTS = tr(
    "Optional: an exported classifier, of another stain or scanner perhaps, gives hints for your first "
    "labels. They count as nobody's label."
)


def free_name(name: str, folder: Path | None) -> str:
    """`name`, or where a project cannot be called so there, since something is, the same with a number. Asks
    the disk.
    """
    if not name or folder is None or not folder.is_absolute():
        return name
    names = (name, *(f"{name} {number}" for number in range(2, 100)))
    return next((one for one in names if not (folder / one).exists()), name)


def target_problem(name: str, folder: Path | None) -> str:
    """Why a project cannot be made there; empty if it can. Asks the disk."""
    if not name.strip():
        return tr("Give the project a name.")
    if any(c in FORBIDDEN or ord(c) < 32 for c in name) or name.strip(" .") == "":
        return tr("A name cannot hold any of {forbidden} or be only dots.", forbidden=" ".join(FORBIDDEN))
    if folder is None:
        return tr("Choose where the project is kept.")
    if not folder.is_absolute():
        return tr("{folder} is not a whole path; choose a folder.", folder=folder)
    path = folder / name.strip()
    try:
        if (path / DATABASE).exists():
            return tr("There is already a project at {path}; open it, or choose another name.", path=path)
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            return tr("{path} already exists and is not an empty folder; choose another name.", path=path)
        base = next(place for place in (path, *path.parents) if place.exists())
        if not base.is_dir():
            return tr("{base} is a file; choose a folder.", base=base)
    except OSError as error:
        return tr(
            "{folder} cannot be used: {reason}; choose another folder.",
            folder=folder,
            reason=system_reason(error),
        )
    if not os.access(base, os.W_OK | os.X_OK):
        return tr("{base} cannot be written to; choose another folder.", base=base)
    return ""


def hints_problem(path: Path | None) -> str:
    """Why that file is no classifier that could give hints; empty for one that can, or for none."""
    try:
        if path is not None:
            read_bundle(path)
    except UserError as error:
        return str(error)
    return ""


class NewProjectDialog(QDialog):
    """Shown with `open()`; after `accepted`, `params` tell what to make."""

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("New project"), QSize(940, 760))
        self._settings = settings
        self._name_is_own = self._reserve_is_own = False
        self._target_problem = self._hints_problem = ""
        self.import_form = ImportForm(self)
        self.name = QLineEdit(placeholderText=tr("Takes the name of the folder of images"))
        self.name.setAccessibleName(tr("Name of the project"))
        self.location = PathField(tr("Folder the project is kept in"), "folder")
        self.location.set_path(_default_location(settings))
        self.target = Sentence()
        self.reserve = QCheckBox(tr("&Reserve"))
        self.reserve.setChecked(True)
        self.n_test = Number(tr("Number of test images"), 1, 10_000_000)
        self.n_test.setValue(LEAST)
        self.why, self.reserve_note = Sentence(WHY), Sentence()
        self.annotator = QLineEdit(settings.get("annotator"), placeholderText=tr("Your name or initials"))
        self.annotator.setAccessibleName(tr("Annotator"))
        self.hints = classifier_field()
        self.hints_note = Sentence(HINTS)
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Create project"))
        self.buttons.go.clicked.connect(self.accept)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._asking = Latest(self)
        self._place()
        self._connect()
        self._target_changed()
        self.import_form.sources.folder.setFocus()

    def _place(self) -> None:
        form = Form()
        form.add(section(tr("Images")))
        form.add(self.import_form.sources)
        form.add(self.import_form.cuts)
        if self.import_form.look is not None:
            form.add(self.import_form.look)
        form.add(section(tr("Groups: patient, slide, lesion")), 10)
        form.add(self.import_form.groups)
        form.add(section(tr("Test set")), 10)
        form.add(row(self.reserve, self.n_test, PlainLabel(tr("images as the test set")), None))
        form.add(column(self.why, self.reserve_note))
        form.add(section(tr("Start with another project's classifier")), 10)
        form.add(self.hints)
        form.add(self.hints_note)
        form.add(section(tr("Project")), 10)
        form.add(_labelled(tr("Name"), self.name))
        form.add(_labelled(tr("Kept in"), self.location))
        form.add(self.target)
        form.add(_labelled(tr("Annotator"), self.annotator))
        form.box.addStretch(1)
        across = QHBoxLayout()
        across.setSpacing(10)
        across.addWidget(form, 1)
        across.addWidget(self.import_form.panel)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(12)
        box.addLayout(across, 1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)

    def _connect(self) -> None:
        self.import_form.changed.connect(self._import_changed)
        self.name.textEdited.connect(self._name_edited)
        self.name.textChanged.connect(self._target_changed)
        self.location.changed.connect(self._target_changed)
        self.hints.changed.connect(self._target_changed)
        self._pause.timeout.connect(self._ask_target)
        self._asking.answered.connect(self._target_answered)
        self.reserve.toggled.connect(self._update)
        self.n_test.valueChanged.connect(self._size_changed)

    # ------------------------------------------------------------------ the answer

    @property
    def n_reserve(self) -> int:
        """How many images to reserve, 0 if none or if the manifest already names test images."""
        return self.n_test.value() if self.reserve.isChecked() and self.reserve.isEnabled() else 0

    @property
    def params(self) -> new.Params:
        """What to make."""
        spec = self.import_form.spec(reserve=self.n_reserve)
        folder = self.location.path() or Path()
        return new.Params(
            path=folder / self.name.text().strip(),
            images=spec.images,
            manifests=spec.manifests,
            folder_labels=spec.folder_labels,
            group=spec.group,
            reserve=spec.reserve,
            annotator=self.annotator.text().strip(),
            start_with=self.hints.path(),
            crop=spec.crop,
            patch=spec.patch,
            level=spec.patch_level if spec.patch and spec.patch_level >= 0 else None,
            folder_split=spec.folder_split,
            mpp=spec.patch_mpp,
            **(self.import_form.look.params() if self.import_form.look is not None else {}),
        )

    def show_problem(self, sentence: str) -> None:
        """Say why the project could not be made after all; shown until something is changed."""
        self.problem.say(sentence)

    def accept(self) -> None:
        """Close, unless something is missing."""
        if not self.buttons.go.isEnabled():
            return
        self._settings.set("annotator", self.annotator.text().strip())
        super().accept()

    # ------------------------------------------------------------------ what follows from what

    def _name_edited(self, text: str) -> None:
        self._name_is_own = bool(text)

    def _import_changed(self) -> None:
        sources = self.import_form.sources
        if not self._name_is_own:
            manifests = sources.manifests
            named = manifests[0].path.parent if manifests else sources.images
            self.name.setText(named.name if named is not None else "")
        found = self.import_form.found
        if found is not None and not self._reserve_is_own and not found.spec.patch:
            self.n_test.blockSignals(True)
            self.n_test.setValue(proposal(found.n))
            self.n_test.blockSignals(False)
        self._update()

    def _size_changed(self) -> None:
        self._reserve_is_own = True
        self._update()

    def _target_changed(self) -> None:
        self._asking.forget()
        self._pause.start()
        self._update()

    def _ask_target(self) -> None:
        name, folder, hints = self.name.text(), self.location.path(), self.hints.path()
        own = self._name_is_own

        def look() -> tuple[str, str, str]:
            # A project kept beside the folder of its images cannot be called as this is.
            free = name if own else free_name(name, folder)
            return free, target_problem(free, folder), hints_problem(hints)

        self._asking.ask(look)
        self._update()

    def _target_answered(self, answer: object) -> None:
        if isinstance(answer, tuple):
            free, self._target_problem, self._hints_problem = answer
            if not self._name_is_own and free != self.name.text():
                self.name.setText(free)
        else:
            self._target_problem = str(answer)
        self.hints_note.say(self._hints_problem or HINTS, "problem" if self._hints_problem else "muted")
        self._update()

    def _update(self) -> None:
        self.problem.say("")
        self._say_target()
        reserve_problem = self._say_reserve()
        waits = self._pause.isActive() or self._asking.busy
        missing = (
            self.import_form.missing
            or reserve_problem
            or ("…" if waits else self._target_problem or self._hints_problem)
        )
        self.buttons.allow(missing)

    def _say_target(self) -> None:
        name, folder = self.name.text().strip(), self.location.path()
        if self._target_problem and name and not self._pause.isActive():
            self.target.say(self._target_problem, "problem")
        elif name and folder is not None:
            self.target.say(
                tr("Everything is kept in {folder}; the images stay where they are.", folder=folder / name),
                "muted",
            )
        else:
            self.target.say(tr("The images stay where they are."), "muted")

    def _say_reserve(self) -> str:
        """Enable what is possible, say why; returns the problem, if any."""
        found, made = self.import_form.found, self.import_form.made
        given = self.import_form.n_test
        self.reserve.setEnabled(not given)
        self.n_test.setEnabled(not given and self.reserve.isChecked())
        if given:
            self.why.say(
                tr("Folders say which {given:,} images are the test set.", given=given)
                if self.import_form.cuts.folder_split
                else tr(
                    "The image list names {given:,} test images already; they are the test set.", given=given
                )
            )
            self.reserve_note.say("")
            return ""
        self.why.say(WHY)
        if not self.reserve.isChecked():
            self.reserve_note.say(tr("Without it there is only cross-validation on the labels."), "muted")
            return ""
        if found is None or made is None:
            self.reserve_note.say("")
            return ""
        if found.spec.patch:
            # How many patches there will be, reading the slides tells.
            self.reserve_note.say(tr("Whole slides are drawn until there are so many patches."), "muted")
            return ""
        problem = reserve_problem(self.n_test.value(), found.n, made.groups)
        share = tr("{value} % of {n:,} images", value=round(100 * self.n_test.value() / found.n), n=found.n)
        whole = tr("; whole groups are drawn, so it may become a few more") if made.groups.largest else ""
        note = few_groups(made.groups) or f"{share}{whole}."
        note = f"{note} {promised(self.n_test.value(), made)}".strip()
        self.reserve_note.say(problem or note, "problem" if problem else "muted")
        return problem


def _default_location(settings: Settings) -> Path:
    """Beside the project that was used last, else in the person's documents."""
    recent = settings.recent()
    if recent and os.access(recent[0].parent, os.W_OK):
        return recent[0].parent
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return Path(documents or Path.home()) / "MedLabeler"


def _labelled(text: str, field: QWidget) -> QHBoxLayout:
    label = PlainLabel(text)
    set_role(label, "muted")
    label.setFixedWidth(78)
    label.setBuddy(field)
    box = row(label, field)
    box.setStretch(1, 1)
    return box
