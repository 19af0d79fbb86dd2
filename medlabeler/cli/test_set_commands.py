"""Commands about the test set."""

from __future__ import annotations

import argparse

from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.domain.changes import JobResult


def reserve(options: argparse.Namespace, console: Console) -> JobResult:
    """Draw a test set, or enlarge it."""
    from medlabeler.jobs import reserve as job

    rare = job.RARE_FACTOR if options.rare else 1.0
    with opened(options.project, console) as project:
        return job.run(project, job.Params(options.images, options.per_group, rare, options.seed), console)


def leakage(options: argparse.Namespace, console: Console) -> JobResult:
    """List what stands on both sides of the split."""
    from medlabeler.jobs import leakage as job

    with opened(options.project, console) as project:
        result = job.run(project, job.Params(), console)
    for leak in result.summary["leaks"][:20]:
        other = f" and {leak['pool_image']}" if leak["pool_image"] else ""
        console.note(f"{leak['test_image']}{other}: {leak['sentence']}")
    return result
