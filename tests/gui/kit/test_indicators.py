"""Boxes and circles that are ticked: to be seen in both themes."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QCheckBox, QRadioButton, QVBoxLayout, QWidget

from medlabeler.gui.kit import theme


@pytest.mark.parametrize("which", ["light", "dark"])
@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_a_ticked_one_is_framed_in_the_colour_of_the_theme(qtbot: Any, kind: type, which: str) -> None:
    """In the dark theme a ticked box had no frame."""
    window = QWidget()
    qtbot.addWidget(window)
    box = kind("ticked")
    QVBoxLayout(window).addWidget(box)
    box.setChecked(True)
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    try:
        theme.apply(app, which)
        theme.dress(window)
        window.show()
        tones = theme.DARK if which == "dark" else theme.LIGHT
        image = box.grab().toImage()
        middle = image.height() // 2
        found = {image.pixelColor(x, middle).name() for x in range(16)}
        assert QColor(tones.accent).name() in found
    finally:
        theme.apply(app, "system")
