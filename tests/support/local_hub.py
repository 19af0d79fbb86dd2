"""A hub of weights on this machine: paths and headers of the real one, and the troubles of a network."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

COMMIT = "0123456789abcdef0123456789abcdef01234567"


@dataclass
class Hub:
    """`files` by 'owner/repository/name'; what goes wrong is set by a test while it runs.

    `gated` repositories; `published` SHA-256 that differs from the file's; `breaks_after` so many bytes of a
    body, `times` times (-1: always); `silent` on these methods; `resets` each request; `ranges` are
    understood; `seen` are the requests: method, path, range and key.
    """

    files: dict[str, bytes] = field(default_factory=dict)
    gated: set[str] = field(default_factory=set)
    published: dict[str, str] = field(default_factory=dict)
    breaks_after: int | None = None
    stalls_after: int | None = None
    times: int = -1
    silent: tuple[str, ...] = ()
    resets: tuple[str, ...] = ()
    ranges: bool = True
    moved_to: str = ""
    seen: list[tuple[str, str, str, str]] = field(default_factory=list)
    address: str = ""
    closing: threading.Event = field(default_factory=threading.Event)

    def body_requests(self) -> list[tuple[str, str, str, str]]:
        """The requests for bytes."""
        return [entry for entry in self.seen if entry[0] == "GET"]


@contextmanager
def serving(hub: Hub) -> Iterator[Hub]:
    """`hub` at `hub.address` while the block runs."""

    class Handler(_Handler):
        of = hub

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    hub.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield hub
    finally:
        hub.closing.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    of: Hub
    protocol_version = "HTTP/1.1"

    def log_message(self, *_args: Any) -> None:
        """Nothing on the screen of the tests."""

    def do_HEAD(self) -> None:
        self._answer("HEAD")

    def do_GET(self) -> None:
        self._answer("GET")

    def _answer(self, method: str) -> None:
        hub = self.of
        hub.seen.append(
            (method, self.path, self.headers.get("Range", ""), self.headers.get("Authorization", ""))
        )
        self.close_connection = True
        if method in hub.silent:
            hub.closing.wait(60)
            return
        if method in hub.resets:
            return
        owner, repository, *rest = self.path.lstrip("/").split("/")
        name = f"{owner}/{repository}"
        if name in hub.gated and "Bearer" not in self.headers.get("Authorization", ""):
            self._refuse(401, "GatedRepo", f"Access to model {name} is restricted.")
        elif not any(file.startswith(f"{name}/") for file in hub.files):
            self._refuse(401, "RepoNotFound", "Repository not found")
        elif (file := f"{name}/{'/'.join(rest[2:])}") not in hub.files:
            self._refuse(404, "EntryNotFound", "Entry not found")
        else:
            self._send(method, file)

    def _refuse(self, status: int, code: str, words: str) -> None:
        body = json.dumps({"error": words}).encode()
        self.send_response(status)
        self.send_header("X-Error-Code", code)
        self.send_header("X-Error-Message", words)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def _send(self, method: str, file: str) -> None:
        hub, content = self.of, self.of.files[file]
        tag = hub.published.get(file, hashlib.sha256(content).hexdigest())
        asked = self.headers.get("Range", "").removeprefix("bytes=").removesuffix("-")
        start = int(asked) if asked and hub.ranges and method == "GET" else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(content) - 1}/{len(content)}")
        self.send_header("X-Repo-Commit", COMMIT)
        self.send_header("ETag", f'"{tag}"')
        self.send_header("X-Linked-Etag", f'"{tag}"')
        self.send_header("X-Linked-Size", str(len(content)))
        self.send_header("Content-Length", str(len(content) - start))
        self.end_headers()
        if method == "GET":
            self._body(content[start:])

    def _body(self, content: bytes) -> None:
        hub = self.of
        limit = hub.breaks_after if hub.breaks_after is not None else hub.stalls_after
        if limit is None or hub.times == 0:
            self.wfile.write(content)
            return
        hub.times -= 1
        self.wfile.write(content[:limit])
        self.wfile.flush()
        if hub.stalls_after is not None:
            hub.closing.wait(60)
