"""Backbones that learned from medical images, as their makers offer them on the hub.

Licences and layouts as the pages of the repositories told them in 2025; the repository itself says how its
images are normalised. None of their makers states a SHA-256 beside the one of the hub.
"""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.learning.backbones.info import BackboneInfo, Kind

_UNI = "MahmoodLab/UNI"


def _on_hub(
    name: str,
    title: str,
    timm_name: str,
    dim: int,
    size_mb: int,
    note: str,
    licence: str,
    location: str,
    *,
    file: str = "",
    kind: Kind = "DINOv2",
    access: str = "",
) -> BackboneInfo:
    return BackboneInfo(
        name, title, timm_name, dim, licence, size_mb, 224, kind != "captions", kind, tr(note),
        "hub", location, file=file, access=access,
    )  # fmt: skip


MEDICAL = (
    _on_hub(
        "dinobloom_s",
        "DinoBloom-S (blood cells)",
        "vit_small_patch14_dinov2",
        384,
        87,
        "Learned from cells of blood and bone marrow of 13 sources (Koch et al. 2024).",
        "Apache-2.0",
        "MarrLab/DinoBloom",
        file="pytorch_model_s.bin",
    ),
    _on_hub(
        "dinobloom_b",
        "DinoBloom-B (blood cells)",
        "vit_base_patch14_dinov2",
        768,
        343,
        "The larger one of DinoBloom, about 4 times slower.",
        "Apache-2.0",
        "MarrLab/DinoBloom",
        file="pytorch_model_b.bin",
    ),
    _on_hub(
        "reddino_s",
        "RedDino-S (red blood cells)",
        "vit_small_patch14_dinov2",
        384,
        86,
        "Learned from red blood cells (Zedda et al. 2025).",
        "Apache-2.0",
        "Snarcy/RedDino-small",
    ),
    _on_hub(
        "rad_dino",
        "RAD-DINO (chest X-rays)",
        "vit_base_patch14_dinov2",
        768,
        346,
        "Learned from chest X-rays of 518 pixels (Pérez-García et al. 2024); 224 pixels here.",
        "MIT",
        "microsoft/rad-dino",
    ),
    _on_hub(
        "biomedclip",
        "BiomedCLIP (figures of papers)",
        "vit_base_patch16_224",
        768,
        784,
        "Learned from figures of PubMed and their captions (Zhang et al. 2023); its image tower alone.",
        "MIT",
        "microsoft/BiomedCLIP-PubMedBERT_256-vit_base_patch16_224",
        file="open_clip_pytorch_model.bin",
        kind="captions",
    ),
    _on_hub(
        "uni",
        "UNI (tissue)",
        "vit_large_patch16_224",
        1024,
        1213,
        "Learned from slides of tissue (Chen et al. 2024). Not for commercial use.",
        "CC BY-NC-ND 4.0",
        _UNI,
        file="pytorch_model.bin",
        access=f"ask for access on https://huggingface.co/{_UNI} with an address of your institution",
    ),
)
