"""The session's actions: what may be labelled, what is shown, what is on disk when."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import N_TEST, N, make_project, open_session, predict, suggest

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.session import Session
from medlabeler.gui.state import Suggestion


@pytest.fixture
def session(qapp: object, tmp_path: Path) -> Iterator[Session]:
    opened = open_session(make_project(tmp_path))
    yield opened
    opened.close()


def test_a_label_is_on_disk_before_the_panels_hear_of_it(session: Session) -> None:
    seen: list[int] = []

    def look(changes: Changes) -> None:
        if changes & Changes.LABELS:
            with sqlite3.connect(session.project.path / "medlabeler.db") as other:
                seen.append(other.execute("SELECT COUNT(*) FROM label_event").fetchone()[0])
            other.close()

    session.changed.connect(look)
    session.label_rows([0, 1, 2], session.classes[0].id)
    assert seen == [3]


def test_test_images_are_left_out_and_counted(session: Session) -> None:
    said: list[str] = []
    session.message.connect(said.append)
    session.label_rows(np.arange(N - N_TEST - 2, N), session.classes[1].id)
    assert session.label[: N - N_TEST].tolist().count(session.classes[1].id) == 2
    assert (session.kind[session.split == Split.TEST] == LabelKind.CLEAR).all()
    assert any("8 images of the test set left out" in text for text in said)


def test_blind_mode_labels_test_images_and_says_nothing_was_shown(session: Session) -> None:
    predict(session)
    session.set_blind(True)
    row = session.current
    assert session.split[row] == Split.TEST
    assert (session.prediction == NO_CLASS).all()
    session.label_rows([row], session.classes[2].id)
    event = session.project.labels.events(row)[-1]
    assert event.blind
    assert event.shown_class_id is None
    assert session.current != row
    assert session.split[session.current] == Split.TEST


def test_the_walk_through_the_test_set_reaches_every_image_once(session: Session) -> None:
    session.set_blind(True)
    seen = []
    for _ in range(N_TEST):
        seen.append(session.current)
        session.label_rows([session.current], session.classes[0].id)
    assert sorted(seen) == list(range(N - N_TEST, N))


def test_predictions_of_unlabelled_test_images_stay_hidden(session: Session) -> None:
    predict(session)
    assert (session.prediction[session.split == Split.TEST] == NO_CLASS).all()
    assert np.isnan(session.confidence[session.split == Split.TEST]).all()
    assert (session.prediction[session.split == Split.POOL] != NO_CLASS).all()


def test_what_was_shown_is_stored_with_the_decision(session: Session) -> None:
    predict(session, confidence=0.75)
    session.label_rows([4], session.classes[0].id)
    event = session.project.labels.events(4)[-1]
    assert event.shown_class_id == session.prediction[4]
    assert event.shown_confidence == pytest.approx(0.75)
    assert event.source == LabelSource.CLICK


def test_several_at_once_are_one_step_that_undo_names(session: Session) -> None:
    session.label_rows([1, 2, 3], session.classes[0].id)
    assert session.undo_name == "label 3 images basophil"
    assert session.project.labels.events(1)[-1].source == LabelSource.BULK
    session.undo()
    assert (session.label[[1, 2, 3]] == NO_CLASS).all()
    assert session.redo_name == "label 3 images basophil"


def test_confirming_labels_each_with_its_own_prediction(session: Session) -> None:
    predict(session)
    expected = session.prediction[:4].copy()
    session.confirm_predictions([0, 1, 2, 3])
    assert session.label[:4].tolist() == expected.tolist()


def test_a_decided_suggestion_leaves_the_queue_and_the_next_comes_up(session: Session) -> None:
    suggest(session, [5, 9, 12])
    session.set_current(5)
    session.label_rows([5], session.classes[0].id)
    assert [s.row for s in session.suggestions] == [9, 12]
    assert session.current == 9
    event = session.project.labels.events(5)[-1]
    assert event.source == LabelSource.QUEUE
    assert event.strategy == "least_confident"


def test_without_auto_advance_the_image_stays(session: Session) -> None:
    session.settings.set("auto_advance", False)
    suggest(session, [5, 9])
    session.set_current(5)
    session.label_rows([5], session.classes[0].id)
    assert session.current == 5


def test_suggestions_of_test_images_are_refused(session: Session) -> None:
    suggest(session, [3, N - 1])
    assert [s.row for s in session.suggestions] == [3]


def test_renewed_suggestions_keep_the_one_on_show(session: Session) -> None:
    suggest(session, [5, 9, 12])
    newer = [s for s in session.suggestions if s.row == 12]
    session.queue.adopt(newer, replaces=True)
    assert [s.row for s in session.suggestions] == [5, 12]


def test_a_random_suggestion_nobody_looks_at_gives_way_to_the_chosen_strategy(session: Session) -> None:
    session.queue.adopt([Suggestion(5, "Drawn at random.", "random")])
    session.queue.adopt([Suggestion(9, "Confidence only 0.3.", "least_confident")], replaces=True)
    assert [s.row for s in session.suggestions] == [9]


def test_keys_never_label_what_is_out_of_sight(session: Session) -> None:
    session.set_selection([1, 2, 3])
    assert session.current == 1
    session.set_current(20)
    assert session.targets().tolist() == [20]


def test_a_refused_class_name_is_told_and_changes_nothing(session: Session) -> None:
    told: list[str] = []
    session.failed.connect(told.append)
    assert session.add_class("basophil") is None
    assert len(session.classes) == 3
    assert len(told) == 1


def test_arrays_are_replaced_never_changed_in_place(session: Session) -> None:
    before, kept = session.label, session.label.copy()
    session.label_rows([0], session.classes[0].id)
    assert before is not session.label
    assert np.array_equal(before, kept)


def test_results_of_an_older_revision_never_land(session: Session) -> None:
    class Found:
        class_id = np.full(N, session.classes[0].id, np.int32)
        confidence = np.ones(N, np.float32)
        classes = np.array([session.classes[0].id], np.int32)
        probabilities = np.ones((N, 1), np.float32)

    message = {
        "type": "predictions",
        "revision": 3,
        "classifier": "logistic",
        "predictions": Found,
        "n_labels": 2,
        "fit_ms": 1.0,
        "predict_ms": 1.0,
        "total_ms": 2.0,
    }
    bridge = session.engine
    bridge._asked = (4, "logistic")
    bridge._on_message(message)
    assert session.model is None
    bridge._asked = (3, "knn")
    bridge._on_message(message)
    assert session.model is None
    bridge._asked = (3, "logistic")
    bridge._on_message(message)
    assert session.model is not None


def test_a_failed_load_says_why_there_is_no_model(session: Session) -> None:
    predict(session)
    told: list[str] = []
    session.failed.connect(told.append)
    sentence = "part.shard is damaged; delete it and embed the images again."
    session.engine._on_message({"type": "failed", "request": "load", "sentence": sentence, "bug": None})
    assert session.model is None
    assert session.model_sentence == sentence
    assert (session.prediction == NO_CLASS).all()
    assert told == [sentence]
    session.label_rows([1], session.classes[0].id)
    assert session.model_sentence == sentence
