"""Who may read what the program writes: its owner alone, but for what a person asked it to write."""

from __future__ import annotations

import os
from pathlib import Path

_USUAL = "MEDLABELER_UMASK"
"""Environment: what new files are kept from where the person decides; child processes read it."""
OWNER_ONLY, OWNER_AND_GROUP = 0o077, 0o007


def keep_private() -> None:
    """From here on files of this process, and of its children, are for their owner alone."""
    usual = os.umask(OWNER_ONLY)
    os.environ.setdefault(_USUAL, oct(usual))


def open_to_usual(descriptor: int) -> None:
    """Give a file that a person asked for the rights that files of other programs have."""
    if os.name == "posix" and _USUAL in os.environ:
        os.fchmod(descriptor, 0o666 & ~int(os.environ[_USUAL], 8))


def follow_folder(folder: Path) -> None:
    """Keep what is written into the folder of a project as private as the folder is meant to be.

    One that its group may write to is shared on purpose, so the group shares what is new; any other is its
    owner's alone from here on, also where an earlier version let everybody read.
    """
    if os.name != "posix":
        return
    mode = folder.stat().st_mode
    if mode & 0o020:
        os.umask(OWNER_AND_GROUP)
    elif mode & 0o077 and folder.stat().st_uid == os.getuid():
        folder.chmod(mode & 0o700)
