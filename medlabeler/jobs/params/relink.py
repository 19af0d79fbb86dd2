"""What can be chosen of `jobs.relink`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """`old` is a folder of the project, or one that holds such folders; `new` is where it lies now."""

    old: Path = field(metadata=option("--from", read=Path, metavar="OLD", help="where the folder was"))
    new: Path = field(metadata=option("--to", read=Path, metavar="NEW", help="where the folder is now"))
