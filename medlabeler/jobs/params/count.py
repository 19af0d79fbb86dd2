"""What can be chosen of `jobs.count`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import AGAINST_TEST, CLASSIFIER


@dataclass(frozen=True)
class Params:
    """`by`: count for each value of this column of the image list; None: for each group, where known."""

    by: str | None = field(
        default=None,
        metadata=option(
            "--by", metavar="COLUMN", help="count for each value of this column; default: for each group"
        ),
    )
    classifier: str | None = field(default=None, metadata=CLASSIFIER)
    against: str = field(default="auto", metadata=AGAINST_TEST)
    out: Path | None = field(
        default=None, metadata=option("--out", read=Path, metavar="CSV", help="write the table to this file")
    )
    figure: Path | None = field(
        default=None,
        metadata=option(
            "--figure", read=Path, metavar="FILE", help="draw the counts as bars into this .png or .svg"
        ),
    )
