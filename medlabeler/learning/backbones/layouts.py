"""What the makers of weights call their tensors, and which architecture the shapes are of."""

from __future__ import annotations

import re
from typing import Any

Tensors = dict[str, Any]

_VIT = {(192, 12): "tiny", (384, 12): "small", (768, 12): "base", (1024, 24): "large"}
_BEIT = {(768, 12): "base", (1024, 24): "large"}
_VIT2: dict[tuple[Any, ...], str] = {**_VIT, (1536, 40): "giant"}
_VIT3: dict[tuple[Any, ...], str] = {
    **_VIT,
    (384, 12, "gated"): "small_plus",
    (1280, 32, "gated"): "huge_plus",
}
_XCIT = {
    (128, 12): "nano_12",
    (192, 12): "tiny_12",
    (192, 24): "tiny_24",
    (384, 12): "small_12",
    (384, 24): "small_24",
    (512, 24): "medium_24",
    (768, 24): "large_24",
}
_RESNET: dict[tuple[int | bool, ...], int] = {
    (2, 2, 2, 2, False): 18,
    (3, 4, 6, 3, False): 34,
    (3, 4, 6, 3, True): 50,
    (3, 4, 23, 3, True): 101,
}
# Hugging Face transformers' words for ViT and DINOv2, in the order in which they are to be replaced.
_TRANSFORMERS = {
    "embeddings.patch_embeddings.projection": "patch_embed.proj",
    "embeddings.position_embeddings": "pos_embed",
    "embeddings.": "",
    "encoder.layer.": "blocks.",
    "layernorm_before": "norm1",
    "layernorm_after": "norm2",
    "attention.output.dense": "attn.proj",
    "attention.attention.": "attn.",
    "intermediate.dense": "mlp.fc1",
    "output.dense": "mlp.fc2",
    "weights_in": "w12",
    "weights_out": "w3",
    "layer_scale1.lambda1": "ls1.gamma",
    "layer_scale2.lambda1": "ls2.gamma",
    "layernorm.": "norm.",
}
# The same for DINOv3; what is left has timm's names already.
_TRANSFORMERS_DINOV3 = {
    "embeddings.patch_embeddings.": "patch_embed.proj.",
    "embeddings.register_tokens": "reg_token",
    "embeddings.cls_token": "cls_token",
    "attention.o_proj.": "attn.proj.",
    "attention.q_proj.": "attn.query.",
    "attention.k_proj.": "attn.key.",
    "attention.v_proj.": "attn.value.",
    "layer_scale1.lambda1": "gamma_1",
    "layer_scale2.lambda1": "gamma_2",
    "layer_scale1.gamma": "gamma_1",
    "layer_scale2.gamma": "gamma_2",
    "mlp.down_proj.": "mlp.fc2.",
}
_TRANSFORMERS_CONVNEXT = {
    "depthwise_conv": "dwconv",
    "pointwise_conv": "pwconv",
    "layer_norm": "norm",
}
_CONVNEXT = {(96, 9): "tiny", (96, 27): "small", (128, 27): "base", (192, 27): "large"}


def timm_names(tensors: Tensors) -> Tensors:
    """The tensors as timm calls them, where its own conversion would miss or lose something.

    DINOv2 trained with chunked blocks names block 5 `blocks.1.5`; its registers come without the mask token
    when only the backbone was exported. DINOv3 keeps biases of query, key and value of which the key's are
    masked, and which are all zero in most of its files: timm has an architecture without and one with them.
    """
    if "embeddings.patch_embeddings.projection.weight" in tensors:
        tensors = _from_transformers(tensors)
    elif "embeddings.patch_embeddings.weight" in tensors:
        return _from_transformers_dinov3(tensors)
    elif "stages.0.layers.0.depthwise_conv.weight" in tensors:
        return _from_transformers_convnext(tensors)
    if any(re.match(r"blocks\.\d+\.\d+\.norm1\.", name) for name in tensors):
        tensors = {re.sub(r"^blocks\.\d+\.(\d+\.)", r"blocks.\1", name): t for name, t in tensors.items()}
    if {"register_tokens", "blocks.0.mlp.w12.weight"} & tensors.keys() and "mask_token" not in tensors:
        tensors = {**tensors, "mask_token": tensors["cls_token"][0]}  # by it timm knows DINOv2
    if "storage_tokens" in tensors:
        tensors = _split_biases(tensors)
    return tensors


def _from_transformers(tensors: Tensors) -> Tensors:
    """Tensors named as in Hugging Face transformers, as the makers of ViT and DINOv2 name them.

    Query, key and value become one tensor again. The pooler comes after the class token: it is left out.
    """
    import torch

    found: Tensors = {}
    for name, tensor in tensors.items():
        if name.startswith("pooler."):
            continue
        for theirs, ours in _TRANSFORMERS.items():
            name = name.replace(theirs, ours)
        found[name] = tensor
    for query in [name for name in found if ".attn.query." in name]:
        names = [query.replace("query", letter) for letter in ("query", "key", "value")]
        if found.keys() >= set(names):  # where one is missing the mismatch is told by its name
            found[query.replace("query", "qkv")] = torch.cat([found.pop(name) for name in names])
    return found


def _from_transformers_dinov3(tensors: Tensors) -> Tensors:
    """DINOv3 as Hugging Face transformers has it. The mask token, of training alone, is left out, and so are
    the biases of query and value where all are zero: timm has an architecture without and one with them.
    """
    import torch

    gated = any(".mlp.gate_proj." in name for name in tensors)
    words = _TRANSFORMERS_DINOV3 | (
        {"mlp.gate_proj.": "mlp.fc1_g.", "mlp.up_proj.": "mlp.fc1_x."}
        if gated
        else {"mlp.up_proj.": "mlp.fc1."}
    )
    found: Tensors = {}
    for name, tensor in tensors.items():
        if name in ("embeddings.mask_token", "rope_embeddings.inv_freq"):
            continue
        name = re.sub(r"^(model\.)?layer\.", "blocks.", name)
        for theirs, ours in words.items():
            name = name.replace(theirs, ours)
        found[name] = tensor
    for query in [name for name in found if name.endswith(".attn.query.weight")]:
        names = [query.replace("query", letter) for letter in ("query", "key", "value")]
        if found.keys() >= set(names):
            found[query.replace("query", "qkv")] = torch.cat([found.pop(name) for name in names])
    biases = {name: found.pop(name) for name in list(found) if re.search(r"attn\.(query|value)\.bias$", name)}
    if any(bool(bias.any()) for bias in biases.values()):
        found |= {
            re.sub(r"(query|value)\.bias$", lambda m: f"{m[1][0]}_bias", name): bias
            for name, bias in biases.items()
        }
    return found


def _from_transformers_convnext(tensors: Tensors) -> Tensors:
    """DINOv3's ConvNeXt of Hugging Face transformers, as its makers name it."""
    found: Tensors = {}
    for name, tensor in tensors.items():
        name = re.sub(r"^stages\.(\d+)\.downsample_layers\.", r"downsample_layers.\1.", name)
        name = re.sub(r"^stages\.(\d+)\.layers\.", r"stages.\1.", name)
        for theirs, ours in _TRANSFORMERS_CONVNEXT.items():
            name = name.replace(theirs, ours)
        found[name] = tensor
    return found


def _split_biases(tensors: Tensors) -> Tensors:
    found: Tensors = {}
    for name, tensor in tensors.items():
        if name.endswith(".attn.qkv.bias_mask"):
            continue
        if not name.endswith(".attn.qkv.bias"):
            found[name] = tensor
            continue
        query, _, value = tensor.chunk(3)
        start = name.removesuffix("qkv.bias")
        if bool(query.any()) or bool(value.any()):
            found |= {f"{start}q_bias": query, f"{start}v_bias": value}
    return found


def guess_architecture(tensors: Tensors) -> str | None:
    """The timm architecture of these weights, by names and shapes; None if there is no telling.

    The number of attention heads shows in no shape: that of the usual family is taken.
    """
    tensors = timm_names(tensors)
    if "patch_embed.proj.weight" in tensors and "blocks.0.attn.proj.weight" in tensors:
        return _vision_transformer(tensors)
    if "cls_attn_blocks.0.norm1.weight" in tensors:
        name = _XCIT.get((tensors["cls_attn_blocks.0.norm1.weight"].shape[0], _depth(tensors, "blocks")))
        patch = 16 if any(key.startswith("patch_embed.proj.6") for key in tensors) else 8
        return f"xcit_{name}_p{patch}_224" if name else None
    if "layer4.0.conv1.weight" in tensors and tensors["layer1.0.conv1.weight"].shape[0] == 64:
        depths = tuple(_depth(tensors, f"layer{i}") for i in range(1, 5))
        number = _RESNET.get((*depths, "layer1.0.conv3.weight" in tensors))
        return f"resnet{number}" if number else None
    for stem, blocks in (("stem.0.weight", "stages.2.blocks"), ("downsample_layers.0.0.weight", "stages.2")):
        if stem in tensors and any(key.startswith(f"{blocks}.0.") for key in tensors):
            size = _CONVNEXT.get((tensors[stem].shape[0], _depth(tensors, blocks)))
            return f"convnext_{size}" if size else None
    return None


def _vision_transformer(tensors: Tensors) -> str | None:
    width, _, patch, _ = tensors["patch_embed.proj.weight"].shape
    shape = (width, _depth(tensors, "blocks"))
    if "pos_embed" not in tensors:
        gated = any(f"blocks.0.mlp.{name}.weight" in tensors for name in ("w1", "fc1_g"))
        size = _VIT3.get((*shape, "gated") if gated else shape)
        biased = "_qkvb" if "blocks.0.attn.q_bias" in tensors else ""
        return f"vit_{size}_patch16_dinov3{biased}" if size and patch == 16 else None
    if _is_beit(tensors):
        size = _BEIT.get(shape)
        return f"beit_{size}_patch16_224" if size and patch == 16 else None
    if patch == 14:
        size = _VIT2.get(shape)
        registers = "_reg4" if {"reg_token", "register_tokens"} & tensors.keys() else ""
        return f"vit_{size}_patch14{registers}_dinov2" if size else None
    size = _VIT.get(shape)
    return f"vit_{size}_patch{patch}_224" if size and patch in (8, 16, 32) else None


def options(tensors: Tensors) -> dict[str, Any]:
    """What timm has to be told beside the name: that the blocks scale their layers, which DINOv2's recipe
    makes them do at any patch size; that a BEiT adds the place of a patch once, as PanDerm's do.
    """
    if _is_beit(tensors):
        return {"init_values": 0.1, "use_abs_pos_emb": True, "use_rel_pos_bias": False}
    scaled = "blocks.0.ls1.gamma" in timm_names(tensors) and "storage_tokens" not in tensors
    return {"init_values": 1e-5} if scaled else {}


def _is_beit(tensors: Tensors) -> bool:
    """Whether it is BEiT with absolute places, as PanDerm (https://github.com/SiyuanYan1/PanDerm) is."""
    needed = {"pos_embed", "blocks.0.attn.q_bias", "blocks.0.gamma_1"}
    return needed <= tensors.keys() and "blocks.0.attn.relative_position_bias_table" not in tensors


def _depth(tensors: Tensors, prefix: str) -> int:
    """How many numbered blocks there are below `prefix`."""
    start = len(prefix) + 1
    numbers = {key[start:].split(".", 1)[0] for key in tensors if key.startswith(prefix + ".")}
    return len({n for n in numbers if n.isdigit()})
