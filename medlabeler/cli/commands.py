"""What the commands do. Most open the project, run their job and close it again; some have more to say."""

from __future__ import annotations

import argparse
import dataclasses
from pathlib import Path

from medlabeler.cli.command_options import EmbedOptions, LabelOptions
from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.cli.parameters import given, params_of
from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError
from medlabeler.processes.job_registry import Job

SHOWN = 10
"""So many findings of a kind are told; all of them stand in the JSON."""
LEAKS_SHOWN = 20


def run(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Do what the command line asks for."""
    own = OWN.get(job.command, run_job)
    return own(job, options, console)


def run_job(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Run the job, in its project if it needs one."""
    kind = job.params()
    params = None if kind is None else params_of(kind, options)
    if not job.opens_project:
        return job.runnable().run(None, params, console)
    with opened(options.project, console) as project:
        return job.runnable().run(project, params, console)


def label(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Label in the name of the annotator."""
    from medlabeler.jobs import label as module

    annotator = params_of(LabelOptions, options).annotator
    with opened(options.project, console, annotator=annotator) as project:
        return module.run(project, params_of(module.Params, options), console)


def embed(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Compute embeddings, or adopt those of a file."""
    from medlabeler.jobs import adopt_vectors, embed_cluster
    from medlabeler.jobs import embed as module

    file = given(adopt_vectors.Params, options)
    if file and not {"vectors", "manifest"} <= set(file):
        raise UserError(
            "Embeddings from a file need both --vectors and the --manifest that names their images."
        )
    beyond = params_of(embed_cluster.Params, options)
    embed_cluster.check(beyond)
    far = beyond.engine == embed_cluster.RAY or beyond.shards is not None
    if file and far:
        raise UserError("--vectors takes in an array; leave --engine and --shards out.")
    with opened(options.project, console) as project:
        if file:
            return adopt_vectors.run(project, params_of(adopt_vectors.Params, options), console)
        params = params_of(module.Params, options)
        architecture = params_of(EmbedOptions, options).architecture
        params = dataclasses.replace(params, backbone=with_architecture(params.backbone, architecture))
        if project.catalog.n and (note := module.choose(project, params).note):
            console.note(note)
        if far:
            return embed_cluster.run(project, params, beyond, console, console.note)
        return module.run(project, params, console)


def with_architecture(backbone: str | None, architecture: str | None) -> str | None:
    """The one name that `registry.find` understands: TIMM_NAME@FILE where an architecture is named."""
    if architecture is None:
        return backbone
    if backbone is None or not Path(backbone).is_file():
        raise UserError("--architecture says what a checkpoint file is of: name the file by --backbone.")
    return f"{architecture}@{backbone}"


def curve(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Measure learning curves; say first how long the slow part will take."""
    from medlabeler.study import curve as module

    params = params_of(module.Params, options)
    with opened(options.project, console) as project:
        if params.deep_baseline:
            console.note(module.cost(project, params, console))
        return module.run(project, params, console)


def predict(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Apply a bundle; say what was left out."""
    result = run_job(job, options, console)
    for entry in result.summary["skipped"]:
        console.note(f"skipped {entry['image']}: {entry['reason']}")
    return result


def quality(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """List what deserves a second look."""
    result = run_job(job, options, console)
    found = result.summary
    for conflict in found["conflicts"][:SHOWN]:
        console.note(f"{', '.join(conflict['images'])}: {conflict['reason']}")
    for kind in ("errors", "outliers"):
        for entry in found[kind][:SHOWN]:
            console.note(f"{entry['image']}: {entry['reason']}")
    return result


def leakage(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """List what stands on both sides of the split."""
    result = run_job(job, options, console)
    for leak in result.summary["leaks"][:LEAKS_SHOWN]:
        other = f" and {leak['pool_image']}" if leak["pool_image"] else ""
        console.note(f"{leak['test_image']}{other}: {leak['sentence']}")
    return result


def pretrain(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Start a run and follow it, or tell, stop, go on."""
    from medlabeler.cli import pretrain_command

    return pretrain_command.pretrain(options, console)


def finetune(job: Job, options: argparse.Namespace, console: Console) -> JobResult:
    """Sharpen the image model with the labels, or tell of, stop, resume, discard a run that does."""
    from medlabeler.cli import finetune_command

    return finetune_command.finetune(options, console)


OWN = {
    "embed": embed,
    "label": label,
    "curve": curve,
    "predict": predict,
    "quality": quality,
    "leakage": leakage,
    "pretrain": pretrain,
    "finetune": finetune,
}
"""The commands that do more than run their job."""
