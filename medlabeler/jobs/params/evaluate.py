"""What can be chosen of `jobs.evaluate`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import CLASSIFIER, seed_of


@dataclass(frozen=True)
class Params:
    """`classifier` None: the project's own; `against` what to measure on; `seed` deals the folds."""

    classifier: str | None = field(default=None, metadata=CLASSIFIER)
    against: str = field(
        default="labels",
        metadata=option(
            "--against",
            choices=("labels", "reference", "test-labels"),
            help="labels: cross-validation on the labels (default); reference: the reference labels of the "
            "test set; test-labels: a person's labels of the test set",
        ),
    )
    seed: int = field(default=0, metadata=seed_of("folds"))
