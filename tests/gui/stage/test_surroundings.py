"""What lies around a crop: read from its image, with the box of the crop drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from panels_support import open_for_test
from PIL import Image
from PySide6.QtCore import Qt

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.imaging import apart, readers
from medlabeler.imaging.unreadable import ChangedImage, UnreadableImage
from medlabeler.jobs import import_images, new
from medlabeler.project.sources import Manifest

LEFT = Qt.MouseButton.LeftButton
PIXELS = np.random.default_rng(0).integers(0, 90, (120, 160, 3), np.uint8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    Image.fromarray(PIXELS).save(tmp_path / "a.png")
    return tmp_path


def test_they_are_the_pixels_around_within_the_image(folder: Path) -> None:
    picture, box = apart.surroundings(folder / "a.png#xywh=40,50,20,10")
    assert box == (20, 10, 20, 10)
    np.testing.assert_array_equal(picture.pixels, PIXELS[40:70, 20:80])
    picture, box = apart.surroundings(folder / "a.png#xywh=-5,110,20,20")
    assert box == (-5, 20, 20, 20)
    np.testing.assert_array_equal(picture.pixels, PIXELS[90:120, 0:35])
    with pytest.raises(UnreadableImage, match="is no place in an image"):
        apart.surroundings(folder / "a.png")
    digest = readers.inspect(folder / "a.png#xywh=40,50,20,10")[0].digest
    Image.fromarray(PIXELS[::-1]).save(folder / "a.png")
    with pytest.raises(ChangedImage):
        apart.surroundings(folder / "a.png#xywh=40,50,20,10", digest=digest)


def test_of_a_patch_they_come_from_its_level_of_the_slide(tmp_path: Path) -> None:
    pixels = np.random.default_rng(1).integers(0, 255, (1024, 1024, 3), np.uint8)
    with tifffile.TiffWriter(tmp_path / "s.tif") as file:
        for level in (0, 1):
            file.write(
                pixels[:: 4**level, :: 4**level], tile=(256, 256), photometric="rgb", compression="deflate",
                subfiletype=level,
            )  # fmt: skip
    picture, box = apart.surroundings(tmp_path / "s.tif#slide=64&level=1&xywh=256,512,256,256")
    assert box == (64, 64, 64, 64)
    np.testing.assert_array_equal(picture.pixels, pixels[256:1024:4, 0:768:4])


def test_the_viewer_shows_them_with_the_box_and_goes_back(folder: Path, qtbot: Any) -> None:
    table = folder / "boxes.csv"
    table.write_text("image,x,y,w,h\na.png,40,50,20,10\na.png,100,20,20,20\n")
    params = new.Params(folder / "p", manifests=(Manifest(table),), crop=8)
    project = new.create(params)
    import_images.run(project, import_images.Params(), SilentProgress())
    opened = open_for_test(project)
    try:
        viewer = ImageViewer(opened)
        qtbot.addWidget(viewer)
        viewer.tools.show()
        viewer.resize(400, 400)
        viewer.show()
        qtbot.waitExposed(viewer)
        with qtbot.waitSignal(viewer.loader.loaded):
            opened.set_current(0)
        assert viewer.canvas.image is not None
        assert (viewer.canvas.image.width, viewer.canvas.image.height) == (20, 10)
        assert not viewer.around_button.isHidden()
        with qtbot.waitSignal(viewer.loader.loaded):
            viewer.around_button.click()
        assert viewer.canvas.image.frame == (20, 10, 20, 10)
        assert (viewer.canvas.image.width, viewer.canvas.image.height) == (60, 30)
        shown = viewer.canvas.grab().toImage()
        accent = viewer.palette().highlight().color()
        found = {
            (x, y)
            for x in range(shown.width())
            for y in range(shown.height())
            if abs(shown.pixelColor(x, y).blue() - accent.blue()) < 12 and shown.pixelColor(x, y).blue() > 120
        }
        assert found, "the box is drawn"
        scale = viewer.canvas.scale
        across = max(x for x, _ in found) - min(x for x, _ in found)
        assert across == pytest.approx(20 * scale, abs=6)
        with qtbot.waitSignal(viewer.loader.loaded):
            opened.set_current(1)
        assert viewer.canvas.image.frame == (20, 20, 20, 20), "it stays on"
        with qtbot.waitSignal(viewer.loader.loaded):
            viewer.around_button.click()
        assert viewer.canvas.image.frame is None
        assert (viewer.canvas.image.width, viewer.canvas.image.height) == (20, 20)
    finally:
        opened.close()
