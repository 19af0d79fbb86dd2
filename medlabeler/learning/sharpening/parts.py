"""How many further sharpenings measure one, where nobody says.

Each learns without its part of the labels, so what is told is too low by what a part is worth: a third with 3
parts, a fifth with 5, see resources/results/sharpening.md. Each costs as much time as the sharpening itself.
"""

from __future__ import annotations

from dataclasses import replace

from medlabeler.learning.sharpening.extent import Extent, Pace

LEAST_PARTS, MOST_PARTS = 3, 5
WITHIN_S = 600.0
"""Seconds that a run on a processor shall take, if it can."""


def usual_parts(pace: Pace, extent: Extent, device: str) -> int:
    """On a processor as many as there is time for, whatever `extent` says of them; on a card all."""
    if device != "cpu":
        return MOST_PARTS
    for parts in range(MOST_PARTS, LEAST_PARTS, -1):
        if pace.seconds(replace(extent, folds=parts)) <= WITHIN_S:
            return parts
    return LEAST_PARTS
