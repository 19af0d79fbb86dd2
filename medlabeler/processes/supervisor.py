"""The one owner of child processes: starts them, watches them, starts them again, ends them.

Each child is asked for a sign of life every second. One that stays silent for longer than its role allows is
told of, then ended, and so is one that answers but does nothing of what it has in hand: a stopped or stuck
process never comes back, so nothing of it can meet its successor.
`Supervisor.start` runs a child once; `Supervisor.keep` keeps a post filled: whenever its child has ended it
is started again, at once the first time, later and later if that does not help, and at once again after it
had been well for `HEALTHY_S`.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.processes.channel import Child
from medlabeler.processes.protocol import Answer, Request
from medlabeler.processes.roles import STARTING_S, Role

WATCH_EVERY_S = 1.0
LATE_S = 3.0
"""A look that comes later than this means that the whole machine stood still: nobody is blamed for that."""
DELAYS_S = (0.0, 1.0, 5.0, 15.0, 60.0)
"""How long to wait before the first, second, ... start after one end soon after another."""
HEALTHY_S = 60.0
CLOSE_S = 3.0
"""Children that have not ended by themselves after this are killed."""
KILLED_S = 1.0
"""How long a killed process may take to go; one that waits for a dead disk is left behind."""

log = logging.getLogger("medlabeler.supervisor")


@dataclass(frozen=True)
class Started:
    """A post has a new child, which knows nothing yet."""

    pid: int


@dataclass(frozen=True)
class Silent:
    """It has not answered for `seconds`; it is ended if that goes on."""

    seconds: float


@dataclass(frozen=True)
class Answering:
    """It answers again."""


@dataclass(frozen=True)
class Ended:
    """Its process is gone. `hung`: it did not answer and was killed; `tail`: its last words on standard
    error. `again_in_s`: when it is started again, None if it is not.
    """

    code: int
    hung: bool
    tail: str
    again_in_s: float | None = None

    @property
    def why(self) -> str:
        """In brackets behind a sentence."""
        return tr("it did not answer") if self.hung else tr("exit code {code}", code=self.code)


Event = Started | Silent | Answering | Ended


class Backoff:
    """How long to wait before the next start."""

    def __init__(self) -> None:
        self._ends = 0

    def ended(self, lived_s: float) -> float:
        """Seconds to wait, for a child that had lived that long."""
        self._ends = 1 if lived_s >= HEALTHY_S else self._ends + 1
        return DELAYS_S[min(self._ends, len(DELAYS_S)) - 1]


@dataclass
class _Watched:
    """A child that runs."""

    child: Child
    ended: Callable[[Ended], None]
    happened: Callable[[Event], None]
    silent: bool = False
    hung: bool = False


class Post:
    """A child that is started again whenever it ends, until `leave`."""

    def __init__(
        self,
        supervisor: Supervisor,
        role: Role,
        receive: Callable[[Child, Answer], None],
        happened: Callable[[Event], None],
    ) -> None:
        self._supervisor = supervisor
        self._role = role
        self._receive = receive
        self._happened = happened
        self._backoff = Backoff()
        self._lock = threading.RLock()
        self._child: Child | None = None
        self._started_at = 0.0
        self._wanted = True
        self.due: float | None = None

    @property
    def child(self) -> Child | None:
        """The process that holds the post now."""
        return self._child

    @property
    def alive(self) -> bool:
        """Whether there is a process."""
        child = self._child
        return child is not None and child.alive

    def send(self, message: Request) -> None:
        """Say it to the child that is there; dropped if there is none: `Started` tells when to begin anew."""
        child = self._child
        if child is not None:
            child.send(message)

    def fill(self) -> None:
        """Start a child now; a start that fails is tried again as if the child had ended."""
        with self._lock:
            self.due = None
            if not self._wanted or self._child is not None:
                return
            self._started_at = time.monotonic()
            try:
                self._child = self._supervisor._run(
                    self._role, self._take, self._on_end, self._happened, before=self._happened
                )
            except UserError as error:
                self._end(Ended(-1, hung=False, tail=str(error)))

    def _take(self, child: Child, message: Answer) -> None:
        with self._lock:  # `fill` may not have returned yet
            current = child is self._child
        if current:
            self._receive(child, message)

    def _on_end(self, end: Ended) -> None:
        with self._lock:
            self._child = None
            self._end(end)

    def _end(self, end: Ended) -> None:
        if not self._wanted:
            return
        now = time.monotonic()
        wait_s = self._backoff.ended(now - self._started_at)
        self.due = now + wait_s
        self._happened(Ended(end.code, end.hung, end.tail, wait_s))
        self._supervisor._wake()

    def replace(self) -> None:
        """End the child that is there; another takes its place."""
        child = self._child
        if child is not None:
            child.kill()

    def leave(self) -> None:
        """Give the post up and end its child; does not wait."""
        with self._lock:
            self._wanted, self.due = False, None
            child, self._child = self._child, None
        self._supervisor._forget(self)
        if child is not None:
            child.kill()

    def ask_to_leave(self) -> None:
        """Give the post up and let its child end by itself."""
        with self._lock:
            self._wanted, self.due = False, None
            child = self._child
        if child is not None:
            child.ask_to_end()


class Supervisor:
    """All children of one owner, an open project as a rule, and the thread that watches them."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._watched: dict[Child, _Watched] = {}
        self._posts: list[Post] = []
        self._closed = False
        self._woken = False
        self._thread: threading.Thread | None = None

    @property
    def children(self) -> list[Child]:
        """The processes that run."""
        with self._condition:
            return list(self._watched)

    def start(
        self,
        role: Role,
        receive: Callable[[Child, Answer], None],
        ended: Callable[[Child, Ended], None],
        *,
        duty: str = "",
        environment: dict[str, str] | None = None,
    ) -> Child:
        """Run a child once. Both are called on threads of its own; `UserError` if it cannot be started."""
        box: list[Child] = []
        known = threading.Event()

        def tell(end: Ended) -> None:
            known.wait()  # a child may end before this function has returned
            ended(box[0], end)

        box.append(self._run(role, receive, tell, lambda event: None, duty, environment))
        known.set()
        return box[0]

    def keep(
        self,
        role: Role,
        receive: Callable[[Child, Answer], None],
        happened: Callable[[Event], None],
    ) -> Post:
        """A post that is filled from now on. Both are called on threads of the supervisor and the child;
        `happened` before the child has been sent or has said anything.
        """
        post = Post(self, role, receive, happened)
        with self._condition:
            self._posts.append(post)
        post.fill()
        return post

    def close(self, timeout_s: float = CLOSE_S) -> None:
        """End all children, those that do not end by themselves in `timeout_s` by force; never waits longer
        than that and `KILLED_S`.
        """
        with self._condition:
            self._closed = True
            posts, self._posts = self._posts, []
            children = list(self._watched)
            self._condition.notify_all()
        for post in posts:
            post.ask_to_leave()
        for child in children:
            child.ask_to_end()
        until = time.monotonic() + timeout_s
        left = [child for child in children if not child.wait(max(0.0, until - time.monotonic()))]
        for child in left:
            child.kill()
        until = time.monotonic() + KILLED_S
        for child in left:
            if not child.wait(max(0.0, until - time.monotonic())):
                log.error("%s, process %d, does not end even when killed", child.role.name, child.pid)

    # ------------------------------------------------------------------ for the posts

    def _run(
        self,
        role: Role,
        receive: Callable[[Child, Answer], None],
        ended: Callable[[Ended], None],
        happened: Callable[[Event], None],
        duty: str = "",
        environment: dict[str, str] | None = None,
        *,
        before: Callable[[Event], None] | None = None,
    ) -> Child:
        if self._is_closed():
            raise UserError(tr("The project is being closed."))
        self._be_watchful()
        registered = threading.Event()

        def on_end(child: Child, code: int, tail: str) -> None:
            registered.wait()
            self._on_end(child, code, tail)

        try:
            child = Child(role, receive, on_end, duty=duty, environment=environment)
        except OSError as error:
            log.exception("a %s could not be started", role.name)
            raise UserError(
                tr("A process could not be started: {reason}.", reason=system_reason(error))
            ) from error
        with self._condition:
            self._watched[child] = _Watched(child, ended, happened)
        if self._is_closed():  # while it was being started
            child.kill()
        elif before is not None:
            before(Started(child.pid))
        registered.set()
        return child

    def _be_watchful(self) -> None:
        with self._condition:
            if self._thread is None:
                self._thread = threading.Thread(target=self._watch, name="supervisor", daemon=True)
                self._thread.start()

    def _is_closed(self) -> bool:
        with self._condition:
            return self._closed

    def _forget(self, post: Post) -> None:
        with self._condition:
            if post in self._posts:
                self._posts.remove(post)

    def _wake(self) -> None:
        with self._condition:
            self._woken = True
            self._condition.notify_all()

    def _on_end(self, child: Child, code: int, tail: str) -> None:
        with self._condition:
            watched = self._watched.pop(child)
        watched.ended(Ended(code, watched.hung, tail))

    # ------------------------------------------------------------------ watching

    def _watch(self) -> None:
        looked = time.monotonic()
        while True:
            with self._condition:
                if not self._woken:
                    self._condition.wait(self._pause(looked))
                self._woken = False
                if self._closed:
                    return
                watched, posts = list(self._watched.values()), list(self._posts)
            now = time.monotonic()
            late = now - looked > LATE_S
            try:
                if now - looked >= WATCH_EVERY_S:
                    looked = now
                    for one in watched:
                        self._look_at(one, now, late)
                for post in posts:
                    if post.due is not None and post.due <= now:
                        post.fill()
            except Exception:
                log.exception("the supervisor hit a bug and goes on")

    def _pause(self, looked: float) -> float:
        """Seconds until something is to be done; the condition is held."""
        due = [post.due for post in self._posts if post.due is not None]
        return max(0.0, min([looked + WATCH_EVERY_S, *due]) - time.monotonic())

    def _look_at(self, one: _Watched, now: float, late: bool) -> None:
        child = one.child
        if late:
            child.heard_at = now
        silent_s = now - child.heard_at
        limit = child.role.silence_s if child.ready else STARTING_S
        if one.hung:
            return
        if silent_s >= limit or (child.stuck_s >= child.role.stuck_s and not late):
            one.hung = True
            log.error(
                "%s, process %d, silent for %.0f s, stuck for %.0f s, is ended",
                child.role.name, child.pid, silent_s, child.stuck_s,
            )  # fmt: skip
            child.kill()
        elif silent_s >= child.role.notice_s and child.ready and not one.silent:
            one.silent = True
            log.warning("%s, process %d, silent for %.0f s", child.role.name, child.pid, silent_s)
            one.happened(Silent(silent_s))
        elif one.silent and silent_s < child.role.notice_s:
            one.silent = False
            one.happened(Answering())
        child.ping()
