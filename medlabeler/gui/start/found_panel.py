"""What will be imported, before anything is made: counts, samples, what is left out, classes and groups."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QProgressBar,
    QPushButton,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.form import Sentence, row
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.start.import_preview import SAMPLES, Consequences, ImagesFound, Seen, without_group
from medlabeler.project.left_out import by_kind

SHOWN_CLASSES = 6
WIDTH = 340
ACROSS, SIDE, GAP = 4, 68, 4


class Samples(QWidget):
    """Some images side by side as a network sees them; names and problems are tooltips."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName(tr("Some images as the image model sees them"))
        down = -(-SAMPLES // ACROSS)
        self.setFixedSize(ACROSS * (SIDE + GAP) - GAP, down * (SIDE + GAP) - GAP)
        self.seen: list[Seen] = []
        self._images: list[QImage | None] = []

    def show_samples(self, seen: list[Seen]) -> None:
        """Show these."""
        self.seen = seen
        self._images = []
        for one in seen:
            if one.pixels is None:
                self._images.append(None)
                continue
            high, wide = one.pixels.shape[:2]
            image = QImage(one.pixels.tobytes(), wide, high, 3 * wide, QImage.Format.Format_RGB888)
            self._images.append(image.copy())
        self.setAccessibleDescription(", ".join(one.name for one in seen))
        self.update()

    def place(self, at: int) -> QRect:
        """Where the picture at a position is painted."""
        return QRect((at % ACROSS) * (SIDE + GAP), (at // ACROSS) * (SIDE + GAP), SIDE, SIDE)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ratio = self.devicePixelRatioF()
        for at in range(SAMPLES):
            box = self.place(at)
            image = self._images[at] if at < len(self._images) else None
            if image is not None:
                small = image.scaled(
                    QSize(round(SIDE * ratio), round(SIDE * ratio)),
                    Qt.AspectRatioMode.IgnoreAspectRatio,
                    Qt.TransformationMode.SmoothTransformation,
                )
                painter.drawImage(box, small)
                continue
            painter.fillRect(box, self.palette().alternateBase())
            if at < len(self.seen):
                icon("warning").paint(painter, box.adjusted(24, 24, -24, -24))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            shown = next((k for k in range(len(self.seen)) if self.place(k).contains(event.pos())), None)
            if shown is None:
                QToolTip.hideText()
            else:
                one = self.seen[shown]
                QToolTip.showText(event.globalPos(), tip(one.problem or one.name), self)
            return True
        return super().event(event)


class FoundPanel(QFrame):
    """What will be imported, in words, pictures and examples."""

    others_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.setFixedWidth(WIDTH)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setAccessibleName(tr("Looking for images"))
        self.images = Sentence(role="heading")
        self.details = Sentence()
        self.samples_head = PlainLabel(tr("As the image model sees them"))
        self.samples = Samples()
        self.others = QPushButton(icon("refresh"), tr("Others"), autoDefault=False)
        self.others.setToolTip(tr("Show other images, from random places"))
        set_role(self.others, "quiet")
        self.others.clicked.connect(self.others_wanted)
        self.left_out_head, self.left_out = PlainLabel(tr("Left out")), Sentence(role="plain")
        self.classes_head, self.groups_head = PlainLabel(tr("Reference labels")), PlainLabel(tr("Groups"))
        self.classes, self.groups = Sentence(role="plain"), Sentence(role="plain")
        self.note = Sentence(role="doubt")
        for head in (self.samples_head, self.left_out_head, self.classes_head, self.groups_head):
            set_role(head, "heading")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        inner = self._inner = QWidget()
        box = QVBoxLayout(inner)
        box.setContentsMargins(16, 12, 12, 12)
        box.setSpacing(5)
        for item in (self.bar, self.images, self.details):
            box.addWidget(item)
        self._samples_row = QWidget()
        self._samples_row.setLayout(row(self.samples_head, None, self.others))
        box.addWidget(self._samples_row)
        box.addWidget(self.samples)
        for head, body in (
            (self.groups_head, self.groups),
            (self.left_out_head, self.left_out),
            (self.classes_head, self.classes),
        ):
            box.addSpacing(6)
            box.addWidget(head)
            box.addWidget(body)
            if body is self.groups:
                box.addWidget(self.note)
                box.addLayout(self._grid)
        box.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setAccessibleName(tr("What you import"))
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        scroll.viewport().setAutoFillBackground(False)
        inner.installEventFilter(self)
        inner.setAutoFillBackground(False)
        around = QVBoxLayout(self)
        around.setContentsMargins(1, 1, 1, 1)
        around.addWidget(scroll)
        self.empty()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Sentences are as high as their width makes them, of which the area that scrolls knows nothing."""
        layout = self._inner.layout()
        if event.type() == QEvent.Type.LayoutRequest and layout is not None:
            layout.activate()
            self._inner.setMinimumHeight(layout.totalHeightForWidth(self._inner.width()))
        return super().eventFilter(watched, event)

    def empty(self) -> None:
        """Nothing is chosen yet."""
        self.bar.hide()
        self.images.say(tr("What you import"))
        self.details.say(tr("Choose images, and what is in them is shown here before anything is made."))
        self._nothing()

    def looking(self) -> None:
        """The disk is being asked."""
        self.bar.show()
        self.images.say(tr("Looking for images"))
        self.details.say("")
        self._nothing()

    def problem(self) -> None:
        """The field says why there is nothing."""
        self.bar.hide()
        self.images.say(tr("Nothing to import yet"))
        self.details.say("")
        self._nothing()

    def _nothing(self) -> None:
        self.left_out.say("")
        self.left_out_head.hide()
        self._show_samples_row(False)
        self.show_rules(None)

    def show_found(self, found: ImagesFound) -> None:
        """Tell the counts."""
        self.bar.hide()
        self.images.say(count(found.n, "whole slide" if found.spec.patch else "image"))
        parts = []
        if found.n_test:
            parts.append(tr("{n_test:,} of them given as test images.", n_test=found.n_test))
        if found.n_unlabelled:
            parts.append(tr("{n_unlabelled:,} given as unlabelled.", n_unlabelled=found.n_unlabelled))
        self.details.say(" ".join([f"{found.kind}.", *parts]))
        self._show_left_out(found)
        self.samples.show_samples([])
        self._show_samples_row(True)

    def show_samples(self, seen: list[Seen]) -> None:
        """Show images as the network sees them."""
        self.samples.show_samples(seen)

    def _show_samples_row(self, shown: bool) -> None:
        for widget in (self._samples_row, self.samples):
            widget.setVisible(shown)

    def _show_left_out(self, found: ImagesFound) -> None:
        """Every kind of what is left out, with its count and an example."""
        places = {str(found.spec.images)}
        # What is told of a folder as a whole is no file that is left out.
        whole = [*(reason for path, reason in found.skipped if path in places), *found.notes]
        kinds = by_kind((path, reason) for path, reason in found.skipped if path not in places)
        lines = [
            tr("{n:,}: {reason}, such as {name}.", n=kind.n, reason=kind.reason, name=_ending(kind.example))
            if kind.n > 1
            else f"{_ending(kind.example) or 1}: {kind.reason}."
            for kind in kinds
        ]
        self.left_out.say("\n".join([*lines, *whole]))
        n = sum(kind.n for kind in kinds)
        self.left_out_head.setText(tr("Left out: {n:,}", n=n) if n else tr("To know"))
        self.left_out_head.setVisible(bool(found.skipped or found.notes))

    def show_rules(self, made: Consequences | None) -> None:
        """Tell the classes and groups, or nothing."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for widget in (self.classes_head, self.groups_head):
            widget.setVisible(made is not None)
        if made is None:
            for line in (self.classes, self.groups, self.note):
                line.say("")
            return
        self.classes.say(_classes_sentence(made))
        grouped = made.groups.largest is not None
        self.groups.say(made.groups.sentence if grouped else tr("None."))
        self.note.say(
            without_group(made)
            if grouped
            else tr(
                "Without groups, images of one patient may end up on both sides of the test set, and the "
                "accuracy looks better than it is."
            )
        )
        if grouped:
            for at, (path, group) in enumerate(made.groups.examples):
                name = Elided(Qt.TextElideMode.ElideMiddle, path)
                set_role(name, "muted")
                belongs = PlainLabel(_shortened(group) if group is not None else tr("none"))
                belongs.setToolTip(tip(group or ""))
                set_role(belongs, "heading" if group is not None else "muted")
                self._grid.addWidget(name, at, 0)
                self._grid.addWidget(PlainLabel("→"), at, 1)
                self._grid.addWidget(belongs, at, 2, Qt.AlignmentFlag.AlignLeft)


def _classes_sentence(made: Consequences) -> str:
    if not made.classes:
        return tr("None: every label will be yours.")
    common = made.classes.most_common(SHOWN_CLASSES)
    names = ", ".join(
        tr("{shortened} ({number:,})", shortened=_shortened(name), number=number) for name, number in common
    )
    more = len(made.classes) - len(common)
    classes = (
        tr("1 class") if len(made.classes) == 1 else tr("{classes:,} classes", classes=len(made.classes))
    )
    return f"{classes}: {names}" + (tr(" and {more:,} more.", more=more) if more else ".")


def _shortened(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _ending(path: str) -> str:
    return path if len(path) <= 34 else "…" + path[-33:]
