"""The window's end of the engine: one refit outstanding, the latest wins, stale results never land.

After the labels have been quiet for a moment the bridge asks for a cross-validation (not after every click)
and stores what comes back in the project's history. In the benchmark mode the reference of the test split is
measured along with it; the clinician's own test labels are only measured when the test set is opened.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.learning.classifiers import registry
from medlabeler.open_project.analyst import Analyst
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.explainer import Explainer
from medlabeler.open_project.runner import Runner
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.engine.client import EngineClient
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE, TEST_LABELS, checkpoint
from medlabeler.project.labels import training_labels
from medlabeler.project.relabelled import relabelled

CLASSIFIERS = tuple(registry.CLASSIFIERS)
"""All are measured, whichever is in use."""
QUIET_MS = 700
"""Labels must rest this long before a cross-validation starts."""
SETTLED_MS = 5000
"""After this rest even a change too small for a point of its own gets one."""
THINNING = 0.04
"""A new point at once when the number of labels has changed by this share."""
RELOAD_MS = 4000
"""While vectors keep coming the engine takes them up at most this often."""
MAX_RESTARTS = 3


class EngineBridge(QObject):
    """Talks to the engine process on behalf of the open project."""

    ready = Signal()  # the engine has mapped the embedding
    predicted = Signal()  # the predictions of the labels as they are were adopted
    suggested = Signal(str, object)  # tag of the request, list of Suggestion
    not_suggested = Signal()  # a request for suggestions failed

    def __init__(self, opened: OpenProjectState, runner: Runner) -> None:
        super().__init__(opened)
        self.opened = opened
        self._runner = runner
        self.analyst = Analyst(opened, self._occupied)
        self.explainer = Explainer(opened)
        self._client: EngineClient | None = None
        self._closed = False
        self._loaded = False
        self._restarts = 0
        self._asked: tuple[int, str] | None = None
        self._evaluated: tuple[int, int] = (-1, 0)  # revision, labels
        self._looking = False
        self._received = Mailbox(self._on_message)
        self._exited = Mailbox(self._on_exit)
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._evaluate_if_worth)
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._evaluate)
        self._reload = QTimer(self, interval=RELOAD_MS, singleShot=True)
        self._reload.timeout.connect(self._load)

    # ------------------------------------------------------------------ the process

    def start(self) -> None:
        """Start the engine process and give it the embedding, if there is one."""
        if self._client is not None or self._closed:
            return
        client: list[EngineClient] = []
        exits = self._exited  # not through self, which must not be held by the reader's thread

        def exited(code: int, tail: str) -> None:
            exits.post(client[0] if client else None, code, tail)

        client.append(EngineClient(self.opened.project.runtime, self._received.post, exited))
        self._client = client[0]
        self._load()

    @property
    def loaded(self) -> bool:
        """Whether the engine has the embedding in memory."""
        return self._loaded

    @property
    def busy(self) -> bool:
        """Whether a refit is under way."""
        return self._client is not None and self._client.busy

    def _occupied(self) -> bool:
        return self.busy or self._runner.running("embed", "project_map")

    def reload(self, at_once: bool = False) -> None:
        """The images or vectors changed."""
        if self._client is None:
            return
        if at_once or (not self._reload.isActive() and not self._loaded):
            self._load()
        elif not self._reload.isActive():
            self._reload.start()

    def _load(self) -> None:
        self._reload.stop()
        project = self.opened.project
        key = project.settings.get("embedding", None)
        if self._client is None or not key or not self.opened.n:
            return
        catalog = project.catalog
        self._loaded = False
        try:
            self._client.load(
                project.vectors.folder, key, split=catalog.split, group=catalog.group, digest=catalog.digest
            )
        except UserError as error:
            self.opened.adopt_no_model(str(error))
            self.opened.failed.emit(str(error))

    def _on_exit(self, client: EngineClient | None, code: int, tail: str) -> None:
        if self._closed or client is not self._client:
            return
        self._client, self._loaded, self._asked = None, False, None
        self._restarts += 1
        if self._restarts > MAX_RESTARTS:
            self.opened.failed.emit(
                f"The engine stopped again (exit code {code}); labels are safe, predictions are off. "
                "Open the project again to try once more."
            )
            return
        self.opened.message.emit("The engine stopped and is being started again; labels are safe.")
        self.start()

    # ------------------------------------------------------------------ requests

    def refit(self) -> None:
        """The labels or the classifier changed."""
        if self._client is None or not self._loaded:
            return
        opened = self.opened
        labels = opened.project.labels
        self._asked = (int(labels.revision), opened.classifier)
        usable = training_labels(labels.class_id, labels.kind, opened.split)
        self._client.refit(self._asked[0], usable, labels.kind, opened.classifier)
        self._quiet.stop()
        self._settled.stop()

    def suggest(self, strategy: str, count: int, waiting: list[int], tag: str, random_share: float) -> bool:
        """Ask for suggestions besides those that wait; False if there is nobody to ask."""
        if self._client is None or not self._loaded:
            return False
        revision = int(self.opened.project.labels.revision)
        seed = int(self.opened.project.settings.get("seed", 0)) + revision
        self._client.suggest(
            strategy, count, seed, waiting, tag=tag, names=self._names(), random_share=random_share
        )
        return True

    def request_neighbours(self, row: int) -> None:
        """Ask for the nearest labelled images of `row`.

        Nothing is asked where they would give away what the classifier thinks.
        """
        if row < 0 or self.opened.judged_blind(row):
            return
        if self._client is not None and self._loaded:
            self._client.neighbours(row)

    def evaluate_soon(self) -> None:
        """Measure again when the labels rest, whether or not they changed."""
        self._evaluated = (-1, 0)
        self._quiet.start()

    def open_test_set(self) -> None:
        """Measure on the labelled test images; recorded as a look."""
        truth = self._test_labels()
        if not (truth != NO_CLASS).any():
            self.opened.message.emit("No image of the test set is labelled yet: label them in blind mode.")
            return
        if self._client is None or self.opened.model is None:
            self.opened.message.emit("There is no classifier to measure yet.")
            return
        self._looking = True
        changed = relabelled(self.opened.project)
        before = truth.copy()
        before[changed.rows] = changed.before
        self._client.test(
            self.opened.model.revision,
            truth,
            TEST_LABELS,
            CLASSIFIERS,
            weights=self.opened.project.catalog.draw_weights(),
            before=before,
            names=self._names(),
        )

    def _test_labels(self) -> Any:
        opened = self.opened
        usable = (opened.split == Split.TEST) & (opened.kind == LabelKind.LABEL)
        return np.where(usable, opened.label, NO_CLASS).astype(np.int32)

    def _evaluate_if_worth(self) -> None:
        model = self.opened.model
        if model is None:
            return
        revision, n_labels = self._evaluated
        if revision == model.revision:
            return
        if abs(model.n_labels - n_labels) >= max(1.0, THINNING * n_labels):
            self._evaluate()
        else:
            self._settled.start()

    def _evaluate(self) -> None:
        opened, model = self.opened, self.opened.model
        if self._client is None or model is None or self._evaluated[0] == model.revision:
            return
        if self._runner.running("embed", "project_map"):
            self._settled.start()  # two cores: the map first
            return
        self._evaluated = (model.revision, model.n_labels)
        if opened.measure == REFERENCE:
            test = (opened.split == Split.TEST) & (opened.reference != NO_CLASS)
            truth = np.where(test, opened.reference, NO_CLASS).astype(np.int32)
            if test.any():
                weights = opened.project.catalog.draw_weights()
                self._client.test(
                    model.revision, truth, REFERENCE, CLASSIFIERS, weights=weights, names=self._names()
                )
        self._client.evaluate(
            model.revision,
            CLASSIFIERS,
            int(opened.project.settings.get("seed", 0)),
            fair=opened.project.labels.drawn_blind(),
            names=self._names(),
        )

    def _names(self) -> dict[int, str]:
        return {c.id: c.name for c in self.opened.classes}

    # ------------------------------------------------------------------ answers

    def _on_message(self, message: dict[str, Any]) -> None:
        handler = getattr(self, f"_on_{message.get('type')}", None)
        if handler is not None and not self._closed:
            handler(message)

    def _on_loaded(self, message: dict[str, Any]) -> None:
        if message["n"] != self.opened.n:
            self._load()
            return
        self._loaded = True
        self.refit()
        self.ready.emit()

    def _stale(self, message: dict[str, Any]) -> bool:
        return self._asked is None or message["revision"] != self._asked[0]

    def _on_predictions(self, message: dict[str, Any]) -> None:
        found = message["predictions"]
        if (message["revision"], message["classifier"]) != self._asked or len(
            found.class_id
        ) != self.opened.n:
            return
        state = ClassifierState(
            message["revision"],
            message["classifier"],
            message["n_labels"],
            message["fit_ms"],
            message["predict_ms"],
            message["total_ms"],
        )
        self.opened.adopt_predictions(
            state, found.class_id, found.confidence, (found.classes, found.probabilities)
        )
        self._quiet.start()
        self.predicted.emit()

    def _on_no_model(self, message: dict[str, Any]) -> None:
        if not self._stale(message):
            self.opened.adopt_no_model(message["sentence"])

    def _on_suggestions(self, message: dict[str, Any]) -> None:
        self.suggested.emit(
            message["tag"],
            [
                Suggestion(
                    item["row"],
                    item["reason"],
                    item["strategy"],
                    item["inclusion_probability"],
                    tuple(item["classes"]),
                )
                for item in message["items"]
            ],
        )

    def _on_neighbours(self, message: dict[str, Any]) -> None:
        pairs = list(zip(message["rows"], message["similarity"], strict=True))
        self.opened.adopt_neighbours(message["row"], pairs)

    def _on_evaluated(self, message: dict[str, Any]) -> None:
        self._store(message, CROSS_VALIDATION)

    def _on_tested(self, message: dict[str, Any]) -> None:
        self._store(message, message["measured_on"])
        if message["measured_on"] == TEST_LABELS and self._looking:
            self._looking = False
            looks = self.opened.project.history.looks()
            evaluations = [result["evaluation"] or {} for result in message["results"]]
            told = [e["relabelled"]["sentence"] for e in evaluations if "relabelled" in e][:1]
            self.opened.message.emit(
                " ".join([f"The test set was opened; that is look number {looks}.", *told])
            )

    def _on_failed(self, message: dict[str, Any]) -> None:
        if message.get("request") == "load":
            self._loaded = False
            self.opened.adopt_no_model(message["sentence"])
        elif message.get("request") == "suggest":
            self.not_suggested.emit()
        self.opened.failed.emit(message["sentence"])
        if message.get("bug"):
            self.opened.bug.emit(message["sentence"], message["bug"])

    def _store(self, message: dict[str, Any], measured_on: str) -> None:
        opened, model = self.opened, self.opened.model
        if model is None or message["revision"] != model.revision:
            return
        labelled = [c for c in np.unique(opened.label[opened.split == Split.POOL]) if c != NO_CLASS]
        for result in message["results"]:
            evaluation = result["evaluation"]
            if evaluation is None:
                opened.evaluation_sentence = result["sentence"]
                continue
            opened.evaluation_sentence = ""
            opened.project.history.add(
                checkpoint(
                    evaluation,
                    classifier=result["classifier"],
                    measured_on=measured_on,
                    classes=opened.classes,
                    session=opened.project.session_id,
                    revision=model.revision,
                    n_labels=model.n_labels,
                    n_classes=len(labelled),
                    embedding=opened.project.settings.get("embedding", ""),
                    note=result["sentence"],
                )
            )
        opened.changed.emit(Changes.HISTORY)

    def ask_to_end(self) -> None:
        """Let the process end while others are waited for; `close` has still to be called."""
        if self._client is not None:
            self._client.ask_to_end()

    def close(self) -> None:
        """Stop the process."""
        self._closed = True
        self.analyst.close()
        self.explainer.close()
        for timer in (self._quiet, self._settled, self._reload):
            timer.stop()
        if self._client is not None:
            self._client.close()
            self._client = None
