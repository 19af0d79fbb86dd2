"""The window's end of the explainer: where the image model looked in an image, asked for and kept."""

from __future__ import annotations

import json
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS
from medlabeler.open_project.given_arrays import GivenArrays
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes import protocol
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import (
    Crashed,
    Dropped,
    Explain,
    ExplainerAnswer,
    ExplainerLabels,
    ExplainerRequest,
    Failed,
    Rejected,
)
from medlabeler.processes.roles import EXPLAINER
from medlabeler.processes.supervisor import Ended, Event, Post, Started, Supervisor
from medlabeler.project.labels import training_labels

KEEP = 64
"""Answers kept for going back and forth."""

log = logging.getLogger("medlabeler.window")

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

    def __init__(self, opened: OpenProjectState, supervisor: Supervisor) -> None:
        super().__init__(opened)
        self.opened = opened
        self._supervisor = supervisor
        self.problem = ""
        self.answered = False  # whether the backbone is loaded
        self._post: Post | None = None
        self._told: int | None = None  # the process that was told the labels
        self._given = GivenArrays(opened.project, "explainer", self)
        self._given.written.connect(self._on_given)
        self._giving: int | None = None  # generation whose arrays are being written
        self._kept: OrderedDict[int, tuple[Explained, Asked]] = OrderedDict()
        self._tag = 0
        self._waiting: tuple[int, Asked] | None = None  # row and what was asked
        self._labels_told: tuple[int, int] = (-1, -1)  # generation, revision
        self._generation = 0
        self._arrays: tuple[int, str] | None = None
        self._received = Mailbox(self._on_answer)
        self._happened = Mailbox(self._on_event)
        opened.changed.connect(self._on_changed)

    @property
    def child(self) -> Child | None:
        """The process, None before somebody asked."""
        return self._post.child if self._post is not None else None

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
                raise UserError(tr("It can be shown once an image model has looked at the images."))
            if not backbone or backbone.startswith("precomputed:"):
                raise UserError(
                    tr("These numbers were computed elsewhere: there is no image model here to ask.")
                )
        except UserError as error:
            self._refuse(row, str(error))
            return
        self._tag += 1
        self._waiting = (row, asked)
        if not self._labels_are_told():
            return  # `_on_given` asks again
        catalog = opened.project.catalog
        path, digest = str(catalog.path(row)), catalog.digest[row].decode("ascii")
        chosen = info.preprocessing.get("rendering")
        shown = json.dumps(chosen) if chosen else ""
        self._send(Explain(str(self._tag), path, digest, backbone, info.weights_sha256, asked[0], shown))

    def _refuse(self, row: int, sentence: str) -> None:
        self._waiting, self.problem = None, sentence
        self.changed.emit(row)

    def forget(self) -> None:
        """Nobody wants the answer under way any more."""
        self._tag += 1
        self._waiting = None

    def close(self) -> None:
        """End the process."""
        self.forget()
        post, self._post = self._post, None
        if post is not None:
            post.leave()

    def _asked(self, row: int) -> Asked:
        # The prediction that may be shown: that of an unlabelled test image stays hidden here, too.
        predicted = int(self.opened.prediction[row])
        return (None if predicted == NO_CLASS else predicted), int(self.opened.project.labels.revision)

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self._generation += 1
            self._kept.clear()
            self.forget()

    def _labels_are_told(self) -> bool:
        """Start the process if need be; send it the labels if they changed. False while what it needs
        besides is written.
        """
        opened, project = self.opened, self.opened.project
        if self._post is None:
            self._post = self._supervisor.keep(EXPLAINER, self._hear, self._happened.post)
            self._labels_told, self.answered = (-1, -1), False
            self._note_told()
        facts = (self._generation, int(project.labels.revision))
        if facts == self._labels_told:
            return True
        if self._arrays is None or self._arrays[0] != self._generation:
            if self._giving != self._generation:
                self._giving = self._generation
                self._given.give(digest=project.catalog.digest, split=project.catalog.split)
            return False
        usable = training_labels(opened.label, opened.kind, opened.split)
        rows = np.flatnonzero(usable != NO_CLASS)
        self._note_told()
        self._send(
            ExplainerLabels(
                self._generation,
                str(project.vectors.folder),
                str(project.settings.get("embedding", "") or ""),
                self._arrays[1],
                facts[1],
                tuple(rows.tolist()),
                tuple(usable[rows].tolist()),
            )
        )
        self._labels_told = facts
        return True

    def _note_told(self) -> None:
        self._told = self.child.pid if self.child is not None else None

    def _on_given(self, arrays: str, why_not: str) -> None:
        given, self._giving = self._giving, None
        if not why_not and given is not None:
            self._arrays = (given, arrays)
        if self._post is None or self._waiting is None:
            return
        row, self._waiting = self._waiting[0], None
        if why_not:
            self._refuse(row, why_not)
        else:
            self.request(row)

    def _send(self, request: ExplainerRequest) -> None:
        if self._post is not None:
            self._post.send(request)

    @property
    def _hear(self) -> Callable[[Child, ExplainerAnswer], None]:
        mailbox = self._received  # not through self, which must not be held by the reader's thread
        return lambda _child, answer: mailbox.post(answer)

    def _on_event(self, event: Event) -> None:
        if self._post is None:
            return
        if isinstance(event, Ended) or (isinstance(event, Started) and event.pid != self._told):
            self._labels_told, self.answered = (-1, -1), False
            if self._waiting is not None:
                row, self._waiting = self._waiting[0], None
                self.problem = tr(
                    "Looking into the image model stopped unexpectedly; switch it off and on again to retry."
                )
                self.changed.emit(row)

    def _on_answer(self, answer: ExplainerAnswer | Rejected | Crashed) -> None:
        if self._post is None:
            return
        if isinstance(answer, Rejected | Crashed):
            self.opened.bug.emit(answer.sentence, answer.bug if isinstance(answer, Crashed) else "")
            if isinstance(answer, Rejected):
                self._post.replace()
            return
        if self._waiting is None or answer.tag != str(self._tag) or isinstance(answer, Dropped):
            log.info("a %s of another image is dropped", type(answer).__name__)
            return
        self._given.taken()
        (row, asked), self._waiting = self._waiting, None
        self.answered = True
        if isinstance(answer, Failed):
            self.problem = answer.sentence
            if answer.bug is not None:
                self.opened.bug.emit(answer.sentence, answer.bug)
        else:
            self.problem = ""
            self._keep(row, answer, asked)
        self.changed.emit(row)

    def _keep(self, row: int, answer: protocol.Explained, asked: Asked) -> None:
        """Keep an answer under the class and the labels that it says it is of."""
        maps = {name: np.array(heat, np.float32) for name, heat in answer.maps.items()}
        explained = Explained(row, answer.method, answer.towards, maps)
        self._kept[row] = explained, (asked[0], answer.revision)
        self._kept.move_to_end(row)
        while len(self._kept) > KEEP:
            self._kept.popitem(last=False)
