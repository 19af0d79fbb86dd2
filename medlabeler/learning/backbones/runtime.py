"""What runs a backbone on a processor: torch, or ONNX Runtime where that gives the same vectors in less time.

Convolutional networks gain: EfficientNet-Lite0 took 11.4 ms of a processor for an image where torch took 24.8
(float32, `tests/bench/bench_embedding.py`); transformers do not (104 and 116 ms for ViT-S/16). Nothing is
believed of a graph: on the first images of each run its vectors are held against those of torch, and its
time against torch's.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.learning.backbones import kept_graphs
from medlabeler.learning.backbones.graph import PIXELS, FromPixels, as_graph
from medlabeler.learning.backbones.likeness import ALIKE, LOOKED_AT, least_cosine
from medlabeler.learning.backbones.loading import Backbone
from medlabeler.learning.device import out_of_memory
from medlabeler.learning.onnx_packages import why_no_onnx

TORCH, ONNX_RUNTIME, AUTO = "torch", "onnxruntime", "auto"
LEAST_GAIN = 1.2
"""So many times as fast as torch it has to be, to be worth a change."""
REPAID_S = 60.0
"""Seconds that torch would take for the rest, from which on writing a graph (some 10 to 20 s) is repaid."""
FIRST = 1024
"""Images that are embedded before a graph is written: a first map is there by then to work with."""
WORTH_A_LOOK = 64
"""Images of a run from which on anything is tried: looking costs as much as some tens of them."""
_VECTORS = "vectors"
_log = logging.getLogger("medlabeler.runtime")

Run = Callable[[NDArray[np.uint8]], NDArray[np.float32]]
"""Pictures uint8 (b, s, s, 3) to embeddings float32 (b, d)."""


class Runtime:
    """Which runtime makes the vectors of one run, and what was found of it.

    `used`: `TORCH` or `ONNX_RUNTIME`; `cosine`: the least one to torch on the images that were looked at,
    None where nothing else was tried.
    """

    def __init__(self, wanted: str = AUTO) -> None:
        self.used = TORCH
        self.cosine: float | None = None
        self._wanted = wanted
        self._due: int | None = None if wanted == TORCH else 0
        self._run: Run | None = None

    def is_due(self, done: int, n: int) -> bool:
        """Whether to `consider` now that `done` of the `n` images of a run are embedded."""
        worth = self._wanted != AUTO or n >= WORTH_A_LOOK
        return worth and self._due is not None and done >= self._due

    def instead_of(self, by_torch: Run) -> Run:
        """What to run."""
        return self._run or by_torch

    def consider(
        self, backbone: Backbone, by_torch: Run, pictures: NDArray[np.uint8], left: float, progress: Progress
    ) -> None:
        """Change to ONNX Runtime if it is here, gives the vectors of `by_torch` on some of the `pictures` and
        is faster. `left`: images that each thread has yet to do. To be called in a thread where torch works
        alone. Whatever goes wrong, torch goes on.
        """
        due, self._due = self._due, None
        try:
            if not self._may(backbone):
                return
            some = pictures[:LOOKED_AT]
            expected, torch_s = _timed(by_torch, some)
            content = kept_graphs.read(backbone)
            if content is None:
                if self._wanted == AUTO and left * torch_s / len(some) < REPAID_S:
                    return
                if self._wanted == AUTO and due == 0:
                    self._due = FIRST
                    return
                progress.report(0, 0, tr("Writing the network as ONNX"))
                content = _written(backbone)
            self._try(backbone, content, some, expected, torch_s, by_torch)
        except Exception as error:  # onnxruntime's and the exporter's have no base of their own
            _log.warning("ONNX Runtime cannot be used, torch goes on", exc_info=error)

    def _may(self, backbone: Backbone) -> bool:
        if why_no_onnx():
            _log.info("the packages of ONNX are not installed, torch goes on")
            return False
        return self._wanted == ONNX_RUNTIME or mostly_convolutions(backbone.module)

    def _try(
        self,
        backbone: Backbone,
        content: bytes,
        some: NDArray[np.uint8],
        expected: NDArray[np.float32],
        torch_s: float,
        by_torch: Run,
    ) -> None:
        run = _session(content)
        found, onnx_s = _timed(run, some)
        self.cosine = least_cosine(expected, found)
        gain = torch_s / max(onnx_s, 1e-9)
        _log.info(
            "ONNX Runtime has a cosine of %.5f to torch on %d images and is %.2f times as fast",
            self.cosine, len(some), gain,
        )  # fmt: skip
        if self.cosine < ALIKE:
            _log.warning("the graph does not give the vectors of torch, torch goes on")
            kept_graphs.drop(backbone)
        elif self._wanted == ONNX_RUNTIME or gain >= LEAST_GAIN:
            self._run, self.used = _Or(run, by_torch), ONNX_RUNTIME


class _Or:
    """One runtime, until it fails; then the other."""

    def __init__(self, run: Run, instead: Run) -> None:
        self._run, self._instead = run, instead
        self._failed = False

    def __call__(self, pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        if not self._failed:
            try:
                return self._run(pictures)
            except Exception as error:  # onnxruntime's have no base of their own
                if out_of_memory(error):
                    raise MemoryError("ONNX Runtime cannot allocate memory") from error
                _log.warning("ONNX Runtime failed, torch goes on", exc_info=error)
                self._failed = True
        return self._instead(pictures)


def check(wanted: str) -> None:
    """`UserError` if a runtime is asked for that is not installed."""
    if wanted == ONNX_RUNTIME and (reason := why_no_onnx()):
        raise UserError(reason)


def mostly_convolutions(module: nn.Module) -> bool:
    """Whether most weights of a network are those of convolutions."""
    convolutions = sum(part.weight.numel() for part in module.modules() if isinstance(part, nn.Conv2d))
    return 2 * convolutions > sum(weight.numel() for weight in module.parameters())


def _written(backbone: Backbone) -> bytes:
    """The graph, kept for the next time."""
    start = time.perf_counter()
    preprocessing = backbone.preprocessing
    model = as_graph(FromPixels(backbone.quick, preprocessing), preprocessing.size, _VECTORS)
    content = bytes(model.SerializeToString())
    _log.info("writing a graph of %d MB took %.1f s", len(content) >> 20, time.perf_counter() - start)
    kept_graphs.keep(backbone, content)
    return content


def _session(content: bytes) -> Run:
    """A graph at work in whichever thread asks, and in no other: batches run side by side."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session: Any = onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])

    def run(pictures: NDArray[np.uint8]) -> NDArray[np.float32]:
        found: NDArray[np.float32] = session.run([_VECTORS], {PIXELS: pictures})[0]
        return found

    return run


def _timed(run: Run, pictures: NDArray[np.uint8]) -> tuple[NDArray[np.float32], float]:
    """The vectors, and the processor time of this thread in seconds, which neighbours do not change much; the
    first run is warming up.
    """
    run(pictures)
    start = time.thread_time()
    vectors = run(pictures)
    return vectors, time.thread_time() - start
