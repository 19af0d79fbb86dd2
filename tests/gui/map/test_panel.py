"""What the map of the window shows of the open project: what is grey, and what can be coloured by."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from panels_support import make_project, open_for_test, predict
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import Remark
from medlabeler.gui.map import panel as map_panel
from medlabeler.gui.map.panel import MapPanel
from medlabeler.gui.window.actions import Actions
from medlabeler.gui.window.map_bar import MapBar
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes.engine.client import Glimpse
from medlabeler.project.columns import NewImage
from medlabeler.project.remarks import ON


def with_groups(folder: Path) -> OpenProject:
    """A project of three images of two slides."""
    project = make_project(folder)
    facts = ("a" * 64, 60, 48, "RGB", 100, 1, "train")
    project.catalog.add(
        [NewImage(str(folder / "more"), f"{at}.png", *facts, group) for at, group in enumerate("AAB")]
    )
    return open_for_test(project)


def test_one_selected_image_leaves_the_colours_of_the_others(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_for_test(make_project(tmp_path))
    panel = MapPanel(opened)
    qtbot.addWidget(panel)
    panel.view.set_points(np.random.default_rng(0).random((opened.n, 2)).astype(np.float32))
    points = panel.view.points
    opened.set_selection([3])
    assert len(points.drawn)
    assert not points.several_selected
    opened.set_selection([5], "add")
    assert len(points.drawn)
    assert points.several_selected
    assert np.flatnonzero(points.selection).tolist() == [3, 5]
    opened.close()


def test_images_can_be_coloured_by_their_group(qtbot: QtBot, tmp_path: Path) -> None:
    opened = with_groups(tmp_path)
    panel = MapPanel(opened)
    bar = MapBar(Actions(panel), opened, panel)
    qtbot.addWidget(panel)
    assert bar.colour.findData("group") >= 0
    with qtbot.waitSignal(opened.view_changed):
        opened.set_colour_by("group")
    opened.changed.emit(Changes.IMAGES)
    names = {entry.name: entry.in_all for entry in panel._compute().entries()}
    assert (names["A"], names["B"]) == (2, 1)
    opened.close()


def test_a_project_without_groups_does_not_offer_them(qtbot: QtBot, tmp_path: Path) -> None:
    opened = open_for_test(make_project(tmp_path))
    window = QMainWindow()
    bar = MapBar(Actions(window), opened, window)
    qtbot.addWidget(window)
    assert bar.colour.findData("group") < 0
    opened.close()


def placed(opened: OpenProject, qtbot: QtBot) -> MapPanel:
    """The map with every image somewhere on it."""
    panel = MapPanel(opened)
    qtbot.addWidget(panel)
    panel.view.set_points(np.random.default_rng(0).random((opened.n, 2)).astype(np.float32))
    panel._show_colours()
    return panel


def look_for(opened: OpenProject, qtbot: QtBot, text: str) -> None:
    opened.finder.look_for(text)
    qtbot.waitUntil(lambda: not opened.finder.busy)


def test_a_filter_dims_what_it_does_not_find_and_no_lasso_takes_that(
    qtbot: QtBot, opened: OpenProject
) -> None:
    panel = placed(opened, qtbot)
    points = panel.view.points
    everything = np.arange(opened.n)
    assert not points.dimmed(everything).any()
    look_for(opened, qtbot, "cell_1")
    assert np.flatnonzero(~points.dimmed(everything)).tolist() == list(range(10, 20))
    assert len(points.drawn) == opened.n, "dimmed is not hidden"
    assert "10 of 40 images meet the filter" in panel.hint.full()
    panel._on_lasso(np.arange(5, 15), Qt.KeyboardModifier.NoModifier)
    assert np.flatnonzero(opened.selection).tolist() == list(range(10, 15))
    assert np.flatnonzero(~points.dimmed(everything)).tolist() == list(range(10, 15))
    look_for(opened, qtbot, "")
    opened.clear_selection()
    assert not points.dimmed(everything).any()


def test_the_legend_selects_what_the_filter_finds_of_a_colour(qtbot: QtBot, opened: OpenProject) -> None:
    panel = placed(opened, qtbot)
    look_for(opened, qtbot, "cell_1")
    panel._select_code(0)
    assert np.flatnonzero(opened.selection).tolist() == list(range(10, 20))


def test_images_that_come_while_a_filter_is_on_are_no_trouble(qtbot: QtBot, opened: OpenProject) -> None:
    panel = placed(opened, qtbot)
    look_for(opened, qtbot, "cell_1")
    more = [NewImage("/d", f"cell_1x{i}.png", f"{i:064x}", 9, 9, "RGB", 1, 1) for i in range(3)]
    opened.project.catalog.add(more)
    opened.refresh(Changes.IMAGES)
    qtbot.waitUntil(lambda: not opened.finder.busy)
    assert len(opened.finder.rows) == 13
    assert panel.view.points.found is None or len(panel.view.points.found) == panel.view.points.n


@pytest.mark.parametrize(("scheme", "names"), [
    ("by", {"Ada": 2, "no value": 38}), ("remarks", {"flagged": 1, "none of these": 39}),
])  # fmt: skip
def test_the_map_is_coloured_by_who_labelled_and_by_what_was_remarked(
    qtbot: QtBot, opened: OpenProject, scheme: str, names: dict[str, int]
) -> None:
    opened.project.annotator = "Ada"
    opened.label_rows([0, 1], opened.classes[0].id)
    opened.remark([4], Remark.FLAG, ON)
    panel = placed(opened, qtbot)
    opened.set_colour_by(scheme)
    panel._show_colours()
    assert {entry.name: entry.in_all for entry in panel._colouring.entries()} == names
    opened.set_blind(True)
    panel._show_colours()
    assert panel._colouring.names == ["colours hidden"]


def test_the_day_of_a_label_is_coloured_and_that_of_one_asked_again_is_not(
    qtbot: QtBot, opened: OpenProject
) -> None:
    opened.label_rows([0, 1], opened.classes[0].id)
    opened.hide_labels([1])
    panel = placed(opened, qtbot)
    opened.set_colour_by("date")
    panel._show_colours()
    assert panel._colouring.codes.tolist() == [1] + [0] * (opened.n - 1)


def test_a_column_of_numbers_has_a_continuous_legend(qtbot: QtBot, tmp_path: Path) -> None:
    project = make_project(tmp_path)
    facts = ("a" * 64, 60, 48, "RGB", 100, 1, "train", None, None)
    project.catalog.add([NewImage("/d", f"{at}.png", *facts, {"age": str(20 + at)}) for at in range(50)])
    opened = open_for_test(project)
    panel = placed(opened, qtbot)
    opened.set_colour_by("meta:age")
    panel._show_colours()
    assert panel.legend.scale.isVisibleTo(panel.legend)
    assert panel.legend.scale.marks[0][1] == "20"
    assert "continuous scale from 20 to 70" in panel.legend.scale.accessibleName()
    assert len(np.unique(panel.view.points.codes)) > 40
    step = panel._colouring.entries()[0].code
    panel.legend.toggle(step)
    panel._show_colours()
    assert len(panel.view.points.drawn) == opened.n - int((panel._colouring.codes == step).sum())
    opened.set_colour_by("label")
    panel._show_colours()
    assert not panel.legend.scale.isVisibleTo(panel.legend)
    opened.close()


class Sight:
    """A map of 40 images that counts as a large one, in the colours of predictions of revision 1."""

    def __init__(self, qtbot: QtBot, opened: OpenProject, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(map_panel, "LARGE", 10)
        predict(opened)
        opened.set_colour_by("prediction")
        self.opened, self.panel = opened, placed(opened, qtbot)
        self.legend = self.panel._colouring.entries()
        self.ids = np.array([c.id for c in opened.classes], np.int32)

    def glimpse(self, rows: list[int]) -> None:
        """The engine tells of `rows` that all of them are of the last class."""
        answer = Glimpse(
            "", 2, "logistic", np.array(rows), np.full(len(rows), self.ids[-1]),
            np.full(len(rows), 0.6, np.float32),
        )  # fmt: skip
        self.opened.engine._on_answer(answer)

    @property
    def codes(self) -> list[int]:
        return [int(code) for code in self.panel.view.points.codes]


def test_what_is_in_sight_is_recoloured_before_all_and_nothing_else_tells_of_it(
    qtbot: QtBot, opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight = Sight(qtbot, opened, monkeypatch)
    before, said = sight.codes, opened.prediction.copy()
    sight.glimpse([0, 1, 39])
    assert sight.codes == [3, 3, *before[2:]], "39 is an unlabelled test image"
    assert sight.panel._hover_text(0).endswith("prediction monocyte 60 %")
    np.testing.assert_array_equal(opened.prediction, said)
    assert opened.shown_revision == 1
    sight.panel._show_colours()  # something else wants all drawn meanwhile
    assert sight.codes == [3, 3, *before[2:]]
    assert sight.panel._colouring.entries() == sight.legend
    predict(opened)
    qtbot.waitUntil(lambda: sight.codes == before)
    assert opened.glimpse is None


def test_a_glimpse_hides_what_predictions_hide(
    qtbot: QtBot, opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Draws that a person is to judge blind, also those that come to be drawn after it; blind mode."""
    sight = Sight(qtbot, opened, monkeypatch)
    opened.hide_predictions([0])
    sight.glimpse([0, 1, 2])
    assert sight.codes[:3] == [0, 3, 3]
    opened.hide_predictions([0, 1])
    sight.panel._show_colours()
    assert sight.codes[:3] == [0, 0, 3]
    assert "prediction" not in sight.panel._hover_text(1)
    opened.set_blind(True)
    assert opened.glimpse is None
    sight.panel._show_colours()
    assert set(sight.codes) == {0}


def test_a_label_on_a_large_map_is_marked_at_once_and_all_is_drawn_later(
    qtbot: QtBot, opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight = Sight(qtbot, opened, monkeypatch)
    assert len(sight.panel.view.points.drawn) == opened.n
    opened.set_colour_by("label")
    sight.panel._show_colours()
    sight.panel._recolour.stop()
    assert len(sight.panel.view.points.drawn) == opened.n
    opened.label_rows([4], int(sight.ids[1]))
    points = sight.panel.view.points
    assert (points.marked[4], points.codes[4]) == (True, 2)
    assert points.drawn[points.strong].tolist() == [4]
    assert sight.panel._colouring.entries() != sight.panel._compute().entries(), "counted when all is drawn"
    qtbot.waitUntil(lambda: sight.panel._colouring.entries() == sight.panel._compute().entries())


def test_a_glimpse_of_what_is_not_on_show_changes_nothing(
    qtbot: QtBot, opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    sight = Sight(qtbot, opened, monkeypatch)
    before = sight.codes
    rows, ids, sure = np.array([0]), sight.ids[-1:], np.array([0.6], np.float32)
    for other in (
        Glimpse("another embedding", 2, "logistic", rows, ids, sure),
        Glimpse("", 0, "logistic", rows, ids, sure),  # older labels than those on show
        Glimpse("", 2, "knn", rows, ids, sure),
        Glimpse("", 2, "logistic", rows + opened.n, ids, sure),
        Glimpse("", 2, "logistic", rows, ids + 1000, sure),
    ):
        opened.engine._on_answer(other)
        assert opened.glimpse is None
    assert sight.codes == before
