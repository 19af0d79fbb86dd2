"""A job that hits a bug in its worker: the person is told, and the log holds the stack without its words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from medlabeler.jobs import relink
from medlabeler.open_project.open_project import OpenProject


def test_a_bug_in_a_worker_leaves_its_stack_in_the_log(
    opened: OpenProject, qtbot: Any, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    nonsense = relink.Task("a", "b", {}, (("miller_3\0.png", "no name of a file"),), 1)
    monkeypatch.setattr(relink, "plan", lambda project, params, *_: nonsense)
    with qtbot.waitSignal(opened.runner.finished, timeout=120_000) as ended:
        assert opened.start_job("relink", relink.Params(Path("a"), Path("b"))) is not None
    job, _ = ended.args
    assert job.state == "failed"
    assert "ValueError" in job.sentence
    log = (home / "logs/medlabeler.log").read_text(encoding="utf-8")
    assert " worker " in log
    assert "medlabeler/jobs/relink.py:" in log
    assert "builtins.ValueError" in log.splitlines()
    assert "miller" not in log
