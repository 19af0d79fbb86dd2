"""Import again, or add further images to an open project."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.form import Buttons, Form, Sentence, column, prepare, section
from medlabeler.gui.kit.job_start import start_or_tell
from medlabeler.gui.start.import_form import ImportForm
from medlabeler.jobs import import_images
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project import sources
from medlabeler.project.sources import Spec


class AddImagesDialog(QDialog):
    """Starts the job `import_images`; nothing that is in the project is touched, and labels stay."""

    def __init__(self, opened: OpenProject, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("Add images"), QSize(900, 660))
        self._opened = opened
        specs = [source.spec for source in sources.stored(opened.project.settings)]
        self.again = QRadioButton(tr("Look &again where the images of the project come from"))
        self.further = QRadioButton(tr("Add images from somewhere &else"))
        self.where = Sentence(_where(specs))
        self.import_form = ImportForm(self, opened.project.rendering)
        self.import_form.preferred_rule = specs[-1].group if specs else None
        self.explain = Sentence(
            tr(
                "New images are for training, unless an image list names them as test images or their group "
                "already stands in the test set."
            )
        )
        self.problem = Sentence(role="problem")
        self.buttons = Buttons(self, tr("Import"))
        self.buttons.go.clicked.connect(self.accept)
        self._place()
        self.again.setEnabled(bool(specs))
        (self.again if specs else self.further).setChecked(True)
        self.further.toggled.connect(self._update)
        self.import_form.changed.connect(self._update)
        self._update()

    def _place(self) -> None:
        self._form = Form()
        self._form.add(section(tr("Images")))
        self._form.add(self.import_form.sources)
        self._form.add(self.import_form.cuts)
        self._form.add(section(tr("Groups: patient, slide, lesion")), 10)
        self._form.add(self.import_form.groups)
        self._form.add(self.explain, 8)
        self._form.box.addStretch(1)
        self._fields = QWidget()
        across = QHBoxLayout(self._fields)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self._form, 1)
        across.addWidget(self.import_form.panel)
        self.where.setIndent(22)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(12)
        box.addLayout(column(self.again, self.where))
        box.addWidget(self.further)
        box.addWidget(self._fields, 1)
        box.addWidget(self.problem)
        box.addWidget(self.buttons)

    def params(self) -> import_images.Params:
        """What to import."""
        return import_images.Params(self.import_form.spec() if self.further.isChecked() else None)

    def accept(self) -> None:
        """Start, or say why not."""
        if self.buttons.go.isEnabled() and start_or_tell(
            self._opened, "import_images", self.params(), self.problem
        ):
            super().accept()

    def _update(self) -> None:
        self.problem.say("")
        further = self.further.isChecked()
        self._fields.setEnabled(further)
        running = self._opened.runner.running("import_images")
        busy = tr("An import is running; wait until it is done.") if running else ""
        self.buttons.allow(busy or (self.import_form.missing if further else ""))


def _where(specs: list[Spec]) -> str:
    if not specs:
        return tr("The project does not know where its images came from.")
    places: list[str] = []
    for spec in specs:
        places += [str(manifest.path) for manifest in spec.manifests] or [str(spec.images)]
    return tr("{places}: only new and changed files are read.", places=", ".join(places))
