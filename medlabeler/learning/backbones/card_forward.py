"""The forward pass on a graphics card that never waits: while a batch is computed the next ones are on their
way, and the vectors of the one before come back.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.learning.device import Arriving, Card, out_of_memory

UNDER_WAY = 2
"""Batches that the card has in hand; of one alone it would see the end before the next is asked for."""

Failed = list[tuple[int, str]]


class CardForward:
    """Pictures of `size` to vectors, `batch_size` at a time, or fewer once memory has run out."""

    def __init__(
        self,
        card: Card,
        module: Any,
        mean: torch.Tensor,
        std: torch.Tensor,
        precision: str,
        batch_size: int,
        size: int,
        most: float,
    ) -> None:
        """`mean` and `std` (1, 3, 1, 1) of pixels 0..255 on the card; vectors are cut to ± `most`."""
        self._card, self._module, self._mean, self._std = card, module, mean, std
        self._reduced, self._most = precision == "bfloat16", most
        self.batch_size = batch_size
        shape = (batch_size, size, size, 3)
        # A place is filled again only when what was in it has come back as vectors.
        self._staging = [card.staging(*shape, dtype=torch.uint8) for _ in range(UNDER_WAY + 1)]
        self._on_card = [card.room(*shape, dtype=torch.uint8) for _ in range(UNDER_WAY + 1)]
        self._place = 0

    def stacked(self, pictures: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint8]:
        """The pictures uint8 (size, size, 3) where the card reads them, for the batch that is next."""
        self._place = (self._place + 1) % len(self._staging)
        room: NDArray[np.uint8] = self._staging[self._place].numpy()
        for number, picture in enumerate(pictures):
            room[number] = picture
        return room[: len(pictures)]

    def embedded(
        self, batches: Iterator[tuple[NDArray[np.int64], NDArray[np.uint8], Failed]]
    ) -> Iterator[tuple[NDArray[np.int64], NDArray[np.float16], Failed]]:
        """Rows, vectors (b, dim) and failures of each batch, in their order, `UNDER_WAY` batches late.

        Pictures are those of `stacked`. Raises `UserError` when not even one image fits.
        """
        under_way: deque[tuple[NDArray[np.int64], list[Arriving], Failed]] = deque()
        for rows, pictures, failed in batches:
            under_way.append((rows, self._start(len(pictures)), failed))
            while len(under_way) > UNDER_WAY:
                yield _arrived(*under_way.popleft())
        while under_way:
            yield _arrived(*under_way.popleft())

    def _start(self, n: int) -> list[Arriving]:
        """Ask for the vectors of the `n` pictures that were stacked last."""
        pictures = self._on_card[self._place][:n]
        with self._card.copying():
            pictures.copy_(self._staging[self._place][:n], non_blocking=True)
            there = self._card.mark()
        there.before_next()
        parts: list[Arriving] = []
        start = 0
        while start < n:
            try:
                parts.append(self._run(pictures[start : start + self.batch_size]))
                start += self.batch_size
            except (RuntimeError, MemoryError) as error:
                if not out_of_memory(error):
                    raise
                if self.batch_size == 1:
                    raise UserError(
                        tr(
                            "There is not enough memory for the image model to look at even one image "
                            "at a time."
                        )
                    ) from error
                self.batch_size //= 2
                self._card.free()
        return parts

    @torch.inference_mode()
    def _run(self, pictures: torch.Tensor) -> Arriving:
        images = pictures.permute(0, 3, 1, 2).float().sub_(self._mean).div_(self._std)
        with torch.autocast(pictures.device.type, torch.bfloat16, enabled=self._reduced):
            vectors = self._module(images)
        short = vectors.float().clamp_(-self._most, self._most).half()
        return Arriving(short, self._card)


def _arrived(
    rows: NDArray[np.int64], parts: list[Arriving], failed: Failed
) -> tuple[NDArray[np.int64], NDArray[np.float16], Failed]:
    found = [part.arrived().numpy() for part in parts]
    # Copied in any case: the memory that the card writes to is used again.
    return rows, np.concatenate(found) if found else np.empty((0, 0), np.float16), failed
