"""The long actions since the project was opened: what runs, how fast, how it ended; under the jobs button."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QProgressBar,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.gui.kit.icons import icon_button
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.job_state import JobState, job_progress
from medlabeler.open_project.open_project import OpenProject

WIDTH = 400


class JobRow(QFrame):
    """One job."""

    def __init__(self, opened: OpenProject, job: JobState) -> None:
        super().__init__()
        self._opened, self._id = opened, job.id
        self.title = PlainLabel()
        set_role(self.title, "heading")
        self.text = PlainLabel(wordWrap=True)
        set_role(self.text, "muted")
        self.bar = QProgressBar(maximum=1000, textVisible=False)
        self.stop = icon_button("cancel", tr("Stop; what is finished is kept"))
        self.stop.clicked.connect(lambda: self._opened.cancel_job(self._id))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.stop)
        self.box = QVBoxLayout(self)
        self.box.setContentsMargins(12, 8, 8, 10)
        self.box.setSpacing(4)
        self.box.addLayout(head)
        self.box.addWidget(self.bar)
        self.box.addWidget(self.text)
        self.show_job(job)

    def show_job(self, job: JobState) -> None:
        """Show its present state."""
        self.title.setText(job.title)
        self.stop.setVisible(job.running)
        self.bar.setVisible(job.running)
        self.bar.setRange(0, 1000 if job.total else 0)
        if job.total:
            self.bar.setValue(min(1000, 1000 * job.done // job.total))
        self.text.setText(job_progress(job) if job.running else job.sentence or tr("Done"))


class JobsPanel(QFrame):
    """The list, newest first; belongs to the window and never takes the focus away from labelling."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        set_role(self, "card")
        self.setFixedWidth(WIDTH)
        self._opened: OpenProject | None = None
        self._rows: dict[int, JobRow] = {}
        self._empty = PlainLabel(tr("Nothing has run yet."), alignment=Qt.AlignmentFlag.AlignCenter)
        set_role(self._empty, "muted")
        inner = QWidget()
        self._box = QVBoxLayout(inner)
        self._box.setContentsMargins(0, 4, 0, 4)
        self._box.addWidget(self._empty)
        self._box.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.setAutoFillBackground(False)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 1, 1, 1)
        outer.addWidget(scroll)
        self.hide()

    def set_opened(self, opened: OpenProject | None) -> None:
        """Show this open project's jobs from now on."""
        self._opened = opened
        for row in self._rows.values():
            row.deleteLater()
        self._rows.clear()
        if opened is not None:
            opened.jobs_changed.connect(self._refresh)
        self._refresh()

    def _refresh(self) -> None:
        jobs = self._opened.jobs if self._opened is not None else []
        for job in jobs:
            row = self._rows.get(job.id)
            if row is None:
                assert self._opened is not None  # noqa: S101 - jobs come from it
                self._rows[job.id] = row = JobRow(self._opened, job)
                self._box.insertWidget(0, row)
            row.show_job(job)
        self._empty.setVisible(not jobs)
        if self.isVisible():
            self._fit()

    def open_below(self, corner: QPoint) -> None:
        """Show with the upper right corner at `corner`, in the parent's coordinates."""
        self._fit()
        self.move(corner.x() - self.width(), corner.y())
        self.raise_()
        self.show()

    def _fit(self) -> None:
        heights = [row.box.heightForWidth(WIDTH - 24) + 6 for row in self._rows.values()]
        self.setFixedHeight(max(70, min(380, sum(heights) + 16)))
