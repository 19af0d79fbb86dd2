"""What can be chosen of `jobs.probe`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import names, option
from medlabeler.jobs.params.common import seed_of


@dataclass(frozen=True)
class Params:
    """`only` these properties, all if empty; `seed` deals the folds and the values."""

    only: tuple[str, ...] = field(
        default=(),
        metadata=option(
            "--only", read=names, metavar="NAME,...", help="look at these properties alone, as they are named"
        ),
    )
    seed: int = field(default=0, metadata=seed_of("folds"))
