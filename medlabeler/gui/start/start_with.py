"""Start with the classifier of another project: hints for the first labels, and what they are not."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.retelling import retold
from medlabeler.gui.apply.classifier_choice import ClassifierChoice
from medlabeler.gui.kit.form import Buttons, Sentence, prepare, row, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.jobs import start_with
from medlabeler.open_project.first_hints import JOB
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project import starting

WHAT = tr(
    "A classifier that was exported from another project looks at these images, of another stain or scanner "
    "perhaps. Its predictions are hints for your first labels: they count as nobody's label, your own "
    "classifier learns nothing from them, and no accuracy is measured with them. From {n} labels for each "
    "of its classes on your own classifier takes over once it names the labelled images as well, at {most} "
    "in any case.",
    n=starting.ENOUGH,
    most=starting.AT_MOST,
)
GUARD = tr(
    "It says nothing of images that are unlike those it learned from; if most are, a sentence says so first."
)


class StartWithDialog(QDialog):
    """Asks for the file, tells how good it was found to be, and starts the job `start_with`."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Start with another project's classifier"), QSize(640, 310))
        self._opened = opened
        self.file, self.now = ClassifierChoice(), Sentence()
        self.without = QPushButton(tr("Do without it"), autoDefault=False)
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Let it look"))
        self._lay_out()
        self.file.changed.connect(self._update)
        self.without.clicked.connect(self._forget)
        self.buttons.go.clicked.connect(self.accept)
        self._update()

    def _lay_out(self) -> None:
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(Sentence(WHAT))
        box.addWidget(Sentence(GUARD))
        box.addWidget(section(tr("Exported classifier")))
        box.addWidget(self.file)
        used = row(self.now, self.without)
        used.setStretch(0, 1)
        box.addLayout(used)
        box.addStretch(1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)

    def accept(self) -> None:
        """Let it look at the images, or say why not."""
        params = start_with.Params(bundle=self.file.path())
        if self.buttons.go.isEnabled() and start_or_tell(self._opened, JOB, params, self.problem):
            super().accept()

    def _forget(self) -> None:
        self._opened.hints.forget()
        self._update()

    def _update(self) -> None:
        kept = starting.kept(self._opened.project)
        looked = tr("{name} has looked at the images.", name=kept.name) if kept is not None else ""
        self.now.say(" ".join([looked, *map(retold, kept.cautions if kept is not None else ())]))
        self.without.setVisible(kept is not None)
        missing = "" if self.file.readable else tr("Choose the file of an exported classifier.")
        if self._opened.runner.running(JOB):
            missing = tr("A classifier is looking at the images; wait until it is done.")
        self.buttons.allow(missing or ("…" if self.file.busy else ""))
