"""The map and its legend, fed from the open project. The only place where the map meets the project."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind, Remark, Split
from medlabeler.domain.words import count, percent
from medlabeler.gui.kit.field_words import explained
from medlabeler.gui.kit.plain import Elided
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.kit.thumbnail_images import ThumbnailImages
from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.map.colouring import Colouring, by_column, by_day, by_remark, colouring
from medlabeler.gui.map.legend import Legend
from medlabeler.gui.map.view import MapView
from medlabeler.open_project.engine import LARGE
from medlabeler.open_project.finding.values import local_offset
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.pipeline import FIRST_MAP
from medlabeler.project.columns import Column

CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier

CAPTIONS = {
    "umap": tr("UMAP: alike images lie close; distances between islands mean little"),
    "pca": tr("PCA: a first overview; UMAP follows"),
}
OF_PREDICTIONS = ("prediction", "confidence", "agreement")
"""Schemes that newer predictions change."""
ONE_BY_ONE = (*OF_PREDICTIONS, "label", "split", "reference")
"""Schemes by which an image has its colour whatever the others have."""
MOST_PATCHED = 2_000
"""So many changed labels are drawn alone; for more all points are drawn anew."""
ALL_LATER_MS = 400
LOOKED_MS = 300
"""So long after the view last moved it is worked out what is in sight."""
MARK_WORDS = {
    LabelKind.SKIP: tr("skipped"),
    LabelKind.NOT_SURE: tr("not sure"),
    LabelKind.BAD_IMAGE: tr("bad image"),
}


class MapPanel(QWidget):
    """Map with a line above it that says what the keys would label. `legend` is laid out by the page."""

    menu_wanted = Signal(object)  # global position

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.view = MapView()
        self.legend = Legend()
        self.hint = Elided(Qt.TextElideMode.ElideRight)
        set_role(self.hint, "muted")
        self._head = head = QHBoxLayout()
        head.setContentsMargins(8, 4, 10, 4)
        head.setSpacing(10)
        head.addWidget(self.hint, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addLayout(head)
        box.addWidget(self.view, 1)
        self._colouring = self._compute()
        self._had_points = False
        # Several signals of one action arrive together; they are drawn once.
        self._recolour = Patient(self, self._show_colours)
        self._looked = QTimer(self, interval=LOOKED_MS, singleShot=True)
        self._looked.timeout.connect(self._look)
        self._shown_labels = opened.label
        self.thumbnails = ThumbnailImages.of(opened)
        self.view.set_thumbnail_source(self.thumbnails.get, self._request)
        self.view.set_hover_text(self._hover_text)
        self.view.clicked.connect(self._on_click)
        self.view.lassoed.connect(self._on_lasso)
        self.view.menu_requested.connect(self._on_menu)
        self.legend.hidden_changed.connect(self._on_hidden)
        self.legend.clicked.connect(self._select_code)
        self.thumbnails.loaded.connect(self.view.thumbnails_loaded)
        opened.changed.connect(self._on_changed)
        opened.runner.finished.connect(self._show_caption)
        opened.selection_changed.connect(self._on_selection)
        opened.current_changed.connect(self._on_current)
        opened.view_changed.connect(self._on_view)
        opened.finder.changed.connect(self._on_found)
        opened.engine.glimpsed.connect(self._on_glimpse)
        opened.engine.ask_what_is_in_sight(self.view.rows_in_sight)
        self.view.view_changed.connect(self._looked.start)
        self._show_points()
        self._recolour.stop()  # these are the colours of now
        self._put_on(self._colouring)
        self._show_hint()
        self._on_current()

    def put_above(self, widget: QWidget) -> None:
        """Let `widget` stand above the map, over its whole width."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)  # noqa: S101 - made above
        layout.insertWidget(0, widget)

    def add_tools(self, tools: QWidget) -> None:
        """Show `tools` before the line above the map."""
        self._head.insertWidget(0, tools)

    # ------------------------------------------------------------------ from the open project

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.IMAGES:
            self.view.canvas.thumbnails.forget()  # a file may have been replaced
        if changes & (Changes.IMAGES | Changes.EMBEDDING | Changes.PROJECTION):
            self._show_points()
        of_all = changes & (Changes.CLASSES | Changes.MODEL | Changes.IMAGES | Changes.REMARKS)
        if of_all or (changes & Changes.LABELS and not self._label_some()):
            self._recolour.start(0)
        if changes & (Changes.LABELS | Changes.IMAGES | Changes.CLASSES):
            self._show_hint()

    def _on_view(self) -> None:
        self._on_current()
        self._recolour.start(0)
        self._show_hint()

    def _on_selection(self) -> None:
        self.view.set_selection(self.opened.selection)
        self.legend.set_entries(self._colouring.entries(self.opened.selection), self._colouring.title)
        self._show_hint()

    def _on_current(self) -> None:
        # To whoever should judge blind even the place on the map could tell what the classifier thinks.
        opened = self.opened
        hidden = opened.current >= 0 and opened.judged_blind(opened.current)
        self.view.set_current(-1 if opened.blind or hidden else opened.current)
        self._show_hint()

    def _on_found(self) -> None:
        match = self.opened.finder.match
        usable = match is not None and len(match) == self.view.points.n
        self.view.set_found(match if usable else None)
        self._show_hint()

    def _show_points(self) -> None:
        opened = self.opened
        placed = np.isfinite(opened.xy[:, 0]).any() if opened.n else False
        self.view.set_points(opened.xy, animate=self._had_points)
        self._had_points = bool(placed)
        self._on_found()
        self._show_caption()
        self._show_empty()
        self._recolour.start(0)
        self._looked.start()

    def _show_caption(self) -> None:
        opened = self.opened
        on_map, text = opened.n_on_map, CAPTIONS.get(opened.projection, "")
        if on_map and opened.runner.running("embed"):
            text = tr(
                "{on_map:,} of {images}: the map grows, and is laid out again at the end",
                on_map=on_map,
                images=count(opened.n, "image"),
            )
        self.view.set_caption(text if on_map else "", explained(text))

    def _show_empty(self) -> None:
        n = self.opened.n
        if not n:
            text = tr("The map appears here as soon as images are imported.")
        elif n > FIRST_MAP:
            text = tr(
                "{images} imported. The map appears with the first {first_map} that an image "
                "model has looked at, and grows with the others.",
                images=count(n, "image"),
                first_map=FIRST_MAP,
            )
        else:
            text = tr(
                "{images} imported. The map appears when an image model has looked at them.",
                images=count(n, "image"),
            )
        self.view.set_empty_text(text)

    # ------------------------------------------------------------------ some points of many

    def _look(self) -> None:
        """Know what is in sight before a click asks for it."""
        if self.opened.n >= LARGE:
            self.view.rows_in_sight()

    def _label_some(self) -> bool:
        """Show the labels that changed, of a map on which to draw all takes long; all are drawn when their
        predictions are there, or soon. False where all have to be drawn now.
        """
        opened = self.opened
        if opened.n < LARGE or opened.model is None or self._recolour.isActive():
            return False
        rows = opened.relabelled_since(self._shown_labels)
        if rows is None or len(rows) > MOST_PATCHED or not self._patch(rows):
            return False
        if not self.view.patch_marks(rows, opened.kind[rows] == LabelKind.LABEL):
            return False
        self._shown_labels = opened.label
        self._recolour.start(ALL_LATER_MS)
        return True

    def _on_glimpse(self) -> None:
        glimpse = self.opened.glimpse
        if glimpse is not None and self.opened.colour_by in OF_PREDICTIONS:
            self._patch(glimpse.rows)

    def _patch(self, rows: NDArray[np.int64]) -> bool:
        """Colour these images as they are now; False, and nothing done, where all have to be drawn anew."""
        found = self._colour_some(rows)
        if found is None:
            return False
        codes, palette, _, _ = found.drawn()
        return self.view.patch_colours(rows, codes, palette)

    def _colour_some(self, rows: NDArray[np.int64]) -> Colouring | None:
        """The colours of these images alone, by the newest predictions; None where a scheme needs all."""
        opened, glimpse = self.opened, self.opened.glimpse
        if opened.blind or opened.colour_by not in ONE_BY_ONE:
            return None
        prediction, confidence = opened.prediction[rows], opened.confidence[rows]
        if glimpse is not None:
            known = np.searchsorted(glimpse.rows, rows).clip(max=len(glimpse.rows) - 1)
            newer = glimpse.rows[known] == rows
            prediction = np.where(newer, glimpse.prediction[known], prediction)
            confidence = np.where(newer, glimpse.confidence[known], confidence)
        return colouring(
            opened.colour_by,
            classes=opened.classes,
            label=opened.label[rows],
            kind=opened.kind[rows],
            prediction=prediction,
            confidence=confidence,
            split=opened.split[rows],
            reference=opened.reference[rows],
        )

    def _with_glimpse(self, codes: NDArray[np.uint16], palette: NDArray[np.uint8]) -> NDArray[np.uint16]:
        """Codes (n,) with the newest predictions of the images in sight, where there are some."""
        glimpse = self.opened.glimpse
        if glimpse is None or self.opened.colour_by not in OF_PREDICTIONS:
            return codes
        found = self._colour_some(glimpse.rows)
        if found is None:
            return codes
        newer, of, _, _ = found.drawn()
        if np.array_equal(of, palette):
            codes = codes.copy()
            codes[glimpse.rows] = newer
        return codes

    def _compute(self) -> Colouring:
        opened = self.opened
        scheme = opened.colour_by
        column = None
        if scheme in ("by", "date", "remarks") and not opened.blind:
            return self._compute_own(scheme)
        if scheme == "group":
            column, scheme = opened.project.catalog.groups(), "meta:group"
        elif scheme.startswith("meta:"):
            name = scheme.removeprefix("meta:")
            if name in opened.project.catalog.metadata_columns():
                column = opened.project.catalog.metadata(name)
            else:
                scheme = "label"
        return colouring(
            scheme,
            classes=opened.classes,
            label=opened.label,
            kind=opened.kind,
            prediction=opened.prediction,
            confidence=opened.confidence,
            split=opened.split,
            reference=opened.reference,
            column=column,
            hide=opened.blind,
        )

    def _compute_own(self, scheme: str) -> Colouring:
        """Who labelled, when, and what was remarked: of decisions the screen may tell."""
        opened = self.opened
        told = opened.kind != LabelKind.CLEAR
        if scheme == "remarks":
            remarks = opened.project.remarks
            kinds = (Remark.FLAG, Remark.FAVOURITE, Remark.NOTE)
            return by_remark(*(remarks.mask(what, opened.n) for what in kinds))
        names, who, when = opened.project.labels.log.latest_by()
        if scheme == "by":
            shown = Column([name or tr("(no name)") for name in names], np.where(told, who, np.int32(-1)))
            return by_column(tr("Labelled by"), shown)
        days = np.where(told, when + local_offset(), np.datetime64("NaT", "ms"))
        return by_day(tr("Labelled on"), days.astype("datetime64[D]"))

    def _show_colours(self) -> None:
        self._colouring = self._compute()
        self._put_on(self._colouring)

    def _put_on(self, found: Colouring) -> None:
        opened = self.opened
        self.legend.set_entries(found.entries(opened.selection), found.title)
        self.legend.set_scale(found.scale)
        codes, palette, hidden, names = found.drawn(self.legend.hidden)
        codes = self._with_glimpse(codes, palette)
        self._shown_labels = opened.label
        self.view.set_colours(codes, palette, hidden, names)
        if opened.blind:
            self.view.set_marks()
        else:
            labelled = opened.kind == LabelKind.LABEL
            self.view.set_marks(labelled, opened.split == Split.TEST)
        self.view.set_selection(self.opened.selection)

    def _show_hint(self) -> None:
        self.hint.set_full(hint(self.opened))

    # ------------------------------------------------------------------ thumbnails

    def _request(self, rows: Iterable[int]) -> None:
        for row in rows:
            self.thumbnails.get(int(row))

    def _hover_text(self, row: int) -> str:
        opened = self.opened
        lines = [opened.project.catalog.name(row)]
        if opened.blind:
            return lines[0]
        kind = LabelKind(int(opened.kind[row]))
        if kind == LabelKind.LABEL:
            lines.append(tr("label {class_name}", class_name=opened.class_name(opened.label[row])))
        elif kind in MARK_WORDS:
            lines.append(MARK_WORDS[kind])
        newer = opened.glimpse.of(row) if opened.glimpse is not None else None
        predicted, sure = newer or (opened.prediction[row], opened.confidence[row])
        if predicted != NO_CLASS:
            name = opened.class_name(predicted)
            lines.append(tr("prediction {name} {sure}", name=name, sure=percent(sure)))
        if opened.split[row] == Split.TEST:
            lines.append(tr("test set"))
        return "\n".join(lines)

    # ------------------------------------------------------------------ from the person

    def _on_click(self, row: int, modifiers: Qt.KeyboardModifier) -> None:
        if self.opened.blind:
            return
        if row < 0:
            if not modifiers & CONTROL:
                self.opened.clear_selection()
        elif modifiers & CONTROL:
            # The first ctrl-click also keeps the image that was on show.
            if not self.opened.selection.any() and self.opened.current >= 0:
                self.opened.set_selection([self.opened.current], "add")
            self.opened.set_selection([row], "toggle")
        else:
            self.opened.set_selection([row])

    def _on_lasso(self, rows: np.ndarray, modifiers: Qt.KeyboardModifier) -> None:
        if self.opened.blind:
            return
        found = self.opened.finder.match
        if found is not None:  # what is dimmed is not meant
            rows = rows[found[rows]]
        mode = "add" if modifiers & CONTROL else "remove" if modifiers & ALT else "replace"
        self.opened.set_selection(rows, mode)

    def _on_menu(self, row: int, where: QPoint) -> None:
        if row >= 0 and not self.opened.blind and not self.opened.selection[row]:
            self.opened.set_selection([row])
        self.menu_wanted.emit(where)

    def _on_hidden(self, codes: set[int]) -> None:
        self.opened.set_hidden(codes)

    def _select_code(self, code: int) -> None:
        if not self.opened.blind:
            meant = self._colouring.codes == code
            if (found := self.opened.finder.match) is not None:
                meant &= found
            self.opened.set_selection(np.flatnonzero(meant))


def hint(opened: OpenProject) -> str:
    """What is selected and what a key would do, in one line."""
    if opened.blind:
        test = opened.split == Split.TEST
        left = int((test & (opened.kind == LabelKind.CLEAR)).sum())
        return tr(
            "Blind mode: {test_images} left · predictions and colours are hidden",
            test_images=count(left, "test image"),
        )
    rows = opened.selected
    if opened.finder.match is not None and len(rows) < 2:
        return tr(
            "{rows:,} of {images} meet the filter; the others are grey",
            rows=len(opened.finder.rows),
            images=count(opened.n, "image"),
        )
    if len(rows) > 1:
        test = int((opened.split[rows] == Split.TEST).sum())
        text = tr("{images} selected", images=count(len(rows), "image"))
        return text + (
            tr(" · {test_images} among them will be left out", test_images=count(test, "test image"))
            if test
            else ""
        )
    row = int(rows[0]) if len(rows) else opened.current
    if row >= 0:
        name = opened.project.catalog.name(row)
        if opened.split[row] == Split.TEST:
            return tr("{name} · test set, labelled in blind mode only", name=name)
        return name
    if not opened.projection:
        return ""
    if not opened.classes:
        return tr("Add a class at the left, then click a point or draw a lasso and press the class's key")
    return tr("Click a point, or draw a lasso, then press a class's key")
