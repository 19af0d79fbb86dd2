"""Which doors to the network a process and all its descendants hold open: read from Linux's /proc."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import sys
import threading
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import pytest

LISTENS, UNCONNECTED = "0A", "07"  # of TCP and of UDP, as the kernel numbers them
DOMAIN_PORT = 53
EVERY_S = 0.05

needs_proc = pytest.mark.skipif(
    sys.platform != "linux", reason="open sockets are read from /proc, which only Linux has"
)


@dataclass(frozen=True)
class OpenSocket:
    """One end of a connection, or what waits for one; `role` is the first words of its process's command."""

    role: str
    protocol: str
    address: str
    port: int
    peer: str
    peer_port: int
    waits: bool

    @property
    def is_a_door(self) -> bool:
        """Whether others than this machine can send to it unasked."""
        return self.waits and not ipaddress.ip_address(self.address).is_loopback

    @property
    def asks_for_names(self) -> bool:
        """Whether it talks to a name server."""
        return not self.waits and self.peer_port == DOMAIN_PORT


class SocketWatch:
    """Looks again and again, on a thread, at what the descendants of `pid` (with it) hold open; `seen` is all
    of it, `roles` the processes that were looked at, each role with its process ids, `looks` how
    often all of them were.
    """

    def __init__(self, pid: int | None = None) -> None:
        self._root = os.getpid() if pid is None else pid
        self.seen: set[OpenSocket] = set()
        self.roles: defaultdict[str, set[int]] = defaultdict(set)
        self.looks = 0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="socket-watch", daemon=True)

    def __enter__(self) -> SocketWatch:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    @property
    def doors(self) -> list[OpenSocket]:
        """What was open beyond loopback."""
        return sorted((s for s in self.seen if s.is_a_door or s.asks_for_names), key=str)

    def _watch(self) -> None:
        while not self._over.wait(EVERY_S):
            for pid in family(self._root):
                with contextlib.suppress(OSError):  # it may end while it is looked at
                    part = role(pid)
                    # Another set each time: who goes through the one there is not disturbed.
                    self.seen = self.seen | _sockets(pid, part)
                    if not _still_its_parent(pid):
                        self.roles[part].add(pid)
            self.looks += 1


def family(root: int) -> list[int]:
    """`root` and its descendants."""
    children: defaultdict[int, list[int]] = defaultdict(list)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                parent = (entry / "stat").read_text().rpartition(")")[2].split()[1]
                children[int(parent)].append(int(entry.name))
    found = [root]
    for pid in found:
        found += children[pid]
    return found


def role(pid: int) -> str:
    """What follows `-m medlabeler` in a process's command line, else the command's name."""
    words = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace").split("\0")
    return words[words.index("medlabeler") + 1] if "medlabeler" in words[:-1] else Path(words[0]).name


def _still_its_parent(pid: int) -> bool:
    """Whether a process was forked and has not become its own program yet: until then it has its parent's
    command line. The kernel gives each program another auxiliary vector (it holds random addresses).
    """
    parent = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1]
    vector = Path(f"/proc/{pid}/auxv").read_bytes()
    return bool(vector) and vector == Path(f"/proc/{parent}/auxv").read_bytes()


def _sockets(pid: int, role: str) -> set[OpenSocket]:
    """The internet sockets of a process."""
    links = []
    for descriptor in Path(f"/proc/{pid}/fd").iterdir():
        with contextlib.suppress(OSError):
            links.append(str(descriptor.readlink()))
    mine = {link[len("socket:[") : -1] for link in links if link.startswith("socket:[")}
    found: set[OpenSocket] = set()
    if not mine:
        return found
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        with contextlib.suppress(FileNotFoundError):  # a kernel without IPv6
            for line in Path(f"/proc/{pid}/net/{protocol}").read_text().splitlines()[1:]:
                words = line.split()
                if words[9] in mine:
                    waits = words[3] == (LISTENS if protocol.startswith("tcp") else UNCONNECTED)
                    found.add(OpenSocket(role, protocol, *_end(words[1]), *_end(words[2]), waits))
    return found


def _end(text: str) -> tuple[str, int]:
    """Address and port from the kernel's hexadecimal: words of four bytes in the machine's own order."""
    digits, port = text.split(":")
    words = [bytes.fromhex(digits[at : at + 8]) for at in range(0, len(digits), 8)]
    packed = b"".join(word[::-1] if sys.byteorder == "little" else word for word in words)
    family = socket.AF_INET if len(packed) == 4 else socket.AF_INET6
    address = ipaddress.ip_address(socket.inet_ntop(family, packed))
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address), int(port, 16)
