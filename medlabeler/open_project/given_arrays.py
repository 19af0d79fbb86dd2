"""Arrays that the window hands to a child as a file, in a folder of its own that goes when it was read."""

from __future__ import annotations

import shutil
import uuid
from pathlib import Path
from typing import Any

from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.project.project import Project
from medlabeler.project.staging import save_arrays


class GivenArrays:
    """What one child was given; a file is never written twice, for the child may be reading it."""

    def __init__(self, project: Project, child: str) -> None:
        self._project = project
        self._child = child
        self._folders: list[Path] = []

    def give(self, **arrays: NDArray[Any]) -> str:
        """Write arrays; returns the file's name. `UserError` when the disk refuses."""
        folder = self._project.runtime / f"{self._child}-{uuid.uuid4().hex}"
        try:
            folder.mkdir()
        except OSError as error:
            raise UserError(
                tr("The project folder cannot be written to: {strerror}.", strerror=error.strerror)
            ) from error
        self._folders.append(folder)
        return save_arrays(folder, **arrays)

    def taken(self) -> None:
        """The child has read what was given last: delete what came before."""
        for folder in self._folders[:-1]:
            shutil.rmtree(folder, ignore_errors=True)
        del self._folders[:-1]
