"""Fetches weights, only when a person allowed it, and counts the bytes aloud."""

from __future__ import annotations

import inspect
import os
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, Progress
from medlabeler.learning.backbones import registry
from medlabeler.learning.backbones.registry import BackboneInfo

_BLOCK = 1 << 18
_TIMEOUT_S = 20


def download(info: BackboneInfo, progress: Progress) -> Path:
    """Fetch the weights of `info` into the cache where `registry.local_file` finds them; returns that file.

    Raises `UserError` when the network or the disk does not play along.
    """
    progress.report(0, 0, f"Downloading {info.title}")
    if info.source == "url":
        return _from_address(info, progress)
    return _from_hub(info, progress)


def _from_address(info: BackboneInfo, progress: Progress) -> Path:
    target = registry.download_target(info)
    part = target.with_name(f"{target.name}.{os.getpid()}.part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with urllib.request.urlopen(info.location, timeout=_TIMEOUT_S) as answer, part.open("wb") as out:  # noqa: S310
            total = int(answer.headers.get("Content-Length") or 0)
            done = 0
            while block := answer.read(_BLOCK):
                progress.check()
                out.write(block)
                done += len(block)
                progress.report(done, total, f"Downloading {info.title}")
            if total and done != total:
                raise OSError("the connection broke off")
            out.flush()
            os.fsync(out.fileno())
        part.replace(target)
    except (OSError, urllib.error.URLError, ValueError) as error:
        raise UserError(f"The weights of {info.title} could not be downloaded: {_reason(error)}.") from error
    finally:
        part.unlink(missing_ok=True)
    return target


def _from_hub(info: BackboneInfo, progress: Progress) -> Path:
    from huggingface_hub import hf_hub_download
    from huggingface_hub import utils as hub_utils
    from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, LocalEntryNotFoundError

    hub_bar: Any = hub_utils.tqdm  # type: ignore[attr-defined, unused-ignore]  # does not say that it has it

    class Bar(hub_bar):  # type: ignore[misc, unused-ignore]  # hence without a type
        """The hub's progress bar, without the bar."""

        def __init__(self, *args: Any, **kwargs: Any) -> None:
            kwargs["disable"] = False
            kwargs["file"] = _Nowhere()
            super().__init__(*args, **kwargs)

        def update(self, n: float | None = 1) -> bool | None:
            progress.check()
            moved: bool | None = super().update(n)
            progress.report(int(self.n), int(self.total or 0), f"Downloading {info.title}")
            return moved

    extra: dict[str, Any] = {}
    if "tqdm_class" in inspect.signature(hf_hub_download).parameters:
        extra["tqdm_class"] = Bar
    repository, _, revision = info.location.partition("@")
    wanted = {"repo_id": repository, "revision": revision or None, **extra}
    try:
        if info.timm_name.startswith("hf-hub:"):
            hf_hub_download(filename="config.json", **wanted)
        try:
            return Path(hf_hub_download(filename="model.safetensors", **wanted))
        except LocalEntryNotFoundError:
            raise
        except EntryNotFoundError:
            return Path(hf_hub_download(filename="pytorch_model.bin", **wanted))
    except Cancelled:
        raise
    except (EntryNotFoundError, HfHubHTTPError, OSError, ValueError) as error:
        raise UserError(f"The weights of {info.title} could not be downloaded: {_reason(error)}.") from error


def _reason(error: BaseException) -> str:
    """One short line of why, without the pages that some libraries write."""
    name = type(error).__name__
    if name in {
        "LocalEntryNotFoundError",
        "OfflineModeIsEnabled",
        "URLError",
        "ConnectError",
        "ConnectTimeout",
    }:
        return "there is no connection to the server"
    if name in {"GatedRepoError"}:
        return "its licence has to be accepted on the hub first"
    if name in {"RepositoryNotFoundError", "EntryNotFoundError", "RevisionNotFoundError"}:
        return "the hub has no such weights"
    text = str(getattr(error, "strerror", None) or error).strip().splitlines()
    return text[0].rstrip(".") if text and text[0] else name


class _Nowhere:
    """Swallows what a progress bar wants to draw."""

    def write(self, text: str) -> int:
        return len(text)

    def flush(self) -> None:
        return
