"""A project at the design point, without any image file: 171,375 x 384, 21 classes, 100 labels each.

The embeddings are drawn around one centre per class, with enough spread that the classifier has work to do;
the coordinates of the map follow the same classes. Everything goes through the project's own interface.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, VectorStore

N_IMAGES, DIM, N_CLASSES, LABELS_PER_CLASS = 171_375, 384, 21, 100
SHARD = 20_000


def truth(n: int = N_IMAGES, seed: int = 0) -> NDArray[np.int64]:
    """Class index 0..20 of every image, int64 (n,); the rarest class has a tenth of the most frequent one."""
    shares = np.geomspace(10, 1, N_CLASSES)
    return np.random.default_rng([seed, 0]).choice(N_CLASSES, n, p=shares / shares.sum())


def build(
    folder: Path, n: int = N_IMAGES, labels_per_class: int = LABELS_PER_CLASS, seed: int = 0
) -> Project:
    """Create the project in `folder` and return it open: embedding, map, classes and labels in place."""
    classes = truth(n, seed)
    project = Project.create(folder / "project")
    names = [f"class {i + 1}" for i in range(N_CLASSES)]
    ids = np.array([project.journal.add_class(name).id for name in names])
    project.catalog.add(
        [
            NewImage(
                root=str(folder), path=f"{i // 1000:03d}/{i:06d}.jpg",
                digest=hashlib.sha256(b"%d" % i).hexdigest(),
                width=224, height=224, mode="RGB", n_bytes=10_000, mtime_ns=0, given_split="",
                group=f"slide {i % 500:03d}", reference=names[classes[i]], metadata={},
            )
            for i in range(n)
        ]
    )  # fmt: skip
    key = _embed(project, folder / "staging", classes, seed)
    project.settings.set("embedding", key)
    rng = np.random.default_rng([seed, 1])
    angle = classes * (2 * np.pi / N_CLASSES)
    middle = np.stack([np.cos(angle), np.sin(angle)], 1) * (1 + 0.8 * (classes % 3))[:, None]
    spread = rng.standard_normal((n, 2)) * 0.16
    project.vectors.save_projection(key, "umap", (middle + spread).astype(np.float32), {"n_images": n})
    rows = np.concatenate(
        [rng.permutation(np.flatnonzero(classes == c))[:labels_per_class] for c in range(N_CLASSES)]
    )
    project.journal.decide(
        rows, LabelKind.LABEL, ids[classes[rows]].astype(np.int32), name="label", source=LabelSource.IMPORT
    )
    return project


def _embed(project: Project, staging: Path, classes: NDArray[np.int64], seed: int) -> str:
    rng = np.random.default_rng([seed, 2])
    centres = rng.standard_normal((N_CLASSES, DIM)).astype(np.float32)
    info = EmbeddingInfo(
        backbone="drawn", title="drawn at random", weights_sha256="0" * 64, dim=DIM, preprocessing={},
        pooling="token", precision="float32", self_supervised=True, licence="",
    )  # fmt: skip
    store: VectorStore = project.vectors
    key = store.create(info)
    digests = project.catalog.digest
    for start in range(0, len(classes), SHARD):
        rows = np.arange(start, min(start + SHARD, len(classes)))
        noise = rng.standard_normal((len(rows), DIM), dtype=np.float32)
        store.write_shard(
            staging,
            f"{start:06d}",
            rows,
            digests[rows],
            (centres[classes[rows]] + 2.5 * noise).astype(np.float16),
        )
    store.adopt(key, staging)
    return key
