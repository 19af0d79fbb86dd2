"""The toolbar: what is used all the time, and what a person should never lose sight of."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QComboBox, QSizePolicy, QToolBar, QToolButton, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, caption, tip
from medlabeler.gui.kit.theme import ICON, current_tones, set_role
from medlabeler.gui.window.actions import Actions
from medlabeler.learning.classifiers.registry import CLASSIFIERS
from medlabeler.open_project.open_project import OpenProject

SCHEMES = (
    ("label", "Label"),
    ("prediction", "Prediction"),
    ("confidence", "Confidence"),
    ("agreement", "Agreement"),
    ("split", "Split"),
    ("reference", "Reference label"),
    ("by", "Labelled by"),
    ("date", "Labelled on"),
    ("remarks", "Flags and notes"),
)
NARROW = 1150
"""Width in pixels below which the boxes go without their captions."""
DEVICES = {"cpu": "CPU", "cuda": "GPU (CUDA)", "mps": "GPU (MPS)", "file": "from a file"}


class MainToolBar(QToolBar):
    """One row of tools; its boxes follow the open project."""

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__("Tools", parent)
        self._actions = actions
        self._opened: OpenProject | None = None
        self.setObjectName("tools")
        self.setMovable(False)
        self.setIconSize(QSize(ICON, ICON))
        for group in (("new", "open"), ("undo", "redo"), ("pan", "lasso", "rectangle", "fit")):
            for name in group:
                self.addAction(actions[name])
            self.addSeparator()
        self.colour = self._box("Colour the map by")
        self.classifier = self._box("Classifier")
        for info in CLASSIFIERS.values():
            self.classifier.addItem(info.title, info.name)
        self._captions = [self._caption("Colour")]
        self.addWidget(self.colour)
        self._captions.append(self._caption("Classifier"))
        self.addWidget(self.classifier)
        self.addSeparator()
        self.addAction(actions["blind"])
        self.addAction(actions["export"])
        gap = QWidget()
        gap.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.addWidget(gap)
        self.backbone = self._button("Choose another backbone")
        self.backbone.clicked.connect(actions["backbone"].trigger)
        self.device = PlainLabel()
        set_role(self.device, "muted")
        self.jobs = self._button("What runs and how it ended (Ctrl+J)")
        self.jobs.clicked.connect(actions["jobs"].trigger)
        for widget in (self.backbone, self.device, self.jobs):
            self.addWidget(widget)
        self.colour.activated.connect(self._choose_colour)
        self.classifier.activated.connect(self._choose_classifier)
        self.set_opened(None)

    def _box(self, name: str) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(tip(name))
        # Typed digits are labels, not a search in a box that happens to have the focus.
        box.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        return box

    def _caption(self, text: str) -> QAction:
        label = PlainLabel(text)
        set_role(label, "muted")
        label.setContentsMargins(6, 0, 4, 0)
        return self.addWidget(label)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for label in self._captions:
            label.setVisible(event.size().width() >= NARROW)

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
        self._list_schemes()
        self._show_choices()
        self._show_backbone()
        self._show_jobs()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self._list_schemes()
        if changes & (Changes.EMBEDDING | Changes.IMAGES):
            self._show_backbone()

    def _list_schemes(self) -> None:
        opened = self._opened
        columns = opened.project.catalog.metadata_columns() if opened is not None else []
        grouped = opened is not None and opened.project.catalog.has_groups
        wanted = [*SCHEMES, *([("group", "Group")] if grouped else [])]
        wanted += [(f"meta:{name}", name) for name in columns]
        if [self.colour.itemData(i) for i in range(self.colour.count())] != [key for key, _ in wanted]:
            self.colour.clear()
            for at, (key, text) in enumerate(wanted):
                if at == len(SCHEMES):
                    self.colour.insertSeparator(at)
                self.colour.addItem(text, key)
        self._show_choices()

    def _show_choices(self) -> None:
        opened = self._opened
        self.colour.setEnabled(opened is not None and opened.n > 0 and not opened.blind)
        self.classifier.setEnabled(opened is not None and opened.n > 0)
        if opened is not None:
            self.colour.setCurrentIndex(max(0, self.colour.findData(opened.colour_by)))
            self.classifier.setCurrentIndex(max(0, self.classifier.findData(opened.classifier)))

    def _show_backbone(self) -> None:
        info = self._opened.embedding_info if self._opened is not None else None
        self.backbone.setVisible(self._opened is not None)
        tones = current_tones()
        if info is None:
            self.backbone.setText("Backbone")
            self.backbone.setIcon(icon("backbone"))
            return
        self.backbone.setText(caption(info.title.split(" (")[0]))
        if info.self_supervised:
            self.backbone.setIcon(icon("backbone"))
            words = f"{info.title}, {info.dim} numbers per image, {info.licence}"
        else:
            self.backbone.setIcon(icon("warning", tones.warning_text))
            words = f"{info.title} is not DINO. Click to choose another backbone."
        self.backbone.setToolTip(tip(words))

    def _show_jobs(self) -> None:
        opened = self._opened
        running = sum(job.running for job in opened.jobs) if opened is not None else 0
        self.jobs.setVisible(opened is not None)
        self.jobs.setIcon(icon("jobs"))
        self.jobs.setText(f"{running} running" if running else "Jobs")
        device = opened.device if opened is not None else ""
        self.device.setText(DEVICES.get(device, device))
        self.device.setToolTip("Where the embedding was computed")

    def _choose_colour(self) -> None:
        if self._opened is not None:
            self._opened.set_colour_by(self.colour.currentData())

    def _choose_classifier(self) -> None:
        if self._opened is not None:
            self._opened.set_classifier(self.classifier.currentData())

    def tint(self) -> None:
        """Take the colours of the theme."""
        self._show_backbone()
        self._show_jobs()
