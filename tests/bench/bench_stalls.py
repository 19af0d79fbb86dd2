"""How long the window stands still while it is worked with: the longest gap between two turns of its loop.

The real window with real keys; workers and engine run. First synthetic cells, from the import to second
looks; then a project of 171,375 images and 100,000 label events, from its opening to its close.
Baseline: the same window with nothing to do. Target: no stall over 50 ms. The large project is also opened to
a map that answers a click, beside reading it without a window; target: .3 s.

`--part small` or `--part large` measures one of them, `--part windows` what is done beside labelling in the
large one: finding, sorting, merging, and every window and dialog opened for the first time; `--part actions`
every action of the menus and every key in each mode. `--built FOLDER` keeps the large project there for the
next time (it takes a minute to make), and works on a copy.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

import stalls_actions
import stalls_project
import stalls_windows
from map_that_answers import open_until_it_answers
from measure import fewer, machine, tell
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from watchdog import Watchdog

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.accuracy.leakage import LeakDelegate, in_words
from medlabeler.gui.accuracy.reserve import ReserveDialog
from medlabeler.gui.grid.panel import GridPanel
from medlabeler.gui.second_looks.finding_list import FindingList
from medlabeler.gui.second_looks.page import SecondLooksPage
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode, action_of
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import leakage, new, probe, project_map
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import Pipeline
from medlabeler.project.project import Project

N_IMAGES = fewer(1200, 400)
TARGET_MS = 50.0
IDLE = "baseline: nothing to do"
READ, OPENED = "baseline: the large project read, without a window", "opened to a map that answers"
OPENED_S = 0.3
PATIENCE_S = 240
SETTLE_MS = 1500
CTRL = Qt.KeyboardModifier.ControlModifier
LEAK = leakage.Finding(
    "look alike", 0, 1, 0.93, "These two images look alike.", test_image="a.png", pool_image="b.png"
)


class Stalls:
    """Watches one action after the other and remembers whether the target was kept."""

    def __init__(self) -> None:
        self.good = True
        self._watch = Watchdog()
        self._idle_ms = 0.0

    def of_nothing(self) -> None:
        """The baseline."""
        self._watch.start()
        QTest.qWait(3000)
        self._idle_ms = max(self._watch.stop(), 0.1)
        tell(IDLE, self._idle_ms, "ms")
        print(f"{IDLE:<52} longest {self._idle_ms:7.1f} ms", flush=True)

    def of(self, name: str, action: Callable[[], object], settle_ms: int = SETTLE_MS) -> None:
        """The longest stall from the start of `action` until `settle_ms` after it."""
        self._watch.start()
        action()
        QTest.qWait(settle_ms)
        longest = self._watch.stop()
        self.good &= longest <= TARGET_MS
        tell(name, longest, "ms", target=TARGET_MS, baseline=IDLE)
        verdict = "met" if longest <= TARGET_MS else "MISSED"
        print(
            f"{name:<52} longest {longest:7.1f} ms (most work in one turn {self._watch.work_ms:6.1f})"
            f"   {longest / self._idle_ms:5.1f} x baseline   target <= {TARGET_MS:g} ms: {verdict}",
            flush=True,
        )


def until(condition: Callable[[], object], what: str) -> None:
    """Let the window work until `condition` holds."""
    end = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError(f"waited in vain for {what}")
        QTest.qWait(10)


def settled(opened: OpenProject) -> bool:
    """Whether the predictions are those of the latest labels."""
    return opened.model is not None and opened.model.revision == opened.project.labels.revision


def label(opened: OpenProject) -> None:
    """36 labels by reference, one each 30 ms."""
    for definition in opened.classes[:3]:
        mine = np.flatnonzero((opened.reference == definition.id) & (opened.split == Split.POOL))[:12]
        for row in mine:
            opened.label_rows([int(row)], definition.id)
            QTest.qWait(30)
    until(lambda: settled(opened) and opened.suggestions, "predictions")


def press(
    window: MainWindow, key: Qt.Key, times: int = 1, *, held: Qt.KeyboardModifier | None = None
) -> None:
    """Keys as a person presses them, two a second; they go where the focus is."""
    window.activateWindow()
    for _ in range(times):
        QTest.keyClick(window.focusWidget() or window, key, held or Qt.KeyboardModifier.NoModifier)
        QTest.qWait(500)


def press_and_agree(window: MainWindow, key: Qt.Key, *, held: Qt.KeyboardModifier | None = None) -> None:
    """A key whose step is asked about where it is large; yes, after as long as a person needs to read."""
    press(window, key, held=held)
    if window.opened is not None and window.opened.question is not None:
        window.opened.answer_question()


def expect(happened: object, what: str) -> None:
    """A stall that was not there because nothing happened must not be told."""
    if not happened:
        raise RuntimeError(f"not measured: {what}")


def turn_pages(grid: GridPanel) -> None:
    """Three pages on, two a second."""
    for _ in range(3):
        grid.turn(1)
        QTest.qWait(500)


def turn(dialog: ReserveDialog) -> None:
    """The size of the test set, step by step."""
    for size in range(fewer(200), 2 * fewer(200), fewer(20)):
        dialog.n_test.setValue(size)
        QTest.qWait(150)


def list_leaks(opened: OpenProject) -> FindingList:
    """2,000 findings listed, selected, and scrolled through to the end."""
    found = FindingList(LeakDelegate(opened), in_words, "Findings")
    found.resize(760, 560)
    found.show()
    found.show_findings([LEAK] * 2000)
    found.selectAll()
    found.scrollToBottom()
    return found


def work(window: MainWindow, stalls: Stalls, folder: Path) -> None:
    """A session, from the import on."""
    manifest = write_sample(folder / "images", n=N_IMAGES)
    params = new.Params(folder / "project", manifest.parent, (new.Manifest(manifest),), reserve=fewer(200))
    done: list[int] = []

    def prepare() -> None:
        def go_on(pipeline: Pipeline) -> None:
            pipeline.ready.connect(lambda: done.append(1))
            pipeline.start()

        path = params.path
        window.current.begin(path, lambda: new.create(params), then=go_on, offline=True, start=False)
        until(lambda: window.pipeline is not None, "the project")

    stalls.of("the window of a new project", prepare, 0)
    stalls.of(f"{N_IMAGES:,} images imported, embedded, mapped", lambda: until(lambda: done, "the map"))
    opened = window.opened
    assert opened is not None
    until(lambda: opened.suggestions, "suggestions")
    stalls.of("36 labels, one each 30 ms, and the refits", lambda: label(opened))
    labels = opened.project.labels
    before = labels.n_labelled
    stalls.of("10 suggestions labelled, by key", lambda: press(window, Qt.Key.Key_1, 10))
    expect(labels.n_labelled == before + 10, "labelling suggestions")
    stalls.of("10 undone", lambda: press(window, Qt.Key.Key_Z, 10, held=CTRL))
    expect(labels.n_labelled == before, "undoing")
    assert window.page is not None
    grid = window.page.grid
    stalls.of("to the grid", lambda: press(window, Qt.Key.Key_G))
    expect(grid.isVisible() and grid.page is not None, "the grid")
    first = grid.page
    stalls.of("three pages on", lambda: turn_pages(grid))
    expect(grid.page is not first, "pages")
    stalls.of("back to the map", lambda: press(window, Qt.Key.Key_G))
    stalls.of("second looks begin", lambda: press(window, Qt.Key.Key_L, held=CTRL), 6000)
    expect(window.findChild(SecondLooksPage), "second looks")
    dialog = ReserveDialog(opened)
    dialog.show()
    QTest.qWait(SETTLE_MS)
    stalls.of("the size of the test set turned", lambda: turn(dialog))
    expect(dialog.promise.text(), "drawing a test set")
    dialog.close()
    shown: list[FindingList] = []
    stalls.of("2,000 possible leaks listed", lambda: shown.append(list_leaks(opened)))
    shown[0].close()
    stalls.of("dark theme", lambda: window.set_theme("dark"))
    stalls.of("project closed", window.close_project)
    stalls.of("project opened", lambda: open_and_wait(window, folder / "project"), 6000)


def at_size(window: MainWindow, stalls: Stalls, path: Path) -> None:
    """A day's work on a project of the design point."""
    stalls.of("project of 171,375 images opened", lambda: open_and_wait(window, path), 0)
    opened, page = window.opened, window.page
    assert opened is not None
    assert page is not None
    stalls.of("its first predictions and suggestions", lambda: learned(opened), 4000)
    labels = opened.project.labels
    before = labels.n_labelled
    page.queue.setFocus()
    stalls.of("10 suggestions labelled, by key", lambda: press(window, Qt.Key.Key_1, 10), 3000)
    expect(labels.n_labelled > before, "labelling suggestions")
    stalls.of("10 undone", lambda: press(window, Qt.Key.Key_Z, 10, held=CTRL), 3000)
    for scheme in ("prediction", "confidence", "agreement", "split", "reference", "group", "label"):
        stalls.of(f"map coloured by {scheme}", lambda scheme=scheme: opened.set_colour_by(scheme))
    stalls.of("the other classifier", lambda: opened.set_classifier("knn"), 6000)
    stalls.of("and back", lambda: opened.set_classifier("logistic"), 6000)
    stalls.of("a class of many images selected", lambda: opened.select_class(opened.classes[0].id))
    stalls.of("the selection let go", opened.clear_selection)
    grid = page.grid
    stalls.of("to the grid", window.actions_["grid"].trigger)
    most = max(grid.sources.of_class().items(), key=lambda entry: entry[1])[0]
    stalls.of("the class with most to confirm", lambda: grid.show_source(most))
    expect(grid.isVisible() and grid.page is not None and len(grid.page.rows), "the grid")
    before = labels.n_labelled
    grid.view.setFocus()
    stalls.of("a page confirmed", lambda: press_and_agree(window, Qt.Key.Key_Return, held=CTRL), 6000)
    expect(labels.n_labelled > before, "confirming a page")
    stalls.of("and undone", lambda: press(window, Qt.Key.Key_Z, held=CTRL), 6000)
    expect(labels.n_labelled == before, "undoing a page")
    stalls.of(
        "a step of 500 labels of last week undone", lambda: press(window, Qt.Key.Key_Z, held=CTRL), 6000
    )
    stalls.of("and done again", opened.redo, 6000)
    stalls.of("three pages on", lambda: turn_pages(grid))
    stalls.of("back to the map", window.actions_["grid"].trigger)
    rows = np.flatnonzero((opened.kind == LabelKind.CLEAR) & (opened.split == Split.POOL))[:2000]
    stalls.of("2,000 images selected", lambda: opened.set_selection(rows))
    stalls.of("and labelled at once, by key", lambda: press_and_agree(window, Qt.Key.Key_2), 6000)
    expect(labels.kind[rows[-1]] == LabelKind.LABEL, "labelling a selection")
    stalls.of("and undone", lambda: press(window, Qt.Key.Key_Z, held=CTRL), 6000)
    opened.clear_selection()
    stalls.of("blind mode", window.actions_["blind"].trigger)
    expect(opened.blind, "blind mode")
    stalls.of("three test images labelled blind", lambda: press(window, Qt.Key.Key_1, 3), 3000)
    stalls.of("the test set opened", opened.open_test_set, 6000)
    stalls.of("blind mode left", window.actions_["blind"].trigger)
    stalls.of("one image skipped", lambda: press(window, Qt.Key.Key_U), 3000)
    stalls.of("skipped images shown again", window.actions_["show_skipped"].trigger, 3000)
    stalls.of("second looks begin", window.actions_["second_looks"].trigger, 6000)
    expect(page.looks.isVisible(), "second looks")
    for line in range(3, 6):
        stalls.of(f"their list {line + 1}", lambda line=line: page.looks.nav.setCurrentRow(line))
    for name, params in (("project_map", project_map.Params()), ("probe", probe.Params())):
        stalls.of(
            f"the job {name} started", lambda name=name, params=params: started(opened, name, params), 4000
        )
    for job in opened.jobs:
        stalls.of(f"the job {job.name} cancelled", lambda job=job: opened.cancel_job(job.id), 4000)
    for mode in (Mode.RESULTS, Mode.EXPLORE, Mode.LABEL):
        stalls.of(f"mode {mode}", window.actions_[action_of(mode)].trigger)
    stalls.of("sessions", window.actions_["sessions"].trigger, 4000)
    stalls.of("accuracy window", page.accuracy.details_button.click, 4000)
    stalls.of("audit trail of one image", lambda: window._show_trail(int(labels.rows_of_class(1)[0])))
    stalls.of("dark theme", lambda: window.set_theme("dark"), 3000)
    stalls.of("light theme", lambda: window.set_theme("light"), 3000)
    stalls.of("project closed", window.close_project, 3000)


def beside_labelling(window: MainWindow, stalls: Stalls, path: Path) -> None:
    """Everything that `at_size` leaves out."""
    open_and_wait(window, path)
    assert window.opened is not None
    learned(window.opened)
    QTest.qWait(4 * SETTLE_MS)
    stalls_windows.find_and_sort(window, stalls.of)
    stalls_windows.change_classes(window, stalls.of)
    stalls_windows.open_windows(window, stalls.of)
    window.close_project()


def all_there_is(window: MainWindow, stalls: Stalls, path: Path) -> None:
    """Every action and every key, whether or not somebody thought of it."""
    open_and_wait(window, path)
    assert window.opened is not None
    learned(window.opened)
    QTest.qWait(4 * SETTLE_MS)
    stalls_actions.every_action(window, stalls.of)
    stalls_actions.every_key(window, stalls.of)
    window.close_project()


def open_to_the_map(window: MainWindow, path: Path) -> bool:
    """How long a project of the design point takes to a map that answers a click; whether that is short."""
    with Project.open(path) as project:
        project.settings.set("mode", Mode.EXPLORE.value)
    start = time.perf_counter()
    Project.open(path).close()
    read = time.perf_counter() - start
    took = open_until_it_answers(window, path)
    window.close_project()
    window.current.finish()
    with Project.open(path) as project:
        project.settings.set("mode", Mode.LABEL.value)
    tell(READ, read, "s")
    tell(OPENED, took, "s", target=OPENED_S, baseline=READ)
    verdict = "met" if took <= OPENED_S else "MISSED"
    print(f"{READ:<52} {read:8.2f} s")
    print(
        f"{OPENED:<52} {took:8.2f} s   {took / read:5.1f} x baseline   target <= {OPENED_S:g} s: {verdict}",
        flush=True,
    )
    return took <= OPENED_S


def started(opened: OpenProject, name: str, params: object) -> None:
    """Start a job as a person does."""
    expect(opened.start_job(name, params) is not None, f"starting {name}")


def open_and_wait(window: MainWindow, path: Path) -> None:
    """Open the project as a person does, until it is on the screen."""
    window.open_project(path)
    until(lambda: window.page is not None, "the project")


def learned(opened: OpenProject) -> None:
    """Wait for predictions and something in the queue."""
    until(lambda: settled(opened) and opened.suggestions, "predictions")


def main() -> int:
    """Measure and print; 1 if a target was missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("small", "large", "windows", "actions", "both"), default="both")
    parser.add_argument("--built", type=Path)
    options = parser.parse_args()
    print(machine())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MEDLABELER_HOME"] = str(folder / "home")
        large = options.part != "small" and large_project(folder, options.built)
        settings = Settings()
        app = make_application(settings)
        window = MainWindow(settings)
        window.show()
        window.activateWindow()
        QTest.qWait(SETTLE_MS)
        stalls = Stalls()
        stalls.of_nothing()
        if options.part in ("small", "both"):
            work(window, stalls, folder)
            window.close_project()
        if large and options.part == "windows":
            beside_labelling(window, stalls, large)
        elif large and options.part == "actions":
            all_there_is(window, stalls, large)
        elif large:
            stalls.good &= open_to_the_map(window, large)
            at_size(window, stalls, large)
        window.close()
        for top in QApplication.topLevelWidgets():
            top.close()
        app.processEvents()
    return 0 if stalls.good else 1


def large_project(folder: Path, built: Path | None) -> Path:
    """The project at size below `folder`; a copy of the one in `built`, which is made if it is not there.

    Its folder is its own: `work` makes a project of the name that `build` gives, too.
    """
    own = folder / "large"
    if built is None:
        own.mkdir()
        return stalls_project.build(own)
    if not built.exists():
        built.mkdir(parents=True)
        stalls_project.build(built)
    return Path(shutil.copytree(built / "project", own))


if __name__ == "__main__":
    sys.exit(main())
