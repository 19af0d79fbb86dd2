"""Threads in each of which torch works alone: pieces of work side by side instead of one on all cores.

Threads of one piece wait for each other after every layer or product. A core that is busy elsewhere then
holds up all of them; side by side it only gets less done.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import torch


def lone_threads(n: int, name: str, begin: Callable[[int], None] = lambda number: None) -> ThreadPoolExecutor:
    """A pool of `n` threads named `name`, all of them there already; each has called `begin(its number)`."""
    usual = torch.get_num_threads()
    pool = ThreadPoolExecutor(n, name)
    all_here = threading.Barrier(n)

    def alone(number: int) -> None:
        begin(number)
        # The setting holds for the calling thread, but a thread takes the latest one of all when it first
        # asks: so it asks before that is set back.
        torch.set_num_threads(1)
        torch.get_num_threads()
        all_here.wait()

    for started in [pool.submit(alone, number) for number in range(n)]:
        started.result()
    torch.set_num_threads(usual)
    return pool
