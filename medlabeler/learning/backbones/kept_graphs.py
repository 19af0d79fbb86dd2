"""Graphs of backbones, kept on this machine: writing one takes as long as embedding hundreds of images.

    <cache>/graphs/<32 hex of what it was made from>-<SHA-256 of the file>.onnx

A file that is not what its name says is removed, and the graph is made again. Nothing of a project is in it.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from medlabeler.domain.durable import write_durably
from medlabeler.domain.settings import cache_folder
from medlabeler.learning.backbones.graph import OPSET
from medlabeler.learning.backbones.loading import Backbone

MOST = 6
"""Graphs that are kept, those written last; one takes as much room as the weights in float32."""
_EDITION = 1
_WRITERS = ("torch", "timm", "onnx", "onnxscript")
_log = logging.getLogger("medlabeler.runtime")


def read(backbone: Backbone) -> bytes | None:
    """The graph of this backbone as it was kept; None if it was not, or is damaged."""
    for path in _files(backbone):
        try:
            content = path.read_bytes()
        except OSError:
            continue
        if hashlib.sha256(content).hexdigest() == path.stem.partition("-")[2]:
            return content
        _log.warning("a kept graph is damaged and is made again")
        _remove(path)
    return None


def keep(backbone: Backbone, content: bytes) -> None:
    """Keep the graph, if the disk lets us and the weights have a name; the oldest give way."""
    if not backbone.weights_sha256:
        return
    name = f"{_made_from(backbone)}-{hashlib.sha256(content).hexdigest()}.onnx"
    try:
        _folder().mkdir(parents=True, exist_ok=True)
        write_durably(_folder() / name, content)
        kept = sorted(_folder().glob("*.onnx"), key=lambda path: path.stat().st_mtime_ns)
    except OSError:
        _log.info("the graph could not be kept")
        return
    for path in kept[:-MOST]:
        _remove(path)


def drop(backbone: Backbone) -> None:
    """Forget the graph of this backbone."""
    for path in _files(backbone):
        _remove(path)


def _folder() -> Path:
    return cache_folder() / "graphs"


def _files(backbone: Backbone) -> list[Path]:
    if not backbone.weights_sha256:
        return []
    try:
        return sorted(_folder().glob(f"{_made_from(backbone)}-*.onnx"))
    except OSError:
        return []


def _made_from(backbone: Backbone) -> str:
    """All that the numbers of the graph depend on, and what wrote it."""
    shape = backbone.preprocessing
    made_from = {
        "weights": backbone.weights_sha256,
        "architecture": [backbone.info.timm_name, backbone.info.dim, backbone.pooling],
        "sees": [shape.size, shape.mean, shape.std, shape.views],
        "writers": [_version(name) for name in _WRITERS],
        "edition": [_EDITION, OPSET],
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()[:32]


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _remove(path: Path) -> None:
    with contextlib.suppress(OSError):
        path.unlink()
