"""What goes on by itself: import, hints of another classifier if wanted, then embed, PCA and UMAP, so that a
newcomer sees a map without a click.

The next step is always decided from what is on disk, never from what was just done, so an interrupted project
goes on where it stopped when it is opened again.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.imaging.rendering import Rendering
from medlabeler.jobs import embed, import_images, project_map, start_with
from medlabeler.learning.backbones.registry import DEFAULT, OFFLINE, STARTER, BackboneInfo, find, is_here
from medlabeler.open_project.first_hints import JOB as HINTS
from medlabeler.open_project.job_state import JobState
from medlabeler.open_project.open_project import OpenProject
from medlabeler.project.starting import WANTED
from medlabeler.project.vectors import ADOPTED

FIRST_MAP = 500
"""Images from which on there is a map, which grows while the others are embedded."""
IMPORT, EMBED, MAP = "import_images", "embed", "project_map"
STEPS = (IMPORT, HINTS, EMBED, MAP)


class Pipeline(QObject):
    """Takes the next step of one open project whenever the last one has ended."""

    ready = Signal()  # the UMAP map is on the screen
    backbone_wanted = Signal(object)  # BackboneInfo of the default, which is not on this machine
    stopped = Signal(object)  # JobState of the step that was cancelled or failed

    def __init__(self, opened: OpenProject, *, offline: bool = False) -> None:
        """`offline`: without the default, take the starter without asking (the sample, which shows cells)."""
        super().__init__(opened)
        self.opened = opened
        self._offline = offline
        self._given_up: set[str] = set()
        self._failed: set[str] = set()
        self._beside: int | None = None  # the job that embeds only to compare
        self._stopped_with = ""  # the embedding that was in use when a step stopped
        self._drawn_early = ""  # the embedding whose first images were laid out, or are being laid out
        opened.runner.finished.connect(self._on_finished)
        opened.changed.connect(self._on_changed)
        opened.runner.adopted.connect(self._on_adopted)
        opened.disk.room_again.connect(self._on_room)

    def start(self) -> None:
        """Look for something to do once the window is up."""
        QTimer.singleShot(0, self, self.advance)

    def advance(self) -> None:
        """Take the next step, if there is one and nothing runs."""
        opened = self.opened
        if opened.closed or opened.runner.running(*STEPS):
            return
        try:
            step = self.next_step()
        except UserError as error:
            opened.failed.emit(str(error))
            return
        if step is None:
            return
        if step == IMPORT:
            if not opened.project.settings.get("embedding", ""):
                opened.runner.get_ready(EMBED)  # while the disk is read, and a person chooses an image model
            opened.start_job(IMPORT, import_images.unfinished(opened.project))
        elif step == HINTS:
            self._ask_for_hints()
        elif step == EMBED:
            self._embed()
        else:
            self._draw_map()

    @property
    def _wanted(self) -> str:
        """The file of a classifier that is to give hints and has not looked yet."""
        return str(self.opened.project.settings.get(WANTED) or "")

    def _ask_for_hints(self) -> None:
        if self.opened.start_job(HINTS, start_with.Params(bundle=Path(self._wanted))) is None:
            self._given_up.add(HINTS)  # why has been said; the rest does not wait for it
            self.advance()

    def _draw_map(self) -> None:
        opened = self.opened
        opened.start_job(MAP, project_map.Params(seed=opened.project.settings.get("map_seed", None)))

    def _on_adopted(self, changes: Changes) -> None:
        """A part of a job is in the project: lay out the first images as soon as they are a sample of all."""
        opened = self.opened
        if not changes & Changes.EMBEDDING or not opened.runner.running(EMBED) or opened.runner.running(MAP):
            return
        if MAP not in self._given_up and not opened.projection:
            opened.runner.get_ready(MAP)  # its libraries are there when the first images are
        project = opened.project
        key = str(project.settings.get("embedding", "") or "")
        if not key or key == self._drawn_early or opened.projection or MAP in self._given_up:
            return
        if self._n_embedded(key) >= FIRST_MAP:
            self._drawn_early = key
            self._draw_map()

    def _n_embedded(self, key: str) -> int:
        project = self.opened.project
        return self.opened.n - len(project.vectors.missing(key, project.catalog.digest))

    def next_step(self) -> str | None:
        """`import_images`, `start_with`, `embed`, `project_map`, or None when all is done or was given up."""
        project = self.opened.project
        if IMPORT not in self._given_up and import_images.unfinished(project) is not None:
            return IMPORT
        if not self.opened.n:
            return None
        if HINTS not in self._given_up and self._wanted:
            return HINTS
        key = str(project.settings.get("embedding", "") or "")
        if EMBED not in self._given_up:
            own = str(project.settings.get("backbone", "") or "")
            if own.startswith(ADOPTED):
                pass  # the vectors came from a file; which ones to use instead is for a person to say
            elif not key or self._wants_more(key) or self._shown_otherwise(key):
                return EMBED
        if key and MAP not in self._given_up and self._map_is_old(key):
            return MAP
        return None

    def _wants_more(self, key: str) -> bool:
        """Whether images have no vector, other than those that could not be embedded the last time: a broken
        file must not loop.
        """
        project = self.opened.project
        missing = project.vectors.missing(key, project.catalog.digest)
        return bool(len(missing) and project.settings.get("embed_tried", None) != self._tried(key))

    def note_tried(self) -> None:
        """What has no vector of the embedding in use could not be embedded: it is not tried again."""
        settings = self.opened.project.settings
        settings.keep("embed_tried", self._tried(str(settings.get("embedding", ""))))

    def _tried(self, key: str) -> list[str]:
        """What was tried: an embedding, of the pictures that have no vector of it now."""
        project = self.opened.project
        missing = project.vectors.missing(key, project.catalog.digest)
        content = missing.tobytes() + project.catalog.digest[missing].tobytes()
        return [key, hashlib.sha256(content).hexdigest()]

    def _shown_otherwise(self, key: str) -> bool:
        """Whether a person chose another window or other channels since these vectors were computed."""
        project = self.opened.project
        then = project.vectors.info(key).preprocessing.get("rendering")
        return Rendering.from_json(then) != project.rendering

    def _map_is_old(self, key: str) -> bool:
        project = self.opened.project
        drawn = project.vectors.projections(key).get("umap")
        if drawn is None:
            return True
        if "pictures" in drawn:
            there = project_map.pictures(embed.present(project, key), project.catalog.digest)
            return bool(drawn["pictures"] != there)
        return int(drawn.get("n_images", 0)) < self._n_embedded(key)

    def _embed(self) -> None:
        opened = self.opened
        own = str(opened.project.settings.get("backbone", "") or "")
        default = find(DEFAULT)
        if own and not own.startswith(ADOPTED):
            if not is_here(find(own)):
                self.backbone_wanted.emit(find(own))
                return
            opened.start_job(EMBED, embed.Params(backbone=own))
        elif self._offline or is_here(default):
            opened.start_job(EMBED, embed.Params(backbone=None if is_here(default) else STARTER))
        else:
            self.backbone_wanted.emit(default)

    def use_backbone(
        self,
        name: str,
        *,
        allow_download: bool = False,
        device: str = "auto",
        weights: Path | None = None,
        views: str | None = None,
    ) -> None:
        """Embed with this backbone from now on; a person has chosen it. `weights`: where to copy it from."""
        self._given_up.clear()
        params = embed.Params(name, device, allow_download, weights, views)
        self.opened.start_job(EMBED, params)

    def compare_with(self, name: str) -> None:
        """Embed with this backbone, too; what is in use stays in use."""
        self._beside = self.opened.start_job(EMBED, embed.Params(name, beside=True))

    def resume(self) -> None:
        """Try again what was cancelled or failed."""
        self._given_up.clear()
        self.opened.project.settings.keep("embed_tried", None)
        self.advance()

    def waits_for(self, step: str) -> bool:
        """Whether `step` was cancelled or failed, and what it was to do is still to be done."""
        if step not in self._given_up:
            return False
        if step == HINTS:
            return bool(not self.opened.closed and self._wanted)
        if step != EMBED or self.opened.closed:
            return True
        key = str(self.opened.project.settings.get("embedding", "") or "")
        return key == self._stopped_with or not key or self._wants_more(key)

    def _on_room(self) -> None:
        """Steps that failed while the disk was full, not those that a person cancelled."""
        if self._failed and not self.opened.closed:
            self._given_up -= self._failed
            self._failed.clear()
            self.advance()

    def redraw_map(self) -> None:
        """Compute the map again on what is embedded now."""
        self._given_up.discard(MAP)
        if not self.opened.runner.running(*STEPS):
            self.opened.start_job(MAP, project_map.Params())

    def _on_changed(self, changes: Changes) -> None:
        key = str(self.opened.project.settings.get("embedding", "") or "")
        if changes & Changes.IMAGES and key and not self.opened.closed and self._shown_otherwise(key):
            # A person chose how images are shown; the embedding follows.
            self._given_up.discard(EMBED)
            self.start()

    def _on_finished(self, job: JobState, result: JobResult | None) -> None:
        if job.name not in (*STEPS, "adopt_vectors"):
            return
        if job.name == HINTS and job.state != "done":
            self._without_hints(job)
            return
        if job.id == self._beside:  # whoever asked for it tells how it ended
            self._beside = None
            self.advance()
            return
        if job.state != "done":
            self._given_up.add(job.name)
            if job.state == "failed":
                self._failed.add(job.name)
            self._stopped_with = str(self.opened.project.settings.get("embedding", "") or "")
            self.stopped.emit(job)
            return
        if job.name == EMBED:
            self.note_tried()
        drawn = result.found if result is not None else None
        if isinstance(drawn, project_map.Facts) and drawn.method == "umap":
            self.opened.refresh(Changes.PROJECTION)
            self.ready.emit()
        self.advance()

    def _without_hints(self, job: JobState) -> None:
        """The rest does not wait for what was only to help."""
        if self._wanted:
            self._given_up.add(job.name)
            self.stopped.emit(job)
        self.advance()


def offline_choices() -> dict[str, BackboneInfo]:
    """The backbones that need no network and are installed, each by what images it is for."""
    found = {tr("blood cells"): find(STARTER), tr("other images"): find(OFFLINE)}
    return {images: info for images, info in found.items() if is_here(info)}
