"""The crash harness: kills a scripted session of the real window again and again, lets its disk fill and its
clock jump, and holds what is left against what the screen had acknowledged.

    python tests/crash/harness.py [--minutes M] [--table FILE]

Each way of dying is a function that yields one `Outcome` per kill. A kill is found good if the project opens
by itself, holds every acknowledged label, has a sound database that says what its second copy says, and if
nothing lies about that does not belong there.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE), str(HERE.parent / "support")]

import session  # noqa: E402
from panels_support import make_project  # noqa: E402
from small_disk import SmallDisk, small_disk  # noqa: E402

# Sessions are copies of this process, which has read all of the program already: the page of a project, too,
# half the time until one is open.
from medlabeler.gui.window import main_window as _main_window  # noqa: E402, F401
from medlabeler.gui.window import project_page as _project_page  # noqa: E402, F401
from medlabeler.project import examination, kept_reading  # noqa: E402
from medlabeler.project.project import Project  # noqa: E402

ACTIONS = 60
SYNC_CALLS = "fsync,fdatasync,rename,unlink,ftruncate"
"""System calls by which SQLite and the program bring files onto the disk."""
LITTER = (".tmp", ".new", ".restored")
KEPT = {"medlabeler.db", "decisions.jsonl", "vectors", "thumbnails", "backups", "staging", ".lock"}
KEPT.add(kept_reading.FILE)
"""All that may lie in the folder of a project that is closed."""
ON_ITS_WAY = "The last step before the program ended"
"""What may be told of a step that a kill met while both of its copies were written."""


@dataclass
class Outcome:
    """What one kill came to: labels the screen had acknowledged (`acked` changes of a label, by image), those
    of them that are gone, and in words whatever else is wrong.
    """

    killed: bool
    acked: int = 0
    lost: int = 0
    refused: int = 0
    wrong: list[str] = field(default_factory=list)


@dataclass
class Acknowledged:
    """What the screen showed last: the revision, and a class for each image."""

    revision: int = 0
    classes: tuple[int, ...] = ()
    changes: int = 0
    refused: int = 0
    points: int = 0

    def hear(self, line: str) -> None:
        """Follow one line of the session."""
        what, _, rest = line.partition(" ")
        if what == "refused":
            self.refused += 1
        if what == "points":
            self.points = int(rest)
        if what != "ack" or rest.count(" ") != 1:
            return
        revision, shown = rest.split(" ")
        now = tuple(map(int, shown.split(",")))
        before = self.classes or now  # what is there when it opens was acknowledged by an earlier session
        self.changes += sum(a != b for a, b in zip(before, now, strict=True))
        self.revision, self.classes = int(revision), now


def examined(path: Path, told: Acknowledged, *, killed: bool = True) -> Outcome:
    """Open what is left, and hold it against what was told."""
    outcome = Outcome(killed, told.changes, refused=told.refused)
    try:
        project = Project.open(path)
    except Exception as error:  # whatever it is, the project did not open
        outcome.wrong.append(f"does not open: {type(error).__name__}: {error}")
        outcome.lost = told.changes
        return outcome
    with project:
        rows = project.database.rows(
            "SELECT image, class FROM label_event WHERE id IN"
            " (SELECT MAX(id) FROM label_event WHERE step <= ? GROUP BY image)",
            (told.revision,),
        )
        stored = [-1] * project.catalog.n
        for image, class_id in rows:
            stored[image - 1] = -1 if class_id is None else class_id
        if told.classes:
            outcome.lost = sum(a != b for a, b in zip(stored, told.classes, strict=True))
        if project.labels.revision < told.revision:
            outcome.wrong.append(f"revision {told.revision} is gone, there is {project.labels.revision}")
        outcome.wrong += examination.faults(project.database)
        different, damaged = examination.differences(project.database)
        outcome.wrong += [
            f"{n} rows of {table} differ from the second copy" for table, n in different.items()
        ]
        if damaged > 1:  # the last line may be torn
            outcome.wrong.append(f"{damaged} damaged lines in the second copy")
        outcome.wrong += [f"told: {sentence}" for sentence in project.notices if ON_ITS_WAY not in sentence]
    outcome.wrong += [f"left lying about: {name}" for name in litter(path)]
    return outcome


def litter(path: Path) -> list[str]:
    """What lies in or beside the folder of a closed project and does not belong there."""
    found = [file.name for file in path.rglob("*") if any(end in file.name for end in LITTER)]
    found += [file.name for file in path.iterdir() if file.name not in KEPT]
    staging = path / "staging"
    found += [str(file.relative_to(path)) for file in staging.rglob("*")] if staging.exists() else []
    return found + [file.name for file in path.parent.glob(f".{path.name}.*")]


# ------------------------------------------------------------------ sessions, and how they end


def forked(
    path: Path,
    seed: int,
    told: Acknowledged,
    *,
    kill_after: float = 600.0,
    since: str = "open",
    kill_at: int | None = None,
    actions: int = ACTIONS,
    traced: tuple[str, ...] = (),
    **how: object,
) -> bool:
    """A session in a copy of this process, killed so many seconds after it told what `since` says, or by
    itself at a sync point, see `session`, or by strace with the options `traced`; whether it was killed.
    """
    here, there = os.pipe()
    waits, go = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover - it is killed
        os.close(here)
        os.close(go)
        os.read(waits, 1)  # until strace is there
        os.close(waits)
        with contextlib.suppress(BaseException):
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 2)
            tell = session.Tell(there)
            points = session.SyncPoints(kill_at) if kill_at is not None else None
            session.label(path, tell, seed, actions, **how)  # type: ignore[arg-type]  # it fits, which the checker cannot tell
            if points is not None:
                tell(f"points {points.seen}")
        os._exit(0)
    os.close(there)
    os.close(waits)
    tracer = _attached(child, traced) if traced else None
    os.close(go)
    _listen(here, kill_after, since, told)
    with contextlib.suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    _listen(here, 10.0, "", told)
    os.close(here)
    killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
    if tracer is not None:
        tracer.communicate()
    return killed


def _attached(child: int, options: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Strace, following a process from here on."""
    command = ["strace", "-f", "-e", f"trace={SYNC_CALLS}", *options, "-p", str(child)]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    if b"attached" not in said:
        raise RuntimeError(said.decode())
    return tracer


def _listen(pipe: int, seconds: float, since: str, told: Acknowledged) -> None:
    """Hear a session until it ends, or so long after it told what `since` says."""
    rest, end = b"", None if since else time.monotonic() + seconds
    while True:
        left = None if end is None else max(0.0, end - time.monotonic())
        if not select.select([pipe], [], [], left)[0]:
            return
        block = os.read(pipe, 1 << 16)
        if not block:
            return
        *lines, rest = (rest + block).split(b"\n")
        for line in lines:
            told.hear(line.decode())
            if end is None and line.decode().startswith(since):
                end = time.monotonic() + seconds


def executed(arguments: list[str], told: Acknowledged, *, at: int = 0) -> bool:
    """A command in a process of its own, killed at its sync point `at`; whether it was killed."""
    command = [sys.executable, str(HERE / "session.py"), json.dumps(arguments)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), session.KILL_AT: str(at)}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    for text in done.stdout.splitlines():
        told.hear(text)
    return done.returncode in (-signal.SIGKILL, 128 + signal.SIGKILL)


def calls_of(path: Path) -> int:
    """How many such system calls the busiest thread of a session makes: strace counts for each alone."""
    with tempfile.NamedTemporaryFile() as out:
        forked(path, 7, Acknowledged(), actions=25, traced=("-o", out.name))
        return max(Counter(line.split()[0] for line in out.read().splitlines() if b"(" in line).values())


# ------------------------------------------------------------------ the ways to die


Template = Callable[[], Path]


def at_random(
    template: Template, chance: random.Random, *, longest_s: float, late: str = "open", **how: object
) -> Iterator[Outcome]:
    """kill -9 at any moment: while it opens, while it labels, while it closes. A project lives through 20."""
    while True:
        path = template()
        for _ in range(20):
            told = Acknowledged()
            early = chance.random() < 0.25
            killed = forked(
                path,
                chance.randrange(1 << 30),
                told,
                since="begun" if early else late,
                kill_after=chance.uniform(0.0, 0.5 if early else longest_s),
                **how,
            )
            yield examined(path, told, killed=killed)


def at_sync_points(template: Template, chance: random.Random) -> Iterator[Outcome]:
    """kill at each call of os.fsync, replace, rename and unlink of a session, one after another."""
    whole = Acknowledged()
    forked(template(), 7, whole, kill_at=0, actions=25)
    for at in chance.sample(range(1, whole.points + 1), whole.points):
        path, told = template(), Acknowledged()
        killed = forked(path, 7, told, kill_at=at, actions=25)
        yield examined(path, told, killed=killed)


def at_system_calls(template: Template, chance: random.Random) -> Iterator[Outcome]:
    """kill at the system calls by which SQLite and the program write, in an order drawn at random."""
    n = calls_of(template())
    for call in chance.sample(range(1, n + 1), n):
        path, told = template(), Acknowledged()
        kill = f"inject={SYNC_CALLS}:signal=KILL:when={call}"
        killed = forked(path, 7, told, actions=25, traced=("-o", os.devnull, "-e", kill))
        yield examined(path, told, killed=killed)


def in_commands(template: Template, chance: random.Random) -> Iterator[Outcome]:
    """kill at each sync point of `new`, `export` and `backup`-making commands, and go on."""
    folder = template()
    pictures = folder.parent / "pictures"
    made = folder.parent / "made"
    out = folder.parent / "out"
    commands: list[tuple[list[str], Path]] = [
        (["new", str(made), "--images", str(pictures)], made),
        (
            ["export", str(folder), "--labels", str(out / "labels.csv"), "--audit", str(out / "audit.csv")],
            folder,
        ),
        (["restore", str(folder)], folder),
        (["label", str(folder), "--from", str(out / "table.csv")], folder),
    ]
    out.mkdir(exist_ok=True)
    (out / "table.csv").write_text("image,label\ncell_00.png,basophil\n", encoding="utf-8")
    for command, path in commands:
        at = 0
        while True:
            at += 1
            if not executed(command, Acknowledged(), at=at):
                break
            if path == made and not (made / "medlabeler.db").exists():
                # Nothing is there under the name, so the next try must work, and sweep up what was begun.
                executed(command, Acknowledged())
            yield examined(path, Acknowledged())
            if path == made:
                shutil.rmtree(made, ignore_errors=True)
            swept = [file.name for file in out.iterdir() if ".tmp" in file.name]
            if swept:
                executed(command, Acknowledged())
                for name in swept:
                    (out / name).unlink(missing_ok=True)


def with_a_disk_that_fills(template: Template, chance: random.Random) -> Iterator[Outcome]:
    """A session on a small disk that is full from a random moment on, killed later; then there is room."""
    with small_disk(32) as disk:
        while True:
            source = template()
            path = disk.path / "project"
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(source, path)
            for _ in range(5):
                yield _filled(disk, path, chance)


def _filled(disk: SmallDisk, path: Path, chance: random.Random) -> Outcome:
    told = Acknowledged()
    filler = os.fork()
    if filler == 0:  # pragma: no cover - a process of its own
        time.sleep(chance.uniform(0.0, 4.0))
        disk.fill(leave=chance.choice((0, 0, 4096, 40_000)))
        os._exit(0)
    killed = forked(path, chance.randrange(1 << 30), told, kill_after=chance.uniform(0.3, 2.0))
    os.waitpid(filler, 0)
    disk.empty()
    return examined(path, told, killed=killed)


def on_a_read_only_disk(template: Template, chance: random.Random) -> Iterator[Outcome]:
    """A project left behind by a kill is looked at on a read-only disk, killed there, and opened again."""
    with small_disk(32) as disk:
        while True:
            path = disk.path / "project"
            shutil.rmtree(path, ignore_errors=True)
            shutil.copytree(template(), path)
            told = Acknowledged()
            forked(path, chance.randrange(1 << 30), told, kill_after=chance.uniform(0.1, 1.0))
            disk.read_only(True)
            before = [file.read_bytes() for file in sorted(path.glob("medlabeler.db*"))]
            killed = forked(
                path, chance.randrange(1 << 30), Acknowledged(), kill_after=chance.uniform(0.1, 1.0)
            )
            changed = before != [file.read_bytes() for file in sorted(path.glob("medlabeler.db*"))]
            disk.read_only(False)
            found = examined(path, told, killed=killed)
            if changed:
                found.wrong.append("a read-only disk was written to")
            yield found


WAYS: dict[str, tuple[float, Callable[[Template, random.Random], Iterator[Outcome]]]] = {
    "kill -9 at random moments": (0.45, lambda t, c: at_random(t, c, longest_s=2.0)),
    "the same, the clock jumping back and forth": (
        0.1,
        lambda t, c: at_random(t, c, longest_s=2.0, jumps=True),
    ),
    "the same, with the engine": (0.1, lambda t, c: at_random(t, c, longest_s=6.0, engine=True)),
    "kill at each os.fsync, replace, rename, unlink": (0.1, at_sync_points),
    "kill at each sync point of new, export, restore, label": (0.05, in_commands),
    "kill at system calls (strace)": (0.1, at_system_calls),
    "disk full, then kill": (0.07, with_a_disk_that_fills),
    "read-only after a kill, then kill": (0.03, on_a_read_only_disk),
}
"""Each with its share of the time."""


@dataclass
class Row:
    """A line of the table."""

    way: str
    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    refused: int = 0
    faults: list[str] = field(default_factory=list)


def run(minutes: float, seed: int, *, say: Callable[[str], None] = print) -> list[Row]:
    """All ways, each for its share of the time."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="crash-") as folder:
        made = make_project(Path(folder) / "template")
        made.close()
        copies = iter(range(1 << 30))

        def template() -> Path:
            for old in Path(folder).glob("copy-*"):
                shutil.rmtree(old, ignore_errors=True)
            copy = Path(folder) / f"copy-{next(copies)}"
            shutil.copytree(made.path.parent, copy)
            return copy / "project"

        for number, (way, (share, kills)) in enumerate(WAYS.items()):
            row = Row(way)
            end = time.monotonic() + 60 * minutes * share
            for outcome in kills(template, random.Random(seed + number)):  # noqa: S311 - moments, no secrets
                row.kills += outcome.killed
                row.acknowledged += outcome.acked
                row.lost += outcome.lost
                row.refused += outcome.refused
                row.faults += outcome.wrong
                if time.monotonic() > end:
                    break
            rows.append(row)
            say(line(row))
            for fault in dict.fromkeys(row.faults):
                say(f"    {row.faults.count(fault)} x {fault}")
    return rows


HEADING = (
    "| how | kills | labels acknowledged | lost | refused in words | other faults |\n"
    "|---|--:|--:|--:|--:|--:|"
)


def line(row: Row) -> str:
    """As a line of the table."""
    return (
        f"| {row.way} | {row.kills:,} | {row.acknowledged:,} | {row.lost:,} | {row.refused:,} | "
        f"{len(row.faults):,} |"
    )


def total(rows: list[Row]) -> Row:
    """All of them."""
    return Row(
        "all",
        sum(row.kills for row in rows),
        sum(row.acknowledged for row in rows),
        sum(row.lost for row in rows),
        sum(row.refused for row in rows),
        [fault for row in rows for fault in row.faults],
    )


def main() -> int:
    """Print the table; the exit code is 1 where anything was lost or wrong."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    os.environ["MEDLABELER_HOME"] = tempfile.mkdtemp(prefix="crash-home-")
    print(HEADING, flush=True)
    rows = run(options.minutes, options.seed, say=lambda text: print(text, flush=True))
    everything = total(rows)
    print(line(everything))
    shutil.rmtree(os.environ["MEDLABELER_HOME"], ignore_errors=True)
    return int(bool(everything.lost or everything.faults))


if __name__ == "__main__":
    sys.exit(main())
