"""Learning from the own images, clicked through: real processes, a tiny backbone, pictures of 32 pixels."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from panels_support import add_embedding, make_project, open_for_test
from PySide6.QtCore import Qt

from medlabeler.domain.errors import UserError
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.backbones.pretraining_window import PretrainingWindow
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import embed, pretrain
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.own_images_verdict import Outcome, keep, outcome
from medlabeler.processes import pretraining
from medlabeler.project import pretraining_runs
from medlabeler.project.project import Project
from medlabeler.project.run_files import RunTold, read_status, write_status

LEFT = Qt.MouseButton.LeftButton
PATIENCE = 240_000
TINY = pretrain.Params(
    start="scratch:test_efficientnet", size=32, batch=8, steps=5000, n_local=1, device="cpu",
    precision="float32", minutes_between_checkpoints=0.02,
)  # fmt: skip


@pytest.fixture(autouse=True)
def one_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


@pytest.fixture
def opened(tmp_path: Path, qtbot: Any) -> Iterator[OpenProject]:
    """Labels on the whole pool, an embedding in use; no process is left behind."""
    opened = open_for_test(make_project(tmp_path))
    pool = np.flatnonzero(opened.split == Split.POOL)
    for at, definition in enumerate(opened.classes):
        opened.label_rows(pool[pool % 3 == at], definition.id)
    opened.refresh(embed.use(opened.project, add_embedding(opened.project, "poor", 0.3)))
    yield opened
    for run in pretraining_runs.runs(tmp_path / "project"):
        if pretraining_runs.is_alive(run.folder):
            os.kill(run.told.pid or 0, signal.SIGKILL)
    opened.close()


def shown(opened: OpenProject, qtbot: Any, defaults: pretrain.Params = TINY) -> PretrainingWindow:
    window = PretrainingWindow(opened, defaults=defaults)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.stack.currentWidget() is not window.waiting)
    return window


def the_run(opened: OpenProject) -> pretraining_runs.RunStatus:
    return pretraining_runs.runs(opened.project.path)[0]


def test_before_it_says_what_it_would_do(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot, pretrain.Params(start="scratch:test_efficientnet"))
    setup = window.setup
    assert window.stack.currentWidget() is setup
    assert setup.images.text().startswith("32 images to learn from")
    assert "8 test images left out" in setup.images.text()
    assert "Hardly worth trying" in setup.outlook.text()
    assert not setup.measuring.running  # not by itself: too few images
    assert not setup.consequence.isVisible()
    assert setup.params().colour == "gentle"
    qtbot.mouseClick(setup.colour, LEFT, pos=setup.colour.rect().center() * 0.1)
    assert setup.params().colour == "full"
    qtbot.mouseClick(setup.test_too, LEFT, pos=setup.test_too.rect().center() * 0.1)
    assert setup.test_too.isChecked()
    assert "transductive" in setup.consequence.text()
    assert setup.consequence.isVisible()
    assert setup.params().include_test
    assert setup.images.text().startswith("40 images")
    qtbot.mouseClick(setup.go, LEFT)
    assert "at least 64 images; there are 40" in setup.problem.text()
    assert window.stack.currentWidget() is setup
    assert not pretraining_runs.runs(opened.project.path)


def test_the_list_of_images_is_written_and_the_process_started_on_another_thread(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: with 171,375 images the window stood still for a second and a half."""
    on: dict[str, threading.Thread] = {}
    write = pretrain.write_durably

    def watched(path: Path, content: bytes) -> None:
        on[path.name] = threading.current_thread()
        write(path, content)

    def start(folder: Path) -> int:
        on["process"] = threading.current_thread()
        assert len(json.loads((folder / "images.json").read_text())) == 32
        raise UserError("no room")

    monkeypatch.setattr(pretrain, "write_durably", watched)
    monkeypatch.setattr(pretraining, "start", start)
    window = shown(opened, qtbot)
    qtbot.mouseClick(window.setup.go, LEFT)
    qtbot.waitUntil(lambda: window.setup.problem.text() == "no room")
    assert list(on) == ["images.json", "run.json", "process"], "the folder is a run when all of it is there"
    assert threading.main_thread() not in on.values()


@pytest.mark.slow
def test_a_run_outlives_the_window_is_found_again_and_resumed_after_a_kill(
    opened: OpenProject, qtbot: Any
) -> None:
    window = shown(opened, qtbot)
    qtbot.mouseClick(window.setup.go, LEFT)
    page = window.page
    qtbot.waitUntil(lambda: window.stack.currentWidget() is page, timeout=PATIENCE)
    qtbot.waitUntil(lambda: len(page.loss.values) > 2 and page.maps.before is not None, timeout=PATIENCE)
    assert page.heading.text().startswith("Learning from your images")
    assert page.stop.isVisible()
    assert not page.resume.isVisible()
    assert not page.result.isVisible()
    qtbot.waitUntil(lambda: len(page.knn.values) > 0, timeout=PATIENCE)
    run, path = the_run(opened), opened.project.path
    window.close()
    opened.close()
    assert pretraining_runs.is_alive(run.folder)

    again = open_for_test(Project.open(path))
    try:
        found = shown(again, qtbot)
        assert found.stack.currentWidget() is found.page
        assert found.page.stop.isVisible()
        before = len(found.page.loss.values)
        qtbot.waitUntil(lambda: len(found.page.loss.values) > before, timeout=PATIENCE)
        qtbot.waitUntil(lambda: run.backbone is not None, timeout=PATIENCE)
        os.kill(read_status(run.folder).pid or 0, signal.SIGKILL)
        qtbot.waitUntil(found.page.resume.isVisible, timeout=PATIENCE)
        assert found.page.heading.text().startswith("Interrupted")
        assert found.page.result.embed.isVisible()  # what it has learned so far
        qtbot.mouseClick(found.page.resume, LEFT)
        qtbot.waitUntil(lambda: pretraining_runs.is_alive(run.folder), timeout=PATIENCE)
        qtbot.waitUntil(found.page.stop.isVisible, timeout=PATIENCE)
        qtbot.mouseClick(found.page.stop, LEFT)
        assert not found.page.stop.isEnabled()
        assert (run.folder / "stop").exists()
    finally:
        again.close()


def finished_run(opened: OpenProject) -> pretraining_runs.RunStatus:
    """A run that has a backbone, as far as its files tell."""
    folder = pretrain.plan(opened.project, TINY)
    write_status(folder, RunTold("done", 5000, 5000, "Learned."))
    (folder / "backbone.safetensors").write_bytes(b"")
    return pretraining_runs.status(folder)


def test_the_embedding_is_compared_and_a_click_goes_back_or_keeps_it(opened: OpenProject, qtbot: Any) -> None:
    project, run = opened.project, finished_run(opened)
    poor = str(project.settings.get("embedding", ""))
    good = add_embedding(project, "excellent", 6.0)
    opened.refresh(embed.use(project, good))
    keep(project, run.name, Outcome(poor, good, run.step))
    window = shown(opened, qtbot)
    card = window.page.result
    assert card.isVisible()
    assert card.heading.text() == "Used, not compared"
    with qtbot.waitSignal(opened.runner.finished, timeout=PATIENCE):
        qtbot.mouseClick(card.compare, LEFT)
        assert card.heading.text() == "Comparing on the labels"
        assert not card.back.isEnabled()
    assert card.heading.text() == "It was worth it"
    assert "Better than Poor on the labels" in card.words.text()
    assert "It is in use." in card.words.text()
    assert project.history.looks() == 0
    with qtbot.waitSignal(card.used):
        qtbot.mouseClick(card.back, LEFT)
    assert project.settings.get("embedding", "") == poor
    assert set(project.vectors.keys()) == {poor, good}
    assert "The one before it is in use." in card.words.text()
    with qtbot.waitSignal(card.used):
        qtbot.mouseClick(card.keep, LEFT)
    assert project.settings.get("embedding", "") == good
    assert outcome(project, run.name).choice == "keep"


def test_too_few_labels_are_said_to_be_too_few(opened: OpenProject, qtbot: Any) -> None:
    project, run = opened.project, finished_run(opened)
    good = add_embedding(project, "excellent", 6.0)
    keep(project, run.name, Outcome(str(project.settings.get("embedding", "")), good, run.step))
    window = shown(opened, qtbot)
    opened.clear_rows(np.flatnonzero(opened.label != opened.label[0]))
    assert "at least 5 labels in each of two classes" in window.page.result.words.text()
    assert not window.page.result.compare.isEnabled()


@pytest.mark.slow
def test_from_a_measured_start_to_the_comparison_with_real_processes(opened: OpenProject, qtbot: Any) -> None:
    window = shown(opened, qtbot)
    window.embed_wanted.connect(
        lambda file: opened.start_job("embed", embed.Params(backbone=file, device="cpu"))
    )
    before = opened.project.settings.get("embedding", "")
    setup = window.setup
    qtbot.mouseClick(setup.measure, LEFT)
    qtbot.waitUntil(lambda: "measured on 20 steps" in setup.outlook.text(), timeout=PATIENCE)
    assert not pretraining_runs.runs(opened.project.path)
    qtbot.mouseClick(setup.measure, LEFT)  # again; starting waits until it has made room
    qtbot.mouseClick(setup.go, LEFT)
    page = window.page
    qtbot.waitUntil(lambda: len(page.loss.values) > 2, timeout=PATIENCE)
    qtbot.mouseClick(page.stop, LEFT)
    qtbot.waitUntil(page.result.embed.isVisible, timeout=PATIENCE)
    assert page.heading.text().startswith("Stopped")
    compared = []
    opened.runner.finished.connect(lambda job, result: compared.append((job.name, result is not None)))
    qtbot.mouseClick(page.result.embed, LEFT)
    qtbot.waitUntil(lambda: ("compare", True) in compared, timeout=PATIENCE)
    assert compared == [("embed", True), ("compare", True)]
    after = opened.project.settings.get("embedding", "")
    assert after != before
    assert opened.embedding_info is not None
    assert opened.embedding_info.title.startswith("DINO on your images")
    assert "points of balanced accuracy (95 % interval" in page.result.words.text()
    qtbot.mouseClick(page.result.back, LEFT)
    assert opened.project.settings.get("embedding", "") == before
    assert set(opened.project.vectors.keys()) == {before, after}


@pytest.mark.slow
def test_a_run_outlives_a_killed_window(opened: OpenProject, qtbot: Any) -> None:
    path = opened.project.path
    opened.close()
    code = (
        "import os, signal; from pathlib import Path; from medlabeler.jobs import pretrain;"
        "from medlabeler.processes import pretraining;"
        "from medlabeler.project.project import Project;"
        f"project = Project.open(Path({str(path)!r}));"
        "pretraining.start(pretrain.plan(project, pretrain.Params(start='scratch:test_efficientnet',"
        " size=32, batch=8, steps=5000, n_local=1, device='cpu')));"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -signal.SIGKILL
    again = open_for_test(Project.open(path))
    try:
        window = shown(again, qtbot)
        qtbot.waitUntil(lambda: len(window.page.loss.values) > 1, timeout=PATIENCE)
        qtbot.mouseClick(window.page.stop, LEFT)
        qtbot.waitUntil(window.page.resume.isVisible, timeout=PATIENCE)
        assert window.page.heading.text().startswith("Stopped")
    finally:
        again.close()


def test_the_menu_opens_it_and_the_status_bar_tells_of_a_run(
    opened: OpenProject, qtbot: Any, tmp_path: Path
) -> None:
    finished_run(opened)
    path = opened.project.path
    opened.close()
    main = MainWindow(Settings(tmp_path / "settings.json"))
    qtbot.addWidget(main)
    main.show()
    main.current.take(Project.open(path), start=False)
    hint = main.status.learning
    qtbot.waitUntil(hint.isVisible)
    assert hint.text() == "Your images are learned: see what it brought"
    qtbot.mouseClick(hint, LEFT)
    (window,) = main.findChildren(PretrainingWindow)
    assert window.isVisible()
    qtbot.waitUntil(hint.isHidden, timeout=10_000)
    window.close()
    main.actions_["pretrain"].trigger()
    assert main.findChildren(PretrainingWindow) == [window]
    assert window.isVisible()
    main.close()


def test_the_window_needs_no_torch() -> None:
    code = (
        "import sys, json, medlabeler.gui.backbones.pretraining_window;"
        "print(json.dumps([m for m in ('torch', 'sklearn', 'scipy', 'umap') if m in sys.modules]))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert json.loads(out.stdout) == []
