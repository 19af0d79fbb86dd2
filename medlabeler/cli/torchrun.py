"""torchrun starts a program several times over; this one starts its own processes."""

from __future__ import annotations

import os

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

_STARTED_BY_IT, _HOW_OFTEN = "TORCHELASTIC_RUN_ID", "WORLD_SIZE"


def refuse_torchrun() -> None:
    """`UserError` where torchrun runs this command more than once: each would do all of the work, or find the
    project in use by the other.
    """
    n = os.environ.get(_HOW_OFTEN, "1")
    if _STARTED_BY_IT in os.environ and n != "1":
        raise UserError(
            tr(
                "torchrun has started this command {n} times. Start it once, without torchrun: "
                "`medlabeler pretrain` and `medlabeler finetune` start their own processes, with --processes "
                "on this machine, and with --machines and --across on several.",
                n=n,
            )
        )
