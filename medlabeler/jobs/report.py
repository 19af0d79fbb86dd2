"""Report of a project: one HTML file, the same as PDF, a model card. `replay` finds its figures again.

What is read of the project is gathered first, then the labels are measured by cross-validation in a worker;
the test set is not opened for it: its newest figure is told.
"""

from __future__ import annotations

import contextlib
import json
import platform
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler import __version__
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Json, from_json, plain
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import language, tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.report import document, words
from medlabeler.export.report.contents import (
    UNNAMED,
    AgreementFacts,
    ClassFacts,
    Contents,
    DataFacts,
    DrawFacts,
    Figure,
    ModelFacts,
    SittingFacts,
    Step,
    Table,
    label_hash,
    side_hash,
)
from medlabeler.export.report.pictures import Picture
from medlabeler.export.report.printing import print_page
from medlabeler.export.report.tables import CONFOUNDERS, COUNTS, SILENCE, tables
from medlabeler.export.stored_report import stored_report
from medlabeler.export.targets import check_target
from medlabeler.imaging.rendering import Rendering
from medlabeler.imaging.thumbnails import ThumbnailStore
from medlabeler.jobs.agreement import PURPOSES, compared
from medlabeler.jobs.evaluate import FitTask, TaskClass, classifier_of, prepared, task_arrays
from medlabeler.jobs.learned_labels import learned_labels
from medlabeler.jobs.params.report import TITLE
from medlabeler.jobs.params.report import Params as Params
from medlabeler.learning.accuracy.details import ImageByImage
from medlabeler.learning.curves.summary import LearningCurve
from medlabeler.project import split_record
from medlabeler.project.checkpoints import (
    CROSS_VALIDATION,
    REFERENCE,
    TEST_LABELS,
    groups_note,
    measured_on_words,
)
from medlabeler.project.history import Checkpoint
from medlabeler.project.past import Past
from medlabeler.project.project import Project
from medlabeler.project.reservation import ReservationDraw
from medlabeler.project.runs import end_run
from medlabeler.project.sessions import recorded_sessions
from medlabeler.project.staging import job_folder, load_arrays, load_json, save_arrays, save_json
from medlabeler.project.vectors import VectorStore

SETTING = "report"
"""Setting: the last report that was written, as JSON of its `Contents`; `replay` finds its figures again."""
CURVE_REPEATS = 5
LIBRARIES = ("numpy", "scipy", "scikit-learn", "torch", "timm")


@dataclass(frozen=True)
class Task:
    """Files to write and what the report says; `fit` None while there is no embedding or there are no labels.

    `place`: a file of the map's coordinates, "" without one; `names`: one of the images' names.
    """

    run: str
    contents: Json
    fit: FitTask | None
    html: str | None
    pdf: str | None
    card: str | None
    pictures: int
    thumbnails: str
    rendering: Json
    place: str
    names: str


@dataclass(frozen=True)
class Facts:
    """The report as it was written, as JSON of its `Contents`."""

    contents: Json


@dataclass(frozen=True)
class Chosen:
    """What a report is of: embedding `key` ("" before there is one), classifier, seed of the folds."""

    key: str
    classifier: str
    seed: int

    def fits(self, point: Checkpoint) -> bool:
        """Whether a measurement is of the same."""
        return bool(self.key) and (point.embedding, point.classifier) == (self.key, self.classifier)


def chosen(project: Project) -> Chosen:
    """What is in use."""
    key, seed = project.settings.get("embedding", ""), project.settings.get("seed", 0)
    return Chosen(str(key or ""), classifier_of(project, None), int(seed or 0))


def gather(project: Project, params: Params, past: Past | None = None, of: Chosen | None = None) -> Contents:
    """All that the project knows for its report, as it is (on any thread), or as it was in the `past`.

    What is measured by the worker is left open.
    """
    of = of or chosen(project)
    labels = project.labels if past is None else past.labels
    with project.database.reader() as reader:
        draws = [draw for draw in split_record.draws(reader) if past is None or draw.time <= past.time]
    mine = [point for point in checkpoints(project, past) if of.fits(point)]
    newest = {point.measured_on: point for point in mine}
    sittings = recorded_sessions(project, until=None if past is None else (past.revision, past.time))
    looks = project.history.openings()
    return Contents(
        time=datetime.now(UTC).isoformat(timespec="milliseconds"),
        revision=int(labels.revision),
        title=params.title.strip() or TITLE,
        intended_use=params.intended_use.strip() or words.INTENDED_USE,
        classes=_classes(project, past),
        data=_data(project, past),
        draws=tuple(
            DrawFacts(d.time, d.seed, d.n_wanted, d.per_group, d.rare_factor, d.n_units, d.n_drawn)
            for d in draws
        ),
        sittings=tuple(
            SittingFacts(s.started, s.annotators, s.active_s, s.n_labels, s.per_minute, s.accepted, s.program)
            for s in sittings
            if s.n_labels
        ),
        annotators=_annotators(project, past),
        agreement=_agreement(project, past),
        model=_model(project, of),
        labels=None,
        refusal="",
        test=_figure(newest.get(TEST_LABELS)),
        reference=_figure(newest.get(REFERENCE)),
        n_looks=sum(past is None or look.time <= past.time for look in looks),
        history=tuple(
            Step(max(1.0, point.labels_per_class), point.balanced_accuracy, _kind(point.measured_on))
            for point in mine
        ),
        curve=None,
        tables=further_tables(project, names=params.names),
        n_embedded=0,
        seeds=_seeds(project, of, draws),
        versions=_versions(),
        language=language(),
    )


def further_tables(project: Project, *, names: bool) -> tuple[Table, ...]:
    """What other jobs found, as it is kept with the project."""
    kinds = (CONFOUNDERS, SILENCE, COUNTS)
    kept = {kind: (project.settings.get(kind, None) or {}).get("found") for kind in kinds}
    return tables(kept, names=names)


def checkpoints(project: Project, past: Past | None) -> list[Checkpoint]:
    """The history, up to the `past` if one is given."""
    return [point for point in project.history.all() if past is None or point.time <= past.time]


def _kind(measured_on: str) -> str:
    """What a point of the history was measured on, as a report states it; `words.MEASURED_ON` says it."""
    return {CROSS_VALIDATION: "cross-validation", TEST_LABELS: "test set"}.get(
        measured_on, "reference labels"
    )


def _classes(project: Project, past: Past | None) -> tuple[ClassFacts, ...]:
    labels, classes = (project.labels, project.classes) if past is None else (past.labels, past.classes)
    split = project.catalog.split if past is None else past.split
    reference = project.catalog.reference_by(classes)[: None if past is None else past.n]
    given = labels.kind == LabelKind.LABEL

    def n(which: NDArray[np.bool_], class_id: int) -> int:
        return int((which & (labels.class_id == class_id)).sum())

    return tuple(
        ClassFacts(
            c.name, c.full_name, c.description, c.colour, n(given & (split == Split.POOL), c.id),
            n(given & (split == Split.TEST), c.id), int((reference == c.id).sum()),
        )
        for c in classes.all()
    )  # fmt: skip


def _data(project: Project, past: Past | None) -> DataFacts:
    catalog = project.catalog
    labels, classes = (project.labels, project.classes) if past is None else (past.labels, past.classes)
    n = catalog.n if past is None else past.n
    split = (catalog.split if past is None else past.split)[:n]
    group, test = catalog.group[:n], split == Split.TEST
    known = bool((group >= 0).any())
    labelled = np.where(labels.kind == LabelKind.LABEL, labels.class_id, NO_CLASS).astype(np.int32)
    skipped, unsure, bad = (
        int((labels.kind == kind).sum()) for kind in (LabelKind.SKIP, LabelKind.NOT_SURE, LabelKind.BAD_IMAGE)
    )
    return DataFacts(
        n_images=n,
        n_pool=int((split == Split.POOL).sum()),
        n_test=int(test.sum()),
        n_held_back=int((split == Split.HELD_BACK).sum()),
        n_left_out=len(catalog.skipped()),
        n_groups=_n_groups(group) if known else None,
        n_test_groups=_n_groups(group[test]) if known else None,
        n_ungrouped=int((group < 0).sum()) if known else 0,
        width=_spread(catalog.width[:n]),
        height=_spread(catalog.height[:n]),
        n_marks=(skipped, unsure, bad),
        pool_sha256=side_hash(catalog.digest[:n], split, Split.POOL),
        test_sha256=side_hash(catalog.digest[:n], split, Split.TEST),
        labels_sha256=label_hash(catalog.digest, labelled, classes.names().tolist()),
    )


def _n_groups(group: NDArray[np.int32]) -> int:
    return len(np.unique(group[group >= 0]))


def _spread(values: NDArray[np.int32]) -> tuple[int, int, int]:
    return (int(values.min()), int(np.median(values)), int(values.max())) if len(values) else (0, 0, 0)


def _annotators(project: Project, past: Past | None) -> tuple[str, ...]:
    """Everyone who gave a label here that stands, by name."""
    labels = project.labels if past is None else past.labels
    rows = np.flatnonzero((labels.kind == LabelKind.LABEL) & ~labels.not_given_here())
    names = labels.log.authors(rows)[0]
    return tuple(sorted({name or UNNAMED for name in names}))


def _agreement(project: Project, past: Past | None) -> tuple[AgreementFacts, ...]:
    found = [one for purpose in PURPOSES for one in compared(project, purpose, past)]
    return tuple(
        AgreementFacts(
            one.sentence, one.n_compared, one.percent, one.percent_limits, one.kappa, one.kappa_limits
        )
        for one in found
    )


def _model(project: Project, of: Chosen) -> ModelFacts | None:
    if not of.key:
        return None
    info = project.vectors.info(of.key)
    shown = ", ".join(f"{name} {_plainly(value)}" for name, value in info.preprocessing.items())
    return ModelFacts(
        info.title, info.weights_sha256, info.pooling, info.precision, info.dim, shown, info.self_supervised,
        info.licence, info.note, of.classifier, of.key,
    )  # fmt: skip


def _plainly(value: Any) -> str:
    """A setting of the preprocessing, numbers without digits that tell nothing."""
    if isinstance(value, list | tuple):
        return " ".join(_plainly(one) for one in value)
    return f"{value:.4g}" if isinstance(value, float) else str(value)


def _figure(point: Checkpoint | None) -> Figure | None:
    if point is None:
        return None
    report = stored_report(point)
    note = point.note or groups_note(report.n_groups, report.n_ungrouped)
    words = measured_on_words(point.measured_on, point.n_images, report.learned)
    return Figure(point.time, words, point.n_labels, point.seed, note, report)


def _seeds(project: Project, of: Chosen, draws: list[ReservationDraw]) -> dict[str, str]:
    seed = str(of.seed)
    map_seed = project.settings.get("map_seed", None)
    return {
        "order of the embedding": seed,
        "folds of the cross-validation": seed,
        "map": "none: another map each time" if map_seed is None else str(map_seed),
        **{f"draw {at} of the test set": str(draw.seed) for at, draw in enumerate(draws, 1)},
    }


def _versions() -> dict[str, str]:
    found = {"MedLabeler": __version__, "Python": platform.python_version()}
    for name in LIBRARIES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


# ---------------------------------------------------------------------- the job


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` where nothing is asked for, a file cannot be written, there are no
    images, or labels were given since it was gathered.
    """
    wanted = [path for path in (params.html, params.pdf, params.card) if path is not None]
    if not wanted:
        raise UserError(tr("No file was named for the report; give --html, --pdf or --card."))
    if len({path.resolve() for path in wanted}) < len(wanted):
        raise UserError(tr("Two of the files of the report have the same name."))
    for path in wanted:
        check_target(path, project=project.path)
    if not project.catalog.n:
        raise UserError(tr("The project has no images yet; import some first."))
    contents = params.gathered or gather(project, params)
    if contents.revision != project.labels.revision:
        raise UserError(tr("Labels were given while the report was gathered; begin it again."))
    folder = job_folder(project, "report")
    catalog = project.catalog
    return Task(
        run=str(folder),
        contents=asdict(contents),
        fit=fit_task(project, folder, chosen(project)),
        html=_resolved(params.html),
        pdf=_resolved(params.pdf),
        card=_resolved(params.card),
        pictures=params.pictures,
        thumbnails=str(project.thumbnails.folder),
        rendering=project.rendering.to_json(),
        place=_place(project, folder),
        names=save_json(folder, "names.json", catalog.names() if params.pictures and params.names else []),
    )


def _resolved(path: Path | None) -> str | None:
    return None if path is None else str(path.resolve())


def fit_task(project: Project, folder: Path, of: Chosen, past: Past | None = None) -> FitTask | None:
    """What the measurement of the labels needs, in `folder`; None without an embedding or labels."""
    arrays = task_arrays(project, past)
    if not of.key or not (arrays["labels"] != NO_CLASS).any():
        return None
    classes = project.classes if past is None else past.classes
    return FitTask(
        key=of.key,
        vectors=str(project.vectors.folder),
        arrays=save_arrays(folder, **arrays),
        classifier=of.classifier,
        seed=of.seed,
        classes=tuple(TaskClass(c.id, c.name, c.colour) for c in classes.all()),
    )


def _place(project: Project, folder: Path) -> str:
    """A file of the map that is in use, with the label of each image; "" where there is none."""
    key = str(project.settings.get("embedding", "") or "")
    maps = (project.vectors.load_projection(key, method) if key else None for method in ("umap", "pca"))
    xy = next((one for one in maps if one is not None and len(one)), None)
    if xy is None:
        return ""
    n, labels = min(len(xy), project.catalog.n), project.labels
    shown = np.where(labels.kind == LabelKind.LABEL, labels.class_id, NO_CLASS).astype(np.int32)
    place = folder / "map"
    place.mkdir(exist_ok=True)
    return save_arrays(place, xy=np.asarray(xy[:n], np.float32), labels=shown[:n])


@dataclass(frozen=True)
class Measurement:
    """The labels measured by cross-validation, image by image, with their learning curve; or why not."""

    found: ImageByImage | None
    curve: LearningCurve | None
    n_labels: int
    n_embedded: int
    refusal: str = ""


def measure(fit: FitTask | None, progress: Progress) -> Measurement:
    """Cross-validation and learning curve of the labels, as the window shows them."""
    if fit is None:
        return Measurement(
            None, None, 0, 0, tr("No training image is labelled and looked at by an image model yet.")
        )
    from medlabeler.learning.accuracy.details import cross_validated
    from medlabeler.learning.accuracy.evaluation import fold_blocks
    from medlabeler.learning.classifiers.estimators import make

    progress.report(0, 0, tr("Measuring accuracy"))
    arrays = load_arrays(fit.arrays)
    vectors, present, shaping = prepared(fit, arrays)
    rows = np.flatnonzero((arrays["labels"] != NO_CLASS) & present)
    labels, fair = arrays["labels"][rows], arrays["fair"][rows]
    groups = arrays["group"][rows] if (arrays["group"] >= 0).any() else None
    n = len(rows), int(present.sum())
    if len(np.unique(labels)) < 2:
        return Measurement(None, None, *n, tr("A classifier needs labels of two classes."))
    features = shaping.prepare(vectors[rows])
    store = VectorStore(Path(fit.vectors))
    learned = learned_labels(store, fit.key, arrays["digest"][rows], groups)
    blocks = fold_blocks(features, groups, progress)
    try:
        found = cross_validated(
            features,
            labels,
            groups,
            rows,
            lambda: make(fit.classifier),
            seed=fit.seed,
            names=fit.names,
            blocks=blocks,
            fair=fair,
            brought=arrays["brought"][rows],
            n_pool=int((arrays["split"] == Split.POOL).sum()),
            learned=learned,
            progress=progress,
        )
    except UserError as error:
        return Measurement(None, None, *n, str(error))
    if learned is not None:  # with fewer labels it would still know the others
        return Measurement(found, None, *n)
    curve = _curve(np.asarray(vectors[rows], np.float32), labels, shaping, blocks, fair, progress)
    return Measurement(found, curve, *n)


def _curve(
    vectors: NDArray[np.float32],
    labels: NDArray[np.int32],
    shaping: Any,
    blocks: NDArray[np.int64] | None,
    fair: NDArray[np.bool_],
    progress: Progress,
) -> LearningCurve | None:
    """The learning curve of our classifier, scored on what the headline is scored on; None of one point."""
    from medlabeler.learning.accuracy.cross_validation import enough_fair
    from medlabeler.learning.classifiers.own import OwnLogistic
    from medlabeler.learning.curves.live_curve import live_curve
    from medlabeler.learning.curves.summary import CurveSummary

    ids, codes = np.unique(labels, return_inverse=True)
    scored = np.flatnonzero(fair) if enough_fair(codes, fair) else None
    summary = CurveSummary(len(ids))
    learners = [OwnLogistic(shaping)]
    steps = live_curve(
        vectors,
        codes.astype(np.int64),
        len(ids),
        learners,
        blocks=blocks,
        scored=scored,
        repeats=CURVE_REPEATS,
    )
    for done, points in enumerate(steps):
        progress.check()
        progress.report(done, 0, tr("Drawing the learning curve"))
        summary.add(points)
    curve = summary.curve()
    return curve if any(len(series.points) > 1 for series in curve.series) else None


def measured(contents: Contents, fit: FitTask | None, found: Measurement) -> Contents:
    """The report with what was measured in it."""
    if found.found is None or fit is None:
        return replace(contents, refusal=found.refusal, n_embedded=found.n_embedded)
    report = found.found.report
    figure = Figure(
        contents.time,
        measured_on_words(CROSS_VALIDATION, report.n_images, report.learned),
        found.n_labels,
        fit.seed,
        groups_note(report.n_groups, report.n_ungrouped),
        report,
    )
    return replace(contents, labels=figure, curve=found.curve, n_embedded=found.n_embedded)


def work(task: Task, progress: Progress) -> Facts:
    """Measure the labels, draw the pictures, write the files."""
    found = measure(task.fit, progress)
    contents = measured(from_json(Contents, json_of(task.contents)), task.fit, found)
    progress.check()
    progress.report(0, 0, tr("Drawing the pictures"))
    pictures = _pictures(contents, task, found)
    progress.check()
    progress.report(0, 0, tr("Writing the report"))
    if task.html is not None:
        _write(Path(task.html), document.html(contents, pictures))
    if task.card is not None:
        _write(Path(task.card), document.model_card(contents))
    if task.pdf is not None:
        page = Path(task.run) / "page.html"
        page.write_text(document.html(contents, pictures, paged=True), encoding="utf-8")
        print_page(page, Path(task.pdf))
    return Facts(json_of(asdict(contents)))


def json_of(value: Any) -> Any:
    """What JSON makes of a value, as when it crosses to another process."""
    return json.loads(json.dumps(value, default=plain))


def _write(path: Path, text: str) -> None:
    try:
        with whole_file(path, text=True, asked_for=True) as file:
            file.write(text)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error


def _pictures(contents: Contents, task: Task, found: Measurement) -> document.Pictures:
    from medlabeler.export.report import pictures

    shown = contents.labels or contents.test or contents.reference
    bins = shown.report.reliability if shown is not None else ()
    return document.Pictures(
        history=pictures.history_picture(contents.history)
        if len({step.per_class for step in contents.history}) > 1
        else None,
        curve=pictures.curve_picture(contents.curve) if contents.curve is not None else None,
        reliability=pictures.reliability_picture(bins) if bins else None,
        map=_map(contents, task),
        cells=_cells(task, found) if task.pictures else (),
    )


def _map(contents: Contents, task: Task) -> Picture | None:
    from medlabeler.export.report.pictures import map_picture

    if not task.place or task.fit is None:
        return None
    arrays = load_arrays(task.place)
    known = {facts.name: facts for facts in contents.classes}
    there = set(np.unique(arrays["labels"]).tolist())
    classes = {c.id: known[c.name] for c in task.fit.classes if c.id in there and c.name in known}
    return map_picture(arrays["xy"], arrays["labels"], classes)


def _cells(task: Task, found: Measurement) -> list[document.Cell]:
    """Thumbnails of some images of each cell of the confusion matrix, drawn at random."""
    from medlabeler.export.report.pictures import data_url

    if found.found is None or task.fit is None:
        return []
    each, names = found.found, load_json(task.names)
    digest = load_arrays(task.fit.arrays)["digest"]
    store, rng = ThumbnailStore(Path(task.thumbnails)), np.random.default_rng(task.fit.seed)
    kept_as = store.names(digest.tolist(), Rendering.from_json(task.rendering))
    rows, truth, predicted = (np.array(values) for values in (each.rows, each.truth, each.predicted))
    cells = []
    for one, entry in enumerate(each.report.per_class):
        for other, said in enumerate(each.report.per_class):
            there = rows[(truth == one) & (predicted == other)]
            chosen = rng.permutation(there)[: task.pictures].tolist()
            shown = [(store.get(kept_as[row]), names[row] if names else "") for row in chosen]
            urls = tuple((data_url(jpeg, "image/jpeg"), name) for jpeg, name in shown if jpeg is not None)
            if urls:
                cells.append(document.Cell(entry.name, said.name, urls))
    return cells


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Remember what was stated, so that it can be computed again."""
    project.settings.set(SETTING, facts.contents)
    end_run(task.run)
    files = [path for path in (task.html, task.pdf, task.card) if path is not None]
    contents = from_json(Contents, facts.contents)
    sentence = tr("Written: {files}. {headline}", files="; ".join(files), headline=words.headline(contents))
    return JobResult(Changes.NONE, {"files": files, "report": facts.contents}, sentence)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
