"""One image."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget


class ImageViewer(QWidget):
    """One image."""

    def __init__(self, session: Any, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.session = session
