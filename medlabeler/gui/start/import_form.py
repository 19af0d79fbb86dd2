"""The heart of both import dialogs: sources, groups, and a live preview of what they yield."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QProgressBar, QSizePolicy, QVBoxLayout

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.gui.kit.form import Sentence
from medlabeler.gui.kit.plain import PlainLabel, tip
from medlabeler.gui.kit.theme import set_role
from medlabeler.gui.start.import_preview import Consequences, ImagesFound, apply_rules, look
from medlabeler.gui.start.sources_form import GroupForm, SourcesForm
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.sources import Spec

PAUSE_MS = 200
"""How long a person stops typing before the disk is asked."""
SHOWN_CLASSES = 6


class FoundPanel(QFrame):
    """What will be imported, in words and examples."""

    def __init__(self) -> None:
        super().__init__()
        set_role(self, "card")
        self.setFixedWidth(320)
        self.bar = QProgressBar(minimum=0, maximum=0, textVisible=False)
        self.bar.setAccessibleName(tr("Looking for images"))
        self.images = Sentence(role="heading")
        self.details = Sentence()
        self.classes_head, self.groups_head = PlainLabel(tr("Reference labels")), PlainLabel(tr("Groups"))
        self.classes, self.groups = Sentence(role="plain"), Sentence(role="plain")
        self.note = Sentence()
        for head in (self.classes_head, self.groups_head):
            set_role(head, "heading")
        self._grid = QGridLayout()
        self._grid.setContentsMargins(0, 2, 0, 0)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(2)
        self._grid.setColumnStretch(0, 1)
        box = QVBoxLayout(self)
        box.setContentsMargins(16, 12, 16, 12)
        box.setSpacing(5)
        for item in (self.bar, self.images, self.details):
            box.addWidget(item)
        for head, body in ((self.classes_head, self.classes), (self.groups_head, self.groups)):
            box.addSpacing(6)
            box.addWidget(head)
            box.addWidget(body)
        box.addLayout(self._grid)
        box.addWidget(self.note)
        box.addStretch(1)
        self.empty()

    def empty(self) -> None:
        """Nothing is chosen yet."""
        self.bar.hide()
        self.images.say(tr("What you import"))
        self.details.say(tr("Choose images, and what is in them is shown here before anything is made."))
        self.show_rules(None)

    def looking(self) -> None:
        """The disk is being asked."""
        self.bar.show()
        self.images.say(tr("Looking for images"))
        self.details.say("")
        self.show_rules(None)

    def problem(self) -> None:
        """The field says why there is nothing."""
        self.bar.hide()
        self.images.say(tr("Nothing to import yet"))
        self.details.say("")
        self.show_rules(None)

    def show_found(self, found: ImagesFound) -> None:
        """Tell the counts."""
        self.bar.hide()
        self.images.say(count(found.n, "image"))
        parts = []
        if found.n_test:
            parts.append(tr("{n_test:,} of them given as test images.", n_test=found.n_test))
        if found.n_unlabelled:
            parts.append(tr("{n_unlabelled:,} given as unlabelled.", n_unlabelled=found.n_unlabelled))
        if found.skipped:
            path, reason = found.skipped[0]
            name = Path(path).name
            why = reason if reason.startswith(name) else f"{name or 'one'}: {reason}"
            parts.append(
                tr("{files} left out, such as {why}", files=count(len(found.skipped), "file"), why=why)
            )
        self.details.say(" ".join(parts))

    def show_rules(self, made: Consequences | None) -> None:
        """Tell the classes and groups, or nothing."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for widget in (self.classes_head, self.groups_head):
            widget.setVisible(made is not None)
        if made is None:
            for line in (self.classes, self.groups, self.note):
                line.say("")
            return
        self.classes.say(_classes_sentence(made))
        grouped = made.groups.largest is not None
        self.groups.say(made.groups.sentence if grouped else tr("None."))
        self.note.say(
            ""
            if grouped
            else tr(
                "Without groups, images of one patient may end up on both sides of the test set, and the "
                "accuracy looks better than it is."
            )
        )
        if grouped:
            for at, (path, group) in enumerate(made.groups.examples):
                name = PlainLabel(_ending(path))
                name.setToolTip(tip(path))
                set_role(name, "muted")
                name.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
                belongs = PlainLabel(_shortened(group) if group is not None else "none")
                belongs.setToolTip(tip(group or ""))
                set_role(belongs, "heading" if group is not None else "muted")
                self._grid.addWidget(name, at, 0)
                self._grid.addWidget(PlainLabel("→"), at, 1)
                self._grid.addWidget(belongs, at, 2, Qt.AlignmentFlag.AlignLeft)


def _classes_sentence(made: Consequences) -> str:
    if not made.classes:
        return tr("None: every label will be yours.")
    common = made.classes.most_common(SHOWN_CLASSES)
    names = ", ".join(
        tr("{shortened} ({number:,})", shortened=_shortened(name), number=number) for name, number in common
    )
    more = len(made.classes) - len(common)
    classes = (
        tr("1 class") if len(made.classes) == 1 else tr("{classes:,} classes", classes=len(made.classes))
    )
    return f"{classes}: {names}" + (tr(" and {more:,} more.", more=more) if more else ".")


def _shortened(text: str) -> str:
    return text if len(text) <= 24 else text[:23] + "…"


def _ending(path: str) -> str:
    return path if len(path) <= 34 else "…" + path[-33:]


class ImportForm(QObject):
    """Holds `sources`, `groups` and the `panel` together; a dialog places them where it likes."""

    changed = Signal()  # what is chosen, found or made of it changed

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.sources, self.groups, self.panel = SourcesForm(), GroupForm(), FoundPanel()
        self.found: ImagesFound | None = None
        self.made: Consequences | None = None
        self.preferred_rule: str | None = None
        """The rule to propose for the first images that are found."""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._looking, self._applying = Latest(self), Latest(self)
        self._looking.answered.connect(self._found)
        self._applying.answered.connect(self._applied)
        self._seen: tuple[Any, ...] = ()
        self.sources.changed.connect(self._sources_changed)
        self.groups.changed.connect(self._apply)

    @property
    def missing(self) -> str:
        """Why nothing can be imported yet; empty when it can."""
        if not self.sources.named:
            return (
                tr("Add an image list.")
                if self.sources.from_manifests.isChecked()
                else tr("Choose a folder of images.")
            )
        if self._pause.isActive() or self._looking.busy or self._applying.busy:
            return tr("Looking for images…")
        if self.found is None or self.made is None:
            return tr("Correct what is marked in red.")
        return ""

    def spec(self, *, reserve: int = 0, seed: int = 0) -> Spec:
        """What to import, as chosen."""
        sources = self.sources
        return Spec(
            sources.images,
            sources.manifests,
            sources.folder_labels.isChecked() and sources.folder_labels.isEnabled(),
            self.groups.rule,
            reserve,
            seed,
        )

    def _sources_changed(self) -> None:
        key = (self.sources.images, self.sources.manifests)
        if key == self._seen:
            self._apply()  # only the folder labels changed
            return
        self._seen = key
        self.found = self.made = None
        self._looking.forget()
        self._applying.forget()
        self.sources.problem.say("")
        self.groups.problem.say("")
        if self.sources.named:
            self.panel.looking()
            self._pause.start()
        else:
            self._pause.stop()
            self.panel.empty()
        self.changed.emit()

    def _look(self) -> None:
        images, manifests = self.sources.images, self.sources.manifests
        self._looking.ask(lambda: look(images, manifests))

    def _found(self, answer: object) -> None:
        if isinstance(answer, UserError):
            self.sources.problem.say(str(answer))
            self.panel.problem()
        elif isinstance(answer, ImagesFound) and not answer.n:
            self.sources.problem.say(
                tr("All files are DICOM, which comes with a later version; choose other images.")
            )
            self.panel.problem()
        elif isinstance(answer, ImagesFound):
            self.found = answer
            self.groups.offer(answer.columns, answer.depth, grouped=answer.n_grouped > 0)
            if self.preferred_rule:
                self.groups.set_rule(self.preferred_rule)
            self.preferred_rule = None
            self.sources.offer_folder_labels(answer.depth > 0)
            self.panel.show_found(answer)
            self._apply()
            return
        self.changed.emit()

    def _apply(self) -> None:
        found, rule = self.found, self.groups.rule
        self.made = None
        if found is not None:
            folder_labels = self.sources.folder_labels.isChecked()
            self._applying.ask(lambda: apply_rules(found, rule, folder_labels))
        self.changed.emit()

    def _applied(self, answer: object) -> None:
        if isinstance(answer, UserError):
            self.groups.problem.say(str(answer))
            self.panel.show_rules(None)
        elif isinstance(answer, Consequences):
            none = self.groups.rule is not None and answer.groups.largest is None
            self.groups.problem.say(
                tr("This rule finds no group in any image; change it or choose none.") if none else ""
            )
            self.panel.show_rules(answer)
            self.made = None if none else answer
        self.changed.emit()
