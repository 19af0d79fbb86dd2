"""The queue as an object: what stays in its place, what never comes back, when predictions are hidden."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, class_named, make_project, open_for_test, predict, suggest

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.suggestion_queue import LOW, READY
from medlabeler.processes.protocol import Failed
from medlabeler.project.project import Project


@pytest.fixture
def opened(qapp: object, tmp_path: Path) -> Iterator[OpenProject]:
    opened = open_for_test(make_project(tmp_path))
    yield opened
    opened.close()


class Asked:
    """Stands where the engine's answers come from: keeps what was asked, answers when the test says so."""

    def __init__(self, opened: OpenProject) -> None:
        self.requests: list[dict[str, Any]] = []
        self._queue = opened.queue

    def suggest(self, strategy: str, count: int, waiting: list[int], tag: str, random_share: float) -> bool:
        self.requests.append({"count": count, "waiting": waiting, "tag": tag, "share": random_share})
        return True

    def answer(self, which: int, items: list[Suggestion]) -> None:
        self._queue.take(self.requests[which]["tag"], items)


@pytest.fixture
def asked(opened: OpenProject, monkeypatch: pytest.MonkeyPatch) -> Asked:
    slow = Asked(opened)
    monkeypatch.setattr(opened.queue, "_ask_engine", slow.suggest)
    return slow


def margin(*rows: int) -> list[Suggestion]:
    return [Suggestion(row, "wavers between basophil and monocyte", "margin", None, (1, 3)) for row in rows]


def draw(row: int) -> Suggestion:
    return Suggestion(row, "drawn at random, for the accuracy", "random", 0.05)


def waiting(opened: OpenProject) -> list[int]:
    return [s.row for s in opened.suggestions]


def test_it_asks_for_more_before_it_runs_dry_and_only_once(opened: OpenProject, asked: Asked) -> None:
    opened.queue.adopt(margin(*range(READY)))
    opened.queue.refill()
    assert not asked.requests
    for row in range(READY - LOW + 3):
        opened.label_rows([row], opened.classes[0].id)
    assert len(asked.requests) == 1
    assert asked.requests[0]["waiting"] == [7, 8, *waiting(opened)]
    asked.answer(0, margin(20, 21))
    assert waiting(opened) == [9, 10, 11, 20, 21]


def test_an_answer_from_before_the_latest_decisions_brings_nothing_decided_back(
    opened: OpenProject, asked: Asked
) -> None:
    opened.queue.refill()
    opened.label_rows([3, 4], opened.classes[0].id)
    opened.mark_rows([5], LabelKind.SKIP)
    opened.mark_rows([6], LabelKind.BAD_IMAGE)
    asked.answer(0, margin(3, 4, 5, 6, 7))
    assert waiting(opened) == [7]


def test_two_answers_under_way_bring_no_image_twice(opened: OpenProject, asked: Asked) -> None:
    opened.queue.refill()
    opened.queue.renew()
    assert len(asked.requests) == 2
    asked.answer(1, margin(1, 2, 3))
    asked.answer(0, margin(3, 1, 9))
    assert waiting(opened) == [1, 2, 3, 9]


def test_the_answer_to_another_strategy_is_not_taken(opened: OpenProject, asked: Asked) -> None:
    opened.queue.refill()
    opened.set_strategy("entropy")
    asked.answer(0, margin(1, 2))
    assert waiting(opened) == []
    asked.answer(1, margin(4))
    assert waiting(opened) == [4]


def test_an_engine_that_could_not_answer_is_asked_again_with_the_next_decision(
    opened: OpenProject, asked: Asked
) -> None:
    opened.queue.adopt(margin(1, 2))
    opened.queue.refill()
    opened.engine._on_answer(Failed("Suggest", 1, "", 0, "1", "No memory.", None))
    assert len(asked.requests) == 1
    opened.label_rows([1], opened.classes[0].id)
    assert len(asked.requests) == 2


def test_reordering_moves_neither_what_is_on_show_nor_what_the_mouse_points_at(opened: OpenProject) -> None:
    queue = opened.queue
    queue.adopt(margin(1, 2, 3, 4, 5, 6))
    queue.show(2)
    opened.set_current(2)
    queue.point_at(5)
    queue.adopt(margin(20, 6, 21, 22, 1, 23), replaces=True)
    rows = waiting(opened)
    assert rows.index(2) == 1
    assert rows.index(5) == 4
    assert queue.shown == 2
    assert [row for row in rows if row not in (2, 5)] == [20, 6, 21, 22, 1, 23]


def test_one_in_ten_is_a_random_draw_and_each_draw_gets_its_turn(opened: OpenProject, asked: Asked) -> None:
    queue, drawn, seen = opened.queue, [], []
    queue.refill()
    for _ in range(N - N_TEST):
        while asked.requests:
            request = asked.requests.pop(0)
            free = (opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL)
            free[request["waiting"]] = False
            rows = np.random.default_rng(len(seen)).permutation(np.flatnonzero(free))[:4].tolist()
            if request["share"] and rows:
                drawn.append(rows.pop())
                queue.take(request["tag"], [draw(drawn[-1]), *margin(*rows)])
            else:
                queue.take(request["tag"], margin(*rows))
        seen.append(queue.shown)
        opened.label_rows([queue.shown], opened.classes[0].id, LabelSource.QUEUE)
        queue.renew()
    assert sorted(seen) == list(range(N - N_TEST)), "each image of the pool once"
    places = [seen.index(row) for row in drawn]
    assert places[:3] == [4, 14, 24]
    assert len(places) <= 4


def test_no_image_of_the_test_set_or_held_back_waits(opened: OpenProject) -> None:
    opened.project.catalog.move(np.array([7]), Split.HELD_BACK, "for the test")
    opened.queue.adopt(margin(6, 8))
    opened.refresh(session_images())
    opened.queue.adopt(margin(7, N - 1, 9))
    assert waiting(opened) == [6, 8, 9]
    opened.project.catalog.move(np.array([8]), Split.TEST, "for the test")
    opened.refresh(session_images())
    assert waiting(opened) == [6, 9]


def session_images() -> Any:
    from medlabeler.domain.changes import Changes

    return Changes.IMAGES


def test_the_prediction_of_a_random_draw_is_hidden_until_it_is_labelled(opened: OpenProject) -> None:
    predict(opened)
    opened.queue.adopt([draw(4), *margin(8)])
    assert opened.prediction[4] == NO_CLASS
    assert np.isnan(opened.confidence[4])
    assert opened.probabilities(4) == []
    assert opened.judged_blind(4)
    assert opened.prediction[8] != NO_CLASS
    opened.label_rows([4], class_named(opened, "monocyte"))
    assert opened.prediction[4] != NO_CLASS
    event = opened.project.labels.events(4)[-1]
    assert (event.strategy, event.inclusion_probability) == ("random", 0.05)
    assert event.shown_class_id is None
    assert event.shown_confidence is None
    assert opened.project.labels.drawn_blind()[4]


def test_a_draw_whose_prediction_was_seen_is_not_scored_as_blind(opened: OpenProject) -> None:
    predict(opened)
    opened.set_current(4)
    opened.queue.adopt([draw(4), draw(5)])
    assert opened.prediction[4] != NO_CLASS, "it was on show when it was drawn"
    opened.label_rows([5], opened.classes[0].id)
    opened.undo()
    assert opened.current == 5
    assert opened.prediction[5] != NO_CLASS, "it could be looked at meanwhile"
    for row in (4, 5):
        opened.label_rows([row], opened.classes[0].id)
        event = opened.project.labels.events(row)[-1]
        assert (event.inclusion_probability, event.shown_class_id) == (0.05, opened.prediction[row])
    assert not opened.project.labels.drawn_blind().any()


def test_hiding_can_be_turned_off_and_stays_off(opened: OpenProject) -> None:
    predict(opened)
    opened.queue.adopt([draw(4)])
    opened.queue.set_hides_draws(False)
    assert opened.prediction[4] != NO_CLASS
    opened.queue.set_hides_draws(True)
    assert opened.prediction[4] != NO_CLASS, "seen is seen"
    opened.queue.adopt([draw(5)])
    assert opened.prediction[5] == NO_CLASS
    opened.queue.set_hides_draws(False)
    opened.project.close()
    with Project.open(opened.project.path) as again:
        assert again.settings.get("hide_draws", True) is False


def test_undo_brings_the_image_back_as_it_was_suggested_redo_takes_it_away(opened: OpenProject) -> None:
    predict(opened)
    opened.queue.adopt(margin(5, 9, 12))
    opened.set_current(5)
    opened.label_rows([5], opened.classes[0].id)
    opened.mark_rows([9], LabelKind.SKIP)
    opened.undo()
    assert (opened.current, opened.queue.shown) == (9, 9)
    opened.undo()
    assert (opened.current, waiting(opened)) == (5, [5, 9, 12])
    opened.queue.adopt(margin(20, 21), replaces=True)
    assert waiting(opened) == [5, 9, 20, 21], "what was undone waits until it is decided"
    opened.redo()
    assert waiting(opened) == [9, 20, 21]
    opened.undo()
    opened.label_rows([5], opened.classes[1].id)
    event = opened.project.labels.events(5)[-1]
    assert (event.source, event.strategy) == (LabelSource.QUEUE, "margin")


def test_undoing_a_click_on_the_map_changes_nothing_in_the_queue(opened: OpenProject) -> None:
    opened.queue.adopt(margin(5, 9))
    opened.label_rows([20], opened.classes[0].id)
    opened.undo()
    assert waiting(opened) == [5, 9]


def test_after_a_restart_undo_still_brings_the_image_back(tmp_path: Path, qapp: object) -> None:
    opened = open_for_test(make_project(tmp_path))
    opened.queue.adopt(margin(5, 9, 12))
    opened.label_rows([5], opened.classes[0].id, LabelSource.QUEUE)
    opened.mark_rows([9], LabelKind.SKIP, LabelSource.QUEUE)
    path = opened.project.path
    opened.close()
    opened = open_for_test(Project.open(path))
    try:
        opened.queue.adopt(margin(5, 9, 12, 14))
        assert waiting(opened) == [12, 14], "what was decided or skipped does not return"
        opened.undo()
        assert (waiting(opened), opened.current) == ([9, 12, 14], 9)
        assert opened.queue.find(9).strategy == "margin"  # type: ignore[union-attr]  # it is there
    finally:
        opened.close()


def test_skipped_images_come_back_when_asked_for_and_undo_skips_them_again(opened: OpenProject) -> None:
    opened.queue.adopt(margin(5, 9, 12))
    for row in (5, 9):
        opened.mark_rows([row], LabelKind.SKIP, LabelSource.QUEUE)
    opened.mark_rows([12], LabelKind.NOT_SURE, LabelSource.QUEUE)
    suggest(opened, [20])
    opened.show_skipped()
    assert waiting(opened) == [5, 9, 20]
    assert opened.queue.shown == 5
    assert opened.undo_name == "show 2 images skipped again"
    opened.undo()
    assert waiting(opened) == [20]
    assert opened.kind[[5, 9, 12]].tolist() == [LabelKind.SKIP, LabelKind.SKIP, LabelKind.NOT_SURE]
