"""What can be chosen of `jobs.report`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from medlabeler.domain.language import tr
from medlabeler.domain.options import count, no_option, option

if TYPE_CHECKING:  # which numpy comes with
    from medlabeler.export.report.contents import Contents

TITLE = tr("Report of an image classifier")


@dataclass(frozen=True)
class Params:
    """Files to write, None for those that are not wanted. `pictures`: example images of each cell of the
    confusion matrix, none unless asked for, and `names` their file names; both may tell who a patient is.
    `gathered`: what `report.gather` told on another thread.
    """

    html: Path | None = field(
        default=None,
        metadata=option("--html", read=Path, metavar="FILE", help="the report as one HTML file"),
    )
    pdf: Path | None = field(
        default=None, metadata=option("--pdf", read=Path, metavar="FILE", help="the same report as PDF")
    )
    card: Path | None = field(
        default=None, metadata=option("--card", read=Path, metavar="FILE", help="a model card, as Markdown")
    )
    title: str = field(
        default=TITLE, metadata=option("--title", metavar="TEXT", help="the title (%(default)s)")
    )
    intended_use: str = field(
        default="",
        metadata=option("--intended-use", metavar="TEXT", help="what it is meant for, in place of our words"),
    )
    pictures: int = field(
        default=0,
        metadata=option(
            "--pictures",
            read=count,
            metavar="N",
            help="example images of each cell of the confusion matrix (%(default)s: they are of patients)",
        ),
    )
    names: bool = field(
        default=False,
        metadata=option(
            "--with-names", switch=True, help="name the files of the example images; names may tell patients"
        ),
    )
    gathered: Contents | None = field(
        default=None, metadata=no_option("the window gathers on another thread what takes long")
    )
