"""The dialog of the report: what it asks, and that the window writes the files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from filled_project import Names, filled_project
from PySide6.QtWidgets import QWidget
from shown_window import shown_window

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.export.privacy import BURNED_IN
from medlabeler.gui.start.report import ReportDialog
from medlabeler.gui.window.main_window import MainWindow


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, lively=True, whole=False) as shown:
        yield shown


def _dialog(window: MainWindow) -> ReportDialog:
    assert window.page is not None
    window.page.export.refresh()
    window.page.export.wanted.emit("report")
    dialog = window.findChild(ReportDialog)
    assert dialog is not None
    return dialog


def test_the_window_writes_the_report(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    dialog = _dialog(window)
    assert not dialog.pictures.isChecked()
    assert not dialog.names.isEnabled()
    dialog.card.wanted.setChecked(True)
    dialog.html.field.set_path(tmp_path / "r.html")
    dialog.card.field.set_path(tmp_path / "r.md")
    dialog.title.setText("Cells <b>of</b> a kind")
    dialog.use.setPlainText("To show it.")
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    assert window.opened is not None
    with qtbot.waitSignal(window.opened.runner.finished, timeout=120_000) as done:
        dialog.buttons.go.click()
    job, result = done.args
    assert result is not None, job.sentence
    assert "Balanced accuracy" in job.sentence
    page = (tmp_path / "r.html").read_text(encoding="utf-8")
    assert "Cells &lt;b&gt;of&lt;/b&gt; a kind" in page
    assert "To show it." in page
    assert "data:image/jpeg" not in page
    assert (tmp_path / "r.md").is_file()
    assert window.findChild(ReportDialog) is None or not window.findChild(ReportDialog).isVisible()


def test_two_kinds_of_report_in_one_file_are_refused(window: MainWindow, tmp_path: Path, qtbot: Any) -> None:
    """Fails before: the later one was written over the earlier one."""
    dialog = _dialog(window)
    for file in (dialog.html, dialog.pdf):
        file.wanted.setChecked(True)
        file.field.set_path(tmp_path / "report.html")
    qtbot.waitUntil(lambda: dialog.buttons.missing.text() == "Correct what is marked in red.")
    assert dialog.pdf.note.text() == "This file is named twice."
    assert not dialog.buttons.go.isEnabled()
    dialog.pdf.field.set_path(tmp_path / "report.pdf")
    qtbot.waitUntil(dialog.buttons.go.isEnabled)


def test_a_label_given_while_it_is_gathered_is_in_it(
    window: MainWindow, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = _dialog(window)
    opened = window.opened
    assert opened is not None
    dialog.html.field.set_path(tmp_path / "r.html")
    qtbot.waitUntil(dialog.buttons.go.isEnabled)
    started: list[Any] = []
    monkeypatch.setattr(opened, "start_job", lambda name, params: started.append(params))
    dialog.buttons.go.click()
    row = int((opened.kind == LabelKind.CLEAR).nonzero()[0][0])
    opened.project.journal.decide(
        [row], LabelKind.LABEL, opened.classes[0].id, name="label", source=LabelSource.CLICK
    )
    qtbot.waitUntil(lambda: bool(started), timeout=20_000)
    assert started[0].gathered.revision == opened.project.labels.revision


def test_what_cannot_be_written_is_said_before_the_work(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    dialog = _dialog(window)
    dialog.html.field.set_path(tmp_path / "nowhere" / "r.html")
    qtbot.waitUntil(lambda: "does not exist" in dialog.html.note.text())
    assert not dialog.buttons.go.isEnabled()
    dialog.html.wanted.setChecked(False)
    qtbot.waitUntil(lambda: dialog.buttons.missing.text() == "Choose what to write.")
    assert isinstance(dialog.problem, QWidget)


def test_names_and_pictures_are_warned_of_before_the_report_is_written(
    qapp: object, tmp_path: Path, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: a report with pictures and names was written without a look at either."""
    project = filled_project(tmp_path, Names(file="Meier_Anna-{}.png", column=BURNED_IN, value="it looks so"))
    with shown_window(project, monkeypatch, lively=True) as window:
        dialog = _dialog(window)
        qtbot.waitUntil(lambda: not dialog._look.waits)
        assert not dialog.warning.text()
        dialog.pictures.click()
        assert "Text may be burned into the pixels of 120 images" in dialog.warning.text()
        assert "look as if they held dates" not in dialog.warning.text()
        dialog.names.click()
        assert "look as if they held dates" in dialog.warning.text()
