"""A bundle with a tiny random backbone inside, made of the synthetic sample."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.export.bundle import Bundle
from medlabeler.export.bundle_file import write_bundle
from medlabeler.learning.classifiers.shaping import Shaping


@dataclass(frozen=True)
class TinyBundle:
    """`bundle` and `without_weights` are files; `images` a folder with a manifest.csv; `paths` its pictures,
    with their `vectors` (n, d) and the `probabilities` (n, C) that the classifier said when it was made.
    """

    bundle: Path
    without_weights: Path
    images: Path
    paths: list[Path]
    vectors: NDArray[np.floating]
    probabilities: NDArray[np.float32]
    classes: list[str]

    @property
    def predicted(self) -> NDArray[np.int64]:
        """Number of the class of each image."""
        return self.probabilities.argmax(axis=1)


def tiny_bundle(folder: Path, classifier: str = "logistic", n: int = 48, **more: Any) -> TinyBundle:
    """Draw `n` cells, embed them in float32, learn all labels, write the bundle; `more` are fields of it."""
    from medlabeler.imaging.synthetic import write_sample
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import load_backbone, save_weights
    from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
    from medlabeler.learning.classifiers.estimators import make
    from medlabeler.project.manifest import read_manifest

    prepare_torchvision()
    import timm
    import torch
    from safetensors.torch import save_file

    manifest = write_sample(folder / "sample", n=n, seed=1)
    rows = read_manifest(manifest).rows
    torch.manual_seed(0)
    weights = folder / "tiny.safetensors"
    save_file(timm.create_model("test_resnet", pretrained=False).state_dict(), weights)
    backbone = load_backbone(f"test_resnet@{weights}")
    carried = folder / "carried.safetensors"
    save_weights(backbone, carried)
    paths = [Path(row.file) for row in rows]
    (shard,) = embed(
        backbone, lambda row: backbone.preprocessing.read(paths[row]), np.arange(n), shard_size=n + 1
    )
    vectors = shard.vectors[np.argsort(shard.rows)]
    shaping = Shaping.fit(vectors)
    names = sorted({str(row.label) for row in rows})
    labels = np.array([names.index(str(row.label)) + 1 for row in rows])
    model = make(classifier).fit(shaping.prepare(vectors), labels)
    logistic = classifier == "logistic"
    bundle = Bundle(
        classes=[{"id": i + 1, "name": name, "colour": "#112233"} for i, name in enumerate(names)],
        classifier=classifier,
        arrays={"weights": model.coef_, "bias": model.intercept_}
        if logistic
        else {"vectors": model.vectors_, "codes": model.codes_},
        settings={"C": model.C}
        if logistic
        else {"k": model.k, "temperature": model.temperature, "balanced": model.balanced},
        shaping=shaping,
        preprocessing=backbone.preprocessing.to_dict(),
        backbone={
            "name": "tiny.safetensors",
            "title": backbone.info.title,
            "weights_sha256": backbone.weights_sha256,
            "pooling": backbone.pooling,
            "precision": "float32",
            "dim": vectors.shape[1],
            "self_supervised": False,
            "licence": backbone.info.licence,
        },
        licence={"backbone": "none", "attribution": "Uses a random image model."},
        **more,
    )
    write_bundle(folder / "tiny.mlbundle", bundle, carried)
    write_bundle(folder / "without.mlbundle", bundle)
    return TinyBundle(
        folder / "tiny.mlbundle",
        folder / "without.mlbundle",
        manifest.parent,
        paths,
        vectors,
        bundle.predict(vectors),
        names,
    )
