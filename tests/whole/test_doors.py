"""Nobody beyond this machine can reach a process of the program, and none asks a name server anything."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from open_sockets import SocketWatch, needs_proc
from program import run, run_json

from medlabeler.imaging.synthetic import write_sample
from medlabeler.project.run_files import read_plan

pytestmark = needs_proc

WINDOW = """
import sys, time
from pathlib import Path

import numpy as np
from PySide6.QtTest import QTest

from medlabeler.domain.settings import Settings
from medlabeler.domain.types import Split
from medlabeler.gui.window.app import make_application
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.jobs import new
from medlabeler.project.sources import Manifest

folder, manifest = Path(sys.argv[1]), Path(sys.argv[2])
settings = Settings()
app = make_application(settings)
window = MainWindow(settings)
window.show()


def until(what, condition):
    end = time.monotonic() + 150
    while not condition():
        if time.monotonic() > end:
            sys.exit(f"waited in vain for {what}: {window.notices.sentences()}")
        QTest.qWait(10)


window.current.take(new.create(new.Params(folder, manifest.parent, (Manifest(manifest),))), offline=True)
opened, ready = window.opened, []
window.pipeline.ready.connect(lambda: ready.append(1))
until("embedding and map", lambda: ready)
for definition in opened.classes[:2]:
    for row in np.flatnonzero((opened.reference == definition.id) & (opened.split == Split.POOL))[:8]:
        opened.label_rows([int(row)], definition.id)
until("the engine", lambda: opened.model is not None and opened.model.n_labels == 16)
opened.engine.analyst.watch(True)
until("the analyst", lambda: opened.engine.analyst.details)
opened.engine.explainer.request(0)
until("the explainer", lambda: opened.engine.explainer.answered)
window.close()
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Forty drawn images."""
    manifest = write_sample(tmp_path / "sample", n=40, seed=1)
    run("new", tmp_path / "cells", "--manifest", manifest)
    return tmp_path / "cells"


@pytest.mark.parametrize(
    ("family", "address", "is_a_door"),
    [
        (socket.AF_INET, "127.0.0.1", False),
        (socket.AF_INET, "0.0.0.0", True),  # noqa: S104 - what is looked for
        (socket.AF_INET6, "::1", False),
        (socket.AF_INET6, "::", True),
    ],
)
def test_the_watch_sees_doors_and_only_those(
    family: socket.AddressFamily, address: str, is_a_door: bool
) -> None:
    opened = (
        "import socket, sys\n"
        f"s = socket.socket({int(family)}); s.bind(({address!r}, 0)); s.listen()\n"
        "print(s.getsockname()[1], flush=True); sys.stdin.read()"
    )
    try:
        socket.socket(family).bind((address, 0))
    except OSError:
        pytest.skip(f"this machine has no {address}")
    child = subprocess.Popen([sys.executable, "-c", opened], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert child.stdout is not None
    port = int(child.stdout.readline())
    with SocketWatch() as watch:
        while not any(found.port == port and found.waits for found in watch.seen):
            assert child.poll() is None
    child.communicate()
    assert [found.port == port for found in watch.doors] == [True] * is_a_door


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
def test_a_forked_process_is_counted_once_it_is_its_own_program() -> None:
    forks = (
        "import os, sys\n"
        "if os.fork():\n    os.wait(); sys.exit()\n"
        "print(os.getpid(), flush=True); sys.stdin.readline()\n"
        "os.execv(sys.executable, [sys.executable, '-c', 'input()', 'medlabeler', 'child'])"
    )
    with subprocess.Popen(
        [sys.executable, "-c", forks, "medlabeler", "parent"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as child:
        assert child.stdin is not None
        assert child.stdout is not None
        forked = int(child.stdout.readline())
        with SocketWatch() as watch:
            while not watch.roles["parent"]:
                assert child.poll() is None
            looked = watch.looks
            while watch.looks < looked + 3:
                assert child.poll() is None
            assert watch.roles["parent"] == {child.pid}
            child.stdin.write("\n")
            child.stdin.flush()
            while not watch.roles["child"]:
                assert child.poll() is None
        child.stdin.write("\n")
    assert watch.roles["child"] == {forked}


@pytest.mark.slow
def test_pretraining_by_two_processes_opens_no_door(project: Path) -> None:
    with SocketWatch() as watch:
        found = run_json(
            "pretrain", project, "--start", "scratch:test_efficientnet", "--size", 32, "--batch", 8,
            "--local-crops", 1, "--steps", 4, "--device", "cpu", "--processes", 2, OMP_NUM_THREADS="1",
        )  # fmt: skip
    assert found["state"] == "done"
    assert read_plan(Path(found["folder"])).processes == 2
    assert watch.doors == []
    assert len(watch.roles["pretrainer"]) == 2
    assert any(s.role == "pretrainer" for s in watch.seen), "they talk by sockets, and none was seen"


@pytest.mark.slow
def test_the_window_and_its_children_open_no_door(tmp_path: Path) -> None:
    manifest = write_sample(tmp_path / "sample", n=120, seed=1)
    with SocketWatch() as watch:
        done = subprocess.run(
            [sys.executable, "-c", WINDOW, str(tmp_path / "cells"), str(manifest)],
            capture_output=True, text=True, timeout=400,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr[-4000:]
    assert {"worker", "engine", "analyst", "explainer", Path(sys.executable).name} <= set(watch.roles)
    assert watch.doors == []
