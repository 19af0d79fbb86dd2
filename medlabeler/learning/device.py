"""The one seam to a graphics card: memory that the card copies by itself, and work that waits for no one.

A `Card` named "cpu" goes the same ways on the processor: tests run what a card would run.
"""

from __future__ import annotations

import contextlib
from collections import deque
from contextlib import AbstractContextManager
from typing import Any

import torch

ROWS = 1 << 17
"""Images that a card looks at in one go: enough to be busy with, and some hundred MB at most."""

_UNDER_WAY = 6
PAYS = 64_000_000
"""Bytes of vectors from which on a card is worth the second that it takes to wake."""
SPARE = 6 << 30


class Card:
    """A device with memory of its own."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._real = name.startswith("cuda")
        stream: Any = torch.cuda.Stream  # torch does not type it
        self._copying = stream(name) if self._real else None

    def staging(self, *shape: int, dtype: torch.dtype) -> torch.Tensor:
        """Memory of the processor, not filled, that the card reads and writes beside other work."""
        return torch.empty(shape, dtype=dtype, pin_memory=self._real)

    def room(self, *shape: int, dtype: torch.dtype) -> torch.Tensor:
        """Memory of the card, not filled."""
        return torch.empty(shape, dtype=dtype, device=self.name)

    def copying(self) -> AbstractContextManager[Any]:
        """What is asked of the card inside is done beside its other work."""
        if self._copying is None:
            return contextlib.nullcontext()
        return torch.cuda.stream(self._copying)

    def mark(self) -> Mark:
        """The place behind all that was asked so far, inside `copying` of that, else of the rest."""
        return Mark(torch.cuda.current_stream(self.name).record_event() if self._real else None)

    def free(self) -> None:
        """Wait for all that was asked, and give back memory that nothing uses."""
        if self._real:
            torch.cuda.synchronize(self.name)
            torch.cuda.empty_cache()


class Mark:
    """A place in the card's work."""

    def __init__(self, event: torch.cuda.Event | None) -> None:
        self._event = event

    def reached(self) -> None:
        """Wait here until the card is there."""
        if self._event is not None:
            self._event.synchronize()

    def before_next(self) -> None:
        """Let the card do what is asked from now on only when it is there; nobody waits here."""
        if self._event is not None:
            self._event.wait()


class Arriving:
    """A result on its way from the card while the card goes on; without a card it is there."""

    def __init__(self, result: torch.Tensor, card: Card | None) -> None:
        self._tensor, self._mark = result, Mark(None)
        if card is not None:
            self._tensor = card.staging(*result.shape, dtype=result.dtype)
            self._tensor.copy_(result, non_blocking=True)
            self._mark = card.mark()

    def arrived(self) -> torch.Tensor:
        """Wait for it. The card may write there again once nobody holds the tensor."""
        self._mark.reached()
        return self._tensor


class Returning:
    """Results on their way from the card into tensors of the processor, while the card goes on."""

    def __init__(self, card: Card) -> None:
        self._card, self.device = card, card.name
        self._under_way: deque[tuple[Arriving, torch.Tensor]] = deque()

    def send(self, result: torch.Tensor, into: torch.Tensor) -> None:
        """Have `into` filled with `result`, of one shape, before `finish` comes back."""
        self._under_way.append((Arriving(result.contiguous(), self._card), into))
        while len(self._under_way) > _UNDER_WAY:
            self._take()

    def finish(self) -> None:
        """Wait until all have arrived."""
        while self._under_way:
            self._take()

    def _take(self) -> None:
        result, into = self._under_way.popleft()
        into.copy_(result.arrived())


def has_memory_of_its_own(device: str) -> bool:
    """Whether arrays have to be copied there, and results back."""
    return device.startswith("cuda")


def out_of_memory(error: BaseException) -> bool:
    """Whether it says that memory of the processor or the card ran out."""
    text = str(error).lower()
    return (
        isinstance(error, (MemoryError, torch.OutOfMemoryError))
        or "out of memory" in text
        or "allocate memory" in text
    )


def card_for(n_bytes: int) -> Card | None:
    """The graphics card of this machine, if it has one with room for twice as much; None to stay on the
    processor.
    """
    if n_bytes < PAYS or not torch.cuda.is_available():
        return None
    return Card("cuda") if torch.cuda.mem_get_info()[0] > 2 * n_bytes + SPARE else None
