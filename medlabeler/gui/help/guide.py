"""The guide: pages of Markdown that ship with the program, in their order."""

from __future__ import annotations

from pathlib import Path

from medlabeler.domain.language import language, tr
from medlabeler.domain.resources import resource, resource_folder

FIRST = "index"
ORDER = (
    "index", "tutorial", "new-project", "image-lists", "label", "explore", "confirm-many", "find", "classes",
    "notes", "review", "test-set", "leaks", "results",
    "counts", "ask-a-person", "other-causes", "export", "other-programs", "report", "merge", "apply",
    "start-with",
    "image-model", "own-images", "sharpening", "sessions",
    "moved", "restore", "jobs", "keys", "method", "glossary",
)  # fmt: skip


def folder() -> Path:
    """Where the pages and their pictures lie."""
    return resource_folder() / "guide"


def text(page: str) -> str:
    """Markdown of a page, in the language of the window, else in English; `BugError` if there is none."""
    file = _file(page)
    found = file.read_text(encoding="utf-8")
    if language() in ("en", file.parent.name):
        return found
    heading, _, rest = found.partition("\n")
    return f"{heading}\n\n*{tr('This page is in English only.')}*\n{rest}"


def title(page: str) -> str:
    """Its heading; no more of the page is read."""
    with _file(page).open(encoding="utf-8") as lines:
        return lines.readline().strip().lstrip("# ")


def _file(page: str) -> Path:
    translated = folder() / language() / f"{page}.md"
    return translated if translated.is_file() else resource(f"guide/{page}.md")
