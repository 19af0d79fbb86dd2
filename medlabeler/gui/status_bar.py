"""The line at the bottom: how far the labelling is, how fast the refit was, the test set, what runs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QProgressBar, QSizePolicy, QStatusBar, QToolButton, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.icons import icon
from medlabeler.gui.pretrain_hint import PretrainHint
from medlabeler.gui.session import Session
from medlabeler.gui.words import job_progress, milliseconds

MESSAGE_MS = 9000


class StatusBar(QStatusBar):
    """Facts at the left, the last message in the middle, the running job at the right."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._session: Session | None = None
        self.facts = QLabel()
        self.facts.setToolTip("Every label is on disk before it shows on the screen.")
        self.note = QLabel()
        self.note.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.job = QLabel()
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.bar.setFixedWidth(130)
        self.stop = QToolButton(icon=icon("cancel"), toolTip="Stop; what is finished is kept")
        self.stop.setAccessibleName("Stop the running job")
        self.stop.clicked.connect(self._cancel)
        self.addWidget(self.facts)
        self.addWidget(self.note, 1)
        self.learning = PretrainHint()
        for widget in (self.learning, self.job, self.bar, self.stop):
            self.addPermanentWidget(widget)
        self._fade = QTimer(self, interval=MESSAGE_MS, singleShot=True)
        self._fade.timeout.connect(self.note.clear)
        self._show_jobs()

    def set_session(self, session: Session | None) -> None:
        """Report on this session from now on."""
        self._session = session
        self.note.clear()
        if session is not None:
            session.changed.connect(self._on_changed)
            session.message.connect(self.say)
            session.jobs_changed.connect(self._show_jobs)
        self.learning.follow(session)
        self._show_facts()
        self._show_jobs()

    def tint(self) -> None:
        """Take the colours of the theme."""
        self.stop.setIcon(icon("cancel"))

    def say(self, sentence: str) -> None:
        """Show one sentence for a while."""
        self.note.setText(f"   {sentence}")
        self.note.setToolTip(sentence)
        self._fade.start()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.MODEL):
            self._show_facts()

    def _show_facts(self) -> None:
        self.facts.setText(facts(self._session) if self._session is not None else "")

    def _show_jobs(self) -> None:
        running = [job for job in self._session.jobs if job.running] if self._session is not None else []
        for widget in (self.job, self.bar, self.stop):
            widget.setVisible(bool(running))
        if not running:
            return
        job = running[-1]
        self.job.setText(f"{job.title}: {job_progress(job)}")
        self.bar.setRange(0, 1000 if job.total else 0)
        if job.total:
            self.bar.setValue(min(1000, 1000 * job.done // job.total))

    def _cancel(self) -> None:
        if self._session is not None:
            for job in self._session.jobs:
                if job.running:
                    self._session.cancel_job(job.id)


def facts(session: Session) -> str:
    """'1,234 labelled of 17,092 · refit 38 ms · test set 0/200 labelled · saved'."""
    labelled = session.kind == LabelKind.LABEL
    test = session.split == Split.TEST
    parts = [f"{int((labelled & ~test).sum()):,} labelled of {int((~test).sum()):,}"]
    if session.model is not None:
        parts.append(f"refit {milliseconds(session.model.total_ms)}")
    n_test = int(np.count_nonzero(test))
    parts.append(
        f"test set {int((labelled & test).sum()):,}/{n_test:,} labelled" if n_test else "no test set"
    )
    if session.n:
        parts.append("saved")
    return " · ".join(parts)
