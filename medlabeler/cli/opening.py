"""How a command opens the project it works on."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

from medlabeler.cli.console import Console
from medlabeler.project.project import Project


@contextlib.contextmanager
def opened(path: Path, console: Console, *, annotator: str = "") -> Iterator[Project]:
    """The project, closed at the end; what of it could not be used is told, also what turns up meanwhile."""
    with Project.open(path, annotator=annotator) as project:
        told = len(project.notices)
        for sentence in project.notices:
            console.note(sentence)
        yield project
        for sentence in project.notices[told:]:
            console.note(sentence)
