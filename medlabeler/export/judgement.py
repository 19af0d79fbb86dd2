"""What a bundle says of new images beside their class: whether they are like those it learned from, what it
decides and what it leaves to a person, and what a person must read before anything else.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.export.bundle import Bundle
from medlabeler.export.in_memory import InMemory, look_of
from medlabeler.learning.conformal import ASK_WORDS, Verdict
from medlabeler.learning.counting import Share, of_groups
from medlabeler.learning.guard import BatchCheck, check_batch
from medlabeler.learning.looks import Look, differences

LOOKED_AT = 100
"""So many of the files are opened to see how they were prepared."""
_CHUNK = 4096


@dataclass(frozen=True)
class Judgement:
    """Of n images. `distance` float32 (n,): how unlike the pool each is, about 1 for images like it, nan
    without a guard; `unlike` bool (n,): it lies beyond the guard's threshold. `verdict` int8 (n,) `Verdict`
    and `decision` (n,) in words: a class, "MYB or PMO", "ask a person"; images unlike the pool are left to a
    person. `batch` of all together. `counts`: share of each class (C,), corrected, None where the bundle
    knows no errors of a blind test. `sentences`: what must stand at the top, the gravest first.
    """

    distance: NDArray[np.float32]
    unlike: NDArray[np.bool_]
    verdict: NDArray[np.int8]
    decision: list[str]
    batch: BatchCheck | None
    counts: tuple[Share, ...] | None
    sentences: tuple[str, ...]


def judge_images(
    bundle: Bundle,
    vectors: NDArray[Any],
    probabilities: NDArray[np.float32],
    paths: Sequence[Path] = (),
    pictures: Sequence[InMemory] = (),
) -> Judgement:
    """Judge embeddings `vectors` (n, d) and their `probabilities` (n, C); `paths` of the files and `pictures`
    in memory that they are of, together n, or none where only the embeddings are known.
    """
    n = len(vectors)
    names = [str(c["name"]) for c in bundle.classes]
    said = probabilities.argmax(axis=1)
    distance, batch = np.full(n, np.nan, np.float32), None
    unlike = np.zeros(n, np.bool_)
    guard = bundle.guard
    if guard is not None and n:
        for at in range(0, n, _CHUNK):
            distance[at : at + _CHUNK] = guard.scores(bundle.shaping.unscaled(vectors[at : at + _CHUNK]))
        unlike = distance > guard.threshold
        some = np.random.default_rng(0).permutation(n)[:_CHUNK]
        unscaled = bundle.shaping.unscaled(vectors[some])
        batch = check_batch(guard, unscaled, said, names, shaping=bundle.shaping, scores=distance)
    rule = bundle.abstention
    if rule is None:
        verdict = np.full(n, Verdict.DECIDED, np.int8)
        decision = [names[c] for c in said.tolist()]
    else:
        verdict = rule.verdicts(probabilities)
        decision = [
            names[int(said[k])] if verdict[k] == Verdict.DECIDED else rule.words(probabilities[k], names)
            for k in range(n)
        ]
    verdict[unlike] = Verdict.ASK
    decision = [ASK_WORDS if far else words for far, words in zip(unlike.tolist(), decision, strict=True)]
    sentences = list(batch.sentences) if batch is not None else []
    if bundle.looks is not None:
        sentences += differences(bundle.looks, read_looks(paths, pictures))
    if guard is None:
        sentences.append(
            tr(
                "This classifier carries no guard: nothing tells whether these images are like those it "
                "learned from. Export it again with this MedLabeler."
            )
        )
    counts = None
    if bundle.errors is not None and n:
        counts = tuple(
            of_groups(bundle.errors, np.bincount(said, minlength=len(names))[None].astype(float))[0]
        )
    return Judgement(distance, unlike, verdict, decision, batch, counts, tuple(sentences))


def judgement_columns(judged: Judgement) -> dict[str, Any]:
    """Columns of the table of predictions: `decision`, `distance`, `unlike` (0, 1)."""
    return {"decision": judged.decision, "distance": judged.distance, "unlike": judged.unlike}


def judgement_summary(bundle: Bundle, judged: Judgement) -> dict[str, Any]:
    """For JSON: `cautions` to stand at the top, the guard's figures, what is decided, the corrected
    counts.
    """
    guard, rule = bundle.guard, bundle.abstention
    verdicts = np.bincount(judged.verdict, minlength=len(Verdict)).tolist()
    return {
        "cautions": list(judged.sentences),
        "n_unlike": int(judged.unlike.sum()),
        "guard": None
        if guard is None
        else {
            "threshold": guard.threshold,
            "false_alarms": guard.false_alarms,
            "confidence": guard.confidence,
            "n_held_out": guard.n_held_out,
            **({} if judged.batch is None else asdict(judged.batch)),
        },
        "verdicts": {verdict.name.lower(): verdicts[verdict] for verdict in Verdict},
        "wished_error": None if rule is None else rule.error,
        "calibrated_on": None if rule is None else rule.calibrated_on,
        "counts": None
        if judged.counts is None
        else [
            {"class": str(c["name"]), **asdict(share)}
            for c, share in zip(bundle.classes, judged.counts, strict=True)
        ],
    }


def read_looks(paths: Sequence[Path], pictures: Sequence[InMemory] = (), most: int = LOOKED_AT) -> list[Look]:
    """What a random hundred of the files and pictures are like; files that cannot be read are left out."""
    from medlabeler.imaging.apart import inspect_all

    chosen = np.random.default_rng(0).permutation(len(paths) + len(pictures))[:most]
    found = []
    for row in np.sort(chosen).tolist():
        if row >= len(paths):
            found.append(look_of(pictures[row - len(paths)]))
            continue
        try:
            [(facts, thumbnail), *_] = inspect_all(paths[row], 64)
        except UserError:
            continue
        found.append(Look(facts.mode, min(facts.width, facts.height), mean_colour(thumbnail)))
    return found


def mean_colour(jpeg: bytes) -> tuple[float, float, float]:
    """Mean R, G, B (0 to 255) of an encoded picture."""
    from PIL import Image

    with Image.open(io.BytesIO(jpeg)) as image:
        red, green, blue = np.asarray(image.convert("RGB"), np.float64).mean(axis=(0, 1)).tolist()
    return red, green, blue
