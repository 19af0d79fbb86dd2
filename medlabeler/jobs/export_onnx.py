"""The part of `export` that writes ONNX: which images it is verified on, and what is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.export.onnx_written import Written
from medlabeler.jobs.params.export import Params
from medlabeler.learning.onnx_packages import why_no_onnx
from medlabeler.project.project import Project

if TYPE_CHECKING:  # torch comes with it
    from medlabeler.export.bundle import Bundle

VERIFY_ON = 200
"""Images that the graph and the classifier are both asked about, at most."""
SCRIPT = "onnx_predict.py"


@dataclass(frozen=True)
class OnnxTask:
    """Write the graph to `path`, with `int8` a second one. `images`: (row, path, digest) of those to verify
    on.
    """

    path: str
    int8: bool
    images: tuple[tuple[int, str, str], ...]


def onnx_files(params: Params) -> tuple[Path, ...]:
    """The files that are written, for a look whether they can be; `UserError` for `int8` alone."""
    if params.onnx is None:
        if params.int8:
            raise UserError(tr("--int8 says how --onnx is written; give that too."))
        return ()
    return (params.onnx, *([int8_name(params.onnx)] if params.int8 else []), params.onnx.with_name(SCRIPT))


def int8_name(path: Path) -> Path:
    """Where the int8 graph lies beside that of float32."""
    return path.with_name(f"{path.stem}-int8{path.suffix}")


def plan_onnx(project: Project, params: Params) -> OnnxTask | None:
    """Draw the images to verify on, at random with a fixed seed; `UserError` without what writes ONNX."""
    if params.onnx is None:
        return None
    if reason := why_no_onnx():
        raise UserError(reason)
    n = project.catalog.n
    rows = np.sort(np.random.default_rng(0).choice(n, min(n, VERIFY_ON), replace=False))
    images = tuple(
        (row, str(project.catalog.path(row)), project.catalog.digest[row].decode("ascii"))
        for row in rows.tolist()
    )
    return OnnxTask(str(params.onnx.resolve()), params.int8, images)


def write_onnx(
    task: OnnxTask,
    bundle: Bundle,
    backbone: Callable[[], Any],
    vectors: NDArray[Any],
    present: NDArray[np.bool_],
    progress: Progress,
) -> tuple[Written, ...]:
    """Write the graphs; what was found of each. `vectors` (n, d) of the project, where `present`.

    `UserError` where none of the images can be read.
    """
    from medlabeler.export import onnx_file
    from medlabeler.imaging.unreadable import UnreadableImage

    loaded = backbone()
    pictures, rows = [], []
    for row, image, digest in task.images:
        progress.check()
        try:
            if present[row]:
                pictures.append(loaded.preprocessing.read(image, digest))
                rows.append(row)
        except (UnreadableImage, OSError):
            continue
    if not pictures:
        raise UserError(tr("ONNX was not written: none of the images could be read to verify it on."))
    path = Path(task.path)
    written = onnx_file.write_onnx(
        path,
        bundle,
        loaded,
        np.stack(pictures),
        bundle.predict(np.asarray(vectors[rows])),
        int8=int8_name(path) if task.int8 else None,
        script=path.with_name(SCRIPT),
        progress=progress,
    )
    return tuple(written)
