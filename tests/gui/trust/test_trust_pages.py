"""Counts, Ask a person and Other causes in the real window: what they start, show, and let a person"
" choose."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QStyle
from pytestqt.qtbot import QtBot
from shown_window import shown_window
from way_out_project import way_out_project

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import speaking
from medlabeler.domain.progress import SilentProgress
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.jobs import abstain, count, label, probe
from medlabeler.project.project import Project


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return way_out_project(tmp_path_factory.mktemp("made"), brightened=True)


@pytest.fixture
def window(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    project = Project.open(Path(shutil.copytree(made, tmp_path / "project")))
    with shown_window(project, monkeypatch, size=(1440, 900), whole=False) as shown:
        yield shown


def bring_up(window: MainWindow, name: str):  # type: ignore[no-untyped-def]  # its fixtures and results have no types of use here
    page = window.page
    assert page is not None
    page.choose_mode(Mode.RESULTS)
    found = getattr(page, name)
    page.modes[Mode.RESULTS].bring_up(found)
    return found


def found_by(window: MainWindow, job: object, params: object) -> None:
    opened = window.page.opened  # type: ignore[union-attr]  # it is there
    result = job.run(opened.project, params, SilentProgress())  # type: ignore[attr-defined]  # each has it
    opened.refresh(result.changes)


def test_before_anything_was_found_a_page_says_what_it_is_for(window: MainWindow, qtbot: QtBot) -> None:
    for name in ("counts", "silence", "causes"):
        page = bring_up(window, name)
        assert page.isVisible()
        assert len(page.card.sentence.text()) > 80
        assert page.start.isEnabled()
        assert not page.table.isVisible()
        started: list[tuple[str, object]] = []
        page.opened.start_job = lambda job, params, into=started: into.append((job, params))
        page.start.click()
        assert [job for job, _ in started] == [
            {"counts": "count", "silence": "abstain", "causes": "probe"}[name]
        ]


def test_counts_of_all_and_of_a_group(window: MainWindow, qtbot: QtBot) -> None:
    page = bring_up(window, "counts")
    found_by(window, count, count.Params())
    assert page.table.isVisible()
    assert page.table.model_.rowCount() == 3
    assert "prediction-powered" in page.said.text()
    assert page.group.count() == 31
    whole = [row[2] for row in page.table.model_.rows]
    page.group.setCurrentIndex(30)
    said, room = (
        page.group.currentText(),
        page.group.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent),
    )
    # It was as wide as before there were groups, and cut the names of all.
    qtbot.waitUntil(
        lambda: page.group.width() >= page.group.fontMetrics().horizontalAdvance(said) + room, timeout=2000
    )
    assert [row[2] for row in page.table.model_.rows] != whole
    limits = set()
    for at in range(page.group.count()):
        page.group.setCurrentIndex(at)
        limits |= {row[4] for row in page.table.model_.rows}
    # Test images have their labels: "16.7 to 16.7 %" stood for a group of them.
    assert "exact, all are labelled" in limits
    assert not [
        text for text in limits if len(set(text.removesuffix(" %").split(" to "))) == 1 and " to " in text
    ]
    assert page.bars.height() > 60
    assert [page.by.itemText(k) for k in range(page.by.count())] == ["group", "patient", "scanner"]
    page.by.setCurrentIndex(2)
    assert page.params().by == "scanner"


def test_a_limit_of_ones_own_is_told_and_asked_for(window: MainWindow, qtbot: QtBot) -> None:
    page = bring_up(window, "silence")
    found_by(window, abstain, abstain.Params(error=0.2))
    assert page.error.value() == 20
    assert page.table.model_.rowCount() == 3
    assert "Promised" in page.said.text()
    page.table.selectRow(1)
    page.slider.setValue(16)
    assert "at least 80 %" in page.limit.text()
    assert "On the labels" in page.picked.text()
    assert "On the test set" in page.picked.text()
    assert "Press" in page.picked.text()
    assert page.params() == abstain.Params(error=0.2, calibrate="auto", least=(("B", 0.8),))
    found_by(window, abstain, page.params())
    assert page.table.model_.rows[1][4] == "0.80"


def test_a_cause_is_named_and_its_images_are_shown(window: MainWindow, qtbot: QtBot) -> None:
    page = bring_up(window, "causes")
    found_by(window, probe, probe.Params())
    assert "images of A are “PNG”" in page.caution.text()
    assert page.table.model_.rows[0][1] == "yes"
    assert "PNG" in page.sentence.text()
    page.show_images.click()
    opened = page.opened
    rows = np.flatnonzero(opened.selection)
    assert len(rows) == 12
    assert window.page.mode == Mode.EXPLORE  # type: ignore[union-attr]  # it is there


def test_labels_that_came_later_are_told(window: MainWindow, qtbot: QtBot) -> None:
    page = bring_up(window, "counts")
    found_by(window, count, count.Params())
    assert page.older.text() == ""
    found_by(window, label, label.Params(per_class=45))
    assert "since" in page.older.text()


def test_what_an_earlier_version_wrote_is_no_fault(window: MainWindow, qtbot: QtBot) -> None:
    page = bring_up(window, "counts")
    page.opened.project.settings.set(count.SETTING, {"found": {"whole": 1}, "revision": 1})
    page.opened.refresh(Changes.HISTORY)
    assert not page.table.isVisible()


def test_what_was_found_in_english_is_read_in_german(window: MainWindow, qtbot: QtBot) -> None:
    """Cautions were shown in the language of the day on which they were found."""
    for module in (count, abstain, probe):
        found_by(window, module, module.Params())
    with speaking("de"):
        counts, silence, causes = (bring_up(window, name) for name in ("counts", "silence", "causes"))
    assert "angegeben, nicht zufällig" in counts.caution.text()
    assert counts.said.text().startswith("Korrigiert durch")
    assert counts.group.itemText(0).startswith("alle Bilder (")
    assert silence.said.text().startswith("Versprochen: ")
    assert "angegeben, nicht zufällig" in silence.caution.text()
    assert "Bildern von A sind „PNG“" in causes.caution.text()
    assert "Bildern von A sind „PNG“" in causes.sentence.text()
