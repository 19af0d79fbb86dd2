"""What can be chosen of `jobs.replay`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """The HTML file of a report; None: the last one that the project wrote."""

    report: Path | None = field(
        default=None,
        metadata=option(
            "--report",
            read=Path,
            metavar="HTML",
            help="the report to check (without: the last one that was written of this project)",
        ),
    )
