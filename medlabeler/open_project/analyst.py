"""The window's end of the analyst: what stands behind the accuracy, asked for only while someone looks."""

from __future__ import annotations

import logging
from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal

from medlabeler.domain.changes import Changes
from medlabeler.domain.language import tr
from medlabeler.domain.types import NO_CLASS
from medlabeler.open_project.given_arrays import GivenArrays
from medlabeler.open_project.state import OpenProjectState
from medlabeler.open_project.threads.mailbox import Mailbox
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import (
    AnalystAnswer,
    AnalystLoad,
    AnalystRequest,
    Crashed,
    Curve,
    CurveFound,
    Details,
    DetailsFound,
    Failed,
    Rejected,
    Rest,
)
from medlabeler.processes.roles import ANALYST
from medlabeler.processes.supervisor import Ended, Event, Post, Started, Supervisor
from medlabeler.project.random_draws import recent_draws

QUIET_MS = 1500
"""Labels must rest this long before anything is computed anew."""

log = logging.getLogger("medlabeler.window")


class Analyst(QObject):
    """Details of the cross-validation, and the learning curve, of the labels as they are.

    The process starts with the first `watch` and rests when nobody watches. `details` and `curve` are the
    last answers (see `processes.protocol`), None before the first; `fresh` tells whether they are of the
    labels as they are now.
    """

    details_changed = Signal()
    curve_changed = Signal()

    def __init__(
        self, opened: OpenProjectState, supervisor: Supervisor, occupied: Callable[[], bool]
    ) -> None:
        """`occupied` says whether others need the processor more."""
        super().__init__(opened)
        self.opened = opened
        self._supervisor = supervisor
        self._occupied = occupied
        self.details: DetailsFound | None = None
        self.curve: CurveFound | None = None
        self.problem = ""
        self._post: Post | None = None
        self._given = GivenArrays(opened.project, "analyst", self)
        self._given.written.connect(self._on_given)
        self._giving: tuple[str, int] | None = None  # embedding and images whose arrays are being written
        self._told: int | None = None  # the process that was given the embedding
        self._watched = False
        self._generation = 0
        self._loaded_for: tuple[str, int] = ("", -1)
        self._asked: tuple[int, str] | None = None
        self._of_details: tuple[int, str] | None = None
        self._quiet = QTimer(self, interval=QUIET_MS, singleShot=True)
        self._quiet.timeout.connect(self._ask)
        self._received = Mailbox(self._on_answer)
        self._happened = Mailbox(self._on_event)
        opened.changed.connect(self._on_changed)
        opened.view_changed.connect(self._on_view)

    @property
    def child(self) -> Child | None:
        """The process, None before somebody asked."""
        return self._post.child if self._post is not None else None

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
            self._send(Rest())

    def close(self) -> None:
        """End the process."""
        self._watched = False
        self._quiet.stop()
        post, self._post = self._post, None
        if post is not None:
            post.leave()

    def _now(self) -> tuple[int, str]:
        return int(self.opened.project.labels.revision), self.opened.classifier

    def _on_changed(self, changes: Changes) -> None:
        if changes & (Changes.IMAGES | Changes.EMBEDDING):
            self._loaded_for, self._giving = ("", -1), None
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
        if not self._loaded(key):
            return  # `_on_given` asks again
        labels = opened.project.labels
        usable = opened.learned_from
        rows = np.flatnonzero(usable != NO_CLASS)
        revision, classifier = self._now()
        learned = tuple(rows.tolist()), tuple(usable[rows].tolist())
        marked = labels.drawn_blind(), labels.not_given_here()
        fair, brought = (tuple(np.flatnonzero(which).tolist()) for which in marked)
        names = tuple((c.id, c.name) for c in opened.classes)
        seed = int(opened.project.settings.get("seed", 0))
        draws = tuple((said, came) for said, came in recent_draws(opened.project))
        basis = (self._generation, revision, *learned, fair, brought)
        self._send(Details(*basis, names, classifier, seed, draws))
        if self._asked is None or self._asked[0] != revision or self.curve is None:
            self._send(Curve(*basis))
        self._asked = self._now()

    def _send(self, request: AnalystRequest) -> None:
        if self._post is not None:
            self._post.send(request)

    def _loaded(self, key: str) -> bool:
        """Whether the process was told to load the embedding; else what it needs for that is written."""
        if self._post is None:
            self._post = self._supervisor.keep(ANALYST, self._hear, self._happened.post)
        wanted = (key, self.opened.n)
        if self._loaded_for == wanted:
            return True
        if self._giving != wanted:
            self._giving = wanted
            catalog = self.opened.project.catalog
            self._given.give(digest=catalog.digest, split=catalog.split, group=catalog.group.copy())
        return False

    def _on_given(self, arrays: str, why_not: str) -> None:
        given, self._giving = self._giving, None
        if self._post is None:
            return
        if why_not:
            self.problem = why_not
            self.details_changed.emit()
            return
        if given is not None:  # else it is of images or an embedding that are no longer those
            child = self._post.child
            self._told = child.pid if child is not None else None
            self._generation += 1
            self._send(
                AnalystLoad(self._generation, str(self.opened.project.vectors.folder), given[0], arrays)
            )
            self._loaded_for = given
        self._ask()

    @property
    def _hear(self) -> Callable[[Child, AnalystAnswer], None]:
        mailbox = self._received  # not through self, which must not be held by the reader's thread
        return lambda _child, answer: mailbox.post(answer)

    def _on_event(self, event: Event) -> None:
        if self._post is None:
            return
        if isinstance(event, Started) and event.pid != self._told:  # it knows nothing yet
            self._loaded_for, self._asked = ("", -1), None
            self._ask()
        elif isinstance(event, Ended):
            self._loaded_for, self._asked = ("", -1), None
            self.problem = tr(
                "The analysis stopped unexpectedly ({why}); it is started again.", why=event.why
            )
            self.details_changed.emit()

    def _on_answer(self, answer: AnalystAnswer | Rejected | Crashed) -> None:
        if self._post is None:
            return
        if isinstance(answer, Rejected | Crashed):
            self._tell_problem(answer.sentence, answer.bug if isinstance(answer, Crashed) else "")
            if isinstance(answer, Rejected):
                self._post.replace()
        elif answer.generation != self._generation:
            log.info("a %s of an earlier embedding is dropped", type(answer).__name__)
        else:
            self._given.taken()
            self._take(answer)

    def _take(self, answer: AnalystAnswer) -> None:
        if isinstance(answer, DetailsFound):
            self.details, self.problem = answer, ""
            self._of_details = (answer.revision, answer.classifier)
            self.details_changed.emit()
        elif isinstance(answer, CurveFound):
            self.curve = answer
            self.curve_changed.emit()
        elif isinstance(answer, Failed):
            self._tell_problem(answer.sentence, answer.bug)
        else:
            log.info("the analyst dropped a %s", answer.request)

    def _tell_problem(self, sentence: str, bug: str | None) -> None:
        self.problem = sentence
        self.details_changed.emit()
        if bug is not None:
            self.opened.bug.emit(sentence, bug)
