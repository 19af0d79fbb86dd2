"""The projection head of DINO: what is compared between student and teacher, and thrown away afterwards."""

from __future__ import annotations

import math

import torch
from torch import nn
from torch.nn import functional


class UnitRows(nn.Module):
    """A linear layer without bias whose rows have length 1: only their directions are learnt.

    This is DINO's weight-normed last layer with the norm fixed at 1, which keeps one output from winning by
    size alone. Maps (b, d) to (b, k).
    """

    def __init__(self, dim: int, n_out: int) -> None:
        super().__init__()
        self.direction = nn.Parameter(torch.empty(n_out, dim))
        nn.init.kaiming_uniform_(self.direction, a=math.sqrt(5))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return functional.linear(x, functional.normalize(self.direction, dim=1))


class Head(nn.Module):
    """Three linear layers with GELU between, scaled to length 1, then `UnitRows`: Caron et al. 2021, 3.1.

    Maps embeddings (b, `dim`) to scores (b, `n_out`), each the cosine between two unit vectors.
    """

    def __init__(self, dim: int, n_out: int, hidden: int = 1024, bottleneck: int = 256) -> None:
        super().__init__()
        self.layers = nn.Sequential(
            nn.Linear(dim, hidden),
            nn.GELU(),
            nn.Linear(hidden, hidden),
            nn.GELU(),
            nn.Linear(hidden, bottleneck),
        )
        for layer in self.layers:
            if isinstance(layer, nn.Linear):
                nn.init.trunc_normal_(layer.weight, std=0.02)
                nn.init.zeros_(layer.bias)
        self.last = UnitRows(bottleneck, n_out)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        scores: torch.Tensor = self.last(functional.normalize(self.layers(x), dim=-1))
        return scores
