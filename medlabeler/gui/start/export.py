"""Export: which files, where, what is in each; nothing that a person did not ask for."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QCheckBox, QDialog, QVBoxLayout, QWidget

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.words import count
from medlabeler.export.privacy import NO_GROUPS
from medlabeler.gui.kit.form import LOOKING, Buttons, Form, Sentence, prepare, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.gui.start.export_contents import (
    BUNDLE,
    DECISIONS,
    LABELS,
    ONNX,
    PREDICTIONS,
    why_no_classifier,
    why_no_graph,
)
from medlabeler.gui.start.naming import GroupsChoice, Look, NamesChoice
from medlabeler.gui.start.targets import ExportFile, Targets
from medlabeler.jobs import export
from medlabeler.learning.backbones.registry import find
from medlabeler.open_project.open_project import OpenProject

CSV = tr("CSV (*.csv)")
BUNDLE_SUFFIX = ".bundle"


class ExportDialog(QDialog):
    """Starts the job `export`, which runs in a worker; a refusal is said here."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Export"), QSize(760, 790))
        self._opened = opened
        name, folder = opened.project.path.name, opened.project.path.parent
        self.labels = ExportFile(
            tr("&Labels (CSV)"),
            LABELS,
            folder / f"{name} labels.csv",
            CSV,
        )
        self.remarks = QCheckBox(tr("Include notes, flags and favourites"))
        self.remarks_note = Sentence(tr("Notes are free text and may name patients."))
        self.remarks_note.setIndent(24)
        self.labels.extras.addWidget(self.remarks)
        self.labels.extras.addWidget(self.remarks_note)
        self.groups = GroupsChoice(opened.project)
        self.labels.extras.addWidget(self.groups)
        self.predictions = ExportFile(
            tr("&Predictions (CSV)"),
            PREDICTIONS,
            folder / f"{name} predictions.csv",
            CSV,
        )
        self.bundle = ExportFile(
            tr("&Classifier (bundle)"),
            BUNDLE,
            folder / f"{name}{BUNDLE_SUFFIX}",
            tr("MedLabeler bundle (*{bundle_suffix})", bundle_suffix=BUNDLE_SUFFIX),
        )
        self.onnx = ExportFile(
            tr("Classifier for other programs (&ONNX)"), ONNX, folder / f"{name}.onnx", tr("ONNX (*.onnx)")
        )
        self.int8 = QCheckBox(tr("A smaller graph (int8) as well, if it answers the same"))
        self.onnx.extras.addWidget(self.int8)
        self.decisions = ExportFile(
            tr("All &decisions (CSV)"), DECISIONS, folder / f"{name} decisions.csv", CSV
        )
        self.weights = QCheckBox(tr("Include the weights of the image model"))
        self.weights_note = Sentence()
        self.weights_note.setIndent(24)
        self.bundle.extras.addWidget(self.weights)
        self.bundle.extras.addWidget(self.weights_note)
        self.names = NamesChoice()
        self.excel = QCheckBox(tr("The tables are for E&xcel"))
        self.excel.setToolTip(tr("With a mark at the beginning, without which Excel reads ä as Ã¤"))
        self.warning = Sentence(role="doubt")
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Export"))
        self.buttons.go.clicked.connect(self.accept)
        self._targets = Targets(self, self.files)
        self._targets.changed.connect(self._update)
        self.names.changed.connect(self._update)
        self._look = Look(opened.project, self)
        self._look.changed.connect(self._update)
        self._place()
        self._offer()
        self.labels.wanted.setChecked(self.labels.wanted.isEnabled())
        self._targets.look()

    @property
    def files(self) -> tuple[ExportFile, ...]:
        """In the order of the screen."""
        return self.labels, self.predictions, self.bundle, self.onnx, self.decisions

    def _place(self) -> None:
        form = Form()
        form.box.setContentsMargins(0, 0, 0, 0)
        for file in self.files:
            form.add(file)
        form.add(section(tr("Names in the tables")), 6)
        form.add(self.names)
        form.add(self.excel, 4)
        form.box.addStretch(1)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(form, 1)
        box.addWidget(self.warning)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)

    def _offer(self) -> None:
        """Refuse what is not possible yet, with the reason."""
        opened = self._opened
        project = opened.project
        said = project.remarks.any()
        self.remarks.setVisible(said)
        self.remarks_note.setVisible(said)
        if not said and not (project.labels.kind != 0).any():
            self.labels.refuse(tr("No image is labelled yet."))
        if not (project.labels.kind != 0).any():
            self.decisions.refuse(tr("No image is labelled yet."))
        info = opened.embedding_info
        reason = why_no_classifier(opened)
        if no_graph := why_no_graph(opened, reason):
            self.onnx.refuse(no_graph)
        if reason:
            self.predictions.refuse(reason)
            self.bundle.refuse(reason)
            return
        assert info is not None  # noqa: S101 - else there is a reason
        if info.backbone.startswith("precomputed:"):
            self.weights.setEnabled(False)
            self.weights_note.say(
                tr("The numbers of the images were computed elsewhere, so there are no weights to include.")
            )
            return
        try:
            backbone = find(project.located(info.backbone))
        except UserError:
            self.weights.setEnabled(False)
            self.weights_note.say(
                tr("The weights of {title} are not on this machine any more.", title=shown_name(info.title))
            )
            return
        if backbone.source == "file":
            self.weights.setChecked(True)
            self.weights.setEnabled(False)
            self.weights_note.say(tr("They are your own file, which no other machine could find."))
        else:
            size = (
                tr("{size_mb:,} MB larger", size_mb=backbone.size_mb)
                if backbone.size_mb
                else tr("A larger file")
            )
            self.weights_note.say(tr("{size}, but works on a machine without a network.", size=size))

    # ------------------------------------------------------------------ the answer

    def params(self) -> export.Params:
        """What to write."""
        return export.Params(
            bundle=self.bundle.path(),
            labels=self.labels.path(),
            predictions=self.predictions.path(),
            audit=self.decisions.path(),
            classifier=self._opened.classifier,
            with_backbone=self.bundle.chosen and self.weights.isChecked(),
            absolute=self.names.absolute.isChecked(),
            remarks=self.labels.chosen and self.remarks.isChecked(),
            without_names=self.names.hidden.isChecked(),
            groups=self.groups.chosen() if self.labels.chosen else NO_GROUPS,
            looked=True,
            onnx=self.onnx.path(),
            int8=self.onnx.chosen and self.int8.isChecked(),
            excel=self.excel.isChecked(),
        )

    def accept(self) -> None:
        """Start, or say why not."""
        if self.buttons.go.isEnabled() and start_or_tell(self._opened, "export", self.params(), self.problem):
            super().accept()

    # ------------------------------------------------------------------ what follows from what

    def _update(self) -> None:
        self.problem.say("")
        csv = any(file.chosen for file in (self.labels, self.predictions, self.decisions))
        self.names.setEnabled(csv)
        self.excel.setEnabled(csv)
        hidden = self.names.hidden.isChecked()
        self.warning.say(self._look.warning(names=csv and not hidden, pictures=False))
        missing = self._targets.say() or ("" if self._targets.any else tr("Choose what to export."))
        if self._opened.runner.running("export"):
            missing = tr("An export is running; wait until it is done.")
        waits = self._targets.waits or self._look.waits
        self.buttons.allow(missing or (LOOKING if waits else ""))
        chosen = sum(file.chosen for file in self.files)
        self.buttons.go.setText(tr("Export {files}", files=count(chosen, "file")) if chosen else tr("Export"))
