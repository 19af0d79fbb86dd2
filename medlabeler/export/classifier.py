"""A bundle at work, from Python: images in, classes and probabilities out.

    import medlabeler

    classifier = medlabeler.load("cells.mlbundle")
    found = classifier.predict("new images")        # or files, arrays, Pillow images
    found[0], found.probabilities[0], classifier.classes_

`predict`, `predict_proba` and `classes_` are those of scikit-learn. No project and no window is needed; torch
is loaded with the first image.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Progress, SilentProgress
from medlabeler.export.bundle import Bundle
from medlabeler.export.bundle_file import read_bundle
from medlabeler.export.in_memory import pixels_of
from medlabeler.export.judgement import judge_images
from medlabeler.export.new_images import images_of, images_of_all
from medlabeler.export.predictions import Predictions
from medlabeler.imaging.preprocess import Preprocessing

if TYPE_CHECKING:  # torch comes with it
    from medlabeler.learning.backbones.embedding import Shard
    from medlabeler.learning.backbones.loading import Backbone
    from medlabeler.learning.backbones.runtime import Runtime

OneImage = str | Path | NDArray[np.uint8] | Image.Image
Images = OneImage | Sequence[OneImage]
"""A folder with all images below it, a file, an array uint8 (h, w, 3) RGB or (n, h, w, 3), a Pillow image, or
a sequence of files, arrays (h, w, 3) and Pillow images.
"""


def load(path: str | Path, *, device: str = "auto", allow_download: bool = False) -> Classifier:
    """Read a bundle.

    `device`: "auto", "cpu", "cuda" or "mps". `allow_download`: the weights of the backbone may be fetched
    where neither the bundle nor this machine has them. Raises `UserError` for a file that is missing, no
    bundle, damaged, changed since it was written, or of a newer MedLabeler.
    """
    return Classifier(read_bundle(Path(path)), device=device, allow_download=allow_download)


class Classifier:
    """A classifier with its backbone. `classes_`: names of the classes, texts (C,), in the order of the
    probabilities; `bundle`: all that is known of it, how good it is among that.
    """

    def __init__(self, bundle: Bundle, *, device: str = "auto", allow_download: bool = False) -> None:
        self.bundle = bundle
        self.device = device
        self.allow_download = allow_download
        self.classes_: NDArray[np.str_] = np.array([c["name"] for c in bundle.classes], np.str_)
        try:
            self._preprocessing = Preprocessing.from_dict(bundle.preprocessing)
        except ValueError as error:
            raise _no_images() from error
        self._backbone: Backbone | None = None
        self._runtime: Runtime | None = None

    def predict(self, images: Images) -> Predictions:
        """The class of each image, with its probabilities; see `Predictions`.

        Raises `UserError`: an image cannot be read (it says which), the backbone is not on this machine, or
        its weights are not those that the classifier was made with.
        """
        listed = self._listed(images)
        vectors = self._embedded(listed)
        names = [_name(image, number) for number, image in enumerate(listed)]
        files = [Path(image) for image in listed if isinstance(image, (str, Path))]
        pictures = [image for image in listed if not isinstance(image, (str, Path))]
        found = self.bundle.predict(vectors)
        judged = judge_images(self.bundle, vectors, found, files, pictures)
        return Predictions.of(self.classes_, found, names, judged)

    def predict_proba(self, images: Images) -> NDArray[np.float32]:
        """Probabilities float32 (n, C) in the order of `classes_`; raises as `predict` does."""
        return self.bundle.predict(self._embedded(self._listed(images)))

    def embed(self, images: Images) -> NDArray[np.float16]:
        """Embeddings float16 (n, d), as `Bundle.predict` takes them; raises as `predict` does."""
        return self._embedded(self._listed(images))

    def shards(
        self,
        paths: Sequence[Path],
        rows: NDArray[np.integer[Any]],
        *,
        size: int = 512,
        progress: Progress | None = None,
        digests: Sequence[str] | None = None,
    ) -> Iterator[Shard]:
        """Embed the files `paths[rows]` and yield finished parts of about `size` images; one that cannot be
        read, or is another picture than `digests` says, is told in its part, with the reason.
        """

        def read(row: int) -> NDArray[np.uint8]:
            return self._preprocessing.read(paths[row], None if digests is None else digests[row])

        return self._shards(read, rows, size, progress)

    def load_backbone(self, progress: Progress | None = None) -> Backbone:
        """The backbone, from the bundle or from this machine, loaded once.

        `UserError` if it is nowhere, or is not the one that the classifier was made with.
        """
        if self._backbone is None:
            self._backbone = self._loaded(progress or SilentProgress())
        return self._backbone

    def _loaded(self, progress: Progress) -> Backbone:
        from medlabeler.learning.backbones.loading import load_backbone

        wanted = self.bundle.backbone
        # What is inside was held against the hash in the bundle: it is another file than what it was made of.
        with tempfile.TemporaryDirectory(prefix="medlabeler-") as folder:
            inside = self.bundle.extract_backbone(Path(folder))
            name = str(inside) if inside is not None else str(wanted["name"])
            if inside is None and name.startswith("precomputed:"):
                raise _no_images()
            try:
                backbone = load_backbone(name, allow_download=self.allow_download, progress=progress)
            except UserError as error:
                if inside is not None:
                    raise
                raise UserError(
                    tr(
                        "The classifier needs the image model {title}, which does not lie in its file: "
                        "{reason} Or export it again with the weights inside, where it was made.",
                        title=wanted["title"],
                        reason=str(error),
                    )
                ) from error
        if inside is None and backbone.weights_sha256 != wanted["weights_sha256"]:
            raise UserError(
                tr(
                    "The weights of {wanted} on this machine are not those the classifier was "
                    "made with; its predictions would mean nothing.",
                    wanted=shown_name(wanted["title"]),
                )
            )
        takes, gives, size = backbone.preprocessing.size, backbone.info.dim, self._preprocessing.size
        if (size, self.bundle.dim) != (takes, gives):
            raise UserError(
                tr(
                    "The classifier expects images of {size} pixels and {dim} numbers for each; {title} "
                    "takes {takes} pixels and gives {gives}.",
                    size=size,
                    dim=self.bundle.dim,
                    title=shown_name(backbone.info.title),
                    takes=takes,
                    gives=gives,
                )
            )
        return replace(backbone, preprocessing=self._preprocessing)

    def _shards(
        self,
        read: Callable[[int], NDArray[np.uint8]],
        rows: NDArray[np.integer[Any]],
        size: int,
        progress: Progress | None,
    ) -> Iterator[Shard]:
        from medlabeler.learning.backbones.embedding import embed
        from medlabeler.learning.backbones.loading import choose_device
        from medlabeler.learning.backbones.runtime import TORCH, Runtime

        if self._runtime is None or self._runtime.used == TORCH:
            self._runtime = (
                Runtime()
            )  # a faster one is kept; else each run is looked at anew, a large one pays
        return embed(
            self.load_backbone(progress),
            read,
            np.asarray(rows),
            device=choose_device(self.device),
            precision=str(self.bundle.backbone.get("precision", "float32")),
            shard_size=size,
            progress=progress,
            runtime=self._runtime,
        )

    def _listed(self, images: Images) -> list[OneImage]:
        if isinstance(images, (str, Path)):
            path, cut = Path(images), self.bundle.cut
            return [*(images_of(path, cut).paths if path.is_dir() else images_of_all([path], cut).paths)]
        if isinstance(images, Image.Image) or (isinstance(images, np.ndarray) and images.ndim in (2, 3)):
            return [images]
        return list(images)

    def _embedded(self, listed: list[OneImage]) -> NDArray[np.float16]:
        vectors = np.empty((len(listed), self.bundle.dim), np.float16)
        if not listed:
            return vectors

        def read(row: int) -> NDArray[np.uint8]:
            image = listed[row]
            if isinstance(image, (str, Path)):
                return self._preprocessing.read(image)
            return self._preprocessing.resized(pixels_of(image))

        for shard in self._shards(read, np.arange(len(listed)), 512, None):
            if shard.failed:
                row, reason = min(shard.failed)
                named = _name(listed[row], row)
                raise UserError(tr("{names} cannot be used: {reason}", names=named, reason=reason))
            vectors[shard.rows] = shard.vectors
        return vectors


def _name(image: OneImage, number: int) -> str:
    return str(image) if isinstance(image, (str, Path)) else f"image {number}"


def _no_images() -> UserError:
    return UserError(
        tr(
            "This classifier works on numbers that were computed elsewhere, not on images; apply "
            "it to such numbers with Bundle.predict."
        )
    )
