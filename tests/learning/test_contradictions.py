"""What a clear contradiction is worth is told as it was measured, with where it was measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from medlabeler.domain.language import plural, speaking
from medlabeler.learning.contradictions import BANDS, expected, sentence

RESULTS = Path(__file__).parents[2] / "resources" / "results" / "quality.md"


def test_the_expected_part_is_the_published_one() -> None:
    lines = RESULTS.read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| contradicted | trials |"))
    cells = [[c.strip() for c in line.split("|")[1:-1]] for line in lines[start + 2 : start + 2 + len(BANDS)]]
    published = [(row[0].split(" to ")[1], *row[3:]) for row in cells]
    told = [
        (
            f"{100 * b.contradicted:.0f} %",
            *("none" if v is None else f"{100 * v:.0f} %" for v in (b.low, b.middle, b.high)),
        )
        for b in BANDS
    ]
    assert told == published


def test_it_claims_no_more_than_a_part_and_names_the_sets() -> None:
    """29 of 114 were called probably wrong, in a set of labels of which 11 were."""
    text = sentence("labels", 114, 40, 29)
    assert "probably wrong" not in text
    assert text == (
        "Of 114 labels 40 are contradicted by the others, 29 of them clearly. Expect about 5 of these to be "
        "wrong, 0 to 11: in trials on two sets of blood cells 18 % of such labels were, 3 to 35 % with 1 to "
        "10 % of all labels made wrong. No other images were tried."
    )


@pytest.mark.parametrize(
    ("judged", "contradicted", "said"),
    [(99, 20, "not measured with fewer than 100 labels"), (200, 130, "not measured where so many labels")],
)
def test_beyond_what_was_tried_it_says_so(judged: int, contradicted: int, said: str) -> None:
    assert expected(judged, contradicted) is None
    assert said in sentence("labels", judged, contradicted, 9)
    assert "xpect" not in sentence("labels", judged, contradicted, 9)


def test_without_a_clear_one_nothing_is_expected() -> None:
    assert (
        sentence("labels", 300, 20, 0)
        == "Of 300 labels 20 are contradicted by the others, 0 of them clearly."
    )


def test_it_is_said_in_one_language() -> None:
    """Fails before: "Von 114 labels widersprechen die anderen 37, davon 14 clearly"."""
    with speaking("de"):
        told = sentence(plural("label"), 114, 37, 14)
    assert told.startswith("Von 114 Labels widersprechen die anderen 37, davon 14 deutlich.")
