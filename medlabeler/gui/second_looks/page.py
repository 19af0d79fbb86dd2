"""Second looks: lists to walk through and settle, and blind readings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QModelIndex, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QProgressBar,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS, LabelKind
from medlabeler.domain.words import count, percent
from medlabeler.gui.classes.keys import DIGITS, MARKS, PATIENCE_MS, PREFIXES, KeyReader
from medlabeler.gui.grid.words import error_words
from medlabeler.gui.kit.elements import EmptyState
from medlabeler.gui.kit.field_keys import keeps
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.kit.turns import Patient
from medlabeler.gui.second_looks.look_view import LookView
from medlabeler.gui.second_looks.looks_list import LookList
from medlabeler.gui.second_looks.sample import SampleForm
from medlabeler.gui.stage.audit_trail import AuditTrail
from medlabeler.open_project.bulk_errors import error_of_bulk_labels, next_checks
from medlabeler.open_project.decide import Shown
from medlabeler.open_project.job_state import job_progress
from medlabeler.open_project.open_project import OpenProject
from medlabeler.open_project.second_looks import (
    CONFLICTS,
    ERRORS,
    FOUND,
    OUTLIERS,
    READ_BLIND,
    TITLES,
    Look,
    SecondLooks,
)

SAMPLES = ("repeat", "second")
WITH_READING = (*SAMPLES, "merge")
"""Pages on which images may wait to be read blind."""
WORDS = {
    ERRORS: tr(
        "Labels of training images that the other labels contradict, the clearest first. Each is judged "
        "by a classifier that learned from neither the image nor its near-duplicates."
    ),
    CONFLICTS: tr(
        "The same picture with labels that differ: the same file, or the same pixels changed in size, "
        "brightness or orientation."
    ),
    OUTLIERS: tr("Training images that resemble no others: artefacts, wrong stains, rare findings."),
    "bulk": tr("Images confirmed in bulk that you called something else when asked again blind."),
    "repeat": tr("Images you called something else the second time."),
    "second": tr("Images the second reader called something else."),
    "merge": tr("Images that two copies of the project label differently; nothing was changed on them."),
}
NOTHING = {
    ERRORS: tr("No label is contradicted by the others."),
    CONFLICTS: tr("No picture has labels that differ."),
    OUTLIERS: tr("No image lies far from all others."),
    "bulk": tr("No bulk check disagreed with its label. The checks are asked in the queue, a few at a time."),
    "merge": tr("No copies differ. Project, Merge with another copy… compares two."),
}
KEYS = tr(
    "K or Enter keep · class keys change · N not sure · X bad image · ← → walk · Page Up, Page Down lists"
)
READING_KEYS = tr("class keys answer · N not sure · X bad image · Ctrl+Z takes the last answer back")


class SecondLooksPage(QWidget):
    """Six lists on the left; what is chosen there is shown on the right."""

    looked_at = Signal(int)
    """Row of the first image of the look on show; -1 where there is none, or one is read blind."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.opened = opened
        self.looks = SecondLooks(opened, self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tr("Second looks"))
        self.page = ERRORS
        self._at: dict[str, int] = dict.fromkeys(TITLES, 0)
        self._form_wanted: set[str] = set()
        self._opinion: Shown | None = None  # told with the look on show
        self._keys = KeyReader()
        self._soon = Patient(self, self.refresh)  # a job tells often how far it is
        self._search = Patient(self, self._search_once)  # the page comes up first
        self._forget = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._forget.timeout.connect(self._keys.reset)
        self.nav, self.list = QListWidget(), LookList(opened)
        self.title, self.words, self.progress_words = PlainLabel(), PlainLabel(wordWrap=True), PlainLabel()
        self.bar = QProgressBar(textVisible=False)
        self.again = QPushButton(tr("Look again"), autoDefault=False)
        self.end = QPushButton(tr("End here"), autoDefault=False)
        self.sample = QPushButton(tr("Another sample…"), autoDefault=False)
        self.hint = PlainLabel(wordWrap=True)
        self.stage, self.empty = LookView(opened), EmptyState("")
        self.forms = {page: SampleForm(opened, page) for page in SAMPLES}
        self._lay_out()
        self._connect()
        self.nav.setCurrentRow(0)

    def sizeHint(self) -> QSize:
        return QSize(1180, 780)

    def _lay_out(self) -> None:
        set_role(self.title, "title")
        for label in (self.words, self.progress_words, self.hint):
            set_role(label, "muted")
        for button in (self.again, self.end, self.sample):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for page, title in TITLES.items():
            item = QListWidgetItem(title)
            item.setData(Qt.ItemDataRole.UserRole, page)
            item.setSizeHint(QSize(0, 32))
            self.nav.addItem(item)
        self.nav.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.nav.setAccessibleName(tr("Lists of second looks"))
        self.nav.setFixedWidth(235)
        self.nav.setStyleSheet(
            "QListWidget { border: 0; background: transparent; outline: 0; }"
            "QListWidget::item { padding-left: 8px; border-radius: 6px; }"
            "QListWidget::item:selected {"
            " background: palette(highlight); color: palette(highlighted-text); }"
        )
        self.list.setFixedWidth(190)
        self.bar.setFixedWidth(150)
        top = QHBoxLayout()
        top.setSpacing(10)
        top.addWidget(self.title, 1)
        for widget in (self.progress_words, self.bar, self.sample, self.again, self.end):
            top.addWidget(widget)
        self.body = QStackedWidget()
        self.body.addWidget(self.stage)
        self.body.addWidget(self.empty)
        for form in self.forms.values():
            self.body.addWidget(form)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self.list)
        middle.addWidget(self.body, 1)
        right = QVBoxLayout()
        right.setContentsMargins(16, 12, 16, 10)
        right.setSpacing(6)
        right.addLayout(top)
        right.addWidget(self.words)
        right.addLayout(middle, 1)
        right.addWidget(self.hint)
        box = QHBoxLayout(self)
        box.setContentsMargins(10, 10, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.nav)
        box.addLayout(right, 1)

    def _connect(self) -> None:
        self.nav.currentRowChanged.connect(self._go)
        self.list.clicked.connect(self._choose)
        self.looks.changed.connect(self.refresh)
        self.looks.working.connect(self._soon.start)
        self.opened.view_changed.connect(self.refresh)
        self.opened.failed.connect(self.hint.setText)
        self.again.clicked.connect(self.looks.search)
        self.end.clicked.connect(lambda: self.looks.end_reading(self.page))
        self.sample.clicked.connect(self._toggle_form)
        self.stage.keep_wanted.connect(self.keep)
        self.stage.class_chosen.connect(self.choose_class)
        self.stage.kind_chosen.connect(self.choose_kind)
        self.stage.step_wanted.connect(self.step)
        self.stage.trail_wanted.connect(lambda row: AuditTrail(self.opened, row, self).show())
        for form in self.forms.values():
            form.drawn.connect(self._read_sample)

    # What is shown

    @property
    def reading(self) -> bool:
        """Whether an image waits to be read blind on this page."""
        return self.page in WITH_READING and self.looks.waiting(self.page) > 0

    def look(self) -> Look | None:
        """The look on show."""
        looks = self.looks.open_looks(self.page)
        if self.reading or not looks or self.body.currentWidget() is not self.stage:
            return None
        return looks[min(self._at[self.page], len(looks) - 1)]

    def _go(self, line: int) -> None:
        self.page = self.nav.item(line).data(Qt.ItemDataRole.UserRole)
        self._keys.reset()
        self.looks.forget_reading()
        self.refresh()
        self.setFocus()

    def _turn(self, by: int) -> None:
        self.nav.setCurrentRow((self.nav.currentRow() + by) % self.nav.count())

    def refresh(self) -> None:
        """Show the lists as they are."""
        opened = self.opened
        if opened.closed or not self.isVisible():
            return
        self.title.setText(TITLES[self.page])
        self._count_pages()
        job = self.looks.job
        self.again.setVisible(self.page in FOUND)
        self.again.setEnabled(job is None)
        self.end.setVisible(False)
        self.sample.setVisible(False)
        if opened.blind:
            self._show_empty(
                tr("Blind mode"), tr("Leave blind mode first: second looks tell labels and predictions.")
            )
        elif self.reading:
            self._show_reading()
        else:
            self._show_looks()
        self.looked_at.emit(self.row)

    @property
    def row(self) -> int:
        """What `looked_at` says now."""
        look = self.look()
        return look.rows[0] if look is not None else -1

    def _count_pages(self) -> None:
        for line, (page, title) in enumerate(TITLES.items()):
            n = self.looks.waiting(page) if page in WITH_READING else 0
            n = n or len(self.looks.open_looks(page))
            self.nav.item(line).setText(tr("{title}   {n:,}", title=title, n=n) if n else title)

    def _show_looks(self) -> None:
        page, looks = self.page, self.looks.open_looks(self.page)
        settled = self.looks.n_settled(page)
        job = self.looks.job if page in FOUND else None
        told = self._bulk_words() if page == "bulk" else self.looks.told(page)
        self.words.setText(f"{WORDS[page]} {told}".strip())
        self._show_progress(settled, settled + len(looks), tr("settled"))
        if job is not None:
            self._show_empty(tr("Looking…"), job_progress(job))
        elif looks and page not in self._form_wanted:
            self._at[page] = min(self._at[page], len(looks) - 1)
            look = looks[self._at[page]]
            self.list.show()
            self.list.show_findings(looks)
            index = self.list.model().index(self._at[page], 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
            self.body.setCurrentWidget(self.stage)
            unlabelled = page == OUTLIERS and look.labels == (NO_CLASS,)
            self.stage.show_look(look, self._further(look), tr("Ordinary") if unlabelled else tr("Keep"))
            self.hint.setText(KEYS)
            self._offer_form(page, tr("Another sample…"))
        elif page in SAMPLES:
            self._show_form(page)
        else:
            done = tr("All of them are settled.") if settled else NOTHING[page]
            ready = self.looks.searched or page not in FOUND
            self._show_empty(tr("Nothing to settle") if ready else "", done if ready else "")

    def _bulk_words(self) -> str:
        """How many labels given together are wrong, by those that were asked again."""
        project = self.opened.project
        return f"{error_words(error_of_bulk_labels(project), len(next_checks(project)))}."

    def _further(self, look: Look) -> str:
        """What the classifier in use says, kept for the record of what was shown."""
        self._opinion = self.looks.opinion(self.page, look)
        if self._opinion is None:
            return ""
        name = self.opened.class_name(int(self._opinion.class_id[0]))
        return tr(
            "The classifier says {name} with {confidence}.",
            name=name,
            confidence=percent(float(self._opinion.confidence[0])),
        )

    def _show_reading(self) -> None:
        readings = self.opened.project.readings
        purpose = READ_BLIND[self.page]
        waiting = readings.waiting(purpose)
        read = len(readings.pairs(purpose).rows)
        who = self.looks.reader(self.page) or tr("the reader")
        self.words.setText(tr("{who}{who2} reads; the order is random.", who=who[:1].upper(), who2=who[1:]))
        drawn = readings.drawn(purpose)
        self._show_progress(max(0, drawn - len(waiting)), drawn, tr("read"))
        self.list.hide()
        self.end.setVisible(True)
        self.end.setToolTip(
            tip(
                tr(
                    "Pass over the {images} that wait; {read:,} read so far count",
                    images=count(len(waiting), "image"),
                    read=read,
                )
            )
        )
        self.body.setCurrentWidget(self.stage)
        self.stage.show_blind(int(waiting[0]), tr("What is this?"))
        self.hint.setText(READING_KEYS)

    def _show_progress(self, done: int, total: int, word: str) -> None:
        self.progress_words.setText(
            tr("{done:,} of {total:,} {word}", done=done, total=total, word=word) if total else ""
        )
        self.bar.setVisible(total > 0)
        self.bar.setRange(0, max(1, total))
        self.bar.setValue(done)

    def _show_empty(self, title: str, sentence: str) -> None:
        self.list.hide()
        self.empty.set_text(title, sentence)
        self.body.setCurrentWidget(self.empty)
        self.hint.setText("")

    def _show_form(self, page: str) -> None:
        self.list.hide()
        self.words.setText("")
        if self.looks.open_looks(page):
            self._offer_form(page, tr("Back to the list"))
        self.forms[page].refresh()
        self.body.setCurrentWidget(self.forms[page])
        self.hint.setText("")

    def _offer_form(self, page: str, text: str) -> None:
        """The button that changes between the disagreements of a sample and drawing another."""
        self.sample.setText(text)
        self.sample.setVisible(page in SAMPLES)

    # What a person does

    def _toggle_form(self) -> None:
        self._form_wanted ^= {self.page}
        self.refresh()

    def _choose(self, index: QModelIndex) -> None:
        self._at[self.page] = index.row()
        self.refresh()

    def step(self, by: int) -> None:
        """To the next or the one before; round at the ends."""
        n = len(self.looks.open_looks(self.page))
        if n and not self.reading:
            self._at[self.page] = (self._at[self.page] + by) % n
            self.refresh()

    def keep(self) -> None:
        """The label stands."""
        if (look := self.look()) is not None:
            self.looks.keep(self.page, look, self._opinion)

    def choose_class(self, class_id: int) -> None:
        """Change the label of what is on show, or answer a blind question."""
        if self.reading:
            self.looks.read(self.page, LabelKind.LABEL, class_id)
        elif (look := self.look()) is not None:
            self.looks.relabel(look, class_id, self._opinion)

    def choose_kind(self, kind: LabelKind) -> None:
        """Not sure, or a bad image; there is nothing to skip here."""
        if kind == LabelKind.SKIP:
            return
        if self.reading:
            self.looks.read(self.page, kind, None)
        elif (look := self.look()) is not None:
            self.looks.mark(look, kind, self._opinion)

    def _read_sample(self) -> None:
        self._form_wanted.discard(self.page)
        self.looks.begin_reading()
        self.setFocus()

    def undo(self) -> None:
        """Take back the last answer of a blind reading, else the last step of the project."""
        if not self.looks.undo_reading(self.page) and not self.reading:
            self.opened.undo()

    def event(self, event: QEvent) -> bool:
        """What settles here comes before the window's own keys, which mean the image of another mode."""
        return keeps(event, self._takes) or super().event(event)

    def _takes(self, event: QKeyEvent) -> bool:
        """Whether a key is one of this page's."""
        if event.matches(QKeySequence.StandardKey.Undo):
            return True
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        on_stage = self.body.currentWidget() is self.stage
        text = event.text().lower()
        return plain and on_stage and bool(text) and text in (*DIGITS, *PREFIXES, *MARKS, "k")

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys that settle, walk, and take back."""
        text, key = event.text().lower(), event.key()
        plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if event.matches(QKeySequence.StandardKey.Undo):
            self.undo()
        elif plain and key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self._turn(1 if key == Qt.Key.Key_PageDown else -1)
        elif not plain or event.isAutoRepeat() or self.body.currentWidget() is not self.stage:
            super().keyPressEvent(event)
        elif text == "k" or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.keep()
        elif key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self.step(1 if key == Qt.Key.Key_Right else -1)
        elif MARKS.get(text) in (LabelKind.NOT_SURE, LabelKind.BAD_IMAGE):
            self._keys.reset()
            self.choose_kind(MARKS[text])
        elif text and text in (*DIGITS, *PREFIXES):
            self._class_key(text)
        else:
            super().keyPressEvent(event)

    def _class_key(self, text: str) -> None:
        classes = self.opened.classes
        position = self._keys.read(text, len(classes))
        if self._keys.waiting:
            self._forget.start()
        if position is not None:
            self.choose_class(classes[position].id)

    # Life

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()
        if not self.looks.searched:
            self._search.start()
        # Not a button: Space would press it, and arrows would walk from button to button.
        self.setFocus()

    def _search_once(self) -> None:
        if not self.looks.searched and not self.opened.closed:
            self.looks.search()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "stage"):
            self.stage.tint()
