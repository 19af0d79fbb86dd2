"""The window's end of the explainer: where the backbone looked in the image on show, asked for and kept."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.types import NO_CLASS
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.children import start_child
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.project.labels import training_labels
from medlabeler.project.staging import save_arrays

KEEP = 64
"""Answers kept for going back and forth."""

Asked = tuple[int | None, int]
"""What a gradient depends on: the class it is taken towards, and the revision of the labels."""


@dataclass(frozen=True)
class Explained:
    """One answer: `maps` float32 (h, w) in 0..1 by name (`backbones.explanation`); `towards` a class id."""

    row: int
    method: str
    towards: int | None
    maps: dict[str, NDArray[np.float32]]


class Explainer(QObject):
    """Asks a process of its own, which starts with the first request; the latest request wins."""

    changed = Signal(int)  # row: there is an answer, or `problem` says why there is none

    def __init__(self, opened: OpenProjectState) -> None:
        super().__init__(opened)
        self.opened = opened
        self.problem = ""
        self.answered = False  # whether the backbone is loaded
        self._child: Child | None = None
        self._kept: OrderedDict[int, tuple[Explained, Asked]] = OrderedDict()
        self._tag = 0
        self._waiting: tuple[int, Asked] | None = None  # row and what was asked
        self._labels_told: tuple[int, int] = (-1, -1)  # generation, revision
        self._generation = 0
        self._arrays: tuple[int, str] | None = None
        self._received = Mailbox(self._on_message)
        self._exited = Mailbox(self._on_exit)
        opened.changed.connect(self._on_changed)

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._waiting is not None

    def found(self, row: int) -> Explained | None:
        """The last answer about an image, if it is kept."""
        kept = self._kept.get(row)
        return kept[0] if kept else None

    def request(self, row: int) -> None:
        """Ask about an image; `changed` follows, at once if the answer is kept and still holds."""
        opened = self.opened
        asked = self._asked(row)
        kept = self._kept.get(row)
        if kept is not None and (kept[0].method == "attention" or kept[1] == asked):
            self._kept.move_to_end(row)
            self._tag += 1  # whatever is under way is no longer wanted
            self._waiting, self.problem = None, ""
            self.changed.emit(row)
            return
        if self._waiting == (row, asked) or opened.closed:
            return
        backbone = str(opened.project.settings.get("backbone", "") or "")
        info = opened.embedding_info
        try:
            if info is None:
                raise UserError("It can be shown once the images have an embedding.")
            if not backbone or backbone.startswith("precomputed:"):
                raise UserError("This embedding was computed elsewhere: there is no backbone here to ask.")
            self._tell_labels()
        except UserError as error:
            self._waiting, self.problem = None, str(error)
            self.changed.emit(row)
            return
        self._tag += 1
        self._waiting = (row, asked)
        self._send(
            {
                "type": "explain",
                "tag": self._tag,
                "path": str(opened.project.catalog.path(row)),
                "backbone": backbone,
                "weights_sha256": info.weights_sha256,
                "towards": asked[0],
            }
        )

    def forget(self) -> None:
        """Nobody wants the answer under way any more."""
        self._tag += 1
        self._waiting = None

    def close(self) -> None:
        """End the process."""
        self.forget()
        child, self._child = self._child, None
        if child is not None:
            child.kill()

    def _asked(self, row: int) -> Asked:
        # The prediction that may be shown: that of an unlabelled test image stays hidden here, too.
        predicted = int(self.opened.prediction[row])
        return (None if predicted == NO_CLASS else predicted), int(self.opened.project.labels.revision)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self._generation += 1
            self._kept.clear()
            self.forget()

    def _tell_labels(self) -> None:
        """Start the process if need be; send it the labels if they changed."""
        opened, project = self.opened, self.opened.project
        if self._child is None:
            self._start()
        facts = (self._generation, int(project.labels.revision))
        if facts == self._labels_told:
            return
        if self._arrays is None or self._arrays[0] != self._generation:
            folder = project.runtime / "explainer"
            try:
                folder.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise UserError(f"The project folder cannot be written to: {error.strerror}.") from error
            catalog = project.catalog
            arrays = save_arrays(folder, digest=catalog.digest, split=catalog.split)
            self._arrays = (self._generation, arrays)
        usable = training_labels(opened.label, opened.kind, opened.split)
        rows = np.flatnonzero(usable != NO_CLASS)
        self._send(
            {
                "type": "labels",
                "generation": self._generation,
                "vectors": str(project.vectors.folder),
                "key": project.settings.get("embedding", ""),
                "arrays": self._arrays[1],
                "rows": rows.tolist(),
                "labels": usable[rows].tolist(),
            }
        )
        self._labels_told = facts

    def _send(self, message: dict[str, Any]) -> None:
        if self._child is not None:
            self._child.send(message)

    def _start(self) -> None:
        self._child = start_child("explainer", self._received.post, self._exited.post)
        self._labels_told = (-1, -1)
        self.answered = False

    def _on_exit(self, child: Child) -> None:
        if child is not self._child:
            return
        self._child = None
        if self._waiting is not None:
            row, self._waiting = self._waiting[0], None
            self.problem = "Looking into the backbone stopped unexpectedly; switch it on again to retry."
            self.changed.emit(row)

    def _on_message(self, message: dict[str, Any]) -> None:
        if self._child is None or self._waiting is None or message["tag"] != self._tag:
            return
        (row, asked), self._waiting = self._waiting, None
        self.answered = True
        if message["type"] == "failed":
            self.problem = message["sentence"]
            if message.get("bug"):
                self.opened.bug.emit(message["sentence"], message["bug"])
        else:
            maps = {name: np.array(heat, np.float32) for name, heat in message["maps"].items()}
            self.problem = ""
            self._kept[row] = (Explained(row, message["method"], message["towards"], maps), asked)
            self._kept.move_to_end(row)
            while len(self._kept) > KEEP:
                self._kept.popitem(last=False)
        self.changed.emit(row)
