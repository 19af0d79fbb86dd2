"""What can be chosen of `jobs.check`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """`repair`: put back rows of the database that were altered, set aside what is damaged and can be
    computed again; `images`: also read every image."""

    repair: bool = field(
        default=False,
        metadata=option(
            "--repair",
            switch=True,
            help="put back what was altered in the database, set aside what can be computed again",
        ),
    )
    images: bool = field(
        default=True,
        metadata=option("--without-images", switch=False, help="do not read the images themselves"),
    )
