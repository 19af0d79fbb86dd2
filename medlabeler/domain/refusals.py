"""What the operating system or SQLite refused, in the reader's words.

The system's own words ("Permission denied", "[Errno 28] No space left on device") are English on most
machines, and a clinician need not know them. Every sentence that a person reads takes its reason from here.
"""

from __future__ import annotations

import errno

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import capital

_IN_USE = (32, 33)
"""Windows: another program has the file open, or a part of it."""


def system_reason(error: BaseException) -> str:
    """Why it was refused, to stand behind a colon or in brackets: "the disk is full"."""
    if getattr(error, "winerror", None) in _IN_USE:
        return tr("another program is using it")
    if (name := _of_sqlite(error)) and (said := _sqlite_words().get(name)):
        return said
    number = getattr(error, "errno", None)
    if isinstance(error, OSError) and number in (words := _words()):
        return words[number]
    lines = str(getattr(error, "strerror", None) or error).strip().splitlines()
    return lines[0].rstrip(".") if lines and lines[0] else type(error).__name__


def sentence_of_refusal(error: UserError | OSError) -> str:
    """The whole sentence of either."""
    return str(error) if isinstance(error, UserError) else f"{capital(system_reason(error))}."


def refused_by_disk(error: BaseException) -> str | None:
    """One sentence for what a disk refused, wherever that was met; None for what is a fault of ours."""
    number = getattr(error, "errno", None)
    if not isinstance(error, OSError) or number not in (sentences := _disk_sentences()):
        return None
    said = sentences[number]
    if error.filename:
        said = tr("{said} That was at {path}.", said=said, path=error.filename)
    return said


def _disk_sentences() -> dict[int, str]:
    return {
        errno.ENOSPC: tr("The disk is full; free some space. What was finished is kept."),
        errno.EDQUOT: tr("The disk has no room left for you; free some space. What was finished is kept."),
        errno.EROFS: tr("The disk can only be read. What was finished is kept."),
        errno.EIO: tr("The disk is failing or was taken away. What was finished is kept."),
    }


def _words() -> dict[int, str]:
    """By number; made when asked for, because the language is chosen after this module is loaded."""
    no_permission = tr("you have no permission for it")
    unreachable = tr("the network drive cannot be reached")
    too_many = tr("too many files are open at once")
    return {
        errno.EACCES: no_permission,
        errno.EPERM: no_permission,
        errno.ENOSPC: tr("the disk is full"),
        errno.EDQUOT: tr("the disk has no room left for you"),
        errno.EROFS: tr("the disk can only be read"),
        errno.EFBIG: tr("the disk takes no file that large"),
        errno.EIO: tr("the disk is failing or was taken away"),
        errno.ENODEV: tr("the drive is not connected"),
        errno.ENXIO: tr("the drive is not connected"),
        errno.ENOENT: tr("no such file or folder is there"),
        errno.EISDIR: tr("it is a folder, not a file"),
        errno.ENOTDIR: tr("a part of its path is a file, not a folder"),
        errno.EEXIST: tr("something of that name is there already"),
        errno.ENOTEMPTY: tr("the folder is not empty"),
        errno.ENAMETOOLONG: tr("the name is too long"),
        errno.ELOOP: tr("links in its path lead round in a circle"),
        errno.EXDEV: tr("it lies on another disk"),
        errno.EBUSY: tr("another program is using it"),
        errno.ETXTBSY: tr("another program is using it"),
        errno.EMFILE: too_many,
        errno.ENFILE: too_many,
        errno.ENOMEM: tr("the memory of this machine is used up"),
        errno.ENOLCK: tr("the disk cannot lock files"),
        errno.EOPNOTSUPP: tr("the disk cannot do that"),
        errno.ENOSYS: tr("the disk cannot do that"),
        errno.EINVAL: tr("the system does not allow that name or step"),
        errno.ETIMEDOUT: tr("the drive or network does not answer"),
        errno.ESTALE: tr("the network drive was connected anew meanwhile"),
        errno.EHOSTDOWN: unreachable,
        errno.EHOSTUNREACH: unreachable,
        errno.ENETDOWN: unreachable,
        errno.ENETUNREACH: unreachable,
        errno.ENOTCONN: unreachable,
        errno.ECONNREFUSED: tr("nothing answers there"),
        errno.ECONNRESET: tr("the connection broke off"),
        errno.EPIPE: tr("the connection broke off"),
        errno.EADDRINUSE: tr("another program is using this port"),
        errno.EADDRNOTAVAIL: tr("this machine has no such address"),
    }


def _of_sqlite(error: BaseException) -> str:
    """'SQLITE_FULL' of 'SQLITE_FULL' and 'SQLITE_IOERR' of 'SQLITE_IOERR_WRITE'; "" of anything else."""
    return "_".join(str(getattr(error, "sqlite_errorname", "")).split("_")[:2])


def _sqlite_words() -> dict[str, str]:
    in_use = tr("another program is using it")
    return {
        "SQLITE_FULL": tr("the disk is full"),
        "SQLITE_READONLY": tr("it can only be read"),
        "SQLITE_PERM": tr("you have no permission for it"),
        "SQLITE_AUTH": tr("you have no permission for it"),
        "SQLITE_IOERR": tr("the disk is failing or was taken away"),
        "SQLITE_CANTOPEN": tr("it cannot be opened"),
        "SQLITE_CORRUPT": tr("the file is damaged"),
        "SQLITE_NOTADB": tr("it is no database"),
        "SQLITE_BUSY": in_use,
        "SQLITE_LOCKED": in_use,
        "SQLITE_NOMEM": tr("the memory of this machine is used up"),
    }
