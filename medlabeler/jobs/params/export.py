"""What can be chosen of `jobs.export`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import no_option, option
from medlabeler.jobs.params.common import CLASSIFIER, EXCEL, WITHOUT_NAMES


@dataclass(frozen=True)
class Params:
    """Files to write, None for those that are not wanted; `classifier` None: the project's own.

    `with_backbone` puts the backbone's weights into the bundle, so that it needs nothing else; without being
    asked that is done for a backbone of the user's own file, which no other machine could find. `absolute`
    writes whole paths into the tables; they may name patients. `onnx`: the classifier as one graph, with a
    script that applies it beside it, `int8` the same graph in eight bits as well. `remarks` adds notes, flags
    and favourites to the labels. `audit`: every decision ever made. `looked`: somebody was warned of what
    names and pictures may tell.
    """

    bundle: Path | None = field(
        default=None,
        metadata=option("--bundle", read=Path, metavar="FILE", help="the classifier, for medlabeler predict"),
    )
    labels: Path | None = field(
        default=None,
        metadata=option("--labels", read=Path, metavar="CSV", help="every image with its label"),
    )
    predictions: Path | None = field(
        default=None,
        metadata=option("--predictions", read=Path, metavar="CSV", help="every image with its prediction"),
    )
    classifier: str | None = field(default=None, metadata=CLASSIFIER)
    with_backbone: bool = field(
        default=False,
        metadata=option(
            "--with-backbone", switch=True, help="put the backbone's weights into the bundle as well"
        ),
    )
    absolute: bool = field(
        default=False, metadata=no_option("the window asks for it, and warns that paths may name patients")
    )
    remarks: bool = field(
        default=False,
        metadata=option(
            "--with-notes",
            switch=True,
            help="add notes, flags and favourites to the labels; notes may name patients",
        ),
    )
    without_names: bool = field(default=False, metadata=WITHOUT_NAMES)
    groups: str = field(
        default="none",
        metadata=option(
            "--groups",
            choices=("none", "hashed", "named"),
            help="add the group of each image to the labels, hashed with the salt of the project or as it is"
            " called (%(default)s)",
        ),
    )
    looked: bool = field(
        default=False, metadata=no_option("the window looks at the names, and warns, before it exports")
    )
    audit: Path | None = field(
        default=None,
        metadata=option("--audit", read=Path, metavar="CSV", help="every decision ever made: who, when, how"),
    )
    onnx: Path | None = field(
        default=None,
        metadata=option(
            "--onnx",
            read=Path,
            metavar="FILE",
            help="the classifier as one ONNX graph, with a script beside it",
        ),
    )
    int8: bool = field(
        default=False,
        metadata=option("--int8", switch=True, help="the ONNX graph in int8 as well, if it stays close"),
    )
    excel: bool = field(default=False, metadata=EXCEL)
