"""The classifier of another project in the window: what is shown, how long, and what is recorded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import N, filled_project
from panels_support import predict
from shown_window import shown_window

from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.start.start_with import StartWithDialog
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.open_project.first_hints import STRATEGY
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project import starting
from medlabeler.project.history import Checkpoint, MeasuredClass
from medlabeler.project.project import Project

CAUTION = "90 of 100 images are unlike those the classifier learned from."


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    project = filled_project(tmp_path)
    project.journal.decide(
        np.flatnonzero(project.labels.kind != LabelKind.CLEAR),
        LabelKind.CLEAR,
        NO_CLASS,
        name="none",
        source=LabelSource.CLICK,
    )
    keep_hints(project, tmp_path / "found.npz")
    with shown_window(project, monkeypatch, whole=False) as shown:
        yield shown


def keep_hints(project: Project, file: Path) -> None:
    """The reference, rolled by one class, of all images but the last ten of the pool, which are unlike."""
    catalog, ids = project.catalog, [c.id for c in project.classes.all()]
    shares = np.full((N, len(ids)), 0.02, np.float32)
    said = np.searchsorted(ids, catalog.reference) + 1
    shares[np.arange(N), said % len(ids)] = 0.9
    unlike = np.zeros(N, np.bool_)
    unlike[np.flatnonzero(catalog.split == Split.POOL)[-10:]] = True
    np.savez(file, digest=catalog.digest, probabilities=shares, unlike=unlike)
    facts = {
        "name": "old stain.bundle", "sha256": "0" * 64, "classes": tuple(ids), "cautions": (CAUTION,),
        "n_images": N, "n_unlike": 10,
    }  # fmt: skip
    starting.keep(project, file, facts)


def measured(opened: OpenProject, recall: float) -> None:
    """Cross-validation finds the own classifier so good, in each class."""
    classes = [MeasuredClass(c.id, c.name, recall, 5) for c in opened.classes]
    key = str(opened.project.settings.get("embedding"))
    opened.project.history.add(
        Checkpoint(
            0,
            "2026",
            1,
            1,
            30,
            5.0,
            opened.classifier,
            "cross-validation",
            30,
            None,
            recall,
            classes,
            [],
            key,
        )
    )


def test_hints_are_shown_recorded_as_such_and_make_way(window: MainWindow, qtbot: Any) -> None:
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    qtbot.waitUntil(lambda: opened.shows_start)
    assert CAUTION in window.notices.sentences()["hints"]
    buttons = [button.text() for button in window.notices._shown["hints"].buttons]
    assert "What that means" in buttons
    pool = opened.split == Split.POOL
    assert int((opened.prediction[pool] != NO_CLASS).sum()) == pool.sum() - 10
    assert (opened.prediction[~pool] == NO_CLASS).all()  # test images are nobody's to hint at
    first = opened.suggestions[:6]
    assert {item.strategy for item in first} == {STRATEGY}
    assert len({int(opened.prediction[item.row]) for item in first}) == 6
    page.choose_mode(Mode.LABEL)
    opened.go_on()
    row = opened.current
    assert "among the images that old stain.bundle takes for" in page.queue.reason.full()
    window.confirm()
    event = opened.project.labels.events(row)[-1]
    assert event.shown_class_id == event.class_id
    assert event.model_revision is None  # not of this project's classifier
    # The own classifier has learned, but there are few labels: the hints stay.
    predict(opened, np.full(N, opened.classes[0].id), 0.6)
    assert opened.shows_start
    assert (opened.prediction[pool] != opened.classes[0].id).any()
    free = np.flatnonzero(pool & (opened.kind == LabelKind.CLEAR))
    named = opened.prediction[free] != NO_CLASS
    for definition in opened.classes[:6]:
        of_class = free[named & (opened.prediction[free] == definition.id)][:5]
        opened.label_rows(of_class, definition.id)
    assert opened.starting is not None
    assert opened.starting.kept.enough <= opened.n_to_learn_from < opened.starting.kept.at_most
    assert opened.shows_start, "nothing is known of the own classifier yet"
    measured(opened, 0.9)
    opened.label_rows(free[~named][:1], opened.classes[1].id)
    assert opened.shows_start, "it named all but one of these images, the own one nine in ten"
    measured(opened, 1.0)
    opened.label_rows(free[~named][1:2], opened.classes[1].id)
    assert not opened.shows_start
    assert (opened.prediction[np.flatnonzero(pool)] == opened.classes[0].id).all()
    assert "hints" not in window.notices.sentences()


def test_random_draws_hide_hints_even_where_predictions_of_draws_are_shown(
    window: MainWindow, qtbot: Any
) -> None:
    """They would count as predictions of the own classifier in its accuracy on random draws."""
    from medlabeler.open_project.suggestion import Suggestion

    opened = window.opened
    assert opened is not None
    qtbot.waitUntil(lambda: opened.shows_start)
    opened.queue.set_hides_draws(False)
    waiting = [item.row for item in opened.suggestions]
    hinted = np.flatnonzero((opened.split == Split.POOL) & (opened.prediction != NO_CLASS))
    row = int(np.setdiff1d(hinted, waiting)[0])
    opened.queue.adopt([Suggestion(row, "drawn at random", "margin", 0.1)])
    assert opened.prediction[row] == NO_CLASS
    assert opened.judged_blind(row)


def test_do_without_takes_the_hints_away(window: MainWindow, qtbot: Any) -> None:
    opened = window.opened
    assert opened is not None
    qtbot.waitUntil(lambda: opened.shows_start)
    window.actions_["start_with"].trigger()
    dialog = window.findChild(StartWithDialog)
    assert dialog is not None
    assert "old stain.bundle" in dialog.now.text()
    assert CAUTION in dialog.now.text(), "what is wrong stays to be read once the notice is closed"
    dialog.without.click()
    assert not opened.shows_start
    assert (opened.prediction == NO_CLASS).all()
    assert starting.kept(opened.project) is None
    assert "hints" not in window.notices.sentences()


def test_a_file_that_is_no_classifier_is_refused_where_it_is_named(
    window: MainWindow, tmp_path: Path, qtbot: Any
) -> None:
    window.actions_["start_with"].trigger()
    dialog = window.findChild(StartWithDialog)
    assert dialog is not None
    (tmp_path / "x.bundle").write_text("nothing")
    dialog.file.set_path(tmp_path / "x.bundle")
    qtbot.waitUntil(lambda: "is not a MedLabeler bundle" in dialog.file.about.text())
    assert not dialog.buttons.go.isEnabled()
