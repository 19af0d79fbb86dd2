"""What tables say of whose images they are: names and groups, hidden or not; what to look at first."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QCheckBox, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.export.privacy import (
    HASHED,
    NAMED,
    NO_GROUPS,
    Concerns,
    Sampled,
    look,
    look_at_pictures,
    warning_of_text,
)
from medlabeler.gui.kit.form import Sentence, column
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.project import Project

PATHS = tr("Paths may contain patient names; otherwise only what lies below the folder of images is written.")
HIDDEN = tr(
    "Each image gets a mark instead, the same in all tables of this project; only who has the project can "
    "tell which image it is."
)
MARKS = tr("The same group has the same mark in all tables of this project, and another one elsewhere.")
INDENT = 24


class GroupsChoice(QWidget):
    """Whether a table names the group of each image, and how; not to be seen where there are no groups."""

    def __init__(self, project: Project) -> None:
        super().__init__()
        self.wanted = QCheckBox(tr("Include the group of each image"))
        self.hidden = QCheckBox(tr("Marks instead of the names of groups"))
        self.hidden.setChecked(True)
        self.note = Sentence(MARKS)
        # How groups are called is no question before they are wanted; the room is needed on small screens.
        for widget in (self.hidden, self.note):
            widget.setVisible(False)
            self.wanted.toggled.connect(widget.setVisible)
        box = column(self.wanted, spacing=2)
        inner = column(self.hidden, self.note, spacing=0)
        inner.setContentsMargins(INDENT, 0, 0, 0)
        box.addLayout(inner)
        self.setLayout(box)
        self._any = project.catalog.has_groups
        self.setHidden(not self._any)

    def chosen(self) -> str:
        """As `jobs.export` takes it."""
        if not (self._any and self.wanted.isChecked()):
            return NO_GROUPS
        return HASHED if self.hidden.isChecked() else NAMED


class NamesChoice(QWidget):
    """How images are called: below their folder, by whole paths, or by marks that tell nothing."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.absolute = QCheckBox(tr("Write whole paths of the images"))
        self.hidden = QCheckBox(tr("Marks instead of the names of images"))
        self.absolute_note, self.hidden_note = Sentence(PATHS), Sentence(HIDDEN)
        for note in (self.absolute_note, self.hidden_note):
            note.setIndent(INDENT)
        self.setLayout(column(self.absolute, self.absolute_note, self.hidden, self.hidden_note, spacing=0))
        for box in (self.absolute, self.hidden):
            box.toggled.connect(self.changed)
        # A name cannot be whole and hidden.
        self.absolute.toggled.connect(lambda on: self.hidden.setChecked(self.hidden.isChecked() and not on))
        self.hidden.toggled.connect(lambda on: self.absolute.setChecked(self.absolute.isChecked() and not on))


class Look(QObject):
    """Looks, away from the window's thread, at what names and pictures tell; `changed` when it is known."""

    changed = Signal()

    def __init__(self, project: Project, parent: QObject) -> None:
        super().__init__(parent)
        self.concerns: Concerns | None = None
        self._asking = Latest(self)
        self._asking.answered.connect(self._answered)
        self._asking.ask(lambda: look(project))
        self._sampled = Sampled()
        self._project: Project | None = project
        self._seeing = Latest(self)
        self._seeing.answered.connect(self._seen)

    @property
    def waits(self) -> bool:
        """Whether it is not known yet."""
        return self._asking.busy or self._seeing.busy

    def _answered(self, answer: Concerns | UserError) -> None:
        self.concerns = None if isinstance(answer, UserError) else answer
        self.changed.emit()

    def see(self) -> None:
        """Look at pictures, too, since they are to leave; once is enough."""
        if self._project is not None:
            project, self._project = self._project, None
            self._seeing.ask(lambda: look_at_pictures(project))

    def _seen(self, answer: Sampled | UserError) -> None:
        self._sampled = Sampled() if isinstance(answer, UserError) else answer
        self.changed.emit()

    def warning(self, *, names: bool, pictures: bool) -> str:
        """What to look at before files are passed on that hold `names` of files, or `pictures`."""
        if self.concerns is None:
            return ""
        told = []
        if names and self.concerns.n_names:
            told.append(
                tr(
                    "The names of {images} look as if they held dates, numbers of patients or names of "
                    "persons. Look at them before you pass the files on, or write marks instead.",
                    images=count(self.concerns.n_names, "image"),
                )
            )
        if pictures and self.concerns.n_burned:
            told.append(
                tr(
                    "Text may be burned into the pixels of {images}. Look at them before you pass them on.",
                    images=count(self.concerns.n_burned, "image"),
                )
            )
        elif pictures:
            told += filter(None, [warning_of_text(self._sampled)])
        return "\n".join(told)
