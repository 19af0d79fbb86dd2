"""All label events in memory, column by column, and what follows from them for each image.

The database is read once, at the opening; each step is taken in as it is committed. So no action of a person
has to look through all events, however many there are.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.project.columns import Growing, Names, numbers, texts
from medlabeler.project.database import Database
from medlabeler.project.kept_reading import Kept, packed, unpacked

Rows = NDArray[np.int64]

_SOURCES = list(LabelSource)
_CODES = {source.value: code for code, source in enumerate(_SOURCES)}
_CLEAR = int(LabelKind.CLEAR)
_BULK = _CODES[LabelSource.BULK.value]
_LOOK = _CODES[LabelSource.SECOND_LOOK.value]
_REPLAYS = [_CODES[source.value] for source in (LabelSource.UNDO, LabelSource.REDO)]
_BROUGHT = [_CODES[source.value] for source in (LabelSource.ADOPT, LabelSource.IMPORT)]
_EVENT = np.dtype(
    [
        ("id", np.int64), ("step", np.int64), ("row", np.int32), ("before", np.int32), ("class_id", np.int32),
        ("shown_class", np.int32), ("shown_confidence", np.float32), ("kind", np.uint8), ("source", np.uint8),
        ("blind", np.bool_), ("strategy", np.int16), ("chance", np.float64), ("annotator", np.int32),
    ]
)  # fmt: skip
_STEP = np.dtype(
    [
        ("there", np.bool_), ("stands", np.bool_), ("annotator", np.int32), ("session", np.int64),
        ("time", "datetime64[ms]"),
    ]
)  # fmt: skip
_OF_IMAGES: tuple[tuple[str, int], ...] = (
    ("kind", 0), ("class_id", NO_CLASS), ("event", 0), ("_place", -1), ("_decided", -1), ("_drawn", NO_CLASS),
    ("_brought", 0),
)  # fmt: skip
"""Arrays over images, and what they hold of one without events."""
_KEPT = (*(name for name, _ in _OF_IMAGES), "_steps")


@dataclass(frozen=True)
class EventFacts:
    """What accompanies each event of a step: one value for all, or a list with one per row."""

    strategy: Any = None
    inclusion_probability: Any = None
    shown_class: Any = None
    shown_confidence: Any = None
    model_revision: int | None = None
    blind: Any = False


class EventLog:
    """Events in the order in which they were made, steps by id, and per image what they come to.

    `kind` uint8 (n,) and `class_id` int32 (n,): the latest event of each image, before merges and deletions
    of classes are followed; `event` int64 (n,): its id, 0 for none. They change in place: a copy of a million
    entries is no part of a click.
    """

    def __init__(
        self,
        database: Database,
        n: int,
        known: Callable[[Any], bool],
        until: int | None = None,
        kept: Kept | None = None,
    ) -> None:
        """`known`: whether there is or was a class of that id. `until`: the last step to take in, if not
        all are wanted; which steps stand is then as it is now. `kept`: what `keep` gave when the database was
        what it is now; it is read otherwise.
        """
        self._known = known
        self._until = until
        self._events = np.empty(0, _EVENT)
        self._m = 0
        self._steps = np.zeros(0, _STEP)
        self._annotators: dict[str, int] = {}
        self._strategies = Names()
        self._growing = Growing()
        self.kind = np.zeros(0, np.uint8)
        self.class_id = np.zeros(0, np.int32)
        self.event = np.zeros(0, np.int64)
        self._place = np.zeros(0, np.int32)
        self._decided = np.zeros(0, np.int32)
        self._drawn = np.zeros(0, np.int32)
        self._brought = np.zeros(0, np.bool_)
        if kept is not None:
            self._take_kept(kept)
            return
        self.grow(n)
        self._room_for_steps(0)
        self._read(database)

    @property
    def n_events(self) -> int:
        """Events of all images, undone ones included."""
        return self._m

    def keep(self) -> Kept:
        """All that is read of the database, and what follows from it, as arrays."""
        return {
            **{name: getattr(self, name) for name in _KEPT},
            "_events": self._events[: self._m],
            "annotators": packed(list(self._annotators)),
            "strategies": packed(self._strategies.names),
        }

    def _take_kept(self, kept: Kept) -> None:
        for name in _KEPT:
            setattr(self, name, kept[name])
        self._m = m = len(kept["_events"])
        # Room now, on the thread that opens the project: else the first label would wait for a copy of all.
        self._events = np.empty(m + m // 2 + 1024, _EVENT)
        self._events[:m] = kept["_events"]
        self._annotators = {name: code for code, name in enumerate(unpacked(kept["annotators"]))}
        self._strategies = Names(unpacked(kept["strategies"]))

    def _read(self, database: Database) -> None:
        last = (self._until, self._until)
        steps = (
            "SELECT id, kind = 'do' AND done = 1, annotator, COALESCE(session, 0), time FROM step"
            " WHERE (? IS NULL OR id <= ?) ORDER BY id"
        )
        for ids, stands, who, sessions, times in database.blocks(steps, last):
            known = self._room_for_steps(ids[-1])
            known["stands"][list(ids)] = stands
            known["annotator"][list(ids)] = [self._annotator(name) for name in texts(who)]
            known["session"][list(ids)] = numbers(sessions, np.int64, 0, 2**31, 0)[0]
            known["time"][list(ids)] = _times(times)
            known["there"][list(ids)] = True
        events = (
            "SELECT id, step, image, kind, class, source, shown_class, shown_confidence,"
            " inclusion_probability, blind, strategy, annotator FROM label_event"
            " WHERE (? IS NULL OR step <= ?) ORDER BY id"
        )
        n_damaged, first = 0, ""
        for stored in database.blocks(events, last):
            block, damaged = self._as_block(*stored)
            if damaged.any():
                ids, _, image, kind, classes, source, *_ = (c[int(np.argmax(damaged))] for c in stored)
                first = first or f"event {ids}: image {image}, kind {kind}, class {classes}, source {source}"
                n_damaged += int(damaged.sum())
            self._append(self._behind(block[block["row"] >= 0]))
        if n_damaged:
            database.tell(
                f"{n_damaged:,} label events are damaged in {database.path}, such as {first}; all are kept "
                "there, and an image whose latest label cannot be right counts as undecided."
            )

    def _as_block(
        self,
        ids: Sequence[Any],
        step: Sequence[Any],
        image: Sequence[Any],
        kind: Sequence[Any],
        classes: Sequence[Any],
        source: Sequence[Any],
        shown: Sequence[Any],
        confidence: Sequence[Any],
        chance: Sequence[Any],
        blind: Sequence[Any],
        strategy: Sequence[Any],
        annotator: Sequence[Any],
    ) -> tuple[NDArray[Any], NDArray[np.bool_]]:
        """Events as stored, and which, bool (m,), hold what cannot be right; the row of no image is -1."""
        block, damaged = np.empty(len(ids), _EVENT), np.zeros(len(ids), np.bool_)
        block["id"] = ids
        block["strategy"] = [self._strategies.code(name) for name in texts(strategy)]
        block["annotator"] = [self._annotator(name) for name in texts(annotator)]
        for name, values in (("shown_confidence", confidence), ("chance", chance)):
            block[name] = _shares(values)

        def take(name: str, values: Sequence[Any], low: int, high: int, instead: int) -> None:
            block[name], wrong = numbers(values, np.int64, low, high, instead)
            damaged[wrong] = True

        take("step", step, 0, len(self._steps) - 1, 0)
        take("row", image, 1, len(self.kind), 0)
        take("kind", kind, 0, max(LabelKind), LabelKind.CLEAR)
        take("source", [_CODES.get(name) for name in source], 0, len(_SOURCES), _BULK)
        take("blind", blind, 0, 1, 0)
        block["row"] -= 1
        for name, values in (("class_id", classes), ("shown_class", shown)):
            if unknown := {v for v in set(values) if v is not None and not self._known(v)}:
                damaged |= [v in unknown for v in values]
                values = [None if v in unknown else v for v in values]
            block[name] = _numbers(values, NO_CLASS)
        damaged |= ~self._steps["there"][block["step"]]
        no_class = (block["kind"] == LabelKind.LABEL) & (block["class_id"] == NO_CLASS)
        block["kind"][no_class] = LabelKind.CLEAR
        return block, damaged | no_class

    def grow(self, n: int) -> None:
        """There are `n` images now; new ones have no event."""
        more = n - len(self.kind)
        if more > 0:
            for name, nothing in _OF_IMAGES:
                setattr(self, name, self._growing.longer(name, getattr(self, name), [nothing] * more))

    # ------------------------------------------------------------------ what was committed

    def begin(self, step: int, *, stands: bool, annotator: str, session: int, time: str) -> None:
        """A step was committed; `stands`: it is a decision, not the undoing or redoing of one."""
        known = self._room_for_steps(step)
        known[step] = (True, stands, self._annotator(annotator), session, _time(time))

    def take(
        self,
        step: int,
        first: int,
        rows: Rows,
        kinds: NDArray[np.uint8],
        class_ids: NDArray[np.int32],
        source: LabelSource,
        shown: EventFacts,
        who: Sequence[str] | None = None,
        filled: NDArray[Any] | None = None,
    ) -> None:
        """The events of a step that began, one per row, their ids counting up from `first`; by `who`, or by
        the annotator of the step. `filled` is what `fill` made of the same.
        """
        if len(rows) == 1:
            self._take_one(step, first, rows, kinds, class_ids, source, shown, who)
            return
        block = self.fill(step, first, rows, kinds, class_ids, source, shown) if filled is None else filled
        block["annotator"] = (
            self._steps["annotator"][step] if who is None else [self._annotator(name) for name in who]
        )
        self._append(block)

    def fill(
        self,
        step: int,
        first: int,
        rows: Rows,
        kinds: NDArray[np.uint8],
        class_ids: NDArray[np.int32],
        source: LabelSource,
        shown: EventFacts,
    ) -> NDArray[Any]:
        """These events, in the room behind the others, where nobody sees them: for `take`, which must be the
        next thing that happens. A thread may do this while others read.
        """
        block = self._room_behind(len(rows))
        block["id"], block["step"], block["row"] = np.arange(first, first + len(rows)), step, rows
        block["kind"], block["class_id"], block["source"] = kinds, class_ids, _CODES[source.value]
        block["shown_class"] = _spread(shown.shown_class, NO_CLASS)
        block["shown_confidence"] = _spread(shown.shown_confidence, np.nan)
        block["chance"] = _spread(shown.inclusion_probability, np.nan)
        block["blind"] = _spread(shown.blind, False)
        named = shown.strategy if isinstance(shown.strategy, list) else [shown.strategy]
        block["strategy"] = [self._strategies.code(name) for name in named]
        return block

    def _take_one(
        self,
        step: int,
        first: int,
        rows: Rows,
        kinds: NDArray[np.uint8],
        class_ids: NDArray[np.int32],
        source: LabelSource,
        shown: EventFacts,
        who: Sequence[str] | None,
    ) -> None:
        """The same for one event: a click waits for it, and arrays of one take five times as long."""
        predicted, sure, chance = shown.shown_class, shown.shown_confidence, shown.inclusion_probability
        facts = [predicted, sure, chance, shown.blind, shown.strategy]
        predicted, sure, chance, blind, strategy = [v[0] if isinstance(v, list) else v for v in facts]
        row = rows.item()
        self._append_one((
            first, step, row, self._place[row], class_ids.item(),
            NO_CLASS if predicted is None else predicted, np.nan if sure is None else sure,
            kinds.item(), _CODES[source.value], blind, self._strategies.code(strategy),
            np.nan if chance is None else chance,
            self._steps["annotator"][step] if who is None else self._annotator(who[0]),
        ))  # fmt: skip

    def stand(self, step: int, first: int | None, last: int | None, *, stands: bool) -> None:
        """A step was undone, or done again; `first` and `last` id of its events, None if it has none."""
        self._room_for_steps(step)["stands"][step] = stands
        if first is None or last is None:
            return
        if first == last and (place := self._place_of(first)) is not None:
            self._stand_one(place, stands)
            return
        places, events = self._places(first, last), self._events
        rows = events["row"][places]
        numbers = np.arange(places.start, places.stop, dtype=np.int32)
        if stands:
            self._decided[rows] = np.maximum(self._decided[rows], numbers)
            return
        # Back to the latest decision that stands: a step that is undone is the last that stood, so it is
        # found a few events further back. Where an image came twice only the later counted.
        counted = self._decided[rows] == numbers
        rows, at = rows[counted], events["before"][places][counted]
        open_ = np.flatnonzero(at >= 0)
        while len(open_):
            open_ = open_[~self._stands(at[open_])]
            at[open_] = events["before"][at[open_]]
            open_ = open_[at[open_] >= 0]
        self._decided[rows] = at

    def _stand_one(self, place: int, stands: bool) -> None:
        """The same of a step of one event."""
        events = self._events
        row = events["row"][place]
        if stands:
            self._decided[row] = max(int(self._decided[row]), place)
            return
        at, before, steps, standing = int(self._place[row]), events["before"], events["step"], self._steps
        while at >= 0 and not standing["stands"][steps[at]]:
            at = int(before[at])
        self._decided[row] = at

    # ------------------------------------------------------------------ what follows from it

    def before(self, first: int, last: int) -> tuple[Rows, NDArray[np.uint8], NDArray[np.int32]]:
        """The images of the events with ids `first` to `last`, and what each was before: kinds, class ids."""
        if first == last and (place := self._place_of(first)) is not None:
            return self._state_of_one(place, self._events["before"][place])
        places = self._places(first, last)
        at = self._events["before"][places]
        known = at >= 0
        kinds = np.where(known, self._events["kind"][at], np.uint8(LabelKind.CLEAR))
        classes = np.where(known, self._events["class_id"][at], np.int32(NO_CLASS))
        return self._events["row"][places].astype(np.int64), kinds, classes

    def states(self, first: int, last: int) -> tuple[Rows, NDArray[np.uint8], NDArray[np.int32]]:
        """The images of these events, and what they made of them: kinds, class ids."""
        if first == last and (place := self._place_of(first)) is not None:
            return self._state_of_one(place, place)
        found = self._events[self._places(first, last)]
        return found["row"].astype(np.int64), found["kind"].copy(), found["class_id"].copy()

    def _state_of_one(self, place: int, at: int) -> tuple[Rows, NDArray[np.uint8], NDArray[np.int32]]:
        """The image of the event at `place` as the one at `at` left it, -1 for none."""
        row, events = self._events["row"][place], self._events
        kind, class_id = (_CLEAR, NO_CLASS) if at < 0 else (events["kind"][at], events["class_id"][at])
        return np.array([row], np.int64), np.array([kind], np.uint8), np.array([class_id], np.int32)

    def drawn_blind(self) -> NDArray[np.int32]:
        """The class, int32 (n,), that each image got by a random draw of known chance and without sight of a
        prediction, NO_CLASS where its label did not come so, or was brought. Second looks count for nothing.
        """
        return self._drawn

    def brought(self) -> NDArray[np.bool_]:
        """Images (n,) whose label was adopted from the reference or read from a file, second looks left
        out.
        """
        return self._brought

    def decided(self, rows: Rows | None = None) -> NDArray[np.int64]:
        """Id of the latest decision of each image, int64, undone steps left out; 0 for none."""
        at = self._decided if rows is None else self._decided[rows]
        if not self._m:
            return np.zeros(len(at), np.int64)
        return np.where(at >= 0, self._events["id"][at], 0)

    def looked_again(self, rows: Rows) -> NDArray[np.bool_]:
        """Which of these images (m,) a second look decided about last, undone steps left out."""
        at = self._decided[rows]
        again = at >= 0
        again[again] = self._events["source"][at[again]] == _LOOK
        return again

    def said_and_chosen(self, sources: Iterable[LabelSource]) -> NDArray[Any]:
        """Labels of these sources given in sight of a prediction, undone steps left out, oldest first.

        Records with `row`, `shown_class`, `shown_confidence` (0..1).
        """
        events = self._events[: self._m]
        codes = np.zeros(len(_SOURCES), np.bool_)
        codes[[_CODES[source.value] for source in sources]] = True
        wanted = codes[events["source"]] & (events["kind"] == LabelKind.LABEL)
        wanted &= (events["shown_class"] != NO_CLASS) & ~np.isnan(events["shown_confidence"])
        places = np.flatnonzero(wanted)
        return events[places[self._stands(places)]]

    def labelled_draws(self, most: int) -> NDArray[Any]:
        """The last labels, at most `most`, of random draws with a prediction on record, undone steps left
        out, newest first. Records with `row` and `shown_class`.
        """
        events = self._events[: self._m]
        wanted = (
            ~np.isnan(events["chance"])
            & (events["kind"] == LabelKind.LABEL)
            & (events["shown_class"] != NO_CLASS)
        )
        places = np.flatnonzero(wanted)
        return events[places[self._stands(places)][::-1][:most]]

    def n_of_step(self, step: int) -> int:
        """How many events a step has; about as many where the record of one is damaged."""
        steps = self._events["step"][: self._m]
        return bisect_left(steps, step + 1) - bisect_left(steps, step)

    def of_image(self, row: int) -> list[int]:
        """Ids of all events of one image, oldest first."""
        found, at, events = [], int(self._place[row]), self._events
        while at >= 0:
            found.append(int(events["id"][at]))
            at = int(events["before"][at])
        return found[::-1]

    def of_images(self, among: NDArray[np.bool_]) -> NDArray[Any]:
        """All events of the images in the mask (n,), oldest first.

        Records with `id`, `row`, `kind`, `class_id`, `shown_class` and `blind`.
        """
        events = self._events[: self._m]
        return np.asarray(events[among[events["row"]]])

    def authors(self, rows: Rows) -> tuple[list[str], NDArray[np.int64]]:
        """Who made the latest event of each of these images, which all have one, and in which session."""
        codes, sessions = self._latest_of(rows)
        names = list(self._annotators)
        return [names[code] for code in codes.tolist()], sessions

    def made_by(self, rows: Rows, name: str) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
        """Whether `name` made the latest event of each of these images, which all have one, and in which
        session.
        """
        codes, sessions = self._latest_of(rows)
        return codes == self._annotators.get(name, -1), sessions

    def _latest_of(self, rows: Rows) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """Code of the annotator and session; field by field, for whole records would be copied else."""
        places = self._place[rows]
        return self._events["annotator"][places], self._steps["session"][self._events["step"][places]]

    def origins(self, rows: Rows) -> tuple[list[LabelSource], NDArray[np.int32], NDArray[np.bool_]]:
        """Of the standing decision about each of these images (m,), those without one left out: how it came
        about, a code of who made it int32 (k,), and whether it was made without sight of a prediction
        bool (k,).
        """
        at = self._decided[rows]
        found = self._events[at[at >= 0]]
        blind = found["blind"] | (found["shown_class"] == NO_CLASS)
        return (
            [_SOURCES[code] for code in found["source"].tolist()],
            np.asarray(self._steps["annotator"][found["step"]]),
            np.asarray(blind),
        )

    def standing(self, step: int) -> bool:
        """Whether a step is a decision that was not taken back."""
        return 0 <= step < len(self._steps) and bool(self._steps["stands"][step])

    def made(self, step: int) -> tuple[str, str]:
        """When a step was made, ISO 8601 in UTC, empty where that is damaged, and by whom."""
        found = self._steps[step]
        time = "" if np.isnat(found["time"]) else f"{found['time']}+00:00"
        return time, list(self._annotators)[found["annotator"]]

    def latest_by(self) -> tuple[list[str], NDArray[np.int32], NDArray[np.datetime64]]:
        """Names of all who decided, and of the latest event of each image by whom, int32 (n,) codes into the
        names, -1 for no event, and when, datetime64[ms] (n,) UTC, NaT for no event.
        """
        known = self._place >= 0
        places = self._place[known]
        who = np.full(len(self._place), -1, np.int32)
        when = np.full(len(self._place), np.datetime64("NaT"), "datetime64[ms]")
        who[known] = self._events["annotator"][places]
        when[known] = self._steps["time"][self._events["step"][places]]
        return list(self._annotators), who, when

    def followed(self, row: int) -> tuple[str | None, float | None]:
        """The query strategy that the standing decision about an image followed, and the chance with which it
        was drawn; None where there was none.
        """
        return self._followed(int(self._decided[row]))

    def followed_last(self, row: int) -> tuple[str | None, float | None]:
        """The same of the latest decision, whether it was taken back or not."""
        at = int(self._place[row])
        while at >= 0 and self._events["source"][at] in _REPLAYS:
            at = int(self._events["before"][at])
        return self._followed(at)

    # ------------------------------------------------------------------ inside

    def _followed(self, place: int) -> tuple[str | None, float | None]:
        if place < 0:
            return None, None
        strategy, chance = self._events["strategy"][place], float(self._events["chance"][place])
        name = self._strategies.names[strategy] if strategy >= 0 else None
        return name, None if np.isnan(chance) else chance

    def _append(self, block: NDArray[Any]) -> None:
        """Add events, which lie in the `_room_behind` the others; an image may come more than once."""
        m, rows = self._m, block["row"].copy()
        places = np.arange(m, m + len(block), dtype=np.int32)
        block["before"] = self._place[rows]
        ordered = np.sort(rows)
        if (ordered[1:] == ordered[:-1]).any():
            latest: dict[int, int] = {}
            for at, row in enumerate(rows.tolist()):
                if row in latest:
                    block["before"][at] = latest[row]
                latest[row] = m + at
        self._m = m + len(block)
        # Where an image comes twice, the later value is the one that stays.
        self._place[rows] = places
        self.kind[rows], self.class_id[rows], self.event[rows] = block["kind"], block["class_id"], block["id"]
        stand = self._stands(places)
        self._decided[rows[stand]] = places[stand]
        own = block["source"] != _LOOK
        blind = block["blind"] | (block["shown_class"] == NO_CLASS)
        brought = (block["source"] == _BROUGHT[0]) | (block["source"] == _BROUGHT[1])
        draw = ~np.isnan(block["chance"]) & blind & ~brought & (block["kind"] == LabelKind.LABEL)
        self._drawn[rows[own]] = np.where(draw, block["class_id"], np.int32(NO_CLASS))[own]
        self._brought[rows[own]] = brought[own]

    def _append_one(self, event: tuple[Any, ...]) -> None:
        """Add an event, its values in the order of `_EVENT`."""
        place = self._m
        self._room_for_events(place + 1)
        self._events[place] = event
        self._m = place + 1
        number, step, row, _, class_id, shown_class, _, kind, source, blind, _, chance, _ = event
        self._place[row] = place
        self.kind[row], self.class_id[row], self.event[row] = kind, class_id, number
        if self._steps["stands"][step]:
            self._decided[row] = place
        if source != _LOOK:
            blind = blind or shown_class == NO_CLASS
            brought = source in _BROUGHT
            draw = chance == chance and blind and not brought and kind == LabelKind.LABEL
            self._drawn[row], self._brought[row] = class_id if draw else NO_CLASS, brought

    def _room_behind(self, n: int) -> NDArray[Any]:
        """Where the next `n` events belong: who fills them in there copies nothing, a tenth of the time that
        a step about a million images takes here.
        """
        self._room_for_events(self._m + n)
        return self._events[self._m : self._m + n]

    def _behind(self, block: NDArray[Any]) -> NDArray[Any]:
        """These events, in the room behind the others."""
        room = self._room_behind(len(block))
        room[:] = block
        return room

    def _room_for_events(self, n: int) -> None:
        if n > len(self._events):
            grown = np.empty(max(n, 2 * len(self._events), 1024), _EVENT)
            grown[: self._m] = self._events[: self._m]
            self._events = grown

    def _stands(self, places: NDArray[np.integer[Any]]) -> NDArray[np.bool_]:
        """Whether these events belong to decisions that were not taken back."""
        return np.asarray(self._steps["stands"][self._events["step"][places]])

    def _places(self, first: int, last: int) -> slice:
        ids = self._events["id"][: self._m]
        # Not searchsorted: it copies this column of a million records first.
        return slice(bisect_left(ids, first), bisect_left(ids, last + 1))

    def _place_of(self, event: int) -> int | None:
        """Where the event of that id is; None where it is not as far from the first as ids count, as when
        others were damaged.
        """
        ids = self._events["id"]
        place = event - int(ids[0]) if self._m else -1
        return place if 0 <= place < self._m and ids[place] == event else None

    def _room_for_steps(self, step: int) -> NDArray[Any]:
        if step >= len(self._steps):
            grown = np.zeros(max(step + 1, 2 * len(self._steps), 1024), _STEP)
            grown[: len(self._steps)] = self._steps
            self._steps = grown
        return self._steps

    def _annotator(self, name: str) -> int:
        return self._annotators.setdefault(name, len(self._annotators))


def _numbers(values: Iterable[int | None], missing: int) -> NDArray[np.int32]:
    return np.array([missing if value is None else value for value in values], np.int32)


def _times(texts: Sequence[Any]) -> NDArray[np.datetime64]:
    """Stored times, ISO 8601 in UTC; NaT for what is damaged."""
    try:
        # A text with an offset, which is always that of UTC, would be parsed much more slowly.
        return np.array([text[:23] for text in texts], "datetime64[ms]")
    except (ValueError, TypeError):
        return np.array([_time(text) for text in texts], "datetime64[ms]")


def _time(text: Any) -> np.datetime64:
    try:
        return np.datetime64(str(text)[:23], "ms")
    except ValueError:
        return np.datetime64("NaT", "ms")


def _shares(values: Sequence[Any]) -> NDArray[np.float64]:
    """Numbers as stored, NaN for none, and for what damage left no number."""
    try:
        return np.array(values, np.float64)
    except (TypeError, ValueError):
        return np.array([v if type(v) in (int, float) else np.nan for v in values], np.float64)


def _spread(value: Any, missing: float) -> Any:
    """One value, or one per event, with `missing` for None."""
    if isinstance(value, list):
        return [missing if v is None else v for v in value]
    return missing if value is None else value
