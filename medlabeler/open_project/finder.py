"""Which images of an open project are looked at, and in which order. No widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.types import NO_CLASS, LabelKind, Remark
from medlabeler.open_project.finding.fields import Field, Kind, fields_of
from medlabeler.open_project.finding.matching import field_of, fields_used, matching
from medlabeler.open_project.finding.ordering import Order, ordered, settled
from medlabeler.open_project.finding.syntax import FilterError, Term, parse
from medlabeler.open_project.finding.table import Cache, Mask, Table
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.latest import Latest

Rows = NDArray[np.int64]
PREDICTED = {"prediction", "confidence"}
_BY = {
    "label": Changes.LABELS | Changes.CLASSES,
    "prediction": Changes.MODEL | Changes.LABELS | Changes.CLASSES,
    "confidence": Changes.MODEL | Changes.LABELS,
    "by": Changes.LABELS,
    "date": Changes.LABELS,
    "is": Changes.LABELS | Changes.MODEL | Changes.REMARKS,
    "note": Changes.REMARKS,
    "reference": Changes.LABELS | Changes.CLASSES,
}
"""What must change for a field to say something else; the others change with the images alone."""


@dataclass(frozen=True)
class Found:
    """An answer: `rows` int64 (m,) in their order, `match` bool (n,), and whether the rows would stand in
    another order if they were sorted afresh.
    """

    rows: Rows
    match: Mask
    unsorted: bool


class Finder(QObject):
    """The filter and the order of an open project, and what they find; looked up in a thread.

    `rows` int64 (m,): the images found, in their order; `match` bool (n,): the same as a mask, None without
    a filter. `problem`: why the filter as it stands finds nothing new, empty if it does; `terms`: its
    conditions. In blind mode nothing is found: names, labels and metadata would tell too much.

    After a label or a refit the images found are those of now, but what is in sight keeps its place; then
    `unsorted` is True, and `sort_again` puts everything in order. An order that a prediction had a part in
    does not outlive it: when predictions are hidden, everything is put in order at once.
    """

    changed = Signal()

    def __init__(self, opened: OpenProjectState) -> None:
        super().__init__(opened)
        self.opened = opened
        self._cache = Cache()
        self.text = ""
        self.terms: tuple[Term, ...] = ()
        self.order = Order()
        self.problem = ""
        self.rows: Rows = np.arange(opened.n)
        self.match: Mask | None = None
        self.unsorted = False
        self.fields = self._fields()
        self._prediction = opened.prediction
        self._had_part: Mask = np.zeros(0, np.bool_)
        self._afresh = False
        self._latest = Latest(self)
        self._latest.answered.connect(self._take)
        self._later = QTimer(self, interval=0, singleShot=True)
        self._later.timeout.connect(self._ask)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._on_view)
        opened.suggestions_changed.connect(self._on_hidden)

    # ------------------------------------------------------------------ what a person asks

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._latest.busy or self._later.isActive()

    def look_for(self, text: str) -> None:
        """Find what meets the conditions of `text`; see `finding.syntax`. A problem is told by `problem`."""
        try:
            terms = parse(text)
            for term in terms:
                if term.field:
                    field_of(self.fields, term)
        except FilterError as error:
            self.text, self.problem = text, str(error)
            self.changed.emit()
            return
        same = terms == self.terms and not self.problem
        self.text, self.terms, self.problem = text, terms, ""
        if not same:
            self._start(afresh=True)

    def sort_by(self, field: str, descending: bool = False) -> None:
        """Show what is found in the order of a field (a key; empty: as the images came)."""
        if (wanted := Order(field, descending)) != self.order:
            self.order = wanted
            self._start(afresh=True)

    def sort_again(self) -> None:
        """Put everything in order."""
        self._start(afresh=True)

    def values_of(self, field: Field) -> Sequence[str]:
        """Values of a field for a person to choose from, those of the most images first."""
        opened = self.opened
        if field.key in ("label", "prediction", "reference"):
            return [c.name for c in opened.classes]
        if field.key == "by":
            names, who, _ = opened.project.labels.log.latest_by()
            decided = np.bincount(who[opened.kind != LabelKind.CLEAR] + 1, minlength=len(names) + 1)[1:]
            return [names[code] for code in np.argsort(-decided, kind="stable") if decided[code]]
        if field.key == "group":
            return opened.project.catalog.group_names[:1000]
        if field.kind is not Kind.COLUMN:
            return []
        found = opened.project.catalog.metadata(field.column)
        often = np.bincount(found.codes + 1, minlength=len(found.names) + 1)[1:]
        return [found.names[code] for code in np.argsort(-often, kind="stable")[:1000]]

    # ------------------------------------------------------------------ when to look again

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.fields = self._fields()
        used = {*fields_used(self.fields, self.terms), self.order.field} - {""}
        matters = Changes.IMAGES
        for key in used:
            matters |= _BY.get(key, Changes.NONE)
        if changes & matters:
            self._start()
        elif changes & Changes.MODEL:
            self._prediction = self.opened.prediction

    def _on_view(self) -> None:
        if self.opened.blind == (self.rows.size > 0):
            self._start(afresh=True)

    def _on_hidden(self) -> None:
        """Other images wait in the queue: their predictions may be hidden now."""
        if self.opened.prediction is not self._prediction:
            self._prediction = self.opened.prediction
            if PREDICTED & {*fields_used(self.fields, self.terms), self.order.field}:
                self._start()

    def _start(self, afresh: bool = False) -> None:
        self._afresh |= afresh
        if self.opened.blind or not (self.terms or self.order.field):
            self._ask()  # nothing to wait for
        else:
            self._later.start()

    # ------------------------------------------------------------------ looking

    def _fields(self) -> list[Field]:
        catalog = self.opened.project.catalog
        references = bool((self.opened.reference != NO_CLASS).any())
        return fields_of(catalog.metadata_columns(), groups=catalog.has_groups, references=references)

    def _ask(self) -> None:
        self._later.stop()
        opened = self.opened
        afresh, self._afresh = self._afresh, False
        self._prediction = opened.prediction
        if opened.closed:
            return
        if opened.blind or not (self.terms or self.order.field):
            self._latest.forget()
            rows = np.arange(0 if opened.blind else opened.n)
            if self.order.descending:
                rows = rows[::-1]
            self._show(Found(rows, np.ones(0, np.bool_), False), None)
            return
        had = opened.prediction != NO_CLASS
        if self._hides(had):
            afresh = True
        self._had_part = had if afresh else _either(self._had_part, had)
        question = _question(self._table(), self.terms, self.order, None if afresh else self.rows)
        self._latest.ask(question)
        self.changed.emit()

    def _hides(self, had: Mask) -> bool:
        """Whether the order in sight tells of predictions that must not be seen any more."""
        if self.order.field not in PREDICTED:
            return False
        before = self._had_part[: len(had)]
        return bool((before & ~had[: len(before)]).any())

    def _take(self, answer: object) -> None:
        if isinstance(answer, Found):
            self._show(answer, answer.match if self.terms else None)
        else:
            self.problem = str(answer)
            self.changed.emit()

    def _show(self, found: Found, match: Mask | None) -> None:
        self.rows, self.match, self.unsorted = found.rows, match, found.unsorted
        self.changed.emit()
        selection = self.opened.selection
        if match is not None and len(match) == len(selection) and (selection & ~match).any():
            # A key never labels what is out of sight.
            self.opened.set_selection(np.flatnonzero(selection & match))

    def _table(self) -> Table:
        opened = self.opened
        project = opened.project
        names, who, when = project.labels.log.latest_by()
        return Table(
            n=opened.n,
            fields=self.fields,
            classes=opened.classes,
            files=project.catalog.names(),
            label=opened.label,
            kind=opened.kind,
            prediction=opened.prediction,
            confidence=opened.confidence,
            split=opened.split,
            reference=opened.reference,
            group=project.catalog.group,
            group_names=project.catalog.group_names,
            annotators=names,
            who=who,
            when=when,
            notes=project.remarks.notes(),
            marks={what: project.remarks.mask(what, opened.n) for what in Remark},
            column=project.catalog.metadata,
            cache=self._cache,
        )


def _question(
    table: Table, terms: tuple[Term, ...], order: Order, before: Rows | None
) -> Callable[[], Found]:
    """Looking up, on whichever thread: what meets the terms, in order, or as far as possible as `before`."""

    def look() -> Found:
        match = matching(table, terms)
        rows = ordered(table, np.flatnonzero(match), order)
        if before is None:
            return Found(rows, match, False)
        kept = settled(before, rows, table.n)
        return Found(kept, match, not np.array_equal(kept, rows))

    return look


def _either(a: Mask, b: Mask) -> Mask:
    out = b.copy()
    out[: len(a)] |= a[: len(b)]
    return out
