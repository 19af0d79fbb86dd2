"""Checksums of arrays on disk, checked when they are read first: one flipped bit is found, not used.

XXH3 with 64 bits (xxHash, Yann Collet): it finds accidents, at the speed of memory. Against intent there is
SHA-256 where that matters.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import xxhash
from numpy.typing import NDArray

METADATA = "xxh3_64"
"""Key in the metadata of a safetensors file: JSON, the sum of each array by its name."""
_TEXT = "text"


def array_sum(array: NDArray[Any]) -> str:
    """Sum of the dtype, the shape and the bytes of an array, 16 hexadecimal digits."""
    whole = np.ascontiguousarray(array)
    total = xxhash.xxh3_64(f"{whole.dtype.str}{whole.shape}".encode())
    total.update(whole.reshape(-1).view(np.uint8).data)
    return str(total.hexdigest())


def sealed(value: Any) -> bytes:
    """JSON of a value with the checksum of its text, as a file."""
    text = json.dumps(value)
    return json.dumps({_TEXT: text, METADATA: str(xxhash.xxh3_64_hexdigest(text.encode()))}).encode()


def unsealed(content: bytes) -> Any:
    """The value of `sealed`, or of plain JSON as earlier versions wrote it; `ValueError` where it is not what
    was written.
    """
    found = json.loads(content)
    if not isinstance(found, dict) or _TEXT not in found:
        return found
    if xxhash.xxh3_64_hexdigest(str(found[_TEXT]).encode()) != found.get(METADATA):
        raise ValueError("its content is not what was written")
    return json.loads(found[_TEXT])


def metadata_of(arrays: Mapping[str, NDArray[Any]]) -> dict[str, str]:
    """What to write beside the arrays of a safetensors file."""
    return {METADATA: json.dumps({name: array_sum(array) for name, array in arrays.items()})}


def sums_in(metadata: Mapping[str, str] | None) -> dict[str, str]:
    """The sums of a file; none in one of a version that wrote none. `ValueError` when they are damaged."""
    stored = (metadata or {}).get(METADATA)
    if stored is None:
        return {}
    sums = json.loads(stored)
    if not isinstance(sums, dict):
        raise ValueError("the checksums are damaged")
    return sums


def check(name: str, array: NDArray[Any], sums: Mapping[str, str]) -> None:
    """`ValueError` if an array is not what was written, as far as its sum was written."""
    if sums and sums.get(name) != array_sum(array):
        raise ValueError("its content is not what was written")
