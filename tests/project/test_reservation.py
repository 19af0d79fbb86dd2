"""The test set is drawn with chances that are on record, can grow, and stands for the whole pool."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.gui.start.import_preview import Consequences, promised
from medlabeler.jobs import reserve
from medlabeler.learning.accuracy.intervals import exact_limits
from medlabeler.learning.accuracy.quantiles import exact_half_width
from medlabeler.project.columns import NewImage
from medlabeler.project.groups import GroupPreview
from medlabeler.project.project import Project
from medlabeler.project.reservation import weights_of

SIZES = (2, 2, 4, 8, 8, 8, 16, 16, 32, 64) * 4
GROUP = np.repeat(np.arange(len(SIZES)), SIZES).astype(np.int32)
N = len(GROUP)


def image(at: int, group: int) -> NewImage:
    name = f"{at:04d}.png"
    return NewImage("/data", name, f"{at:064x}", 8, 8, "RGB", 9, 1, "", f"P{group}", None, {})


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "p")
    made.catalog.add([image(at, int(group)) for at, group in enumerate(GROUP)])
    return made


def frame(place: np.ndarray | None = None) -> reserve.Frame:
    xy = None if place is None else np.column_stack([place, place]).astype(np.float32)
    return reserve.Frame(GROUP, np.zeros(N, np.uint8), np.zeros(N, np.uint8), xy)


@pytest.mark.parametrize("rare", [1.0, 4.0])
def test_the_chances_on_record_are_those_of_the_draw(rare: float) -> None:
    place = np.where(np.arange(N) % 20 == 0, 1, 0)
    drawn_often, stated = np.zeros(N), None
    for seed in range(1500):
        drawn = reserve.draw(frame(place), reserve.Params(60, 4, rare, seed))
        drawn_often[drawn.rows] += 1
        stated = drawn.chance
        assert drawn.chance[drawn.rows] == pytest.approx(drawn.probability)
    assert stated is not None
    error = np.sqrt(stated * (1 - stated) / 1500)
    assert (np.abs(drawn_often / 1500 - stated) < 5 * error).all()
    if rare > 1:
        assert stated[place == 1].mean() > 2 * stated[place == 0].mean()


def test_weighted_by_them_the_test_set_stands_for_the_pool() -> None:
    right = (GROUP % 10 == 9).astype(float)  # the large groups are easy: 40 % of all images
    plain, weighted = [], []
    for seed in range(400):
        drawn = reserve.draw(frame(), reserve.Params(60, 4, 1.0, seed))
        weights = weights_of(drawn.probability)
        assert weights is not None
        plain.append(right[drawn.rows].mean())
        weighted.append(np.average(right[drawn.rows], weights=weights))
    assert abs(np.mean(weighted) - right.mean()) < 0.03
    assert np.mean(plain) < 0.5 * right.mean()


def test_the_rest_of_a_drawn_group_neither_trains_nor_tests(project: Project) -> None:
    result = reserve.run(project, reserve.Params(60, per_group=4), SilentProgress())
    catalog = project.catalog
    for code in np.unique(catalog.group[catalog.split == Split.TEST]):
        assert not ((catalog.group == code) & (catalog.split == Split.POOL)).any()
    held = np.flatnonzero(catalog.split == Split.HELD_BACK)
    assert len(held) == result.summary["n_held_back"] > 0
    made = project.journal.add_class("EOS")
    project.journal.decide(held, LabelKind.LABEL, made.id, name="x", source=LabelSource.BULK)
    assert len(project.labels.trained_rows()[0]) == 0
    assert len(project.labels.test_rows()[0]) == 0
    late = image(N, int(catalog.group[held[0]]))
    project.catalog.add([late])
    assert project.catalog.split[N] == Split.HELD_BACK
    catalog.reload()
    assert catalog.split[held].tolist() == [Split.HELD_BACK] * len(held)


def test_a_test_set_that_grows_remembers_every_draw(project: Project) -> None:
    catalog = project.catalog
    reserve.run(project, reserve.Params(40, per_group=4), SilentProgress())
    first = np.flatnonzero(catalog.split == Split.TEST)
    alone = catalog.inclusion()[first]
    reserve.run(project, reserve.Params(80, per_group=4), SilentProgress())
    assert (catalog.split[first] == Split.TEST).all()
    both = catalog.inclusion()
    test = catalog.split == Split.TEST
    assert np.isfinite(both[test]).all()
    assert np.isnan(both[~test]).all()
    one, two = catalog.draws()
    assert (one.n_wanted, two.n_wanted, two.per_group) == (40, 80, 4)
    within = alone / (one.n_drawn / one.n_units)
    assert both[first] == pytest.approx(1 - (1 - alone) * (1 - within * two.n_drawn / two.n_units), rel=1e-4)


def test_labelled_groups_are_never_drawn(project: Project) -> None:
    made = project.journal.add_class("EOS")
    first_of = np.unique(GROUP, return_index=True)[1]
    labelled = first_of[:35]
    project.journal.decide(labelled, LabelKind.LABEL, made.id, name="x", source=LabelSource.CLICK)
    reserve.run(project, reserve.Params(6, per_group=4), SilentProgress())
    assert not np.isin(GROUP[project.catalog.split != Split.POOL], GROUP[labelled]).any()


def test_what_cannot_be_drawn_is_said(project: Project) -> None:
    with pytest.raises(UserError, match="more than half"):
        reserve.run(project, reserve.Params(N, per_group=4), SilentProgress())
    with pytest.raises(UserError, match="map is drawn"):
        reserve.run(project, reserve.Params(20, rare_factor=4.0), SilentProgress())
    few = reserve.run(project, reserve.Params(4, per_group=4), SilentProgress())
    assert "from only 2 groups" in few.summary["warning"]


def test_weights_only_where_the_chances_differ_and_are_known() -> None:
    assert weights_of(np.array([0.5, 0.48, 0.5])) is None
    assert weights_of(np.array([0.5, 0.1, np.nan])) is None
    assert weights_of(np.empty(0)) is None
    weights = weights_of(np.array([0.5, 0.1]))
    assert weights is not None
    assert weights == pytest.approx([1 / 3, 5 / 3])


def test_the_promise_is_the_interval_that_will_be_shown() -> None:
    for p in (0.5, 0.85, 1.0):
        for n in (6.0, 40.0, 900.0):
            for degrees in (6.0, 30.0, np.inf):
                low, high = exact_limits(np.asarray(p), np.asarray(n), np.asarray(degrees))
                assert exact_half_width(p, n, degrees) == pytest.approx(float(high - low) / 2, abs=1e-5)


def test_classes_nobody_knows_yet_count_as_equally_frequent(project: Project) -> None:
    shares, words = reserve.shares_of(project)
    assert shares == pytest.approx([0.5, 0.5])
    assert "equally frequent" in words
    assert (project.catalog.reference == NO_CLASS).all()


def test_a_new_project_is_told_what_its_test_set_would_buy() -> None:
    groups = GroupPreview(1000, 50, 0, ("P1", 20), [])
    known = Consequences(groups, Counter({"EOS": 700, "BAS": 300}))
    assert "± " in promised(400, known)
    assert "only 5 groups" in promised(100, known)
    assert promised(400, Consequences(groups, Counter())) == ""
    assert promised(0, known) == ""
