"""What the pages of results name as proof is there."""

from __future__ import annotations

import re
from pathlib import Path

REPOSITORY = Path(__file__).parent.parent


def test_every_test_that_is_named_exists() -> None:
    pages = sorted((REPOSITORY / "resources/results").glob("*.md"))
    found = {
        page.name: re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", page.read_text(encoding="utf-8"))
        for page in pages
    }
    assert len(found["way-in.md"]) > 10
    for page, named in found.items():
        for file, test in named:
            content = (REPOSITORY / file).read_text(encoding="utf-8")
            assert not test or f"def {test}(" in content, f"{page}: {file}::{test}"
