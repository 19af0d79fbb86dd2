"""What can be chosen of `jobs.import_images`."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from medlabeler.domain.options import no_option

if TYPE_CHECKING:
    from medlabeler.project.sources import Spec


@dataclass(frozen=True)
class Params:
    """`spec`: a further source, kept; None: all that are known, to continue or to import again."""

    spec: Spec | None = field(default=None, metadata=no_option("the command imports again what is known"))
