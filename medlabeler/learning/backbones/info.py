"""What is known of a backbone before it is loaded. Standard library alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["DINO", "DINOv2", "DINOv3", "captions", "supervised", "unknown"]
Source = Literal["hub", "url", "package", "resource", "file"]


@dataclass(frozen=True, slots=True)
class BackboneInfo:
    """A backbone as a person chooses it.

    `name` is what a project stores and `find` understands; `timm_name` the architecture (with a tag where
    timm knows one, empty if only the file can tell); `dim` the length of an embedding and `size_mb` the
    size of the weights in MB, both 0 when unknown before loading; `image_size` the side in pixels that an
    image is resized to; `source` says where the weights come from and `location` where exactly: a
    repository of the hub, an address, a package, a file that ships with the program, or any other file.

    `file` is the weights' file in a repository whose makers chose a name of their own; `sha256` what the
    makers publish of the weights, hex, empty where they publish nothing that is known here (the hub states
    one with each file, which is checked when it is fetched); `access` how to get weights that are given
    only to those who ask.
    """

    name: str
    title: str
    timm_name: str
    dim: int
    licence: str
    size_mb: int
    image_size: int
    self_supervised: bool
    kind: Kind
    note: str
    source: Source
    location: str
    file: str = ""
    sha256: str = ""
    access: str = ""


def is_sha256(text: str) -> bool:
    """Whether this is a SHA-256 in hex."""
    return re.fullmatch(r"[0-9a-f]{64}", text) is not None
