"""The analyst: a hidden process of the lowest priority for what stands behind the accuracy.

Two requests, both optional: `Details`, the cross-validation image by image; `Curve`, the learning curve of
the labels at hand, refined repeat by repeat. It uses one thread and gives way to the engine and the window.
A request replaces an older one of its kind (`Dropped`). Only POOL images are looked at.
"""

from __future__ import annotations

import queue
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import Split
from medlabeler.learning.accuracy.details import cross_validated
from medlabeler.learning.accuracy.prequential import summary as prequential
from medlabeler.learning.curves.summary import CurveSummary, LearningCurve
from medlabeler.processes.channel import ParentLink
from medlabeler.processes.protocol import (
    AnalystAnswer,
    AnalystLoad,
    AnalystRequest,
    Curve,
    CurveFound,
    Details,
    DetailsFound,
    Dropped,
    Failed,
    Ready,
    Rest,
)
from medlabeler.processes.roles import ANALYST
from medlabeler.project.random_draws import WINDOW
from medlabeler.project.staging import load_arrays

REPEATS = 10
REPORT_EVERY_S = 0.4
ORDER: tuple[type[AnalystRequest], ...] = (AnalystLoad, Rest, Details, Curve)


class Analyst:
    """The embedding, and the curve under way."""

    def __init__(self, link: ParentLink) -> None:
        self._link = link
        self.queue: queue.SimpleQueue[AnalystRequest] = queue.SimpleQueue()
        self._pending: dict[type[AnalystRequest], AnalystRequest] = {}
        self._generation = 0
        self._key = ""
        self._vectors: NDArray[np.float16] = np.empty((0, 0), np.float16)
        self._present: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._split: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._group: NDArray[np.int32] = np.empty(0, np.int32)
        self._shaping: Any = None
        self._curve: Iterator[list[Any]] | None = None
        self._summary = CurveSummary(1)
        self._of_curve: Curve | None = None
        self._n = (0, 0, 0, 0)  # images, classes, images scored, of them not labelled here
        self._fair = False
        self._reported = 0.0

    def loop(self) -> None:
        """Serve until the process ends; the curve advances while nothing is asked."""
        while True:
            self._take(wait=self._curve is None and not self._pending)
            kind = next((k for k in ORDER if k in self._pending), None)
            request = self._pending.pop(kind) if kind else self._of_curve
            try:
                with self._link.work.working():
                    if kind and request is not None:
                        self._serve(request)
                    elif self._curve is not None:
                        self._advance()
            except UserError as error:
                self._fail(request, str(error), None)
            except Exception as error:
                trace = traceback.format_exc()
                self._link.log.exception("the analysis failed")
                sentence = tr(
                    "The accuracy could not be analysed ({name}: {error}).",
                    name=type(error).__name__,
                    error=error,
                )
                self._fail(request, sentence, trace)

    def _take(self, wait: bool) -> None:
        """Read what waits; the newest request of a kind counts."""
        if wait:
            self._note(self.queue.get())
        while not self.queue.empty():
            self._note(self.queue.get())

    def _note(self, request: AnalystRequest) -> None:
        gone: list[AnalystRequest] = []
        if isinstance(request, AnalystLoad | Rest):
            gone = list(self._pending.values())
            self._pending.clear()
        elif type(request) in self._pending:
            gone = [self._pending.pop(type(request))]
        self._pending[type(request)] = request
        for one in gone:
            self._drop(one, tr("Something newer was asked for."))

    def _serve(self, request: AnalystRequest) -> None:
        if isinstance(request, Rest):
            self._curve = None
        elif isinstance(request, AnalystLoad):
            self._load(request)
        elif request.generation != self._generation:
            self._drop(request, tr("Another image model is in use meanwhile."))
        elif isinstance(request, Details):
            self._details(request)
        else:
            self._start_curve(request)

    def _drop(self, request: AnalystRequest, sentence: str) -> None:
        if isinstance(request, Details | Curve):
            name, revision = type(request).__name__, request.revision
            self._send(Dropped(name, request.generation, self._key, revision, "", sentence))

    def _fail(self, request: AnalystRequest | None, sentence: str, bug: str | None) -> None:
        self._curve = None
        revision = request.revision if isinstance(request, Details | Curve) else -1
        name = type(request).__name__
        self._send(Failed(name, self._generation, self._key, revision, "", sentence, bug))

    def _send(self, answer: AnalystAnswer) -> None:
        self._link.send(answer)

    def _load(self, request: AnalystLoad) -> None:
        from medlabeler.learning.classifiers.shaping import Shaping
        from medlabeler.project.vectors import VectorStore

        self._curve, self._generation, self._key = None, request.generation, request.key
        arrays = load_arrays(request.arrays)
        self._store, self._digest = VectorStore(Path(request.vectors)), arrays["digest"]
        self._vectors, self._present = self._store.load(request.key, len(self._digest), self._digest)
        self._split, self._group = arrays["split"], arrays["group"]
        self._shaping = Shaping.fit(self._vectors, self._pool())

    def _pool(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._present & (self._split == Split.POOL))

    def _labelled(self, request: Details | Curve) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows and class ids that may be learned from: pool images with a vector, whatever was sent."""
        rows = np.array(request.rows, np.int64)
        labels = np.array(request.labels, np.int32)
        usable = self._present[rows] & (self._split[rows] == Split.POOL)
        return rows[usable], labels[usable]

    def _groups(self, rows: NDArray[np.int64]) -> NDArray[np.int32] | None:
        return self._group[rows] if (self._group >= 0).any() else None

    def _details(self, request: Details) -> None:
        from medlabeler.jobs.learned_labels import learned_labels
        from medlabeler.learning.accuracy.evaluation import fold_blocks
        from medlabeler.learning.classifiers.estimators import make

        rows, labels = self._labelled(request)
        features, groups = self._shaping.prepare(self._vectors[rows]), self._groups(rows)
        learned = learned_labels(self._store, self._key, self._digest[rows], groups)
        found, sentence = None, ""
        try:
            found = cross_validated(
                features,
                labels,
                groups,
                rows,
                lambda: make(request.classifier),
                seed=request.seed,
                names=dict(request.names),
                blocks=fold_blocks(features, groups),
                fair=_marked(request.fair, rows),
                brought=_marked(request.brought, rows),
                n_pool=int((self._split == Split.POOL).sum()),
                learned=learned,
            )
        except UserError as error:
            sentence = str(error)
        draws = prequential(request.draws, groups is not None, WINDOW)
        basis = (self._generation, self._key, request.revision, request.classifier)
        self._send(DetailsFound(*basis, found, sentence, draws))

    def _start_curve(self, request: Curve) -> None:
        from medlabeler.learning.accuracy.cross_validation import enough_fair
        from medlabeler.learning.accuracy.evaluation import fold_blocks
        from medlabeler.learning.classifiers.own import OwnLogistic
        from medlabeler.learning.classifiers.paper import (
            KNN,
            LINEAR_LAYER,
            LOGISTIC,
            SVM_DECISION,
            PaperPipelines,
        )
        from medlabeler.learning.curves.live_curve import live_curve

        rows, labels = self._labelled(request)
        ids, codes = np.unique(labels, return_inverse=True)
        groups = self._groups(rows)
        blocks = fold_blocks(self._shaping.prepare(self._vectors[rows]), groups)
        if blocks is None:
            blocks = np.arange(len(rows))
        # As for the headline: random draws labelled blind alone, once every class has enough of them.
        fair = _marked(request.fair, rows)
        enough = enough_fair(codes, fair)
        scored = np.flatnonzero(fair if enough else np.ones(len(rows), np.bool_))
        self._summary = CurveSummary(max(1, len(ids)))
        self._of_curve, self._fair = request, enough
        n_brought = int(_marked(request.brought, rows[scored]).sum())
        self._n = len(rows), len(ids), len(scored), n_brought
        sentence = curve_refusal(len(ids), len(np.unique(blocks)))
        if self._store.info(self._key).sharpened:
            sentence = NO_CURVE
        if sentence:
            self._curve = None
            self._tell_curve(None, sentence, done=True)
            return
        self._curve = live_curve(
            np.asarray(self._vectors[rows], np.float32),
            codes.astype(np.int64),
            len(ids),
            [
                OwnLogistic(self._shaping),
                PaperPipelines((KNN, LOGISTIC, SVM_DECISION, LINEAR_LAYER)),
            ],
            blocks=blocks,
            scored=scored,
            repeats=REPEATS,
        )

    def _advance(self) -> None:
        assert self._curve is not None  # noqa: S101 - the loop asked
        points = next(self._curve, None)
        if points is None:
            self._curve = None
        else:
            self._summary.add(points)
        now = time.monotonic()
        if points is None or now - self._reported > REPORT_EVERY_S:
            self._reported = now
            self._tell_curve(self._summary.curve(), "", done=points is None)

    def _tell_curve(self, curve: LearningCurve | None, sentence: str, *, done: bool) -> None:
        revision = self._of_curve.revision if self._of_curve is not None else -1
        basis = (self._generation, self._key, revision)
        self._send(CurveFound(*basis, *self._n, self._fair, done, curve, sentence))


def _marked(which: tuple[int, ...], rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `rows` are among those."""
    return np.isin(rows, np.array(which, np.int64))


NO_CURVE = tr(
    "This image model has learned from your labels: with fewer of them it would still know the others, so"
    " there is no honest learning curve. Go back to the image model before to see one."
)


def curve_refusal(n_classes: int, n_groups: int) -> str:
    """Why there is no learning curve; empty if there is one."""
    if n_classes < 2:
        return tr("A learning curve needs labels of at least two classes.")
    if n_groups < 2:
        return tr("All labelled images come from one group; label images of other groups to see a curve.")
    return ""


def main() -> int:
    """Run until the parent closes the channel."""
    link = ParentLink(ANALYST)
    analyst = Analyst(link)

    def loop() -> None:
        link.send(Ready())
        analyst.loop()

    link.serve(analyst.queue.put, loop)
    return 0
