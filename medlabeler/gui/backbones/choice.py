"""Choose the backbone: three cards, all others behind "more", and leave to download what is not here."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, QTimer
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QDialog,
    QFrame,
    QHeaderView,
    QLineEdit,
    QPushButton,
    QStackedWidget,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import number_text, tr
from medlabeler.domain.model_names import short_name, shown_licence
from medlabeler.domain.words import count
from medlabeler.gui.backbones.cards import BackboneCards
from medlabeler.gui.kit.choice_box import ChoiceBox
from medlabeler.gui.kit.field_words import explained
from medlabeler.gui.kit.form import Buttons, PathField, Sentence, column, file_chooser, prepare, row
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.jobs.params.embed import VIEWS
from medlabeler.learning.backbones.registry import DEFAULT, REGISTRY, BackboneInfo, find, is_here
from medlabeler.open_project.threads.latest import Latest

HEADER = (tr("Image model"), tr("Learned"), tr("Dimension"), tr("Size"), tr("Licence"), tr("On this machine"))
OTHER, FILE = tr("Another name (timm or hf-hub)"), tr("A checkpoint file of your own")
MEANING = tr(
    "Another image model means that all images are looked at again. Both results are kept, so you "
    "can switch back without waiting, and no label is touched."
)
LOOKS_TEXTS = (
    tr("One look at each image"),
    tr("5 looks: turned and closer (5 times slower)"),
    tr("3 looks: mirrored and closer (3 times slower)"),
)
"""In the order of `VIEWS`. Cells and lesions may be turned; an X-ray has an upper side."""
SMALL, LARGE = QSize(780, 400), QSize(860, 660)
"""With the cards alone, and with the table of all."""
WHERE = {"hub": tr("the Hugging Face hub"), "url": tr("dl.fbaipublicfiles.com, the authors' page")}


class BackboneChoice(NamedTuple):
    """A registry name, timm or hub name, file, or TIMM_NAME@FILE; and whether its weights may be fetched."""

    name: str
    allow_download: bool


def learned_words(info: BackboneInfo) -> str:
    """How it learned, for the table."""
    if info.kind == "captions":
        return tr("by captions, not DINO")
    return (
        tr("supervised, not DINO")
        if info.kind == "supervised"
        else tr("{kind}, without labels", kind=info.kind)
    )


def consent_words(info: BackboneInfo) -> str:
    """What is asked for: 'Download 87 MB from the Hugging Face hub'."""
    size = tr("{size_mb:,} MB", size_mb=info.size_mb) if info.size_mb else tr("the weights")
    return tr("Download {size} from {where}", size=size, where=WHERE.get(info.source, info.location))


class BackboneDialog(QDialog):
    """Shown with `open()`; after `accepted`, `choice` is what was chosen."""

    def __init__(
        self, current: str, device_text: str = "", parent: QWidget | None = None, views: str = ""
    ) -> None:
        super().__init__(parent)
        prepare(self, tr("Image model"), SMALL)
        self._names = list(REGISTRY)
        self._where: list[QTableWidgetItem] = []
        """Beside each backbone, whether its weights are here."""
        self._here: dict[str, bool] = {}
        self._other_here: bool | None = None
        self._current = current
        self.cards = BackboneCards(current)
        self.more = QPushButton(tr("More image models…"), autoDefault=False)
        self.more.setCheckable(True)
        set_role(self.more, "quiet")
        self.from_folder = QPushButton(tr("Weights from a folder…"), autoDefault=False)
        self.from_folder.setToolTip(tip(tr("A USB stick with weights, written by medlabeler weights export")))
        set_role(self.from_folder, "quiet")
        self.views = ChoiceBox(tr("How often each image is looked at"))
        self.views.setToolTip(tip(tr("Several looks may be more accurate; Compare says whether they are")))
        for text, name in zip(LOOKS_TEXTS, VIEWS, strict=True):
            self.views.addItem(text, name)
        self.folder_note = Sentence()
        self._folder: Path | None = None
        self._in_folder: frozenset[str] = frozenset()
        """Names of the backbones that `_folder` holds."""
        self.table = self._table()
        self.detail = Sentence()
        self.name = QLineEdit(
            placeholderText=tr("such as vit_small_patch16_224.dino or hf-hub:owner/repository")
        )
        self.name.setAccessibleName(tr("Name of the image model"))
        self.file = PathField(
            tr("Checkpoint file"),
            "open",
            placeholder=tr("Weights of timm or of the official DINO code"),
            pattern=tr("Checkpoints (*.safetensors *.pth *.pt *.bin *.ckpt *.tar)"),
        )
        self.architecture = QLineEdit(
            placeholderText=tr("Architecture, if the file does not tell: a timm name")
        )
        self.architecture.setAccessibleName(tr("Architecture of the checkpoint"))
        self._explain()
        self.problem = Sentence(role="problem")
        self.consent = QCheckBox()
        self.consent_note = Sentence(tr("Only the weights are fetched; no image leaves this machine."))
        self.consent_note.setIndent(24)
        self.buttons = Buttons(self, tr("Use this image model"))
        self.buttons.go.clicked.connect(self.accept)
        self.views.setCurrentIndex(max(0, self.views.findData(views)))
        self._place(device_text)
        self._all, self._one, self._kit = Latest(self), Latest(self), Latest(self)
        self._kit.answered.connect(self._folder_known)
        self.from_folder.clicked.connect(self._ask_for_folder)
        self._all.answered.connect(self._here_known)
        self._one.answered.connect(self._other_known)
        self._all.ask(lambda: {name: is_here(info) for name, info in REGISTRY.items()})
        self.table.currentCellChanged.connect(self._chosen)
        self.name.textChanged.connect(self._chosen)
        self.file.changed.connect(self._chosen)
        self.architecture.textChanged.connect(self._chosen)
        self.consent.toggled.connect(self._update)
        self.table.doubleClicked.connect(self.accept)
        self.cards.chosen.connect(self._take_card)
        self.more.toggled.connect(self._show_more)
        self._start(current)
        self.more.setChecked(self._named() not in self.cards.cards)
        self._show_more(self.more.isChecked())

    def _explain(self) -> None:
        """Words of the field stand here alone, each with what it means."""
        for line in (self.name, self.architecture, self.file.edit):
            line.setToolTip(tip(explained(f"{line.placeholderText()} {line.accessibleName()}")))
        self.file.browse.setToolTip(tip(explained(self.file.browse.accessibleName())))

    def _table(self) -> QTableWidget:
        table = QTableWidget(len(self._names) + 2, len(HEADER))
        table.setHorizontalHeaderLabels(HEADER)
        table.setAccessibleName(tr("Image models"))
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.verticalHeader().hide()
        table.verticalHeader().setDefaultSectionSize(27)
        for at, name in enumerate(self._names):
            info = REGISTRY[name]
            title = short_name(info.title)
            title += tr(" · in use") if name == self._current else ""
            texts = (
                title,
                learned_words(info),
                number_text(info.dim, ","),
                tr("{size_mb:,} MB", size_mb=info.size_mb),
                shown_licence(info.licence),
                "…",
            )
            for place, text in enumerate(texts):
                item = QTableWidgetItem(text)
                item.setToolTip(tip(info.note))
                if place == len(HEADER) - 1:
                    self._where.append(item)
                if place in (2, 3):
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                table.setItem(at, place, item)
        for at, text in enumerate((OTHER, FILE), start=len(self._names)):
            item = QTableWidgetItem(text + "…")
            item.setToolTip(tip(explained(text)))
            table.setItem(at, 0, item)
            table.setSpan(at, 0, 1, len(HEADER))
        header = table.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for place in (2, 3):
            right = QTableWidgetItem(HEADER[place])
            right.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            table.setHorizontalHeaderItem(place, right)
        return table

    def _place(self, device_text: str) -> None:
        self._pages = QStackedWidget()
        by_file = QWidget()
        by_file.setLayout(column(self.file, self.architecture, spacing=6))
        for page in (QWidget(), _top(self.name), by_file):
            self._pages.addWidget(page)
        self._card = card = QFrame()
        set_role(card, "card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(16, 10, 16, 10)
        inside.setSpacing(6)
        for widget in (self.detail, self._pages, self.problem):
            inside.addWidget(widget)
        inside.addLayout(column(self.consent, self.consent_note, spacing=0))
        meaning = Sentence(MEANING)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        if device_text:
            device = PlainLabel(tr("Images are looked at by: {device_text}", device_text=device_text))
            set_role(device, "muted")
            box.addLayout(row(device, None))
        box.addWidget(self.cards)
        box.addLayout(row(self.more, self.from_folder, None, self.views))
        box.addWidget(self.folder_note)
        box.addWidget(self.table, 1)
        box.addWidget(card)
        box.addStretch(0)
        box.addWidget(meaning)
        box.addWidget(self.buttons)

    # ------------------------------------------------------------------ few or all

    def _show_more(self, more: bool) -> None:
        self.more.setText(tr("Fewer image models") if more else tr("More image models…"))
        for widget in (self.table, self.detail):
            widget.setVisible(more)
        self.views.setVisible(more or self.views.currentIndex() > 0)
        self._card.setVisible(more or not self.consent.isHidden())
        self.resize(self.size().expandedTo(LARGE) if more else SMALL)
        if more:
            self.table.setFocus()
        elif self._named() in self.cards.cards:
            self.cards.cards[self._named()].choice.setFocus()

    def _take_card(self, name: str) -> None:
        self.table.setCurrentCell(self._names.index(name), 0)

    # ------------------------------------------------------------------ the answer

    @property
    def choice(self) -> BackboneChoice:
        """What is chosen now."""
        return BackboneChoice(self._named(), not self._is_here() and self.consent.isChecked())

    @property
    def weights_folder(self) -> Path | None:
        """Where the weights of the choice are copied from; None if they are here or fetched."""
        return self._folder if not self._is_here() and self._is_in_folder(self._info()) else None

    @property
    def allow_download(self) -> bool:
        """`choice.allow_download`."""
        return self.choice.allow_download

    def accept(self) -> None:
        """Close, unless something is missing."""
        if self.buttons.go.isEnabled():
            super().accept()

    # ------------------------------------------------------------------ what follows from what

    def _start(self, current: str) -> None:
        """Show the backbone in use."""
        at = 0
        if current in self._names:
            at = self._names.index(current)
        elif current and not current.startswith("precomputed:"):
            architecture, _, file = current.rpartition("@")
            try:
                source = find(current).source
            except UserError:
                source = "file"
            if source == "file":
                at = len(self._names) + 1
                self.file.set_path(file)
                self.architecture.setText(architecture)
            else:
                at = len(self._names)
                self.name.setText(current)
        self.table.setCurrentCell(at, 0)
        self._chosen()

    def _page(self) -> int:
        return max(0, self.table.currentRow() - len(self._names) + 1)

    def _named(self) -> str:
        page = self._page()
        if page == 0:
            return self._names[max(0, self.table.currentRow())]
        if page == 1:
            return self.name.text().strip()
        file, architecture = self.file.path(), self.architecture.text().strip()
        if file is None:
            return ""
        return f"{architecture}@{file}" if architecture else str(file)

    def _info(self) -> BackboneInfo | None:
        """What is chosen; None, with the reason on screen, while it cannot be used."""
        if self._page() and not self._named():
            return None
        try:
            return find(self._named())
        except UserError as error:
            self.problem.say(str(error))
            return None

    def _is_here(self) -> bool | None:
        """Whether its weights are here; None while the disk is being asked."""
        return self._here.get(self._named()) if self._page() == 0 else self._other_here

    def _chosen(self) -> None:
        self.problem.say("")
        self.consent.setChecked(False)
        page = self._page()
        self._pages.setCurrentIndex(page)
        self._pages.setFixedHeight((0, 34, 72)[page])
        self._pages.setVisible(page > 0)
        QTimer.singleShot(0, self, self._keep_in_sight)
        info = self._info()
        self._other_here = None
        if page and info is not None:
            self._one.ask(lambda: is_here(info))
        else:
            self._one.forget()
        self.detail.say(_detail(info, page))
        self.detail.setToolTip(tip(explained(self.detail.text())))
        self.cards.select(self._named())
        self._update()

    def _keep_in_sight(self) -> None:
        """The fields below may have taken the room of the row that was chosen."""
        self.table.scrollTo(self.table.currentIndex())

    def _ask_for_folder(self) -> None:
        chooser = file_chooser(self, "folder", tr("Folder of weights"), "")
        chooser.fileSelected.connect(lambda name: self.look_into(Path(name)))
        chooser.open()

    def look_into(self, folder: Path) -> None:
        """Offer what a folder of weights holds, a USB stick perhaps: it is read beside the window."""
        self.folder_note.say(tr("Reading the folder…"))
        self._kit.ask(lambda: (folder, _names_in(folder)))

    def _folder_known(self, answer: object) -> None:
        if not isinstance(answer, tuple):
            return
        folder, found = answer
        usable = isinstance(found, frozenset)
        self._folder, self._in_folder = (folder, found) if usable else (None, frozenset())
        models = count(len(found), "image model")
        self.folder_note.say(
            tr("{models} in {folder}.", models=models, folder=folder) if usable else str(found)
        )
        self._show_where()

    def _is_in_folder(self, info: BackboneInfo | None) -> bool:
        return info is not None and info.name in self._in_folder

    def _here_known(self, answer: object) -> None:
        if not isinstance(answer, dict):
            return
        self._here = answer
        self._show_where()

    def _show_where(self) -> None:
        if not self._here:
            return
        self.cards.show_here(self._here, self._in_folder)
        for at, name in enumerate(self._names):
            if self._here[name]:
                where = tr("yes")
            elif name in self._in_folder:
                where = tr("in the folder")
            else:
                where = tr("to download") if REGISTRY[name].source in WHERE else tr("no")
            self._where[at].setText(where)
        self._update()

    def _other_known(self, answer: object) -> None:
        self._other_here = bool(answer)
        self._update()

    def _update(self) -> None:
        info = self._info()
        here = self._is_here()
        copied = here is False and self._is_in_folder(info)
        fetch = info is not None and here is False and not copied and info.source in WHERE
        self.consent.setVisible(fetch)
        self.consent_note.setVisible(fetch)
        self._card.setVisible(self.more.isChecked() or fetch)
        missing = ""
        if info is None:
            missing = tr("Name an image model.") if self._page() == 1 else tr("Choose a checkpoint file.")
        elif here is None:
            missing = tr("Looking for the weights…")
        elif fetch:
            self.consent.setText(consent_words(info))
            missing = "" if self.consent.isChecked() else tr("Allow the download first.")
        elif not here and not copied:
            missing = tr("Its package is not installed on this machine.")
        self.buttons.allow(missing)


def _detail(info: BackboneInfo | None, page: int) -> str:
    if info is None:
        return (
            tr("Name any image model that timm knows, or one of the hub.")
            if page == 1
            else tr("A file with the weights.")
        )
    text = info.note
    if info.name == DEFAULT:
        text += tr(" Learned from 1.3 million everyday photographs without labels.")
    if info.kind == "supervised":
        text += tr(" Use it where the weights of DINO cannot be had; expect a lower accuracy.")
    if info.access:
        text += tr(" Given only to those who ask: {how}, and sign in with hf auth login.", how=info.access)
    if info.source == "file":
        text = tr("{text} {size_mb:,} MB on this machine.", text=text, size_mb=info.size_mb)
    return text


def _names_in(folder: Path) -> frozenset[str] | str:
    """The backbones that a folder of weights holds, or what is wrong with it."""
    from medlabeler.learning.backbones import kit

    try:
        return frozenset(entry.name for entry in kit.read(folder))
    except UserError as error:
        return str(error)


def _top(widget: QWidget) -> QWidget:
    page = QWidget()
    page.setLayout(column(widget))
    return page
