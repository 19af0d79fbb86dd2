"""resources/results/house.md is true of the tree: its folders, layers and imports between packages."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = (REPOSITORY / "resources/results/house.md").read_text(encoding="utf-8").split("<!--")[1]
"""What was counted."""


@pytest.fixture(scope="module")
def house() -> ModuleType:
    """packaging/house.py, which is no package."""
    spec = importlib.util.spec_from_file_location("house", REPOSITORY / "packaging/house.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def rows(page: str) -> dict[str, list[str]]:
    """The cells of each line of a table, by the first."""
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if "|" in line
    ]
    return {first: rest for first, *rest in cells}


def test_the_page_names_the_folders_of_the_tree(house: ModuleType) -> None:
    named = {
        folder.strip("`") for folder, cells in rows(PAGE).items() if folder.startswith("`") and cells[-1]
    }
    assert named == set(house.sizes(REPOSITORY)), "make house"


def test_the_page_draws_the_layers_and_the_rooms(house: ModuleType) -> None:
    """Which package imports which; how often may have changed since the count."""
    drawn, there = rows(PAGE), rows("\n".join(house.matrix(REPOSITORY, house.graph(REPOSITORY))))
    order = there["imports"]
    assert drawn["imports"] == order == [name for row in house.layers(REPOSITORY) for name in row]
    for name in order:
        assert [bool(cell) for cell in drawn[f"**{name}**"]] == [bool(cell) for cell in there[f"**{name}**"]]
    rooms = [line.strip().split(" | ") for line in PAGE.splitlines() if re.match(r"    [a-z]", line)]
    assert rooms == house.storeys("medlabeler.gui", house.graph(REPOSITORY)), "make house"


def test_no_arrow_runs_upwards_and_nowhere_in_a_circle(house: ModuleType) -> None:
    """Told by a count of its own beside import-linter's."""
    now = house.graph(REPOSITORY)
    layer = {name: n for n, row in enumerate(house.layers(REPOSITORY)) for name in row}
    assert {pair for pair in house.between_packages(now) if layer[pair[0]] >= layer[pair[1]]} == set()
    assert house.circles(now.modules, now.edges) == []
    assert house.sibling_circles(now) == {}


def test_a_circle_would_be_seen(house: ModuleType) -> None:
    edges = {("p.a.x", "p.b.y"), ("p.b.z", "p.a.x"), ("p.a.x", "p.c")}
    assert house.circles({"p.a.x", "p.b.y", "p.b.z", "p.c"}, edges) == []
    siblings = house.among_children("p", edges)
    assert house.circles({"p.a", "p.b", "p.c"}, siblings) == [["p.a", "p.b"]]
