"""What can be chosen of `jobs.embed`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option
from medlabeler.jobs.params.common import ALLOW_DOWNLOAD, DEVICE

VIEWS = ("once", "turned", "mirrored")
RUNTIMES = ("auto", "torch", "onnxruntime")


@dataclass(frozen=True)
class Params:
    """`backbone` None: the project's own, else the default, else the one that needs no network. `weights`: a
    folder made by `medlabeler weights export`, from which those that are not here are copied. `views`: how
    often each image is looked at (`VIEWS`); None: as for the embedding in use, if it is of this backbone.
    `precision`: "auto", what the device is fastest in without changing the vectors, or "float32", which ONNX
    answers in. `runtime`: what runs the network on a processor; "auto": the faster one that gives the vectors
    of torch. `beside`: another embedding that is in use stays so.
    """

    backbone: str | None = field(
        default=None,
        metadata=option(
            "--backbone",
            metavar="NAME|FILE",
            help="a name (dino_vits16), any timm name, hf-hub:NAME or a checkpoint file; "
            "default: the project's own, else dino_vits16",
        ),
    )
    device: str = field(default="auto", metadata=DEVICE)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
    weights: Path | None = field(
        default=None,
        metadata=option(
            "--weights",
            read=Path,
            metavar="FOLDER",
            help="take weights that are not here from a folder made by medlabeler weights export",
        ),
    )
    views: str | None = field(
        default=None,
        metadata=option(
            "--views",
            choices=VIEWS,
            help="mean over several looks at each image, in two scales: turned (5 looks, for cells or "
            "lesions) or mirrored (3, for X-rays); compare tells whether it pays (default: as in use)",
        ),
    )
    precision: str = field(
        default="auto",
        metadata=option(
            "--precision",
            choices=("auto", "float32"),
            help="auto: what the device is fastest in, if that leaves the vectors as they are; float32: what "
            "ONNX answers in, to the last digit",
        ),
    )
    runtime: str = field(
        default="auto",
        metadata=option(
            "--runtime",
            choices=RUNTIMES,
            help="what runs the network on a processor; auto: onnxruntime where it is installed, gives the "
            "vectors of torch and is faster (%(default)s)",
        ),
    )
    beside: bool = field(
        default=False,
        metadata=option(
            "--beside",
            switch=True,
            help="only to compare: the image model that is in use stays in use",
        ),
    )
