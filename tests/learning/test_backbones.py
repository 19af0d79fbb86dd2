"""Weights from many makers: loaded when they fit, refused in one sentence when they do not."""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from medlabeler.domain.errors import UserError
from medlabeler.learning.backbones.checkpoints import file_sha256, read_checkpoint
from medlabeler.learning.backbones.loading import choose_device, choose_precision, load_backbone, save_weights
from medlabeler.learning.backbones.registry import OFFLINE, find, local_file
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

prepare_torchvision()
import timm  # noqa: E402 - needs the shim

VIT = "vit_tiny_patch16_224"


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """These networks are tiny: several threads would only wait for each other on a busy machine."""
    usual = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(usual)


@pytest.fixture(scope="module")
def vit() -> Any:
    torch.manual_seed(1)
    return timm.create_model(VIT, pretrained=False, num_classes=0).eval()


@pytest.fixture(scope="module")
def image() -> torch.Tensor:
    return torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0))


def class_token(network: Any, image: torch.Tensor) -> torch.Tensor:
    with torch.inference_mode():
        return network.forward_features(image)[:, 0]


def dino_run(network: Any) -> dict[str, Any]:
    """As DINO's training script saves it: both networks, wrapped, with heads, optimiser and command line."""
    backbone = {f"module.backbone.{k}": v for k, v in network.state_dict().items()}
    head = {
        "module.head.mlp.0.weight": torch.zeros(4, 4),
        "module.head.last_layer.weight_v": torch.zeros(4, 4),
    }
    return {
        "student": {k: v + 1 for k, v in backbone.items()} | head,
        "teacher": backbone | head,
        "optimizer": {"state": {}, "param_groups": []},
        "epoch": 3,
        "args": argparse.Namespace(arch="vit_tiny", patch_size=16, lr=0.1),
    }


def layouts(network: Any) -> dict[str, Any]:
    state = network.state_dict()
    classifier = {"head.weight": torch.zeros(5, 192), "head.bias": torch.zeros(5)}
    return {
        "plain": state,
        "with a classifier": state | classifier,
        "timm training": {"arch": VIT, "epoch": 1, "state_dict": state | classifier},
        "data parallel": {"model": {f"module.{k}": v for k, v in state.items()}},
        "backbone prefix": {f"backbone.{k}": v for k, v in state.items()},
        "lightning": {
            "state_dict": {f"teacher_backbone.{k}": v for k, v in state.items()}
            | {f"student_backbone.{k}": v + 1 for k, v in state.items()}
        },
        "DINO run": dino_run(network),
    }


@pytest.mark.parametrize(
    "layout",
    [
        "plain",
        "with a classifier",
        "timm training",
        "data parallel",
        "backbone prefix",
        "lightning",
        "DINO run",
    ],
)
def test_every_layout_of_a_checkpoint_gives_the_same_class_token(
    layout: str, vit: Any, image: torch.Tensor, tmp_path: Path
) -> None:
    path = tmp_path / "weights.pth"
    torch.save(layouts(vit)[layout], path)
    backbone = load_backbone(str(path))
    assert (backbone.info.timm_name, backbone.info.dim, backbone.pooling) == (VIT, 192, "class token")
    assert backbone.preprocessing.mean == (0.485, 0.456, 0.406)
    assert torch.equal(backbone.module(image), class_token(vit, image))


def test_safetensors_written_by_us_come_back_as_the_same_backbone(
    vit: Any, image: torch.Tensor, tmp_path: Path
) -> None:
    torch.save(vit.state_dict(), tmp_path / "w.pth")
    first = load_backbone(f"{VIT}@{tmp_path / 'w.pth'}")
    save_weights(first, tmp_path / "w.safetensors")
    second = load_backbone(str(tmp_path / "w.safetensors"))
    assert second.weights_sha256 == file_sha256(tmp_path / "w.safetensors"), "what is read, not what it says"
    assert second.preprocessing == first.preprocessing
    assert torch.equal(second.module(image), first.module(image))


def test_a_convolutional_network_is_pooled_by_its_average(tmp_path: Path) -> None:
    network = timm.create_model("resnet18", pretrained=False).eval()
    torch.save({"state_dict": network.state_dict()}, tmp_path / "r.pth")
    backbone = load_backbone(str(tmp_path / "r.pth"))
    assert (backbone.info.timm_name, backbone.info.dim, backbone.pooling) == ("resnet18", 512, "average")


def test_xcit_weights_in_the_official_naming_are_recognised(tmp_path: Path) -> None:
    network = timm.create_model("xcit_nano_12_p8_224", pretrained=False, num_classes=0).eval()
    official = {k.replace("pos_embed.", "pos_embeder."): v for k, v in network.state_dict().items()}
    torch.save({f"backbone.{k}": v for k, v in official.items()}, tmp_path / "x.pth")
    backbone = load_backbone(str(tmp_path / "x.pth"))
    assert (backbone.info.timm_name, backbone.pooling) == ("xcit_nano_12_p8_224", "class token")


def test_weights_of_another_architecture_are_named_in_one_sentence(vit: Any, tmp_path: Path) -> None:
    path = tmp_path / "vit.pth"
    torch.save(vit.state_dict(), path)
    with pytest.raises(
        UserError, match=r"vit\.pth do not fit vit_small_patch16_224: .* should be .* but is"
    ) as found:
        load_backbone(f"vit_small_patch16_224@{path}")
    assert "\n" not in str(found.value)
    with pytest.raises(UserError, match=r"do not fit resnet18: they lack \d+ tensors, the first is"):
        load_backbone(f"resnet18@{path}")
    torch.save(vit.state_dict() | {"blocks.99.weight": torch.zeros(1)}, path)
    with pytest.raises(UserError, match=r"no place for the tensor blocks\.99\.weight"):
        load_backbone(f"{VIT}@{path}")


class Evil:
    """Runs something when unpickled carelessly."""

    def __reduce__(self) -> tuple[Any, ...]:
        return (print, ("executed",))


def test_a_checkpoint_with_code_is_refused_unexecuted(
    vit: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "evil.pth"
    torch.save({"state_dict": vit.state_dict(), "hook": Evil()}, path)
    with pytest.raises(UserError, match="not loaded for safety"):
        load_backbone(f"{VIT}@{path}")
    assert "executed" not in capsys.readouterr().out


@pytest.mark.parametrize("content", [b"", b"garbage", b"PK\x03\x04 broken"])
@pytest.mark.parametrize("suffix", [".pth", ".safetensors"])
def test_damaged_files_get_a_sentence(content: bytes, suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"w{suffix}"
    path.write_bytes(content)
    with pytest.raises(UserError, match="damaged"):
        load_backbone(str(path))


def test_unknown_architectures_and_absent_weights_get_a_sentence(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    torch.save({"layer.weight": torch.zeros(2, 2)}, tmp_path / "odd.pth")
    with pytest.raises(UserError, match="give the architecture's name"):
        load_backbone(str(tmp_path / "odd.pth"))
    with pytest.raises(UserError, match="No image model called nonsense_net is known"):
        load_backbone("nonsense_net")
    with pytest.raises(UserError, match="not on this machine"):
        load_backbone("resnet18")


def test_a_download_without_network_says_so(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))
    with pytest.raises(UserError, match=r"DINO ViT-S/16 could not be downloaded: .*\.$") as found:
        load_backbone("dino_vits16", allow_download=True)
    assert "\n" not in str(found.value)
    assert len(str(found.value)) < 200


def test_the_offline_backbone_gets_every_tensor_in_its_place() -> None:
    info = find(OFFLINE)
    path = local_file(info)
    if path is None:
        pytest.skip("the package of the offline backbone is not installed")
    backbone = load_backbone(OFFLINE)
    assert (backbone.info.dim, backbone.pooling) == (1280, "average")
    assert backbone.preprocessing.mean[0] * 255 == pytest.approx(127)
    assert backbone.preprocessing.std[0] * 255 == pytest.approx(128)
    theirs = [(k, v) for k, v in read_checkpoint(path).tensors.items() if "num_batches" not in k][:-2]
    ours = [(k, v) for k, v in backbone.module.state_dict().items() if "num_batches" not in k]
    assert len(theirs) == len(ours) == 245
    for (their_name, their_tensor), (our_name, our_tensor) in zip(theirs, ours, strict=True):
        assert their_name.rsplit(".", 1)[1] == our_name.rsplit(".", 1)[1]
        assert torch.equal(their_tensor, our_tensor)
    with torch.inference_mode():
        vector = backbone.module(torch.randn(1, 3, 224, 224, generator=torch.Generator().manual_seed(0)))
    assert 0.05 < float(vector.std()) < 5


def test_devices_and_precisions() -> None:
    assert choose_device("cpu") == "cpu"
    assert choose_device() in ("cpu", "cuda", "mps")
    assert choose_precision("cpu") in ("float32", "bfloat16")
    assert choose_precision("mps") == "float32"
    with pytest.raises(UserError, match="no device called abacus"):
        choose_device("abacus")
    if not torch.cuda.is_available():
        with pytest.raises(UserError, match="no cuda device"):
            choose_device("cuda")


def test_timm_can_be_imported_in_a_fresh_process() -> None:
    code = (
        "from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision as p;"
        "a = p(); import timm; b = p(); print(a, b)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    declared, again = done.stdout.split()
    assert declared == again


IN_A_FRESH_PROCESS = """
import sys, numpy, torch
from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.loading import load_backbone
at_first = torch.compiler.disable
starter = load_backbone("starter_cells")
picture = numpy.zeros((224, 224, 3), numpy.uint8)
for precision in ("float32", "bfloat16"):
    list(embed(starter, lambda row: picture, numpy.arange(2), precision=precision))
assert not [name for name in sys.modules if name.startswith(("torch._dynamo", "sympy"))]
assert torch.compiler.disable is at_first
import importlib
regions = importlib.import_module("torchvision.ops.roi_align")
assert regions.is_compile_supported("cpu") == torch._dynamo.utils.is_compile_supported("cpu")
"""


def test_embedding_does_not_load_the_compiler_and_who_asks_for_it_gets_it() -> None:
    """Loading it takes longer than torch itself."""
    subprocess.run([sys.executable, "-c", IN_A_FRESH_PROCESS], check=True, timeout=120)


def test_what_else_is_asked_of_the_compiler_while_libraries_are_imported_is_the_real_thing() -> None:
    code = (
        "import sys, torch\n"
        "from medlabeler.learning.backbones.compiler_later import compiler_later\n"
        "with compiler_later():\n"
        "    @torch.compiler.disable(recursive=False)\n"
        "    def three(): return 3\n"
        "    assert 'torch._dynamo' not in sys.modules\n"
        "    from torch._dynamo.utils import counters\n"
        "assert three() == 3\n"
        "import torch._dynamo\n"
        "assert counters is torch._dynamo.utils.counters\n"
        "assert sys.modules['torch._dynamo.utils'] is torch._dynamo.utils\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
