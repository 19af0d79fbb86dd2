"""A network's work on a graphics card, recorded once and played back at every step.

A small network is many thousand small tasks; a card finishes each before the processor has named the next.
A recording (a CUDA graph) hands over all of them at once. It holds for one shape of images, so the few shapes
that a run has are recorded each, and what cannot be recorded is done as always.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from medlabeler.learning.device import has_memory_of_its_own, out_of_memory

SHAPES = 3
"""Recordings that are kept: each holds the activations of its images."""

Recorder = Callable[[nn.Module, tuple[Any, ...]], Callable[..., Any]]


class _Player(nn.Module):
    """A network whose `forward` a recorder may replace: the network's own stays as it is."""

    def __init__(self, network: nn.Module, work: Callable[..., Any]) -> None:
        super().__init__()
        self.network, self._work = network, work
        self.train(network.training)

    def forward(self, *inputs: Any) -> Any:
        return self._work(*inputs)


class Recorded:
    """Calls `work`, which computes by `network`, and plays it back where the device can record.

    Inputs are tensors on the device, or lists of such. What comes back, and the gradients of a backward pass,
    lie in memory that the next call overwrites: one backward pass of a recording between two `zero_grad`.
    `record` takes a network and its inputs and returns what plays it; by default a CUDA graph's.
    """

    def __init__(
        self, network: nn.Module, work: Callable[..., Any], device: str, record: Recorder | None = None
    ) -> None:
        self._network, self._work = network, work
        self._record = record or _record
        self.records = record is not None or has_memory_of_its_own(device)
        """Whether anything is recorded at all; no longer once a recording failed."""
        self._players: dict[tuple[Any, ...], Callable[..., Any]] = {}

    def __call__(self, *inputs: Any) -> Any:
        """What `work` says of the inputs."""
        if not self.records:
            return self._work(*inputs)
        key = (self._network.training, torch.is_grad_enabled(), *_shapes(inputs))
        player = self._players.get(key)
        if player is None:
            if len(self._players) == SHAPES:
                return self._work(*inputs)
            try:
                player = self._record(_Player(self._network, self._work), inputs)
            except RuntimeError as error:
                if out_of_memory(error):
                    raise
                # The network asks the card something on its way, or does what no recording can hold.
                self.records = False
                return self._work(*inputs)
            self._players[key] = player
        return player(*inputs)

    def forget(self) -> None:
        """Give back the memory of all recordings."""
        self._players.clear()


def _record(player: nn.Module, inputs: tuple[Any, ...]) -> Callable[..., Any]:
    """The player with its forward and, where gradients are wanted, backward pass recorded."""
    copies = tuple(_copied(one) for one in inputs)
    # A recording is made beside the card's other work, so its gradients come from another stream. They are
    # waited for; torch, where it is new enough to notice, need not say so at every step.
    quiet = getattr(torch.autograd.graph, "set_warn_on_accumulate_grad_stream_mismatch", None)
    if quiet is not None:
        quiet(False)
    made: Callable[..., Any] = torch.cuda.make_graphed_callables(player, copies, allow_unused_input=True)
    return made


def _copied(one: Any) -> Any:
    """The same in memory of its own, of the same layout."""
    return one.clone().detach() if isinstance(one, torch.Tensor) else [_copied(part) for part in one]


def _shapes(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(tuple(one.shape) if isinstance(one, torch.Tensor) else _shapes(tuple(one)) for one in inputs)
