"""Forward passes as training makes them: in reduced precision where it is wanted, and without gradients."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from medlabeler.learning.dino.depthwise import FastDepthwise


@contextmanager
def precision(device: str, reduced: bool) -> Iterator[None]:
    """bfloat16 where `reduced`, with depthwise convolutions that CPUs are fast at; else nothing changes."""
    with ExitStack() as stack:
        stack.enter_context(torch.autocast(device.split(":")[0], torch.bfloat16, enabled=reduced))
        if reduced and device == "cpu":
            stack.enter_context(FastDepthwise())
        yield


@torch.no_grad()
def embeddings(
    network: nn.Module,
    batches: Iterable[NDArray[np.uint8]],
    normalised: Callable[[torch.Tensor], torch.Tensor],
    *,
    size: int,
    device: str,
    reduced: bool,
) -> Iterator[NDArray[np.float32]]:
    """Embeddings (b, dim) of each batch of pixels uint8 (b, h, w, 3), brought to `size` and `normalised`."""
    for batch in batches:
        planes = (
            torch.from_numpy(np.ascontiguousarray(batch)).to(device).permute(0, 3, 1, 2).float().div_(255)
        )
        if planes.shape[-1] != size:
            planes = functional.interpolate(
                planes, (size, size), mode="bilinear", antialias=True, align_corners=False
            )
        with precision(device, reduced):
            found = network(normalised(planes))
        yield found.float().cpu().numpy()
