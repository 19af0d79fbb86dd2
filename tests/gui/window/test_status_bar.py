"""The line at the bottom: what a running job says has the room there is, and no more."""

from __future__ import annotations

from pathlib import Path

import pytest
from panels_support import make_project
from PySide6.QtWidgets import QApplication
from shown_window import shown_window

from medlabeler.open_project.job_state import JobState

WORDS = "Working out what looks alike, which of these images were looked at before, and by which image model"


def test_a_job_says_as_much_as_there_is_room_for(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: it was cut at 330 pixels in a window of 1440, half of whose bar was empty."""
    with shown_window(make_project(tmp_path), monkeypatch, size=(1440, 900)) as window:
        opened = window.opened
        assert opened is not None
        opened.runner.jobs = [JobState(1, "embed", "Looking at images", done=3, total=9, text=WORDS)]
        opened.jobs_changed.emit()
        qapp.processEvents()
        bar = window.status
        assert bar.job.text().startswith(f"Looking at images: {WORDS[:60]}")
        wide = bar.job.width()
        window.resize(1024, 700)
        qapp.processEvents()
        assert (window.width(), window.height()) == (1024, 700)
        assert bar.job.text().endswith("…")
        assert bar.job.fontMetrics().horizontalAdvance(bar.job.text()) <= bar.job.width() < wide
        opened.runner.jobs = []
