"""The project that is open in the window: at most one, opened, handed over and closed here."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from medlabeler.domain.errors import UserError
from medlabeler.domain.settings import Settings
from medlabeler.gui.sessions.summary import last_session
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project.project import Project


class CurrentProject(QObject):
    """Holds the open project and what goes on by itself in it.

    `show` puts a project on the screen, `leave` takes it away before it is closed, `refuse` says in one
    sentence why a project was not opened.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        show: Callable[[Pipeline], None],
        leave: Callable[[], None],
        refuse: Callable[[str], None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings
        self.opened: OpenProject | None = None
        self.pipeline: Pipeline | None = None
        self._show, self._leave, self.refuse = show, leave, refuse

    def open(self, path: Path) -> bool:
        """Open the project in `path`; a refusal is one sentence on the screen; what is open stays open."""
        if self.opened is not None and self.opened.project.path == Path(path).absolute():
            return True
        QApplication.setOverrideCursor(Qt.CursorShape.WaitCursor)
        try:
            self.take(Project.open(Path(path), annotator=self.settings.get("annotator")))
        except UserError as error:
            self.refuse(str(error))
            return False
        finally:
            QApplication.restoreOverrideCursor()
        return True

    def take(self, project: Project, *, offline: bool = False, start: bool = True) -> Pipeline:
        """Show an open project and go on with what is unfinished in it; it is closed if that fails."""
        self.close()
        try:
            self.opened = opened = OpenProject(project, settings=self.settings, parent=self)
            self.pipeline = pipeline = Pipeline(opened, offline=offline)
            self._show(pipeline)
            self.settings.add_recent(project.path)
        except BaseException:
            # Else it would stay open, and the next try be refused because of this one.
            with contextlib.suppress(Exception):
                self.close()
            project.close()
            raise
        if start:
            pipeline.start()
        return pipeline

    def close(self) -> None:
        """Take the project off the screen and close it, if one is open."""
        opened = self.opened
        self.opened = self.pipeline = None
        if opened is None:
            return
        if summary := last_session(opened.project):
            self.settings.set("last_session", summary)
        self._leave()
        opened.close()
        opened.deleteLater()
