"""Where in an image its embedding comes from: attention of a transformer, gradients of a CNN.

Neither is a proof. Attention tells where the last layer of the backbone took its content from, whatever the
classifier made of it (Caron et al. 2021, https://arxiv.org/abs/2104.14294, figure 1). The gradient map is
Grad-CAM (Selvaraju et al. 2017, https://arxiv.org/abs/1610.02391) at the last feature map, by the gradient of
the classifier's logit through shaping and pooling: it tells what speaks for a class, as coarsely as that map
is. The weights of logistic regression with an L2 penalty sum to zero over the classes: a logit is already
relative to the mean of the others, and needs no second class to compare with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.classifiers.shaping import Shaping

Score = Callable[[torch.Tensor], torch.Tensor]
"""Embeddings float32 (1, d) to one number to be explained, differentiable."""

_EPSILON = 1e-6
"""Keeps the slope of the square root finite where a feature is silent."""


@dataclass(frozen=True)
class Explanation:
    """Maps float32 (h, w) in 0..1 by name, each over the whole image as the backbone saw it.

    `method` "attention": `mean` and `max` over the heads of the last layer, from the class token to the
    patches. `method` "gradient": `gradient`, what raises the score. The largest value of a map is 1, unless
    all of it is 0; nothing is subtracted, so an even map stays even.
    """

    method: Literal["attention", "gradient"]
    maps: dict[str, NDArray[np.float32]]


def explain(backbone: Backbone, pixels: NDArray[np.uint8], score: Score | None = None) -> Explanation:
    """Explain the embedding of one image, uint8 (s, s, 3) of the backbone's image size.

    `score` is what gradients are taken of, the length of the embedding without one; attention needs none.
    Raises `UserError` for a backbone that offers neither attention nor feature maps.
    """
    images = torch.from_numpy(backbone.preprocessing.normalised(pixels))[None]
    network = _network(backbone)
    if has_attention(backbone):
        patches = attention(network, images)[:, _prefix(network) :]
        heads = patches.reshape(len(patches), *_grid(patches.shape[1]))
        return Explanation("attention", {"mean": _scaled(heads.mean(0)), "max": _scaled(heads.amax(0))})
    return Explanation("gradient", {"gradient": _scaled(_gradient_map(network, images, score or _length))})


def has_attention(backbone: Backbone) -> bool:
    """Whether it is explained by attention: its embedding is a class token."""
    return getattr(_network(backbone), "cls_token", None) is not None


def _network(backbone: Backbone) -> Any:
    return getattr(backbone.module, "network", backbone.module)


def attention(network: nn.Module, images: torch.Tensor) -> torch.Tensor:
    """How much the class token of one image takes from each token in the last layer: (heads, tokens).

    Each row sums to 1; the class token, and registers where there are some, come first.
    """
    layers = [m for m in network.modules() if hasattr(m, "fused_attn") and hasattr(m, "attn_drop")]
    if not layers:
        raise UserError(
            tr("This image model tells neither attention nor feature maps, so nothing can be shown.")
        )
    last: Any = layers[-1]
    seen: list[torch.Tensor] = []
    hook = last.attn_drop.register_forward_hook(lambda _module, given, _result: seen.append(given[0]))
    look: Any = network.forward_features
    fused, last.fused_attn = last.fused_attn, False  # the fused kernel never holds the weights
    try:
        with torch.inference_mode():
            look(images)
    finally:
        last.fused_attn = fused
        hook.remove()
    return seen[-1][0, :, 0].float()


def towards_class(shaping: Shaping, weights: NDArray[np.float32], bias: float = 0.0) -> Score:
    """The logit of one class, weights (d,) in the prepared space, as a function of the raw embedding."""
    mean, matrix, direction = (torch.from_numpy(np.ascontiguousarray(a, np.float32)) for a in
                               (shaping.mean, shaping.matrix, weights))  # fmt: skip

    def score(vectors: torch.Tensor) -> torch.Tensor:
        values = torch.sqrt(vectors.clamp(min=0) + _EPSILON) if shaping.root else vectors
        prepared = nn.functional.normalize((values - mean) @ matrix, dim=1)
        return (prepared @ direction).sum() + bias

    return score


def _length(vectors: torch.Tensor) -> torch.Tensor:
    length: torch.Tensor = vectors.norm()
    return length


def _gradient_map(network: Any, images: torch.Tensor, score: Score) -> torch.Tensor:
    """Grad-CAM at the last feature map: channels weighed by their mean slope, what speaks against is 0."""
    with torch.no_grad():
        features = network.forward_features(images)
    features = features.float().detach().requires_grad_(True)
    with torch.enable_grad():
        value = score(network.forward_head(features, pre_logits=True))
        (slope,) = torch.autograd.grad(value, features)
    channels, slopes = (_channels_last(t, network) for t in (features.detach(), slope))
    return torch.relu((channels * slopes.mean((0, 1))).sum(-1))


def _channels_last(features: torch.Tensor, network: Any) -> torch.Tensor:
    """(h, w, channels) of one image, from whatever order the network keeps them in."""
    one = features[0]
    if one.ndim == 2:
        return one[_prefix(network) :].reshape(*_grid(len(one) - _prefix(network)), -1)
    if one.ndim != 3:
        raise UserError(
            tr("This image model tells neither attention nor feature maps, so nothing can be shown.")
        )
    return one if one.shape[-1] == getattr(network, "num_features", 0) != one.shape[0] else one.movedim(0, -1)


def _prefix(network: Any) -> int:
    """Tokens before the patches: XCiT, which does not say, has the class token alone."""
    tokens = getattr(network, "num_prefix_tokens", None)
    return int(tokens) if isinstance(tokens, int) else int(getattr(network, "cls_token", None) is not None)


def _grid(n_patches: int) -> tuple[int, int]:
    """Rows and columns of the patches; images are square."""
    side = round(n_patches**0.5)
    if side * side != n_patches:
        raise UserError(
            tr("The patches of this image model form no square, so they cannot be shown on the image.")
        )
    return side, side


def _scaled(heat: torch.Tensor) -> NDArray[np.float32]:
    largest = float(heat.max())
    return np.asarray((heat / largest if largest > 0 else torch.zeros_like(heat)).numpy(), np.float32)
