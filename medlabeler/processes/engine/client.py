"""The window's side of the engine: typed requests, and predictions as arrays of its own.

At most one refit is under way. Labels that change meanwhile are kept, only the latest, and sent when the
answer is in; the window always learns the result of the last change, and never one that is older than what it
last learned.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS
from medlabeler.learning.classifiers.formulas import KNN_K
from medlabeler.processes.channel import Child, Message
from medlabeler.processes.engine.shared_arrays import SharedArrays


@dataclass(frozen=True)
class Predictions:
    """What the classifier says of all images at one revision; the arrays are the receiver's own."""

    revision: int
    classifier: str
    classes: NDArray[np.int32]
    class_id: NDArray[np.int32]
    confidence: NDArray[np.float32]
    probabilities: NDArray[np.float32]


@dataclass(frozen=True)
class _Refit:
    revision: int
    labels: NDArray[np.int32]
    kinds: NDArray[np.uint8]
    classifier: str
    k: int


class EngineClient:
    """Starts an engine for the project whose `runtime` folder this is and speaks with it.

    `on_message(message)` is called on a reader thread, never on the caller's. Messages, by "type":
    `loaded` (n, dim, present); `predictions` (revision, classifier, classes, fit_ms, predict_ms, total_ms,
    n_labels and, added here, "predictions": `Predictions`); `no_model` (revision, sentence); `neighbours`
    (row, tag, rows, similarity); `suggestions` (tag, items: row, reason, strategy, inclusion_probability,
    classes: ids of those the reason names); `evaluated` (revision, seed, results); `tested` (revision,
    measured_on, results); `failed` (request, sentence, bug: traceback or None). One result is
    `{"classifier", "evaluation": {...} | None, "sentence"}`;
    see `learning.accuracy.report`.
    """

    def __init__(
        self,
        runtime: Path,
        on_message: Callable[[Message], None],
        on_exit: Callable[[int, str], None] | None = None,
    ) -> None:
        self._runtime = runtime
        self._on_message = on_message
        self._arrays: SharedArrays | None = None
        self._generation = 0
        self._lock = threading.Lock()
        self._outstanding: int | None = None
        self._waiting: _Refit | None = None
        self._child = Child("engine", self._receive, on_exit)

    @property
    def pid(self) -> int:
        """Process id of the engine."""
        return self._child.pid

    @property
    def alive(self) -> bool:
        """Whether the engine runs."""
        return self._child.alive

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
    ) -> None:
        """Use the embedding `key` of the vectors folder; what was asked of an earlier one is forgotten.

        The three arrays have length n: `Split`, group codes (-1 none), hex digests.
        """
        with self._lock:
            old = self._arrays
            self._generation += 1
            folder = self._runtime / f"engine-{self._child.pid}-{self._generation}"
            arrays = SharedArrays.create(folder, len(split))
            arrays["split.u8"][:] = split
            arrays["group.i32"][:] = group
            arrays["digest.s64"][:] = digest
            self._arrays = arrays
            self._outstanding = self._waiting = None
            self._child.send(
                {"type": "load", "generation": self._generation, "embedding_dir": str(vectors), "key": key,
                 "n": len(split), "runtime": str(folder)}
            )  # fmt: skip
        if old is not None:
            old.remove()

    def refit(
        self,
        revision: int,
        labels: NDArray[np.int32],
        kinds: NDArray[np.uint8],
        classifier: str,
        k: int = KNN_K,
    ) -> None:
        """Fit `classifier` ("logistic" or "knn") and predict all images.

        `labels` (n,) holds the class of POOL images labelled with a class and NO_CLASS elsewhere, `kinds`
        (n,) the `LabelKind` of every image. Both are only read, and must not be changed in place afterwards.
        """
        with self._lock:
            self._waiting = _Refit(revision, labels, kinds, classifier, k)
            self._send_waiting()

    def neighbours(self, row: int, k: int = 8, tag: str = "") -> None:
        """Ask for the k labelled pool images most similar to `row` (cosine similarity)."""
        self._send({"type": "neighbours", "row": int(row), "k": int(k), "tag": tag})

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
        self._send(
            {"type": "suggest", "strategy": strategy, "n": int(n), "seed": int(seed),
             "exclude": [int(row) for row in exclude], "tag": tag, "names": _pairs(names),
             "random_share": float(random_share), "spread_groups": spread_groups}
        )  # fmt: skip

    def evaluate(
        self,
        revision: int,
        classifiers: Iterable[str],
        seed: int,
        *,
        fair: NDArray[np.bool_] | None = None,
        names: Mapping[int, str] | None = None,
    ) -> None:
        """Ask for cross-validations on the labels of the latest refit; a newer refit ends them without an
        answer.

        `fair` (n,) marks random draws labelled blind, see `LabelStore.drawn_blind`; `names` of the classes
        by id are for the sentences.
        """
        rows = [] if fair is None else np.flatnonzero(fair).tolist()
        self._send(
            {"type": "evaluate", "revision": int(revision), "classifiers": list(classifiers),
             "seed": int(seed), "fair": rows, "names": _pairs(names)}
        )  # fmt: skip

    def test(
        self,
        revision: int,
        truth: NDArray[np.int32],
        measured_on: str,
        classifiers: Iterable[str],
        *,
        weights: NDArray[np.float64] | None = None,
        before: NDArray[np.int32] | None = None,
        names: Mapping[int, str] | None = None,
    ) -> None:
        """Measure classifiers fitted on the latest labels on the TEST images whose class `truth` (n,) gives.

        `measured_on`: "test labels" or "reference". `weights` (n,), see `Catalog.draw_weights`; `names` of
        the classes by id; `before` (n,) classes as they were before predictions were seen, measured as well
        where they differ from `truth`. Dropped without an answer when `revision` is no longer
        the latest.
        """
        with self._lock:
            if self._arrays is None:
                return
            self._arrays["truth.i32"][:] = truth
            rows = [] if weights is None else np.flatnonzero(truth != NO_CLASS).tolist()
            changed = [] if before is None else np.flatnonzero(before != truth).tolist()
            self._child.send(
                {"type": "test", "revision": int(revision), "measured_on": measured_on,
                 "classifiers": list(classifiers), "names": _pairs(names),
                 "weights": [] if weights is None else [[row, float(weights[row])] for row in rows],
                 "before": [[row, int(before[row])] for row in changed] if before is not None else [],
                 "generation": self._generation}
            )  # fmt: skip

    def ask_to_end(self) -> None:
        """Let the engine end while something else is waited for; `close` has still to be called."""
        self._child.ask_to_end()

    def close(self, timeout_s: float = 3.0) -> None:
        """End the engine and delete the shared files."""
        self._child.close(timeout_s)
        self._remove_arrays()

    def kill(self) -> None:
        """End the engine at once."""
        self._child.kill()
        self._remove_arrays()

    def _remove_arrays(self) -> None:
        with self._lock:
            if self._arrays is not None:
                self._arrays.remove()
            self._arrays = None

    def _send(self, message: Message) -> None:
        with self._lock:
            if self._arrays is not None:
                self._child.send({**message, "generation": self._generation})

    def _send_waiting(self) -> None:
        """Send the waiting refit if none is under way; the lock is held."""
        refit = self._waiting
        if refit is None or self._outstanding is not None or self._arrays is None:
            return
        self._waiting = None
        self._outstanding = refit.revision
        self._arrays["labels.i32"][:] = refit.labels
        self._arrays["kind.u8"][:] = refit.kinds
        self._child.send(
            {"type": "refit", "revision": int(refit.revision), "classifier": refit.classifier,
             "k": int(refit.k), "generation": self._generation}
        )  # fmt: skip

    def _receive(self, message: Message) -> None:
        """Take the results over before the next refit may overwrite them; drop what an earlier load was
        asked.
        """
        with self._lock:
            arrays = self._arrays
            if arrays is None or message.get("generation") != self._generation:
                return
        kind = message["type"]
        if kind == "predictions":
            # Without the lock, which the window's thread may want: no refit is sent before this is done.
            message["predictions"] = _taken_over(message, arrays)
        if kind in ("predictions", "no_model") or (kind == "failed" and message["request"] == "refit"):
            with self._lock:
                if message["generation"] != self._generation:
                    return
                self._outstanding = None
                self._send_waiting()
        self._on_message(message)


def _pairs(names: Mapping[int, str] | None) -> list[list[object]]:
    """Names by id for JSON, whose keys are text."""
    return [[int(class_id), name] for class_id, name in (names or {}).items()]


def _taken_over(message: Message, arrays: SharedArrays) -> Predictions:
    """Copies of the arrays that the engine has announced."""
    classes = np.array(message["classes"], np.int32)
    return Predictions(
        message["revision"],
        message["classifier"],
        classes,
        np.array(arrays["prediction.i32"]),
        np.array(arrays["confidence.f32"]),
        np.array(arrays.probabilities(len(classes), message["by_class"])),
    )
