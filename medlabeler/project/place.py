"""Where the database of an open project lies: a path and the very file behind it, which may part."""

from __future__ import annotations

import os
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr


class Place:
    """The files of a database as they were when it was opened.

    A folder that is renamed takes them along, one that is deleted does not: what is written into files that
    have no name any more is lost when they are closed, and no error tells.
    """

    def __init__(self, database: Path, *, with_log: bool = True) -> None:
        """`with_log`: the write-ahead log is in use, too."""
        self._database = database
        logs = [database.with_name(database.name + "-wal")] if with_log else []
        self._known = {str(path): _file(str(path)) for path in (database, *logs)}

    def fault(self) -> str:
        """Why nothing must be written now, in a sentence; empty if all is where it was. Any thread."""
        folder = self._database.parent
        for path, known in self._known.items():
            now = _file(path)
            if known is None:  # no write-ahead log yet, or none on this disk
                self._known[path] = now
            elif now is None:
                what = (
                    tr("is gone or was renamed")
                    if not folder.is_dir()
                    else tr("has lost its {name}", name=Path(path).name)
                )
                return tr(
                    "The project folder {folder} {what}: nothing is stored until it is back in "
                    "its place; what was stored before is in it.",
                    folder=folder,
                    what=what,
                )
            elif now != known:
                return tr(
                    "{path} is another file than the one that was opened: nothing is stored; "
                    "close the project and open it again.",
                    path=path,
                )
        return ""

    def check(self) -> None:
        """`UserError` if nothing must be written now."""
        if fault := self.fault():
            raise UserError(fault)


def _file(path: str) -> tuple[int, int] | None:
    """What tells one file from another; None if there is none, or none that can be seen."""
    try:
        found = os.stat(path)  # noqa: PTH116 - a third of the time, and each label asks
    except OSError:
        return None
    return found.st_dev, found.st_ino
