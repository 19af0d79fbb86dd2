"""Images come from threads of a pool; a fault there is reported, not swallowed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from medlabeler.open_project import image_loader
from medlabeler.open_project.image_loader import ImageLoader


def test_the_latest_request_arrives_and_earlier_ones_do_not(qtbot: Any, tmp_path: Path) -> None:
    paths = [tmp_path / f"{n}.png" for n in range(6)]
    for n, path in enumerate(paths):
        Image.fromarray(np.full((40, 30, 3), n, np.uint8)).save(path)
    loader, arrived = ImageLoader(), []
    loader.loaded.connect(lambda row, image: arrived.append((row, int(image.levels[0][0, 0, 0]))))
    for row, path in enumerate(paths):
        loader.load(row, path)
    qtbot.waitUntil(lambda: bool(arrived))
    assert arrived == [(5, 5)]
    failed: list[str] = []
    loader.failed.connect(lambda _row, sentence: failed.append(sentence))
    loader.load(6, tmp_path / "gone.png")
    qtbot.waitUntil(lambda: bool(failed))
    assert "gone.png" in failed[0]


@pytest.mark.qt_no_exception_capture
def test_a_fault_of_the_program_is_reported(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fault(_path: Path) -> None:
        raise ZeroDivisionError("a fault of ours")

    reported: list[BaseException] = []
    monkeypatch.setattr("sys.excepthook", lambda kind, error, trace: reported.append(error))
    monkeypatch.setattr(image_loader, "load_image", fault)
    loader, failed = ImageLoader(), []
    loader.failed.connect(lambda _row, sentence: failed.append(sentence))
    loader.load(0, tmp_path / "any.png")
    qtbot.waitUntil(lambda: bool(reported) and bool(failed))
    assert "any.png cannot be shown" in failed[0], "fails before: the viewer waited for ever"
    assert str(reported[0]) == "a fault of ours"
