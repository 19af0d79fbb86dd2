"""What was tried beside the recipe of DINO in use; `bench_starter.py` trains by it, the program does not.

`koleo`: weight of the Kozachenko-Leonenko estimate of how evenly the student's embeddings of a batch are
spread (Sablayrolles et al. 2019, https://arxiv.org/abs/1806.03198; in DINOv2, arXiv:2304.07193, with 0.1).
`remember`: weight of one less the cosine between the student's embedding of a view and that of the backbone
it began with. `larger`: size in pixels of the global crops in the last tenth of the steps.
"""

from __future__ import annotations

import copy

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from medlabeler.learning.augmentation import GENTLE, Views, multi_crop
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.dino.forward import precision
from medlabeler.learning.dino.loss import dino_loss
from medlabeler.learning.dino.recipe import Recipe
from medlabeler.learning.dino.train import StepFacts, Trainer


class Varied(Trainer):
    """A run of DINO on all pixels uint8 (n, h, w, 3) with what is tried."""

    def __init__(
        self,
        backbone: Backbone,
        pixels: NDArray[np.uint8],
        recipe: Recipe,
        device: str,
        *,
        koleo: float,
        remember: float,
        larger: int,
    ) -> None:
        first = copy.deepcopy(backbone.module).requires_grad_(False).eval()
        super().__init__(backbone, pixels, np.arange(len(pixels)), recipe, device=device)
        self.koleo, self.remember, self.larger = koleo, remember, larger
        self.first = first.to(device, memory_format=torch.channels_last) if remember else None

    def one_step(self) -> StepFacts:
        """One step; from the last tenth on by larger crops."""
        if self.larger and self.step == self.recipe.steps * 9 // 10:
            was = self.views
            crops = multi_crop(self.larger, self.larger // 2, self.recipe.n_local, self.recipe.colour)
            self.views = Views(crops, was.mean, was.std, self.recipe.seed, GENTLE)
        return super().one_step()

    def _said_by_student(self, views: list[torch.Tensor]) -> list[torch.Tensor]:
        """Scores of each view; behind them what the other losses need."""
        with precision(self.device, self.reduced):
            scores, embedding = self.student(views)
            more = [embedding.float()]
            if self.first is not None:
                with torch.no_grad():
                    more.append(self.first(views[0]).float())
        return [*scores, *more]

    def loss_of(self, said: list[torch.Tensor], opinion: torch.Tensor) -> torch.Tensor:
        """The loss of DINO and, by their weights, the others."""
        n_views = len(self.views.views)
        loss = dino_loss(said[:n_views], opinion)
        embedding = said[n_views]
        if self.koleo:
            loss = loss + self.koleo * spread_loss(embedding)
        if self.remember:
            loss = loss + self.remember * (1 - functional.cosine_similarity(embedding, said[-1])).mean()
        return loss


def spread_loss(embeddings: torch.Tensor) -> torch.Tensor:
    """Less the mean logarithm of the distance of each embedding (b, d), at length 1, to its nearest other."""
    unit = functional.normalize(embeddings, dim=1)
    cosines = unit @ unit.T - 2 * torch.eye(len(unit), device=unit.device)
    nearest = unit[cosines.argmax(dim=1)]
    return -functional.pairwise_distance(unit, nearest, eps=1e-6).log().mean()
