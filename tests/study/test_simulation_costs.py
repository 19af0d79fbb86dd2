"""The cost model against numbers worked out by hand, and what must hold for every assumption."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pytest

from medlabeler.study import cost_model
from medlabeler.study.cost_model import Costs, Shown, bulk, one_by_one, overlooked

PLAIN = Costs(
    single_s=4, single_error=0.02, grid_image_s=0.25, page_s=5, mark_s=1, page_size=20,
    search=1, growth=0, false_mark=0, queue_right_s=1, queue_wrong_s=5, accept_wrong=0.1,
)  # fmt: skip


def test_one_by_one_is_what_it_costs() -> None:
    assert one_by_one(PLAIN).per_minute == 15
    assert one_by_one(PLAIN).error == 0.02


def test_a_page_by_hand() -> None:
    """Half wrong in a hard search: 7 % of them overlooked, 46.5 % of all images marked."""
    work = bulk(0.5, PLAIN)
    assert work.seconds == pytest.approx(0.25 + 5 / 20 + 0.465 * (1 + 4))
    assert work.error == pytest.approx(0.035 + 0.465 * 0.02)


def test_right_images_marked_by_mistake_cost_time_and_the_error_of_a_label() -> None:
    work = bulk(1.0, replace(PLAIN, false_mark=0.1))
    assert work.seconds == pytest.approx(0.5 + 0.1 * 5)
    assert work.error == pytest.approx(0.1 * 0.02)


def test_rare_wrong_images_are_overlooked_as_the_studies_say() -> None:
    hard, easy = replace(PLAIN, search=1), replace(PLAIN, search=0)
    assert overlooked([0.5, 0.02, 0.001, 0.9], hard) == pytest.approx([0.07, 0.35, 0.35, 0.07])
    assert overlooked([0.5, 0.02], easy) == pytest.approx([0.025, 0.14])
    assert overlooked(0.1, hard) == pytest.approx(0.21)  # 10 % is the geometric middle of 2 % and 50 %


def test_larger_pages_are_searched_worse_but_never_beyond_certainty() -> None:
    assert overlooked(0.5, replace(PLAIN, page_size=48, growth=0.5)) == pytest.approx(0.07 * 2)
    assert overlooked(0.5, replace(PLAIN, page_size=6, growth=0.5)) == pytest.approx(0.07)
    assert overlooked(0.02, replace(PLAIN, page_size=9000, growth=3)) == 1


def test_lowering_the_confidence_shows_more_images_of_less_precision() -> None:
    shown = cost_model.shown_by_confidence(
        np.array([0.5, 0.9, 0.8, 0.6]), np.array([False, True, True, False]), steps=4
    )
    assert shown.share.tolist() == [0.25, 0.5, 0.75, 1]
    assert shown.precision == pytest.approx([1, 1, 2 / 3, 0.5])
    assert shown.confidence.tolist() == [0.9, 0.8, 0.6, 0.5]
    with pytest.raises(ValueError, match="no predictions"):
        cost_model.shown_by_confidence(np.empty(0), np.empty(0, bool))


def test_where_bulk_pays_by_hand() -> None:
    """Without wrong images a page costs 0.5 s an image: 7 times faster from 3.5 s per label on."""
    shown = Shown(np.array([0.4, 1.0]), np.array([1.0, 0.5]), np.array([0.9, 0.2]))
    assert cost_model.bulk_share(shown, PLAIN) == 0.4
    assert cost_model.bulk_share(shown, replace(PLAIN, single_s=3.4)) == 0
    assert cost_model.seconds_needed(shown, PLAIN, 0.25) == pytest.approx(3.5)
    # The second half is half wrong: too many are overlooked, and more than one in seven is marked.
    assert cost_model.seconds_needed(shown, PLAIN, 0.5) == np.inf
    assert cost_model.accurate_share(shown, PLAIN) == 0.4
    assert cost_model.accurate_share(shown, replace(PLAIN, single_error=0.2)) == 1
    assert cost_model.bulk_share(shown, replace(PLAIN, single_error=0.2)) == 0.4


def test_the_region_and_the_seconds_needed_are_one_statement() -> None:
    rng = np.random.default_rng(0)
    confidence = rng.random(2000)
    shown = cost_model.shown_by_confidence(confidence, rng.random(2000) < 0.6 + 0.4 * confidence)
    costs, single, grid = Costs(), np.linspace(0.5, 12, 24), np.array([0.1, 0.3, 0.9])
    region = cost_model.region(shown, costs, single, grid)
    for column, look in enumerate(grid):
        needed = cost_model.seconds_needed(shown, replace(costs, grid_image_s=look), 0.25)
        assert ((region[:, column] >= 0.25) == (single >= needed)).all()
    assert (np.diff(region, axis=0) >= 0).all()  # the slower one by one, the more bulk pays
    assert (np.diff(region, axis=1) <= 0).all()
    assert 0 < (region >= 0.25).mean() < 1


def test_every_assumption_has_a_range_that_holds_its_default() -> None:
    assert set(cost_model.RANGES) == set(cost_model.LIMITS) == {f.name for f in fields(Costs)}
    for name, (low, high, why) in cost_model.RANGES.items():
        assert low <= getattr(Costs(), name) <= high
        assert why
    with pytest.raises(ValueError, match="single_error must lie between 0 and 1"):
        Costs(single_error=2)
