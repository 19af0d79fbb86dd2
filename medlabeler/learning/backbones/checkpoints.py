"""Reads weights from files of many makers without running what they contain."""

from __future__ import annotations

import argparse
import hashlib
import pickle  # for the name of its error only; nothing is ever unpickled without torch's weights_only
import re
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xxhash

from medlabeler.domain import archives
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.regular_files import check_regular, size

SUM = "sum"
"""Among the texts of a file that MedLabeler wrote: the `sum_of` all else; files of others have none."""
MOST_BYTES = 8_000_000_000
"""Of a file of weights; the largest backbone of the registry has 4.6 GB."""
MOST_TABLE = 16 << 20
"""Of the table of contents of an archive of weights: some hundred thousand tensors."""
_DEEPEST = 16
"""Dictionaries within dictionaries; training scripts have two or three."""
_NESTED = (
    "teacher",
    "state_dict_ema",
    "model_ema",
    "state_dict",
    "model_state_dict",
    "model",
    "network",
    "student",
    "backbone",
)
_WRAPPED = (
    "visual.trunk.",  # the image tower of open_clip
    "module.",
    "_orig_mod.",
    "teacher.",
    "teacher_backbone.",
    "student.",
    "student_backbone.",
    "model.",
    "backbone.",
    "vit.",
    "dinov2.",
    "dinov2_with_registers.",
)
_HEAD = re.compile(
    r"^(fc|classifier|head_dist|pre_logits|\w+_head|head|projector|predictor|last_layer|local_cls_norm)\."
    r"(?!norm\.)|^mask_token$"
)


@dataclass(frozen=True)
class Checkpoint:
    """What a file of weights holds.

    `tensors` by name, with the prefixes of wrappers removed; `facts` are the texts the file carries about
    itself (those that MedLabeler writes: timm_name, title, preprocessing, weights_sha256, ...; `arch` from
    training scripts); `sha256` of the file, hex.
    """

    tensors: dict[str, Any]
    facts: dict[str, str]
    sha256: str


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def read_checkpoint(path: Path) -> Checkpoint:
    """Read safetensors, or a torch file as numbers only.

    Understands plain dicts of tensors, those nested under `teacher`, `state_dict`, `model` and the like,
    and names with the prefixes of wrappers (`module.`, `backbone.`, ...). Where a DINO run holds both
    networks the teacher is taken. Raises `UserError` for a file that is missing, damaged, too large, not a
    checkpoint, or that holds Python objects.
    """
    try:
        check_regular(path, MOST_BYTES)
        digest = file_sha256(path)
        content, facts = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    except OSError as error:
        raise UserError(
            tr("The weights {path} cannot be read: {reason}.", path=path, reason=system_reason(error))
        ) from error
    tensors = _tensors(content)
    if not tensors:
        raise UserError(tr("{name} holds no weights of a network.", name=path.name))
    _check_plain(path, tensors)
    return Checkpoint(tensors, facts, digest)


def _read_safetensors(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    from safetensors import safe_open

    try:
        with safe_open(path, framework="pt") as stream:
            tensors = {name: stream.get_tensor(name) for name in stream.keys()}  # noqa: SIM118 - not a dict
            facts = dict(stream.metadata() or {})
    except OSError:
        raise
    except Exception as error:  # a damaged header makes the library raise almost anything
        raise UserError(tr("{name} is damaged or not a safetensors file.", name=path.name)) from error
    written = facts.pop(SUM, None)
    if written is not None and written != sum_of(tensors, facts):
        raise UserError(
            tr("{name} is damaged: its weights are not those that were written; use a copy.", name=path.name)
        )
    return tensors, facts


def sum_of(tensors: Mapping[str, Any], facts: Mapping[str, str]) -> str:
    """A checksum of weights and of what is said of them, hex: one bit other, and the network sees other
    things in images without a word.
    """
    import torch

    total = xxhash.xxh3_64(repr(sorted(facts.items())).encode())
    for name, tensor in sorted(tensors.items()):
        total.update(f"{name} {tensor.dtype} {tuple(tensor.shape)} ".encode())
        total.update(tensor.contiguous().reshape(-1).view(torch.uint8).numpy())
    return str(total.hexdigest())


def _read_torch(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    import torch

    _check_unpacked(path)
    try:
        # DINO's own checkpoints hold the plain values of their command line beside the weights.
        with torch.serialization.safe_globals([argparse.Namespace]):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if re.search(r"GLOBAL |Unsupported class|Trying to call reduce", str(error)):
            raise UserError(
                tr(
                    "{name} holds Python objects besides numbers, which are not loaded for "
                    "safety; save its state_dict alone, best as safetensors.",
                    name=path.name,
                )
            ) from error
        raise UserError(tr("{name} is damaged or not a checkpoint of torch.", name=path.name)) from error
    except OSError:
        raise
    except Exception as error:  # a damaged file makes the library raise almost anything
        raise UserError(tr("{name} is damaged or not a checkpoint of torch.", name=path.name)) from error
    if not isinstance(content, dict):
        raise UserError(tr("{name} holds no weights of a network.", name=path.name))
    facts = {}
    run = content.get("args")
    arch = content.get("arch") or getattr(run, "arch", None)
    if isinstance(arch, str):
        patch = getattr(run, "patch_size", None)
        facts["arch"] = _official_name(arch, patch) if isinstance(patch, int) else arch
    return content, facts


def _official_name(arch: str, patch: int) -> str:
    """The timm name of an architecture as DINO's training script calls it."""
    arch = {"deit_tiny": "vit_tiny", "deit_small": "vit_small"}.get(arch, arch)
    if re.fullmatch(r"vit_(tiny|small|base|large)", arch):
        return f"{arch}_patch{patch}_224"
    if re.fullmatch(r"xcit_(nano|tiny|small|medium|large)_(12|24)", arch):
        return f"{arch}_p{patch}_224"
    return arch


def _check_unpacked(path: Path) -> None:
    """`UserError` for an archive that unfolds to more than the file: torch stores its numbers as they are."""
    try:
        if not zipfile.is_zipfile(path):
            return
        with archives.opened(path, MOST_TABLE) as archive:
            total = sum(entry.file_size for entry in archive.infolist())
    except OSError:
        raise
    except archives.TooManyParts as error:
        raise UserError(
            tr("{name} names more parts than any checkpoint has; it is not opened.", name=path.name)
        ) from error
    except Exception:
        return  # torch has a reader of its own, which says what is wrong
    if total > path.stat().st_size:
        raise UserError(
            tr(
                "{name} unfolds to {size}, more than the file, which no checkpoint of torch does; it is not "
                "opened.",
                name=path.name,
                size=size(total),
            )
        )


def _check_plain(path: Path, tensors: dict[str, Any]) -> None:
    """`UserError` for tensors that are no plain numbers, or say to hold more than is stored."""
    import torch

    for name, tensor in tensors.items():
        plain = tensor.layout is torch.strided and tensor.device.type == "cpu" and not tensor.is_quantized
        if not plain or tensor.numel() * tensor.element_size() > tensor.untyped_storage().nbytes():
            raise UserError(
                tr(
                    "{file} holds {name} in a form that is not read; save plain tensors.",
                    file=path.name,
                    name=name[:80],
                )
            )


def _tensors(content: dict[str, Any]) -> dict[str, Any]:
    import torch

    for _ in range(_DEEPEST):  # a dictionary may hold itself
        inner = next((content[key] for key in _NESTED if isinstance(content.get(key), dict)), None)
        if inner is None:
            break
        content = inner
    tensors = {
        key: value
        for key, value in content.items()
        if isinstance(key, str) and isinstance(value, torch.Tensor)
    }
    while True:
        prefix = next((p for p in _WRAPPED if any(key.startswith(p) for key in tensors)), _shared(tensors))
        if "encoder.patch_embed.proj.weight" in tensors:  # PanDerm's, beside what reconstructs images
            prefix = "encoder."
        if not prefix:
            return tensors
        # What lies beside a wrapped backbone is a head, a loss or the student: none of them makes embeddings.
        tensors = {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}


def _shared(tensors: dict[str, Any]) -> str:
    """The first word of all names, with its dot, if it is the same one: some wrapper's attribute."""
    words = {key.partition(".")[0] for key in tensors}
    word = words.pop() if len(words) == 1 else ""
    return f"{word}." if word and all("." in key for key in tensors) else ""


def without_head(tensors: dict[str, Any], needed: set[str]) -> dict[str, Any]:
    """Drop the classification or projection head, unless the architecture needs the tensor."""
    return {key: value for key, value in tensors.items() if key in needed or not _HEAD.match(key)}
