"""What waits for a second look, page by page, and how it is settled. No widget, no computation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import plural, tr
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.domain.words import count
from medlabeler.jobs import quality
from medlabeler.jobs.agreement import ceiling_words, compared
from medlabeler.learning import contradictions
from medlabeler.open_project.decide import Rows, Said, Shown
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.readings import Pairs, Purpose

ERRORS, CONFLICTS, OUTLIERS = "errors", "conflicts", "outliers"
FOUND = (ERRORS, CONFLICTS, OUTLIERS)
PURPOSES = {
    "bulk": Purpose.BULK_CHECK,
    "repeat": Purpose.REPEAT,
    "second": Purpose.SECOND_READER,
    "merge": Purpose.MERGE,
}
"""Lists of what was read differently, by what the readings were for."""
READ_BLIND = {**PURPOSES, "merge": Purpose.ADJUDICATION}
"""What is read blind on a page: what two copies differ on is looked at blind before it is settled."""
TITLES = {
    ERRORS: tr("Doubtful labels"),
    CONFLICTS: tr("Conflicting duplicates"),
    OUTLIERS: tr("Outliers"),
    "bulk": tr("Bulk checks that disagreed"),
    "repeat": tr("Repeat reading"),
    "second": tr("Second reader"),
    "merge": tr("Two copies that differ"),
}
USUAL = "outliers_seen"
"""Setting: rows of unlabelled outliers that somebody found to be ordinary."""


@dataclass(frozen=True)
class Look:
    """Images to look at together: `rows`, their `labels` when they were found (NO_CLASS: none), why, and the
    class somebody or something else names (`other`, NO_CLASS: none) with its probability, nan if a person
    named it.
    """

    rows: tuple[int, ...]
    labels: tuple[int, ...]
    reason: str
    other: int = NO_CLASS
    share: float = float("nan")
    brief: str = ""
    """What the list says below the label."""
    revision: int | None = None
    """Of the labels that its `share` was computed from."""

    @property
    def shown(self) -> Shown:
        """What is told about its images beside what persons said."""
        m = len(self.rows)
        if not np.isfinite(self.share):
            return Shown.nothing(m)
        share = np.full(m, self.share, np.float32)
        return Shown(np.full(m, self.other, np.int32), share, self.revision)


class SecondLooks(QObject):
    """The lists of a project. `changed`: lists or what is settled; `working`: a search began or ended."""

    changed = Signal()
    working = Signal()

    def __init__(self, opened: OpenProject, parent: QObject | None = None) -> None:
        super().__init__(parent or opened)
        self.opened = opened
        self.sentence = ""
        self.searched = False
        self._job: int | None = None
        self._last_read: int | None = None
        self._revision: int | None = None  # of the labels that were searched
        self._told: quality.Found | None = None
        self._found: dict[str, list[Look]] = {kind: [] for kind in FOUND}
        self._agreement: dict[str, str] = {}
        self._settled: dict[str, tuple[list[Look], int]] = {}
        opened.changed.connect(self._on_changed)
        opened.runner.finished.connect(self._finished)
        opened.jobs_changed.connect(self.working)

    # What there is

    @property
    def job(self) -> JobState | None:
        """The search that runs, if one does."""
        return next((job for job in self.opened.jobs if job.id == self._job), None)

    def search(self) -> None:
        """Look for label errors, duplicates and outliers in a worker."""
        if self._job is not None:
            return
        refused: list[str] = []
        self.opened.failed.connect(refused.append)
        self._revision = self.opened.project.labels.revision
        self._job = self.opened.start_job("quality", quality.Params())
        self.opened.failed.disconnect(refused.append)
        self.sentence = refused[0] if refused else ""
        self.searched = True
        self.working.emit()

    def open_looks(self, page: str) -> list[Look]:
        """What is not settled, in the order to walk through."""
        return self._lists(page)[0]

    def n_settled(self, page: str) -> int:
        """How many are settled."""
        return self._lists(page)[1]

    def told(self, page: str) -> str:
        """What is to be said about a whole list: how many labels were judged, or how far readings agree."""
        if page in ("repeat", "second", "merge"):
            if page not in self._agreement:
                entries = compared(self.opened.project, PURPOSES[page])
                sentences = [entry.sentence for entry in entries]
                if page != "repeat":
                    sentences.append(ceiling_words(self.opened.project))
                self._agreement[page] = " ".join(sentences)
            return self._agreement[page]
        told = self._told
        if told is None:
            return self.sentence if page in FOUND else ""
        if page != ERRORS:
            return told.note if page == OUTLIERS else ""
        if not told.n_judged:
            return told.note
        left_out = ", ".join(told.left_out)
        counts = len(told.findings.errors), told.n_confident
        text = contradictions.sentence(plural("label"), told.n_judged, *counts)
        return text + (tr(" Too few labels to judge: {left_out}.", left_out=left_out) if left_out else "")

    def waiting(self, page: str) -> int:
        """How many images of a sample still wait to be read."""
        return len(self.opened.project.readings.waiting(READ_BLIND[page]))

    def _lists(self, page: str) -> tuple[list[Look], int]:
        if page not in self._settled:
            self._settled[page] = self._compute(page)
        return self._settled[page]

    def _compute(self, page: str) -> tuple[list[Look], int]:
        project = self.opened.project
        if page in PURPOSES:
            pairs = project.readings.pairs(PURPOSES[page])
            differ = pairs.of(pairs.differ)
            looks = _disagreements(self.opened, differ.of(~differ.settled))
            if page == "merge":
                looks = self._with_blind_looks(looks)
            return looks, int(differ.settled.sum())
        looks = self._found[page]
        rows = np.array([row for look in looks for row in look.rows], np.int64)
        again = dict(zip(rows.tolist(), project.labels.looked_again(rows).tolist(), strict=True))
        usual = set(project.settings.get(USUAL, []))
        held = set(
            rows[project.catalog.split[rows] == Split.HELD_BACK].tolist()
        )  # nobody decides about these
        left, settled = [], 0
        for look in looks:
            if all(again[row] or row in held or (page == OUTLIERS and row in usual) for row in look.rows):
                settled += 1
            elif all(self._label(r) == c for r, c in zip(look.rows, look.labels, strict=True)):
                left.append(look)  # what was labelled anew elsewhere is another question
        return left, settled

    def _with_blind_looks(self, looks: list[Look]) -> list[Look]:
        """With what was said when somebody looked at an image blind."""
        pairs = self.opened.project.readings.pairs(READ_BLIND["merge"])
        said = {
            row: tr(
                "{who}, blind: {what}",
                who=who or tr("somebody"),
                what=_said(self.opened, LabelKind(kind), class_id),
            )
            for row, who, kind, class_id in zip(
                pairs.rows.tolist(),
                pairs.second_annotator,
                pairs.kind.tolist(),
                pairs.second.tolist(),
                strict=True,
            )
        }
        return [
            replace(look, reason=f"{look.reason}; {said[look.rows[0]]}") if look.rows[0] in said else look
            for look in looks
        ]

    def _label(self, row: int) -> int:
        opened = self.opened
        return int(opened.label[row]) if opened.kind[row] == LabelKind.LABEL else NO_CLASS

    # Settling

    def keep(self, page: str, look: Look, shown: Shown | None = None) -> bool:
        """The labels stand as they are, which is a decision too. `shown`: what was told besides the look."""
        rows, labels = np.array(look.rows, np.int64), np.array([self._label(r) for r in look.rows], np.int32)
        given = labels != NO_CLASS
        if page == OUTLIERS and not given.all():
            settings = self.opened.project.settings
            settings.keep(USUAL, sorted({*settings.get(USUAL, []), *rows[~given].tolist()}))
        if not given.any():
            kind = LabelKind(int(self.opened.kind[look.rows[0]]))
            if page == "merge" and kind in (LabelKind.NOT_SURE, LabelKind.BAD_IMAGE):
                return self.mark(look, kind, shown)
            self._again()
            return True
        told = (shown or look.shown).of(given)
        return self._decide(
            rows[given],
            LabelKind.LABEL,
            labels[given],
            told,
            lambda n: tr("keep {labels}", labels=count(n, "label")),
        )

    def relabel(self, look: Look, class_id: int, shown: Shown | None = None) -> bool:
        """Give all images of a look this class."""
        name = self.opened.class_name(class_id)
        return self._decide(
            np.array(look.rows, np.int64),
            LabelKind.LABEL,
            class_id,
            shown or look.shown,
            lambda n: tr("label {images} {name}", images=count(n, "image"), name=name),
        )

    def mark(self, look: Look, kind: LabelKind, shown: Shown | None = None) -> bool:
        """Not sure about them, or bad images."""
        words = {LabelKind.NOT_SURE: tr("not sure about"), LabelKind.BAD_IMAGE: tr("mark as bad image")}[kind]
        rows = np.array(look.rows, np.int64)
        return self._decide(
            rows, kind, NO_CLASS, shown or look.shown, lambda n: f"{words} {count(n, 'image')}"
        )

    def _decide(
        self,
        rows: Rows,
        kind: LabelKind,
        classes: int | NDArray[np.int32],
        shown: Shown,
        named: Callable[[int], str],
    ) -> bool:
        said = Said.alike(
            rows,
            kind,
            classes,
            LabelSource.SECOND_LOOK,
            shown,
            lambda n: tr("second look: {named}", named=named(n)),
        )
        return self.opened.decide(said) is not None

    def opinion(self, page: str, look: Look) -> Shown | None:
        """What the classifier in use says about the first image, where that is news: it has learned from all
        labels but not from unlabelled images, such as most outliers. None where it is not told.
        """
        opened, rows = self.opened, np.array(look.rows, np.int64)
        own = opened.shown_revision
        if page != OUTLIERS or own is None or opened.prediction[rows[0]] == NO_CLASS:
            return None
        return Shown(opened.prediction[rows], opened.confidence[rows], own)

    # Blind readings

    def read(self, page: str, kind: LabelKind, class_id: int | None) -> None:
        """Store what was said about the image that waits first; its label stays as it is."""
        readings, purpose = self.opened.project.readings, READ_BLIND[page]
        row = int(readings.waiting(purpose)[0])
        reader = self.reader(page)
        if self._stored(lambda: readings.record(row, kind, class_id, purpose, reader)):
            self._last_read = row
            self._again()

    def reader(self, page: str) -> str:
        """Who reads blind: whom the sample was drawn for, or whoever settles."""
        project = self.opened.project
        return project.annotator if page == "merge" else project.readings.reader(READ_BLIND[page])

    def end_reading(self, page: str) -> None:
        """Pass over all that still wait."""
        if self._stored(lambda: self.opened.project.readings.end(READ_BLIND[page])):
            self._again()

    def undo_reading(self, page: str) -> bool:
        """Take back the last answer; False where there is none to take back here."""
        row = self._last_read
        if page not in ("repeat", "second", "merge") or row is None:
            return False
        if self._stored(lambda: self.opened.project.readings.take_back(row, READ_BLIND[page])):
            self._last_read = None
            self._again()
        return True

    def forget_reading(self) -> None:
        """Another list is on show: the last answer is no longer taken back from here."""
        self._last_read = None

    def begin_reading(self) -> None:
        """A sample was drawn, and waits."""
        self._last_read = None
        self._again()

    def _stored(self, action: Callable[[], object]) -> bool:
        try:
            action()
        except UserError as error:
            self.opened.failed.emit(str(error))
            return False
        return True

    # Following the open project

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.LABELS:  # a decision came after the last answer: it is what is taken back first
            self._last_read = None
        if changes & (Changes.LABELS | Changes.CLASSES | Changes.IMAGES):
            self._again()

    def _again(self) -> None:
        self._settled.clear()
        self._agreement.clear()
        self.changed.emit()

    def _finished(self, job: JobState, result: JobResult | None) -> None:
        if job.id != self._job:
            return
        self._job = None
        self.sentence = job.sentence if result is None else result.sentence
        if result is not None and isinstance(result.found, quality.Found):
            self.take(result.found)
        self.working.emit()

    def take(self, told: quality.Found) -> None:
        """Show the findings of the job `quality`, `quality.MOST` of a kind."""
        self.searched = True
        found, self._told, most = self._found, told, quality.MOST
        found[ERRORS] = [
            Look((e.row,), (e.label,), e.reason, e.other, e.share,
                 f"{self.opened.class_name(e.other)} {100 * e.share:.0f} %", self._revision)
            for e in told.findings.errors[:most]
        ]  # fmt: skip
        found[CONFLICTS] = [
            Look(c.rows, c.labels, c.reason, brief=tr(c.how)) for c in told.findings.conflicts[:most]
        ]
        found[OUTLIERS] = [
            Look((o.row,), (self._label(o.row),), o.reason, brief=tr("distance × {o:.1f}", o=o.times))
            for o in told.findings.outliers[:most]
            if self.opened.split[o.row] == Split.POOL
        ]
        self._again()


def _disagreements(opened: OpenProject, pairs: Pairs) -> list[Look]:
    """What was read differently, in the order it was drawn."""
    looks = []
    for at, row in enumerate(pairs.rows.tolist()):
        first, second = pairs.first_annotator[at] or "first", pairs.second_annotator[at] or "second"
        if first == second:
            first, second = tr("{first} first", first=first), tr("{second} later", second=second)
        said = _said(opened, LabelKind(int(pairs.kind[at])), int(pairs.second[at]))
        given = int(pairs.first[at])
        ours = LabelKind.LABEL if given != NO_CLASS else LabelKind(int(opened.kind[row]))
        reason = f"{first}: {_said(opened, ours, given)}; {second}: {said}"
        looks.append(
            Look((row,), (int(pairs.first[at]),), reason, int(pairs.second[at]), float("nan"),
                 f"{second}: {said}")
        )  # fmt: skip
    return looks


def _said(opened: OpenProject, kind: LabelKind, class_id: int) -> str:
    """What was said of an image, in words."""
    said = opened.class_name(class_id) if kind == LabelKind.LABEL else ""
    return said or {LabelKind.NOT_SURE: tr("not sure"), LabelKind.BAD_IMAGE: tr("bad image")}.get(kind, "?")
