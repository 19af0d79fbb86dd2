"""What an exported classifier of another project says, taken up when a project is opened or it has looked.

Its predictions are shown until there are enough labels, and a few images that it is sure to know something of
come first in the queue, its classes in turn.
"""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import sentence_of_refusal
from medlabeler.domain.types import LabelKind, Split
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.runner import Runner
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.suggestion_queue import READY, SuggestionQueue
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project import starting
from medlabeler.project.starting import Starting

JOB = "start_with"
STRATEGY = "starting"
"""What the journal says of labels that were given in this part of the queue."""


class FirstHints(QObject):
    """Keeps `starting` of the open project up to date, and fills the front of its queue once."""

    def __init__(self, opened: OpenProjectState, runner: Runner, queue: SuggestionQueue) -> None:
        super().__init__(opened)
        self._opened, self._queue = opened, queue
        self._reading = Latest(self)
        self._reading.answered.connect(self._take)
        runner.finished.connect(self._on_finished)
        opened.changed.connect(self._on_changed)
        self._read()

    def forget(self) -> None:
        """Do without it from now on."""
        try:
            starting.forget(self._opened.project)
        except (UserError, OSError) as error:
            self._opened.failed.emit(sentence_of_refusal(error))
            return
        self._reading.forget()
        self._opened.adopt_start(None)

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        if job.name == JOB and result is not None:
            self._read()

    def _on_changed(self, changes: Changes) -> None:
        """The arrays are by image: those of other images, or of a class that is gone, hold no more."""
        if changes & (Changes.IMAGES | Changes.CLASSES) and self._opened.starting is not None:
            self._read()

    def _read(self) -> None:
        project = self._opened.project
        kept = starting.kept(project)
        if kept is None:
            return
        folder, digests = project.path, project.catalog.digest.copy()
        live = {definition.id for definition in self._opened.classes}
        self._reading.ask(lambda: starting.load(folder, kept, digests, live))

    def _take(self, answer: Starting | UserError) -> None:
        opened = self._opened
        if opened.closed:
            return
        if isinstance(answer, UserError):
            opened.failed.emit(str(answer))
            return
        first = opened.starting is None or opened.starting.kept != answer.kept
        opened.adopt_start(answer)
        if first and opened.shows_start:
            self._queue.give_back(self._first(answer))

    def _first(self, found: Starting) -> list[Suggestion]:
        """Its classes in turn, within each drawn at random: so a person sees soon where it is wrong."""
        opened = self._opened
        free = (opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL)
        rng = np.random.default_rng(0)
        said = found.prediction[: opened.n]
        of_class = [rng.permutation(np.flatnonzero(free[: len(said)] & (said == c))) for c in found.classes]
        rows = [int(rows[at]) for at in range(READY) for rows in of_class if at < len(rows)]
        return [
            Suggestion(
                row,
                tr(
                    "drawn among the images that {name} takes for {title}",
                    name=found.kept.name,
                    title=opened.class_title(int(said[row])),
                ),
                STRATEGY,
            )
            for row in rows[:READY]
        ]
