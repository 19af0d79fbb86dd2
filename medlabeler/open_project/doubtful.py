"""Images that an exported classifier was in doubt about become images of the project, first in its queue."""

from __future__ import annotations

import csv
import os
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import JobResult
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.imaging.parts import file_of
from medlabeler.jobs import import_images
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.sources import Manifest, Spec

STRATEGY = "doubtful"
"""What the journal says of labels that were given in this queue."""
FOLDER = "added"
"""Where, in a project, the lists of images lie that were taken in so."""
_IMPORT = "import_images"


class TakeDoubtful(QObject):
    """Imports the images, then puts those without a label in front of the queue, in the order given."""

    done = Signal(str)  # a sentence
    failed = Signal(str)

    def __init__(self, opened: OpenProject, paths: Sequence[Path], reasons: Sequence[str]) -> None:
        """`paths` (m,) and, for each, the `reasons` shown beside it, such as "RBC 52 %, or WBC 40 %"."""
        super().__init__(opened)
        self._opened = opened
        self._wanted = {
            os.path.abspath(path): (place, reason)  # noqa: PTH100 - links stay, as in the catalog
            for place, (path, reason) in enumerate(zip(paths, reasons, strict=True))
        }
        self._finding = Latest(self)
        self._finding.answered.connect(self._queue)
        opened.runner.finished.connect(self._on_finished)
        self._job: int | None = None

    def start(self) -> None:
        """Write the list into the project and import it; `failed` says why it cannot be."""
        if self._opened.runner.running(_IMPORT):
            self.failed.emit(tr("An import is running; wait until it is done."))
            return
        try:
            spec = self._listed()
        except OSError as error:
            self.failed.emit(tr("The project cannot be written to: {reason}.", reason=system_reason(error)))
            return
        self._job = self._opened.runner.start(_IMPORT, import_images.Params(spec))
        if self._job is None:
            self.failed.emit(tr("The images could not be added; see the messages of the project."))

    def _listed(self) -> Spec:
        folder = self._opened.project.path / FOLDER
        folder.mkdir(exist_ok=True)
        number = 1 + sum(1 for _ in folder.glob("doubtful-*.csv"))
        path = folder / f"doubtful-{number}.csv"
        files = list(self._wanted)
        with whole_file(path, text=True) as file:
            table = csv.writer(file)
            table.writerow(["image"])
            table.writerows([one] for one in files)
        root = Path(os.path.commonpath([str(file_of(one).parent) for one in files]))
        return Spec(images=root, manifests=(Manifest(path),))

    def _on_finished(self, job: JobState, _result: JobResult | None) -> None:
        if job.id != self._job:
            return
        self._job = None
        if job.state != "done":
            self.failed.emit(job.sentence)
            return
        files, wanted = self._opened.project.catalog.image_files(), self._wanted

        def find() -> list[tuple[int, int, str]]:
            here = ((row, wanted.get(path)) for row, path in enumerate(files.files()))
            return [(known[0], row, known[1]) for row, known in here if known is not None]

        self._finding.ask(find)

    def _queue(self, value: object) -> None:
        if isinstance(value, UserError):
            self.failed.emit(str(value))
            return
        assert isinstance(value, list)  # noqa: S101 - what `_on_finished` asks for
        found = sorted(value)
        self._opened.queue.give_back(Suggestion(row, reason, STRATEGY) for _, row, reason in found)
        waiting = sum(1 for item in self._opened.queue.items if item.strategy == STRATEGY)
        self.done.emit(
            tr(
                "{n:,} images are in the project; {m:,} wait first in the queue.",
                n=len(found),
                m=waiting,
            )
        )
