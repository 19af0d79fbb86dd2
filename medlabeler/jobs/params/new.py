"""What can be chosen of `jobs.new`."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from medlabeler.domain.options import Option, count, number, option, positive
from medlabeler.jobs.params.common import IMAGE_COLUMN, LABEL_COLUMN, NONE_IS_CLASS, seed_of
from medlabeler.jobs.params.rendering import CHANNELS, LEVEL, PERCENTILES, WINDOW, Window

if TYPE_CHECKING:
    from collections.abc import Iterable

    from medlabeler.project.sources import Manifest, Spec


def microns(text: str) -> float:
    """Microns of a pixel, from 0.01 to 100."""
    found = number(text)
    if not 0.01 <= found <= 100:
        raise ValueError(f"{text!r} is not a number of microns from 0.01 to 100")
    return found


def _manifests(given: Iterable[tuple[Path, str | None]]) -> tuple[Manifest, ...]:
    from medlabeler.project.sources import Manifest

    return tuple(Manifest(path, role or "") for path, role in given)


@dataclass(frozen=True)
class Params:
    """The folder of the new project and what it is made from; see `sources.Spec`."""

    path: Path = field(metadata=option("", read=Path, metavar="PROJECT", help="folder of the project"))
    images: Path | None = field(
        default=None,
        metadata=option(
            "--images",
            read=Path,
            metavar="DIR",
            help="folder of images; with a manifest: where its paths start",
        ),
    )
    manifests: tuple[Manifest, ...] = field(
        default=(),
        metadata=option(
            "--manifest",
            read=Path,
            make=_manifests,
            metavar="CSV",
            help="CSV with a column for the image, and optionally label, split, group, and more to "
            "colour by; only the images it lists are taken; may be given several times",
            role=Option(
                "--as",
                "role of the manifest before it: train, test or unlabelled",
                metavar="ROLE",
                choices=("train", "test", "unlabelled"),
            ),
        ),
    )
    image_column: str = field(default="", metadata=IMAGE_COLUMN)
    label_column: str = field(default="", metadata=LABEL_COLUMN)
    none_is_class: bool = field(default=False, metadata=NONE_IS_CLASS)
    folder_labels: bool = field(
        default=False,
        metadata=option(
            "--folder-labels", switch=True, help="take the name of the sub-folder as the reference label"
        ),
    )
    group: str | None = field(
        default=None,
        metadata=option(
            "--group",
            metavar="RULE",
            help="patient, slide or lesion: a COLUMN, folder:N or name:REGEX (its first group); of DICOM: "
            "patient (usual), study or series",
        ),
    )
    reserve: int = field(
        default=0,
        metadata=option(
            "--reserve", read=count, metavar="N", help="reserve N random images, by group, as the test set"
        ),
    )
    seed: int = field(default=0, metadata=seed_of("random draw"))
    annotator: str = field(default="", metadata=option("--annotator", metavar="NAME", help="who labels"))
    per_group: int | None = field(
        default=None,
        metadata=option(
            "--per-group",
            read=positive,
            metavar="M",
            help="with --reserve: at most M images of a group, so that N images come from more groups",
        ),
    )

    identities: bool = field(
        default=False,
        metadata=option(
            "--keep-identities",
            switch=True,
            help="keep patient, study and series of DICOM files as they stand there, not hashed",
        ),
    )
    crop: int = field(
        default=0,
        metadata=option(
            "--crops",
            read=positive,
            metavar="SIZE",
            help="the rows of the manifest are places in images: columns x, y (w, h: a box from its upper "
            "left corner); without w, h squares of SIZE pixels around x, y; an image is a group unless told",
        ),
    )
    patch: int = field(
        default=0,
        metadata=option(
            "--patches",
            read=positive,
            metavar="SIZE",
            help="the images are whole slides: cut into squares of SIZE pixels of their --level, those "
            "without tissue left out; a slide is a group unless told (extra slides)",
        ),
    )
    mpp: float = field(
        default=0.0,
        metadata=option(
            "--mpp",
            read=microns,
            metavar="MICRONS",
            help="with --patches: microns of a pixel, so that slides of all scanners show the same field; "
            "those that do not say how large their pixels are need --level as well",
        ),
    )
    start_with: Path | None = field(
        default=None,
        metadata=option(
            "--start-with",
            read=Path,
            metavar="BUNDLE",
            help="let an exported classifier of another project give hints for the first labels",
        ),
    )
    folder_split: bool = field(
        default=False,
        metadata=option(
            "--folder-split",
            switch=True,
            help="what lies in folders called Testing (or Test) is the test set, in Training (or Train) not",
        ),
    )
    window: Window | None = field(default=None, metadata=WINDOW)
    percentiles: tuple[float, float] | None = field(default=None, metadata=PERCENTILES)
    channels: tuple[int, ...] | None = field(default=None, metadata=CHANNELS)
    level: int | None = field(default=None, metadata=LEVEL)

    def _patch_level(self) -> int:
        """Of slides that are not cut by the size of their pixels; -1 if none was named for them."""
        if not self.patch:
            return 0
        return self.level if self.level is not None else -1 if self.mpp else 0

    def spec(self) -> Spec:
        """What to import."""
        from medlabeler.project.sources import Spec
        from medlabeler.project.table_columns import Chosen

        chosen, manifests = Chosen(self.image_column, self.label_column, self.none_is_class), self.manifests
        if chosen != Chosen():
            manifests = tuple(replace(manifest, columns=chosen) for manifest in manifests)
        return Spec(
            self.images,
            manifests,
            self.folder_labels,
            self.group,
            self.reserve,
            self.seed,
            self.per_group,
            self.identities,
            self.crop,
            self.patch,
            self._patch_level(),
            self.folder_split,
            self.mpp if self.patch else 0.0,
        )
