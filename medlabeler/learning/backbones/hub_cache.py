"""Where huggingface_hub keeps what it fetched, so that each finds what the other has.

    models--OWNER--NAME/blobs/SHA256, snapshots/COMMIT/FILE (a link to it), refs/REVISION (holds COMMIT)

https://huggingface.co/docs/huggingface_hub/guides/manage-cache
"""

from __future__ import annotations

import os
from pathlib import Path

from medlabeler.learning.backbones.info import is_sha256
from medlabeler.learning.backbones.registry import BackboneInfo, hub_folder


def blob(info: BackboneInfo, tag: str) -> Path:
    """Where a file with this ETag lies: the SHA-256 of a large file."""
    return hub_folder(info.location.partition("@")[0]) / "blobs" / tag


def published_sha256(info: BackboneInfo, path: Path) -> str:
    """What is published of the weights in `path`, hex; empty if nothing is known.

    The cache of the hub calls a large file by its SHA-256: what lies there under that name must be that.
    """
    cached = path.resolve().name if info.source == "hub" else ""
    return info.sha256 or (cached if is_sha256(cached) else "")


def keep(info: BackboneInfo, commit: str, name: str, content: Path) -> Path:
    """Let a blob be found as the file `name` of a commit; returns the file. Where the system allows no links
    the blob itself becomes it.
    """
    folder = content.parent.parent
    place = folder / "snapshots" / commit / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.unlink(missing_ok=True)
    try:
        place.symlink_to(os.path.relpath(content, place.parent))
    except OSError:
        content.replace(place)
    return place


def refer(info: BackboneInfo, commit: str) -> None:
    """From here on the revision of this backbone means this commit."""
    repository, _, revision = info.location.partition("@")
    if revision != commit:
        reference = hub_folder(repository) / "refs" / (revision or "main")
        reference.parent.mkdir(parents=True, exist_ok=True)
        reference.write_text(commit, encoding="utf-8")
