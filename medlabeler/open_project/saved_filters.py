"""Filters a project keeps under a name."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.project.settings import ProjectSettings

KEY = "filters"
LONGEST = 80
"""Characters of a name."""


@dataclass(frozen=True)
class SavedFilter:
    """A filter as it is written, and the order that went with it."""

    name: str
    text: str
    order: str = ""
    descending: bool = False


class SavedFilters:
    """Those of one project, by name; each change is on disk when it returns.

    `UserError` for a name that is empty, too long or taken, and when the disk refuses.
    """

    def __init__(self, settings: ProjectSettings) -> None:
        self._settings = settings

    def all(self) -> list[SavedFilter]:
        """In the order in which they were saved."""
        return [SavedFilter(**one) for one in self._settings.get(KEY, [])]

    def save(self, name: str, text: str, order: str = "", descending: bool = False) -> SavedFilter:
        """Keep a filter under a name of its own."""
        made = SavedFilter(self._free(name), text.strip(), order, descending)
        self._store([*self.all(), made])
        return made

    def rename(self, name: str, to: str) -> None:
        """Give it another name."""
        if to.strip() != name:
            new = self._free(to)
            self._store(
                [SavedFilter(**{**asdict(f), "name": new}) if f.name == name else f for f in self.all()]
            )

    def delete(self, name: str) -> None:
        """Forget it; nothing happens if it is not there."""
        self._store([one for one in self.all() if one.name != name])

    def _free(self, name: str) -> str:
        name = " ".join(name.split())
        if not name:
            raise UserError(tr("A filter needs a name."))
        if len(name) > LONGEST:
            raise UserError(tr("The name of a filter has at most {longest} characters.", longest=LONGEST))
        if any(one.name == name for one in self.all()):
            raise UserError(tr("There is already a filter named {name}; choose another name.", name=name))
        return name

    def _store(self, filters: list[SavedFilter]) -> None:
        self._settings.set(KEY, [asdict(one) for one in filters])
