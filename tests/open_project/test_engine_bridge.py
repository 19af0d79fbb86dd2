"""What becomes of the engine's answers: shown, stored under what they say they are of, or dropped aloud."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import N_TEST, N, add_embedding, make_project, open_for_test

from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.accuracy.report import Report
from medlabeler.open_project import engine as engine_bridge
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes.engine.client import Predictions, Shares
from medlabeler.processes.protocol import Dropped, Failed, Measured, NoModel, Scored
from medlabeler.processes.supervisor import Answering, Ended, Silent, Started
from medlabeler.project.checkpoints import TEST_LABELS

REPORT = Report(balanced_accuracy=0.75, n_images=8, n_groups=None, per_class=(), confusion=())


class Engine:
    """Stands in for the client: notes what it is asked, answers nothing by itself."""

    def __init__(self) -> None:
        self.busy = False
        self.tests: list[str] = []
        self.refits: list[int] = []
        self.first: list[int] = []
        self.measured = 0

    def test(self, truth: Any, measured_on: str, *_: Any, **__: Any) -> bool:
        self.tests.append(measured_on)
        return True

    def refit(self, revision: int, *_: Any, first: Any) -> None:
        self.refits.append(revision)
        self.first = first.tolist()
        self.busy = True

    def load(self, *_: Any, **__: Any) -> None:
        pass

    def neighbours(self, row: int) -> None:
        pass

    def suggest(self, *_: Any, **__: Any) -> None:
        pass

    def evaluate(self, *_: Any, **__: Any) -> None:
        self.measured += 1

    def close(self) -> None:
        pass


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def opened(qapp: object, tmp_path: Path, engine: Engine) -> Iterator[OpenProject]:
    """Two embeddings, A in use; every test image is labelled blind, six images of the pool are labelled."""
    project = make_project(tmp_path)
    for name in ("A", "BB"):
        key = add_embedding(project, name, 2.0)
        if name == "A":
            project.settings.set("embedding", key)
    opened = open_for_test(project)
    for row in range(6):
        opened.label_rows([row], opened.classes[row % 3].id)
    opened.set_blind(True)
    for row in range(N - N_TEST, N):
        opened.label_rows([row], opened.classes[row % 3].id)
    opened.set_blind(False)
    opened.engine._client = engine  # type: ignore[assignment]  # stands in for the client
    opened.engine._loaded = True
    yield opened
    opened.close()


def predictions(opened: OpenProject, revision: int, **changes: Any) -> Predictions:
    ids = np.array([c.id for c in opened.classes], np.int32)
    facts: dict[str, Any] = {
        "key": opened.project.settings.get("embedding"),
        "revision": revision,
        "classifier": "logistic",
        "n_labels": 6,
        "fit_ms": 1.0,
        "predict_ms": 1.0,
        "total_ms": 2.0,
        "classes": ids,
        "class_id": np.full(opened.n, ids[0], np.int32),
        "confidence": np.ones(opened.n, np.float32),
        "probabilities": Shares(np.ones((opened.n, len(ids)), np.float32)),
    }
    return Predictions(**{**facts, **changes})


def scored(key: str, revision: int, evaluation: Any = REPORT) -> Scored:
    results = tuple(
        Measured(name, evaluation, "" if evaluation else "Label images of a second class first.")
        for name in ("logistic", "knn")
    )
    return Scored(1, key, revision, TEST_LABELS, 6, 3, 9, results)


def other_key(opened: OpenProject) -> str:
    used = opened.project.settings.get("embedding")
    return next(key for key in opened.project.vectors.keys() if key != used)  # noqa: SIM118 - no dict


@pytest.fixture
def said(opened: OpenProject) -> list[str]:
    told: list[str] = []
    opened.message.connect(told.append)
    opened.failed.connect(told.append)
    return told


def test_the_newest_finished_answer_is_shown_though_labels_have_changed(opened: OpenProject) -> None:
    """Fails before: only the answer to the very latest labels was shown, so none while a person kept on."""
    revision = opened.project.labels.revision
    for further in range(3):
        opened.label_rows([10 + further], opened.classes[0].id)
        opened.engine._on_answer(predictions(opened, revision + further))
        assert opened.model is not None
        assert opened.model.revision == revision + further < opened.project.labels.revision


def test_an_answer_never_takes_the_place_of_a_newer_one(
    opened: OpenProject, caplog: pytest.LogCaptureFixture
) -> None:
    opened.engine._on_answer(predictions(opened, 9))
    with caplog.at_level(logging.INFO, "medlabeler"):
        opened.engine._on_answer(predictions(opened, 8))
        opened.engine._on_answer(NoModel(1, predictions(opened, 0).key, 8, "None."))
    assert opened.model is not None
    assert opened.model.revision == 9
    assert [record.message.count("dropped: revision 9 is shown") for record in caplog.records] == [1, 1]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"key": "another"}, "another embedding is in use"),
        ({"classifier": "knn"}, "another classifier is wanted"),
        ({"class_id": np.zeros(N + 1, np.int32)}, "there are other images now"),
        ({"classes": np.array([1, 2, 99], np.int32)}, "there are other classes now"),
    ],
)
def test_an_answer_about_something_else_is_dropped_aloud(
    opened: OpenProject, caplog: pytest.LogCaptureFixture, changes: dict[str, Any], why: str
) -> None:
    with caplog.at_level(logging.INFO, "medlabeler"):
        opened.engine._on_answer(predictions(opened, 9, **changes))
    assert opened.model is None
    assert (opened.prediction == NO_CLASS).all()
    assert why in caplog.text


def test_accuracy_is_measured_on_another_image_model_without_another_label(
    opened: OpenProject, engine: Engine, qtbot: Any
) -> None:
    """Fails before: the labels were those it had been measured on, so none came until the next."""
    opened.engine._on_answer(predictions(opened, 9))
    qtbot.waitUntil(lambda: engine.measured == 1)
    opened.engine._on_answer(predictions(opened, 9))
    opened.project.settings.set("embedding", other_key(opened))
    opened.engine._on_answer(predictions(opened, 9))
    qtbot.waitUntil(lambda: engine.measured == 2)


def test_a_look_is_stored_under_the_embedding_it_was_computed_on(
    opened: OpenProject, said: list[str]
) -> None:
    """Fails before: it was stored under the embedding in use when the answer came."""
    first, second = str(opened.project.settings.get("embedding")), other_key(opened)
    opened.engine._on_answer(predictions(opened, 9))
    opened.open_test_set()
    opened.project.settings.set("embedding", second)
    opened.engine._on_answer(scored(first, 9))
    stored = opened.project.history.all()
    assert {(c.embedding, c.revision, c.n_labels, c.measured_on) for c in stored} == {
        (first, 9, 6, TEST_LABELS)
    }
    assert "look number 1" in said[-1]
    assert "the image model that was in use before" in said[-1]


def test_looks_on_two_embeddings_are_two_looks(opened: OpenProject) -> None:
    """Fails before: an opening was known by session and revision alone, and the second was not counted."""
    for key in (str(opened.project.settings.get("embedding")), other_key(opened)):
        opened.engine._on_answer(scored(key, 9))
    assert opened.project.history.looks() == 2
    assert [opening.classifiers for opening in opened.project.history.openings()] == [["logistic", "knn"]] * 2


def test_a_look_is_stored_though_labels_have_changed_meanwhile(opened: OpenProject) -> None:
    """Fails before: the answer was dropped without a word, though the test set had been opened."""
    opened.engine._on_answer(predictions(opened, 9))
    opened.open_test_set()
    opened.engine._on_answer(predictions(opened, 10))
    opened.engine._on_answer(scored(str(opened.project.settings.get("embedding")), 9))
    assert opened.project.history.looks() == 1
    assert opened.project.history.openings()[0].revision == 9


def test_a_look_asked_for_while_a_refit_is_under_way_is_had_after_it(
    opened: OpenProject, engine: Engine, said: list[str]
) -> None:
    """Fails before: the engine dropped it, for it named labels that were not its latest any more."""
    opened.engine._on_answer(predictions(opened, 9))
    opened.label_rows([20], opened.classes[0].id)
    assert engine.busy
    opened.open_test_set()
    assert engine.tests == []
    assert "measured as soon as the classifier has learned the latest labels" in said[-1]
    opened.open_test_set()  # a second press is no second look
    engine.busy = False
    opened.engine._on_answer(predictions(opened, opened.project.labels.revision))
    assert engine.tests == [TEST_LABELS]
    opened.engine._on_answer(predictions(opened, opened.project.labels.revision))
    assert engine.tests == [TEST_LABELS]


def test_a_look_that_the_engine_dropped_or_took_with_it_is_asked_again(
    opened: OpenProject, engine: Engine
) -> None:
    opened.engine._on_answer(predictions(opened, 9))
    opened.open_test_set()
    opened.engine._loaded = False  # another embedding is being loaded
    opened.engine._on_answer(Dropped("Score", 1, "A", 9, TEST_LABELS, "Another embedding is in use."))
    assert engine.tests == [TEST_LABELS]
    opened.engine._loaded = True
    opened.engine._on_answer(predictions(opened, 9))
    assert engine.tests == [TEST_LABELS] * 2
    opened.engine._on_event(Ended(-9, hung=False, tail="", again_in_s=0))
    opened.engine._on_event(Started(1))
    opened.engine._loaded = True
    opened.engine._on_answer(predictions(opened, 9))
    assert engine.tests == [TEST_LABELS] * 3


def test_a_look_that_measured_nothing_is_none(opened: OpenProject, said: list[str]) -> None:
    """Fails before: it said that the test set had been opened, with the number of the look before."""
    opened.engine._on_answer(scored("A", 9, None))
    assert opened.project.history.looks() == 0
    assert said == ["Label images of a second class first."]


def test_what_happens_to_the_engine_is_said(opened: OpenProject, said: list[str]) -> None:
    for event in (
        Silent(4.0),
        Answering(),
        Ended(-9, hung=False, tail="", again_in_s=0.0),
        Ended(-9, hung=True, tail="", again_in_s=15.0),
    ):
        opened.engine._on_event(event)
    words = (
        "not answered for 4 s",
        "answers again",
        "(exit code -9) and is being started again; labels are safe",
        "(it did not answer); labels are safe, predictions wait. It is started again in 15 s",
    )
    assert [word in sentence for word, sentence in zip(words, said, strict=True)] == [True] * 4


def test_an_embedding_that_cannot_be_loaded_is_told_once_and_tried_again(
    opened: OpenProject, said: list[str], engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: after a full disk predictions came back with the next opening of the project only."""

    def full(*_: Any, **__: Any) -> None:
        opened.engine._on_answer(Failed("Load", 1, "a", -1, "", "The disk is full.", None))

    monkeypatch.setattr(engine, "load", full)
    opened.engine.reload(at_once=True)
    opened.engine._retry.timeout.emit()
    assert said == ["The disk is full."]
    assert opened.engine._retry.isActive()
    monkeypatch.undo()
    opened.engine._retry.timeout.emit()
    assert not opened.engine._retry.isActive()


class Drawing:
    """Whoever draws the images."""

    def rows(self) -> Any:
        return np.array([30, 8, 3])


def test_of_a_large_project_what_is_in_sight_and_what_is_labelled_is_asked_for_first(
    opened: OpenProject, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not of a small one, not in blind mode, not before there is anything on show to be recoloured."""
    drawing = Drawing()
    opened.engine.ask_what_is_in_sight(drawing.rows)

    def asked() -> list[int]:
        opened.engine.refit()
        return engine.first

    opened.engine._on_answer(predictions(opened, 14))
    assert asked() == []
    monkeypatch.setattr(engine_bridge, "LARGE", 10)
    assert asked() == [0, 1, 2, 3, 4, 5, 8, 30]
    monkeypatch.setattr(engine_bridge, "LARGE", opened.n)
    assert asked() == [0, 1, 2, 3, 4, 5, 8, 30]
    opened.set_classifier("knn")
    assert asked() == [], "of so few, all are there as soon"
    monkeypatch.setattr(engine_bridge, "LARGE", 10)
    assert asked() == [0, 1, 2, 3, 4, 5, 8, 30]
    opened.set_classifier("logistic")
    opened.set_blind(True)
    assert asked() == []
    opened.set_blind(False)
    del drawing
    assert asked() == [0, 1, 2, 3, 4, 5]
    opened.adopt_no_model("one class")
    assert asked() == []
