"""What each session was: how long, how many labels and how fast, derived from what was recorded anyway.

A session is one opening of a project in which a person decided about images or read some again. Nothing of
it is stored: decisions carry their time, so a program that was killed loses no more than one that was closed,
and a window left open over night makes no long session.
"""

from __future__ import annotations

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import numpy as np

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.project.database import Reader
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project

PAUSE_S = 300.0
"""A longer gap between two decisions is a pause, all of it. One decision takes seconds, a hard image a minute
or two; after five minutes without any, the person is far more likely away than looking."""
BIN_S = 300.0
SHORTEST_S = 60.0
"""No pace is told from less work than this; a last bin shorter than it is part of the one before."""

NOT_BY_HAND = (
    LabelSource.IMPORT,
    LabelSource.ADOPT,
    LabelSource.MERGE,
    LabelSource.UNDO,
    LabelSource.REDO,
)

DECISIONS = (
    "SELECT e.step, e.annotator, e.source, e.kind, e.class, COUNT(*),"
    " SUM(e.strategy IS NOT NULL AND e.shown_class IS NOT NULL AND e.shown_class <> ? AND NOT e.blind),"
    " COALESCE(SUM(e.strategy IS NOT NULL AND e.shown_class = e.class AND NOT e.blind), 0)"
    " FROM step s JOIN label_event f ON f.id = s.first_event AND f.source NOT IN (?, ?, ?, ?, ?)"
    " JOIN label_event e ON e.id BETWEEN s.first_event AND s.last_event"
    " WHERE (? IS NULL OR s.session = ?) AND (? IS NULL OR s.id <= ?)"
    " GROUP BY e.step, e.kind, e.class ORDER BY e.step"
)
"""All events of a step have one source, so the first tells whether the others need to be read."""


_READINGS = (
    "SELECT session, time, annotator, ask, kind FROM reading WHERE session IS NOT NULL"
    " AND (? IS NULL OR session = ?) AND (? IS NULL OR time <= ?) ORDER BY session, id"
)


@dataclass(frozen=True)
class Bin:
    """Up to five minutes of work, pauses left out: start and length in seconds, labels by source."""

    start_s: float
    seconds: float
    labels: dict[str, int]

    @property
    def per_minute(self) -> float:
        """Labels per minute."""
        return sum(self.labels.values()) * 60.0 / self.seconds


@dataclass(frozen=True)
class Pause:
    """`seconds` without a decision, after `at_s` seconds of work."""

    at_s: float
    seconds: float


@dataclass(frozen=True)
class Session:
    """One opening of the project.

    `started` ISO 8601, UTC. `elapsed_s`: from opening to the last decision, `active_s`: without `pauses`.
    Labels are decisions for a class made by hand, those taken back in the same session (`n_undone`) left out;
    a label that was changed later counts again. `by_class` follows merges, deleted classes are left out.
    `n_suggested`: labels of suggestions for which a prediction was on screen, `n_accepted`: those that took
    it. `n_marks`: skip, not sure, bad image. `n_readings`: images read again, see `project.readings`.
    `clock_set_back`: times are counted around it.
    """

    id: int
    started: str
    program: str
    annotators: tuple[str, ...]
    elapsed_s: float
    active_s: float
    pauses: tuple[Pause, ...]
    bins: tuple[Bin, ...]
    by_source: dict[str, int]
    by_class: dict[int, int]
    n_marks: int
    n_readings: int
    n_undone: int
    n_suggested: int
    n_accepted: int
    clock_set_back: bool

    @property
    def n_labels(self) -> int:
        """Labels given by hand that were not taken back."""
        return sum(self.by_source.values())

    @property
    def per_minute(self) -> float | None:
        """Labels per minute of work; None for less than a minute of it."""
        return self.n_labels * 60.0 / self.active_s if self.active_s >= SHORTEST_S else None

    @property
    def accepted(self) -> float | None:
        """Share (0..1) of suggestions answered with the prediction on screen; None if there were none."""
        return self.n_accepted / self.n_suggested if self.n_suggested else None


@dataclass(frozen=True)
class AccuracyChange:
    """The first and the last figure of a session on one yardstick; `start` is None if there is but one.

    `start` is the last figure of before, if it is of the same embedding, else the first of the session.
    """

    measured_on: str
    classifier: str
    start: Checkpoint | None
    end: Checkpoint


@dataclass
class _Work:
    """What one step decided."""

    annotator: str
    source: str
    labels: Counter[int] = field(default_factory=Counter)
    marks: int = 0
    suggested: int = 0
    accepted: int = 0


def recorded_sessions(
    project: Project, *, only: int | None = None, until: tuple[int, str] | None = None
) -> list[Session]:
    """Every session in which somebody decided about an image, oldest first; the present one included.

    `only`: the session to look at, if it is but one. `until`: the last step that counts, and its time. On
    any thread: it takes a while where there are many.
    """
    with project.database.reader() as reader:
        work, steps, readings, opened = _read(reader, only, *(until or (None, None)))
    by_session = {session: list(group) for session, group in groupby(steps, key=lambda step: step[0])}
    return [
        _session(project, opened[session], by_session.get(session, []), work, readings[session])
        for session in sorted({*by_session, *readings})
        if readings[session] or any(step in work for _, step, *_ in by_session[session])
    ]


def _read(
    database: Reader, only: int | None, step: int | None, time: str | None
) -> tuple[
    dict[int, _Work],
    list[tuple[Any, ...]],
    dict[int, list[tuple[Any, ...]]],
    dict[int, tuple[Any, ...]],
]:
    """What each step decided, the steps, readings by session, and when each session began."""
    work: dict[int, _Work] = {}
    sources = [source.value for source in NOT_BY_HAND]
    for of_step, who, source, kind, class_id, n, suggested, accepted in database.rows(
        DECISIONS, (NO_CLASS, *sources, only, only, step, step)
    ):
        entry = work.setdefault(of_step, _Work(who, source))
        if kind == LabelKind.LABEL:
            entry.labels[class_id] += n
            entry.suggested += suggested
            entry.accepted += accepted
        elif kind != LabelKind.CLEAR:
            entry.marks += n
    steps = database.rows(
        "SELECT session, id, time, kind, target FROM step WHERE session IS NOT NULL"
        " AND (? IS NULL OR session = ?) AND (? IS NULL OR id <= ?) ORDER BY session, id",
        (only, only, step, step),
    )
    readings: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for session, *reading in database.rows(_READINGS, (only, only, time, time)):
        readings[session].append(tuple(reading))
    opened = {row[0]: row for row in database.rows("SELECT id, started, program FROM session")}
    return work, steps, readings, opened


def _session(
    project: Project,
    opened: tuple[Any, ...],
    steps: list[tuple[Any, ...]],
    work: dict[int, _Work],
    readings: list[tuple[Any, ...]],
) -> Session:
    session, started, program = opened
    own = {step: work[step] for _, step, *_ in steps if step in work}
    taken_back = _taken_back(steps)
    clock = _Clock(started)
    decided: list[tuple[float, _Work]] = []
    # Each list is in the order in which things happened, even where the clock was not.
    moments = [[(time, step) for _, step, time, *_ in steps], [(time, 0) for time, *_ in readings]]
    for time, step in heapq.merge(*moments, key=lambda moment: moment[0]):
        at = clock.advance(time)
        if step in own and step not in taken_back:
            decided.append((at, own[step]))
    by_class: Counter[int] = Counter()
    by_source: Counter[str] = Counter()
    for _, entry in decided:
        by_source[entry.source] += entry.labels.total()
        for class_id, n in entry.labels.items():
            by_class[int(project.classes.resolve(np.array(class_id)))] += n
    by_class.pop(NO_CLASS, None)
    read = {ask: kind for *_, ask, kind in readings}
    return Session(
        id=session,
        started=started,
        program=program,
        annotators=tuple(dict.fromkeys([e.annotator for e in own.values()] + [r[1] for r in readings])),
        elapsed_s=clock.elapsed,
        active_s=clock.active,
        pauses=tuple(clock.pauses),
        bins=_bins(clock.active, decided),
        by_source={source: n for source, n in by_source.items() if n},
        by_class=dict(by_class),
        n_marks=sum(entry.marks for _, entry in decided),
        n_readings=sum(kind not in (LabelKind.CLEAR, LabelKind.SKIP) for kind in read.values()),
        n_undone=sum(entry.labels.total() for step, entry in own.items() if step in taken_back),
        n_suggested=sum(entry.suggested for _, entry in decided),
        n_accepted=sum(entry.accepted for _, entry in decided),
        clock_set_back=clock.set_back,
    )


def _taken_back(steps: Iterable[tuple[Any, ...]]) -> set[int]:
    """Steps that these undo and do not do again."""
    out: set[int] = set()
    for _, _, _, kind, target in steps:
        if kind == "undo":
            out.add(target)
        elif kind == "redo":
            out.discard(target)
    return out


class _Clock:
    """Adds up the time between decisions; where the computer's clock was set back, the gap counts nothing."""

    def __init__(self, started: str) -> None:
        self._last = datetime.fromisoformat(started)
        self.elapsed = self.active = 0.0
        self.pauses: list[Pause] = []
        self.set_back = False

    def advance(self, time: str) -> float:
        """Go to the next decision; seconds of work before it."""
        now = datetime.fromisoformat(time)
        gap = (now - self._last).total_seconds()
        self._last = now
        self.set_back |= gap < -1.0
        gap = max(0.0, gap)
        self.elapsed += gap
        if gap > PAUSE_S:
            self.pauses.append(Pause(self.active, gap))
        else:
            self.active += gap
        return self.active


def _bins(active: float, decided: Sequence[tuple[float, _Work]]) -> tuple[Bin, ...]:
    """Five minutes of work each; a label belongs to the work that led to it."""
    if active < SHORTEST_S:
        return ()
    n = max(1, math.ceil(active / BIN_S))
    if n > 1 and active - (n - 1) * BIN_S < SHORTEST_S:
        n -= 1
    counts: list[Counter[str]] = [Counter() for _ in range(n)]
    for at, entry in decided:
        counts[min(n - 1, max(0, math.ceil(at / BIN_S) - 1))][entry.source] += entry.labels.total()
    ends = [BIN_S * k for k in range(1, n)] + [active]
    return tuple(
        Bin(k * BIN_S, end - k * BIN_S, {source: m for source, m in count.items() if m})
        for k, (end, count) in enumerate(zip(ends, counts, strict=True))
    )


def accuracy_changes(
    checkpoints: Sequence[Checkpoint], session: int, classifier: str
) -> dict[str, AccuracyChange]:
    """How the accuracy of `classifier` went in one session, by what it was measured on."""
    out = {}
    mine = [c for c in checkpoints if c.classifier == classifier]
    for end in (c for c in mine if c.session == session):
        same = [c for c in mine if c.measured_on == end.measured_on and c.embedding == end.embedding]
        within = [c for c in same if c.session == session]
        before = [c for c in same if c.id < within[0].id]
        start = before[-1] if before else within[0]
        out[end.measured_on] = AccuracyChange(
            end.measured_on, classifier, start if start.id != end.id else None, end
        )
    return out
