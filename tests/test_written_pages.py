"""What README, CONTRIBUTING and the pages in resources point to is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "resources").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
NAMED = re.compile(r"`((?:medlabeler|resources|tests|packaging)/[\w./-]+\.\w+)`")
WEB = ("http://", "https://", "mailto:")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_files_named_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = [link for link in LINK.findall(text) if not link.startswith(WEB)]
    missing = [link for link in links if not (page.parent / link).exists() and not _of_the_guide(page, link)]
    missing += [name for name in NAMED.findall(text) if not (ROOT / name).exists()]
    assert not missing


def test_every_page_of_the_manual_is_reached_from_the_readme() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pages = sorted((ROOT / "resources" / "manual").glob("*.md"))
    assert pages
    assert [page.name for page in pages if f"(resources/manual/{page.name})" not in readme] == []


def _of_the_guide(page: Path, link: str) -> bool:
    """Pages of the guide name one another without an ending, and pictures of its folder in all languages."""
    guide = ROOT / "resources" / "guide"
    return page.is_relative_to(guide) and ((page.parent / f"{link}.md").exists() or (guide / link).exists())
