"""Weights of the registry as their makers write them, in the cache of the hub: right names and shapes, and
random numbers. Each must give the embedding of the network it was written from.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoint_layouts import (
    State,
    convnext_official,
    dinov2_official,
    embedding,
    network,
    prefixed,
    state_of,
    transformers_dinov2,
    transformers_dinov3,
    transformers_dinov3_convnext,
    transformers_vit,
)
from local_hub import COMMIT
from safetensors.torch import save_file

from medlabeler.domain.errors import UserError
from medlabeler.learning.backbones.loading import Backbone, load_backbone
from medlabeler.learning.backbones.medical import MEDICAL
from medlabeler.learning.backbones.registry import REGISTRY, find, hub_folder

CHEST = {"image_mean": [0.5307] * 3, "image_std": [0.2583] * 3, "resample": 3}
CLIP = {
    "model_cfg": {"vision_cfg": {"timm_model_name": "vit_base_patch16_224", "image_size": 224}},
    "preprocess_cfg": {"mean": [0.481, 0.458, 0.408], "std": [0.269, 0.261, 0.276]},
}
UNI = {
    "architecture": "vit_large_patch16_224",
    "model_args": {"img_size": 224, "init_values": 1e-5, "num_classes": 0, "dynamic_img_size": True},
    "pretrained_cfg": {
        "mean": [0.485, 0.456, 0.406],
        "std": [0.229, 0.224, 0.225],
        "license": "cc-by-nc-nd-4.0",
    },
}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield tmp_path
    torch.set_num_threads(usual)


@pytest.fixture(scope="module")
def image() -> torch.Tensor:
    return torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))


def cached(repository: str, name: str, state: State, **told: dict[str, Any]) -> Path:
    """Put weights into the cache as its own client does, with what the repository tells beside them."""
    folder = hub_folder(repository)
    snapshot = folder / "snapshots" / COMMIT
    for part in (snapshot, folder / "refs", folder / "blobs"):
        part.mkdir(parents=True, exist_ok=True)
    (folder / "refs/main").write_text(COMMIT)
    for file, content in told.items():
        (snapshot / f"{file}.json").write_text(json.dumps(content))
    written = folder / "blobs/written"
    if name.endswith(".safetensors"):
        save_file({key: tensor.contiguous() for key, tensor in state.items()}, written)
    else:
        torch.save(state, written)
    with written.open("rb") as stream:
        blob = written.rename(folder / "blobs" / hashlib.file_digest(stream, "sha256").hexdigest())
    (snapshot / name).symlink_to(Path("../../blobs") / blob.name)
    return blob


def same(name: str, made: Any, image: torch.Tensor) -> Backbone:
    backbone = load_backbone(name)
    with torch.inference_mode():
        found = backbone.module(image)
    expected = embedding(made, image)
    assert expected.std() > 1e-3
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)
    info = find(name)
    if info.dim:
        assert (backbone.info.dim, backbone.info.licence) == (info.dim, info.licence)
    return backbone


def dinobloom(state: State) -> State:
    """As DINOv2 names its tensors, the mask token and 16 by 16 places for 224 pixels."""
    return dinov2_official(state)


def open_clip(state: State) -> State:
    """Both towers; of the one for texts a few tensors."""
    return prefixed(state, "visual.trunk.") | {
        "visual.head.proj.weight": torch.zeros(512, 768),
        "text.transformer.embeddings.word_embeddings.weight": torch.zeros(9, 768),
        "text.transformer.embeddings.position_ids": torch.arange(9)[None],
        "logit_scale": torch.tensor(4.6),
    }


LAYOUTS: dict[str, tuple[Callable[[State], State], dict[str, dict[str, Any]], dict[str, Any]]] = {
    "dinobloom_s": (dinobloom, {}, {"img_size": 224}),
    "dinobloom_b": (dinobloom, {}, {"img_size": 224}),
    "reddino_s": (dict, {"config": {"architecture": "vit_small_patch14_dinov2"}}, {"img_size": 224}),
    "rad_dino": (
        transformers_dinov2,
        {"config": {"model_type": "dinov2", "num_attention_heads": 12}, "preprocessor_config": CHEST},
        {"img_size": 224},
    ),
    "biomedclip": (open_clip, {"open_clip_config": CLIP}, {}),
    "uni": (dict, {"config": UNI}, {"init_values": 1e-5}),
}
SMALL = ("dinobloom_s", "reddino_s")


@pytest.mark.parametrize(
    "name", [name if name in SMALL else pytest.param(name, marks=pytest.mark.slow) for name in LAYOUTS]
)
def test_a_backbone_of_medicine_loads_from_its_makers_file(name: str, image: torch.Tensor) -> None:
    write, told, more = LAYOUTS[name]
    info = REGISTRY[name]
    made = network(info.timm_name, **more)
    cached(info.location, info.file or "model.safetensors", write(state_of(made)), **told)
    backbone = same(name, made, image)
    assert backbone.weights_sha256 in {path.name for path in hub_folder(info.location).glob("blobs/*")}
    if name == "rad_dino":
        assert backbone.preprocessing.mean == (0.5307,) * 3
        assert backbone.preprocessing.std == (0.2583,) * 3
    if name == "biomedclip":
        assert backbone.preprocessing.std == (0.269, 0.261, 0.276)


def test_every_backbone_of_medicine_has_its_layout_here() -> None:
    assert {info.name for info in MEDICAL} == set(LAYOUTS)
    assert all(info.licence and info.location for info in MEDICAL)


QUICK = "dinov3_vits16plus"
TOKEN: dict[str, Any] = {"img_size": 224, "global_pool": "token"}
NEW_OF_TIMM: dict[str, dict[str, Any]] = {
    "dinov2_vits14_noreg": {"img_size": 224},
    "dinov2_vitb14_noreg": {"img_size": 224},
    "dinov3_vits16plus": TOKEN,
    "dinov3_vitb16": TOKEN,
    "dinov3_convnext_s": {},
    "dinov3_convnext_b": {},
    "dinov2_vitl14_noreg": {"img_size": 224},
}


@pytest.mark.parametrize(
    "name",
    [name if name == QUICK else pytest.param(name, marks=pytest.mark.slow) for name in NEW_OF_TIMM],
)
def test_copies_of_timm_load(name: str, image: torch.Tensor) -> None:
    info = REGISTRY[name]
    made = network(info.timm_name.split(".")[0], **NEW_OF_TIMM[name])
    cached(info.location, "model.safetensors", state_of(made))
    same(name, made, image)


OF_TRANSFORMERS = {
    "facebook/dino-vitt16": ("vit_tiny_patch16_224", transformers_vit, {}, 3),
    "facebook/dinov2-small": ("vit_small_patch14_dinov2", transformers_dinov2, {"img_size": 224}, 6),
    "facebook/dinov2-with-registers-small": (
        "vit_small_patch14_reg4_dinov2", transformers_dinov2, {"img_size": 224}, 6,
    ),
    "owner/dinov3-vitt16": ("vit_tiny_patch16_dinov3_qkvb", transformers_dinov3, TOKEN, 3),
    "facebook/dinov3-vits16-pretrain-lvd1689m": ("vit_small_patch16_dinov3", transformers_dinov3, TOKEN, 6),
    "facebook/dinov3-vits16plus-pretrain-lvd1689m": (
        "vit_small_plus_patch16_dinov3_qkvb", transformers_dinov3, TOKEN, 6,
    ),
    "facebook/dinov3-convnext-tiny-pretrain-lvd1689m": (
        "convnext_tiny", lambda state: transformers_dinov3_convnext(convnext_official(state)), {}, None,
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "repository",
    [
        name if name.endswith(("vitt16", "dinov2-small", "lvd1689m")) and "vits16" not in name
        else pytest.param(name, marks=pytest.mark.slow)
        for name in OF_TRANSFORMERS
    ],
)  # fmt: skip
def test_transformers_by_the_name_of_the_repository(repository: str, image: torch.Tensor) -> None:
    architecture, write, more, heads = OF_TRANSFORMERS[repository]
    made = network(architecture, **more)
    told = {"config": {"model_type": "of theirs", "num_attention_heads": heads}, "preprocessor_config": CHEST}
    cached(repository, "model.safetensors", write(state_of(made)), **told)
    backbone = same(repository, made, image)
    assert backbone.info.timm_name == architecture
    assert backbone.preprocessing.mean == (0.5307,) * 3
    assert find(repository) == find(f"hf-hub:{repository}")


def test_another_number_of_heads_is_refused_because_no_shape_shows_it() -> None:
    state = transformers_vit(state_of(network("vit_tiny_patch16_224")))
    cached("owner/odd", "model.safetensors", state, config={"num_attention_heads": 12})
    with pytest.raises(UserError, match="3 attention heads but its description says 12"):
        load_backbone("hf-hub:owner/odd")


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"config": ["no object"]}, r"config\.json, cannot be read"),
        ({"preprocessor_config": {"image_mean": [0.5, "x", 0.5]}}, "in three numbers"),
        ({"preprocessor_config": {"image_std": [0.5, 0.0, 0.5]}}, "in three numbers"),
        ({"config": {"mean": [1e999, 0, 0]}}, "in three numbers"),
    ],
)
def test_a_damaged_description_gets_a_sentence(told: dict[str, Any], words: str) -> None:
    cached("owner/odd", "model.safetensors", {"a": torch.zeros(1)}, **told)
    with pytest.raises(UserError, match=words):
        load_backbone("hf-hub:owner/odd")


def test_a_description_cannot_make_timm_read_from_disk_or_grow() -> None:
    state = transformers_vit(state_of(network("vit_tiny_patch16_224")))
    evil = {"checkpoint_path": "/etc/passwd", "embed_dim": 10**9, "depth": 10**6, "init_values": 1e9}
    cached("owner/odd", "model.safetensors", state, config={"model_args": evil})
    assert load_backbone("hf-hub:owner/odd").info.dim == 192


def test_weights_in_the_cache_that_are_not_the_published_ones_are_refused(image: torch.Tensor) -> None:
    made = network("vit_tiny_patch16_224")
    blob = cached(
        "owner/vit", "model.safetensors", state_of(made), config={"architecture": "vit_tiny_patch16_224"}
    )
    same("hf-hub:owner/vit", made, image)
    content = bytearray(blob.read_bytes())
    content[-1] ^= 0x80
    blob.write_bytes(content)
    with pytest.raises(UserError, match=r"not the published ones \(their SHA-256 differs\); delete .*model"):
        load_backbone("hf-hub:owner/vit")


@pytest.mark.slow
def test_panderm_is_a_beit_with_absolute_places(image: torch.Tensor, tmp_path: Path) -> None:
    """Its file for base holds the encoder alone, that for large also what reconstructs images."""
    more = {"use_abs_pos_emb": True, "use_rel_pos_bias": False, "init_values": 0.1, "global_pool": "token"}
    made = network("beit_base_patch16_224", **more)
    state = state_of(made)
    torch.save(
        {"model": prefixed(state, "encoder.") | {"regressor.mask_token": torch.zeros(1)}}, tmp_path / "p.pth"
    )
    backbone = same(str(tmp_path / "p.pth"), made, image)
    assert (backbone.info.timm_name, backbone.preprocessing.mean[0]) == ("beit_base_patch16_224", 0.485)
