"""What can be chosen of `jobs.try_views`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.jobs.params.common import DEVICE


@dataclass(frozen=True)
class Params:
    """On which `device` the labelled images are looked at."""

    device: str = field(default="auto", metadata=DEVICE)
