"""A classifier cuts whole slides as those that it learned from were cut, and answers patch by patch and slide
by slide.
"""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import tifffile
from tiny_bundle import TinyBundle, tiny_bundle

import medlabeler
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.export.bundle_file import read_bundle
from medlabeler.export.parts import SlideCut
from medlabeler.jobs import adopt_vectors, export, import_images, label, predict
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec

HEIGHT, WIDTH = 768, 1024


def write(path: Path, mpp: float, seed: int) -> None:
    """A slide with tissue in the middle: two by two squares of 128 microns if a pixel has half of one."""
    rng = np.random.default_rng(seed)
    pixels = np.full((HEIGHT, WIDTH, 3), 243, np.uint8)
    tissue = rng.integers(90, 210, (512, 512, 3), np.uint8)
    pixels[256:768, 256:768] = tissue
    enlarged = round(0.5 / mpp) if mpp else 1
    pixels = pixels.repeat(enlarged, axis=0).repeat(enlarged, axis=1)
    tifffile.imwrite(
        path, pixels, tile=(256, 256), photometric="rgb", compression="deflate", metadata=None,
        resolution=(10000 / mpp,) * 2 if mpp else (1, 1), resolutionunit="CENTIMETER" if mpp else "NONE",
    )  # fmt: skip


@pytest.fixture(scope="module")
def slides(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("slides")
    (folder / "ward").mkdir()
    write(folder / "a.svs", 0.5, 0)
    write(folder / "ward" / "b.svs", 0.25, 0)
    write(folder / "c.svs", 0, 1)
    return folder


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyBundle:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"), slides=SlideCut(256, 0, 0.5))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_slides_are_cut_as_those_learned_from(tiny: TinyBundle, slides: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    done = predict.run(None, predict.Params(tiny.bundle, slides, out, device="cpu"), SilentProgress())
    patches, of_slides = rows_of(out), rows_of(tmp_path / "out-slides.csv")
    assert [(row["slide"], row["patches"]) for row in of_slides] == [
        ("a.svs", "4"), ("c.svs", "4"), ("ward/b.svs", "4"),
    ]  # fmt: skip
    assert done.summary["cut_by_level"] == ["c.svs"]
    assert "c.svs did not say how large the pixels are" in done.sentence
    # The same tissue from a finer scanner shows the same field, so it is told the same.
    name = tiny.classes[0]
    own, finer = (
        [float(row[f"p:{name}"]) for row in patches if row["image"].startswith(slide)]
        for slide in ("a.svs#", "ward/b.svs#")
    )
    assert np.abs(np.array(own) - finer).max() < 0.05
    for row in of_slides:
        each = [float(one[f"p:{name}"]) for one in patches if one["image"].startswith(row["slide"] + "#")]
        assert float(row[f"p:{name}"]) == pytest.approx(np.mean(each), abs=1e-5)
    assert sum(float(of_slides[0][f"share:{name}"]) for name in tiny.classes) == pytest.approx(1, abs=1e-5)
    assert [one["slide"] for one in done.summary["slides"]] == [row["slide"] for row in of_slides]


@pytest.mark.slow
def test_slides_of_a_list_and_one_alone(tiny: TinyBundle, slides: Path, tmp_path: Path) -> None:
    (slides / "list.csv").write_text("image,note\na.svs,x\nward/b.svs,y\n")
    for images, n in ((slides / "list.csv", 8), (slides / "a.svs", 4)):
        out = tmp_path / f"{images.name}.csv"
        done = predict.run(None, predict.Params(tiny.bundle, images, out, device="cpu"), SilentProgress())
        assert (done.summary["n_images"], done.summary["n_skipped"]) == (n, 0)
    found = medlabeler.load(tiny.bundle, device="cpu").predict(slides / "a.svs")
    assert len(found) == 4


@pytest.mark.slow
def test_a_classifier_that_learned_from_no_slides_leaves_them_out(slides: Path, tmp_path: Path) -> None:
    plain = tiny_bundle(tmp_path / "plain")
    with pytest.raises(UserError, match="is a whole slide"):
        predict.run(
            None, predict.Params(plain.bundle, slides, tmp_path / "o.csv", device="cpu"), SilentProgress()
        )


@pytest.mark.slow
def test_a_bundle_says_how_its_slides_were_cut(slides: Path, tmp_path: Path) -> None:
    for how, said in (
        ({"patch_level": 0}, (256, 0, 0.5)),
        ({"patch_mpp": 1.0, "patch_level": -1}, (64, -1, 1.0)),
    ):
        side = said[0]
        with Project.create(tmp_path / f"p{side}") as project:
            spec = Spec(images=slides, patch=side, **how)
            import_images.run(project, import_images.Params(spec), SilentProgress())
            names = [project.catalog.name(row) for row in range(project.catalog.n)]
            labels = [f"{name},{'ab'[at % 2]}\n" for at, name in enumerate(names)]
            (tmp_path / "l.csv").write_text(
                "image,label\n" + "".join(f'"{one[:-3]}"{one[-3:]}' for one in labels)
            )
            np.save(
                tmp_path / "v.npy", np.random.default_rng(0).normal(size=(len(names), 6)).astype(np.float32)
            )
            label.run(project, label.Params(csv=tmp_path / "l.csv"), SilentProgress())
            adopt_vectors.run(
                project,
                adopt_vectors.Params(vectors=tmp_path / "v.npy", manifest=tmp_path / "l.csv"),
                SilentProgress(),
            )
            bundle = tmp_path / f"{side}.bundle"
            export.run(project, export.Params(bundle=bundle), SilentProgress())
        cut = read_bundle(bundle).slides
        assert cut is not None
        assert (cut.side, cut.level, cut.mpp) == said
