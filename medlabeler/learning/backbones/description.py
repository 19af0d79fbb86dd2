"""What a repository of the hub says of its weights, in the way of timm, transformers or open_clip."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

FILES = ("config.json", "preprocessor_config.json", "open_clip_config.json")
"""Small files beside the weights; each may be missing."""

IMAGENET_MEAN = (0.485, 0.456, 0.406)
IMAGENET_STD = (0.229, 0.224, 0.225)
_CLIP_MEAN = (0.48145466, 0.4578275, 0.40821073)
_CLIP_STD = (0.26862954, 0.26130258, 0.27577711)
# What a stranger's description may change of an architecture: neither its size nor what timm reads from disk.
_OPTIONS = {"init_values", "reg_tokens", "no_embed_class", "class_token", "qkv_bias", "qk_norm", "pre_norm"}
_MOST = 64
_BILINEAR = ("bilinear", 2)  # timm's word, and Pillow's number, which transformers writes

Triple = tuple[float, float, float]


@dataclass(frozen=True)
class Description:
    """`architecture` in timm, empty if not told; `options` of it; `heads` of its attention, None if not told;
    `mean` and `std` of the channels on the scale of 0 to 1.
    """

    architecture: str
    options: dict[str, Any]
    heads: int | None
    licence: str
    mean: Triple
    std: Triple
    interpolation: Literal["bicubic", "bilinear"]


def describe(folder: Path, title: str) -> Description:
    """Read `FILES` of a folder. What nobody tells is ImageNet's. `UserError` if one of them is damaged."""
    config, processor, open_clip = (_read(folder / name, title) for name in FILES)
    cfg = _dict(config, "pretrained_cfg") or config
    preprocess = _dict(open_clip, "preprocess_cfg")
    usual = (_CLIP_MEAN, _CLIP_STD) if open_clip else (IMAGENET_MEAN, IMAGENET_STD)
    resample = processor.get("resample", cfg.get("interpolation", preprocess.get("interpolation")))
    architecture = config.get("architecture") or _dict(open_clip, "model_cfg", "vision_cfg").get(
        "timm_model_name"
    )
    heads = config.get("num_attention_heads")
    mean = processor.get("image_mean") or cfg.get("mean") or preprocess.get("mean") or usual[0]
    std = processor.get("image_std") or cfg.get("std") or preprocess.get("std") or usual[1]
    return Description(
        architecture=architecture if isinstance(architecture, str) else "",
        options={
            name: value
            for name, value in _dict(config, "model_args").items()
            if name in _OPTIONS and isinstance(value, (bool, int, float)) and 0 <= value <= _MOST
        },
        heads=heads if isinstance(heads, int) else None,
        licence=str(cfg.get("license") or ""),
        mean=_triple(mean, title),
        std=_triple(std, title, least=1e-6),
        interpolation="bilinear" if resample in _BILINEAR else "bicubic",
    )


def _read(path: Path, title: str) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            tr("The description of {title}, {name}, cannot be read.", title=title, name=path.name)
        ) from error
    if not isinstance(content, dict):
        raise UserError(
            tr("The description of {title}, {name}, cannot be read.", title=title, name=path.name)
        )
    return content


def _dict(content: dict[str, Any], *names: str) -> dict[str, Any]:
    """The object below these names; empty where there is none."""
    for name in names:
        inner = content.get(name)
        content = inner if isinstance(inner, dict) else {}
    return content


def _triple(values: object, title: str, least: float = -math.inf) -> Triple:
    if isinstance(values, (list, tuple)) and len(values) == 3:
        numbers = [
            float(v) for v in values if isinstance(v, (int, float)) and math.isfinite(v) and v >= least
        ]
        if len(numbers) == 3:
            return numbers[0], numbers[1], numbers[2]
    raise UserError(tr("{title} does not tell in three numbers how its images are normalised.", title=title))
