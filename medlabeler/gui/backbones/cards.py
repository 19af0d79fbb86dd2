"""The three backbones that most people choose from, each as a card."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass

from PySide6.QtCore import Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.domain.model_names import short_name, shown_name
from medlabeler.gui.kit.elements import small
from medlabeler.gui.kit.form import Sentence
from medlabeler.gui.kit.plain import PlainLabel, caption
from medlabeler.gui.kit.theme import set_role
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, REGISTRY, STARTER


@dataclass(frozen=True)
class Offer:
    """A backbone, what it is offered as, and for whom it is."""

    name: str
    title: str
    why: str


OFFERS = (
    Offer(
        DEFAULT,
        tr("Recommended"),
        tr("For most images. Learned without labels from 1.3 million photographs."),
    ),
    Offer(
        OFFLINE,
        tr("Works offline"),
        tr("For any images, without the internet. Learned with labels, so expect a coarser map."),
    ),
    Offer(
        STARTER,
        tr("For blood cells"),
        tr("For single cells on blood smears, without the internet. For other images it is worse."),
    ),
)


class Card(QFrame):
    """One offer; a click anywhere on it chooses it."""

    def __init__(self, offer: Offer, in_use: bool) -> None:
        super().__init__()
        set_role(self, "card")
        self.offer = offer
        info = REGISTRY[offer.name]
        self.choice = QRadioButton(caption(offer.title))
        self.choice.setFont(small(self.font(), 1.0, bold=True))
        self.choice.setAccessibleDescription(f"{shown_name(info.title)}. {offer.why}")
        title = short_name(info.title)
        self.backbone = PlainLabel(tr("{title} · in use", title=title) if in_use else title, wordWrap=True)
        self.where = Sentence("…")
        box = QVBoxLayout(self)
        box.setContentsMargins(14, 10, 14, 10)
        box.setSpacing(6)
        box.addWidget(self.choice)
        box.addWidget(self.backbone)
        box.addWidget(Sentence(offer.why, role=""))
        box.addStretch(1)
        box.addWidget(self.where)
        self.choice.toggled.connect(self._mark)

    def say_where(self, here: bool, in_folder: bool) -> None:
        """Whether its weights are on this machine, or in the folder that a person named."""
        info = REGISTRY[self.offer.name]
        absent = (
            tr("To download: {size_mb:,} MB", size_mb=info.size_mb)
            if info.source == "hub"
            else tr("Not installed here")
        )
        absent = tr("In the folder") if in_folder else absent
        self.where.say(tr("On this machine") if here else absent)

    def _mark(self, chosen: bool) -> None:
        self.setProperty("chosen", chosen)
        self.style().unpolish(self)
        self.style().polish(self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        self.choice.setChecked(True)
        self.choice.setFocus()


class BackboneCards(QWidget):
    """The cards side by side; `chosen` when a person takes one."""

    chosen = Signal(str)

    def __init__(self, current: str) -> None:
        super().__init__()
        self.cards = {offer.name: Card(offer, offer.name == current) for offer in OFFERS}
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(10)
        for name, card in self.cards.items():
            self._group.addButton(card.choice)
            row.addWidget(card, 1)
            card.choice.toggled.connect(lambda on, name=name: self.chosen.emit(name) if on else None)

    def select(self, name: str) -> None:
        """Show which of them is chosen; none if it is another backbone."""
        card = self.cards.get(name)
        if card is not None:
            card.choice.setChecked(True)
            return
        self._group.setExclusive(False)
        for other in self.cards.values():
            other.choice.setChecked(False)
        self._group.setExclusive(True)

    def show_here(self, here: Mapping[str, bool], in_folder: Container[str] = ()) -> None:
        """Which weights are on this machine, and which in a folder of weights."""
        for name, card in self.cards.items():
            card.say_where(here[name], name in in_folder)
