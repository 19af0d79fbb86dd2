"""Several looks at each image: tried in the background at milestones, proposed where labels say it pays."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.language import tr
from medlabeler.domain.words import duration
from medlabeler.gui.window.notices import Notices
from medlabeler.jobs import try_views
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.pipeline import EMBED, Pipeline

JOB = "try_views"
QUIET_MS = 20_000
"""Labels must rest this long before it is tried, for it takes a core for some minutes."""


class ViewsNotice(QObject):
    """Follows one open project until its `page` goes. Nothing is embedded before a person says so."""

    def __init__(self, pipeline: Pipeline, notices: Notices, page: QWidget, quiet_ms: int = QUIET_MS) -> None:
        super().__init__(page)
        self._opened, self._pipeline, self._notices = pipeline.opened, pipeline, notices
        self._begun: set[tuple[str, int]] = set()  # embedding and milestone: what fails is not tried for ever
        self.quiet = QTimer(self, interval=quiet_ms, singleShot=True)
        self.quiet.timeout.connect(self._try)
        self._opened.changed.connect(self._on_changed)
        self._opened.runner.finished.connect(self._finished)

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.LABELS:
            self.quiet.start()

    def _try(self) -> None:
        opened = self._opened
        if opened.closed:
            return
        labels = opened.learned_from
        if not try_views.due(opened.project, labels):
            return
        if opened.runner.running():
            self.quiet.start()  # two cores: what a person asked for first
            return
        now = (str(opened.project.settings.get("embedding", "")), try_views.reached(labels))
        if now not in self._begun:
            self._begun.add(now)
            opened.start_job(JOB, try_views.Params())

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        if job.name != JOB or result is None or self._opened.closed:
            return
        found = try_views.stored(self._opened.project)
        if found is not None and found.best is not None:
            self._propose(found.best)

    def _propose(self, best: try_views.Tried) -> None:
        opened = self._opened
        key = str(opened.project.settings.get("embedding", "") or "")
        sentence = tr(
            "To look at every image {looks} times would gain about {gain:.1f} points of accuracy [{low:.1f},"
            " {high:.1f}] and take about {time}: so the images that you have labelled say.",
            looks=best.looks, gain=100 * best.gain, low=100 * best.low,
            high=100 * best.high, time=duration(best.seconds),
        )  # fmt: skip

        def use() -> None:
            name = str(opened.project.settings.get("backbone", "") or "")
            self._pipeline.use_backbone(name, views=best.views)

        self._notices.tell(
            "views",
            sentence,
            [(tr("Look {looks} times", looks=best.looks), use)],
            stands=lambda: (
                opened.project.settings.get("embedding", "") == key and not opened.runner.running(EMBED)
            ),
            sign="search",
            passing=True,
        )
