"""A network without its batch normalisation gives the same vectors, or is left alone."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from medlabeler.learning.backbones.folding import folded
from medlabeler.learning.backbones.loading import load_backbone, untrained
from medlabeler.learning.backbones.registry import STARTER


def settled(module: nn.Module) -> nn.Module:
    """With statistics as of a trained network, far from those it starts with."""
    torch.manual_seed(1)
    for part in module.modules():
        if isinstance(part, nn.BatchNorm2d):
            part.running_mean.normal_(0, 0.3)
            part.running_var.uniform_(0.5, 2)
            part.weight.data.uniform_(0.5, 1.5)
            part.bias.data.normal_(0, 0.3)
    return module.eval().requires_grad_(False)


def norms(module: nn.Module) -> int:
    return sum(isinstance(part, nn.BatchNorm2d) for part in module.modules())


def alike(a: nn.Module, b: nn.Module, size: int) -> bool:
    images = torch.randn(3, 3, size, size)
    return torch.allclose(a(images), b(images), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ["tf_efficientnet_lite0", "resnet18"])
def test_known_networks_lose_every_norm_and_change_no_vector(name: str) -> None:
    module = settled(untrained(name, 64).module)
    before, count = {k: v.clone() for k, v in module.state_dict().items()}, norms(module)
    made = folded(module, 64)
    assert (norms(made), norms(module) == count > 10) == (0, True)
    assert alike(made, module, 64)
    assert all(torch.equal(value, before[key]) for key, value in module.state_dict().items())


def test_the_starter_gives_the_same_vectors() -> None:
    module = load_backbone(STARTER).module
    made = folded(module, 224)
    assert norms(made) == 0
    images = torch.rand(2, 3, 224, 224).sub_(0.5).mul_(4)
    cosine = torch.nn.functional.cosine_similarity(made(images), module(images))
    assert cosine.min() > 1 - 1e-6


def test_what_has_no_norms_is_the_very_network() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.Flatten())
    assert folded(module, 8) is module


class Shared(nn.Module):
    """What the convolution gives is used a second time, before the norm."""

    def __init__(self) -> None:
        super().__init__()
        self.convolution, self.norm = nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        found = self.convolution(images)
        return (self.norm(found) + found).mean(dim=(2, 3))


def test_a_network_that_folding_would_change_stays_as_it_is() -> None:
    module = settled(Shared())
    assert folded(module, 8) is module
