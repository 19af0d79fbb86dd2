"""A checkpoint of the history as the report it was made of; earlier versions kept less."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.domain.retelling import retold
from medlabeler.learning.accuracy.intervals import LEVEL
from medlabeler.learning.accuracy.metrics import ReliabilityBin
from medlabeler.learning.accuracy.pool_values import Proportion
from medlabeler.learning.accuracy.report import BeforeRelabelling, ClassReport, FigureInterval, Report
from medlabeler.project.history import Checkpoint, MeasuredClass

EARLIER = tr(
    "Shares among the training images, PPV and NPV are not known: this figure was stored by an earlier "
    "version, which gave them without an interval. Measure again."
)


_MOST_KEPT = 32
_kept: dict[int, tuple[Checkpoint, Report]] = {}


def stored_report(checkpoint: Checkpoint) -> Report:
    """What was kept of the report; None and empty where nothing was. Those asked for last are remembered: the
    window asks for the same ones with every label.
    """
    known = _kept.pop(id(checkpoint), None)
    if known is None or known[0] is not checkpoint:
        known = checkpoint, _read(checkpoint)
    _kept[id(checkpoint)] = known
    while len(_kept) > _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    return known[1]


def retell(checkpoint: Checkpoint) -> None:
    """Have the sentences of its report at hand, which takes some hundredths of a second; in any thread."""
    for name in ("interval_sentence", "scored_sentence", "folds_sentence", "pool_sentence"):
        retold(checkpoint.facts.get(name) or "")


def _read(checkpoint: Checkpoint) -> Report:
    facts = checkpoint.facts
    interval, relabelled = facts.get("interval"), facts.get("relabelled")
    absent = facts.get("absent")
    return Report(
        balanced_accuracy=checkpoint.balanced_accuracy,
        n_images=checkpoint.n_images,
        n_groups=checkpoint.n_groups,
        per_class=tuple(_stored_class(entry) for entry in checkpoint.per_class),
        confusion=tuple(map(tuple, checkpoint.confusion)),
        accuracy=facts.get("accuracy"),
        macro_f1=facts.get("macro_f1"),
        interval=FigureInterval(**{"level": LEVEL, "method": "", **interval}) if interval else None,
        interval_sentence=retold(facts.get("interval_sentence") or ""),
        scored=facts.get("scored") or "",
        scored_sentence=retold(facts.get("scored_sentence") or ""),
        folds_sentence=retold(facts.get("folds_sentence") or ""),
        repeats=facts.get("repeats") or 1,
        learned=facts.get("learned") or "",
        n_ungrouped=facts.get("n_ungrouped") or 0,
        n_brought=facts.get("n_brought") or 0,
        absent=None if absent is None else tuple(absent),
        calibration_error=facts.get("calibration_error"),
        reliability=tuple(ReliabilityBin(**kept) for kept in facts.get("reliability") or ()),
        rates=tuple(map(tuple, facts.get("rates") or ())),
        pool_sentence=retold(facts.get("pool_sentence") or EARLIER),
        relabelled=BeforeRelabelling(**relabelled | {"sentence": retold(relabelled["sentence"])})
        if relabelled
        else None,
    )


def _stored_class(entry: MeasuredClass) -> ClassReport:
    parts = {
        name: Proportion(**found) if (found := getattr(entry, name)) else None
        for name in ("share", "ppv", "npv")
    }
    return ClassReport(**{**vars(entry), **parts})
