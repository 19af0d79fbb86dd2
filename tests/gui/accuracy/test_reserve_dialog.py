"""The size of a test set is chosen by the interval it buys, shown before anything moves."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import class_named
from PySide6.QtCore import QPoint, Qt

from medlabeler.domain.types import Split
from medlabeler.gui.accuracy.reserve import ReserveDialog
from medlabeler.jobs import reserve
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project

LEFT = Qt.MouseButton.LeftButton
N, PER_PATIENT = 6000, 20


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    project = Project.create(tmp_path / "p")
    classes = ("basophil", "eosinophil", "monocyte")
    project.catalog.add(
        [
            NewImage(
                "/d", f"{at:05d}.png", f"{at:064x}", 8, 8, "RGB", 9, 1, "",
                f"P{at // PER_PATIENT}", classes[at % 3], {},
            )
            for at in range(N)
        ]
    )  # fmt: skip
    opened = OpenProject(project, start_engine=False)
    yield opened
    opened.close()


def dialog_of(qtbot: Any, opened: OpenProject) -> ReserveDialog:
    dialog = ReserveDialog(opened)
    qtbot.addWidget(dialog)
    dialog.show()
    return dialog


def ask(qtbot: Any, dialog: ReserveDialog, size: int) -> str:
    """Type a size and wait for what is promised for it."""
    dialog.n_test.selectAll()
    qtbot.keyClicks(dialog.n_test, str(size))
    qtbot.waitUntil(lambda: dialog._drawn is not None and dialog._drawn[0] == dialog.params(), timeout=20_000)
    return dialog.promise.text()


def width(promise: str) -> float:
    found = re.search(r"± ([\d.]+) points", promise)
    assert found is not None, promise
    return float(found[1])


def test_more_images_promise_a_narrower_interval(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    small, large = ask(qtbot, dialog, 300), ask(qtbot, dialog, 1500)
    assert width(large) < width(small)
    assert small.endswith("(in the reference).")
    assert not (opened.split == Split.TEST).any()


def test_the_same_images_from_more_groups_promise_more(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    whole = width(ask(qtbot, dialog, 400))
    qtbot.mouseClick(dialog.limit, LEFT, pos=QPoint(8, dialog.limit.height() // 2))
    dialog.per_group.setValue(4)
    spread = ask(qtbot, dialog, 400)
    assert width(spread) < whole
    assert "held back" in dialog.explain.text()
    with qtbot.waitSignal(opened.message):
        qtbot.mouseClick(dialog.buttons.go, LEFT)
    held = opened.split == Split.HELD_BACK
    assert int((opened.split == Split.TEST).sum()) == pytest.approx(400, abs=40)
    assert held.any()
    messages: list[str] = []
    opened.message.connect(messages.append)
    opened.label_rows(np.flatnonzero(held)[:2], class_named(opened, "monocyte"))
    assert opened.project.labels.n_labelled == 0
    assert messages == ["2 images held back beside the test set left out."]
    group = opened.project.catalog.group
    assert not np.isin(group[opened.split == Split.POOL], group[held]).any()


def test_few_groups_are_warned_of(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    assert "give no interval" in ask(qtbot, dialog, 100)
    assert dialog.warning.text().startswith("The test set comes from only 5 groups")
    ask(qtbot, dialog, 600)
    assert dialog.warning.text() == ""


def test_what_is_drawn_is_what_was_promised(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    ask(qtbot, dialog, 500)
    assert dialog._drawn is not None
    promised = dialog._drawn[1].rows
    with qtbot.waitSignal(opened.message):
        qtbot.keyClick(dialog.n_test, Qt.Key.Key_Return)
    assert np.flatnonzero(opened.split == Split.TEST).tolist() == promised.tolist()


def test_labels_set_meanwhile_are_not_taken(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    ask(qtbot, dialog, 500)
    assert dialog._drawn is not None
    opened.label_rows([int(dialog._drawn[1].rows[0])], class_named(opened, "monocyte"))
    qtbot.mouseClick(dialog.buttons.go, LEFT)
    assert "labelled meanwhile" in dialog.problem.text()
    assert not (opened.split == Split.TEST).any()


def test_too_many_for_the_groups_is_said(opened: OpenProject, qtbot: Any) -> None:
    dialog = dialog_of(qtbot, opened)
    dialog.limit.setChecked(True)
    dialog.per_group.setValue(1)
    dialog.n_test.setValue(400)
    qtbot.waitUntil(lambda: "more than half" in dialog.problem.text())
    assert not dialog.buttons.go.isEnabled()


def test_no_draw_is_made_on_the_gui_thread(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn_on: list[threading.Thread] = []
    draw = reserve.draw

    def watched(*arguments: Any) -> Any:
        drawn_on.append(threading.current_thread())
        return draw(*arguments)

    monkeypatch.setattr(reserve, "draw", watched)
    dialog = dialog_of(qtbot, opened)
    ask(qtbot, dialog, 300)
    ask(qtbot, dialog, 900)
    assert drawn_on
    assert threading.main_thread() not in drawn_on


def test_places_of_the_map_are_sought_by_the_draw_that_heeds_them(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "made-up"
    opened.project.vectors.save_projection(key, "umap", np.random.default_rng(0).random((N, 2)), {})
    opened.project.settings.set("embedding", key)
    sought: list[threading.Thread] = []
    real = reserve.places
    monkeypatch.setattr(
        reserve, "places", lambda xy: (sought.append(threading.current_thread()), real(xy))[1]
    )
    dialog = dialog_of(qtbot, opened)
    ask(qtbot, dialog, 300)
    assert dialog.rare.isEnabled()
    assert not sought
    dialog.rare.click()
    ask(qtbot, dialog, 500)
    assert len(sought) == 1
    assert sought[0] is not threading.main_thread()
