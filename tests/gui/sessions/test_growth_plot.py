"""Labels over time: counted from what stands, told in words, and quick however many there are."""

from __future__ import annotations

from typing import Any

import numpy as np
from panels_support import class_named

from medlabeler.gui.sessions.growth_plot import GrowthPlot, steps
from medlabeler.gui.sessions.page import SessionsWindow
from medlabeler.open_project.open_project import OpenProject

NO_OFFSET = np.timedelta64(0, "ms")


def test_each_label_is_a_step_and_of_many_as_many_as_can_be_seen() -> None:
    times = np.array(["2026-11-25T09:00", "2026-11-26T10:00", "2026-11-26T10:00"], "datetime64[ms]")
    at, n = steps(times, 100)
    assert n.tolist() == [1, 2, 3]
    assert (np.diff(at) >= 0).all()
    many = np.datetime64("2026-01-01", "ms") + np.arange(171_375).astype("timedelta64[s]")
    at, n = steps(many, 800)
    assert len(at) <= 800
    assert (n[0], n[-1]) == (1, 171_375)
    assert steps(many[:0], 10)[1].tolist() == []


def test_the_plot_says_what_it_shows(qtbot: Any) -> None:
    plot = GrowthPlot()
    qtbot.addWidget(plot)
    plot.show_times(np.array([], "datetime64[ms]"), NO_OFFSET)
    assert plot.words() == "No label yet."
    plot.show_times(
        np.array(["2026-11-26T10:00", "NaT", "2026-11-25T23:30"], "datetime64[ms]"), np.timedelta64(1, "h")
    )
    assert plot.words() == "2 labels, given on 2026-11-26."
    plot.show_times(np.array(["2026-11-20T23:30", "2026-11-26T10:00"], "datetime64[ms]"), NO_OFFSET)
    assert plot.accessibleDescription() == "2 labels, given from 2026-11-20 to 2026-11-26."
    assert np.array_equal(plot._times, np.sort(plot._times))
    plot.resize(400, 100)
    assert not plot.grab().isNull()


def test_the_sessions_page_shows_the_labels_that_stand(opened: OpenProject, qtbot: Any) -> None:
    opened.label_rows([1, 2, 3], class_named(opened, "monocyte"))
    opened.label_rows([4], class_named(opened, "monocyte"))
    opened.undo()
    page = SessionsWindow(opened)
    qtbot.addWidget(page)
    page.show()
    qtbot.waitUntil(lambda: page.growth.words().startswith("3 labels"))
    opened.hide_labels([1])
    page.refresh()
    assert page.growth.words().startswith("2 labels"), "a label that is asked again is not told"
    qtbot.waitUntil(lambda: not page._latest.busy)
