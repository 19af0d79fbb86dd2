"""What a person prefers is written by a thread: a disk that does not answer holds nobody up."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medlabeler.domain import late_writing
from medlabeler.domain.settings import Settings


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Whether the disk puts a file in its place."""
    event = threading.Event()
    replace = Path.replace

    def when_it_answers(path: Path, target: Any) -> Path:
        assert event.wait(60)
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", when_it_answers)
    monkeypatch.setattr(late_writing, "WAIT_S", 0.2)
    yield event
    event.set()


def test_a_disk_that_answers_has_it_when_it_was_chosen(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "new")
    for theme in ("dark", "light", "system"):
        settings.set("theme", theme)
        assert json.loads((tmp_path / "new/settings.json").read_text())["theme"] == theme


def test_one_that_does_not_holds_nobody_up_and_gets_the_latest(
    tmp_path: Path, answers: threading.Event
) -> None:
    """Fails before: the window stood still until the disk came back."""
    settings, begun = Settings(tmp_path), time.monotonic()
    for name in ("Ada", "Bea", "Cyd"):
        settings.set("annotator", name)
    assert time.monotonic() - begun < 10 * late_writing.WAIT_S
    assert not settings.path.exists()
    assert Settings(tmp_path).get("annotator") == "Cyd", "whoever reads it meanwhile"
    answers.set()
    late_writing.late_file(settings.path).wait(60)
    assert json.loads(settings.path.read_text())["annotator"] == "Cyd"
    settings.set("annotator", "Dan")
    assert json.loads(settings.path.read_text())["annotator"] == "Dan"


AT_THE_END = """
import sys, time
from pathlib import Path
from medlabeler.domain import late_writing
from medlabeler.domain.settings import Settings
late_writing.WAIT_S = 0.0
replace = Path.replace
def slow(path, target):
    time.sleep(0.5)
    return replace(path, target)
Path.replace = slow
Settings().set("theme", "dark")
"""


def test_the_end_of_the_program_waits_for_a_slow_one(tmp_path: Path) -> None:
    environment = {**os.environ, "MEDLABELER_HOME": str(tmp_path)}
    subprocess.run([sys.executable, "-c", AT_THE_END], env=environment, check=True, timeout=60)
    assert json.loads((tmp_path / "settings.json").read_text())["theme"] == "dark"
