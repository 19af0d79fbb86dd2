"""What made an embedding, and the key that depends on it."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, fields
from typing import Any

ADOPTED = "precomputed:"
"""How the backbone of an embedding is named that was computed elsewhere; the name of its file follows."""


@dataclass(frozen=True)
class EmbeddingInfo:
    """What made an embedding. `key` depends on what determines the numbers, not on names and licences.

    `sharpened`: name of the run in which the backbone learned from labels, empty if it did not.
    """

    backbone: str
    title: str
    weights_sha256: str
    dim: int
    preprocessing: dict[str, Any]
    pooling: str
    precision: str
    self_supervised: bool
    licence: str
    note: str = ""
    sharpened: str = ""

    @property
    def key(self) -> str:
        """16 hex characters of the SHA-256 of weights, preprocessing, pooling, precision and dimension."""
        made_by = [self.weights_sha256, self.dim, self.preprocessing, self.pooling, self.precision]
        canonical = json.dumps(made_by, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:16]

    @property
    def adopted(self) -> bool:
        """Whether the numbers came from a file, so that MedLabeler cannot compute them again."""
        return self.backbone.startswith(ADOPTED)

    @classmethod
    def from_json(cls, value: Any) -> EmbeddingInfo:
        """The inverse of `asdict`; `ValueError` for anything else."""
        if not isinstance(value, dict):
            raise ValueError("not an object")
        kinds = {"dim": int, "preprocessing": dict, "self_supervised": bool}
        stored = {f.name: value[f.name] for f in fields(cls) if f.name in value}
        wrong = [name for name, x in stored.items() if type(x) is not kinds.get(name, str)]
        if wrong or stored.get("dim", 0) < 1:
            raise ValueError(f"wrong values: {', '.join(wrong) or 'dim'}")
        try:
            return cls(**stored)
        except TypeError as error:
            raise ValueError(str(error)) from error
