"""What can be chosen of `jobs.embed_cluster`, which shares a command with `jobs.embed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option, positive

HERE, RAY = "here", "ray"


@dataclass(frozen=True)
class Params:
    """`engine`: this process, or `workers` processes of Ray (None: one for each core or card) on this machine
    or on the `cluster` at an address. `images`: the address of a folder or a bucket that is embedded into the
    folder `shards`, whether the project has them or not; `shards` alone is taken in.
    """

    engine: str = field(
        default=HERE,
        metadata=option(
            "--engine",
            choices=(HERE, RAY),
            help="ray: many processes, here or on a cluster (extra 'cluster'; default: %(default)s)",
        ),
    )
    workers: int | None = field(
        default=None,
        metadata=option(
            "--workers",
            read=positive,
            metavar="N",
            help="processes of Ray (default: one for each core or card)",
        ),
    )
    cluster: str = field(
        default="",
        metadata=option(
            "--cluster",
            metavar="ADDRESS",
            help="a cluster of Ray that runs: the images leave this machine (default: this machine alone)",
        ),
    )
    images: str = field(
        default="",
        metadata=option(
            "--images",
            metavar="URL",
            help="with --engine ray and --shards: embed all images of a folder or bucket, such as s3://cells/2026",
        ),
    )
    shards: Path | None = field(
        default=None,
        metadata=option(
            "--shards",
            read=Path,
            metavar="FOLDER",
            help="where the vectors of --images go; without --images, take in what lies there",
        ),
    )
