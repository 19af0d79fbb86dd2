"""What can be chosen of `jobs.project_map`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import count, option

METHODS = ("umap", "pca")


@dataclass(frozen=True)
class Params:
    """`method` "umap" (PCA comes first all the same) or "pca"; `seed` makes UMAP reproducible, on one
    thread.
    """

    method: str = field(
        default="umap", metadata=option("--method", choices=METHODS, help="projection (%(default)s)")
    )
    seed: int | None = field(
        default=None,
        metadata=option(
            "--seed", read=count, metavar="S", help="make UMAP reproducible (slower: one thread)"
        ),
    )
