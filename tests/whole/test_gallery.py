"""Every mode and dialog fits its screen: no text is cut, no control lies on another, nothing is too large."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
import gallery


def check(folder: Path, size: tuple[int, int], scale: float, theme: str, language: str) -> None:
    # What does not fit in the light theme does not fit in the dark one.
    found = gallery.render(folder, size, scale, theme, language, states=theme == "light")
    assert len(found) > 15
    assert all((folder / file).stat().st_size > 1000 for file in found)
    wrong = [f"{file}: {line}" for file, lines in found.items() for line in lines]
    assert not wrong, "\n".join(wrong)


@pytest.mark.slow
def test_everything_fits(tmp_path: Path) -> None:
    """The smallest window; the rest of the gallery is for the slow tests."""
    check(tmp_path, (1024, 700), 1.0, "light", "en")


@pytest.mark.slow
@pytest.mark.parametrize("language", gallery.LANGUAGES)
@pytest.mark.parametrize("theme", gallery.THEMES)
@pytest.mark.parametrize("scale", gallery.SCALES)
@pytest.mark.parametrize("size", gallery.SIZES)
def test_everything_fits_in_all_sizes(
    tmp_path: Path, size: tuple[int, int], scale: float, theme: str, language: str
) -> None:
    check(tmp_path, size, scale, theme, language)
