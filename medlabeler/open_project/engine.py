"""The window's end of the engine: one refit outstanding, the newest finished answer is the one shown.

Every answer says which embedding and which revision of the labels it was computed on; it is stored under what
it says, shown if it is newer than what is shown, and dropped with a line in the log otherwise. After the
labels have been quiet for a moment the bridge asks for a cross-validation (not after every click) and stores
what comes back in the project's history. In the benchmark mode the reference of the test split is measured
along with it; the clinician's own test labels are only measured when the test set is opened.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import asdict
from weakref import WeakMethod

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.learning.classifiers import registry
from medlabeler.open_project.analyst import Analyst
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.explainer import Explainer
from medlabeler.open_project.look_at_test_set import found_sentence
from medlabeler.open_project.runner import Runner
from medlabeler.open_project.state import OpenProjectState, class_counts
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.engine.client import NO_ROWS, EngineClient, Glimpse, Places, Predictions, Told
from medlabeler.processes.protocol import (
    Crashed,
    Dropped,
    Evaluated,
    Failed,
    Loaded,
    NeighboursFound,
    NoModel,
    Rejected,
    Scored,
    Suggested,
)
from medlabeler.processes.supervisor import Answering, Ended, Event, Silent, Started, Supervisor
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE, TEST_LABELS, checkpoint
from medlabeler.project.project import RUNTIME
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
"""While vectors keep coming the engine takes them up at most this often,"""
RELOAD_SHARE = 0.1
"""and after this share of the time since the first came: each time it reads all of them."""
RETRY_MS = 15_000
"""An embedding that could not be loaded, for want of room as a rule, is tried again after this."""
LARGE = 100_000
"""From so many images on the engine tells first of those in sight and those labelled. Of 171,375 with the
whole map in view these are seen in their colours after half of the time, and all a little later.
"""
OF_NEIGHBOURS = 2
"""kNN does so from so many times as many images on: it takes four times as long for one of some scattered
over all as for one of all."""
SOON_S = 2.0
"""A new start that comes so soon is no trouble worth more than a line."""
NO_CLASSIFIER = tr("There is no classifier to measure yet.")

log = logging.getLogger("medlabeler.window")


class EngineBridge(QObject):
    """Talks to the engine process on behalf of the open project."""

    ready = Signal()  # the engine has mapped the embedding
    predicted = Signal()  # newer predictions than those before were adopted
    suggested = Signal(str, object)  # tag of the request, list of Suggestion
    not_suggested = Signal()  # a request for suggestions failed
    glimpsed = Signal()  # the state has newer predictions of some images

    def __init__(self, opened: OpenProjectState, runner: Runner, supervisor: Supervisor) -> None:
        super().__init__(opened)
        self.opened = opened
        self._runner = runner
        self._supervisor = supervisor
        self.analyst = Analyst(opened, supervisor, self._occupied)
        self.explainer = Explainer(opened, supervisor)
        self._client: EngineClient | None = None
        self._closed = False
        self._loaded = False
        self._loading = False
        self._shown_key = ""  # the embedding that the predictions on show were computed on
        self._evaluated: tuple[int, int] = (-1, 0)  # revision, labels
        self._in_sight: WeakMethod[Callable[[], NDArray[np.int64]]] | None = None
        self._look = ""  # "", "wanted" or "asked": how far an opening of the test set is
        self._load_problem = ""
        self._growing_since: float | None = None  # `time.monotonic` of the first vectors of those that come
        self._embedded = 0  # images whose vectors the engine has
        self._received = Mailbox(self._on_answer)
        self._happened = Mailbox(self._on_event)
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._evaluate_if_worth)
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._evaluate)
        self._reload = QTimer(self, interval=RELOAD_MS, singleShot=True)
        self._reload.timeout.connect(self._load)
        self._retry = QTimer(self, interval=RETRY_MS, singleShot=True)
        self._retry.timeout.connect(self._load)

    # ------------------------------------------------------------------ the process

    def start(self) -> None:
        """Have an engine process from now on, and give it the embedding, if there is one."""
        if self._client is not None or self._closed:
            return
        runtime = self.opened.project.path / RUNTIME
        self._client = EngineClient(runtime, self._supervisor, self._received.post, self._happened.post)

    @property
    def loaded(self) -> bool:
        """Whether the engine has the embedding in memory."""
        return self._loaded

    @property
    def busy(self) -> bool:
        """Whether a refit is under way."""
        return self._client is not None and self._client.busy

    @property
    def pid(self) -> int | None:
        """Process id of the engine, None while there is none."""
        return self._client.pid if self._client is not None else None

    def _occupied(self) -> bool:
        return self.busy or self._runner.running("embed", "project_map")

    def reload(self, at_once: bool = False) -> None:
        """The images or vectors changed."""
        if self._client is None:
            return
        now = time.monotonic()
        self._growing_since = None if at_once else self._growing_since or now
        # One that is under way is let end: vectors may come faster than the engine reads them.
        if at_once or not (self._reload.isActive() or self._loaded or self._loading):
            self._load()
        elif not self._reload.isActive():
            passed_s = now - (self._growing_since or now)
            self._reload.start(max(RELOAD_MS, int(1000 * RELOAD_SHARE * passed_s)))

    @property
    def _key(self) -> str:
        """The embedding in use, "" if there is none."""
        return str(self.opened.project.settings.get("embedding", "") or "")

    def _load(self) -> None:
        self._reload.stop()
        self._retry.stop()
        project = self.opened.project
        if self._client is None or self._closed or not self._key or not self.opened.n:
            return
        catalog = project.catalog
        self._loaded, self._loading = False, True
        self._client.load(
            project.vectors.folder,
            self._key,
            split=catalog.split,
            group=catalog.group.copy(),
            digest=catalog.digest,
            n_classes=len(self.opened.classes),
        )

    def go_on(self) -> None:
        """There is room on the disk again: try now what would be tried later."""
        if self._retry.isActive():
            self._load()
        elif self._evaluated == (-1, 0):
            self._quiet.start()

    def _not_loaded(self, sentence: str) -> None:
        """Say why there are no predictions, once, and try again by and by."""
        self._loaded = self._loading = False
        self.opened.adopt_no_model(sentence)
        if sentence != self._load_problem:
            self._load_problem = sentence
            self.opened.failed.emit(sentence)
        self._retry.start()

    def _on_event(self, event: Event) -> None:
        if self._closed:
            return
        if isinstance(event, Started):
            self._forget_process()
            self._load()
        elif isinstance(event, Silent):
            self.opened.message.emit(
                tr(
                    "The engine has not answered for {seconds:.0f} s; labels are safe. If that "
                    "goes on it is replaced.",
                    seconds=event.seconds,
                )
            )
        elif isinstance(event, Answering):
            self.opened.message.emit(tr("The engine answers again."))
        else:
            self._on_end(event)

    def _forget_process(self) -> None:
        self._loaded, self._loading, self._evaluated = False, False, (-1, 0)
        if self._look == "asked":
            self._look = "wanted"

    def _on_end(self, end: Ended) -> None:
        self._forget_process()
        wait_s = end.again_in_s or 0.0
        if wait_s <= SOON_S:
            self.opened.message.emit(
                tr("The engine stopped ({why}) and is being started again; labels are safe.", why=end.why)
            )
        else:
            self.opened.failed.emit(
                tr(
                    "The engine stopped again ({why}); labels are safe, predictions wait. It is "
                    "started again in {wait_s:.0f} s.",
                    why=end.why,
                    wait_s=wait_s,
                )
            )

    # ------------------------------------------------------------------ requests

    def refit(self) -> None:
        """The labels or the classifier changed."""
        if self._client is None or not self._loaded:
            return
        opened = self.opened
        labels, learned = opened.project.labels, opened.learned
        self._client.refit(
            int(labels.revision),
            learned.rows,
            learned.class_ids,
            labels.kind,
            opened.classifier,
            first=self._first(),
        )
        self._quiet.stop()
        self._settled.stop()

    def ask_what_is_in_sight(self, rows: Callable[[], NDArray[np.int64]]) -> None:
        """From now on `rows()`, a method of whoever draws the images, tells which of them a person sees."""
        self._in_sight = WeakMethod(rows)

    def _first(self) -> NDArray[np.int64]:
        """Rows that the engine is to tell of before all others: none where it tells of all soon enough."""
        opened = self.opened
        enough = LARGE * (OF_NEIGHBOURS if opened.classifier == "knn" else 1)
        if opened.n < enough or opened.model is None or opened.shows_start or opened.blind:
            return NO_ROWS
        in_sight = self._in_sight() if self._in_sight is not None else None
        learned = opened.learned.rows
        if in_sight is None:
            return learned
        # By sorting: to hash them, as `union1d` does, takes ten times as long.
        both = np.sort(np.concatenate([learned, in_sight()]))
        return both[np.concatenate([[True], both[1:] != both[:-1]])] if len(both) else both

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

    def place(self) -> None:
        """Have images that were embedded after the map was drawn take their places on it."""
        opened = self.opened
        if self._client is not None and self._loaded and 0 < opened.n_on_map < self._embedded:
            self._client.place(opened.projection)

    def evaluate_soon(self) -> None:
        """Measure again when the labels rest, whether or not they changed."""
        self._evaluated = (-1, 0)
        self._quiet.start()

    def why_no_look(self) -> str:
        """Why the test set cannot be measured on; empty if it can."""
        if not (self._test_labels() != NO_CLASS).any():
            return tr("No image of the test set is labelled yet: label them in blind mode.")
        return NO_CLASSIFIER if self._client is None or not self._key else ""

    def open_test_set(self) -> None:
        """Measure on the labelled test images, as soon as the classifier is that of the labels as they are;
        recorded as a look.
        """
        problem = self.why_no_look()
        if problem:
            self.opened.message.emit(problem)
        elif not self._look:
            self._look = "wanted"
            self._look_if_wanted()
            if self._look == "wanted":
                self.opened.message.emit(
                    tr("The test set is measured as soon as the classifier has learned the latest labels.")
                )

    def _look_if_wanted(self) -> None:
        """Ask for the look at the test set that was wanted before it could be had."""
        client = self._client
        if self._look != "wanted" or client is None or client.busy or not self._loaded:
            return
        opened, truth = self.opened, self._test_labels()
        if opened.model is None or not (truth != NO_CLASS).any():
            self._look = ""
            opened.message.emit(NO_CLASSIFIER)
            return
        changed = relabelled(opened.project)
        before = truth.copy()
        before[changed.rows] = changed.before
        catalog, brought = opened.project.catalog, opened.project.labels.not_given_here()
        if client.test(
            truth, TEST_LABELS, CLASSIFIERS, weights=catalog.draw_weights(), before=before, brought=brought,
            draw_problem=catalog.draw_problem(opened.kind != LabelKind.CLEAR), names=self._names(),
        ):  # fmt: skip
            self._look = "asked"

    def _test_labels(self) -> NDArray[np.int32]:
        opened = self.opened
        usable = (opened.split == Split.TEST) & (opened.kind == LabelKind.LABEL)
        return np.where(usable, opened.label, NO_CLASS).astype(np.int32)

    def _evaluate_if_worth(self) -> None:
        model = self.opened.model
        if model is None:
            return
        revision, n_labels = self._evaluated
        if (revision, n_labels) == (model.revision, model.n_labels):
            return
        if abs(model.n_labels - n_labels) >= max(1.0, THINNING * n_labels):
            self._evaluate()
        else:
            self._settled.start()

    def _evaluate(self) -> None:
        opened, model = self.opened, self.opened.model
        if self._client is None or model is None or self._evaluated == (model.revision, model.n_labels):
            return
        self._evaluated = (model.revision, model.n_labels)
        if opened.measure == REFERENCE:
            test = (opened.split == Split.TEST) & (opened.reference != NO_CLASS)
            truth = np.where(test, opened.reference, NO_CLASS).astype(np.int32)
            if test.any():
                catalog = opened.project.catalog
                self._client.test(
                    truth, REFERENCE, CLASSIFIERS, weights=catalog.draw_weights(),
                    draw_problem=catalog.draw_problem(truth != NO_CLASS), names=self._names(),
                )  # fmt: skip
        self._client.evaluate(
            CLASSIFIERS,
            int(opened.project.settings.get("seed", 0)),
            fair=opened.project.labels.drawn_blind(),
            brought=opened.project.labels.not_given_here(),
            names=self._names(),
        )

    def _names(self) -> dict[int, str]:
        return {c.id: c.name for c in self.opened.classes}

    # ------------------------------------------------------------------ answers

    def _on_answer(self, answer: Told) -> None:
        if self._closed:
            return
        match answer:
            case Predictions():
                self._on_predictions(answer)
            case Glimpse():
                self._on_glimpse(answer)
            case Loaded():
                self._on_loaded(answer)
            case NoModel():
                self._on_no_model(answer)
            case Suggested():
                self._on_suggested(answer)
            case NeighboursFound():
                pairs = list(zip(answer.rows, answer.similarity, strict=True))
                self.opened.adopt_neighbours(answer.row, pairs)
            case Evaluated():
                self._evaluated = max(self._evaluated, (answer.revision, answer.n_labels))
                self._store(answer, CROSS_VALIDATION)
            case Scored():
                self._on_tested(answer)
            case Places():
                self.opened.adopt_places(answer.key, answer.method, answer.xy)
            case Dropped():
                self._on_dropped(answer)
            case Failed():
                self._on_failed(answer)
            case Rejected() | Crashed():
                self._on_fault(answer)

    def _on_loaded(self, answer: Loaded) -> None:
        if answer.n != self.opened.n:
            self._load()
            return
        self._loaded, self._loading, self._load_problem = True, False, ""
        self._embedded = answer.present
        self.refit()
        self.ready.emit()
        self.place()

    def _outdated(self, key: str, revision: int) -> str:
        """Why an answer must not take the place of what is shown; empty if it may."""
        model = self.opened.model
        if key != self._key:
            return "another embedding is in use"
        if model is not None and key == self._shown_key and revision < model.revision:
            return f"revision {model.revision} is shown"
        return ""

    def _on_glimpse(self, found: Glimpse) -> None:
        """What the rows in sight will be; everything else waits for the predictions of all."""
        opened = self.opened
        why = self._outdated(found.key, found.revision)
        if opened.model is None or found.key != self._shown_key:
            why = "nothing of that embedding is shown"
        elif opened.n and int(found.rows.max(initial=0)) >= opened.n:
            why = "there are other images now"
        elif found.classifier != opened.model.classifier:
            why = "another classifier is shown"
        elif not set(class_counts(found.class_id)) <= {c.id for c in opened.classes}:
            why = "there are other classes now"
        if why:
            log.debug("first predictions of revision %d are dropped: %s", found.revision, why)
            return
        opened.adopt_glimpse(found.revision, found.rows, found.class_id, found.confidence)
        self.glimpsed.emit()

    def _on_predictions(self, found: Predictions) -> None:
        opened = self.opened
        why = self._outdated(found.key, found.revision)
        if len(found.class_id) != opened.n:
            why = "there are other images now"
        elif found.classifier != opened.classifier:
            why = "another classifier is wanted"
        elif not set(found.classes.tolist()) <= {c.id for c in opened.classes}:
            why = "there are other classes now"
        if why:
            log.info("predictions of revision %d are dropped: %s", found.revision, why)
            return
        state = ClassifierState(
            found.revision,
            found.classifier,
            found.n_labels,
            found.fit_ms,
            found.predict_ms,
            found.total_ms,
        )
        if found.key != self._shown_key:
            self._shown_key, self._evaluated = found.key, (-1, 0)
        opened.adopt_predictions(
            state, found.class_id, found.confidence, (found.classes, found.probabilities.of)
        )
        self._quiet.start()
        self.predicted.emit()
        self._look_if_wanted()

    def _on_no_model(self, answer: NoModel) -> None:
        why = self._outdated(answer.key, answer.revision)
        if why:
            log.info("that there is no classifier of revision %d is dropped: %s", answer.revision, why)
            return
        self.opened.adopt_no_model(answer.sentence)
        self._look_if_wanted()

    def _on_suggested(self, answer: Suggested) -> None:
        items = [
            Suggestion(item.row, item.reason, item.strategy, item.inclusion_probability, item.classes)
            for item in answer.items
        ]
        self.suggested.emit(answer.tag, items)

    def _on_tested(self, answer: Scored) -> None:
        self._store(answer, answer.measured_on)
        if answer.measured_on != TEST_LABELS:
            return
        self._look = ""
        measured = {
            result.classifier: result.report for result in answer.results if result.report is not None
        }
        reports = list(measured.values())
        if not reports:
            self.opened.message.emit(answer.results[0].sentence if answer.results else NO_CLASSIFIER)
            return
        looks = self.opened.project.history.looks()
        told = [found_sentence(measured.get(self.opened.classifier, reports[0]), looks)]
        if answer.key != self._key:
            told.append(
                tr("It was measured with the image model that was in use before, and is stored as such.")
            )
        told += [found.relabelled.sentence for found in reports if found.relabelled is not None][:1]
        self.opened.message.emit(" ".join(told))

    def _on_dropped(self, answer: Dropped) -> None:
        log.info("the engine dropped a %s", answer.request)
        log.debug("%s", answer.sentence)
        if answer.request == "Evaluate":
            self._evaluated = (-1, 0)
        elif answer.request == "Suggest":
            self.not_suggested.emit()
        elif answer.request == "Score" and answer.tag == TEST_LABELS and self._look == "asked":
            self._look = "wanted"
            self._look_if_wanted()

    def _on_failed(self, answer: Failed) -> None:
        if answer.request == "Load":
            self._not_loaded(answer.sentence)
        else:
            if answer.request == "Suggest":
                self.not_suggested.emit()
            elif answer.request == "Score" and answer.tag == TEST_LABELS:
                self._look = ""
            self.opened.failed.emit(answer.sentence)
        if answer.bug:
            self.opened.bug.emit(answer.sentence, answer.bug)

    def _on_fault(self, fault: Rejected | Crashed) -> None:
        """Window and engine do not understand each other, or it is about to end: a new one begins afresh."""
        self.not_suggested.emit()
        self.opened.bug.emit(fault.sentence, fault.bug if isinstance(fault, Crashed) else "")
        if isinstance(fault, Rejected) and self._client is not None:
            self._client.replace()

    def _store(self, answer: Evaluated | Scored, measured_on: str) -> None:
        """Keep figures under the embedding and the labels that they were computed on."""
        opened = self.opened
        current = opened.model is not None and opened.model.revision == answer.revision
        for result in answer.results:
            if current:
                opened.evaluation_sentence = result.sentence if result.report is None else ""
            if result.report is None:
                continue
            try:
                opened.project.history.add(
                    checkpoint(
                        asdict(result.report),
                        classifier=result.classifier,
                        measured_on=measured_on,
                        classes=opened.classes,
                        session=opened.project.session_id,
                        revision=answer.revision,
                        n_labels=answer.n_labels,
                        n_classes=answer.n_classes,
                        embedding=answer.key,
                        note=result.sentence,
                        seed=answer.seed if isinstance(answer, Evaluated) else None,
                        n_embedded=answer.n_embedded,
                    )
                )
            except UserError as error:
                self._evaluated = (-1, 0)  # measured again with the next labels, or when there is room
                opened.failed.emit(str(error))
                return
        opened.changed.emit(Changes.HISTORY)

    def close(self) -> None:
        """Ask nothing more; the supervisor ends the processes."""
        self._closed = True
        self.analyst.close()
        self.explainer.close()
        for timer in (self._quiet, self._settled, self._reload, self._retry):
            timer.stop()
        if self._client is not None:
            self._client.close()
            self._client = None
