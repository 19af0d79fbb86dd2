"""Sharpen with my labels: what a run shall learn from, and what became of it; see `learning.sharpening`.

A run is a folder like one of `jobs.pretrain`, started, stopped, resumed and found again in the same way.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.domain.words import count
from medlabeler.jobs.evaluate import embedding_of
from medlabeler.jobs.params.finetune import Params as Params
from medlabeler.jobs.pretrain import new_folder, save_array, save_images, working_size
from medlabeler.learning.backbones.registry import find, is_here
from medlabeler.project.labels import training_labels
from medlabeler.project.pretraining_runs import FOLDER, SHARPENING, read_plan, write_status
from medlabeler.project.project import Project

OFFERED = 10
"""Labels of each of two classes from which on it is offered; it may be tried below."""
LARGEST = 224
"""Pixels of the views, if nobody says and the backbone sees larger images: time grows with their square."""
SAMPLE = 1000
"""Images of the pool that shape the embedding of a further sharpening."""
LEAST = 5
"""Labels of each of two classes below which it is refused."""


def plan(project: Project, params: Params) -> Path:
    """Make the folder of a run; `UserError` for what is wrong with the request."""
    from medlabeler.learning.sharpening.recipe import Recipe, usual_steps

    key, start = _start(project)
    rows, class_ids = project.labels.trained_rows()
    missing = project.vectors.missing(key, project.catalog.digest)
    there = ~np.isin(rows, missing)
    rows, class_ids = rows[there], class_ids[there]
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
    steps = params.steps or usual_steps(len(classes))
    own = project.vectors.info(key).preprocessing.get("size")
    size = params.size or min(LARGEST, own if isinstance(own, int) and own > 0 else LARGEST)
    chance = np.random.default_rng(params.seed)
    pool = np.setdiff1d(np.flatnonzero(project.catalog.split == Split.POOL), missing)
    pool = np.setdiff1d(pool, rows)
    # Some are looked at in any case: they shape what the further sharpenings see.
    wanted = min(len(pool), max(SAMPLE, steps * params.pool))
    pool = np.sort(chance.choice(pool, wanted, replace=False))
    recipe = Recipe(
        steps=steps, labelled=params.batch, pool=params.pool, size=size, upright=params.upright,
        precision=params.precision, seed=params.seed,
    )  # fmt: skip
    images = np.union1d(rows, pool)
    folder = new_folder(project.path / FOLDER)
    save_images(folder, project, images)
    save_array(folder / "labelled_rows.npy", rows)
    save_array(folder / "labelled_classes.npy", class_ids)
    save_array(folder / "train_rows.npy", pool)
    for name in ("digest", "split", "group"):
        save_array(folder / f"catalog_{name}.npy", getattr(project.catalog, name))
    facts = {
        "kind": SHARPENING,
        "params": asdict(params),
        "start": start,
        "key": key,
        "recipe": recipe.to_dict(),
        "folds": params.folds,
        "n_images": len(pool) if params.pool else 0,
        "n_labels": len(rows),
        "n_classes": len(classes),
        "transductive": False,
        "working_size": working_size(project, images, size),
        "project": project.path.name,
        "rendering": project.rendering.to_json(),
        "processes": 1,
        "measure": False,
        "planned": datetime.now().astimezone().isoformat(timespec="seconds"),
    }
    total = steps * (1 + params.folds)
    status = {"kind": SHARPENING, "state": "starting", "step": 0, "steps": total, "sentence": "Not started."}
    write_status(folder, status)
    # Last, for it makes the folder a run: whoever finds one finds all of it.
    write_durably(folder / "run.json", json.dumps(facts, indent=1).encode())
    return folder


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
        raise UserError(f"The labels that the run {folder.name} learned from cannot be read.") from error
    labels = project.labels
    now = training_labels(labels.class_id, labels.kind, project.catalog.split)
    then = np.full(len(now), NO_CLASS, np.int32)
    then[rows] = classes
    return LabelsSince(
        int(((then == NO_CLASS) & (now != NO_CLASS)).sum()),
        int(((then != NO_CLASS) & (now != NO_CLASS) & (then != now)).sum()),
        int(((then != NO_CLASS) & (now == NO_CLASS)).sum()),
    )


def _start(project: Project) -> tuple[str, dict[str, Any]]:
    """Key of the embedding to start from and its backbone. A backbone that was sharpened already is not
    sharpened further: it has seen labels, and no part of them could be left out any more. Its own start is
    taken again.
    """
    key = embedding_of(project)
    info = project.vectors.info(key)
    if info.sharpened:
        try:
            before = read_plan(project.path / FOLDER / info.sharpened)
            key = str(before["key"])
            info = project.vectors.info(key)
        except (UserError, KeyError) as error:
            raise UserError(
                f"{info.title} has learned from labels, and what it was made of is not known any more; use"
                " another image model first."
            ) from error
    if info.adopted:
        raise UserError("What is in use was computed elsewhere, so its image model cannot be sharpened.")
    made_by = project.settings.get("made_by", {}).get(key, {})
    name = project.located(str(made_by.get("backbone", info.backbone)))
    backbone = find(name)
    if not is_here(backbone):
        raise UserError(f"The weights of {info.title} are not on this machine, so it cannot be sharpened.")
    return key, {"name": name, "title": info.title, "licence": info.licence}
