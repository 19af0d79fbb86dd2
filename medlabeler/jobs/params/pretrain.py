"""What can be chosen of `jobs.pretrain`."""

from __future__ import annotations

from dataclasses import dataclass, field

from medlabeler.domain.options import count, no_option, number, option, positive
from medlabeler.jobs.params.common import ACROSS, ALLOW_DOWNLOAD, DEVICE, MACHINES

LENGTH = "how long"


@dataclass(frozen=True)
class Params:
    """What a person chooses. `start`: a backbone's name or file, `scratch:TIMM_NAME`, or None for the
    project's own. `steps` and `epochs`: how long (one of them; neither: 100 epochs, 3000 steps at most).
    Test and held-back images are left out unless `include_test`. `learning_rate` None: by the batch.
    `processes` of each of `machines` share each batch: one for each graphics card; None: `usual_processes`.
    `across`: the address of this machine where there are several. `colour` and
    `keep_norms` as in `dino.recipe.Recipe`; None keeps them unless the start is random.
    """

    start: str | None = field(
        default=None,
        metadata=option(
            "--start",
            metavar="NAME|FILE",
            help="what to begin with: a backbone, a checkpoint (TIMM_NAME@FILE if it does not tell its"
            " architecture), or scratch:TIMM_NAME; default: the project's own",
        ),
    )
    size: int = field(
        default=128,
        metadata=option("--size", read=positive, metavar="PX", help="image size (%(default)s)"),
    )
    batch: int = field(
        default=64,
        metadata=option("--batch", read=positive, metavar="N", help="images a step (%(default)s)"),
    )
    steps: int | None = field(
        default=None,
        metadata=option(
            "--steps", read=positive, metavar="N", help="how long, in batches", only_one_of=LENGTH
        ),
    )
    epochs: float | None = field(
        default=None,
        metadata=option(
            "--epochs",
            read=positive,
            metavar="N",
            help="how long, in passes over the images",
            only_one_of=LENGTH,
        ),
    )
    n_local: int = field(
        default=3,
        metadata=option(
            "--local-crops", read=count, metavar="N", help="small crops of each image (%(default)s)"
        ),
    )
    local_size: int | None = field(default=None, metadata=no_option("follows from the image size"))
    include_test: bool = field(
        default=False,
        metadata=option(
            "--include-test",
            switch=True,
            help="learn from test images too; every accuracy on them is transductive then",
        ),
    )
    seed: int = field(
        default=0,
        metadata=option("--seed", read=count, metavar="S", help="seed of everything (%(default)s)"),
    )
    device: str = field(default="auto", metadata=DEVICE)
    precision: str = field(default="auto", metadata=no_option("follows from the device"))
    learning_rate: float | None = field(
        default=None,
        metadata=option(
            "--learning-rate", read=number, metavar="X", help="peak of AdamW's; default: by batch"
        ),
    )
    accumulate: int = field(
        default=1,
        metadata=option(
            "--accumulate", read=positive, metavar="N", help="take a batch in N parts, to save memory"
        ),
    )
    save_memory: bool = field(
        default=False,
        metadata=option(
            "--save-memory", switch=True, help="compute activations twice instead of keeping them"
        ),
    )
    colour: str = field(
        default="gentle",
        metadata=option(
            "--colour",
            choices=("gentle", "full"),
            help="how much views differ in colour and sharpness: gentle (default) where colour matters, as in"
            " stains; full as published",
        ),
    )
    keep_norms: bool | None = field(
        default=None,
        metadata=option(
            "--batch-norm",
            choices=("kept", "batch"),
            make=lambda given: given == "kept",
            help="means and variances of batch normalisation: those of the start (default), or of each batch"
            " (default from scratch)",
        ),
    )
    minutes_between_checkpoints: float = field(
        default=3.0,
        metadata=option(
            "--checkpoint-minutes",
            read=number,
            metavar="M",
            help="time between checkpoints (%(default)s)",
        ),
    )
    processes: int | None = field(
        default=None,
        metadata=option(
            "--processes",
            read=positive,
            metavar="N",
            help="share each batch; default: one, or with --device cpu one for each core, 4 at most",
        ),
    )
    machines: int = field(default=1, metadata=MACHINES)
    across: str = field(default="", metadata=ACROSS)
    allow_download: bool = field(default=False, metadata=ALLOW_DOWNLOAD)
