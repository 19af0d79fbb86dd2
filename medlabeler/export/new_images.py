"""The images that a classifier is applied to: those of a folder, of some files, or of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.project.manifest import read_manifest
from medlabeler.project.scan import scan

LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Suffixes of files that list images."""


@dataclass(frozen=True)
class NewImages:
    """`names` as in tables, `paths` where they lie, both (n,); `skipped`: (name, reason)."""

    names: list[str]
    paths: list[Path]
    skipped: list[tuple[str, str]]


def images_of(source: Path) -> NewImages:
    """The images below a folder, with names relative to it, or those of a manifest, with names as there.

    Each frame of a file of several is an image. `UserError` if `source` is missing, cannot be read, or lists
    no image that can be used.
    """
    if source.is_dir():
        found = scan(source)
        paths = [image for path in found.images for image in frames_of(path)]
        return NewImages([path.relative_to(source).as_posix() for path in paths], paths, found.left_out)
    if not source.exists():
        raise UserError(
            tr("{source} does not exist; name a folder of images or a CSV manifest.", source=source)
        )
    manifest = read_manifest(source)
    if not manifest.rows:
        name, reason = manifest.skipped[0]
        raise UserError(
            tr(
                "{source} lists no image that can be used: {name}: {reason}",
                source=source,
                name=name,
                reason=reason,
            )
        )
    return NewImages(
        [row.path for row in manifest.rows], [Path(row.file) for row in manifest.rows], manifest.skipped
    )


def images_of_all(sources: Sequence[Path]) -> NewImages:
    """The same of several folders, lists and images at once; an image is named by its file alone."""
    if len(sources) == 1 and (sources[0].is_dir() or sources[0].suffix.lower() in LISTS):
        return images_of(sources[0])
    found = NewImages([], [], [])
    for source in sources:
        if source.is_dir() or source.suffix.lower() in LISTS:
            more = images_of(source)
            found.names.extend(f"{source.name}/{name}" for name in more.names)
            found.paths.extend(more.paths)
            found.skipped.extend(more.skipped)
        else:
            frames = frames_of(source)
            found.names.extend(path.name for path in frames)
            found.paths.extend(frames)
    return found


def frames_of(path: Path) -> list[Path]:
    """Each frame of a file of several; one that cannot be read is left for the reading to tell."""
    from medlabeler.imaging.apart import images_in

    try:
        return images_in(path)
    except UserError:
        return [path]
