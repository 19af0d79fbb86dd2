"""What can be chosen of `jobs.compare`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option, positive, sizes
from medlabeler.learning.curves.sizes import SIZES

AGAINST = ("labels", "reference")


@dataclass(frozen=True)
class Params:
    """`embeddings`: keys, their beginnings, or names of backbones; the first is what the others are compared
    with. Empty: the one in use, then all other complete ones. `against` the person's labels, by
    cross-validation, or the reference labels of the test side. `seeds` repeats or draws; `out` folder for
    comparison.csv, comparison.png and comparison.svg; None writes nothing.
    """

    embeddings: tuple[str, ...] = field(
        default=(),
        metadata=option(
            "",
            several=True,
            metavar="EMBEDDING",
            help="key, its beginning, or backbone; the first is what others are compared with (default: all)",
        ),
    )
    against: str = field(
        default="labels",
        metadata=option(
            "--against",
            choices=AGAINST,
            help="labels: cross-validation on the labels (default); reference: those of the test set",
        ),
    )
    sizes: tuple[int, ...] = field(
        default=SIZES,
        metadata=option("--sizes", read=sizes, metavar="N,N,...", help="labels per class, as for curve"),
    )
    seeds: int = field(
        default=5,
        metadata=option("--seeds", read=positive, metavar="N", help="draws of each size (%(default)s)"),
    )
    out: Path | None = field(
        default=None,
        metadata=option("--out", read=Path, metavar="DIR", help="folder for the table and the figure"),
    )
