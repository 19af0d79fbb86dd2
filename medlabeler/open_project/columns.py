"""The metadata columns of an open project, as a filter looks at them."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.open_project.finding.table import Cache, Texts
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.background import in_background
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.project.columns import Column


class Columns(QObject):
    """Hands out columns that are at hand, and has the others read."""

    loaded = Signal(str)  # name of the column

    def __init__(self, opened: OpenProjectState) -> None:
        super().__init__(opened)
        self._opened = opened
        catalog = opened.project.catalog
        self.cache = Cache(lambda name, n: _texts(catalog.metadata(name), n))
        self._reading: set[str] = set()
        self._arrived = Mailbox(self._deliver)
        opened.changed.connect(self._on_changed)

    def get(self, name: str) -> Texts | None:
        """The column, a text for each image; None while it is read: `loaded` tells when it is there."""
        n = self._opened.n
        found = self.cache.known(name, n)
        if found is None and name not in self._reading and not self._opened.closed:
            self._reading.add(name)
            cache, arrived = self.cache, self._arrived

            def read() -> None:
                problem = ""
                try:
                    cache.column(name, n)
                except UserError as error:
                    problem = str(error)
                finally:
                    arrived.post(name, problem)

            in_background(read)
        return found

    def _deliver(self, name: str, problem: str) -> None:
        self._reading.discard(name)
        if self._opened.closed:
            return
        if problem:
            self._opened.failed.emit(problem)
        else:
            self.loaded.emit(name)

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.cache.images_changed()


def _texts(column: Column, n: int) -> Texts:
    return Texts(column.names, column.codes[:n])
