"""What can be chosen of `jobs.serve`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import count, option, positive
from medlabeler.jobs.params.common import ALLOW_DOWNLOAD, DEVICE


@dataclass(frozen=True)
class Params:
    """A bundle, where it listens (on this machine alone unless told otherwise), what a request may hold."""

    bundle: Path = field(
        metadata=option("", read=Path, metavar="BUNDLE", help="what medlabeler export --bundle wrote")
    )
    host: str = field(
        default="127.0.0.1",
        metadata=option("--host", metavar="ADDRESS", help="where it listens (%(default)s: nobody else)"),
    )
    port: int = field(
        default=8719,
        metadata=option("--port", read=count, metavar="N", help="port (%(default)s; 0: any that is free)"),
    )
    most_images: int = field(
        default=64,
        metadata=option("--most-images", read=positive, metavar="N", help="images at once (%(default)s)"),
    )
    most_mb: int = field(
        default=100,
        metadata=option("--most-mb", read=positive, metavar="MB", help="MB at once (%(default)s)"),
    )
    device: str = field(default="auto", metadata=DEVICE)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
