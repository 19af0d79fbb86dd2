"""What a job or a decision changed, so that only the widgets concerned redraw (Anki's way)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Flag, auto
from typing import Any


class Changes(Flag):
    """The parts of a project that may have changed."""

    NONE = 0
    IMAGES = auto()
    LABELS = auto()
    CLASSES = auto()
    EMBEDDING = auto()
    PROJECTION = auto()
    MODEL = auto()
    HISTORY = auto()
    REMARKS = auto()


@dataclass(frozen=True)
class JobResult:
    """What a finished job hands back to the window or the command line.

    `changes` says what to redraw, `summary` is the JSON object of `--json`, `sentence` is what a
    person reads. `short_of_it`: there is a result, and it is not what was demanded; the exit code tells so.
    `found`: a dataclass of the job's module, for rooms of the window that show more of it than the sentence.
    """

    changes: Changes
    summary: dict[str, Any] = field(default_factory=dict)
    sentence: str = ""
    short_of_it: bool = False
    found: object = None
