"""What the grid says: buttons, steps, and the figures above it."""

from __future__ import annotations

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.learning.accuracy.bulk_error import SHARE, BulkError
from medlabeler.learning.accuracy.quantiles import exact_interval

LONGEST = 22
"""Letters of a class's name on the button."""
ENOUGH = 5
"""Decisions one by one from which on their agreement is stated."""

MOST_WRONG = 0.2
"""Share of checked predictions that may be wrong for the rest of a page to be offered to be confirmed."""

CHECKS_HELP = tr(
    "Bulk labels: of the images you confirm together, {share:.0f} in 100, at "
    "least one a page, are\n"
    "drawn at random and come up once more in the queue, among the suggestions, "
    "without their label or a\n"
    "prediction. Your answer there changes no label. Where it differs, the image "
    "goes to the second looks.",
    share=100 * SHARE,
)
AGREED_HELP = tr(
    "Such predictions, one by one: images you decided singly with a prediction of this class in sight, from\n"
    "this confidence on. They were not all drawn at random, and a prediction in sight can sway: take it as\n"
    "a hint of how many wrong ones to expect here."
)


def percent(share: float) -> str:
    """'0.1', '13': a share in per cent, with a decimal below ten."""
    value = 100 * share
    return tr("{value:.0f}", value=value) if value >= 9.95 or value == 0 else tr("{value:.1f}", value=value)


def interval(low: float, high: float) -> str:
    """'0.1 to 13 %'."""
    return tr("{low} to {high} %", low=percent(low), high=percent(high))


def error_words(found: BulkError, n_waiting: int) -> str:
    """How many bulk labels are wrong, by those asked again."""
    if found.asked:
        disagreed = tr(
            "{disagreed} of {asked} re-asked disagreed", disagreed=found.disagreed, asked=found.asked
        )
        return tr(
            "Bulk labels: {disagreed}, {interval}",
            disagreed=disagreed,
            interval=interval(found.low, found.high),
        )
    if n_waiting:
        return tr("Bulk labels: {n_waiting} will be asked again among the suggestions", n_waiting=n_waiting)
    return tr("Bulk labels: none yet")


def agreed_words(n: int, right: int) -> str:
    """How often such predictions were right so far."""
    if n < ENOUGH:
        return ""
    return tr(
        "Such predictions, one by one: {right} of {n} right, {interval}",
        right=right,
        n=n,
        interval=interval(*exact_interval(right / n, n)),
    )


def doubt_words(such: tuple[int, int], checked: BulkError) -> str:
    """Why the rest of a page is not offered to be confirmed, empty if it is: of `such` predictions (how many
    were decided one by one, how many of them were right), or of bulk labels that were asked again, too many
    were wrong.
    """
    n, right = such
    if n >= ENOUGH and (n - right) / n > MOST_WRONG:
        return tr(
            "Of {n} such predictions {n2} were wrong: too many to confirm the rest. "
            "Label some more one by one, raise the confidence, or say which class each "
            "is.",
            n=n,
            n2=n - right,
        )
    if checked.asked >= ENOUGH and checked.value > MOST_WRONG:
        return tr(
            "Of {asked} labels given together and asked again {disagreed} were wrong: "
            "too many to confirm more. Say which class each is.",
            asked=checked.asked,
            disagreed=checked.disagreed,
        )
    return ""


def confirm_words(n_confirmed: int, n_corrected: int, name: str) -> str:
    """The button: 'Confirm 287 as EOS'."""
    if n_confirmed:
        return tr(
            "Confirm {n_confirmed:,} as {name}",
            n_confirmed=n_confirmed,
            name=name if len(name) <= LONGEST else name[: LONGEST - 1] + "…",
        )
    return tr("Correct {n_corrected:,}", n_corrected=n_corrected) if n_corrected else tr("Confirm")


def step_words(n_confirmed: int, n_corrected: int, name: str) -> str:
    """The step as the undo menu names it: 'confirm 287 images as EOS, correct 3'."""
    parts = []
    if n_confirmed:
        parts.append(tr("confirm {images} as {name}", images=count(n_confirmed, "image"), name=name))
    if n_corrected:
        parts.append(
            tr("correct {n_corrected:,}", n_corrected=n_corrected)
            if parts
            else tr("correct {images}", images=count(n_corrected, "image"))
        )
    return ", ".join(parts)


def page_words(n: int, n_left_out: int, n_corrected: int, n_unseen: int) -> str:
    """What is on the page: '77 on this page · 3 left out · 2 corrected · 40 below, not seen yet'."""
    parts = [tr("{n:,} on this page", n=n)]
    if n_left_out:
        parts.append(tr("{n_left_out:,} left out", n_left_out=n_left_out))
    if n_corrected:
        parts.append(tr("{n_corrected:,} corrected", n_corrected=n_corrected))
    if not n_left_out and not n_corrected:
        parts.append(tr("click or drag over the wrong ones"))
    if n_unseen:
        parts.append(tr("{n_unseen:,} below, not seen yet", n_unseen=n_unseen))
    return " · ".join(parts)
