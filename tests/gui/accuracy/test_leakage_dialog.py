"""The leakage check: looked for in a worker, shown pair by pair, settled by a click."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from panels_support import N_TEST, N, class_named, make_project, open_for_test
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter

from medlabeler.domain.language import speaking
from medlabeler.domain.types import Split
from medlabeler.gui.accuracy.leakage import LeakageDialog, LeakDelegate
from medlabeler.gui.second_looks.finding_list import FINDING
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.jobs import leakage
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.history import Checkpoint

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """The pictures of three colours differ only in brightness: all test images look like one of the pool."""
    project = make_project(tmp_path)
    jpegs = []
    for row in range(N):
        file = io.BytesIO()
        Image.open(project.catalog.path(row)).save(file, "JPEG")
        jpegs.append(file.getvalue())
    write_pack(project.path / "staging" / "t", "pack", [bytes(d) for d in project.catalog.digest], jpegs)
    project.thumbnails.adopt(project.path / "staging" / "t")
    opened = open_for_test(project)
    yield opened
    opened.close()


def checked(qtbot: Any, opened: OpenProject) -> LeakageDialog:
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        dialog = LeakageDialog(opened)
        qtbot.addWidget(dialog)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        dialog.show()
    return dialog


def test_what_is_found_is_listed_and_can_be_held_back(opened: OpenProject, qtbot: Any) -> None:
    dialog = checked(qtbot, opened)
    assert not dialog.isModal()
    assert dialog.heading.text().startswith(f"{N_TEST} findings on both sides of the split")
    first = dialog.list.model().index(0, 0).data(FINDING)
    partner = first.pool_row
    opened.label_rows([partner], class_named(opened, "monocyte"))
    dialog.list.setCurrentIndex(dialog.list.model().index(0, 0))
    assert dialog.hold.text() == "Hold back 1 training image"
    qtbot.mouseClick(dialog.hold, LEFT)
    assert opened.split[partner] == Split.HELD_BACK
    assert opened.project.catalog.split[partner] == Split.HELD_BACK
    assert opened.label[partner] == class_named(opened, "monocyte")
    assert opened.project.labels.counts()[class_named(opened, "monocyte")] == 0
    assert dialog.note.text() == ("1 image held back; they neither train nor test. Check again to be sure.")
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.mouseClick(dialog.again, LEFT)
    assert partner not in [leak.pool_row for leak in dialog.list.findings]


def test_test_images_go_to_the_pool_only_before_the_first_look(opened: OpenProject, qtbot: Any) -> None:
    dialog = checked(qtbot, opened)
    dialog.list.setCurrentIndex(dialog.list.model().index(1, 0))
    assert dialog.release.text() == "1 image to the training images"
    qtbot.mouseClick(dialog.release, LEFT)
    assert int((opened.split == Split.TEST).sum()) == N_TEST - 1
    opened.project.history.add(
        Checkpoint(0, "2024", 1, 1, 2, 1.0, "knn", "test labels", 2, None, 0.5, [], [], "key")
    )
    dialog.list.setCurrentIndex(dialog.list.model().index(0, 0))
    assert not dialog.release.isEnabled()
    assert "opened once" in dialog.note.text()


def test_without_a_test_set_the_dialog_says_so(opened: OpenProject, qtbot: Any) -> None:
    opened.project.catalog.move(opened.split.nonzero()[0], Split.POOL, "test")
    dialog = LeakageDialog(opened)
    qtbot.addWidget(dialog)
    assert "no test set yet" in dialog.heading.text()
    assert not dialog.hold.isEnabled()


def test_of_two_thousand_findings_only_those_in_sight_are_painted(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    dialog = checked(qtbot, opened)
    painted: list[int] = []
    draw = LeakDelegate.draw

    def watched(delegate: LeakDelegate, painter: Any, option: Any, ink: Any, finding: Any) -> None:
        painted.append(finding.strength)
        draw(delegate, painter, option, ink, finding)

    monkeypatch.setattr(LeakDelegate, "draw", watched)
    dialog.list.show_findings([replace(dialog.list.findings[at % N_TEST], strength=at) for at in range(2000)])
    dialog.list.selectAll()
    dialog.list.scrollToBottom()
    qtbot.waitUntil(lambda: 1999 in painted)
    assert len(set(painted)) < 50


def test_what_two_images_share_keeps_its_capitals(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: "Gruppe auf beiden seiten", below "test" and "training" in any language."""
    monkeypatch.setitem(leakage.WORDS, "look alike", "hat dieselben Zellen")
    dialog = checked(qtbot, opened)
    painted: list[str] = []
    monkeypatch.setattr(QPainter, "drawText", lambda self, *args: painted.append(str(args[-1])))
    with speaking("de"):
        dialog.list.grab()
    assert any(text.startswith("Hat dieselben Zellen") for text in painted)
    assert {"Test", "Training"} <= set(painted)
