"""The matrix of the manual is what was found by reading files that other programs' libraries wrote."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import format_matrix


def test_the_readme_says_what_is_read_and_nothing_is_read_wrongly() -> None:
    table, n = format_matrix.found()
    wrong = [
        (*place, depth, variant)
        for place, row in table.items()
        for depth, variants in row.items()
        for variant, what in variants.items()
        if what == "wrong"
    ]
    assert wrong == []
    assert n >= 300
    assert format_matrix.in_readme() == format_matrix.text(table), (
        "run: python tests/imaging/format_matrix.py --write"
    )
