"""The project that is open in the window: at most one, opened, handed over and closed here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import DamagedError, UserError
from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings
from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.sessions.summary import SessionFigures, last_session
from medlabeler.open_project.closing import Closing
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.opening import Opening
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project.project import Project


class CurrentProject(QObject):
    """Holds the open project and what goes on by itself in it.

    `show` puts a project on the screen, step by step, so that the window gets its turn in between; what is
    not in sight then it goes on to make by and by, or all at once by the steps of `complete`. `leave` takes
    it away before it is closed, `refuse` says in one sentence why a project was not opened. `waits` is told
    which project is being opened, and None when that is over.
    """

    summed_up = Signal()  # the settings tell what the last session came to
    damaged = Signal(Path)  # the project that was refused can be restored

    def __init__(
        self,
        settings: Settings,
        *,
        show: Callable[[Pipeline], Iterator[None]],
        complete: Callable[[], Iterator[None]],
        leave: Callable[[], None],
        refuse: Callable[[str], None],
        waits: Callable[[Path | None], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.opened: OpenProject | None = None
        self.pipeline: Pipeline | None = None
        self._show, self._complete = show, complete
        self._leave, self.refuse, self._waits = leave, refuse, waits
        self._opening: Opening | None = None
        self._closing: list[Closing] = []
        self._then: Callable[[Pipeline], object] | None = None
        self._refused, self._choices, self._path = refuse, (False, True), Path()
        self._steps: Generator[None, None, None] | None = None
        self._turns = Patient(self, self._take_step)  # begun anew behind each step, as in `Turns`

    @property
    def opening(self) -> bool:
        """Whether a project is on its way to the screen."""
        return self._opening is not None or self._steps is not None

    def open(self, path: Path, then: Callable[[Pipeline], object] | None = None) -> None:
        """Open the project in `path` while the window goes on; `then` is called when it is on the screen.

        A refusal is one sentence on the screen; what is open stays open. One project is opened at a time.
        """
        path, annotator = Path(path).absolute(), self.settings.get("annotator")
        if self.opened is not None and self.pipeline is not None and self.opened.project.path == path:
            if then is not None:
                then(self.pipeline)
        else:
            self.begin(path, lambda: Project.open(path, annotator=annotator), then=then)

    def begin(
        self,
        path: Path,
        make: Callable[[], Project],
        *,
        then: Callable[[Pipeline], object] | None = None,
        offline: bool = False,
        start: bool = True,
        refuse: Callable[[str], None] | None = None,
    ) -> None:
        """The same with a project that `make` opens, or makes, in `path`, in a thread. `start`: go on with
        what is unfinished in it; `refuse` is told why there is no project.
        """
        refuse = refuse or self.refuse
        if self.opening:
            refuse(tr("Another project is still being opened; wait until it is there."))
            return
        closing = list(self._closing)

        def after_the_last() -> Project:
            for one in closing:
                one.wait()
            return make()

        self._then, self._refused, self._choices, self._path = then, refuse, (offline, start), path
        self._opening = Opening(after_the_last, self)
        self._opening.ended.connect(self._on_ended)
        self._waits(path)

    def _on_ended(self, found: Project | BaseException) -> None:
        self._opening = None
        if isinstance(found, Project):
            self._steps = self._taking(found, offline=self._choices[0])
            self._turns.start()
            return
        self._waits(None)
        if not isinstance(found, UserError):
            raise found
        self._refused(str(found))
        if isinstance(found, DamagedError):
            self.damaged.emit(self._path)

    def _take_step(self) -> None:
        steps = self._steps
        if steps is None:
            return
        try:
            next(steps)
            if self._steps is steps:
                self._turns.start()
            return
        except StopIteration:
            pass
        except BaseException:
            self._end_steps()
            raise
        then = self._then
        self._end_steps()
        if self.pipeline is None:
            return
        if self._choices[1]:
            self.pipeline.start()
        if then is not None:
            then(self.pipeline)

    def _end_steps(self) -> None:
        self._turns.stop()
        self._steps = self._then = None
        self._waits(None)

    def take(self, project: Project, *, offline: bool = False, start: bool = True) -> Pipeline:
        """Show an open project, all at once, and go on with what is unfinished in it; it is closed if that
        fails. For scripts: a person's window has its turn in between, see `open` and `begin`.
        """
        self._abandon()
        for steps in (self._taking(project, offline=offline), self._complete()):
            for _ in steps:
                pass
        assert self.pipeline is not None  # noqa: S101 - it is there when all steps are done
        if start:
            self.pipeline.start()
        return self.pipeline

    def _taking(self, project: Project, *, offline: bool = False) -> Generator[None, None, None]:
        try:
            self._close()
            yield
            self.opened = opened = OpenProject(project, settings=self.settings, parent=self)
            self.pipeline = pipeline = Pipeline(opened, offline=offline)
            yield
            yield from self._show(pipeline)
            self.settings.add_recent(project.path)
        except BaseException:
            # Else it would stay open, and the next try be refused because of this one.
            if self.opened is None:
                project.close()
            else:
                with contextlib.suppress(Exception):
                    self._close()
            raise

    def close(self) -> None:
        """Take the project off the screen, if one is open, and let a thread close it; one on its way is not
        wanted then.
        """
        self._abandon()
        self._close()

    def finish(self) -> None:
        """Wait until what was closed is closed; before the program ends."""
        for closing in list(self._closing):
            closing.finish()

    def _abandon(self) -> None:
        """Let go of a project that is on its way."""
        if not self.opening:
            return
        if self._opening is not None:
            self._opening.abandon()
            self._opening = None
        if self._steps is not None:
            self._steps.close()
        self._end_steps()

    def _close(self) -> None:
        opened = self.opened
        self.opened = self.pipeline = None
        if opened is None:
            return
        self._leave()
        closing = Closing(opened, last_session, self)
        self._closing.append(closing)
        closing.ended.connect(lambda summary: self._on_closed(closing, summary))
        opened.deleteLater()

    def _on_closed(self, closing: Closing, summary: SessionFigures | None) -> None:
        self._closing.remove(closing)
        if summary is not None:
            self.settings.set("last_session", summary.to_json())
            self.summed_up.emit()
