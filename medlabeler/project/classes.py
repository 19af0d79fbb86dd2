"""The classes of a project in memory. Only the journal changes them, and an import that meets new names."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable
from dataclasses import astuple, dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.palette import CLASS_COLOURS, colour
from medlabeler.domain.types import NO_CLASS, ClassDef
from medlabeler.project.columns import texts
from medlabeler.project.database import Database

_COLUMNS = "id, name, colour, position, deleted, merged_into, full_name, description, examples"
_RENEWED = ", ".join(f"{name} = ?" for name in _COLUMNS.split(", ")[1:])
_RENEW = f"UPDATE class SET {_RENEWED} WHERE id = ?"  # noqa: S608 - constants
_ADD = f"INSERT INTO class ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class as stored: a `ClassDef` and the class it was merged into."""

    id: int
    name: str
    colour: str
    position: int
    deleted: bool = False
    merged_into: int | None = None
    full_name: str = ""
    description: str = ""
    examples: tuple[int, ...] = ()
    """Rows of images."""

    def known(self) -> ClassDef:
        """What the rest of the program knows of it."""
        return ClassDef(
            self.id, self.name, self.colour, self.position, self.deleted, self.full_name, self.description,
            self.examples,
        )  # fmt: skip


class ClassStore:
    """Live and former classes, and the class that each text of the reference means."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.revision = 0
        self._rows: dict[int, ClassRow] = {}
        self._references: dict[str, int] = {}
        self.reload()

    def reload(self) -> None:
        """Read everything again."""
        query = f"SELECT {_COLUMNS} FROM class"  # noqa: S608 - a constant
        self._rows = {row[0]: self._sound(*row) for row in self._database.rows(query)}
        for row in list(self._rows.values()):
            if row.merged_into is not None and not self._ends(row):
                self._rows[row.id] = replace(row, merged_into=None)
                self._database.tell(
                    f"The class {row.name} was merged into one that is damaged; the labels of {row.name} "
                    "count as undecided, and are kept."
                )
        references = dict(self._database.rows("SELECT name, class FROM reference_class"))
        self._references = {name: c for name, c in references.items() if c in self._rows}
        for name in references.keys() - self._references.keys():
            self._database.tell(
                f"The reference label {name} means a class that is not there; it counts as none."
            )
        self._changed()

    def _sound(
        self,
        class_id: int,
        name: Any,
        shown: Any,
        position: Any,
        deleted: Any,
        merged_into: Any,
        full_name: Any,
        description: Any,
        examples: Any,
    ) -> ClassRow:
        """A class as stored; a colour or place that cannot be right is told and replaced."""
        name, full_name, description = texts([name, full_name, description])
        if not (isinstance(shown, str) and re.fullmatch("#[0-9a-fA-F]{6}", shown) and type(position) is int):
            self._database.tell(f"The colour or place of the class {name} was damaged; it has another now.")
            shown, position = colour(class_id), class_id
        return ClassRow(
            class_id, name, shown, position, bool(deleted), merged_into, full_name, description,
            self._rows_in(examples, name),
        )  # fmt: skip

    def _rows_in(self, examples: Any, name: str) -> tuple[int, ...]:
        """Rows of the images in a stored list of ids; what is no such list is told, and left out."""
        try:
            ids = json.loads(examples)
            if isinstance(ids, list) and all(type(i) is int and i > 0 for i in ids):
                return tuple(i - 1 for i in ids)
        except (ValueError, TypeError, RecursionError):
            pass
        self._database.tell(f"The example images of the class {name} were damaged; it has none now.")
        return ()

    def _ends(self, row: ClassRow) -> bool:
        """Whether following a merged class leads to a live one, or to one that was deleted for good."""
        seen = set()
        while row.deleted and row.merged_into is not None:
            seen.add(row.id)
            if row.merged_into in seen or row.merged_into not in self._rows:
                return False
            row = self._rows[row.merged_into]
        return True

    def known(self, class_id: Any) -> bool:
        """Whether there is or was a class of that id."""
        return class_id in self._rows

    def all(self) -> list[ClassDef]:
        """Live classes, by position."""
        return list(self._live)

    def get(self, class_id: int) -> ClassDef:
        """The class of that id, deleted or not; `KeyError`."""
        return self._rows[int(class_id)].known()

    def by_name(self, name: str) -> ClassDef | None:
        """The live class with that name, or None."""
        return next((c for c in self._live if c.name == name), None)

    def names(self) -> NDArray[np.str_]:
        """Name by class id, text (largest id + 1,); empty for ids that are not live."""
        names = [""] * len(self._resolution)
        for c in self._live:
            names[c.id] = c.name
        return np.array(names, np.str_)

    def colours(self) -> NDArray[np.uint8]:
        """RGB by class id, uint8 (largest id + 1, 3); black for ids that are not live."""
        table = np.zeros((len(self._resolution), 3), np.uint8)
        for c in self._live:
            table[c.id] = tuple(bytes.fromhex(c.colour[1:]))
        return table

    def resolve(self, class_ids: NDArray[np.int32]) -> NDArray[np.int32]:
        """What class ids, int32 of any shape, mean now: merged is its target, deleted is NO_CLASS."""
        return self._resolution[class_ids]

    def references(self) -> dict[str, int]:
        """Id of the live class that each text of the reference means, NO_CLASS if that class was deleted."""
        return {name: int(self._resolution[class_id]) for name, class_id in self._references.items()}

    # What follows is for the journal and the catalog, which write to the database first.

    def row(self, class_id: int) -> ClassRow | None:
        """The stored row, or None."""
        return self._rows.get(int(class_id))

    def stored_references(self) -> dict[str, int]:
        """Text of the reference -> class id as stored, before merges and deletions are followed."""
        return dict(self._references)

    def live_rows(self) -> list[ClassRow]:
        """Stored rows of the live classes, by position."""
        return [self._rows[c.id] for c in self._live]

    def new_row(self, connection: sqlite3.Connection, name: str, taken: Iterable[ClassRow] = ()) -> ClassRow:
        """Insert a class after all others in the first colour not taken yet; memory is left as it is."""
        rows = [*self.live_rows(), *taken]
        used = {row.colour for row in rows}
        free = next((c for c in CLASS_COLOURS if c not in used), colour(len(rows)))
        position = max((row.position for row in rows), default=-1) + 1
        cursor = connection.execute(
            "INSERT INTO class (name, colour, position, deleted) VALUES (?, ?, ?, 0)", (name, free, position)
        )
        assert cursor.lastrowid is not None  # noqa: S101 - SQLite gives one to every insert
        return ClassRow(cursor.lastrowid, name, free, position)

    @staticmethod
    def write(
        connection: sqlite3.Connection, rows: Iterable[ClassRow], references: dict[str, int | None]
    ) -> None:
        """Write class rows and the meaning of reference texts (None: forget it); memory is left as it is."""
        # A row that is replaced is deleted first, for which SQLite looks through all events for its class.
        for row in rows:
            class_id, *rest = (*astuple(row)[:-1], json.dumps([r + 1 for r in row.examples]))
            if not connection.execute(_RENEW, (*rest, class_id)).rowcount:
                connection.execute(_ADD, (class_id, *rest))
        for name, class_id in references.items():
            if class_id is None:
                connection.execute("DELETE FROM reference_class WHERE name = ?", (name,))
            else:
                connection.execute("INSERT OR REPLACE INTO reference_class VALUES (?, ?)", (name, class_id))

    def take(self, rows: Iterable[ClassRow], references: dict[str, int | None]) -> None:
        """Show in memory what has been committed."""
        for row in rows:
            self._rows[row.id] = row
        for name, class_id in references.items():
            if class_id is None:
                self._references.pop(name, None)
            else:
                self._references[name] = class_id
        self._changed()

    def _changed(self) -> None:
        self.revision += 1
        live = sorted((r for r in self._rows.values() if not r.deleted), key=lambda r: (r.position, r.id))
        self._live = [row.known() for row in live]
        # The last entry is what NO_CLASS (-1) means: no class.
        table = np.full(max(self._rows, default=0) + 2, NO_CLASS, np.int32)
        for class_id in self._rows:
            table[class_id] = self._follow(class_id)
        self._resolution = table

    def _follow(self, class_id: int) -> int:
        row = self._rows[class_id]
        while row.deleted:
            if row.merged_into is None:
                return NO_CLASS
            row = self._rows[row.merged_into]
        return row.id


def row_json(row: ClassRow) -> list[Any]:
    """A class row for the payload of a step."""
    return list(astuple(row))


def row_from_json(values: list[Any]) -> ClassRow:
    """The inverse of `row_json`."""
    row = ClassRow(values[0], values[1], values[2], values[3], bool(values[4]), values[5])
    if len(values) == 6:  # of a step before there was more to say
        return row
    return replace(row, full_name=values[6], description=values[7], examples=tuple(values[8]))
