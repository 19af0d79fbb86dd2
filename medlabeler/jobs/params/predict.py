"""What can be chosen of `jobs.predict`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import ALLOW_DOWNLOAD, DEVICE, EXCEL, IMAGE_COLUMN


@dataclass(frozen=True)
class Params:
    """A bundle, a folder or manifest of images, and what to write: a table `out`, `folders` of one class
    each, or both. `link`: the folders hold links, not copies. `fresh`: do not go on where an earlier run of
    the same output was stopped.
    """

    bundle: Path = field(
        metadata=option("", read=Path, metavar="BUNDLE", help="what medlabeler export --bundle wrote")
    )
    images: Path = field(
        metadata=option("", read=Path, metavar="DIR|MANIFEST", help="a folder of images or a CSV manifest")
    )
    out: Path | None = field(
        default=None,
        metadata=option(
            "--out", read=Path, metavar="FILE", help="where the predictions go: CSV, or Parquet if it ends so"
        ),
    )
    folders: Path | None = field(
        default=None,
        metadata=option(
            "--folders", read=Path, metavar="DIR", help="a new folder with the images in one folder per class"
        ),
    )
    link: bool = field(
        default=False, metadata=option("--link", switch=True, help="links in these folders instead of copies")
    )
    fresh: bool = field(
        default=False,
        metadata=option("--fresh", switch=True, help="do not go on where an earlier run was stopped"),
    )
    device: str = field(default="auto", metadata=DEVICE)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
    image_column: str = field(default="", metadata=IMAGE_COLUMN)
    excel: bool = field(default=False, metadata=EXCEL)
