"""Learning curves as a job: the paper's protocol and our own classifier, on the same draws."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.tables import write_tables
from medlabeler.jobs.evaluate import embedding_of
from medlabeler.jobs.learned_labels import refuse_learned
from medlabeler.learning.classifiers.own import OWN, OwnLogistic
from medlabeler.learning.classifiers.shaping import Shaping
from medlabeler.learning.curves.learning_curve import codes_of
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, save_arrays
from medlabeler.study import deep_curve
from medlabeler.study.params.curve import AGAINST, PROTOCOLS
from medlabeler.study.params.curve import Params as Params

if TYPE_CHECKING:
    from medlabeler.learning.curves.learning_curve import Curve, Learner


@dataclass(frozen=True)
class Task:
    """Draw from embedding `key` of the folder `vectors`; `arrays`: digest, split, group, truth of each image.

    `deep` is None without the slow learner; the others as in `Params`.
    """

    key: str
    run: str
    vectors: str
    arrays: str
    classes: tuple[tuple[int, str], ...]
    backbone: str
    out: str | None
    deep: deep_curve.Pixels | None
    protocol: str
    against: str
    sizes: tuple[int, ...]
    seeds: int
    minimum_class_size: int


@dataclass(frozen=True)
class Facts:
    """The JSON object of `curve`."""

    found: Json


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without embedding, test set, or labels of two classes on the pool."""
    if params.protocol not in PROTOCOLS:
        raise UserError(f"There is no protocol named {params.protocol}; choose paper, own or both.")
    if params.against not in AGAINST:
        raise UserError(f"A curve cannot be measured against {params.against}; choose reference or labels.")
    if params.seeds < 1 or not params.sizes or min(params.sizes) < 1:
        raise UserError("A learning curve needs at least one draw, and at least one label per class.")
    key = embedding_of(project)
    refuse_learned(project.vectors, key, tr("a learning curve"))
    catalog, labels = project.catalog, project.labels
    if params.against == "reference":
        truth = catalog.reference
    else:
        truth = np.where(labels.kind == LabelKind.LABEL, labels.class_id, NO_CLASS).astype(np.int32)
    known = truth != NO_CLASS
    what = "reference label" if params.against == "reference" else "label"
    if len(np.unique(truth[known & (catalog.split == Split.POOL)])) < 2:
        raise UserError(f"A learning curve needs images of two classes with a {what} in the pool.")
    if not (known & (catalog.split == Split.TEST)).any():
        raise UserError(f"No image of the test set has a {what}, so there is nothing to measure against.")
    arrays = {"digest": catalog.digest, "split": catalog.split, "group": catalog.group, "truth": truth}
    folder = job_folder(project, "curve")
    return Task(
        key=key,
        run=str(folder),
        vectors=str(project.vectors.folder),
        arrays=save_arrays(folder, **arrays),
        classes=tuple((c.id, c.name) for c in project.classes.all()),
        backbone=project.vectors.info(key).title,
        out=None if params.out is None else str(params.out.absolute()),
        deep=deep_curve.plan(project, params.deep_size, folder) if params.deep_baseline else None,
        protocol=params.protocol,
        against=params.against,
        sizes=tuple(params.sizes),
        seeds=params.seeds,
        minimum_class_size=params.minimum_class_size,
    )


def work(task: Task, progress: Progress) -> Facts:
    """Draw, fit, measure, and write the tables and figures."""
    from medlabeler.learning.curves.learning_curve import measure_curve
    from medlabeler.project.vectors import VectorStore

    progress.report(0, 0, "Reading the embedding")
    arrays = load_arrays(task.arrays)
    vectors, present = VectorStore(Path(task.vectors)).load(task.key, len(arrays["digest"]), arrays["digest"])
    sides = sides_of([class_id for class_id, _ in task.classes], arrays, present)
    deep = None
    try:
        if task.deep is not None:
            deep = deep_curve.learner(task.deep, np.concatenate([sides.train, sides.test]), progress)
        curve = measure_curve(
            vectors,
            sides.codes,
            [name for _, name in task.classes],
            sides.train,
            sides.test,
            learners(task.protocol, vectors, sides.pool),
            on_pictures=[] if deep is None else [deep],
            groups=sides.group,
            sizes=task.sizes,
            seeds=range(task.seeds),
            minimum_class_size=task.minimum_class_size,
            progress=progress,
        )
    finally:
        if task.deep is not None:
            deep_curve.forget(task.deep)
    facts = describe(curve, task, n_train=len(sides.train), n_shared_groups=sides.n_shared_groups)
    if deep is not None:
        facts["text"] += deep_curve.without_validation(deep)
    if task.out is not None:
        facts["files"] = write_files(curve, facts, Path(task.out))
    return Facts(facts)


@dataclass(frozen=True)
class Sides:
    """Rows to train on and to test, of the whole pool, class `codes` and `group` codes (n,) of all images."""

    codes: NDArray[np.int64]
    train: NDArray[np.int64]
    test: NDArray[np.int64]
    pool: NDArray[np.int64]
    group: NDArray[np.int32] | None
    n_shared_groups: int


def sides_of(class_ids: Sequence[int], arrays: dict[str, NDArray[Any]], present: NDArray[np.bool_]) -> Sides:
    """What trains and what tests; `UserError` if one of them has no embedded image.

    `arrays`: split, group and truth of each image, `present` which have a vector, all (n,).
    """
    pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
    codes = codes_of(arrays["truth"], class_ids)
    usable = present & (codes >= 0)
    train = np.flatnonzero(usable & (arrays["split"] == Split.POOL))
    test = np.flatnonzero(usable & (arrays["split"] == Split.TEST))
    if not len(test) or not len(train):
        raise UserError("The images of the pool and of the test set are not embedded yet (medlabeler embed).")
    group = arrays["group"] if (arrays["group"] >= 0).any() else None
    shared = np.empty(0, np.int64)
    if group is not None:
        # A given split may cut through groups. Such groups leave training, or the curve would flatter itself.
        shared = np.intersect1d(group[test], group[train])
        shared = shared[shared >= 0]
        train = train[~np.isin(group[train], shared)]
        pool = pool[~np.isin(group[pool], shared)]
    return Sides(codes, train, test, pool, group, len(shared))


def cost(project: Project, params: Params, progress: Progress) -> str:
    """A sentence on how long the DL baseline will take on this device, measured on a few steps."""
    from medlabeler.learning.curves.learning_curve import nested_draws

    task = plan(project, replace(params, deep_baseline=True))
    assert task.deep is not None  # noqa: S101 - just asked for
    arrays = load_arrays(task.arrays)
    present = np.ones(len(arrays["digest"]), np.bool_)
    present[project.vectors.missing(task.key, arrays["digest"])] = False
    sides = sides_of([class_id for class_id, _ in task.classes], arrays, present)
    n_classes = len(task.classes)
    draws = nested_draws(sides.codes, sides.train, params.sizes, range(params.seeds), n_classes)
    try:
        deep = deep_curve.learner(task.deep, np.concatenate([sides.train, sides.test]), progress)
        progress.report(0, 0, f"{deep_curve.TEXT}: measuring a few steps")
        return deep_curve.cost_sentence(
            deep, [len(draw.rows) for draw in draws], len(sides.test), n_classes, sides.train[:16]
        )
    finally:
        deep_curve.forget(task.deep)
        end_run(task.run)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Say what came out. A curve on the test set is no checkpoint of the person's own classifier: nothing is
    stored in the history.
    """
    end_run(task.run)
    return JobResult(Changes.NONE, facts.found, facts.found["text"])


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))


def learners(protocol: str, vectors: NDArray[Any], pool: NDArray[np.int64]) -> list[Learner]:
    """The classifiers of a protocol; ours is shaped by the `pool` rows of `vectors`."""
    from medlabeler.learning.classifiers.paper import PaperPipelines

    result: list[Learner] = []
    if protocol in ("paper", "both"):
        result.append(PaperPipelines())
    if protocol in ("own", "both"):
        result.append(OwnLogistic(Shaping.fit(vectors, pool)))
    return result


def describe(curve: Curve, task: Task, *, n_train: int, n_shared_groups: int) -> dict[str, Any]:
    """The JSON object of `curve`: means and deviations by classifier and size, paired differences, hindcasts,
    and in words what was measured on what.
    """
    from medlabeler.learning.accuracy.resampling import count_groups
    from medlabeler.learning.curves.learning_curve import paired_difference
    from medlabeler.learning.curves.power_law import hindcast

    sizes, names = curve.sizes(), curve.classifiers()
    points: list[dict[str, Any]] = [
        {
            "classifier": name,
            "per_class": size,
            "n_labels": curve.n_labels(size),
            "balanced_accuracy": float(values.mean()),
            "deviation": float(values.std(ddof=1)) if len(values) > 1 else 0.0,
            "draws": len(values),
        }
        for name in names
        for size in sizes
        for values in [curve.values(name, size)]
    ]
    differences = [
        {"first": OWN, "second": other, **asdict(paired_difference(curve, OWN, other, size))}
        for other in names
        if OWN in names and other != OWN
        for size in sizes
    ]
    hindcasts = [
        {"classifier": name, **asdict(h), "error": h.error}
        for name in names
        for h in [hindcast({size: curve.values(name, size) for size in sizes})]
        if h is not None
    ]
    n_groups, n_ungrouped = count_groups(curve.groups, len(curve.truth))
    grouped = "; no groups are known" if n_groups is None else f" from {n_groups} groups"
    if n_groups is not None and n_ungrouped:
        grouped += f" and {n_ungrouped:,} without a group"
    left_out = (
        f" {n_shared_groups} groups with images on both sides were left out of training."
        if n_shared_groups
        else ""
    )
    best = max((p for p in points if p["per_class"] == sizes[-1]), key=lambda p: p["balanced_accuracy"])
    against = "the reference labels" if task.against == "reference" else "the person's own labels"
    text = (
        f"With {curve.n_labels(sizes[-1]):,.0f} labels, up to {sizes[-1]} per class, {best['classifier']} "
        f"reaches {100 * best['balanced_accuracy']:.1f} % balanced accuracy, measured against {against} of "
        f"{len(curve.truth):,} test images{grouped}, "
        f"mean of {best['draws']} draws from {n_train:,} images.{left_out}"
    )
    return {
        "points": points,
        "differences": differences,
        "hindcasts": hindcasts,
        "classes": list(curve.classes),
        "n_train": n_train,
        "n_test": len(curve.truth),
        "n_test_groups": n_groups,
        "against": task.against,
        "protocol": task.protocol,
        "minimum_class_size": task.minimum_class_size,
        "backbone": task.backbone,
        "text": text,
    }


def write_files(curve: Curve, facts: dict[str, Any], folder: Path) -> list[str]:
    """Write means, draws, differences and the figure into `folder`; returns the paths of the files."""
    from medlabeler.export.figures import CurvePoint, draw_learning_curve

    draws = [
        {**{k: v for k, v in asdict(p).items() if k != "recall"}}
        | {f"recall {name}": value for name, value in zip(curve.classes, p.recall, strict=True)}
        for p in curve.points
    ]
    tables = {"curve.csv": facts["points"], "draws.csv": draws, "differences.csv": facts["differences"]}
    written = [str(path) for path in write_tables(folder, tables)]
    curves = {
        name: [
            CurvePoint(p["per_class"], p["balanced_accuracy"], p["deviation"])
            for p in facts["points"]
            if p["classifier"] == name
        ]
        for name in curve.classifiers()
    }
    figures = [folder / "curve.png", folder / "curve.svg"]
    draw_learning_curve(
        curves,
        {size: curve.n_labels(size) for size in curve.sizes()},
        figures,
        title=f"Balanced accuracy on {facts['n_test']:,} test images, {len(curve.classes)} classes",
        note=f"{facts['backbone']}; band: one standard deviation over {facts['points'][0]['draws']} draws",
    )
    return written + [str(path) for path in figures]
