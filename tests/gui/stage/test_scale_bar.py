"""The scale bar: as long as it says at every zoom, from the file or from what a person typed, else none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import tifffile
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtTest import QTest

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.stage.image_canvas import ImageCanvas
from medlabeler.gui.stage.scale_bar import length_text, round_length
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import new
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project

BLACK, WHITE, PLAIN = 0, 1, 2
"""Rows: the file of the first two tells its pixel size, that of the last does not."""
DOWN_UM, ACROSS_UM = 1.0, 0.5


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr("medlabeler.open_project.engine.EngineBridge.start", lambda self: None)
    pictures = tmp_path / "pictures"
    pictures.mkdir()
    for name, grey in (("black", 0), ("white", 255)):
        about = {"axes": "YXS", "PhysicalSizeX": ACROSS_UM, "PhysicalSizeY": DOWN_UM}
        pixels = np.full((300, 400, 3), grey, np.uint8)
        path = pictures / f"{name}.ome.tif"
        tifffile.imwrite(path, pixels, ome=True, photometric="rgb", metadata=about)
    tifffile.imwrite(pictures / "xplain.tif", np.zeros((300, 400, 3), np.uint8), photometric="rgb")
    new.run(None, new.Params(tmp_path / "project", images=pictures), SilentProgress())
    shown = MainWindow()
    shown.resize(1024, 700)
    shown.current.take(Project.open(tmp_path / "project"), start=False)
    shown.show()
    shown.activateWindow()
    assert QTest.qWaitForWindowActive(shown)
    yield shown
    shown.close()
    shown.deleteLater()


def parts(window: MainWindow) -> tuple[OpenProject, ImageCanvas]:
    assert window.opened is not None
    assert window.page is not None
    return window.opened, window.page.image.canvas


def show(window: MainWindow, qtbot: object, row: int) -> ImageCanvas:
    opened, canvas = parts(window)
    before = canvas.image
    opened.set_current(row)
    qtbot.waitUntil(lambda: canvas.image is not None and canvas.image is not before)  # type: ignore[attr-defined]  # a canvas of a picture
    return canvas


def in_um(text: str) -> float:
    number, unit = text.split()
    return float(number.replace(",", "")) * {"µm": 1, "mm": 1000}[unit]


def painted(canvas: ImageCanvas) -> tuple[int, int]:
    """Longest run of white, and of black, pixels in the row through the middle of the bar's place."""
    grabbed = canvas.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    line = grabbed.height() - 16
    greys = [QColor(grabbed.pixel(x, line)).lightness() for x in range(grabbed.width())]
    return _run(greys, lambda grey: grey > 240), _run(greys, lambda grey: grey < 15)


def _run(values: list[int], wanted: object) -> int:
    best = now = 0
    for value in values:
        now = now + 1 if wanted(value) else 0  # type: ignore[operator]  # numbers, as the caller knows
        best = max(best, now)
    return best


@pytest.mark.parametrize(
    ("most", "found"),
    [(1.0, 1), (1.99, 1), (2.0, 2), (4.9, 2), (5.0, 5), (9.99, 5), (0.3, 0.2), (0.05, 0.05), (7300, 5000)],
)
def test_its_length_is_round_and_not_above_what_there_is_room_for(most: float, found: float) -> None:
    assert round_length(most) == pytest.approx(found)


def test_lengths_are_in_the_unit_a_person_would_use() -> None:
    said = [length_text(mm) for mm in (0.0002, 0.05, 0.5, 1.0, 20.0, 5000.0)]
    assert said == ["0.2 µm", "50 µm", "500 µm", "1 mm", "20 mm", "5,000 mm"]


def test_it_is_as_long_as_it_says_at_every_zoom(window: MainWindow, qtbot: object) -> None:
    canvas = show(window, qtbot, BLACK)
    texts = set()
    for scale in (0.2, 0.7, 1.0, 2.3, 8.0, 31.0):
        canvas.zoom_to(scale)
        assert canvas.scale_bar is not None
        length, text = canvas.scale_bar
        # Pixels are not square: what counts is the size across, as the bar lies across.
        assert in_um(text) == pytest.approx(length / canvas.scale * ACROSS_UM)
        assert 40 <= length <= 160
        assert float(text.split()[0].replace(",", "")) in {s * 10**p for s in (1, 2, 5) for p in range(3)}
        texts.add(text)
    assert len(texts) > 3


def test_it_is_read_on_black_and_on_white(window: MainWindow, qtbot: object) -> None:
    canvas = show(window, qtbot, BLACK)
    canvas.zoom_to(8)
    assert canvas.scale_bar is not None
    length = canvas.scale_bar[0]
    assert painted(canvas)[0] == pytest.approx(length, abs=2)
    canvas = show(window, qtbot, WHITE)
    canvas.zoom_to(8)
    grabbed = canvas.grab().toImage()
    top = grabbed.height() - 19  # the black line above the bar
    dark = [QColor(grabbed.pixel(x, top)).lightness() < 60 for x in range(grabbed.width())]
    assert sum(dark) == pytest.approx(length, abs=8)


def test_nobody_knows_so_there_is_none_until_a_person_types_it(window: MainWindow, qtbot: object) -> None:
    opened, canvas = parts(window)
    show(window, qtbot, PLAIN)
    assert canvas.scale_bar is None
    labelled = opened.project.labels.class_id.copy()
    viewer = window.page.image  # type: ignore[union-attr]  # it is there
    menu = viewer.adjust_button.menu()
    menu.popup(viewer.mapToGlobal(viewer.rect().center()))
    field = viewer.pixel_size.um
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, "2.5")
    QTest.keyClick(field, Qt.Key.Key_Return)
    menu.close()
    assert canvas.scale_bar is not None
    assert in_um(canvas.scale_bar[1]) == pytest.approx(canvas.scale_bar[0] / canvas.scale * 2.5)
    assert (opened.project.labels.class_id == labelled).all()
    assert opened.project.settings.get("pixel_um") == 2.5
    # What the file tells goes before what is said of all images.
    show(window, qtbot, BLACK)
    assert in_um(canvas.scale_bar[1]) == pytest.approx(canvas.scale_bar[0] / canvas.scale * ACROSS_UM)
    show(window, qtbot, PLAIN)
    field.setValue(0)
    assert canvas.scale_bar is None
    assert opened.project.settings.get("pixel_um") is None


@pytest.mark.parametrize("stored", ["-1", "0", "NaN", "Infinity", "true", '"2"', "[1]"])
def test_a_damaged_size_counts_as_not_known(tmp_path: Path, stored: str) -> None:
    project = Project.create(tmp_path / "project")
    project.settings.set("pixel_um", 0.25)
    path = project.path
    with project.database.transaction() as connection:
        connection.execute("UPDATE setting SET value = ? WHERE key = 'pixel_um'", (stored,))
    project.close()
    project = Project.open(path)
    assert project.settings.get("pixel_um") is None
    project.close()
