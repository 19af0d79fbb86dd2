"""The classifier bundle: one file that carries a classifier, what it needs, and how it was measured."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Bundle:
    """A classifier ready to be applied to new images with numpy alone.

    `arrays`: for logistic `weights` (d, C) and `bias` (C,); for knn `vectors` (m, d) and `codes` (m,).
    `settings`: for knn `k`, `temperature`, `balanced`; for logistic `C`.
    `backbone`: name, title, timm_name, weights_sha256, pooling, precision, dim, self_supervised, licence.
    `measured`: list of checkpoints as JSON objects.
    """

    classes: list[dict[str, Any]]
    classifier: str
    arrays: dict[str, NDArray[Any]]
    settings: dict[str, Any]
    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    preprocessing: dict[str, Any]
    backbone: dict[str, Any]
    measured: list[dict[str, Any]] = field(default_factory=list)
    about: dict[str, Any] = field(default_factory=dict)
    backbone_file: str | None = None

    def predict(self, X: NDArray[Any]) -> NDArray[np.float32]:
        """Probabilities float32 (n, C), in the order of `classes`, of raw embeddings X (n, d)."""
        raise NotImplementedError


def write_bundle(path: Path, bundle: Bundle, backbone_weights: Path | None = None) -> None:
    """Write atomically; `backbone_weights` is a safetensors file to carry along."""
    raise NotImplementedError


def read_bundle(path: Path) -> Bundle:
    """Read and check."""
    raise NotImplementedError
