"""What can be chosen of `jobs.predict`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import ALLOW_DOWNLOAD, DEVICE


@dataclass(frozen=True)
class Params:
    """A bundle, a folder or manifest of images, and the CSV to write."""

    bundle: Path = field(
        metadata=option("", read=Path, metavar="BUNDLE", help="what medlabeler export --bundle wrote")
    )
    images: Path = field(
        metadata=option("", read=Path, metavar="DIR|MANIFEST", help="a folder of images or a CSV manifest")
    )
    out: Path = field(metadata=option("--out", read=Path, metavar="CSV", help="where the predictions go"))
    device: str = field(default="auto", metadata=DEVICE)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
