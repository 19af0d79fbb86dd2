"""Opening, creating and importing in the window: every refusal is a sentence, nothing goes on unasked."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from opening_support import open_and_wait
from panels_support import make_project
from PIL import Image
from PySide6.QtTest import QTest

from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.start.moved_folder import MovedFolderDialog
from medlabeler.gui.window.app import main, make_application, parse
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import import_images, new
from medlabeler.learning.backbones.registry import DEFAULT, find, is_here
from medlabeler.open_project.pipeline import offline_choices
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec


@pytest.fixture
def window(qapp: object) -> Iterator[MainWindow]:
    shown = MainWindow()
    make_application(shown.settings)
    shown.show()
    yield shown
    shown.close()
    shown.deleteLater()


def until(condition: Callable[[], object]) -> None:
    """Let events happen until `condition` holds."""
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "waited in vain"
        QTest.qWait(10)


def pictures(folder: Path, n: int = 6) -> Path:
    folder.mkdir(parents=True)
    for i in range(n):
        Image.fromarray(np.full((32, 32, 3), 20 * i, np.uint8)).save(folder / f"{i}.png")
    return folder


def refused(window: MainWindow, path: Path) -> str:
    assert not open_and_wait(window, path)
    assert window.opened is None
    assert not window.welcome.problem.isHidden()
    return window.welcome.problem.text()


def test_a_folder_that_is_no_project_is_refused_on_the_welcome_screen(
    window: MainWindow, tmp_path: Path
) -> None:
    assert "is not a MedLabeler project" in refused(window, tmp_path)


def test_a_project_open_elsewhere_is_refused(window: MainWindow, tmp_path: Path) -> None:
    with make_project(tmp_path) as project:
        assert "already open in this MedLabeler" in refused(window, project.path)
    assert open_and_wait(window, project.path)


def test_a_project_of_a_newer_version_is_refused(window: MainWindow, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    project.close()
    with sqlite3.connect(project.path / "medlabeler.db") as database:
        database.execute("PRAGMA user_version = 999")
    database.close()
    assert "newer" in refused(window, project.path)


def test_a_refused_project_leaves_the_open_one_alone(window: MainWindow, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    window.current.take(project, start=False)
    assert not open_and_wait(window, tmp_path / "nothing")
    assert window.opened is not None
    assert window.opened.project is project
    assert "is not a MedLabeler project" in window.notices.sentences()["problem"]


def test_labels_and_choices_are_there_after_a_restart(window: MainWindow, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    window.current.take(project, start=False)
    opened = window.opened
    assert opened is not None
    opened.label_rows([1, 2], opened.classes[1].id)
    opened.set_classifier("knn")
    opened.set_colour_by("prediction")
    window.close_project()
    window.current.finish()
    assert window.settings.recent() == [project.path]
    assert open_and_wait(window, project.path)
    again = window.opened
    assert again is not None
    assert again.label[[1, 2]].tolist() == [again.classes[1].id] * 2
    assert (again.classifier, again.colour_by) == ("knn", "prediction")
    assert again.undo_name == "label 2 images eosinophil"


def test_broken_files_are_told_and_the_rest_is_imported(window: MainWindow, tmp_path: Path) -> None:
    images = pictures(tmp_path / "images")
    (images / "empty.png").write_bytes(b"")
    (images / "cut.png").write_bytes((images / "1.png").read_bytes()[:40])
    window.current.take(new.create(new.Params(tmp_path / "p", images)))
    until(lambda: "skipped" in window.notices.sentences())
    assert window.opened is not None
    assert window.opened.n == 6
    assert window.notices.sentences()["skipped"].startswith("2 files could not be used")
    assert len(window.opened.project.catalog.skipped()) == 2


def test_an_empty_folder_stops_with_its_reason_and_an_answer(window: MainWindow, tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    window.current.take(new.create(new.Params(tmp_path / "p", tmp_path / "images")))
    until(lambda: "stopped" in window.notices.sentences())
    sentence = window.notices.sentences()["stopped"]
    assert str(tmp_path / "images") in sentence
    assert "Traceback" not in sentence


def test_an_import_that_was_never_finished_goes_on_by_itself(window: MainWindow, tmp_path: Path) -> None:
    project = new.create(new.Params(tmp_path / "p", pictures(tmp_path / "images")))
    project.close()
    assert open_and_wait(window, project.path)
    until(lambda: window.opened is not None and window.opened.n == 6)


@pytest.mark.slow
@pytest.mark.skipif(is_here(find(DEFAULT)), reason="the default backbone is on this machine")
def test_nothing_is_downloaded_before_a_person_says_so(window: MainWindow, tmp_path: Path) -> None:
    window.current.take(new.create(new.Params(tmp_path / "p", pictures(tmp_path / "images"))))
    until(lambda: "backbone wanted" in window.notices.sentences())
    opened = window.opened
    assert opened is not None
    assert [job.name for job in opened.jobs] == ["import_images"]
    notice = window.notices._shown["backbone wanted"]
    texts = [button.text() for button in notice.buttons]
    assert texts[0] == "Download (87 MB, Apache-2.0)"
    if "other images" not in offline_choices():
        return
    assert "Offline: blood cells" in texts  # which ships with the program
    notice.buttons[texts.index("Offline: other images")].click()
    until(lambda: "backbone" in window.notices.sentences())
    assert "not DINO" in window.notices.sentences()["backbone"]
    assert opened.embedding_info is not None
    assert not opened.embedding_info.self_supervised


def test_the_project_is_free_when_the_window_closes_it(window: MainWindow, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    window.current.take(project, start=False)
    window.close_project()
    window.current.finish()
    with Project.open(project.path):
        pass
    assert window.stack.currentWidget() is window.welcome


def test_the_command_line_of_the_window_is_understood(tmp_path: Path) -> None:
    demo = parse(["demo", "--screenshot", "out.png", "--quit-after-ready"])
    assert (demo.demo, demo.screenshot, demo.quit_after_ready) == (True, Path("out.png"), True)
    assert parse([]).project is None
    assert parse(["open", "x"]).project == Path("x")
    assert parse(["x"]).project == Path("x")


def test_a_wrong_option_is_an_exit_code_not_a_window(
    qapp: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["demo", "--nonsense"]) == 2
    assert "--nonsense" in capsys.readouterr().err


def test_a_source_that_is_gone_is_told_with_the_way_to_follow_it(window: MainWindow, tmp_path: Path) -> None:
    images, more = pictures(tmp_path / "images"), pictures(tmp_path / "more", 7)
    project = new.create(new.Params(tmp_path / "p", images))
    for params in (import_images.Params(), import_images.Params(Spec(images=more))):
        import_images.run(project, params, SilentProgress())
    more.rename(tmp_path / "moved")
    window.current.take(project, start=False)
    window.actions_["add_images"].trigger()
    until(lambda: "source" in window.notices.sentences())
    assert str(more) in window.notices.sentences()["source"]
    window.actions_["moved_folder"].trigger()
    (dialog,) = window.findChildren(MovedFolderDialog)
    until(lambda: dialog.old.currentText() == str(more))
    dialog.reject()
