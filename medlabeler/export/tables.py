"""Labels and predictions as CSV."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from medlabeler.project.project import Project


def write_labels_csv(project: Project, path: Path, *, absolute: bool = False) -> int:
    """One row per image with a decision; returns the number of rows."""
    raise NotImplementedError


def write_predictions_csv(
    project: Project,
    path: Path,
    class_ids: NDArray[np.integer[Any]],
    confidence: NDArray[np.floating[Any]],
    probabilities: NDArray[np.floating[Any]],
    classes: NDArray[np.integer[Any]],
    *,
    absolute: bool = False,
) -> int:
    """One row per image with an embedding; returns the number of rows."""
    raise NotImplementedError
