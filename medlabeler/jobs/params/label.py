"""What can be chosen of `jobs.label`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option, positive
from medlabeler.jobs.params.common import IMAGE_COLUMN, LABEL_COLUMN, NONE_IS_CLASS, seed_of

SOURCE = "what to label from"


@dataclass(frozen=True)
class Params:
    """`csv`: a table with the columns image and label (or class), or labels of another program, see
    `project.label_files`; None to adopt the reference labels.

    `split` "train" (everything outside the test set) or "test"; `per_class` draws that many images of each
    class at random by `seed`, whatever is labelled already, so that asking twice labels nothing twice and a
    larger number contains the smaller one.
    """

    csv: Path | None = field(
        default=None,
        metadata=option(
            "--from",
            read=Path,
            metavar="FILE|DIR",
            help="a table with the columns image and label (CSV, Excel, QuPath); JSON of COCO, Label Studio "
            "or FiftyOne; or a folder with one folder for each class",
            only_one_of=SOURCE,
            required=True,
        ),
    )
    split: str = field(
        default="train",
        metadata=option(
            "--split",
            choices=("train", "test"),
            help="which images: train (everything outside the test set, the default) or test",
        ),
    )
    per_class: int | None = field(
        default=None,
        metadata=option(
            "--per-class", read=positive, metavar="N", help="N images of each class, drawn at random"
        ),
    )
    seed: int = field(default=0, metadata=seed_of("random draw"))
    image_column: str = field(default="", metadata=IMAGE_COLUMN)
    label_column: str = field(default="", metadata=LABEL_COLUMN)
    none_is_class: bool = field(default=False, metadata=NONE_IS_CLASS)
