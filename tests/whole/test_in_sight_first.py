"""A click on a map that counts as large: what is in sight is recoloured first, by the real engine."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import add_embedding, make_project
from pytestqt.qtbot import QtBot

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS
from medlabeler.gui.map import panel as map_panel
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.open_project import engine as engine_bridge

PATIENCE_MS = 60_000

pytestmark = pytest.mark.slow


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """On forty images."""
    for module in (map_panel, engine_bridge):
        monkeypatch.setattr(module, "LARGE", 10)
    project = make_project(tmp_path)
    key = add_embedding(project, "A", 2.0)
    project.settings.set("embedding", key)
    project.settings.set("mode", Mode.EXPLORE.value)
    xy = np.random.default_rng(0).random((40, 2)).astype(np.float32)
    project.vectors.save_projection(key, "umap", xy, {"n_images": 40})
    settings = Settings()
    make_application(settings)
    made = MainWindow(settings)
    made.show()
    made.current.take(project, start=False)
    yield made
    made.close()
    made.deleteLater()


@pytest.mark.parametrize("classifier", ["logistic", "knn"])
def test_what_is_in_sight_comes_first_and_all_agree_with_it(
    qtbot: QtBot, window: MainWindow, classifier: str
) -> None:
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    opened.set_colour_by("prediction")
    if classifier != opened.classifier:
        opened.set_classifier(classifier)
    opened.label_rows([0], opened.classes[0].id)
    with qtbot.waitSignal(opened.engine.predicted, timeout=PATIENCE_MS):
        opened.label_rows([1], opened.classes[1].id)
    canvas = page.map.view.canvas
    place = canvas.position_of(3)
    assert place is not None
    canvas.zoom(4.0, place)
    view = page.map.view
    qtbot.waitUntil(
        lambda: not (view._later.isActive() or page.map._looked.isActive() or view.motion.running),
        timeout=PATIENCE_MS,
    )
    in_sight = set(page.map.view.rows_in_sight().tolist())
    assert 3 in in_sight
    assert len(in_sight) < opened.n
    told: list[tuple[str, int]] = []
    glimpses = []

    def glimpsed() -> None:
        glimpses.append(opened.glimpse)
        told.append(("in sight", opened.model.revision if opened.model else -1))
        points = page.map.view.points
        coded = {row: int(points.codes[row]) for row in in_sight}
        later.update(coded)

    later: dict[int, int] = {}
    opened.engine.glimpsed.connect(glimpsed)
    opened.engine.predicted.connect(
        lambda: told.append(("all", opened.model.revision if opened.model else -1))
    )
    before = opened.model.revision if opened.model else -1
    with qtbot.waitSignal(opened.engine.predicted, timeout=PATIENCE_MS):
        opened.label_rows([2], opened.classes[2].id)
    revision = int(opened.project.labels.revision)
    assert told == [("in sight", before), ("all", revision)]
    (glimpse,) = glimpses
    assert glimpse is not None
    assert glimpse.revision == revision
    assert in_sight | {0, 1, 2} == set(glimpse.rows.tolist())
    # All but the random draws that wait in the queue, which was made anew with the predictions of all.
    shown = opened.prediction[glimpse.rows] != NO_CLASS
    assert shown.sum() > len(shown) / 2
    rows = glimpse.rows[shown]
    np.testing.assert_array_equal(glimpse.prediction[shown], opened.prediction[rows])
    qtbot.waitUntil(lambda: not page.map._recolour.isActive())
    codes = page.map.view.points.codes
    for row in in_sight & set(rows.tolist()):
        assert later[row] == codes[row]
