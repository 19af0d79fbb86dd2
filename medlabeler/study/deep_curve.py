"""The optional slow learner of `study.curve`: what it needs of the project, and what it will cost."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.checked_json import Json
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.jobs.embed import rendered
from medlabeler.project.project import Project
from medlabeler.project.staging import load_json, save_json

if TYPE_CHECKING:
    from medlabeler.study.deep_baseline import DeepBaseline

TEXT = "DL baseline"


@dataclass(frozen=True)
class Pixels:
    """Tune the backbone `network`, at another `size` of images if one is named.

    `paths` is a file that lists the images, `pixels` where theirs are kept meanwhile; `rendering`: how
    those of more than 8 bits are shown.
    """

    network: str
    size: int | None
    paths: str
    pixels: str
    rendering: Json


def plan(project: Project, size: int | None, folder: Path) -> Pixels:
    """The part of a curve's task that is about pixels, whose files go to `folder`.

    `UserError` if the project has no backbone to tune.
    """
    backbone = str(project.settings.get("backbone", "") or "")
    if not backbone or backbone.startswith("precomputed:"):
        raise UserError(
            "The DL baseline fine-tunes the project's backbone, but its embedding came from a file instead."
        )
    if size is not None and size < 32:
        raise UserError("The DL baseline needs images of at least 32 pixels.")
    digests = [digest.decode("ascii") for digest in project.catalog.digest.tolist()]
    files = [(str(project.catalog.path(row)), digest) for row, digest in enumerate(digests)]
    return Pixels(
        network=backbone,
        size=size,
        paths=save_json(folder, "paths.json", files),
        pixels=str(folder / f"pixels-{os.getpid()}.npy"),
        rendering=project.rendering.to_json(),
    )


def learner(task: Pixels, rows: NDArray[np.int64], progress: Progress) -> DeepBaseline:
    """The learner, for draws and tests out of the images `rows`; `UserError` if its backbone is not here.

    The pixels go to the file `task.pixels` as they are needed; the caller deletes it (`forget`).
    """
    from medlabeler.learning.backbones.loading import choose_device, load_backbone
    from medlabeler.study.deep_baseline import DeepBaseline, Pictures, at_size

    backbone = rendered(load_backbone(task.network, progress=progress), task.rendering)
    if task.size:
        backbone = at_size(backbone, task.size)
    preprocessing = backbone.preprocessing
    files = load_json(task.paths)

    def read(row: int) -> NDArray[np.uint8]:
        path, digest = files[row]
        pixels: NDArray[np.uint8] = preprocessing.read(path, digest)
        return pixels

    pictures = Pictures(read, rows, preprocessing.size, Path(task.pixels))
    return DeepBaseline(backbone, pictures, device=choose_device(), progress=progress)


def forget(task: Pixels) -> None:
    """Delete the pixels and the list of paths."""
    for file in (task.pixels, task.paths):
        Path(file).unlink(missing_ok=True)


def cost_sentence(deep: DeepBaseline, draws: list[int], n_test: int, n_classes: int, probe: Any) -> str:
    """About how long `draws` of so many labels take on this device, measured on a few steps."""
    seconds = deep.seconds(draws, n_test, n_classes, probe)
    minutes = max(1, round(seconds / 60))
    span = f"{minutes:,} minute{'s' if minutes > 1 else ''}" if minutes < 120 else f"{minutes / 60:.0f} hours"
    return (
        f"{TEXT}: draws: {len(draws)}, labels in the largest: {max(draws):,}; at most about {span} "
        f"on this device ({deep.device}, {deep.backbone.preprocessing.size} px). Ctrl+C stops."
    )


def without_validation(deep: DeepBaseline) -> str:
    """A sentence about draws that were too small to keep validation images, or nothing."""
    if not deep.unvalidated:
        return ""
    sizes = ", ".join(str(size) for size in sorted(set(deep.unvalidated)))
    return (
        f" At {sizes} label{'s' if sizes != '1' else ''} per class the {TEXT} had no validation images "
        "and ran its whole schedule."
    )
