"""The import assistant recognises what a folder or table is, and shows all of it before anything is made."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tifffile
from dicom_files import dataset, write
from PIL import Image
from PySide6.QtCore import Qt

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.gui.start.rendering_form import OWN, RenderingForm
from medlabeler.jobs import import_images, new
from medlabeler.project.project import Project

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(tmp_path: Path, qtbot: Any) -> NewProjectDialog:
    made = NewProjectDialog(Settings())
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    made.location.edit.setText(str(tmp_path / "projects"))
    return made


def settled(qtbot: Any, dialog: NewProjectDialog) -> None:
    """Wait until the disk has answered and the samples have come."""

    def answered() -> bool:
        form = dialog.import_form
        asked = dialog._pause.isActive() or dialog._asking.busy or form._sampling.busy
        return not asked and form.missing != "Looking for images…"

    qtbot.waitUntil(answered, timeout=20_000)


def choose(qtbot: Any, dialog: NewProjectDialog, folder: Path) -> None:
    dialog.import_form.sources.folder.set_path(folder)
    settled(qtbot, dialog)


def made(dialog: NewProjectDialog) -> Project:
    assert dialog.buttons.go.isEnabled(), dialog.buttons.missing.text()
    project = new.create(dialog.params)
    import_images.run(project, import_images.Params(), SilentProgress())
    return project


def picture(path: Path, value: int = 90) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.full((20, 30, 3), value, np.uint8)).save(path)


def test_a_published_table_in_the_folder_needs_no_editor(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    """HAM10000 as it is: names without suffix, images in two folders, the class is dx, several per lesion."""
    folder = tmp_path / "HAM10000"
    rows = ["lesion_id,image_id,dx,dx_type,age,sex,localization"]
    for at in range(16):
        picture(folder / f"HAM10000_images_part_{1 + at % 2}" / f"ISIC_{at:07d}.jpg", 9 * at)
        rows.append(f"HAM_{at // 2:07d},ISIC_{at:07d},{'nv' if at % 4 else 'mel'},histo,80.0,male,scalp")
    (folder / "HAM10000_metadata.csv").write_text("\n".join(rows) + "\n")
    choose(qtbot, dialog, folder)
    cuts = dialog.import_form.cuts
    assert cuts.list_note.text() == "HAM10000_metadata.csv in this folder lists 16 images of it."
    qtbot.mouseClick(cuts.use_list, LEFT)
    settled(qtbot, dialog)
    panel = dialog.import_form.panel
    assert panel.details.text().startswith("A list of images.")
    assert panel.classes.text() == "2 classes: nv (12), mel (4)."
    assert dialog.import_form.groups.rule == "lesion_id"
    assert panel.groups.text().startswith("8 groups in 16 images")
    with made(dialog) as project:
        assert (project.catalog.n, project.catalog.n_groups()) == (16, 8)


def test_a_dicom_tree_names_patients_by_hashes(dialog: NewProjectDialog, tmp_path: Path, qtbot: Any) -> None:
    folder = tmp_path / "PACS"
    folder.mkdir()
    for at in range(6):
        write(folder / f"IM{at}", dataset(np.full((16, 16), 40 * at, np.uint16), PatientID=f"Doe{at // 2}"))
    choose(qtbot, dialog, folder)
    panel = dialog.import_form.panel
    assert panel.details.text().startswith("A folder of DICOM files.")
    assert panel.groups.text().startswith("3 groups in 6 images")
    assert "Doe" not in panel.groups.text()
    assert dialog.import_form.groups.kind.currentText() == "The patient, as the files say"
    assert sum(one.pixels is not None for one in panel.samples.seen) == 6
    dialog.n_test.setValue(2)
    with made(dialog) as project:
        assert project.catalog.n_groups() == 3


@pytest.mark.parametrize("kind", ["boxes", "points"])
def test_a_table_of_places_is_cut_out(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any, kind: str
) -> None:
    for name in ("a.png", "b.png"):
        picture(tmp_path / "cells" / name)
    size = ",9,8" if kind == "boxes" else ""
    table = tmp_path / "cells" / "detections.csv"
    table.write_text(
        f"image,x,y{',w,h' if size else ''},label\n"
        + "".join(f"{name}.png,{at},3{size},c{at % 2}\n" for name in "ab" for at in range(1, 6))
    )
    dialog.import_form.sources.add_manifests([table])
    settled(qtbot, dialog)
    form = dialog.import_form
    assert form.cuts.places.isVisible()
    assert form.cuts.places.isChecked()
    assert form.cuts._size_row.isVisible() == (kind == "points")
    assert form.panel.details.text().startswith("A list of places in images.")
    assert form.panel.images.text() == "10 images"
    assert form.panel.groups.text().startswith("2 groups")
    dialog.reserve.setChecked(False)
    if kind == "points":
        form.cuts.square.setValue(11)
        settled(qtbot, dialog)
    with made(dialog) as project:
        assert project.catalog.n == 10
        assert set(project.catalog.width.tolist()) == {9 if kind == "boxes" else 11}
    qtbot.mouseClick(form.cuts.places, LEFT)
    settled(qtbot, dialog)
    assert form.panel.images.text() == "2 images", "a person knows better"


def test_columns_x_and_y_alone_are_no_places(dialog: NewProjectDialog, tmp_path: Path, qtbot: Any) -> None:
    picture(tmp_path / "a.png")
    (tmp_path / "t.csv").write_text("image,x,y\na.png,0.4,-3\n")
    dialog.import_form.sources.add_manifests([tmp_path / "t.csv"])
    settled(qtbot, dialog)
    assert not dialog.import_form.cuts.places.isChecked()
    assert dialog.import_form.panel.images.text() == "1 image"


def test_a_folder_of_slides_is_cut_into_patches(dialog: NewProjectDialog, tmp_path: Path, qtbot: Any) -> None:
    pixels = np.full((1024, 1536, 3), 243, np.uint8)
    pixels[256:512, 256:1280] = (200, 120, 180)
    for name in ("a.svs", "b.svs"):
        (tmp_path / "slides").mkdir(exist_ok=True)
        with tifffile.TiffWriter(tmp_path / "slides" / name) as file:
            file.write(
                pixels, tile=(256, 256), photometric="rgb", compression="deflate",
                resolution=(20000, 20000), resolutionunit="CENTIMETER",
            )  # fmt: skip
    choose(qtbot, dialog, tmp_path / "slides")
    form = dialog.import_form
    assert form.cuts.slides.isChecked()
    assert form.panel.images.text() == "2 whole slides"
    form.cuts.side.setValue(256)
    settled(qtbot, dialog)
    assert len(form.panel.samples.seen) == 8
    assert all(one.pixels is not None for one in form.panel.samples.seen)
    dialog.n_test.setValue(3)
    form.cuts.side.setValue(128)
    form.cuts.mpp.setValue(1.0)
    settled(qtbot, dialog)
    assert len(form.panel.samples.seen) == 8, "half a micron scanned, so 128 pixels are 256 of them"
    with made(dialog) as project:
        assert "#slide=128&mpp=1&xywh=" in project.catalog.name(0)
        assert (project.catalog.n, project.catalog.n_groups()) == (8, 2)
        assert int((project.catalog.split == Split.TEST).sum()) == 4


def test_how_deep_images_are_shown_is_chosen_with_the_samples_in_sight(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    folder = tmp_path / "scans"
    folder.mkdir()
    ramp = np.tile(np.linspace(-1000, 3000, 64).astype(np.int16), (64, 1))
    for name in "abc":
        write(folder / f"{name}.dcm", dataset(ramp))
    choose(qtbot, dialog, folder)
    form = dialog.import_form
    assert form.look is not None
    assert not form.look.isHidden()
    before = form.panel.samples.seen
    assert len(before) == 3
    form.look.window_choice.setCurrentIndex(form.look.window_choice.findData("brain"))
    settled(qtbot, dialog)
    after = form.panel.samples.seen
    assert [one.file for one in after] == [one.file for one in before], "the same images"
    assert after[0].pixels is not None
    # 40 around 80: all but a sliver of the ramp is black or white.
    assert np.isin(after[0].pixels, (0, 255)).mean() > 0.9 > np.isin(before[0].pixels, (0, 255)).mean()
    dialog.reserve.setChecked(False)
    settled(qtbot, dialog)
    with made(dialog) as project:
        assert project.rendering.window == (40, 80)


def test_channels_are_chosen_with_the_samples_in_sight(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    folder = tmp_path / "stacks"
    folder.mkdir()
    stack = np.stack([np.full((32, 32), value, np.uint8) for value in (10, 90, 200, 250)], axis=2)
    tifffile.imwrite(folder / "a.tif", stack, photometric="minisblack", planarconfig="contig")
    tifffile.imwrite(folder / "b.tif", stack, photometric="minisblack", planarconfig="contig")
    choose(qtbot, dialog, folder)
    look = dialog.import_form.look
    assert look is not None
    look.choose.setChecked(True)
    for field, channel in zip(look.channels, (4, 0, 2), strict=True):
        field.setValue(channel)
    settled(qtbot, dialog)
    seen = dialog.import_form.panel.samples.seen[0]
    assert seen.pixels is not None
    assert seen.pixels[100, 100].tolist() == [250, 0, 90]
    dialog.reserve.setChecked(False)
    settled(qtbot, dialog)
    with made(dialog) as project:
        assert project.rendering.channels == (4, 0, 2)


def test_plain_photographs_ask_nothing_about_depth(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    picture(tmp_path / "photos" / "a.png")
    picture(tmp_path / "photos" / "b.jpg")
    choose(qtbot, dialog, tmp_path / "photos")
    assert dialog.import_form.look is not None
    assert dialog.import_form.look.isHidden()
    Image.fromarray(np.full((20, 20), 4000, np.uint16)).save(tmp_path / "photos" / "c.png")
    dialog.import_form.sources.folder.set_path(tmp_path)
    settled(qtbot, dialog)
    assert not dialog.import_form.look.isHidden()


def test_folders_called_training_and_testing_are_the_split(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    for at in range(12):
        split = "Testing" if at % 3 == 0 else "Training"
        picture(tmp_path / "tumours" / split / ("glioma" if at % 2 else "none") / f"{at}.png", 20 * at)
    choose(qtbot, dialog, tmp_path / "tumours")
    form = dialog.import_form
    assert form.cuts.split.text() == "Folders say the split: 8 images to learn from, 4 test images"
    assert not form.cuts.folder_split, "it is offered, not done"
    assert dialog.reserve.isEnabled()
    form.cuts.split.setChecked(True)
    form.sources.folder_labels.setChecked(True)
    settled(qtbot, dialog)
    assert not dialog.reserve.isEnabled()
    assert dialog.why.text() == "Folders say which 4 images are the test set."
    with made(dialog) as project:
        test = project.catalog.split == Split.TEST
        assert {project.catalog.path(row).parent.parent.name for row in np.flatnonzero(test)} == {"Testing"}
        assert {c.name for c in project.classes.all()} == {"glioma", "none"}


def test_images_that_a_rule_leaves_without_a_group_are_told_with_their_class(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    for at in range(20):
        label, name = ("sick", f"p{at // 2}_x.png") if at < 14 else ("normal", f"NORMAL{at}.png")
        picture(tmp_path / "xrays" / label / (name if at % 2 else "b" + name), 10 * at)
    choose(qtbot, dialog, tmp_path / "xrays")
    form = dialog.import_form
    form.sources.folder_labels.setChecked(True)
    settled(qtbot, dialog)
    assert "Without groups" in form.panel.note.text()
    assert form.panel.note.isVisible()
    form.groups.set_rule("name:p([0-9]+)_")
    settled(qtbot, dialog)
    said = form.panel.note.text()
    assert said.startswith("6 of 20 images have no group, such as normal/")
    assert "All of them are of the class normal." in said


def test_everything_left_out_is_told_by_kind_with_its_count(
    dialog: NewProjectDialog, tmp_path: Path, qtbot: Any
) -> None:
    folder = tmp_path / "mixed"
    for at in range(3):
        picture(folder / f"{at}.png", 50 * at)
        (folder / f"{at}.mp4").write_bytes(b"film")
    (folder / "x.czi").write_bytes(b"zeiss")
    (folder / "a.xyz").write_bytes(b"?")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    choose(qtbot, dialog, folder)
    panel = dialog.import_form.panel
    assert panel.left_out_head.text() == "Left out: 4"
    assert panel.left_out.text().splitlines() == [
        "3: is a film, which is not read; save single pictures of it as PNG, such as 0.mp4.",
        (
            "x.czi: is a microscope's own file, which is not read; "
            "save it as OME-TIFF with the microscope's program."
        ),
        "1 file (.xyz) of unknown kind.",
    ]
    seen = panel.samples.seen
    assert len(seen) == 4
    assert [one.problem for one in seen if one.pixels is None] == [
        "broken.png is damaged or cut off, so it cannot be decoded."
    ]
    before = [one.name for one in seen]
    for _ in range(20):
        qtbot.mouseClick(panel.others, LEFT)
        settled(qtbot, dialog)
        if [one.name for one in panel.samples.seen] != before:
            break
    else:
        raise AssertionError("the same images again and again")


def test_white_stays_above_black(qtbot: Any) -> None:
    """Fails before: the project took the file's window, and nobody said that the own one was none."""
    form = RenderingForm()
    qtbot.addWidget(form)
    form.show()
    form.window_choice.setCurrentIndex(form.window_choice.findData(OWN))
    form.black.setValue(400)
    assert form.white.value() > 400
    centre, width = form.params()["window"]
    assert centre > 400
    assert width > 0
