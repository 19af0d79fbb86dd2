"""A field for the size of a pixel, for images whose files do not tell."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDoubleSpinBox, QHBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pixel_size import tell_um, told_um

MOST_UM = 100_000.0
DIGITS = 4


class PixelSizeField(QWidget):
    """Follows the open project. 0 stands for "not known"; what is typed counts for all its images."""

    changed = Signal()

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.um = QDoubleSpinBox()
        self.um.setRange(0, MOST_UM)
        self.um.setDecimals(DIGITS)
        self.um.setSpecialValueText(tr("not known"))
        self.um.setSuffix(" µm")
        self.um.setStepType(QDoubleSpinBox.StepType.AdaptiveDecimalStepType)
        self.um.setKeyboardTracking(False)
        self.um.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.um.setAccessibleName(tr("Size of a pixel in micrometres"))
        self.um.setToolTip(
            tip(
                tr(
                    "For the scale bar of images whose files do not tell; 0: not known. The same "
                    "for all images."
                )
            )
        )
        self.um.setValue(told_um(opened.project) or 0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(PlainLabel(tr("Size of a pixel")))
        row.addWidget(self.um, 1)
        self.um.valueChanged.connect(self._keep)

    def _keep(self, um: float) -> None:
        tell_um(self.opened.project, um or None)
        self.changed.emit()
