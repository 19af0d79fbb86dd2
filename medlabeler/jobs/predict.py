"""Apply an exported classifier to images it has never seen; needs no project."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Progress
from medlabeler.export.targets import check_target
from medlabeler.jobs.params.predict import Params as Params
from medlabeler.project.manifest import read_manifest
from medlabeler.project.scan import scan


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Embed and predict; images that cannot be read are left out and named. The CSV appears when it is
    complete.
    """
    from medlabeler.export.bundle_file import read_bundle

    check_target(params.out, inputs=[params.bundle, params.images])
    bundle = read_bundle(params.bundle)
    names, paths, skipped = _images(params.images)
    check_target(params.out, inputs=paths)
    progress.report(0, len(paths), "Loading the image model")
    start = time.perf_counter()
    vectors, rows, failed = _embed(bundle, paths, params, progress)
    skipped += [{"image": names[row], "reason": reason} for row, reason in failed]
    if not len(rows):
        raise UserError(f"None of the {len(paths):,} images could be read: {skipped[0]['reason']}")
    probabilities = bundle.predict(vectors)
    order = np.argsort(rows)
    _write(
        params.out,
        [names[row] for row in rows[order]],
        probabilities[order],
        [c["name"] for c in bundle.classes],
    )
    seconds = time.perf_counter() - start
    counts = np.bincount(probabilities.argmax(axis=1), minlength=len(bundle.classes))
    summary = {
        "out": str(params.out),
        "n_images": len(rows),
        "n_skipped": len(skipped),
        "skipped": skipped,
        "classifier": bundle.classifier,
        "backbone": bundle.backbone["title"],
        "self_supervised": bundle.backbone["self_supervised"],
        "measured": bundle.measured,
        "predicted": {c["name"]: int(count) for c, count in zip(bundle.classes, counts, strict=True)},
        "images_per_s": round(len(rows) / seconds, 2),
    }
    sentence = f"{len(rows):,} images predicted into {params.out}."
    if skipped:
        shown = "; ".join(f"{entry['image']}: {entry['reason']}" for entry in skipped[:5])
        more = f"; and {len(skipped) - 5:,} more" if len(skipped) > 5 else ""
        sentence += f" {len(skipped):,} skipped: {shown}{more}"
    return JobResult(Changes.NONE, summary, sentence)


def _images(source: Path) -> tuple[list[str], list[Path], list[dict[str, str]]]:
    """Names as they are written to the CSV, paths, and what was skipped with the reason."""
    if source.is_dir():
        found = scan(source)
        left_out = [{"image": path, "reason": reason} for path, reason in found.left_out]
        images = [image for path in found.images for image in _images_in(path)]
        return [path.relative_to(source).as_posix() for path in images], images, left_out
    if not source.exists():
        raise UserError(f"{source} does not exist; name a folder of images or a CSV manifest.")
    manifest = read_manifest(source)
    skipped = [{"image": path, "reason": reason} for path, reason in manifest.skipped]
    if not manifest.rows:
        raise UserError(
            f"{source} lists no image that can be used: {skipped[0]['image']}: {skipped[0]['reason']}"
        )
    return [row.path for row in manifest.rows], [Path(row.file) for row in manifest.rows], skipped


def _images_in(path: Path) -> list[Path]:
    """Each frame of a file of several; one that cannot be read is left for the reading to tell."""
    from medlabeler.imaging.readers import images_in

    try:
        return images_in(path)
    except UserError:
        return [path]


def _embed(
    bundle: Any, paths: list[Path], params: Params, progress: Progress
) -> tuple[NDArray[np.float16], NDArray[np.int64], list[tuple[int, str]]]:
    from medlabeler.imaging.preprocess import Preprocessing
    from medlabeler.learning.backbones.embedding import embed
    from medlabeler.learning.backbones.loading import choose_device, load_backbone

    device = choose_device(params.device)
    wanted = bundle.backbone
    with tempfile.TemporaryDirectory(prefix="medlabeler-") as folder:
        inside = bundle.extract_backbone(Path(folder))
        name = str(inside) if inside is not None else wanted["name"]
        backbone = load_backbone(name, allow_download=params.allow_download, progress=progress)
    if backbone.weights_sha256 != wanted["weights_sha256"]:
        raise UserError(
            f"The weights of {wanted['title']} on this machine are not those the classifier was made with; "
            "its predictions would mean nothing."
        )
    preprocessing = Preprocessing.from_dict(bundle.preprocessing)
    backbone = replace(backbone, preprocessing=preprocessing)

    def read(row: int) -> Any:
        return preprocessing.read(paths[row])

    vectors, rows, failed = [], [], []
    todo = np.arange(len(paths))
    for shard in embed(
        backbone, read, todo, device=device, precision=wanted["precision"], shard_size=512, progress=progress
    ):
        vectors.append(shard.vectors)
        rows.append(shard.rows)
        failed += shard.failed
    if not vectors:
        return np.empty((0, wanted["dim"]), np.float16), np.empty(0, np.int64), failed
    return np.concatenate(vectors), np.concatenate(rows), failed


def _write(path: Path, names: list[str], probabilities: NDArray[np.float32], classes: list[str]) -> None:
    """Columns: image, prediction, confidence, then one `p:CLASS` per class."""
    from medlabeler.export.tables import write_csv

    top = probabilities.argmax(axis=1).tolist()
    lines = (
        [name, classes[best], f"{row[best]:.6f}", *(f"{value:.6f}" for value in row)]
        for name, best, row in zip(names, top, probabilities.tolist(), strict=True)
    )
    write_csv(path, ["image", "prediction", "confidence", *(f"p:{name}" for name in classes)], lines)
