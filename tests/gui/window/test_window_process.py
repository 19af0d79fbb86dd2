"""The window in a process of its own, from an empty project to labels: what it loads, shows and suggests."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any

import pytest

pytestmark = pytest.mark.slow  # one window that goes through all of it

SCRIPT = """
import json, sys, time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEventLoop, QTimer

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import new

folder = Path(sys.argv[1])
manifest = write_sample(folder / "images", n=240)
settings = Settings()
app = make_application(settings)
window = MainWindow(settings)
window.show()
found = {}


def turn(milliseconds):
    # As the program itself waits; QTest.qWait would let no other thread of Python work meanwhile.
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def until(condition, seconds=150):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited in vain: {condition}, {window.notices.sentences()}, {window.opened.jobs}")
        turn(10)


params = new.Params(folder / "project", manifest.parent, (new.Manifest(manifest),), reserve=40)
window.current.take(new.create(params), offline=True)
opened = window.opened
done = []
window.pipeline.ready.connect(lambda: done.append(1))
layouts = []
opened.changed.connect(lambda _what: layouts.append(opened.projection))
until(lambda: opened.n == 240)
until(lambda: done)
found["jobs"] = [[job.name, job.state, job.sentence] for job in opened.jobs]
found["pca_first"] = layouts.index("pca") < layouts.index("umap")
found["placed"] = int(np.isfinite(opened.xy).all(axis=1).sum())
found["test"] = int((opened.split == Split.TEST).sum())
until(lambda: opened.suggestions)
found["suggested_tests"] = int((opened.split[[s.row for s in opened.suggestions]] == Split.TEST).sum())

for definition in opened.classes[:3]:
    mine = np.flatnonzero((opened.reference == definition.id) & (opened.split == Split.POOL))[:12]
    for row in mine:
        opened.label_rows([int(row)], definition.id)
        turn(30)
until(lambda: opened.model is not None and opened.model.n_labels == 36)
found["revision"] = [opened.model.revision, opened.project.labels.revision]
until(lambda: opened.project.history.all())
found["measured_on"] = sorted({c.measured_on for c in opened.project.history.all()})
found["modules"] = sorted(
    name for name in ("torch", "numba", "umap", "sklearn", "timm", "scipy") if name in sys.modules
)
pids = [opened.engine.pid]
window.close()
found["engine_left"] = [pid for pid in pids if Path(f"/proc/{pid}/status").exists()]
print("RESULT" + json.dumps(found))
"""


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run of the whole way in a process of its own."""
    folder = tmp_path_factory.mktemp("process")
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(folder)],
        env={
            **os.environ,
            "QT_QPA_PLATFORM": "offscreen",
            "HF_HUB_OFFLINE": "1",
            "MEDLABELER_HOME": str(folder / "home"),
        },
        capture_output=True,
        text=True,
        timeout=400,
    )
    line = next((text for text in done.stdout.splitlines() if text.startswith("RESULT")), None)
    assert line is not None, done.stderr[-4000:]
    result: dict[str, Any] = json.loads(line.removeprefix("RESULT"))
    return result


def test_an_imported_project_goes_on_to_its_map_by_itself(found: dict[str, Any]) -> None:
    assert [name for name, _, _ in found["jobs"]] == ["import_images", "embed", "project_map"]
    assert {state for _, state, _ in found["jobs"]} == {"done"}
    assert found["placed"] == 240
    assert found["pca_first"]


def test_the_window_never_loads_what_belongs_to_its_children(found: dict[str, Any]) -> None:
    assert found["modules"] == []


def test_predictions_are_those_of_the_latest_labels(found: dict[str, Any]) -> None:
    assert found["revision"][0] == found["revision"][1]


def test_test_images_are_reserved_and_never_suggested(found: dict[str, Any]) -> None:
    assert found["test"] >= 40
    assert found["suggested_tests"] == 0


def test_accuracy_is_measured_by_itself_but_never_on_the_test_set(found: dict[str, Any]) -> None:
    assert found["measured_on"] == ["cross-validation"]


def test_no_child_outlives_the_window(found: dict[str, Any]) -> None:
    assert found["engine_left"] == []
