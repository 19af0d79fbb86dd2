"""Reads weights from files of many makers without running what they contain."""

from __future__ import annotations

import argparse
import hashlib
import pickle  # for the name of its error only; nothing is ever unpickled without torch's weights_only
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError

_NESTED = ("teacher", "state_dict_ema", "state_dict", "model_state_dict", "model", "student", "backbone")
_WRAPPED = (
    "module.",
    "_orig_mod.",
    "teacher.",
    "teacher_backbone.",
    "student.",
    "student_backbone.",
    "model.",
    "backbone.",
)
_HEAD = re.compile(r"^(fc|classifier|head_dist|pre_logits|dino_head|head)\.(?!norm\.)|^mask_token$")

_VIT = {192: "tiny", 384: "small", 768: "base", 1024: "large"}
_XCIT = {
    (128, 12): "nano_12",
    (192, 12): "tiny_12",
    (192, 24): "tiny_24",
    (384, 12): "small_12",
    (384, 24): "small_24",
    (512, 24): "medium_24",
    (768, 24): "large_24",
}
_RESNET = {(2, 2, 2, 2, False): 18, (3, 4, 6, 3, False): 34, (3, 4, 6, 3, True): 50, (3, 4, 23, 3, True): 101}
_CONVNEXT = {(96, 9): "tiny", (96, 27): "small", (128, 27): "base", (192, 27): "large"}


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
    networks the teacher is taken. Raises `UserError` for a file that is missing, damaged, not a checkpoint,
    or that holds Python objects.
    """
    try:
        digest = file_sha256(path)
        content, facts = _read_safetensors(path) if path.suffix == ".safetensors" else _read_torch(path)
    except OSError as error:
        raise UserError(f"The weights {path} cannot be read: {error.strerror or error}.") from error
    tensors = _tensors(content)
    if not tensors:
        raise UserError(f"{path.name} holds no weights of a network.")
    return Checkpoint(tensors, facts, digest)


def _read_safetensors(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    from safetensors import SafetensorError, safe_open

    try:
        with safe_open(path, framework="pt") as stream:
            tensors = {name: stream.get_tensor(name) for name in stream.keys()}  # noqa: SIM118 - not a dict
            return tensors, dict(stream.metadata() or {})
    except SafetensorError as error:
        raise UserError(f"{path.name} is damaged or not a safetensors file.") from error


def _read_torch(path: Path) -> tuple[dict[str, Any], dict[str, str]]:
    import torch

    try:
        # DINO's own checkpoints hold the plain values of their command line beside the weights.
        with torch.serialization.safe_globals([argparse.Namespace]):
            content = torch.load(path, map_location="cpu", weights_only=True)
    except pickle.UnpicklingError as error:
        if re.search(r"GLOBAL |Unsupported class|Trying to call reduce", str(error)):
            raise UserError(
                f"{path.name} holds Python objects besides numbers, which are not loaded for safety;"
                " save its state_dict alone, best as safetensors."
            ) from error
        raise UserError(f"{path.name} is damaged or not a checkpoint of torch.") from error
    except (RuntimeError, EOFError, ValueError, KeyError, AttributeError, TypeError) as error:
        raise UserError(f"{path.name} is damaged or not a checkpoint of torch.") from error
    if not isinstance(content, dict):
        raise UserError(f"{path.name} holds no weights of a network.")
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


def _tensors(content: dict[str, Any]) -> dict[str, Any]:
    import torch

    while True:
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
        prefix = next((p for p in _WRAPPED if any(key.startswith(p) for key in tensors)), None)
        if prefix is None:
            return tensors
        # What lies beside a wrapped backbone is a head, a loss or the student: none of them makes embeddings.
        tensors = {key[len(prefix) :]: value for key, value in tensors.items() if key.startswith(prefix)}


def without_head(tensors: dict[str, Any], needed: set[str]) -> dict[str, Any]:
    """Drop the classification or projection head, unless the architecture needs the tensor."""
    return {key: value for key, value in tensors.items() if key in needed or not _HEAD.match(key)}


def guess_architecture(tensors: dict[str, Any]) -> str | None:
    """The timm architecture of these weights, by names and shapes; None if there is no telling."""
    if "patch_embed.proj.weight" in tensors and "blocks.0.attn.proj.weight" in tensors:
        width, _, patch, _ = tensors["patch_embed.proj.weight"].shape
        size = _VIT.get(width)
        if size is None or patch not in (8, 14, 16):
            return None
        if "pos_embed" not in tensors:
            return f"vit_{size}_patch{patch}_dinov3" if patch == 16 else None
        registers = "_reg4" if {"reg_token", "register_tokens"} & tensors.keys() else ""
        return f"vit_{size}_patch14{registers}_dinov2" if patch == 14 else f"vit_{size}_patch{patch}_224"
    if "cls_attn_blocks.0.norm1.weight" in tensors:
        name = _XCIT.get((tensors["cls_attn_blocks.0.norm1.weight"].shape[0], _depth(tensors, "blocks")))
        return (
            f"xcit_{name}_p{16 if any(k.startswith('patch_embed.proj.6') for k in tensors) else 8}_224"
            if name
            else None
        )
    if "layer4.0.conv1.weight" in tensors:
        depths = tuple(_depth(tensors, f"layer{i}") for i in range(1, 5))
        number = _RESNET.get((*depths, "layer1.0.conv3.weight" in tensors))  # type: ignore[arg-type]
        return f"resnet{number}" if number else None
    if "stages.2.blocks.0.conv_dw.weight" in tensors and "stem.0.weight" in tensors:
        size = _CONVNEXT.get((tensors["stem.0.weight"].shape[0], _depth(tensors, "stages.2.blocks")))
        return f"convnext_{size}" if size else None
    return None


def _depth(tensors: dict[str, Any], prefix: str) -> int:
    """How many numbered blocks there are below `prefix`."""
    start = len(prefix) + 1
    numbers = {key[start:].split(".", 1)[0] for key in tensors if key.startswith(prefix + ".")}
    return len({n for n in numbers if n.isdigit()})
