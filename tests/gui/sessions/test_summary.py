"""The row of figures of a session: nothing of it is cut, in whatever words."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtWidgets import QLabel

from medlabeler.gui.sessions.summary import LastSession

GERMAN = (
    ("28", "Labels"),
    ("5,2", "Labels pro Minute"),
    ("57 %", "von 21 Vorschlägen wie vorhergesagt"),
    ("43 %", "balancierte Genauigkeit, ohne Intervall\nKreuzvalidierung, 28 Bilder aus 3 Klassen"),
)


def test_long_words_are_wrapped_at_the_edge_of_the_card(qtbot: Any) -> None:
    """Fails before: the card of the welcome screen cut both last lines in German."""
    card = LastSession()
    qtbot.addWidget(card)
    card.tiles.show_tiles(GERMAN)
    card.show()
    heights = []
    for width in (1000, 560, 1000):
        card.resize(width, 10)
        card.resize(width, card.heightForWidth(width))
        QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        assert card.width() == width
        for label in card.tiles.findChildren(QLabel):
            flags = Qt.TextFlag.TextWordWrap if label.wordWrap() else Qt.TextFlag.TextExpandTabs
            needed = label.fontMetrics().boundingRect(label.rect(), flags, label.text())
            assert label.rect().contains(needed), (width, label.text())
            assert card.tiles.rect().contains(label.geometry()), (width, label.text())
        heights.append(card.height())
    assert heights[0] == heights[2] < heights[1]
