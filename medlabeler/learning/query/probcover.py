"""ProbCover: the image with the most neighbours that nothing labelled lies near, again and again.

Yehuda, Dekel, Hacohen, Weinshall 2022, "Active Learning Through a Covering Lens",
https://arxiv.org/abs/2205.11320

Near means within a radius: the largest at which 95 % of the images have only neighbours of their own k-means
cluster, with as many clusters as there are classes. The stored kNN graph lists few neighbours of an image,
so with it a dense image counts at most those that list it or that it lists; without a graph all neighbours
within a random sample count.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.language import tr
from medlabeler.learning.query.clusters import kmeans, nearest
from medlabeler.learning.query.situation import Graph, Proposal, Rows, Situation, sample
from medlabeler.learning.query.typicality import exact_graph

PURITY = 0.95
MOST = 3000
NEIGHBOURS = 100


def propose(situation: Situation, n: int, rng: np.random.Generator) -> Proposal:
    """Greedy cover, with the images whose neighbours are all covered last, at random."""
    known = np.concatenate([situation.labelled, situation.waiting])
    rows = situation.candidates if situation.graph is not None else sample(situation.candidates, MOST, rng)
    nodes = np.concatenate([rows, known])
    index, distance = _neighbours(situation, nodes)
    n_classes = 2 if situation.classes is None else max(2, len(situation.classes))
    X = situation.features
    centres = kmeans(X[sample(nodes, MOST, rng)], n_classes, rng, check=situation.check)[0]
    situation.check()
    radius = pure_radius(index, distance, nearest(X, centres)[nodes])
    situation.check()
    chosen, gains = cover(near(index, distance, radius), len(rows), 2 * n)
    situation.check()
    stands_for = {int(row): int(gain) for row, gain in zip(rows[chosen], gains, strict=True)}
    rest = rng.permutation(np.setdiff1d(rows, rows[chosen]))[: 2 * n]

    def tell(row: int) -> tuple[str, tuple[int, ...]]:
        gain = stands_for.get(row, 0)
        return tr("stands for {gain} alike, none near a label", gain=gain) if gain > 1 else tr(
            "near no label"
        ), ()

    return Proposal("probcover", np.concatenate([rows[chosen], rest]), tell)


def pure_radius(
    index: NDArray[np.integer[Any]], distance: NDArray[np.float32], cluster: NDArray[np.int64]
) -> float:
    """The largest distance up to which `PURITY` of the nodes have only neighbours of their own cluster."""
    other = (index >= 0) & (cluster[index] != cluster[:, None])
    first = np.where(other, distance, np.inf).min(axis=1, initial=np.inf)
    radius = float(np.quantile(first, 1 - PURITY, method="lower"))
    return radius if np.isfinite(radius) else float(distance[index >= 0].max(initial=0.0))


def near(index: NDArray[np.integer[Any]], distance: NDArray[np.float32], radius: float) -> Any:
    """Which nodes lie within `radius` of each other: a symmetric scipy CSR matrix with an empty diagonal."""
    from scipy.sparse import coo_array

    start, slot = np.nonzero((index >= 0) & (distance < radius))
    end = index[start, slot]
    edges = coo_array((np.ones(len(start), np.int8), (start, end)), shape=(len(index), len(index))).tocsr()
    return edges.maximum(edges.T).tocsr()


def cover(edges: Any, n_candidates: int, n: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Up to n of the first `n_candidates` nodes, each with the most neighbours not yet covered, and how many
    images it covers; all nodes behind the candidates are labelled.
    """
    covered = np.zeros(edges.shape[0], np.bool_)
    covered[n_candidates:] = True
    covered |= edges @ covered.astype(np.int32) > 0
    gain = (edges @ (~covered).astype(np.int32))[:n_candidates] + ~covered[:n_candidates]
    chosen: list[int] = []
    gains: list[int] = []
    for _ in range(min(n, n_candidates)):
        best = int(gain.argmax())
        if gain[best] <= 0:
            break
        chosen.append(best)
        gains.append(int(gain[best]))
        ball = np.append(_of(edges, best), best)
        new = ball[~covered[ball]]
        covered[new] = True
        for node in new:
            touched = np.append(_of(edges, node), node)
            gain[touched[touched < n_candidates]] -= 1
        gain[best] = -1
    return np.array(chosen, np.int64), np.array(gains, np.int64)


def _of(edges: Any, node: int) -> NDArray[np.int32]:
    neighbours: NDArray[np.int32] = edges.indices[edges.indptr[node] : edges.indptr[node + 1]]
    return neighbours


def _neighbours(situation: Situation, nodes: Rows) -> Graph:
    """Positions among `nodes` of the neighbours of each, -1 where absent, and their cosine distances."""
    index, distance = situation.graph or exact_graph(situation.features, nodes, NEIGHBOURS, situation.check)
    position = np.full(len(situation.features) + 1, -1, np.int64)
    position[nodes] = np.arange(len(nodes))
    return position[index[nodes]], distance[nodes]  # -1 looks up the last entry, which is none
