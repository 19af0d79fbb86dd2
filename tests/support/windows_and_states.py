"""What a test looks at: all windows; and among the slow tests what is over, behind and filled into them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from every_window import every_window
from more_states import every_state
from PySide6.QtWidgets import QWidget

from medlabeler.gui.window.main_window import MainWindow

Sights = Callable[[MainWindow], Iterator[tuple[str, QWidget]]]

windows_and_states = pytest.mark.parametrize(
    "sights",
    [
        pytest.param(every_window, id="windows"),
        pytest.param(every_state, id="states", marks=pytest.mark.slow),
    ],
)
