"""How the journal turns what it is given into what it stores."""

from __future__ import annotations

import json
import re
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.project.classes import ClassRow, row_json


def last_of_each(rows: NDArray[np.int64]) -> NDArray[np.int64]:
    """Places of the last occurrence of each row, in the order of `rows`."""
    if len(rows) == 1:
        return np.zeros(1, np.int64)
    _, behind = np.unique(rows[::-1], return_index=True)
    return np.sort(len(rows) - 1 - behind)


def per_row(value: Any, keep: NDArray[np.int64], missing: int | None = None) -> Any:
    """The value for all, or a list with one per kept row, NULL for NaN and for `missing`."""
    if value is None:
        return None
    if np.ndim(value) == 0:
        return None if value == missing or value != value else np.asarray(value).item()
    return [None if v == missing or v != v else v for v in np.asarray(value)[keep].tolist()]


def checked_colour(text: str) -> str:
    """A colour as it is stored; `UserError` for anything but `#rrggbb`."""
    if not re.fullmatch(r"#[0-9a-fA-F]{6}", text):
        raise UserError(tr("{text} is not a colour; write it as #rrggbb.", text=text))
    return text.lower()


def class_payload(
    before: list[ClassRow],
    after: list[ClassRow],
    references_before: dict[str, int | None],
    references_after: dict[str, int | None],
) -> str:
    """JSON of the class rows and meanings of reference texts that undo and redo put back."""
    return json.dumps(
        {
            "classes": {"before": [row_json(r) for r in before], "after": [row_json(r) for r in after]},
            "references": {"before": references_before, "after": references_after},
        }
    )
