"""How each image came to stand where it stands: moves and draws in the database, append-only."""

from __future__ import annotations

import sqlite3
import zlib

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import Split
from medlabeler.project.columns import Growing
from medlabeler.project.database import Database, Reader
from medlabeler.project.reservation import Reservation, ReservationDraw

_DRAW = "time, session, reason, seed, n_wanted, per_group, rare_factor, n_units, n_drawn"
_CHANCE = np.dtype("<f4")


def store_draw(
    connection: sqlite3.Connection, drawn: Reservation, time: str, session: int, reason: str
) -> None:
    """Record a draw and move its images; the chance of every image goes with it, so that the probability over
    several draws can be told.
    """
    cursor = connection.execute(
        f"INSERT INTO test_draw ({_DRAW}, chance) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
        (
            time, session, reason, drawn.seed, drawn.n_wanted, drawn.per_group, drawn.rare_factor,
            drawn.n_units, drawn.n_drawn, zlib.compress(drawn.chance.astype(_CHANCE).tobytes()),
        ),
    )  # fmt: skip
    ids = (drawn.rows + 1).tolist()
    connection.executemany(
        "INSERT INTO split_event (time, session, image, split, reason, seed, inclusion_probability, draw)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (time, session, image, int(Split.TEST), reason, drawn.seed, probability, cursor.lastrowid)
            for image, probability in zip(ids, drawn.probability.tolist(), strict=True)
        ],
    )
    _set_split(connection, drawn.rows, Split.TEST)
    store_moves(
        connection, drawn.held_back, Split.HELD_BACK, time, session, "others of its group are in the test set"
    )


def store_moves(
    connection: sqlite3.Connection, rows: NDArray[np.int64], to: Split, time: str, session: int, reason: str
) -> None:
    """Move images, without a draw, and record why."""
    store_events(connection, rows, to, time, session, reason)
    _set_split(connection, rows, to)


def store_events(
    connection: sqlite3.Connection, rows: NDArray[np.int64], to: Split, time: str, session: int, reason: str
) -> None:
    """Record where images stand, and why."""
    connection.executemany(
        "INSERT INTO split_event (time, session, image, split, reason) VALUES (?, ?, ?, ?, ?)",
        [(time, session, row + 1, int(to), reason) for row in rows.tolist()],
    )


def _set_split(connection: sqlite3.Connection, rows: NDArray[np.int64], to: Split) -> None:
    connection.executemany(
        "UPDATE image SET split = ? WHERE id = ?", [(int(to), row + 1) for row in rows.tolist()]
    )


def draws(database: Reader) -> list[ReservationDraw]:
    """Every draw, oldest first."""
    found = database.rows(f"SELECT id, {_DRAW} FROM test_draw ORDER BY id")  # noqa: S608 - constants
    return [ReservationDraw(*row) for row in found]


class Chances:
    """The chance with which each image came into the test set: read once, then kept with each draw."""

    def __init__(self, database: Database, n: int) -> None:
        self._problem = ""
        self._growing = Growing()
        self._missed = np.ones(n)
        self._drawn = np.zeros(n, np.bool_)
        for draw, blob in database.rows("SELECT id, chance FROM test_draw"):
            try:
                self._miss(np.frombuffer(zlib.decompress(blob), _CHANCE))
            except (zlib.error, ValueError, TypeError):
                self._problem = (
                    f"The record of draw {draw} of the test set is damaged in {database.path}, so the chance "
                    "of each test image cannot be told; restore it from a copy."
                )
        last = database.rows("SELECT image, draw, MAX(id) FROM split_event GROUP BY image")
        self._drawn[[image - 1 for image, draw, _ in last if draw is not None]] = True

    def _miss(self, chance: NDArray[np.float32]) -> None:
        missed = self._missed.copy()
        missed[: len(chance)] *= 1.0 - chance
        self._missed = missed

    def grow(self, n: int) -> None:
        """There are `n` images now; new ones were never drawn."""
        more = n - len(self._drawn)
        self._missed = self._growing.longer("missed", self._missed, np.ones(more))
        self._drawn = self._growing.longer("drawn", self._drawn, np.zeros(more, np.bool_))

    def take_draw(self, drawn: Reservation) -> None:
        """A draw was committed."""
        self._miss(drawn.chance.astype(_CHANCE))
        self._drawn[drawn.rows] = True
        self._drawn[drawn.held_back] = False

    def take_moves(self, rows: NDArray[np.int64]) -> None:
        """Images were moved without a draw."""
        self._drawn[rows] = False

    def inclusion(self, split: NDArray[np.uint8]) -> NDArray[np.float64]:
        """See `Catalog.inclusion`; `split` (n,). `UserError` where a record is damaged."""
        if self._problem:
            raise UserError(self._problem)
        drawn = self._drawn & (split == Split.TEST)
        return np.where(drawn, 1 - self._missed, np.nan)
