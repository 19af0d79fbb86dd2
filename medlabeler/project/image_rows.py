"""Which image of a project a table means by a name."""

from __future__ import annotations

import posixpath
import unicodedata
from pathlib import Path, PurePosixPath

from medlabeler.project.project import Project


class ImageRows:
    """Finds the row of an image by every name it may go by: as the project shows it, as an absolute path, and
    without its suffix, or by the file's name alone, where that means no other image.
    """

    def __init__(self, project: Project) -> None:
        rows: dict[str, int] = {}
        bare: dict[str, int] = {}
        alone: dict[str, int] = {}
        for row in range(project.catalog.n):
            name = _plain(project.catalog.name(row))
            rows[_plain(str(project.catalog.path(row)))] = row
            rows.setdefault(name, row)
            stem = str(PurePosixPath(name).with_suffix(""))
            bare[stem] = row if stem not in bare else -1
            for last in {PurePosixPath(name).name, PurePosixPath(stem).name}:
                alone[last] = row if last not in alone else -1
        sure = {name: row for found in (alone, bare) for name, row in found.items() if row >= 0}
        self._rows = {**sure, **rows}

    def find(self, written: str, folder: Path) -> int | None:
        """The row of the image that a table in `folder` writes so, None if there is none."""
        found = self._rows.get(_plain(written))
        return self._rows.get(_plain(str((folder / written).resolve()))) if found is None else found


def _plain(name: str) -> str:
    """A path in one form: forward slashes, no `./`, composed Unicode."""
    return posixpath.normpath(unicodedata.normalize("NFC", name).replace("\\", "/"))
