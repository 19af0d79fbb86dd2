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
    translated = folder() / language() / f"{page}.md"
    if translated.is_file():
        return translated.read_text(encoding="utf-8")
    english = resource(f"guide/{page}.md").read_text(encoding="utf-8")
    if language() == "en":
        return english
    heading, _, rest = english.partition("\n")
    return f"{heading}\n\n*{tr('This page is in English only.')}*\n{rest}"


def title(page: str) -> str:
    """Its heading."""
    return text(page).partition("\n")[0].lstrip("# ")
