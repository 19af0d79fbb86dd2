"""Low-rank adapters: a large transformer learns a small change of its attention, and none of its weights.

The change of a matrix (out, in) is the product of `up` (out, r) and `down` (r, in): Hu et al. 2022,
"LoRA: Low-Rank Adaptation of Large Language Models", https://arxiv.org/abs/2106.09685. `up` begins at zero,
so the network begins as it was. In the end the changes are added to the weights, and what is left is an
ordinary network. Gradients and AdamW's two moments exist for the adapters alone.
"""

from __future__ import annotations

import copy
from typing import Any

import torch
from torch import nn
from torch.nn.utils import parametrize

LARGE = 50_000_000
"""Weights from which on a transformer counts as large: ViT-B has 86 million, ViT-S 22."""


class Change(nn.Module):
    """A weight (out, in) to the weight with its change."""

    def __init__(self, weight: torch.Tensor, rank: int) -> None:
        super().__init__()
        rows, columns = weight.shape
        self.down = nn.Parameter(torch.empty(rank, columns))
        self.up = nn.Parameter(torch.zeros(rows, rank))
        nn.init.normal_(self.down, std=columns**-0.5)

    def forward(self, weight: torch.Tensor) -> torch.Tensor:
        """The weight that is used."""
        return weight + self.up @ self.down


def adapt(network: nn.Module, rank: int) -> bool:
    """Let the linear layers of all attention learn by adapters of this rank, and nothing else learn.

    Does nothing and returns False for a network without such layers, or one that is not `LARGE`.
    """
    layers = [
        module
        for name, module in network.named_modules()
        if isinstance(module, nn.Linear) and "attn" in name.split(".")
    ]
    if not layers or sum(parameter.numel() for parameter in network.parameters()) < LARGE:
        return False
    network.requires_grad_(False)
    for layer in layers:
        parametrize.register_parametrization(layer, "weight", Change(layer.weight, rank))
    return True


def merged(network: Any) -> Any:
    """A copy of the network in which every change is part of the weights."""
    made = copy.deepcopy(network)
    # Not `remove_parametrizations`: it takes the property from the class, which copies have in common.
    for name, module in list(made.named_modules()):
        if parametrize.is_parametrized(module, "weight"):
            plain = nn.Linear(module.in_features, module.out_features, device="meta")
            plain.weight = nn.Parameter(module.weight.detach().clone())
            plain.bias = module.bias
            made.set_submodule(name, plain)
    return made


def share_frozen(one: nn.Module, other: nn.Module) -> None:
    """Let `other`, a copy of `one`, hold the weights that do not learn in the same memory."""
    theirs = dict(other.named_parameters())
    for name, parameter in one.named_parameters():
        if not parameter.requires_grad:
            theirs[name].data = parameter.data
