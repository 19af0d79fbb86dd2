"""Depthwise convolutions whose gradients are as fast in bfloat16 as the rest of a network on a CPU.

Processors with bfloat16 units train everything else of a convolutional network two to four times as fast as
in float32, but oneDNN's gradients of depthwise convolutions are slower there, up to four times, which eats
all of it. The same gradients can be had from operations that are fast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import torch
from torch.nn import functional
from torch.overrides import TorchFunctionMode

_SMALL = 4
"""Up to this side a product for each place of the kernel is faster than oneDNN, whose gradient is wrong where
a map of one pixel meets a stride of two.
"""


class FastDepthwise(TorchFunctionMode):
    """While it is active, depthwise `conv2d` on a CPU under bfloat16 autocast takes the fast way.

    It is meant for square kernels, strides and paddings without dilation or bias; others pass through.
    """

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        if func is functional.conv2d and not kwargs and len(args) == 7:
            images, weight, bias, stride, padding, dilation, groups = args
            plain = _side(stride), _side(padding)
            if (
                groups == images.shape[1] == weight.shape[0]
                and bias is None
                and None not in plain
                and _side(dilation) == 1
                and weight.shape[2] == weight.shape[3]
                and plain[1] < weight.shape[2]
            ):
                return _Depthwise.apply(images, weight, *plain)  # type: ignore[no-untyped-call]  # torch does not type it
        return func(*args, **(kwargs or {}))


def _side(value: Any) -> int | None:
    """The number that a size of one or two equal numbers means."""
    if isinstance(value, int):
        return value
    return int(value[0]) if isinstance(value, list | tuple) and len(set(value)) == 1 else None


class _Depthwise(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any, images: torch.Tensor, weight: torch.Tensor, stride: int, padding: int
    ) -> torch.Tensor:
        x = images.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        w = weight.to(torch.bfloat16)
        ctx.save_for_backward(x, w)
        ctx.stride, ctx.padding, ctx.types = stride, padding, (images.dtype, weight.dtype)
        with torch.autocast("cpu", enabled=False):
            return functional.conv2d(x, w, None, stride, padding, 1, x.shape[1])

    @staticmethod
    def backward(ctx: Any, gradient: torch.Tensor) -> tuple[torch.Tensor | None, torch.Tensor, None, None]:
        x, w = ctx.saved_tensors
        g = gradient.to(torch.bfloat16).contiguous(memory_format=torch.channels_last)
        with torch.autocast("cpu", enabled=False):
            of_images = None
            if ctx.needs_input_grad[0]:
                of_images = _of_images(g, x, w, ctx.stride, ctx.padding).to(ctx.types[0])
            return of_images, _of_weight(g, x, w, ctx.stride, ctx.padding).to(ctx.types[1]), None, None


def _of_images(g: torch.Tensor, x: torch.Tensor, w: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
    """The gradient of the images: a convolution, forwards, with the kernel turned round."""
    kernel, channels = w.shape[-1], x.shape[1]
    first = kernel - 1 - padding
    if stride == 1:
        return functional.conv2d(g, w.flip(2, 3), None, 1, first, 1, channels)
    # Each place of the gradient goes to where its window began; what lies between and beyond is zero.
    height, width = x.shape[2] + kernel - 1, x.shape[3] + kernel - 1
    spread = torch.empty(
        (len(g), channels, height, width), dtype=g.dtype, memory_format=torch.channels_last
    ).zero_()
    spread[
        :, :, first : first + stride * (g.shape[2] - 1) + 1 : stride,
        first : first + stride * (g.shape[3] - 1) + 1 : stride,
    ] = g  # fmt: skip
    return functional.conv2d(spread, w.flip(2, 3), None, 1, 0, 1, channels)


def _of_weight(g: torch.Tensor, x: torch.Tensor, w: torch.Tensor, stride: int, padding: int) -> torch.Tensor:
    kernel, channels = w.shape[-1], x.shape[1]
    if max(g.shape[2:]) <= _SMALL:
        return _of_weight_by_place(g, x, kernel, stride, padding)
    if kernel >= 5:
        g, x, w = g.float(), x.float(), w.float()
    sides = [stride, stride], [padding, padding]
    found: torch.Tensor = torch.ops.aten.convolution_backward(
        g, x, w, None, *sides, [1, 1], False, [0, 0], channels, [False, True, False]
    )[1]
    return found


def _of_weight_by_place(
    g: torch.Tensor, x: torch.Tensor, kernel: int, stride: int, padding: int
) -> torch.Tensor:
    """For each place of the kernel, the product of gradient and images where the two overlap."""
    found = torch.zeros((x.shape[1], 1, kernel, kernel))
    g, x = g.permute(0, 2, 3, 1).float(), x.permute(0, 2, 3, 1).float()
    for row in range(kernel):
        rows_out, rows_in = _overlap(row - padding, stride, g.shape[1], x.shape[1])
        for column in range(kernel):
            columns_out, columns_in = _overlap(column - padding, stride, g.shape[2], x.shape[2])
            product = x[:, rows_in, columns_in] * g[:, rows_out, columns_out]
            found[:, 0, row, column] = product.sum(dim=(0, 1, 2))
    return found


def _overlap(shift: int, stride: int, n_out: int, n_in: int) -> tuple[slice, slice]:
    """The outputs whose input, `shift` beyond `stride` times their place, exists, and these inputs."""
    first = max(0, -(shift // stride))
    last = min(n_out - 1, (n_in - 1 - shift) // stride)
    if last < first:
        return slice(0, 0), slice(0, 0)
    return slice(first, last + 1), slice(first * stride + shift, last * stride + shift + 1, stride)
