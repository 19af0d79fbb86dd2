"""What is known about an open project, as arrays over its images, and what is selected of it. No widget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, LabelSource, Split
from medlabeler.learning.query.registry import DEFAULT, STRATEGIES
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.learned import Learned
from medlabeler.open_project.tally import Tally
from medlabeler.project.checkpoints import CROSS_VALIDATION
from medlabeler.project.project import Project
from medlabeler.project.starting import Starting, is_ahead

Rows = NDArray[np.int64]
RowsLike = Iterable[int] | NDArray[np.int64]

SharesOf = Callable[[int], NDArray[np.float32] | None]
"""Of the image in that row the probabilities (C,), None where they are not known."""

_NO_ROWS: Rows = np.empty(0, np.int64)
_Hidden = tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.uint8], Rows]
"""Whose predictions are hidden (n,), and the labels, splits and draws that this followed from."""

ONE_CLASS = tr("Label images of a second class to start the classifier.")


def as_rows(rows: RowsLike) -> Rows:
    """`rows` as an int64 array, whatever they came as."""
    return np.asarray(rows if isinstance(rows, np.ndarray) else list(rows), np.int64)


def class_counts(class_ids: NDArray[np.int32]) -> dict[int, int]:
    """How often each class id occurs; NO_CLASS is left out. Without sorting: there may be many."""
    counts = np.bincount(class_ids + 1)[1:]  # NO_CLASS is -1
    present = np.flatnonzero(counts)
    return dict(zip(present.tolist(), counts[present].tolist(), strict=True))


@dataclass(frozen=True)
class Glimpsed:
    """What the classifier learned from labels of `revision` says of some images, before all are predicted:
    `rows` int64 (m,) ascending, `prediction` int32 and `confidence` float32 (m,), hidden as in the state.
    """

    revision: int
    rows: Rows
    prediction: NDArray[np.int32]
    confidence: NDArray[np.float32]

    def of(self, row: int) -> tuple[int, float] | None:
        """(class id, confidence) of an image; None if it is not among them."""
        at = int(np.searchsorted(self.rows, row))
        if at == len(self.rows) or self.rows[at] != row:
            return None
        return int(self.prediction[at]), float(self.confidence[at])


class OpenProjectState(QObject):
    """An open project: the state the panels show, and what is selected.

    Arrays over images have length `n` and are replaced, never changed in place:
    `label` int32 class ids (NO_CLASS where none), `kind` uint8 LabelKind (CLEAR where undecided),
    `split` uint8, `reference` int32 class ids, `prediction` int32 (NO_CLASS where none or hidden),
    `confidence` float32 in 0..1 (nan where none or hidden), `xy` float32 (n, 2) nan where absent,
    `selection` bool.
    `current` is the row of the one image on show, -1 for none: queue, stage, map and keys all mean it.
    `came_by` says how it came there: QUEUE if it was suggested, CLICK if a person looked it up.
    Predictions of unlabelled test images are always hidden, and those of random draws that wait in the
    queue (see SuggestionQueue); in blind mode all of them are. `shows_start`: the predictions are those of
    `starting`, an exported classifier of another project, as long as they are better. `glimpse`: newer
    predictions of the images in sight, for whoever draws them one by one; `prediction` stays of one revision
    until those of all are there. The label of an
    image that is asked again (see BulkChecks) is hidden, too; the classifier learns from `project.labels`.
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
    bug = Signal(str, str)  # a sentence and a traceback for the crash report

    def __init__(
        self,
        project: Project,
        *,
        settings: Settings | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.project = project
        self.settings = settings or Settings()
        self.closed = False
        self.current = -1
        self.came_by = LabelSource.CLICK
        self.blind = False
        self.hidden: frozenset[int] = frozenset()
        self.active_class: int | None = None
        self.model: ClassifierState | None = None
        self.starting: Starting | None = None
        self.shows_start = False
        self.model_sentence = ONE_CLASS
        self.evaluation_sentence = ""  # why there is no accuracy yet
        self.neighbours: dict[int, list[tuple[int, float]]] = {}
        self._picked: Rows | None = None
        self._tally, self._learned = Tally(), Learned()
        self._read_last: NDArray[np.int32] | None = None  # class ids of the project that were read last
        self._label_before: NDArray[np.int32] | None = None
        self._relabelled: Rows | None = None
        self._selected_of: NDArray[np.bool_] | None = None
        self._selected: Rows = np.empty(0, np.int64)
        self._places: tuple[str, str, NDArray[np.float32]] | None = None
        self._hidden_rows: Rows = np.empty(0, np.int64)
        self._hidden_labels: Rows = np.empty(0, np.int64)
        self._masked: tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.bool_]] | None = None
        self._hidden: _Hidden = np.empty(0, np.bool_), np.empty(0, np.int32), np.empty(0, np.uint8), _NO_ROWS
        self._raw_prediction = np.empty(0, np.int32)
        self._raw_confidence = np.empty(0, np.float32)
        self.glimpse: Glimpsed | None = None
        self._raw_glimpse: Glimpsed | None = None
        self._raw_probabilities: tuple[NDArray[np.int32], SharesOf] | None = None
        self.n = 0
        self.selection = np.zeros(0, np.bool_)
        stored = project.settings
        self.colour_by: str = stored.get("colour_by", "label")
        self.classifier: str = stored.get("classifier", "logistic")
        strategy = stored.get("strategy", DEFAULT)
        self.strategy: str = strategy if strategy in STRATEGIES else DEFAULT
        self.measure: str = stored.get("measure", "labels")
        self.device: str = stored.get("device", "")
        self.target_per_class: int = stored.get("target_per_class", 100)
        self._blind_order: Rows = np.empty(0, np.int64)
        self._read(Changes.IMAGES | Changes.LABELS | Changes.CLASSES | Changes.PROJECTION)

    # ------------------------------------------------------------------ reading the project

    def _read(self, what: Changes) -> None:
        """Take new copies of what changed in the project."""
        catalog = self.project.catalog
        if what & (Changes.IMAGES | Changes.CLASSES | Changes.EMBEDDING):
            self._raw_glimpse = None
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
            self._read_labels()
        if what & Changes.CLASSES:
            self.classes: list[ClassDef] = list(self.project.classes.all())
            if self.active_class not in {c.id for c in self.classes}:
                self.active_class = None
        if what & Changes.PROJECTION:
            self._places = None  # they were on the map before
        if what & (Changes.IMAGES | Changes.EMBEDDING | Changes.PROJECTION):
            self._read_projection()
        self._mask_predictions()

    def _read_labels(self, were_hidden: Rows = _NO_ROWS) -> None:
        """Take labels as they are on disk, but for those that are hidden; others `were_hidden` until now."""
        labels = self.project.labels
        rows = None if self._read_last is None else labels.changed_since(self._read_last)
        self._read_last = labels.class_id
        self._label_before = getattr(self, "label", None)
        # Arrays that the project replaces, as this does: they are shared.
        self.label, self.kind = labels.class_id, labels.kind
        if len(self._hidden_labels):
            self.label, self.kind = self.label.copy(), self.kind.copy()
            self.label[self._hidden_labels] = NO_CLASS
            self.kind[self._hidden_labels] = LabelKind.CLEAR
        if rows is not None and len(self._hidden_labels) + len(were_hidden):
            rows = np.unique(np.concatenate([rows, self._hidden_labels, were_hidden]))
        self._relabelled = rows
        self._tally.follow(self.label, self.kind, self.split, rows)

    def relabelled_since(self, label: NDArray[np.int32]) -> Rows | None:
        """Rows, ascending, whose label or kind may be another than when `label` was that of this state; None
        where that is not known.
        """
        if label is self.label:
            return _NO_ROWS
        return self._relabelled if label is self._label_before else None

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
        if self._places is not None and self._places[:2] == (key, self.projection):
            later = self._places[2][: self.n]
            self.xy[: len(later)] = np.where(np.isfinite(self.xy[: len(later)]), self.xy[: len(later)], later)

    def _mask_predictions(self) -> None:
        """Hide what must not be seen: everything in blind mode, unlabelled test images always."""
        start = self.starting
        self.shows_start = start is not None and self._start_leads(start)
        self._mask_glimpse()
        if self.blind or not self.predicts:
            self.prediction = np.full(self.n, NO_CLASS, np.int32)
            self.confidence = np.full(self.n, np.nan, np.float32)
            self._masked = None
            return
        said, sure = self._raw_prediction, self._raw_confidence
        if start is not None and self.shows_start:
            said = _grown(start.prediction, self.n, NO_CLASS)
            sure = _grown(start.confidence, self.n, np.nan)
        of = self._masked
        hide = self._to_hide()
        if of is not None and of[0] is said and of[1] is sure and hide is of[2]:
            return  # a label hides or shows nothing, as a rule
        self._masked = said, sure, hide
        self.prediction = np.where(hide, np.int32(NO_CLASS), said)
        self.confidence = np.where(hide, np.float32(np.nan), sure)

    def _to_hide(self) -> NDArray[np.bool_]:
        """Whose predictions are hidden, bool (n,): the very array of before where they are the same."""
        hide, label, split, drawn = self._hidden
        rows = self.relabelled_since(label) if split is self.split and drawn is self._hidden_rows else None
        if rows is None or not np.array_equal(self._hides(rows), hide[rows]):
            now = (self.split == Split.TEST) & (self.kind != LabelKind.LABEL)
            now[self._hidden_rows] |= self.kind[self._hidden_rows] == LabelKind.CLEAR
            hide = hide if np.array_equal(now, hide) else now
        self._hidden = hide, self.label, self.split, self._hidden_rows
        return hide

    def _hides(self, rows: Rows) -> NDArray[np.bool_]:
        """Whether the predictions of these are hidden, bool (m,)."""
        kind = self.kind[rows]
        test = (self.split[rows] == Split.TEST) & (kind != LabelKind.LABEL)
        return np.asarray(test | (np.isin(rows, self._hidden_rows) & (kind == LabelKind.CLEAR)))

    def _mask_glimpse(self) -> None:
        """Hide in the glimpse what must not be seen, as in the predictions."""
        raw = self._raw_glimpse
        if raw is None or self.blind or self.model is None or self.shows_start:
            self.glimpse = None
            return
        rows = raw.rows
        hide = self._hides(rows)
        said = np.where(hide, np.int32(NO_CLASS), raw.prediction)
        sure = np.where(hide, np.float32(np.nan), raw.confidence)
        self.glimpse = Glimpsed(raw.revision, rows, said, sure)

    def _start_leads(self, start: Starting) -> bool:
        """Whether there are few labels, or cross-validation has not found the own classifier as good yet."""
        n = self.n_to_learn_from
        if n < start.kept.enough or n >= start.kept.at_most:
            return n < start.kept.enough
        key = str(self.project.settings.get("embedding", "") or "")
        for point in reversed(self.project.history.all()):
            if (point.measured_on, point.classifier, point.embedding) == (
                CROSS_VALIDATION,
                self.classifier,
                key,
            ):
                told = [(one.class_id, one.recall) for one in point.per_class if one.support]
                recalls = {class_id: recall for class_id, recall in told if recall is not None}
                return is_ahead(start, self.learned_from, recalls)
        return True

    @property
    def predicts(self) -> bool:
        """Whether there is a classifier whose predictions can be shown: the project's own, or another's."""
        return self.model is not None or self.shows_start

    @property
    def shown_revision(self) -> int | None:
        """Labels that the shown predictions were learned from; None where they are another project's."""
        return None if self.model is None or self.shows_start else self.model.revision

    def hide_predictions(self, rows: RowsLike) -> None:
        """Hide the predictions of these undecided images, and of no others, besides those of the test set."""
        rows = as_rows(rows)
        if not np.array_equal(rows, self._hidden_rows):
            self._hidden_rows = rows
            self._mask_predictions()

    def hide_labels(self, rows: RowsLike) -> None:
        """Show these images, and no others, as if nobody had decided about them; see BulkChecks."""
        were, self._hidden_labels = self._hidden_labels, as_rows(rows)
        self._read_labels(were)
        self._mask_predictions()

    def judged_blind(self, row: int) -> bool:
        """Whether a person is to decide about that image without any hint of what the classifier thinks."""
        hidden = row in self._hidden_rows and self.kind[row] == LabelKind.CLEAR
        return self.blind or bool(hidden and self.predicts)

    def probabilities(self, row: int) -> list[tuple[int, float]]:
        """(class id, probability) of each class for one image; empty where its prediction is hidden."""
        known = self._raw_probabilities
        if self.starting is not None and self.shows_start:
            known = self.starting.classes, _rows_of(self.starting.probabilities)
        if known is None or self.prediction[row] == NO_CLASS:
            return []
        classes, shares_of = known
        shares = shares_of(int(row))
        return [] if shares is None else list(zip(classes.tolist(), shares.tolist(), strict=True))

    @property
    def pool_counts(self) -> dict[int, int]:
        """Labelled images of the pool, by class id; test images are not mixed in."""
        return self._tally.pool()

    def n_images(self, split: Split) -> int:
        """Images of that split."""
        return self._tally.images(split)

    def n_decided(self, kind: LabelKind, split: Split | None = None) -> int:
        """Images about which that was decided, as far as it is shown; of one split, or of all."""
        return self._tally.of(kind, split)

    @property
    def selected(self) -> Rows:
        """Rows of the selection, int64, ascending."""
        if self._selected_of is not self.selection:
            self._selected_of, self._selected = self.selection, np.flatnonzero(self.selection)
        return self._selected

    def class_of(self, class_id: int) -> ClassDef | None:
        """The live class of that id."""
        return next((c for c in self.classes if c.id == class_id), None)

    def class_name(self, class_id: int) -> str:
        """Its name, or an empty string."""
        found = self.class_of(int(class_id))
        return found.name if found else ""

    def class_title(self, class_id: int) -> str:
        """What a person reads of it: its full name where it has one; empty if there is no such class."""
        found = self.class_of(int(class_id))
        return found.title if found else ""

    # ------------------------------------------------------------------ from the engine

    def adopt_predictions(
        self,
        model: ClassifierState,
        prediction: NDArray[np.int32],
        confidence: NDArray[np.float32],
        probabilities: tuple[NDArray[np.int32], SharesOf] | None = None,
    ) -> None:
        """Show the predictions of a finished refit; `probabilities` are class ids (C,), and what tells of an
        image their shares.
        """
        self.model, self.model_sentence = model, ""
        self._raw_glimpse = None
        self._raw_probabilities = probabilities
        self._raw_prediction, self._raw_confidence = prediction, confidence
        self._mask_predictions()
        self.changed.emit(Changes.MODEL)

    def adopt_glimpse(
        self, revision: int, rows: Rows, prediction: NDArray[np.int32], confidence: NDArray[np.float32]
    ) -> None:
        """Remember what a refit says of `rows` before its predictions of all images come."""
        self._raw_glimpse = Glimpsed(revision, rows, prediction, confidence)
        self._mask_glimpse()

    def adopt_no_model(self, sentence: str) -> None:
        """There is no classifier, and why."""
        self._raw_glimpse = None
        self.model, self.model_sentence = None, sentence or ONE_CLASS
        self._mask_predictions()
        self.changed.emit(Changes.MODEL)

    def adopt_start(self, starting: Starting | None) -> None:
        """Show what an exported classifier of another project says, as long as there are few labels."""
        self.starting, self._raw_glimpse = starting, None
        self._mask_predictions()
        self.changed.emit(Changes.MODEL)

    def adopt_places(self, key: str, method: str, xy: NDArray[np.float32]) -> None:
        """Show where images stand that were embedded after the map was drawn; `xy` float32 (n, 2) of all."""
        self._places = key, method, xy
        self._read_projection()
        self.changed.emit(Changes.PROJECTION)

    @property
    def n_on_map(self) -> int:
        """How many images have a place on the map."""
        return int(np.isfinite(self.xy[:, 0]).sum())

    @property
    def learned_from(self) -> NDArray[np.int32]:
        """What a classifier learns from, int32 (n,): see `training_labels`."""
        return self.learned.of_all()

    @property
    def learned(self) -> Learned:
        """The same as rows and classes: what is asked with every label asks for these."""
        self._learned.follow(self.project.labels, self.split)
        return self._learned

    @property
    def n_to_learn_from(self) -> int:
        """How many labels a classifier could learn from, if all images were embedded."""
        return len(self.learned.rows)

    def adopt_neighbours(self, row: int, found: list[tuple[int, float]]) -> None:
        """Remember the nearest labelled images of `row`."""
        self.neighbours = {row: found}
        self.neighbours_changed.emit(row)

    def set_device(self, device: str) -> None:
        """Where the image model ran: cpu, cuda or mps; `file` for one computed elsewhere."""
        if device != self.device:
            self.device = device
            self.project.settings.keep("device", device)
            self.jobs_changed.emit()

    # ------------------------------------------------------------------ what is selected

    def set_selection(self, rows: RowsLike, mode: str = "replace") -> None:
        """Change the selection by `rows`; `mode` is replace, add, toggle or remove."""
        rows = as_rows(rows)
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
        if len(rows) and (self.current < 0 or not selection[self.current] or len(rows) == 1):
            # What is on show is always one of the images a key would label.
            chosen = np.flatnonzero(selection)
            self._go(int(rows[0]) if selection[rows[0]] else int(chosen[0]) if len(chosen) else -1)

    def clear_selection(self) -> None:
        """Select nothing; the current image stays."""
        if self.selection.any():
            self.set_selection(np.empty(0, np.int64))

    def set_current(self, row: int, by: LabelSource = LabelSource.CLICK) -> None:
        """Show one image; leaving the selection drops it, so that a key never labels what is out of sight.

        `by`: QUEUE where it is the queue that asks about it.
        """
        if row >= 0 and not self.selection[row]:
            self.clear_selection()
        self._go(row, by)

    def _go(self, row: int, by: LabelSource = LabelSource.CLICK) -> None:
        if row == self.current and by != LabelSource.QUEUE:
            by = self.came_by  # what is on show already came as it came
        if (row, by) != (self.current, self.came_by):
            self.current, self.came_by = row, by
            self.current_changed.emit()

    def set_picked(self, rows: RowsLike | None) -> None:
        """Narrow what keys label to `rows` of the selection; None: the whole selection."""
        self._picked = None if rows is None else as_rows(rows)

    def targets(self) -> Rows:
        """Rows a key labels now: those picked in the grid, else the selection, else the current image."""
        if self._picked is not None and len(self._picked):
            return self._picked
        if len(self.selected) or self.current < 0:
            return self.selected
        return np.array([self.current], np.int64)

    def select_class(self, class_id: int) -> None:
        """Select all images labelled with the class, for review, and make it the active class."""
        self.active_class = class_id
        self.set_selection(self.project.labels.rows_of_class(class_id))
        self.view_changed.emit()


def _rows_of(shares: NDArray[np.float32]) -> SharesOf:
    return lambda row: shares[row] if row < len(shares) else None


def _grown(array: NDArray[Any], n: int, fill: Any) -> NDArray[Any]:
    """A copy of `array` with length `n`, the new part filled."""
    out = np.full(n, fill, array.dtype)
    m = min(n, len(array))
    out[:m] = array[:m]
    return out
