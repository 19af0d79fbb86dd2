"""What is kept up label by label is what all images come to when they are counted anew."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from panels_support import N_TEST, N, make_project, open_for_test, predict

from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.state import class_counts
from medlabeler.project import labels


@pytest.fixture
def opened(qapp: object, tmp_path: Path) -> Iterator[OpenProject]:
    opened = open_for_test(make_project(tmp_path))
    yield opened
    opened.close()


def holds(opened: OpenProject) -> None:
    """Everything that is counted and hidden now is what it follows from."""
    label, kind, split = opened.label, opened.kind, opened.split
    for part in Split:
        assert opened.n_images(part) == (split == part).sum()
        for one in LabelKind:
            assert opened.n_decided(one, part) == ((kind == one) & (split == part)).sum()
    assert opened.n_decided(LabelKind.LABEL) == (kind == LabelKind.LABEL).sum()
    mine = (kind == LabelKind.LABEL) & (split == Split.POOL)
    assert opened.pool_counts == class_counts(label[mine])
    hidden = (split == Split.TEST) & (kind != LabelKind.LABEL)
    hidden[opened._hidden_rows] |= kind[opened._hidden_rows] == LabelKind.CLEAR
    if opened.model is not None and not opened.blind:
        np.testing.assert_array_equal(opened.prediction == NO_CLASS, hidden)
    np.testing.assert_array_equal(opened.selected, np.flatnonzero(opened.selection))


@pytest.mark.parametrize("few", [labels.FEW, 1])
def test_counts_and_what_is_hidden_follow_every_kind_of_change(
    opened: OpenProject, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    """With `few` of 1 many changes are of more labels than are followed one by one."""
    monkeypatch.setattr(labels, "FEW", few)
    predict(opened)
    rng = np.random.default_rng(3)
    ids = [c.id for c in opened.classes]
    held = opened.label
    for turn in range(120):
        rows = rng.choice(N, rng.integers(1, 5), replace=False)
        before_label, before_kind = opened.label.copy(), opened.kind.copy()
        held = opened.label
        match int(rng.integers(9)):
            case 0 | 1 | 2:
                opened.label_rows(rows, ids[int(rng.integers(len(ids)))])
            case 3:
                opened.mark_rows(rows, LabelKind.SKIP)
            case 4:
                opened.clear_rows(rows)
            case 5:
                opened.undo()
            case 6:
                opened.redo()
            case 7:
                opened.hide_labels(rows[:1] if rng.random() < 0.6 else [])
            case 8:
                opened.hide_predictions(rows)
        if turn % 10 == 9:
            opened.set_blind(not opened.blind)
        opened.set_selection(rows)
        holds(opened)
        changed = (opened.label != before_label) | (opened.kind != before_kind)
        told = opened.relabelled_since(held)
        assert told is None or set(np.flatnonzero(changed)) <= set(told.tolist())
    opened.set_blind(False)
    opened.merge_classes(ids[0], ids[1])
    holds(opened)
    opened.undo()
    holds(opened)


def test_labels_of_long_ago_are_not_taken_for_those_of_just_now(opened: OpenProject) -> None:
    first = opened.label
    opened.label_rows([1], opened.classes[0].id)
    second = opened.label
    assert opened.relabelled_since(first).tolist() == [1]  # type: ignore[union-attr]  # it is known
    opened.label_rows([N - N_TEST - 1, 0], opened.classes[0].id)
    assert opened.relabelled_since(first) is None
    assert opened.relabelled_since(second).tolist() == [0, N - N_TEST - 1]  # type: ignore[union-attr]  # it is known
    assert opened.relabelled_since(opened.label).tolist() == []  # type: ignore[union-attr]  # it is known
