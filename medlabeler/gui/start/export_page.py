"""What can leave the program, and what is in each file; the report as text; the sessions."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.gui.accuracy.report_text import report_text
from medlabeler.gui.kit.form import Form, Sentence, section
from medlabeler.gui.kit.step_card import StepCard
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.start.export_contents import (
    BUNDLE,
    DECISIONS,
    LABELS,
    ONNX,
    PREDICTIONS,
    why_no_classifier,
)
from medlabeler.learning.onnx_packages import why_no_onnx
from medlabeler.open_project.open_project import OpenProject

NO_PICTURES = tr("These files hold no picture. Paths are shortened unless you ask for whole ones.")
NO_LABELS = tr("Not yet: no image is labelled.")
REPORT = tr("Every figure with its interval, as a page for a browser, as PDF, or as a model card.")
SESSIONS = tr(
    "Each session with its time, its labels a minute and its accuracy, and the labels over time for the "
    "whole project."
)


class ExportPage(QWidget):
    """One button writes files, through the dialog that asks which. `wanted`: the name of an action."""

    wanted = Signal(str)

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setAccessibleName(tr("Export and report"))
        self.labels = StepCard(tr("Labels (CSV)"))
        self.predictions = StepCard(tr("Predictions (CSV)"))
        self.bundle = StepCard(tr("Classifier (bundle)"))
        self.onnx = StepCard(tr("Classifier for other programs (ONNX)"))
        self.decisions = StepCard(tr("All decisions (CSV)"))
        self.report = StepCard(tr("Report"), REPORT)
        self.sessions = StepCard(tr("Sessions and labels over time"), SESSIONS)
        self.export = QPushButton(tr("Export…"), autoDefault=False)
        set_role(self.export, "primary")
        self.export.clicked.connect(lambda: self.wanted.emit("export"))
        self.write = self.report.add_button(tr("Report…"))
        self.write.setAccessibleName(tr("Write the report"))
        self.write.clicked.connect(lambda: self.wanted.emit("report"))
        self.copy = self.report.add_button(tr("Copy"))
        self.copy.setAccessibleName(tr("Copy the report"))
        self.copy.clicked.connect(self._copy)
        self.show_sessions = self.sessions.add_button(tr("Sessions…"))
        self.show_sessions.clicked.connect(lambda: self.wanted.emit("sessions"))
        self._lay_out()
        opened.changed.connect(self._on_changed)
        self.refresh()

    def _lay_out(self) -> None:
        form = Form()
        form.box.setContentsMargins(16, 14, 16, 14)
        form.box.setSpacing(8)
        top = QHBoxLayout()
        top.setSpacing(16)
        top.addWidget(Sentence(NO_PICTURES), 1)
        top.addWidget(self.export)
        form.add(section(tr("What can be written")))
        form.add(top)
        for card in (self.labels, self.predictions, self.bundle, self.onnx, self.decisions):
            form.add(card)
        form.add(section(tr("To read")), 8)
        for card in (self.report, self.sessions):
            form.add(card)
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.addWidget(form)

    def refresh(self) -> None:
        """Say what there is now."""
        opened = self.opened
        if opened.closed or not self.isVisible():
            return
        decided = bool((opened.kind != 0).any())
        no_classifier = why_no_classifier(opened)
        for card, what, reason in (
            (self.labels, LABELS, "" if decided or opened.project.remarks.any() else NO_LABELS),
            (self.predictions, PREDICTIONS, no_classifier),
            (self.bundle, BUNDLE, no_classifier),
            (self.onnx, ONNX, no_classifier or why_no_onnx()),
            (self.decisions, DECISIONS, "" if decided else NO_LABELS),
        ):
            card.say(f"{what} {reason}".strip())
        self.export.setEnabled(opened.n > 0)
        text = report_text(opened)
        self.copy.setEnabled(bool(text))
        self.write.setEnabled(opened.n > 0)
        self.report.say(
            f"{REPORT}\n\n{text}" if text else tr("{report} There is no accuracy yet.", report=REPORT)
        )

    def _copy(self) -> None:
        QApplication.clipboard().setText(report_text(self.opened))
        self.opened.message.emit(tr("The report is copied."))

    def _on_changed(self, changes: Changes) -> None:
        relevant = Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.HISTORY | Changes.EMBEDDING
        if changes & relevant:
            self.refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
