"""Counts the house before it was rebuilt and now, and draws who imports whom: `make house`.

Writes what lies between the two marks of `resources/results/house.md`. The tree before is read from git, so
the command needs the history; the figures of today need only the files (`tests/test_house_page.py`).
"""

from __future__ import annotations

import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import grimp
import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "resources/results/house.md"
BEFORE = "9150dfb"
"""The last commit before the house was rebuilt."""
BEGIN, END = "<!-- counted by make house -->", "<!-- end of what was counted -->"
FOLDERS = ("medlabeler", "tests", "packaging")

Edges = set[tuple[str, str]]


class Size(NamedTuple):
    """Python files of one folder, those of its subfolders not counted, and their lines."""

    files: int
    lines: int


class Graph(NamedTuple):
    """Who imports whom, imports for types alone included."""

    modules: tuple[str, ...]
    edges: Edges


def sizes(root: Path) -> dict[str, Size]:
    """Each folder with Python in it."""
    found: dict[str, Size] = {}
    for path in sorted(one for folder in FOLDERS for one in (root / folder).rglob("*.py")):
        name = path.parent.relative_to(root).as_posix()
        files, lines = found.get(name, Size(0, 0))
        found[name] = Size(files + 1, lines + len(path.read_text(encoding="utf-8").splitlines()))
    return found


def layer_contract(root: Path) -> dict[str, list[str]]:
    """What import-linter is told of the layers."""
    told = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    found: dict[str, list[str]] = next(one for one in told["contracts"] if one["type"] == "layers")
    return found


def graph(root: Path) -> Graph:
    """Read from the files; nothing of the program is imported. What the contract excepts is left out."""
    sys.path.insert(0, str(root))
    try:
        read = grimp.build_graph("medlabeler", cache_dir=None)
    finally:
        sys.path.remove(str(root))
    modules = sorted(read.modules)
    edges = {(m, to) for m in modules for to in read.find_modules_directly_imported_by(m)}
    excepted = {(a, b) for a, _, b in map(str.split, layer_contract(root).get("ignore_imports", []))}
    return Graph(tuple(modules), edges - excepted)


def circles(nodes: Iterable[str], edges: Edges) -> list[list[str]]:
    """Groups of two or more that import each other, directly or through others."""
    names = sorted(nodes)
    at = {name: n for n, name in enumerate(names)}
    rows, columns = [at[a] for a, _ in edges], [at[b] for _, b in edges]
    matrix = coo_array((np.ones(len(rows)), (rows, columns)), shape=(len(names), len(names)))
    n, group = connected_components(matrix, directed=True, connection="strong")
    found = [[name for name, g in zip(names, group, strict=True) if g == one] for one in range(n)]
    return sorted(one for one in found if len(one) > 1)


def among_children(parent: str, edges: Edges) -> Edges:
    """Imports between the children of a package, each with all that lies below it."""
    depth = parent.count(".") + 2
    below = {
        tuple(".".join(name.split(".")[:depth]) for name in edge)
        for edge in edges
        if all(name.startswith(f"{parent}.") for name in edge)
    }
    return {(a, b) for a, b in below if a != b}


def packages(house: Graph) -> list[str]:
    """Modules with others below them."""
    return sorted({name.rpartition(".")[0] for name in house.modules} - {""})


def sibling_circles(house: Graph) -> dict[str, list[list[str]]]:
    """For each package the circles among its children."""
    found = {}
    for parent in packages(house):
        between = among_children(parent, house.edges)
        found[parent] = circles({name for edge in between for name in edge}, between)
    return {parent: one for parent, one in found.items() if one}


def layers(root: Path) -> list[list[str]]:
    """From the top, as import-linter checks them."""
    rows = layer_contract(root)["layers"]
    return [[name.strip().removeprefix("medlabeler.") for name in row.split("|")] for row in rows]


def between_packages(house: Graph) -> Counter[tuple[str, str]]:
    """How many pairs of modules there are, one importing the other, between packages of the first storey."""
    found: Counter[tuple[str, str]] = Counter()
    for a, b in house.edges:
        first, second = a.split("."), b.split(".")
        if len(first) > 1 and len(second) > 1 and first[1] != second[1] and first[1] != "__main__":
            found[first[1], second[1]] += 1
    return found


def matrix(root: Path, house: Graph) -> list[str]:
    """Rows import columns, both from the top of the house down."""
    order = [name for row in layers(root) for name in row]
    counts = between_packages(house)
    lines = ["| imports | " + " | ".join(order) + " |", "|---|" + "--:|" * len(order)]
    for a in order:
        cells = ["·" if a == b else f"{counts[a, b] or ''}" for b in order]
        lines.append(f"| **{a}** | " + " | ".join(cells) + " |")
    return lines


def storeys(parent: str, house: Graph) -> list[list[str]]:
    """The packages right below `parent`, first those that none of them imports. There must be no circle."""
    rooms = {name for name in packages(house) if name.rpartition(".")[0] == parent}
    edges = {edge for edge in among_children(parent, house.edges) if set(edge) <= rooms}
    found = []
    while rooms:
        top = sorted(rooms - {b for _, b in edges})
        found.append([name.rpartition(".")[2] for name in top])
        rooms -= set(top)
        edges = {edge for edge in edges if set(edge) <= rooms}
    return found


def before() -> tempfile.TemporaryDirectory[str]:
    """The tree of then."""
    command = ["git", "archive", BEFORE, *FOLDERS, "pyproject.toml"]
    packed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    folder = tempfile.TemporaryDirectory()
    with tarfile.open(fileobj=BytesIO(packed)) as archive:
        archive.extractall(folder.name, filter="data")
    return folder


def table_of_sizes(then: dict[str, Size], now: dict[str, Size]) -> list[str]:
    """Folders of then, of now, and of both."""
    lines = ["| folder | files before | lines before | files now | lines now |", "|---|--:|--:|--:|--:|"]

    def row(title: str, *both: Size | None) -> str:
        cells = [f"{one.files:,} | {one.lines:,}" if one else " | " for one in both]
        return f"| {title} | " + " | ".join(cells) + " |"

    for top in FOLDERS:
        inside = [
            {name: size for name, size in tree.items() if name.split("/")[0] == top} for tree in (then, now)
        ]
        lines += [
            row(f"`{name}`", *(one.get(name) for one in inside)) for name in sorted({*inside[0], *inside[1]})
        ]
        sums = [
            Size(sum(s.files for s in one.values()), sum(s.lines for s in one.values())) for one in inside
        ]
        lines.append(row(f"**all of `{top}`**", *sums))
    return lines


def in_words(found: dict[str, list[list[str]]]) -> list[str]:
    """A line for each circle."""
    short = [[name.rpartition(".")[2] for name in one] for several in found.values() for one in several]
    parents = [parent for parent, several in found.items() for _ in several]
    return [
        f"- in `{parent}`: {', '.join(f'`{name}`' for name in names)}"
        for parent, names in zip(parents, short, strict=True)
    ]


def counted() -> str:
    """What stands between the marks."""
    with before() as folder:
        then_sizes, then = sizes(Path(folder)), graph(Path(folder))
    now_sizes, now = sizes(ROOT), graph(ROOT)
    then_circles = sibling_circles(then)
    gui = "\n".join(f"    {' | '.join(row)}" for row in storeys("medlabeler.gui", now))
    facts = [
        ("modules of the program", *(f"{len(one.modules):,}" for one in (then, now))),
        ("imports between them", *(f"{len(one.edges):,}" for one in (then, now))),
        ("circles of modules", *(f"{len(circles(one.modules, one.edges))}" for one in (then, now))),
        ("circles of packages or modules beside each other", *(
            f"{sum(map(len, one.values()))}" for one in (then_circles, sibling_circles(now))
        )),
        ("most files in one folder of the program", *(
            f"{max(size.files for name, size in one.items() if name.startswith('medlabeler'))}"
            for one in (then_sizes, now_sizes)
        )),
    ]  # fmt: skip
    lines = [
        f"Counted on {date.today():%-d %B %Y}; before is commit `{BEFORE}`.",
        "",
        "## Folders",
        "",
        *table_of_sizes(then_sizes, now_sizes),
        "",
        "## Who imports whom",
        "",
        "|  | before | now |",
        "|---|--:|--:|",
        *(f"| {title} | {a} | {b} |" for title, a, b in facts),
        "",
        "Circles before, imports for types alone included:",
        "",
        *in_words(then_circles),
        "",
        "How many pairs of a module of the row and one of the column that it imports, now. All stands above",
        "the diagonal: no arrow runs upwards. `medlabeler.load`, the front door, imports `export`; left out.",
        "",
        *matrix(ROOT, now),
        "",
        "The rooms of the window, each importing those below it alone:",
        "",
        gui,
    ]
    return "\n".join(lines)


def main() -> None:
    """Put the count into the page."""
    page = PAGE.read_text(encoding="utf-8")
    head, rest = page.split(BEGIN)
    PAGE.write_text(f"{head}{BEGIN}\n\n{counted()}\n\n{END}{rest.split(END)[1]}", encoding="utf-8")


if __name__ == "__main__":
    main()
