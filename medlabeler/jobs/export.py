"""Write what a project has learned: the classifier as a bundle; labels, predictions, audit trail as CSV."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.export.about_program import attribution, versions
from medlabeler.export.bundle import Bundle
from medlabeler.export.onnx_written import Written
from medlabeler.export.provenance import Provenance, SplitHashes, provenance, split_hashes
from medlabeler.export.stored_report import stored_report
from medlabeler.export.targets import check_target
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.jobs.evaluate import (
    FitTask,
    TaskClass,
    classifier_of,
    cross_validated,
    embedding_of,
    prepared,
    task_arrays,
)
from medlabeler.jobs.export_onnx import OnnxTask, onnx_files, plan_onnx, write_onnx
from medlabeler.jobs.export_parts import Wish, parts_of, plan_parts
from medlabeler.jobs.params.export import Params as Params
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.project.checkpoints import (
    CROSS_VALIDATION,
    FACTS,
    groups_note,
    measured_on_words,
    origin_note,
)
from medlabeler.project.history import Checkpoint
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, load_json, save_arrays, save_json

BUNDLED = (
    "n_images", "n_groups", "balanced_accuracy", "n_ungrouped", "n_brought", "folds_sentence", "repeats",
    "per_class", "pool_sentence",
)  # fmt: skip
"""What of a report goes into a bundle beside `FACTS`."""

"""Of a class in the history of earlier versions: estimated from predictions, with no interval that holds."""


@dataclass(frozen=True)
class Task:
    """Files to write, None where one is not wanted, and what is needed of the project for it.

    `fit` is None if neither bundle nor predictions are wanted; `images`: a file of the images' names;
    `backbone`, `preprocessing`, `history` and `seeds` go into the bundle as they are. Its arrays hold, of the
    training labels, `origin_row`, `origin_source` (a text), `origin_annotator` (a code) and `origin_blind`.
    """

    bundle: str | None
    labels: str | None
    predictions: str | None
    audit: str | None
    absolute: bool
    remarks: bool = False
    hidden: bool = False
    groups: str = "none"
    warnings: tuple[str, ...] = ()
    run: str = ""
    fit: FitTask | None = None
    images: str = ""
    backbone: Json = field(default_factory=dict)
    preprocessing: Json = field(default_factory=dict)
    with_backbone: bool = False
    history: tuple[Json, ...] = ()
    project: str = ""
    seeds: Json = field(default_factory=dict)
    onnx: OnnxTask | None = None
    wish: Wish = field(default_factory=Wish)
    excel: bool = False


@dataclass(frozen=True)
class Facts:
    """What the worker wrote: a classifier of `n_labels`, `measured` as in the bundle, if it could be."""

    n_labels: int = 0
    measured: Json | None = None
    has_backbone: bool = False
    n_rows_predictions: int = 0
    onnx: tuple[Written, ...] = ()


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` when nothing is asked for, a folder is missing or there are no
    labels.
    """
    files = (params.bundle, params.labels, params.predictions, params.audit, *onnx_files(params))
    wanted = [path for path in files if path is not None]
    if not wanted:
        raise UserError(
            tr("Nothing to export was named; give --bundle, --onnx, --labels, --predictions or --audit.")
        )
    if len({path.resolve() for path in wanted}) < len(wanted):
        raise UserError(tr("Two of the files to export have the same name."))
    for path in wanted:
        check_target(path, project=project.path)
    task = Task(
        bundle=str(params.bundle.resolve()) if params.bundle else None,
        labels=str(params.labels.resolve()) if params.labels else None,
        predictions=str(params.predictions.resolve()) if params.predictions else None,
        audit=str(params.audit.resolve()) if params.audit else None,
        absolute=params.absolute,
        remarks=params.remarks,
        hidden=params.without_names,
        groups=params.groups,
        warnings=tuple(_warnings(project, params)),
        excel=params.excel,
    )
    if params.bundle is None and params.predictions is None and params.onnx is None:
        return task
    key = embedding_of(project)
    arrays = task_arrays(project)
    labelled = np.unique(arrays["labels"][arrays["labels"] != NO_CLASS])
    if len(labelled) < 2:
        raise UserError(tr("A classifier needs labels of two classes; label images of a second class first."))
    info = project.vectors.info(key)
    folder = job_folder(project, "export")
    wish, more = plan_parts(project)
    known = {c.id: c for c in project.classes.all()}
    history = [point for point in project.history.all() if point.embedding == key]
    fit = FitTask(
        key=key,
        vectors=str(project.vectors.folder),
        arrays=save_arrays(
            folder, **arrays, **more, **_origins(project), labelled=project.labels.kind == LabelKind.LABEL
        ),
        classifier=classifier_of(project, params.classifier),
        seed=int(project.settings.get("seed", 0) or 0),
        classes=tuple(TaskClass(int(c), known[int(c)].name, known[int(c)].colour) for c in labelled),
    )
    return replace(
        task,
        run=str(folder),
        fit=fit,
        images=_image_names(project, folder, params),
        backbone={
            "name": project.located(info.backbone),
            "title": info.title,
            "weights_sha256": info.weights_sha256,
            "pooling": info.pooling,
            "precision": info.precision,
            "dim": info.dim,
            "self_supervised": info.self_supervised,
            "licence": info.licence,
        },
        preprocessing=info.preprocessing,
        wish=wish,
        with_backbone=params.with_backbone,
        onnx=plan_onnx(project, params),
        history=tuple(_point_json(point) for point in _latest(history)),
        project=project.path.name,
        seeds={
            "cross_validation": fit.seed,
            "test_set": [draw.seed for draw in project.catalog.draws() if draw.seed is not None],
        },
    )


def _origins(project: Project) -> dict[str, NDArray[Any]]:
    """How the training labels came about, as arrays (m,)."""
    rows, _ = project.labels.trained_rows()
    rows = rows[project.labels.log.decided(rows) > 0]
    sources, annotators, blind = project.labels.origins(rows)
    return {
        "origin_row": rows,
        "origin_source": np.array([source.value for source in sources], np.str_),
        "origin_annotator": annotators,
        "origin_blind": blind,
    }


def _warnings(project: Project, params: Params) -> list[str]:
    """What to look at before the tables are passed on; a bundle alone names no image."""
    from medlabeler.export.privacy import look, warnings

    if params.looked or not (params.labels or params.predictions or params.audit):
        return []
    return warnings(look(project), names=not params.without_names)


def _image_names(project: Project, folder: Path, params: Params) -> str:
    """A file of what the predictions call each image; the tables are written where nobody waits for them."""
    from medlabeler.export.privacy import image_names

    wanted = params.predictions is not None
    named = image_names(project, absolute=params.absolute, hidden=params.without_names) if wanted else []
    return save_json(folder, "images.json", named)


def _latest(history: list[Checkpoint]) -> list[Checkpoint]:
    """The last measurement of each classifier on each yardstick."""
    return list({(point.classifier, point.measured_on): point for point in history}.values())


def _point_json(point: Checkpoint) -> Json:
    report = stored_report(point)
    return {
        "classifier": point.classifier,
        "measured_on": point.measured_on,
        "words": measured_on_words(point.measured_on, point.n_images, report.learned),
        "time": point.time,
        "revision": point.revision,
        "n_labels": point.n_labels,
        "n_images": point.n_images,
        "n_groups": point.n_groups,
        "balanced_accuracy": point.balanced_accuracy,
        "per_class": [asdict(entry) for entry in point.per_class],
        "note": f"{origin_note(report.n_brought, point.n_images)} {point.note}".strip(),
        **{name: value for name, value in point.facts.items() if name in (*FACTS, "pool_sentence")},
    }


def work(task: Task, progress: Progress) -> Facts:
    """FitTask the classifier, measure it by cross-validation, write the bundle, predict all images."""
    fit = task.fit
    if fit is None:
        return Facts()
    from medlabeler.learning.classifiers.estimators import make

    progress.report(0, 0, tr("Fitting the classifier"))
    arrays = load_arrays(fit.arrays)
    vectors, present, shaping = prepared(fit, arrays)
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    labels = arrays["labels"][rows]
    if len(np.unique(labels)) < 2:
        raise UserError(
            tr(
                "The image model has not looked at the labelled images yet; let it look first (medlabeler "
                "embed)."
            )
        )
    model = make(fit.classifier).fit(shaping.prepare(vectors[rows]), labels)
    facts = Facts(n_labels=len(rows))
    progress.check()
    if task.bundle or task.onnx:
        measured = _measure(fit, vectors, shaping, rows, labels, arrays, progress)
        origin = np.isin(arrays["origin_row"], rows)
        names = [fit.names[int(arrays["labels"][row])] for row in arrays["origin_row"][origin]]
        bundle = _bundle(
            task,
            fit,
            model,
            shaping,
            measured,
            provenance(
                names,
                arrays["origin_source"][origin].tolist(),
                arrays["origin_annotator"][origin],
                arrays["origin_blind"][origin],
            ),
            split_hashes(
                arrays["digest"], arrays["split"], rows, [fit.names[int(label)] for label in labels]
            ),
        )
        parts = parts_of(task.wish, fit, model, shaping, vectors, present, arrays, progress)
        bundle = replace(bundle, **parts)
        facts = replace(facts, measured=measured)
        if task.bundle:
            has_backbone = _write_bundle(task, bundle, progress)
            facts = replace(facts, has_backbone=has_backbone)
        if task.onnx:
            facts = replace(
                facts, onnx=write_onnx(task.onnx, bundle, lambda: _backbone(task), vectors, present, progress)
            )
    if task.predictions:
        progress.report(0, 0, tr("Predicting all images"))
        n_rows = _predict(task, fit, arrays, model, vectors, present, shaping, progress)
        facts = replace(facts, n_rows_predictions=n_rows)
    return facts


def _measure(
    fit: FitTask,
    vectors: NDArray[Any],
    shaping: Any,
    rows: NDArray[np.int64],
    labels: NDArray[np.int32],
    arrays: dict[str, NDArray[Any]],
    progress: Progress,
) -> dict[str, Any] | None:
    """A fresh cross-validation of this very classifier on these very labels; None where they are too few."""
    try:
        found = cross_validated(fit, vectors, shaping, rows, labels, arrays, progress)
    except UserError:
        return None
    stored = asdict(found)
    return {
        "classifier": fit.classifier,
        "measured_on": CROSS_VALIDATION,
        "words": measured_on_words(CROSS_VALIDATION, found.n_images, found.learned),
        "n_labels": len(rows),
        **{name: stored[name] for name in (*BUNDLED, *FACTS)},
        "note": " ".join(
            filter(
                None,
                [
                    origin_note(found.n_brought, found.n_images),
                    groups_note(found.n_groups, found.n_ungrouped),
                ],
            )
        ),
    }


def _write_bundle(task: Task, bundle: Bundle, progress: Progress) -> bool:
    """Write it, and say whether the backbone's weights are in it."""
    from medlabeler.export.bundle_file import write_bundle

    progress.report(0, 0, tr("Writing the bundle"))
    weights = None
    if task.with_backbone or _is_own_file(task.backbone["name"]):
        from medlabeler.learning.backbones.loading import save_weights

        weights = Path(task.run) / "backbone.safetensors"
        save_weights(_backbone(task), weights)
    write_bundle(Path(task.bundle or ""), bundle, weights)
    if weights is not None:
        weights.unlink(missing_ok=True)
    return weights is not None


def _backbone(task: Task) -> Any:
    """The backbone of the embedding; `UserError` if it is not here any more."""
    from medlabeler.learning.backbones.loading import load_backbone

    wanted = task.backbone
    backbone = load_backbone(wanted["name"])
    if backbone.weights_sha256 != wanted["weights_sha256"]:
        raise UserError(
            tr(
                "The weights of {wanted} have changed since it looked at the images; let it look again"
                " first.",
                wanted=shown_name(wanted["title"]),
            )
        )
    return replace(backbone, preprocessing=Preprocessing.from_dict(task.preprocessing))


def _as_others_find_it(backbone: Json) -> Json:
    """A backbone of the user's own file under the name of the file: where it lies is nobody's business."""
    return {**backbone, "name": Path(backbone["name"]).name} if _is_own_file(backbone["name"]) else backbone


def _is_own_file(name: str) -> bool:
    from medlabeler.learning.backbones.registry import find

    try:
        return find(name).source == "file"
    except UserError:
        return False


def _bundle(
    task: Task,
    fit: FitTask,
    model: Any,
    shaping: Any,
    measured: Json | None,
    origin: Provenance,
    split: SplitHashes,
) -> Bundle:
    """The bundle of a fitted classifier."""
    if fit.classifier == "knn":
        arrays = {"vectors": model.vectors_, "codes": model.codes_}
        settings = {"k": model.k, "temperature": model.temperature, "balanced": model.balanced}
    else:
        arrays = {"weights": model.coef_, "bias": model.intercept_}
        settings = {"C": model.C}
    by_id = {c.id: asdict(c) for c in fit.classes}
    fresh = [measured] if measured else []
    older = [
        point
        for point in task.history
        if point["classifier"] == fit.classifier and (point["measured_on"] != CROSS_VALIDATION or not fresh)
    ]
    return Bundle(
        classes=[by_id[int(c)] for c in model.classes_],
        classifier=fit.classifier,
        arrays=arrays,
        settings=settings,
        shaping=shaping,
        preprocessing=task.preprocessing,
        backbone=_as_others_find_it(task.backbone),
        measured=[*fresh, *older],
        about={
            "program": f"MedLabeler {__version__}",
            "project": task.project,
            "n_labels": sum(one.n_labels for one in origin.classes),
        },
        provenance=origin,
        split=split,
        versions=versions(),
        seeds=task.seeds,
        licence={
            "backbone": task.backbone["licence"],
            "attribution": attribution(
                task.backbone["name"], task.backbone["title"], task.backbone["licence"]
            ),
        },
    )


def _predict(
    task: Task,
    fit: FitTask,
    arrays: dict[str, NDArray[Any]],
    model: Any,
    vectors: NDArray[Any],
    present: NDArray[np.bool_],
    shaping: Any,
    progress: Progress,
) -> int:
    """Predict all images and write the table; returns the number of its lines."""
    from medlabeler.export.tables import write_predictions

    n, step = len(vectors), 8192
    probabilities = np.zeros((n, len(model.classes_)), np.float32)
    for start in range(0, n, step):
        progress.check()
        progress.report(start, n, tr("Predicting all images"))
        probabilities[start : start + step] = model.predict_proba(
            shaping.prepare(vectors[start : start + step])
        )
    probabilities[~present] = 0
    class_id = model.classes_[probabilities.argmax(axis=1)].astype(np.int32)
    class_id[~present] = NO_CLASS
    confidence = probabilities.max(axis=1, initial=0)
    confidence[~present] = np.nan
    progress.check()
    progress.report(n, n, tr("Writing the predictions"))
    return write_predictions(
        Path(task.predictions or ""),
        load_json(task.images),
        fit.names,
        arrays["split"],
        arrays["labelled"],
        class_id,
        confidence,
        probabilities,
        model.classes_,
        excel=task.excel,
    )


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Write the labels and the audit trail, which only the owner of the project can read."""
    from medlabeler.export.tables import write_audit_csv, write_labels_csv

    summary: dict[str, Any] = {}
    said: list[str] = []
    told: list[str] = []
    if task.fit is not None:
        summary |= {"classifier": task.fit.classifier, "n_labels": facts.n_labels}
        if task.bundle:
            summary |= {"bundle": task.bundle, "measured": facts.measured, "has_backbone": facts.has_backbone}
            name = CLASSIFIERS[task.fit.classifier].words
            said.append(
                tr(
                    "{bundle} ({name} on {n_labels:,} labels)",
                    bundle=task.bundle,
                    name=name,
                    n_labels=facts.n_labels,
                )
            )
        if task.onnx:
            summary |= {"onnx": [asdict(one) for one in facts.onnx], "measured": facts.measured}
            said.extend(one.file for one in facts.onnx if one.file)
            told = [one.sentence for one in facts.onnx]
    if task.labels:
        count = write_labels_csv(
            project,
            Path(task.labels),
            absolute=task.absolute,
            remarks=task.remarks,
            hidden=task.hidden,
            groups=task.groups,
            excel=task.excel,
        )
        summary |= {"labels": task.labels, "n_rows_labels": count}
        said.append(tr("{labels} ({count:,} rows)", labels=task.labels, count=count))
    if task.audit:
        count = write_audit_csv(
            project, Path(task.audit), absolute=task.absolute, hidden=task.hidden, excel=task.excel
        )
        summary |= {"audit": task.audit, "n_rows_audit": count}
        said.append(tr("{audit} ({count:,} rows)", audit=task.audit, count=count))
    if task.predictions:
        count = facts.n_rows_predictions
        summary |= {"predictions": task.predictions, "n_rows_predictions": count}
        said.append(tr("{predictions} ({count:,} rows)", predictions=task.predictions, count=count))
    end_run(task.run)
    summary["warnings"] = list(task.warnings)
    written = tr("Written: {said}.", said="; ".join(said))
    return JobResult(Changes.NONE, summary, " ".join([written, *told, *task.warnings]), found=facts)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
