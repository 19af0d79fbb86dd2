"""How large the images are that a sharpening learns from, where nobody says.

What sizes give and take is in resources/results/sharpening.md.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from medlabeler.learning.backbones.loading import Backbone

LARGEST = 224
"""Pixels of the views, if the backbone sees larger images: time grows with their square."""
ON_PROCESSOR = 128
"""The same without a graphics card: a third of the time."""


def in_patches(backbone: Backbone, size: int) -> int:
    """The largest size up to `size` pixels that a transformer cuts into whole patches."""
    network: Any = backbone.module.network
    patch = getattr(getattr(network, "patch_embed", None), "patch_size", None)
    side = int(patch[0]) if isinstance(patch, tuple) else 1
    return max(side, size // side * side)
