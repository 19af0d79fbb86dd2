"""Which backbones are offered, and whether their weights are here."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.learning.backbones import registry
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, REGISTRY, find, is_here, local_file


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "TORCH_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def test_every_backbone_tells_licence_size_and_dimension() -> None:
    assert len(REGISTRY) >= 11
    for info in REGISTRY.values():
        assert info.licence
        assert info.dim > 0
        assert info.size_mb > 0
        assert info.image_size % 2 == 0


def test_default_is_dino_and_the_fallback_says_it_is_not() -> None:
    assert find(DEFAULT).kind == "DINO"
    assert not find(OFFLINE).self_supervised
    assert "Not DINO" in find(OFFLINE).note


def test_neither_torch_nor_a_hub_client_is_imported() -> None:
    code = (
        "import sys; from medlabeler.learning.backbones.registry import *;"
        "[is_here(i) for i in REGISTRY.values()];"
        "print([m for m in ('torch','timm','huggingface_hub','numpy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_cached_hub_file_is_found_and_an_unfinished_one_is_not(cache: Path) -> None:
    info = find(DEFAULT)
    assert not is_here(info)
    folder = cache / "hf/hub/models--timm--vit_small_patch16_224.dino"
    (folder / "refs").mkdir(parents=True)
    (folder / "refs/main").write_text("abc")
    (folder / "snapshots/abc").mkdir(parents=True)
    assert not is_here(info)
    (folder / "snapshots/abc/model.safetensors").write_bytes(b"x")
    assert local_file(info) == folder / "snapshots/abc/model.safetensors"


def test_a_downloaded_official_file_is_found(cache: Path) -> None:
    info = find("dino_resnet50")
    assert not is_here(info)
    target = registry.download_target(info)
    target.parent.mkdir(parents=True)
    target.write_bytes(b"x")
    assert is_here(info)


def test_names_of_every_kind_are_understood(tmp_path: Path) -> None:
    assert find("vit_small_patch16_224.dino").name == DEFAULT
    assert find("hf-hub:timm/vit_small_patch16_224.dino").name == DEFAULT
    assert find("hf-hub:owner/net").location == "owner/net"
    assert find("vit_base_patch8_224.dino").kind == "DINO"
    assert find("resnet18").location == "timm/resnet18"
    file = tmp_path / "w.pth"
    file.write_bytes(b"x")
    assert find(str(file)).source == "file"
    named = find(f"resnet18@{file}")
    assert (named.timm_name, named.location) == ("resnet18", str(file))


@pytest.mark.parametrize(
    "name", ["", "  ", "missing/weights.pth", "weights.safetensors", "resnet18@missing.pth"]
)
def test_what_cannot_be_meant_gets_a_sentence(name: str) -> None:
    with pytest.raises(UserError, match=r"\.$"):
        find(name)
