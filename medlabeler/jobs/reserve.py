"""Draw the test set: whole groups at random, or a part of each, with the chance of every image on record.

Two-phase sampling where it helps: with `per_group` an image count is spread over more groups, which buys a
narrower interval from the same number of labels; with `rare_factor` images of thinly populated places of the
map, where rare classes hide, are likelier to be drawn. Accuracy is then weighted by the inverse of those
chances, so that it is still that of the whole pool.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.jobs.params.reserve import RARE_FACTOR as RARE_FACTOR
from medlabeler.jobs.params.reserve import Params as Params
from medlabeler.learning.accuracy.resampling import count_groups
from medlabeler.learning.accuracy.sampling_design import (
    FEW_GROUPS,
    Promise,
    promised_interval,
    sample_test_set,
)
from medlabeler.project.project import Project
from medlabeler.project.reservation import Reservation, draw_test_set, free_rows

CELLS = 12
"""The map is cut into so many places along each axis."""

LEAST, MOST = 100, 500
"""A test set of 100 images tells an accuracy of 80 % to within 8 points, one of 500 to within 3.5 (95 %
intervals of a proportion); more costs clicks and tells little more.
"""
SHARE = 0.2


@dataclass(frozen=True)
class Frame:
    """What a draw depends on, as arrays (n,) that nobody changes: it may be made in another thread.

    `group` codes, `split`, `kind`; `xy` float32 (n, 2), None without map.
    """

    group: NDArray[np.int32]
    split: NDArray[np.uint8]
    kind: NDArray[np.uint8]
    xy: NDArray[np.float32] | None = None

    @cached_property
    def place(self) -> NDArray[np.int64] | None:
        """Which place of the map an image lies in, int64, None without map; found where it is asked for
        first: a draw that heeds no places does without.
        """
        return None if self.xy is None else places(self.xy)


def frame_of(project: Project) -> Frame:
    """The images of a project as they stand."""
    key = str(project.settings.get("embedding", "") or "")
    method = str(project.settings.get("projection", "umap"))
    xy = project.vectors.load_projection(key, method) if key else None
    catalog = project.catalog
    drawn = xy is not None and len(xy) == catalog.n
    return Frame(catalog.group, catalog.split, project.labels.kind, xy if drawn else None)


def places(xy: NDArray[np.float32]) -> NDArray[np.int64]:
    """Which of CELLS x CELLS places of the map (n, 2) each image lies in; those without coordinates share
    one.
    """
    known = np.isfinite(xy).all(axis=1)
    place = np.full(len(xy), -1, np.int64)
    if known.any():
        low, high = xy[known].min(axis=0), xy[known].max(axis=0)
        steps = (xy[known] - low) / np.maximum(high - low, 1e-9) * CELLS
        cell = np.minimum(steps.astype(np.int64), CELLS - 1)
        place[known] = cell[:, 0] * CELLS + cell[:, 1]
    return place


def draw(frame: Frame, params: Params) -> Reservation:
    """What would move; `UserError` where there is too little to draw from. Pure, and quick."""
    if params.per_group is None and params.rare_factor == 1:
        drawn = draw_test_set(frame.group, frame.split, frame.kind, params.n_images, params.seed)
        return replace(drawn, warning=_few(frame, drawn))
    if params.rare_factor > 1 and frame.xy is None:
        raise UserError(tr("Rare-looking images can only be sought once the map is drawn."))
    wanted = params.n_images - int((frame.split == Split.TEST).sum())
    if wanted <= 0:
        return Reservation(np.empty(0, np.int64), np.empty(0))
    rows = free_rows(frame.group, frame.split, frame.kind)
    if not len(rows):
        raise UserError(tr("No image can be drawn: all of them, or their groups, have labels or are tested."))
    # Once more images are in the test set a draw with the same seed must not repeat itself.
    seed = [params.seed, int((frame.split == Split.TEST).sum())]
    sample = sample_test_set(
        rows,
        frame.group[rows],
        wanted,
        seed=int(np.random.SeedSequence(seed).generate_state(1)[0]),
        per_group=params.per_group,
        clusters=None if frame.place is None else frame.place[rows],
        rare_factor=params.rare_factor,
    )
    if not len(sample.rows):
        raise UserError(tr("The draw is empty; ask for a larger test set."))
    drawn = Reservation(
        sample.rows,
        sample.probability,
        held_back=sample.held_back,
        chance=_chance(frame, params, rows, sample.chance, sample.n_groups / sample.n_units),
        n_units=sample.n_units,
        n_drawn=sample.n_groups,
        n_wanted=params.n_images,
        seed=params.seed,
        per_group=params.per_group,
        rare_factor=params.rare_factor,
    )
    return replace(drawn, warning=_few(frame, drawn))


def _chance(
    frame: Frame, params: Params, rows: NDArray[np.int64], chance: NDArray[np.float64], share: float
) -> NDArray[np.float64]:
    """Chance (n,) of every image in this draw: as drawn for those that were free, for the others what
    an image would have had in its group and at its place.
    """
    full = np.full(len(frame.split), share)
    if params.per_group is not None:
        grouped = frame.group >= 0
        size = np.bincount(frame.group[grouped], minlength=1)[frame.group[grouped]]
        full[grouped] *= np.minimum(1.0, params.per_group / size)
    if frame.place is not None and params.rare_factor > 1:
        # The mean of the free images at the same place says how much likelier or less likely it makes one.
        n_places = int(frame.place.max()) + 2
        here = frame.place + 1
        count = np.bincount(here[rows], minlength=n_places)
        ratio = np.bincount(here[rows], weights=chance / full[rows], minlength=n_places) / np.maximum(
            count, 1
        )
        ratio[count == 0] = 1.0
        full = np.minimum(full * ratio[here], share)
    full[rows] = chance
    return full


def _few(frame: Frame, drawn: Reservation) -> str:
    """The warning for a test set of few groups, counting those it has already; else empty."""
    if not (frame.group >= 0).any() or not len(drawn.rows):
        return ""
    test = np.concatenate([np.flatnonzero(frame.split == Split.TEST), drawn.rows])
    codes = frame.group[test]
    n_groups = count_groups(codes, len(codes))[0] or 0
    if n_groups >= FEW_GROUPS or not n_groups:
        return ""
    return tr(
        "The test set comes from only {groups}: its accuracy may differ much from that on new groups.",
        groups=count(n_groups, "group"),
    )


def promise(frame: Frame, drawn: Reservation, shares: NDArray[np.float64]) -> Promise:
    """The interval of balanced accuracy that the test set would buy with what was `drawn`.

    `shares` (C,): how frequent each class is, as far as one knows.
    """
    test = np.concatenate([np.flatnonzero(frame.split == Split.TEST), drawn.rows])
    n_groups = None
    if (frame.group >= 0).any():
        n_known, n_loose = count_groups(frame.group[test], len(test))
        # As the interval will have it: images without a group count as one.
        n_groups = None if n_known is None else n_known + min(n_loose, 1)
    return promised_interval(len(test), n_groups, shares)


def shares_of(project: Project) -> tuple[NDArray[np.float64], str]:
    """How frequent each class is, and where that is known from: the labels so far, the reference, or nothing
    (then all classes count as equally frequent, and the sentence says so).
    """
    labels, catalog = project.labels, project.catalog
    known = labels.class_id[labels.kind == LabelKind.LABEL]
    words = tr("among the labels so far")
    if len(known) < 50:
        known, words = catalog.reference[catalog.reference > 0], tr("in the reference")
    if len(known) < 50:
        n = max(2, len(project.classes.all()))
        return np.full(n, 1 / n), tr("if all {n} classes are equally frequent", n=n)
    counts = np.bincount(known)
    counts = counts[counts > 0].astype(np.float64)
    return np.asarray(counts / counts.sum()), words


def apply(project: Project, drawn: Reservation, reason: str) -> JobResult:
    """Store a draw."""
    project.catalog.take_test(drawn, reason)
    project.settings.set("reserved", True)
    n_test = int((project.catalog.split == Split.TEST).sum())
    sentence = tr(
        "{rows:,} images moved to the test set, which now holds {n_test:,}.",
        rows=len(drawn.rows),
        n_test=n_test,
    )
    if len(drawn.held_back):
        held = tr("{held_back:,} further images of its groups", held_back=len(drawn.held_back))
        sentence += tr(" {held} are held back: they neither train nor test.", held=held)
    summary = {
        "n_moved": len(drawn.rows),
        "n_test": n_test,
        "n_held_back": len(drawn.held_back),
        "n_groups_drawn": drawn.n_drawn,
        "warning": drawn.warning,
    }
    return JobResult(Changes.IMAGES, summary, f"{sentence} {drawn.warning}".strip())


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Draw and store."""
    progress.report(0, 0, tr("Drawing the test set"))
    frame = frame_of(project)
    enlarged = bool((frame.split == Split.TEST).any())
    return apply(project, draw(frame, params), "enlarged by hand" if enlarged else tr("by hand"))


def proposal(n: int) -> int:
    """How many of `n` images to propose as the test set: 20 %, within limits, never more than half."""
    return min(MOST, max(LEAST, round(SHARE * n)), n // 2)
