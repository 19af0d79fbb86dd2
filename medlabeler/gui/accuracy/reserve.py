"""Reserve a test set, or enlarge it: its size is chosen by the interval that it buys, shown live.

Each change draws in a thread of its own; what is accepted is the very draw whose interval was shown.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize, QTimer
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.gui.kit.form import Buttons, Number, Sentence, prepare, row
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.jobs import reserve
from medlabeler.jobs.reserve import proposal
from medlabeler.learning.accuracy.sampling_design import Promise
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.catalog import Catalog
from medlabeler.project.reservation import Reservation, free_rows

Proposed = tuple[reserve.Params, Reservation, Promise]
"""What would be drawn, and what it would buy."""

PAUSE_MS = 120
"""Rest after the last change before a draw."""
PER_GROUP = 10


@dataclass(frozen=True)
class Possible:
    """`n_test` images stand in the test set; `n_free` more can be drawn; `n_kept` training images stay
    because they or their groups are decided on, or their group is in the test set.
    """

    n_test: int
    n_free: int
    n_kept: int

    @property
    def most(self) -> int:
        """The largest test set there can be; an image is left for the pool."""
        return self.n_test + (self.n_free if self.n_kept else max(0, self.n_free - 1))


def possible(catalog: Catalog, kind: np.ndarray) -> Possible:
    """What can be drawn; `kind` uint8 `LabelKind` (n,)."""
    n_free = len(free_rows(catalog.group, catalog.split, kind))
    n_test = int((catalog.split == Split.TEST).sum())
    return Possible(n_test, n_free, int((catalog.split == Split.POOL).sum()) - n_free)


class ReserveDialog(QDialog):
    """Draws while it is being asked, stores once it is accepted; labels are never taken."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._opened = opened
        project = opened.project
        catalog = project.catalog
        self.possible = possible(catalog, project.labels.kind)
        self._frame = reserve.frame_of(project)
        self._shares, self._known_from = reserve.shares_of(project)
        self._drawn: tuple[reserve.Params, Reservation] | None = None
        self._accepting = False
        now = self.possible.n_test
        prepare(self, tr("Enlarge the test set") if now else tr("Reserve a test set"), QSize(600, 340))
        self.now = Sentence(_now(opened, self.possible), "heading")
        self.n_test = Number(tr("Size of the test set in images"), 0, 10_000_000)
        self.n_test.setValue(min(self.possible.most, max(proposal(catalog.n), round(now * 1.5))))
        self.n_test.selectAll()
        self.limit = QCheckBox(tr("At most"))
        self.limit.setEnabled(catalog.has_groups)
        self.per_group = Number(tr("Images of a group at most"), 1, 100_000)
        self.per_group.setValue(PER_GROUP)
        self.per_group.setEnabled(False)
        self.of_group = PlainLabel(tr("images of a group; the same labels then tell of more groups"))
        self.rare = QCheckBox(tr("More from rare-looking places of the map, weighted accordingly"))
        self.rare.setEnabled(self._frame.xy is not None)
        self.promise = Sentence(role="heading")
        self.warning = Sentence(role="problem")
        self.problem = Sentence(role="problem")
        self.explain = Sentence(_explanation(opened, self.possible))
        self.caution = Sentence(_caution(opened))
        self.buttons = Buttons(self, tr("Reserve"))
        self.buttons.go.clicked.connect(self.accept)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(self.now)
        box.addLayout(row(PlainLabel(tr("Test set of")), self.n_test, PlainLabel(tr("images in all")), None))
        if catalog.has_groups:
            box.addLayout(row(self.limit, self.per_group, self.of_group, None))
        if self._frame.xy is not None:
            box.addWidget(self.rare)
        for widget in (self.promise, self.warning, self.problem, self.explain, self.caution):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self._latest = Latest(self)
        self._latest.answered.connect(self._answered)
        self._pause = QTimer(self, interval=PAUSE_MS, singleShot=True)
        self._pause.timeout.connect(self._ask)
        self.n_test.valueChanged.connect(self._update)
        self.limit.toggled.connect(self.per_group.setEnabled)
        self.limit.toggled.connect(self._update)
        self.rare.toggled.connect(self._update)
        self.per_group.valueChanged.connect(self._update)
        self.n_test.setFocus()
        self._update()

    def params(self) -> reserve.Params:
        """What is asked for."""
        return reserve.Params(
            self.n_test.value(),
            self.per_group.value() if self.limit.isChecked() else None,
            reserve.RARE_FACTOR if self.rare.isChecked() else 1.0,
            int(self._opened.project.settings.get("seed", 0) or 0),
        )

    def accept(self) -> None:
        """Store what was drawn, as soon as it is drawn."""
        if not self.buttons.go.isEnabled():
            return
        if self._drawn is None or self._drawn[0] != self.params():
            self._accepting = True
            self._ask()
            return
        self._store(self._drawn[1])

    def _store(self, drawn: Reservation) -> None:
        opened = self._opened
        # A label set meanwhile, by a key in the main window, would no longer be free to draw.
        if (opened.project.labels.kind[drawn.rows] != LabelKind.CLEAR).any():
            self.problem.say(tr("Images of this draw were labelled meanwhile; open the dialog again."))
            return
        try:
            reason = tr("enlarged by hand") if self.possible.n_test else tr("by hand")
            result = reserve.apply(opened.project, drawn, reason)
        except UserError as error:
            self.problem.say(str(error))
            return
        opened.refresh(result.changes)
        opened.clear_selection()
        opened.message.emit(result.sentence)
        super().accept()

    def _ask(self) -> None:
        self._pause.stop()
        frame, params, shares = self._frame, self.params(), self._shares

        def question() -> Proposed:
            drawn = reserve.draw(frame, params)
            return params, drawn, reserve.promise(frame, drawn, shares)

        self._latest.ask(question)

    def _answered(self, answer: Proposed | UserError) -> None:
        accepting, self._accepting = self._accepting, False
        if isinstance(answer, UserError):
            self._drawn = None
            self.promise.say("")
            self.warning.say("")
            self.problem.say(str(answer))
            self.buttons.allow(tr("Choose another size."))
            return
        params, drawn, promise = answer
        self._drawn = (params, drawn)
        self.problem.say("")
        known = f" ({self._known_from})" if "rarest class" in promise.sentence else ""
        self.promise.say(f"{promise.sentence[:-1]}{known}.")
        self.warning.say(drawn.warning)
        self.explain.say(_explanation(self._opened, self.possible, drawn))
        more = tr(
            "Reserve {rows:,}{more}", rows=len(drawn.rows), more=tr(" more") if self.possible.n_test else ""
        )
        self.buttons.go.setText(more)
        if accepting and params == self.params():
            self._store(drawn)

    def _update(self, *_: object) -> None:
        wanted, can = self.n_test.value(), self.possible
        self._latest.forget()
        self._pause.stop()
        self._accepting = False
        self.problem.say("")
        missing = ""
        if can.most <= can.n_test:
            missing = tr(
                "No image can be drawn: all of them, or their groups, have labels or are in the test set."
            )
        elif wanted <= can.n_test:
            missing = tr("Ask for at least one image more.")
        elif wanted > can.most:
            missing = tr("At most {most:,} images are possible.", most=can.most)
        self.buttons.allow(missing)
        more = wanted - can.n_test
        self.buttons.go.setText(
            tr("Reserve {more:,} more", more=more) if not missing and can.n_test else tr("Reserve")
        )
        if missing:
            self.promise.say("")
            self.warning.say("")
        else:
            self._pause.start()


def _now(opened: OpenProject, can: Possible) -> str:
    if not opened.n:
        return tr("The project has no images yet.")
    if not can.n_test:
        return tr(
            "There is no test set yet; {n_free:,} of {images} can be drawn.",
            n_free=can.n_free,
            images=count(opened.n, "image"),
        )
    return tr(
        "The test set holds {images}; {n_free:,} more can be drawn.",
        images=count(can.n_test, "image"),
        n_free=can.n_free,
    )


def _explanation(opened: OpenProject, can: Possible, drawn: Reservation | None = None) -> str:
    grouped = opened.project.catalog.has_groups
    how = (
        tr("Whole groups are drawn at random, so there may be a few images more than you ask for.")
        if grouped
        else tr("Images are drawn at random; without groups, images of one patient may end up on both sides.")
    )
    if drawn is not None and grouped:
        how = tr(
            "{images} of {groups} drawn at random.",
            images=count(len(drawn.rows), "image"),
            groups=count(drawn.n_drawn, "group"),
        )
        if len(drawn.held_back):
            how += tr(
                " {held_back:,} more of these groups are held back: they neither train nor test.",
                held_back=len(drawn.held_back),
            )
    kept = (
        tr(
            " {images} {stay} for training, with the labels: an image that is "
            "labelled{or_whose_group_is} is never taken.",
            images=count(can.n_kept, "image"),
            stay=tr("stays") if can.n_kept == 1 else tr("stay"),
            or_whose_group_is=tr(", or whose group is,") if grouped else "",
        )
        if can.n_kept
        else tr(" Test images are never trained on and never suggested from now on.")
    )
    return how + kept


def _caution(opened: OpenProject) -> str:
    if not (opened.project.labels.kind != LabelKind.CLEAR).any():
        return ""
    return tr(
        "Labelling has begun, so this test set is drawn from what is not labelled yet: where suggestions "
        "picked the hard images first, what is left is easier, and the accuracy on it looks a little better."
    )
