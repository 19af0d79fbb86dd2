"""A network that begins with pixels, and how it becomes a graph of ONNX, to embed with or to be exported."""

from __future__ import annotations

import warnings
from typing import Any

import torch
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.backbones.views import viewed
from medlabeler.learning.onnx_packages import WITHOUT

OPSET = 18
PIXELS = "pixels"
BACKBONE_SCOPE = "backbone"
"""The scope, in the graph, of what belongs to the backbone."""


class FromPixels(nn.Module):
    """Pixels uint8 (n, s, s, 3), as `preprocessing` resized them, to embeddings float32 (n, d) of `network`,
    the mean over its views.
    """

    def __init__(self, network: nn.Module, preprocessing: Preprocessing) -> None:
        super().__init__()
        self.backbone = viewed(network, preprocessing)
        for name in ("mean", "std"):
            values = getattr(preprocessing, name)
            self.register_buffer(name, torch.tensor(values).mul(255).view(1, 3, 1, 1))

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        own: Any = self
        images = (pixels.permute(0, 3, 1, 2).to(torch.float32) - own.mean) / own.std
        vectors: torch.Tensor = self.backbone(images).to(torch.float32)
        return vectors


def as_graph(module: nn.Module, size: int, output: str) -> Any:
    """The graph of a module that takes pixels uint8 (n, size, size, 3), of any n, as an `onnx.ModelProto`
    with the input `PIXELS` and one `output`; `UserError` for what torch cannot export, or without the
    packages.
    """
    _installed()
    example = torch.zeros(2, size, size, 3, dtype=torch.uint8)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of torch about its own future
            program: Any = torch.onnx.export(
                module.eval(),
                (example,),
                dynamo=True,
                input_names=[PIXELS],
                output_names=[output],
                dynamic_shapes={PIXELS: {0: torch.export.Dim("images", min=1)}},
                opset_version=OPSET,
                verbose=False,
            )
    except torch.onnx.errors.OnnxExporterError as error:
        raise UserError(
            tr(
                "This image model cannot be written as ONNX by the installed torch "
                "{version}; export a bundle instead.",
                version=torch.__version__,
            )
        ) from error
    return program.model_proto


def _installed() -> None:
    try:
        import onnx
        import onnxruntime
        import onnxscript  # noqa: F401
    except ImportError as error:
        raise UserError(WITHOUT) from error
    del onnx, onnxruntime
