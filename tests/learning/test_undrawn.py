"""A network whose weights a checkpoint replaces is made without random ones, and is the same network."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from medlabeler.learning.backbones.loading import load_backbone, untrained
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.backbones.undrawn import Undrawn

prepare_torchvision()
import timm  # noqa: E402 - needs the shim


@pytest.mark.parametrize(
    "architecture",
    [
        "resnet18",
        "efficientnet_lite0",
        "convnext_atto",
        "xcit_nano_12_p8_224",
        "swin_tiny_patch4_window7_224",
        "vit_small_patch16_dinov3",
        "levit_128s",
    ],
)
def test_with_the_weights_it_is_the_same_network_whatever_is_computed_in_it(architecture: str) -> None:
    """Tables of positions, for one, are buffers that are in no checkpoint."""
    drawn = timm.create_model(architecture, pretrained=False, num_classes=0).eval()
    with Undrawn():
        made = timm.create_model(architecture, pretrained=False, num_classes=0).eval()
    made.load_state_dict(drawn.state_dict())
    ours, theirs = dict(made.named_buffers()), dict(drawn.named_buffers())
    assert ours.keys() == theirs.keys()
    assert [name for name, buffer in ours.items() if not torch.equal(buffer, theirs[name])] == []
    size = drawn.pretrained_cfg["input_size"][-1]
    image = torch.randn(1, 3, size, size, generator=torch.Generator().manual_seed(0))
    with torch.inference_mode():
        torch.testing.assert_close(made(image), drawn(image))


def test_loading_draws_nothing_and_a_network_to_be_trained_is_drawn(tmp_path: Path) -> None:
    network = timm.create_model("vit_tiny_patch16_224", pretrained=False, num_classes=0)
    torch.save(network.state_dict(), tmp_path / "weights.pth")
    before = torch.get_rng_state()
    load_backbone(str(tmp_path / "weights.pth"))
    assert torch.equal(torch.get_rng_state(), before)
    fresh = untrained("vit_tiny_patch16_224", 224)
    assert not torch.equal(torch.get_rng_state(), before)
    assert all(p.std() > 0 for name, p in fresh.module.named_parameters() if name.endswith("qkv.weight"))
