"""What a figure of accuracy is worth, in a few plain words. No widget."""

from __future__ import annotations

from dataclasses import dataclass

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, count, percent
from medlabeler.export.stored_report import stored_report
from medlabeler.learning.accuracy.intervals import MIN_EFFECTIVE
from medlabeler.learning.accuracy.report import Report
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE
from medlabeler.project.history import Checkpoint

FAIR = 0.05
"""Half a width of the interval up to which a figure is called fairly certain."""


@dataclass(frozen=True)
class CardWords:
    """'45 %', 'chance 17 %', 'on 114 labels', 'too few for certainty'; `behind` is a sentence where the
    figure is of fewer labels than there are, or of more.
    """

    figure: str
    chance: str
    basis: str
    certainty: str
    behind: str = ""

    @property
    def sentence(self) -> str:
        """All of it."""
        parts = (self.figure, self.chance, self.basis, self.certainty)
        told = ", ".join(part for part in parts if part)
        return f"{told}. {self.behind}" if self.behind else told


def card_words(checkpoint: Checkpoint, behind: str = "", n_classes: int = 0) -> CardWords:
    """The words for a checkpoint; `behind` as of `words.fewer_labels` or `taken_away`, `n_classes` that there
    are now: a figure of two of eight says nothing of the other six.
    """
    report = stored_report(checkpoint)
    level = chance(report)
    return CardWords(
        percent(checkpoint.balanced_accuracy),
        "" if level is None else tr("chance {level}", level=percent(level)),
        _of_classes(basis(checkpoint), report, n_classes),
        certainty(report),
        behind,
    )


def chance(report: Report) -> float | None:
    """Balanced accuracy of guessing: one of the classes that were measured; None below two."""
    n = _n_measured(report)
    return 1 / n if n > 1 else None


def _n_measured(report: Report) -> int:
    return sum(entry.support > 0 for entry in report.per_class)


def _of_classes(measured_on: str, report: Report, there: int) -> str:
    measured = _n_measured(report)
    if measured >= there:
        return measured_on
    return tr(
        "{measured_on}, {measured} of {there} classes",
        measured_on=measured_on,
        measured=measured,
        there=there,
    )


def basis(checkpoint: Checkpoint) -> str:
    """What it was measured on."""
    if checkpoint.measured_on == CROSS_VALIDATION:
        return tr("on {labels}", labels=count(checkpoint.n_images, "label"))
    if checkpoint.measured_on == REFERENCE:
        return tr(
            "on the reference labels of {test_images}", test_images=count(checkpoint.n_images, "test image")
        )
    return tr("on {test_images}", test_images=count(checkpoint.n_images, "test image"))


def certainty(report: Report) -> str:
    """How sure it is: by the interval, or why there is none."""
    found = report.interval
    if found is None:
        few = any(0 < entry.support < MIN_EFFECTIVE for entry in report.per_class)
        if few or report.scored != "all labels":
            return tr("too few for certainty")
        return tr("of chosen labels: it may be off by tens of points")
    limits = tr("95 % interval {between}", between=between(found.low, found.high))
    level = chance(report)
    if level is not None and found.low <= level <= found.high:
        return tr("{limits}: perhaps no better than chance", limits=limits)
    half = (found.high - found.low) / 2
    return f"{limits}: {'fairly certain' if half <= FAIR else 'a rough figure'}"
