"""An image is its content: whatever is done to the files, a label and a vector stay with their picture."""

from __future__ import annotations

import hashlib
import io
import shutil
import tempfile
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource
from medlabeler.jobs import adopt_vectors, import_images, new, relink
from medlabeler.project.project import Project
from medlabeler.project.vectors import EmbeddingInfo

NAMES = ("a.png", "b.png", "c.png", "d/e.png", "d/f.png")
DIM = 2
pick = st.integers(0, 10_000)


def picture(number: int) -> bytes:
    """A small PNG that no other number has; all have one size in bytes, so nothing but content tells."""
    pixels = np.frombuffer(hashlib.sha256(b"%d" % number).digest()[:27], np.uint8).reshape(3, 3, 3)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=0)
    return file.getvalue()


def vector_of(name: bytes) -> np.ndarray:
    """What a backbone would make of the picture with this digest."""
    return np.frombuffer(bytes.fromhex(name.decode()[:16]), np.uint8)[:DIM].astype(np.float32)


class Files(RuleBasedStateMachine):
    """Files are handled in any way between imports; labels and vectors are given in between."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.images = self.folder / "images"
        self.made = 0
        self.labels: dict[int, tuple[bytes, int]] = {}
        self.looked = False
        """Whether the files are as they were when they were last looked at."""
        self.adopted = ""
        """The embedding that was adopted last."""
        self.project: Project | None = None

    @initialize()
    def begin(self) -> None:
        for name in NAMES[:3]:
            self.write(name)
        params = new.Params(self.folder / "project", images=self.images)
        new.run(None, params, SilentProgress())
        self.open()
        assert self.project is not None
        for name in ("EOS", "BAS"):
            self.project.journal.add_class(name)
        info = EmbeddingInfo("any", "Any", "0" * 64, DIM, {"size": 8}, "avg", "f", True, "MIT")
        self.key = self.project.vectors.create(info)

    def teardown(self) -> None:
        if self.project is not None:
            self.project.close()
        shutil.rmtree(self.folder)

    def open(self) -> None:
        self.project = Project.open(self.folder / "project")

    def write(self, name: str) -> None:
        path = self.images / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture(self.made))
        self.made += 1

    def files(self) -> list[Path]:
        return sorted(path for path in self.images.rglob("*.png"))

    @rule(at=st.sampled_from(NAMES))
    def put(self, at: str) -> None:
        """A new file, or another picture in the place of one."""
        self.looked = False
        self.write(at)

    @precondition(lambda self: self.files())
    @rule(at=pick, to=st.sampled_from(NAMES))
    def rename(self, at: int, to: str) -> None:
        self.looked = False
        files = self.files()
        target = self.images / to
        target.parent.mkdir(exist_ok=True)
        files[at % len(files)].replace(target)

    @precondition(lambda self: self.files())
    @rule(at=pick, to=st.sampled_from(NAMES))
    def copy(self, at: int, to: str) -> None:
        self.looked = False
        files = self.files()
        source, target = files[at % len(files)], self.images / to
        target.parent.mkdir(exist_ok=True)
        if source != target:
            shutil.copy2(source, target)

    @precondition(lambda self: len(self.files()) > 1)
    @rule(one=pick, two=pick)
    def swap(self, one: int, two: int) -> None:
        self.looked = False
        files = self.files()
        a, b = files[one % len(files)], files[two % len(files)]
        if a != b:
            aside = self.folder / "aside"
            a.replace(aside)
            b.replace(a)
            aside.replace(b)

    @precondition(lambda self: self.files())
    @rule(at=pick)
    def delete(self, at: int) -> None:
        self.looked = False
        files = self.files()
        files[at % len(files)].unlink()

    @rule()
    def look_again(self) -> None:
        if self.files():
            import_images.run(self.project, import_images.Params(), SilentProgress())
            self.looked = True

    @rule()
    def move_the_folder(self) -> None:
        """And back at once where the project does not follow, because too many pictures are others now."""
        self.looked = False
        old, to = self.images, self.folder / ("images" if self.images.name == "moved" else "moved")
        if to.exists():
            return
        old.rename(to)
        try:
            relink.run(self.project, relink.Params(old, to), SilentProgress())
        except Exception:
            to.rename(old)
        else:
            self.images = to

    @rule(at=pick, class_id=st.sampled_from([1, 2]))
    def label(self, at: int, class_id: int) -> None:
        project = self.project
        row = at % project.catalog.n
        project.journal.decide([row], LabelKind.LABEL, class_id, name="label", source=LabelSource.CLICK)
        self.labels[row] = project.catalog.digest[row], class_id

    @rule()
    def embed(self) -> None:
        """Vectors of all images as they are in the project."""
        catalog, vectors = self.project.catalog, self.project.vectors
        rows = np.arange(catalog.n)
        staging = self.folder / "project" / "staging" / "any"
        made = np.stack([vector_of(name) for name in catalog.digest])
        vectors.write_shard(staging, f"{self.made}", rows, catalog.digest, made)
        self.made += 1
        vectors.adopt(self.key, staging)

    @rule(order=st.randoms(use_true_random=False))
    def adopt(self, order: Any) -> None:
        """Vectors that were computed elsewhere, in any order; first with a list that names the wrong rows."""
        catalog = self.project.catalog
        rows = list(range(catalog.n))
        order.shuffle(rows)
        array, table = self.folder / "v.npy", self.folder / "list.csv"
        np.save(array, np.stack([vector_of(catalog.digest[row]) for row in rows]))
        for listed in (rows[::-1], rows):
            lines = ["image", *(str(catalog.path(row)) for row in listed)]
            table.write_text("\n".join(lines) + "\n")
            adopt_vectors.run(self.project, adopt_vectors.Params(array, table), SilentProgress())
        self.adopted = str(self.project.settings.get("embedding", ""))

    @rule()
    def reopen(self) -> None:
        self.project.close()
        self.open()

    @invariant()
    def labels_stay_with_their_pictures(self) -> None:
        if self.project is None:
            return
        catalog, labels = self.project.catalog, self.project.labels
        assert set(np.flatnonzero(labels.class_id != NO_CLASS).tolist()) == set(self.labels)
        for row, (picture, class_id) in self.labels.items():
            assert catalog.digest[row] == picture, "the label went to another picture"
            assert labels.class_id[row] == class_id

    @invariant()
    def a_file_is_the_picture_that_the_project_knows_or_has_changed_since(self) -> None:
        if self.project is None or not self.looked:
            return
        catalog = self.project.catalog
        for path in self.files():
            rows = [row for row in range(catalog.n) if catalog.path(row) == path]
            assert len(rows) == 1
            assert catalog.digest[rows[0]].decode() == hashlib.sha256(path.read_bytes()).hexdigest()

    @invariant()
    def each_name_is_that_of_one_image(self) -> None:
        if self.project is not None:
            names = [str(self.project.catalog.path(row)) for row in range(self.project.catalog.n)]
            assert len(set(names)) == len(names)

    @invariant()
    def vectors_are_those_of_their_pictures(self) -> None:
        if self.project is None:
            return
        catalog = self.project.catalog
        for key in filter(None, (self.key, self.adopted)):
            found, present = self.project.vectors.load(key, catalog.n, catalog.digest)
            for row in np.flatnonzero(present).tolist():
                assert np.array_equal(found[row], vector_of(catalog.digest[row]))


TestFiles = pytest.mark.slow(Files.TestCase)
TestFiles.settings = settings(
    max_examples=20, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
)
