"""A short leg of the crash harness, and that it sees what it looks for; the long one is `make crash`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from panels_support import make_project

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="the harness needs fork")

SHORT = """
import random, shutil, sys
from pathlib import Path
import harness
folder = Path(sys.argv[1])
number = iter(range(1000))

def template():
    copy = folder / f"copy-{next(number)}"
    shutil.copytree(folder / "made", copy)
    return copy / "project"

row = harness.Row("short")
for way, kills in (
    (harness.at_random(template, random.Random(1), longest_s=0.5, late="ack"), 4),
    (harness.at_sync_points(template, random.Random(2)), 2),
    (harness.in_commands(template, random.Random(3)), 2),
):
    for outcome, _ in zip(way, range(kills)):
        row.kills += outcome.killed
        row.acknowledged += outcome.acked
        row.lost += outcome.lost
        row.faults += outcome.wrong
print(row.kills, row.acknowledged, row.lost, row.faults)
"""


def run(code: str, *arguments: object) -> str:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), *sys.path])}
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        capture_output=True, text=True, env=environment, check=True,
    )  # fmt: skip
    return done.stdout


@pytest.mark.slow
def test_nothing_acknowledged_is_lost_and_nothing_lies_about(tmp_path: Path) -> None:
    make_project(tmp_path / "made").close()
    kills, acknowledged, lost, faults = run(SHORT, tmp_path).split(maxsplit=3)
    assert int(kills) >= 6
    assert int(acknowledged) > 0
    assert (lost, faults) == ("0", "[]\n")


@pytest.mark.slow
def test_the_harness_sees_a_lost_label_litter_and_a_project_that_does_not_open(tmp_path: Path) -> None:
    """A harness that finds nothing might not look."""
    with make_project(tmp_path) as project:
        path = project.path
    code = """
import random, sys
from pathlib import Path
import harness
path, told = Path(sys.argv[1]), harness.Acknowledged()
harness.forked(path, 3, told, actions=12)
print(harness.examined(path, told))
print(told.revision)
"""
    sound = run(code, path)
    assert "lost=0" in sound
    assert "wrong=[]" in sound
    revision = int(sound.splitlines()[1])
    again = """
import sys
from pathlib import Path
import harness
told = harness.Acknowledged(int(sys.argv[2]), tuple([2] * 40), 40)
print(harness.examined(Path(sys.argv[1]), told))
"""
    assert "lost=0" not in run(again, path, revision)
    (path / "vectors").mkdir(exist_ok=True)
    (path / "unknown.file").write_text("x")
    assert "left lying about: unknown.file" in run(again, path, revision)
    (path / "medlabeler.db").write_bytes(bytes(4096) + (path / "medlabeler.db").read_bytes()[4096:])
    assert "does not open" in run(again, path, revision)
