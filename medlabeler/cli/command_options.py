"""What some commands ask beyond the parameters of their job, declared like these."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from medlabeler.domain.options import option, positive
from medlabeler.jobs.params import adopt_vectors, embed_cluster
from medlabeler.jobs.params.label import SOURCE

_ASKED = "what else is asked"


@dataclass(frozen=True)
class EmbedOptions:
    """`architecture` of the checkpoint file that is named as backbone: a timm name."""

    architecture: str | None = field(
        default=None,
        metadata=option(
            "--architecture",
            metavar="NAME",
            help="what a checkpoint file is of, if it does not tell: a timm name",
        ),
    )


@dataclass(frozen=True)
class LabelOptions:
    """`adopt_reference` instead of a CSV; `annotator`, who labels."""

    adopt_reference: bool = field(
        default=False,
        metadata=option(
            "--adopt-reference",
            switch=True,
            help="take the labels that came with the data",
            only_one_of=SOURCE,
        ),
    )
    annotator: str = field(
        default="", metadata=option("--annotator", metavar="NAME", help="whose decisions these are")
    )


@dataclass(frozen=True)
class RunOptions:
    """`detach` from the run; or not a new run but one of the others. The name of a run is "" for the
    newest.
    """

    detach: bool = field(
        default=False, metadata=option("--detach", switch=True, help="start, and return at once")
    )
    status: bool = field(
        default=False,
        metadata=option(
            "--status", switch=True, help="tell how the runs of the project stand", only_one_of=_ASKED
        ),
    )
    resume: str | None = field(
        default=None,
        metadata=option(
            "--resume",
            bare="",
            metavar="RUN",
            help="go on with a run (without a name: the newest)",
            only_one_of=_ASKED,
        ),
    )
    stop: str | None = field(
        default=None,
        metadata=option(
            "--stop",
            bare="",
            metavar="RUN",
            help="let a run write a checkpoint and end",
            only_one_of=_ASKED,
        ),
    )


@dataclass(frozen=True)
class JoinOptions(RunOptions):
    """`join` a run that another machine leads, as number `machine` of those that do."""

    join: str | None = field(
        default=None,
        metadata=option(
            "--join",
            bare="",
            metavar="RUN",
            help="on another machine: learn with a run of --machines (without a name: the newest)",
            only_one_of=_ASKED,
        ),
    )
    machine: int = field(
        default=1,
        metadata=option(
            "--machine",
            read=positive,
            metavar="K",
            help="with --join: which of the joining machines this is, from 1 (%(default)s)",
        ),
    )


@dataclass(frozen=True)
class PretrainOptions(JoinOptions):
    """`measure`: a short run that tells whether a long one is worth it."""

    measure: bool = field(
        default=False,
        metadata=option(
            "--measure",
            switch=True,
            help="20 steps: how long it would take, whether it is worth it",
            only_one_of=_ASKED,
        ),
    )


@dataclass(frozen=True)
class FinetuneOptions(JoinOptions):
    """`estimate`: a few steps, to tell how long a run would take; `discard`: the run that is to go, with all
    that it wrote.
    """

    estimate: bool = field(
        default=False,
        metadata=option(
            "--estimate",
            switch=True,
            help="a few steps only: how long a run would take here",
            only_one_of=_ASKED,
        ),
    )

    discard: str | None = field(
        default=None,
        metadata=option(
            "--discard",
            bare="",
            metavar="RUN",
            help="end a run and remove all that it wrote",
            only_one_of=_ASKED,
        ),
    )


FURTHER: dict[str, tuple[type[Any], ...]] = {
    "embed": (EmbedOptions, adopt_vectors.Params, embed_cluster.Params),
    "label": (LabelOptions,),
    "pretrain": (PretrainOptions,),
    "finetune": (FinetuneOptions,),
}
"""By command; `embed` also adopts vectors, and works through Ray."""
