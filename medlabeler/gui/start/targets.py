"""Files that a dialog offers to write: whether, where, and what the disk says of each while it is typed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.export.targets import check_target
from medlabeler.gui.kit.form import PathField, Sentence, column
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.start.import_form import PAUSE_MS
from medlabeler.open_project.threads.latest import Latest


@dataclass(frozen=True)
class Target:
    """What the disk says of one file: why it cannot be written, or that it exists."""

    problem: str = ""
    exists: bool = False


class ExportFile(QFrame):
    """One kind of export: whether, where, what is in it."""

    def __init__(self, title: str, what: str, default: Path, pattern: str) -> None:
        super().__init__()
        set_role(self, "card")
        self.wanted = QCheckBox(title)
        self.what = Sentence(what)
        self.field = PathField(
            tr("File of {title}", title=title.lower().replace("&", "")), "save", pattern=pattern
        )
        self.field.set_path(default)
        self.note = Sentence()
        self.extras = QVBoxLayout()
        self.extras.setContentsMargins(0, 0, 0, 0)
        self.extras.setSpacing(2)
        self._inner = QWidget()
        self._inner.setLayout(column(self.field, self.note, self.extras))
        self.layout_ = QVBoxLayout(self)
        self.layout_.setContentsMargins(14, 10, 14, 10)
        self.layout_.setSpacing(4)
        for widget in (self.wanted, self.what, self._inner):
            self.layout_.addWidget(widget)
        self.wanted.toggled.connect(self._inner.setVisible)
        self._inner.hide()

    def path(self) -> Path | None:
        """The file, if this part is wanted."""
        return self.field.path() if self.chosen else None

    @property
    def chosen(self) -> bool:
        """Whether it is wanted."""
        return self.wanted.isChecked() and self.wanted.isEnabled()

    def refuse(self, reason: str) -> None:
        """Make it impossible, and say why."""
        self.wanted.setEnabled(False)
        self.wanted.setChecked(False)
        self.what.say(reason)


class Targets(QObject):
    """The files of one dialog. `changed` when something was chosen or named, or the disk has answered."""

    changed = Signal()

    def __init__(self, parent: QObject, files: Sequence[ExportFile]) -> None:
        super().__init__(parent)
        self._files = files
        self._known: dict[Path, Target] = {}
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._ask)
        self._asking = Latest(self)
        self._asking.answered.connect(self._answered)
        for file in files:
            file.wanted.toggled.connect(self.look)
            file.field.changed.connect(self.look)

    @property
    def any(self) -> bool:
        """Whether any file is wanted."""
        return any(file.chosen for file in self._files)

    @property
    def waits(self) -> bool:
        """Whether the disk has not answered yet."""
        return self._pause.isActive() or self._asking.busy

    def look(self) -> None:
        """Ask the disk in a moment, when nobody types any more."""
        self._asking.forget()
        self._pause.start()
        self.changed.emit()

    def say(self) -> str:
        """Write under each file what is wrong with it; what to do about it, empty if all can be written."""
        seen: set[Path] = set()
        wrong = False
        for file in self._files:
            path = file.path()
            target = self._known.get(path, Target()) if path is not None else Target()
            problem = ""
            if file.chosen and path is None:
                problem = tr("Name a file.")
            elif path is not None:
                problem = tr("This file is named twice.") if path in seen else target.problem
                seen.add(path)
            note = tr("The file exists and will be replaced.") if target.exists else ""
            file.note.say(problem or note, "problem" if problem else "muted")
            wrong = wrong or bool(problem)
        return tr("Correct what is marked in red.") if wrong else ""

    def _ask(self) -> None:
        paths = [path for path in (file.path() for file in self._files) if path is not None]
        self._asking.ask(lambda: {path: look_at(path) for path in paths})
        self.changed.emit()

    def _answered(self, answer: object) -> None:
        if isinstance(answer, dict):
            self._known = answer
        self.changed.emit()


def look_at(path: Path) -> Target:
    """Ask the disk about one file."""
    if not path.is_absolute():
        return Target(tr("{path} is not a whole path; choose a folder and a name.", path=path))
    try:
        check_target(path)
        return Target(exists=path.exists())
    except UserError as error:
        return Target(str(error))
    except OSError as error:
        return Target(tr("{path} cannot be used: {reason}.", path=path, reason=system_reason(error)))
