"""Every mode and dialog fits its screen: no text is cut, no control lies on another, nothing is too large."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import gallery

LEAST = {True: {"dark": 15, "light": 60}, False: {"dark": 5, "light": 20}}
"""Sights of each theme; dialogs are looked at in the first size alone."""


@pytest.mark.slow
@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize("scale", gallery.SCALES)
@pytest.mark.parametrize("sizes", gallery.SCREENS, ids=["small", "large"])
def test_everything_fits(
    tmp_path: Path, sizes: tuple[gallery.Size, ...], scale: float, language: str
) -> None:
    found = gallery.render(tmp_path, sizes, scale, language, pictures=False)
    for size in sizes:
        for theme, least in LEAST[size == sizes[0]].items():
            kind = f"{size[0]}x{size[1]}-{scale:g}-{theme}"
            assert sum(kind in file for file in found) > least, f"{kind}: too little was looked at"
    wrong = [f"{file}: {line}" for file, lines in found.items() for line in lines]
    assert not wrong, "\n".join(wrong)
