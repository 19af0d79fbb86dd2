"""How fast a folder becomes a project, beside Pillow's bare decode of the same files in the same run.

10,000 mixed files (JPEG of three sizes, PNG, 16-bit PNG, TIFF packed four ways, WebP, BMP, GIF): the import
checks, hashes, measures each of them and draws its thumbnail, all apart. Pillow only decodes, on as many
threads; what it cannot decode rightly it decodes wrongly here, which costs it the same.

    .venv/bin/python tests/bench/bench_import.py [N]
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import imagecodecs
import numpy as np
import tifffile
from measure import fewer, machine, tell
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.imaging import readers
from medlabeler.jobs import import_images, new

N = fewer(10_000)
SIDES = (300, 640, 1024)


def photograph(rng: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Smooth shapes and some noise, uint8 (h, w, 3): packs about as cells on glass do."""
    small = rng.integers(60, 250, (9, 9, 3), np.uint8)
    smooth = np.asarray(Image.fromarray(small).resize((width, height), Image.Resampling.BICUBIC), np.int16)
    return (smooth + rng.integers(-6, 7, smooth.shape, np.int16)).clip(0, 255).astype(np.uint8)


def kinds(rng: np.random.Generator) -> dict[str, bytes]:
    """One file of each kind: suffix -> content."""
    found: dict[str, bytes] = {}
    large, middle = photograph(rng, 768, 1024), photograph(rng, 360, 360)

    def pillow(name: str, pixels: np.ndarray, form: str, **options: object) -> None:
        out = io.BytesIO()
        Image.fromarray(pixels).save(out, form, **options)
        found[name] = out.getvalue()

    def tiff(name: str, values: np.ndarray, **options: object) -> None:
        out = io.BytesIO()
        tifffile.imwrite(out, values, **options)
        found[name] = out.getvalue()

    for side in SIDES:
        pillow(f"{side}.jpg", photograph(rng, side * 3 // 4, side), "JPEG", quality=90)
    pillow("a.png", middle, "PNG")
    pillow("a.webp", middle, "WEBP", quality=85)
    pillow("a.bmp", middle, "BMP")
    pillow("a.gif", middle, "GIF")
    found["deep.png"] = imagecodecs.png_encode(middle[:, :, 0].astype(np.uint16) * 257)
    deep = middle[:, :, 0].astype(np.uint16) * 200
    tiff("plain.tif", middle, photometric="rgb")
    tiff("lzw.tif", middle, photometric="rgb", compression="lzw", predictor=True)
    tiff("zip.tif", deep, compression="zlib")
    tiff("large.tif", large, photometric="rgb", compression="lzw")
    return found


def write(folder: Path, n: int) -> None:
    """`n` files, each other bytes, since what has the same bytes is the same picture."""
    rng = np.random.default_rng(0)
    made = list(kinds(rng).items())
    for at in range(n):
        name, content = made[at % len(made)]
        place = folder / f"{at // 1000:02d}" / f"{at:05d}_{name}"
        place.parent.mkdir(exist_ok=True)
        # Bytes behind the end of an image are no part of it.
        place.write_bytes(content + at.to_bytes(4, "little"))


def bare(files: list[Path]) -> None:
    """Pillow decodes every file, as an import has to at least."""

    def one(path: Path) -> None:
        with Image.open(path) as image:
            image.load()

    with ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        list(pool.map(one, files))


def seconds(action: Callable[[], object]) -> float:
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def lzw(folder: Path) -> None:
    """A TIFF of 4 megapixels packed by LZW: our reader beside Pillow, both in this process."""
    pixels = photograph(np.random.default_rng(1), 2000, 2000)
    for name, predictor in (("plain", False), ("differences", True)):
        path = folder / f"{name}.tif"
        tifffile.imwrite(path, pixels, photometric="rgb", compression="lzw", predictor=predictor)
        ours = min(seconds(lambda path=path: readers.read_rgb(path)) for _ in range(5))
        theirs = min(seconds(lambda path=path: bare([path])) for _ in range(5))
        tell(f"baseline: Pillow, LZW TIFF, {name}", 1000 * theirs, "ms")
        tell(f"LZW TIFF, {name}", 1000 * ours, "ms", baseline=f"baseline: Pillow, LZW TIFF, {name}")
        print(
            f"LZW TIFF, {name:<12} ours {1000 * ours:6.0f} ms   Pillow {1000 * theirs:6.0f} ms   "
            f"{theirs / ours:.2f} times as fast as Pillow",
            flush=True,
        )


def main() -> None:
    n = int(sys.argv[1]) if len(sys.argv) > 1 else N
    print(machine())
    work = Path(tempfile.mkdtemp(prefix="bench_import."))
    try:
        folder = work / "images"
        folder.mkdir()
        write(folder, n)
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        bare(files)  # both read from the cache of files
        by_pillow = seconds(lambda: bare(files))
        params = new.Params(work / "p", images=folder)

        def imported() -> None:
            with new.create(params) as project:
                import_images.run(project, import_images.Params(), SilentProgress())
                assert project.catalog.n == n, project.catalog.skipped()[:3]

        ours = seconds(imported)
        again = seconds(lambda: bare(files))
        by_pillow = (by_pillow + again) / 2
        tell("baseline: Pillow's bare decode", n / by_pillow, "images/s", more_is_better=True)
        tell(
            "import with thumbnails", n / ours, "images/s", baseline="baseline: Pillow's bare decode",
            more_is_better=True,
        )  # fmt: skip
        print(
            f"import with thumbnails: {n / ours:6.0f} images/s   Pillow's bare decode: {n / by_pillow:6.0f} "
            f"images/s   {by_pillow / ours:.2f} of its speed   n {n:,}",
            flush=True,
        )
        lzw(work)
    finally:
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
