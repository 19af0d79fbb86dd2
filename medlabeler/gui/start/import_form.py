"""The heart of both import dialogs: sources, how they are cut, groups, and a preview of what they yield."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.gui.start.cuts_form import CutsForm
from medlabeler.gui.start.found_panel import FoundPanel
from medlabeler.gui.start.import_preview import (
    Consequences,
    ImagesFound,
    apply_rules,
    look,
    samples,
    seen_again,
)
from medlabeler.gui.start.rendering_form import RenderingForm
from medlabeler.gui.start.sources_form import GroupForm, SourcesForm
from medlabeler.imaging.rendering import DEFAULT, Rendering
from medlabeler.open_project.threads.latest import Latest
from medlabeler.project.sources import Spec

PAUSE_MS = 200
"""How long a person stops typing before the disk is asked."""
LIKELY_GROUPS = (
    "patient_id", "patient id", "patientid", "patient", "subject_id", "subject", "case_id", "case",
    "slide_id", "slide", "lesion_id", "lesion", "patient no", "patient_no", "patient number",
    "patientennummer", "patienten-id", "patienten_id", "patient-id", "fallnummer", "fall",
    "objektträger", "läsion", "proband", "ausstrich", "smear_id", "smear", "id_patient", "sujet", "lame",
    "frottis", "lésion", "id_paciente", "paciente", "sujeto", "lámina", "frotis", "lesión", "id_paziente",
    "paziente", "soggetto", "vetrino", "striscio", "lesione",
)  # fmt: skip
"""Columns that are proposed as the group, lower case, the surest first."""


OF_PATIENTS = re.compile(
    r"(?:patient(?:in|e)?|paciente|paziente|pat|pt|subject|sujet|sujeto|soggetto|subj|sub|proband|case|fall|cas"
    r"|caso|participant|slide|objektträger|lame|lámina|vetrino|smear|ausstrich|frottis|frotis|striscio|lesion"
    r"|läsion|lésion|lesión|lesione)[ ._#-]*\d+",
    re.IGNORECASE,
)
"""How folders of patients, slides and lesions are called in most archives."""


def level_of_patients(paths: Iterable[str]) -> int:
    """The folder level (1 the outermost) whose names are those of patients, slides or lesions; 0 for none."""
    levels: list[set[str]] = []
    for path in paths:
        for at, name in enumerate(path.split("/")[:-1]):
            if at == len(levels):
                levels.append(set())
            levels[at].add(name)
    fits = (
        level for level, names in enumerate(levels, 1)
        if len(names) > 1 and all(OF_PATIENTS.match(unicodedata.normalize("NFC", name)) for name in names)
    )  # fmt: skip
    return next(fits, 0)


class ImportForm(QObject):
    """Holds `sources`, `groups` and the `panel` together; a dialog places them where it likes."""

    changed = Signal()  # what is chosen, found or made of it changed

    def __init__(self, parent: QObject, rendering: Rendering | None = None) -> None:
        """`rendering`: how the project shows its images; None for a new one, whose dialog places `look`."""
        super().__init__(parent)
        self.sources, self.cuts = SourcesForm(), CutsForm()
        self._rendering = rendering
        self.look = RenderingForm() if rendering is None else None
        if self.look is not None:
            self.look.changed.connect(self._look_changed)
        self.groups, self.panel = GroupForm(), FoundPanel()
        self.found: ImagesFound | None = None
        self.made: Consequences | None = None
        self.preferred_rule: str | None = None
        """The rule to propose for the first images that are found."""
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look)
        self._looking, self._applying, self._sampling = Latest(self), Latest(self), Latest(self)
        self._looking.answered.connect(self._found)
        self._applying.answered.connect(self._applied)
        self._seen = Spec()
        self._place: tuple[Any, ...] = ()
        self._sampling.answered.connect(self._sampled)
        self.sources.changed.connect(self._sources_changed)
        self.cuts.changed.connect(self._sources_changed)
        self.cuts.split_changed.connect(self._apply)
        self.cuts.list_wanted.connect(self._use_list)
        self.panel.others_wanted.connect(self._sample)
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

    @property
    def n_test(self) -> int:
        """Test images that lists or folders name."""
        if self.found is None:
            return 0
        return self.found.by_folders[1] if self.cuts.folder_split else self.found.n_test

    def spec(self, *, reserve: int = 0, seed: int = 0) -> Spec:
        """What to import, as chosen."""
        folder_labels = self.sources.folder_labels.isChecked() and self.sources.folder_labels.isEnabled()
        return replace(
            self._looked_at(),
            folder_labels=folder_labels,
            group=self.groups.rule,
            reserve=reserve,
            seed=seed,
            folder_split=self.cuts.folder_split,
        )

    def _looked_at(self) -> Spec:
        """What says which images there are."""
        return self.cuts.applied(Spec(self.sources.images, self.sources.manifests))

    def _sources_changed(self) -> None:
        place = (self.sources.images, self.sources.manifests)
        if place != self._place:
            self._place = place
            self.cuts.forget()
        key = self._looked_at()
        if key == self._seen:
            self._apply()  # only the folder labels changed
            return
        self._seen = key
        self.found = self.made = None
        for asking in (self._looking, self._applying, self._sampling):
            asking.forget()
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
        spec, decide = self._looked_at(), not self.cuts.decided
        self._looking.ask(lambda: look(spec, decide=decide))

    def _found(self, answer: object) -> None:
        if isinstance(answer, UserError):
            self.sources.problem.say(str(answer))
            self.panel.problem()
        elif isinstance(answer, ImagesFound):
            self.found = answer
            self.cuts.offer(answer)
            if self.look is not None:
                self.look.setVisible(answer.is_deep)
            self._seen = self._looked_at()
            self.groups.offer(
                answer.columns, answer.depth, grouped=answer.n_grouped > 0, dicom=answer.n_dicom > 0,
                cut=bool(answer.spec.crop or answer.spec.patch),
            )  # fmt: skip
            self._propose_groups(answer)
            self.sources.offer_folder_labels(answer.depth > 0)
            self.panel.show_found(answer)
            self._sample()
            self._apply()
            return
        self.changed.emit()

    def _propose_groups(self, found: ImagesFound) -> None:
        """The rule of the project, else a column or folders that are called as groups are."""
        columns = {name.lower(): name for name in found.columns}
        likely = next((columns[name] for name in LIKELY_GROUPS if name in columns), None)
        if self.preferred_rule:
            self.groups.set_rule(self.preferred_rule)
        elif not found.n_grouped and self.groups.rule is None:
            level = 0 if likely else level_of_patients(item.path for item in found.items)
            self.groups.set_rule(likely or (f"folder:{level}" if level else None))
        self.preferred_rule = None

    def _use_list(self, file: object) -> None:
        """The folder's own table says which images count, and what they show."""
        folder = self.sources.images
        self.sources.show_sources(folder, [Path(str(file))])

    def _sample(self) -> None:
        found = self.found
        if found is not None and found.n:
            rendering = self.rendering
            self._sampling.ask(lambda: samples(found, rendering))

    @property
    def rendering(self) -> Rendering:
        """How the images are shown."""
        return self.look.rendering if self.look is not None else self._rendering or DEFAULT

    def _look_changed(self) -> None:
        """The same images in another way, unless others are being read already."""
        seen, rendering = self.panel.samples.seen, self.rendering
        if seen:
            self._sampling.ask(lambda: seen_again(seen, rendering))
        else:
            self._sample()

    def _sampled(self, answer: object) -> None:
        if isinstance(answer, list):
            self.panel.show_samples(answer)

    def _apply(self) -> None:
        found, rule = self.found, self.groups.rule
        self.made = None
        if found is not None:
            folder_labels, split = self.sources.folder_labels.isChecked(), self.cuts.folder_split
            self._applying.ask(lambda: apply_rules(found, rule, folder_labels, split))
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
