"""The walks of CONTRIBUTING.md are those that the program takes: every step in its order."""

from __future__ import annotations

import importlib
import os
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Any

import numpy as np
import pytest
from panels_support import add_embedding, labelled, make_project
from PIL import Image
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtTest import QTest

import medlabeler
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import Split
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import embed, import_images, new, project_map
from medlabeler.learning.backbones.registry import STARTER

PACKAGE = Path(medlabeler.__file__).resolve().parent
PAGE = (Path(__file__).resolve().parents[2] / "CONTRIBUTING.md").read_text(encoding="utf-8")
LABELLED = 6


def walk(title: str) -> list[tuple[str, str]]:
    """(process, file) of each step."""
    section = PAGE.split(f"## {title}\n")[1].split("\n## ")[0]
    steps = re.findall(r"^\| (window|engine|worker) \| `([a-z_/]+\.py)` \|", section, re.MULTILINE)
    assert len(steps) > 15
    return steps


@contextmanager
def traced() -> Iterator[list[str]]:
    """The files of the program in the order in which their functions are called, in all threads."""
    files: list[str] = []
    root = f"{PACKAGE}{os.sep}"

    def note(frame: FrameType, event: str, _argument: Any) -> None:
        if event == "call" and frame.f_code.co_filename.startswith(root):
            files.append(frame.f_code.co_filename.removeprefix(root).replace(os.sep, "/"))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        yield files
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]  # None ends it


def assert_walked(steps: list[str], files: list[str]) -> None:
    """Whatever else was called between them."""
    calls = iter(files)
    for at, step in enumerate(steps):
        assert any(step == call for call in calls), f"{step} was not called after {' '.join(steps[:at])}"


def test_a_click(qtbot: Any, tmp_path: Path) -> None:
    """A real click and a real key in a real window, with a real engine behind it."""
    project = make_project(tmp_path)
    key = add_embedding(project, "three", 3.0)
    xy = np.random.default_rng(0).uniform(-5, 5, (40, 2)).astype(np.float32)
    project.vectors.save_projection(key, "pca", xy, {"n_images": 40})
    for name, value in (("embedding", key), ("projection", "pca")):
        project.settings.set(name, value)
    window = MainWindow()
    qtbot.addWidget(window)
    window.resize(1300, 850)
    window.show()
    qtbot.waitExposed(window)
    window.current.take(project, start=False)
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    page.choose_mode(Mode.EXPLORE)

    def predicted(labels: int) -> Callable[[], bool]:
        return lambda: opened.model is not None and opened.model.n_labels == labels

    for row in range(LABELLED):
        opened.label_rows([row], opened.classes[row % 3].id)
    qtbot.waitUntil(predicted(LABELLED), timeout=120_000)
    qtbot.wait(500)
    opened.set_colour_by("prediction")
    view = page.map.view

    def place(row: int) -> QPoint:
        return view.canvas.to_widget(*map(float, xy[row])).toPoint()

    # Another image's thumbnail may lie over a point.
    pool = [row for row in range(LABELLED, 40) if opened.split[row] == Split.POOL]
    row = next(row for row in pool if view.canvas.row_at(QPointF(place(row))) == row)
    at = place(row)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    with traced() as files:
        QTest.mouseClick(
            view.canvas.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, at
        )
        assert opened.current == row
        QTest.keyClick(window, Qt.Key.Key_1)
        assert row in labelled(opened, "basophil")
        steps = [file for where, file in walk("The walk of a click") if where == "window"]
        qtbot.waitUntil(lambda: assert_walked(steps, files), timeout=120_000)
    window.close()


@pytest.mark.slow
def test_an_image(tmp_path: Path) -> None:
    """The three jobs of the walk, each in this process, as the command line runs them."""
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    noise = np.random.default_rng(0)
    for number in range(8):
        Image.fromarray(noise.integers(0, 256, (40, 40, 3), np.uint8)).save(pictures / f"{number}.png")
    for name in ("backbones.embedding", "backbones.loading", "projection"):
        # What they import are thousands of calls, slow under a trace.
        importlib.import_module(f"medlabeler.learning.{name}")
    told = SilentProgress()
    with new.create(new.Params(tmp_path / "project", images=pictures)) as project, traced() as files:
        import_images.run(project, import_images.Params(), told)
        embed.run(project, embed.Params(STARTER, device="cpu"), told)
        project_map.run(project, project_map.Params("pca"), told)
    # What starts the jobs, and what shows the map, has its tests with the window.
    elsewhere = ("gui/", "open_project/", "processes/")
    assert_walked([f for _, f in walk("The walk of an image") if not f.startswith(elsewhere)], files)


def test_a_step_out_of_order_is_noticed() -> None:
    with pytest.raises(AssertionError, match="b was not called after c"):
        assert_walked(["c", "b"], ["a", "b", "c"])
