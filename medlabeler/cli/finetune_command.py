"""The command that sharpens the backbone with the labels."""

from __future__ import annotations

import argparse
from dataclasses import asdict, replace
from pathlib import Path

from medlabeler.cli.command_options import FinetuneOptions
from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.cli.parameters import params_of
from medlabeler.cli.pretrain_command import detached, follow, join, told_of_runs, warn_of_travel
from medlabeler.domain.changes import Changes, JobResult
from medlabeler.jobs import finetune as job
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs


def finetune(options: argparse.Namespace, console: Console) -> JobResult:
    """Start a run and follow it, or tell how long one takes, tell of some, stop, go on, join, discard."""
    folder, asked = options.project, params_of(FinetuneOptions, options)
    told = told_of_runs(folder, asked, sharpens=True)
    if told is not None:
        return told
    wanted = params_of(job.Params, options)
    if asked.estimate:
        return _estimated(folder, wanted, console)
    warn_of_travel(wanted.across, console)
    if asked.join is not None:
        return join(folder, asked, wanted.across, console, sharpens=True)
    if asked.discard is not None:
        run = pretraining_runs.find_run(folder, asked.discard, sharpens=True)
        pretraining.discard(run)
        return JobResult(Changes.NONE, {"run": run.name}, f"The run {run.name} is gone, with all it wrote.")
    if asked.resume is not None:
        run = pretraining_runs.find_run(folder, asked.resume, sharpens=True)
        pretraining.resume(run)
    else:
        with opened(folder, console) as project:
            run = job.plan(project, wanted)
        pretraining.start(run)
    if asked.detach:
        return detached(run)
    return _told(folder, run, follow(run, console), console)


def _estimated(folder: Path, params: job.Params, console: Console) -> JobResult:
    """How long a run by `params` would take."""
    with opened(folder, console) as project:
        run = job.plan(project, params, measure=True)
    pretraining.start(run)
    follow(run, console)
    pace, device = job.pace_of(run)
    with opened(folder, console) as project:
        extent = job.extent(project, params, pace, device)
    seconds = pace.seconds(extent)
    return JobResult(
        Changes.NONE,
        {"seconds": seconds, "device": device, **asdict(pace), **asdict(extent)},
        job.expectation(pace, device, extent),
    )


def _told(folder: Path, run: Path, found: JobResult, console: Console) -> JobResult:
    """How to use the backbone, and what happened to the labels meanwhile."""
    with opened(folder, console) as project:
        since = job.labels_since(project, run).sentence
    use = f"Use it: medlabeler embed {folder} --backbone {run / 'backbone.safetensors'}"
    sentence = " ".join(part for part in (found.sentence, since, use) if part)
    return replace(found, summary={**found.summary, "labels_since": since}, sentence=sentence)
