"""A long action as the window shows it, and its progress in words."""

from __future__ import annotations

from dataclasses import dataclass

from medlabeler.domain.language import tr
from medlabeler.domain.words import duration


@dataclass(frozen=True, slots=True)
class JobState:
    """One long action as the jobs panel shows it."""

    id: int
    name: str
    """`import`, `embed` or `map`."""
    title: str
    done: int = 0
    total: int = 0
    """0 while unknown."""
    text: str = ""
    rate: float | None = None
    """Units per second, smoothed; None until known."""
    eta_s: float | None = None
    state: str = "running"
    """`running`, `done`, `failed` or `cancelled`."""
    sentence: str = ""
    """How it ended, for a person."""
    bug: str = ""
    """Traceback, when it ended by a fault of ours."""

    @property
    def running(self) -> bool:
        """Whether it still works."""
        return self.state == "running"


def job_progress(job: JobState) -> str:
    """'Reading · 310 of 1,200 · 41/s · 22 s left'."""
    parts = [job.text] if job.text else []
    if job.total:
        parts.append(tr("{done:,} of {total:,}", done=job.done, total=job.total))
    if job.rate:
        parts.append(
            tr("{rate:.0f} a second", rate=job.rate)
            if job.rate >= 10
            else tr("{rate:.1f} a second", rate=job.rate)
        )
    if job.eta_s is not None and job.eta_s >= 1:
        parts.append(tr("{eta_s} left", eta_s=duration(job.eta_s)))
    return " · ".join(parts)
