"""Images come from threads of a pool; a fault there is reported, not swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from medlabeler.open_project import image_loader
from medlabeler.open_project.image_loader import ImageLoader
from medlabeler.open_project.open_project import OpenProject


def test_the_latest_request_arrives_and_earlier_ones_do_not(qtbot: Any, opened: OpenProject) -> None:
    catalog = opened.project.catalog
    loader, arrived = ImageLoader(), []
    loader.loaded.connect(lambda row, image: arrived.append((row, int(image.levels[0][0, 0, 0]))))
    for row in range(6):
        loader.load(catalog, row)
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [(5, 65)]
    failed: list[str] = []
    loader.failed.connect(lambda _row, sentence: failed.append(sentence))
    catalog.path(6).unlink()
    loader.load(catalog, 6)
    qtbot.waitUntil(lambda: bool(failed))
    assert catalog.path(6).name in failed[0]


@pytest.mark.qt_no_exception_capture
def test_a_fault_of_the_program_is_reported(
    qtbot: Any, opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_path: Path, *_how: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    reported: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: reported.append(error))
    monkeypatch.setattr(image_loader, "load_image", fault)
    loader, failed = ImageLoader(), []
    loader.failed.connect(lambda _row, sentence: failed.append(sentence))
    loader.load(opened.project.catalog, 0)
    qtbot.waitUntil(lambda: bool(reported) and bool(failed))
    assert "cell_00.png cannot be shown" in failed[0], "fails before: the viewer waited for ever"
    assert str(reported[0]) == "a fault of ours"
