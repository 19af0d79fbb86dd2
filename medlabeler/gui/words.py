"""Numbers and times as a person reads them."""

from __future__ import annotations

from medlabeler.gui.state import JobState


def count(number: int, noun: str) -> str:
    """'1 image', '1,234 images'."""
    return f"1 {noun}" if number == 1 else f"{number:,} {noun}s"


def duration(seconds: float) -> str:
    """'8 s', '3 min', '2 h 5 min'."""
    seconds = max(0, round(seconds))
    if seconds < 90:
        return f"{seconds} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    return f"{minutes // 60} h {minutes % 60} min"


def job_progress(job: JobState) -> str:
    """'Reading · 310 of 1,200 · 41/s · 22 s left'."""
    parts = [job.text] if job.text else []
    if job.total:
        parts.append(f"{job.done:,} of {job.total:,}")
    if job.rate:
        parts.append(f"{job.rate:.0f} a second" if job.rate >= 10 else f"{job.rate:.1f} a second")
    if job.eta_s is not None and job.eta_s >= 1:
        parts.append(f"{duration(job.eta_s)} left")
    return " · ".join(parts)


def milliseconds(value: float) -> str:
    """'38 ms', '1.2 s'."""
    return f"{value:.0f} ms" if value < 1000 else f"{value / 1000:.1f} s"
