"""What can be chosen of `jobs.merge`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """The folder of the `other` copy, which is only read; `look`: only tell what would be done."""

    other: Path = field(
        metadata=option("", read=Path, metavar="OTHER", help="folder of the other copy; it is only read")
    )
    look: bool = field(
        default=False, metadata=option("--look", switch=True, help="only tell what would be done")
    )
