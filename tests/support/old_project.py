"""A project that the version before the move into rooms made (see tests/data/old_project/make.py)."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

ARCHIVE = Path(__file__).resolve().parent.parent / "data/old_project/project.zip"


def unpack(folder: Path) -> tuple[Path, dict[str, Any]]:
    """The project's folder, and what the code that made it said of it. `folder`/pictures holds its images."""
    with zipfile.ZipFile(ARCHIVE) as archive:
        archive.extractall(folder)
    return folder / "project", json.loads((folder / "expected.json").read_text(encoding="utf-8"))


def plain(value: Any) -> Any:
    """A value as JSON has it, to be compared with what was written down."""
    return json.loads(json.dumps(value))
