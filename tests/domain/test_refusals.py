"""What the system refused is said in the reader's words, everywhere, in both languages."""

from __future__ import annotations

import ast
import errno
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from program_code import PACKAGE, files, nodes

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import speaking
from medlabeler.domain.refusals import refused_by_disk, sentence_of_refusal, system_reason

OF_SYSTEM = {
    "OSError", "PermissionError", "FileNotFoundError", "NotADirectoryError", "IsADirectoryError",
    "FileExistsError", "ConnectionError", "sqlite3.Error", "UNREADABLE",
}  # fmt: skip
COMMON = (
    *("ENOSPC", "EDQUOT", "EACCES", "EPERM", "EROFS", "EIO", "EFBIG", "EXDEV", "ENODEV", "ENOLCK", "EBUSY"),
    *("ENOENT", "EISDIR", "ENOTDIR", "EEXIST", "ENOTEMPTY", "ENAMETOOLONG", "ELOOP", "ETXTBSY"),
    *("EMFILE", "ENFILE", "ENOMEM", "ETIMEDOUT", "ESTALE", "EADDRINUSE"),
)


@pytest.mark.parametrize("name", COMMON)
def test_what_the_system_says_reaches_nobody(name: str) -> None:
    """Fails before: a German window said "Permission denied"."""
    number = getattr(errno, name)
    error = OSError(number, os.strerror(number), "/data/images")
    english = system_reason(error)
    assert os.strerror(number).lower() not in english.lower()
    assert "rrno" not in english
    assert english[0].islower(), "stands behind a colon"
    with speaking("de"):
        assert system_reason(error) != english
    assert sentence_of_refusal(error) == f"{english[0].upper()}{english[1:]}."


def test_a_file_that_another_program_has_open_on_windows() -> None:
    error = OSError(errno.EACCES, "Zugriff verweigert")
    error.winerror = 32  # type: ignore[attr-defined]  # of Windows alone
    assert system_reason(error) == "another program is using it"


def test_what_sqlite_says_is_told_too(tmp_path: Path) -> None:
    (tmp_path / "none").write_text("this is a text and no database at all, whatever its name says" * 20)
    with pytest.raises(sqlite3.DatabaseError) as met:
        sqlite3.connect(tmp_path / "none").execute("SELECT * FROM t")
    assert system_reason(met.value) == "it is no database"
    with pytest.raises(sqlite3.OperationalError) as met:
        sqlite3.connect(tmp_path / "nowhere" / "x").execute("SELECT 1")
    assert system_reason(met.value) == "it cannot be opened"


def test_what_is_not_known_stays_one_line() -> None:
    assert system_reason(OSError("cannot identify image.\nmore")) == "cannot identify image"
    assert system_reason(OSError()) == "OSError"
    assert sentence_of_refusal(UserError("No.")) == "No."


def test_a_full_disk_is_told_in_the_language_of_the_window() -> None:
    """Fails before: English alone."""
    error = OSError(errno.ENOSPC, "No space left on device", "/p/vectors")
    assert "is full; free some space" in (refused_by_disk(error) or "")
    with speaking("de"):
        said = refused_by_disk(error) or ""
    assert "voll" in said
    assert "/p/vectors" in said
    assert refused_by_disk(OSError(errno.EINVAL, "x")) is None
    assert refused_by_disk(ValueError("x")) is None


def test_every_sentence_takes_its_reason_from_here() -> None:
    """Fails before: 98 places passed on the system's own words."""
    wrong = [said for file in files() for said in own_words(file)]
    assert wrong == []


def own_words(file: Path) -> Iterator[str]:
    """Where an error of the system, caught as such, is put into a text as it is."""
    if file.name == "refusals.py":
        return
    where = file.relative_to(PACKAGE)
    for node in nodes(file):
        if isinstance(node, ast.Attribute) and node.attr == "strerror":
            yield f"{where}:{node.lineno} strerror"
        if isinstance(node, ast.ExceptHandler) and node.name and names(node.type) & OF_SYSTEM:
            for inner in ast.walk(node):
                if put_in(inner, node.name):
                    yield f"{where}:{inner.lineno} {node.name}"  # type: ignore[attr-defined]  # a call or a place


def names(caught: ast.expr | None) -> set[str]:
    parts = caught.elts if isinstance(caught, ast.Tuple) else [caught] if caught is not None else []
    return {ast.unparse(part) for part in parts}


def put_in(node: ast.AST, name: str) -> bool:
    """`str(error)`, `tr("...", reason=error)` or `f"{error}"`."""
    if isinstance(node, ast.FormattedValue):
        return is_name(node.value, name)
    if not isinstance(node, ast.Call) or ast.unparse(node.func) not in ("str", "tr"):
        return False
    return any(is_name(value, name) for value in [*node.args, *(word.value for word in node.keywords)])


def is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
