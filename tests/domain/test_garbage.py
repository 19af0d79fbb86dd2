"""The search for garbage is off while many images are added, and as it was behind that."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import pytest

from medlabeler.domain.garbage import not_searched
from medlabeler.project.columns import NewImage
from medlabeler.project.project import Project


@pytest.fixture
def searches() -> Iterator[list[int]]:
    """The generations that were searched meanwhile."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


def test_it_is_off_inside_and_as_it_was_behind() -> None:
    inside: list[bool] = []

    @not_searched()
    def fails() -> None:
        inside.append(gc.isenabled())
        raise ValueError("inside")

    assert gc.isenabled()
    with pytest.raises(ValueError, match="inside"):
        fails()
    assert inside == [False]
    assert gc.isenabled()
    gc.disable()
    try:
        with not_searched():
            assert not gc.isenabled()
        assert not gc.isenabled()
    finally:
        gc.enable()


def test_adding_images_starts_no_searches(tmp_path: Path, searches: list[int]) -> None:
    with Project.create(tmp_path / "p") as project:
        images = [NewImage("/d", f"{i}.png", f"{i:064x}", 8, 8, "RGB", 1, 1) for i in range(3000)]
        gc.collect()
        searches.clear()
        project.catalog.add(images)
        assert len(searches) <= 1, "one is due when it is switched on again"
    assert gc.isenabled()
