"""The guide: pages of Markdown that ship with the program, in their order."""

from __future__ import annotations

from pathlib import Path

from medlabeler.domain.resources import resource, resource_folder

FIRST = "index"
ORDER = (
    "index", "tutorial", "new-project", "image-lists", "label", "explore", "confirm-many", "find", "classes",
    "notes", "review", "test-set", "leaks", "results", "export", "report", "merge", "apply",
    "image-model", "own-images", "sharpening", "sessions",
    "moved", "restore", "jobs", "keys", "method", "glossary",
)  # fmt: skip


def folder() -> Path:
    """Where the pages and their pictures lie."""
    return resource_folder() / "guide"


def text(page: str) -> str:
    """Markdown of a page; `BugError` if it does not exist."""
    return resource(f"guide/{page}.md").read_text(encoding="utf-8")


def title(page: str) -> str:
    """Its heading."""
    return text(page).partition("\n")[0].lstrip("# ")
