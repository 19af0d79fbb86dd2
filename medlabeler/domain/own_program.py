"""How the program starts itself again: every child process is this very interpreter or bundle."""

from __future__ import annotations

import sys


def child_command(role: str) -> list[str]:
    """The command line that starts this very program as a hidden `engine`, `worker`, `printer`."""
    if getattr(sys, "frozen", False):
        return [sys.executable, role]
    return [sys.executable, "-m", "medlabeler", role]
