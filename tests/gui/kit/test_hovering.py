"""Places that can be pointed at: a hand over them, a click on the left button, words on request."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QHelpEvent
from PySide6.QtWidgets import QApplication, QToolTip

from medlabeler.gui.kit.hovering import Hovering


class Halves(Hovering):
    """Place 0 on the left, place 1 in the middle third, nothing on the right."""

    def __init__(self) -> None:
        super().__init__()
        self.log: list[tuple[str, int]] = []

    def places(self) -> int:
        return 2

    def place_at(self, where: QPointF) -> int:
        return int(where.x() // 30) if 0 <= where.x() < 60 else -1

    def clicked_at(self, place: int) -> None:
        self.log.append(("click", place))

    def hover_changed(self, place: int) -> None:
        self.log.append(("hover", place))

    def words_at(self, place: int) -> str:
        return f"place {place}"


def test_pointing_clicking_and_leaving(qtbot: Any) -> None:
    widget = Halves()
    qtbot.addWidget(widget)
    widget.resize(90, 20)
    widget.show()
    for x in (10, 20, 40, 70):
        qtbot.mouseMove(widget, QPoint(x, 10))
    assert widget.log == [("hover", 0), ("hover", 1), ("hover", -1)]
    assert widget.cursor().shape() == Qt.CursorShape.ArrowCursor
    qtbot.mouseMove(widget, QPoint(40, 10))
    assert widget.cursor().shape() == Qt.CursorShape.PointingHandCursor
    widget.log.clear()
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(40, 10))
    qtbot.mouseClick(widget, Qt.MouseButton.RightButton, pos=QPoint(40, 10))
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton, pos=QPoint(70, 10))
    assert [entry for entry in widget.log if entry[0] == "click"] == [("click", 1)]
    for x, words in ((40, "place 1"), (10, "place 0")):
        where = QPoint(x, 10)
        QApplication.sendEvent(widget, QHelpEvent(QHelpEvent.Type.ToolTip, where, widget.mapToGlobal(where)))
        assert QToolTip.text() == words


def test_keys_walk_from_place_to_place_and_click(qtbot: Any) -> None:
    widget = Halves()
    qtbot.addWidget(widget)
    widget.show()
    widget.setFocus(Qt.FocusReason.TabFocusReason)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Return):
        qtbot.keyClick(widget, key)
    assert [entry for entry in widget.log if entry[0] == "click"] == [("click", widget.hover)]
    assert widget.accessibleDescription() == f"place {widget.hover}"
