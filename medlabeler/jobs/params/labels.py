"""What can be chosen of `jobs.labels`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import no_option, option
from medlabeler.jobs.params.common import WITHOUT_NAMES

FORMATS = ("coco", "label-studio", "fiftyone", "qupath", "folders")


@dataclass(frozen=True)
class Params:
    """`kind` of file, `out` the file or, for "folders", the new folder; `split` which labelled images.

    `link`: folders hold links to the images, not copies. `absolute`: whole paths instead of those below the
    folder of images. `without_names`: marks that only this project can resolve. `looked`: somebody was warned
    of what names and pictures may tell.
    """

    kind: str = field(
        metadata=option(
            "--as",
            choices=FORMATS,
            help="coco, label-studio (tasks, with the labelling interface beside them), fiftyone "
            "(image classification), qupath (a table by file name), or folders: one for each class",
        )
    )
    out: Path = field(
        metadata=option("--out", read=Path, metavar="FILE|DIR", help="the file, or for folders a new folder")
    )
    split: str = field(
        default="all",
        metadata=option(
            "--split",
            choices=("all", "train", "test"),
            help="which labelled images: all (the default), train (outside the test set) or test",
        ),
    )
    link: bool = field(
        default=False,
        metadata=option("--link", switch=True, help="folders: link to the images instead of copying them"),
    )
    absolute: bool = field(
        default=False,
        metadata=option("--absolute", switch=True, help="whole paths; they may name patients"),
    )
    without_names: bool = field(default=False, metadata=WITHOUT_NAMES)
    looked: bool = field(
        default=False, metadata=no_option("the window looks at the names, and warns, before it writes")
    )
