"""Arrays that the window hands to a child as a file, in a folder of its own that goes when it was read."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.project import Project
from medlabeler.project.staging import save_arrays


class GivenArrays(QObject):
    """What one child was given; a file is never written twice, for the child may be reading it.

    They are written away from the GUI thread: at 171,375 images that takes longer than the window may stand
    still.
    """

    written = Signal(str, str)  # the file's name, or "" and why not; of what was given last alone

    def __init__(self, project: Project, child: str, parent: QObject) -> None:
        super().__init__(parent)
        self._project = project
        self._child = child
        self._folders: list[Path] = []
        self._latest = Latest(self)
        self._latest.answered.connect(self._on_written)

    def give(self, **arrays: NDArray[Any]) -> None:
        """Write arrays, which nobody may change in place afterwards; `written` follows."""
        project, name = self._project, f"{self._child}-{uuid.uuid4().hex}"
        self._latest.ask(lambda: _written(project, name, arrays))

    def taken(self) -> None:
        """The child has read what was given last: delete what came before."""
        for folder in self._folders[:-1]:
            shutil.rmtree(folder, ignore_errors=True)
        del self._folders[:-1]

    def _on_written(self, found: Path | UserError) -> None:
        if isinstance(found, UserError):
            self.written.emit("", str(found))
            return
        self._folders.append(found.parent)
        self.written.emit(str(found), "")


def _written(project: Project, name: str, arrays: dict[str, NDArray[Any]]) -> Path:
    folder = project.runtime / name
    try:
        folder.mkdir()
    except OSError as error:
        raise UserError(
            tr("The project folder cannot be written to: {reason}.", reason=system_reason(error))
        ) from error
    return Path(save_arrays(folder, **arrays))
