"""Loads a backbone: an architecture of timm with weights that are checked before they are believed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from medlabeler.domain.progress import Progress
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.registry import BackboneInfo


@dataclass(frozen=True)
class Backbone:
    """A loaded network: `module(x)` maps float32 (b, 3, s, s) to embeddings float (b, dim)."""

    info: BackboneInfo
    module: Any
    preprocessing: Preprocessing
    weights_sha256: str
    pooling: str


def load_backbone(
    name_or_file: str, *, allow_download: bool = False, progress: Progress | None = None
) -> Backbone:
    """Load by name or file."""
    raise NotImplementedError


def choose_device(wanted: str = "auto") -> str:
    """`cuda`, `mps` or `cpu`."""
    raise NotImplementedError


def choose_precision(device: str) -> str:
    """`float32` or `bfloat16`."""
    raise NotImplementedError
