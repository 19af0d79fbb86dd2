"""The further columns of the manifests: what came with each image beside its group and reference."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.project import metadata_sums
from medlabeler.project.columns import Column, Growing, Names, NewImage, numbers, texts
from medlabeler.project.database import Database
from medlabeler.project.kept_reading import Kept, packed, unpacked

Placed = Sequence[tuple[int, NewImage]]
"""Images and the rows they have, or will have."""


class Metadata:
    """Read once, then kept as codes; the catalog stores what is added."""

    def __init__(self, database: Database, n: int, kept: Kept | None = None) -> None:
        """`kept`: what `keep` gave when the database was what it is now; it is read otherwise."""
        self._ids: dict[str, int] = dict(database.rows("SELECT name, id FROM metadata_column ORDER BY id"))
        self._names: dict[int, Names] = {}
        self._codes: dict[int, NDArray[np.int32]] = {}
        self._growing = Growing()
        if kept is not None:
            for column in self._ids.values():
                self._names[column] = Names(unpacked(kept[f"values {column}"]))
                self._codes[column] = kept[f"codes {column}"]
            return
        self._grow(n)
        for columns, images, values in database.blocks(
            "SELECT column, image, value FROM metadata ORDER BY column, image"
        ):
            rows, no_image = numbers(images, np.int64, 1, n, 0)
            of, _ = numbers(columns, np.int64, 1, max(self._ids.values(), default=0), 0)
            said = texts(values)
            for column in np.unique(of).tolist():
                if column not in self._names:  # damaged, and read again with the table that it came from
                    database.tell(
                        tr(
                            "Some of what image lists tell of images is damaged in {path}; it is left out.",
                            path=database.path,
                        )
                    )
                    continue
                names = self._names[column]
                at = np.setdiff1d(np.flatnonzero(of == column), no_image)
                self._codes[column][rows[at] - 1] = [names.code(said[i]) for i in at.tolist()]

    def keep(self) -> Kept:
        """All that is read of the database, as arrays."""
        return {
            **{f"values {column}": packed(names.names) for column, names in self._names.items()},
            **{f"codes {column}": codes for column, codes in self._codes.items()},
        }

    @property
    def columns(self) -> list[str]:
        """Their names."""
        return list(self._ids)

    def column(self, name: str) -> Column:
        """One of them; `KeyError` for an unknown name."""
        column = self._ids[name]
        return Column(self._names[column].names, self._codes[column])

    def of(self, row: int) -> dict[str, str]:
        """What is known of one image, by column."""
        found = {name: int(self._codes[column][row]) for name, column in self._ids.items()}
        return {name: self._names[self._ids[name]].names[code] for name, code in found.items() if code >= 0}

    def store(self, connection: sqlite3.Connection, placed: Placed) -> dict[str, int]:
        """Write what comes with these images; returns ids of columns met for the first time."""
        met: dict[str, int] = {}
        values: list[tuple[int, int, str]] = []
        for row, image in placed:
            for name, value in image.metadata.items():
                column = self._ids.get(name) or met.get(name)
                if column is None:
                    cursor = connection.execute("INSERT INTO metadata_column (name) VALUES (?)", (name,))
                    column = met[name] = int(cursor.lastrowid or 0)
                if value:
                    values.append((column, row + 1, value))
        sums = metadata_sums.stored(connection)
        connection.executemany("INSERT OR REPLACE INTO metadata VALUES (?, ?, ?)", values)
        if values:
            before = [(column, image, self._known(column, image - 1)) for column, image, _ in values]
            metadata_sums.write(connection, sums, before, values)
        return met

    def _known(self, column: int, row: int) -> str:
        """What one column tells of one image; empty for nothing."""
        codes = self._codes.get(column)
        code = int(codes[row]) if codes is not None and row < len(codes) else -1
        return self._names[column].names[code] if code >= 0 else ""

    def take(self, met: dict[str, int], placed: Placed, n: int) -> None:
        """Show what `store` wrote, once it is committed; there are `n` images then."""
        self._ids = {**self._ids, **met}
        self._grow(n)
        told: dict[int, dict[int, str]] = {}
        for row, image in placed:
            for name, value in image.metadata.items():
                if value:
                    told.setdefault(self._ids[name], {})[row] = value
        for column, values in told.items():
            codes, names = self._codes[column].copy(), self._names[column]
            codes[list(values)] = [names.code(value) for value in values.values()]
            self._codes[column] = codes

    def _grow(self, n: int) -> None:
        for column in self._ids.values():
            self._names.setdefault(column, Names())
            codes = self._codes.get(column, np.empty(0, np.int32))
            more = np.full(n - len(codes), -1, np.int32)
            self._codes[column] = self._growing.longer(str(column), codes, more)
