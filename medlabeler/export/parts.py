"""Optional parts of a bundle: dataclasses whose arrays lie among those of the bundle, the rest as JSON.

A part is a frozen dataclass. A field annotated `NDArray[...]` is stored as the array "PART.FIELD" in
`arrays.safetensors`, every other one as JSON under "parts" in `bundle.json`; JSON is held against the class
when it is read (`domain.checked_json`), arrays against their number of dimensions by the part itself, in its
`__post_init__`, by a `ValueError`.
"""

from __future__ import annotations

import dataclasses
import typing
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json, reader_of
from medlabeler.imaging.parts import Patches

Arrays = dict[str, NDArray[Any]]
T = TypeVar("T")


@dataclass(frozen=True)
class Calibration:
    """Probabilities are raised to 1 / `temperature` and scaled to sum to 1 again (Guo et al. 2017,
    https://arxiv.org/abs/1706.04599: for a softmax that is dividing its scores by the temperature).

    `n_images`: held-out images it was found on; `note`: how, for a person. The temperature is positive.
    """

    temperature: float
    n_images: int
    note: str

    def __post_init__(self) -> None:
        if not (np.isfinite(self.temperature) and self.temperature > 0):
            raise ValueError("a temperature is a positive number")

    def __call__(self, probabilities: NDArray[np.float32]) -> NDArray[np.float32]:
        """Calibrated probabilities float32 (n, C)."""
        scores = np.log(np.maximum(probabilities, np.finfo(np.float32).tiny)) / np.float32(self.temperature)
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        return np.asarray(scores / scores.sum(axis=1, keepdims=True), np.float32)


@dataclass(frozen=True)
class SlideCut:
    """How the patches that it learned from were cut from whole slides: squares of `side` pixels of `level`,
    -1 where none was named; `mpp`: microns of such a pixel, 0 where the slides did not tell.
    """

    side: int
    level: int
    mpp: float

    def __post_init__(self) -> None:
        if not (1 <= self.side <= 100_000 and -1 <= self.level <= 100 and 0 <= self.mpp <= 100):
            raise ValueError("its patches of slides have no size that can be used")
        if self.level < 0 and not self.mpp:
            raise ValueError("its patches of slides have neither level nor size of pixels")

    @property
    def patches(self) -> Patches:
        """The same for whoever cuts slides."""
        return Patches(self.side, self.level, self.mpp)


def packed(name: str, part: Any) -> tuple[Json, Arrays]:
    """A part as JSON (dataclasses inside left as they are) and as arrays by their names in the bundle."""
    own = _array_fields(type(part))
    facts = {field: value for field, value in vars(part).items() if field not in own}
    return facts, {f"{name}.{field}": getattr(part, field) for field in own}


def unpacked(name: str, kind: type[T], facts: Any, arrays: Arrays) -> T:
    """The part of what `packed` gave; its arrays are taken out of `arrays`.

    `KeyError` for an array that is missing, `Mismatch` for JSON that does not fit the class, `ValueError` for
    what the part itself refuses.
    """
    own = _array_fields(kind)
    hints = typing.get_type_hints(kind)
    without_arrays: Any = dataclasses.make_dataclass(
        kind.__name__, [(field, hints[field]) for field in _fields(kind) if field not in own]
    )
    read = reader_of(without_arrays)(facts, name)
    return kind(**vars(read), **{field: arrays.pop(f"{name}.{field}") for field in own})


def _array_fields(kind: type[Any]) -> list[str]:
    hints = typing.get_type_hints(kind)
    return [field for field in _fields(kind) if typing.get_origin(hints[field]) is np.ndarray]


def _fields(kind: type[Any]) -> list[str]:
    return [field.name for field in dataclasses.fields(kind)]
