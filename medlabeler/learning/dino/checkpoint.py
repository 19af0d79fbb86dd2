"""Checkpoints of a run: safetensors for the numbers, JSON for the rest, whole or absent.

`checkpoint-000123.safetensors` first, then `checkpoint-000123.json`, which names its SHA-256: the JSON is
what makes a checkpoint count. The last two are kept, so that a damaged one costs minutes.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path
from typing import Any

import torch

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason

KEPT = 2


def save(folder: Path, step: int, tensors: dict[str, torch.Tensor], facts: dict[str, Any]) -> Path:
    """Write the checkpoint after `step` steps; `UserError` when the disk refuses. Returns the JSON file."""
    from safetensors.torch import save as to_bytes

    whole = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    content = to_bytes(whole)
    path = folder / f"checkpoint-{step:06d}.json"
    facts = {**facts, "step": step, "sha256": hashlib.sha256(content).hexdigest()}
    try:
        write_durably(path.with_suffix(".safetensors"), content)
        write_durably(path, json.dumps(facts).encode())
    except OSError as error:
        raise UserError(
            tr(
                "The checkpoint in {folder} cannot be written: {reason}.",
                folder=folder,
                reason=system_reason(error),
            )
        ) from error
    for old in _newest_first(folder)[KEPT:]:
        for part in (old, old.with_suffix(".safetensors")):
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
    return path


def load_latest(folder: Path) -> tuple[dict[str, torch.Tensor], dict[str, Any]] | None:
    """Tensors and facts of the newest checkpoint that is whole, or None."""
    from safetensors import SafetensorError
    from safetensors.torch import load as from_bytes

    for path in _newest_first(folder):
        try:
            facts = json.loads(path.read_text(encoding="utf-8"))
            content = path.with_suffix(".safetensors").read_bytes()
            if hashlib.sha256(content).hexdigest() == facts["sha256"]:
                return from_bytes(content), facts
        except (OSError, ValueError, KeyError, TypeError, SafetensorError):
            continue
    return None


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("checkpoint-*.json"), reverse=True)
