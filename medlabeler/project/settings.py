"""What a project remembers about itself: JSON values by key, in its database."""

from __future__ import annotations

import json
from typing import Any

from medlabeler.project.database import Database


class ProjectSettings:
    """Values read once, written through at once. A value is anything JSON can hold."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._values: dict[str, Any] = {
            key: json.loads(value) for key, value in database.rows("SELECT key, value FROM setting")
        }

    def get(self, key: str, default: Any = None) -> Any:
        """The stored value, or `default`."""
        return self._values.get(key, default)

    def hide(self, key: str) -> None:
        """Count a value as not stored until it is set or the project is opened again; the disk keeps it."""
        self._values.pop(key, None)

    def set(self, key: str, value: Any) -> None:
        """Store `value`; it is on disk when this returns. `UserError` when the disk refuses."""
        text = json.dumps(value)
        if key in self._values and json.dumps(self._values[key]) == text:
            return
        with self._database.transaction() as connection:
            connection.execute("INSERT OR REPLACE INTO setting (key, value) VALUES (?, ?)", (key, text))
        self._values[key] = json.loads(text)
