"""The images that a classifier is applied to: those of a folder, of some files, or of a list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging.families.slides import LARGE_TIFF, SUFFIXES, TIFF_SUFFIXES
from medlabeler.imaging.parts import WHOLE, Patches, split
from medlabeler.project.manifest import read_manifest
from medlabeler.project.scan import scan
from medlabeler.project.table_columns import Chosen

LISTS = frozenset({".csv", ".tsv", ".txt", ".xlsx"})
"""Suffixes of files that list images."""


@dataclass(frozen=True)
class NewImages:
    """`names` as in tables, `paths` where they lie, both (n,); `skipped`: (name, reason); `notes`: sentences
    on a table as a whole.
    """

    names: list[str]
    paths: list[Path]
    skipped: list[tuple[str, str]]
    notes: list[str] = field(default_factory=list)

    def add(self, name: str, file: Path, cut: Patches | None) -> None:
        """What is in a file that is called `name`: itself, its frames, or the patches of a whole slide."""
        slide = cut is not None and is_slide(file)
        try:
            found = _patches(file, cut) if slide and cut is not None else frames_of(file)
        except UserError as error:
            self.skipped.append((name, str(error)))
            return
        self.paths.extend(found)
        self.names.extend(name + str(path)[len(str(file)) :] for path in found)


def images_of(source: Path, cut: Patches | None = None, column: str = "") -> NewImages:
    """The images below a folder, with names relative to it, or those of a manifest, with names as there
    (in its `column`, "" to guess).

    Each frame of a file of several is an image, and with `cut` each patch of a whole slide that holds tissue.
    `UserError` if `source` is missing, cannot be read, or lists no image that can be used.
    """
    images = NewImages([], [], [])
    if source.is_dir():
        found = scan(source, with_slides=cut is not None)
        images.skipped.extend(found.left_out)
        for path in found.images:
            images.add(path.relative_to(source).as_posix(), path, cut)
        return images
    if not source.exists():
        raise UserError(
            tr("{source} does not exist; name a folder of images or an image list (CSV).", source=source)
        )
    manifest = read_manifest(source, chosen=Chosen(column))
    if not manifest.rows:
        name, reason = [*manifest.skipped, *((source.name, note) for note in manifest.notes)][0]
        raise UserError(
            tr(
                "{source} lists no image that can be used: {name}: {reason}",
                source=source,
                name=name,
                reason=reason,
            )
        )
    images.skipped.extend(manifest.skipped)
    images.notes.extend(manifest.notes)
    for row in manifest.rows:
        file = Path(row.file)
        if cut is not None and is_slide(file):
            images.add(row.path, file, cut)
        else:
            images.names.append(row.path)
            images.paths.append(file)
    return images


def images_of_all(sources: Sequence[Path], cut: Patches | None = None, column: str = "") -> NewImages:
    """The same of several folders, lists and images at once; an image is named by its file alone."""
    if len(sources) == 1 and (sources[0].is_dir() or sources[0].suffix.lower() in LISTS):
        return images_of(sources[0], cut, column)
    found = NewImages([], [], [])
    for source in sources:
        if source.is_dir() or source.suffix.lower() in LISTS:
            more = images_of(source, cut, column)
            found.names.extend(f"{source.name}/{name}" for name in more.names)
            found.paths.extend(more.paths)
            found.skipped.extend(more.skipped)
            found.notes.extend(more.notes)
        else:
            found.add(source.name, source, cut)
    return found


def is_slide(file: Path) -> bool:
    """Whether a file is taken for a whole slide: by its suffix, or as a TIFF as large as slides are."""
    if split(file)[1] != WHOLE:
        return False
    suffix = file.suffix.lower()
    try:
        return suffix in SUFFIXES or (suffix in TIFF_SUFFIXES and file.stat().st_size >= LARGE_TIFF)
    except OSError:
        return False  # whoever reads it says what is wrong


def _patches(file: Path, cut: Patches) -> list[Path]:
    from medlabeler.imaging.apart import patches_in

    try:
        return patches_in(file, cut)
    except UserError:
        if file.suffix.lower() in TIFF_SUFFIXES:
            return frames_of(file)  # a large picture, or one that the reading tells of
        raise


def frames_of(path: Path) -> list[Path]:
    """Each frame of a file of several; one that cannot be read is left for the reading to tell."""
    from medlabeler.imaging.apart import images_in

    try:
        return images_in(path)
    except UserError:
        return [path]
