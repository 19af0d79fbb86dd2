"""A folder of images was moved: say where it lies now. Its images are compared before anything changes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget

from medlabeler.domain.changes import JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.form import Buttons, PathField, Sentence, prepare, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.jobs import relink
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

JOB = "relink"
HOW = tr(
    "All images are compared with what was imported; the project follows only if they are the same. "
    "Labels and the map stay as they are."
)


class MovedFolderDialog(QDialog):
    """Stays open until the images were recognised, or says why they were not."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Image folder moved"), QSize(600, 300))
        self._opened = opened
        self._job: int | None = None
        self.old = ChoiceBox(tr("Folder of the project"))
        self.old.addItems(opened.project.catalog.roots())
        self.missing = Sentence()
        self.new = PathField(
            tr("Where it lies now"), "folder", placeholder=tr("The folder, in its new place")
        )
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Compare and follow"))
        self.buttons.go.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        for widget in (
            section(tr("It was in")),
            self.old,
            self.missing,
            section(tr("It is now in")),
            self.new,
        ):
            box.addWidget(widget)
        box.addWidget(Sentence(HOW))
        box.addStretch(1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)
        self.new.changed.connect(self._update)
        # The default button loses that role while it is disabled for a comparison.
        self.new.edit.returnPressed.connect(self.accept)
        opened.runner.finished.connect(self._on_finished)
        # A disk that is gone can take its time to say so.
        self._looking = Latest(self)
        self._looking.answered.connect(self._on_missing)
        catalog = opened.project.catalog
        self._looking.ask(lambda: relink.missing_roots(catalog.roots()))
        self._update()

    def _on_missing(self, missing: list[str]) -> None:
        if missing:
            self.old.setCurrentText(missing[0])
            self.missing.say(
                tr("{folders} of the project cannot be found.", folders=count(len(missing), "folder"))
            )
        else:
            self.missing.say(tr("All folders of the project are where they were."))

    def _update(self) -> None:
        self.problem.say("")
        busy = tr("The images are being compared.") if self._job is not None else ""
        self.buttons.allow(busy or ("" if self.new.path() else tr("Name the folder in its new place.")))

    def accept(self) -> None:
        """Start to compare, or say why not."""
        new = self.new.path()
        if new is None or not self.buttons.go.isEnabled():
            return
        params = relink.Params(Path(self.old.currentText()), new)
        if start_or_tell(self._opened, JOB, params, self.problem):
            self._job = self._opened.jobs[-1].id
            self._update()

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        if job.id != self._job:
            return
        self._job = None
        self._update()
        if result is None:
            self.problem.say(job.sentence)
        else:
            super().accept()
