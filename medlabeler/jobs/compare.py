"""Compare backbones on the same labels: is another embedding worth it?

Measured by grouped cross-validation on the labels at hand, never on the person's test set; or, for a data set
that came with labels, on the reference labels of the test side.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress
from medlabeler.domain.types import NO_CLASS, Split
from medlabeler.export.tables import write_tables
from medlabeler.jobs.embed import present
from medlabeler.jobs.learned_labels import refuse_learned
from medlabeler.jobs.params.compare import AGAINST
from medlabeler.jobs.params.compare import Params as Params
from medlabeler.learning.curves.learning_curve import codes_of
from medlabeler.project.checkpoints import origin_note
from medlabeler.project.labels import training_labels
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder, load_arrays, save_arrays

if TYPE_CHECKING:
    from medlabeler.learning.curves.backbone_comparison import Candidate, Comparison

SETTING = "comparison"
"""The last one, kept with the project."""

LEAST_TO_RECOMMEND = 10
"""Labels per class, mean over the classes, that the classifiers must have learned from."""


@dataclass(frozen=True)
class Compared:
    """An embedding in the comparison; `ms_per_image` on `device`, None where that was not measured."""

    key: str
    name: str
    title: str
    self_supervised: bool
    licence: str
    note: str
    dim: int
    image_size: int | None
    ms_per_image: float | None
    device: str | None


@dataclass(frozen=True)
class BackbonePoint:
    """Balanced accuracy of one embedding with `per_class` labels of each class: mean and deviation over
    `draws`, 95 % interval.
    """

    key: str
    title: str
    per_class: int
    n_labels: float
    draws: int
    balanced_accuracy: float
    deviation: float
    low: float
    high: float


@dataclass(frozen=True)
class PairedGain:
    """What one embedding gains over the embedding `than`, paired, with its 95 % interval."""

    key: str
    title: str
    per_class: int
    than: str
    gain: float
    gain_low: float
    gain_high: float


@dataclass(frozen=True)
class Task:
    """Compare embeddings of the folder `vectors`, the first being what the others are held against.

    `arrays`: digest, split, group, truth of each image, and which labels are fair to score
    and which were not given here; `classes`: ids
    with names; `out`: folder for table and figure.
    """

    run: str
    backbones: tuple[Compared, ...]
    vectors: str
    arrays: str
    classes: tuple[tuple[int, str], ...]
    out: str | None
    against: str
    sizes: tuple[int, ...]
    seeds: int


@dataclass(frozen=True)
class Recommendation:
    """Which embedding to work with; `reason` in a sentence. `key` is empty where the labels are too few."""

    key: str
    title: str
    reason: str


@dataclass(frozen=True)
class Facts:
    """Sizes ascend in `points` and `differences`; `fair`: only labels drawn at random were scored.

    `n_brought` of the labels measured on were not given here.
    """

    points: tuple[BackbonePoint, ...]
    differences: tuple[PairedGain, ...]
    classes: int
    n_images: int
    n_groups: int | None
    fair: bool
    n_brought: int
    backbones: tuple[Compared, ...]
    against: str
    recommended: Recommendation | None = None
    text: str = ""
    files: tuple[str, ...] = ()


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` without two embeddings or without labels of two classes."""
    if params.against not in AGAINST:
        raise UserError(
            tr(
                "Image models cannot be compared against {against}; choose labels or reference.",
                against=params.against,
            )
        )
    if params.seeds < 1 or not params.sizes or min(params.sizes) < 1:
        raise UserError(tr("A comparison needs at least one draw, and at least one label per class."))
    keys = chosen(project, params.embeddings)
    for key in keys:
        refuse_learned(project.vectors, key, tr("a comparison on fewer or the same labels"))
    catalog, labels = project.catalog, project.labels
    everywhere = np.ones(catalog.n, np.bool_)
    for key in keys:
        everywhere &= present(project, key)
    if params.against == "labels":
        truth = training_labels(labels.class_id, labels.kind, catalog.split)
        what = "label"
    else:
        truth = catalog.reference
        what = tr("reference label")
        if not (everywhere & (truth != NO_CLASS) & (catalog.split == Split.TEST)).any():
            raise UserError(tr("No image of the test set has a reference label, so nothing can be measured."))
    if len(np.unique(truth[everywhere & (truth != NO_CLASS) & (catalog.split == Split.POOL)])) < 2:
        raise UserError(
            tr("Image models are compared on images of at least two classes with a {what}.", what=what)
        )
    folder = job_folder(project, "compare")
    return Task(
        run=str(folder),
        backbones=_told_apart([_described(project, key) for key in keys]),
        vectors=str(project.vectors.folder),
        arrays=save_arrays(
            folder,
            digest=catalog.digest,
            split=catalog.split,
            group=catalog.group,
            truth=truth,
            fair=labels.drawn_blind(),
            brought=labels.not_given_here() & (params.against == "labels"),
        ),
        classes=tuple((c.id, c.name) for c in project.classes.all()),
        out=None if params.out is None else str(params.out.absolute()),
        against=params.against,
        sizes=tuple(params.sizes),
        seeds=params.seeds,
    )


def chosen(project: Project, wanted: Sequence[str]) -> list[str]:
    """Keys of the embeddings meant by `wanted`, see `Params`; `UserError` where fewer than two are meant."""
    store = project.vectors
    in_use = str(project.settings.get("embedding", "") or "")
    keys = sorted(store.keys(), key=lambda key: (key != in_use, key))
    if not wanted:
        found = [
            key for key in keys if present(project, key).all() and not project.vectors.info(key).sharpened
        ]
    else:
        found = []
        for name in wanted:
            meant = [
                k for k in keys if k.startswith(name) or name in (store.info(k).backbone, store.info(k).title)
            ]
            if len(meant) != 1:
                known = ", ".join(f"{key[:8]} ({store.info(key).title})" for key in keys)
                which = tr("several image models") if meant else tr("no image model")
                raise UserError(
                    tr(
                        "{name} names {which} of the project; it has {known}.",
                        name=name,
                        which=which,
                        known=known or "none",
                    )
                )
            found += meant
    found = list(dict.fromkeys(found))
    if len(found) < 2:
        raise UserError(
            tr(
                "A comparison needs two image models that have looked at all images; let another one "
                "look first (medlabeler embed --backbone)."
            )
        )
    return found


def _described(project: Project, key: str) -> Compared:
    info, speed = project.vectors.info(key), project.vectors.speed(key)
    return Compared(
        key=key,
        name=info.backbone,
        title=info.title,
        self_supervised=info.self_supervised,
        licence=info.licence,
        note=info.note,
        dim=info.dim,
        image_size=info.preprocessing.get("size"),
        ms_per_image=None if speed is None else 1000 / speed[0],
        device=None if speed is None else speed[1],
    )


def _told_apart(compared: Sequence[Compared]) -> tuple[Compared, ...]:
    """Two of one title, such as the same weights twice, get the beginning of the embedding's key behind it,
    by which a command may name them.
    """
    often = Counter(entry.title for entry in compared)
    return tuple(
        replace(entry, title=f"{entry.title} · {entry.key[:8]}") if often[entry.title] > 1 else entry
        for entry in compared
    )


def work(task: Task, progress: Progress) -> Facts:
    """Fit and measure all backbones on the same draws; write the table and the figure."""
    from medlabeler.learning.classifiers.shaping import Shaping
    from medlabeler.learning.curves.backbone_comparison import Candidate
    from medlabeler.project.vectors import VectorStore

    arrays, store = load_arrays(task.arrays), VectorStore(Path(task.vectors))
    pool = arrays["split"] == Split.POOL
    everywhere = np.ones(len(pool), np.bool_)
    loaded = []
    for entry in task.backbones:
        progress.check()
        progress.report(0, 0, tr("Reading {title}", title=shown_name(entry.title)))
        vectors, there = store.load(entry.key, len(pool), arrays["digest"])
        everywhere &= there
        loaded.append(vectors)
    group = arrays["group"] if (arrays["group"] >= 0).any() else None
    usable = pool & everywhere
    if task.against == "reference" and group is not None:
        test = everywhere & (arrays["split"] == Split.TEST) & (arrays["truth"] != NO_CLASS)
        both = np.intersect1d(group[test], group[usable])
        usable &= ~np.isin(group, both[both >= 0])  # a given split may cut through groups
    candidates = [
        Candidate(entry.key, vectors, Shaping.fit(vectors, np.flatnonzero(usable)))
        for entry, vectors in zip(task.backbones, loaded, strict=True)
    ]
    measure = _on_labels if task.against == "labels" else _on_reference
    comparison, scored = measure(task, arrays, candidates, usable, everywhere, group, progress)
    facts = _figures(comparison, scored, task)
    facts = replace(facts, text=sentence(facts))
    return facts if task.out is None else replace(facts, files=tuple(_write(facts, Path(task.out))))


@dataclass(frozen=True)
class _Scored:
    """What a comparison was measured on."""

    n_images: int
    n_groups: int | None
    fair: bool
    n_brought: int = 0


def _on_labels(
    task: Task,
    arrays: dict[str, NDArray[Any]],
    candidates: Sequence[Candidate],
    usable: NDArray[np.bool_],
    everywhere: NDArray[np.bool_],
    group: NDArray[np.int32] | None,
    progress: Progress,
) -> tuple[Comparison, _Scored]:
    from medlabeler.learning.accuracy.cross_validation import enough_fair
    from medlabeler.learning.accuracy.evaluation import fold_blocks
    from medlabeler.learning.accuracy.resampling import count_groups
    from medlabeler.learning.curves.backbone_comparison import by_cross_validation, joined_blocks

    rows = np.flatnonzero(usable & (arrays["truth"] != NO_CLASS))
    ids, codes = np.unique(arrays["truth"][rows], return_inverse=True)
    groups = None if group is None else group[rows]
    blocks = joined_blocks(
        len(rows), [fold_blocks(c.shaping.prepare(c.vectors[rows]), groups, progress) for c in candidates]
    )
    units = blocks if groups is None else np.where(groups >= 0, blocks, -1)
    fair = arrays["fair"][rows]
    enough = enough_fair(codes, fair)
    scored = np.flatnonzero(fair if enough else np.ones(len(rows), np.bool_))
    comparison = by_cross_validation(
        candidates, rows, codes.astype(np.int64), len(ids), blocks=blocks, units=units, scored=scored,
        sizes=task.sizes, repeats=task.seeds, progress=progress,
    )  # fmt: skip
    n_groups = None if groups is None else count_groups(groups[scored], len(scored))[0]
    n_brought = int(arrays["brought"][rows[scored]].sum())
    return comparison, _Scored(len(comparison.truth), n_groups, enough, n_brought)


def _on_reference(
    task: Task,
    arrays: dict[str, NDArray[Any]],
    candidates: Sequence[Candidate],
    usable: NDArray[np.bool_],
    everywhere: NDArray[np.bool_],
    group: NDArray[np.int32] | None,
    progress: Progress,
) -> tuple[Comparison, _Scored]:
    from medlabeler.learning.accuracy.resampling import count_groups
    from medlabeler.learning.curves.backbone_comparison import on_test_side

    codes = codes_of(arrays["truth"], [class_id for class_id, _ in task.classes])
    test = np.flatnonzero(everywhere & (arrays["split"] == Split.TEST) & (codes >= 0))
    comparison = on_test_side(
        candidates, codes, [name for _, name in task.classes], np.flatnonzero(usable & (codes >= 0)), test,
        groups=group, sizes=task.sizes, seeds=range(task.seeds), progress=progress,
    )  # fmt: skip
    n_groups = None if group is None else count_groups(group[test], len(test))[0]
    return comparison, _Scored(len(test), n_groups, fair=True)


def _figures(comparison: Comparison, scored: _Scored, task: Task) -> Facts:
    """Points of the curves and paired differences to the first backbone, sizes ascending."""
    points, differences = [], []
    first = task.backbones[0].key
    for size in sorted(comparison.predicted):
        standing = comparison.standing(size)
        for k, entry in enumerate(task.backbones):
            points.append(
                BackbonePoint(
                    key=entry.key,
                    title=entry.title,
                    per_class=size,
                    n_labels=comparison.n_labels[size],
                    draws=standing.draws,
                    balanced_accuracy=float(standing.mean[k]),
                    deviation=float(standing.deviation[k]),
                    low=float(standing.low[k]),
                    high=float(standing.high[k]),
                )
            )
            if k:
                gain, low, high = (x[k] for x in (standing.gain, standing.gain_low, standing.gain_high))
                differences.append(
                    PairedGain(entry.key, entry.title, size, first, float(gain), float(low), float(high))
                )
    return Facts(
        points=tuple(points),
        differences=tuple(differences),
        classes=comparison.n_classes,
        n_images=scored.n_images,
        n_groups=scored.n_groups,
        fair=scored.fair,
        n_brought=scored.n_brought,
        backbones=task.backbones,
        against=task.against,
        recommended=_recommended(comparison, task),
    )


def _recommended(comparison: Comparison, task: Task) -> Recommendation:
    """The best of those compared, or the first, which is in use, where it is not clearly worse than the best.

    A backbone that is ahead by chance is no reason to change; of several that cannot be told apart the
    fastest is named, if the one in use is not among them.
    """
    size = max(comparison.predicted)
    labels = comparison.n_labels[size] / comparison.n_classes
    if labels < LEAST_TO_RECOMMEND:
        too_few = tr(
            "Too few labels to recommend one: classifiers need {n} labels of each class.",
            n=LEAST_TO_RECOMMEND,
        )
        return Recommendation("", "", too_few)
    standing = comparison.standing(size)
    best = int(standing.mean.argmax())
    level = [k for k in range(len(task.backbones)) if k == best or not standing.lag_low[k] > 0]
    entries = task.backbones
    if 0 in level:
        chosen = 0
    else:
        chosen = min(level, key=lambda k: (entries[k].ms_per_image or np.inf, -standing.mean[k]))
    figure = tr(
        "{share:.1f} % at {labels:,.0f} labels per class", share=100 * standing.mean[chosen], labels=labels
    )
    others = _listed([shown_name(entries[k].title) for k in level if k != chosen])
    if not others:
        reason = tr("It is clearly better than the others: {figure}.", figure=figure)
    elif chosen == 0:
        reason = tr(
            "It is in use, and {others} cannot be told apart from it: {figure}.", others=others, figure=figure
        )
        faster = [k for k in level if _is_much_faster(entries[k], entries[0])]
        if faster:
            reason += tr(
                " {title} takes less than half the time.", title=shown_name(entries[faster[0]].title)
            )
    elif entries[chosen].ms_per_image:
        reason = tr(
            "It is the fastest of those that lead; {others} cannot be told apart from the best: {figure}.",
            others=others,
            figure=figure,
        )
    else:
        reason = tr(
            "It is ahead; {others} cannot be told apart from it: {figure}.", others=others, figure=figure
        )
    return Recommendation(entries[chosen].key, entries[chosen].title, reason)


def _is_much_faster(one: Compared, other: Compared) -> bool:
    known = one.ms_per_image is not None and other.ms_per_image is not None
    return known and (one.ms_per_image or 0) < 0.5 * (other.ms_per_image or 0) and one.device == other.device


def _listed(titles: Sequence[str]) -> str:
    if len(titles) < 2:
        return "".join(titles)
    return tr("{some} and {last}", some=", ".join(titles[:-1]), last=titles[-1])


def sentence(facts: Facts) -> str:
    """Which backbone is better at the most labels, and on what that was measured."""
    size = facts.points[-1].per_class
    last = {point.key: point for point in facts.points if point.per_class == size}
    titles = {entry.key: shown_name(entry.title) for entry in facts.backbones}
    first = facts.backbones[0].key
    labels = last[first].n_labels
    parts = []
    for d in facts.differences:
        if d.per_class != size:
            continue
        span = tr(
            "{gain_low:+.1f} to {gain_high:+.1f}", gain_low=100 * d.gain_low, gain_high=100 * d.gain_high
        )
        if d.gain_low > 0:
            verdict = tr("is better than")
        elif d.gain_high < 0:
            verdict = tr("is worse than")
        else:
            verdict = tr("cannot be told apart from")
        parts.append(
            tr(
                "{titles} {verdict} {titles2}: {gain:+.1f} points of balanced accuracy (95 % "
                "interval {span})",
                titles=titles[d.key],
                verdict=verdict,
                titles2=titles[first],
                gain=100 * d.gain,
                span=span,
            )
        )
    whose = tr("the labels by cross-validation") if facts.against == "labels" else tr("the reference labels")
    groups = "" if facts.n_groups is None else tr(" from {n_groups:,} groups", n_groups=facts.n_groups)
    where = tr("test images") if facts.against == "reference" else tr("images")
    chosen_labels = "" if facts.fair else tr(" The labels were not drawn at random, which may favour either.")
    brought = origin_note(facts.n_brought, facts.n_images)
    advice = facts.recommended
    advised = ""
    if advice is not None:
        advised = tr("Recommended: {title}. ", title=shown_name(advice.title)) if advice.key else ""
        advised += f"{advice.reason} "
    measured = tr(
        "With {labels:,.0f} labels {parts}. Measured against {whose}, on "
        "{n_images:,} {where}{groups}, {draws} times.{chosen_labels}",
        labels=labels,
        parts="; ".join(parts),
        whose=whose,
        n_images=facts.n_images,
        where=where,
        groups=groups,
        draws=last[first].draws,
        chosen_labels=chosen_labels,
    )
    return f"{advised}{measured}" + (f" {brought}" if brought else "")


def _write(facts: Facts, folder: Path) -> list[str]:
    from medlabeler.export.figures import CurvePoint, draw_learning_curve

    gains = {(d.key, d.per_class): d for d in facts.differences}
    rows = []
    for point in facts.points:
        gain = gains.get((point.key, point.per_class))
        rows.append(
            asdict(point) | {name: getattr(gain, name, None) for name in ("gain", "gain_low", "gain_high")}
        )
    (table,) = write_tables(folder, {"comparison.csv": rows})
    curves = {
        entry.title: [
            CurvePoint(p.per_class, p.balanced_accuracy, p.deviation)
            for p in facts.points
            if p.key == entry.key
        ]
        for entry in facts.backbones
    }
    figures = [folder / "comparison.png", folder / "comparison.svg"]
    whose = tr("reference labels of the test side") if facts.against == "reference" else "cross-validation"
    draw_learning_curve(
        curves,
        {p.per_class: p.n_labels for p in facts.points},
        figures,
        title=tr(
            "Image models on the same labels, {n_images:,} images, {classes} classes",
            n_images=facts.n_images,
            classes=facts.classes,
        ),
        note=tr(
            "{whose}; band: one standard deviation over {draws} draws",
            whose=whose,
            draws=facts.points[0].draws,
        ),
    )
    return [str(table), *(str(path) for path in figures)]


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep the last comparison with the project, so that the window can show it again."""
    end_run(task.run)
    told = asdict(facts)
    files = told.pop("files")
    project.settings.set(SETTING, told)
    told = project.settings.get(SETTING)  # as JSON has it: what reads it again knows no tuples
    return JobResult(Changes.NONE, told | ({"files": files} if files else {}), facts.text, found=facts)


def stored(kept: dict[str, Any] | None) -> Facts | None:
    """A comparison that was kept as JSON; None if there is none that can be read."""
    if not kept:
        return None
    try:
        return from_json(Facts, {"n_brought": 0, "recommended": None, **kept, "files": []})
    except Mismatch:
        return None


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
