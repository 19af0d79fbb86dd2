"""What can be chosen of `jobs.sample`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option, positive
from medlabeler.jobs.params.common import seed_of


@dataclass(frozen=True)
class Params:
    """A new or empty `folder`, how many images, and the seed of the drawing."""

    folder: Path = field(metadata=option("", read=Path, metavar="DIR", help="a new or empty folder"))
    n: int = field(
        default=1200,
        metadata=option("--images", read=positive, metavar="N", help="how many (%(default)s)"),
    )
    seed: int = field(default=0, metadata=seed_of("drawing"))
