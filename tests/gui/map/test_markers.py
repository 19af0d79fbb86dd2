"""The picture that holds all markers of a map has each as it is drawn alone."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtGui import QImage, QPainter

from medlabeler.gui.map.markers import HOLLOW, HOLLOW_MARKED, MARKED, PLAIN, Markers, marker

GROUND, INK, RADIUS = (250, 250, 250), (20, 20, 20), 4.0
PALETTE = np.array([[200, 30, 60], [10, 120, 240]], np.uint8)


@pytest.mark.usefixtures("qapp")
@pytest.mark.parametrize("style", [PLAIN, MARKED, HOLLOW, HOLLOW_MARKED])
@pytest.mark.parametrize("phase", [(0.0, 0.0), (0.5, 0.0), (0.0, 0.5)])
def test_a_marker_of_the_picture_is_the_one_drawn_alone(style: int, phase: tuple[float, float]) -> None:
    alone = marker((10, 120, 240), style, RADIUS, GROUND, INK, phase)
    side, middle = len(alone), len(alone) // 2
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    painter = QPainter(image)
    at = (np.array([middle + phase[0]], np.float32), np.array([middle + phase[1]], np.float32))
    kind = (np.array([1], np.intp), np.array([style], np.intp))
    Markers().draw(painter, *at, *kind, PALETTE, RADIUS, GROUND, INK)
    painter.end()
    drawn = np.frombuffer(image.constBits(), np.uint8).reshape(side, side, 4)
    assert np.abs(drawn.astype(int) - alone).max() <= 1
    assert alone[middle, middle, 3] == 255
