"""When a disk that was full counts as having room again."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from panels_support import make_project, open_for_test
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


@pytest.mark.parametrize("later", [0, -MORE])
def test_what_was_chosen_is_stored_though_no_look_ever_saw_the_disk_full(
    tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch, later: int
) -> None:
    """Fails before: a look of before, or of when something else had just become free, was the measure of what
    had to become free, and nothing was tried again until the project was closed.
    """
    free = {"now": 2 * MORE}
    monkeypatch.setattr(disk_watch, "_free", lambda _path: free["now"])
    monkeypatch.setattr(disk_watch, "EVERY_MS", 50)
    opened = open_for_test(make_project(tmp_path))
    qtbot.waitUntil(lambda: opened.disk._seen.free == free["now"])
    with opened.project.database.direct() as connection:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count={pages}")
    opened.project.settings.keep(
        "filters", [{"name": "n" * 200_000, "text": "", "order": "", "descending": False}]
    )
    assert not opened.project.settings.is_written
    free["now"] += later
    opened.set_strategy("random")
    with opened.project.database.direct() as connection:
        connection.execute("PRAGMA max_page_count=1000000")
    qtbot.waitUntil(lambda: opened.project.settings.is_written)
    assert opened.project.database.row("SELECT value FROM setting WHERE key = 'strategy'") == ('"random"',)
    opened.close()
