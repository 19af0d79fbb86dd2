"""The program's code, parsed: once for all the tests that look through it.

Each of them took three seconds for parsing it again, and as many for Python's search for garbage among the
nodes.
"""

from __future__ import annotations

import ast
import functools
from pathlib import Path

import medlabeler
from medlabeler.domain.garbage import not_searched

PACKAGE = Path(medlabeler.__file__).resolve().parent


def files(folder: Path = PACKAGE) -> list[Path]:
    """The modules in a folder of the program, in the order of their names."""
    return sorted(folder.rglob("*.py"))


@functools.cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    """Every node of a module, the module itself first, as `ast.walk` finds them."""
    with not_searched():
        return tuple(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def tree(path: Path) -> ast.Module:
    """A module of the program, which nobody may change."""
    module = nodes(path)[0]
    assert isinstance(module, ast.Module)
    return module
