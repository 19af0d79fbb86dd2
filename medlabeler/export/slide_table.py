"""Predictions of the patches of whole slides, put together for each slide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from medlabeler.export.prediction_table import Column
from medlabeler.imaging.parts import split


@dataclass(frozen=True)
class SlideResults:
    """Of m slides: `names`, `n_patches` int64 (m,), `mean` probabilities float32 (m, C) over the patches,
    `shares` float32 (m, C) of the patches that each class was predicted for, and of those `unlike` float32
    (m,) what the classifier learned from.
    """

    names: list[str]
    n_patches: NDArray[np.int64]
    mean: NDArray[np.float32]
    shares: NDArray[np.float32]
    unlike: NDArray[np.float32]

    def columns(self, classes: Sequence[str]) -> dict[str, Column]:
        """Columns slide, patches, prediction (the class of the largest mean), confidence (that mean), unlike,
        then `share:CLASS` and `p:CLASS` (the mean) for each class.
        """
        return {
            "slide": self.names,
            "patches": [str(n) for n in self.n_patches.tolist()],
            "prediction": [classes[best] for best in self.mean.argmax(axis=1).tolist()],
            "confidence": self.mean.max(axis=1),
            "unlike": self.unlike,
            **{f"share:{name}": self.shares[:, at] for at, name in enumerate(classes)},
            **{f"p:{name}": self.mean[:, at] for at, name in enumerate(classes)},
        }


def of_slides(
    names: Sequence[str], probabilities: NDArray[np.float32], unlike: NDArray[np.bool_]
) -> SlideResults | None:
    """Put together the patches among the images `names` (n,), with `probabilities` (n, C); None without any.

    Every patch counts the same. Nothing was measured of how right that is for a slide.
    """
    rows = [row for row, name in enumerate(names) if "#slide=" in name]
    if not rows:
        return None
    slides, codes = np.unique([str(split(names[row])[0]) for row in rows], return_inverse=True)
    n = np.bincount(codes)
    n_classes = probabilities.shape[1]
    top = probabilities[rows].argmax(axis=1)
    mean = np.stack([np.bincount(codes, probabilities[rows, c]) for c in range(n_classes)], axis=1)
    shares = np.stack([np.bincount(codes, top == c) for c in range(n_classes)], axis=1)
    far = np.bincount(codes, unlike[rows])
    return SlideResults(
        slides.tolist(),
        n.astype(np.int64),
        (mean / n[:, None]).astype(np.float32),
        (shares / n[:, None]).astype(np.float32),
        (far / n).astype(np.float32),
    )


def slides_file(table: Path) -> Path:
    """Where the table of the slides stands beside that of the patches."""
    return table.with_name(f"{table.stem}-slides{table.suffix}")
