"""Sharpen with my labels: what a run shall learn from, and what became of it; see `learning.sharpening`.

A run is a folder like one of `jobs.pretrain`, started, stopped, resumed and found again in the same way.
"""

from __future__ import annotations

import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.domain.words import count, duration
from medlabeler.jobs.evaluate import embedding_of
from medlabeler.jobs.params.finetune import Params as Params
from medlabeler.jobs.pretrain import (
    check_address,
    check_shares,
    new_folder,
    save_array,
    save_images,
    save_plan,
    working_size,
)
from medlabeler.learning.backbones.registry import find, is_here
from medlabeler.project.labels import training_labels
from medlabeler.project.pretraining_runs import FOLDER
from medlabeler.project.project import Project
from medlabeler.project.run_files import (
    SHARPENING,
    RunTold,
    SharpeningPlan,
    StartFrom,
    read_status,
    sharpening_plan,
    write_status,
)

if TYPE_CHECKING:
    from medlabeler.learning.sharpening.extent import Extent, Pace
    from medlabeler.learning.sharpening.recipe import Recipe

OFFERED = 10
"""Labels of each of two classes from which on it is offered; it may be tried below."""
SAMPLE = 1000
"""Images of the pool that shape the embedding of a further sharpening."""
LEAST = 5
"""Labels of each of two classes below which it is refused."""
TRIED = 48
"""Images that are read to learn how long a run would take."""


@dataclass(frozen=True)
class _Wanted:
    """What a run is to do: from the embedding `key` and the backbone `start`, with the labels `class_ids` of
    `rows`, by `recipe` (the fields of `learning.sharpening.recipe.Recipe`), beside images of the `pool`.
    """

    key: str
    start: StartFrom
    rows: NDArray[np.int64]
    class_ids: NDArray[np.int32]
    pool: NDArray[np.int64]
    recipe: Recipe


def _wanted(project: Project, params: Params) -> _Wanted:
    """What `params` ask of this project; `UserError` for what is wrong with the request."""
    from medlabeler.learning.sharpening.recipe import Recipe, usual_steps
    from medlabeler.learning.sharpening.size import LARGEST

    key, start = _start(project)
    rows, class_ids = project.labels.trained_rows()
    there = np.ones(project.catalog.n, np.bool_)
    there[project.vectors.missing(key, project.catalog.digest)] = False
    rows, class_ids = rows[there[rows]], class_ids[there[rows]]
    classes, counts = np.unique(class_ids, return_counts=True)
    if (counts >= LEAST).sum() < 2:
        raise UserError(
            tr(
                "Too few labels to learn from: sharpening needs at least {least} labels in each of two"
                " classes.",
                least=LEAST,
            )
        )
    if params.folds == 1:
        raise UserError(
            tr("Measuring needs two further sharpenings at least (--folds 2), or none (--folds 0).")
        )
    for batch in (params.batch, params.pool):
        check_shares(batch, params.processes * params.machines)
    if params.machines > 1:
        check_address(params.across)
    steps = params.steps or usual_steps(len(classes))
    own = project.vectors.info(key).preprocessing.get("size")
    size = params.size or min(LARGEST, own if isinstance(own, int) and own > 0 else LARGEST)
    there[rows] = False
    pool = np.flatnonzero(there & (project.catalog.split == Split.POOL))
    # Some are looked at in any case: they shape what the further sharpenings see.
    n_pool = min(len(pool), max(SAMPLE, steps * params.pool))
    pool = np.sort(np.random.default_rng(params.seed).choice(pool, n_pool, replace=False))
    recipe = Recipe(
        steps=steps, labelled=params.batch, pool=params.pool, size=size, upright=params.upright,
        precision=params.precision, seed=params.seed, rank=params.rank,
    )  # fmt: skip
    return _Wanted(key, start, rows, class_ids, pool, recipe)


def plan(project: Project, params: Params, *, measure: bool = False) -> Path:
    """Make the folder of a run; `UserError` for what is wrong with the request.

    With `measure` it only does a few steps, to learn how long a run would take: see `pace_of`.
    """
    from medlabeler.learning.sharpening.size import ON_PROCESSOR

    wanted = _wanted(project, params)
    folds = _least_parts(params)
    images = np.union1d(wanted.rows, wanted.pool)
    if measure:
        images = images[np.unique(np.linspace(0, len(images) - 1, TRIED).astype(np.int64))]
    folder = new_folder(project.path / FOLDER)
    save_images(folder, project, images)
    if not measure:
        _save_labels(folder, project, wanted)
    size = wanted.recipe.size
    by_device = params.size is None and size > ON_PROCESSOR
    small = min(size, ON_PROCESSOR)
    plan = SharpeningPlan(
        params=asdict(params),
        start=wanted.start,
        key=wanted.key,
        recipe=wanted.recipe.to_dict(),
        folds=folds,
        folds_by_pace=params.folds is None,
        size_by_device=by_device,
        small_size=small if by_device else 0,
        small_working_size=working_size(project, images, small) if by_device else 0,
        n_images=len(wanted.pool) if params.pool else 0,
        n_labels=len(wanted.rows),
        n_classes=len(np.unique(wanted.class_ids)),
        working_size=working_size(project, images, size),
        project=project.path.name,
        rendering=project.rendering.to_json(),
        # How long it takes is measured here and alone.
        processes=1 if measure else params.processes,
        machines=1 if measure else params.machines,
        address="" if measure or params.machines == 1 else params.across,
        measure=measure,
        planned=datetime.now().astimezone().isoformat(timespec="seconds"),
    )
    total = wanted.recipe.steps * (1 + folds)
    write_status(folder, RunTold(kind=SHARPENING, steps=total, sentence="Not started."))
    save_plan(folder, plan)
    return folder


def _least_parts(params: Params) -> int:
    """As many further sharpenings as were asked for, or as there will be at least."""
    from medlabeler.learning.sharpening.parts import LEAST_PARTS

    return LEAST_PARTS if params.folds is None else params.folds


def _save_labels(folder: Path, project: Project, wanted: _Wanted) -> None:
    """What the run learns from, and what it has to know of all images to measure itself."""
    save_array(folder / "labelled_rows.npy", wanted.rows)
    save_array(folder / "labelled_classes.npy", wanted.class_ids)
    save_array(folder / "train_rows.npy", wanted.pool)
    for name in ("digest", "split", "group"):
        save_array(folder / f"catalog_{name}.npy", getattr(project.catalog, name))


def extent(project: Project, params: Params, pace: Pace, device: str) -> Extent:
    """How much there is to do for a run by `params` on a machine that was found to be so fast; `UserError` as
    for `plan`.
    """
    from medlabeler.learning.sharpening.extent import Extent
    from medlabeler.learning.sharpening.parts import usual_parts

    wanted = _wanted(project, params)
    n_labels, n_pool = len(wanted.rows), len(wanted.pool)
    of = Extent(n_labels + n_pool, n_labels, min(SAMPLE, n_pool), wanted.recipe.steps, _least_parts(params))
    return of if params.folds is not None else replace(of, folds=usual_parts(pace, of, device))


def pace_of(folder: Path) -> tuple[Pace, str]:
    """What a measuring run found, and on which device; `UserError` if nothing. The run is removed."""
    from medlabeler.learning.sharpening.extent import Pace

    told = read_status(folder)
    shutil.rmtree(folder, ignore_errors=True)
    if told.state != "done" or told.pace is None or told.device is None:
        raise UserError(told.sentence or tr("The speed could not be measured."))
    return from_json(Pace, told.pace), told.device


def expectation(pace: Pace, device: str, of: Extent) -> str:
    """How long a run would take, in sentences: in all, of what size of image, and by how many parts."""
    from medlabeler.learning.sharpening.size import LARGEST, ON_PROCESSOR

    where = {"cuda": tr("the graphics card"), "mps": tr("the graphics chip")}.get(device, tr("the CPU"))
    told = tr(
        "It would take about {time} on {where} of this machine, as busy as it is now.",
        time=duration(pace.seconds(of)), where=where,
    )  # fmt: skip
    how = tr("It would learn from images of {size} px.", size=pace.size)
    if of.folds:
        one = duration(pace.seconds(replace(of, folds=1)) - pace.seconds(replace(of, folds=0)))
        how = tr(
            "It would learn from images of {size} px; {parts} further sharpenings, {one} each, would measure"
            " what it brought.",
            size=pace.size, parts=of.folds, one=one,
        )  # fmt: skip
    told = f"{told} {how}"
    if device == "cpu" and ON_PROCESSOR - 8 < pace.size <= ON_PROCESSOR:  # some take only whole patches
        told += " " + tr(
            "With {large} px it would take about three times as long; on blood cells that was about a point"
            " more accurate.",
            large=LARGEST,
        )
    return told


def lacking(labels: NDArray[np.integer[Any]]) -> str:
    """Why it is not offered yet, by class ids (n,) of the pool, NO_CLASS without label; empty if it is."""
    counts = np.bincount(labels[labels != NO_CLASS]) if (labels != NO_CLASS).any() else np.zeros(0, np.int64)
    if (counts >= OFFERED).sum() >= 2:
        return ""
    return tr("Offered from about {number} labels of each class on.", number=OFFERED)


@dataclass(frozen=True)
class LabelsSince:
    """How the labels of the pool differ from those that a run learned from."""

    given: int
    changed: int
    taken_back: int

    @property
    def sentence(self) -> str:
        """What changed, empty if nothing did."""
        told = (
            (self.given, tr("came since")), (self.changed, tr("changed since")),
            (self.taken_back, tr("taken back since")),
        )  # fmt: skip
        parts = [f"{count(n, 'label')} {what}" for n, what in told if n]
        if not parts:
            return ""
        return tr(
            "It learned from the labels as they were when it began: {changes}.", changes=", ".join(parts)
        )


def labels_since(project: Project, folder: Path) -> LabelsSince:
    """What happened to the labels since the run `folder` was planned; `UserError` if that cannot be read."""
    try:
        rows = np.load(folder / "labelled_rows.npy", allow_pickle=False)
        classes = np.load(folder / "labelled_classes.npy", allow_pickle=False)
    except (OSError, ValueError) as error:
        raise UserError(
            tr("The labels that the run {name} learned from cannot be read.", name=folder.name)
        ) from error
    labels = project.labels
    now = training_labels(labels.class_id, labels.kind, project.catalog.split)
    then = np.full(len(now), NO_CLASS, np.int32)
    then[rows] = classes
    return LabelsSince(
        int(((then == NO_CLASS) & (now != NO_CLASS)).sum()),
        int(((then != NO_CLASS) & (now != NO_CLASS) & (then != now)).sum()),
        int(((then != NO_CLASS) & (now == NO_CLASS)).sum()),
    )


def _start(project: Project) -> tuple[str, StartFrom]:
    """Key of the embedding to start from and its backbone. A backbone that was sharpened already is not
    sharpened further: it has seen labels, and no part of them could be left out any more. Its own start is
    taken again.
    """
    key = embedding_of(project)
    info = project.vectors.info(key)
    if info.sharpened:
        try:
            key = sharpening_plan(project.path / FOLDER / info.sharpened).key
            info = project.vectors.info(key)
        except (UserError, KeyError) as error:
            raise UserError(
                tr(
                    "{title} has learned from labels, and what it was made of is not known any more; use"
                    " another image model first.",
                    title=shown_name(info.title),
                )
            ) from error
    if info.adopted:
        raise UserError(tr("What is in use was computed elsewhere, so its image model cannot be sharpened."))
    made_by = project.settings.get("made_by", {}).get(key, {})
    name = project.located(str(made_by.get("backbone", info.backbone)))
    backbone = find(name)
    if not is_here(backbone):
        raise UserError(
            tr(
                "The weights of {title} are not on this machine, so it cannot be sharpened.",
                title=shown_name(info.title),
            )
        )
    return key, StartFrom(name, info.title, info.licence)
