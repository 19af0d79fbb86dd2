"""What 10 and 100 million images cost: `resources/results/beyond-one-machine.md`, from measured figures.

    python tests/bench/beyond_one_machine.py [--measure] [--out FILE.md]

Paces of a graphics card are read from the tables of `resources/results/graphics-card.md`. Bytes and memory
stand in `resources/results/beyond-one-machine.json`; `--measure` takes them again and keeps them there.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from itertools import dropwhile, takewhile
from pathlib import Path

import numpy as np

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.resources import resource_folder
from medlabeler.imaging.synthetic import write_sample
from medlabeler.jobs import import_images, new
from medlabeler.project.catalog import NewImage
from medlabeler.project.project import Project
from medlabeler.project.shards import write_shard

RESULTS = resource_folder() / "results"
CARD, INPUTS = RESULTS / "graphics-card.md", RESULTS / "beyond-one-machine.json"
MILLIONS = (10, 100)
CARDS = (1, 8)
DIM = 384
SIZES = (60_000, 171_375)
CORES_OF_CARD = 16
DESKTOP_GIB = 16
IMAGE_BYTES = 10_973
"""Mean of the 4,000 JPEG files of 360 x 363 pixels of `pbc` that results are measured on."""


CPU_PACES = 17, 30
"""Images a second of ViT-S/16 on two cores, as the manual tells (`resources/manual/files.md`)."""
MAP, EMBEDDING = "memory with map, MB", "memory with embedding, MB"
TEMPLATE = """# What 10 and 100 million images cost

Computed by `tests/bench/beyond_one_machine.py`; a test computes it again. What goes in was measured, what
comes out was not: no run of ten million images was made, nor one of more than one card. For eight cards the
pace of one is multiplied by eight, each with cores and a store of its own.

## Embedding once, 224 px

By the paces of one NVIDIA H200 beside {cores} cores, from files, reading and decoding included
(`graphics-card.md`):

{embedding}

Decoding alone gave {decoding:,.0f} images a second on those {cores} cores. The last column is how many cores
would feed the bare forward pass, if decoding grows with them, which was not measured. A store gives files
of {image:,} bytes, the mean of `pbc`. Two cores without a card embed {low} to {high} images a second with
ViT-S/16 (`resources/manual/files.md`): {fastest} to {slowest} for 10 million.

## Learning without labels (DINO), one pass over all images

{learning}

The cards of one machine share a run.

## Disk and memory

{bytes}

Memory is what one image more adds to the highest that a process took; window and engine are two.

## What the desktop then loads

Half of {gib} GiB holds {most:.1f} million images while a person labels. So of a larger archive a project is
made of a sample: a list of some hundred thousand images, drawn at random over patients or slides.
`medlabeler embed PROJECT --shards FOLDER` takes in the vectors of just these; for that all shards are read
once and held against their checksums, and stay where they are. What was learned is exported, and
`medlabeler predict` applies it where the images are. It computes their embedding again: the program does not
predict from shards.
"""


def main() -> None:
    """Compute the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--measure", action="store_true")
    parser.add_argument("--out", type=Path, default=RESULTS / "beyond-one-machine.md")
    options = parser.parse_args()
    if options.measure:
        INPUTS.write_text(json.dumps(measured(), indent=1) + "\n", encoding="utf-8")
    options.out.write_text(page(), encoding="utf-8")


def measured() -> dict[str, float]:
    """Bytes an image on disk, and of memory."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        return {
            "shard_bytes": shard_bytes(folder),
            "database_bytes": database_bytes(folder),
            "thumbnail_bytes": thumbnail_bytes(folder),
            **memory_bytes(),
        }


def shard_bytes(folder: Path, n: int = 2048) -> float:
    """Of a vector in its shard, with row, digest and checksums."""
    rows = np.arange(n)
    shard = write_shard(folder, "a", rows, np.full(n, b"0" * 64), np.zeros((n, DIM), np.float16))
    return shard.stat().st_size / n


def database_bytes(folder: Path, n: int = 20_000) -> float:
    """Of the row of an image in database, second copy and kept reading; without labels."""
    with Project.create(folder / "bare") as project:
        project.catalog.add(
            [
                NewImage(
                    "/data/cells", f"slide_{i % 97:03d}/cell_{i:07d}.png", f"{i:064x}", 360, 363, "RGB",
                    12_000, i, "", f"slide {i % 500:03d}", f"c{i % 8}", {},
                )
                for i in range(n)
            ]
        )  # fmt: skip
    return sum(file.stat().st_size for file in (folder / "bare").rglob("*") if file.is_file()) / n


def thumbnail_bytes(folder: Path, n: int = 200) -> float:
    """Of a thumbnail of the synthetic sample."""
    manifest = write_sample(folder / "sample", n=n)
    with new.create(new.Params(folder / "p", manifest.parent, (new.Manifest(manifest),))) as project:
        import_images.run(project, import_images.Params(), SilentProgress())
    packs = (folder / "p" / "thumbnails").rglob("*")
    return sum(file.stat().st_size for file in packs if file.is_file()) / n


def memory_bytes() -> dict[str, float]:
    """Of an image more, between two sizes of `bench_growth`: with the map, and with the embedding as well."""
    script = Path(__file__).with_name("bench_growth.py")
    found = []
    for n in SIZES:
        done = subprocess.run(
            [sys.executable, script, "--one", "--sizes", str(n)], check=True, stdout=subprocess.PIPE
        )
        found.append(json.loads(done.stdout.splitlines()[-1]))
    out = {}
    for name, part in (("map_bytes", MAP), ("embedding_bytes", EMBEDDING)):
        out[name] = (found[1][part] - found[0][part]) * 2**20 / (SIZES[1] - SIZES[0])
    return out


def table(title: str) -> Iterator[dict[str, str]]:
    """Rows of the first table below a heading of the page about the card, by column."""
    below = CARD.read_text(encoding="utf-8").partition(f"## {title}\n")[2].splitlines()
    lines = takewhile(
        lambda text: text.startswith("|"), dropwhile(lambda text: not text.startswith("|"), below)
    )
    first, _, *rest = [[cell.strip() for cell in text.strip().strip("|").split("|")] for text in lines]
    for row in rest:
        yield dict(zip(first, row, strict=True))


def number(cell: str) -> float:
    return float(cell.replace(",", ""))


def hours(seconds: float) -> str:
    """'48 min', '8.0 h', '3.3 days'."""
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 2 * 86400 else f"{seconds / 86400:.1f} days"


def amount(n_bytes: float) -> str:
    """'8.6 GB', '1.1 TB'."""
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes < 1e12 else f"{n_bytes / 1e12:.2f} TB"


def page() -> str:
    """The page, from the figures as they are now."""
    inputs = json.loads(INPUTS.read_text(encoding="utf-8"))
    rows = list(table("Embedding, 224 px"))
    decoding = number(rows[0]["images/s"])
    together = inputs["map_bytes"] + inputs["embedding_bytes"]
    return TEMPLATE.format(
        embedding="\n".join(embedding(rows, decoding / CORES_OF_CARD)),
        learning="\n".join(learning()),
        bytes="\n".join(sizes(inputs)),
        slowest=hours(1e7 / CPU_PACES[0]),
        fastest=hours(1e7 / CPU_PACES[1]),
        low=CPU_PACES[0],
        high=CPU_PACES[1],
        decoding=decoding,
        cores=CORES_OF_CARD,
        image=IMAGE_BYTES,
        gib=DESKTOP_GIB,
        most=DESKTOP_GIB * 2**30 / 2 / together / 1e6,
    )


def embedding(rows: list[dict[str, str]], decoded_by_a_core: float) -> Iterator[str]:
    """Lines of the table about embedding."""
    titles = [f"{n} million, {counted(cards)}" for n in MILLIONS for cards in CARDS]
    yield from head("network", "images/s", *titles, "MB/s from the store", "cores a card could use")
    for row in rows:
        if not row["from files images/s"]:
            continue
        pace, bare = number(row["from files images/s"]), number(row["bare images/s"])
        yield line(
            row["case"].rpartition(", batch")[0],
            f"{pace:,.0f}",
            *times(pace),
            f"{pace * IMAGE_BYTES / 1e6:.0f}",
            f"{bare / decoded_by_a_core:.0f}",
        )


def learning() -> Iterator[str]:
    """Lines of the table about learning without labels."""
    yield from head("network", "images/s", *(f"{n} million, {counted(c)}" for n in MILLIONS for c in CARDS))
    for row in table("Learning"):
        if "batch 256" in row["case"]:
            pace = number(row["images/s"])
            yield line(row["case"], f"{pace:,.0f}", *times(pace))


def sizes(inputs: dict[str, float]) -> Iterator[str]:
    """Lines of the table about disk and memory."""
    yield from head("what", "bytes an image", *(f"{n} million" for n in MILLIONS), "measured by")
    growth = f"`bench_growth`, {SIZES[0]:,} to {SIZES[1]:,} images"
    for what, each, how in (
        ("images, JPEG of 360 x 363", IMAGE_BYTES, "the 4,000 files of `pbc`"),
        (f"shards of vectors, {DIM} numbers", inputs["shard_bytes"], "a shard of 2,048"),
        ("database, second copy, kept reading", inputs["database_bytes"], "20,000 rows without labels"),
        ("thumbnails", inputs["thumbnail_bytes"], "200 images of the sample"),
        ("memory of the window: catalog, labels, map", inputs["map_bytes"], growth),
        ("memory of the engine: embedding, predictions", inputs["embedding_bytes"], growth),
    ):
        yield line(what, f"{each:,.0f}", *(amount(each * n * 1e6) for n in MILLIONS), how)


def head(*titles: str) -> Iterator[str]:
    yield line(*titles)
    yield "|---" * len(titles) + "|"


def line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


def counted(cards: int) -> str:
    return f"{cards} card{'s' if cards > 1 else ''}"


def times(pace: float) -> list[str]:
    """How long all images take, by number of images and cards."""
    return [hours(n * 1e6 / pace / cards) for n in MILLIONS for cards in CARDS]


if __name__ == "__main__":
    main()
