"""The window's side of the engine: typed requests, and predictions as arrays of its own.

At most one refit is under way. Labels that change meanwhile are kept, only the latest, and sent when the
answer is in; the window always learns the result of the last change. Of a refit that tells of some rows first
that answer is enough: newer labels then end the rest of it, whose answer is not taken over. The engine's post
is kept filled by the supervisor: a new process begins with nothing, not even with files of the one before.
"""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.classifiers.formulas import KNN_K
from medlabeler.processes.channel import Child
from medlabeler.processes.engine.shared_arrays import SharedArrays
from medlabeler.processes.protocol import (
    Crashed,
    Dropped,
    EngineAnswer,
    EngineRequest,
    Evaluate,
    Evaluated,
    Failed,
    Glimpsed,
    Load,
    Names,
    Neighbours,
    NoModel,
    Place,
    Placed,
    Predicted,
    Refit,
    Rejected,
    Score,
    Scored,
    Suggest,
)
from medlabeler.processes.roles import ENGINE
from medlabeler.processes.supervisor import Ended, Event, Started, Supervisor

log = logging.getLogger("medlabeler.engine")


class Shares:
    """Probabilities of all images, float32 (n, C), where the engine wrote them: a window looks at one image,
    and to copy those of a million would take a tenth of the time that it waits for them.
    """

    def __init__(self, there: NDArray[np.float32]) -> None:
        self._there = there
        self._gone = False

    def of(self, rows: int | slice | NDArray[np.int64]) -> NDArray[np.float32] | None:
        """A copy of these; None when the engine writes others there, which happens while it answers the
        refit after the next one, and for images that came later.
        """
        if isinstance(rows, int) and rows >= len(self._there):
            return None
        found = np.array(self._there[rows])
        return None if self._gone else found

    def end(self) -> None:
        """The engine is about to write there."""
        self._gone = True


@dataclass(frozen=True)
class Predictions:
    """What the classifier says of all images; the arrays are the receiver's own.

    `class_id` int32 (n,), `confidence` float32 (n,) and `probabilities` (n, C) in the order of
    `classes`, computed on embedding `key` from `n_labels` labels of `revision`.
    """

    key: str
    revision: int
    classifier: str
    n_labels: int
    fit_ms: float
    predict_ms: float
    total_ms: float
    classes: NDArray[np.int32]
    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]
    probabilities: Shares


@dataclass(frozen=True)
class Places:
    """Where all images stand on the map that `method` drew of embedding `key`: `xy` float32 (n, 2), NaN for
    none; the array is the receiver's own.
    """

    key: str
    method: str
    xy: NDArray[np.float32]


@dataclass(frozen=True)
class Glimpse:
    """What the classifier says of the images `rows` int64 (m,), ascending, before all are predicted:
    `class_id` int32 (m,) and `confidence` float32 (m,), otherwise as in `Predictions`; arrays of the
    receiver's own.
    """

    key: str
    revision: int
    classifier: str
    rows: NDArray[np.int64]
    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]


MOST_INTERRUPTED = 3
"""So often in a row the rest of a refit gives way to newer labels; then all images get their turn."""
MEASUREMENTS = (Evaluate.__name__, Score.__name__)

Told = Predictions | Glimpse | Places | EngineAnswer | Rejected | Crashed
"""What `EngineClient` hands on: the engine's answers, with arrays in the place of their announcements."""


NO_ROWS: NDArray[np.int64] = np.empty(0, np.int64)


@dataclass(frozen=True)
class _Waiting:
    revision: int
    rows: NDArray[np.int64]
    class_ids: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    classifier: str
    k: int
    first: NDArray[np.int64]


class EngineClient:
    """Keeps an engine for the project whose `runtime` folder this is and speaks with it.

    `on_answer(answer)` and `on_event(event)` are called on other threads than the caller's. After `Started`
    the embedding must be loaded again, and what was asked of an earlier process is not answered any more.
    Answers about an earlier embedding come only where they carry their own weight: measurements, and why
    there is none.
    """

    def __init__(
        self,
        runtime: Path,
        supervisor: Supervisor,
        on_answer: Callable[[Told], None],
        on_event: Callable[[Event], None] = lambda event: None,
    ) -> None:
        self._runtime = runtime
        self._on_answer = on_answer
        self._on_event = on_event
        self._arrays: SharedArrays | None = None
        self._generation = 0
        self._key = ""
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._behind: list[Callable[[int], EngineRequest]] | None = None  # asked while a load is written
        self._outstanding: int | None = None
        self._waiting: _Waiting | None = None
        self._place = 0  # where the refit under way writes probabilities
        self._shares: dict[int, Shares] = {}  # by place
        self._told_place = 1  # of the last answer
        self._glimpsed = False  # whether the refit under way has told of its first rows
        self._interrupted = 0  # refits in a row whose rest gave way
        self._post = supervisor.keep(ENGINE, self._receive, self._happened)

    @property
    def pid(self) -> int | None:
        """Process id of the engine, None while there is none."""
        child = self._post.child
        return child.pid if child is not None else None

    @property
    def alive(self) -> bool:
        """Whether the engine runs."""
        return self._post.alive

    @property
    def busy(self) -> bool:
        """Whether a refit is under way or waiting."""
        return self._outstanding is not None or self._waiting is not None

    def load(
        self,
        vectors: Path,
        key: str,
        *,
        split: NDArray[np.uint8],
        group: NDArray[np.int32],
        digest: NDArray[np.bytes_],
        n_classes: int = 0,
    ) -> None:
        """Use the embedding `key` of the vectors folder; what was asked of an earlier one is forgotten.

        The three arrays have length n: `Split`, group codes (-1 none), hex digests; they must not be changed
        in place before the answer. Room is taken for `n_classes`, and for more when they come. Returns at
        once: the arrays are written on a thread. If the disk refuses the answer is `Failed`.
        """
        with self._lock:
            old, self._arrays = self._arrays, None
            self._generation += 1
            generation, self._key, self._behind = self._generation, key, []
            self._outstanding = self._waiting = None
            self._interrupted = 0
            self._shares.clear()  # in files that nobody writes to any more

        def write() -> None:
            with self._writing:  # one after the other: there may not be room for two
                if generation == self._generation:
                    given: dict[str, NDArray[Any]] = {
                        "split.u8": split,
                        "group.i32": group,
                        "digest.s64": digest,
                    }
                    self._give(generation, vectors, given, n_classes, old)
                elif old is not None:
                    old.remove()

        threading.Thread(target=write, name="for the engine", daemon=True).start()

    def _give(
        self,
        generation: int,
        vectors: Path,
        given: dict[str, NDArray[Any]],
        n_classes: int,
        old: SharedArrays | None,
    ) -> None:
        """Write the arrays of a load in the place of the `old` ones, and send it, if it is still wanted."""
        if old is not None:
            old.remove()
        n = len(given["split.u8"])
        try:
            arrays = SharedArrays.create(self._runtime, n, n_classes)
            for name, values in given.items():
                arrays[name][:] = values
        except UserError as error:
            self._tell_not_loaded(generation, str(error), None)
            return
        except Exception as error:
            log.exception("the arrays of the engine could not be written")
            sentence = tr("The engine hit a bug ({name}: {error}).", name=type(error).__name__, error=error)
            self._tell_not_loaded(generation, sentence, traceback.format_exc())
            return
        with self._lock:
            # No longer if the process ended meanwhile, or is given up: nobody would read it.
            wanted = generation == self._generation and self._behind is not None
            if wanted:
                self._arrays = arrays
                self._post.send(Load(generation, str(vectors), self._key, n, str(arrays.folder)))
                behind, self._behind = self._behind or [], None
                self._send_waiting()
                for request in behind:
                    self._post.send(request(generation))
        if not wanted:
            arrays.remove()

    def _tell_not_loaded(self, generation: int, sentence: str, bug: str | None) -> None:
        with self._lock:
            wanted = generation == self._generation
            if wanted:
                self._behind = None
        if wanted:
            self._on_answer(Failed(Load.__name__, generation, self._key, -1, "", sentence, bug))

    def refit(
        self,
        revision: int,
        rows: NDArray[np.int64],
        class_ids: NDArray[np.int32],
        kinds: NDArray[np.uint8],
        classifier: str,
        k: int = KNN_K,
        first: NDArray[np.int64] = NO_ROWS,
    ) -> None:
        """Fit `classifier` ("logistic" or "knn") and predict all images.

        `rows` (m,), ascending, are the POOL images labelled with a class, `class_ids` (m,) their classes,
        `kinds` (n,) the `LabelKind` of every image. They are only read, and must not be changed in place
        afterwards.
        Of the rows `first` (m,), ascending, a `Glimpse` tells before the `Predictions` of all.
        """
        with self._lock:
            self._waiting = _Waiting(revision, rows, class_ids, kinds, classifier, k, first)
            self._send_waiting()

    def neighbours(self, row: int, k: int = 8, tag: str = "") -> None:
        """Ask for the k labelled pool images most similar to `row` (cosine similarity)."""
        self._send(lambda generation: Neighbours(generation, int(row), int(k), tag))

    def suggest(
        self,
        strategy: str,
        n: int,
        seed: int,
        exclude: Iterable[int] = (),
        tag: str = "",
        *,
        names: Mapping[int, str] | None = None,
        random_share: float = 0.1,
        spread_groups: bool = False,
    ) -> None:
        """Ask for n pool images to label next, none decided, none in `exclude` or like one of them.

        `names` of the classes by id are for the reasons; `random_share` of the images are drawn at random;
        `spread_groups` asks for images of different groups.
        """
        rows = tuple(int(row) for row in exclude)
        self._send(
            lambda generation: Suggest(
                generation, strategy, int(n), int(seed), rows, tag, _pairs(names), float(random_share),
                spread_groups,
            )
        )  # fmt: skip

    def place(self, method: str) -> None:
        """Ask where on the map drawn by `method` the images belong that were embedded since."""
        self._send(lambda generation: Place(generation, method))

    def evaluate(
        self,
        classifiers: Iterable[str],
        seed: int,
        *,
        fair: NDArray[np.bool_] | None = None,
        brought: NDArray[np.bool_] | None = None,
        names: Mapping[int, str] | None = None,
    ) -> None:
        """Ask for cross-validations on the labels of the latest refit; a newer refit ends them (`Dropped`).

        `fair` (n,) marks random draws labelled blind, see `LabelStore.drawn_blind`, `brought` (n,) labels
        that were not given here; `names` of the classes by id are for the sentences.
        """
        rows = _rows(fair), _rows(brought)
        chosen = tuple(classifiers)
        self._send(lambda generation: Evaluate(generation, chosen, int(seed), *rows, _pairs(names)))

    def test(
        self,
        truth: NDArray[np.int32],
        measured_on: str,
        classifiers: Iterable[str],
        *,
        weights: NDArray[np.float64] | None = None,
        before: NDArray[np.int32] | None = None,
        brought: NDArray[np.bool_] | None = None,
        draw_problem: str = "",
        names: Mapping[int, str] | None = None,
    ) -> bool:
        """Measure classifiers fitted on the latest labels on the TEST images whose class `truth` (n,) gives;
        False if there is nobody to ask.

        `measured_on`: "test labels" or "reference". `weights` (n,), see `Catalog.draw_weights`; `names` of
        the classes by id; `before` (n,) classes as they were before predictions were seen, measured as well
        where they differ from `truth`; `brought` (n,) marks what was not given here; `draw_problem` see
        `Catalog.draw_problem`. The answer tells which
        labels and which embedding it is about.
        """
        rows = np.flatnonzero(truth != NO_CLASS)
        changed = np.flatnonzero(before != truth) if before is not None else rows[:0]
        earlier = before[changed].tolist() if before is not None else []
        chosen = tuple(classifiers)
        return self._send(
            lambda generation: Score(
                generation,
                measured_on,
                chosen,
                tuple(rows.tolist()),
                tuple(truth[rows].tolist()),
                () if weights is None else tuple(weights[rows].tolist()),
                tuple(zip(changed.tolist(), earlier, strict=True)),
                _rows(brought),
                draw_problem,
                _pairs(names),
            )
        )

    def replace(self) -> None:
        """End the process, so that another one begins afresh."""
        self._post.replace()

    def close(self) -> None:
        """Give the engine up and delete the shared files; its process ends by itself, or by the supervisor.

        Files that a process still maps stay whole for it as long as it lives.
        """
        self._post.ask_to_leave()
        self._remove_arrays()

    def _remove_arrays(self) -> None:
        with self._lock:
            arrays, self._arrays = self._arrays, None
            self._outstanding = self._waiting = self._behind = None
        if arrays is not None:
            arrays.remove()

    def _send(self, request: Callable[[int], EngineRequest]) -> bool:
        """Send what `request` makes for the present embedding; False if there is none, or no process."""
        with self._lock:
            if not self._post.alive or (self._arrays is None and self._behind is None):
                return False
            if self._behind is not None:
                self._behind.append(request)
                return True
            self._post.send(request(self._generation))
            return True

    def _send_waiting(self) -> None:
        """Send the waiting refit if none is under way, or only the rest of one; the lock is held."""
        refit = self._waiting
        if refit is None or self._arrays is None:
            return
        if self._outstanding is not None:
            # Answers are told apart by revision, so the same labels with another classifier wait.
            may = self._glimpsed and refit.revision > self._outstanding
            if not may or self._interrupted >= MOST_INTERRUPTED:
                return
            self._interrupted += 1
        self._waiting = None
        n_classes = np.count_nonzero(np.bincount(refit.class_ids)) if len(refit.rows) else 0
        try:
            self._arrays.take_room(int(n_classes))
        except UserError as error:
            # As if the embedding could not be loaded, which is tried again.
            name, on = Load.__name__, (self._generation, self._key, refit.revision)
            self._on_answer(Failed(name, *on, "", str(error), None))
            return
        self._outstanding, self._glimpsed = refit.revision, False
        learned, m = len(refit.rows), len(refit.first)
        self._arrays["learned.i32"][:learned] = refit.rows
        self._arrays["learned-class.i32"][:learned] = refit.class_ids
        self._arrays["kind.u8"][:] = refit.kinds
        self._arrays["first.i32"][:m] = refit.first
        self._place = 1 - self._told_place
        if (earlier := self._shares.pop(self._place, None)) is not None:
            earlier.end()
        self._post.send(
            Refit(
                self._generation, int(refit.revision), refit.classifier, int(refit.k), learned, m, self._place
            )
        )

    def _happened(self, event: Event) -> None:
        """A process that has ended, however, leaves nothing that its successor would meet."""
        if isinstance(event, Started | Ended):
            self._remove_arrays()
        self._on_event(event)

    def _receive(self, _child: Child, answer: EngineAnswer | Rejected | Crashed) -> None:
        """Take the results over before the next refit may overwrite them; drop what an earlier load was
        asked, unless it is a measurement, which tells itself what it is of.
        """
        if isinstance(answer, Rejected | Crashed):
            with self._lock:  # it may have been the refit that was not understood
                self._outstanding = None
                self._send_waiting()
            self._on_answer(answer)
            return
        with self._lock:
            arrays = self._arrays
            current = arrays is not None and answer.generation == self._generation
            of_refit = isinstance(answer, Predicted | NoModel | Glimpsed) or (
                isinstance(answer, Failed | Dropped) and answer.request == Refit.__name__
            )
            outrun = of_refit and getattr(answer, "revision", None) != self._outstanding
            if current and of_refit and not outrun:
                self._glimpsed = False  # it must not give way while its arrays are copied
        if arrays is None or not current:
            weighty = isinstance(answer, Dropped | Failed) and answer.request in MEASUREMENTS
            if weighty or isinstance(answer, Evaluated | Scored):
                self._on_answer(answer)
            else:
                log.info("a %s of an earlier embedding is dropped", type(answer).__name__)
            return
        if outrun:
            # The rest of one that gave way: its arrays may be those of the next already.
            log.debug("a %s of a refit that gave way is dropped", type(answer).__name__)
            return
        told: Told = answer
        if isinstance(answer, Glimpsed):
            told = _first_taken_over(answer, arrays)
        elif isinstance(answer, Predicted):
            # Without the lock, which the window's thread may want: no refit is sent before this is done.
            told = _taken_over(answer, arrays, self._place)
        elif isinstance(answer, Placed):
            xy = np.column_stack([arrays["x.f32"], arrays["y.f32"]])
            told = Places(answer.key, answer.method, xy)
        if of_refit:
            with self._lock:
                if answer.generation != self._generation or arrays is not self._arrays:
                    log.info("a %s of an earlier embedding is dropped", type(answer).__name__)
                    return
                self._glimpsed = isinstance(answer, Glimpsed)
                if not self._glimpsed:
                    self._outstanding, self._interrupted = None, 0
                if isinstance(told, Predictions):
                    self._shares[self._place], self._told_place = told.probabilities, self._place
                self._send_waiting()
        self._on_answer(told)


def _rows(marked: NDArray[np.bool_] | None) -> tuple[int, ...]:
    return () if marked is None else tuple(np.flatnonzero(marked).tolist())


def _pairs(names: Mapping[int, str] | None) -> Names:
    """Names by id for JSON, whose keys are text."""
    return tuple((int(class_id), name) for class_id, name in (names or {}).items())


def _first_taken_over(answer: Glimpsed, arrays: SharedArrays) -> Glimpse:
    """Copies of what the engine tells of the first rows."""
    m = answer.n_first
    return Glimpse(
        answer.key,
        answer.revision,
        answer.classifier,
        np.array(arrays["first.i32"][:m], np.int64),
        np.array(arrays["first-class.i32"][:m]),
        np.array(arrays["first-sure.f32"][:m]),
    )


def _taken_over(answer: Predicted, arrays: SharedArrays, place: int) -> Predictions:
    """Copies of the arrays that the engine has announced; probabilities stay in their place."""
    return Predictions(
        answer.key,
        answer.revision,
        answer.classifier,
        answer.n_labels,
        answer.fit_ms,
        answer.predict_ms,
        answer.total_ms,
        np.array(answer.classes, np.int32),
        np.array(arrays["prediction.i32"]),
        np.array(arrays["confidence.f32"]),
        Shares(arrays.probabilities(len(answer.classes), answer.by_class, place)),
    )
