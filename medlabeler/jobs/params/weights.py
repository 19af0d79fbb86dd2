"""What can be chosen of `jobs.weights`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option

EXPORT, IMPORT, LIST = "export", "import", "list"


@dataclass(frozen=True)
class Params:
    """`action` on a `folder` of weights; `backbone`: only these, else all that are there. `list` without a
    folder tells what is on this machine.
    """

    action: str = field(
        metadata=option(
            "",
            choices=(EXPORT, IMPORT, LIST),
            help="export: write the weights on this machine into FOLDER, with their hashes; "
            "import: bring those of FOLDER to this machine; list: what is in FOLDER, or on this machine",
        )
    )
    folder: Path | None = field(
        default=None, metadata=option("", read=Path, bare="", metavar="FOLDER", help="such as a USB stick")
    )
    backbone: tuple[str, ...] = field(
        default=(),
        metadata=option("--backbone", several=True, metavar="NAME", help="only these (default: all)"),
    )
