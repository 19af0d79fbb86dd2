"""The engine: one hidden process per open project that refits after every label and answers while the person
looks.

One thread reads requests and answers `Dropped` to what is superseded; the main thread takes the most urgent
one: load, refit, then neighbours and suggestions, then a test, then cross-validations. Suggestions that are
being chosen give way to a refit, and are chosen anew behind it. Of a large project a
refit first tells of the rows that are in sight, and its rest can be interrupted by a newer one. A
cross-validation is done fold by fold; between folds whatever is more urgent is served, and a newer refit ends
it. See `protocol` for the messages and `shared_arrays` for the arrays. Test images are never fitted on and
never suggested: labels outside the pool are dropped here once more, whatever the window sent.
"""

from __future__ import annotations

import importlib
import time
import traceback
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.learning.accuracy.details import on_test_images
from medlabeler.learning.accuracy.report import BeforeRelabelling, Report, report, told_of_relabelled
from medlabeler.learning.classifiers.formulas import KNN_K
from medlabeler.processes.channel import ParentLink
from medlabeler.processes.engine.inbox import Inbox
from medlabeler.processes.engine.loading import between_modules
from medlabeler.processes.engine.shared_arrays import SharedArrays, sweep
from medlabeler.processes.engine.suggesting import Labels, Suggester
from medlabeler.processes.protocol import (
    Dropped,
    EngineRequest,
    Evaluate,
    Evaluated,
    Failed,
    Glimpsed,
    Load,
    Loaded,
    Measured,
    Neighbours,
    NeighboursFound,
    NoModel,
    Place,
    Placed,
    Predicted,
    Ready,
    Refit,
    Score,
    Scored,
    Suggest,
    Suggested,
)
from medlabeler.processes.roles import ENGINE

if TYPE_CHECKING:  # torch is paid for in `warm_up`
    from medlabeler.learning.classifiers.live import Glimpsing, LiveClassifier, LivePrediction

OTHER_LABELS = tr("The labels changed meanwhile.")
OTHER_EMBEDDING = tr("Another image model is in use meanwhile.")
NEWER = tr("Something newer of the same kind was asked for.")
MEASURING = (
    "sklearn.metrics",
    "scipy.stats",
    "scipy.sparse.csgraph",
    "medlabeler.jobs.learned_labels",
    "medlabeler.learning.accuracy.evaluation",
    "medlabeler.learning.classifiers.estimators",
)
"""What a cross-validation is done with."""
MOST_GIVEN_WAY = 3
"""So often in a row suggestions give way to a refit; then they get their turn."""


class _GivesWay(Exception):  # noqa: N818 - no error: it is done later
    """Labels are learned from first."""


class _BetweenFolds:
    """The progress of a cross-validation: every check serves what is urgent and ends it for a newer refit."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def report(self, done: int, total: int, text: str = "") -> None:
        """Nobody watches single folds."""

    def partial(self, facts: object) -> None:
        """Nobody adopts single folds."""

    def check(self) -> None:
        """Serve quick requests; raise `Cancelled` when the labels or the embedding changed."""
        inbox = self._engine.inbox
        while not inbox.has(Load, Refit) and (request := inbox.take_quick()) is not None:
            self._engine.serve(request)
        if inbox.has(Load, Refit):
            raise Cancelled


class Engine:
    """State between requests: prepared embedding, labels of the latest refit, live classifiers."""

    def __init__(self, link: ParentLink) -> None:
        self.inbox = Inbox(self._drop_superseded)
        self._link = link
        self._generation = 0
        self._key = ""
        self._shared: SharedArrays | None = None
        self._why_not = ""  # the sentence of a load that failed
        self._features: NDArray[np.float32] = np.empty((0, 0), np.float32)
        self._present: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._split: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._group: NDArray[np.int32] = np.empty(0, np.int32)
        self._rows: NDArray[np.int64] = np.empty(0, np.int64)
        self._class_ids: NDArray[np.int32] = np.empty(0, np.int32)
        self._kinds: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._prediction: LivePrediction | None = None
        self._classifier = ""
        self._suggester: Suggester | None = None
        self._folder = Path()  # of the vectors
        self._revision = -1
        self._k = KNN_K
        self._place_of_shares = 0
        self._live: dict[str, LiveClassifier] = {}
        self._may_use_card = True
        self._given_way = 0

    def loop(self) -> None:
        """Serve until the process ends."""
        while True:
            request = self.inbox.take()
            with self._link.work.working():
                self.serve(request)

    def serve(self, request: EngineRequest) -> None:
        """Answer one request, or tell why not."""
        try:
            if isinstance(request, Load):
                self._generation, self._key, self._revision = request.generation, request.key, -1
            elif request.generation != self._generation:
                self._drop(request, OTHER_EMBEDDING)
                return
            elif self._shared is None:
                self._refuse(request)
                return
            self._answer(request)
        except Cancelled:
            self._drop(request, OTHER_LABELS)
        except _GivesWay:
            self._given_way += 1
            self.inbox.put_back(request)
        except UserError as error:
            self._fail(request, str(error), None)
        except Exception as error:
            trace = traceback.format_exc()
            self._link.log.exception("a %s failed", type(request).__name__)
            self._fail(
                request,
                tr("The engine hit a bug ({name}: {error}).", name=type(error).__name__, error=error),
                trace,
            )

    def _answer(self, request: EngineRequest) -> None:
        match request:
            case Load():
                self._load(request)
            case Refit():
                self._refit(request)
            case Neighbours():
                self._neighbours(request)
            case Suggest():
                self._suggest(request)
            case Evaluate():
                self._evaluate(request)
            case Score():
                self._test(request)
            case Place():
                self._place(request)

    def _refuse(self, request: EngineRequest) -> None:
        """There is no embedding in memory."""
        if isinstance(request, Refit):  # there is no classifier, which is no fault
            self._no_model(request.revision, self._why_not)
        else:
            self._drop(request, self._why_not)

    def _fail(self, request: EngineRequest, sentence: str, bug: str | None) -> None:
        if isinstance(request, Load):
            self._why_not = sentence
        revision = request.revision if isinstance(request, Refit) else self._revision
        tag = _tag(request)
        self._link.send(
            Failed(type(request).__name__, request.generation, self._key, revision, tag, sentence, bug)
        )

    def _drop(self, request: EngineRequest, sentence: str) -> None:
        tag = _tag(request)
        revision = request.revision if isinstance(request, Refit) else self._revision
        name, on = type(request).__name__, (request.generation, self._key, revision)
        self._link.send(Dropped(name, *on, tag, sentence))

    def _drop_superseded(self, request: EngineRequest) -> None:
        """On the reading thread."""
        self._drop(request, OTHER_EMBEDDING if self.inbox.has(Load) else NEWER)

    @property
    def _basis(self) -> tuple[int, str, int]:
        """What answers are computed on: generation, key of the embedding, revision of the labels."""
        return self._generation, self._key, self._revision

    def _load(self, request: Load) -> None:
        from medlabeler.learning.classifiers.shaping import Shaping, room_for_both
        from medlabeler.project.vectors import VectorStore

        self._shared = None
        self._live.clear()
        self._features = np.empty((0, 0), np.float32)
        shared = SharedArrays(Path(request.arrays), request.n)
        folder = Path(request.vectors)
        store, digests = VectorStore(folder), np.array(shared["digest.s64"])
        prepared, room = room_for_both(shared.n, store.info(request.key).dim)
        vectors, present = store.load(request.key, shared.n, digests, room)
        split = np.array(shared["split.u8"])
        pool = np.flatnonzero(present & (split == Split.POOL))
        self._features = Shaping.fit(vectors, pool).prepare(vectors, prepared)
        self._features[~present] = 0
        self._present, self._split = present, split
        self._group = np.array(shared["group.i32"])
        self._rows, self._class_ids = np.empty(0, np.int64), np.empty(0, np.int32)
        self._kinds = np.zeros(shared.n, np.uint8)
        self._prediction = None
        self._folder = folder
        # An image whose label was taken back: a backbone that learned from it still knows the answer.
        seen = store.learned(request.key)
        unseen = present if seen is None else present & ~np.isin(digests, seen)
        self._suggester = Suggester(self._features, unseen, folder, request.key)
        self._shared = shared
        dim = int(vectors.shape[1])
        self._link.send(Loaded(self._generation, self._key, shared.n, dim, int(present.sum())))

    def _refit(self, request: Refit) -> None:
        start = time.perf_counter()
        shared = self._arrays
        self._revision = request.revision
        self._kinds = np.array(shared["kind.u8"])
        m = request.n_learned
        rows = np.array(shared["learned.i32"][:m], np.int64)
        usable = (self._split[rows] == Split.POOL) & self._present[rows]
        self._rows, self._class_ids = rows[usable], shared["learned-class.i32"][:m][usable]
        self._k = request.k
        self._classifier = request.classifier
        self._prediction = None  # its arrays are written anew, and that may be interrupted
        self._place_of_shares = request.place
        prediction = self._prediction = self._predict(request)
        if self.inbox.has(Load):  # nobody wants it any more
            raise Cancelled
        if prediction is None:
            self._no_model(self._revision, tr("Label images of a second class to start the classifier."))
            return
        self._link.send(
            Predicted(
                *self._basis,
                classifier=request.classifier,
                classes=tuple(int(c) for c in prediction.classes),
                by_class=not prediction.probabilities.flags.c_contiguous,
                fit_ms=float(prediction.fit_ms),
                predict_ms=float(prediction.predict_ms),
                total_ms=(time.perf_counter() - start) * 1000,
                n_labels=len(self._rows),
            )
        )

    def _no_model(self, revision: int, sentence: str) -> None:
        self._link.send(NoModel(self._generation, self._key, revision, sentence))

    @property
    def _arrays(self) -> SharedArrays:
        assert self._shared is not None  # noqa: S101 - `serve` let the request through
        return self._shared

    def _predict(self, request: Refit) -> LivePrediction | None:
        """The live classifier's prediction for all images, or None below two classes; what is to be told
        first is told first.
        """
        from medlabeler.learning.device import out_of_memory

        try:
            return self._predict_where_allowed(request)
        except RuntimeError as error:
            if not self._may_use_card or not out_of_memory(error):
                raise
            # Another program took the card's memory: this one goes on without.
            self._link.log.warning("the graphics card is full")
            self._may_use_card = False
            self._live.clear()
        return self._predict_where_allowed(request)

    def _predict_where_allowed(self, request: Refit) -> LivePrediction | None:
        from medlabeler.learning.classifiers.live import Glimpsing, LiveKNN, make_live
        from medlabeler.learning.device import card_for

        classifier = request.classifier
        if classifier not in self._live:
            card = card_for(self._features.nbytes) if self._may_use_card else None
            self._live[classifier] = make_live(classifier, self._features, self._present, card=card)
        chosen = self._live[classifier]
        if isinstance(chosen, LiveKNN):
            chosen.set_k(self._k)
        if not request.n_first or not isinstance(chosen, Glimpsing):
            chosen.set_labels(self._rows, self._class_ids)
            return chosen.predict(self._buffers)
        told: list[bool] = []
        chosen.set_labels(self._rows, self._class_ids, lambda: told.append(self._tell_first(request, chosen)))
        if not any(told):
            return chosen.predict(self._buffers)
        return chosen.predict(self._buffers, self._stop_if_newer)

    def _tell_first(self, request: Refit, chosen: Glimpsing) -> bool:
        """Tell of the rows that are waited for most; False if there is nothing to tell before the rest."""
        shared, m = self._arrays, request.n_first
        found = chosen.glimpse(np.array(shared["first.i32"][:m], np.int64))
        if found is None:
            return False
        shared["first-class.i32"][:m], shared["first-sure.f32"][:m] = found
        self._link.send(Glimpsed(*self._basis, classifier=request.classifier, n_first=m))
        return True

    def _stop_if_newer(self) -> None:
        """Between slices of all images: newer labels make them pointless."""
        if self.inbox.has(Load, Refit):
            raise Cancelled

    def _buffers(self, n_classes: int, by_class: bool) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
        """Predictions are written straight into the shared files: the window reads them only when told."""
        shared = self._arrays
        shares = shared.probabilities(n_classes, by_class, self._place_of_shares)
        return shared["prediction.i32"], shared["confidence.f32"], shares

    def _neighbours(self, request: Neighbours) -> None:
        row = request.row
        rows = self._rows[self._rows != row]
        if not self._present[row]:
            rows = rows[:0]
        similarity = self._features[rows] @ self._features[row]
        best = np.argsort(-similarity, kind="stable")[: request.k]
        found = tuple(rows[best].tolist()), tuple(float(s) for s in similarity[best])
        self._link.send(NeighboursFound(*self._basis, row, request.tag, *found))

    def _suggest(self, request: Suggest) -> None:
        assert self._suggester is not None  # noqa: S101 - made by `load`
        labels = Labels(self._split, self._kinds, self._rows, self._class_ids, self._group)
        from medlabeler.learning.classifiers.live import LiveLogistic

        chosen = self._live.get(self._classifier)
        fit = chosen.fit if isinstance(chosen, LiveLogistic) else None
        items = self._suggester.answer(request, labels, self._prediction, fit, self._give_way)
        self._given_way = 0
        self._link.send(Suggested(*self._basis, request.tag, items))

    def _give_way(self) -> None:
        """In the middle of suggestions: a person waits for a refit. At a million images they take longer than
        a click may, and by the labels that come they will be better.
        """
        if self._given_way < MOST_GIVEN_WAY and self.inbox.has(Load, Refit):
            raise _GivesWay

    def _place(self, request: Place) -> None:
        from medlabeler.learning.placing import placed
        from medlabeler.project.vectors import VectorStore

        shared = self._arrays
        drawn = VectorStore(self._folder).load_projection(self._key, request.method)
        xy = np.full((shared.n, 2), np.nan, np.float32)
        if drawn is not None:
            xy[: len(drawn)] = drawn[: shared.n]
        xy[~self._present] = np.nan
        xy = placed(self._features, xy, np.flatnonzero(self._present))
        shared["x.f32"][:], shared["y.f32"][:] = xy[:, 0], xy[:, 1]
        self._link.send(Placed(*self._basis, request.method))

    def _test(self, request: Score) -> None:
        truth = np.full(self._arrays.n, NO_CLASS, np.int32)
        truth[list(request.rows)] = request.classes
        truth[(self._split != Split.TEST) | ~self._present] = NO_CLASS
        test, rows = np.flatnonzero(truth != NO_CLASS), self._rows
        names = dict(request.names)
        weights = _weights(request, test)
        results = []
        for name in request.classifiers:
            if not len(test):
                results.append(
                    Measured(name, None, tr("No image of the test set has a class to measure against."))
                )
            elif len(np.unique(self._class_ids)) < 2:
                results.append(Measured(name, None, tr("Label images of a second class first.")))
            else:
                estimator = self._estimator(name).fit(self._features[rows], self._class_ids)
                told = on_test_images(
                    estimator,
                    self._features[test],
                    truth[test],
                    self._groups(test),
                    weights,
                    names=names,
                    brought=np.isin(test, np.array(request.brought, np.int64)),
                    draw_problem=request.draw_problem,
                )
                if request.before:
                    told = replace(told, relabelled=self._before(request, truth, estimator, told))
                results.append(Measured(name, told, ""))
        self._link.send(
            Scored(
                *self._basis,
                request.measured_on,
                len(rows),
                len(np.unique(self._class_ids)),
                int(self._present.sum()),
                tuple(results),
            )
        )

    def _before(
        self,
        request: Score,
        truth: NDArray[np.int32],
        estimator: Any,
        now: Report,
    ) -> BeforeRelabelling:
        """The same measurement with the labels that test images had before their prediction was seen."""
        from medlabeler.learning.accuracy.evaluation import score

        earlier = truth.copy()
        for row, class_id in request.before:
            earlier[row] = class_id
        earlier[(self._split != Split.TEST) | ~self._present] = NO_CLASS
        rows = np.flatnonzero(earlier != NO_CLASS)
        predicted = estimator.predict(self._features[rows])
        then = score(
            earlier[rows], predicted, estimator.classes_, self._groups(rows), _weights(request, rows)
        )
        return told_of_relabelled(report(then).balanced_accuracy, now.balanced_accuracy, len(request.before))

    def _load_what_measures(self) -> bool:
        """scikit-learn takes a second of processor time to load, once: a label that comes then is learned
        from between two of its modules. Whether one came.
        """
        came: list[Refit] = []

        def let_by() -> None:
            if (request := self.inbox.take_refit()) is not None:
                came.append(request)
                self.serve(request)

        with between_modules(let_by):
            for name in MEASURING:
                importlib.import_module(name)
        return bool(came)

    def _evaluate(self, request: Evaluate) -> None:
        if self._load_what_measures():
            raise Cancelled
        from medlabeler.jobs.learned_labels import learned_labels
        from medlabeler.learning.accuracy.evaluation import cross_validate, fold_blocks
        from medlabeler.project.vectors import VectorStore

        rows, labels = self._rows, self._class_ids
        features = self._features[rows]
        groups, between, names = self._groups(rows), _BetweenFolds(self), dict(request.names)
        store, digests = VectorStore(self._folder), np.array(self._arrays["digest.s64"])[rows]
        learned = learned_labels(store, self._key, digests, groups)
        blocks = fold_blocks(features, groups, between)
        fair = np.isin(rows, np.array(request.fair, np.int64))
        brought = np.isin(rows, np.array(request.brought, np.int64))
        results = []
        for name in request.classifiers:
            try:
                evaluation = cross_validate(
                    features,
                    labels,
                    groups,
                    self._estimator(name),
                    request.seed,
                    between,
                    blocks=blocks,
                    images=rows,
                    fair=fair,
                    names=names,
                    n_pool=int((self._split == Split.POOL).sum()),
                    learned=learned,
                )
            except UserError as error:
                results.append(Measured(name, None, str(error)))
            else:
                results.append(Measured(name, report(evaluation, names, brought), ""))
        n_classes = len(np.unique(labels))
        counts = len(rows), n_classes, int(self._present.sum())
        self._link.send(Evaluated(*self._basis, request.seed, *counts, tuple(results)))

    def _estimator(self, name: str) -> Any:
        from medlabeler.learning.classifiers.estimators import make

        estimator = make(name)
        if name == "knn":
            estimator.set_params(k=self._k)
        return estimator

    def _groups(self, rows: NDArray[np.int64]) -> NDArray[np.int32] | None:
        """Group codes of `rows`, -1 for an image without; None when the project has no groups."""
        return self._group[rows] if (self._group >= 0).any() else None


def _tag(request: EngineRequest) -> str:
    """By which its owner knows a request."""
    return str(getattr(request, "tag", "") or getattr(request, "measured_on", ""))


def _weights(request: Score, rows: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """Weights of test images by `Catalog.draw_weights`, None when all weigh the same."""
    known = dict(zip(request.rows, request.weights, strict=False))
    return np.array([known.get(row, 1.0) for row in rows.tolist()]) if known else None


def main() -> int:
    """Run until the parent closes the channel."""
    link = ParentLink(ENGINE)
    engine = Engine(link)

    def loop() -> None:
        with link.work.working():  # what is imported may lie on a disk that does not answer
            sweep()
            warm_up()
        link.send(Ready())
        engine.loop()

    link.serve(engine.inbox.put, loop)
    return 0


def warm_up() -> None:
    """Pay for the imports and for the first fit before the first label rather than after it."""
    from medlabeler.learning.classifiers import live
    from medlabeler.learning.query import suggest  # noqa: F401

    rng = np.random.default_rng(0)
    features = rng.standard_normal((64, 8)).astype(np.float32)
    live.LiveLogistic(features).set_labels(np.arange(8), np.arange(8) % 2 + 1)
