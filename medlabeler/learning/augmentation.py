"""Random views of images for training networks, a batch at a time, as torch operations on CPU or GPU.

The augmentation of Caron et al. 2021, multi-crop, with the full rotation of Nielsen et al. 2023
(Bioengineering 10(8):895): cells have no upright. What a view looks like depends on (seed, epoch, image,
view) alone, not on the batch the image is in, so that a resumed run, or one on more devices, sees the same.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

_GREY = (0.299, 0.587, 0.114)
# From RGB to brightness and two axes of colour (NTSC's YIQ), where a change of hue is a rotation.
_YIQ = np.array(((0.299, 0.587, 0.114), (0.595716, -0.274453, -0.321263), (0.211456, -0.522591, 0.311135)))
_RGB = np.linalg.inv(_YIQ)
_DRAWS = 16

_Between = Callable[[int, float, float], NDArray[np.float64]]


@dataclass(frozen=True)
class View:
    """How one kind of view is made.

    `size` in pixels of the result; `area` range of the crop's share of the image; the chances of blur (by a
    Gaussian of 0.1 to 2 pixels at a size of 224) and of solarisation (what is brighter than half is
    inverted).
    """

    size: int
    area: tuple[float, float]
    blur: float
    solarise: float = 0.0


@dataclass(frozen=True)
class Appearance:
    """What all views share: colour jitter as in torchvision, within 1 ± brightness, contrast, saturation and
    a turn of hue within ± `hue` of the circle, with probability `jitter_chance`; loss of colour with
    `grey_chance`; rotation to either side within `degrees`; both `flips`, each half of the time, unless
    images have an up and a left; a crop's ratio of width to height.
    """

    ratio: tuple[float, float] = (3 / 4, 4 / 3)
    degrees: float = 180.0
    brightness: float = 0.4
    contrast: float = 0.4
    saturation: float = 0.2
    hue: float = 0.1
    jitter_chance: float = 0.8
    grey_chance: float = 0.2
    sigma: tuple[float, float] = (0.1, 2.0)
    flips: bool = True


GENTLE = Appearance(brightness=0.2, contrast=0.2, saturation=0.1, hue=0.0, grey_chance=0.0)


def multi_crop(size: int, local_size: int, n_local: int, colour: str = "full") -> tuple[View, ...]:
    """Two global views, then `n_local` local ones, which differ in colour and sharpness as published with
    `colour` "full". With "gentle" by half of the jitter, without turn of hue, grey or solarisation, with blur
    in one view of ten: stains tell cells apart by colour, and a network that learnt to ignore it needs more
    labels.
    """
    whole, part = (0.5, 1.0), (0.1, 0.5)
    if colour == "gentle":
        return (
            *(View(size, whole, 0.1) for _ in range(2)),
            *(View(local_size, part, 0.1) for _ in range(n_local)),
        )
    return (
        View(size, whole, blur=1.0),
        View(size, whole, blur=0.1, solarise=0.2),
        *(View(local_size, part, blur=0.5) for _ in range(n_local)),
    )


def chances(
    seed: int, epoch: int, images: NDArray[np.integer[Any]], view: int, n: int
) -> NDArray[np.float64]:
    """Numbers (b, n) uniform in 0..1 for the images (b,), from their keys alone.

    SplitMix64 (Steele, Lea and Flood 2014, doi:10.1145/2714064.2660195) seeded by the key of each image.
    """
    with np.errstate(over="ignore"):
        state = np.full(len(images), 0x9E3779B97F4A7C15, np.uint64)
        for part in (np.uint64(seed), np.uint64(epoch), images.astype(np.uint64), np.uint64(view)):
            state = _mixed(state ^ part)
        steps = np.arange(1, n + 1, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
        numbers = _mixed(state[:, None] + steps)
    return (numbers >> np.uint64(11)).astype(np.float64) * 2.0**-53


def _mixed(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    z = (z + np.uint64(0x9E3779B97F4A7C15)).astype(np.uint64)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return z ^ (z >> np.uint64(31))


class Views:
    """Draws views of batches; `mean` and `std` (3 each) are what the backbone's images are normalised by."""

    def __init__(
        self,
        views: Sequence[View],
        mean: Sequence[float],
        std: Sequence[float],
        seed: int,
        appearance: Appearance | None = None,
    ) -> None:
        self.views, self.seed, self.appearance = tuple(views), seed, appearance or Appearance()
        self.mean, self.std = tuple(mean), tuple(std)

    def draw(self, pixels: torch.Tensor, images: NDArray[np.integer[Any]], epoch: int) -> list[torch.Tensor]:
        """All views of a batch, each float32 (b, 3, size, size), normalised, channels last.

        `pixels` uint8 (b, h, w, 3) on the device the views shall be on; `images` (b,) the numbers of the
        images, which together with `epoch` decide what is drawn.
        """
        # Apple's GPUs lack some of what follows.
        home, where = pixels.device, torch.device("cpu") if pixels.device.type == "mps" else pixels.device
        planes = pixels.to(where).permute(0, 3, 1, 2).float().contiguous().div_(255)
        return [
            self._one(planes, view, chances(self.seed, epoch, images, number, _DRAWS)).to(home)
            for number, view in enumerate(self.views)
        ]

    def normalised(self, planes: torch.Tensor) -> torch.Tensor:
        """Float images (b, 3, h, w) in 0..1, changed in place, as the backbone takes them; channels last."""
        mean, std = (_tensor(np.array(v), planes.device).view(1, 3, 1, 1) for v in (self.mean, self.std))
        return planes.sub_(mean).div_(std).contiguous(memory_format=torch.channels_last)

    def _one(self, planes: torch.Tensor, view: View, u: NDArray[np.float64]) -> torch.Tensor:
        device, appearance = planes.device, self.appearance

        def between(column: int, low: float, high: float) -> NDArray[np.float64]:
            return low + u[:, column] * (high - low)

        transform = _transform(view.area, appearance, between)
        size = (len(planes), 3, view.size, view.size)
        grid = functional.affine_grid(_tensor(transform, device), list(size), align_corners=False)
        moved = functional.grid_sample(
            planes, grid, mode="bilinear", padding_mode="reflection", align_corners=False
        )
        moved = _recoloured(moved, appearance, between)
        moved = _blurred(moved, view, appearance, between)
        if view.solarise:
            chosen = _rows(between(12, 0, 1) < view.solarise, device)
            if len(chosen):
                some = moved[chosen]
                moved[chosen] = torch.where(some >= 0.5, 1 - some, some)
        return self.normalised(moved)


def _tensor(values: NDArray[np.float64], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(np.ascontiguousarray(values, np.float32)).to(device)


def _rows(mask: NDArray[np.bool_], device: torch.device) -> torch.Tensor:
    return torch.from_numpy(np.flatnonzero(mask)).to(device)


def _transform(area: tuple[float, float], appearance: Appearance, between: _Between) -> NDArray[np.float64]:
    """Affine maps (b, 2, 3) from the view to the image: crop, flips and rotation in one resampling."""
    share = between(0, *area)
    ratio = np.exp(between(1, math.log(appearance.ratio[0]), math.log(appearance.ratio[1])))
    width, height = np.minimum(np.sqrt(share * ratio), 1), np.minimum(np.sqrt(share / ratio), 1)
    x, y = between(2, -1, 1) * (1 - width), between(3, -1, 1) * (1 - height)
    if appearance.flips:  # a sign on each axis is a flip
        width = np.where(between(4, 0, 1) < 0.5, -width, width)
        height = np.where(between(5, 0, 1) < 0.5, -height, height)
    angle = between(6, -math.radians(appearance.degrees), math.radians(appearance.degrees))
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack(
        [np.stack([cos * width, -sin * width, x], 1), np.stack([sin * height, cos * height, y], 1)], 1
    )


def _recoloured(images: torch.Tensor, appearance: Appearance, between: _Between) -> torch.Tensor:
    """Jitter and loss of colour as one matrix and one offset for each image, then cut to 0..1."""
    jittered = between(7, 0, 1) < appearance.jitter_chance

    def factor(column: int, strength: float) -> NDArray[np.float64]:
        return np.where(jittered, between(column, 1 - strength, 1 + strength), 1.0)

    brightness, contrast = factor(8, appearance.brightness), factor(9, appearance.contrast)
    saturation = factor(10, appearance.saturation)
    saturation = np.where(between(11, 0, 1) < appearance.grey_chance, 0.0, saturation)
    turn = np.where(jittered, between(13, -appearance.hue, appearance.hue), 0.0) * 2 * math.pi
    # Saturation stretches the two axes of colour, hue turns them.
    change = np.zeros((len(turn), 3, 3))
    change[:, 0, 0] = 1
    change[:, 1, 1] = change[:, 2, 2] = saturation * np.cos(turn)
    change[:, 2, 1] = saturation * np.sin(turn)
    change[:, 1, 2] = -change[:, 2, 1]
    matrix = (_RGB @ change @ _YIQ) * (brightness * contrast)[:, None, None]
    flat = images.flatten(2)
    # Contrast works about the mean brightness of the view, which is the same before and after a turn of hue.
    level = flat.mean(dim=2) @ _tensor(np.array(_GREY), images.device)
    offset = level * _tensor(brightness * (1 - contrast), images.device)
    mixed = torch.baddbmm(offset[:, None, None], _tensor(matrix, images.device), flat)
    return mixed.clamp_(0, 1).view_as(images)


def _blurred(images: torch.Tensor, view: View, appearance: Appearance, between: _Between) -> torch.Tensor:
    scale = view.size / 224
    radius = min(math.ceil(3 * appearance.sigma[1] * scale), view.size - 1)
    mask = between(14, 0, 1) < view.blur
    if not mask.any():
        return images
    sigma = np.maximum(between(15, *appearance.sigma)[mask] * scale, 1e-3)
    steps = np.arange(-radius, radius + 1)
    kernel = np.exp(-0.5 * (steps[None, :] / sigma[:, None]) ** 2)
    kernel /= kernel.sum(axis=1, keepdims=True)
    weights = _tensor(kernel, images.device).repeat_interleave(3, 0)[:, None, None, :]
    chosen = _rows(mask, images.device)
    # One kernel for each image: the channels of all images as the groups of one convolution.
    flat = images[chosen].view(1, -1, view.size, view.size)
    flat = functional.pad(flat, (radius, radius, radius, radius), mode="reflect")
    flat = functional.conv2d(flat, weights, groups=flat.shape[1])
    flat = functional.conv2d(flat, weights.transpose(2, 3), groups=flat.shape[1])
    images[chosen] = flat.view(len(chosen), 3, view.size, view.size)
    return images
