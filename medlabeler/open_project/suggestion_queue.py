"""What to label next, in order: asked of the engine in time, kept in its place while a person looks at it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.open_project.bulk_checks import BulkChecks
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.suggestion import Suggestion

READY = 12
"""Suggestions the strategy chose that are kept ready."""
LOW = 6
"""More are asked for when fewer than these wait."""
DRAW_EVERY = 10
"""One suggestion of so many is drawn at random, whatever the strategy."""
PAUSE = 4.0
"""After a renewal the engine is left alone for so many times as long as it took, for the refits."""
LONGEST_PAUSE_MS = 5000

Ask = Callable[[str, int, list[int], str, float], bool]
"""Strategy, how many, rows that wait already, tag, share of random draws; False if there is nobody to ask."""


@dataclass(frozen=True, slots=True)
class _Request:
    replaces: bool
    asked: float


class SuggestionQueue(QObject):
    """The images that wait, and the one on show.

    New answers of the engine reorder what waits, except the image on show and the one the mouse points at,
    which keep their place. An answer is judged when it arrives: what has been decided or reserved since it
    was asked for does not come in. Any number of requests may be under way.

    One suggestion of `DRAW_EVERY` is a random draw. Draws are never replaced by a later answer: each is
    offered in its turn, or its chance would not be the one on record. While `hides_draws`, the prediction of
    a draw is hidden until it is decided, and its label may be scored as blind. One in about as many is an
    image asked again to check a bulk label, if any waits (see BulkChecks); it looks like a draw.
    """

    changed = Signal()

    def __init__(self, opened: OpenProjectState, checks: BulkChecks, ask: Ask) -> None:
        super().__init__(opened)
        self._opened = opened
        self._checks = checks
        self._ask_engine = ask
        self.items: list[Suggestion] = []
        self.shown = -1
        self.pointed = -1
        self.hides_draws: bool = opened.project.settings.get("hide_draws", True)
        self._since_draw = DRAW_EVERY // 2  # a short session has a draw, too
        self._since_check = 0
        self._returned: set[int] = set()
        self._seen: set[int] = set()
        self._requests: dict[str, _Request] = {}
        self._tag = 0
        self._overdue = False
        self._pause = QTimer(self, singleShot=True)
        self._pause.timeout.connect(self._pause_over)
        checks.dropped.connect(self.drop)
        checks.answered.connect(self.tidy_away)
        checks.asked_again.connect(self.put_in_front)

    # ------------------------------------------------------------------ what waits

    def find(self, row: int) -> Suggestion | None:
        """The waiting suggestion of that image."""
        return next((s for s in self.items if s.row == row), None)

    def after(self, row: int, count: int) -> list[int]:
        """The rows that will probably be on show after `row`."""
        rows = [s.row for s in self.items]
        at = rows.index(row) if row in rows else -1
        return [*rows[at + 1 :], *rows[: max(0, at)]][:count]

    def show(self, row: int) -> None:
        """Put a waiting image on show."""
        if row != self.shown and self.find(row) is not None:
            self.shown = row
            self.changed.emit()

    def point_at(self, row: int) -> None:
        """The mouse is on that image, or, with -1, on none."""
        self.pointed = row

    def _free(self, row: int) -> bool:
        """Whether that image may be suggested: nobody has decided about it, and it is in the pool."""
        opened = self._opened
        return bool(opened.kind[row] == LabelKind.CLEAR and opened.split[row] == Split.POOL)

    def _is_draw(self, item: Suggestion) -> bool:
        """Whether it is one of the random draws among suggestions chosen otherwise."""
        return item.inclusion_probability is not None and self._opened.strategy != "random"

    def _is_check(self, item: Suggestion) -> bool:
        """Whether it is an image asked again to check a bulk label."""
        return item.row == self._checks.row

    def _publish(self) -> None:
        if self.find(self.shown) is None:
            self.shown = self.items[0].row if self.items else -1
        # What another project's classifier says of a draw is never shown: it would count as this one's.
        start = self._opened.shows_start
        hidden = [
            s.row
            for s in self.items
            if s.inclusion_probability is not None and (start or s.row not in self._seen)
        ]
        hidden = hidden if self.hides_draws or start else []
        self._opened.hide_predictions([*hidden, *(s.row for s in self.items if self._is_check(s))])
        self.changed.emit()

    # ------------------------------------------------------------------ asking

    def refill(self) -> None:
        """Ask for more if few wait and no answer is on its way."""
        if len(self.items) < LOW and not any(not r.replaces for r in self._requests.values()):
            self._ask(replaces=False)

    def renew(self) -> None:
        """Ask for suggestions by what has been learned since; at once, or after the pause."""
        if self._opened.strategy == "random":
            return
        self._overdue = self._pause.isActive() or any(r.replaces for r in self._requests.values())
        if not self._overdue:
            self._ask(replaces=True)

    def _pause_over(self) -> None:
        if self._overdue:
            self.renew()

    def restart(self) -> None:
        """Drop all that waits and all answers under way, and ask anew."""
        self._returned.clear()
        self.items = []
        self._publish()
        self.ask_again()

    def ask_again(self) -> None:
        """The engine will not answer what it was asked before: it was started, or other images are wanted."""
        self._requests.clear()
        self._pause.stop()
        self.refill()

    def give_up(self) -> None:
        """The engine could not answer: ask again with the next decision, not at once."""
        self._requests.clear()

    def _ask(self, replaces: bool) -> None:
        self._tag += 1
        tag = str(self._tag)
        kept = [s.row for s in self.items if not replaces or self._stays(s)]
        share = 0.0 if any(self._is_draw(s) for s in self.items) else 1 / DRAW_EVERY
        if self._ask_engine(self._opened.strategy, READY, kept, tag, share):
            self._requests[tag] = _Request(replaces, time.perf_counter())

    # ------------------------------------------------------------------ answers

    def take(self, tag: str, items: list[Suggestion]) -> None:
        """The engine's answer to a request, unless that was given up."""
        request = self._requests.pop(tag, None)
        if request is None:
            return
        if request.replaces:
            took_ms = 1000 * (time.perf_counter() - request.asked)
            self._pause.start(int(min(LONGEST_PAUSE_MS, PAUSE * took_ms)))
        self.adopt(items, request.replaces)

    def adopt(self, items: list[Suggestion], replaces: bool = False) -> None:
        """Take suggestions in; with `replaces` they are better than what waits."""
        pinned = [(at, s) for at, s in enumerate(self.items) if self._in_place(s)]
        kept = [s for s in self.items if not replaces or self._stays(s)]
        known = {s.row for s in kept} | {s.row for _, s in pinned}
        fresh = [s for s in items if s.row not in known and self._free(s.row)]
        self._seen.update(s.row for s in fresh if s.row == self._opened.current)
        pins = {s.row for _, s in pinned}
        free = [s for s in (*kept, *fresh) if s.row not in pins]
        checks = [s for s in free if self._is_check(s)]
        free = [s for s in free if not self._is_check(s)]
        chosen = [s for s in free if s.row not in self._returned and not self._is_draw(s)]
        order = [*(s for s in free if s.row in self._returned), *chosen[:READY]]
        place = DRAW_EVERY - 1 - self._since_draw
        for draw in (s for s in (*kept, *fresh) if self._is_draw(s) and s.row not in self._returned):
            if draw.row not in pins:
                order.insert(max(0, place - sum(at < place for at, _ in pinned)), draw)
            place += DRAW_EVERY
        for check in checks:
            order.insert(max(0, DRAW_EVERY - 1 - self._since_check), check)
        for at, item in pinned:
            order.insert(at, item)
        self.items = order
        self._publish()

    def _stays(self, item: Suggestion) -> bool:
        """Whether a better answer does not replace it."""
        lasting = self._is_draw(item) or self._is_check(item)
        return item.row in self._returned or lasting or self._in_place(item)

    def _in_place(self, item: Suggestion) -> bool:
        """Whether somebody looks at it.

        What stands in for the strategy, which could not choose yet, gives way while nobody is labelling.
        """
        stand_in = item.strategy == "random" and item.inclusion_probability is None
        attended = item.row == self._opened.current or not stand_in
        return item.row == self.pointed or (item.row == self.shown and attended)

    # ------------------------------------------------------------------ decisions

    def tidy(self) -> None:
        """Let go of what has been decided or reserved, and see that more comes."""
        self._let_go([s for s in self.items if not self._free(s.row)])

    def tidy_away(self, row: int) -> None:
        """Let go of an image that was asked again and answered."""
        self._since_check = 0
        self._let_go([s for s in self.items if s.row == row])

    def drop(self, row: int) -> None:
        """Let go of an image nobody decided about."""
        self.items = [s for s in self.items if s.row != row]
        self._publish()

    def put_in_front(self, item: Suggestion) -> None:
        """Put an image on show."""
        self.items = [item, *(s for s in self.items if s.row != item.row)]
        self.shown = item.row
        self._publish()

    def _let_go(self, gone: list[Suggestion]) -> None:
        if not gone:
            return
        for item in gone:
            self._returned.discard(item.row)
            self._since_draw = 0 if self._is_draw(item) else self._since_draw + 1
            self._since_check += 1
        rows = {s.row for s in gone}
        self.items = [s for s in self.items if s.row not in rows]
        self._ask_check()
        self._publish()
        self.refill()

    def _ask_check(self) -> None:
        """Half-way to its turn, an image whose bulk label is to be checked joins those that wait."""
        if self._since_check < DRAW_EVERY // 2 or any(self._is_check(s) for s in self.items):
            return
        check = self._checks.pose()
        if check is None:
            self._since_check = 0
        else:
            self.items.insert(max(1, DRAW_EVERY - 1 - self._since_check), check)

    def undone(self, row: int) -> bool:
        """Put an image on show again whose decision was just taken back; False if it was not made here."""
        strategy, chance = self._opened.project.labels.log.followed_last(row)
        if strategy is None or not self._free(row):
            return False
        self.give_back([Suggestion(row, tr("here again because its decision was undone"), strategy, chance)])
        return True

    def give_back(self, decided: Iterable[Suggestion]) -> None:
        """Put images in front again whose last decision no longer stands, as they were suggested then.

        Their predictions have been open meanwhile, so they are not hidden any more.
        """
        back = [suggestion for suggestion in decided if self._free(suggestion.row)]
        rows = {s.row for s in back}
        self._returned |= rows
        self._seen |= rows
        self.items = [*back, *(s for s in self.items if s.row not in rows)]
        if back:
            self.shown = back[0].row
        self._publish()

    @property
    def skipped(self) -> np.ndarray:
        """Rows, int64, of the pool's skipped images."""
        opened = self._opened
        return np.flatnonzero((opened.kind == LabelKind.SKIP) & (opened.split == Split.POOL))

    def set_hides_draws(self, hides: bool) -> None:
        """Hide the prediction of random draws until they are decided, or show it as any other."""
        self.hides_draws = hides
        self._opened.project.settings.keep("hide_draws", hides)
        if not hides:
            self._seen.update(s.row for s in self.items if s.inclusion_probability is not None)
        self._publish()
