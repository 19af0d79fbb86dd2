"""The classifier of another project gives hints: predictions by image, new classes, and never a label."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import run, run_json
from tiny_bundle import TinyBundle, tiny_bundle

from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, Split
from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.export.classifier import Classifier
from medlabeler.export.provenance import SideOfSplit, SplitHashes, lines_sha256
from medlabeler.jobs import embed, label, new, start_with
from medlabeler.learning.guard import fit_guard
from medlabeler.project import starting
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest


@dataclass(frozen=True)
class Made:
    """A classifier with a guard in `guarded`, and what it is made of."""

    tiny: TinyBundle
    guarded: Path
    weights: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("bundle")
    tiny = tiny_bundle(folder)
    bundle = read_bundle(tiny.bundle)
    vectors = Classifier(bundle, device="cpu").embed(tiny.paths)
    shares = np.bincount(tiny.predicted, minlength=len(tiny.classes)) / len(tiny.paths)
    guard = fit_guard(vectors, bundle.shaping, None, shares)
    assert guard is not None
    guarded = folder / "guarded.mlbundle"
    write_bundle(guarded, replace(bundle, guard=guard), folder / "carried.safetensors")
    return Made(tiny, guarded, folder / "tiny.safetensors")


@pytest.fixture
def project(made: Made, tmp_path: Path) -> Iterator[Project]:
    """The same cells, without labels, some as test images; twenty pictures of noise among them."""
    rng = np.random.default_rng(0)
    noise = tmp_path / "noise"
    noise.mkdir()
    for at in range(20):
        Image.fromarray(rng.integers(0, 256, (64, 64, 3), np.uint8)).save(noise / f"{at:02d}.png")
    listed = tmp_path / "all.csv"
    lines = [f"{path},{'test' if at % 6 == 0 else 'train'}" for at, path in enumerate(made.tiny.paths)]
    listed.write_text("\n".join(["image,split", *lines, *(f"{p},train" for p in sorted(noise.iterdir()))]))
    both = Path(os.path.commonpath([tmp_path, made.tiny.images]))
    params = new.Params(tmp_path / "p", images=both, manifests=(Manifest(listed),))
    new.run(None, params, SilentProgress())
    with Project.open(tmp_path / "p") as opened:
        yield opened


def read(project: Project) -> starting.Starting:
    kept = starting.kept(project)
    assert kept is not None
    live = {definition.id for definition in project.classes.all()}
    return starting.load(project.path, kept, project.catalog.digest, live)


def test_hints_are_those_of_the_classifier_and_not_one_label_is_written(made: Made, project: Project) -> None:
    result = start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    found, names = read(project), {c.id: c.name for c in project.classes.all()}
    assert sorted(names.values()) == made.tiny.classes
    assert (project.labels.kind == LabelKind.CLEAR).all()
    assert not any(project.labels.counts().values())
    assert not project.labels.log.decided(np.arange(project.catalog.n)).any()
    n = len(made.tiny.paths)
    said = found.prediction[:n] != NO_CLASS
    assert said.mean() > 0.5
    expected = [made.tiny.classes[code] for code in made.tiny.predicted[said]]
    assert [names[c] for c in found.prediction[:n][said].tolist()] == expected
    np.testing.assert_allclose(found.probabilities[:n], made.tiny.probabilities, atol=1e-3)
    assert (found.prediction[n:] == NO_CLASS).mean() > 0.8  # noise is unlike all that it learned from
    assert result.summary["n_unlike"] >= 16
    assert result.summary["cautions"]
    assert result.sentence.startswith(result.summary["cautions"][0])


def test_vectors_that_are_the_same_are_not_computed_again(
    made: Made, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    params = embed.Params(f"test_resnet@{made.weights}", device="cpu", precision="float32")
    embed.run(project, params, SilentProgress())
    before = start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    key = project.settings.get("embedding")
    same = project.vectors.info(key).weights_sha256 == read_bundle(made.guarded).backbone["weights_sha256"]
    assert same
    monkeypatch.setattr(Classifier, "load_backbone", lambda *_: pytest.fail("embedded again"))
    again = start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    assert again.summary["predicted"] == before.summary["predicted"]


def test_what_it_learned_from_is_said(made: Made, project: Project, tmp_path: Path) -> None:
    catalog = project.catalog
    pool = catalog.digest[catalog.split == Split.POOL].astype(str).tolist()
    nothing = SideOfSplit(0, "")
    sides = SplitHashes(SideOfSplit(len(pool), lines_sha256(pool)), nothing, nothing, "")
    seen = tmp_path / "seen.mlbundle"
    write_bundle(
        seen, replace(read_bundle(made.guarded), split=sides), made.weights.parent / "carried.safetensors"
    )
    result = start_with.run(project, start_with.Params(seen, device="cpu"), SilentProgress())
    assert start_with.SEEN in result.sentence


def test_damage_is_noticed_and_another_look_mends_it(made: Made, project: Project) -> None:
    start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    file = project.path / starting.FOLDER / starting.FILE
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 4
    file.write_bytes(content)
    with pytest.raises(UserError, match="damaged; let it look at them again"):
        read(project)
    start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    assert (read(project).prediction != NO_CLASS).any()


def test_a_deleted_class_is_hinted_at_no_more_and_none_forgets_all(made: Made, project: Project) -> None:
    start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    gone = int(np.unique(read(project).prediction)[-1])
    project.journal.delete_class(gone)
    assert not (read(project).prediction == gone).any()
    start_with.run(project, start_with.Params(without=True), SilentProgress())
    assert starting.kept(project) is None


@pytest.mark.parametrize("kind", ["missing", "changed", "no bundle"])
def test_a_file_that_gives_no_hints_is_one_sentence(
    made: Made, project: Project, tmp_path: Path, kind: str
) -> None:
    path = tmp_path / "b.mlbundle"
    if kind == "changed":
        content = bytearray(made.guarded.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif kind == "no bundle":
        path.write_text("labels")
    with pytest.raises(UserError):
        start_with.run(project, start_with.Params(path, device="cpu"), SilentProgress())
    assert not project.classes.all()
    assert starting.kept(project) is None


def test_accuracy_is_that_of_the_own_labels_alone(made: Made, project: Project, tmp_path: Path) -> None:
    """Ten labels given after the hints: training labels are those ten, whatever was hinted."""
    start_with.run(project, start_with.Params(made.guarded, device="cpu"), SilentProgress())
    rows = np.flatnonzero(project.catalog.split == Split.POOL)[:10]
    listed = tmp_path / "l.csv"
    names = [f"{project.catalog.path(int(row))},{made.tiny.classes[at % 2]}" for at, row in enumerate(rows)]
    listed.write_text("\n".join(["image,label", *names]))
    label.run(project, label.Params(listed), SilentProgress())
    trained, _ = project.labels.trained_rows()
    assert sorted(trained.tolist()) == rows.tolist()


@pytest.mark.slow
def test_the_command_line_starts_a_project_with_hints(made: Made, tmp_path: Path) -> None:
    told = run_json("new", tmp_path / "p", "--images", made.tiny.images, "--start-with", made.guarded)
    assert sum(told["hints"]["predicted"].values()) + told["hints"]["n_unlike"] == len(made.tiny.paths)
    info = run_json("info", tmp_path / "p")
    assert info["n_labels"] == 0, sorted(info)
    assert "hints any more" in run("start-with", tmp_path / "p", "--none").stdout
    bad = run("new", tmp_path / "q", "--images", made.tiny.images, "--start-with", made.weights, code=2)
    assert json.dumps(bad.stderr).count("Traceback") == 0
    assert not (tmp_path / "q").exists()
