"""When a disk that was full counts as having room again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from PySide6.QtCore import QObject

from medlabeler.open_project import disk_watch
from medlabeler.open_project.disk_watch import MORE, DiskWatch


def test_what_became_free_is_measured_from_when_it_was_full(
    qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: a disk that was found with some room, filled, refused a write and had a little more room
    than at first stayed full for good, with all that waited for it.
    """
    free = {"now": 2 * MORE}
    monkeypatch.setattr(disk_watch, "_free", lambda _path: free["now"])
    monkeypatch.setattr(disk_watch, "EVERY_MS", 3_600_000)
    project: Any = SimpleNamespace(
        database=SimpleNamespace(place=SimpleNamespace(fault=lambda: "")), path=Path()
    )
    owner = QObject()
    watch = DiskWatch(project, owner)
    qtbot.waitUntil(lambda: watch._seen.free == free["now"])
    free["now"] = 0
    watch.something_failed("full")
    qtbot.waitUntil(lambda: watch._seen.free == 0)
    free["now"] = 2 * MORE + 1
    with qtbot.waitSignal(watch.room_again):
        watch._polling.look()
    watch.stop()
