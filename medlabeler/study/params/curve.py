"""What can be chosen of `study.curve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import count, option, positive, sizes
from medlabeler.learning.curves.sizes import SIZES

PROTOCOLS = ("paper", "own", "both")
AGAINST = ("reference", "labels")


@dataclass(frozen=True)
class Params:
    """`protocol` which classifiers: the paper's, our own, or both on the same draws.

    `against` whose labels train and test: the reference, or the person's own (which needs a labelled test
    set). `sizes` labels per class, `seeds` number of draws of each, `minimum_class_size` leaves out classes
    with fewer training images (the paper's second figure: 250). `out` folder for curve.csv, draws.csv,
    differences.csv, curve.png, curve.svg; None writes nothing. `deep_baseline` also fine-tunes the
    project's backbone on every draw, which is slow (`cost` says how slow), on images of `deep_size` pixels
    instead of the backbone's own size if given.
    """

    protocol: str = field(
        default="both",
        metadata=option(
            "--protocol",
            choices=PROTOCOLS,
            help="which classifiers: the paper's, our own, or both on the same draws (default)",
        ),
    )
    against: str = field(
        default="reference",
        metadata=option(
            "--against",
            choices=AGAINST,
            help="whose labels train and test: those that came with the data (default), or a person's own",
        ),
    )
    sizes: tuple[int, ...] = field(
        default=SIZES,
        metadata=option(
            "--sizes",
            read=sizes,
            metavar="N,N,...",
            help=f"labels per class ({','.join(map(str, SIZES))}, as far as the images reach)",
        ),
    )
    seeds: int = field(
        default=3,
        metadata=option("--seeds", read=positive, metavar="N", help="draws of each size (%(default)s)"),
    )
    minimum_class_size: int = field(
        default=0,
        metadata=option(
            "--min-class-size",
            read=count,
            metavar="N",
            help="leave out classes with fewer images to train on (%(default)s)",
        ),
    )
    out: Path | None = field(
        default=None,
        metadata=option(
            "--out", read=Path, metavar="DIR", help="folder for the tables (CSV) and the figure (PNG, SVG)"
        ),
    )
    deep_baseline: bool = field(
        default=False,
        metadata=option(
            "--deep-baseline",
            switch=True,
            help="also fine-tune the whole backbone on every draw; slow, says first how long it will take",
        ),
    )
    deep_size: int | None = field(
        default=None,
        metadata=option(
            "--deep-size",
            read=positive,
            metavar="PX",
            help="image size for that (the backbone's own); smaller is faster and less accurate",
        ),
    )
