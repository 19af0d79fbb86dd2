"""The command line in a process of its own, as a person at a terminal has it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
import warnings
from typing import Any

from medlabeler.cli.main import main


def command_line(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "medlabeler", *map(str, arguments)]


def run(*arguments: object, code: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command and check its exit code."""
    done = subprocess.run(
        command_line(*arguments),
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
        timeout=300,
    )
    assert done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done


def run_here(*arguments: object, code: int = 0) -> tuple[str, str]:
    """The same in this process: standard output and error. For tests whose claim is not the process itself:
    starting one takes half a second of a core, five with torch.
    """
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        found = main([str(one) for one in arguments])
    assert found == code, f"exit {found}\n{out.getvalue()}\n{err.getvalue()}"
    return out.getvalue(), err.getvalue()


def run_json_here(*arguments: object, code: int = 0) -> dict[str, Any]:
    """What `--json` prints, the command run in this process."""
    found = json.loads(run_here(*arguments, "--json", code=code)[0])
    assert isinstance(found, dict)
    return found


def run_json(*arguments: object, code: int = 0, **environment: str) -> dict[str, Any]:
    """Run with --json and hold it to the contract: one object on stdout, only JSON lines on stderr."""
    done = run(*arguments, "--json", code=code, **environment)
    for line in done.stderr.splitlines():
        assert json.loads(line)["type"] in ("progress", "note"), line
    lines = done.stdout.splitlines()
    assert len(lines) == 1
    found = json.loads(lines[0])
    assert isinstance(found, dict)
    return found
