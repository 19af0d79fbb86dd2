"""Reserve a test set, or enlarge it, in a project that is already in use."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QCursor, QGuiApplication
from PySide6.QtWidgets import QDialog, QLabel, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.types import LabelKind, Split
from medlabeler.gui.dialogs.found import proposal
from medlabeler.gui.dialogs.parts import Buttons, Number, Sentence, prepare, row
from medlabeler.gui.session import Session
from medlabeler.gui.words import count
from medlabeler.project.catalog import Catalog


@dataclass(frozen=True)
class Possible:
    """`n_test` images stand in the test set; `n_free` more can be drawn; `n_kept` images of the pool stay
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
    """What can be drawn, by the rule of `Catalog.reserve`; `kind` uint8 `LabelKind` (n,)."""
    spoilt = (catalog.split == Split.TEST) | (kind != LabelKind.CLEAR)
    barred = np.zeros(int(catalog.group.max(initial=-1)) + 1, np.bool_)
    barred[catalog.group[spoilt & (catalog.group >= 0)]] = True
    free = ~spoilt
    grouped = catalog.group >= 0
    free[grouped] &= ~barred[catalog.group[grouped]]
    n_test = int((catalog.split == Split.TEST).sum())
    return Possible(n_test, int(free.sum()), catalog.n - n_test - int(free.sum()))


class ReserveDialog(QDialog):
    """Draws as soon as it is accepted; labels are never taken."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        catalog = session.project.catalog
        self.possible = possible(catalog, session.project.labels.kind)
        now = self.possible.n_test
        prepare(self, "Enlarge the test set" if now else "Reserve a test set", QSize(560, 300))
        self.now = Sentence(_now(session, self.possible), "heading")
        self.size = Number("Size of the test set in images", 0, 10_000_000)
        self.size.setValue(min(self.possible.most, max(proposal(catalog.n), round(now * 1.5))))
        self.size.selectAll()
        self.problem = Sentence(role="problem")
        self.explain = Sentence(_explanation(session, self.possible))
        self.caution = Sentence(_caution(session))
        self.buttons = Buttons(self, "Reserve")
        self.buttons.go.clicked.connect(self.accept)
        self.size.valueChanged.connect(self._update)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(self.now)
        box.addLayout(row(QLabel("Test set of"), self.size, QLabel("images in all"), None))
        for widget in (self.problem, self.explain, self.caution):
            box.addWidget(widget)
        box.addStretch(1)
        box.addWidget(self.buttons)
        self.size.setFocus()
        self._update()

    def accept(self) -> None:
        """Draw, store, tell the panels."""
        if not self.buttons.go.isEnabled():
            return
        session = self._session
        QGuiApplication.setOverrideCursor(QCursor(Qt.CursorShape.WaitCursor))
        try:
            moved = session.project.catalog.reserve(
                self.size.value(),
                seed=int(session.project.settings.get("seed", 0) or 0),
                reason="enlarged by hand" if self.possible.n_test else "by hand",
            )
            session.project.settings.set("reserved", True)
        except UserError as error:
            self.problem.say(str(error))
            return
        finally:
            QGuiApplication.restoreOverrideCursor()
        session.refresh(Changes.IMAGES)
        session.clear_selection()
        if any(session.split[s.row] == Split.TEST for s in session.suggestions):
            session.replace_suggestions()
        total = self.possible.n_test + moved
        session.message.emit(f"{count(moved, 'image')} moved to the test set, which now holds {total:,}.")
        super().accept()

    def _update(self) -> None:
        wanted, can = self.size.value(), self.possible
        self.problem.say("")
        missing = ""
        if can.most <= can.n_test:
            missing = (
                "No image can be drawn: all of them, or their groups, have labels or are in the test set."
            )
        elif wanted <= can.n_test:
            missing = "Ask for at least one image more."
        elif wanted > can.most:
            missing = f"At most {can.most:,} images are possible."
        self.buttons.allow(missing)
        more = wanted - can.n_test
        self.buttons.go.setText(f"Reserve {more:,} more" if not missing and can.n_test else "Reserve")


def _now(session: Session, can: Possible) -> str:
    if not session.n:
        return "The project has no images yet."
    if not can.n_test:
        return f"There is no test set yet; {can.n_free:,} of {count(session.n, 'image')} can be drawn."
    return f"The test set holds {count(can.n_test, 'image')}; {can.n_free:,} more can be drawn."


def _explanation(session: Session, can: Possible) -> str:
    grouped = session.project.catalog.has_groups
    how = (
        "Whole groups are drawn at random, so there may be a few images more than you ask for."
        if grouped
        else "Images are drawn at random; without groups, images of one patient may end up on both sides."
    )
    kept = (
        f" {count(can.n_kept, 'image')} of the pool stay{'s' if can.n_kept == 1 else ''} there, with "
        f"the labels: an image that is labelled{', or whose group is,' if grouped else ''} is never taken."
        if can.n_kept
        else " They are never trained on and never suggested from now on."
    )
    return how + kept


def _caution(session: Session) -> str:
    if not (session.project.labels.kind != LabelKind.CLEAR).any():
        return ""
    return (
        "Labelling has begun, so this test set is drawn from what is not labelled yet: where suggestions "
        "picked the hard images first, what is left is easier, and the accuracy on it looks a little better."
    )
