"""New project: typed fields, a preview from the real disk, and a project that is really made from it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QObject, Qt

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.start.import_form import level_of_patients
from medlabeler.gui.start.new_project import NewProjectDialog
from medlabeler.jobs import import_images, new
from medlabeler.jobs.reserve import proposal
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.sources import Manifest

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """24 pictures of 12 patients, two classes as sub-folders: `cells/round/p03_1.png`."""
    folder = tmp_path / "cells"
    for at in range(24):
        path = folder / ("round" if at % 4 < 2 else "long") / f"p{at // 2:02d}_{at % 2}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        Image.fromarray(np.full((12, 16, 3), 9 * at, np.uint8)).save(path)
    return folder


@pytest.fixture
def dialog(tmp_path: Path, qtbot: Any) -> NewProjectDialog:
    made = NewProjectDialog(Settings())
    qtbot.addWidget(made)
    made.open()
    qtbot.waitExposed(made)
    made.location.edit.selectAll()
    qtbot.keyClicks(made.location.edit, str(tmp_path / "projects"))
    return made


def type_in(qtbot: Any, field: Any, text: str) -> None:
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)


def settled(qtbot: Any, dialog: NewProjectDialog, ready: bool = True) -> None:
    """Wait until the disk has answered, and see whether a project can be made now."""

    def answered() -> bool:
        asked = dialog._pause.isActive() or dialog._asking.busy
        return not asked and dialog.import_form.missing != "Looking for images…"

    qtbot.waitUntil(answered, timeout=10_000)
    assert dialog.buttons.go.isEnabled() == ready, dialog.buttons.missing.text()


def test_a_project_from_a_folder_by_keyboard_alone(
    dialog: NewProjectDialog, pictures: Path, tmp_path: Path, qtbot: Any
) -> None:
    form = dialog.import_form
    assert not dialog.buttons.go.isEnabled()
    assert dialog.buttons.missing.text() == "Choose a folder of images."
    type_in(qtbot, form.sources.folder.edit, str(pictures))
    settled(qtbot, dialog)
    assert form.panel.images.text() == "24 images"
    assert dialog.name.text() == "cells"
    assert dialog.n_test.value() == proposal(24) == 12
    qtbot.keyClick(form.sources.folder_labels, Qt.Key.Key_Space)
    form.groups.kind.setFocus()
    qtbot.keyClick(form.groups.kind, Qt.Key.Key_End)  # a pattern in the file name
    settled(qtbot, dialog)
    assert form.groups.rule == "name:^([^_]+)_"
    assert form.panel.groups.text().startswith("12 groups in 24 images")
    assert form.panel.classes.text() == "2 classes: long (12), round (12)."
    type_in(qtbot, dialog.n_test.lineEdit(), "6")
    type_in(qtbot, dialog.annotator, "Dr. Who")
    settled(qtbot, dialog)
    qtbot.keyClick(dialog.annotator, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert Settings().get("annotator") == "Dr. Who"

    assert dialog.params.path == tmp_path / "projects" / "cells"
    with new.create(dialog.params) as project:
        import_images.run(project, import_images.Params(), SilentProgress())
        test = project.catalog.split == Split.TEST
        assert project.catalog.n == 24
        assert int(test.sum()) == 6
        assert project.catalog.n_groups() == 12
        assert not set(project.catalog.group[test]) & set(project.catalog.group[~test])
        assert {c.name for c in project.classes.all()} == {"round", "long"}


def test_a_project_kept_beside_its_images_gets_a_name_of_its_own(
    dialog: NewProjectDialog, pictures: Path, qtbot: Any
) -> None:
    """The folder of images is called so already: what is proposed could not be made."""
    type_in(qtbot, dialog.location.edit, str(pictures.parent))
    type_in(qtbot, dialog.import_form.sources.folder.edit, str(pictures))
    settled(qtbot, dialog)
    assert dialog.name.text() == f"{pictures.name} 2"
    type_in(qtbot, dialog.name, pictures.name)
    settled(qtbot, dialog, ready=False)
    assert "not an empty folder" in dialog.target.text(), "a name that was typed stays"


def test_every_problem_is_said_beside_its_field(
    dialog: NewProjectDialog, pictures: Path, tmp_path: Path, qtbot: Any
) -> None:
    form = dialog.import_form
    type_in(qtbot, form.sources.folder.edit, str(tmp_path / "nowhere"))
    settled(qtbot, dialog, ready=False)
    assert "does not exist" in form.sources.problem.text()
    assert form.sources.problem.isVisible()
    type_in(qtbot, form.sources.folder.edit, str(pictures))
    settled(qtbot, dialog)
    assert not form.sources.problem.isVisible()

    form.groups.kind.setCurrentIndex(form.groups.kind.count() - 1)
    type_in(qtbot, form.groups.pattern, "((")
    settled(qtbot, dialog, ready=False)
    assert "not a valid pattern" in form.groups.problem.text()
    type_in(qtbot, form.groups.pattern, "zebra")
    settled(qtbot, dialog, ready=False)
    assert "finds no group" in form.groups.problem.text()
    form.groups.kind.setCurrentIndex(0)
    settled(qtbot, dialog)

    (tmp_path / "projects" / "taken").mkdir(parents=True)
    (tmp_path / "projects" / "taken" / "letter.txt").write_text("mine")
    type_in(qtbot, dialog.name, "taken")
    settled(qtbot, dialog, ready=False)
    assert "not an empty folder" in dialog.target.text()
    type_in(qtbot, dialog.name, "a?b")
    settled(qtbot, dialog, ready=False)
    assert "cannot hold" in dialog.target.text()
    type_in(qtbot, dialog.name, "free")
    settled(qtbot, dialog)
    type_in(qtbot, dialog.n_test.lineEdit(), "24")
    settled(qtbot, dialog, ready=False)
    assert "some must be left" in dialog.reserve_note.text()
    qtbot.mouseClick(dialog.reserve, LEFT)
    settled(qtbot, dialog)
    assert dialog.params.reserve == 0
    qtbot.keyClick(dialog.name, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_one_group_cannot_be_split(dialog: NewProjectDialog, pictures: Path, qtbot: Any) -> None:
    form = dialog.import_form
    type_in(qtbot, form.sources.folder.edit, str(pictures))
    settled(qtbot, dialog)
    form.groups.kind.setCurrentIndex(form.groups.kind.count() - 1)
    type_in(qtbot, form.groups.pattern, "^(p)")
    settled(qtbot, dialog, ready=False)
    assert "one group, p" in dialog.reserve_note.text()


def test_manifests_with_roles_and_a_column_of_groups(
    dialog: NewProjectDialog, pictures: Path, qtbot: Any
) -> None:
    files = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
    train, test = pictures / "train.csv", pictures / "test.csv"
    head = "image,label,slide\n"
    train.write_text(head + "".join(f"{name},A,s{i % 5}\n" for i, name in enumerate(files[:16])))
    test.write_text(
        head + "".join(f"{name},B,t{i % 3}\n" for i, name in enumerate([*files[16:], "gone.png"]))
    )
    form = dialog.import_form
    qtbot.mouseClick(form.sources.from_manifests, LEFT)
    assert dialog.buttons.missing.text() == "Add an image list."
    form.sources.add_manifests([train])
    settled(qtbot, dialog)
    assert dialog.reserve.isEnabled()
    form.sources.add_manifests([test, test])
    assert len(form.sources.rows) == 2
    role = form.sources.rows[1].role
    role.setFocus()
    qtbot.keyClick(role, Qt.Key.Key_Down)
    qtbot.keyClick(role, Qt.Key.Key_Down)
    settled(qtbot, dialog)
    assert form.sources.manifests == (Manifest(train, ""), Manifest(test, "test"))
    assert not dialog.reserve.isEnabled()
    assert "names 8 test images already" in dialog.why.text()
    assert form.panel.left_out.text() == "gone.png: There is no such file."
    form.groups.kind.setCurrentIndex(form.groups.kind.findData("column"))
    settled(qtbot, dialog)
    assert form.groups.rule == "slide"
    assert form.panel.groups.text().startswith("8 groups")
    assert dialog.params.reserve == 0
    assert dialog.params.group == "slide"
    qtbot.mouseClick(form.sources.rows[1].remove, LEFT)
    settled(qtbot, dialog)
    assert dialog.reserve.isEnabled()
    assert form.groups.rule == "slide", "a rule that is still possible stays"


def test_only_the_last_answer_counts_and_none_keeps_the_window_waiting(qtbot: Any) -> None:
    owner = QObject()
    latest = Latest(owner)
    answers: list[object] = []
    latest.answered.connect(answers.append)
    hold, slow_done, threads = threading.Event(), threading.Event(), set()

    def slow() -> str:
        threads.add(threading.get_ident())
        hold.wait(10)
        slow_done.set()
        return "stale"

    latest.ask(slow)
    latest.ask(lambda: "fresh")
    qtbot.waitUntil(lambda: answers == ["fresh"])
    assert not latest.busy
    assert threading.get_ident() not in threads
    hold.set()
    assert slow_done.wait(10)

    def refuse() -> None:
        raise UserError("No.")

    latest.ask(refuse)
    qtbot.waitUntil(lambda: len(answers) == 2)
    assert isinstance(answers[1], UserError)


def test_the_proposed_test_set_stays_within_sense() -> None:
    assert proposal(17_092) == 500
    assert proposal(1_200) == 240
    assert proposal(300) == 100
    assert proposal(60) == 30
    assert proposal(1) == 0


def test_a_table_of_another_language_is_offered_and_its_columns_chosen(
    dialog: NewProjectDialog, pictures: Path, tmp_path: Path, qtbot: Any
) -> None:
    """A folder with the list of its images: their classes stand in a column that no one else calls so."""
    names = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
    rows = "".join(f"{at};{name.replace('/', chr(92))};{'ab'[at % 2]}\n" for at, name in enumerate(names))
    (pictures / "Liste.csv").write_text("Nr;Aufnahme;Beurteilung\n" + rows, encoding="cp1252")
    form = dialog.import_form
    type_in(qtbot, form.sources.folder.edit, str(pictures))
    settled(qtbot, dialog)
    assert form.found is not None
    assert form.found.lists == ((pictures / "Liste.csv", 24),)
    form.cuts.list_wanted.emit(pictures / "Liste.csv")
    columns = form.sources.rows[0].columns
    qtbot.waitUntil(columns.isVisible)
    settled(qtbot, dialog)
    assert (columns.image.currentText(), columns.label.currentText()) == ("Aufnahme", "none")
    assert form.sources.manifests == (Manifest(pictures / "Liste.csv"),)
    columns.label.setFocus()
    qtbot.keyClick(columns.label, Qt.Key.Key_End)
    settled(qtbot, dialog)
    assert form.made is not None
    assert form.made.classes == {"a": 12, "b": 12}
    qtbot.mouseClick(dialog.buttons.go, LEFT)
    with new.create(dialog.params) as project:
        import_images.run(project, import_images.Params(), SilentProgress())
        assert {one.name for one in project.classes.all()} == {"a", "b"}
        assert project.catalog.metadata_columns() == ["Nr"]


def test_folders_of_patients_are_proposed_as_groups(
    dialog: NewProjectDialog, pictures: Path, tmp_path: Path, qtbot: Any
) -> None:
    for at, path in enumerate(sorted(pictures.rglob("*.png"))):
        place = tmp_path / "study" / f"Patient {at % 6:03d} M\u00fcller" / path.name
        place.parent.mkdir(parents=True, exist_ok=True)
        path.rename(place)
    form = dialog.import_form
    type_in(qtbot, form.sources.folder.edit, str(tmp_path / "study"))
    settled(qtbot, dialog)
    assert form.groups.rule == "folder:1"
    assert form.made is not None
    assert form.made.groups.n_groups == 6
    type_in(qtbot, form.sources.folder.edit, str(pictures))


@pytest.mark.parametrize(
    ("paths", "level"),
    [
        (["P1/a.png", "P2/b.png"], 0),
        (["round/case 1/a.png", "long/case 2/a.png"], 2),
        (["Ausstrich 1/a.png", "Ausstrich 12/a.png"], 1),
        (["Läsion_3/a.png", "la\u0308sion_4/a.png"], 1),
        (["Lame 3/a.png", "lame 4/a.png"], 1),
        (["caso-01/a.png", "caso-02/a.png"], 1),
        (["subject-01/s1/a.png", "subject-02/s1/a.png"], 1),
        (["patient 1/a.png"], 0),
        (["patient 1/a.png", "controls/b.png"], 0),
        (["a.png"], 0),
    ],
)
def test_what_is_called_as_patients_are(paths: list[str], level: int) -> None:
    assert level_of_patients(paths) == level


def test_whether_none_is_a_class_is_asked_beside_the_column(
    dialog: NewProjectDialog, pictures: Path, qtbot: Any
) -> None:
    names = sorted(path.relative_to(pictures).as_posix() for path in pictures.rglob("*.png"))
    rows = "".join(f"{name},{['none', 'polyp', 'x'][at % 3]},{at}\n" for at, name in enumerate(names))
    (pictures / "list.csv").write_text("image,finding,number\n" + rows)
    form = dialog.import_form
    form.sources.show_sources(pictures, [pictures / "list.csv"])
    columns = form.sources.rows[0].columns
    qtbot.waitUntil(columns.isVisible)
    settled(qtbot, dialog)
    assert columns.nothing.text() == "\u201cnone\u201d is a class, not a missing label"
    assert form.made is not None
    assert form.made.classes == {"polyp": 8, "x": 8}
    qtbot.keyClick(columns.nothing, Qt.Key.Key_Space)
    settled(qtbot, dialog)
    assert form.made.classes == {"none": 8, "polyp": 8, "x": 8}
    columns.label.setCurrentText("number")
    assert columns.nothing.isHidden()
    assert not columns.chosen.none_is_class
