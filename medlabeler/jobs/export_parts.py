"""What a bundle carries beside its classifier: guard, looks of the files, calibration, when to keep silent,
and the errors of a blind test.

The test set stays closed: its labels enter, as thresholds and measured errors, only where somebody has looked
at it before and that look is recorded, or where they came with the images.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.judgement import mean_colour
from medlabeler.export.parts import Calibration, SlideCut
from medlabeler.imaging.apart import read_rgb
from medlabeler.imaging.parts import split
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.thumbnails import ThumbnailStore
from medlabeler.jobs.abstain import WISH, HeldOut, held_out
from medlabeler.jobs.evaluate import FitTask
from medlabeler.jobs.learned_labels import learned_labels
from medlabeler.learning.conformal import ERROR, calibrate, enough
from medlabeler.learning.counting import measured_errors
from medlabeler.learning.guard import fit_guard
from medlabeler.learning.looks import Look, looks_of
from medlabeler.learning.temperature import fit_temperature, scaled
from medlabeler.project.project import Project
from medlabeler.project.vectors import VectorStore

LOOKED_AT = 300
SLIDES_ASKED = 8
"""Patches of which the size of a pixel is asked."""
_CHUNK = 8192


@dataclass(frozen=True)
class Wish:
    """What a person asked of `jobs.abstain`, `asked` if somebody did: `error`, `calibrate`, and `least` by
    class id. `modes` of the images `rows` whose looks are kept; `thumbnails`, the folder of theirs as
    `rendering` shows them. `patches`: those of `rows` that are patches of whole slides, absolute.
    """

    asked: bool = False
    error: float = ERROR
    calibrate: str = "labels"
    least: dict[str, float] = field(default_factory=dict)
    rows: tuple[int, ...] = ()
    modes: tuple[str, ...] = ()
    thumbnails: str = ""
    rendering: Json | None = None
    patches: tuple[str, ...] = ()


def plan_parts(project: Project) -> tuple[Wish, dict[str, NDArray[Any]]]:
    """What is wished, and the arrays (n,) that it takes: `truth` of the test images that may be used, and the
    short side of each image.
    """
    catalog, labels = project.catalog, project.labels
    test = catalog.split == Split.TEST
    own = np.where(test & (labels.kind == LabelKind.LABEL), labels.class_id, NO_CLASS)
    if (own != NO_CLASS).any():
        truth = own if project.history.looks() else np.full(catalog.n, NO_CLASS)
    else:
        truth = np.where(test, catalog.reference, NO_CLASS)
    pool = np.flatnonzero(catalog.split == Split.POOL)
    rows = np.sort(np.random.default_rng(0).permutation(pool)[:LOOKED_AT])
    stored = project.settings.get(WISH)
    wish = Wish(
        rows=tuple(rows.tolist()),
        modes=tuple(catalog.modes(rows)),
        thumbnails=str(project.thumbnails.folder),
        rendering=project.rendering.to_json(),
        patches=tuple(path for path in map(str, map(catalog.path, rows.tolist())) if split(path)[1].slide),
    )
    if stored:
        wish = replace(
            wish,
            asked=True,
            error=float(stored["error"]),
            calibrate=str(stored["calibrate"]),
            least=dict(stored["least"]),
        )
    return wish, {
        "truth": truth.astype(np.int32),
        "short": np.minimum(catalog.width, catalog.height),
    }


def parts_of(
    wish: Wish,
    fit: FitTask,
    model: Any,
    shaping: Any,
    vectors: NDArray[Any],
    present: NDArray[np.bool_],
    arrays: dict[str, NDArray[Any]],
    progress: Progress,
) -> dict[str, Any]:
    """The optional parts of a `Bundle` by the names of their fields."""
    ids = np.asarray(model.classes_, np.int64)
    groups = arrays["group"] if (arrays["group"] >= 0).any() else None
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    own_groups = None if groups is None else groups[rows]
    store = VectorStore(Path(fit.vectors))
    folds = held_out(
        fit.classifier,
        shaping.prepare(vectors[rows]),
        arrays["labels"][rows],
        own_groups,
        ids,
        images=rows,
        fair=arrays["fair"][rows],
        learned=learned_labels(store, fit.key, arrays["digest"][rows], own_groups),
        seed=fit.seed,
        progress=progress,
    )
    progress.report(0, 0, "Measuring how unlike images are")
    parts: dict[str, Any] = {
        "guard": _guard(model, shaping, vectors, present, arrays, groups, fit.seed, progress),
        "looks": _looks(wish, arrays),
        "slides": _slides(wish),
    }
    temperature = 1.0
    if wish.asked and len(folds.truth):
        temperature = fit_temperature(folds.shares, folds.truth)
        note = "the temperature of the least log-likelihood on predictions of held-out folds"
        parts["calibration"] = Calibration(temperature, len(folds.truth), note)
    test = np.flatnonzero(np.isin(arrays["truth"], ids) & present)
    truth = np.searchsorted(ids, arrays["truth"][test])
    shares = model.predict_proba(shaping.prepare(vectors[test])).astype(np.float64) if len(test) else None
    if shares is not None:
        own = None if groups is None else groups[test]
        parts["errors"] = measured_errors(truth, shares.argmax(axis=1), len(ids), own)
        shares = scaled(shares, temperature)
    parts["abstention"] = _abstention(wish, ids, folds, temperature, shares, truth)
    return parts


def _abstention(
    wish: Wish,
    ids: NDArray[np.int64],
    folds: HeldOut,
    temperature: float,
    shares: NDArray[np.float64] | None,
    truth: NDArray[np.int64],
) -> Any:
    least = [wish.least.get(str(c), 0.0) for c in ids.tolist()]
    able = shares is not None and enough(truth, len(ids), wish.error)
    if shares is not None and (wish.calibrate == "test" or (wish.calibrate == "auto" and able)):
        return calibrate(shares, truth, wish.error, calibrated_on="test set", least=least)
    if not len(folds.truth):
        return None
    own = scaled(folds.shares, temperature)
    return calibrate(own, folds.truth, wish.error, calibrated_on="cross-validation", least=least)


def _guard(
    model: Any,
    shaping: Any,
    vectors: NDArray[Any],
    present: NDArray[np.bool_],
    arrays: dict[str, NDArray[Any]],
    groups: NDArray[np.int32] | None,
    seed: int,
    progress: Progress,
) -> Any:
    pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
    counts = np.zeros(len(model.classes_))
    for start in range(0, len(pool), _CHUNK):
        progress.check()
        part = model.predict_proba(shaping.prepare(vectors[pool[start : start + _CHUNK]]))
        counts += np.bincount(part.argmax(axis=1), minlength=len(counts))
    return fit_guard(
        vectors[pool],
        shaping,
        None if groups is None else groups[pool],
        counts / max(len(pool), 1),
        seed=seed,
    )


def _slides(wish: Wish) -> SlideCut | None:
    """How most of the patches were cut, None where most images are none."""
    parts = Counter((part.slide, part.mpp, part.level) for _, part in map(split, wish.patches))
    if not parts or 2 * len(wish.patches) < len(wish.rows):
        return None
    (side, mpp, level), _ = parts.most_common(1)[0]
    if mpp:
        return SlideCut(side, -1, mpp)
    found = []
    for path in wish.patches[:SLIDES_ASKED]:
        try:
            spacing = read_rgb(Path(path)).spacing_mm
        except UserError:
            continue
        if spacing is not None:
            found.append(1000 * sum(spacing) / 2)
    return SlideCut(side, level, float(f"{np.median(found):.4g}") if found else 0.0)


def _looks(wish: Wish, arrays: dict[str, NDArray[Any]]) -> Any:
    store = ThumbnailStore(Path(wish.thumbnails))
    names = store.names(arrays["digest"][list(wish.rows)].tolist(), Rendering.from_json(wish.rendering))
    found = []
    for row, mode, name in zip(wish.rows, wish.modes, names, strict=True):
        thumbnail = store.get(name)
        if thumbnail is not None:
            found.append(Look(mode, int(arrays["short"][row]), mean_colour(thumbnail)))
    return looks_of(found)
