"""The queue in the real window with the real engine: keys only, undo, and a restart in between."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.queue.panel import QueuePanel
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo, write_shard

N, N_TEST, N_HELD = 240, 60, 20
DIM = 16
NAMES = ("basophil", "eosinophil", "monocyte", "neutrophil")
WANTED = 50
PATIENCE_MS = 180_000
MARKS = {9: "u", 21: "n", 33: "x", 41: "u"}
"""At these decisions the person does not label."""
UNDONE = (5, 16, 28, 44)
"""These decisions are taken back and made again."""


def make_project(folder: Path) -> tuple[Project, np.ndarray]:
    """240 pictures of four kinds with embeddings in four overlapping clouds; and which kind each is of."""
    rng = np.random.default_rng(0)
    truth = rng.integers(0, len(NAMES), N)
    (folder / "pictures").mkdir()
    images = []
    for row in range(N):
        pixels = rng.integers(0, 80, (48, 60, 3), np.uint8)
        pixels[8:40, 12:44] += np.uint8(40 * truth[row])
        path = folder / "pictures" / f"cell_{row:03d}.png"
        Image.fromarray(pixels).save(path)
        facts = path.stat()
        images.append(
            NewImage(str(path.parent), path.name, hashlib.sha256(path.read_bytes()).hexdigest(), 60, 48,
                     "RGB", facts.st_size, facts.st_mtime_ns, "test" if row >= N - N_TEST else "train", None,
                     None, {})
        )  # fmt: skip
    project = Project.create(folder / "project")
    project.catalog.add(images)
    project.catalog.move(np.arange(N_HELD), Split.HELD_BACK, "for the test")
    for name in NAMES:
        project.journal.add_class(name)
    info = EmbeddingInfo("none", "Made for tests", "0" * 64, DIM, {}, "none", "float32", True, "none")
    key = project.vectors.create(info)
    vectors = rng.normal(size=(len(NAMES), DIM))[truth] + 0.9 * rng.normal(size=(N, DIM))
    staging = folder / "staging"
    staging.mkdir()
    write_shard(staging, "a", np.arange(N), project.catalog.digest, vectors.astype(np.float16))
    project.vectors.adopt(key, staging)
    project.settings.set("embedding", key)
    return project, truth


@pytest.fixture
def windows(qtbot: QtBot) -> Iterator[Callable[[Project], MainWindow]]:
    """Opens the program's window with a project; all are closed in the end."""
    opened: list[MainWindow] = []

    def open_window(project: Project) -> MainWindow:
        settings = Settings()
        make_application(settings)
        window = MainWindow(settings)
        window.show()
        window.current.take(project, start=False)
        window.activateWindow()
        assert QTest.qWaitForWindowActive(window)
        opened.append(window)
        return window

    yield open_window
    for window in opened:
        window.close()
        window.deleteLater()


class Person:
    """Looks at the queue's image and presses a key; never touches the mouse."""

    def __init__(self, qtbot: QtBot, truth: np.ndarray) -> None:
        self.qtbot, self.truth = qtbot, truth
        self.decided: dict[int, str] = {}
        self.entered = self.hidden = self.taken_back = 0

    def work(self, window: MainWindow, until: int) -> None:
        """Go on until so many images have a class."""
        opened, page = window.opened, window.page
        assert opened is not None
        assert page is not None
        panel = page.queue
        panel.setFocus()
        while opened.project.labels.n_labelled < until:
            self.qtbot.waitUntil(lambda: panel.head >= 0, timeout=PATIENCE_MS)
            row, at = panel.head, len(self.decided)
            assert opened.split[row] == Split.POOL
            assert opened.current == row, "what is labelled is what the image panel shows"
            assert row not in self.decided, "the queue repeats an image"
            key = self.decide(opened, panel, row, MARKS.get(at, ""))
            if at in UNDONE and not self.taken_back > UNDONE.index(at):
                self.taken_back += 1
                QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
                assert opened.kind[row] == LabelKind.CLEAR
                assert panel.head == opened.current == row, "what is undone is on show again"
                key = self.decide(opened, panel, row, "")
            self.decided[row] = key
            if at % 10 == 0:  # now and then the person thinks, and the engine reorders what waits
                head, revision = panel.head, opened.project.labels.revision
                self.qtbot.waitUntil(
                    lambda r=revision: (
                        not opened.engine.busy and (opened.model is None or opened.model.revision == r)
                    ),
                    timeout=PATIENCE_MS,
                )
                self.qtbot.wait(100)
                assert panel.head == head or head < 0, "the image on show jumped away"

    def decide(self, opened: OpenProject, panel: QueuePanel, row: int, mark: str) -> str:
        """Press Enter where the prediction shown is right, else the key of the class."""
        if opened.judged_blind(row):
            self.hidden += 1
            assert opened.prediction[row] == NO_CLASS
            assert not panel.accept_button.isEnabled()
            QTest.keyClick(panel, Qt.Key.Key_Return)
            assert opened.kind[row] == LabelKind.CLEAR, "Enter does nothing on a hidden prediction"
        wanted = opened.classes[self.truth[row]].id
        right = opened.prediction[row] == wanted
        self.entered += bool(right and not mark)
        key = mark or ("\r" if right else str(self.truth[row] + 1))
        QTest.keyClick(panel, Qt.Key.Key_Return) if key == "\r" else QTest.keyClick(panel, key)
        assert opened.kind[row] != LabelKind.CLEAR
        assert panel.head != row
        return key


@pytest.mark.slow
def test_fifty_suggestions_by_keyboard_only(
    qtbot: QtBot, windows: Callable[[Project], MainWindow], tmp_path: Path
) -> None:
    project, truth = make_project(tmp_path)
    path, person = project.path, Person(qtbot, truth)
    window = windows(project)
    assert window.opened is not None
    assert window.opened.strategy == "auto"
    person.work(window, 30)
    window.close()

    window = windows(Project.open(path))
    person.work(window, WANTED)
    opened = window.opened
    assert opened is not None
    labels = opened.project.labels
    rows = np.array(list(person.decided))
    pool = opened.split == Split.POOL
    assert labels.n_labelled == WANTED
    assert (opened.label[pool & (opened.kind == LabelKind.LABEL)] == np.array(
        [c.id for c in opened.classes])[truth[pool & (opened.kind == LabelKind.LABEL)]]).all()  # fmt: skip
    assert (opened.kind[~pool] == LabelKind.CLEAR).all()
    assert set(np.flatnonzero(opened.kind).tolist()) == set(rows.tolist())
    assert person.taken_back == len(UNDONE)
    assert person.entered >= 5
    assert sorted(key for key in person.decided.values() if key in "unx") == sorted(MARKS.values())

    latest = [labels.events(row)[-1] for row in rows.tolist()]
    assert {event.source for event in latest} == {LabelSource.QUEUE}
    assert all(event.strategy for event in latest)
    drawn = [event for event in latest if event.inclusion_probability is not None]
    assert len(drawn) >= 3
    assert all(event.strategy == "random" and 0 < event.inclusion_probability <= 1 for event in drawn)
    assert person.hidden >= 2
    assert int(labels.drawn_blind().sum()) >= 2, "images that can be scored honestly gather in daily use"
