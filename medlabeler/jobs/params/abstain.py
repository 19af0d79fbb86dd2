"""What can be chosen of `jobs.abstain`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import named_numbers, number, option
from medlabeler.jobs.params.common import AGAINST_TEST, CLASSIFIER


@dataclass(frozen=True)
class Params:
    """`error`: wished share of images of a class whose class is missed; `calibrate` the thresholds on "test"
    images, on "labels" by cross-validation, or "auto"; `least`: a person's own demands by class name.
    """

    error: float = field(
        default=0.1,
        metadata=option(
            "--error", read=number, metavar="SHARE", help="wished error rate, between 0 and 1 (%(default)s)"
        ),
    )
    calibrate: str = field(
        default="auto",
        metadata=option(
            "--calibrate",
            choices=("auto", "test", "labels"),
            help="thresholds from the test set, or from the labels by cross-validation; auto: from the test"
            " set, if every class has enough images there",
        ),
    )
    least: tuple[tuple[str, float], ...] = field(
        default=(),
        metadata=option(
            "--least",
            read=named_numbers,
            metavar="CLASS=P,...",
            help="ask a person about images of CLASS whose probability is below P",
        ),
    )
    classifier: str | None = field(default=None, metadata=CLASSIFIER)
    against: str = field(default="auto", metadata=AGAINST_TEST)
    out: Path | None = field(
        default=None,
        metadata=option(
            "--out", read=Path, metavar="CSV", help="write what becomes of each image without a label"
        ),
    )
