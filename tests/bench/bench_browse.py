"""Finding and browsing 171,375 images: how long the window is held up, and until what is found is there.

Run: python tests/bench/bench_browse.py
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).parent))

from measure import fewer, tell
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from watchdog import Watchdog

from medlabeler.domain.types import LabelKind, LabelSource, Remark
from medlabeler.gui.browse.panel import BrowsePanel
from medlabeler.open_project.classifier_state import ClassifierState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.remarks import ON

N = int(os.environ.get("N", fewer(171_375)))


def build(folder: Path) -> Project:
    """N images without files, two columns, a tenth labelled, some flagged."""
    project = Project.create(folder / "project", annotator="Ada")
    rng = np.random.default_rng(0)
    for start in range(0, N, 20_000):
        project.catalog.add(
            [
                NewImage("/nowhere", f"slide_{i % 97}/cell_{i}.png", f"{i:064x}", 64, 64, "RGB", 1, 1,
                         group=f"p{i % 900}",
                         metadata={"age": str(rng.integers(20, 90)), "site": f"site {i % 7}"})
                for i in range(start, min(N, start + 20_000))
            ]
        )  # fmt: skip
    ids = [project.journal.add_class(f"class {k}").id for k in range(8)]
    rows = np.arange(0, N, 10)
    project.journal.decide(
        rows, LabelKind.LABEL, np.array(ids, np.int32)[rows % 8], name="label", source=LabelSource.BULK
    )
    project.journal.remark(np.arange(0, N, 50), Remark.FLAG, ON, name="flag")
    return project


def main() -> None:
    """Measure each action, three times where it is cheap, and print a table."""
    application = QApplication([])
    folder = tempfile.TemporaryDirectory()
    project = build(Path(folder.name))
    opened = OpenProject(project, start_engine=False)
    ids = np.array([c.id for c in opened.classes], np.int32)
    rng = np.random.default_rng(1)

    def predict() -> None:
        opened.adopt_predictions(
            ClassifierState(1, "logistic", 6, 1.0, 1.0, 3.0),
            ids[rng.integers(0, 8, N)],
            rng.random(N, np.float32),
        )

    panel = BrowsePanel(opened)
    panel.resize(1440, 900)
    watchdog = Watchdog()

    def measure(name: str, act: Callable[[], object], until: Callable[[], bool] = lambda: True) -> None:
        watchdog.start()
        begun = time.perf_counter()
        act()
        while not until() or time.perf_counter() - begun < 0.3:
            application.processEvents()
            time.sleep(0.001)
        took = time.perf_counter() - begun
        stall = watchdog.stop()
        tell(f"{name}: held up", stall, "ms")
        tell(f"{name}: there after", took, "s")
        print(
            f"{name:44s} held up {stall:6.1f} ms, work {watchdog.work_ms:6.1f} ms, there after {took:5.2f} s"
        )

    def found() -> bool:
        return not opened.finder.busy

    measure("show all images", panel.show)
    measure("predictions arrive", predict)
    for text in (
        "cell_1234",
        'label:"class 3"',
        "confidence>90",
        'age>60 site:"site 3"',
        "site",
        "is:flagged",
        "by:Ada",
        "date:today -is:flagged",
    ):
        measure(f"find {text}", lambda text=text: opened.finder.look_for(text), found)
        measure(
            f"find {text} again",
            lambda text=text: (opened.finder.look_for(""), opened.finder.look_for(text)),
            found,
        )
    measure("a label while a filter is on", lambda: opened.label_rows([5], int(ids[0])), found)
    measure("no filter", lambda: opened.finder.look_for(""), found)
    for field in ("file", "confidence", "age", "label", "date"):
        measure(f"sort by {field}", lambda field=field: opened.finder.sort_by(field), found)
    measure("predictions arrive while sorted", predict, found)
    opened.finder.sort_by("")
    bar = panel.view.verticalScrollBar()
    measure(
        "scroll through all",
        lambda: [(bar.setValue(int(bar.maximum() * k / 60)), application.processEvents()) for k in range(60)],
    )
    measure("select all", panel.view.select_all)
    measure("flag 1 image", lambda: opened.remark([7], Remark.FLAG, ON))
    measure("arrow keys", lambda: [QTest.keyClick(panel.view, Qt.Key.Key_Down) for _ in range(10)])
    measure("smaller thumbnails", lambda: panel.side.setValue(56))
    panel.close()
    opened.close()
    folder.cleanup()


if __name__ == "__main__":
    main()
