"""One open project as the panels use it: the actions. No widget, no computation.

A panel reads the arrays, calls the actions and redraws on the signals; it never knows another panel.
Every action that decides about images ends with the decision on disk before `changed` is emitted.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, LabelSource, Remark, Split
from medlabeler.domain.words import capital, count
from medlabeler.jobs import embed, label, merge
from medlabeler.jobs.label import Found as FoundLabels
from medlabeler.open_project.adopting import reference_said
from medlabeler.open_project.bulk_checks import BulkChecks
from medlabeler.open_project.decide import MOST_UNASKED, Said, Shown, Situation, decide
from medlabeler.open_project.decision_writer import write
from medlabeler.open_project.disk_watch import DiskWatch
from medlabeler.open_project.engine import EngineBridge
from medlabeler.open_project.finder import Finder
from medlabeler.open_project.first_hints import FirstHints
from medlabeler.open_project.history_walk import HistoryWalk
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.keeping_whole import KeepingWhole
from medlabeler.open_project.large_steps import LargeSteps
from medlabeler.open_project.look_at_test_set import look_sentence
from medlabeler.open_project.question import Question
from medlabeler.open_project.runner import Runner
from medlabeler.open_project.saved_filters import SavedFilters
from medlabeler.open_project.state import OpenProjectState, Rows, RowsLike, as_rows
from medlabeler.open_project.suggestion import Suggestion
from medlabeler.open_project.suggestion_queue import SuggestionQueue
from medlabeler.open_project.thumbnail_loader import ThumbnailLoader
from medlabeler.processes.supervisor import Supervisor
from medlabeler.project.joining import Joining
from medlabeler.project.journal import Step
from medlabeler.project.project import Project
from medlabeler.project.remarks import ON

NO_PREDICTION = tr("There is no prediction to confirm yet.")
NOTHING_TO_CONFIRM = tr("The prediction is hidden until you have decided: choose a class.")


UNDOABLE = tr("It is one step, and Undo takes it back.")

REMEMBER_MS = 100
"""How much later the choice of a classifier is stored: the disk may take as long as the window to show it."""

BY_HAND = (LabelSource.CLICK, LabelSource.QUEUE)
"""Decisions after which the next image comes up."""


class OpenProject(OpenProjectState):
    """An open project: its state (see OpenProjectState), the actions on it, its engine and its workers."""

    question_changed = Signal()

    def __init__(
        self,
        project: Project,
        *,
        settings: Settings | None = None,
        start_engine: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(project, settings=settings, parent=parent)
        self.supervisor = Supervisor()
        self.large = LargeSteps(project.database, self)
        self.whole = KeepingWhole(project, self.supervisor, self)
        self.whole.told.connect(self.failed)
        self.whole.damaged.connect(self._leave_out)
        self.disk = DiskWatch(project, self)
        project.be_patient()
        self.disk.gone.connect(self.failed)
        self.disk.back.connect(self._disk_is_back)
        self.disk.room_again.connect(self._room_again)
        self.disk.there.connect(self._write_kept)
        self._remember = QTimer(self, interval=REMEMBER_MS, singleShot=True)
        self._remember.timeout.connect(self._keep_classifier)
        self.question: Question | None = None
        self.selection_changed.connect(self.drop_question)
        self.view_changed.connect(self.drop_question)
        self.thumbnails = ThumbnailLoader(self)
        self.finder = Finder(self)
        self.filters = SavedFilters(project.settings)
        self.walk = HistoryWalk(self, self.large, self.refresh)
        self.runner = Runner(self, self.supervisor)
        self.engine = EngineBridge(self, self.runner, self.supervisor)
        self.checks = BulkChecks(self)
        self.queue = SuggestionQueue(self, self.checks, self.engine.suggest)
        self.queue.changed.connect(self._on_queue)
        self.current_changed.connect(self._ask_neighbours)
        self.runner.finished.connect(self._job_finished)
        self.runner.adopted.connect(self.refresh)
        self.engine.ready.connect(self.queue.ask_again)
        self.engine.ready.connect(self._ask_neighbours)
        self.engine.predicted.connect(self.queue.renew)
        self.engine.suggested.connect(self.queue.take)
        self.engine.not_suggested.connect(self.queue.give_up)
        self.hints = FirstHints(self, self.runner, self.queue)
        # What failed may have failed for want of room: then it is tried again when there is some.
        self.failed.connect(self.disk.something_failed)
        if start_engine:
            self.engine.start()

    def _disk_is_back(self) -> None:
        self.message.emit(tr("The project folder is in its place again; labels are stored as before."))
        self._room_again()

    def _write_kept(self) -> None:
        """What was chosen and not stored is tried again, whatever is known of the room: a look may have come
        too late to see that there was none. That it was refused is told already.
        """
        if not self.project.settings.is_written and not self.project.read_only:
            with contextlib.suppress(UserError):
                self.project.settings.write_kept()

    def _room_again(self) -> None:
        """What the disk had refused, and nobody has to decide again, goes on."""
        try:
            self.project.settings.write_kept()
        except UserError as error:
            self.failed.emit(str(error))
            return
        self.engine.go_on()

    def _leave_out(self, key: str, names: list[str]) -> None:
        """Vectors on disk are not what was written: they are set aside, told, and computed again."""
        self.project.vectors.leave_out(key, names)
        self.refresh(Changes.EMBEDDING)

    def refresh(self, what: Changes) -> None:
        """The project changed by a job or a decision: read it again, tell the panels, refit."""
        if not what:
            return
        others = what & (Changes.IMAGES | Changes.EMBEDDING | Changes.CLASSES)
        if what & Changes.LABELS and not others:
            self.engine.refit()  # which works while the window reads and draws
        self._read(what)
        if what & (Changes.IMAGES | Changes.EMBEDDING):
            self.engine.reload(
                at_once=not self.runner.jobs or not self.runner.running("import_images", "embed")
            )
        elif what & Changes.CLASSES:
            self.engine.refit()
        if what & Changes.PROJECTION:
            self.engine.place()
        if what & (Changes.IMAGES | Changes.LABELS):
            try:
                self.checks.follow()
                self.queue.tidy()
            except UserError as error:  # the disk cannot be read: what is decided is still to be seen
                self.failed.emit(str(error))
        self.changed.emit(what)

    # ------------------------------------------------------------------ decisions

    def label_rows(self, rows: RowsLike, class_id: int, source: LabelSource = LabelSource.CLICK) -> None:
        """Label `rows`; what may not be decided now is left out, and the message says how many."""
        self._say(rows, LabelKind.LABEL, class_id, source)

    def mark_rows(self, rows: RowsLike, kind: LabelKind, source: LabelSource = LabelSource.CLICK) -> None:
        """Skip, mark as not sure or as a bad image."""
        self._say(rows, kind, NO_CLASS, source)

    def clear_rows(self, rows: RowsLike) -> None:
        """Take the labels of `rows` away."""
        self._say(rows, LabelKind.CLEAR, NO_CLASS, LabelSource.CLICK)

    def confirm_predictions(self, rows: RowsLike, source: LabelSource = LabelSource.CLICK) -> None:
        """Label each of `rows` with the prediction shown for it; rows without one are left out."""
        chosen = as_rows(rows)
        predicted = self.prediction[chosen]
        chosen, predicted = chosen[predicted != NO_CLASS], predicted[predicted != NO_CLASS]
        if not len(chosen):
            self.message.emit(NOTHING_TO_CONFIRM if self.judged_blind(self.current) else NO_PREDICTION)
            return
        self._say(chosen, LabelKind.LABEL, predicted, source)

    def _say(
        self, rows: RowsLike, kind: LabelKind, class_ids: int | NDArray[np.int32], source: LabelSource
    ) -> None:
        chosen = as_rows(rows)
        if source == LabelSource.CLICK and len(chosen) == 1 and chosen[0] == self.current:
            source = self.came_by
        self.decide(Said.alike(chosen, kind, class_ids, source, self._shown(chosen)))

    def _shown(self, rows: Rows) -> Shown:
        return Shown(self.prediction[rows], self.confidence[rows], self.shown_revision)

    def decide(self, said: Said, then: Callable[[Step], None] = lambda step: None) -> Step | None:
        """Do what the rules make of a person's decision; the step, None where no label was written.

        `then` is called with the step once it is written, which may be later: what is asked first waits as
        `question`, and many images are written while the window goes on (None is returned then). Another
        decision meanwhile takes the question's place.
        """
        self.drop_question()
        self.large.finish()
        verdict = decide(
            said,
            Situation(
                self.split,
                self.project.labels.kind,
                self.blind,
                self.checks.row,
                self.queue.find,
                self.class_name,
            ),
        )
        if verdict.refusal:
            self.failed.emit(verdict.refusal)
        if verdict.answer is not None:
            if self.checks.answer(*verdict.answer):
                self._advance(said.rows)
            return None
        if verdict.question:
            labels = bool((said.kinds == LabelKind.LABEL).any())
            answer = tr("Label them") if labels else tr("Yes, do it")
            self._ask(verdict.question, answer, lambda: self._decide_asked(said, then))
        entry, written = verdict.entry, list[Step]()
        if entry is None:
            if verdict.note:
                self.message.emit(verdict.note)
            return None
        rows = entry.rows

        def go_on(step: Step | None) -> None:
            if step is None:
                return
            written.append(step)
            if verdict.note:
                self.message.emit(verdict.note)
            if said.source in BY_HAND:
                self._advance(rows)
            then(step)

        self._write(len(rows), lambda: write(self.project, entry), go_on)
        return written[0] if written else None

    def _decide_asked(self, said: Said, then: Callable[[Step], None]) -> None:
        self.decide(replace(said, asked=True), then)

    def adopt_reference(self) -> None:
        """Make the labels that came with the undecided images of the pool the annotator's own."""
        try:
            said = reference_said(self)
        except UserError as error:
            self.failed.emit(str(error))
            return
        self.decide(
            said,
            lambda step: self.message.emit(tr("Done: {name}. {undoable}", name=step.name, undoable=UNDOABLE)),
        )

    def merge(self, found: Joining, then: Callable[[bool], object] = lambda done: None) -> None:
        """Take the decisions of another copy, in one step; `then` hears whether that was done."""
        self.large.finish()
        sentence = merge.done_words(self.project, found)

        def go_on(step: Step | None) -> None:
            if step is not None:
                self.message.emit(sentence)
            then(step is not None)

        n_images = len(found.take) + len(found.compare)
        self._write(n_images, lambda: merge.write(self.project, found), go_on)

    def take_labels(self, found: FoundLabels, then: Callable[[bool], object] = lambda done: None) -> None:
        """Take labels that came in a file, in one step; `then` hears whether that was done."""
        self.large.finish()
        images = count(len(found.rows), "image")

        def go_on(step: Step | None) -> None:
            if step is not None:
                self.message.emit(tr("{images} labelled. {undoable}", images=images, undoable=UNDOABLE))
            then(step is not None)

        self._write(len(found.rows), lambda: label.write(self.project, found), go_on)

    # ------------------------------------------------------------------ questions

    def ask(self, question: Question) -> None:
        """Have a question answered in the window; it takes the place of one that waits."""
        self.question = question
        self.question_changed.emit()

    def _ask(self, what: str, answer: str, act: Callable[[], None]) -> None:
        """Ask before `what`, which can be undone; `answer` does it."""
        self.ask(Question(f"{capital(what)}? {UNDOABLE}", answer, act))

    def answer_question(self) -> None:
        """Yes: do what the question is about."""
        question, self.question = self.question, None
        if question is not None:
            question.act()
            self.question_changed.emit()

    def drop_question(self) -> None:
        """No, or it is about what is not on show any more."""
        if self.question is not None:
            self.question = None
            self.question_changed.emit()

    def _write(
        self, n_images: int, action: Callable[[], Step | None], then: Callable[[Step | None], object]
    ) -> None:
        """Run one call of the journal, and call `then` with the step, None where it was refused or nothing
        was to be done: at once, or, of many images, when a thread has written them.
        """
        if not self.large.takes(n_images):
            then(self._journal(action))
            return
        self.walk.stop()
        self.message.emit(tr("Storing what was said of {images}…", images=count(n_images, "image")))
        self.large.begin(action, lambda found: self._written(found, then))

    def _written(self, found: object, then: Callable[[Step | None], object]) -> None:
        if isinstance(found, UserError):
            self.failed.emit(str(found))
            found = None
        elif isinstance(found, BaseException):
            raise found
        step = found if isinstance(found, Step) else None
        if step is not None:
            self.refresh(step.changes)
            self.message.emit(tr("Done: {name}. {undoable}", name=step.name, undoable=UNDOABLE))
        then(step)

    def _journal(self, action: Any) -> Any:
        """Run one call of the journal; a refusal becomes a message, a step is announced."""
        self.walk.stop()
        self.large.finish()
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
        elif self.came_by == LabelSource.QUEUE:
            self.go_on()

    # ------------------------------------------------------------------ remarks, and what is found

    def remark(self, rows: RowsLike, what: Remark, value: str) -> None:
        """Note or mark images; empty takes it away; `remarks.ON` sets a mark."""
        chosen = as_rows(rows)
        images = count(len(chosen), "image")
        name = {
            (Remark.NOTE, True): tr("note on {images}", images=images),
            (Remark.NOTE, False): tr("delete the note on {images}", images=images),
            (Remark.FLAG, True): tr("flag {images}", images=images),
            (Remark.FLAG, False): tr("take the flag off {images}", images=images),
            (Remark.FAVOURITE, True): tr("make {images} favourite", images=images),
            (Remark.FAVOURITE, False): tr("make {images} no favourite", images=images),
        }[what, bool(value)]
        self._write(
            len(chosen),
            lambda: self.project.journal.remark(chosen, what, value, name=name),
            lambda _step: None,
        )

    def toggle_remark(self, what: Remark) -> None:
        """Flag what a key would label, or make it favourite; if all of it is so already, take it off."""
        rows = self.targets()
        if not len(rows):
            self.message.emit(tr("Select an image first."))
            return
        self.large.finish()
        on = not self.project.remarks.mask(what, self.n)[rows].all()
        self.remark(rows, what, ON if on else "")

    def select_found(self) -> None:
        """Select all images that the filter finds; without one, all there are."""
        self.set_selection(self.finder.rows)

    # ------------------------------------------------------------------ suggestions

    @property
    def suggestions(self) -> list[Suggestion]:
        """What waits in the queue, in its order."""
        return self.queue.items

    def go_on(self) -> None:
        """Back to what the queue asks about."""
        self.set_current(self.queue.shown, LabelSource.QUEUE)

    def step(self, by: int) -> None:
        """Look at the next image, or with -1 the previous one, without deciding about the one on show."""
        if self.blind:
            self.next_blind(by)
            return
        rows = [s.row for s in self.queue.items]
        if not rows:
            return
        if self.came_by == LabelSource.QUEUE and self.current in rows:
            self.look_at(rows[(rows.index(self.current) + by) % len(rows)])
        else:
            self.go_on()

    def look_at(self, row: int) -> None:
        """Put another suggestion that waits on show."""
        self.queue.show(row)
        self.go_on()

    def _on_queue(self) -> None:
        """With no image on show, or a suggestion that no longer waits, the queue's next one comes."""
        row = self.current
        gone = (
            row >= 0
            and self.came_by == LabelSource.QUEUE
            and self.kind[row] == LabelKind.CLEAR
            and self.queue.find(row) is None
        )
        if not self.blind and (row < 0 or gone):
            self._go(self.queue.shown, LabelSource.QUEUE)
        self.suggestions_changed.emit()

    def set_strategy(self, strategy: str) -> None:
        """Choose the query strategy; the waiting suggestions are replaced."""
        self.strategy = strategy
        self.project.settings.keep("strategy", strategy)
        self.queue.restart()

    def show_skipped(self) -> None:
        """Put the skipped images of the pool in front of the queue again; one step to undo."""
        rows = self.queue.skipped
        if not len(rows):
            self.message.emit(tr("No image is skipped."))
            return
        followed = [self.project.labels.log.followed(row) for row in rows.tolist()]
        again = Said.alike(
            rows,
            LabelKind.CLEAR,
            NO_CLASS,
            LabelSource.QUEUE,
            Shown.nothing(len(rows)),
            lambda n: tr("show {images} skipped again", images=count(n, "image")),
        )
        reason = tr("here again because it was skipped")
        back = [
            Suggestion(row, reason, strategy or "", chance)
            for row, (strategy, chance) in zip(rows.tolist(), followed, strict=True)
        ]

        def then(_step: Step) -> None:
            self.queue.give_back(back)
            self.go_on()

        self.decide(again, then)

    def _ask_neighbours(self) -> None:
        self.request_neighbours(self.current)

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

    def describe_class(
        self, class_id: int, full_name: str, description: str, examples: Iterable[int]
    ) -> None:
        """Say what a class means, and show it by images (rows)."""
        self._journal(lambda: self.project.journal.describe_class(class_id, full_name, description, examples))

    def move_class(self, class_id: int, position: int) -> None:
        """Change its place, and so its key."""
        self._journal(lambda: self.project.journal.move_class(class_id, position))

    def merge_classes(self, source_id: int, target_id: int) -> None:
        """Make all labels of the one labels of the other; asked first where they are many."""
        source, target = self.class_name(source_id), self.class_name(target_id)
        labels = self._labels_of(source_id)
        self._change_class(
            source_id,
            tr("Merge"),
            tr("merge {source} with {labels} into {target}", source=source, labels=labels, target=target),
            tr(
                "Merged {source} into {target} with {labels}; Undo parts them.",
                source=source,
                target=target,
                labels=labels,
            ),
            lambda: self.project.journal.merge_classes(source_id, target_id),
        )

    def delete_class(self, class_id: int) -> None:
        """Delete it; its labels are taken away, which is asked first where they are many. Undo brings both
        back.
        """
        name, labels = self.class_name(class_id), self._labels_of(class_id)
        self._change_class(
            class_id,
            tr("Delete"),
            tr("delete class {name} with {labels}", name=name, labels=labels),
            tr("Deleted class {name} with {labels}; Undo brings it back.", name=name, labels=labels),
            lambda: self.project.journal.delete_class(class_id),
        )

    def _labels_of(self, class_id: int) -> str:
        return count(len(self.project.labels.rows_of_class(class_id)), "label")

    def _change_class(
        self, class_id: int, answer: str, what: str, done: str, action: Callable[[], object]
    ) -> None:
        """Change a class for good; asked first where that changes many labels."""
        self.drop_question()

        def act() -> None:
            if self._journal(action) is not None:
                self.message.emit(done)

        if len(self.project.labels.rows_of_class(class_id)) > MOST_UNASKED:
            self._ask(what, answer, act)
        else:
            act()

    @property
    def undo_name(self) -> str | None:
        """What undo would take back: 'label 37 images EOS'."""
        name: str | None = self.checks.undo_name or self.project.journal.undo_name
        return name

    @property
    def redo_name(self) -> str | None:
        """What redo would do again."""
        name: str | None = self.project.journal.redo_name
        return name

    def undo(self) -> None:
        """Take back the last step, or the last answer about an image that was asked again."""
        self.drop_question()
        self.large.finish()
        name = self.checks.undo_name
        if self.checks.take_back():
            self.go_on()
            self.message.emit(tr("Undone: {name}", name=name))
            return

        def go_on(step: Step | None) -> None:
            if step is not None and len(step.rows) == 1 and self.queue.undone(int(step.rows[0])):
                self.go_on()
            self.message.emit(
                tr("Undone: {name}", name=step.name) if step is not None else tr("Nothing to undo.")
            )

        self._write(self.project.journal.n_to_undo(), self.project.journal.undo, go_on)

    def redo(self) -> None:
        """Do the last undone step again."""
        self.drop_question()
        self.large.finish()

        def go_on(step: Step | None) -> None:
            self.message.emit(
                tr("Redone: {name}", name=step.name) if step is not None else tr("Nothing to redo.")
            )

        self._write(self.project.journal.n_to_redo(), self.project.journal.redo, go_on)

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
            self.go_on()

    @property
    def blind_done(self) -> bool:
        """Whether something was said about every test image."""
        return bool((self.kind[self.split == Split.TEST] != LabelKind.CLEAR).all())

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
            self.message.emit(tr("Every image of the test set is labelled."))

    def set_colour_by(self, colour_by: str) -> None:
        """label, prediction, confidence, agreement, split, reference, group or meta:<column>."""
        self.colour_by = colour_by
        self.hidden = frozenset()
        self.project.settings.keep("colour_by", colour_by)
        self.view_changed.emit()

    def set_hidden(self, codes: Iterable[int]) -> None:
        """Colour codes the legend hides on the map."""
        self.hidden = frozenset(codes)
        self.view_changed.emit()

    def set_classifier(self, classifier: str) -> None:
        """logistic or knn; refits at once."""
        self.classifier = classifier
        self.project.settings.keep_soon("classifier", classifier)
        self.engine.refit()
        self.view_changed.emit()
        self._remember.start()

    def _keep_classifier(self) -> None:
        settings = self.project.settings
        if not self.closed:
            settings.keep("classifier", settings.get("classifier"))

    def set_measure(self, measure: str) -> None:
        """'labels', or 'reference' for the benchmark mode that measures against the reference labels."""
        self.measure = measure
        self.project.settings.keep("measure", measure)
        self.changed.emit(Changes.HISTORY)
        self.engine.evaluate_soon()

    def measure_on_test_set(self) -> None:
        """Ask whether to measure on the test set, with what that costs and what to expect of it."""
        problem = self.engine.why_no_look()
        if problem:
            self.message.emit(problem)
        else:
            self.ask(Question(look_sentence(self), tr("Measure"), self.open_test_set))

    def open_test_set(self) -> None:
        """Measure the current classifier on the labelled test images: a recorded look."""
        self.engine.open_test_set()

    def note_replaced(self, row: int) -> None:
        """The file of that image is not the one that was imported: looking for new images reads it again."""
        try:
            self.project.catalog.forget_files([row])
        except UserError as error:
            self.failed.emit(str(error))

    def use_embedding(self, key: str) -> None:
        """Work with another embedding of the project; the one in use stays, with its map."""
        try:
            changes = embed.use(self.project, key)
        except UserError as error:
            self.failed.emit(str(error))
            return
        self.refresh(changes)

    # ------------------------------------------------------------------ jobs

    @property
    def jobs(self) -> list[JobState]:
        """Long actions since the project was opened, newest last."""
        return self.runner.jobs

    def start_job(self, name: str, params: Any) -> int | None:
        """Start `import`, `embed` or `map` with its Params; the job id, or None when it was refused."""
        return self.runner.start(name, params)

    def cancel_job(self, job_id: int) -> None:
        """Ask it to stop; finished parts stay."""
        self.runner.cancel(job_id)

    def _job_finished(self, job: JobState, result: object) -> None:
        if job.name in ("import_images", "embed", "adopt_vectors"):
            self.engine.reload(at_once=True)

    def close(self) -> None:
        """Stop the child processes and close the project."""
        end_children, close = self.leave()
        end_children()
        close()

    def leave(self) -> tuple[Callable[[], None], Callable[[], None]]:
        """Work no more with the project. Of what is returned the first ends the processes, the second closes
        the project after that, which takes a while and may be done on any thread: nothing of Qt is in it.
        """
        self.walk.stop()
        self.large.finish()
        self._remember.stop()
        self.closed = True
        self.whole.stop()
        self.disk.stop()
        self.runner.close()
        self.engine.close()
        supervisor, thumbnails, project = self.supervisor, self.thumbnails.threads, self.project

        def close() -> None:
            thumbnails.close()
            project.close()

        return supervisor.close, close
