"""Commands about labels that deserve a second look."""

from __future__ import annotations

import argparse

from medlabeler.cli.console import Console
from medlabeler.cli.opening import opened
from medlabeler.domain.changes import JobResult

SHOWN = 10


def quality(options: argparse.Namespace, console: Console) -> JobResult:
    """List what deserves a second look."""
    from medlabeler.jobs import quality as job

    with opened(options.project, console) as project:
        result = job.run(project, job.Params(options.against, options.out, options.seed), console)
    found = result.summary
    for conflict in found["conflicts"][:SHOWN]:
        console.note(f"{', '.join(conflict['images'])}: {conflict['reason']}")
    for kind in ("errors", "outliers"):
        for entry in found[kind][:SHOWN]:
            console.note(f"{entry['image']}: {entry['reason']}")
    return result


def agreement(options: argparse.Namespace, console: Console) -> JobResult:
    """Tell how far readings agree."""
    from medlabeler.jobs import agreement as job

    with opened(options.project, console) as project:
        return job.run(project, None, console)
