"""Two kinds of failure: one the user can mend, one we must."""

from __future__ import annotations


class UserError(Exception):
    """Something about the input, the disk or the machine that the user can act on.

    The message is one plain sentence: what was wrong, what was skipped or refused, and what to do.
    It is shown as it is, without a traceback; the command line exits with code 2.
    """


class DamagedError(UserError):
    """The database of a project is damaged, and Restore puts its labels together again."""


class BugError(Exception):
    """A state the program should never reach; reported with a traceback so that it can be mended."""
