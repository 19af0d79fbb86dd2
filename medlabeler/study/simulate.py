"""Query strategies compared by simulation: the reference labels play the clinician."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.jobs.evaluate import embedding_of
from medlabeler.jobs.learned_labels import refuse_learned
from medlabeler.learning.query.registry import STRATEGIES
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, save_arrays
from medlabeler.study import plays, simulation_report
from medlabeler.study.cost_model import RANGES, Costs
from medlabeler.study.curve import Sides, sides_of
from medlabeler.study.params.simulate import Params as Params

if TYPE_CHECKING:
    from medlabeler.study.strategy_curves import StrategyCurve

PER_CLASS = (1, 2, 3, 5, 7, 10, 15, 20, 25, 30, 35, 40, 45, 50, 60, 75, 100, 150, 200, 300, 500, 750, 1000)
"""Where the classifier is measured, in labels per class on average."""

MINUTES = (1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240)
MOST_SITTINGS = 5
"""Of each way of working, however many plays of strategies there are."""

TEST_SHARE = 0.3
"""Of the images, drawn by group, where the project has no test set."""


@dataclass(frozen=True)
class Task:
    """Play with embedding `key` of the folder `vectors`; `arrays`: digest, split, group and truth.

    `staging` keeps finished plays for the next run; `drawn`: the test set is this simulation's own. The
    others as in `Params`.
    """

    key: str
    vectors: str
    run: str
    staging: str
    arrays: str
    classes: tuple[tuple[int, str], ...]
    backbone: str
    drawn: bool
    strategies: tuple[str, ...]
    out: str | None
    costs: Costs
    budget: int
    seeds: int
    batch: int
    processes: int | None
    minutes: int


@dataclass(frozen=True)
class Facts:
    """The JSON object of `simulate`."""

    found: Json


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without embedding, or reference labels of two classes."""
    for name in params.strategies:
        if name not in STRATEGIES:
            raise UserError(f"There is no strategy named {name}; choose from {', '.join(STRATEGIES)}.")
    if min(params.budget, params.seeds, params.batch) < 1:
        raise UserError("A simulation needs at least one label per class, one play, and one label per batch.")
    costs = _costs(params)
    key = embedding_of(project)
    refuse_learned(project.vectors, key, tr("a simulation"))
    catalog = project.catalog
    truth, split = catalog.reference, catalog.split
    known = truth != NO_CLASS
    if len(np.unique(truth[known & (split == Split.POOL)])) < 2:
        raise UserError(
            "A simulation plays the clinician with reference labels, and needs those of two classes."
        )
    drawn = not (known & (split == Split.TEST)).any()
    if drawn:
        split = _with_test_set(known, split, catalog.group, params.split_seed)
    arrays: dict[str, NDArray[Any]] = {"digest": catalog.digest, "split": split, "group": catalog.group}
    folder = job_folder(project, "simulate")
    return Task(
        key=key,
        vectors=str(project.vectors.folder),
        run=str(folder),
        staging=str(folder.parent),
        arrays=save_arrays(folder, truth=truth, **arrays),
        classes=tuple((c.id, c.name) for c in project.classes.all()),
        backbone=project.vectors.info(key).title,
        drawn=drawn,
        strategies=tuple(params.strategies or STRATEGIES),
        out=None if params.out is None else str(params.out.absolute()),
        costs=costs,
        budget=params.budget,
        seeds=params.seeds,
        batch=params.batch,
        processes=params.processes,
        minutes=params.minutes,
    )


def _costs(params: Params) -> Costs:
    """The assumptions; `UserError` for one that does not exist or makes no sense."""
    named = dict(params.costs)
    if unknown := set(named) - set(RANGES):
        raise UserError(f"There is no assumption {min(unknown)}; choose from {', '.join(RANGES)}.")
    whole = {name: int(value) for name, value in named.items() if isinstance(getattr(Costs, name), int)}
    if any(named[name] != value for name, value in whole.items()):
        raise UserError("The assumption page_size must be a whole number.")
    try:
        return Costs(**{**asdict(Costs()), **named, **whole})
    except ValueError as error:
        raise UserError(f"The assumption {error}.") from error


def _with_test_set(
    known: NDArray[np.bool_], split: NDArray[np.uint8], group: NDArray[np.int32], seed: int
) -> NDArray[np.uint8]:
    """`split` with random groups of the pool as its test set."""
    from medlabeler.learning.accuracy.sampling_design import sample_test_set

    rows = np.flatnonzero(known & (split == Split.POOL))
    groups = group[rows] if (group >= 0).any() else None
    sample = sample_test_set(rows, groups, max(1, round(TEST_SHARE * len(rows))), seed=seed)
    result = split.copy()
    result[sample.rows] = Split.TEST
    return result


def work(task: Task, progress: Progress) -> Facts:
    """Play, compare, and write the tables and figures."""
    from medlabeler.learning.classifiers.shaping import Shaping
    from medlabeler.project.vectors import VectorStore
    from medlabeler.study.bulk_region import predictions_shown

    progress.report(0, 0, "Reading the embedding")
    arrays = load_arrays(task.arrays)
    vectors, present = VectorStore(Path(task.vectors)).load(task.key, len(arrays["digest"]), arrays["digest"])
    sides = sides_of([class_id for class_id, _ in task.classes], arrays, present)
    arena = _arena(task, sides)
    folder = Path(task.staging) / _digest(task, arena)
    features = Shaping.fit(vectors, sides.pool).prepare(vectors)
    del vectors
    n_classes = len(task.classes)
    shown = predictions_shown(features, sides.codes, sides.train, n_classes, progress=progress)
    try:
        plays.store(folder, features, arena)
        del features
        strategies = _strategies(task, folder, arena, progress)
        ways = _ways(task, folder, arena, progress) if task.minutes else []
    finally:
        plays.forget(folder)
    facts = simulation_report.describe(
        *strategies,
        arena["labels"].tolist(),
        len(np.unique(sides.codes[sides.train])),
        {
            "classes": [name for _, name in task.classes],
            "n_train": len(sides.train),
            "n_test": len(sides.test),
            "n_test_groups": None if sides.group is None else len(np.unique(sides.group[sides.test])),
            "ways": ways,
            "bulk": simulation_report.bulk(shown, task.costs),
            "drawn": task.drawn,
            "seeds": task.seeds,
            "batch": task.batch,
            "backbone": task.backbone,
            "costs": asdict(task.costs),
        },
    )
    if task.out is not None:
        facts["files"] = simulation_report.write_files(facts, Path(task.out))
    return Facts(facts)


def _strategies(
    task: Task, folder: Path, arena: dict[str, NDArray[Any]], progress: Progress
) -> tuple[list[StrategyCurve], dict[str, Counter[str]]]:
    """The curve of each strategy, and how many labels which strategy really chose."""
    from medlabeler.study.strategy_curves import compare

    seeds = range(task.seeds)
    keys = [(name, seed) for seed in seeds for name in task.strategies]
    play_task = plays.Task(str(folder), str(folder), task.batch)
    plays.play_all(play_task, keys, progress, task.processes)
    found = {key: plays.finished(folder, key) for key in keys}
    progress.check()
    progress.report(0, 0, "Resampling")
    predicted = {name: np.stack([found[name, s]["predicted"] for s in seeds]) for name in task.strategies}
    test = arena["test"]
    groups = arena["group"][test] if "group" in arena else None
    curves = compare(predicted, arena["labels"], arena["codes"][test], groups, len(task.classes))
    chose = {
        name: Counter(str(s) for seed in seeds for s in found[name, seed]["strategies"])
        for name in task.strategies
    }
    return curves, chose


def _ways(
    task: Task, folder: Path, arena: dict[str, NDArray[Any]], progress: Progress
) -> list[dict[str, Any]]:
    """Accuracy and labels by minutes for each way of working."""
    from medlabeler.study.simulated_session import WAYS
    from medlabeler.study.strategy_curves import compare

    minutes = sorted({m for m in MINUTES if m < task.minutes} | {task.minutes})
    assumed = hashlib.sha256(f"{minutes} {sorted(asdict(task.costs).items())}".encode()).hexdigest()[:16]
    results, seeds = folder / assumed, range(min(task.seeds, MOST_SITTINGS))
    keys = [(way, seed) for seed in seeds for way in WAYS]
    sit_task = plays.Task(str(folder), str(results), task.batch, plays.Minutes(tuple(minutes), task.costs))
    plays.play_all(sit_task, keys, progress, task.processes)
    found = {key: plays.finished(results, key) for key in keys}
    predicted = {way: np.stack([found[way, seed]["predicted"] for seed in seeds]) for way in WAYS}
    test = arena["test"]
    groups = arena["group"][test] if "group" in arena else None
    n_classes = len(task.classes)
    curves = compare(predicted, np.array(minutes), arena["codes"][test], groups, n_classes)
    return [
        {
            "way": curve.name,
            "minutes": minute,
            "n_labels": float(np.mean([found[curve.name, seed]["labels"][at] for seed in seeds])),
            "n_wrong": float(np.mean([found[curve.name, seed]["wrong"][at] for seed in seeds])),
            "balanced_accuracy": curve.accuracy[at].value,
            "low": curve.accuracy[at].low,
            "high": curve.accuracy[at].high,
            "sessions": len(seeds),
        }
        for curve in curves
        for at, minute in enumerate(minutes)
    ]


def _arena(task: Task, sides: Sides) -> dict[str, NDArray[Any]]:
    """What the plays are given; `UserError` if the pool is too small for the first measurement.

    The neighbours that some strategies ask for are those in the pool, found by each play: the graph of the
    map knows the test images too.
    """
    n_classes = len(np.unique(sides.codes[sides.train]))
    sizes = sorted({size for size in PER_CLASS if size < task.budget} | {task.budget})
    labels = np.array([size * n_classes for size in sizes if size * n_classes <= len(sides.train)], np.int64)
    if n_classes < 2 or not len(labels):
        raise UserError("A simulation needs images of at least two classes outside the test set.")
    arrays: dict[str, NDArray[Any]] = {
        "codes": sides.codes, "train": sides.train, "test": sides.test, "labels": labels,
    }  # fmt: skip
    if sides.group is not None:
        arrays["group"] = sides.group
    return arrays


def _digest(task: Task, arrays: dict[str, NDArray[Any]]) -> str:
    """Names all that a play depends on besides its strategy and seed."""
    made_of = hashlib.sha256(f"{__version__} {task.key} {task.batch}".encode())
    for name in sorted(arrays):
        made_of.update(name.encode() + np.ascontiguousarray(arrays[name]).tobytes())
    return made_of.hexdigest()[:16]


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Say what came out; nothing of the project changes."""
    end_run(task.run)
    return JobResult(Changes.NONE, facts.found, facts.found["text"])


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
