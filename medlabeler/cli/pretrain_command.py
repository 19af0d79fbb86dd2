"""The command that lets a backbone learn from the project's own images."""

from __future__ import annotations

import argparse
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from medlabeler.cli.command_options import JoinOptions, PretrainOptions, RunOptions
from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.cli.parameters import params_of
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Cancelled
from medlabeler.jobs import pretrain as job
from medlabeler.processes import pretraining, pretraining_joining
from medlabeler.project import pretraining_runs

POLL_S = 0.5


def pretrain(options: argparse.Namespace, console: Console) -> JobResult:
    """Start a run and follow it, or tell, stop, go on."""
    folder, asked = options.project, params_of(PretrainOptions, options)
    told = told_of_runs(folder, asked, sharpens=False)
    if told is not None:
        return told
    wanted = params_of(job.Params, options)
    warn_of_travel(wanted.across, console)
    if asked.join is not None:
        return join(folder, asked, wanted.across, console, sharpens=False)
    if asked.resume is not None:
        run = pretraining_runs.find_run(folder, asked.resume, sharpens=False)
        pretraining.resume(run)
    else:
        with opened(folder, console) as project:
            run = job.plan(project, wanted, measure=asked.measure)
        pretraining.start(run)
    if asked.measure:
        follow(run, console)
        found = job.verdict(run)
        return JobResult(Changes.NONE, vars(found), found.sentence)
    return detached(run) if asked.detach else follow(run, console)


def warn_of_travel(address: str, console: Console) -> None:
    """Say what goes through the address of a run on several machines, if one is given."""
    if address:
        console.note(
            tr(
                "What is learned travels unencrypted between the machines, through {address}: use a network "
                "that you trust. Who can write into the project's folder can join.",
                address=address,
            )
        )


def join(folder: Path, asked: JoinOptions, address: str, console: Console, *, sharpens: bool) -> JobResult:
    """Learn with a run that another machine leads, until it ends; Ctrl+C leaves it, which ends it."""
    job.check_address(address)
    run = pretraining_runs.find_run(folder, str(asked.join), sharpens=sharpens)
    told: set[str] = set()
    with pretraining_joining.Joined(run, asked.machine, address) as joined:
        while not joined.over:
            console.check()
            _show(pretraining_runs.status(run), console, told)
            time.sleep(POLL_S)
    return JobResult(Changes.NONE, {"run": run.name, "machine": asked.machine}, tr("The run has ended."))


def told_of_runs(folder: Path, asked: RunOptions, *, sharpens: bool) -> JobResult | None:
    """The answer where no run is to begin or to go on: how they stand, or that one was asked to stop."""
    if not (folder / "medlabeler.db").is_file():
        raise UserError(f"{folder} is not a MedLabeler project.")
    if asked.status:
        return all_runs(folder, sharpens=sharpens)
    if asked.stop is None:
        return None
    run = pretraining_runs.find_run(folder, asked.stop, sharpens=sharpens)
    pretraining.stop(run)
    return JobResult(Changes.NONE, summary(run), f"The run {run.name} was asked to stop.")


def detached(run: Path) -> JobResult:
    """What is told of a run that nobody waits for."""
    told = f"The run {run.name} goes on by itself; --status tells how it stands."
    return JobResult(Changes.NONE, summary(run), told)


def follow(run: Path, console: Console) -> JobResult:
    """Show progress until the run ends; Ctrl+C stops it at a checkpoint."""
    told: set[str] = set()
    try:
        while (status := pretraining_runs.status(run)).state in ("starting", "running"):
            console.check()
            _show(status, console, told)
            time.sleep(POLL_S)
    except (Cancelled, KeyboardInterrupt):
        pretraining.stop(run)
        console.note("Stopping at a checkpoint; --resume goes on from there.")
        while pretraining_runs.status(run).state in ("starting", "running"):
            time.sleep(POLL_S)
        raise
    _show(status, console, told)
    if status.state in ("failed", "paused"):
        raise UserError(status.sentence)
    return JobResult(Changes.NONE, summary(run), status.sentence)


def _show(status: pretraining_runs.RunStatus, console: Console, told: set[str]) -> None:
    facts = status.told
    for warning in facts.warnings:
        if warning not in told:
            told.add(warning)
            console.note(warning)
    if facts.loss is None:
        console.report(0, 0, status.sentence)
    else:
        accuracy = f", kNN on the labels so far {facts.knn:.1%}" if facts.knn is not None else ""
        what = status.sentence.rstrip(".") if status.sharpens else "Learning"
        console.report(status.step, status.steps, f"{what}, loss {facts.loss:.2f}{accuracy}")


def summary(run: Path) -> dict[str, Any]:
    """What is known of a run, as JSON."""
    status = pretraining_runs.status(run)
    return {
        "run": status.name,
        "folder": str(run),
        "backbone": str(status.backbone) if status.backbone else None,
        **asdict(status.told),
    }


def all_runs(project: Path, *, sharpens: bool) -> JobResult:
    """How the runs of a project stand: those that learn from labels, or the others."""
    found = [run for run in pretraining_runs.runs(project) if run.sharpens == sharpens]
    lines = [f"{run.name}: {run.state}, {run.step:,} of {run.steps:,} steps. {run.sentence}" for run in found]
    return JobResult(
        Changes.NONE,
        {"runs": [summary(run.folder) for run in found]},
        "\n".join(lines) or "There is no run in this project yet.",
    )
