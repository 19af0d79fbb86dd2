"""A picture replaced on disk: what is on show is the one whose digest is in the project, or nothing."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import make_project, open_for_test
from PIL import Image
from PySide6.QtTest import QSignalSpy

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.gui.stage.image_viewer import ImageViewer
from medlabeler.gui.stage.labelled_picture import LabelledPicture
from medlabeler.jobs import import_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.sources import Spec

ROW, OTHER = 3, 20
OLD, NEW = 40 + 5 * ROW, 200
"""Grey of the upper left corner."""


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """The pictures of `make_project`, imported from their folder, so that they can be looked for again."""
    project = make_project(tmp_path)
    import_images.run(project, import_images.Params(Spec(images=tmp_path / "pictures")), SilentProgress())
    made = open_for_test(project)
    yield made
    made.close()


def write(path: Path, content: bytes, *, size: bool, time: bool) -> None:
    """Other content, if wished in as many bytes (a PNG may be followed by anything) and with the old time."""
    before = path.stat()
    if size:
        content = content[: before.st_size].ljust(before.st_size, b"\0")
    path.write_bytes(content)
    if time:
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        assert path.stat().st_mtime_ns == before.st_mtime_ns


def new_picture(tmp_path: Path) -> bytes:
    made = tmp_path / "new.png"
    Image.fromarray(np.full((24, 30, 3), NEW, np.uint8)).save(made)
    return made.read_bytes()


REPLACED: dict[str, tuple[Callable[[Path, bytes], None], bool]] = {
    "another picture": (lambda path, new: write(path, new, size=False, time=False), True),
    "of the same size": (lambda path, new: write(path, new, size=True, time=False), True),
    "of the same size and time": (lambda path, new: write(path, new, size=True, time=True), True),
    "another size, the same time": (lambda path, new: write(path, new, size=False, time=True), True),
    "deleted": (lambda path, new: path.unlink(), False),
    "broken": (lambda path, new: write(path, b"no picture", size=False, time=False), False),
    "broken, of the same size and time": (lambda path, new: write(path, b"no", size=True, time=True), False),
    "empty": (lambda path, new: path.write_bytes(b""), False),
}
"""What was done to the file, and whether it is a picture then."""


def look_again(opened: OpenProject) -> None:
    """What "Look for new images" does, without another process."""
    opened.refresh(import_images.run(opened.project, import_images.Params(), SilentProgress()).changes)


def grey(canvas: Any) -> int | None:
    return None if canvas.image is None else int(canvas.image.levels[0][0, 0, 0])


def go(qtbot: Any, viewer: ImageViewer, row: int) -> None:
    """Show a row and wait until it is known whether it can be shown."""
    spies = [QSignalSpy(viewer.loader.loaded), QSignalSpy(viewer.loader.failed)]
    viewer.opened.set_current(row)
    qtbot.waitUntil(lambda: any(spy.count() for spy in spies))


@pytest.mark.parametrize("how", REPLACED)
@pytest.mark.parametrize("seen_before", [True, False])
def test_the_picture_on_show_is_the_one_in_the_project(
    opened: OpenProject, tmp_path: Path, qtbot: Any, how: str, seen_before: bool
) -> None:
    replace, is_picture = REPLACED[how]
    viewer = ImageViewer(opened)
    qtbot.addWidget(viewer)
    viewer.show()
    if seen_before:
        go(qtbot, viewer, ROW)
        assert grey(viewer.canvas) == OLD
        go(qtbot, viewer, OTHER)
    path = opened.project.catalog.path(ROW)
    replace(path, new_picture(tmp_path))
    go(qtbot, viewer, ROW)
    if seen_before:
        assert grey(viewer.canvas) == OLD
    else:
        assert grey(viewer.canvas) is None, "another picture was on show than the one that was imported"
        assert viewer.empty.isVisible()
        assert path.name in viewer.empty.text()
        if is_picture:
            assert "has changed on disk" in viewer.empty.text()

    # Looked for again while it is on show.
    spies = [QSignalSpy(viewer.loader.loaded), QSignalSpy(viewer.loader.failed)]
    look_again(opened)
    qtbot.waitUntil(lambda: any(spy.count() for spy in spies))
    # Nothing told that it is another file where it was not read again.
    known_as_changed = not how.endswith("of the same size and time") or not seen_before
    if is_picture and known_as_changed:
        assert grey(viewer.canvas) == NEW
    elif seen_before:
        assert grey(viewer.canvas) == OLD
    else:
        assert grey(viewer.canvas) is None


def test_the_thumbnail_follows_the_picture(opened: OpenProject, tmp_path: Path, qtbot: Any) -> None:
    thumbnails = ThumbnailImages.of(opened)
    with qtbot.waitSignal(thumbnails.loaded):
        thumbnails.get(ROW)
    old = thumbnails.get(ROW)
    assert old is not None
    assert abs(old.pixelColor(1, 1).red() - OLD) < 12
    write(opened.project.catalog.path(ROW), new_picture(tmp_path), size=False, time=False)
    look_again(opened)
    if thumbnails.get(ROW) is None:
        qtbot.waitUntil(lambda: thumbnails.get(ROW) is not None)
    new = thumbnails.get(ROW)
    assert new is not None
    assert abs(new.pixelColor(1, 1).red() - NEW) < 12


def test_second_looks_show_no_picture_that_was_replaced(
    opened: OpenProject, tmp_path: Path, qtbot: Any
) -> None:
    first = opened.project.catalog.path(ROW).read_bytes()
    write(opened.project.catalog.path(ROW), new_picture(tmp_path), size=True, time=True)
    widget = LabelledPicture(opened)
    qtbot.addWidget(widget)
    widget.show()
    with qtbot.waitSignal(widget.loader.failed) as told:
        widget.show_row(ROW)
    assert "has changed on disk" in told.args[1]
    assert widget.canvas.image is None
    with qtbot.waitSignal(widget.loader.loaded):
        look_again(opened)
    assert grey(widget.canvas) == NEW
    write(opened.project.catalog.path(ROW), first, size=False, time=False)
    with qtbot.waitSignal(widget.loader.loaded):
        look_again(opened)
    assert grey(widget.canvas) == OLD
