"""Which mix of classes PPV and NPV are stated for: the pool's by random draws, or shares a person types."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.plain import PlainLabel
from medlabeler.gui.kit.theme import set_role
from medlabeler.learning.accuracy.pool_values import NOTHING, Proportion, at_shares
from medlabeler.learning.accuracy.report import Report
from medlabeler.project.settings import ProjectSettings

POOL, OWN = "pool", "own"
FAIR = ("random draws", "test set")
"""What a figure must be scored on for its errors to be those on other images of the class."""
TOLERANCE = 0.05
"""Percent that the sum of the shares may be off, for thirds."""


def rounded(shares: Sequence[float]) -> list[float]:
    """`shares` scaled to percent with one decimal that sum to 100, the largest taking what rounding left."""
    total = math.fsum(shares)
    out = [round(100 * s / total, 1) if total else round(100 / len(shares), 1) for s in shares]
    if out:
        largest = out.index(max(out))
        out[largest] = round(out[largest] + 100 - math.fsum(out), 1)
    return out


def problem(shares: Sequence[float]) -> str:
    """Why shares in percent are no mix of classes; empty if they are."""
    total = math.fsum(shares)
    if abs(total - 100) <= TOLERANCE:
        return ""
    missing = 100 - total
    return tr(
        "Sum {total:.1f} %: {missing:.1f} % {missing2}.",
        total=total,
        missing=abs(missing),
        missing2=tr("missing") if missing > 0 else tr("too much"),
    )


class PriorChoice(QWidget):
    """A choice, and under "my own" the sum of the shares and a way to make it 100 %.

    Kept in the project as setting "prior": {"use": "pool" | "own", "shares": {class id: percent}}; shares
    that do not sum to 100 % are not kept. `changed` when figures are to be shown anew.
    """

    changed = Signal()

    def __init__(self, settings: ProjectSettings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        stored = settings.get("prior", None) or {}
        self.shares: dict[int, float] = {int(k): float(v) for k, v in stored.get("shares", {}).items()}
        self._ids: list[int] = []
        self.choice = ChoiceBox(tr("Mix of classes that PPV and NPV are stated for"))
        self.choice.addItem(tr("the shares among the training images"), POOL)
        self.choice.addItem(tr("my own shares"), OWN)
        self.choice.setCurrentIndex(1 if stored.get("use") == OWN else 0)
        self.choice.activated.connect(self._chosen)
        self.note = PlainLabel()
        self.scale = QPushButton(tr("Scale to 100 %"), autoDefault=False)
        self.scale.clicked.connect(self._scale)
        caption = PlainLabel(tr("PPV and NPV for"))
        caption.setBuddy(self.choice)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        for widget in (caption, self.choice, self.note, self.scale):
            box.addWidget(widget)
        box.addStretch(1)

    @property
    def own(self) -> bool:
        """Whether the shares are the person's."""
        return bool(self.choice.currentData() == OWN)

    def state(self, report: Report) -> Report:
        """`report` with the values of each class at the mix chosen; also shows the note."""
        rows = report.per_class
        self._ids = [row.class_id for row in rows]
        if not self.own or not rows:
            self._tell("")
            return report
        if not any(self.shares.get(i) for i in self._ids):
            self._take(
                dict(
                    zip(
                        self._ids,
                        rounded([row.share.value if row.share else 0.0 for row in rows]),
                        strict=True,
                    )
                )
            )
        percent = [self.shares.get(i, 0.0) for i in self._ids]
        wrong = problem(percent)
        absent = [row.name for row, p in zip(rows, percent, strict=True) if p > 0 and not row.support]
        shares = [p / 100 for p in percent]
        fair = report.scored in FAIR
        values = (NOTHING,) * len(rows)
        if fair and not wrong:
            images = np.array([row.effective or 0.0 for row in rows])
            values = at_shares(np.array(report.rates or report.confusion), images, np.array(shares))
        stated = tuple(
            replace(row, share=Proportion(share, share, share, 0), ppv=of.positive, npv=of.negative)
            for row, share, of in zip(rows, shares, values, strict=True)
        )
        if wrong or not (absent or not fair):
            self._tell(wrong, can_scale=bool(wrong) and sum(percent) > 0)
        elif not fair:
            self._tell(tr("Not known yet: these labels were chosen, not drawn at random."))
        else:
            self._tell(tr("No value can be told: no image of {absent} was measured.", absent=absent[0]))
        return replace(report, per_class=stated)

    def edit(self, class_id: int, percent: float) -> None:
        """A person typed a share."""
        self._take({**self.shares, class_id: percent})
        self.changed.emit()

    def _take(self, shares: Mapping[int, float]) -> None:
        self.shares = dict(shares)
        self._keep()

    def _keep(self) -> None:
        if self.own and problem([self.shares.get(i, 0.0) for i in self._ids]):
            return
        kept = {str(i): share for i, share in self.shares.items()}
        self._settings.keep("prior", {"use": OWN if self.own else POOL, "shares": kept})

    def _chosen(self) -> None:
        self._keep()
        self.changed.emit()

    def _scale(self) -> None:
        percent = rounded([self.shares.get(i, 0.0) for i in self._ids])
        self._take({**self.shares, **dict(zip(self._ids, percent, strict=True))})
        self.changed.emit()

    def _tell(self, words: str, *, can_scale: bool = False) -> None:
        told = words or (tr("Double-click a share to change it.") if self.own and self._ids else "")
        set_role(self.note, "problem" if words else "muted")
        self.note.style().unpolish(self.note)
        self.note.style().polish(self.note)
        self.note.setText(told)
        self.scale.setVisible(can_scale)
