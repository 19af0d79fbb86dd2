"""The filter: a line to type in, its conditions as chips, filters kept under a name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.browse.filter_field import FilterField
from medlabeler.gui.browse.filter_name import FilterNameDialog
from medlabeler.gui.browse.help import SyntaxDialog
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.kit.flow import FlowLayout
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import Elided, add_action, caption, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.open_project.finding.fields import STATES, Field, Kind
from medlabeler.open_project.finding.syntax import Term, condition, quote
from medlabeler.open_project.finding.syntax import with_condition as with_added
from medlabeler.open_project.finding.syntax import without as text_without
from medlabeler.open_project.finding.words import chip
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.saved_filters import SavedFilter

MOST_VALUES = 40
CHIP_PIXELS = 280
_READY = {
    Kind.SHARE: (
        (tr("under 50 %"), "<50"),
        (tr("50 to 80 %"), ":50..80"),
        (tr("over 80 %"), ">80"),
        (tr("over 95 %"), ">95"),
    ),
    Kind.DAY: ((tr("today"), ":today"), (tr("yesterday"), ":yesterday"), (tr("before today"), "<today")),
}


class FilterBar(QWidget):
    """Shows and changes the filter of the finder; several bars of one project show the same."""

    left = Signal()
    """The person is done typing: the keys go back to the images."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.field = FilterField(opened.finder, self)
        self.field.left.connect(self.left)
        self.add_button = self._menu_button(
            tr("Condition"), tr("Add a condition by choosing"), self._fill_fields
        )
        self.saved_button = self._menu_button(
            tr("Filters"), tr("Filters kept under a name"), self._fill_saved
        )
        self.help_button = QToolButton()
        self.help_button.setToolTip(tr("How a filter is written"))
        self.help_button.setAccessibleName(tr("How a filter is written"))
        self.help_button.clicked.connect(self._show_help)
        self.problem = Elided(Qt.TextElideMode.ElideRight)
        set_role(self.problem, "problem")
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips)
        self._shown: tuple[object, ...] = ()
        line = QHBoxLayout()
        line.setSpacing(4)
        line.addWidget(self.field, 1)
        for button in (self.add_button, self.saved_button, self.help_button):
            line.addWidget(button)
        box = QVBoxLayout(self)
        box.setContentsMargins(8, 6, 8, 2)
        box.setSpacing(4)
        box.addLayout(line)
        box.addWidget(self._chips)
        box.addWidget(self.problem)
        opened.finder.changed.connect(self.refresh)
        self._tint()
        self.refresh()

    def _menu_button(self, text: str, words: str, fill: Callable[[QMenu], None]) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setToolTip(tip(words))
        button.setAccessibleName(words)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        menu.setToolTipsVisible(True)
        menu.aboutToShow.connect(lambda: _refill(menu, fill))
        button.setMenu(menu)
        return button

    def _tint(self) -> None:
        for button, name in (
            (self.add_button, "add"), (self.saved_button, "save"), (self.help_button, "help"),
        ):  # fmt: skip
            button.setIcon(icon(name))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "problem"):
            self._tint()
            self._shown = ()
            self.refresh()

    def start(self) -> None:
        """Let the person type."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    # ------------------------------------------------------------------ what is in force

    def refresh(self) -> None:
        """Show the filter of the finder."""
        finder = self.opened.finder
        self.field.show_text(finder.text)
        self.setEnabled(not self.opened.blind)
        self.problem.set_full(finder.problem)
        self.problem.setVisible(bool(finder.problem))
        terms = () if finder.problem else finder.terms
        shown = (terms, tuple(self.opened.classes))
        if shown == self._shown:
            return
        self._shown = shown
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for term in terms:
            self._flow.addWidget(self._chip(term))
        self._chips.setVisible(bool(terms))
        self._flow.invalidate()

    def chips(self) -> list[str]:
        """What the chips say."""
        buttons = (self._flow.itemAt(at) for at in range(self._flow.count()))
        return [b.widget().accessibleName().removeprefix("Take away: ") for b in buttons if b is not None]  # type: ignore[union-attr]  # each item holds a button

    def _chip(self, term: Term) -> QToolButton:
        words = chip(term, self.opened.finder.fields, self.opened.classes)
        button = QToolButton()
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setLayoutDirection(Qt.LayoutDirection.RightToLeft)  # the cross stands behind the words
        button.setIcon(icon("cancel"))
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, CHIP_PIXELS)
        button.setText(caption(shown))
        button.setToolTip(tip(tr("{words}\nClick takes this condition away", words=words)))
        button.setAccessibleName(tr("Take away: {words}", words=words))
        set_role(button, "chip")
        button.clicked.connect(lambda: self._take_away(term))
        return button

    def _take_away(self, term: Term) -> None:
        self._look_for(text_without(self.opened.finder.text, term))

    def _look_for(self, text: str) -> None:
        self.field.setText(text)
        self.field.apply()

    # ------------------------------------------------------------------ adding a condition

    def _fill_fields(self, menu: QMenu) -> None:
        for field in self.opened.finder.fields:
            if field.kind is Kind.PART:
                add_action(menu, f"{field.title}…").triggered.connect(partial(self._begin, field))
                continue
            child = menu.addMenu(caption(field.title))
            child.menuAction().setToolTip(tip(field.title))  # else Qt takes the title itself for it
            child.aboutToShow.connect(lambda child=child, field=field: self._fill_values(child, field))

    def _begin(self, field: Field, *_: object) -> None:
        """Let the person type the value."""
        self.field.setText(f"{self.field.text().rstrip()} {quote(field.key)}:".lstrip())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_values(self, menu: QMenu, field: Field) -> None:
        menu.clear()
        if field.kind is Kind.STATE:
            for state, words in STATES.items():
                self._offer(menu, words, f"is:{state}")
            return
        for words, written in _READY.get(field.kind, ()):
            self._offer(menu, words, quote(field.key) + written)
        for value in list(self.opened.finder.values_of(field))[:MOST_VALUES]:
            self._offer(menu, self._title(field, value), condition(field.key, value))
        menu.addSeparator()
        self._offer(menu, tr("any value"), f"{quote(field.key)}:*")
        self._offer(menu, tr("no value"), f'{quote(field.key)}:""')
        add_action(menu, tr("Type it…")).triggered.connect(partial(self._begin, field))

    def _title(self, field: Field, value: str) -> str:
        if field.key not in ("label", "prediction", "reference"):
            return value or tr("(no name)")
        return next((c.title for c in self.opened.classes if c.name == value), value)

    def _offer(self, menu: QMenu, words: str, written: str) -> None:
        shown = self.fontMetrics().elidedText(words, Qt.TextElideMode.ElideMiddle, CHIP_PIXELS)
        add_action(menu, shown).triggered.connect(
            lambda _=False: self._look_for(with_added(self.field.text(), written))
        )

    # ------------------------------------------------------------------ filters under a name

    def _fill_saved(self, menu: QMenu) -> None:
        saved = self.opened.filters.all()
        for one in saved:
            action = add_action(menu, one.name)
            action.setToolTip(tip(one.text or tr("all images")))
            action.triggered.connect(partial(self.use, one))
        if saved:
            menu.addSeparator()
        keep = add_action(menu, tr("Save this filter…"))
        keep.setEnabled(bool(self.opened.finder.terms) and not self.opened.finder.problem)
        keep.triggered.connect(lambda _=False: self._ask_to_save())
        if saved:
            rename, delete = menu.addMenu(tr("Rename")), menu.addMenu(tr("Delete"))
            for one in saved:
                add_action(rename, f"{one.name}…").triggered.connect(
                    lambda _=False, name=one.name: self._ask_to_rename(name)
                )
                add_action(delete, one.name).triggered.connect(
                    lambda _=False, name=one.name: self.delete(name)
                )

    def use(self, saved: SavedFilter, *_: object) -> None:
        """Put a filter into force, with its order."""
        self._look_for(saved.text)
        self.opened.finder.sort_by(saved.order, saved.descending)

    def save(self, name: str) -> None:
        """Keep the filter in force under a name; `UserError` where it cannot be kept."""
        finder = self.opened.finder
        self.opened.filters.save(name, finder.text, finder.order.field, finder.order.descending)

    def _ask_to_save(self) -> None:
        show_dialog(FilterNameDialog(tr("Save this filter"), "", tr("Save"), self.save, self))

    def _ask_to_rename(self, name: str) -> None:
        rename = partial(self.opened.filters.rename, name)
        show_dialog(FilterNameDialog(tr("Rename the filter"), name, tr("Rename"), rename, self))

    def delete(self, name: str) -> None:
        """Forget a filter."""
        try:
            self.opened.filters.delete(name)
        except UserError as error:
            self.opened.failed.emit(str(error))

    def _show_help(self) -> None:
        show_dialog(SyntaxDialog(self))


def _refill(menu: QMenu, fill: Callable[[QMenu], None]) -> None:
    menu.clear()
    fill(menu)
