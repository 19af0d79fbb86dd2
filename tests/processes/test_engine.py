"""The engine process: what lands, what never lands, and what it must not touch."""

from __future__ import annotations

import builtins
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.learning.query.registry import STRATEGIES
from medlabeler.processes.engine import client as engine_client
from medlabeler.processes.engine import process
from medlabeler.processes.engine.client import MOST_INTERRUPTED, EngineClient, Glimpse, Predictions
from medlabeler.processes.engine.inbox import Inbox
from medlabeler.processes.engine.process import MOST_GIVEN_WAY
from medlabeler.processes.engine.shared_arrays import SharedArrays
from medlabeler.processes.engine.suggesting import Suggester
from medlabeler.processes.protocol import (
    Dropped,
    Evaluate,
    Evaluated,
    Failed,
    Glimpsed,
    Load,
    Loaded,
    Neighbours,
    NeighboursFound,
    NoModel,
    Ping,
    Pong,
    Predicted,
    Refit,
    Scored,
    Suggest,
    Suggested,
)
from medlabeler.processes.roles import ENGINE
from medlabeler.processes.supervisor import Ended, Event, Silent, Started, Supervisor
from medlabeler.processes.wire import line_of
from medlabeler.project.labels import training_labels
from medlabeler.project.vectors import EmbeddingInfo, VectorStore, write_shard

PATIENCE_S = 60
N, DIM, TEST = 400, 12, 80
CLASSES = (3, 7, 11)

INFO = EmbeddingInfo(
    backbone="none",
    title="Made for tests",
    weights_sha256="0" * 64,
    dim=DIM,
    preprocessing={},
    pooling="none",
    precision="float32",
    self_supervised=False,
    licence="none",
)


class Mailbox:
    """Where the one engine of this file delivers: to the window of the test that runs."""

    def __init__(self) -> None:
        self.deliver: Callable[[Any], None] = lambda message: None

    def __call__(self, message: Any) -> None:
        self.deliver(message)


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[EngineClient, Mailbox]]:
    """Importing torch takes seconds, so all tests share a process; each loads an embedding of its own."""
    mailbox, supervisor = Mailbox(), Supervisor()
    client = EngineClient(tmp_path_factory.mktemp("runtime"), supervisor, mailbox)
    yield client, mailbox
    client.close()
    supervisor.close()


class Window:
    """A project's arrays and an engine, without window and database: three overlapping clouds, the last 80
    the test set.
    """

    def __init__(self, folder: Path, client: EngineClient) -> None:
        rng = np.random.default_rng(0)
        self.truth = rng.choice(CLASSES, N).astype(np.int32)
        centres = rng.normal(size=(12, DIM)) * 0.9
        self.vectors = (centres[self.truth] + rng.normal(size=(N, DIM))).astype(np.float16)
        self.digest = np.array([f"{row:064x}" for row in range(N)], "S64")
        self.split = np.zeros(N, np.uint8)
        self.split[-TEST:] = Split.TEST
        self.group = np.arange(N, dtype=np.int32) // 4
        self.missing = np.array([5, 6, N - 1])
        self.folder = folder / "vectors"
        store = VectorStore(self.folder)
        self.key = store.create(INFO)
        rows = np.setdiff1d(np.arange(N), self.missing)
        staging = folder / "staging"
        staging.mkdir()
        write_shard(staging, "a", rows, self.digest[rows], self.vectors[rows])
        store.adopt(self.key, staging)
        self.labels = np.full(N, NO_CLASS, np.int32)
        self.kinds = np.zeros(N, np.uint8)
        self.messages: list[Any] = []
        self.shares: dict[int, Any] = {}  # probabilities by revision
        self._changed = threading.Condition()
        self.client = client

    def receive(self, message: Any) -> None:
        with self._changed:
            self.messages.append(message)
            if isinstance(message, Predictions):
                self.shares[message.revision] = message.probabilities.of(slice(None))
            self._changed.notify_all()

    def wait(self, kind: type[Any], accept: Callable[[Any], bool] = lambda message: True) -> Any:
        def found() -> Any:
            return next((m for m in self.messages if isinstance(m, kind) and accept(m)), None)

        with self._changed:
            assert self._changed.wait_for(found, PATIENCE_S), self.messages
            return found()

    def load(self) -> None:
        self.client.load(self.folder, self.key, split=self.split, group=self.group, digest=self.digest)

    def label(self, rows: Any, kind: LabelKind = LabelKind.LABEL) -> None:
        """As a person who is always right; arrays are replaced, as the session does."""
        self.labels, self.kinds = self.labels.copy(), self.kinds.copy()
        self.kinds[rows] = kind
        if kind == LabelKind.LABEL:
            self.labels[rows] = self.truth[rows]

    def refit(self, revision: int, classifier: str = "logistic", first: Any = ()) -> None:
        rows = np.flatnonzero(self.labels != NO_CLASS)
        seen = np.array(first, np.int64)
        self.client.refit(revision, rows, self.labels[rows], self.kinds, classifier, first=seen)

    def predictions(self, revision: int) -> Predictions:
        found: Predictions = self.wait(Predictions, lambda message: message.revision == revision)
        return found


@pytest.fixture
def window(tmp_path: Path, engine: tuple[EngineClient, Mailbox]) -> Iterator[Window]:
    client, mailbox = engine
    made = Window(tmp_path, client)
    mailbox.deliver = made.receive
    yield made
    # Nothing of this test may reach the next one: what comes before this answer is all that was asked for.
    made.load()
    made.client.neighbours(10, tag="the end")
    made.wait(NeighboursFound, lambda message: message.tag == "the end")


def test_predictions_are_those_of_the_cold_classifier(window: Window) -> None:
    from medlabeler.learning.classifiers.estimators import make
    from medlabeler.learning.classifiers.shaping import Shaping

    window.load()
    assert window.wait(Loaded).present == N - len(window.missing)
    window.label(np.arange(10, 70))
    stored = window.vectors.copy()
    pool = np.setdiff1d(np.flatnonzero(window.split == Split.POOL), window.missing)
    features = Shaping.fit(stored, pool).prepare(stored)
    there = np.setdiff1d(np.arange(N), window.missing)
    for revision, classifier in enumerate(("logistic", "knn")):
        window.refit(revision, classifier)
        found = window.predictions(revision)
        cold = make(classifier).fit(features[10:70], window.truth[10:70])
        expected = cold.predict_proba(features)
        np.testing.assert_array_equal(found.classes, CLASSES)
        np.testing.assert_allclose(window.shares[revision][there], expected[there], atol=2e-4)
        np.testing.assert_allclose(found.confidence[there], expected[there].max(axis=1), atol=2e-4)
        assert (found.class_id[window.missing] == NO_CLASS).all()
        assert np.isnan(found.confidence[window.missing]).all()


def test_only_ever_newer_results_land_and_the_last_one_does(window: Window) -> None:
    window.load()
    for revision in range(60):
        window.label([10 + revision])
        window.refit(revision, "logistic" if revision % 2 else "knn")
    last = window.predictions(59)
    assert last.n_labels == 60
    landed = [m.revision for m in window.messages if isinstance(m, Predictions | NoModel)]
    assert landed == sorted(set(landed))
    assert not window.client.busy


@pytest.mark.parametrize("classifier", ["logistic", "knn"])
def test_rows_in_sight_come_first_and_the_whole_answer_is_the_same_to_the_bit(
    window: Window, classifier: str
) -> None:
    first = np.array([0, 5, 17, 90, N - 2])  # 5 has no vector, the last is of the test set
    wholes, shares = [], []
    for rows in ((), first):
        window.load()
        window.messages.clear()
        window.labels, window.kinds = np.full(N, NO_CLASS, np.int32), np.zeros(N, np.uint8)
        for revision in range(4):
            window.label(np.arange(10 + 6 * revision, 16 + 6 * revision))
            window.refit(revision, classifier, rows)
            window.predictions(revision)
        wholes.append([m for m in window.messages if isinstance(m, Predictions)])
        shares.append(dict(window.shares))
    in_one, after_glimpses = wholes
    for one, other in zip(in_one, after_glimpses, strict=True):
        for name in ("class_id", "confidence"):
            np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
        np.testing.assert_array_equal(*(some[one.revision] for some in shares))
    told = [m for m in window.messages if isinstance(m, Glimpse | Predictions)]
    assert [type(m) for m in told] == [Glimpse, Predictions] * 4
    for glimpse, whole in zip(told[::2], told[1::2], strict=True):
        assert isinstance(glimpse, Glimpse)
        assert (glimpse.key, glimpse.revision) == (window.key, whole.revision)
        np.testing.assert_array_equal(glimpse.rows, first)
        np.testing.assert_array_equal(glimpse.class_id, whole.class_id[first])
        np.testing.assert_allclose(glimpse.confidence, whole.confidence[first], atol=0.002)


def lone_engine(sent: list[Any]) -> Any:
    """An engine without a process: 60 images, eight of them labelled with two classes."""
    from medlabeler.processes.engine.process import Engine

    engine: Any = Engine(SimpleNamespace(send=sent.append))  # type: ignore[arg-type]  # all that it asks of a link
    rng = np.random.default_rng(0)
    arrays = {"split.u8": np.zeros(60, np.uint8), "kind.u8": np.zeros(60, np.uint8)}
    arrays |= {name: np.zeros(60, np.int32) for name in ("first.i32", "first-class.i32", "prediction.i32")}
    arrays |= {name: np.zeros(60, np.float32) for name in ("first-sure.f32", "confidence.f32")}
    arrays |= {"learned.i32": np.arange(60, dtype=np.int32), "learned-class.i32": np.zeros(60, np.int32)}
    arrays["learned-class.i32"][:8] = [3, 7] * 4

    class Shared(dict[str, Any]):
        n = 60

        def probabilities(self, n_classes: int, by_class: bool = False, place: int = 0) -> Any:
            return np.zeros((60, n_classes), np.float32)

    engine._shared, engine._split = Shared(arrays), arrays["split.u8"]
    engine._features, engine._present = rng.normal(size=(60, 5)).astype(np.float32), np.ones(60, bool)
    return engine


def test_newer_labels_end_the_rest_of_a_refit_that_told_what_is_in_sight() -> None:
    """Between slices, so that what the window has copied nothing of is never sent; without a process."""
    sent: list[Any] = []
    engine = lone_engine(sent)
    engine.inbox.put(Refit(0, 2, "logistic", 5, 8, 4, 0))
    engine.serve(Refit(0, 1, "logistic", 5, 8, 4, 0))
    assert [(type(m), m.revision) for m in sent] == [(Glimpsed, 1), (Dropped, 1)]
    assert engine._prediction is None, "half of it is written"
    engine.serve(engine.inbox.take())
    assert [(type(m), m.revision) for m in sent[2:]] == [(Glimpsed, 2), (Predicted, 2)]


@pytest.mark.parametrize("strategy", [name for name in STRATEGIES if name != "random"])
def test_suggestions_that_are_being_chosen_give_way_to_a_label_and_come_at_last(
    tmp_path: Path, strategy: str
) -> None:
    """At a million images they take longer than the refit that a person waits for; without a process."""
    sent: list[Any] = []
    engine = lone_engine(sent)
    store = VectorStore(tmp_path)
    engine._suggester = Suggester(engine._features, engine._present, tmp_path, store.create(INFO))
    engine._group = np.full(60, -1, np.int32)
    engine.serve(Refit(0, 0, "logistic", 5, 8, 0, 0))
    sent.clear()
    engine.inbox.put(Suggest(0, strategy, 6, 1, (), "x", (), 0.1, False))
    for revision in range(1, MOST_GIVEN_WAY + 1):
        asked = engine.inbox.take()
        assert isinstance(asked, Suggest)
        engine.inbox.put(Refit(0, revision, "logistic", 5, 8, 0, 0))  # a label comes while they are chosen
        engine.serve(asked)
        engine.serve(engine.inbox.take())
    assert [(type(m), m.revision) for m in sent] == [
        (Predicted, revision) for revision in range(1, MOST_GIVEN_WAY + 1)
    ]
    asked = engine.inbox.take()
    engine.inbox.put(Refit(0, 9, "logistic", 5, 8, 0, 0))
    engine.serve(asked)
    assert isinstance(sent[-1], Suggested), "whoever labels without a pause gets suggestions, too"
    assert sent[-1].items
    assert sent[-1].revision == MOST_GIVEN_WAY, "learned from the labels that they gave way to"


def test_a_label_does_not_wait_for_libraries_that_a_cross_validation_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its first one after each start: seconds, beside other programs. Without a process."""
    sent: list[Any] = []
    engine = lone_engine(sent)
    package = tmp_path / "a_library"
    package.mkdir()
    (package / "__init__.py").write_text("from a_library import asked, late\n")
    (package / "asked.py").write_text("import builtins\nbuiltins.a_click()\n")
    (package / "late.py").write_text("import builtins\nanswered = builtins.answered()\n")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(process, "MEASURING", ("a_library",))
    newer = Refit(0, 1, "logistic", 5, 8, 0, 0)
    monkeypatch.setattr(builtins, "a_click", lambda: engine.inbox.put(newer), raising=False)
    monkeypatch.setattr(builtins, "answered", lambda: [type(m) for m in sent], raising=False)
    engine.serve(Refit(0, 0, "logistic", 5, 8, 0, 0))
    sent.clear()
    finders = list(sys.meta_path)
    engine.serve(Evaluate(0, ("logistic",), 0, (), (), ()))
    assert sys.modules["a_library.late"].answered == [Predicted], "before the next module was loaded"
    assert [(type(m), m.revision) for m in sent] == [(Predicted, 1), (Dropped, 1)], "of labels of before"
    assert sys.meta_path == finders


def test_suggestions_that_gave_way_are_dropped_where_others_are_wanted() -> None:
    dropped: list[Any] = []
    inbox = Inbox(dropped.append)
    older, newer = (Suggest(0, "margin", n, 1, (), "x", (), 0.1, False) for n in (6, 7))
    inbox.put(newer)
    inbox.put_back(older)
    assert dropped == [older]
    inbox.put(Load(1, "", "key", 60, ""))
    inbox.put_back(older)
    assert dropped == [older, newer, older]
    assert isinstance(inbox.take(), Load)


def test_what_gave_way_is_not_taken_over_and_all_images_get_their_turn(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The window's side, its engine slow: it never copies arrays that the next refit may be writing."""
    window.load()
    window.wait(Loaded)
    client: Any = window.client
    sent: list[int] = []
    here = client._generation, window.key

    def glimpsed(revision: int) -> None:
        client._receive(None, Glimpsed(*here, revision, "logistic", 2))

    def predicted(revision: int) -> None:
        client._receive(None, Predicted(*here, revision, "logistic", (3, 7), False, 1.0, 1.0, 1.0, 4))

    with monkeypatch.context() as patched:
        patched.setattr(client._post, "send", lambda request: sent.append(request.revision))
        window.messages.clear()
        window.refit(1, first=[3, 4])
        window.refit(2, first=[3, 4])
        assert sent == [1], "before its first rows are there a refit gives way to nothing"
        for revision in range(1, MOST_INTERRUPTED + 1):
            glimpsed(revision)
            assert sent[-1] == revision + 1
            predicted(revision)  # it was on its way already
            window.refit(revision + 2, first=[3, 4])
        last = MOST_INTERRUPTED + 1
        glimpsed(last)
        assert sent == list(range(1, last + 1)), "now all images"
        assert window.client.busy
        predicted(last)
        assert sent[-1] == last + 1
        told = [(type(m), m.revision) for m in window.messages]
        assert told == [*((Glimpse, k) for k in range(1, last + 1)), (Predictions, last)]
        predicted(last + 1)
        assert not window.client.busy


def test_labels_of_test_images_are_never_learned_from(window: Window) -> None:
    window.load()
    window.label(np.arange(10, 40))
    window.refit(1)
    clean = window.predictions(1)
    # A window with a bug sends labels of the test set, and wrong ones at that.
    window.labels = window.labels.copy()
    window.labels[-TEST:] = CLASSES[0]
    window.refit(2)
    dirty = window.predictions(2)
    assert dirty.n_labels == clean.n_labels == 30
    np.testing.assert_allclose(window.shares[2], window.shares[1], atol=2e-4)


@pytest.mark.parametrize("strategy", list(STRATEGIES))
def test_suggestions_are_undecided_pool_images(window: Window, strategy: str) -> None:
    window.load()
    window.label(np.arange(10, 100))
    window.label(np.arange(100, 150), LabelKind.SKIP)
    window.label(np.arange(150, 160), LabelKind.NOT_SURE)
    window.refit(1)
    window.predictions(1)
    window.client.suggest(strategy, N, seed=0, exclude=[200, 201], tag="x", names=dict.fromkeys(CLASSES, "a"))
    items = window.wait(Suggested).items
    rows = [item.row for item in items]
    allowed = set(range(N - TEST)) - set(range(10, 160)) - {200, 201} - set(window.missing.tolist())
    assert set(rows) <= allowed
    assert len(set(rows)) == len(rows) > 10
    drawn = [item.inclusion_probability for item in items if item.strategy == "random"]
    if strategy == "random":
        assert set(rows) == allowed
        assert set(drawn) == {1.0}
    else:
        assert set(drawn) == {0.1}
        assert {item.inclusion_probability for item in items if item.strategy != "random"} == {None}
    assert all(set(item.classes) <= set(CLASSES) and item.reason for item in items)


def test_neighbours_are_the_nearest_labelled_pool_images(window: Window) -> None:
    window.load()
    window.label([10, 11, 12, 13, 14, 15])
    window.refit(1)
    window.client.neighbours(12, k=3, tag="t")
    found = window.wait(NeighboursFound)
    assert found.row == 12
    assert len(found.rows) == 3
    assert set(found.rows) <= {10, 11, 13, 14, 15}
    assert list(found.similarity) == sorted(found.similarity, reverse=True)
    assert all(-1.001 <= s <= 1.001 for s in found.similarity)
    window.client.neighbours(int(window.missing[0]), tag="missing")
    assert window.wait(NeighboursFound, lambda m: m.tag == "missing").rows == ()


def test_one_class_is_no_classifier_and_says_so(window: Window) -> None:
    window.load()
    rows = np.flatnonzero(window.truth == CLASSES[0])
    window.label(rows[rows < 100])
    window.refit(4)
    message = window.wait(NoModel)
    assert message.revision == 4
    assert "second class" in message.sentence


def test_cross_validation_is_grouped_and_ended_by_a_newer_refit(window: Window) -> None:
    window.load()
    window.label(np.arange(8, 308))
    window.refit(1)
    window.predictions(1)
    window.client.evaluate(["logistic", "knn"], seed=0)
    window.label([310])
    window.refit(2)
    window.client.evaluate(["logistic", "knn"], seed=0)
    evaluated = window.wait(Evaluated, lambda message: message.revision == 2)
    assert [m.revision for m in window.messages if isinstance(m, Evaluated)] in ([2], [1, 2])
    assert [result.classifier for result in evaluated.results] == ["logistic", "knn"]
    for result in evaluated.results:
        measured = result.report
        assert measured.n_images == 301
        assert measured.n_groups == 76
        assert 0.5 < measured.balanced_accuracy < 1
        assert [entry.class_id for entry in measured.per_class] == list(CLASSES)
        assert measured.scored == "all labels"
        assert measured.interval is None
        assert "chosen" in measured.interval_sentence
        for entry in measured.per_class:
            assert entry.low < entry.recall < entry.high
            assert 0 < entry.precision <= 1
    # Every request is answered: what the newer refit ended, and what a newer request replaced.
    answered = [m for m in window.messages if isinstance(m, Evaluated) or _dropped(m, "Evaluate")]
    assert len(answered) == 2


def _dropped(answer: Any, request: str) -> bool:
    return isinstance(answer, Dropped) and answer.request == request


def test_fair_draws_score_and_classes_are_called_by_name(window: Window) -> None:
    window.load()
    window.label(np.arange(8, 308))
    window.refit(1)
    window.predictions(1)
    fair = np.zeros(N, np.bool_)
    fair[8:200] = True
    window.client.evaluate(["knn"], seed=1, fair=fair, names={CLASSES[0]: "EOS"})
    found = window.wait(Evaluated, lambda m: m.seed == 1).results[0].report
    assert found.scored == "random draws"
    assert found.n_images == 192
    assert found.interval_sentence == ""
    assert found.interval.low < found.balanced_accuracy < found.interval.high
    fair[np.flatnonzero(window.truth == CLASSES[0])[3:]] = False
    window.client.evaluate(["knn"], seed=2, fair=fair, names={CLASSES[0]: "EOS"})
    found = window.wait(Evaluated, lambda m: m.seed == 2).results[0].report
    assert found.scored == "all labels"
    assert "EOS has" in found.scored_sentence


def test_too_few_labels_to_measure_come_as_a_sentence(window: Window) -> None:
    window.load()
    first = [int(np.flatnonzero(window.truth[8:200] == c)[0]) + 8 for c in CLASSES]
    window.label(first)
    window.refit(1)
    window.client.evaluate(["logistic"], seed=0)
    result = window.wait(Evaluated).results[0]
    assert result.report is None
    assert result.sentence.endswith(".")


def test_the_test_set_is_measured_on_test_images_only(window: Window) -> None:
    window.load()
    window.label(np.arange(10, 200))
    window.refit(1)
    truth = window.truth.copy()
    truth[-20:] = NO_CLASS  # unlabelled test images
    truth[:-TEST] = CLASSES[0]  # what the pool holds is none of its business
    window.client.test(truth, "test labels", ["logistic", "knn"])
    tested = window.wait(Scored)
    assert tested.measured_on == "test labels"
    for result in tested.results:
        assert result.report.n_images == TEST - 20
        assert result.report.balanced_accuracy > 0.5
    # Images that the draw favoured count less.
    predicted = tested.results[0].report
    weights = np.where(np.arange(N) % 2 == 0, 3.0, 1.0)
    window.client.test(truth, "weighted", ["logistic"], weights=weights)
    weighted = window.wait(Scored, lambda m: m.measured_on == "weighted").results[0].report
    assert weighted.confusion == predicted.confusion
    assert weighted.balanced_accuracy != predicted.balanced_accuracy
    assert (tested.key, tested.revision, tested.n_labels, tested.n_classes) == (window.key, 1, 190, 3)


def test_labels_changed_after_a_look_are_measured_as_they_were_too(window: Window) -> None:
    window.load()
    window.label(np.arange(10, 200))
    window.refit(1)
    truth = np.where(window.split == Split.TEST, window.truth, NO_CLASS).astype(np.int32)
    window.client.test(truth, "test labels", ["knn"])
    plain = window.wait(Scored).results[0].report
    assert plain.relabelled is None
    changed = truth.copy()
    changed[-30:-10] = CLASSES[0]
    window.client.test(changed, "test labels", ["knn"], before=truth)
    tested = window.wait(Scored, lambda m: m.results[0].report.relabelled is not None)
    told = tested.results[0].report.relabelled
    assert told.n == int((changed != truth).sum())
    assert told.balanced_accuracy_before == plain.balanced_accuracy


def test_the_test_set_decides_nothing(window: Window) -> None:
    """Predictions, suggestions and cross-validation are the same whatever the test labels are."""
    seen = []
    for revision, classes in enumerate((CLASSES, CLASSES[::-1]), start=1):
        window.load()
        window.label(np.arange(10, 200))
        poison = dict(zip(CLASSES, classes, strict=True))
        truth = np.array([poison[c] for c in window.truth], np.int32)
        window.labels = np.where(window.split == Split.TEST, truth, window.labels).astype(np.int32)
        # Even if a careless window sent test labels along with those that train.
        window.refit(revision)
        window.predictions(revision)
        window.client.test(truth, "test labels", ["logistic"])
        figure = window.wait(Scored, lambda m, r=revision: m.revision == r).results[0].report
        window.client.suggest("least_confident", 20, seed=0, tag=str(revision))
        asked = window.wait(Suggested, lambda m, r=revision: m.tag == str(r)).items
        window.client.evaluate(["logistic"], seed=0)
        folds = window.wait(Evaluated, lambda m, r=revision: m.revision == r).results
        seen.append((window.shares[revision].tobytes(), asked, folds, figure.balanced_accuracy))
    assert seen[0][:3] == seen[1][:3]
    assert seen[0][3] != seen[1][3]


def test_what_was_asked_of_an_earlier_embedding_is_forgotten(window: Window) -> None:
    window.load()
    window.label(np.arange(10, 70))
    window.refit(1)
    window.load()
    window.refit(2)
    window.predictions(2)
    # No answer to the first load or refit comes after the second load was asked for.
    generations = [message.generation for message in window.messages if not isinstance(message, Predictions)]
    assert generations == sorted(generations)
    assert [m.revision for m in window.messages if isinstance(m, Predictions)][-1] == 2


def test_a_look_that_another_embedding_overtakes_is_told_not_lost(window: Window) -> None:
    """Fails before: a test that waited when the embedding changed was cleared from the inbox, unanswered."""
    window.load()
    window.label(np.arange(10, 70))
    window.refit(1)
    window.predictions(1)
    truth = np.where(window.split == Split.TEST, window.truth, NO_CLASS).astype(np.int32)
    assert window.client.test(truth, "test labels", ["logistic", "knn"])
    window.load()
    told = window.wait(Scored | Dropped, lambda m: isinstance(m, Scored) or m.tag == "test labels")
    if isinstance(told, Scored):
        assert (told.key, told.revision) == (window.key, 1)
    else:
        assert "Another image model" in told.sentence


def test_two_measurements_under_way_keep_their_own_truth(window: Window) -> None:
    """Fails before: both read one shared array, so the first was measured against the truth of the second."""
    window.load()
    window.label(np.arange(10, 200))
    window.refit(1)
    reference = np.where(window.split == Split.TEST, window.truth, NO_CLASS).astype(np.int32)
    few = reference.copy()
    few[-60:] = NO_CLASS
    window.client.test(reference, "reference", ["knn"])
    window.client.test(few, "test labels", ["knn"])
    measured = {
        m: window.wait(Scored, lambda t, m=m: t.measured_on == m).results[0].report.n_images
        for m in ("reference", "test labels")
    }
    assert measured == {"reference": TEST - 1, "test labels": TEST - 60}


def test_an_embedding_that_is_not_there_is_told(window: Window) -> None:
    window.client.load(
        window.folder, "feedfeedfeedfeed", split=window.split, group=window.group, digest=window.digest
    )
    failed = window.wait(Failed)
    assert failed.request == "Load"
    assert failed.bug is None
    window.load()
    assert window.wait(Loaded).n == N


def test_a_load_is_not_written_on_the_thread_that_asks_for_it(
    window: Window, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: at a million images the window stood still for it, after each part of an embedding. What
    is asked meanwhile is answered, of the last load alone.
    """
    threads: list[threading.Thread] = []
    release = threading.Event()
    create = SharedArrays.create.__func__  # type: ignore[attr-defined]  # of a classmethod

    def slow(cls: type[SharedArrays], *args: Any) -> SharedArrays:
        threads.append(threading.current_thread())
        release.wait(PATIENCE_S)
        made: SharedArrays = create(cls, *args)
        return made

    monkeypatch.setattr(SharedArrays, "create", classmethod(slow))
    window.load()
    window.load()
    window.label(np.arange(10, 70))
    window.refit(3)
    window.client.neighbours(10, tag="while it is written")
    release.set()
    window.predictions(3)
    window.wait(NeighboursFound, lambda message: message.tag == "while it is written")
    assert threads
    assert threading.main_thread() not in threads
    assert len([m for m in window.messages if isinstance(m, Loaded)]) == 1
    assert len(list(window.client._runtime.iterdir())) == 1, "the files of the first load went"


def test_a_load_for_which_there_is_no_room_is_told(window: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: Any) -> SharedArrays:
        raise UserError("The disk is full.")

    monkeypatch.setattr(SharedArrays, "create", full)
    window.load()
    failed = window.wait(Failed)
    assert (failed.request, failed.sentence, failed.bug) == ("Load", "The disk is full.", None)
    assert not window.client._send(lambda generation: Neighbours(generation, 1, 1))
    monkeypatch.undo()
    window.load()
    assert window.wait(Loaded).n == N


def test_the_shared_files_go_with_the_engine(tmp_path: Path) -> None:
    """However it ends: those of one that was killed stayed before, until the project was closed."""
    supervisor, started, seen = Supervisor(), queue.SimpleQueue[Started](), queue.SimpleQueue[Ended]()

    def happened(event: Event) -> None:
        if isinstance(event, Started):
            started.put(event)
        elif isinstance(event, Ended):
            seen.put(event)

    answers = queue.SimpleQueue[Any]()

    def load() -> None:
        window.load()
        while not isinstance(answers.get(timeout=PATIENCE_S), Loaded):
            pass

    client = EngineClient(tmp_path / "runtime", supervisor, answers.put, happened)
    first = started.get(timeout=PATIENCE_S)
    window = Window(tmp_path, client)
    load()
    (before,) = (tmp_path / "runtime").iterdir()
    assert any(before.rglob("*.i32"))
    os.kill(first.pid, signal.SIGKILL)
    assert seen.get(timeout=PATIENCE_S).code == -signal.SIGKILL
    assert not before.exists()
    second = started.get(timeout=PATIENCE_S)
    assert second.pid != first.pid
    load()
    (after,) = (tmp_path / "runtime").iterdir()
    assert after != before
    client.close()
    supervisor.close()
    assert not client.alive
    assert list((tmp_path / "runtime").iterdir()) == []


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs a file that is never read to its end")
def test_an_engine_whose_main_thread_is_stuck_is_replaced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its reader answers every question meanwhile, so that it never was silent."""
    monkeypatch.setattr(engine_client, "ENGINE", replace(ENGINE, stuck_s=3.0))
    supervisor, events = Supervisor(), queue.SimpleQueue[Event]()
    client = EngineClient(tmp_path / "runtime", supervisor, lambda message: None, events.put)
    window = Window(tmp_path, client)
    first = events.get(timeout=PATIENCE_S)
    assert isinstance(first, Started)
    index = window.folder / window.key / "index.jsonl"
    index.unlink()
    os.mkfifo(index)
    window.load()
    end = events.get(timeout=PATIENCE_S)
    assert isinstance(end, Ended), "told of as silent, which it never was" if isinstance(end, Silent) else end
    assert end.hung
    second = events.get(timeout=PATIENCE_S)
    assert isinstance(second, Started)
    assert second.pid != first.pid
    client.close()
    supervisor.close()


def test_an_engine_that_is_stuck_before_it_is_ready_says_so() -> None:
    """Fails before: whoever hung while it imported, as from a disk that does not answer, hung for ever."""
    code = (
        "import threading\n"
        "from medlabeler.processes.engine import process\n"
        "process.warm_up = lambda: threading.Event().wait()\n"
        "process.main()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        stuck_s, number = 0.0, 0
        while stuck_s < 0.5 and number < 2000:
            number += 1
            child.stdin.write(line_of(Ping(number)))
            child.stdin.flush()
            answer = ENGINE.answers.read(child.stdout.readline())
            assert isinstance(answer, Pong)
            assert answer.stuck_s >= 0
            stuck_s = answer.stuck_s
            time.sleep(0.05)  # between two questions, as the supervisor asks them
        child.stdin.close()
    assert stuck_s >= 0.5


def test_snapshot_holds_classes_of_pool_images_alone() -> None:
    classes = np.array([1, 2, 3, NO_CLASS], np.int32)
    kinds = np.array([LabelKind.LABEL, LabelKind.LABEL, LabelKind.SKIP, LabelKind.CLEAR], np.uint8)
    split = np.array([Split.POOL, Split.TEST, Split.POOL, Split.POOL], np.uint8)
    assert training_labels(classes, kinds, split).tolist() == [1, NO_CLASS, NO_CLASS, NO_CLASS]


def test_the_window_side_of_the_jobs_imports_nothing_heavy() -> None:
    code = (
        "import importlib, pkgutil, sys\n"
        "import medlabeler.jobs, medlabeler.cli.main, medlabeler.__main__\n"
        "import medlabeler.processes\n"
        "for package in (medlabeler.jobs, medlabeler.processes):\n"
        "    for module in pkgutil.walk_packages(package.__path__, package.__name__ + '.'):\n"
        "        importlib.import_module(module.name)\n"
        "print(*sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"torch", "torchvision", "timm", "numba", "umap", "sklearn", "scipy.stats", "PySide6", "rich"}
    assert heavy & set(done.stdout.split()) == set()


def test_after_a_failed_load_a_refit_is_told_why_there_is_no_model(window: Window) -> None:
    window.load()
    window.wait(Loaded)
    info = window.folder / window.key / "info.json"
    content = info.read_bytes()
    info.write_bytes(b"damaged")
    window.load()
    failed = window.wait(Failed, lambda message: message.request == "Load")
    window.label([0, 1, 2, 3])
    window.refit(5)
    told = window.wait(NoModel, lambda message: message.revision == 5)
    assert told.sentence == failed.sentence
    assert "missing or damaged" in told.sentence
    assert not window.client.busy
    info.write_bytes(content)


def test_a_graphics_card_that_fills_up_costs_no_prediction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Another program takes its memory between two labels: the engine goes on without it, for good."""
    import logging

    import torch

    from medlabeler.learning import device
    from medlabeler.processes.engine.process import Engine

    class Filling(device.Card):
        full = False

        def staging(self, *shape: int, dtype: torch.dtype) -> torch.Tensor:
            if Filling.full:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().staging(*shape, dtype=dtype)

    asked: list[int] = []
    monkeypatch.setattr(device, "card_for", lambda n_bytes: asked.append(n_bytes) or Filling("cpu"))
    lone: Any = Engine(SimpleNamespace(log=logging.getLogger("test")))  # type: ignore[arg-type]  # all that it asks of a link
    rng = np.random.default_rng(0)
    lone._features = rng.normal(size=(60, 5)).astype(np.float32)
    lone._present, lone._buffers = np.ones(60, bool), None
    lone._rows, lone._class_ids = np.arange(8), np.array([3, 7] * 4, np.int32)
    on_card = lone._predict(Refit(0, 1, "logistic", 5, 8, 0, 0))
    assert asked == [lone._features.nbytes]
    Filling.full = True
    without = lone._predict(Refit(0, 2, "logistic", 5, 8, 0, 0))
    np.testing.assert_allclose(on_card.probabilities, without.probabilities, atol=1e-4)
    assert lone._predict(Refit(0, 3, "knn", 5, 8, 0, 0)) is not None
    assert len(asked) == 1


def test_probabilities_stay_in_their_place_until_the_second_refit_after(window: Window) -> None:
    """What a window reads of them is of their own labels, or nothing: never half of it of newer ones."""
    window.load()
    told: list[Predictions] = []
    for revision in range(3):
        window.label(np.arange(10 + 20 * revision, 40 + 20 * revision))
        window.refit(revision)
        told.append(window.predictions(revision))
        for earlier in told[-2:]:
            whole = earlier.probabilities.of(slice(None))
            assert whole is not None
            np.testing.assert_array_equal(whole, window.shares[earlier.revision])
            np.testing.assert_array_equal(earlier.probabilities.of(7), whole[7])
    assert told[0].probabilities.of(7) is None
    assert told[2].probabilities.of(N) is None, "an image that came later"
    window.load()
    window.refit(3)
    window.predictions(3)
    assert told[2].probabilities.of(7) is not None, "other files, which nobody writes to"
