"""What can be chosen of `jobs.start_with`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import ALLOW_DOWNLOAD, DEVICE

CHOICE = "what to start with"


@dataclass(frozen=True)
class Params:
    """An exported classifier to look at the images; `without`: do without the one that did."""

    bundle: Path | None = field(
        default=None,
        metadata=option(
            "--bundle",
            read=Path,
            metavar="BUNDLE",
            help="what medlabeler export --bundle wrote, of another project",
            only_one_of=CHOICE,
        ),
    )
    without: bool = field(
        default=False,
        metadata=option(
            "--none",
            switch=True,
            help="forget what such a classifier said",
            only_one_of=CHOICE,
        ),
    )
    device: str = field(default="auto", metadata=DEVICE)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
