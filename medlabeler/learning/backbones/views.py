"""Several looks at one image: the mean of its embeddings over turns or mirrors, and over two scales.

Test-time augmentation as in Krizhevsky et al. 2012 (https://doi.org/10.1145/3065386), on embeddings. Where an
image has no orientation, as a cell or a lesion, quarter turns change nothing of what it is; an X-ray may be
mirrored at most. The second scale is the middle of the image, three quarters of its side, made as large as
the whole.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import nn
from torch.nn import functional

from medlabeler.imaging.preprocess import MIRRORED, TURNED, Preprocessing

_CLOSER = 0.75
"""Side of the middle that the second scale shows, as a share of the whole."""

Look = Callable[[torch.Tensor], torch.Tensor]


def looks(views: str) -> tuple[Look, ...]:
    """From images (b, 3, s, s) to one view each of the same shape; the first is the image as it is."""
    if views == TURNED:
        return (_as_is, *(_turn(k) for k in (1, 2, 3)), _closer)
    if views == MIRRORED:
        return (_as_is, _mirror, _closer)
    return (_as_is,)


def viewed(module: nn.Module, preprocessing: Preprocessing) -> nn.Module:
    """The network that gives the mean embedding of the views that `preprocessing` asks for."""
    return Viewed(module, preprocessing.views) if preprocessing.views else module


class Viewed(nn.Module):
    """Images (b, 3, s, s) to the mean of the network's embeddings (b, d) of their views."""

    def __init__(self, module: nn.Module, views: str) -> None:
        super().__init__()
        self.module = module
        self.looks = looks(views)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """One view after the other, so that a batch needs no more memory than a single view of it."""
        total: torch.Tensor = self.module(self.looks[0](images)).float()
        for look in self.looks[1:]:
            total = total + self.module(look(images)).float()
        return total / len(self.looks)


def _as_is(images: torch.Tensor) -> torch.Tensor:
    return images


def _mirror(images: torch.Tensor) -> torch.Tensor:
    return images.flip(3)


def _turn(quarters: int) -> Look:
    return lambda images: torch.rot90(images, quarters, (2, 3))


def _closer(images: torch.Tensor) -> torch.Tensor:
    side = images.shape[-1]
    rim = round(side * (1 - _CLOSER) / 2)
    middle = images[:, :, rim : side - rim, rim : side - rim]
    return functional.interpolate(middle, size=(side, side), mode="bilinear", align_corners=False)
