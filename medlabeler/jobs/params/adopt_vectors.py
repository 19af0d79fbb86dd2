"""What can be chosen of `jobs.adopt_vectors`, which shares a command with `jobs.embed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import IMAGE_COLUMN


@dataclass(frozen=True)
class Params:
    """`vectors`: .npy of shape (n, dim), any float type; `manifest`: CSV with one row per row of it."""

    vectors: Path = field(
        metadata=option(
            "--vectors",
            read=Path,
            metavar="NPY",
            help="adopt embeddings computed elsewhere: an array (n, dim)",
            required=False,
        )
    )
    manifest: Path = field(
        metadata=option(
            "--manifest",
            read=Path,
            metavar="CSV",
            help="which image each row of --vectors is",
            required=False,
        )
    )
    image_column: str = field(default="", metadata=IMAGE_COLUMN)
