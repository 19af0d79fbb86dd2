"""The real window, with its engine, on a disk that fills, turns read-only, or loses the project's folder."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from panels_support import N, add_embedding, make_project, suggest
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from small_disk import SmallDisk, small_disk

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.crash import CrashReporter
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.open_project import disk_watch
from medlabeler.open_project.open_project import OpenProject
from medlabeler.processes.engine import shared_arrays
from medlabeler.project.project import Project

PATIENCE_MS = 60_000

pytestmark = pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs signals of POSIX")


class Person:
    """Sits at the window and labels by keys; holds the screen against the disk each time."""

    def __init__(self, qtbot: QtBot, window: MainWindow, opened: OpenProject) -> None:
        self.qtbot, self.window, self.opened = qtbot, window, opened
        self.said: list[str] = []
        self.bugs: list[str] = []
        opened.message.connect(self.said.append)
        opened.failed.connect(self.said.append)
        opened.bug.connect(lambda sentence, trace: self.bugs.append(f"{sentence} {trace}"))
        self.rows = iter(range(N - 8))

    def label(self) -> bool:
        """Press a key; whether the screen shows the label. What it shows is on disk, and nothing else is."""
        opened, row = self.opened, next(self.rows)
        opened.set_selection([row])
        QTest.keyClick(self.window, str(1 + row % 3))
        return self.shown(row)

    def shown(self, row: int) -> bool:
        """Whether that row is shown as labelled, as a reader of its own finds it on the disk."""
        opened = self.opened
        with opened.project.database.reader() as disk:
            stored = disk.row("SELECT class FROM label_event WHERE image = ? ORDER BY id DESC", (row + 1,))
        shown = opened.kind[row] == LabelKind.LABEL
        assert stored == ((opened.label[row],) if shown else None)
        return bool(shown)

    def wait(self, condition: object, what: str) -> None:
        self.qtbot.waitUntil(condition, timeout=PATIENCE_MS)
        assert not self.bugs, what

    def learned(self) -> bool:
        model = self.opened.model
        return model is not None and model.revision == self.opened.project.labels.revision

    def heard(self, words: str) -> bool:
        return any(words in sentence for sentence in self.said)


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    monkeypatch.setattr(disk_watch, "EVERY_MS", 200)
    monkeypatch.setattr(disk_watch, "MORE", 2 << 20)
    with small_disk() as made:
        yield made


def shown(path: Path, qtbot: QtBot) -> tuple[MainWindow, Person]:
    settings = Settings()
    make_application(settings)
    window = MainWindow(settings)
    window.show()
    window.current.take(Project.open(path), start=False)
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    assert window.opened is not None
    return window, Person(qtbot, window, window.opened)


@pytest.fixture
def person(disk: SmallDisk, qtbot: QtBot) -> Iterator[Person]:
    with make_project(disk.path) as project:
        project.settings.set("embedding", add_embedding(project, "A", 2.0))
    window, person = shown(project.path, qtbot)
    caught: list[str] = []
    reporter = CrashReporter(lambda sentence, trace: caught.append(trace), window.refuse, window)
    yield person
    window.close()
    window.current.finish()
    reporter.remove()
    window.deleteLater()
    assert caught == []


@pytest.mark.parametrize("elsewhere", [True, pytest.param(False, marks=pytest.mark.slow)])
def test_a_full_disk_refuses_in_words_and_all_goes_on_by_itself(
    person: Person, disk: SmallDisk, elsewhere: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: the next engine's files ended the window with a Bus error."""
    opened = person.opened
    for _ in range(6):
        assert person.label()
    person.wait(person.learned, "first predictions")
    if not elsewhere:
        monkeypatch.setattr(shared_arrays, "_elsewhere", lambda: iter(()))
    disk.fill()
    while person.label():  # a few fit into what the write-ahead log has
        pass
    assert person.heard("is full")
    opened.set_strategy("random")
    opened.set_colour_by("confidence")
    opened.add_class("unheard of")
    assert not person.label()
    first = opened.engine.pid
    assert first is not None
    os.kill(first, signal.SIGKILL)
    if elsewhere:
        person.wait(lambda: opened.engine.loaded and opened.engine.pid != first, "in memory")
    else:
        runtime = opened.project.path / "runtime"
        before = set(runtime.iterdir())
        while before & set(runtime.iterdir()):
            time.sleep(0.01)  # other threads remove them; this one fills the disk before it hears of that
        disk.fill()
        person.wait(lambda: person.heard("predictions come back when there is room"), "word of it")
        assert not opened.engine.loaded
    disk.fill()  # what the dead engine had there is gone
    while person.label():
        pass
    disk.empty()
    person.wait(lambda: opened.engine.loaded, "again by itself")
    assert person.label()
    person.wait(person.learned, "predictions")
    person.wait(lambda: opened.project.settings._unwritten == set(), "what was chosen is stored")
    with sqlite3.connect(opened.project.path / "medlabeler.db") as stored:
        values = dict(stored.execute("SELECT key, value FROM setting").fetchall())
    stored.close()
    assert (values["strategy"], values["colour_by"]) == ('"random"', '"confidence"')
    assert [c.name for c in opened.classes] == ["basophil", "eosinophil", "monocyte"]


def test_a_full_disk_when_the_project_is_opened(person: Person, disk: SmallDisk, qtbot: QtBot) -> None:
    assert person.label()
    person.window.close_project()
    person.window.current.finish()
    disk.fill()
    window = person.window
    window.open_project(disk.path / "project")
    qtbot.waitUntil(lambda: window.opened is not None and not window.current.opening, timeout=PATIENCE_MS)
    assert window.opened is not None
    again = Person(qtbot, window, window.opened)
    assert again.shown(0)
    next(again.rows)
    again.wait(lambda: window.opened is not None and window.opened.engine.loaded, "the engine, in memory")
    assert not again.label()
    assert again.heard("full")
    disk.empty()
    assert again.label()
    assert again.label()
    again.wait(again.learned, "predictions")


@pytest.mark.parametrize("how", ["renamed", "deleted", "another"])
def test_a_folder_that_is_not_where_it_was_is_said_at_once(person: Person, disk: SmallDisk, how: str) -> None:
    """Fails before: labels went on into files without a name, and were lost; nobody was told."""
    path, kept = person.opened.project.path, disk.path / "kept"
    for _ in range(3):
        assert person.label()
    if how == "another":
        shutil.copytree(path, kept)
        path.rename(disk.path / "away")
        kept.rename(path)
    elif how == "renamed":
        path.rename(kept)
    else:
        shutil.copytree(path, kept)
        shutil.rmtree(path)
    person.qtbot.waitUntil(
        lambda: person.heard("is gone or was renamed") or person.heard("another file"), timeout=PATIENCE_MS
    )
    row = next(person.rows)
    person.opened.set_selection([row])
    QTest.keyClick(person.window, "1")
    assert person.opened.kind[row] == LabelKind.CLEAR
    assert how == "another" or not path.exists(), "nothing is made where the project was"
    if how == "renamed":
        assert any("is gone or was renamed" in one for one in person.window.notices.sentences().values())
        kept.rename(path)
        person.qtbot.waitUntil(lambda: person.heard("in its place again"), timeout=PATIENCE_MS)
        # Fails before: what is no longer so stayed on the screen until the next label.
        assert not any("is gone or was renamed" in one for one in person.window.notices.sentences().values())
        assert person.label()
        person.wait(person.learned, "predictions")


def test_rights_that_are_taken_away_and_given_back(person: Person) -> None:
    path = person.opened.project.path
    assert person.label()
    path.chmod(0o500)
    (path / "medlabeler.db").chmod(0o400)
    person.label()  # stored or refused: `label` holds the screen against the disk
    path.chmod(0o700)
    (path / "medlabeler.db").chmod(0o600)
    assert person.label()


def test_suggestions_and_settings_survive_a_refusal(person: Person, disk: SmallDisk) -> None:
    """What a person chooses on a full disk counts at once: each setting that is stored with the project."""
    opened = person.opened
    suggest(opened, [3, 4])
    disk.fill()
    opened.set_strategy("random")
    opened.set_classifier("knn")
    opened.set_measure("reference")
    opened.queue.set_hides_draws(False)
    opened.set_device("cpu")
    person.window.page.choose_mode(type(person.window.page.mode)("explore"))  # type: ignore[union-attr]  # it is there
    assert (opened.strategy, opened.classifier, opened.measure) == ("random", "knn", "reference")
    assert opened.project.settings.get("mode") == "explore"
    assert not person.bugs
    disk.empty()
