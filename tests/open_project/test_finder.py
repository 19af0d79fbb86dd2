"""The filter of an open project: looked up in a thread, true to what may be seen, and kept under names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, make_project, open_for_test, predict, suggest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, Remark
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.saved_filters import SavedFilter
from medlabeler.project.project import Project
from medlabeler.project.remarks import ON

POOL = N - N_TEST


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    made = open_for_test(make_project(tmp_path))
    yield made
    made.close()


def rows_of(opened: OpenProject, qtbot: Any, text: str) -> list[int]:
    """What is found, once the answer is there."""
    opened.finder.look_for(text)
    settle(opened, qtbot)
    return [int(row) for row in opened.finder.rows]


def settle(opened: OpenProject, qtbot: Any) -> None:
    qtbot.waitUntil(lambda: not opened.finder.busy)


def test_without_a_filter_all_images_are_there_at_once(opened: OpenProject) -> None:
    assert opened.finder.rows.tolist() == list(range(N))
    assert opened.finder.match is None


def test_what_is_found_follows_labels_remarks_and_the_classifier(opened: OpenProject, qtbot: Any) -> None:
    finder = opened.finder
    assert rows_of(opened, qtbot, "label:basophil") == []
    opened.label_rows([3, 1], class_named(opened, "basophil"))
    settle(opened, qtbot)
    assert finder.rows.tolist() == [1, 3]
    assert finder.match is not None
    assert np.flatnonzero(finder.match).tolist() == [1, 3]
    opened.undo()
    settle(opened, qtbot)
    assert finder.rows.tolist() == []
    assert rows_of(opened, qtbot, "is:flagged") == []
    opened.remark([7], Remark.FLAG, ON)
    settle(opened, qtbot)
    assert finder.rows.tolist() == [7]
    assert rows_of(opened, qtbot, "prediction:eosinophil") == []
    predict(opened)
    settle(opened, qtbot)
    assert finder.rows.tolist() == [row for row in range(POOL) if row % 3 == 1]
    assert rows_of(opened, qtbot, "site:barcelona cell_39") == [39]
    assert rows_of(opened, qtbot, "") == list(range(N))


def test_a_filter_that_cannot_be_read_is_told_and_what_was_found_stays(
    opened: OpenProject, qtbot: Any
) -> None:
    assert rows_of(opened, qtbot, "cell_07") == [7]
    for bad in ('"cell', "colour:red", "is:happy"):
        assert rows_of(opened, qtbot, bad) == [7]
        assert opened.finder.problem
    assert rows_of(opened, qtbot, "cell_07") == [7]
    assert not opened.finder.problem


def test_what_is_in_sight_keeps_its_place_until_it_is_sorted_again(opened: OpenProject, qtbot: Any) -> None:
    finder = opened.finder
    predict(opened)
    finder.sort_by("confidence", True)
    settle(opened, qtbot)
    before = finder.rows.tolist()
    sure = np.linspace(0, 1, N).astype(np.float32)
    opened.adopt_predictions(opened.model, opened._raw_prediction, sure)  # type: ignore[arg-type]  # there is a classifier
    settle(opened, qtbot)
    assert finder.rows.tolist() == before
    assert finder.unsorted
    finder.sort_again()
    settle(opened, qtbot)
    assert finder.rows.tolist()[:2] == [POOL - 1, POOL - 2]
    assert not finder.unsorted


def test_an_order_does_not_outlive_predictions_that_are_hidden(opened: OpenProject, qtbot: Any) -> None:
    """A random draw waits in the queue: its place would tell how sure the classifier is."""
    finder = opened.finder
    predict(opened)
    sure = np.linspace(0, 1, N).astype(np.float32)
    opened.adopt_predictions(opened.model, opened._raw_prediction, sure)  # type: ignore[arg-type]  # there is a classifier
    finder.sort_by("confidence", True)
    settle(opened, qtbot)
    assert finder.rows.tolist()[0] == POOL - 1
    opened.hide_predictions([POOL - 1])
    opened.suggestions_changed.emit()
    settle(opened, qtbot)
    assert finder.rows.tolist()[0] == POOL - 2
    known = [row for row in finder.rows.tolist() if opened.prediction[row] != NO_CLASS]
    assert finder.rows.tolist() == [*known, *range(POOL - 1, N)]


def test_predictions_of_the_test_set_tell_nothing_by_filter_or_order(opened: OpenProject, qtbot: Any) -> None:
    results = []
    for guess in (0, 1):
        ids = np.array([c.id for c in opened.classes], np.int32)[(np.arange(N) + guess) % 3]
        predict(opened)
        raw = np.where(np.arange(N) < POOL, opened._raw_prediction, ids).astype(np.int32)
        sure = np.where(np.arange(N) < POOL, 0.5, 0.3 + 0.1 * guess).astype(np.float32)
        opened.adopt_predictions(opened.model, raw, sure)  # type: ignore[arg-type]  # there is a classifier
        for text in ("prediction:basophil", "-prediction:monocyte", "confidence<40", 'confidence:""'):
            results.append(rows_of(opened, qtbot, text))
        opened.finder.look_for("")
        for field in ("prediction", "confidence"):
            opened.finder.sort_by(field)
            settle(opened, qtbot)
            results.append(opened.finder.rows.tolist())
        opened.finder.sort_by("")
    assert results[: len(results) // 2] == results[len(results) // 2 :]


def test_in_blind_mode_nothing_is_found_and_afterwards_all_is_as_before(
    opened: OpenProject, qtbot: Any
) -> None:
    predict(opened)
    assert len(rows_of(opened, qtbot, "prediction:*")) == POOL
    opened.set_blind(True)
    assert opened.finder.rows.tolist() == []
    assert opened.finder.match is None
    opened.finder.look_for("label:basophil")
    opened.finder.sort_by("confidence")
    settle(opened, qtbot)
    assert opened.finder.rows.tolist() == []
    opened.set_blind(False)
    settle(opened, qtbot)
    opened.finder.sort_by("")
    assert len(rows_of(opened, qtbot, "prediction:*")) == POOL


def test_a_label_that_is_asked_again_is_not_found_by_who_gave_it_or_when(
    opened: OpenProject, qtbot: Any
) -> None:
    opened.project.annotator = "Ada"
    opened.label_rows([0, 1], class_named(opened, "basophil"))
    opened.hide_labels([1])
    for text in ("by:Ada", "date:today", "is:labelled", "label:*", "date:*"):
        assert rows_of(opened, qtbot, text) == [0]


def test_values_are_offered_the_commonest_first(opened: OpenProject) -> None:
    finder = opened.finder
    site = next(field for field in finder.fields if field.key == "site")
    assert list(finder.values_of(site)) == ["Barcelona"]
    label = next(field for field in finder.fields if field.key == "label")
    assert list(finder.values_of(label)) == ["basophil", "eosinophil", "monocyte"]


def test_all_that_is_found_can_be_selected(opened: OpenProject, qtbot: Any) -> None:
    rows_of(opened, qtbot, "cell_1")
    opened.select_found()
    assert np.flatnonzero(opened.selection).tolist() == list(range(10, 20))


def test_filters_are_kept_renamed_and_deleted_in_the_project(tmp_path: Path, qtbot: Any) -> None:
    project = make_project(tmp_path)
    opened = open_for_test(project)
    opened.filters.save("  unsure   ones ", "confidence<50 ", "confidence")
    opened.filters.save("Ödeme & <b>", 'note:"a|b"')
    for bad in ("unsure ones", "", "  ", "x" * 81):
        with pytest.raises(UserError):
            opened.filters.save(bad, "x")
    with pytest.raises(UserError, match="already a filter named unsure ones"):
        opened.filters.rename("Ödeme & <b>", "unsure ones")
    opened.filters.rename("unsure ones", "not sure")
    opened.close()
    with Project.open(project.path) as again:
        assert again.notices == []
        other = open_for_test(again)
        assert other.filters.all() == [
            SavedFilter("not sure", "confidence<50", "confidence"), SavedFilter("Ödeme & <b>", 'note:"a|b"'),
        ]  # fmt: skip
        other.filters.delete("not sure")
        other.filters.delete("not there")
        assert [one.name for one in other.filters.all()] == ["Ödeme & <b>"]
        other.close()


@pytest.mark.parametrize(
    "damaged", ['"x"', '[{"name": "a"}]', '[{"name": 1, "text": "", "order": "", "descending": false}]']
)
def test_damaged_filters_count_as_none_and_are_told(tmp_path: Path, damaged: str) -> None:
    project = make_project(tmp_path)
    project.settings.set("filters", [])
    with project.database.transaction() as connection:
        connection.execute("UPDATE setting SET value = ? WHERE key = 'filters'", (damaged,))
    project.close()
    with Project.open(project.path) as again:
        assert again.settings.get("filters") is None
        assert any("setting filters" in notice for notice in again.notices)


def test_closing_does_not_wait_for_an_answer(tmp_path: Path, qtbot: Any) -> None:
    opened = open_for_test(make_project(tmp_path))
    suggest(opened, [1, 2])
    opened.finder.look_for("site:Barcelona")
    opened.finder._ask()
    opened.close()
