"""An exported classifier is chosen: its file, and under it what it is worth or why it cannot be read."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.export.bundle import SUFFIXES, Bundle
from medlabeler.export.bundle_file import read_bundle
from medlabeler.gui.kit.form import PathField, Sentence
from medlabeler.open_project.threads.latest import Latest


class ClassifierChoice(QWidget):
    """`readable` once the file that is named was read; `empty` is said where none is."""

    changed = Signal()

    def __init__(self, empty: str = "") -> None:
        super().__init__()
        self._empty = empty
        self.readable = False
        self.field, self.about = classifier_field(), Sentence(empty)
        self._reading = Latest(self)
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(8)
        box.addWidget(self.field)
        box.addWidget(self.about)
        self.field.changed.connect(self._look)
        self._reading.answered.connect(self._read)

    @property
    def busy(self) -> bool:
        """Whether the file is being read."""
        return self._reading.busy

    def path(self) -> Path | None:
        """The file that is named."""
        return self.field.path()

    def set_path(self, path: Path) -> None:
        """Name a file."""
        self.field.set_path(path)

    def _look(self) -> None:
        self.readable = False
        path = self.path()
        self.about.say(self._empty if path is None else "", "muted")
        if path is None:
            self._reading.forget()
        else:
            self._reading.ask(lambda: read_bundle(path))
        self.changed.emit()

    def _read(self, answer: Bundle | UserError) -> None:
        self.readable = isinstance(answer, Bundle)
        if isinstance(answer, Bundle):
            self.about.say(told(answer), "muted")
        else:
            self.about.say(str(answer), "problem")
        self.changed.emit()


def classifier_field() -> PathField:
    """Where an exported classifier is named."""
    pattern = tr("Exported classifiers ({endings})", endings=" ".join(f"*{end}" for end in SUFFIXES))
    return PathField(
        tr("Classifier"), "open", placeholder=tr("The file of an exported classifier"), pattern=pattern
    )


def told(bundle: Bundle) -> str:
    """Classes, how good it was found to be and on what, as it was exported."""
    names = ", ".join(str(c["name"]) for c in bundle.classes)
    sentences = [tr("{n} classes: {names}.", n=len(bundle.classes), names=names)]
    measured = next((one for one in bundle.measured if one.get("balanced_accuracy") is not None), None)
    if measured is None:
        sentences.append(tr("Its accuracy was not measured."))
    else:
        interval = measured.get("interval")
        limits = (
            tr(" ({low:.0f} to {high:.0f} %)", low=100 * interval["low"], high=100 * interval["high"])
            if interval
            else ""
        )
        sentences.append(
            tr(
                "Balanced accuracy {value:.0f} %{limits}, measured on {words}.",
                value=100 * measured["balanced_accuracy"],
                limits=limits,
                words=measured.get("words") or measured.get("measured_on", "?"),
            )
        )
        if not interval:
            sentences.append(str(measured.get("interval_sentence") or tr("Its uncertainty is not known.")))
    return " ".join(sentences)
