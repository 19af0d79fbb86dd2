"""Labels out and in, and the check of a report, by the menu of the window."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import Names, filled_project
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from screenshots import screenshots
from shiboken6 import isValid
from shown_window import shown_window

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.start.labels_in import LabelsInDialog
from medlabeler.gui.start.labels_out import KINDS, LabelsOutDialog
from medlabeler.gui.start.replay import ReplayDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import report
from medlabeler.jobs.params.labels import FORMATS
from medlabeler.open_project import large_steps
from medlabeler.project.runs import COPY, SHARDS, new_run, sweep

NAMES = Names(file="Meier_Anna_1963-04-{}.png")


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path, NAMES), monkeypatch, whole=False) as shown:
        yield shown


def dialog_of(window: MainWindow, name: str, kind: type[Any]) -> Any:
    window.actions_[name].trigger()
    return window.findChildren(kind)[-1]


def write(window: MainWindow, dialog: LabelsOutDialog, qtbot: Any) -> Any:
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert window.opened is not None
    with qtbot.waitSignal(window.opened.runner.finished, timeout=60_000) as ended:
        dialog.buttons.go.click()
    assert ended.args[0].state == "done", ended.args[0].sentence
    return ended.args[1]


def test_every_format_of_the_command_is_offered() -> None:
    assert set(KINDS) == set(FORMATS)


@pytest.mark.parametrize("large", [1, large_steps.LARGE], ids=["by a thread", "at once"])
def test_labels_go_out_and_come_back_through_the_window(
    window: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch, large: int
) -> None:
    monkeypatch.setattr(large_steps, "LARGE", large)
    opened = window.opened
    assert opened is not None
    before = opened.project.labels.class_id.copy()
    for kind, name in (("coco", "l.json"), ("folders", "sorted")):
        out = dialog_of(window, "labels_out", LabelsOutDialog)
        out.kind.setCurrentIndex(out.kind.findData(kind))
        out.out.set_path(tmp_path / name)
        qtbot.waitUntil(lambda out=out: "look as if they held dates" in out.warning.text())
        write(window, out, qtbot)
        rows = np.flatnonzero(opened.project.labels.kind == LabelKind.LABEL)
        opened.project.journal.decide(rows, LabelKind.CLEAR, NO_CLASS, name="no", source=LabelSource.CLICK)
        back = dialog_of(window, "labels_in", LabelsInDialog)
        back.file.set_path(tmp_path / name)
        qtbot.waitUntil(back.buttons.go.isEnabled)
        assert back.buttons.go.text() == f"Label {len(rows)} images"
        assert f"{len(rows)} images get a label." in back.told.text()
        back.buttons.go.click()
        back.accept()  # Enter once more while it is stored: no second time
        qtbot.waitUntil(lambda back=back: not isValid(back) or not back.isVisible())
        assert (opened.project.labels.class_id == before).all()
        assert "import labels" in (opened.undo_name or "")
        names = [step.name for step in opened.project.journal.steps(2)]
        assert names[0] == "no", "it was done once"


def test_who_leaves_while_labels_are_stored_has_them_all_the_same(
    window: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_steps, "LARGE", 1)
    opened = window.opened
    assert opened is not None
    rows = np.flatnonzero(opened.project.labels.kind == LabelKind.CLEAR)
    named = [row for row in rows.tolist() if opened.split[row] == Split.POOL][:5]
    listed = tmp_path / "l.csv"
    lines = [f"{opened.project.catalog.path(row)},{opened.classes[0].name}" for row in named]
    listed.write_text("\n".join(["image,label", *lines]))
    back = dialog_of(window, "labels_in", LabelsInDialog)
    back.file.set_path(listed)
    qtbot.waitUntil(back.buttons.go.isEnabled)
    back.buttons.go.click()
    assert opened.large.running
    qtbot.keyClick(back, Qt.Key.Key_Escape)
    assert not back.isVisible()
    QCoreApplication.sendPostedEvents(back, QEvent.Type.DeferredDelete)
    qtbot.waitUntil(lambda: not opened.large.running)
    assert (opened.label[named] == opened.classes[0].id).all()


def test_text_in_pictures_is_warned_of_before_they_leave_and_not_where_they_stay(
    tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: the dialog warned of text in DICOM files alone."""
    with shown_window(screenshots(tmp_path / "shots", 2), monkeypatch) as window:
        out = dialog_of(window, "labels_out", LabelsOutDialog)
        out.kind.setCurrentIndex(out.kind.findData("folders"))
        assert not out.buttons.go.isEnabled()
        qtbot.waitUntil(lambda: "2 of 4 images drawn at random look so" in out.warning.text())
        qtbot.waitUntil(out.buttons.go.isEnabled)
        out.kind.setCurrentIndex(out.kind.findData("coco"))
        assert not out.warning.text()
        out.reject()


def test_hidden_names_go_out_in_no_file(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    out = dialog_of(window, "labels_out", LabelsOutDialog)
    out.out.set_path(tmp_path / "l.json")
    out.names.hidden.click()
    assert not out.warning.text()
    write(window, out, qtbot)
    text = (tmp_path / "l.json").read_text()
    assert "Meier" not in text
    names = {image["file_name"] for image in json.loads(text)["images"]}
    assert len(names) > 20
    assert all(name.startswith("image-") and name.endswith(".png") for name in names)


def test_a_label_that_stands_is_kept_and_it_is_said(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    opened = window.opened
    assert opened is not None
    row = int(np.flatnonzero(opened.project.labels.kind == LabelKind.LABEL)[0])
    stands = int(opened.project.labels.class_id[row])
    other = next(c.name for c in opened.classes if c.id != stands)
    listed = tmp_path / "l.csv"
    listed.write_text(f"image,label\n{opened.project.catalog.path(row)},{other}\nnobody.png,{other}\n")
    back = dialog_of(window, "labels_in", LabelsInDialog)
    back.file.set_path(listed)
    qtbot.waitUntil(lambda: "1 keep another decision" in back.told.text())
    assert "1 are not in this project, such as nobody.png." in back.told.text()
    assert not back.buttons.go.isEnabled()
    listed.write_text("nothing")
    back.file.set_path(tmp_path / "gone.csv")
    qtbot.waitUntil(lambda: "gone.csv" in back.told.text())
    assert not back.buttons.go.isEnabled()


def test_a_copy_that_a_killed_check_left_is_swept(tmp_path: Path) -> None:
    run = new_run(tmp_path / "staging", "replay")
    left = run / COPY / "vectors" / "key" / f"a{SHARDS}"
    left.parent.mkdir(parents=True)
    left.touch()
    sweep(tmp_path / "staging")
    assert not run.exists()


@pytest.mark.slow
def test_the_window_checks_a_report_while_the_project_is_open(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    opened = window.opened
    assert opened is not None
    params = report.Params(html=tmp_path / "r.html")
    report.run(opened.project, params, SilentProgress())
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    # One figure is told otherwise than it was: the number of labels.
    start = page.index('"n_labels":') + len('"n_labels":')
    other = page[:start] + "9" + page[start:].lstrip()
    (tmp_path / "false.html").write_text(other, encoding="utf-8")
    for path, holds in ((None, True), (tmp_path / "false.html", False)):
        dialog = dialog_of(window, "replay", ReplayDialog)
        if path is not None:
            dialog.other.click()
            assert not dialog.buttons.go.isEnabled()
            dialog.file.set_path(path)
        with qtbot.waitSignal(opened.runner.finished, timeout=120_000) as ended:
            dialog.buttons.go.click()
        job, result = ended.args
        assert job.state == "done", job.sentence
        assert (not result.summary["differences"]) == holds
        assert result.summary["n_figures"] > 20
        assert ("None differs." in window.notices.sentences()["replay"]) == holds
    assert not list((opened.project.path / "staging").glob("replay/*"))
