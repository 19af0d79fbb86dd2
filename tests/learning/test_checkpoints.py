"""Checkpoints of others: each layout is written as its makers do, and must give the same embedding."""

from __future__ import annotations

import functools
import pickle
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from checkpoint_layouts import (
    TRANSFORMERS_DINOV2,
    State,
    chunked,
    convnext_official,
    dino_full,
    dinov2_official,
    dinov2_training,
    dinov3_official,
    embedding,
    lightning,
    lightning_ema,
    paper,
    paper_backbone,
    plain,
    prefixed,
    shapes_of,
    state_of,
    transformers,
    transformers_dinov2,
    transformers_vit,
    xcit_official,
)
from checkpoint_layouts import (
    network as fresh_network,
)
from safetensors.torch import save_file

from medlabeler.domain.errors import UserError
from medlabeler.learning.backbones.layouts import guess_architecture, timm_names
from medlabeler.learning.backbones.loading import load_backbone

network = functools.cache(fresh_network)
"""Nobody here changes one that was made: most of the time went into making the same again."""


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """These networks are small: several threads would only wait for each other on a busy machine."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


@pytest.fixture(scope="module")
def image() -> torch.Tensor:
    return torch.randn(2, 3, 224, 224, generator=torch.Generator().manual_seed(0))


def loads(path: Path, architecture: str, made: Any, image: torch.Tensor, exact: bool = False) -> None:
    backbone = load_backbone(str(path))
    assert backbone.info.timm_name == architecture
    with torch.inference_mode():
        found = backbone.module(image)
    expected = embedding(made, image)
    assert expected.std() > 1e-3
    if exact:
        assert torch.equal(found, expected)
    else:
        torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-4)


LAYOUTS = (plain, dino_full, paper, paper_backbone, lightning, lightning_ema)


@pytest.mark.parametrize(
    ("architecture", "rename", "layout"),
    [
        # A layout is taken off before the names of an architecture are looked at: each layout once, and the
        # architectures whose own names come after it in that of the paper.
        *(("vit_tiny_patch16_224", plain, layout) for layout in LAYOUTS),
        ("resnet50", plain, paper),
        ("xcit_nano_12_p8_224", xcit_official, paper),
        ("xcit_nano_12_p8_224", xcit_official, dino_full),
    ],
)
def test_a_training_file_gives_the_teachers_backbone_whatever_its_architecture(
    architecture: str,
    rename: Callable[[State], State],
    layout: Callable[[State], dict[str, Any]],
    image: torch.Tensor,
    tmp_path: Path,
) -> None:
    made = network(architecture)
    torch.save(layout(rename(state_of(made))), tmp_path / "weights.pth")
    loads(tmp_path / "weights.pth", architecture, made, image[:1], exact=True)


def test_the_papers_xcit_s12_8_loads_from_its_training_file(image: torch.Tensor, tmp_path: Path) -> None:
    made = network("xcit_small_12_p8_224")
    torch.save(paper(xcit_official(state_of(made))), tmp_path / "checkpoint.pth")
    loads(tmp_path / "checkpoint.pth", "xcit_small_12_p8_224", made, image[:1], exact=True)


@pytest.mark.parametrize(
    ("layout", "chunks", "architecture"),
    [
        # Each value beside each value of the others.
        (plain, plain, "vit_small_patch14_dinov2"),
        (plain, chunked, "vit_small_patch14_reg4_dinov2"),
        (dinov2_training, plain, "vit_small_patch14_reg4_dinov2"),
        (dinov2_training, chunked, "vit_small_patch14_dinov2"),
    ],
)
def test_dinov2_with_and_without_registers_and_chunks(
    layout: Callable[[State], dict[str, Any]],
    chunks: Callable[[State], State],
    architecture: str,
    image: torch.Tensor,
    tmp_path: Path,
) -> None:
    made = network(architecture, img_size=224)
    torch.save(layout(chunks(dinov2_official(state_of(made)))), tmp_path / "dinov2.pth")
    loads(tmp_path / "dinov2.pth", architecture, made, image)


def test_registers_are_understood_without_the_mask_token(image: torch.Tensor, tmp_path: Path) -> None:
    made = network("vit_small_patch14_reg4_dinov2", img_size=224)
    state = dinov2_official(state_of(made))
    del state["mask_token"]
    save_file(state, tmp_path / "dinov2.safetensors")
    loads(tmp_path / "dinov2.safetensors", "vit_small_patch14_reg4_dinov2", made, image)


def test_dinov2s_recipe_at_another_patch_size_keeps_its_layer_scale(
    image: torch.Tensor, tmp_path: Path
) -> None:
    made = network("vit_tiny_patch16_224", init_values=1.0)
    torch.save(state_of(made), tmp_path / "pathology.bin")
    loads(tmp_path / "pathology.bin", "vit_tiny_patch16_224", made, image, exact=True)


@pytest.mark.parametrize("architecture", ["vit_small_patch16_dinov3", "vit_small_patch16_dinov3_qkvb"])
def test_dinov3_with_its_biases_zero_or_not(
    architecture: str, image: torch.Tensor, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = network(architecture, img_size=224, global_pool="token")
    torch.save(dinov3_official(state_of(made), made.rope.periods), tmp_path / "dinov3.pth")
    loads(tmp_path / "dinov3.pth", architecture, made, image)
    assert capsys.readouterr().out == ""


def test_dinov3_is_refused_where_the_architecture_would_drop_something(tmp_path: Path) -> None:
    made = network("vit_small_patch16_dinov3_qkvb", img_size=224, global_pool="token")
    state = dinov3_official(state_of(made), made.rope.periods)
    torch.save(state, tmp_path / "d.pth")
    with pytest.raises(UserError, match=r"q_bias; by its shapes it is a vit_small_patch16_dinov3_qkvb\.$"):
        load_backbone(f"vit_small_patch16_dinov3@{tmp_path / 'd.pth'}")
    torch.save(state | {"rope_embed.periods": 2 * made.rope.periods}, tmp_path / "d.pth")
    with pytest.raises(UserError, match="rotary position code has other periods"):
        load_backbone(str(tmp_path / "d.pth"))


def test_convnext_in_the_names_of_its_authors(image: torch.Tensor, tmp_path: Path) -> None:
    made = network("convnext_tiny")
    torch.save(convnext_official(state_of(made)), tmp_path / "dinov3_convnext.pth")
    loads(tmp_path / "dinov3_convnext.pth", "convnext_tiny", made, image[:1], exact=True)


@pytest.mark.parametrize("prefix", ["", "vit."])
def test_a_vit_of_transformers(prefix: str, image: torch.Tensor, tmp_path: Path) -> None:
    """The second is the layout of a fine-tuned classifier."""
    made = network("vit_tiny_patch16_224")
    more = {"classifier.weight": torch.ones(2, 192), "classifier.bias": torch.ones(2)} if prefix else {}
    save_file(prefixed(transformers_vit(state_of(made)), prefix) | more, tmp_path / "model.safetensors")
    loads(tmp_path / "model.safetensors", "vit_tiny_patch16_224", made, image[:1], exact=True)


@pytest.mark.parametrize(
    ("architecture", "prefix"),
    [("vit_small_patch14_dinov2", "dinov2."), ("vit_small_patch14_reg4_dinov2", "")],
)
def test_dinov2_of_transformers(architecture: str, prefix: str, image: torch.Tensor, tmp_path: Path) -> None:
    made = network(architecture, img_size=224)
    more = {"classifier.weight": torch.ones(2, 768), "classifier.bias": torch.ones(2)} if prefix else {}
    save_file(prefixed(transformers_dinov2(state_of(made)), prefix) | more, tmp_path / "model.safetensors")
    loads(tmp_path / "model.safetensors", architecture, made, image)


def test_the_gated_giant_of_transformers_gets_its_makers_names() -> None:
    named = {
        name.replace("mlp.fc1", "mlp.w12").replace("mlp.fc2", "mlp.w3"): tensor
        for name, tensor in shapes_of("vit_giant_patch14_dinov2").items()
    }
    theirs = transformers(named, *TRANSFORMERS_DINOV2)
    found = timm_names(theirs)
    assert {name: t.shape for name, t in found.items() if name != "mask_token"} == {
        name: t.shape for name, t in named.items()
    }
    assert guess_architecture(theirs) == "vit_giant_patch14_dinov2"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("embeddings.distillation_token", "it has no place for the tensor distillation_token."),
        ("encoder.layer.3.attention.attention.key.bias", "they lack the tensor blocks.3.attn.qkv.bias."),
    ],
)
def test_relatives_of_vit_in_transformers_are_refused(name: str, words: str, tmp_path: Path) -> None:
    """DeiT has a second class token, BEiT keys without bias: neither may pass for a ViT."""
    state = transformers_vit(state_of(network("vit_tiny_patch16_224")))
    if state.pop(name, None) is None:
        state[name] = torch.zeros(1, 1, 192)
    save_file(state, tmp_path / "relative.safetensors")
    with pytest.raises(UserError, match=f"^[^\n]*{re.escape(words)}$"):
        load_backbone(str(tmp_path / "relative.safetensors"))


@pytest.mark.parametrize(
    "architecture",
    [
        "vit_tiny_patch16_224",
        "vit_base_patch8_224",
        "vit_large_patch16_224",
        "vit_giant_patch14_reg4_dinov2",
        "vit_small_plus_patch16_dinov3",
        "vit_large_patch16_dinov3",
        "xcit_tiny_24_p16_224",
        "xcit_medium_24_p8_224",
        "resnet18",
        "resnet101",
        "convnext_base",
    ],
)
def test_the_shapes_tell_the_architecture(architecture: str) -> None:
    assert guess_architecture(shapes_of(architecture)) == architecture


@pytest.mark.parametrize(
    "architecture", ["wide_resnet50_2", "efficientnet_b0", "swin_tiny_patch4_window7_224"]
)
def test_no_architecture_is_invented(architecture: str) -> None:
    assert guess_architecture(shapes_of(architecture)) is None


def test_a_vit_of_an_unusual_depth_is_not_taken_for_another(tmp_path: Path) -> None:
    made = fresh_network("vit_tiny_patch16_224", depth=5)
    torch.save(made.state_dict(), tmp_path / "shallow.pth")
    with pytest.raises(UserError, match="shapes are of no usual one; give the architecture's name"):
        load_backbone(str(tmp_path / "shallow.pth"))


def test_position_embeddings_are_interpolated_to_the_image_size(image: torch.Tensor, tmp_path: Path) -> None:
    small = network("vit_tiny_patch16_224", img_size=96)
    torch.save({"teacher": prefixed(state_of(small), "backbone.")}, tmp_path / "at96.pth")
    backbone = load_backbone(str(tmp_path / "at96.pth"))
    found = backbone.module.state_dict()["network.pos_embed"]
    stored = small.state_dict()["pos_embed"]
    grid = stored[:, 1:].reshape(1, 6, 6, 192).permute(0, 3, 1, 2)
    larger = torch.nn.functional.interpolate(grid, size=(14, 14), mode="bicubic", antialias=True)
    expected = torch.cat([stored[:, :1], larger.permute(0, 2, 3, 1).reshape(1, 196, 192)], 1)
    torch.testing.assert_close(found, expected)
    same = fresh_network("vit_tiny_patch16_224")
    same.load_state_dict(small.state_dict() | {"pos_embed": expected})
    torch.testing.assert_close(backbone.module(image), embedding(same, image))


def test_another_patch_size_is_a_mismatch_and_not_resampled(tmp_path: Path) -> None:
    torch.save(network("vit_small_patch8_224").state_dict(), tmp_path / "v.pth")
    with pytest.raises(
        UserError,
        match=r"v\.pth do not fit vit_small_patch16_224: patch_embed\.proj\.weight should be 384×3×16×16"
        r" but is 384×3×8×8; by its shapes it is a vit_small_patch8_224\.$",
    ):
        load_backbone(f"vit_small_patch16_224@{tmp_path / 'v.pth'}")


class Evil:
    """Writes a file when unpickled carelessly."""

    def __init__(self, trace: Path) -> None:
        self.trace = trace

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.trace,))


@pytest.mark.parametrize("legacy", [False, True])
def test_a_pickle_that_would_run_something_is_refused_and_does_not_run(legacy: bool, tmp_path: Path) -> None:
    trace, path = tmp_path / "trace", tmp_path / "evil.pth"
    content = {"state_dict": {"fc.weight": torch.zeros(2, 2)}, "callbacks": Evil(trace)}
    if legacy:
        path.write_bytes(pickle.dumps(content, protocol=2))
    else:
        torch.save(content, path)
    with pytest.raises(UserError, match=r"(not loaded for safety|not a checkpoint of torch).*\.$") as found:
        load_backbone(f"resnet18@{path}")
    assert "\n" not in str(found.value)
    assert not trace.exists()
    pickle.loads(path.read_bytes()) if legacy else torch.load(path, weights_only=False)  # noqa: S301
    assert trace.exists(), "the file would have run something"
