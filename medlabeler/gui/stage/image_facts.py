"""All that is known about the image on show: its file, its place in the project, the columns of its table."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QTreeWidget, QTreeWidgetItem, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.kit.plain import tip
from medlabeler.open_project.open_project import OpenProject

SPLITS = {
    Split.POOL: tr("training images"),
    Split.TEST: tr("test set"),
    Split.HELD_BACK: tr("held back beside the test set"),
}


def facts(opened: OpenProject, row: int) -> list[tuple[str, str]]:
    """Names and values, those of the file first; in blind mode only what gives no answer away."""
    record = opened.project.catalog.record(row)
    size = (tr("Size"), tr("{width} × {height} px", width=record.width, height=record.height))
    if opened.blind:
        return [size]
    path = Path(record.path)
    found = [
        (tr("File"), path.name),
        (tr("Folder"), str(path.parent)),
        size,
        (tr("Part"), SPLITS[record.split]),
    ]
    if record.group:
        found.append((tr("Group"), record.group))
    # The reference is shown once the clinician has decided, not before.
    if record.reference and opened.kind[row] == LabelKind.LABEL:
        found.append((tr("Reference"), record.reference))
    found += [(name, value) for name, value in record.metadata.items() if value]
    return [*found, ("SHA-256", record.digest)]


class ImageFacts(QTreeWidget):
    """Two columns, name and value; follows the current image of the open project."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.setColumnCount(2)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName(tr("All that is known about the image"))
        self.setColumnWidth(0, 96)
        opened.current_changed.connect(self.refresh)
        opened.view_changed.connect(self.refresh)
        opened.changed.connect(self._on_changed)
        self.refresh()

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.LABELS | Changes.CLASSES):
            self.refresh()

    def refresh(self) -> None:
        """Tell of the current image."""
        opened = self.opened
        self.clear()
        if not 0 <= opened.current < opened.n:
            return
        for name, value in facts(opened, opened.current):
            item = QTreeWidgetItem([name, value.replace("\n", " ")])
            item.setToolTip(1, tip(value))
            self.addTopLevelItem(item)
