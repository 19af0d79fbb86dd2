"""What one person prefers on one machine: a small JSON file, never anything about patients."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.late_writing import late_file
from medlabeler.domain.regular_files import check_regular

MAX_RECENT = 10
MOST_BYTES = 1 << 20


def home() -> Path:
    """Folder of the settings; `MEDLABELER_HOME` overrides the platform's usual place."""
    named = os.environ.get("MEDLABELER_HOME")
    if named:
        return Path(named)
    import platformdirs

    return Path(platformdirs.user_config_dir("MedLabeler", appauthor=False))


def cache_folder() -> Path:
    """Folder of what can be made again at any time; below `MEDLABELER_HOME` where that is set."""
    if os.environ.get("MEDLABELER_HOME"):
        return home() / "cache"
    import platformdirs

    return Path(platformdirs.user_cache_dir("MedLabeler", appauthor=False))


class Settings:
    """Preferences with defaults; a missing or damaged file means defaults, never an error.

    Keys: `annotator` str, `annotator_asked` bool: whether the person was asked for it, `theme` "system" |
    "light" | "dark", `auto_advance` bool, `recent` list of paths,
    `last_session` dict: `gui.sessions.summary.SessionFigures`, `tour_done` bool, `language` a code of
    `domain.language.LANGUAGES`, or "" for that of the system.
    """

    DEFAULTS: dict[str, Any] = {  # noqa: RUF012
        "annotator": "",
        "annotator_asked": False,
        "theme": "system",
        "auto_advance": True,
        "recent": [],
        "last_session": {},
        "tour_done": False,
        "language": "",
    }

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or home()) / "settings.json"
        self._file = late_file(self.path.absolute())
        try:
            waiting = self._file.waiting
            if waiting is None:
                check_regular(self.path, MOST_BYTES)
            stored = json.loads(self.path.read_text(encoding="utf-8") if waiting is None else waiting)
        except (OSError, ValueError, RecursionError, UserError):
            stored = {}
        self._values: dict[str, Any] = stored if isinstance(stored, dict) else {}

    def get(self, key: str) -> Any:
        """The stored value, or the default of `key`; `KeyError` for a key that does not exist."""
        default = self.DEFAULTS[key]
        value = self._values.get(key, default)
        if type(value) is not type(default):
            return default
        return [one for one in value if isinstance(one, str)] if key == "recent" else value

    def set(self, key: str, value: Any) -> None:
        """Store `value` at once, or as soon as the disk answers; a folder that cannot be written is not worth
        an interruption.
        """
        if key not in self.DEFAULTS:
            raise KeyError(key)
        self._values[key] = value
        self._file.write(json.dumps(self._values, indent=1))

    def add_recent(self, project: Path) -> None:
        """Put `project` on top of the recent projects."""
        path = str(project.resolve())
        self.set("recent", [path, *(p for p in self.get("recent") if p != path)][:MAX_RECENT])

    def recent(self) -> list[Path]:
        """Recent projects that still exist, newest first."""
        return [Path(p) for p in self.get("recent") if _is_project(Path(p))]


def _is_project(path: Path) -> bool:
    try:
        return (path / "medlabeler.db").is_file()
    except OSError:  # a name that no file system takes
        return False
