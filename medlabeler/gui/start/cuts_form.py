"""What was recognised in the images: places to cut out, whole slides, folders that say the split, a table."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QPushButton, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.form import Decimal, Number, Sentence, column, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.start.import_preview import CROP, PATCH, ImagesFound
from medlabeler.imaging.families import slides
from medlabeler.project.sources import Spec

MOST_PIXELS = 4096
MOST_MPP = 100.0
"""Micrometres of a pixel that can be asked for."""


class CutsForm(QWidget):
    """Shows only what the images that were found allow; takes no room for a plain folder."""

    changed = Signal()  # other images than before
    split_changed = Signal()
    list_wanted = Signal(object)  # the path of a table in the folder

    def __init__(self) -> None:
        super().__init__()
        self.decided = False
        """Whether a person chose how images are cut, so that nothing is recognised any more."""
        self.list_note = Sentence()
        self.use_list = QPushButton(icon("table"), tr("Use this list"), autoDefault=False)
        self.use_list.clicked.connect(self._list_clicked)
        self._list: Path | None = None
        self._list_row = _line(self.list_note, self.use_list, stretch=True)
        self.places = QCheckBox(tr("Each row is a p&lace in an image: cut it out"))
        self.square = Number(tr("Pixels of the side around a point"), 1, MOST_PIXELS)
        self.square.setValue(CROP)
        self._size_row = _line(
            PlainLabel(tr("squares of")), self.square, PlainLabel(tr("pixels around the points"))
        )
        self.slides = QCheckBox(tr("Cut w&hole slides into patches with tissue"))
        self.side = Number(tr("Pixels of the side of a patch"), 8, MOST_PIXELS)
        self.side.setValue(PATCH)
        self.level = Number(tr("Level of the slides, 0 the largest"), 0, 20)
        self.level.setStepType(Number.StepType.DefaultStepType)
        self._slide_row = _line(
            PlainLabel(tr("of")), self.side, PlainLabel(tr("pixels, at level")), self.level,
            PlainLabel(tr("(0 is the largest)")),
        )  # fmt: skip
        self.mpp = Decimal(tr("Micrometres of a pixel of a patch"), 0, MOST_MPP, 3)
        self.mpp.setSingleStep(0.25)
        self.mpp.setSpecialValueText(tr("by the level"))
        self._mpp_row = _line(
            PlainLabel(tr("or, where the slide tells it, of")), self.mpp, PlainLabel(tr("µm a pixel"))
        )
        self.slides_note = Sentence()
        self.split = QCheckBox()
        self.setLayout(
            column(
                self._list_row, self.places, self._size_row, self.slides, self._slide_row, self._mpp_row,
                self.slides_note, self.split, spacing=6,
            )
        )  # fmt: skip
        for box in (self.places, self.slides):
            box.toggled.connect(self._chosen)
        for number in (self.square, self.side, self.level):
            number.valueChanged.connect(self._chosen)
        self.mpp.valueChanged.connect(self._chosen)
        self.split.toggled.connect(self.split_changed)
        self.forget()

    @property
    def folder_split(self) -> bool:
        """Whether folders say which images are the test set."""
        return not self.split.isHidden() and self.split.isChecked()

    def applied(self, spec: Spec) -> Spec:
        """The sources with how they are cut."""
        crop = self.square.value() if self.places.isChecked() and spec.manifests else 0
        patch = self.side.value() if self.slides.isChecked() else 0
        if not patch:
            return replace(spec, crop=crop, patch=0, patch_level=0, patch_mpp=0.0)
        level, mpp = self.level.value(), self.mpp.value()
        return replace(spec, crop=crop, patch=patch, patch_level=level, patch_mpp=mpp)

    def forget(self) -> None:
        """Other sources were chosen: nothing is known of them."""
        self.decided, self._list = False, None
        self._tick(self.places, False)
        self._tick(self.slides, False)
        for widget in (
            self._list_row, self.places, self._size_row, self.slides, self._slide_row, self._mpp_row,
        ):  # fmt: skip
            widget.hide()
        self.slides_note.hide()
        self.split.hide()
        self.hide()

    def offer(self, found: ImagesFound) -> None:
        """Show what was recognised, ticked where it is meant."""
        self._tick(self.places, bool(found.spec.crop))
        self._tick(self.slides, bool(found.spec.patch))
        _set(self.square, found.spec.crop or CROP)
        _set(self.side, found.spec.patch or PATCH)
        self._list = found.lists[0][0] if found.lists else None
        if found.lists:
            path, n = found.lists[0]
            self.list_note.say(
                tr("{name} in this folder lists {images} of it.", name=path.name, images=count(n, "image"))
            )
        n_train, n_test = found.by_folders
        self.split.setText(
            caption(
                tr(
                    "Folders say the split: {train:,} images to learn from, {test:,} test images",
                    train=n_train, test=n_test,
                )
            )
        )  # fmt: skip
        may_cut = bool(found.n_slides) and slides.available()
        missing = bool(found.n_slides) and not slides.available()
        self.slides_note.say(
            tr("Whole slides are read with the extra slides: {install}", install=slides.INSTALL)
            if missing
            else ""
        )
        self.show()
        self._list_row.setVisible(bool(found.lists))
        self.places.setVisible(bool(found.places))
        self._size_row.setVisible(found.places == "points" and bool(found.spec.crop))
        self.slides.setVisible(may_cut)
        self._slide_row.setVisible(may_cut and bool(found.spec.patch))
        self._mpp_row.setVisible(may_cut and bool(found.spec.patch))
        self.split.setVisible(n_test > 0)
        self.setVisible(bool(found.lists or found.places or found.n_slides or n_test))

    def _tick(self, box: QCheckBox, ticked: bool) -> None:
        box.blockSignals(True)
        box.setChecked(ticked)
        box.blockSignals(False)

    def _chosen(self) -> None:
        self.decided = True
        self.changed.emit()

    def _list_clicked(self) -> None:
        if self._list is not None:
            self.list_wanted.emit(self._list)


def _set(field: Number, value: int) -> None:
    field.blockSignals(True)
    field.setValue(value)
    field.blockSignals(False)


def _line(*widgets: QWidget, stretch: bool = False) -> QWidget:
    line = QWidget()
    box = row(*widgets) if stretch else row(*widgets, None)
    if stretch:
        box.setStretch(0, 1)
    line.setLayout(box)
    return line
