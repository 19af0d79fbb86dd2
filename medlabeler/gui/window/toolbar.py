"""The row at the top: the mode, undo, the classifier in use, and what nobody should lose sight of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolBar, QToolButton, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import bare_name, shown_licence, shown_name
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, caption, tip
from medlabeler.gui.kit.theme import ICON, current_tones, set_role
from medlabeler.gui.window.actions import Actions
from medlabeler.gui.window.modes import ModeBar
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.open_project.open_project import OpenProject

NARROW = 1250
"""Width in pixels below which the device is not told."""
DEVICES = {"cpu": "CPU", "cuda": tr("GPU (CUDA)"), "mps": tr("GPU (MPS)"), "file": tr("from a file")}


class MainToolBar(QToolBar):
    """One row; its boxes follow the open project."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(tr("Tools"), parent)
        self._actions = actions
        self._opened: OpenProject | None = None
        self.setObjectName("tools")
        self.setMovable(False)
        self.setIconSize(QSize(ICON, ICON))
        self.modes = ModeBar(actions)
        self.addWidget(self.modes)
        self.addSeparator()
        for name in ("undo", "redo"):
            self.addAction(actions[name])
        self.addSeparator()
        self.classifier = self._box(tr("Classifier"))
        for info in CLASSIFIERS.values():
            self.classifier.addItem(info.title, info.name)
        self.addWidget(self.classifier)
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.backbone = self._button(tr("Choose another image model"))
        self.backbone.clicked.connect(actions["backbone"].trigger)
        self.device = PlainLabel()
        set_role(self.device, "muted")
        self.jobs = self._button(tr("What runs and how it ended (Ctrl+J)"))
        self.jobs.clicked.connect(actions["jobs"].trigger)
        self.addWidget(self.backbone)
        self._device = self.addWidget(self.device)
        self.addWidget(self.jobs)
        self.classifier.activated.connect(self._choose_classifier)
        self.set_opened(None)

    def _box(self, name: str) -> QComboBox:
        box = ChoiceBox(name)
        box.setToolTip(tip(name))
        # Typed digits are labels, not a search in a box that happens to have the focus.
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setMinimumContentsLength(max(12, *(len(info.title) for info in CLASSIFIERS.values())))
        return box

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._device.setVisible(event.size().width() >= NARROW)

    def _button(self, words: str) -> QToolButton:
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setToolTip(tip(words))
        button.setAccessibleName(words)
        return button

    def set_opened(self, opened: OpenProject | None) -> None:
        """Follow this open project from now on."""
        self._opened = opened
        if opened is not None:
            opened.changed.connect(self._on_changed)
            opened.view_changed.connect(self._show_choices)
            opened.jobs_changed.connect(self._show_jobs)
        self._show_choices()
        self._show_backbone()
        self._show_jobs()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self._show_choices()
        if changes & (Changes.EMBEDDING | Changes.IMAGES):
            self._show_backbone()

    def _show_choices(self) -> None:
        opened = self._opened
        self.classifier.setEnabled(opened is not None and opened.n > 0)
        if opened is not None:
            self.classifier.setCurrentIndex(max(0, self.classifier.findData(opened.classifier)))

    def _show_backbone(self) -> None:
        info = self._opened.embedding_info if self._opened is not None else None
        self.backbone.setVisible(self._opened is not None)
        tones = current_tones()
        if info is None:
            self.backbone.setText(tr("Image model"))
            self.backbone.setIcon(icon("backbone"))
            return
        self.backbone.setText(caption(bare_name(info.title)))
        if info.self_supervised:
            self.backbone.setIcon(icon("backbone"))
            words = tr(
                "{title}, {dim} numbers per image, {licence}",
                title=shown_name(info.title),
                dim=info.dim,
                licence=shown_licence(info.licence),
            )
        else:
            self.backbone.setIcon(icon("warning", tones.warning_text))
            words = tr(
                "{title} is not DINO. Click to choose another image model.", title=shown_name(info.title)
            )
        self.backbone.setToolTip(tip(words))

    def _show_jobs(self) -> None:
        opened = self._opened
        running = sum(job.running for job in opened.jobs) if opened is not None else 0
        self.jobs.setVisible(opened is not None)
        self.jobs.setIcon(icon("jobs"))
        self.jobs.setText(tr("{running} running", running=running) if running else tr("Jobs"))
        device = opened.device if opened is not None else ""
        self.device.setText(DEVICES.get(device, device))
        self.device.setToolTip(tr("Where the image model ran"))

    def _choose_classifier(self) -> None:
        if self._opened is not None:
            self._opened.set_classifier(self.classifier.currentData())

    def tint(self) -> None:
        """Take the colours of the theme."""
        self._show_backbone()
        self._show_jobs()
