"""Backbones side by side: compared in a worker on the labels at hand, and put to use by a click."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import add_embedding, make_project, open_for_test
from PySide6.QtCore import Qt

from medlabeler.domain.types import Split
from medlabeler.gui.backbones.table import COMPARED
from medlabeler.gui.backbones.window import NONE, ONE, BackbonesWindow
from medlabeler.jobs import compare, embed
from medlabeler.learning.backbones.registry import OFFLINE, STARTER
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import Pipeline

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    opened = open_for_test(make_project(tmp_path))
    pool = np.flatnonzero(opened.split == Split.POOL)
    for at, definition in enumerate(opened.classes):
        opened.label_rows(pool[pool % 3 == at], definition.id)
    yield opened
    opened.close()


def shown(opened: OpenProject, qtbot: Any) -> BackbonesWindow:
    window = BackbonesWindow(opened)
    qtbot.addWidget(window)
    window.show()
    return window


def test_an_empty_page_says_what_to_do(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot)
    assert window.words.text() == NONE
    key = add_embedding(opened.project, "poor", 0.3)
    opened.refresh(embed.use(opened.project, key))
    assert window.words.text() == ONE
    assert not window.compare.isEnabled()
    with qtbot.waitSignal(window.add_wanted):
        qtbot.mouseClick(window.add, LEFT)


def test_two_backbones_are_compared_and_the_better_one_is_put_to_use(opened: OpenProject, qtbot: Any) -> None:
    poor = add_embedding(opened.project, "poor", 0.3)
    good = add_embedding(opened.project, "excellent", 6.0)
    opened.refresh(embed.use(opened.project, poor))
    window = shown(opened, qtbot)
    assert [row.in_use for row in window.table.source.rows[:2]] == [True, False]
    assert window.empty.isVisible()
    with qtbot.waitSignal(opened.runner.finished, timeout=60_000):
        qtbot.mouseClick(window.compare, LEFT)
        assert window.compare.text() == "Stop"
    assert "Excellent is better than Poor" in window.words.text()
    assert "by cross-validation" in window.words.text()
    assert window.plot.isVisible()
    assert [s.classifier for s in window.plot.series] == ["Poor", "Excellent"]
    first, second = window.table.source.rows[:2]
    assert second.texts[4].startswith("+")
    assert "Too few labels to recommend one" in window.words.text()
    assert first.texts[3] == second.texts[3] == "not enough labels"
    assert window.table.isColumnHidden(3), "it says nothing but that"
    assert not window.table.isColumnHidden(4)
    assert opened.project.history.looks() == 0

    window.table.selectRow(1)
    with qtbot.waitSignal(window.used):
        qtbot.mouseClick(window.use, LEFT)
    assert opened.project.settings.get("embedding", "") == good
    assert opened.embedding_info is not None
    assert opened.embedding_info.title == "Excellent"
    assert set(opened.project.vectors.keys()) == {poor, good}

    again = shown(opened, qtbot)
    assert "Excellent is better than Poor" in again.words.text()


def test_a_comparison_that_is_refused_says_why(opened: OpenProject, qtbot: Any) -> None:
    for name in ("poor", "excellent"):
        opened.refresh(embed.use(opened.project, add_embedding(opened.project, name, 1.0)))
    opened.clear_rows(np.flatnonzero(opened.label != opened.label[0]))
    window = shown(opened, qtbot)
    qtbot.mouseClick(window.compare, LEFT)
    assert "at least two classes" in window.words.text()
    assert window.compare.text() == "Compare"


def test_what_is_on_this_machine_and_has_not_looked_yet_can_be_put_to_work(
    opened: OpenProject, qtbot: Any
) -> None:
    opened.refresh(embed.use(opened.project, add_embedding(opened.project, "poor", 0.3)))
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: any(row.name == STARTER for row in window.table.source.rows))
    at = next(at for at, row in enumerate(window.table.source.rows) if row.name == STARTER)
    assert "none yet" in window.table.source.rows[at].texts
    # Columns of "not measured yet" took the room of the names before anything was compared.
    assert window.table.isColumnHidden(COMPARED[0])
    window.table.selectRow(at)
    assert window.use.text() == "Let it look at the images"
    with qtbot.waitSignal(window.embed_wanted) as asked:
        qtbot.mouseClick(window.use, LEFT)
    assert asked.args == [STARTER]


def test_what_looks_only_to_be_compared_does_not_take_the_place_of_what_is_in_use(
    opened: OpenProject, qtbot: Any
) -> None:
    """Fails before: map, predictions and suggestions became those of whatever was to be compared."""
    own = add_embedding(opened.project, "poor", 0.3)
    opened.refresh(embed.use(opened.project, own))
    pipeline = Pipeline(opened)
    window = shown(opened, qtbot)
    window.embed_wanted.connect(pipeline.compare_with)
    qtbot.waitUntil(lambda: any(row.name == OFFLINE for row in window.table.source.rows))
    window.table.selectRow([row.name for row in window.table.source.rows].index(OFFLINE))
    with qtbot.waitSignal(
        opened.runner.finished, timeout=120_000, check_params_cb=lambda job, _: job.name == "embed"
    ):
        qtbot.mouseClick(window.use, LEFT)
        assert not window.use.isEnabled(), "it is looking already"
        qtbot.waitUntil(lambda: window.words.text().startswith("It looks at the images"), timeout=60_000)
    assert opened.project.settings.get("embedding") == own
    assert len(opened.project.vectors.keys()) == 2
    assert window.compare.isEnabled()
    other = window.table.chosen()
    assert other is not None
    assert (other.name, other.key in ("", own)) == (OFFLINE, False), "it stays chosen"
    assert window.use.text() == "Use this one"
    qtbot.mouseClick(window.use, LEFT)
    assert opened.project.settings.get("embedding") == other.key
    assert opened.project.settings.get("backbone") == OFFLINE


def keep_comparison(opened: OpenProject, *, at_100: int) -> tuple[str, str]:
    """A comparison of two at three sizes, as it is kept; for the largest each class had `at_100` labels."""
    poor, good = (add_embedding(opened.project, name, 1.0) for name in ("poor", "excellent"))
    opened.refresh(embed.use(opened.project, poor))
    compared = [entry_of(key, title) for key, title in ((poor, "Poor"), (good, "Good"))]
    points = [
        {
            "key": entry["key"], "title": entry["title"], "per_class": size, "n_labels": 3.0 * held,
            "draws": 5, "balanced_accuracy": share, "deviation": 0.01,
            "low": share - 0.04, "high": share + 0.04,
        }
        for entry, lift in zip(compared, (0.0, 0.1), strict=True)
        for size, held, share in ((10, 10, 0.6 + lift), (25, 24, 0.7 + lift), (100, at_100, 0.8 + lift))
    ]  # fmt: skip
    opened.project.settings.set(
        compare.SETTING,
        {
            "points": points, "differences": [], "classes": 3, "n_images": 300, "n_groups": None,
            "fair": True, "n_brought": 0, "backbones": compared, "against": "labels",
            "text": "Recommended: Good. Why not.",
            "recommended": {"key": good, "title": "Good", "reason": "Why not."},
        },
    )  # fmt: skip
    return poor, good


def test_accuracy_at_three_sizes_and_a_recommendation(opened: OpenProject, qtbot: Any) -> None:
    """At 100 some classes had fewer labels: what was learned from 60 of each is no figure for 100."""
    poor, good = keep_comparison(opened, at_100=60)
    opened.project.vectors.note_speed(good, 80.0, "cpu")
    window = shown(opened, qtbot)
    assert window.heading.text() == "Recommended: Good"
    assert "Why not." in window.words.text()
    texts = {row.key: row.texts for row in window.table.source.rows}
    assert texts[poor][1:4] == ("60 %   56 to 64 %", "70 %   66 to 74 %", "not enough labels")
    assert texts[good][1] == "70 %   66 to 74 %"
    assert (texts[poor][5], texts[good][5]) == ("–", "12 s")


def entry_of(key: str, title: str) -> dict[str, Any]:
    """An embedding as a comparison keeps it."""
    return {
        "key": key, "name": title.lower(), "title": title, "self_supervised": True, "licence": "", "note": "",
        "dim": 8, "image_size": 8, "ms_per_image": None, "device": None,
    }  # fmt: skip


def test_names_of_image_models_have_room_beside_their_figures(opened: OpenProject, qtbot: Any) -> None:
    """Fails before: at the width of a small screen the column of names was 48 pixels wide."""
    keep_comparison(opened, at_100=100)
    window = shown(opened, qtbot)
    header = window.table.horizontalHeader()
    least = window.minimumWidth()
    for width in (least, 1400, least):
        window.resize(width, 560)
        qtbot.waitUntil(lambda w=width: window.width() == w)
        assert header.sectionSize(0) >= 200
    assert header.length() > window.table.viewport().width(), "a bar scrolls to the rest"
    window.resize(1400, 560)
    qtbot.waitUntil(lambda: header.length() == window.table.viewport().width())


def test_two_of_one_title_are_told_apart(opened: OpenProject, qtbot: Any) -> None:
    """Fails before: both editions of the starter stood there under one name."""
    keys = [add_embedding(opened.project, name, 1.0, title="Same") for name in ("first", "second")]
    opened.refresh(embed.use(opened.project, keys[0]))
    window = shown(opened, qtbot)
    names = [row.texts[0] for row in window.table.source.rows[:2]]
    assert names == [f"Same · {keys[0][:8]} (in use)", f"Same · {keys[1][:8]}"]
