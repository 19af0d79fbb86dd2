"""Which backbone is in use, and the questions around it: download, take the offline one, choose another."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import bare_name, shown_licence, shown_name
from medlabeler.gui.kit.dialogs import show_dialog
from medlabeler.gui.window.notices import Notices
from medlabeler.gui.window.toolbar import DEVICES
from medlabeler.learning.backbones.registry import DEFAULT, STARTER, BackboneInfo
from medlabeler.open_project import own_images
from medlabeler.open_project.pipeline import EMBED, Pipeline, offline_choices
from medlabeler.project.embedding_info import EmbeddingInfo


class BackboneNotices(QObject):
    """Follows one open project, on whose `page` its dialog opens."""

    def __init__(
        self, pipeline: Pipeline, notices: Notices, page: QWidget, learn: Callable[[], None]
    ) -> None:
        """`learn` opens the window in which a backbone learns from the project's images."""
        super().__init__(page)
        self._learn = learn
        self._opened, self._pipeline, self._notices, self._page = pipeline.opened, pipeline, notices, page
        self._told: EmbeddingInfo | None = None
        """What was said to be in use: once is enough."""
        self._opened.changed.connect(self._on_changed)
        pipeline.backbone_wanted.connect(self._ask)
        self._show_in_use()

    def _on_changed(self, changes: Changes) -> None:
        if changes & Changes.EMBEDDING:
            self._show_in_use()

    def _show_in_use(self) -> None:
        """Never let it be forgotten that the embedding in use is not DINO; where learning from the images was
        found to pay, it is proposed.
        """
        info = self._opened.embedding_info
        self._notices.review()
        if info is None or info.self_supervised or info == self._told:
            return
        self._told = info
        own = info.backbone.startswith("precomputed:")
        sentence = (
            tr(
                "{title} is in use; MedLabeler cannot tell which image model made it.",
                title=shown_name(info.title),
            )
            if own
            else tr(
                "The image model in use is {title}: it is not DINO, so expect a coarser map.",
                title=shown_name(info.title),
            )
        )
        answers: list[tuple[str, Callable[[], None]]] = [(tr("Choose…"), self.choose)]
        if own_images.pays(self._opened):
            words = tr("With so many images it usually tells more apart after learning from them.")
            sentence = f"{sentence} {words}"
            answers.insert(0, (tr("Learn from my images…"), self._learn))
        self._notices.tell(
            "backbone",
            sentence,
            answers,
            stands=lambda: self._opened.embedding_info == info,
            passing=True,
        )

    def _ask(self, wanted: BackboneInfo) -> None:
        """The weights are not here: nothing is fetched before a person says so."""
        offline = {images: info for images, info in offline_choices().items() if info.name != wanted.name}
        size = tr("{size_mb} MB, ", size_mb=wanted.size_mb) if wanted.size_mb else ""
        answers: list[tuple[str, Callable[[], None]]] = [
            (
                tr("Download ({size}{licence})", size=size, licence=shown_licence(wanted.licence)),
                lambda: self._use(wanted.name, allow_download=True),
            )
        ]
        for images, info in offline.items():
            answers.append((tr("Offline: {images}", images=images), partial(self._use, info.name)))
        answers.append((tr("Choose…"), self.choose))
        sentence = tr("The weights of {title} are not on this machine yet.", title=shown_name(wanted.title))
        if offline:
            titles = (
                shown_name(info.title)
                if info.name == STARTER
                else tr("{title}, not DINO, for {images}", title=bare_name(info.title), images=images)
                for images, info in offline.items()
            )
            sentence += tr(" Offline: {titles}.", titles="; ".join(titles))
        before = self._opened.embedding_info
        self._notices.tell(
            "backbone wanted",
            sentence,
            answers,
            stands=lambda: self._opened.embedding_info == before and not self._opened.runner.running(EMBED),
            closable=False,
        )

    def _use(
        self,
        name: str,
        *,
        allow_download: bool = False,
        weights: Path | None = None,
        views: str | None = None,
    ) -> None:
        self._pipeline.use_backbone(name, allow_download=allow_download, weights=weights, views=views)

    def choose(self) -> None:
        """Ask for another backbone; the vectors of the present one are kept."""
        from medlabeler.gui.backbones.choice import BackboneDialog

        opened = self._opened
        current = str(opened.project.settings.get("backbone", "") or DEFAULT)
        info = opened.embedding_info
        views = str(info.preprocessing.get("views", "")) if info is not None else ""
        dialog = BackboneDialog(current, DEVICES.get(opened.device, ""), self._page, views)

        def take() -> None:
            choice = dialog.choice
            self._use(
                choice.name,
                allow_download=choice.allow_download,
                weights=dialog.weights_folder,
                views=dialog.views.currentData(),
            )

        dialog.accepted.connect(take)
        show_dialog(dialog)
