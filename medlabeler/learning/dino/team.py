"""The processes that share a run, or just this one: one code path for both.

They meet in a folder that only this user can open and talk by sockets that only this machine can reach; no
name is looked up. Nothing but tensors travels, and nothing that arrives is unpickled. Processes of several
machines meet in the same way, in a folder that all of them see, and each listens on the one address that it
was given; what travels there is not encrypted.
"""

from __future__ import annotations

import contextlib
import os
import socket
import struct
from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import distributed, nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

LOOPBACK = "127.0.0.1"
GLOO = "gloo_on_one_address"
_SIOCGIFADDR = 0x8915
"""Asks Linux for the address of an interface (man 7 netdevice)."""
PATIENCE = timedelta(days=1)
"""Others wait while the leader decodes all images; a process that is gone is noticed at once all the same."""


class Team:
    """`size` processes of which this is number `rank`; every method does nothing much for a team of one."""

    def __init__(self, rank: int = 0, size: int = 1, here: int | None = None) -> None:
        """`here` of the processes are on each machine; all of them if None."""
        self.rank, self.size, self._card = rank, size, rank % (here or size)

    @classmethod
    def join(
        cls,
        device: str,
        meeting: Path | None,
        rank: int,
        size: int,
        *,
        here: int | None = None,
        address: str = LOOPBACK,
    ) -> Team:
        """Meet the others in the folder `meeting`, made for this start of the run; waits for all of them.
        `address` of this machine, where the others are elsewhere.
        """
        if meeting is None:
            return cls()
        team = cls(rank, size, here)
        on_cards = device.startswith("cuda")
        if on_cards:
            torch.cuda.set_device(team._card)
            os.environ["NCCL_SOCKET_IFNAME"] = f"={interface_of(address)}"
        elif GLOO not in distributed.Backend.backend_list:
            distributed.Backend.register_backend(GLOO, partial(_gloo_on, address), devices=["cpu"])
        distributed.init_process_group(
            "nccl" if on_cards else GLOO,
            store=distributed.FileStore(str(meeting / "store"), size),  # type: ignore[attr-defined]  # torch does not type it
            rank=rank,
            world_size=size,
            timeout=PATIENCE,
        )
        return team

    @property
    def leads(self) -> bool:
        """Whether this process writes files and tells how it goes."""
        return self.rank == 0

    def own_device(self, device: str) -> str:
        """The graphics card of this process."""
        return f"cuda:{self._card}" if device == "cuda" and self.size > 1 else device

    def prepared(self, network: nn.Module, device: str) -> nn.Module:
        """Batch normalisation over all processes, where torch has it (on graphics cards)."""
        if self.size > 1 and device.startswith("cuda"):
            convert: Any = nn.SyncBatchNorm.convert_sync_batchnorm
            converted: nn.Module = convert(network)
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


def interface_of(address: str) -> str:
    """The network interface with this IPv4 address, as NCCL wants it; `UserError` where there is none."""
    if address == LOOPBACK:
        return "lo"
    import fcntl

    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        for _, name in socket.if_nameindex():
            request = struct.pack("256s", name.encode()[:15])
            with contextlib.suppress(OSError):  # it has no address
                found = fcntl.ioctl(asking.fileno(), _SIOCGIFADDR, request)
                if socket.inet_ntoa(found[20:24]) == address:
                    return name
    raise UserError(tr("{address} is no address of this machine.", address=address))


def _gloo_on(address: str, store: Any, rank: int, size: int, timeout: timedelta) -> Any:
    """Gloo that listens on one address. Left alone it looks up the machine's own name and listens on that
    address; its variable GLOO_SOCKET_IFNAME wants the name of an interface, and loopback's is not the same
    everywhere.
    """
    gloo: Any = distributed.ProcessGroupGloo
    options = gloo._Options()
    options._timeout = timeout
    options._devices = [gloo.create_device(hostname=address)]
    return gloo(store, rank, size, options)
