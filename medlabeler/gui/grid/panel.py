"""The grid: images predicted as one class, or a lasso, to confirm a page at a time."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPoint
from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import LabelKind, Split
from medlabeler.domain.words import count
from medlabeler.gui.classes.keys import ClassKeys
from medlabeler.gui.grid import words as bulk_words
from medlabeler.gui.grid.bars import BottomBar, TopBar
from medlabeler.gui.grid.corrections import Corrections, corrections_menu
from medlabeler.gui.grid.view import GridView
from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.turns import Patient
from medlabeler.learning.accuracy.bulk_error import BulkError
from medlabeler.open_project.bulk_errors import Agreed, agreed, error_of_bulk_labels, next_checks
from medlabeler.open_project.bulk_page import Page
from medlabeler.open_project.bulk_sources import SELECTION, Sources
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.journal import Step

REMEMBERED = 20
"""Pages that undo, and turning back, can bring back as they were."""


class GridPanel(QWidget):
    """A page of images: mark the wrong ones, confirm the rest as one step; then the next page comes.

    A page stays as it was laid out until it is confirmed or turned: no refit moves an image under the hand.
    By default it holds as many images as fit on the screen, so that nothing is confirmed that nobody saw; of
    a longer page only what was scrolled to is confirmed. The page of a confirm that is undone comes back with
    its marks.
    """

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.sources = Sources(opened)
        self.top, self.bottom = TopBar(opened), BottomBar()
        self.view = GridView(opened)
        self.view.side = self.top.side.value()
        self.empty = EmptyState("", "")
        holder = QWidget()
        self.stack = QStackedLayout(holder)
        self.stack.addWidget(self.view)
        self.stack.addWidget(self.empty)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.top)
        box.addWidget(holder, 1)
        box.addWidget(self.bottom)
        self._turned: list[Page] = []
        self._confirmed: list[Page] = []
        self._agreed: Agreed | None = None
        self._error: BulkError | None = None
        self._n_passed = 0  # images of the source that were turned over
        self._blind = opened.blind
        self._by_hand = False
        self._confirming = False
        self._doubt = ""  # why the rest of a page is not offered to be confirmed
        self._stale = True
        # Resizing and opening come in many small events; the page is laid out when they are over.
        self._soon = Patient(self, self.refill)
        self._keys = ClassKeys(
            Corrections(self.view), self.view, self.view.targets, confirm=self._explain_enter
        )
        self._connect()
        self.bottom.list_classes(opened.classes)
        self._list()
        self._on_selection()  # of before it was made, which who is quick wants to see in it all the same

    def _connect(self) -> None:
        top, bottom, view, opened = self.top, self.bottom, self.view, self.opened
        top.source_chosen.connect(self.show_source)
        top.order_chosen.connect(self._on_order)
        bottom.as_chosen.connect(self._on_as)
        top.low_changed.connect(self._on_low)
        top.page_chosen.connect(lambda: self.refill())
        top.side.valueChanged.connect(self._on_size)
        top.update_button.clicked.connect(lambda: self.refill())
        bottom.confirm_button.clicked.connect(self.confirm)
        bottom.next_button.clicked.connect(lambda: self.turn(1))
        bottom.back_button.clicked.connect(lambda: self.turn(-1))
        bottom.again_button.clicked.connect(self.start_over)
        view.edited.connect(self._describe_page)
        view.looked_at.connect(opened.set_current)
        view.confirm_wanted.connect(self.confirm)
        view.turn_wanted.connect(self.turn)
        view.menu_wanted.connect(self.show_menu)
        opened.changed.connect(self._on_changed)
        opened.selection_changed.connect(self._on_selection)
        opened.view_changed.connect(self._on_view)
        opened.suggestions_changed.connect(self._on_suggestions)
        opened.question_changed.connect(self._on_question)
        view.edited.connect(opened.drop_question)  # it was about the page as it was

    # What is shown

    @property
    def page(self) -> Page | None:
        """The page on show."""
        return self.view.page

    def show_source(self, source: int) -> None:
        """Show the undecided images predicted as a class, by its id, or `SELECTION`."""
        self.sources.chosen = source
        self._by_hand = True
        self.sources.start_over()
        self._list()
        self._turned.clear()
        self.refill()
        self.view.setFocus()

    def refill(self) -> None:
        """Lay out the next page by what is predicted now; marks of the page on show are lost."""
        if not self.isVisible():
            self._stale = True
            return
        self._stale = False
        rows = np.empty(0, np.int64) if self.opened.blind else self.sources.rows()
        # The figures above come first: how many lines they take decides how many images fit.
        self._show_errors()
        layout = self.layout()
        if layout is not None:
            layout.activate()
        wanted = self.top.page_size() or self.view.most()
        self.view.grouped = self.sources.grouped
        page = Page(self.opened, rows[:wanted])
        if not self.top.page_size():
            page = Page(self.opened, rows[: self.view.room(page)])
        self._lay_out(page)

    def _show_page(self, page: Page) -> None:
        """Bring back a page that was there."""
        self._describe_source()
        self._lay_out(page)

    def _lay_out(self, page: Page) -> None:
        """Show a page whose source is described."""
        page.as_class = self.bottom.as_class() if self.sources.grouped else None
        self.view.show_page(page, grouped=self.sources.grouped)
        self.stack.setCurrentWidget(self.view if len(page.rows) else self.empty)
        if not len(page.rows):
            self.empty.set_text(*self._nothing())
        self._describe_page()
        self._show_newer()

    def _list(self) -> None:
        counts = self.sources.of_class()
        if self.sources.chosen not in (SELECTION, *(c.id for c in self.opened.classes)):
            self.sources.chosen = SELECTION
        if not self._by_hand and counts:
            # Nothing chosen yet: the class with most to confirm.
            self.sources.chosen = max(counts, key=lambda i: counts[i])
            self._stale, self._by_hand = True, True
        self.top.show_counts(counts, int(self.sources.lasso.sum()))
        self.top.show_source(self.sources.chosen)
        self.bottom.as_box.setVisible(self.sources.grouped)

    def _name(self) -> str:
        if not self.sources.grouped:
            return self.opened.class_name(self.sources.chosen)
        chosen = self.bottom.as_class()
        return self.opened.class_name(chosen) if chosen is not None else tr("predicted")

    def _describe_page(self) -> None:
        """What is on the page; quick, since it follows every image a drag passes."""
        page, opened = self.page, self.opened
        if page is None:
            return
        n = 0 if self._doubt else len(page.confirmed(opened))
        wrong = len(page.corrected(opened))
        left_out = page.left_out(opened)
        unseen = len(page.rows) - page.seen
        self.bottom.show_state(
            bulk_words.confirm_words(n, wrong, self._name()),
            can_confirm=n + wrong > 0,
            words=bulk_words.page_words(len(page.rows), left_out, wrong, unseen) if len(page.rows) else "",
            can_turn=len(page.rows) > 0,
            can_go_back=bool(self._turned),
        )
        self.bottom.again_button.setVisible(self._n_passed > 0 and not len(page.rows))

    def _describe(self) -> None:
        """What is on the page, and what the figures above it say."""
        self._describe_source()
        self._describe_page()

    def _describe_source(self) -> None:
        """The figures above the page."""
        above, total, self._n_passed = self.sources.counts()
        self.top.show_range(above, total)
        if self._agreed is None:
            self._agreed = agreed(self.opened.project)
        such = self._agreed.such(None if self.sources.grouped else self.sources.chosen, self.sources.low)
        self.top.show_agreed(bulk_words.agreed_words(*such))
        # What a person has given a class to is theirs, whatever was predicted.
        own = self.sources.grouped and self.bottom.as_class() is not None
        if self._error is None:
            self._error = error_of_bulk_labels(self.opened.project)
        self._doubt = "" if own else bulk_words.doubt_words(such, self._error)
        self.top.show_doubt(self._doubt)

    def _show_errors(self) -> None:
        """All figures above the page, the error of bulk labels worked out anew."""
        if self.isVisible() and not self.opened.closed:
            project = self.opened.project
            self._error = error_of_bulk_labels(project)
            self.top.show_error(bulk_words.error_words(self._error, len(next_checks(project))))
            self._describe_source()

    def _on_suggestions(self) -> None:
        """Suggestions go, or an answer came to one that asked again."""
        if self.isVisible() and not self.opened.closed:
            self._show_errors()
            self._describe_page()

    def _show_newer(self) -> None:
        page, now = self.page, self.opened.shown_revision
        newer = page is not None and now is not None and page.model_revision != now
        self.top.update_button.setVisible(bool(newer and page is not None and len(page.rows)))

    def _nothing(self) -> tuple[str, str]:
        opened, sources = self.opened, self.sources
        if opened.blind:
            return tr("Blind mode"), tr("Predictions are hidden while you label the test set.")
        if not opened.predicts and not (sources.grouped and sources.lasso.any()):
            return tr("No predictions yet"), opened.model_sentence
        if sources.grouped and not sources.lasso.any():
            return tr("Nothing selected"), tr("Draw a lasso on the map, or choose a class above.")
        above, total, passed = sources.counts()
        if passed:
            return tr("That was all"), tr("Left out this time: {images}.", images=count(passed, "image"))
        if total > above:
            return tr("None this confident"), tr(
                "{images} below: move the slider to the left.", images=count(total, "image")
            )
        if sources.grouped:
            rows = np.flatnonzero(sources.lasso)
            n_test = int((opened.split[rows] != Split.POOL).sum())
            return tr("Nothing left to confirm"), (
                tr("Of {selected_images} all are decided", selected_images=count(len(rows), "selected image"))
                + (tr(", or of the test set ({n_test:,}).", n_test=n_test) if n_test else ".")
            )
        return tr("Nothing left to confirm"), tr("No undecided training image is predicted as this class.")

    # What happens elsewhere

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.LABELS | Changes.CLASSES):
            self._agreed = self._error = None
        if changes & (Changes.IMAGES | Changes.CLASSES):
            chosen = self.sources.chosen
            self.top.list_classes()
            self.bottom.list_classes(self.opened.classes)
            self._list()
            self.view.refresh()
            if changes & Changes.IMAGES or self.sources.chosen != chosen:
                self._turned.clear()
                self.refill()
                return
        if changes & (Changes.LABELS | Changes.MODEL):
            if self._confirming:
                return  # the page is turned when all of it is done
            if self.isVisible():
                self._keep_up(changes)
            else:
                self._stale = self._stale or self.page is None or not len(self.page.rows)

    def _keep_up(self, changes: Changes) -> None:
        """The page stays; only what is decided elsewhere leaves it, and an undone one comes back."""
        page = self.page
        self._list()
        if changes & Changes.LABELS and self._bring_back():
            return
        if page is None or not page.waiting(self.opened).any():
            self.refill()
            return
        self.view.refresh()
        self._describe()
        self._show_newer()

    def _bring_back(self) -> bool:
        """Show the page confirmed last again if its labels were taken back."""
        if not self._confirmed:
            return False
        page = self._confirmed[-1]
        rows = page.rows[
            (~page.marked & (np.arange(len(page.rows)) < page.seen)) | (page.kind != LabelKind.CLEAR)
        ]
        if (self.opened.kind[rows] != LabelKind.CLEAR).any():
            return False
        self._confirmed.pop()
        self.sources.turn_back(page.rows)
        self._show_page(page)
        return True

    def _on_view(self) -> None:
        """In blind mode there is nothing to see here."""
        if self.opened.blind != self._blind:
            self._blind = self.opened.blind
            self.refill()

    def _on_selection(self) -> None:
        chosen = self.opened.selection
        if np.count_nonzero(chosen) < 2 or np.array_equal(chosen, self.sources.lasso):
            return
        self.sources.lasso = chosen
        self.sources.chosen = SELECTION
        self._by_hand = True
        self.sources.start_over()
        self._turned.clear()
        self._confirmed.clear()
        self._list()
        self.refill()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list()
        if self._stale or self.page is None:
            self._soon.start()
        else:
            self._keep_up(Changes.LABELS)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._soon.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A page nobody touched follows the size; one that was touched stays."""
        super().resizeEvent(event)
        page = self.page
        if self.isVisible() and not self.top.page_size() and (page is None or not page.marked.any()):
            self._soon.start()

    # What a person does

    def _on_order(self, surest: bool) -> None:
        self.sources.surest = surest
        self.refill()

    def _on_as(self) -> None:
        if self.page is not None:
            self.page.as_class = self.bottom.as_class()
            given = self.page.given == self.page.becomes()
            self.page.mark(np.flatnonzero(given & (self.page.kind == LabelKind.LABEL)), False)
            self.view.refresh()
            self._describe()

    def _on_low(self, low: float) -> None:
        self.sources.low = low
        self.refill()

    def _on_size(self, side: int) -> None:
        page = self.page
        self.view.set_side(side)
        if page is not None and not page.marked.any() and not self.top.page_size():
            self.refill()

    def _explain_enter(self) -> None:
        self.opened.message.emit("Ctrl+Enter confirms the page.")

    def confirm(self) -> None:
        """Label what is not marked as shown, and the corrected ones as said: one step; then turn the page."""
        page, opened = self.page, self.opened
        if page is None or opened.blind:
            return
        n_corrected, name = len(page.corrected(opened)), self._name()
        said = page.decision(
            opened,
            lambda n: bulk_words.step_words(n - n_corrected, n_corrected, name),
            corrections_only=bool(self._doubt),
        )
        if not len(said.rows):
            if self._doubt:
                opened.message.emit(self._doubt)
            return
        self._confirming = True
        opened.decide(said, lambda step: self._after_confirm(page, step))
        if opened.question is None:
            self._confirming = False

    def _on_question(self) -> None:
        """What was asked about the page is answered, or nobody wants it any more."""
        if self._confirming and self.opened.question is None:
            self._confirming = False
            self._keep_up(Changes.LABELS)

    def _after_confirm(self, page: Page, step: Step) -> None:
        self._confirming = False
        self._confirmed = [*self._confirmed[-REMEMBERED:], page]
        self.sources.turn_over(page.rows[: page.seen])
        self._list()
        said = f"{step.name[:1].upper()}{step.name[1:]}"
        self.opened.message.emit(tr("{said}: done. Ctrl+Z takes all of it back.", said=said))
        self.refill()

    def turn(self, way: int) -> None:
        """To the next page without deciding, or back to the one turned last."""
        page = self.page
        if way > 0 and page is not None and len(page.rows):
            self._turned = [*self._turned[-REMEMBERED:], page]
            self.sources.turn_over(page.rows[: max(1, page.seen)])
            self.refill()
        elif way < 0 and self._turned:
            back = self._turned.pop()
            self.sources.turn_back(back.rows)
            self._show_page(back)

    def start_over(self) -> None:
        """Show what was left out again."""
        self.sources.start_over()
        self._turned.clear()
        self.refill()
        self.view.setFocus()

    def show_menu(self, where: QPoint) -> None:
        """What can be said about the images of the last gesture."""
        menu = corrections_menu(self.view)
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(where)
