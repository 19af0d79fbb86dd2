"""What can be chosen of `jobs.reserve`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import option, positive
from medlabeler.jobs.params.common import seed_of

RARE_FACTOR = 4.0
"""How much likelier an image of a rare-looking place is to be drawn, where that is wanted."""


@dataclass(frozen=True)
class Params:
    """`n_images`: what the test set is to hold in all. `per_group`: at most so many of a group, None for
    whole groups. `rare_factor`: 1 or more, see `jobs.reserve`; needs a map.
    """

    n_images: int = field(metadata=option("--images", read=positive, metavar="N", help="its size in all"))
    per_group: int | None = field(
        default=None,
        metadata=option(
            "--per-group",
            read=positive,
            metavar="M",
            help="at most M images of a group; the others of the group are held back",
        ),
    )
    rare_factor: float = field(
        default=1.0,
        metadata=option(
            "--rare",
            switch=RARE_FACTOR,
            help="more from thinly populated places of the map (weighted later)",
        ),
    )
    seed: int = field(default=0, metadata=seed_of("random draw"))
