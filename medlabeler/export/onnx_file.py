"""Writes the classifier as ONNX once it was seen to answer as the classifier does; int8 where that is close.

onnxruntime is asked about real images of the project, and so is the live classifier. A graph whose largest
difference of a probability is above `LARGEST_DIFFERENCE` is not written.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json
from medlabeler.domain.durable import whole_file
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.domain.resources import resource
from medlabeler.export import onnx_graph
from medlabeler.export.bundle import Bundle
from medlabeler.export.onnx_written import Written
from medlabeler.learning.backbones.embedding import embed
from medlabeler.learning.backbones.graph import BACKBONE_SCOPE
from medlabeler.learning.backbones.loading import Backbone

LARGEST_DIFFERENCE = 1e-3
LEAST_KEPT = 0.99
"""Of the images that are asked about, the int8 graph must give so many the class that float32 gives."""
BATCH = 16
_CALIBRATED_ON = 64


def write_onnx(
    path: Path,
    bundle: Bundle,
    backbone: Backbone,
    pictures: NDArray[np.uint8],
    known: NDArray[np.float32] | None = None,
    *,
    int8: Path | None,
    script: Path,
    progress: Progress,
) -> list[Written]:
    """Write the graph to `path`, the stand-alone script to `script`, the smaller graph to `int8`, if wanted.

    `pictures` uint8 (n, s, s, 3), n > 0: what `backbone` sees of the images to verify on; `known` (n, C) what
    the project says of them, which is told beside where its embedding is not float32. `UserError` where
    the graph cannot be made, does not answer as the classifier does, or the disk refuses; then no file is
    left that was not there.
    """
    progress.report(0, 0, tr("Writing the network as ONNX"))
    whole = onnx_graph.Whole(bundle, backbone)
    model = onnx_graph.build(whole, backbone.preprocessing.size)
    facts = onnx_graph.about(bundle, backbone)
    progress.check()
    progress.report(0, 0, tr("Checking that ONNX answers as the classifier does"))
    live, torch_s = _live(bundle, backbone, pictures, progress)
    found = _checked(model, "float32", pictures, live, torch_s, progress)
    if not found.largest_difference <= LARGEST_DIFFERENCE:
        raise UserError(
            tr(
                "The ONNX graph does not answer as the classifier does (a probability "
                "differs by {largest_difference:.2g} on {images}); it was not written.",
                largest_difference=found.largest_difference,
                images=_images(len(pictures)),
            )
        )
    if known is not None and bundle.backbone.get("precision") != "float32":
        found = _beside_project(found, bundle, live, known)
    written = [_put(model, facts, path, found)]
    try:
        with whole_file(script, asked_for=True) as file:
            file.write(resource("onnx_predict.py").read_bytes())
    except OSError as error:
        raise UserError(
            tr("{script} cannot be written: {reason}.", script=script, reason=system_reason(error))
        ) from error
    if int8 is not None:
        progress.report(0, 0, tr("Writing the network in int8"))
        small = quantised(model, pictures)
        found = _checked(small, "int8", pictures, live, torch_s, progress)
        if found.n_same_class < LEAST_KEPT * len(pictures):
            changed = len(pictures) - found.n_same_class
            told = tr(
                "int8 was not written: {changed:,} of {images} would change their class, "
                "more than {least_kept:.0%}.",
                changed=changed,
                images=_images(len(pictures)),
                least_kept=1 - LEAST_KEPT,
            )
            written.append(Written(**{**vars(found), "sentence": told}))
        else:
            written.append(_put(small, facts, int8, found))
    return written


def quantised(model: Any, pictures: NDArray[np.uint8]) -> Any:
    """The model with the weights of its backbone in int8; what follows the backbone stays in float32.

    A transformer's activations are quantised as they come, those of a convolutional network by ranges seen on
    some of the pictures.
    """
    import onnx
    from onnxruntime.quantization import CalibrationDataReader, QuantType, quantize_dynamic, quantize_static
    from onnxruntime.quantization.shape_inference import quant_pre_process

    class Pictures(CalibrationDataReader):  # type: ignore[misc]  # comes without types
        """Some of the pictures, one batch after another."""

        def __init__(self) -> None:
            self.left = list(range(0, min(len(pictures), _CALIBRATED_ON), BATCH))

        def get_next(self) -> dict[str, NDArray[np.uint8]] | None:
            if not self.left:
                return None
            start = self.left.pop(0)
            return {"pixels": pictures[start : start + BATCH]}

    with tempfile.TemporaryDirectory(prefix="medlabeler-") as folder:
        source, ready, target = (str(Path(folder) / name) for name in ("a.onnx", "b.onnx", "c.onnx"))
        onnx.save(model, source)
        # Not optimised: that would fuse nodes into others of which nobody knows where they belong.
        quant_pre_process(source, ready, skip_optimization=True, skip_symbolic_shape=True)
        keep = _names_behind_backbone(model)
        if _mostly_convolutions(model):
            quantize_static(ready, target, Pictures(), per_channel=True, nodes_to_exclude=keep)
        else:
            quantize_dynamic(
                ready, target, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True,
                weight_type=QuantType.QInt8, nodes_to_exclude=keep,
            )  # fmt: skip
        return onnx.load(target)


def _names_behind_backbone(model: Any) -> list[str]:
    """Names of the nodes that normalise the pixels, and of those that turn embeddings into probabilities."""
    backbone = f"'{BACKBONE_SCOPE}'"
    return [
        node.name
        for node in model.graph.node
        if not any(backbone in entry.value for entry in node.metadata_props if entry.key.endswith("scopes"))
    ]


def _mostly_convolutions(model: Any) -> bool:
    sizes = {one.name: int(np.prod(one.dims)) for one in model.graph.initializer}
    of: dict[str, int] = {}
    for node in model.graph.node:
        of[node.op_type] = of.get(node.op_type, 0) + sum(sizes.get(name, 0) for name in node.input)
    return of.get("Conv", 0) > of.get("MatMul", 0) + of.get("Gemm", 0)


def _live(
    bundle: Bundle, backbone: Backbone, pictures: NDArray[np.uint8], progress: Progress
) -> tuple[NDArray[np.float32], float]:
    """Probabilities of the classifier as the program applies it, in float32, and the seconds it took."""
    start = time.perf_counter()
    (shard,) = embed(
        backbone,
        lambda row: np.asarray(pictures[row]),
        np.arange(len(pictures)),
        batch_size=BATCH,
        shard_size=len(pictures) + 1,
        progress=progress,
    )
    seconds = time.perf_counter() - start
    return bundle.predict(shard.vectors[np.argsort(shard.rows)]), seconds


def _checked(
    model: Any,
    precision: str,
    pictures: NDArray[np.uint8],
    live: NDArray[np.float32],
    torch_s: float,
    progress: Progress,
) -> Written:
    import onnxruntime

    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    start = time.perf_counter()
    parts = []
    for at in range(0, len(pictures), BATCH):
        progress.check()
        parts.append(session.run(["probabilities"], {"pixels": pictures[at : at + BATCH]})[0])
    seconds = time.perf_counter() - start
    answers = np.concatenate(parts)
    difference = float(np.abs(answers - live).max())
    n_same = int((answers.argmax(axis=1) == live.argmax(axis=1)).sum())
    n, per_s, torch_per_s = len(pictures), len(pictures) / seconds, len(pictures) / torch_s
    sentence = tr(
        "ONNX in {precision} agrees with the classifier on the class of {n_same:,} "
        "of {images}; largest difference of a probability {difference:.2g}; "
        "{per_s:.1f} images a second, torch {torch_per_s:.1f}.",
        precision=precision,
        n_same=n_same,
        images=_images(n),
        difference=difference,
        per_s=per_s,
        torch_per_s=torch_per_s,
    )
    return Written("", precision, n, difference, n_same, per_s, torch_per_s, sentence)


def _beside_project(
    found: Written, bundle: Bundle, live: NDArray[np.float32], known: NDArray[np.float32]
) -> Written:
    """How far float32 is from the numbers that the project works with, which are less precise."""
    n_same = int((live.argmax(axis=1) == known.argmax(axis=1)).sum())
    told = tr(
        "The project's own numbers are {precision}: from them a probability differs by up to "
        "{difference:.2g}, and {n_same:,} of {images} keep the class. For the same to the last digit "
        "let the image model look with --precision float32.",
        precision=bundle.backbone.get("precision"),
        difference=float(np.abs(live - known).max()),
        n_same=n_same,
        images=_images(len(live)),
    )
    return Written(**{**vars(found), "sentence": f"{found.sentence} {told}"})


def _put(model: Any, facts: Json, path: Path, found: Written) -> Written:
    verified = {
        "n_images": found.n_images,
        "largest_difference": found.largest_difference,
        "n_same_class": found.n_same_class,
    }
    onnx_graph.write(model, {**facts, "precision": found.precision, "verified": verified}, path)
    return Written(**{**vars(found), "file": str(path)})


def _images(n: int) -> str:
    return tr("1 image") if n == 1 else tr("{n:,} images", n=n)
