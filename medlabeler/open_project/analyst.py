"""The window's end of the analyst: what stands behind the accuracy, asked for only while someone looks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.children import start_child
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.project.labels import training_labels
from medlabeler.project.random_draws import recent_draws
from medlabeler.project.staging import save_arrays

QUIET_MS = 1500
"""Labels must rest this long before anything is computed anew."""


class Analyst(QObject):
    """Details of the cross-validation, and the learning curve, of the labels as they are.

    The process starts with the first `watch` and rests when nobody watches. `details` and `curve` are the
    last answers (see `processes.analyst`), None before the first; `fresh` tells whether they are of the
    labels as they are now.
    """

    details_changed = Signal()
    curve_changed = Signal()

    def __init__(self, opened: OpenProjectState, occupied: Callable[[], bool]) -> None:
        """`occupied` says whether others need the processor more."""
        super().__init__(opened)
        self.opened = opened
        self._occupied = occupied
        self.details: dict[str, Any] | None = None
        self.curve: dict[str, Any] | None = None
        self.problem = ""
        self._child: Child | None = None
        self._watched = False
        self._generation = 0
        self._loaded_for: tuple[str, int] = ("", -1)
        self._asked: tuple[int, str] | None = None
        self._of_details: tuple[int, str] | None = None
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._ask)
        self._received = Mailbox(self._on_message)
        self._exited = Mailbox(self._on_exit)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._on_view)

    @property
    def fresh(self) -> bool:
        """Whether the details are of the labels and the classifier as they are."""
        return self._of_details is not None and self._of_details == self._now()

    def watch(self, watched: bool) -> None:
        """Somebody looks, or no longer does."""
        if watched == self._watched:
            return
        self._watched = watched
        if watched:
            self._ask()
        else:
            self._quiet.stop()
            self._asked = None
            if self._child is not None:
                self._child.send({"type": "rest"})

    def close(self) -> None:
        """End the process."""
        self._watched = False
        self._quiet.stop()
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def _now(self) -> tuple[int, str]:
        return int(self.opened.project.labels.revision), self.opened.classifier

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self._loaded_for = ("", -1)
        if self._watched and changes & (
            Changes.LABELS | Changes.CLASSES | Changes.IMAGES | Changes.EMBEDDING
        ):
            self._quiet.start()

    def _on_view(self) -> None:
        if self._watched and self._asked is not None and self._asked != self._now():
            self._quiet.start()

    def _ask(self) -> None:
        """Load the embedding if need be and ask for details and curve."""
        opened = self.opened
        key = opened.project.settings.get("embedding", None)
        if not self._watched or not key or not opened.n or opened.closed:
            return
        if self._occupied():
            self._quiet.start()  # two cores: the map and the predictions first
            return
        try:
            self._load(key)
        except UserError as error:
            self.problem = str(error)
            self.details_changed.emit()
            return
        labels = opened.project.labels
        usable = training_labels(labels.class_id, labels.kind, opened.split)
        rows = np.flatnonzero(usable != NO_CLASS)
        request = {
            "generation": self._generation,
            "revision": self._now()[0],
            "rows": rows.tolist(),
            "labels": usable[rows].tolist(),
            "fair": np.flatnonzero(opened.project.labels.drawn_blind()).tolist(),
            "names": [[c.id, c.name] for c in opened.classes],
        }
        seed = int(opened.project.settings.get("seed", 0))
        draws = recent_draws(opened.project)
        self._send({"type": "details", "classifier": opened.classifier, "seed": seed, "draws": draws,
                    **request})  # fmt: skip
        if self._asked is None or self._asked[0] != self._now()[0] or self.curve is None:
            self._send({"type": "curve", **request})
        self._asked = self._now()

    def _send(self, message: dict[str, Any]) -> None:
        if self._child is not None:
            self._child.send(message)

    def _load(self, key: str) -> None:
        project = self.opened.project
        if self._child is None:
            self._start()
        if self._loaded_for == (key, self.opened.n):
            return
        self._generation += 1
        folder = project.runtime / "analyst"
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise UserError(f"The project folder cannot be written to: {error.strerror}.") from error
        catalog = project.catalog
        arrays = save_arrays(folder, digest=catalog.digest, split=catalog.split, group=catalog.group)
        self._send({"type": "load", "generation": self._generation, "key": key, "arrays": arrays,
                    "vectors": str(project.vectors.folder)})  # fmt: skip
        self._loaded_for = (key, self.opened.n)

    def _start(self) -> None:
        self._child = start_child("analyst", self._received.post, self._exited.post)
        self._loaded_for = ("", -1)

    def _on_exit(self, child: Child) -> None:
        if child is self._child:
            self._child, self._asked = None, None
            self.problem = "The analysis stopped unexpectedly; close and open this window to try again."
            self.details_changed.emit()

    def _on_message(self, message: dict[str, Any]) -> None:
        if self._child is None or message.get("generation") != self._generation:
            return
        if message["type"] == "details":
            self.details, self.problem = message["details"], ""
            self._of_details = (message["revision"], message["classifier"])
            self.details_changed.emit()
        elif message["type"] == "curve":
            self.curve = message
            self.curve_changed.emit()
        elif message["type"] == "failed":
            self.problem = message["sentence"]
            self.details_changed.emit()
            if message.get("bug"):
                self.opened.bug.emit(message["sentence"], message["bug"])
