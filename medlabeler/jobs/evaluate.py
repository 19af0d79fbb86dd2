"""Measure how good the classifier is: by cross-validation on the labels, or on the test set."""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.jobs.params.evaluate import Params as Params
from medlabeler.learning.accuracy.details import on_test_images, pool_sample
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
from medlabeler.project.labels import training_labels
from medlabeler.project.project import Project
from medlabeler.project.relabelled import relabelled
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, save_arrays

AGAINST = {"labels": CROSS_VALIDATION, "reference": REFERENCE, "test-labels": TEST_LABELS}


def task_arrays(project: Project) -> dict[str, NDArray[Any]]:
    """What fitting and measuring need of a project, each (n,): digest, split, group, labels of the
    pool, and which of them are fair to score.
    """
    catalog, labels = project.catalog, project.labels
    return {
        "digest": catalog.digest,
        "split": catalog.split,
        "group": catalog.group,
        "labels": training_labels(labels.class_id, labels.kind, catalog.split),
        "fair": labels.drawn_blind(),
        "came": labels.not_given_here(),
    }


def embedding_of(project: Project) -> str:
    """Key of the embedding in use; `UserError` before there is one."""
    key = str(project.settings.get("embedding", "") or "")
    if not key:
        raise UserError("The images have no embedding yet; embed them first (medlabeler embed).")
    return key


def classifier_of(project: Project, named: str | None) -> str:
    """The classifier that was named, else the project's own."""
    name = named or str(project.settings.get("classifier", DEFAULT))
    if name not in CLASSIFIERS:
        raise UserError(f"There is no classifier named {name}; choose logistic or knn.")
    return name


def plan(project: Project, params: Params) -> dict[str, Any]:
    """Describe the task; `UserError` without embedding, labels, or something to measure against."""
    if params.against not in AGAINST:
        raise UserError(
            f"There is nothing named {params.against} to measure against; choose labels or reference."
        )
    key = embedding_of(project)
    arrays = task_arrays(project)
    if not (arrays["labels"] != NO_CLASS).any():
        raise UserError("No image of the pool is labelled yet; label some of two classes first.")
    catalog, labels = project.catalog, project.labels
    test = catalog.split == Split.TEST
    truth = np.full(catalog.n, NO_CLASS, np.int32)
    if params.against == "reference":
        truth = np.where(test, catalog.reference, NO_CLASS).astype(np.int32)
    elif params.against == "test-labels":
        truth = np.where(test & (labels.kind == LabelKind.LABEL), labels.class_id, NO_CLASS).astype(np.int32)
    if params.against != "labels" and not (truth != NO_CLASS).any():
        what = "a reference label" if params.against == "reference" else "a label"
        raise UserError(
            f"No image of the test set has {what}, so there is nothing to measure against."
            if test.any()
            else "The project has no test set; measure against the labels instead (--against labels)."
        )
    folder = job_folder(project, "evaluate")
    weights = project.catalog.draw_weights() if params.against != "labels" else None
    # The classes that test images had before their prediction was seen, where that differs.
    earlier = truth.copy()
    if params.against == "test-labels":
        changed = relabelled(project)
        earlier[changed.rows] = changed.before
    arrays["before"] = earlier
    arrays["weights"] = np.ones(catalog.n) if weights is None else weights
    return {
        "key": key,
        "run": str(folder),
        "vectors": str(project.vectors.folder),
        "arrays": save_arrays(folder, **arrays, truth=truth),
        "classifier": classifier_of(project, params.classifier),
        "against": params.against,
        "seed": params.seed,
        "classes": [{"id": c.id, "name": c.name} for c in project.classes.all()],
        "revision": int(labels.revision),
    }


def prepared(
    task: dict[str, Any], arrays: dict[str, NDArray[Any]]
) -> tuple[NDArray[Any], NDArray[np.bool_], Any]:
    """Raw vectors float16 (n, d), which images have one, and how the pool shapes them."""
    from medlabeler.learning.classifiers.shaping import Shaping
    from medlabeler.project.vectors import VectorStore

    vectors, present = VectorStore(Path(task["vectors"])).load(
        task["key"], len(arrays["digest"]), arrays["digest"]
    )
    pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
    return vectors, present, Shaping.fit(vectors, pool)


def work(task: dict[str, Any], progress: Progress) -> dict[str, Any]:
    """Fit and measure."""
    progress.report(0, 0, "Reading the embedding")
    arrays = load_arrays(task["arrays"])
    vectors, present, shaping = prepared(task, arrays)
    group = arrays["group"] if (arrays["group"] >= 0).any() else None
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    labels = arrays["labels"][rows]
    progress.check()
    if task["against"] == "labels":
        evaluation, origin = cross_validated(task, vectors, shaping, rows, labels, arrays, progress)
        return {
            "origin": origin,
            "evaluation": asdict(evaluation),
            "n_labels": len(rows),
            "n_classes": len(np.unique(labels)),
            "shared": None,
        }

    from medlabeler.learning.accuracy.evaluation import score
    from medlabeler.learning.classifiers.estimators import make

    if len(np.unique(labels)) < 2:
        raise UserError("All labels are of one class; label images of a second class first.")
    test = np.flatnonzero((arrays["truth"] != NO_CLASS) & present)
    came = 0 if task["against"] == "reference" else int(arrays["came"][test].sum())
    if not len(test):
        raise UserError("The images of the test set are not embedded yet (medlabeler embed).")
    progress.report(0, 0, "Measuring accuracy")
    model = make(task["classifier"]).fit(shaping.prepare(vectors[rows]), labels)
    pool = pool_sample(np.flatnonzero(present & (arrays["split"] == Split.POOL)))
    shared = None
    if group is not None:
        shared = len(np.setdiff1d(np.intersect1d(group[test], group[rows]), [-1]))
    evaluation = on_test_images(
        model,
        shaping.prepare(vectors[test]),
        arrays["truth"][test],
        None if group is None else group[test],
        arrays["weights"][test],
        names=names_of(task),
        pool=shaping.prepare(vectors[pool]),
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
        told = told_of_relabelled(report(then).balanced_accuracy, evaluation.balanced_accuracy, n_changed)
        evaluation = replace(evaluation, relabelled=told)
    return {
        "origin": origin_note(came, len(test)),
        "evaluation": asdict(evaluation),
        "n_labels": len(rows),
        "n_classes": len(np.unique(labels)),
        "shared": shared,
    }


def cross_validated(
    task: dict[str, Any],
    vectors: NDArray[Any],
    shaping: Any,
    rows: NDArray[np.int64],
    labels: NDArray[np.int32],
    arrays: dict[str, NDArray[Any]],
    progress: Progress,
) -> tuple[Report, str]:
    """Cross-validation on the labelled images `rows`, and where the labels scored came from;
    `NotEnoughLabels` where there are too few.
    """
    from medlabeler.learning.accuracy.evaluation import cross_validate, fold_blocks

    groups = arrays["group"][rows] if (arrays["group"] >= 0).any() else None
    features = shaping.prepare(vectors[rows])
    names = names_of(task)
    found = cross_validate(
        features,
        labels,
        groups,
        task["classifier"],
        task["seed"],
        progress,
        blocks=fold_blocks(features, groups, progress),
        images=rows,
        fair=arrays["fair"][rows],
        names=names,
    )
    came = int(arrays["came"][rows[found.rows]].sum())
    return report(found, names), origin_note(came, found.n_images)


def names_of(task: dict[str, Any]) -> dict[int, str]:
    """Names of the task's classes, by id."""
    return {entry["id"]: entry["name"] for entry in task["classes"]}


def adopt(project: Project, task: dict[str, Any], facts: dict[str, Any]) -> JobResult:
    """Store the measurement in the history and say what it is worth."""
    evaluation, measured_on = facts["evaluation"], AGAINST[task["against"]]
    if evaluation["balanced_accuracy"] is None:
        raise UserError("None of the images to measure on is of a class that can be measured.")
    note = groups_note(evaluation["n_groups"], evaluation["n_ungrouped"], facts["shared"])
    point = checkpoint(
        evaluation,
        classifier=task["classifier"],
        measured_on=measured_on,
        classes=project.classes.all(),
        session=project.session_id,
        revision=task["revision"],
        n_labels=facts["n_labels"],
        n_classes=facts["n_classes"],
        embedding=task["key"],
        note=note,
    )
    project.history.add(point)
    end_run(task)
    summary = summarise(project, point, evaluation, note, facts["origin"])
    return JobResult(Changes.HISTORY, summary, summary["text"])


def summarise(
    project: Project, point: Any, evaluation: dict[str, Any], note: str, origin: str
) -> dict[str, Any]:
    """The JSON object of `evaluate`: the figure, what it was measured on in words, and what it does not
    say.
    """
    info = project.vectors.info(point.embedding)
    names = {c.id: c.name for c in project.classes.all()}
    words = measured_on_words(point.measured_on, point.n_images)
    accuracy = evaluation["balanced_accuracy"]
    interval = interval_words(evaluation["interval"])
    name = f"{CLASSIFIERS[point.classifier].words} fitted on {point.n_labels:,} labels"
    sentences = [
        f"Balanced accuracy {accuracy:.3f}{interval} of {name}, measured on {words}.",
        origin,
        evaluation["interval_sentence"],
        evaluation["scored_sentence"],
        evaluation["folds_sentence"],
        (evaluation["relabelled"] or {}).get("sentence", ""),
        note,
    ]
    text = " ".join(sentence for sentence in sentences if sentence)
    return {
        "balanced_accuracy": accuracy,
        **{name: evaluation[name] for name in FACTS},
        "folds_sentence": evaluation["folds_sentence"],
        "repeats": evaluation["repeats"],
        "relabelled": evaluation["relabelled"],
        "calibration_error": evaluation["calibration_error"],
        "n_images": point.n_images,
        "measured_on": words,
        "against": point.measured_on,
        "classifier": point.classifier,
        "n_labels": point.n_labels,
        "labels_per_class": round(point.labels_per_class, 2),
        "per_class": [
            {
                "class": entry["name"],
                "class_id": entry["class_id"],
                "recall": entry["recall"],
                "n_images": entry["support"],
                **{name: entry[name] for name in ("low", "high", "precision", "f1")},
                "auroc": entry.get("auroc"),
            }
            for entry in point.per_class
        ],
        "classes": [names.get(entry["class_id"], "") for entry in evaluation["per_class"]],
        "confusion": evaluation["confusion"],
        "classes_not_measured": [names.get(c, "") for c in evaluation["classes_absent"]],
        "n_groups": point.n_groups,
        "n_ungrouped": evaluation["n_ungrouped"],
        "groups": note,
        "labels_from": origin,
        "backbone": info.title,
        "self_supervised": info.self_supervised,
        "text": text,
    }


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
