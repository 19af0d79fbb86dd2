"""How Qt's models and delegates name a cell."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QPersistentModelIndex

Index = QModelIndex | QPersistentModelIndex
NO_PARENT = QModelIndex()
"""The parent of all rows of a list or a table."""
