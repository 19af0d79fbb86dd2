"""Commands about embeddings, maps and classifiers."""

from __future__ import annotations

import argparse
from pathlib import Path

from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.domain.changes import JobResult
from medlabeler.domain.errors import UserError


def embed(options: argparse.Namespace, console: Console) -> JobResult:
    """Compute embeddings, or adopt those of a file."""
    from medlabeler.jobs import adopt_vectors
    from medlabeler.jobs import embed as job

    if (options.vectors is None) != (options.manifest is None):
        raise UserError(
            "Embeddings from a file need both --vectors and the --manifest that names their images."
        )
    with opened(options.project, console) as project:
        if options.vectors is not None:
            return adopt_vectors.run(
                project, adopt_vectors.Params(options.vectors, options.manifest), console
            )
        backbone = with_architecture(options.backbone, options.architecture)
        params = job.Params(backbone, options.device, options.allow_download)
        if project.catalog.n and (note := job.choose(project, params).note):
            console.note(note)
        return job.run(project, params, console)


def with_architecture(backbone: str | None, architecture: str | None) -> str | None:
    """The one name that `registry.find` understands: TIMM_NAME@FILE where an architecture is named."""
    if architecture is None:
        return backbone
    if backbone is None or not Path(backbone).is_file():
        raise UserError("--architecture says what a checkpoint file is of: name the file by --backbone.")
    return f"{architecture}@{backbone}"


def map(options: argparse.Namespace, console: Console) -> JobResult:  # noqa: A001 - the command's name
    """Compute the coordinates of the map."""
    from medlabeler.jobs import project_map as job

    with opened(options.project, console) as project:
        return job.run(project, job.Params(options.method, options.seed), console)


def evaluate(options: argparse.Namespace, console: Console) -> JobResult:
    """Measure balanced accuracy."""
    from medlabeler.jobs import evaluate as job

    with opened(options.project, console) as project:
        return job.run(project, job.Params(options.classifier, options.against, options.seed), console)


def curve(options: argparse.Namespace, console: Console) -> JobResult:
    """Measure learning curves."""
    from medlabeler.study import curve as job

    params = job.Params(
        options.protocol,
        options.against,
        options.sizes or job.SIZES,
        options.seeds,
        options.min_class_size,
        options.out,
        options.deep_baseline,
        options.deep_size,
    )
    with opened(options.project, console) as project:
        if params.deep_baseline:
            console.note(job.cost(project, params, console))
        return job.run(project, params, console)


def compare(options: argparse.Namespace, console: Console) -> JobResult:
    """Compare backbones on the same labels."""
    from medlabeler.jobs import compare as job

    params = job.Params(
        tuple(options.embedding),
        options.against,
        options.sizes or job.SIZES,
        options.seeds,
        options.out,
    )
    with opened(options.project, console) as project:
        return job.run(project, params, console)


def simulate(options: argparse.Namespace, console: Console) -> JobResult:
    """Compare query strategies with the reference labels as the clinician."""
    from medlabeler.study import simulate as job

    params = job.Params(
        options.strategies or (),
        options.budget,
        options.seeds,
        options.batch,
        options.split_seed,
        options.out,
        options.processes,
        options.minutes,
        options.assume or (),
    )
    with opened(options.project, console) as project:
        return job.run(project, params, console)


def export(options: argparse.Namespace, console: Console) -> JobResult:
    """Write bundle and tables."""
    from medlabeler.jobs import export as job

    params = job.Params(
        options.bundle,
        options.labels,
        options.predictions,
        options.classifier,
        options.with_backbone,
        audit=options.audit,
    )
    with opened(options.project, console) as project:
        return job.run(project, params, console)


def predict(options: argparse.Namespace, console: Console) -> JobResult:
    """Apply a bundle to new images."""
    from medlabeler.jobs import predict as job

    params = job.Params(options.bundle, options.images, options.out, options.device, options.allow_download)
    result = job.run(None, params, console)
    for entry in result.summary["skipped"]:
        console.note(f"skipped {entry['image']}: {entry['reason']}")
    return result
