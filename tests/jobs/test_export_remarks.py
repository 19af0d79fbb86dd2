"""Notes leave the project only if that is chosen: by the job, by the command, in the window."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from panels_support import make_project, open_for_test

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import Remark
from medlabeler.gui.start.export import ExportDialog
from medlabeler.jobs import export
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.project import Project


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    made = open_for_test(make_project(tmp_path))
    yield made
    made.close()


def written(project: Project, file: Path, *, remarks: bool) -> str:
    export.run(project, export.Params(labels=file, remarks=remarks), SilentProgress())
    return file.read_text(encoding="utf-8")


def test_the_job_writes_notes_only_when_it_is_told_to(opened: OpenProject, tmp_path: Path) -> None:
    opened.label_rows([0], opened.classes[0].id)
    opened.remark([0], Remark.NOTE, "Mrs. Miller")
    assert "Miller" not in written(opened.project, tmp_path / "plain.csv", remarks=False)
    assert "Miller" in written(opened.project, tmp_path / "all.csv", remarks=True)


def test_the_window_asks_and_does_not_by_itself(opened: OpenProject, qtbot: Any) -> None:
    opened.label_rows([0], opened.classes[0].id)
    dialog = ExportDialog(opened)
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog.remarks.isVisible(), "there is nothing to ask"
    dialog.close()
    opened.remark([1], Remark.NOTE, "Mrs. Miller")
    dialog = ExportDialog(opened)
    qtbot.addWidget(dialog)
    dialog.show()
    assert dialog.remarks.isVisible()
    assert not dialog.params().remarks
    dialog.remarks.setChecked(True)
    assert dialog.params().remarks
    dialog.labels.wanted.setChecked(False)
    assert not dialog.params().remarks
