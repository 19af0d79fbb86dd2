"""The machine's share of a first session: how long a person waits for the first map, label and accuracy.

    python tests/bench/bench_first_session.py FOLDER

The real window, with real keys; workers and engine run. FOLDER is Chula RBC-12: 2,500 red blood cells with
their image list, which is sorted by class; no weights are here but the starter. A person who knows the
answers labels what is suggested, by key, one each second. Baseline: the time until all are embedded.

Targets: first map within 30 s of the start of embedding, first accuracy within 10 s of the 20th label.
Not part of `medlabeler bench`, which needs no images of others.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["HF_HUB_OFFLINE"] = "1"

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtTest import QTest

from medlabeler.domain.settings import Settings
from medlabeler.gui.classes.keys import key_hint
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import new
from medlabeler.learning.backbones.registry import STARTER
from medlabeler.open_project.pipeline import Pipeline

N, LABELS, PATIENCE_S = 2500, 20, 560
MAP_S, ACCURACY_S = 30.0, 10.0


def image_list(source: Path, folder: Path) -> Path:
    """As many of every class, sorted by class as they come; paths are absolute."""
    with (source / "manifest.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    each: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        each.setdefault(row["label"], []).append(row)
    share = -(-N // len(each))
    kept = [row for name in sorted(each) for row in each[name][:share]][:N]
    path = folder / "list.csv"
    with path.open("w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["image", "label", "group"])
        out.writerows([str(source / row["image"]), row["label"], row["group"]] for row in kept)
    return path


def let_work(ms: int) -> None:
    """The window and its threads work for so long (`QTest.qWait` would hold the threads)."""
    loop = QEventLoop()
    QTimer.singleShot(ms, loop.quit)
    loop.exec()


class Session:
    """One person's first session, with the second at which each thing was there first."""

    def __init__(self, window: MainWindow, pipeline: Pipeline) -> None:
        self.window, self.pipeline, self.opened = window, pipeline, pipeline.opened
        self.seen: dict[str, float] = {}
        self.began = time.monotonic()

    def begin(self) -> None:
        """Choose what looks at the images, from which on time counts."""
        self.pipeline.use_backbone(STARTER)
        self.began = time.monotonic()

    def note(self) -> None:
        """Look what is there by now."""
        opened, running = self.opened, self.opened.runner.running
        there = {
            "first map": bool(opened.n_on_map),
            "first suggestion": opened.queue.shown >= 0,
            "all embedded": not running("embed"),
            "map of all": opened.projection == "umap" and not running("embed", "project_map"),
            "first accuracy": bool(opened.project.history.all()),
        }
        for what in (name for name, is_there in there.items() if is_there):
            self.seen.setdefault(what, time.monotonic() - self.began)

    def until(self, condition: Callable[[], bool], what: str) -> None:
        """Work until the condition holds."""
        end = time.monotonic() + PATIENCE_S
        while not condition():
            if time.monotonic() > end:
                raise TimeoutError(f"waited in vain for {what}")
            let_work(20)
            self.note()

    def label_next(self) -> None:
        """Answer the suggestion by the keys of its class, and think for a second."""
        opened = self.opened
        self.until(lambda: opened.queue.shown >= 0 and opened.current == opened.queue.shown, "a suggestion")
        row = opened.queue.shown
        at = [c.id for c in opened.classes].index(int(opened.reference[row]))
        assert self.window.page is not None
        for key in key_hint(at):
            QTest.keyClicks(self.window.page, key)
        self.until(lambda: bool(opened.label[row] >= 0), "the label")
        self.seen.setdefault("first label", time.monotonic() - self.began)
        self.seen["20th label"] = time.monotonic() - self.began
        let_work(1000)


def main(argv: list[str]) -> int:
    """Measure once; 1 if a target was missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("source", type=Path, help="folder of Chula RBC-12")
    source = options.parse_args(argv).source.absolute()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["MEDLABELER_HOME"] = str(folder / "home")
        application = make_application(Settings())
        window = MainWindow(Settings())
        window.resize(1440, 900)
        window.show()
        params = new.Params(folder / "p", source, (new.Manifest(image_list(source, folder)),), group="group")
        session = Session(window, window.current.take(new.create(params), start=False))
        opened = session.opened
        session.pipeline.start()
        session.until(lambda: opened.n == N and not opened.runner.running("import_images"), "the import")
        print(f"import of {N:,} images: {time.monotonic() - session.began:.1f} s; from there on:")
        session.seen.clear()
        session.begin()
        for _ in range(LABELS):
            session.label_next()
        session.until(lambda: {"map of all", "first accuracy"} <= set(session.seen), "all of it")
        seen = session.seen
        for what in sorted(seen, key=lambda name: seen[name]):
            print(
                f"  {what:<18} {seen[what]:7.1f} s, {seen[what] / seen['all embedded']:5.2f} x all embedded"
            )
        waited = max(0.0, seen["first accuracy"] - seen["20th label"])
        good = seen["first map"] <= MAP_S and waited <= ACCURACY_S
        print(f"first map {seen['first map']:.1f} s (target {MAP_S:g}), accuracy {waited:.1f} s after the")
        print(f"20th label (target {ACCURACY_S:g}): {'met' if good else 'MISSED'}")
        window.close()
        application.processEvents()
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
