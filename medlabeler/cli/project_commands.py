"""Commands about images and labels. Each opens the project, runs one job and closes it again."""

from __future__ import annotations

import argparse

from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.domain.changes import JobResult


def new(options: argparse.Namespace, console: Console) -> JobResult:
    """Create a project and import its images."""
    from medlabeler.jobs import new as job

    params = job.Params(
        path=options.project,
        images=options.images,
        manifests=tuple(job.Manifest(path, role) for path, role in options.manifests),
        folder_labels=options.folder_labels,
        group=options.group,
        reserve=options.reserve,
        per_group=options.per_group,
        seed=options.seed,
        annotator=options.annotator,
    )
    return job.run(None, params, console)


def import_again(options: argparse.Namespace, console: Console) -> JobResult:
    """Add what is new in the folder or manifests of the project."""
    from medlabeler.jobs import import_images

    with opened(options.project, console) as project:
        return import_images.run(project, import_images.Params(), console)


def label(options: argparse.Namespace, console: Console) -> JobResult:
    """Label from a CSV or from the reference."""
    from medlabeler.jobs import label as job

    params = job.Params(options.csv, options.split, options.per_class, options.seed)
    with opened(options.project, console, annotator=options.annotator) as project:
        return job.run(project, params, console)


def info(options: argparse.Namespace, console: Console) -> JobResult:
    """Tell what is in a project."""
    from medlabeler.jobs import info as job

    with opened(options.project, console) as project:
        return job.run(project, None, console)


def relink(options: argparse.Namespace, console: Console) -> JobResult:
    """Follow a folder of images to its new place."""
    from medlabeler.jobs import relink as job

    with opened(options.project, console) as project:
        return job.run(project, job.Params(options.old, options.new), console)


def sessions(options: argparse.Namespace, console: Console) -> JobResult:
    """Compare the sessions of a project."""
    from medlabeler.jobs import sessions as job

    with opened(options.project, console) as project:
        return job.run(project, None, console)


def sample(options: argparse.Namespace, console: Console) -> JobResult:
    """Write the synthetic sample."""
    from medlabeler.jobs import sample as job

    return job.run(None, job.Params(options.folder, options.images, options.seed), console)
