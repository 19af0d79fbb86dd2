"""How each image came to stand where it stands: moves and draws in the database, append-only."""

from __future__ import annotations

import sqlite3
import zlib

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import Split
from medlabeler.project.database import Database
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


def draws(database: Database) -> list[ReservationDraw]:
    """Every draw, oldest first."""
    found = database.rows(f"SELECT id, {_DRAW} FROM test_draw ORDER BY id")  # noqa: S608 - constants
    return [ReservationDraw(*row) for row in found]


def inclusion(database: Database, split: NDArray[np.uint8]) -> NDArray[np.float64]:
    """See `Catalog.inclusion`; `split` (n,)."""
    missed = np.ones(len(split))
    for draw, blob in database.rows("SELECT id, chance FROM test_draw"):
        try:
            chance = np.frombuffer(zlib.decompress(blob), _CHANCE)
            missed[: len(chance)] *= 1.0 - chance
        except (zlib.error, ValueError, TypeError) as error:
            raise UserError(
                f"The record of draw {draw} of the test set is damaged in {database.path}, so the chance of "
                "each test image cannot be told; restore it from a copy."
            ) from error
    last = database.rows("SELECT image, draw, MAX(id) FROM split_event GROUP BY image")
    rows = np.array([image - 1 for image, draw, _ in last if draw is not None], np.int64)
    rows = rows[split[rows] == Split.TEST]
    probability = np.full(len(split), np.nan)
    probability[rows] = 1 - missed[rows]
    return probability
