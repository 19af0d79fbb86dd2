"""Replay: compute every reported figure again from the recorded decisions, and say what differs.

Counts, hashes, sessions and agreement are told anew from the events up to the report; the labels are
measured again as they were, and so is every measurement of the history that the report states.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.checked_json import Mismatch, from_json
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import speaking, tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.types import Split
from medlabeler.domain.words import count
from medlabeler.export.report import words
from medlabeler.export.report.contents import Contents, Table, differences
from medlabeler.export.report.tables import CONFOUNDERS, COUNTS, SILENCE, groups_unnamed, tables
from medlabeler.export.stored_report import stored_report
from medlabeler.jobs import abstain, evaluate, probe
from medlabeler.jobs import count as count_job
from medlabeler.jobs.params import report as report_params
from medlabeler.jobs.params.replay import Params as Params
from medlabeler.jobs.report import (
    SETTING,
    Chosen,
    checkpoints,
    chosen,
    fit_task,
    gather,
    json_of,
    measure,
    measured,
)
from medlabeler.learning.accuracy.report import ClassReport, Report
from medlabeler.project.checkpoints import CROSS_VALIDATION
from medlabeler.project.history import Checkpoint
from medlabeler.project.joining import copied
from medlabeler.project.past import Past, as_of
from medlabeler.project.project import Project
from medlabeler.project.runs import end_run
from medlabeler.project.staging import job_folder

_STORED = re.compile(r'<script type="application/json" id="medlabeler-report">(.*?)</script>', re.DOTALL)
_AGAINST = {measured_on: against for against, measured_on in evaluate.AGAINST.items()}
MOST_BYTES = 500_000_000
_OF_A_CLASS = ("precision", "f1", "low", "high", "auroc", "effective", "share", "ppv", "npv")


@dataclass(frozen=True)
class Task:
    """Compute the report in the file `report`, None for the last one, of the project in the folder `project`
    again.
    """

    run: str
    project: str
    report: str | None


@dataclass(frozen=True)
class Facts:
    """What came of it, of the report of the time `report`, ISO, or None where none was written.

    `n_figures` of it and of `n_measurements` were computed again; a sentence on each that differs, and on
    each that could not be repeated. `sentence` tells all of it.
    """

    report: str | None
    n_figures: int
    n_measurements: int
    differences: tuple[str, ...]
    not_repeated: tuple[str, ...]
    sentence: str = ""


def plan(project: Project, params: Params) -> Task:
    """Describe the task; `UserError` for a file that is not there. What is in it is read by `work`."""
    if params.report is not None and not params.report.is_file():
        raise UserError(tr("There is no file {path}.", path=params.report))
    report = None if params.report is None else str(params.report.absolute())
    return Task(str(job_folder(project, "replay")), str(project.path), report)


def work(task: Task, progress: Progress) -> Facts:
    """Compute on a copy of the database: the project is open meanwhile, and goes on being worked with."""
    report = None if task.report is None else Path(task.report)
    with copied(Path(task.project), Path(task.run), vectors=True) as there:
        return _repeat(there, Params(report), progress)


def adopt(project: Project, task: Task, facts: Facts) -> JobResult:
    """Tell it; nothing in the project changes."""
    end_run(task.run)
    return _result(facts)


def run(project: Project, params: Params, progress: Progress) -> JobResult:
    """The same on the project itself, which nobody else works with meanwhile."""
    return _result(_repeat(project, params, progress))


def _result(facts: Facts) -> JobResult:
    summary = asdict(facts) | {
        "differences": list(facts.differences),
        "not_repeated": list(facts.not_repeated),
    }
    del summary["sentence"]
    return JobResult(Changes.NONE, summary, facts.sentence, found=facts)


def _repeat(project: Project, params: Params, progress: Progress) -> Facts:
    """Compute again what the report states, or, where none was written, what the history does."""
    stated = _stated(project, params)
    n_figures = 0
    different: list[str] = []
    left_out: list[str] = []
    past, of = None, chosen(project)
    if stated is not None:
        stated, left_out = _without_old_tables(project, stated)
        of = _chosen(project, stated)
        past = as_of(project, stated.revision, stated.time, stated.data.n_images)
        with speaking(stated.language):  # some figures stand in tables of texts
            again = _again(project, stated, of, past, progress)
        told, n_figures = differences(stated, again)
        different += [tr("The report: {difference}.", difference=one) for one in told]
    points = [point for point in checkpoints(project, past) if of.fits(point)]
    for done, point in enumerate(points):
        progress.check()
        progress.report(done, len(points), tr("Computing the history again"))
        name = tr(
            "The measurement of {time} on {what}",
            time=point.time[:16].replace("T", " "),
            what=words_of(point),
        )
        reason = why_not(project, point)
        if reason:
            left_out.append(f"{name}: {reason}")
            continue
        told, n = differences(_kept(stored_report(point)), _measured_again(project, point, progress))
        n_figures += n
        different += [f"{name}: {one}." for one in told]
    facts = Facts(
        None if stated is None else stated.time,
        n_figures,
        len(points) - len(left_out),
        tuple(different),
        tuple(left_out),
    )
    return replace(facts, sentence=_sentence(stated, facts))


def _sentence(stated: Contents | None, facts: Facts) -> str:
    n, different, left_out = facts.n_figures, facts.differences, facts.not_repeated
    figures, measurements = count(n, "figure"), count(facts.n_measurements, "measurement")
    if stated is None:
        text = tr(
            "No report was written yet; of the history {figures} were computed again from the recorded "
            "decisions, {measurements} among them.",
            figures=figures,
            measurements=measurements,
        )
    else:
        text = tr(
            "Of the report of {day} {figures} were computed again from the recorded decisions, "
            "{measurements} among them.",
            day=words.day(stated.time),
            figures=figures,
            measurements=measurements,
        )
    text += " "
    text += tr("{n:,} differ:", n=len(different)) if different else tr("None differs.")
    lines = [f"\n  {one}" for one in different[:50]]
    if len(different) > len(lines):
        lines.append("\n  " + tr("and {n:,} more.", n=len(different) - len(lines)))
    if left_out:
        could_not = tr("{n:,} could not be repeated:", n=len(left_out))
        lines.append(f"\n{could_not}")
        lines += [f"\n  {one}" for one in left_out[:20]]
    return text + "".join(lines)


def _stated(project: Project, params: Params) -> Contents | None:
    """The report that is to be checked; `UserError` for a file that is none."""
    if params.report is None:
        value = project.settings.get(SETTING, None)
        return None if value is None else _contents(value, tr("the last report of {path}", path=project.path))
    try:
        if params.report.stat().st_size > MOST_BYTES:
            raise UserError(tr("{path} is too large for a report.", path=params.report))
        found = _STORED.search(params.report.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        reason = system_reason(error) if isinstance(error, OSError) else tr("it is no text")
        raise UserError(tr("{path} cannot be read: {reason}.", path=params.report, reason=reason)) from error
    if found is None:
        raise UserError(
            tr("{path} is no report of MedLabeler; name the HTML file of one.", path=params.report)
        )
    try:
        value = json.loads(found[1])
    except (ValueError, RecursionError) as error:
        raise UserError(tr("The figures inside {path} are damaged.", path=params.report)) from error
    return _contents(value, str(params.report))


def _contents(value: Any, where: str) -> Contents:
    try:
        # Reports of before there were others are in English.
        return from_json(Contents, {"language": "en", **value} if isinstance(value, dict) else value)
    except (Mismatch, RecursionError) as error:
        raise UserError(
            tr(
                "What {where} states is of another version of MedLabeler, or damaged; write it again.",
                where=where,
            )
        ) from error


def _chosen(project: Project, stated: Contents) -> Chosen:
    now = chosen(project)
    if stated.model is None:
        return Chosen("", now.classifier, now.seed)
    if not project.vectors.usable(stated.model.key):
        raise UserError(
            tr(
                "What {title} saw in the images, which the report rests on, is not in this project any more.",
                title=stated.model.title,
            )
        )
    seed = now.seed if stated.labels is None or stated.labels.seed is None else stated.labels.seed
    return Chosen(stated.model.key, stated.model.classifier, seed)


def _again(project: Project, stated: Contents, of: Chosen, past: Past, progress: Progress) -> Contents:
    """The report from the events; what it was given as words, or from elsewhere, is as it was."""
    params = report_params.Params(title=stated.title, intended_use=stated.intended_use)
    told = gather(project, params, past, of)
    folder = job_folder(project, "replay")
    try:
        fit = fit_task(project, folder, of, past)
        found = measured(told, fit, measure(fit, progress))
    finally:
        end_run(str(folder))
    tables = tuple(_table_again(project, table, progress) for table in stated.tables)
    # A project that was moved to another place, or its map drawn anew, is the same project.
    data = replace(found.data, n_left_out=stated.data.n_left_out)
    seeds = {**found.seeds, **{name: seed for name, seed in stated.seeds.items() if name == "map"}}
    return replace(found, data=data, seeds=seeds, tables=tables)


def _without_old_tables(project: Project, stated: Contents) -> tuple[Contents, list[str]]:
    """The report without parts that were found with other labels than there are now, and a sentence on each:
    they can be computed again only as things are.
    """
    kept, left_out = [], []
    for table in stated.tables:
        value = project.settings.get(table.kind, None) or {}
        if value.get("revision", stated.revision) == project.labels.revision == stated.revision:
            kept.append(table)
        else:
            left_out.append(tr("{title}: the labels have changed since it was found.", title=table.title))
    return replace(stated, tables=tuple(kept)), left_out


def _table_again(project: Project, stated: Table, progress: Progress) -> Table:
    """The same part of the report, found again by its own job; nothing of it is kept."""
    value = dict((project.settings.get(stated.kind, None) or {}).get("found") or {})
    job, params = _job_of(project, stated.kind, value)
    task = job.plan(project, params)
    try:
        found = json_of(asdict(job.work(task, progress)))
    finally:
        end_run(task.run)
    facts = found if stated.kind == CONFOUNDERS else found.get("counts") or found["abstaining"]
    named = groups_unnamed() not in stated.sentences
    again = tables({stated.kind: facts}, names=named)
    return again[0] if again else stated


def _job_of(project: Project, kind: str, value: dict[str, Any]) -> tuple[Any, Any]:
    """The job that found it, and what was chosen of it."""
    if kind == COUNTS:
        by = value.get("by")
        return count_job, count_job.Params(by=None if by == "group" else by)
    if kind == SILENCE:
        wish = project.settings.get(abstain.WISH, None) or {}
        names = {str(c.id): c.name for c in project.classes.all()}
        least = tuple((names[c], share) for c, share in wish.get("least", {}).items() if c in names)
        chosen_ = abstain.Params(wish.get("error", 0.1), wish.get("calibrate", "auto"), least)
        return abstain, chosen_
    kept = project.settings.get(kind, None) or {}
    return probe, probe.Params(only=tuple(kept.get("only", ())), seed=kept.get("seed", 0))


def words_of(point: Checkpoint) -> str:
    """What a measurement was done on."""
    return f"{count(point.n_images, 'image')} ({point.measured_on}, {count(point.n_labels, 'label')})"


def why_not(project: Project, point: Checkpoint) -> str:
    """Why a measurement cannot be repeated; empty if it can."""
    if not project.vectors.usable(point.embedding):
        return tr("what its image model saw is not in this project any more.")
    embedded = point.n_embedded
    if embedded is None:
        return tr("an earlier version did not record how many images the image model had looked at.")
    digest = project.catalog.digest
    present = project.vectors.load(point.embedding, len(digest), digest)[1]
    if int(present.sum()) != embedded:
        return tr(
            "the image model had looked at {then:,} images then, at {now:,} now.",
            then=embedded,
            now=int(present.sum()),
        )
    later = [draw for draw in project.catalog.draws() if draw.time > point.time]
    moved = (project.catalog.split == Split.TEST).any() and bool(later)
    if moved and point.measured_on != CROSS_VALIDATION:
        return tr("the test set was enlarged since.")
    return ""


def _measured_again(project: Project, point: Checkpoint, progress: Progress) -> Report:
    """The same measurement on labels, classes and sides as they were; `UserError` if nothing can be."""
    past = as_of(project, point.revision, point.time)
    seed = point.seed
    task = evaluate.describe(
        project,
        _AGAINST[point.measured_on],
        key=point.embedding,
        classifier=point.classifier,
        seed=chosen(project).seed if seed is None else seed,
        past=past,
    )
    try:
        found = evaluate.work(task, progress).report
    finally:
        end_run(task.run)
    return _like(found, stored_report(point))


def _kept(report: Report) -> Report:
    """A stored report without what is told in words alone."""
    return replace(report, relabelled=None, classes_absent=())


def _like(found: Report, stored: Report) -> Report:
    """What was found, as far as it was stored: earlier versions, and quick measurements, kept less."""
    kept: dict[str, Any] = {
        name: None if getattr(stored, name) is None else getattr(found, name)
        for name in ("accuracy", "macro_f1", "calibration_error", "interval", "absent")
    }
    per_class = tuple(
        replace(entry, **_unknown(known))
        for entry, known in zip(found.per_class, stored.per_class, strict=False)
    )
    return replace(
        found,
        **kept,
        per_class=per_class,
        reliability=found.reliability if stored.reliability else (),
        rates=found.rates if stored.rates else (),
        relabelled=None,
        classes_absent=(),
    )


def _unknown(stored: ClassReport) -> dict[str, Any]:
    """What was not stored of a class."""
    return {name: None for name in _OF_A_CLASS if getattr(stored, name) is None}
