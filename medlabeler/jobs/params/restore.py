"""What can be chosen of `jobs.restore`."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from medlabeler.domain.options import option


@dataclass(frozen=True)
class Params:
    """The folder of a project; `backup` to go back to, by name (None: put together all that is left of the
    labels); or only `list_them`.
    """

    project: Path = field(metadata=option("", read=Path, metavar="PROJECT", help="folder of the project"))
    backup: str | None = field(
        default=None,
        metadata=option(
            "--backup",
            metavar="NAME",
            help="go back to this backup, without what came later (without: every decision is put together "
            "from the database or the newest backup that is whole, and the second copy of the labels)",
            only_one_of="what",
        ),
    )
    list_them: bool = field(
        default=False,
        metadata=option("--list", switch=True, help="only tell which backups there are", only_one_of="what"),
    )
