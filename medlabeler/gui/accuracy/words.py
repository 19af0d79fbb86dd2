"""Accuracy in sentences: what was measured, how sure it is, and what it does not tell. No widget."""

from __future__ import annotations

from collections.abc import Sequence

from medlabeler.domain.words import between, percent
from medlabeler.gui.kit.elements import counted
from medlabeler.learning.accuracy.report import Report

SHORT_METHOD = "exact, Clopper and Pearson"


def interval_words(report: Report) -> str:
    """'95 % interval 71 to 83 % (exact, Clopper and Pearson)'; empty where there is none."""
    found = report.interval
    if found is None:
        return ""
    return f"{100 * found.level:.0f} % interval {between(found.low, found.high)} ({SHORT_METHOD})"


def fewer_labels(measured: int, learned: int, there: int) -> str:
    """That a figure is of fewer labels than there are, and why; empty where it is of all.

    `measured` labels are behind the figure, `learned` behind the predictions, `there` could be.
    """
    if measured >= there:
        return ""
    absent = there - learned
    why = (
        f"{counted(absent, 'label')} {'is' if absent == 1 else 'are'} on images not looked at yet"
        if absent > 0
        else "it follows when you pause for a moment"
    )
    return f"Measured on {measured:,} of your {counted(there, 'label')}: {why}."


def why_no_interval(report: Report) -> str:
    """The sentence in place of an interval; empty where there is one, or nothing is known."""
    return "" if report.interval is not None else report.interval_sentence


def further_figures(report: Report) -> str:
    """'Accuracy 77 %, macro F1 77 %.' as far as they are known."""
    figures = (("accuracy", report.accuracy), ("mean F1 of the classes", report.macro_f1))
    words = ", ".join(f"{name} {percent(value)}" for name, value in figures if value is not None)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def absent_words(names: Sequence[str], on_test_set: bool) -> str:
    """Which classes the figure says nothing about; empty if none."""
    if not names:
        return ""
    which = ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else names[0]
    verb = "has" if len(names) == 1 else "have"
    if on_test_set:
        return f"{which} {verb} no image in the test set that could be measured, so the figure leaves it out."
    return f"{which} {verb} too few labels to be measured, so the figure leaves it out."


def prevalence_words(report: Report, own: bool = False) -> str:
    """What the last columns of the class table mean, or why they are not there."""
    if not report.per_class:
        return ""
    if own:
        return "PPV and NPV hold for the shares you gave, kept with the project, with 95 % intervals."
    return report.pool_sentence


def calibration_words(report: Report, on_test_set: bool = False) -> str:
    """The calibration error and what it rests on."""
    what = "test image" if on_test_set else "out-of-fold prediction"
    error, bins = report.calibration_error, report.reliability
    if error is None or not bins:
        return ""
    weight = sum(b.images for b in bins)
    said = sum(b.images * b.confidence for b in bins) / weight
    came = sum(b.images * b.accuracy for b in bins) / weight
    verdict = (
        "Confidence and accuracy agree on the whole."
        if abs(said - came) < 0.03
        else f"The classifier is {'over' if said > came else 'under'}confident: mean confidence "
        f"{100 * said:.0f} %, right {100 * came:.0f} %."
    )
    return (
        f"Expected calibration error {100 * error:.1f} points on "
        f"{counted(report.n_images, what)} in {len(bins)} of 10 equal bins of confidence "
        f"(Guo et al. 2017).\n\n{verdict}\n\nThe number at the foot of a bar is that of its "
        "images; pale bars rest on fewer than 10."
    )
