"""Check a report: every figure computed again from the recorded decisions."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QButtonGroup, QDialog, QRadioButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Buttons, PathField, Sentence, prepare
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.jobs import replay
from medlabeler.open_project.open_project import OpenProject

WHAT = tr(
    "Every figure of a report, and every measurement it tells of, is computed again from your recorded "
    "decisions as they were when it was written. What differs is named. That takes about as long as "
    "measuring did; you can go on labelling meanwhile."
)


class ReplayDialog(QDialog):
    """Asks which report, and starts the job `replay`; what it finds is told as a message."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Check a report"), QSize(620, 290))
        self._opened = opened
        self.last = QRadioButton(tr("The last report that this project wrote"))
        self.other = QRadioButton(tr("A report that I was given (HTML)"))
        group = QButtonGroup(self)
        for button in (self.last, self.other):
            group.addButton(button)
        self.file = PathField(tr("The report"), "open", pattern=tr("HTML page (*.html)"))
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Check"))
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(8)
        box.addWidget(Sentence(WHAT))
        for widget in (self.last, self.other, self.file):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)
        self.last.setChecked(True)
        self.other.toggled.connect(self._update)
        self.file.changed.connect(self._update)
        self.buttons.go.clicked.connect(self.accept)
        self._update()

    def accept(self) -> None:
        """Start, or say why not."""
        params = replay.Params(self.file.path() if self.other.isChecked() else None)
        if self.buttons.go.isEnabled() and start_or_tell(self._opened, "replay", params, self.problem):
            super().accept()

    def _update(self) -> None:
        self.problem.say("")
        other = self.other.isChecked()
        self.file.setEnabled(other)
        missing = tr("Choose the report.") if other and self.file.path() is None else ""
        if self._opened.runner.running("replay"):
            missing = tr("A report is being checked; wait until it is done.")
        self.buttons.allow(missing)
