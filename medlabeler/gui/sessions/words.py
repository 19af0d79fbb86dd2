"""A session in words and figures. No widget."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, count, duration, percent
from medlabeler.export.stored_report import stored_report
from medlabeler.gui.accuracy.history_series import classifier_name, measured_classes
from medlabeler.jobs.sessions import SOURCE_WORDS, Told
from medlabeler.project.checkpoints import CROSS_VALIDATION, REFERENCE
from medlabeler.project.history import Checkpoint
from medlabeler.project.sessions import AccuracyChange, Bin

YARDSTICKS = {CROSS_VALIDATION: tr("cross-validation"), REFERENCE: tr("against the reference labels")}


def when(started: str, now: datetime | None = None) -> str:
    """'today, 14:05', 'yesterday, 09:12', '1 Mar 2026, 09:12', as the clock on the wall had it."""
    at = datetime.fromisoformat(started).astimezone()
    today = (now or datetime.now()).astimezone().date()
    if at.date() == today:
        day = tr("today")
    elif at.date() == today - timedelta(days=1):
        day = tr("yesterday")
    else:
        day = at.strftime(tr("%d %b %Y")).lstrip("0")
    return f"{day}, {at:%H:%M}"


def who(annotators: Sequence[str]) -> str:
    """'Ada, Ben'."""
    return ", ".join(name or tr("no name") for name in annotators)


def pace(per_minute: float | None) -> str:
    """'4.4', or a dash."""
    return (
        "–"
        if per_minute is None
        else tr("{per_minute:.1f}", per_minute=per_minute)
        if per_minute < 100
        else tr("{per_minute:,.0f}", per_minute=per_minute)
    )


def accuracy_arrow(change: AccuracyChange | None) -> str:
    """'61 % → 72 %', the last figure alone where there is none to hold it against, or a dash."""
    if change is None:
        return "–"
    start, end = change.start, change.end
    before = f"{percent(start.balanced_accuracy)} → " if start is not None and not _unlike(start, end) else ""
    return f"{before}{percent(end.balanced_accuracy)}"


def _unlike(start: Checkpoint, end: Checkpoint) -> str:
    """Why two figures on one yardstick cannot be compared, with a blank before it; empty where they can."""
    if measured_classes(start) != measured_classes(end):
        return tr(" The two were measured on different classes, so they cannot be compared.")
    if start.measured_on == CROSS_VALIDATION and stored_report(start).scored != stored_report(end).scored:
        return tr(" The two were scored on different kinds of labels, so they cannot be compared.")
    return ""


def tiles(told: Told) -> list[tuple[str, str]]:
    """The figures that matter, each with what it is; unknown ones are left out."""
    s = told.session
    labels = tr("label") if s.n_labels == 1 else tr("labels")
    out = [(tr("{n_labels:,}", n_labels=s.n_labels), labels), (duration(s.active_s), tr("at work"))]
    if s.per_minute is not None:
        out.append((pace(s.per_minute), tr("labels a minute")))
    if s.accepted is not None:
        out.append(
            (
                percent(s.accepted),
                tr("of {suggestions} as predicted", suggestions=count(s.n_suggested, "suggestion")),
            )
        )
    if told.accuracy is not None:
        out.append((accuracy_arrow(told.accuracy), _below_accuracy(told.accuracy)))
    return out


def _below_accuracy(change: AccuracyChange) -> str:
    """What the last figure is, how sure, and on how many images and classes it was measured, in two lines."""
    interval = stored_report(change.end).interval
    images: str = count(change.end.n_images, "image")
    if (n := len(measured_classes(change.end))) > 1:
        images = tr("{images} of {n} classes", images=images, n=n)
    measured = {"yardstick": YARDSTICKS[change.measured_on], "images": images}
    if interval is None:
        return tr("balanced accuracy, without an interval\n{yardstick}, {images}", **measured)
    limits = between(interval.low, interval.high)
    return tr("balanced accuracy ({limits})\n{yardstick}, {images}", limits=limits, **measured)


def accuracy_sentences(told: Told) -> list[str]:
    """What the accuracy was, on every yardstick it was measured on, and what must not be read into it."""
    changes = [change for change in (told.accuracy, *told.further) if change is not None]
    return [_accuracy_sentence(change) for change in changes]


def _accuracy_sentence(change: AccuracyChange) -> str:
    what = {
        CROSS_VALIDATION: tr("by cross-validation of the labels"),
        REFERENCE: tr("against the reference labels of the test set"),
    }.get(change.measured_on, tr("against the labels of the test set"))
    end, start = change.end, change.start
    words = tr(
        "{classifier_name}, {what}: balanced accuracy ",
        classifier_name=classifier_name(change.classifier),
        what=what,
    )
    words += (
        tr("{figure}, then {figure2}.", figure=_figure(start), figure2=_figure(end))
        if start is not None
        else f"{_figure(end)}."
    )
    if start is None:
        return words
    if unlike := _unlike(start, end):
        return words + unlike
    if change.measured_on != CROSS_VALIDATION:
        return words
    return tr(
        "{words} The second was scored on other labels than the first, so the difference is a hint.",
        words=words,
    )


def _figure(point: Checkpoint) -> str:
    interval = stored_report(point).interval
    limits = f" ({between(interval.low, interval.high)})" if interval else ""
    return tr(
        "{balanced_accuracy}{limits} with {labels}",
        balanced_accuracy=percent(point.balanced_accuracy),
        limits=limits,
        labels=count(point.n_labels, "label"),
    )


def facts(told: Told, names: Mapping[int, str]) -> list[str]:
    """What else there is to tell, a sentence each."""
    s = told.session
    ranked = sorted(s.by_class.items(), key=lambda entry: -entry[1])
    out = []
    if ranked:
        out.append(
            tr("Classes: ")
            + ", ".join(tr("{names} {n:,}", names=names.get(c, "?"), n=n) for c, n in ranked)
            + "."
        )
    also = []
    if s.n_undone:
        also.append(tr("{labels} taken back", labels=count(s.n_undone, "label")))
    if s.n_marks:
        also.append(tr("{images} skipped, not sure or bad", images=count(s.n_marks, "image")))
    if s.n_readings:
        also.append(tr("{images} looked at again", images=count(s.n_readings, "image")))
    if also:
        out.append(tr("Also {also}.", also=", ".join(also)))
    if s.pauses:
        lost = duration(sum(p.seconds for p in s.pauses))
        out.append(
            tr(
                "{elapsed_s} from opening to the last decision, of which {pauses} of over 5 "
                "minutes took {lost}.",
                elapsed_s=duration(s.elapsed_s),
                pauses=count(len(s.pauses), "pause"),
                lost=lost,
            )
        )
    if s.clock_set_back:
        out.append(tr("The computer's clock was set back meanwhile; the time is counted around it."))
    return out


def bin_words(b: Bin) -> str:
    """'Minutes 5 to 10: 38 labels, 7.6 a minute (30 one by one, 8 suggestions)'."""
    labels = sum(b.labels.values())
    start, end = b.start_s / 60, (b.start_s + b.seconds) / 60
    parts = ", ".join(
        tr("{labels:,} {words}", labels=b.labels[s], words=words)
        for s, words in SOURCE_WORDS.items()
        if s in b.labels
    )
    told = f" ({parts})" if parts else ""
    return tr(
        "Minutes {start:.0f} to {end:.0f}: {labels}, {pace} a minute{told}",
        start=start,
        end=end,
        labels=count(labels, "label"),
        pace=pace(b.per_minute),
        told=told,
    )
