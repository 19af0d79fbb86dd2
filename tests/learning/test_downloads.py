"""Weights from a hub on this machine: checked, gone on with, and refused in one sentence in bounded time."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from local_hub import COMMIT, Hub, serving

from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.learning.backbones import fetching
from medlabeler.learning.backbones.fetching import FetchFailed, Wanted, fetch

REPOSITORY = "timm/vit_small_patch16_224.dino"
WEIGHTS = f"{REPOSITORY}/model.safetensors"
BYTES = bytes(range(256)) * 4096  # 1 MiB
KEY = {"HF_TOKEN": "hf_ours"}
SHA256 = hashlib.sha256(BYTES).hexdigest()

_FETCH = """
import json, sys
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.learning.backbones import downloads, fetching, registry
fetching.SILENCE_S = downloads.SILENCE_S = float(sys.argv[2])
info = registry.find(sys.argv[1])
try:
    path = downloads.download(info, SilentProgress())
except UserError as error:
    print(json.dumps({"sentence": str(error)}))
else:
    assert path == registry.local_file(info), (path, registry.local_file(info))
    print(json.dumps({"path": str(path)}))
"""


@pytest.fixture
def hub() -> Iterator[Hub]:
    with serving(Hub({WEIGHTS: BYTES})) as running:
        yield running


def ask(hub: Hub, cache: Path, name: str = "dino_vits16", silence: float = 5, **more: str) -> dict[str, str]:
    """What a process that fetches `name` from this hub says; its client reads the address when it starts."""
    variables = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")} | {
        "HF_ENDPOINT": hub.address,
        "HF_HOME": str(cache),
        "HF_HUB_OFFLINE": "0",
    }
    for unwanted in ("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE", "HF_TOKEN"):
        variables.pop(unwanted, None)
    done = subprocess.run(
        [sys.executable, "-c", _FETCH, name, str(silence)],
        env=variables | more, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    answer: dict[str, str] = json.loads(done.stdout)
    return answer


def parts(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if ".part" in path.name or ".lock" in path.name]


def test_weights_of_the_hub_lie_where_its_own_client_finds_them(hub: Hub, tmp_path: Path) -> None:
    path = Path(ask(hub, tmp_path)["path"])
    assert path.read_bytes() == BYTES
    assert (path.resolve().name, path.parent.name) == (SHA256, COMMIT)
    assert parts(tmp_path) == []
    assert {entry[1] for entry in hub.seen} == {f"/{REPOSITORY}/resolve/main/model.safetensors"}
    code = (
        "from huggingface_hub import hf_hub_download as h;"
        f"print(h({REPOSITORY!r}, 'model.safetensors', local_files_only=True))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], env=os.environ | {"HF_HUB_CACHE": f"{tmp_path}/hub"},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(found.stdout.strip()) == path


def test_a_connection_that_breaks_goes_on_where_it_broke(hub: Hub, tmp_path: Path) -> None:
    hub.breaks_after, hub.times = 300_000, 2
    assert Path(ask(hub, tmp_path)["path"]).read_bytes() == BYTES
    assert [entry[2] for entry in hub.body_requests()] == ["", "bytes=300000-", "bytes=600000-"]


def test_what_an_earlier_run_left_is_used_again(hub: Hub, tmp_path: Path) -> None:
    hub.breaks_after = 100_000
    sentence = ask(hub, tmp_path)["sentence"]
    assert sentence == "The weights of DINO ViT-S/16 could not be downloaded: the connection broke off."
    hub.breaks_after = None
    hub.seen.clear()
    assert Path(ask(hub, tmp_path)["path"]).read_bytes() == BYTES
    assert [entry[2] for entry in hub.body_requests()] == ["bytes=200000-"]
    assert parts(tmp_path) == []


def test_other_bytes_than_the_published_ones_are_refused(hub: Hub, tmp_path: Path) -> None:
    hub.published[WEIGHTS] = "0" * 64
    sentence = ask(hub, tmp_path)["sentence"]
    assert sentence.endswith("what arrived is not what was published (its SHA-256 differs).")
    assert not list(tmp_path.rglob("model.safetensors"))
    assert parts(tmp_path) == []


def test_gated_weights_say_how_to_get_them(hub: Hub, tmp_path: Path) -> None:
    hub.files["MahmoodLab/UNI/pytorch_model.bin"] = BYTES
    hub.files["owner/secret/model.safetensors"] = BYTES
    hub.gated |= {"MahmoodLab/UNI", "owner/secret"}
    sentence = ask(hub, tmp_path, "uni")["sentence"]
    assert "ask for access on https://huggingface.co/MahmoodLab/UNI" in sentence
    assert "hf auth login" in sentence
    assert (
        "accept their licence on https://huggingface.co/owner/secret"
        in (ask(hub, tmp_path, "hf-hub:owner/secret")["sentence"])
    )
    assert Path(ask(hub, tmp_path, "uni", **KEY)["path"]).read_bytes() == BYTES
    assert {entry[3] for entry in hub.body_requests()} == {"Bearer hf_ours"}


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"silent": ("HEAD",)}, "the server does not answer"),
        ({"silent": ("GET",)}, "the server does not answer"),
        ({"stalls_after": 1000}, "the server does not answer"),
        ({"resets": ("HEAD",)}, "the connection broke off"),
        ({"resets": ("GET",)}, "the connection broke off"),
    ],
)
def test_a_server_that_stalls_gets_one_sentence_in_bounded_time(
    trouble: dict[str, Any], words: str, hub: Hub, tmp_path: Path
) -> None:
    for name, value in trouble.items():
        setattr(hub, name, value)
    began = time.monotonic()
    sentence = ask(hub, tmp_path, silence=1)["sentence"]
    assert sentence == f"The weights of DINO ViT-S/16 could not be downloaded: {words}."
    assert time.monotonic() - began < 30


def test_nobody_at_home_and_nothing_there_get_a_sentence(hub: Hub, tmp_path: Path) -> None:
    assert ask(hub, tmp_path, "hf-hub:owner/nothing")["sentence"].endswith("the hub has no such weights.")
    hub.files["owner/empty/README.md"] = b""
    assert ask(hub, tmp_path, "owner/empty")["sentence"].endswith("the hub has no such weights.")
    gone = Hub(address="http://127.0.0.1:9")
    assert ask(gone, tmp_path)["sentence"].endswith("there is no connection to the server.")


class Stops:
    """A person who cancels as soon as something is said."""

    def report(self, done: int, total: int, text: str = "") -> None: ...

    def partial(self, facts: object) -> None: ...

    def check(self) -> None:
        raise Cancelled


def test_who_waits_for_a_silent_server_can_leave(hub: Hub, tmp_path: Path) -> None:
    hub.silent = ("GET",)
    began = time.monotonic()
    wanted = Wanted(f"{hub.address}/{REPOSITORY}/resolve/main/model.safetensors")
    with pytest.raises(Cancelled):
        fetch(wanted, tmp_path / "w", Stops(), "")
    assert time.monotonic() - began < fetching.SILENCE_S / 2


def test_a_spoilt_beginning_is_fetched_anew(hub: Hub, tmp_path: Path) -> None:
    """The hash is computed over what lies on the disk, not over what was sent."""
    address = f"{hub.address}/{REPOSITORY}/resolve/main/model.safetensors"
    (tmp_path / f"w.{SHA256[:16]}.part").write_bytes(b"x" * 5000)
    assert fetch(Wanted(address, SHA256, len(BYTES)), tmp_path / "w", SilentProgress(), "") == SHA256
    assert (tmp_path / "w").read_bytes() == BYTES
    assert [entry[2] for entry in hub.body_requests()] == ["bytes=5000-", ""]


def test_a_server_without_ranges_sends_all_of_it_again(hub: Hub, tmp_path: Path) -> None:
    hub.ranges, hub.breaks_after, hub.times = False, 400_000, 1
    address = f"{hub.address}/{REPOSITORY}/resolve/main/model.safetensors"
    assert fetch(Wanted(address, SHA256, len(BYTES)), tmp_path / "w", SilentProgress(), "") == SHA256
    assert (tmp_path / "w").read_bytes() == BYTES


@pytest.mark.parametrize("address", ["file:///etc/passwd", "ftp://127.0.0.1/w", "/etc/passwd"])
def test_a_server_cannot_point_to_files_of_this_machine(address: str, tmp_path: Path) -> None:
    with pytest.raises(FetchFailed, match="no address of the web"):
        fetch(Wanted(address), tmp_path / "w", SilentProgress(), "")


def test_a_full_or_closed_disk_is_told_as_such(hub: Hub, tmp_path: Path) -> None:
    address = f"{hub.address}/{REPOSITORY}/resolve/main/model.safetensors"
    (tmp_path / f"w.{SHA256[:16]}.part").mkdir()
    with pytest.raises((FetchFailed, OSError), match=r"(?i)is a directory"):
        fetch(Wanted(address, SHA256, len(BYTES)), tmp_path / "w", SilentProgress(), "")


def test_a_damaged_file_of_the_cache_is_fetched_again(hub: Hub, tmp_path: Path) -> None:
    """The link is gone, as after a person deleted it; what it pointed to is not what its name says."""
    path = Path(ask(hub, tmp_path)["path"])
    path.resolve().write_bytes(b"damaged")
    path.unlink()
    assert Path(ask(hub, tmp_path)["path"]).read_bytes() == BYTES
