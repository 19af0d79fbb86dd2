"""What a map loses if only a sample is laid out by UMAP and the rest is placed beside its neighbours.

The whole layout and those of samples, each with the time that it takes and, on images drawn at random, two
figures of how well the map keeps neighbours: trustworthiness (Venna and Kaski 2001,
https://doi.org/10.1007/3-540-44668-0_68) and the share of the 15 nearest by cosine that are among the 15
nearest on the map. `--vectors FILE.npy`, (n, d), an embedding; without it 20,000 vectors of 21 classes that
each spread along 8 directions of 384. `--images` asks for so many: of an embedding that has fewer, each is
repeated with noise of half the distance to its nearest. Prints a Markdown table.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from measure import fewer, machine, tell
from numpy.typing import NDArray

from medlabeler.learning.placing import placed
from medlabeler.learning.projection import umap_layout

N, DIM, CLASSES, DIRECTIONS = fewer(20_000), 384, 21, 8
SHARES = (0.5, 0.25, 0.15)
LOOKED_AT, NEAREST, BLOCK = 2000, 15, 250
Vectors = NDArray[np.float32]
Rows = NDArray[np.int64]


def made(rng: np.random.Generator, n: int) -> Vectors:
    """Classes that each spread along few directions, and a little along all."""
    kind = rng.integers(0, CLASSES, n)
    centre = rng.standard_normal((CLASSES, DIM))
    along = rng.standard_normal((CLASSES, DIRECTIONS, DIM)) / np.sqrt(DIRECTIONS)
    out = np.empty((n, DIM), np.float32)
    for c in range(CLASSES):
        mine = np.flatnonzero(kind == c)
        noise = 0.3 * rng.standard_normal((len(mine), DIM))
        out[mine] = centre[c] + rng.standard_normal((len(mine), DIRECTIONS)) @ along[c] + noise
    return out


def repeated(rng: np.random.Generator, vectors: Vectors, n: int) -> Vectors:
    """Vectors of length 1 repeated up to `n`, each moved by half the distance to the nearest of its first."""
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    nearest = np.empty(len(unit), np.float32)
    for start in range(0, len(unit), BLOCK):
        alike = unit[start : start + BLOCK] @ unit.T
        nearest[start : start + BLOCK] = np.partition(alike, -2, axis=1)[:, -2]
    apart = np.sqrt(np.maximum(2 - 2 * nearest, 0))
    rows = np.arange(n) % len(unit)
    aside = rng.standard_normal((n, unit.shape[1]), dtype=np.float32)
    aside /= np.linalg.norm(aside, axis=1, keepdims=True)
    return np.asarray(unit[rows] + 0.5 * apart[rows, None] * aside, np.float32)


def quality(vectors: Vectors, coords: Vectors, rows: Rows) -> tuple[float, float]:
    """Trustworthiness and the share of neighbours that are kept, of `rows`."""
    n, k, lost, kept = len(vectors), NEAREST, 0.0, 0.0
    for start in range(0, len(rows), BLOCK):
        some = rows[start : start + BLOCK]
        own = np.arange(len(some)), some
        alike = vectors[some] @ vectors.T
        alike[own] = np.inf  # itself has rank 0
        rank = np.empty(alike.shape, np.int32)
        np.put_along_axis(rank, np.argsort(-alike, axis=1), np.arange(n, dtype=np.int32)[None], axis=1)
        apart = (coords[some, :1] - coords[:, 0]) ** 2 + (coords[some, 1:] - coords[:, 1]) ** 2
        apart[own] = np.inf
        ranks = np.take_along_axis(rank, np.argpartition(apart, k, axis=1)[:, :k], axis=1)
        lost += float(np.maximum(ranks - k, 0).sum())
        kept += float((ranks <= k).sum())
    return 1 - 2 * lost / (len(rows) * k * (2 * n - 3 * k - 1)), kept / (len(rows) * k)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--vectors", type=Path)
    parser.add_argument("--images", type=int, default=0)
    options = parser.parse_args()
    print(machine())
    rng = np.random.default_rng(0)
    if options.vectors is None:
        vectors = made(rng, options.images or N)
    else:
        vectors = np.load(options.vectors).astype(np.float32)
        if options.images > len(vectors):
            vectors = repeated(rng, vectors, options.images)
    vectors -= vectors.mean(axis=0)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    rows = np.sort(rng.choice(len(vectors), min(LOOKED_AT, len(vectors)), replace=False))
    umap_layout(vectors[:4200])  # compiles
    print(f"{len(vectors):,} vectors of {vectors.shape[1]}\n")
    print("| laid out | s | trustworthiness | neighbours kept |\n|---|---|---|---|")
    for share in (1.0, *SHARES):
        start = time.perf_counter()
        laid_out = np.sort(rng.choice(len(vectors), round(share * len(vectors)), replace=False))
        coords = np.full((len(vectors), 2), np.nan, np.float32)
        coords[laid_out] = umap_layout(vectors[laid_out]).coords
        coords = placed(vectors, coords, np.arange(len(vectors)))
        took = time.perf_counter() - start
        trust, kept = quality(vectors, coords, rows)
        name = f"{100 * share:.0f} % laid out"
        tell(f"{name}, trustworthiness", trust, "", more_is_better=True)
        tell(f"{name}, neighbours kept", kept, "", more_is_better=True)
        print(f"| {100 * share:.0f} % | {took:.1f} | {trust:.4f} | {kept:.3f} |", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
