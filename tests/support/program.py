"""The command line in a process of its own, as a person at a terminal has it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import Any


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
