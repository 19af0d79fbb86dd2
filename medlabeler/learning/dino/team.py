"""The processes of a run started by torchrun, or just this one: one code path for both."""

from __future__ import annotations

import os
from collections.abc import Sequence

import numpy as np
import torch
from numpy.typing import NDArray
from torch import distributed, nn


class Team:
    """`size` processes of which this is number `rank`; every method does nothing much for a team of one."""

    def __init__(self, rank: int = 0, size: int = 1) -> None:
        self.rank, self.size = rank, size

    @classmethod
    def from_environment(cls, device: str) -> Team:
        """Join the processes that torchrun started, if it did."""
        size = int(os.environ.get("WORLD_SIZE", "1"))
        if size == 1:
            return cls()
        distributed.init_process_group("nccl" if device.startswith("cuda") else "gloo")
        return cls(distributed.get_rank(), size)

    @property
    def leads(self) -> bool:
        """Whether this process writes files and tells how it goes."""
        return self.rank == 0

    def own_device(self, device: str) -> str:
        """The graphics card of this process."""
        return f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if device == "cuda" and self.size > 1 else device

    def prepared(self, network: nn.Module, device: str) -> nn.Module:
        """Batch normalisation over all processes, where torch has it (on graphics cards)."""
        if self.size > 1 and device.startswith("cuda"):
            converted: nn.Module = nn.SyncBatchNorm.convert_sync_batchnorm(network)  # type: ignore[no-untyped-call]
            return converted
        return network

    def share(self, images: NDArray[np.int64]) -> NDArray[np.int64]:
        """This process's part of a batch; all parts are of one length."""
        each = len(images) // self.size
        return images[self.rank * each : (self.rank + 1) * each]

    def average(self, tensors: Sequence[torch.Tensor]) -> None:
        """Replace the tensors by their mean over the team, in one message."""
        if self.size == 1 or not tensors:
            return
        flat = torch.cat([tensor.reshape(-1) for tensor in tensors])
        distributed.all_reduce(flat)
        flat /= self.size
        start = 0
        for tensor in tensors:
            tensor.copy_(flat[start : start + tensor.numel()].view_as(tensor))
            start += tensor.numel()

    def agree(self, wish: bool) -> bool:
        """What the leader wishes, known to all."""
        if self.size == 1:
            return wish
        word = torch.tensor([int(wish)], device="cuda" if distributed.get_backend() == "nccl" else "cpu")
        distributed.broadcast(word, 0)
        return bool(word.item())

    def leave(self) -> None:
        """Part from the others."""
        if self.size > 1:
            distributed.destroy_process_group()
