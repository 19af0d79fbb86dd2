"""Two copies of a project: what the other says of the images of this one, and what becomes of it.

Images are the same where their digests are. A decision is known here if it was made before the copies parted,
or was joined before: same image, same moment, same person. What only the other copy decided is taken; what
both decided is compared, and stays as it is here.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import LabelEvent, LabelKind, Split
from medlabeler.project.creation import DATABASE
from medlabeler.project.database import UNREADABLE, Reader
from medlabeler.project.event_log import EventFacts
from medlabeler.project.journal import Step
from medlabeler.project.project import Project
from medlabeler.project.runs import COPY

AT_ONCE = 500
VECTORS = "vectors"
DECIDED = (LabelKind.LABEL, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE)
"""Kinds that say something of an image; one that was passed over is open."""
Made = tuple[int, str, str, int]
"""A decision as both copies know it: row here, time, person, kind."""


@dataclass(frozen=True)
class Theirs:
    """What stands in the other copy about one image here."""

    row: int
    event: LabelEvent
    label: str
    shown: str
    on_test_side: bool


@dataclass(frozen=True)
class OtherCopy:
    """The other copy, in the rows of this one: its decisions, and when all that stand in it were made.

    `n_images` it has, `n_shared` are here too.
    """

    decisions: list[Theirs]
    made: frozenset[Made]
    n_images: int
    n_shared: int


@dataclass(frozen=True)
class Joining:
    """What joining does at `revision` of the labels here: decisions to `take`, those to `compare` with ours.

    `n_known` of theirs are known here, `n_left_out` are about test images they were not blind for, or about
    images that are held back.
    """

    revision: int
    take: list[Theirs]
    compare: list[Theirs]
    n_known: int
    n_left_out: int
    n_shared: int
    n_only_there: int
    n_only_here: int

    @property
    def empty(self) -> bool:
        """Whether there is nothing new."""
        return not self.take and not self.compare


@contextlib.contextmanager
def copied(folder: Path, scratch: Path, *, vectors: bool = False) -> Iterator[Project]:
    """A copy of the project in `folder`, opened in the empty folder `scratch`: the original is only read.

    Decisions alone are copied, and with `vectors` the embeddings are there, too.

    `UserError` if it is no project, damaged, or of a newer version.
    """
    source = folder / DATABASE
    if not source.is_file():
        raise UserError(
            tr(
                "{path} is not a MedLabeler project; choose the folder that holds {database}.",
                path=folder,
                database=DATABASE,
            )
        )
    target = scratch / COPY
    target.mkdir()
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{source.absolute().as_uri()}?mode=ro", uri=True)) as there,
            contextlib.closing(sqlite3.connect(target / DATABASE)) as here,
        ):
            there.backup(here)
    except UNREADABLE as error:
        raise UserError(
            tr(
                "{source} cannot be read ({reason}); open that project once, then try again.",
                source=source,
                reason=system_reason(error),
            )
        ) from error
    try:
        if vectors and (folder / VECTORS).is_dir():
            shutil.copytree(folder / VECTORS, target / VECTORS, copy_function=_same_file)
        with Project.open(target) as project:
            yield project
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _same_file(source: str, target: str) -> None:
    """The same file under a second name, where the disk can; nothing there is ever changed in place."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def read_copy(project: Project, other: Project) -> OtherCopy:
    """What the other copy says of our images; on any thread but for `other`, which is of the calling one."""
    row_of = _same_images(project, other)
    labels, names = other.labels, other.classes.names()
    rows = [row for row in np.flatnonzero(np.isin(labels.kind, DECIDED)).tolist() if row in row_of]
    ids = labels.log.decided(np.array(rows, np.int64)).tolist()
    events = {event.id: event for event in _events(other, ids)}
    decisions = []
    for row, event_id in zip(rows, ids, strict=True):
        event = events.get(event_id)
        if event is None:
            continue
        label = str(names[labels.class_id[row]]) if labels.kind[row] == LabelKind.LABEL else ""
        shown = event.shown_class_id
        live = shown is not None and 0 < shown < len(names)
        test = other.catalog.split[row] == Split.TEST
        decisions.append(Theirs(row_of[row], event, label, str(names[shown]) if live else "", bool(test)))
    with other.database.reader() as reader:
        made = _made(reader, row_of)
    return OtherCopy(decisions, made, other.catalog.n, len(row_of))


def joining(project: Project, other: OtherCopy) -> Joining:
    """What joining would do; on any thread."""
    labels, split = project.labels, project.catalog.split
    decided = labels.log.decided()
    with project.database.reader() as reader:
        known = _made(reader, range(project.catalog.n)) | _compared(reader)
        ours = _identities(reader, [int(decided[one.row]) for one in other.decisions])
    take, compare, n_known, n_left_out = [], [], 0, 0
    for one in other.decisions:
        if _identity(one) in known:
            n_known += 1
            continue
        side = split[one.row]
        blind = one.event.blind or one.on_test_side
        if side == Split.HELD_BACK or (side == Split.TEST and not blind):
            n_left_out += 1
        elif labels.kind[one.row] in DECIDED and ours.get(int(decided[one.row])) not in other.made:
            compare.append(one)
        else:
            take.append(one)
    return Joining(
        int(labels.revision), take, compare, n_known, n_left_out, other.n_shared,
        other.n_images - other.n_shared, project.catalog.n - other.n_shared,
    )  # fmt: skip


def join(project: Project, found: Joining, name: str) -> Step:
    """Do it, as one step of that name: nothing that stands here is changed. `UserError` if labels were given
    since, or the disk refuses; then nothing is done.
    """
    if found.revision != project.labels.revision:
        raise UserError(tr("Labels were given while the copies were compared; begin it again."))
    take, compare = found.take, [one for one in found.compare if _comparable(project, one)]
    events = [one.event for one in take]
    facts = EventFacts(
        strategy=[event.strategy for event in events],
        inclusion_probability=[event.inclusion_probability for event in events],
        shown_class=[one.shown for one in take],
        shown_confidence=[event.shown_confidence for event in events],
        blind=[event.blind for event in events],
    )
    alongside = project.readings.join_alongside(
        np.array([one.row for one in compare], np.int64),
        np.array([one.event.kind for one in compare], np.uint8),
        [one.label for one in compare],
        [one.event.annotator for one in compare],
        [one.event.time for one in compare],
    )
    return project.journal.join(
        np.array([one.row for one in take], np.int64),
        np.array([one.event.kind for one in take], np.uint8),
        [one.label for one in take],
        facts,
        [event.annotator for event in events],
        [event.time for event in events],
        name=name,
        further=[one.label for one in compare],
        alongside=alongside,
    )


def _comparable(project: Project, one: Theirs) -> bool:
    """Whether there is something to compare: two that are both not sure say nothing of a class."""
    ours = project.labels.kind[one.row]
    return bool(ours == LabelKind.LABEL or one.event.kind == LabelKind.LABEL or ours != one.event.kind)


def _same_images(project: Project, other: Project) -> dict[int, int]:
    """Row here of each row there with the same digest; where several images have one, those of the same name
    first, the others in their order.
    """
    here: dict[bytes, list[int]] = defaultdict(list)
    for row, digest in enumerate(project.catalog.digest.tolist()):
        here[digest].append(row)
    there: dict[bytes, list[int]] = defaultdict(list)
    for row, digest in enumerate(other.catalog.digest.tolist()):
        if digest in here:
            there[digest].append(row)
    found = {}
    for digest, theirs in there.items():
        ours = here[digest]
        if len(ours) == len(theirs) == 1:
            found[theirs[0]] = ours[0]
            continue
        by_name = {project.catalog.name(row): row for row in ours}
        named = {row: by_name.pop(n) for row in theirs if (n := other.catalog.name(row)) in by_name}
        rest = [row for row in ours if row not in named.values()]
        found |= named | dict(zip((row for row in theirs if row not in named), rest, strict=False))
    return found


def _events(project: Project, ids: list[int]) -> list[LabelEvent]:
    """These events, without those of ids that there are none of."""
    return list(project.labels.by_id(np.array([i for i in ids if i > 0], np.int64)))


def _made(reader: Reader, row_of: dict[int, int] | range) -> frozenset[Made]:
    """Every decision that stands there, by the rows of here."""
    found = set()
    blocks = reader.blocks(
        "SELECT e.image, e.time, e.annotator, e.kind FROM label_event e JOIN step s ON s.id = e.step"
        " WHERE s.kind = 'do' AND s.done = 1 ORDER BY e.id"
    )
    for images, times, who, kinds in blocks:
        for image, time, person, kind in zip(images, times, who, kinds, strict=True):
            row = image - 1 if isinstance(row_of, range) else row_of.get(image - 1)
            if row is not None:
                found.add((row, str(time), str(person), int(kind)))
    return frozenset(found)


def _compared(reader: Reader) -> frozenset[Made]:
    """Every decision of another copy that was compared with one here, in a merge that stands."""
    readings = reader.rows(
        "SELECT a.image, r.time, r.annotator, r.kind FROM reading r JOIN reading_ask a ON a.id = r.ask"
        " JOIN reading_draw d ON d.id = a.draw JOIN step s ON s.id = CAST(d.note AS INTEGER)"
        " WHERE d.purpose = 'merge' AND s.done = 1"
    )
    return frozenset((image - 1, str(time), str(who), int(kind)) for image, time, who, kind in readings)


def _identities(reader: Reader, ids: Iterable[int]) -> dict[int, Made]:
    wanted = [i for i in ids if i > 0]
    found: dict[int, Made] = {}
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        rows = reader.rows(
            "SELECT id, image, time, annotator, kind FROM label_event"  # noqa: S608 - question marks
            f" WHERE id IN ({', '.join('?' * len(some))})",
            some,
        )
        found |= {i: (image - 1, str(time), str(who), int(kind)) for i, image, time, who, kind in rows}
    return found


def _identity(one: Theirs) -> Made:
    return one.row, one.event.time, one.event.annotator, int(one.event.kind)
