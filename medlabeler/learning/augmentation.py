"""Random views of labelled images for training a network, a batch at a time.

The augmentation of Nielsen et al. 2023 (Bioengineering 10(8):895) as far as it keeps an image's class: both
flips, rotation to 180 degrees, random resized crop, colour jitter, blur. Their loss of colour and inversion
of brightness are left out: they help to learn without labels, but stain and colour tell classes apart.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch.nn import functional

_Uniform = Callable[[float, float], torch.Tensor]
_GREY = (0.299, 0.587, 0.114)
# From RGB to brightness and two axes of colour (NTSC's YIQ), where a change of hue is a rotation.
_YIQ = ((0.299, 0.587, 0.114), (0.595716, -0.274453, -0.321263), (0.211456, -0.522591, 0.311135))


@dataclass(frozen=True)
class Augmentation:
    """Draws every image of a batch its own view.

    `area` range of the crop's share of the image, `ratio` of its width to its height (log-uniform);
    `degrees` of rotation to either side; jitter as in torchvision: factors within 1 ± brightness, contrast,
    saturation, and a turn of hue within ± `hue` of the circle, all with probability `jitter_chance`; blur
    by a Gaussian of `sigma` pixels at a size of 224, with probability `blur_chance`.
    """

    area: tuple[float, float] = (0.5, 1.0)
    ratio: tuple[float, float] = (3 / 4, 4 / 3)
    degrees: float = 180.0
    brightness: float = 0.4
    contrast: float = 0.4
    saturation: float = 0.2
    hue: float = 0.1
    jitter_chance: float = 0.8
    sigma: tuple[float, float] = (0.1, 2.0)
    blur_chance: float = 0.5

    def __call__(self, images: torch.Tensor, chance: torch.Generator) -> torch.Tensor:
        """Views of float images (b, 3, s, s) in 0..1, on their device; `chance` is a generator on the CPU."""
        n, device = len(images), images.device

        def uniform(low: float, high: float) -> torch.Tensor:
            return (torch.rand(n, generator=chance) * (high - low) + low).to(device)

        images = self._moved(images, uniform)
        images = self._recoloured(images, uniform)
        return self._blurred(images, uniform)

    def _moved(self, images: torch.Tensor, uniform: _Uniform) -> torch.Tensor:
        """Crop, flips and rotation in one resampling; what comes from beyond the rim is mirrored."""
        area, ratio = uniform(*self.area), uniform(math.log(self.ratio[0]), math.log(self.ratio[1])).exp()
        width, height = (area * ratio).sqrt().clamp(max=1), (area / ratio).sqrt().clamp(max=1)
        x, y = uniform(-1, 1) * (1 - width), uniform(-1, 1) * (1 - height)
        # A sign on each axis is a flip.
        width, height = (
            width * (uniform(-1, 1) < 0).mul(2).sub(1),
            height * (uniform(-1, 1) < 0).mul(2).sub(1),
        )
        angle = uniform(-math.radians(self.degrees), math.radians(self.degrees))
        cos, sin = angle.cos(), angle.sin()
        # Output to input coordinates: turn about the crop's centre, then stretch to the crop.
        transform = torch.stack(
            [torch.stack([cos * width, -sin * width, x], 1), torch.stack([sin * height, cos * height, y], 1)],
            1,
        )
        grid = functional.affine_grid(transform, list(images.shape), align_corners=False)
        return functional.grid_sample(
            images, grid, mode="bilinear", padding_mode="reflection", align_corners=False
        )

    def _recoloured(self, images: torch.Tensor, uniform: _Uniform) -> torch.Tensor:
        def factor(strength: float) -> torch.Tensor:
            value = 1 + uniform(-strength, strength)
            return torch.where(on, value, torch.ones_like(value))

        on = uniform(0, 1) < self.jitter_chance
        brightness, contrast, saturation = map(factor, (self.brightness, self.contrast, self.saturation))
        turn = torch.where(on, uniform(-self.hue, self.hue), torch.zeros_like(brightness)) * (2 * math.pi)
        images = (images * brightness.view(-1, 1, 1, 1)).clamp(0, 1)
        grey = torch.tensor(_GREY, device=images.device).view(1, 3, 1, 1)
        level = (images * grey).sum(1, keepdim=True).mean((2, 3), keepdim=True)
        images = (level + (images - level) * contrast.view(-1, 1, 1, 1)).clamp(0, 1)
        # Saturation stretches the two axes of colour, hue turns them: one matrix for each image.
        to_yiq = torch.tensor(_YIQ, device=images.device)
        one, zero = torch.ones_like(turn), torch.zeros_like(turn)
        cos, sin = saturation * turn.cos(), saturation * turn.sin()
        change = torch.stack(
            [
                torch.stack([one, zero, zero], 1),
                torch.stack([zero, cos, -sin], 1),
                torch.stack([zero, sin, cos], 1),
            ],
            1,
        )
        # Apple's and NVIDIA's inverses differ in the last digits; this one is three by three, on the CPU.
        back = torch.linalg.inv(to_yiq.cpu()).to(images.device)
        return torch.einsum("bij,bjhw->bihw", back @ change @ to_yiq, images).clamp(0, 1)

    def _blurred(self, images: torch.Tensor, uniform: _Uniform) -> torch.Tensor:
        size = images.shape[-1]
        scale = size / 224
        on = uniform(0, 1) < self.blur_chance
        sigma = uniform(*self.sigma) * scale
        radius = min(math.ceil(3 * self.sigma[1] * scale), size - 1)
        chosen = torch.nonzero(on).flatten()
        if not len(chosen) or radius < 1:
            return images
        steps = torch.arange(-radius, radius + 1, device=images.device)
        kernel = torch.exp(-0.5 * (steps[None, :] / sigma[chosen, None].clamp(min=1e-3)) ** 2)
        kernel = (kernel / kernel.sum(1, keepdim=True)).repeat_interleave(3, 0)[:, None, None, :]
        # One kernel for each image: the channels of all images as the groups of one convolution.
        flat = images[chosen].reshape(1, -1, size, size)
        flat = functional.pad(flat, (radius, radius, radius, radius), mode="reflect")
        flat = functional.conv2d(flat, kernel, groups=flat.shape[1])
        flat = functional.conv2d(flat, kernel.transpose(2, 3), groups=flat.shape[1])
        images = images.clone()
        images[chosen] = flat.reshape(len(chosen), 3, size, size)
        return images
