"""The explainer: a hidden process that holds the backbone and tells where it looked in single images.

It starts when a person first asks and stays warm. `ExplainerLabels` is what a gradient towards a class is
taken of; `Explain` asks about an image. Only the newest request of a kind counts, the others are `Dropped`.
Weights are never fetched from a network.
"""

from __future__ import annotations

import json
import queue
import traceback
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.types import Split
from medlabeler.learning.backbones.registry import find, is_here
from medlabeler.processes.channel import ParentLink
from medlabeler.processes.protocol import (
    Dropped,
    Explain,
    Explained,
    ExplainerLabels,
    ExplainerRequest,
    Failed,
    Ready,
)
from medlabeler.processes.roles import EXPLAINER
from medlabeler.project.staging import load_arrays

SHAPING_SAMPLE = 5_000
"""Pool images that shape the embedding here: a picture needs no more, and large pools take seconds."""


class Explainer:
    """The backbone, and the classifier of the labels as they were last told."""

    def __init__(self, link: ParentLink) -> None:
        self._link = link
        self.queue: queue.SimpleQueue[ExplainerRequest] = queue.SimpleQueue()
        self._name = ""
        self._backbone: Any = None
        self._labels: ExplainerLabels | None = None
        self._fitted: Any = None  # class ids and the fit of these labels, made when first needed
        self._loaded: tuple[Any, ...] = ()
        self._shaped: Any = None

    def loop(self) -> None:
        """Serve until the process ends."""
        while True:
            requests = [self.queue.get()]
            while not self.queue.empty():
                requests.append(self.queue.get())
            asked = [request for request in requests if isinstance(request, Explain)]
            for request in requests:
                if isinstance(request, ExplainerLabels):
                    self._labels, self._fitted = request, None
            for one in asked[:-1]:
                self._link.send(
                    Dropped("Explain", *self._basis, one.tag, tr("Another image was asked about meanwhile."))
                )
            if asked:
                with self._link.work.working():
                    self._answer(asked[-1])

    @property
    def _basis(self) -> tuple[int, str, int]:
        """What answers are computed on: generation, key of the embedding, revision of the labels."""
        labels = self._labels
        return (labels.generation, labels.key, labels.revision) if labels is not None else (0, "", -1)

    def _answer(self, request: Explain) -> None:
        try:
            self._link.send(self._explain(request))
        except UserError as error:
            self._link.send(Failed("Explain", *self._basis, request.tag, str(error), None))
        except Exception as error:
            trace = traceback.format_exc()
            self._link.log.exception("an image could not be explained")
            sentence = tr(
                "Where the image model looked cannot be shown ({name}: {error}).",
                name=type(error).__name__,
                error=error,
            )
            self._link.send(Failed("Explain", *self._basis, request.tag, sentence, trace))

    def _explain(self, request: Explain) -> Explained:
        info = find(request.backbone)
        if not is_here(info):
            raise UserError(
                tr(
                    "The weights of {title} are not on this machine, so it cannot be asked where it looks.",
                    title=shown_name(info.title),
                )
            )
        from medlabeler.imaging.rendering import Rendering
        from medlabeler.learning.backbones.explanation import explain, has_attention

        backbone = self._loaded_backbone(request.backbone, request.weights_sha256)
        chosen = Rendering.from_json(json.loads(request.rendering) if request.rendering else None)
        pixels = replace(backbone.preprocessing, rendering=chosen).read(request.path, request.digest)
        towards, score = request.towards, None
        if not has_attention(backbone) and towards is not None:
            score = self._score(towards)
        found = explain(backbone, pixels, score)
        maps = {
            name: tuple(map(tuple, np.round(heat.astype(np.float64), 4).tolist()))
            for name, heat in found.maps.items()
        }
        return Explained(
            *self._basis, request.tag, found.method, towards if score is not None else None, maps
        )

    def _loaded_backbone(self, name: str, sha256: str) -> Any:
        from medlabeler.learning.backbones.loading import load_backbone

        if name != self._name:
            self._backbone = None
            self._backbone, self._name = load_backbone(name), name
        if self._backbone.weights_sha256 != sha256:
            raise UserError(
                tr(
                    "The weights of {title} here are not those with which it looked at the images.",
                    title=self._backbone.info.title,
                )
            )
        return self._backbone

    def _score(self, class_id: int) -> Any:
        """The logit of the class under logistic regression on the labels; None if it cannot be fitted."""
        from medlabeler.learning.backbones.explanation import towards_class
        from medlabeler.learning.classifiers.logistic_regression import fit_logistic

        if self._labels is None:
            return None
        if self._fitted is None:
            vectors, present, split, shaping = self._shaping(self._labels)
            rows, labels = np.array(self._labels.rows, np.int64), np.array(self._labels.labels)
            usable = present[rows] & (split[rows] == Split.POOL)
            rows, labels = rows[usable], labels[usable]
            classes, codes = np.unique(labels, return_inverse=True)
            if len(classes) < 2:
                return None
            self._fitted = classes, fit_logistic(shaping.prepare(vectors[rows]), codes, len(classes))
        classes, fit = self._fitted
        place = np.flatnonzero(classes == class_id)
        if not len(place):
            return None
        at = int(place[0])
        return towards_class(self._shaped[3], fit.weights[:, at], float(fit.bias[at]))

    def _shaping(self, told: ExplainerLabels) -> Any:
        """Vectors, which are present, splits and the shaping of the pool; read again when they changed."""
        from medlabeler.learning.classifiers.shaping import Shaping
        from medlabeler.project.vectors import VectorStore

        facts = (told.key, told.generation)
        if facts != self._loaded:
            arrays = load_arrays(told.arrays)
            vectors, present = VectorStore(Path(told.vectors)).load(
                told.key, len(arrays["digest"]), arrays["digest"]
            )
            pool = np.flatnonzero(present & (arrays["split"] == Split.POOL))
            if len(pool) > SHAPING_SAMPLE:
                pool = np.sort(np.random.default_rng(0).choice(pool, SHAPING_SAMPLE, replace=False))
            self._shaped = (vectors, present, arrays["split"], Shaping.fit(vectors, pool))
            self._loaded = facts
        return self._shaped


def main() -> int:
    """Run until the parent closes the channel."""
    link = ParentLink(EXPLAINER)
    explainer = Explainer(link)

    def loop() -> None:
        link.send(Ready())
        explainer.loop()

    link.serve(explainer.queue.put, loop)
    return 0
