"""What goes on by itself is decided from what is on disk."""

from __future__ import annotations

from typing import Any

import numpy as np
from panels_support import add_embedding

from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import EMBED, MAP, Pipeline


def test_a_picture_that_was_left_out_is_tried_again_once_it_is_another_one(
    qtbot: Any, opened: OpenProject
) -> None:
    """A file that cannot be embedded must not loop; one that was replaced is another picture."""
    project = opened.project
    key = add_embedding(project, "starter", 2.0)
    project.settings.set("embedding", key)
    project.settings.set("backbone", "starter_cells")
    pipeline = Pipeline(opened)
    assert pipeline.next_step() == MAP
    first = project.catalog.digest

    def replaced(digest: bytes) -> np.ndarray[Any, np.dtype[np.bytes_]]:
        """As an import takes another file in: the array is never changed in place."""
        digests = first.copy()
        digests[5] = digest
        return digests

    project.catalog.digest = replaced(b"1" * 64)
    assert pipeline.next_step() == EMBED
    pipeline.note_tried()
    assert pipeline.next_step() == MAP, "what could not be embedded would be tried for ever"
    project.catalog.digest = replaced(b"2" * 64)
    assert pipeline.next_step() == EMBED, "fails before: as many images lack a vector as before"
    project.catalog.digest = first
    assert np.array_equal(project.vectors.missing(key, project.catalog.digest), [])
    assert pipeline.next_step() == MAP
