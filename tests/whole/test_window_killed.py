"""kill -9 on the window while it embeds and a person labels: nothing acknowledged or finished is lost."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind
from medlabeler.jobs import import_images, new
from medlabeler.project.project import Project

N = 320
PATIENCE_S = 30

WINDOW = """
import sys
from pathlib import Path

import numpy as np
from PySide6.QtCore import QTimer
from PySide6.QtTest import QTest

from medlabeler.domain.changes import Changes
from medlabeler.domain.settings import Settings
from medlabeler.domain.types import LabelKind
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import embed

settings = Settings()
app = make_application(settings)
window = MainWindow(settings)
window.show()
window.activateWindow()
window.open_project(Path(sys.argv[1]))
while window.current.opening:
    QTest.qWait(5)
opened = window.opened
opened.start_job("embed", embed.Params(backbone=sys.argv[2], device="cpu"))
print("children", opened.engine.pid, *(job.child.pid for job in opened.runner._running.values()))


def count(what):
    if what & Changes.EMBEDDING:
        key = opened.project.settings.get("embedding", "")
        left = len(opened.project.vectors.missing(key, opened.project.catalog.digest)) if key else opened.n
        print("embedded", opened.n - left, flush=True)


opened.changed.connect(count)
waiting = iter(range(opened.n))


def label():
    row = next(waiting)
    opened.set_selection([row])
    QTest.keyClick(window, str(1 + row % 3))
    # What the person sees is what counts as acknowledged.
    if opened.kind[row] == LabelKind.LABEL:
        print("label", row, opened.label[row], flush=True)


timer = QTimer(interval=25)
timer.timeout.connect(label)
timer.start()
app.exec()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of noise with three classes, imported but not embedded."""
    rng = np.random.default_rng(0)
    (tmp_path / "images").mkdir()
    for at in range(N):
        noise = rng.integers(0, 255, (40, 40, 3), np.uint8)
        Image.fromarray(noise).save(tmp_path / "images" / f"{at:04}.png")
    path = tmp_path / "project"
    with new.create(new.Params(path, tmp_path / "images")) as made:
        import_images.run(made, import_images.Params(), SilentProgress())
        for name in ("one", "two", "three"):
            made.journal.add_class(name)
    return path


@pytest.fixture
def checkpoint(tmp_path: Path) -> str:
    """Random weights of a network that takes some seconds for the images: `architecture@file`."""
    from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision

    prepare_torchvision()
    import timm
    import torch
    from safetensors.torch import save_file

    torch.manual_seed(0)
    path = tmp_path / "weights.safetensors"
    save_file(timm.create_model("resnet10t", pretrained=False).state_dict(), path)
    return f"resnet10t@{path}"


@pytest.mark.slow
@pytest.mark.skipif(
    not hasattr(os, "pidfd_open"), reason="needs Linux to wait for a process that is no child"
)
def test_a_killed_window_loses_nothing(project: Path, checkpoint: str) -> None:
    window = subprocess.Popen(
        [sys.executable, "-c", WINDOW, str(project), checkpoint],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONUNBUFFERED": "1"},
    )
    assert window.stdout is not None
    labels: dict[int, int] = {}
    embedded, children = 0, []
    try:
        for line in window.stdout:
            what, *values = line.split()
            if what == "children":
                children = [os.pidfd_open(int(pid)) for pid in values]
            elif what == "embedded":
                embedded = int(values[0])
            elif what == "label":
                labels[int(values[0])] = int(values[1])
            if embedded and len(labels) >= 30:
                break
    finally:
        window.send_signal(signal.SIGKILL)
    for line in window.stdout:  # what was acknowledged before the signal arrived
        what, *values = line.split()
        if what == "label" and len(values) == 2:
            labels[int(values[0])] = int(values[1])
    window.wait()
    assert embedded < N, "the embedding was over before the window was killed"
    assert len(labels) >= 30
    assert len(children) == 2
    for child in children:
        gone, _, _ = select.select([child], [], [], PATIENCE_S)
        os.close(child)
        assert gone, "a child outlived the window"

    with Project.open(project) as found:
        rows = np.array(sorted(labels))
        assert (found.labels.kind[rows] == LabelKind.LABEL).all()
        assert found.labels.class_id[rows].tolist() == [labels[row] for row in rows.tolist()]
        key = found.settings.get("embedding", "")
        kept = N - len(found.vectors.missing(key, found.catalog.digest))
    assert kept >= embedded
    done = subprocess.run(
        [sys.executable, "-m", "medlabeler", "embed", str(project), "--device", "cpu", "--json"],
        capture_output=True,
        text=True,
        timeout=200,
        check=True,
    )
    assert json.loads(done.stdout)["n_computed"] == N - kept, "only what was missing is computed"
