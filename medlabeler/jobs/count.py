"""How many images of each class there are, in all and in each group, corrected by the errors that the blind
test set shows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.words import between, capital, percent
from medlabeler.domain.words import count as counted
from medlabeler.export.targets import check_target
from medlabeler.jobs.blind_test import Asked, BlindTest, Look, ask, look, plan_test, record
from medlabeler.jobs.params.count import Params as Params
from medlabeler.learning.counting import (
    LEAST,
    NOBODY,
    Share,
    bunched,
    confusion_of_groups,
    measured_errors,
    of_groups,
    of_whole,
    words_of_group,
)
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import load_arrays, load_json, save_json

SETTING = "counts"
COLUMNS = ("group", "images", "labelled", "class", "counted", "corrected", "low", "high", "share",
           "share_low", "share_high", "bias")  # fmt: skip
_CHUNK = 8192


@dataclass(frozen=True)
class ClassCount:
    """One class among the images of a group: shares in 0..1, times the number of images for counts.

    `naive` as predicted, `value` corrected, `low` and `high` 95 % limits, None where the test set holds too
    few images or groups of a class to tell.
    """

    class_id: int
    name: str
    naive: float
    value: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class GroupCount:
    """The differential count of a group, or of all images: `n_images`, of which `n_labelled` by a person."""

    name: str
    n_images: int
    n_labelled: int
    classes: tuple[ClassCount, ...]


@dataclass(frozen=True)
class Counts:
    """The differential count of the whole and of each group, by the column `by`, and what it rests on."""

    whole: GroupCount
    groups: tuple[GroupCount, ...]
    by: str
    n_test: int
    sentence: str
    caution: str


@dataclass(frozen=True)
class Task:
    """Count with the classifier of `test`; `names` is a file of what the groups are called."""

    test: BlindTest
    names: str
    by: str
    out: str | None
    figure: str | None

    @property
    def run(self) -> str:
        """Its staging folder."""
        return self.test.run


@dataclass(frozen=True)
class Facts:
    """The counts, and the look at the test set that they took."""

    counts: Counts
    seen: Look


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` for a column that is not there, or without a labelled test set."""
    for path in (params.out, params.figure):
        if path is not None:
            check_target(path, project=project.path)
    if params.figure is not None and params.figure.suffix.lower() not in (".png", ".svg"):
        raise UserError(
            tr("{name} names no picture that can be drawn; choose .png or .svg.", name=params.figure.name)
        )
    catalog = project.catalog
    if params.by is None:
        column, by = catalog.groups(), "group"
    elif params.by in catalog.metadata_columns():
        column, by = catalog.metadata(params.by), params.by
    else:
        known = ", ".join(catalog.metadata_columns()) or "none"
        raise UserError(tr("The images have no column {by}; there are: {known}.", by=params.by, known=known))
    test = plan_test(project, "count", params.against, params.classifier, 0, by=column.codes)
    return Task(
        test=test,
        names=save_json(Path(test.run), "groups.json", list(column.names)),
        by=by,
        out=str(params.out.resolve()) if params.out else None,
        figure=str(params.figure.resolve()) if params.figure else None,
    )


def work(task: Task, progress: Progress) -> Facts:
    """Predict all images, and correct the counts."""
    arrays, names = load_arrays(task.test.fit.arrays), load_json(task.names)
    asked = ask(task.test, arrays, progress)
    said = _predicted(asked, progress)
    truth = np.full(len(said), -1, np.int64)
    truth[asked.rows], truth[asked.test] = asked.codes, asked.truth
    counts = _counted(task, asked, said, truth, arrays["by"], names)
    if task.out is not None:
        write_table(Path(task.out), counts)
    if task.figure is not None:
        draw(Path(task.figure), counts, {c.id: c.colour for c in task.test.fit.classes})
    return Facts(counts, look(task.test, asked))


def _predicted(asked: Asked, progress: Progress) -> NDArray[np.int64]:
    """The class predicted for each image, -1 without vectors."""
    said = np.full(len(asked.present), -1, np.int64)
    rows = np.flatnonzero(asked.present)
    for start in range(0, len(rows), _CHUNK):
        progress.check()
        progress.report(start, len(rows), tr("Predicting all images"))
        part = rows[start : start + _CHUNK]
        said[part] = asked.probabilities(part).argmax(axis=1)
    return said


def _counted(
    task: Task,
    asked: Asked,
    said: NDArray[np.int64],
    truth: NDArray[np.int64],
    codes: NDArray[np.int32],
    names: Sequence[str],
) -> Counts:
    n_classes, there = len(asked.ids), said >= 0
    n_groups = len(names)
    place = np.where(codes >= 0, codes, n_groups)
    known = _tally(place, truth, there & (truth >= 0), n_groups + 1, n_classes)
    rest = _tally(place, said, there & (truth < 0), n_groups + 1, n_classes)
    answers = asked.shares.argmax(axis=1)
    errors = measured_errors(asked.truth, answers, n_classes, asked.groups)
    drawn = not task.test.draw_problem
    if drawn:
        weights = asked.arrays["weights"][asked.test]
        whole = of_whole(asked.truth, answers, asked.groups, weights, rest.sum(axis=0), known.sum(axis=0))
        centre = np.array([share.value for share in whole])
    else:
        whole = of_groups(errors, rest.sum(axis=0, keepdims=True), known.sum(axis=0, keepdims=True))[0]
        centre = None
    used = np.flatnonzero((known.sum(axis=1) + rest.sum(axis=1)) > 0)
    if not (codes >= 0).any():
        used = used[:0]
    # Groups of a test set that was given may be others than those that are counted.
    of_test = codes[asked.test] if drawn else None
    tested = confusion_of_groups(asked.truth, answers, of_test, n_classes)
    groups = of_groups(errors, rest[used], known[used], centre, tested)

    def told(
        name: str, shares: list[Share], have: NDArray[np.float64], open_: NDArray[np.float64]
    ) -> GroupCount:
        classes = (
            ClassCount(
                int(asked.ids[c]),
                task.test.fit.names.get(int(asked.ids[c]), ""),
                s.naive,
                s.value,
                s.low,
                s.high,
            )
            for c, s in enumerate(shares)
        )
        return GroupCount(name, int(have.sum() + open_.sum()), int(have.sum()), tuple(classes))

    rare = [task.test.fit.names.get(int(asked.ids[c]), "") for c in np.flatnonzero(errors.support < LEAST)]
    n = counted(len(asked.test), "test image")
    how = (
        tr(
            "Corrected by the labels of {n}, a random draw of these images (prediction-powered inference).",
            n=n,
        )
        if drawn
        else tr(
            "Corrected by the confusion measured on {n} (prediction-powered inference under label shift).",
            n=n,
        )
    )
    caution = (
        tr(
            "{rare} {has} fewer than {least} test images, so nobody knows how often "
            "images of it are mistaken: there are no intervals for groups.",
            rare=", ".join(rare),
            has=tr("has") if len(rare) == 1 else tr("have"),
            least=LEAST,
        )
        if rare
        else ""
    )
    if drawn:
        few = [
            task.test.fit.names.get(int(asked.ids[c]), "")
            for c in np.flatnonzero(bunched(asked.truth, asked.groups, n_classes))
        ]
        if few:
            caution += tr(
                " The test images of {names} come almost all from one or two groups; how many there are in "
                "the others cannot be told, so there is no interval.",
                names=", ".join(few),
            )
        caution = caution.strip()
    if task.test.draw_problem:
        caution = f"{capital(task.test.draw_problem)} {caution}".strip()
    return Counts(
        whole=told(tr("all images"), whole, known.sum(axis=0), rest.sum(axis=0)),
        groups=tuple(
            told(names[g] if g < n_groups else NOBODY, shares, known[g], rest[g])
            for g, shares in zip(used.tolist(), groups, strict=True)
        ),
        by=task.by,
        n_test=len(asked.test),
        sentence=how,
        caution=caution,
    )


def _tally(
    place: NDArray[np.int64], codes: NDArray[np.int64], used: NDArray[np.bool_], rows: int, columns: int
) -> NDArray[np.float64]:
    """Images float64 (rows, columns) by place and class code."""
    cells = np.bincount(place[used] * columns + codes[used], minlength=rows * columns)
    return cells.reshape(rows, columns).astype(np.float64)


def write_table(path: Path, counts: Counts) -> None:
    """One line for each group and class, the whole first: counts, and shares in 0..1."""
    from medlabeler.export.tables import write_csv

    def lines() -> Iterator[Sequence[str]]:
        for group in (counts.whole, *counts.groups):
            n = group.n_images
            for c in group.classes:
                ends = [c.low, c.high]
                yield (
                    group.name,
                    str(n),
                    str(group.n_labelled),
                    c.name,
                    f"{n * c.naive:.0f}",
                    f"{n * c.value:.1f}",
                    *("" if end is None else f"{n * end:.1f}" for end in ends),
                    f"{c.value:.4f}",
                    *("" if end is None else f"{end:.4f}" for end in ends),
                    f"{c.naive - c.value:.4f}",
                )

    write_csv(path, (counts.by, *COLUMNS[1:]), lines())


MOST_DRAWN = 20


def draw(path: Path, counts: Counts, colours: dict[int, str]) -> None:
    """Bars of the corrected shares with their intervals, a mark where counting predictions would have put
    them: the whole, and up to twenty groups.
    """
    from medlabeler.export.figures import figure_for_print

    shown = (counts.whole, *counts.groups[:MOST_DRAWN])
    more = len(counts.groups) - len(shown) + 1
    note = counts.sentence + (tr(" {more:,} more groups are in the table.", more=more) if more > 0 else "")
    classes = counts.whole.classes
    with figure_for_print(
        max(6.4, 0.55 * len(classes)),
        1.1 + 1.3 * len(shown),
        [path],
        title=tr("Differential count"),
        note=note,
    ) as figure:
        for at, group in enumerate(shown):
            axes = figure.add_subplot(len(shown), 1, at + 1)
            for x, c in enumerate(group.classes):
                axes.bar(x, 100 * c.value, color=colours.get(c.class_id) or "#777777", width=0.7)
                if c.low is not None and c.high is not None:
                    axes.plot([x, x], [100 * c.low, 100 * c.high], color="black", linewidth=1.2)
                axes.plot(
                    [x - 0.35, x + 0.35], [100 * c.naive] * 2, color="black", linestyle=":", linewidth=1
                )
            axes.set_ylabel("%")
            axes.set_ylim(bottom=0)
            axes.set_title(
                f"{words_of_group(group.name)}, {counted(group.n_images, 'image')}", fontsize=8, loc="left"
            )
            last = at == len(shown) - 1
            axes.set_xticks(range(len(classes)), [c.name for c in classes] if last else [""] * len(classes))
            if last:
                axes.tick_params(axis="x", rotation=30)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Keep the counts with the project, and the look in its history."""
    record(project, task.test, facts.seen)
    told = asdict(facts.counts)
    kept = {**told, "groups": told["groups"][:MOST_KEPT]}
    project.settings.set(SETTING, {"found": kept, "revision": task.test.revision})
    end_run(task.run)
    counts = facts.counts
    n = len(counts.groups)
    largest = max(counts.whole.classes, key=lambda c: abs(c.naive - c.value))
    sentence = tr("{images} counted", images=counted(counts.whole.n_images, "image"))
    sentence += tr(", and each of {n:,} groups by {by}.", n=n, by=counts.by) if n else "."
    limits = "" if largest.low is None or largest.high is None else f" ({between(largest.low, largest.high)})"
    sentence += tr(
        " {sentence} The largest correction: {name} {value}{limits}, where counting "
        "predictions says {naive}. {caution}",
        sentence=counts.sentence,
        name=largest.name,
        value=percent(largest.value),
        limits=limits,
        naive=percent(largest.naive),
        caution=counts.caution,
    )
    files = [path for path in (task.out, task.figure) if path]
    return JobResult(Changes.HISTORY, {**told, "files": files}, sentence.strip())


MOST_KEPT = 300
"""Groups that the project keeps to show; the table holds all."""


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """Plan, work and adopt in this process."""
    task = plan(project, params)
    return adopt(project, task, work(task, progress))
