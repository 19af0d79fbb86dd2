"""Folders of images that moved, in the database."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping

from medlabeler.project import skipped_files


def at_new_place(path: str, moved: Mapping[str, str]) -> str:
    """Where a file lies once folders were moved, `moved` old -> new, one after the other."""
    for old, new in moved.items():
        start = old.rstrip(os.sep) + os.sep
        if path.startswith(start):
            path = new.rstrip(os.sep) + os.sep + path[len(start) :]
    return path


def store_moved(connection: sqlite3.Connection, ids: Mapping[str, int], moved: Mapping[str, str]) -> None:
    """Give folders new paths, `moved` old -> new, `ids` by old path; files left out of them follow."""
    # By way of names that nothing else has, so that folders may also change places.
    connection.executemany("UPDATE root SET path = ? WHERE id = ?", [(f"\0{ids[o]}", ids[o]) for o in moved])
    for old, new in moved.items():
        connection.execute("UPDATE root SET path = ? WHERE id = ?", (new, ids[old]))
        skipped_files.move(connection, old.rstrip(os.sep) + os.sep, new.rstrip(os.sep) + os.sep)
