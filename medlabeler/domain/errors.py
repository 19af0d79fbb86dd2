"""Two kinds of failure: one the user can mend, one we must."""

from __future__ import annotations

import errno


class UserError(Exception):
    """Something about the input, the disk or the machine that the user can act on.

    The message is one plain sentence: what was wrong, what was skipped or refused, and what to do.
    It is shown as it is, without a traceback; the command line exits with code 2.
    """


_BY_DISK = {
    errno.ENOSPC: "is full; free some space",
    errno.EDQUOT: "has no room left for you; free some space",
    errno.EROFS: "is read-only",
    errno.EIO: "is failing or was taken away",
}


def refused_by_disk(error: BaseException) -> str | None:
    """One sentence for what a disk refused, wherever that was met; None for what is a fault of ours."""
    if not isinstance(error, OSError) or error.errno not in _BY_DISK:
        return None
    where = f" of {error.filename}" if error.filename else ""
    return f"The disk{where} {_BY_DISK[error.errno]}; what was finished is kept."


class BugError(Exception):
    """A state the program should never reach; reported with a traceback so that it can be mended."""
