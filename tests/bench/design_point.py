"""A project at the design point: 171,375 x 384, 21 classes, 100 labels each, as a rule without image files.

The embeddings are drawn around one centre per class, with enough spread that the classifier has work to do;
the coordinates of the map follow the same classes. Everything goes through the project's own interface.
"""

from __future__ import annotations

import hashlib
import io
from pathlib import Path

import numpy as np
from measure import fewer
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.imaging.thumbnails import write_pack
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, VectorStore

N_IMAGES, DIM, N_CLASSES, LABELS_PER_CLASS = fewer(171_375), 384, 21, 100
SHARD = 20_000
SIDE = 64


def truth(n: int = N_IMAGES, seed: int = 0) -> NDArray[np.int64]:
    """Class index 0..20 of every image, int64 (n,); the rarest class has a tenth of the most frequent one."""
    shares = np.geomspace(10, 1, N_CLASSES)
    return np.random.default_rng([seed, 0]).choice(N_CLASSES, n, p=shares / shares.sum())


def build(
    folder: Path,
    n: int = N_IMAGES,
    labels_per_class: int = LABELS_PER_CLASS,
    seed: int = 0,
    *,
    with_files: bool = False,
) -> Project:
    """Create the project in `folder` and return it open: embedding, map, classes and labels in place;
    `with_files`: with image files of a few kB, each of its own bytes, and thumbnails.
    """
    classes = truth(n, seed)
    project = Project.create(folder / "project")
    digests = [hashlib.sha256(b"%d" % i).hexdigest() for i in range(n)]
    if with_files:
        digests = _pictures(project, folder, classes)
    names = [f"class {i + 1}" for i in range(N_CLASSES)]
    ids = np.array([project.journal.add_class(name).id for name in names])
    project.catalog.add(
        [
            NewImage(
                root=str(folder), path=_path(i), digest=digests[i],
                width=SIDE, height=SIDE, mode="RGB", n_bytes=10_000, mtime_ns=0, given_split="",
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


def _path(i: int) -> str:
    return f"{i // 1000:03d}/{i:06d}.png"


def _pictures(project: Project, folder: Path, classes: NDArray[np.int64]) -> list[str]:
    """Write a file for each image, and the thumbnails; the digests. Behind the end of a PNG, which no reader
    passes, stands the number of the image.
    """
    pngs, jpegs = zip(*(_blob(class_id) for class_id in range(N_CLASSES)), strict=True)
    digests = []
    for start in range(0, len(classes), 1000):
        part = classes[start : start + 1000].tolist()
        (folder / f"{start // 1000:03d}").mkdir()
        for i, class_id in enumerate(part, start):
            content = pngs[class_id] + b"%d" % i
            (folder / _path(i)).write_bytes(content)
            digests.append(hashlib.sha256(content).hexdigest())
        shown = [jpegs[class_id] for class_id in part]
        write_pack(project.path / "thumbnails", f"{start:06d}", digests[start:], shown)
    return digests


def _blob(class_id: int) -> tuple[bytes, bytes]:
    """A disc in a colour and of a size of its own, as PNG and as JPEG."""
    image = Image.new("RGB", (SIDE, SIDE), "#f0e8ea")
    radius = 8 + class_id
    box = [SIDE // 2 - radius, SIDE // 2 - radius, SIDE // 2 + radius, SIDE // 2 + radius]
    ImageDraw.Draw(image).ellipse(box, fill=f"hsl({17 * class_id}, 60%, 50%)")
    found = []
    for kind in ("PNG", "JPEG"):
        file = io.BytesIO()
        image.save(file, kind)
        found.append(file.getvalue())
    return found[0], found[1]


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
