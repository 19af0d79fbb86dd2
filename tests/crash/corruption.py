"""What becomes of one flipped bit in each kind of file of a project: told, harmless, or used in silence.

    python tests/crash/corruption.py [--trials N]

Each trial copies a project, flips one bit in one file, opens the project, reads everything that a session
reads and holds it against what was written, and compares the database with its second copy, as the window
does once it has settled; then `medlabeler check` looks. *Told* is what a sentence says, in the window or by
`check`; *silent* is another value that nobody told of.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE.parent / "support")]

import numpy as np  # noqa: E402
from panels_support import N, add_embedding, make_project  # noqa: E402

from medlabeler.domain.errors import UserError  # noqa: E402
from medlabeler.domain.progress import SilentProgress  # noqa: E402
from medlabeler.domain.types import LabelKind, LabelSource, Remark  # noqa: E402
from medlabeler.imaging.thumbnails import write_pack  # noqa: E402
from medlabeler.jobs import check  # noqa: E402
from medlabeler.project import examination, kept_reading  # noqa: E402
from medlabeler.project.project import Project  # noqa: E402
from medlabeler.project.vectors import VectorStore  # noqa: E402

OUTCOMES = ("same", "told in the window", "told by check", "silent", "traceback")
FILES: dict[str, Callable[[Path], list[Path]]] = {
    "vectors": lambda p: list(p.glob("vectors/*/*.shard")),
    "map": lambda p: list(p.glob("vectors/*/projection-*.safetensors")),
    "thumbnails": lambda p: list(p.glob("thumbnails/*.thumbs")),
    "database": lambda p: [p / "medlabeler.db"],
    "second copy of the labels": lambda p: [p / "decisions.jsonl"],
    "index and info of an embedding": lambda p: [
        *p.glob("vectors/*/index.jsonl"), *p.glob("vectors/*/info.json"),
    ],
    "neighbours of the map": lambda p: list(p.glob("vectors/*/neighbours.safetensors")),
    "speed and learned labels of an embedding": lambda p: [
        *p.glob("vectors/*/speed.json"), *p.glob("vectors/*/learned.json"),
    ],
    "kept reading": lambda p: [p / "kept_reading.npz"],
    "backups": lambda p: list(p.glob("backups/*.db")),
}  # fmt: skip
NOT_FLIPPED = {
    ".lock": "it is empty",
    ".owner": "names who has the project open; it is made anew by each opening, and the lock decides",
    "backups/*.xxh3_64": "checksums themselves: with one that is damaged its backup counts as damaged",
    "pretraining/": "runs, whose weights carry a SHA-256, and whose figures are shown while they last",
    "runtime/": "what two processes share while a project is open; emptied at each opening",
    "staging/": "what a job hands over; it is checked when it is adopted, and swept",
    "starting/": "hints of another project's classifier; flipped by tests/jobs/test_start_with.py",
}
"""What else a project writes, and why no bit of it is flipped here."""


def made(folder: Path) -> Path:
    """A project with everything in it: labels, notes, vectors, a map, thumbnails; closed."""
    with make_project(folder) as project:
        key = add_embedding(project, "A", 2.0)
        project.settings.set("embedding", key)
        project.settings.set("strategy", "random")
        chance = np.random.default_rng(0)
        project.vectors.save_projection(key, "umap", chance.normal(size=(N, 2)).astype(np.float32))
        jpegs = [chance.bytes(600) for _ in range(N)]
        write_pack(project.path / "staging", "pack", [bytes(d) for d in project.catalog.digest], jpegs)
        project.thumbnails.adopt(project.path / "staging")
        ids = [c.id for c in project.classes.all()]
        for row in range(24):
            project.journal.decide(
                [row], LabelKind.LABEL, ids[row % 3], name="label", source=LabelSource.CLICK
            )
        project.journal.remark([1], Remark.NOTE, "a note", name="note")
        project.catalog.add_skipped([("/pictures/cut.png", "It is empty.")])
        neighbours = chance.integers(0, N, (N, 5)).astype(np.int32)
        project.vectors.save_knn_graph(key, neighbours, chance.random((N, 5)).astype(np.float32))
        project.vectors.note_speed(key, 41.5, "cpu")
        project.vectors.note_learned(key, [f"{n:064x}" for n in range(6)])
        path = project.path
        project.backups.begin("work")
        project.backups.wait()
    return path


def as_written(template: Path) -> dict[str, Any]:
    """What a session reads of the project as it was written; it is closed as a large one is."""
    large, kept_reading.WORTH = kept_reading.WORTH, 0
    try:
        with Project.open(template) as project:
            return content(project)
    finally:
        kept_reading.WORTH = large


def content(project: Project) -> dict[str, Any]:
    """All that a session reads, by what it is; None for what counts as not there and is computed again."""
    key = str(project.settings.get("embedding", "") or "")
    catalog, labels = project.catalog, project.labels
    found: dict[str, Any] = {
        "catalogue": [
            (
                str(catalog.path(row)),
                bytes(catalog.digest[row]),
                int(catalog.split[row]),
                int(catalog.group[row]),
            )
            for row in range(catalog.n)
        ],
        "labels": (labels.class_id.tolist(), labels.kind.tolist()),
        "classes": [(c.id, c.name, c.colour) for c in project.classes.all()],
        "told of images": [catalog.record(row).metadata for row in range(catalog.n)],
        "notes": [project.remarks.get(Remark.NOTE, row) for row in range(catalog.n)],
        "settings": (key, project.settings.get("strategy")),
        "left out": project.catalog.skipped(),
        "neighbours": None,
        "speed": None,
        "learned": None,
    }
    for row in range(catalog.n):
        found[f"thumbnail {row}"] = project.thumbnails.get(bytes(catalog.digest[row]))
    for row in range(catalog.n):
        found[f"vector {row}"] = None
    found["map"] = None
    if key:
        vectors, present = VectorStore(project.vectors.folder).load(key, catalog.n, catalog.digest)
        for row in np.flatnonzero(present):
            found[f"vector {row}"] = vectors[row].tobytes()
        drawn = project.vectors.load_projection(key, "umap")
        found["map"] = None if drawn is None else drawn.tobytes()
        graph, learned = project.vectors.load_knn_graph(key), project.vectors.learned(key)
        found["neighbours"] = None if graph is None else (graph[0].tobytes(), graph[1].tobytes())
        found["speed"] = project.vectors.speed(key)
        found["learned"] = None if learned is None else learned.tobytes()
    return found


def trial(
    template: Path, folder: Path, kind: str, chance: random.Random, truth: dict[str, Any]
) -> tuple[str, str]:
    """One flipped bit: an outcome, and what it was about."""
    path = folder / "project"
    shutil.rmtree(path, ignore_errors=True)
    shutil.copytree(template, path)
    file = chance.choice(FILES[kind](path))
    stored = bytearray(file.read_bytes())
    at = chance.randrange(len(stored))
    stored[at] ^= 1 << chance.randrange(8)
    file.write_bytes(stored)
    where = f"{file.name} byte {at}"
    try:
        with Project.open(path) as project:
            now = content(project)
            told = [*project.notices, *filter(None, [examination.altered(project.database)])]
            project.notices.clear()
            found = check.run(project, check.Params(images=False), SilentProgress()).summary["findings"]
    except UserError:
        return "told in the window", where
    except Exception as error:  # which is what the table counts
        return "traceback", f"{where}: {type(error).__name__}: {error}"
    other = [name for name, value in now.items() if value is not None and value != truth[name]]
    gone = [name for name, value in now.items() if value is None and truth[name] is not None]
    if told:
        return "told in the window", where
    if found:
        return "told by check", f"{where}: {', '.join(other or gone or ['nothing that is shown'])}"
    if other or gone:
        return "silent", f"{where}: {', '.join(other or gone)}"
    return "same", where


def table(trials: int, seed: int = 1, say: Callable[[str], None] = print) -> dict[str, Counter[str]]:
    """Trials of each kind, counted by their outcome."""
    counts: dict[str, Counter[str]] = {}
    say("| file | trials | " + " | ".join(OUTCOMES) + " |\n|---|--:|" + "--:|" * len(OUTCOMES))
    with tempfile.TemporaryDirectory(prefix="corruption-") as folder:
        template = made(Path(folder) / "template")
        truth = as_written(template)
        for kind in FILES:
            chance = random.Random(seed)  # noqa: S311 - places, no secrets
            outcomes = [trial(template, Path(folder), kind, chance, truth) for _ in range(trials)]
            counts[kind] = Counter(outcome for outcome, _ in outcomes)
            figures = " | ".join(str(counts[kind][outcome]) for outcome in OUTCOMES)
            say(f"| {kind} | {trials} | {figures} |")
            for outcome, where in outcomes:
                if outcome in ("silent", "traceback"):
                    print(f"    {outcome}: {where}", file=sys.stderr, flush=True)
    return counts


def main() -> int:
    """Print the table; the exit code is 1 where anything was used in silence or ended in a traceback."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n\n")[0])
    parser.add_argument("--trials", type=int, default=120)
    options = parser.parse_args()
    counts = table(options.trials, say=lambda text: print(text, flush=True))
    return int(any(count["silent"] or count["traceback"] for count in counts.values()))


if __name__ == "__main__":
    sys.exit(main())
