"""Accuracy in sentences: what was measured, how sure it is, and what it does not tell. No widget."""

from __future__ import annotations

from collections.abc import Sequence

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, percent
from medlabeler.gui.kit.elements import counted
from medlabeler.learning.accuracy.report import Report

SHORT_METHOD = tr("exact, Clopper and Pearson")


def interval_words(report: Report) -> str:
    """'95 % interval 71 to 83 % (exact, Clopper and Pearson)'; empty where there is none."""
    found = report.interval
    if found is None:
        return ""
    return tr(
        "{level:.0f} % interval {between} ({short_method})",
        level=100 * found.level,
        between=between(found.low, found.high),
        short_method=SHORT_METHOD,
    )


def fewer_labels(measured: int, learned: int, there: int) -> str:
    """That a figure is of fewer labels than there are, and why; empty where it is of all.

    `measured` labels are behind the figure, `learned` behind the predictions, `there` could be.
    """
    if measured >= there:
        return ""
    absent = there - learned
    why = (
        tr(
            "{labels} {value} on images not looked at yet",
            labels=counted(absent, "label"),
            value=tr("is") if absent == 1 else tr("are"),
        )
        if absent > 0
        else tr("it follows when you pause for a moment")
    )
    return tr(
        "Measured on {measured:,} of your {labels}: {why}.",
        measured=measured,
        labels=counted(there, "label"),
        why=why,
    )


def taken_away(measured: int, there: int) -> str:
    """That labels behind a figure do not stand any more: `measured` it had, `there` are."""
    return tr(
        "Measured when there were {before}; now there are {now:,}.",
        before=counted(measured, "label"),
        now=there,
    )


def why_no_interval(report: Report) -> str:
    """The sentence in place of an interval; empty where there is one, or nothing is known."""
    return "" if report.interval is not None else report.interval_sentence


def further_figures(report: Report) -> str:
    """'Accuracy 77 %, macro F1 77 %.' as far as they are known."""
    figures = ((tr("accuracy"), report.accuracy), (tr("mean F1 of the classes"), report.macro_f1))
    words = ", ".join(f"{name} {percent(value)}" for name, value in figures if value is not None)
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def absent_words(names: Sequence[str], on_test_set: bool) -> str:
    """Which classes the figure says nothing about; empty if none."""
    if not names:
        return ""
    which = ", ".join(names[:-1]) + tr(" and ") + names[-1] if len(names) > 1 else names[0]
    verb = tr("has") if len(names) == 1 else tr("have")
    if on_test_set:
        return tr(
            "{which} {verb} no image in the test set that could be measured, so the figure leaves it out.",
            which=which,
            verb=verb,
        )
    return tr(
        "{which} {verb} too few labels to be measured, so the figure leaves it out.", which=which, verb=verb
    )


def prevalence_words(report: Report, own: bool = False) -> str:
    """What the last columns of the class table mean, or why they are not there."""
    if not report.per_class:
        return ""
    if own:
        return tr("PPV and NPV hold for the shares you gave, kept with the project, with 95 % intervals.")
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
        tr("Confidence and accuracy agree on the whole.")
        if abs(said - came) < 0.03
        else tr(
            "The classifier is {over}confident: mean confidence {said:.0f} %, right {came:.0f} %.",
            over=tr("over") if said > came else tr("under"),
            said=100 * said,
            came=100 * came,
        )
    )
    return tr(
        "Expected calibration error {error:.1f} points on {n_images} in {bins} of 10 "
        "equal bins of confidence (Guo et al. 2017).\n\n"
        "{verdict}\n\n"
        "The number at the foot of a bar is that of its images; pale bars rest on "
        "fewer than 10.",
        error=100 * error,
        n_images=counted(report.n_images, what),
        bins=len(bins),
        verdict=verdict,
    )
