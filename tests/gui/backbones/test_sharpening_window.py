"""Sharpening in the window: what it says before, how a run shows, and the way there and back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import add_embedding, make_project, open_for_test
from PySide6.QtCore import Qt

from medlabeler.domain.errors import UserError
from medlabeler.domain.types import Split
from medlabeler.gui.accuracy.panel import AccuracyPanel
from medlabeler.gui.backbones.sharpening_window import SharpeningWindow
from medlabeler.jobs import embed, finetune
from medlabeler.learning.backbones.loading import save_weights, untrained
from medlabeler.learning.sharpening.extent import Pace
from medlabeler.learning.sharpening.worth import Worth
from medlabeler.open_project import own_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs
from medlabeler.project.embedding_info import EmbeddingInfo
from medlabeler.project.run_files import SHARPENING, RunTold, read_status, sharpening_plan, write_status

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 240_000
TINY = finetune.Params(
    steps=5000, size=32, batch=4, pool=0, folds=2, device="cpu", precision="float32",
    minutes_between_checkpoints=0.02,
)  # fmt: skip


@pytest.fixture
def opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: Any) -> Iterator[OpenProject]:
    """Labels on the whole pool, an embedding in use whose backbone is a small file; no process is left."""
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    opened = open_for_test(make_project(tmp_path))
    pool = np.flatnonzero(opened.split == Split.POOL)
    for at, definition in enumerate(opened.classes):
        opened.label_rows(pool[pool % 3 == at], definition.id)
    key = add_embedding(opened.project, "poor", 0.3)
    save_weights(untrained("test_efficientnet", 32), tmp_path / "start.safetensors")
    opened.project.settings.set("made_by", {key: {"backbone": str(tmp_path / "start.safetensors")}})
    opened.refresh(embed.use(opened.project, key))
    yield opened
    for run in pretraining_runs.runs(tmp_path / "project"):
        if pretraining_runs.is_alive(run.folder):
            pretraining.discard(run.folder)
    opened.close()


def shown(opened: OpenProject, qtbot: Any) -> SharpeningWindow:
    window = SharpeningWindow(opened, defaults=TINY)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: bool(window.heading.text()))
    return window


def finished(opened: OpenProject, worth: Worth | None) -> pretraining_runs.RunStatus:
    """A run that has a backbone, as far as its files tell."""
    folder = finetune.plan(opened.project, TINY)
    told = None if worth is None else worth.to_dict()
    write_status(folder, RunTold("done", 9, 9, "Learned.", kind=SHARPENING, worth=told))
    (folder / "backbone.safetensors").write_bytes(b"")
    return pretraining_runs.status(folder)


def sharpened_embedding(opened: OpenProject, run: str) -> str:
    """Vectors that claim to come from the run's backbone."""
    project, plain = opened.project, add_embedding(opened.project, "excellent", 6.0)
    info = replace(project.vectors.info(plain), weights_sha256="9" * 64, sharpened=run)
    assert isinstance(info, EmbeddingInfo)
    key = project.vectors.create(info)
    vectors, _ = project.vectors.load(plain, opened.n)
    staging = project.path / "staging" / "sharp"
    project.vectors.write_shard(staging, "all", np.arange(opened.n), project.catalog.digest, vectors)
    project.vectors.adopt(key, staging)
    return key


def test_results_offer_it_from_ten_labels_of_a_class_on(opened: OpenProject, qtbot: Any) -> None:
    panel = AccuracyPanel(opened)
    qtbot.addWidget(panel)
    panel.show()
    assert panel.sharpen_button.isVisible()
    with qtbot.waitSignal(panel.sharpen_wanted):
        qtbot.mouseClick(panel.sharpen_button, LEFT)
    opened.clear_rows(np.flatnonzero(opened.label != opened.label[0]))
    qtbot.waitUntil(lambda: not panel.sharpen_button.isVisible())


def test_escape_ends_the_trial_and_the_looking(opened: OpenProject, qtbot: Any) -> None:
    """Fails before: Escape hides a dialog without closing it, and the trial went on unseen."""
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: window.measuring.running, timeout=PATIENCE)
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    assert not window.isVisible()
    qtbot.waitUntil(lambda: not window.measuring.running, timeout=PATIENCE)
    assert not window.polling._timer.isActive()


def test_a_trial_that_cannot_start_is_not_waited_for(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: it was said for ever that a few steps were tried."""

    def refuse(_folder: Path) -> None:
        raise UserError("no room")

    monkeypatch.setattr(pretraining, "start", refuse)
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: bool(window._tried) and not window.measuring.running, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.outlook.text() == "", timeout=PATIENCE)
    assert window._tried, "it is not tried again"


@pytest.mark.slow
def test_a_run_is_begun_watched_stopped_and_discarded(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot)
    assert "32 labels in 3 classes" in window.labels.text()
    qtbot.mouseClick(window.buttons["start"], LEFT)
    qtbot.waitUntil(lambda: len(window.loss.values) > 2, timeout=PATIENCE)
    assert window.heading.text().startswith("Sharpening with your labels")
    (run,) = pretraining_runs.runs(opened.project.path)
    assert run.sharpens
    assert own_images.hint([run], []).startswith("Sharpening with your labels")
    assert own_images.Reader(opened.project.path).look().runs == (), "it is none that learns without labels"
    opened.clear_rows(np.array([0]))
    qtbot.waitUntil(lambda: "1 label taken back since" in window.words.text(), timeout=PATIENCE)
    qtbot.mouseClick(window.buttons["stop"], LEFT)
    qtbot.waitUntil(window.buttons["resume"].isVisible, timeout=PATIENCE)
    assert window.heading.text().startswith("Stopped at")
    assert not window.buttons["discard"].hasFocus()
    qtbot.mouseClick(window.buttons["discard"], LEFT)
    assert "removed for good" in window.problem.text(), "fails before: it was gone by one press"
    assert run.folder.exists()
    qtbot.mouseClick(window.buttons["discard"], LEFT)
    qtbot.waitUntil(window.buttons["start"].isVisible, timeout=PATIENCE)
    assert not run.folder.exists()


@pytest.mark.slow
def test_before_it_begins_a_few_steps_tell_how_long_it_would_take(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: window.outlook.text().startswith("Trying on a few steps"), timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.outlook.text().startswith("It would take about"), timeout=PATIENCE)
    measured = window.outlook.text()
    assert "on the CPU of this machine" in measured
    assert "2 further sharpenings" in measured
    window.times.setCurrentIndex(window.times.findData(10))
    qtbot.waitUntil(lambda: "10 further sharpenings" in window.outlook.text(), timeout=PATIENCE)
    assert window._as_told().folds == 10
    window.measure.setChecked(False)  # a third of the steps
    qtbot.waitUntil(lambda: window.outlook.text() not in (measured, ""), timeout=PATIENCE)
    assert not list((opened.project.path / "pretraining").glob("*/run.json")), "the trial left nothing"


def test_a_run_is_measured_as_often_as_was_said_before(opened: OpenProject, qtbot: Any) -> None:
    """Fails before: three times, whatever the time."""
    window = SharpeningWindow(opened, defaults=replace(TINY, folds=None))
    qtbot.addWidget(window)
    assert window._as_told().folds is None, "its process finds out"
    for step_s, often in ((0.01, 5), (0.022, 4), (1.0, 3)):
        window._measured(window._paced_as(window.params()), (Pace(1, 0, step_s, 0, 128), "cpu"))
        assert f"{often} further sharpenings" in window._how_long()
        assert window._as_told().folds == often
        window._outlook = (None, "")
    window.measure.setChecked(False)
    assert not window.times.isEnabled()
    assert window._as_told().folds == 0


def test_the_size_of_the_images_can_be_chosen_and_is_timed_anew(opened: OpenProject, qtbot: Any) -> None:
    """Fails before: only the command line knew of it, and the window sent people there."""
    window = SharpeningWindow(opened, defaults=replace(TINY, size=None, folds=3))
    qtbot.addWidget(window)
    assert window.params().size is None, "its process finds out, by the device"
    window._measured(window._paced_as(window.params()), (Pace(1, 0, 0.01, 0, 128), "cpu"))
    assert "images of 128 px" in window._how_long()
    window.sizes.setCurrentIndex(window.sizes.findText("224 px"))
    assert "images of 128 px" not in window._how_long(), "a size that was not tried has no time yet"
    window._measured(window._paced_as(window.params()), (Pace(1, 0, 0.03, 0, 224), "cpu"))
    assert "images of 224 px" in window._how_long()
    plan = sharpening_plan(finetune.plan(opened.project, window._as_told()))
    assert plan.recipe["size"] == 224
    assert not plan.size_by_device, "what a person chose is not made smaller where there is no card"


def test_one_click_goes_back_and_one_click_returns_and_both_stay(opened: OpenProject, qtbot: Any) -> None:
    project = opened.project
    before = str(project.settings.get("embedding", ""))
    run = finished(opened, Worth(0.8, 0.9, 0.1, 0.05, 0.15, 32, 2))
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: window.verdict.text() == "Worth using")
    with qtbot.waitSignal(window.embed_wanted) as wanted:
        qtbot.mouseClick(window.buttons["use"], LEFT)
    assert wanted.args == [str(run.backbone)]
    after = sharpened_embedding(opened, run.name)
    opened.refresh(embed.use(project, after))
    qtbot.waitUntil(window.buttons["go_back"].isVisible)
    assert not window.buttons["discard"].isVisible()
    with qtbot.waitSignal(window.used):
        qtbot.mouseClick(window.buttons["go_back"], LEFT)
    assert project.settings.get("embedding", "") == before
    with qtbot.waitSignal(window.used):
        qtbot.mouseClick(window.buttons["keep"], LEFT)
    assert project.settings.get("embedding", "") == after
    assert {before, after} <= set(project.vectors.keys())


def test_sharpened_again_it_begins_where_the_first_began(opened: OpenProject, qtbot: Any) -> None:
    before = str(opened.project.settings.get("embedding", ""))
    run = finished(opened, None)
    opened.refresh(embed.use(opened.project, sharpened_embedding(opened, run.name)))
    again = sharpening_plan(finetune.plan(opened.project, TINY))
    assert again.key == before
    assert again.start.name.endswith("start.safetensors")


def test_what_is_not_worth_it_and_what_was_not_measured_is_said(opened: OpenProject, qtbot: Any) -> None:
    run = finished(opened, Worth(0.9, 0.8, -0.1, -0.15, -0.05, 32, 2))
    window = shown(opened, qtbot)
    qtbot.waitUntil(lambda: window.verdict.text() == "Not worth using")
    write_status(run.folder, replace(read_status(run.folder), worth=None))
    qtbot.waitUntil(lambda: window.verdict.text() == "Not measured")
