"""The open project's actions: what may be labelled, what is shown, what is on disk when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, make_project, open_for_test, predict, suggest

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.open_project import learned, sharpening
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.processes.protocol import Failed
from medlabeler.project.project import Project


@pytest.fixture
def opened(qapp: object, tmp_path: Path) -> Iterator[OpenProject]:
    opened = open_for_test(make_project(tmp_path))
    yield opened
    opened.close()


def test_a_label_is_on_disk_before_the_panels_hear_of_it(opened: OpenProject) -> None:
    seen: list[int] = []

    def look(changes: Changes) -> None:
        if changes & Changes.LABELS:
            with sqlite3.connect(opened.project.path / "medlabeler.db") as other:
                seen.append(other.execute("SELECT COUNT(*) FROM label_event").fetchone()[0])
            other.close()

    opened.changed.connect(look)
    opened.label_rows([0, 1, 2], opened.classes[0].id)
    assert seen == [3]


def test_test_images_are_left_out_and_counted(opened: OpenProject) -> None:
    said: list[str] = []
    opened.message.connect(said.append)
    opened.label_rows(np.arange(N - N_TEST - 2, N), opened.classes[1].id)
    assert opened.label[: N - N_TEST].tolist().count(opened.classes[1].id) == 2
    assert (opened.kind[opened.split == Split.TEST] == LabelKind.CLEAR).all()
    assert any("8 images of the test set left out" in text for text in said)


def test_blind_mode_labels_test_images_and_says_nothing_was_shown(opened: OpenProject) -> None:
    predict(opened)
    opened.set_blind(True)
    row = opened.current
    assert opened.split[row] == Split.TEST
    assert (opened.prediction == NO_CLASS).all()
    opened.label_rows([row], opened.classes[2].id)
    event = opened.project.labels.events(row)[-1]
    assert event.blind
    assert event.shown_class_id is None
    assert opened.current != row
    assert opened.split[opened.current] == Split.TEST


def test_a_label_of_the_pool_leaves_the_predictions_as_they_lie(opened: OpenProject) -> None:
    """Fails before: with each label those of all images were copied, and all that depends on them."""
    predict(opened)
    said, sure = opened.prediction, opened.confidence
    pool = np.flatnonzero(opened.split == Split.POOL)
    opened.label_rows(pool[:1], opened.classes[0].id)
    assert opened.prediction is said
    assert opened.confidence is sure
    opened.set_blind(True)
    test = np.flatnonzero(opened.split == Split.TEST)[:1]
    opened.label_rows(test, opened.classes[0].id)
    opened.set_blind(False)
    assert opened.prediction is not said
    assert opened.prediction[test[0]] != NO_CLASS


def test_the_walk_through_the_test_set_reaches_every_image_once(opened: OpenProject) -> None:
    opened.set_blind(True)
    seen = []
    for _ in range(N_TEST):
        seen.append(opened.current)
        opened.label_rows([opened.current], opened.classes[0].id)
    assert sorted(seen) == list(range(N - N_TEST, N))


def test_predictions_of_unlabelled_test_images_stay_hidden(opened: OpenProject) -> None:
    predict(opened)
    assert (opened.prediction[opened.split == Split.TEST] == NO_CLASS).all()
    assert np.isnan(opened.confidence[opened.split == Split.TEST]).all()
    assert (opened.prediction[opened.split == Split.POOL] != NO_CLASS).all()


def test_what_was_shown_is_stored_with_the_decision(opened: OpenProject) -> None:
    predict(opened, confidence=0.75)
    opened.label_rows([4], opened.classes[0].id)
    event = opened.project.labels.events(4)[-1]
    assert event.shown_class_id == opened.prediction[4]
    assert event.shown_confidence == pytest.approx(0.75)
    assert event.source == LabelSource.CLICK


def test_several_at_once_are_one_step_that_undo_names(opened: OpenProject) -> None:
    opened.label_rows([1, 2, 3], opened.classes[0].id)
    assert opened.undo_name == "label 3 images basophil"
    assert opened.project.labels.events(1)[-1].source == LabelSource.BULK
    opened.undo()
    assert (opened.label[[1, 2, 3]] == NO_CLASS).all()
    assert opened.redo_name == "label 3 images basophil"


def test_confirming_labels_each_with_its_own_prediction(opened: OpenProject) -> None:
    predict(opened)
    expected = opened.prediction[:4].copy()
    opened.confirm_predictions([0, 1, 2, 3])
    assert opened.label[:4].tolist() == expected.tolist()


def test_a_decided_suggestion_leaves_the_queue_and_the_next_comes_up(opened: OpenProject) -> None:
    suggest(opened, [5, 9, 12])
    opened.set_current(5)
    opened.label_rows([5], opened.classes[0].id)
    assert [s.row for s in opened.suggestions] == [9, 12]
    assert opened.current == 9
    event = opened.project.labels.events(5)[-1]
    assert event.source == LabelSource.QUEUE
    assert event.strategy == "least_confident"


def test_without_auto_advance_the_image_stays(opened: OpenProject) -> None:
    opened.settings.set("auto_advance", False)
    suggest(opened, [5, 9])
    opened.set_current(5)
    opened.label_rows([5], opened.classes[0].id)
    assert opened.current == 5


def test_suggestions_of_test_images_are_refused(opened: OpenProject) -> None:
    suggest(opened, [3, N - 1])
    assert [s.row for s in opened.suggestions] == [3]


def test_renewed_suggestions_keep_the_one_on_show(opened: OpenProject) -> None:
    suggest(opened, [5, 9, 12])
    newer = [s for s in opened.suggestions if s.row == 12]
    opened.queue.adopt(newer, replaces=True)
    assert [s.row for s in opened.suggestions] == [5, 12]


def test_a_random_suggestion_nobody_looks_at_gives_way_to_the_chosen_strategy(opened: OpenProject) -> None:
    opened.set_current(20)
    opened.queue.adopt([Suggestion(5, "Drawn at random.", "random")])
    opened.queue.adopt([Suggestion(9, "Confidence only 0.3.", "least_confident")], replaces=True)
    assert [s.row for s in opened.suggestions] == [9]


def test_keys_never_label_what_is_out_of_sight(opened: OpenProject) -> None:
    opened.set_selection([1, 2, 3])
    assert opened.current == 1
    opened.set_current(20)
    assert opened.targets().tolist() == [20]


def test_a_refused_class_name_is_told_and_changes_nothing(opened: OpenProject) -> None:
    told: list[str] = []
    opened.failed.connect(told.append)
    assert opened.add_class("basophil") is None
    assert len(opened.classes) == 3
    assert len(told) == 1


def test_arrays_are_replaced_never_changed_in_place(opened: OpenProject) -> None:
    before, kept = opened.label, opened.label.copy()
    opened.label_rows([0], opened.classes[0].id)
    assert before is not opened.label
    assert np.array_equal(before, kept)


def test_a_failed_load_says_why_there_is_no_model(opened: OpenProject) -> None:
    predict(opened)
    told: list[str] = []
    opened.failed.connect(told.append)
    sentence = "part.shard is damaged; delete it and embed the images again."
    opened.engine._on_answer(Failed("Load", 1, "", -1, "", sentence, None))
    assert opened.model is None
    assert opened.model_sentence == sentence
    assert (opened.prediction == NO_CLASS).all()
    assert told == [sentence]
    opened.label_rows([1], opened.classes[0].id)
    assert opened.model_sentence == sentence


def test_what_a_classifier_learns_from_follows_single_labels_without_a_look_at_all_images(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before, all were looked at for every label, which takes 10 ms at a million images."""
    original = learned.training_labels
    _ = opened.learned_from
    monkeypatch.setattr(learned, "training_labels", lambda *_: pytest.fail("all images were looked at"))
    first, second = opened.classes[0].id, opened.classes[1].id
    for act in (
        lambda: opened.label_rows([0], first),
        lambda: opened.label_rows([2, 1], second),
        lambda: opened.label_rows([0], second),
        lambda: opened.mark_rows([2], LabelKind.SKIP),
        opened.undo,
        lambda: opened.clear_rows([0, 1]),
        opened.undo,
        opened.undo,
        opened.redo,
    ):
        act()
        for _ in range(2):
            assert sharpening.offered(opened) is False
            labels = opened.project.labels
            expected = original(labels.class_id, labels.kind, opened.split)
            np.testing.assert_array_equal(opened.learned_from, expected)
            np.testing.assert_array_equal(opened.learned.rows, np.flatnonzero(expected != NO_CLASS))
            assert opened.n_to_learn_from == (expected != NO_CLASS).sum()


def test_a_classifier_is_shown_before_the_disk_is_asked_and_stored_by_itself(
    opened: OpenProject, qtbot: Any
) -> None:
    """Fails before: the window stood still until the disk had the choice."""
    settings, seen = opened.project.settings, []
    opened.view_changed.connect(lambda: seen.append((opened.classifier, settings.is_written)))
    opened.set_classifier("knn")
    assert seen == [("knn", False)]
    qtbot.waitUntil(lambda: settings.is_written)
    with sqlite3.connect(opened.project.path / "medlabeler.db") as other:
        stored = other.execute("SELECT value FROM setting WHERE key = 'classifier'").fetchone()
    other.close()
    assert stored == ('"knn"',)


def test_a_classifier_chosen_just_before_the_end_is_stored(qapp: object, tmp_path: Path) -> None:
    opened = open_for_test(make_project(tmp_path))
    path = opened.project.path
    opened.set_classifier("knn")
    opened.close()
    with Project.open(path) as project:
        assert project.settings.get("classifier") == "knn"
