"""Checkpoints as their makers write them, of networks with random weights."""

from __future__ import annotations

import argparse
import re
from typing import Any

import torch

from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.backbones.undrawn import Undrawn

prepare_torchvision()
import timm  # noqa: E402 - needs the shim

State = dict[str, torch.Tensor]


def network(name: str, **more: Any) -> Any:
    """A network of timm with random weights in every tensor, biases, scales and position embeddings too."""
    with Undrawn():
        made = timm.create_model(name, pretrained=False, num_classes=0, **more).eval()
    generator = torch.Generator().manual_seed(3)
    with torch.no_grad():
        for key, parameter in made.named_parameters():
            within = max(0.04, (3 / parameter[0].numel()) ** 0.5) if parameter.ndim > 1 else 0.04
            parameter.uniform_(-within, within, generator=generator)
            if parameter.ndim == 1 and key.endswith("weight"):  # of a normalisation
                parameter.add_(1)
    return made


def shapes_of(name: str) -> State:
    """The tensors of a network of timm, without numbers in them."""
    with torch.device("meta"), Undrawn():
        return dict(timm.create_model(name, pretrained=False, num_classes=0).state_dict())


def state_of(made: Any) -> State:
    return {name: tensor.clone() for name, tensor in made.state_dict().items()}


def embedding(made: Any, image: torch.Tensor) -> torch.Tensor:
    """As the source module computes it: class token after the last norm, or the average of a CNN."""
    with torch.inference_mode():
        features = made.forward_features(image)
        if getattr(made, "cls_token", None) is not None:
            return features[:, 0]
        return made.forward_head(features, pre_logits=True)


def head() -> State:
    """A projection head as DINO's code names it."""
    return {
        "head.mlp.0.weight": torch.zeros(8, 4),
        "head.mlp.0.bias": torch.zeros(8),
        "head.last_layer.weight_g": torch.ones(6, 1),
        "head.last_layer.weight_v": torch.zeros(6, 8),
    }


def prefixed(state: State, prefix: str) -> State:
    return {prefix + name: tensor for name, tensor in state.items()}


def other(state: State) -> State:
    """Another network of the same shapes: the one that must not be taken."""
    return {name: tensor + 1 if tensor.is_floating_point() else tensor for name, tensor in state.items()}


# What the makers write: the content of a file around the state of a backbone.


def dino_full(state: State) -> dict[str, Any]:
    """`*_full_checkpoint.pth` of facebookresearch/dino: the student is wrapped for several cards."""
    return {
        "student": prefixed(other(state) | head(), "module.") | prefixed(other(state), "module.backbone."),
        "teacher": prefixed(state, "backbone.") | head(),
        "optimizer": {"state": {}, "param_groups": [{"lr": 0.1}]},
        "epoch": 100,
        "args": argparse.Namespace(arch="an_arch_of_theirs", patch_size=8, lr=0.0005),
        "dino_loss": {"center": torch.zeros(1, 6)},
    }


def paper(state: State) -> dict[str, Any]:
    """The training file of Nielsen et al. 2023: both networks, each a backbone with a projection head."""
    return {
        "student": prefixed(prefixed(other(state), "backbone.") | head(), "module."),
        "teacher": prefixed(prefixed(state, "backbone.") | head(), "module."),
        "epoch": 300,
    }


def paper_backbone(state: State) -> dict[str, Any]:
    """The same, the teacher's state dict alone."""
    return prefixed(state, "backbone.") | head()


def lightning(state: State) -> dict[str, Any]:
    return {
        "pytorch-lightning_version": "2.4.0",
        "global_step": 10,
        "hyper_parameters": {"lr": 0.1, "arch_of_theirs": "vit"},
        "state_dict": prefixed(other(state), "model.student_backbone.")
        | prefixed(head(), "model.student_")
        | prefixed(state, "model.teacher_backbone.")
        | prefixed(head(), "model.teacher_")
        | {"criterion.center": torch.zeros(1, 6)},
    }


def lightning_ema(state: State) -> dict[str, Any]:
    return {
        "state_dict": prefixed(other(state), "student.backbone.vit.")
        | prefixed(head(), "student.")
        | prefixed(state, "teacher.backbone.vit.")
        | prefixed(head(), "teacher."),
        "epoch": 3,
    }


def plain(state: State) -> dict[str, Any]:
    return dict(state)


def dinov2_training(state: State) -> dict[str, Any]:
    """`teacher_checkpoint.pth` of facebookresearch/dinov2."""
    heads = prefixed(head(), "dino_") | prefixed(head(), "ibot_")
    return {"teacher": prefixed(state, "backbone.") | heads}


def xcit_official(state: State) -> State:
    """facebookresearch/xcit: one qkv in class attention, and the position encoder spelled as there."""
    found: State = {}
    for name, tensor in state.items():
        if match := re.fullmatch(r"(cls_attn_blocks\.\d+\.attn\.)([qkv])\.(weight|bias)", name):
            start, letter, kind = match.groups()
            if letter == "q":
                parts = [state[f"{start}{one}.{kind}"] for one in "qkv"]
                found[f"{start}qkv.{kind}"] = torch.cat(parts)
        else:
            found[name.replace("pos_embed.", "pos_embeder.")] = tensor
    return found


def dinov2_official(state: State) -> State:
    """facebookresearch/dinov2: the class token has a position too, registers their own name."""
    found = dict(state)
    found["mask_token"] = torch.ones(1, state["cls_token"].shape[-1])
    if "reg_token" in found:
        found["register_tokens"] = found.pop("reg_token")
        at_class = torch.randn(1, 1, state["cls_token"].shape[-1])
        found["cls_token"] = state["cls_token"] - at_class
        found["pos_embed"] = torch.cat([at_class, state["pos_embed"]], 1)
    return found


def chunked(state: State) -> State:
    """Blocks in chunks of three, as in DINOv2's training: block 5 is the third of chunk 1."""
    return {
        re.sub(r"^blocks\.(\d+)\.", lambda m: f"blocks.{int(m[1]) // 3}.{m[1]}.", name): tensor
        for name, tensor in state.items()
    }


def dinov3_official(state: State, periods: torch.Tensor) -> State:
    """facebookresearch/dinov3: storage tokens, masked key biases, the periods of the rotary embedding."""
    found: State = {"rope_embed.periods": periods.clone(), "mask_token": torch.ones(1, 384)}
    for name, tensor in state.items():
        if name.endswith(("attn.q_bias", "attn.v_bias")):
            continue
        name = name.replace("reg_token", "storage_tokens")
        found[re.sub(r"gamma_([12])$", r"ls\1.gamma", name)] = tensor
    for block in {name.split(".")[1] for name in state if name.startswith("blocks.")}:
        start = f"blocks.{block}.attn."
        zero = torch.zeros(state[f"{start}qkv.weight"].shape[1])
        query, value = (state.get(f"{start}{letter}_bias", zero) for letter in "qv")
        found[f"{start}qkv.bias"] = torch.cat([query, torch.full_like(zero, torch.nan), value])
        found[f"{start}qkv.bias_mask"] = torch.cat([zero + 1, zero, zero + 1])
    return found


def convnext_official(state: State) -> State:
    """facebookresearch/ConvNeXt, whose names DINOv3 keeps."""
    found: State = {"norms.3.weight": torch.ones(768)}
    for name, tensor in state.items():
        name = name.replace("head.norm.", "norm.").replace("stem.", "downsample_layers.0.")
        name = re.sub(r"stages\.(\d)\.downsample\.", r"downsample_layers.\1.", name)
        name = re.sub(r"stages\.(\d)\.blocks\.(\d+)\.", r"stages.\1.\2.", name)
        name = name.replace("conv_dw", "dwconv").replace("mlp.fc", "pwconv")
        found[name] = tensor
    return found


TRANSFORMERS = (
    (r"^norm\.", "layernorm."),
    (r"^(cls_token|mask_token|register_tokens)$", r"embeddings.\1"),
    (r"^pos_embed$", "embeddings.position_embeddings"),
    (r"^patch_embed\.proj\.", "embeddings.patch_embeddings.projection."),
    (r"^blocks\.", "encoder.layer."),
    (r"attn\.proj\.", "attention.output.dense."),
)
TRANSFORMERS_VIT = (
    (r"\.norm1\.", ".layernorm_before."),
    (r"\.norm2\.", ".layernorm_after."),
    (r"mlp\.fc1\.", "intermediate.dense."),
    (r"mlp\.fc2\.", "output.dense."),
)
TRANSFORMERS_DINOV2 = (
    (r"ls([12])\.gamma$", r"layer_scale\1.lambda1"),
    (r"mlp\.w12\.", "mlp.weights_in."),
    (r"mlp\.w3\.", "mlp.weights_out."),
)


def transformers(state: State, *names: tuple[str, str]) -> State:
    """Hugging Face transformers: query, key and value apart, and words of their own."""
    found: State = {}
    for name, tensor in state.items():
        for ours, theirs in (*TRANSFORMERS, *names):
            name = re.sub(ours, theirs, name)
        start, qkv, kind = name.partition("attn.qkv.")
        if qkv:
            parts = zip(("query", "key", "value"), tensor.chunk(3), strict=True)
            found |= {f"{start}attention.attention.{word}.{kind}": part.clone() for word, part in parts}
        else:
            found[name] = tensor
    return found


def transformers_vit(state: State) -> State:
    """facebook/dino-vits16 and other files of `ViTModel`, which comes with a pooler."""
    pooler = {"pooler.dense.weight": torch.ones(192, 192), "pooler.dense.bias": torch.ones(192)}
    return transformers(state, *TRANSFORMERS_VIT) | pooler


def transformers_dinov2(state: State) -> State:
    """facebook/dinov2-small and facebook/dinov2-with-registers-small."""
    return transformers(dinov2_official(state), *TRANSFORMERS_DINOV2)


TRANSFORMERS_DINOV3 = (
    (r"^reg_token$", "embeddings.register_tokens"),
    (r"^cls_token$", "embeddings.cls_token"),
    (r"^patch_embed\.proj\.", "embeddings.patch_embeddings."),
    (r"^blocks\.", "layer."),
    (r"attn\.proj\.", "attention.o_proj."),
    (r"gamma_([12])$", r"layer_scale\1.lambda1"),
    (r"mlp\.fc1_g\.", "mlp.gate_proj."),
    (r"mlp\.fc1_x\.", "mlp.up_proj."),
    (r"mlp\.fc1\.", "mlp.up_proj."),
    (r"mlp\.fc2\.", "mlp.down_proj."),
)


def transformers_dinov3(state: State) -> State:
    """facebook/dinov3-vit*: keys without bias, and zeros for the other biases where timm has none."""
    width = state["cls_token"].shape[-1]
    found: State = {"embeddings.mask_token": torch.ones(1, 1, width)}
    for name, tensor in state.items():
        for ours, theirs in TRANSFORMERS_DINOV3:
            name = re.sub(ours, theirs, name)
        start, qkv, _ = name.partition("attn.qkv.weight")
        if qkv:
            parts = zip("qkv", tensor.chunk(3), strict=True)
            found |= {f"{start}attention.{letter}_proj.weight": part.clone() for letter, part in parts}
            for letter in "qv":
                found.setdefault(f"{start}attention.{letter}_proj.bias", torch.zeros(width))
        elif match := re.fullmatch(r"(.*)attn\.([qv])_bias", name):
            found[f"{match[1]}attention.{match[2]}_proj.bias"] = tensor
        else:
            found[name] = tensor
    return found


def transformers_dinov3_convnext(official: State) -> State:
    """facebook/dinov3-convnext-*, of a state in its makers' names."""
    found: State = {}
    for name, tensor in official.items():
        if name.startswith("norms."):
            continue
        name = re.sub(r"^downsample_layers\.(\d)\.", r"stages.\1.downsample_layers.", name)
        name = re.sub(r"^stages\.(\d)\.(\d+)\.", r"stages.\1.layers.\2.", name)
        name = re.sub(r"^norm\.", "layer_norm.", name).replace(".norm.", ".layer_norm.")
        found[name.replace("dwconv", "depthwise_conv").replace("pwconv", "pointwise_conv")] = tensor
    return found
