"""The exported classifier as one ONNX graph: from RGB pixels to calibrated probabilities.

Input `pixels`, uint8 (n, s, s, 3) RGB of any n: the whole image, upright, transparent parts on white, resized
by Pillow to s x s pixels (`Image.resize`, the interpolation of the metadata), as `imaging.preprocess` has it.
Output `probabilities`, float32 (n, C), in the order of the classes in the metadata.
Inside: normalisation, backbone, shaping, logistic regression or kNN, calibration. Metadata: one JSON object
"medlabeler" in the model's `metadata_props`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from medlabeler.domain.checked_json import Json
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.export.bundle import Bundle
from medlabeler.learning.backbones.graph import FromPixels, as_graph
from medlabeler.learning.backbones.loading import Backbone

METADATA = "medlabeler"

_FLOAT16_MAX = float(np.finfo(np.float16).max)


class Head(nn.Module):
    """`Bundle.predict` in torch: embeddings float32 (n, d) to probabilities float32 (n, C)."""

    def __init__(self, bundle: Bundle) -> None:
        super().__init__()
        self.root = bundle.shaping.root
        self.keep("mean", bundle.shaping.mean)
        self.keep("matrix", bundle.shaping.matrix)
        self.logistic = bundle.classifier == "logistic"
        self.temperature = 1.0 if bundle.calibration is None else bundle.calibration.temperature
        if self.logistic:
            self.keep("weights", bundle.arrays["weights"])
            self.keep("bias", bundle.arrays["bias"])
            return
        codes = np.asarray(bundle.arrays["codes"])
        counts = np.bincount(codes, minlength=len(bundle.classes))
        votes = np.eye(len(bundle.classes), dtype=np.float32)[codes]
        if bundle.settings["balanced"]:
            votes /= np.maximum(counts, 1)
        self.keep("vectors", bundle.arrays["vectors"])
        self.keep("votes", votes)
        self.k = min(int(bundle.settings["k"]), len(codes))
        self.width = float(bundle.settings["temperature"])

    def keep(self, name: str, values: Any) -> None:
        """Hold an array of the classifier, which no training changes."""
        self.register_buffer(name, torch.from_numpy(np.array(values, np.float32)))

    def forward(self, vectors: torch.Tensor) -> torch.Tensor:
        own: Any = self
        # The classifier learned from embeddings as they lie on disk, in half the precision.
        vectors = vectors.clamp(-_FLOAT16_MAX, _FLOAT16_MAX).to(torch.float16).to(torch.float32)
        rooted = vectors.clamp_min(0).sqrt() if self.root else vectors
        shaped = (rooted - own.mean) @ own.matrix
        length = shaped.square().sum(dim=1, keepdim=True).sqrt()
        # A row equal to the mean stays zero.
        prepared = shaped / length.clamp_min(torch.finfo(torch.float32).tiny)
        if self.logistic:
            probabilities = torch.softmax(prepared @ own.weights + own.bias, dim=1)
        else:
            nearest, at = torch.topk(prepared @ own.vectors.T, self.k, dim=1)
            vote = torch.exp((nearest - nearest[:, :1]) / self.width)
            summed = (vote.unsqueeze(2) * own.votes[at]).sum(dim=1)
            probabilities = summed / summed.sum(dim=1, keepdim=True)
        if self.temperature == 1.0:
            return probabilities
        scores = probabilities.clamp_min(torch.finfo(torch.float32).tiny).log() / self.temperature
        return torch.softmax(scores, dim=1)


class Whole(FromPixels):
    """Pixels uint8 (n, s, s, 3) to probabilities float32 (n, C)."""

    def __init__(self, bundle: Bundle, backbone: Backbone) -> None:
        super().__init__(backbone.module, backbone.preprocessing)
        self.head = Head(bundle)

    def forward(self, pixels: torch.Tensor) -> torch.Tensor:
        probabilities: torch.Tensor = self.head(FromPixels.forward(self, pixels))
        return probabilities


def about(bundle: Bundle, backbone: Backbone) -> Json:
    """What whoever has the graph alone must know to use it rightly."""
    preprocessing = backbone.preprocessing
    return {
        "classes": [c["name"] for c in bundle.classes],
        "colours": [c.get("colour", "") for c in bundle.classes],
        "size": preprocessing.size,
        "interpolation": preprocessing.interpolation,
        "input": (
            f"pixels: uint8 (n, {preprocessing.size}, {preprocessing.size}, 3), RGB, upright, transparent "
            "parts on white, the whole image resized by Pillow without a crop"
        ),
        "output": "probabilities: float32 (n, classes), calibrated where the bundle says how",
        "rendering": preprocessing.to_dict().get("rendering"),
        "classifier": bundle.classifier,
        "backbone": {name: bundle.backbone.get(name) for name in ("title", "weights_sha256", "licence")},
        "measured": bundle.measured,
        "licence": bundle.licence,
        "versions": bundle.versions,
        "intended_use": "Research and education; not a medical device.",
    }


def build(whole: Whole, size: int) -> Any:
    """The graph of `whole` as an `onnx.ModelProto`; `UserError` for a backbone that torch cannot export."""
    return as_graph(whole, size, "probabilities")


def write(model: Any, facts: Json, path: Path) -> None:
    """Put the metadata into the model and write it whole or not at all; `UserError` when the disk refuses, or
    for more than the 2 GB that one file of ONNX can hold.
    """
    import onnx

    onnx.helper.set_model_props(model, {METADATA: json.dumps(facts, ensure_ascii=False)})
    try:
        content = model.SerializeToString()
    except ValueError as error:
        raise UserError(
            tr("This image model is too large for one ONNX file; export a bundle instead.")
        ) from error
    try:
        with whole_file(path, asked_for=True) as file:
            file.write(content)
    except OSError as error:
        raise UserError(
            tr("{path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error
