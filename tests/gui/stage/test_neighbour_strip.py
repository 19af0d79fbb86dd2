"""The nearest labelled images: what their strip shows where there is little room."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from PySide6.QtGui import QImage

from medlabeler.gui.stage.neighbour_strip import SIDE, NeighbourStrip
from medlabeler.open_project.open_project import OpenProject


def below_pictures(strip: NeighbourStrip) -> Any:
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1, 4)
    return rows[int(SIDE * image.devicePixelRatio()) + 1 :]


@pytest.mark.parametrize(("more", "lines"), [(0, 0), (6, 0), (200, 2)])
def test_no_line_of_text_is_cut_in_two(opened: OpenProject, qtbot: Any, more: int, lines: int) -> None:
    strip = NeighbourStrip(opened)
    qtbot.addWidget(strip)
    opened.label_rows([1, 2], opened.classes[0].id)
    strip.show_neighbours([(1, 0.9), (2, 0.8)])
    strip.resize(300, SIDE + more)
    text = below_pictures(strip)
    assert bool((text != text[-1:, -1:]).any()) == bool(lines)
    assert strip.minimumSizeHint().height() == SIDE < strip.sizeHint().height()
