"""What can be chosen of `jobs.quality`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import seed_of


@dataclass(frozen=True)
class Params:
    """`against`: the labels of the project, or the reference labels that came with the data. `out`: a CSV of
    all findings, with the whole ranking of the labels. `seed` of the folds."""

    against: Literal["labels", "reference"] = field(
        default="labels",
        metadata=option(
            "--against",
            choices=("labels", "reference"),
            help="which labels: those given here (default), or the reference labels that came with the data",
        ),
    )
    out: Path | None = field(
        default=None,
        metadata=option(
            "--out", read=Path, metavar="CSV", help="all findings, with every judged label in its rank"
        ),
    )
    seed: int = field(default=0, metadata=seed_of("folds"))
