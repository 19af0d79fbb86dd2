"""A connection that refuses the last word of each transaction, as no disk does on demand."""

from __future__ import annotations

import sqlite3
from typing import Any


class RefusesToCommit:
    """Lets everything else through to the connection that it stands for."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def execute(self, sql: str, *parameters: Any) -> sqlite3.Cursor:
        """As the connection does; `sqlite3.OperationalError` for COMMIT."""
        if sql == "COMMIT":
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(sql, *parameters)
