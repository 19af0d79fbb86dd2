"""One file from an address: in bounded time, goes on where it broke off, and checked against a SHA-256."""

from __future__ import annotations

import hashlib
import http.client
import os
import socket
import threading
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, TypeVar

from filelock import FileLock, Timeout

from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.domain.refusals import system_reason

T = TypeVar("T")

_BLOCK = 1 << 18
_TRIES = 2
SILENCE_S = 10.0
"""A server that says nothing for so long is given up, or asked again."""
BROKE_OFF = tr("the connection broke off")
_SLOWEST = 1000
"""Bytes a second, over `_SLOW_S`: what is slower than that does not arrive."""
_SLOW_S = 60.0


class FetchFailed(Exception):  # noqa: N818 - an outcome, told in one sentence
    """A file could not be had; the text is the reason, without a full stop."""


@dataclass(frozen=True)
class Wanted:
    """A file: where it is, what its makers publish of it (hex; empty if nothing), how many bytes it has (0:
    not told), and what the server wants to be told, such as who asks.
    """

    address: str
    sha256: str = ""
    size: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)


def fetch(wanted: Wanted, target: Path, progress: Progress, text: str) -> str:
    """Bring the file to `target`, whole or not at all; returns its SHA-256, computed over what was written.

    With a published SHA-256, what an interrupted run left is used again. Raises `FetchFailed` and `OSError`,
    and `Cancelled` while waiting too.
    """
    if not wanted.address.startswith(("https://", "http://")):
        raise FetchFailed(tr("the server points to what is no address of the web"))
    target.parent.mkdir(parents=True, exist_ok=True)
    known = wanted.sha256[:16] or "new"
    part = target.with_name(f"{target.name}.{known}.part")
    lock = FileLock(f"{part}.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise FetchFailed(tr("another program is fetching it just now")) from error
    try:
        if not wanted.sha256:
            part.unlink(missing_ok=True)
        found = _whole(wanted, part, progress, text)
        part.replace(target)
        return found
    except BaseException:
        if not wanted.sha256:
            part.unlink(missing_ok=True)
        raise
    finally:
        lock.release()
        Path(lock.lock_file).unlink(missing_ok=True)


def within(seconds: float, call: Callable[[], T], progress: Progress) -> T:
    """The answer of `call`, which may hang in ways that no timeout of its own reaches; `TimeoutError` after
    `seconds`. `Cancelled` at once.
    """
    answer: list[T] = []
    failure: list[BaseException] = []

    def run() -> None:
        try:
            answer.append(call())
        except BaseException as error:
            failure.append(error)

    thread = threading.Thread(target=run, name="ask a server", daemon=True)
    thread.start()
    end = time.monotonic() + seconds
    while thread.is_alive():
        progress.check()
        if time.monotonic() > end:
            raise TimeoutError(tr("the server does not answer"))
        thread.join(0.1)
    if failure:
        raise failure[0]
    return answer[0]


def reason(error: BaseException) -> str:
    """One short line of why a server could not be read, without the pages that some libraries write."""
    if isinstance(error, urllib.error.HTTPError):
        return tr("the server answers {code} {reason}", code=error.code, reason=error.reason).rstrip()
    inner = error.reason if isinstance(error, urllib.error.URLError) else error
    if isinstance(inner, (TimeoutError, socket.timeout)):
        return tr("the server does not answer")
    if isinstance(inner, (http.client.HTTPException, ConnectionResetError, BrokenPipeError)):
        return BROKE_OFF
    if isinstance(inner, (ConnectionError, socket.gaierror)):
        return tr("there is no connection to the server")
    return system_reason(inner if isinstance(inner, BaseException) else error)


def _whole(wanted: Wanted, part: Path, progress: Progress, text: str) -> str:
    """Fill `part`; a second time from the start where the beginning of an earlier run was spoilt."""
    went_on = part.exists()
    digest = _filled(wanted, part, progress, text)
    if not wanted.sha256 or digest == wanted.sha256:
        return digest
    part.unlink(missing_ok=True)
    if went_on:
        return _whole(wanted, part, progress, text)
    raise FetchFailed(tr("what arrived is not what was published (its SHA-256 differs)"))


def _filled(wanted: Wanted, part: Path, progress: Progress, text: str) -> str:
    """Read until the file is whole; the SHA-256 of it. Each try goes on where the last one ended."""
    transfer = _Transfer(wanted, part, progress, text)
    tries = _TRIES
    while True:
        before = transfer.done
        try:
            transfer.read_on()
            return transfer.digest.hexdigest()
        except (OSError, http.client.HTTPException, ValueError) as error:
            if isinstance(error, urllib.error.HTTPError) and error.code < HTTPStatus.INTERNAL_SERVER_ERROR:
                raise FetchFailed(reason(error)) from error
            tries = _TRIES if transfer.done >= before + _BLOCK else tries - 1
            if tries <= 0:
                raise FetchFailed(reason(error)) from error


class _Transfer:
    """The part that has arrived, its digest, and how to get more of it."""

    def __init__(self, wanted: Wanted, part: Path, progress: Progress, text: str) -> None:
        self.wanted, self.part, self.progress, self.text = wanted, part, progress, text
        self.validator = ""
        self.total = wanted.size
        self.digest = hashlib.sha256()
        self.done = 0
        if part.exists():
            self._digest_what_is_here()

    def _digest_what_is_here(self) -> None:
        with self.part.open("rb") as stream:
            while block := stream.read(_BLOCK):
                self.progress.check()
                self.digest.update(block)
                self.done += len(block)
        if self.total and self.done > self.total:
            self._start_anew()

    def _start_anew(self) -> None:
        self.part.unlink(missing_ok=True)
        self.digest, self.done = hashlib.sha256(), 0

    def read_on(self) -> None:
        """Ask for what is missing and write it; raises what breaks off."""
        if self.total and self.done == self.total:
            return
        headers = dict(self.wanted.headers)
        if self.done:
            headers["Range"] = f"bytes={self.done}-"
            if self.validator:
                headers["If-Range"] = self.validator
        request = urllib.request.Request(self.wanted.address, headers=headers)  # noqa: S310 - ours or the hub's
        try:
            answer = within(SILENCE_S, lambda: _OPENER.open(request, timeout=SILENCE_S), self.progress)
        except urllib.error.HTTPError as error:
            if error.code == HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE and self.done:
                self._start_anew()
                raise ConnectionResetError from error
            raise
        with answer:
            self._take_headers(answer)
            self._write(answer)
        if self.total and self.done != self.total:
            raise ConnectionResetError

    def _take_headers(self, answer: Any) -> None:
        length = int(answer.headers.get("Content-Length") or 0)
        if answer.status != HTTPStatus.PARTIAL_CONTENT:
            if self.done:  # the server sends all of it again, or another file than before
                self._start_anew()
            self.total = length or self.wanted.size
        else:
            start = answer.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0]
            if start != str(self.done):
                raise ValueError("the server sends another part than was asked for")
            self.total = self.total or self.done + length
        if self.wanted.size and self.total != self.wanted.size:
            raise ValueError("the server sends another size than it told")
        tag = answer.headers.get("ETag", "")
        self.validator = tag if tag.startswith('"') else answer.headers.get("Last-Modified", "")

    def _write(self, answer: Any) -> None:
        began, at = time.monotonic(), self.done
        with _on_disk(self.part):
            out = self.part.open("ab")
        with out:
            while block := answer.read1(_BLOCK):
                self.progress.check()
                if self.total and self.done + len(block) > self.total:
                    raise ValueError("the server sends more than it told")
                with _on_disk(self.part):
                    out.write(block)
                    out.flush()
                self.digest.update(block)
                self.done += len(block)
                self.progress.report(self.done, self.total, self.text)
                passed = time.monotonic() - began
                if passed > _SLOW_S:
                    if self.done - at < _SLOWEST * passed:
                        raise FetchFailed(tr("the server sends too slowly"))
                    began, at = time.monotonic(), self.done
            with _on_disk(self.part):
                os.fsync(out.fileno())


@contextmanager
def _on_disk(path: Path) -> Iterator[None]:
    """Tells the disk's troubles from the server's."""
    try:
        yield
    except OSError as error:
        raise FetchFailed(
            tr(
                "it cannot be written to {parent}: {reason}",
                parent=path.parent,
                reason=system_reason(error),
            )
        ) from error


class _KeepsSecrets(urllib.request.HTTPRedirectHandler):
    """Follows a server elsewhere, but never with the key that was meant for the first one."""

    def redirect_request(self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str) -> Any:
        found = super().redirect_request(req, fp, code, msg, headers, newurl)
        if (
            found is not None
            and urllib.parse.urlsplit(newurl).netloc != urllib.parse.urlsplit(req.full_url).netloc
        ):
            found.remove_header("Authorization")
        return found


_OPENER = urllib.request.build_opener(_KeepsSecrets)
