"""Measure how good the classifier is: by cross-validation on the labels, or on the test set."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.jobs.learned_labels import learned_labels
from medlabeler.jobs.params.evaluate import Params as Params
from medlabeler.learning.accuracy.details import on_test_images
from medlabeler.learning.accuracy.pool_values import Proportion
from medlabeler.learning.accuracy.report import Report, report, told_of_relabelled
from medlabeler.learning.classifiers.registry import CLASSIFIERS, DEFAULT
from medlabeler.project.checkpoints import (
    CROSS_VALIDATION,
    FACTS,
    REFERENCE,
    TEST_LABELS,
    checkpoint,
    groups_note,
    interval_words,
    measured_on_words,
    origin_note,
)
from medlabeler.project.history import Checkpoint
from medlabeler.project.labels import training_labels
from medlabeler.project.past import Past
from medlabeler.project.project import Project
from medlabeler.project.relabelled import relabelled
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, save_arrays
from medlabeler.project.vectors import VectorStore

AGAINST = {"labels": CROSS_VALIDATION, "reference": REFERENCE, "test-labels": TEST_LABELS}


def task_arrays(project: Project, past: Past | None = None) -> dict[str, NDArray[Any]]:
    """What fitting and measuring need of a project, each (n,): digest, split, group, labels of the
    pool, and which of them are fair to score; as they were in the `past`, if one is given.
    """
    catalog = project.catalog
    labels, split = (project.labels, catalog.split) if past is None else (past.labels, past.split)
    return {
        "digest": catalog.digest,
        "split": split,
        "group": catalog.group,
        "labels": training_labels(labels.class_id, labels.kind, split),
        "fair": labels.drawn_blind(),
        "brought": labels.not_given_here(),
    }


@dataclass(frozen=True)
class TaskClass:
    """A class of the project."""

    id: int
    name: str
    colour: str = ""


@dataclass(frozen=True)
class FitTask:
    """What fitting and measuring need: embedding `key` of the folder `vectors`, a file of `task_arrays`."""

    key: str
    vectors: str
    arrays: str
    classifier: str
    seed: int
    classes: tuple[TaskClass, ...]

    @property
    def names(self) -> dict[int, str]:
        """Names of the classes, by id."""
        return {c.id: c.name for c in self.classes}


@dataclass(frozen=True)
class Task:
    """Measure `against` "labels", "reference" or "test-labels"; the arrays hold truth and weights too.

    `revision` is that of the labels; `draw_problem` why the test images do not stand for the pool, if so.
    """

    run: str
    fit: FitTask
    against: str
    revision: int
    draw_problem: str


@dataclass(frozen=True)
class Facts:
    """What was measured with a classifier of `n_labels` in `n_classes`.

    `shared`: groups of the test images that also hold labelled ones, None if no groups are known or it was a
    cross-validation. `n_embedded` images had a vector.
    """

    report: Report
    n_labels: int
    n_classes: int
    shared: int | None
    n_embedded: int


def embedding_of(project: Project) -> str:
    """Key of the embedding in use; `UserError` before there is one."""
    key = str(project.settings.get("embedding", "") or "")
    if not key:
        raise UserError(
            tr("No image model has looked at the images yet; let one look first (medlabeler embed).")
        )
    return key


def classifier_of(project: Project, named: str | None) -> str:
    """The classifier that was named, else the project's own."""
    name = named or str(project.settings.get("classifier", DEFAULT))
    if name not in CLASSIFIERS:
        raise UserError(tr("There is no classifier named {name}; choose logistic or knn.", name=name))
    return name


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without embedding, labels, or something to measure against."""
    if params.against not in AGAINST:
        raise UserError(
            tr(
                "There is nothing named {against} to measure against; choose labels or reference.",
                against=params.against,
            )
        )
    key = embedding_of(project)
    return describe(
        project,
        params.against,
        key=key,
        classifier=classifier_of(project, params.classifier),
        seed=params.seed,
    )


def describe(
    project: Project, against: str, *, key: str, classifier: str, seed: int, past: Past | None = None
) -> Task:
    """The task of measuring `classifier` on embedding `key`, now or in the `past`; `UserError` as `plan`.

    What test labels were before their prediction was seen is not told of the past.
    """
    arrays = task_arrays(project, past)
    if not (arrays["labels"] != NO_CLASS).any():
        raise UserError(tr("No training image is labelled yet; label some of two classes first."))
    catalog = project.catalog
    labels, classes = (project.labels, project.classes) if past is None else (past.labels, past.classes)
    test = arrays["split"] == Split.TEST
    truth = np.full(catalog.n, NO_CLASS, np.int32)
    if against == "reference":
        truth = np.where(test, catalog.reference_by(classes), NO_CLASS).astype(np.int32)
    elif against == "test-labels":
        truth = np.where(test & (labels.kind == LabelKind.LABEL), labels.class_id, NO_CLASS).astype(np.int32)
    if against != "labels" and not (truth != NO_CLASS).any():
        what = tr("a reference label") if against == "reference" else tr("a label")
        raise UserError(
            tr("No image of the test set has {what}, so there is nothing to measure against.", what=what)
            if test.any()
            else tr("The project has no test set; measure against the labels instead (--against labels).")
        )
    measured = (truth != NO_CLASS) | ((labels.kind != LabelKind.CLEAR) & (against == "test-labels"))
    folder = job_folder(project, "evaluate")
    weights = catalog.draw_weights() if against != "labels" else None
    # The classes that test images had before their prediction was seen, where that differs.
    earlier = truth.copy()
    if against == "test-labels" and past is None:
        changed = relabelled(project)
        earlier[changed.rows] = changed.before
    arrays["before"] = earlier
    arrays["weights"] = np.ones(catalog.n) if weights is None else weights
    fit = FitTask(
        key=key,
        vectors=str(project.vectors.folder),
        arrays=save_arrays(folder, **arrays, truth=truth),
        classifier=classifier,
        seed=seed,
        classes=tuple(TaskClass(c.id, c.name) for c in classes.all()),
    )
    problem = catalog.draw_problem(measured) if against != "labels" else ""
    return Task(str(folder), fit, against, int(labels.revision), problem)


def prepared(fit: FitTask, arrays: dict[str, NDArray[Any]]) -> tuple[NDArray[Any], NDArray[np.bool_], Any]:
    """Raw vectors float16 (n, d), which images have one, and how the pool shapes them."""
    from medlabeler.learning.classifiers.shaping import Shaping

    vectors, present = VectorStore(Path(fit.vectors)).load(fit.key, len(arrays["digest"]), arrays["digest"])
    pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
    return vectors, present, Shaping.fit(vectors, pool)


def work(task: Task, progress: Progress) -> Facts:
    """FitTask and measure."""
    progress.report(0, 0, tr("Reading what the image model saw"))
    fit = task.fit
    arrays = load_arrays(fit.arrays)
    vectors, present, shaping = prepared(fit, arrays)
    group = arrays["group"] if (arrays["group"] >= 0).any() else None
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    labels = arrays["labels"][rows]
    progress.check()
    if task.against == "labels":
        found = cross_validated(fit, vectors, shaping, rows, labels, arrays, progress)
        return Facts(found, len(rows), len(np.unique(labels)), None, int(present.sum()))

    from medlabeler.learning.accuracy.evaluation import score
    from medlabeler.learning.classifiers.estimators import make

    if len(np.unique(labels)) < 2:
        raise UserError(tr("All labels are of one class; label images of a second class first."))
    test = np.flatnonzero((arrays["truth"] != NO_CLASS) & present)
    if not len(test):
        raise UserError(tr("The image model has not looked at the test images yet (medlabeler embed)."))
    progress.report(0, 0, tr("Measuring accuracy"))
    model = make(fit.classifier).fit(shaping.prepare(vectors[rows]), labels)
    shared = None
    if group is not None:
        shared = len(np.setdiff1d(np.intersect1d(group[test], group[rows]), [-1]))
    found = on_test_images(
        model,
        shaping.prepare(vectors[test]),
        arrays["truth"][test],
        None if group is None else group[test],
        arrays["weights"][test],
        names=fit.names,
        brought=None if task.against == "reference" else arrays["brought"][test],
        draw_problem=task.draw_problem,
    )
    n_changed = int((arrays["before"] != arrays["truth"]).sum())
    if n_changed:
        earlier = np.flatnonzero((arrays["before"] != NO_CLASS) & present)
        then = score(
            arrays["before"][earlier],
            model.predict(shaping.prepare(vectors[earlier])),
            np.unique(labels),
            None if group is None else group[earlier],
            arrays["weights"][earlier],
        )
        told = told_of_relabelled(report(then).balanced_accuracy, found.balanced_accuracy, n_changed)
        found = replace(found, relabelled=told)
    return Facts(found, len(rows), len(np.unique(labels)), shared, int(present.sum()))


def cross_validated(
    fit: FitTask,
    vectors: NDArray[Any],
    shaping: Any,
    rows: NDArray[np.int64],
    labels: NDArray[np.int32],
    arrays: dict[str, NDArray[Any]],
    progress: Progress,
) -> Report:
    """Cross-validation on the labelled images `rows`; `NotEnoughLabels` where there are too few."""
    from medlabeler.learning.accuracy.evaluation import cross_validate, fold_blocks

    groups = arrays["group"][rows] if (arrays["group"] >= 0).any() else None
    features = shaping.prepare(vectors[rows])
    names = fit.names
    learned = learned_labels(VectorStore(Path(fit.vectors)), fit.key, arrays["digest"][rows], groups)
    found = cross_validate(
        features,
        labels,
        groups,
        fit.classifier,
        fit.seed,
        progress,
        blocks=fold_blocks(features, groups, progress),
        images=rows,
        fair=arrays["fair"][rows],
        names=names,
        n_pool=int((arrays["split"] == Split.POOL).sum()),
        learned=learned,
    )
    return report(found, names, arrays["brought"][rows])


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Store the measurement in the history and say what it is worth."""
    found = facts.report
    if found.balanced_accuracy is None:
        raise UserError(tr("None of the images to measure on is of a class that can be measured."))
    note = groups_note(found.n_groups, found.n_ungrouped, facts.shared)
    point = checkpoint(
        asdict(found),
        classifier=task.fit.classifier,
        measured_on=AGAINST[task.against],
        classes=project.classes.all(),
        session=project.session_id,
        revision=task.revision,
        n_labels=facts.n_labels,
        n_classes=facts.n_classes,
        embedding=task.fit.key,
        note=note,
        seed=task.fit.seed if task.against == "labels" else None,
        n_embedded=facts.n_embedded,
    )
    project.history.add(point)
    end_run(task.run)
    summary = summarise(project, point, found, note)
    return JobResult(Changes.HISTORY, summary, summary["text"])


def stated(value: Proportion | None) -> dict[str, float] | None:
    """As JSON."""
    return None if value is None else asdict(value)


def summarise(project: Project, point: Checkpoint, found: Report, note: str) -> dict[str, Any]:
    """The JSON object of `evaluate`: the figure, what it was measured on in words, and what it does not
    say.
    """
    info = project.vectors.info(point.embedding)
    names = {c.id: c.name for c in project.classes.all()}
    words = measured_on_words(point.measured_on, point.n_images, found.learned)
    stored, origin = asdict(found), origin_note(found.n_brought, found.n_images)
    name = tr(
        "{words} fitted on {n_labels:,} labels",
        words=CLASSIFIERS[point.classifier].words,
        n_labels=point.n_labels,
    )
    interval = found.interval
    limits = "" if interval is None else interval_words(interval.low, interval.high)
    figure = f"{found.balanced_accuracy:.3f}{limits}"
    sentences = [
        tr(
            "Balanced accuracy {figure} of {name}, measured on {words}.",
            figure=figure,
            name=name,
            words=words,
        ),
        origin,
        found.interval_sentence,
        found.scored_sentence,
        found.folds_sentence,
        found.relabelled.sentence if found.relabelled is not None else "",
        found.pool_sentence,
        note,
    ]
    text = " ".join(sentence for sentence in sentences if sentence)
    return {
        "balanced_accuracy": found.balanced_accuracy,
        **{name: stored[name] for name in FACTS},
        "folds_sentence": found.folds_sentence,
        "repeats": found.repeats,
        "relabelled": stored["relabelled"],
        "calibration_error": found.calibration_error,
        "n_images": point.n_images,
        "measured_on": words,
        "against": point.measured_on,
        "classifier": point.classifier,
        "n_labels": point.n_labels,
        "labels_per_class": round(point.labels_per_class, 2),
        "per_class": [
            {
                "class": names.get(entry.class_id, ""),
                "class_id": entry.class_id,
                "recall": entry.recall,
                "n_images": entry.support,
                "low": entry.low,
                "high": entry.high,
                "precision": entry.precision,
                "f1": entry.f1,
                "auroc": entry.auroc,
                **{name: stated(getattr(entry, name)) for name in ("share", "ppv", "npv")},
            }
            for entry in found.per_class
        ],
        "classes": [names.get(entry.class_id, "") for entry in found.per_class],
        "confusion": found.confusion,
        "classes_not_measured": [names.get(c, "") for c in found.classes_absent],
        "n_groups": point.n_groups,
        "n_ungrouped": found.n_ungrouped,
        "groups": note,
        "labels_from": origin,
        "pool": found.pool_sentence,
        "backbone": info.title,
        "self_supervised": info.self_supervised,
        "text": text,
    }


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
