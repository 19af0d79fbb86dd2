"""In which order images are embedded: at random, so that the first ones are a fair sample of all.

People sort their files by diagnosis, by patient, by date. An embedding in that order would show, for as long
as it is computed, a map and suggestions of the first diagnosis only.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def fair_order(group: NDArray[np.integer[Any]], seed: int) -> NDArray[np.int64]:
    """All rows, int64 (n,), in an order drawn with `seed`; `group` (n,) are codes, -1 for none.

    Every image has the same chance to stand at any place, and the images of one group are spread evenly over
    the whole order: any beginning of it holds of each group its share, to within one image. So no large
    patient or slide crowds the first map, and near-duplicates come late.
    """
    n = len(group)
    rng = np.random.default_rng(seed)
    shuffled = rng.permutation(n)
    codes = np.where(group < 0, group.max(initial=-1) + 1 + np.arange(n), group)
    _, member_of = np.unique(codes[shuffled], return_inverse=True)
    size = np.bincount(member_of)
    # The group's images at even distances, from a random start on.
    by_group = np.argsort(member_of, kind="stable")
    first = np.concatenate([[0], np.cumsum(size)[:-1]]) if n else np.empty(0, np.int64)
    place = np.empty(n, np.int64)
    place[by_group] = np.arange(n) - np.repeat(first, size)
    start = rng.random(len(size))
    return shuffled[np.argsort((place + start[member_of]) / size[member_of], kind="stable")]
