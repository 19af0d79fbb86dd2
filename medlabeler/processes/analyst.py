"""The analyst: a hidden process of the lowest priority for what stands behind the accuracy.

Two requests, both optional: `details`, the cross-validation image by image; `curve`, the learning curve of
the labels at hand, refined repeat by repeat. It uses one thread and gives way to the engine and the window.
Messages in: `load` (generation, vectors, key, arrays: file with digest, split, group); `details` and `curve`
(revision, rows, labels: class ids, fair: rows, names: [[id, name]], for details classifier, seed
and draws, see `project.random_draws`);
`rest` ends the curve. Out: `details` (revision, classifier, details), `curve` (revision, curve, done),
`failed` (request, revision, sentence, bug). A request replaces an older one of its
kind. Only POOL images are looked at.
"""

from __future__ import annotations

import os
import queue
import time
import traceback
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import Split
from medlabeler.learning.accuracy.details import cross_validated, pool_sample, refused
from medlabeler.learning.accuracy.prequential import summary as prequential
from medlabeler.learning.curves.summary import CurveSummary
from medlabeler.processes.channel import Message, ParentLink
from medlabeler.project.random_draws import WINDOW
from medlabeler.project.staging import load_arrays

NICENESS = 10
REPEATS = 10
REPORT_EVERY_S = 0.4
ORDER = ("load", "rest", "details", "curve")


class Analyst:
    """The embedding, and the curve under way."""

    def __init__(self, link: ParentLink) -> None:
        self._link = link
        self.queue: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self._pending: dict[str, Message] = {}
        self._generation = 0
        self._vectors: NDArray[np.float16] = np.empty((0, 0), np.float16)
        self._present: NDArray[np.bool_] = np.empty(0, np.bool_)
        self._split: NDArray[np.uint8] = np.empty(0, np.uint8)
        self._group: NDArray[np.int32] = np.empty(0, np.int32)
        self._shaping: Any = None
        self._curve: Iterator[list[Any]] | None = None
        self._summary = CurveSummary(1)
        self._facts: Message = {}
        self._reported = 0.0

    def loop(self) -> None:
        """Serve until the process ends; the curve advances while nothing is asked."""
        while True:
            self._take(wait=self._curve is None and not self._pending)
            kind = next((k for k in ORDER if k in self._pending), "")
            message = self._pending.pop(kind) if kind else self._facts
            try:
                if kind:
                    self._serve(message)
                elif self._curve is not None:
                    self._advance()
            except UserError as error:
                self._fail(message, str(error), None)
            except Exception as error:
                sentence = f"The accuracy could not be analysed ({type(error).__name__}: {error})."
                self._fail(message, sentence, traceback.format_exc())

    def _take(self, wait: bool) -> None:
        """Read what waits; the newest request of a kind counts."""
        if wait:
            self._note(self.queue.get())
        while not self.queue.empty():
            self._note(self.queue.get())

    def _note(self, message: Message) -> None:
        if message["type"] in ("load", "rest"):
            self._pending.clear()
        self._pending[message["type"]] = message

    def _serve(self, message: Message) -> None:
        kind = message["type"]
        if kind == "rest":
            self._curve = None
        elif kind == "load":
            self._load(message)
        elif message["generation"] == self._generation:
            self._details(message) if kind == "details" else self._start_curve(message)

    def _fail(self, message: Message, sentence: str, bug: str | None) -> None:
        self._curve = None
        self._send({"type": "failed", "request": message.get("type", ""), "sentence": sentence, "bug": bug,
                    "revision": message.get("revision")})  # fmt: skip

    def _send(self, message: Message) -> None:
        self._link.send({**message, "generation": self._generation})

    def _load(self, message: Message) -> None:
        from medlabeler.learning.classifiers.shaping import Shaping
        from medlabeler.project.vectors import VectorStore

        self._curve, self._generation = None, message["generation"]
        arrays = load_arrays(message["arrays"])
        self._vectors, self._present = VectorStore(Path(message["vectors"])).load(
            message["key"], len(arrays["digest"]), arrays["digest"]
        )
        self._split, self._group = arrays["split"], arrays["group"]
        self._shaping = Shaping.fit(self._vectors, self._pool())

    def _pool(self) -> NDArray[np.int64]:
        return np.flatnonzero(self._present & (self._split == Split.POOL))

    def _labelled(self, message: Message) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Rows and class ids that may be learned from: pool images with a vector, whatever was sent."""
        rows = np.array(message["rows"], np.int64)
        labels = np.array(message["labels"], np.int32)
        usable = self._present[rows] & (self._split[rows] == Split.POOL)
        return rows[usable], labels[usable]

    def _groups(self, rows: NDArray[np.int64]) -> NDArray[np.int32] | None:
        return self._group[rows] if (self._group >= 0).any() else None

    def _details(self, message: Message) -> None:
        from medlabeler.learning.accuracy.evaluation import fold_blocks
        from medlabeler.learning.classifiers.estimators import make

        rows, labels = self._labelled(message)
        pool = pool_sample(self._pool())
        features, groups = self._shaping.prepare(self._vectors[rows]), self._groups(rows)
        try:
            found = cross_validated(
                features,
                labels,
                groups,
                rows,
                lambda: make(message["classifier"]),
                seed=message["seed"],
                names={int(i): name for i, name in message["names"]},
                blocks=fold_blocks(features, groups),
                fair=_fair(message, rows),
                pool=self._shaping.prepare(self._vectors[pool]),
            )
        except UserError as error:
            found = refused(error)
        found["prequential"] = prequential(message["draws"], groups is not None, WINDOW)
        self._send({"type": "details", "revision": message["revision"], "details": found,
                    "classifier": message["classifier"]})  # fmt: skip

    def _start_curve(self, message: Message) -> None:
        from medlabeler.learning.accuracy.cross_validation import ENOUGH_PER_CLASS
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

        rows, labels = self._labelled(message)
        ids, codes = np.unique(labels, return_inverse=True)
        groups = self._groups(rows)
        blocks = fold_blocks(self._shaping.prepare(self._vectors[rows]), groups)
        if blocks is None:
            blocks = np.arange(len(rows))
        # As for the headline: random draws labelled blind alone, once every class has enough of them.
        fair = _fair(message, rows)
        enough = bool((np.bincount(codes[fair], minlength=len(ids)) >= ENOUGH_PER_CLASS).all())
        scored = np.flatnonzero(fair if enough else np.ones(len(rows), np.bool_))
        self._summary = CurveSummary(max(1, len(ids)))
        self._facts = {"type": "curve", "revision": message["revision"], "n_images": len(rows),
                       "n_classes": len(ids), "n_scored": len(scored), "fair": enough}  # fmt: skip
        sentence = curve_refusal(len(ids), len(np.unique(blocks)))
        if sentence:
            self._curve = None
            self._send({**self._facts, "done": True, "curve": {"sentence": sentence}})
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
            self._send({**self._facts, "done": points is None, "curve": self._summary.as_json()})


def _fair(message: Message, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `rows` were drawn at random and labelled blind."""
    return np.isin(rows, np.array(message["fair"], np.int64))


def curve_refusal(n_classes: int, n_groups: int) -> str:
    """Why there is no learning curve; empty if there is one."""
    if n_classes < 2:
        return "A learning curve needs labels of at least two classes."
    if n_groups < 2:
        return "All labelled images come from one group; label images of other groups to see a curve."
    return ""


def main() -> int:
    """Run until the parent closes the channel."""
    # Before numpy's BLAS and torch start their threads: they read it once.
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"):
        os.environ[name] = "1"
    link = ParentLink(niceness=NICENESS)
    analyst = Analyst(link)
    link.deliver(analyst.queue.put)
    analyst.loop()
    return 0
