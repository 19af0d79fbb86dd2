"""The report as files: HTML, PDF, model card; what is in it is read away from the window's thread."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QDialog, QLineEdit, QPlainTextEdit, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.export.report.contents import Contents
from medlabeler.gui.kit.form import LOOKING, Buttons, Form, Number, Sentence, column, prepare, row, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.start.naming import Look
from medlabeler.gui.start.targets import ExportFile, Targets
from medlabeler.jobs import report
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest

HTML = tr("The whole report as one file for a browser; it fetches nothing from anywhere.")
PDF = tr("The same report on pages, to print or to send.")
CARD = tr("A short description of the classifier, to lie beside its file (Markdown).")
WHAT = tr(
    "Every figure with its interval, what it was measured on and what it does not tell; seeds, versions and "
    "hashes. No file name and no group is named."
)
OF_PATIENTS = tr("They are pictures of patients: look at them before you pass the report on.")
MOST_PICTURES = 12


class ReportDialog(QDialog):
    """Starts the job `report`, which runs in a worker; a refusal is said here."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Report"), QSize(680, 620))
        self._opened = opened
        name, folder = opened.project.path.name, opened.project.path.parent
        self.html = ExportFile(
            tr("&Page (HTML)"), HTML, folder / f"{name} report.html", tr("HTML page (*.html)")
        )
        self.pdf = ExportFile(tr("P&DF"), PDF, folder / f"{name} report.pdf", tr("PDF (*.pdf)"))
        self.card = ExportFile(
            tr("&Model card"), CARD, folder / f"{name} model card.md", tr("Markdown (*.md)")
        )
        self.title = QLineEdit(name, maxLength=200)
        self.title.setAccessibleName(tr("Title of the report"))
        self.use = QPlainTextEdit(tabChangesFocus=True)
        self.use.setAccessibleName(tr("Intended use"))
        self.use.setPlaceholderText(tr("Left empty: research on images like these, and what it is not for."))
        self.use.setFixedHeight(64)
        self.pictures = QCheckBox(tr("Show &example images, right and wrong:"))
        self.number = Number(tr("Example images of each kind"), 1, MOST_PICTURES)
        self.number.setValue(3)
        self.names = QCheckBox(tr("With the names of their &files"))
        self.warning = Sentence(OF_PATIENTS)
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Write"))
        self.buttons.go.clicked.connect(self.accept)
        self._targets = Targets(self, self.files)
        self._targets.changed.connect(self._update)
        self._gathering = Latest(self)
        self._gathering.answered.connect(self._gathered)
        self._place()
        self.pictures.toggled.connect(self._update)
        self.names.toggled.connect(self._update)
        self._look = Look(opened.project, self)
        self._look.changed.connect(self._update)
        self.html.wanted.setChecked(True)
        self._targets.look()

    @property
    def files(self) -> tuple[ExportFile, ...]:
        """In the order of the screen."""
        return self.html, self.pdf, self.card

    def _place(self) -> None:
        form = Form()
        form.box.setContentsMargins(0, 0, 0, 0)
        form.add(Sentence(WHAT))
        for file in self.files:
            form.add(file)
        form.add(section(tr("Title")), 6)
        form.add(self.title)
        form.add(section(tr("Intended use")), 6)
        form.add(self.use)
        form.add(section(tr("Example images")), 6)
        form.add(row(self.pictures, self.number, PlainLabel(tr("of each kind")), None))
        form.add(column(self.names, self.warning, spacing=2))
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(form, 1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)

    # ------------------------------------------------------------------ the answer

    def params(self) -> report.Params:
        """What to write."""
        return report.Params(
            html=self.html.path(),
            pdf=self.pdf.path(),
            card=self.card.path(),
            title=self.title.text(),
            intended_use=self.use.toPlainText(),
            pictures=self.number.value() if self.pictures.isChecked() else 0,
            names=self.pictures.isChecked() and self.names.isChecked(),
        )

    def accept(self) -> None:
        """Read what the report says, then start; or say why not."""
        if not self.buttons.go.isEnabled():
            return
        params, project = self.params(), self._opened.project
        self._gathering.ask(lambda: report.gather(project, params))
        self._update()

    def _gathered(self, answer: Contents | UserError) -> None:
        self._update()
        if isinstance(answer, UserError):
            self.problem.say(str(answer))
        elif self._opened.closed:
            self.reject()
        elif answer.revision != self._opened.project.labels.revision:
            self.accept()  # a label was given meanwhile
        elif start_or_tell(self._opened, "report", replace(self.params(), gathered=answer), self.problem):
            super().accept()

    # ------------------------------------------------------------------ what follows from what

    def _update(self) -> None:
        self.problem.say("")
        with_pictures = self.pictures.isChecked()
        for widget in (self.number, self.names):
            widget.setEnabled(with_pictures)
        if with_pictures:
            self._look.see()
        found = self._look.warning(names=self.names.isChecked(), pictures=True)
        self.warning.say("\n".join(filter(None, [OF_PATIENTS, found])) if with_pictures else "")
        missing = self._targets.say() or ("" if self._targets.any else tr("Choose what to write."))
        if self._opened.runner.running("report"):
            missing = tr("A report is being written; wait until it is done.")
        waits = self._targets.waits or self._gathering.busy
        self.buttons.allow(missing or (LOOKING if waits else ""))
