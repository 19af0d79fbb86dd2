"""The line at the bottom: how far the labelling is, how fast the refit was, the test set, what runs."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QSizePolicy, QStatusBar, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import milliseconds
from medlabeler.gui.backbones.pretraining_hint import PretrainingHint
from medlabeler.gui.kit.icons import icon, icon_button
from medlabeler.gui.kit.plain import Elided, PlainLabel
from medlabeler.open_project.job_state import job_progress
from medlabeler.open_project.open_project import OpenProject

MESSAGE_MS = 9000

JOB_WIDTH, NOTE_WIDTH = 330, 480
"""Pixels that the words on the running job may take at least, and those left to a message and to the bar: a
longer line would widen the window.
"""
SPARE = 4
"""Pixels beside a text that is seen whole: a font may be wider than it says."""


class JobWords(Elided):
    """As wide as its text, up to `most` pixels, and narrower where the bar has less room."""

    def __init__(self) -> None:
        super().__init__(Qt.TextElideMode.ElideRight)
        self.most = 0
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        frame = self.width() - self.contentsRect().width()  # which the theme gives it
        wanted = self.fontMetrics().horizontalAdvance(self.full()) + frame + SPARE
        return QSize(min(self.most, wanted), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(1, super().minimumSizeHint().height())


class StatusBar(QStatusBar):
    """Facts at the left, the last message in the middle, the running job at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._opened: OpenProject | None = None
        self.facts = PlainLabel()
        self.facts.setToolTip(tr("Every label is on disk before it shows on the screen."))
        self.note = Elided(Qt.TextElideMode.ElideRight)
        self.job = JobWords()
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.bar.setFixedWidth(130)
        self.stop = icon_button("cancel", tr("Stop; what is finished is kept"))
        self.stop.setAccessibleName(tr("Stop the running job"))
        self.stop.clicked.connect(self._cancel)
        self.addWidget(self.facts)
        self.note.setContentsMargins(12, 0, 0, 0)
        self.addWidget(self.note, 1)
        self.learning = PretrainingHint()
        for widget in (self.learning, self.job, self.bar, self.stop):
            self.addPermanentWidget(widget)
        self._said_blind = False
        self._fade = QTimer(self, interval=MESSAGE_MS, singleShot=True)
        self._fade.timeout.connect(self._say_nothing)
        self._show_jobs()

    def set_opened(self, opened: OpenProject | None) -> None:
        """Report on this open project from now on."""
        self._opened = opened
        self._say_nothing()
        if opened is not None:
            opened.changed.connect(self._on_changed)
            opened.message.connect(self.say)
            opened.view_changed.connect(self._on_view)
            opened.jobs_changed.connect(self._show_jobs)
        self.learning.follow(opened)
        self._show_facts()
        self._show_jobs()

    def tint(self) -> None:
        """Take the colours of the theme."""
        self.stop.setIcon(icon("cancel"))

    def say(self, sentence: str) -> None:
        """Show one sentence for a while."""
        self.note.set_full(sentence)
        self._said_blind = self._opened is not None and self._opened.blind
        self._fade.start()

    def _say_nothing(self) -> None:
        self.note.set_full("")

    def _on_view(self) -> None:
        """What was said in blind mode is of no use after it, nor the other way round."""
        if self._opened is not None and self._opened.blind != self._said_blind:
            self._say_nothing()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.LABELS | Changes.CLASSES):
            self._say_nothing()  # what was asked for before is done; what was done is said after it
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.MODEL):
            self._show_facts()

    def _show_facts(self) -> None:
        self.facts.setText(facts(self._opened) if self._opened is not None else "")

    def _show_jobs(self) -> None:
        running = [job for job in self._opened.jobs if job.running] if self._opened is not None else []
        for widget in (self.job, self.bar, self.stop):
            widget.setVisible(bool(running))
        if not running:
            return
        job = running[-1]
        words = f"{job.title}: {job_progress(job)}"
        self.job.most = self._room()
        self.job.set_full(words)
        self.job.updateGeometry()
        self.bar.setRange(0, 1000 if job.total else 0)
        if job.total:
            self.bar.setValue(min(1000, 1000 * job.done // job.total))

    def _room(self) -> int:
        """Pixels for the words on the running job: what facts and a message leave."""
        return max(JOB_WIDTH, self.width() - self.facts.sizeHint().width() - NOTE_WIDTH)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_jobs()

    def _cancel(self) -> None:
        if self._opened is not None:
            for job in self._opened.jobs:
                if job.running:
                    self._opened.cancel_job(job.id)


def facts(opened: OpenProject) -> str:
    """'1,234 labelled of 17,092 · refit 38 ms · test set 0/200 labelled · saved'."""
    labelled, n_test = opened.n_decided(LabelKind.LABEL, Split.TEST), opened.n_images(Split.TEST)
    others = opened.n_decided(LabelKind.LABEL) - labelled
    parts = [tr("{sum:,} labelled of {sum2:,}", sum=others, sum2=opened.n - n_test)]
    if opened.model is not None:
        parts.append(tr("refit {total_ms}", total_ms=milliseconds(opened.model.total_ms)))
    parts.append(
        tr("test set {sum:,}/{n_test:,} labelled", sum=labelled, n_test=n_test)
        if n_test
        else tr("no test set")
    )
    if opened.n:
        parts.append(tr("saved"))
    return " · ".join(parts)
