"""What can be chosen of `jobs.finetune`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import count, no_option, number, option, positive
from medlabeler.jobs.params.common import ACROSS, DEVICE, MACHINES, seed_of


@dataclass(frozen=True)
class Params:
    """What a person chooses. `steps` None: `learning.sharpening.recipe.usual_steps`. `size` None: the size
    at which the backbone sees images, at most what `learning.sharpening.size` says of the device. Each step
    takes `batch` labelled images and `pool` unlabelled ones. `folds` further sharpenings, each without a part
    of the labels, measure what it brought; 0 for none, None: `learning.sharpening.parts`. `upright`: images
    have an up, as X-rays have and cells have not. Large vision transformers learn by low-rank adapters of
    `rank`; with 0 all their weights learn. `processes` of each of `machines` share each batch, reached by the
    address `across` where there are several machines.
    """

    steps: int | None = field(
        default=None,
        metadata=option("--steps", read=positive, metavar="N", help="how long; default: by the classes"),
    )
    size: int | None = field(
        default=None,
        metadata=option(
            "--size",
            read=positive,
            metavar="PX",
            help="image size; default: the backbone's own, at most 224, and 128 without a graphics card,"
            " which takes a third of the time of 224 and is about a point less accurate",
        ),
    )
    batch: int = field(
        default=24,
        metadata=option("--batch", read=positive, metavar="N", help="labelled images a step (%(default)s)"),
    )
    pool: int = field(
        default=0,
        metadata=option(
            "--pool",
            read=count,
            metavar="N",
            help="unlabelled images a step, such as 24; several times slower (%(default)s)",
        ),
    )
    folds: int | None = field(
        default=None,
        metadata=option(
            "--folds",
            read=count,
            metavar="K",
            help="measure by K further sharpenings, each without a part of the labels and as long as the"
            " sharpening itself; 0: not; default: 5 on a graphics card, else 3 to 5, as ten minutes allow",
        ),
    )
    upright: bool = field(
        default=False,
        metadata=option(
            "--upright", switch=True, help="images have an up, as X-rays have: neither turn nor mirror them"
        ),
    )
    rank: int = field(
        default=16,
        metadata=option(
            "--rank",
            read=count,
            metavar="R",
            help="vision transformers of 50 million weights and more learn by low-rank adapters of this "
            "rank; 0: all their weights learn (%(default)s)",
        ),
    )
    seed: int = field(default=0, metadata=seed_of("sharpening"))
    device: str = field(default="auto", metadata=DEVICE)
    precision: str = field(default="auto", metadata=no_option("follows from the device"))
    minutes_between_checkpoints: float = field(
        default=2.0,
        metadata=option(
            "--checkpoint-minutes", read=number, metavar="M", help="time between checkpoints (%(default)s)"
        ),
    )
    processes: int = field(
        default=1,
        metadata=option(
            "--processes",
            read=positive,
            metavar="N",
            help="share each batch, as with one for each graphics card (%(default)s)",
        ),
    )
    machines: int = field(default=1, metadata=MACHINES)
    across: str = field(default="", metadata=ACROSS)
