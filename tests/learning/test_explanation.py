"""Where the backbone looked: attention equals what the layer computes, and gradients find what decides."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.backbones.explanation import attention, explain, towards_class
from medlabeler.learning.backbones.loading import Backbone, Embedder
from medlabeler.learning.backbones.registry import OFFLINE, find
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.classifiers.estimators import LogisticClassifier
from medlabeler.learning.classifiers.shaping import Shaping

prepare_torchvision()
import timm  # noqa: E402 - needs the shim


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """These networks are small: several threads would only wait for each other on a busy machine."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


def network(name: str, **more: Any) -> Any:
    torch.manual_seed(1)
    made = timm.create_model(name, pretrained=False, num_classes=0, **more).eval().requires_grad_(False)
    for parameter in made.parameters():
        parameter.add_(0.05 * torch.randn(parameter.shape))
    return made


def backbone_of(made: Any, size: int) -> Backbone:
    return Backbone(find(OFFLINE), Embedder(made).eval(), Preprocessing(size), "0", "any")


def picture(size: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (size, size, 3), np.uint8)


def rotated(heads: torch.Tensor, layer: Any, rope: torch.Tensor) -> torch.Tensor:
    """Rotary position embedding of the patches of (heads, tokens, width), as DINOv3 defines it: by halves."""
    sine, cosine = rope.chunk(2, -1)
    patches = heads[:, 5:]
    first, second = patches.chunk(2, -1)
    assert layer.rotate_half
    return torch.cat([heads[:, :5], patches * cosine + torch.cat([-second, first], -1) * sine], 1)


def by_definition(made: Any, images: torch.Tensor) -> torch.Tensor:
    """Softmax of query times key of the class token, from the input of the last layer: (heads, tokens)."""
    layer = made.cls_attn_blocks[-1].attn if hasattr(made, "cls_attn_blocks") else made.blocks[-1].attn
    seen: list[Any] = []
    hook = layer.register_forward_pre_hook(lambda _m, a, k: seen.append((a[0], k)), with_kwargs=True)
    with torch.inference_mode():
        made.forward_features(images)
    hook.remove()
    tokens, keywords = seen[-1]
    tokens = tokens[0]
    n, width = tokens.shape
    each = width // layer.num_heads
    if hasattr(layer, "q"):
        query, key = layer.q(tokens), layer.k(tokens)
    else:
        query, key = layer.qkv(tokens).chunk(3, -1)[:2]
    query, key = (t.reshape(n, layer.num_heads, each).transpose(0, 1) for t in (query, key))
    if keywords.get("rope") is not None:
        query, key = (rotated(t, layer, keywords["rope"]) for t in (query, key))
    return torch.softmax(query[:, :1] @ key.transpose(1, 2) / each**0.5, -1)[:, 0]


@pytest.mark.parametrize(
    ("name", "size", "prefix", "more"),
    [
        ("vit_tiny_patch16_224", 96, 1, {"img_size": 96}),
        ("vit_small_patch14_reg4_dinov2", 112, 5, {"img_size": 112}),
        ("vit_small_patch16_dinov3", 96, 5, {"img_size": 96, "global_pool": "token"}),
        ("xcit_nano_12_p8_224", 96, 1, {}),
    ],
)
def test_attention_is_that_of_the_last_layer(name: str, size: int, prefix: int, more: dict[str, Any]) -> None:
    made = network(name, **more)
    backbone, pixels = backbone_of(made, size), picture(size)
    images = torch.from_numpy(backbone.preprocessing.normalised(pixels))[None]
    rows = attention(made, images)
    torch.testing.assert_close(rows.sum(-1), torch.ones(len(rows)))
    torch.testing.assert_close(rows, by_definition(made, images), rtol=1e-4, atol=1e-6)
    found = explain(backbone, pixels)
    side = round((rows.shape[1] - prefix) ** 0.5)
    assert found.method == "attention"
    for kind, over_heads in (("mean", rows.mean(0)), ("max", rows.amax(0))):
        expected = over_heads[prefix:].reshape(side, side)
        np.testing.assert_allclose(found.maps[kind], (expected / expected.max()).numpy(), rtol=1e-5)
        assert found.maps[kind].dtype == np.float32
        assert found.maps[kind].min() >= 0


def test_asking_changes_nothing_about_the_embedding() -> None:
    made = network("vit_tiny_patch16_224", img_size=96)
    backbone, pixels = backbone_of(made, 96), picture(96)
    images = torch.from_numpy(backbone.preprocessing.normalised(pixels))[None]
    before = backbone.module(images)
    explain(backbone, pixels)
    assert torch.equal(backbone.module(images), before)
    assert all(block.attn.fused_attn for block in made.blocks)
    assert not any(module._forward_hooks for module in made.modules())


class Small(nn.Module):
    """Three convolutions, global average pooling: 48 x 48 pixels to a feature map of 6 x 6."""

    num_features = 24

    def __init__(self) -> None:
        super().__init__()
        layers: list[nn.Module] = []
        for before, after in ((3, 12), (12, 24), (24, 24)):
            layers += [nn.Conv2d(before, after, 3, 2, 1), nn.ReLU()]
        self.layers = nn.Sequential(*layers)

    def forward_features(self, images: torch.Tensor) -> torch.Tensor:
        return self.layers(images)

    def forward_head(self, features: torch.Tensor, pre_logits: bool = False) -> torch.Tensor:
        return features.mean((2, 3))


def cells(n: int, seed: int) -> tuple[NDArray[np.uint8], NDArray[np.int64], NDArray[np.int64]]:
    """Grey noise with a blob in one of the corners that is red or green (the class), and a blue one that
    means nothing in another corner: pictures, classes, corners of the blobs that decide.
    """
    rng = np.random.default_rng(seed)
    pictures = rng.integers(90, 160, (n, 48, 48, 3)).astype(np.uint8)
    classes, corners = rng.integers(0, 2, n), rng.integers(0, 4, n)
    for picture, kind, corner in zip(pictures, classes, corners, strict=True):
        for place, channel in ((corner, kind), ((corner + 2) % 4, 2)):
            top, left = 4 + 28 * (place // 2), 4 + 28 * (place % 2)
            picture[top : top + 12, left : left + 12] = np.where(np.arange(3) == channel, 240, 20)
    return pictures, classes.astype(np.int64), corners.astype(np.int64)


def test_gradients_point_to_the_blob_that_decides_and_not_to_the_other() -> None:
    torch.manual_seed(0)
    made, linear = Small(), nn.Linear(24, 2)
    backbone = backbone_of(made, 48)
    pictures, classes, _ = cells(128, 1)
    images = torch.from_numpy(backbone.preprocessing.normalised(pictures))
    optimiser = torch.optim.Adam([*made.parameters(), *linear.parameters()], 3e-3)
    for _ in range(80):
        loss = nn.functional.cross_entropy(
            linear(made.forward_head(made.layers(images))), torch.from_numpy(classes)
        )
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    made.eval().requires_grad_(False)
    vectors = made.forward_head(made.layers(images)).numpy()
    shaping = Shaping.fit(vectors)
    assert shaping.root
    fitted = LogisticClassifier().fit(shaping.prepare(vectors), classes)
    np.testing.assert_allclose(fitted.coef_.sum(1), 0, atol=1e-3 * np.abs(fitted.coef_).max())
    fresh, kinds, corners = cells(40, 2)
    score = [towards_class(shaping, fitted.coef_[:, k], float(fitted.intercept_[k])) for k in (0, 1)]
    hits = 0
    for pixels, kind, corner in zip(fresh, kinds, corners, strict=True):
        heat = explain(backbone, pixels, score[kind]).maps["gradient"]
        assert heat.shape == (6, 6)
        quarters = heat.reshape(2, 3, 2, 3).sum((1, 3)).ravel()
        hits += int(quarters.argmax()) == corner
    assert hits >= 32  # 10 by chance


def test_the_score_explained_is_the_logit_of_the_classifier() -> None:
    rng = np.random.default_rng(0)
    for offset in (0.0, -1.0):  # with square roots and without
        vectors = (rng.gamma(2.0, 1.0, (60, 12)) + offset).astype(np.float32)
        shaping = Shaping.fit(vectors)
        assert shaping.root == (offset == 0)
        fitted = LogisticClassifier().fit(shaping.prepare(vectors), rng.integers(1, 4, 60))
        logits = shaping.prepare(vectors[:1]) @ fitted.coef_ + fitted.intercept_
        score = towards_class(shaping, fitted.coef_[:, 2], float(fitted.intercept_[2]))
        assert float(score(torch.from_numpy(vectors[:1]))) == pytest.approx(float(logits[0, 2]), abs=1e-3)


def test_without_a_class_the_length_of_the_embedding_is_explained() -> None:
    made = network("resnet18")
    backbone, pixels = backbone_of(made, 64), picture(64)
    images = torch.from_numpy(backbone.preprocessing.normalised(pixels))[None]
    with torch.inference_mode():
        features = made.forward_features(images)[0]
    pooled = features.mean((1, 2))
    expected = torch.relu(torch.einsum("c,chw->hw", pooled / pooled.norm(), features))
    found = explain(backbone, pixels)
    assert found.method == "gradient"
    np.testing.assert_allclose(found.maps["gradient"], (expected / expected.max()).numpy(), rtol=1e-4)


@pytest.mark.parametrize("name", ["swin_tiny_patch4_window7_224", "convnext_atto", "vit_tiny_patch16_224"])
def test_networks_without_a_class_token_are_explained_by_gradients(name: str) -> None:
    more = {"class_token": False, "global_pool": "avg"} if name.startswith("vit") else {}
    found = explain(backbone_of(network(name, **more), 224), picture(224))
    assert found.method == "gradient"
    assert found.maps["gradient"].shape == ((14, 14) if name.startswith("vit") else (7, 7))
    assert found.maps["gradient"].max() == 1


def test_a_network_that_shows_nothing_is_told_in_a_sentence() -> None:
    class Flat(nn.Module):
        def forward_features(self, images: torch.Tensor) -> torch.Tensor:
            return images.flatten(1)

        def forward_head(self, features: torch.Tensor, pre_logits: bool = False) -> torch.Tensor:
            return features

    with pytest.raises(UserError, match="nothing can be shown"):
        explain(backbone_of(Flat(), 32), picture(32))
