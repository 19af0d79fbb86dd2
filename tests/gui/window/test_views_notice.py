"""Several looks at each image: tried once at each milestone, beside nothing else, proposed where it pays."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import filled_project
from PySide6.QtWidgets import QPushButton
from shown_window import shown_window

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.views_notice import JOB, ViewsNotice
from medlabeler.jobs import embed, try_views
from medlabeler.learning.backbones.loading import save_weights, untrained
from medlabeler.open_project.job_state import JobState
from medlabeler.project.project import Project

NOT_SURE = try_views.Tried("mirrored", 0.8, 0.81, 0.01, -0.02, 0.04, 90.0, "cpu")
SURE = try_views.Tried("turned", 0.8, 0.83, 0.03, 0.012, 0.051, 240.0, "cpu")


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    """A project of two classes, 24 labels in each, embedded by a backbone that is here."""
    project = filled_project(tmp_path)
    save_weights(untrained("test_efficientnet", 32), tmp_path / "start.safetensors")
    project.settings.set("backbone", str(tmp_path / "start.safetensors"))
    label(project, 24)
    with shown_window(project, monkeypatch) as shown:
        yield shown


def label(project: Project, per_class: int) -> None:
    """So many labels of each of the first two classes, and none of another."""
    pool = np.flatnonzero(project.catalog.split == Split.POOL)
    ids = np.array([c.id for c in project.classes.all()][:2], np.int32)
    project.journal.decide(pool, LabelKind.CLEAR, -1, name="none", source=LabelSource.CLICK)
    rows = pool[: 2 * per_class]
    project.journal.decide(
        rows, LabelKind.LABEL, np.repeat(ids, per_class), name="label", source=LabelSource.CLICK, blind=False
    )


def started(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    """What is asked of the workers from now on; nothing of it is done."""
    assert window.opened is not None
    asked: list[tuple[str, Any]] = []
    monkeypatch.setattr(window.opened.runner, "start", lambda name, params: asked.append((name, params)))
    return asked


def proposal(window: MainWindow) -> ViewsNotice:
    found = window.findChild(ViewsNotice)
    assert isinstance(found, ViewsNotice)
    found.quiet.setInterval(0)
    return found


def told(window: MainWindow, *found: try_views.Tried) -> str:
    """The job ended so; what the window says of it, empty if nothing."""
    opened = window.opened
    assert opened is not None
    facts = asdict(try_views.Facts(found, 50, 25))
    key = opened.project.settings.get("embedding")
    opened.project.settings.set(try_views.SETTING, {"key": key, "milestone": 25, **facts})
    job = JobState(7, JOB, "", state="done")
    opened.runner.finished.emit(job, JobResult(Changes.NONE, {}, ""))
    return window.notices.sentences().get("views", "")


def test_it_is_tried_once_at_a_milestone_and_beside_nothing_else(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    opened, asked, notice = window.opened, started(window, monkeypatch), proposal(window)
    assert opened is not None
    busy = True
    monkeypatch.setattr(opened.runner, "running", lambda *names: busy)

    def labels_came() -> None:
        opened.refresh(Changes.LABELS)
        qtbot.waitUntil(lambda: busy or not notice.quiet.isActive())

    busy = False
    labels_came()
    assert asked == [], "24 labels are below the first milestone"
    busy = True
    label(opened.project, 25)
    labels_came()
    qtbot.waitUntil(lambda: notice.quiet.isActive())  # it asks again and again
    assert asked == []
    busy = False
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert asked == [(JOB, try_views.Params())]
    labels_came()
    assert len(asked) == 1


def test_what_pays_is_proposed_and_done_only_when_it_is_pressed(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = started(window, monkeypatch)
    text = told(window, SURE, NOT_SURE)
    assert "5 times would gain about 3.0 points of accuracy [1.2, 5.1] and take about 4 min" in text
    assert asked == []
    (button,) = [b for b in window.notices.findChildren(QPushButton) if b.text() == "Look 5 times"]
    button.click()
    assert window.opened is not None
    own = window.opened.project.settings.get("backbone")
    assert asked == [("embed", embed.Params(own, views="turned"))]


def test_nothing_is_said_where_the_gain_may_be_chance(window: MainWindow) -> None:
    assert told(window, NOT_SURE) == ""
