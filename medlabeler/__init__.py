"""MedLabeler: from a folder of unlabelled medical images to a classifier that can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from medlabeler.export.classifier import Classifier

__version__ = "0.1.0"


def load(path: str | Path, *, device: str = "auto", allow_download: bool = False) -> Classifier:
    """An exported classifier, to be applied to images; see `export.classifier.load`."""
    from medlabeler.export.classifier import load as load_classifier  # the window must not wait for it

    return load_classifier(path, device=device, allow_download=allow_download)
