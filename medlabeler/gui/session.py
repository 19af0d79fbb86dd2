"""One open project as the panels see it: arrays, signals and actions. No widget, no computation.

A panel reads the arrays, calls the actions and redraws on the signals; it never knows another panel.
Every action that decides about images ends with the decision on disk before `changed` is emitted.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, LabelSource, Split
from medlabeler.gui.engine_bridge import EngineBridge
from medlabeler.gui.runner import Runner
from medlabeler.gui.state import JobState, ModelState, Suggestion
from medlabeler.gui.thumbnail_loader import ThumbnailLoader
from medlabeler.project.project import Project

SUGGESTIONS = 12
"""How many suggestions are kept ready."""

ONE_CLASS = "Label images of a second class to start the classifier."

KIND_WORDS = {
    LabelKind.SKIP: "skip",
    LabelKind.NOT_SURE: "not sure about",
    LabelKind.BAD_IMAGE: "mark as bad image",
    LabelKind.CLEAR: "clear",
}

Rows = NDArray[np.int64]


def images(count: int) -> str:
    """'1 image', '1,234 images'."""
    return "1 image" if count == 1 else f"{count:,} images"


class Session(QObject):
    """An open project: the state the panels show and the actions they offer.

    Arrays over images have length `n` and are replaced, never changed in place:
    `label` int32 class ids (NO_CLASS where none), `kind` uint8 LabelKind (CLEAR where undecided), `split` uint8,
    `reference` int32 class ids, `prediction` int32 (NO_CLASS where none or hidden), `confidence` float32 in 0..1
    (nan where none or hidden), `xy` float32 (n, 2) nan where absent, `selection` bool.
    Predictions of unlabelled test images are always hidden; in blind mode all of them are.
    """

    changed = Signal(object)  # Changes: redraw what you show
    selection_changed = Signal()
    current_changed = Signal()
    view_changed = Signal()  # colour_by, blind, hidden
    suggestions_changed = Signal()
    neighbours_changed = Signal(int)  # row
    jobs_changed = Signal()
    message = Signal(str)  # one sentence for the status bar
    failed = Signal(str)  # one sentence the user must see (not modal)

    def __init__(
        self,
        project: Project,
        *,
        settings: Settings | None = None,
        start_engine: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.project = project
        self.settings = settings or Settings()
        self.current = -1
        self.blind = False
        self.hidden: frozenset[int] = frozenset()
        self.active_class: int | None = None
        self.model: ModelState | None = None
        self.model_sentence = ONE_CLASS
        self.suggestions: list[Suggestion] = []
        self.neighbours: dict[int, list[tuple[int, float]]] = {}
        self._picked: Rows | None = None
        self._from_queue = False
        self._raw_prediction = np.empty(0, np.int32)
        self._raw_confidence = np.empty(0, np.float32)
        self.n = 0
        self.selection = np.zeros(0, np.bool_)
        stored = project.settings
        self.colour_by: str = stored.get("colour_by", "label")
        self.classifier: str = stored.get("classifier", "logistic")
        self.strategy: str = stored.get("strategy", "least_confident")
        self.measure: str = stored.get("measure", "labels")
        self.target_per_class: int = stored.get("target_per_class", 100)
        self._blind_order: Rows = np.empty(0, np.int64)
        self._read(Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.PROJECTION)
        self.thumbnails = ThumbnailLoader(self)
        self.runner = Runner(self)
        self.engine = EngineBridge(self)
        if start_engine:
            self.engine.start()

    # ------------------------------------------------------------------ reading the project

    def _read(self, what: Changes) -> None:
        """Take new copies of what changed in the project."""
        catalog, labels = self.project.catalog, self.project.labels
        if what & Changes.IMAGES:
            grown = catalog.n != self.n
            self.n = catalog.n
            if grown:
                self.selection = _grown(self.selection, self.n, False)
                self._raw_prediction = _grown(self._raw_prediction, self.n, NO_CLASS)
                self._raw_confidence = _grown(self._raw_confidence, self.n, np.nan)
            self.split = catalog.split.copy()
        if what & (Changes.IMAGES | Changes.CLASSES):
            self.reference = catalog.reference.copy()
        if what & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES):
            self.label = labels.class_id.copy()
            self.kind = labels.kind.copy()
        if what & Changes.CLASSES:
            self.classes: list[ClassDef] = list(self.project.classes.all())
            if self.active_class not in {c.id for c in self.classes}:
                self.active_class = None
        if what & (Changes.IMAGES | Changes.EMBEDDING | Changes.PROJECTION):
            self._read_projection()
        self._mask_predictions()

    def _read_projection(self) -> None:
        key = self.project.settings.get("embedding", None)
        self.embedding_info = self.project.vectors.info(key) if key else None
        self.projection = ""
        xy = None
        for method in ("umap", "pca"):
            xy = self.project.vectors.load_projection(key, method) if key else None
            if xy is not None:
                self.projection = method
                break
        if xy is None:
            xy = np.empty((0, 2), np.float32)
        self.xy: NDArray[np.float32] = np.full((self.n, 2), np.nan, np.float32)
        m = min(self.n, len(xy))
        self.xy[:m] = xy[:m]

    def _mask_predictions(self) -> None:
        """Hide what must not be seen: everything in blind mode, unlabelled test images always."""
        if self.blind or self.model is None:
            self.prediction = np.full(self.n, NO_CLASS, np.int32)
            self.confidence = np.full(self.n, np.nan, np.float32)
            return
        hide = (self.split == Split.TEST) & (self.kind != LabelKind.LABEL)
        self.prediction = np.where(hide, NO_CLASS, self._raw_prediction).astype(np.int32)
        self.confidence = np.where(hide, np.nan, self._raw_confidence).astype(np.float32)

    def refresh(self, what: Changes) -> None:
        """The project changed by a job or a decision: read it again, tell the panels, refit."""
        if not what:
            return
        self._read(what)
        if what & (Changes.IMAGES | Changes.EMBEDDING):
            self.engine.reload()
        elif what & (Changes.LABELS | Changes.CLASSES):
            self.engine.refit()
        self.changed.emit(what)

    def class_of(self, class_id: int) -> ClassDef | None:
        """The live class of that id."""
        return next((c for c in self.classes if c.id == class_id), None)

    def class_name(self, class_id: int) -> str:
        """Its name, or an empty string."""
        found = self.class_of(int(class_id))
        return found.name if found else ""

    # ------------------------------------------------------------------ what is selected

    def set_selection(self, rows: Iterable[int] | Rows, mode: str = "replace") -> None:
        """Change the selection by `rows`; `mode` is replace, add, toggle or remove."""
        rows = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)
        selection = np.zeros(self.n, np.bool_) if mode == "replace" else self.selection.copy()
        if mode in ("replace", "add"):
            selection[rows] = True
        elif mode == "toggle":
            selection[rows] = ~selection[rows]
        elif mode == "remove":
            selection[rows] = False
        else:
            raise ValueError(mode)
        self._picked = None
        self.selection = selection
        self.selection_changed.emit()
        if len(rows) == 1 and selection[rows[0]]:
            self._go(int(rows[0]))

    def clear_selection(self) -> None:
        """Select nothing; the current image stays."""
        if self.selection.any():
            self.set_selection(np.empty(0, np.int64))

    def set_current(self, row: int) -> None:
        """Show one image; leaving the selection drops it, so that a key never labels what is out of sight."""
        if row >= 0 and not self.selection[row]:
            self.clear_selection()
        self._go(row)

    def _go(self, row: int) -> None:
        if row != self.current:
            self.current = row
            self.current_changed.emit()
            if row >= 0 and not self.blind:
                self.request_neighbours(row)

    def set_picked(self, rows: Iterable[int] | Rows | None) -> None:
        """Narrow what keys label to `rows` inside the selection (picked in the grid); None: the whole selection."""
        self._picked = None if rows is None else np.asarray(list(rows), np.int64)

    def targets(self) -> Rows:
        """Rows a key labels now: those picked in the grid, else the selection, else the current image."""
        if self._picked is not None and len(self._picked):
            return self._picked
        chosen = np.flatnonzero(self.selection)
        if len(chosen) or self.current < 0:
            return chosen
        return np.array([self.current], np.int64)

    def select_class(self, class_id: int) -> None:
        """Select all images labelled with the class, for review, and make it the active class."""
        self.active_class = class_id
        self.set_selection(self.project.labels.rows_of_class(class_id))
        self.view_changed.emit()

    # ------------------------------------------------------------------ decisions

    def label_rows(
        self, rows: Iterable[int] | Rows, class_id: int, source: LabelSource = LabelSource.CLICK
    ) -> None:
        """Label `rows`; test images are skipped unless in blind mode, and the message says how many."""
        self._decide(rows, LabelKind.LABEL, class_id, source)

    def mark_rows(
        self, rows: Iterable[int] | Rows, kind: LabelKind, source: LabelSource = LabelSource.CLICK
    ) -> None:
        """Skip, mark as not sure or as a bad image."""
        self._decide(rows, kind, None, source)

    def clear_rows(self, rows: Iterable[int] | Rows) -> None:
        """Take the labels of `rows` away."""
        self._decide(rows, LabelKind.CLEAR, None, LabelSource.CLICK)

    def confirm_predictions(
        self, rows: Iterable[int] | Rows, source: LabelSource = LabelSource.QUEUE
    ) -> None:
        """Label each of `rows` with the prediction shown for it; rows without one are left out."""
        chosen = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)
        predicted = self.prediction[chosen]
        chosen, predicted = chosen[predicted != NO_CLASS], predicted[predicted != NO_CLASS]
        if not len(chosen):
            self.message.emit("There is no prediction to confirm yet.")
            return
        self._decide(chosen, LabelKind.LABEL, predicted, source)

    def _decide(
        self,
        rows: Iterable[int] | Rows,
        kind: LabelKind,
        class_ids: int | NDArray[np.int32] | None,
        source: LabelSource,
    ) -> None:
        rows = np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)
        allowed = np.ones(len(rows), np.bool_) if self.blind else self.split[rows] != Split.TEST
        left_out = int((~allowed).sum())
        rows = rows[allowed]
        if isinstance(class_ids, np.ndarray):
            class_ids = class_ids[allowed]
        note = f"{images(left_out)} of the test set left out: label them in blind mode." if left_out else ""
        if not len(rows):
            if note:
                self.message.emit(note)
            return
        suggestion = next((s for s in self.suggestions if s.row == rows[0]), None) if len(rows) == 1 else None
        if suggestion is not None and source == LabelSource.CLICK:
            source = LabelSource.QUEUE
        if len(rows) > 1 and source == LabelSource.CLICK:
            source = LabelSource.BULK
        shown = not self.blind and self.model is not None
        step = self._journal(
            lambda: self.project.journal.decide(
                rows,
                kind,
                class_ids,
                name=self._step_name(rows, kind, class_ids),
                source=source,
                strategy=suggestion.strategy if suggestion else None,
                inclusion_probability=suggestion.inclusion_probability if suggestion else None,
                shown_class=self.prediction[rows] if shown else None,
                shown_confidence=self.confidence[rows] if shown else None,
                model_revision=self.model.revision if shown and self.model else None,
                blind=self.blind,
            )
        )
        if step is None:
            return
        if note:
            self.message.emit(note)
        self._drop_suggestions(rows)
        self._advance(rows)

    def _step_name(self, rows: Rows, kind: LabelKind, class_ids: int | NDArray[np.int32] | None) -> str:
        if kind != LabelKind.LABEL:
            return f"{KIND_WORDS[kind]} {images(len(rows))}"
        distinct = np.unique(np.asarray(class_ids))
        what = self.class_name(int(distinct[0])) if len(distinct) == 1 else "as predicted"
        return f"label {images(len(rows))} {what}"

    def _journal(self, action: Any) -> Any:
        """Run one call of the journal; a refusal becomes a message, a step is announced."""
        try:
            step = action()
        except UserError as error:
            self.failed.emit(str(error))
            return None
        changes = getattr(step, "changes", Changes.CLASSES if step is not None else Changes.NONE)
        self.refresh(changes)
        return step

    def _advance(self, decided: Rows) -> None:
        """After one image was decided in the queue or in blind mode, show the next one."""
        if len(decided) != 1 or self.current != decided[0] or not self.settings.get("auto_advance"):
            return
        if self.blind:
            self.next_blind()
        elif self._from_queue:
            self.set_current(self.suggestions[0].row if self.suggestions else -1)

    # ------------------------------------------------------------------ suggestions

    def _drop_suggestions(self, rows: Rows) -> None:
        gone = set(rows.tolist())
        kept = [s for s in self.suggestions if s.row not in gone]
        self._from_queue = len(kept) != len(self.suggestions)
        if self._from_queue:
            self.suggestions = kept
            self.suggestions_changed.emit()
            if len(kept) < SUGGESTIONS // 2:
                self.refill_suggestions()

    def refill_suggestions(self) -> None:
        """Ask the engine for more; those on screen stay where they are."""
        self.engine.suggest(self.strategy, SUGGESTIONS, [s.row for s in self.suggestions])

    def set_strategy(self, strategy: str) -> None:
        """Choose the query strategy; the waiting suggestions are replaced."""
        self.strategy = strategy
        self.project.settings.set("strategy", strategy)
        self.suggestions = []
        self.suggestions_changed.emit()
        self.refill_suggestions()

    def request_neighbours(self, row: int) -> None:
        """Ask for the nearest labelled images of `row`; `neighbours_changed` tells when they are there."""
        self.engine.request_neighbours(row)

    # ------------------------------------------------------------------ classes, undo

    def add_class(self, name: str) -> ClassDef | None:
        """Add a class; None when the name was refused (the reason is emitted)."""
        made: ClassDef | None = self._journal(lambda: self.project.journal.add_class(name))
        if made is not None:
            self.active_class = made.id
        return made

    def rename_class(self, class_id: int, name: str) -> None:
        """Rename; labels and reference follow."""
        self._journal(lambda: self.project.journal.rename_class(class_id, name))

    def recolour_class(self, class_id: int, colour: str) -> None:
        """Give it another colour, `#rrggbb`."""
        self._journal(lambda: self.project.journal.recolour_class(class_id, colour))

    def move_class(self, class_id: int, position: int) -> None:
        """Change its place, and so its key."""
        self._journal(lambda: self.project.journal.move_class(class_id, position))

    def merge_classes(self, source_id: int, target_id: int) -> None:
        """Make all labels of the one labels of the other."""
        self._journal(lambda: self.project.journal.merge_classes(source_id, target_id))

    def delete_class(self, class_id: int) -> None:
        """Delete it; its labels are taken away. Undo brings both back."""
        self._journal(lambda: self.project.journal.delete_class(class_id))

    @property
    def undo_name(self) -> str | None:
        """What undo would take back: 'label 37 images EOS'."""
        name: str | None = self.project.journal.undo_name
        return name

    @property
    def redo_name(self) -> str | None:
        """What redo would do again."""
        name: str | None = self.project.journal.redo_name
        return name

    def undo(self) -> None:
        """Take back the last step."""
        step = self._journal(self.project.journal.undo)
        self.message.emit(f"Undone: {step.name}" if step is not None else "Nothing to undo.")

    def redo(self) -> None:
        """Do the last undone step again."""
        step = self._journal(self.project.journal.redo)
        self.message.emit(f"Redone: {step.name}" if step is not None else "Nothing to redo.")

    # ------------------------------------------------------------------ view and choices

    def set_blind(self, blind: bool) -> None:
        """Blind mode walks through the test images in random order with predictions and colours hidden."""
        if blind == self.blind:
            return
        self.blind = blind
        self._mask_predictions()
        self.clear_selection()
        if blind:
            test = np.flatnonzero(self.split == Split.TEST)
            self._blind_order = np.random.default_rng(self.project.settings.get("seed", 0)).permutation(test)
        self.view_changed.emit()
        self.changed.emit(Changes.MODEL)
        if blind:
            self.next_blind()
        else:
            self._go(-1)

    def next_blind(self, step: int = 1) -> None:
        """Go to the next (or, with -1, previous) undecided test image."""
        order = self._blind_order if step > 0 else self._blind_order[::-1]
        if not len(order):
            return
        here = np.flatnonzero(order == self.current)
        start = int(here[0]) + 1 if len(here) else 0
        around = np.roll(order, -start)
        waiting = around[self.kind[around] == LabelKind.CLEAR]
        waiting = waiting[waiting != self.current]
        if len(waiting):
            self.set_current(int(waiting[0]))
        else:
            self.message.emit("Every image of the test set is labelled.")

    def set_colour_by(self, colour_by: str) -> None:
        """label, prediction, confidence, agreement, split, reference or meta:<column>."""
        self.colour_by = colour_by
        self.hidden = frozenset()
        self.project.settings.set("colour_by", colour_by)
        self.view_changed.emit()

    def set_hidden(self, codes: Iterable[int]) -> None:
        """Colour codes the legend hides on the map."""
        self.hidden = frozenset(codes)
        self.view_changed.emit()

    def set_classifier(self, classifier: str) -> None:
        """logistic or knn; refits at once."""
        self.classifier = classifier
        self.project.settings.set("classifier", classifier)
        self.engine.refit()
        self.view_changed.emit()

    def set_measure(self, measure: str) -> None:
        """'labels', or 'reference' for the benchmark mode that measures against the reference labels."""
        self.measure = measure
        self.project.settings.set("measure", measure)
        self.changed.emit(Changes.HISTORY)
        self.engine.evaluate_soon()

    def open_test_set(self) -> None:
        """Measure the current classifier on the labelled test images: a recorded look."""
        self.engine.open_test_set()

    # ------------------------------------------------------------------ jobs

    @property
    def jobs(self) -> list[JobState]:
        """Long actions of this sitting, newest last."""
        return self.runner.jobs

    def start_job(self, name: str, params: Any) -> int | None:
        """Start `import`, `embed` or `map` with its Params; the job id, or None when it was refused."""
        return self.runner.start(name, params)

    def cancel_job(self, job_id: int) -> None:
        """Ask it to stop; finished parts stay."""
        self.runner.cancel(job_id)

    # ------------------------------------------------------------------ from the engine

    def adopt_predictions(
        self, model: ModelState, prediction: NDArray[np.int32], confidence: NDArray[np.float32]
    ) -> None:
        """Show the predictions of a finished refit."""
        self.model, self.model_sentence = model, ""
        self._raw_prediction, self._raw_confidence = prediction, confidence
        self._mask_predictions()
        self.changed.emit(Changes.MODEL)

    def adopt_no_model(self, sentence: str) -> None:
        """There is no classifier, and why."""
        self.model, self.model_sentence = None, sentence or ONE_CLASS
        self._mask_predictions()
        self.changed.emit(Changes.MODEL)

    def adopt_suggestions(self, items: list[Suggestion]) -> None:
        """Append suggestions, leaving out what has been decided or reserved meanwhile."""
        here = {s.row for s in self.suggestions}
        fresh = [
            s
            for s in items
            if s.row not in here and self.kind[s.row] == LabelKind.CLEAR and self.split[s.row] == Split.POOL
        ]
        self.suggestions = [*self.suggestions, *fresh]
        self.suggestions_changed.emit()

    def adopt_neighbours(self, row: int, found: list[tuple[int, float]]) -> None:
        """Remember the nearest labelled images of `row`."""
        self.neighbours = {row: found}
        self.neighbours_changed.emit(row)

    def close(self) -> None:
        """Stop the child processes and close the project."""
        self.runner.close()
        self.engine.close()
        self.thumbnails.close()
        self.project.close()


def _grown(array: NDArray[Any], n: int, fill: Any) -> NDArray[Any]:
    """A copy of `array` with length `n`, the new part filled."""
    out = np.full(n, fill, array.dtype)
    m = min(n, len(array))
    out[:m] = array[:m]
    return out
