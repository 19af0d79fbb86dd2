"""The classifier as ONNX: the same answers, refused otherwise, runnable with three packages alone."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tiny_bundle import TinyBundle, tiny_bundle

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.resources import resource
from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.export.classifier import Classifier
from medlabeler.export.parts import Calibration

onnx = pytest.importorskip("onnx")
onnxruntime = pytest.importorskip("onnxruntime")
onnx_file = pytest.importorskip("medlabeler.export.onnx_file")

MORE: dict[str, dict[str, Any]] = {"logistic": {}, "knn": {"calibration": Calibration(1.7, 10, "folds")}}


@pytest.fixture(scope="module", params=["logistic", pytest.param("knn", marks=pytest.mark.slow)])
def made(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[TinyBundle, Path, list[Any]]:
    """A bundle, its graph, and what was told of both graphs."""
    folder = tmp_path_factory.mktemp(request.param)
    tiny = tiny_bundle(folder, request.param, **MORE[request.param])
    path = folder / "cells.onnx"
    return tiny, path, written(tiny, path, folder / "small.onnx")


def written(tiny: TinyBundle, path: Path, int8: Path | None = None) -> list[Any]:
    classifier = Classifier(read_bundle(tiny.bundle), device="cpu")
    backbone = classifier.load_backbone()
    pictures = np.stack([backbone.preprocessing.read(image) for image in tiny.paths])
    found: list[Any] = onnx_file.write_onnx(
        path,
        classifier.bundle,
        backbone,
        pictures,
        int8=int8,
        script=path.with_name("onnx_predict.py"),
        progress=SilentProgress(),
    )
    return found


def test_the_script_says_what_the_classifier_says_with_three_packages_alone(
    made: tuple[TinyBundle, Path, list[Any]], tmp_path: Path
) -> None:
    """Large JPEGs, transparent and turned pictures among the images: the script prepares them as we do."""
    tiny, path, _ = made
    odd = tmp_path / "odd"
    odd.mkdir()
    with Image.open(tiny.paths[0]) as picture:
        plain = picture.convert("RGB")
    turned = Image.Exif()
    turned[0x0112] = 6
    plain.resize((1800, 1300)).save(odd / "a.jpg", exif=turned.tobytes())
    glass = plain.copy()
    glass.putalpha(Image.linear_gradient("L").resize(plain.size))
    glass.save(odd / "b.png")
    plain.convert("L").save(odd / "c.png")
    plain.convert("P").save(odd / "d.gif")
    glass.convert("LA").save(odd / "e.png")
    expected = Classifier(read_bundle(tiny.bundle), device="cpu").predict(odd)
    # Whatever else is imported, of ours above all, is not found.
    guard = tmp_path / "sitecustomize.py"
    guard.write_text(
        "import sys\n"
        "class Guard:\n"
        "    def find_spec(self, name, *_):\n"
        "        if name.split('.')[0] in ('medlabeler', 'torch', 'timm', 'sklearn', 'scipy', 'onnx'):\n"
        "            raise ImportError(name)\n"
        "sys.meta_path.insert(0, Guard())\n"
    )
    out = tmp_path / "out.csv"
    done = subprocess.run(
        [sys.executable, str(path.with_name("onnx_predict.py")), str(path), str(out), str(odd)],
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr
    with out.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [row["image"] for row in rows] == expected.names
    assert [row["prediction"] for row in rows] == expected.tolist()
    found = np.array([[float(row[f"p:{name}"]) for name in tiny.classes] for row in rows])
    np.testing.assert_allclose(found, expected.probabilities, atol=1e-3)


def test_the_script_leaves_out_what_is_no_image_and_writes_no_formula(tmp_path: Path) -> None:
    """A list beside the images, or one that is cut off, ended it with a traceback and half a table."""
    tiny = tiny_bundle(tmp_path)
    bundle = read_bundle(tiny.bundle)
    classes = [{**one, "name": f"={n}+1"} for n, one in enumerate(bundle.classes)]
    named = tmp_path / "named.mlbundle"
    write_bundle(named, replace(bundle, classes=classes), tmp_path / "carried.safetensors")
    path, folder, out = tmp_path / "cells.onnx", tmp_path / "new", tmp_path / "out.csv"
    written(replace(tiny, bundle=named), path)
    (folder / "of.d").mkdir(parents=True)
    content = tiny.paths[0].read_bytes()
    (folder / "-1+1.png").write_bytes(content)
    (folder / "cut.png").write_bytes(content[:200])
    (folder / "list.csv").write_text("image,label")
    Image.fromarray(np.full((40, 40), 30_000, np.uint16)).save(folder / "deep.png")
    (folder / "of.d" / "z.png").write_bytes(content)
    done = subprocess.run(
        [sys.executable, str(tmp_path / "onnx_predict.py"), path.name, out.name, "new", "missing.png"],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    assert [line.split(" is left out: ")[0] for line in done.stderr.splitlines()] == [
        str(Path("new/cut.png")), str(Path("new/deep.png")), "missing.png",
    ]  # fmt: skip
    with out.open(newline="", encoding="utf-8") as file:
        header, *rows = csv.reader(file)
    assert header[3:] == [f"p:={n}+1" for n in range(len(classes))]
    assert [row[0] for row in rows] == [str(Path("new/-1+1.png")), str(Path("new/of.d/z.png"))]
    assert {row[1] for row in rows} == {f"'={tiny.predicted[0]}+1"}


def test_the_graph_takes_any_number_of_images_and_says_what_it_is(
    made: tuple[TinyBundle, Path, list[Any]],
) -> None:
    tiny, path, told = made
    session = onnxruntime.InferenceSession(str(path))
    about = json.loads(session.get_modelmeta().custom_metadata_map["medlabeler"])
    assert about["classes"] == tiny.classes
    size = about["size"]
    for n in (1, 3):
        pixels = np.zeros((n, size, size, 3), np.uint8)
        (answer,) = session.run(["probabilities"], {"pixels": pixels})
        assert answer.shape == (n, len(tiny.classes))
        np.testing.assert_allclose(answer.sum(axis=1), 1, atol=1e-5)
    assert about["verified"]["n_images"] == len(tiny.paths)
    assert about["verified"]["largest_difference"] == told[0].largest_difference <= 1e-3
    assert about["licence"]["attribution"]
    assert told[0].images_per_s > 0
    assert told[0].torch_images_per_s > 0
    assert f"{told[0].largest_difference:.2g}" in told[0].sentence


def quantised_weights(path: Path) -> float:
    """Share of the numbers of the backbone that are int8."""
    sizes: dict[bool, int] = {True: 0, False: 0}
    for one in onnx.load(path).graph.initializer:
        if one.name.startswith("backbone") and len(one.dims) > 1:
            sizes[one.data_type == onnx.TensorProto.INT8] += int(np.prod(one.dims))
    return sizes[True] / sum(sizes.values())


def test_int8_is_written_only_where_it_keeps_the_classes(
    made: tuple[TinyBundle, Path, list[Any]],
) -> None:
    tiny, path, told = made
    float32, int8 = told
    assert quantised_weights(path) == 0
    if int8.file:
        # Behind the backbone nothing is in int8.
        assert 0.9 < quantised_weights(path.with_name("small.onnx")) <= 1
    assert int8.largest_difference != float32.largest_difference
    small = path.with_name("small.onnx")
    assert (int8.n_same_class >= 0.99 * len(tiny.paths)) == small.exists() == bool(int8.file)
    if not small.exists():
        assert "would change their class" in int8.sentence
    assert float32.n_same_class == len(tiny.paths)


def test_a_graph_that_answers_otherwise_is_not_written(
    made: tuple[TinyBundle, Path, list[Any]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The graph of this bundle, for the bundle with its probabilities pulled a little towards each other."""
    tiny, path, _ = made
    classifier = Classifier(read_bundle(tiny.bundle), device="cpu")
    model = onnx.load(path)
    monkeypatch.setattr("medlabeler.export.onnx_graph.build", lambda *_: model)
    backbone = classifier.load_backbone()
    with pytest.raises(UserError, match=r"does not answer .* differs by 0\.\d+ on 8 images"):
        onnx_file.write_onnx(
            tmp_path / "cells.onnx",
            replace(classifier.bundle, calibration=Calibration(1.05, 8, "folds")),
            backbone,
            np.stack([backbone.preprocessing.read(image) for image in tiny.paths[:8]]),
            int8=None,
            script=tmp_path / "onnx_predict.py",
            progress=SilentProgress(),
        )
    assert list(tmp_path.iterdir()) == []


def test_the_script_is_short() -> None:
    assert len(resource("onnx_predict.py").read_text(encoding="utf-8").splitlines()) <= 40


@pytest.mark.slow
def test_several_looks_at_an_image_are_part_of_the_graph(
    made: tuple[TinyBundle, Path, list[Any]], tmp_path: Path
) -> None:
    """The graph is checked against the classifier, which takes the mean over the looks."""
    tiny, _, _ = made
    bundle = read_bundle(tiny.bundle)
    turned = replace(bundle, preprocessing={**bundle.preprocessing, "views": "turned"})
    backbone = Classifier(turned, device="cpu").load_backbone()
    assert backbone.preprocessing.views == "turned"
    pictures = np.stack([backbone.preprocessing.read(image) for image in tiny.paths[:8]])
    (found,) = onnx_file.write_onnx(
        tmp_path / "t.onnx",
        turned,
        backbone,
        pictures,
        int8=None,
        script=tmp_path / "onnx_predict.py",
        progress=SilentProgress(),
    )
    assert found.largest_difference < 1e-3
    once = Classifier(bundle, device="cpu").predict(tiny.paths[:8]).probabilities
    several = Classifier(turned, device="cpu").predict(tiny.paths[:8]).probabilities
    assert not np.allclose(once, several, atol=1e-4)
