"""Jobs on a real project: import, label, evaluate, export, in the three steps the window takes."""

from __future__ import annotations

import csv
import hashlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from medlabeler.cli import tables
from medlabeler.domain.changes import Changes
from medlabeler.domain.checked_json import from_json, plain
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.domain.types import NO_CLASS, LabelKind, LabelSource, Split
from medlabeler.jobs import adopt_vectors, evaluate, export, import_images, info, label, new
from medlabeler.processes.job_registry import TITLES, job_module
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest, Spec, listing, stored

N, DIM = 120, 8
CLASSES = ("BAS", "EOS", "LYM")


class Recorder(SilentProgress):
    """Keeps the partials, and stops the job after as many of them as it is told."""

    def __init__(self, stop_after: int | None = None) -> None:
        self.partials: list[Any] = []
        self._stop_after = stop_after

    def partial(self, facts: object) -> None:
        self.partials.append(across(type(facts), facts))

    def check(self) -> None:
        if self._stop_after is not None and len(self.partials) >= self._stop_after:
            raise Cancelled


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 pictures of noise; manifest.csv with label, patient and split (the last 30 are test)."""
    folder = tmp_path_factory.mktemp("pictures")
    rng = np.random.default_rng(0)
    lines = []
    for number in range(N):
        name = f"{number:03d}.png"
        Image.fromarray(rng.integers(0, 256, (6, 6, 3), np.uint8)).save(folder / name)
        split = "test" if number >= 90 else "train"
        lines.append(f"{name},{CLASSES[number % 3]},p{number // 5},{split}")
    (folder / "manifest.csv").write_text("\n".join(["image,label,patient,split", *lines]))
    return folder


@pytest.fixture
def project(pictures: Path, tmp_path: Path) -> Iterator[Project]:
    """Imported from the manifest, grouped by patient."""
    params = new.Params(
        tmp_path / "project", manifests=(Manifest(pictures / "manifest.csv"),), group="patient"
    )
    new.run(None, params, SilentProgress())
    with Project.open(tmp_path / "project", annotator="Ada") as opened:
        yield opened


@pytest.fixture
def embedded(project: Project, pictures: Path, tmp_path: Path) -> Project:
    """With an embedding in which the classes are clouds that overlap."""
    rng = np.random.default_rng(1)
    centres = 1.2 * rng.normal(size=(3, DIM))
    np.save(tmp_path / "v.npy", (centres[np.arange(N) % 3] + rng.normal(size=(N, DIM))).astype(np.float32))
    params = adopt_vectors.Params(tmp_path / "v.npy", pictures / "manifest.csv")
    adopt_vectors.run(project, params, SilentProgress())
    return project


def across(kind: Any, value: object) -> Any:
    """As it comes out of the other process."""
    return from_json(kind, json.loads(json.dumps(vars(value), default=plain)))


def three_steps(name: str, project: Project, params: Any) -> Any:
    """As the window does it: everything that crosses a process is JSON, and every part is adopted twice."""
    module = job_module(name)
    task = across(module.Task, module.plan(project, params))
    recorder = Recorder()
    facts = across(module.Facts, module.work(task, recorder))
    for part in recorder.partials:
        module.adopt(project, task, part)
        module.adopt(project, task, part)
    return module.adopt(project, task, facts)


def test_every_job_of_three_steps_has_them() -> None:
    for name in TITLES:
        module = job_module(name)
        assert all(callable(getattr(module, step)) for step in ("plan", "work", "adopt", "run"))
    with pytest.raises(KeyError):
        job_module("os")


def test_the_import_takes_over_what_the_manifest_says(project: Project) -> None:
    catalog = project.catalog
    assert catalog.n == N
    assert int((catalog.split == Split.TEST).sum()) == 30
    assert catalog.n_groups() == 24
    assert [c.name for c in project.classes.all()] == list(CLASSES)
    assert (catalog.reference != NO_CLASS).all()
    # What came with the data is the reference, not a person's label.
    assert project.labels.n_labelled == 0
    assert catalog.metadata_columns() == ["patient"]
    assert project.thumbnails.get(catalog.digest[7]) is not None


def test_an_interrupted_import_goes_on_where_it_stopped(
    pictures: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_images, "BATCH", 16)
    with new.create(new.Params(tmp_path / "p", images=pictures, reserve=20)) as project:
        assert import_images.unfinished(project) is not None
        with pytest.raises(Cancelled):
            import_images.run(project, import_images.Params(), Recorder(stop_after=3))
        assert project.catalog.n == 48
        assert info.run(project, None, SilentProgress()).summary["import_finished"] is False
    with Project.open(tmp_path / "p") as project:
        params = import_images.unfinished(project)
        assert params is not None
        # Nothing is reserved before all images are known, or the draw would not be random.
        assert not (project.catalog.split == Split.TEST).any()
        done = import_images.run(project, params, SilentProgress()).summary
        assert (done["n_images"], done["n_unchanged"], done["n_added_or_changed"]) == (N, 48, N - 48)
        assert done["n_reserved"] == 20
        assert import_images.unfinished(project) is None
        # Importing once more neither reads nor reserves again.
        again = import_images.run(project, import_images.Params(), SilentProgress()).summary
        assert (again["n_added_or_changed"], again["n_reserved"], again["n_test"]) == (0, 0, 20)


def test_looking_again_looks_at_every_source(pictures: Path, tmp_path: Path) -> None:
    more, far = tmp_path / "more", tmp_path / "far"
    for folder in (more, far):
        folder.mkdir()
        Image.new("RGB", (8, 8), (folder.name == "far" and "red") or "blue").save(folder / "a_1.png")
    with new.create(new.Params(tmp_path / "p", images=pictures, reserve=20)) as project:
        import_images.run(project, import_images.Params(), SilentProgress())
        for folder in (more, far, more):  # the same one told twice is one
            spec = Spec(images=folder, group="name:^([^_]+)_")
            three_steps("import_images", project, import_images.Params(spec))
        assert project.catalog.n == N + 2
        assert [s.spec.images for s in stored(project.settings)] == [pictures, more, far]
        for folder in (pictures, more, far):
            Image.new("RGB", (9, 9), "green").save(folder / "b_2.png")
    try:
        with Project.open(tmp_path / "p") as project:
            again = three_steps("import_images", project, import_images.Params()).summary
            assert (again["n_added_or_changed"], again["n_images"]) == (3, N + 5)
            assert project.catalog.group_names == ["a", "b"]
            assert again["n_test"] == 20  # the first source's wish to reserve is not repeated
            # A disk that is not there does not keep the others out.
            far.rename(tmp_path / "gone")
            Image.new("RGB", (9, 9), "white").save(more / "c_3.png")
            result = three_steps("import_images", project, import_images.Params())
            assert result.summary["n_added_or_changed"] == 1
            assert str(far) in result.summary["problems"][0]
            assert str(far) in result.sentence
            assert import_images.unfinished(project) is None
    finally:
        (pictures / "b_2.png").unlink()


def test_a_project_of_before_keeps_its_one_source(pictures: Path, tmp_path: Path) -> None:
    with Project.create(tmp_path / "p") as project:
        project.settings.set("import_spec", {**Spec(images=pictures).to_json(), "finished": False})
        assert import_images.unfinished(project) is not None
        import_images.run(project, import_images.Params(), SilentProgress())
        assert project.catalog.n == N
        assert import_images.unfinished(project) is None


def test_parts_of_an_import_may_be_adopted_twice(pictures: Path, tmp_path: Path) -> None:
    with new.create(new.Params(tmp_path / "p", images=pictures)) as project:
        result = three_steps("import_images", project, import_images.Params())
        assert project.catalog.n == N
        assert Changes.IMAGES in result.changes


def test_several_manifests_an_image_counts_once_and_with_its_first_row(
    pictures: Path, tmp_path: Path
) -> None:
    (tmp_path / "a.csv").write_text("image,label\n000.png,A\n001.png,B\n")
    (tmp_path / "b.csv").write_text("image,label\n001.png,C\n002.png,C\n")
    manifests = (Manifest(tmp_path / "a.csv", "train"), Manifest(tmp_path / "b.csv", "test"))
    items, skipped, notes = listing(Spec(images=pictures, manifests=manifests))
    assert [(item.path, item.reference, item.given_split) for item in items] == [
        ("000.png", "A", "train"),
        ("001.png", "B", "train"),
        ("002.png", "C", "test"),
    ]
    assert [Path(path).name for path, _ in skipped] == ["001.png"]
    assert "b.csv" in skipped[0][1]
    assert notes == []


def test_a_spec_survives_being_stored(pictures: Path) -> None:
    spec = Spec(pictures, (Manifest(pictures / "manifest.csv", "test"),), True, "folder:1", 7, 9)
    assert Spec.from_json(json.loads(json.dumps(spec.to_json()))) == spec


def test_adopting_the_reference_never_touches_the_test_set_or_a_decision(project: Project) -> None:
    other = project.classes.all()[1].id
    project.journal.decide([0], LabelKind.LABEL, other, name="label 1 image", source=LabelSource.CLICK)
    project.journal.decide([3], LabelKind.NOT_SURE, None, name="not sure", source=LabelSource.CLICK)
    done = label.run(project, label.Params(), SilentProgress()).summary
    assert done["n_labelled"] == 88
    assert done["n_kept"] == 2
    assert done["n_other_split"] == 30
    assert project.labels.class_id[0] == other
    assert project.labels.kind[3] == LabelKind.NOT_SURE
    assert not (project.labels.kind[project.catalog.split == Split.TEST] != LabelKind.CLEAR).any()
    assert {event.source for event in project.labels.events(5)} == {LabelSource.ADOPT}
    # One step, and one undo takes it back.
    project.journal.undo()
    assert project.labels.n_labelled == 1
    on_test = label.run(project, label.Params(split="test"), SilentProgress()).summary
    assert on_test["n_labelled"] == 30


def test_a_larger_draw_contains_the_smaller_one_and_knows_its_chances(project: Project) -> None:
    label.run(project, label.Params(per_class=4, seed=5), SilentProgress())
    few = set(np.flatnonzero(project.labels.kind == LabelKind.LABEL))
    counts = project.labels.counts(split=Split.POOL)
    assert set(counts.values()) == {4}
    event = project.labels.events(min(few))[0]
    assert event.inclusion_probability == pytest.approx(4 / 30)
    more = label.run(project, label.Params(per_class=9, seed=5), SilentProgress()).summary
    assert more["n_already"] == 12
    many = set(np.flatnonzero(project.labels.kind == LabelKind.LABEL))
    assert few < many
    assert len(many) == 27
    other = label.run(project, label.Params(per_class=4, seed=6), SilentProgress()).summary
    assert other["n_labelled"] > 0


def test_labels_from_a_csv(project: Project, pictures: Path) -> None:
    path = pictures / "labels.csv"
    path.write_text(
        "image,label\n000.png,EOS\n001.png,NEW\n002.png,\nelse.png,BAS\n100.png,BAS\n000.png,LYM\n"
    )
    done = label.run(project, label.Params(csv=path), SilentProgress()).summary
    assert done["n_labelled"] == 2
    assert done["unknown"] == ["else.png"]
    assert done["n_other_split"] == 1
    names = {c.id: c.name for c in project.classes.all()}
    assert names[int(project.labels.class_id[0])] == "EOS"
    assert done["listed_again"] == ["000.png"]
    assert names[int(project.labels.class_id[1])] == "NEW"
    project.journal.undo()
    assert "NEW" not in [c.name for c in project.classes.all()]
    assert project.labels.n_labelled == 0
    project.journal.redo()
    assert project.labels.kind[2] == LabelKind.CLEAR


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("image,x\n000.png,a\n", "label"),
        ("x,label\nfirst,a\n", "image"),
        ("image,label\nnone.png,a\n", "none.png"),
    ],
)
def test_a_csv_of_labels_that_cannot_be_used_changes_nothing(
    project: Project, tmp_path: Path, text: str, word: str
) -> None:
    (tmp_path / "l.csv").write_text(text)
    with pytest.raises(UserError, match=word):
        label.run(project, label.Params(csv=tmp_path / "l.csv"), SilentProgress())
    assert project.labels.n_labelled == 0
    assert len(project.classes.all()) == 3


def test_evaluating_on_labels_is_grouped_and_stored(embedded: Project) -> None:
    label.run(embedded, label.Params(per_class=12), SilentProgress())
    result = three_steps("evaluate", embedded, evaluate.Params("logistic"))
    found = result.summary
    assert found["against"] == "cross-validation"
    assert found["n_images"] == found["n_labels"] == 36
    assert 0.5 < found["balanced_accuracy"] < 1
    rows, _ = embedded.labels.trained_rows()
    assert found["n_groups"] == len(np.unique(embedded.catalog.group[rows]))
    assert "none was both" in found["groups"]
    assert Changes.HISTORY in result.changes
    stored = embedded.history.all()[-1]
    assert stored.balanced_accuracy == found["balanced_accuracy"]
    assert stored.measured_on == "cross-validation"
    assert stored.labels_per_class == 12
    assert [one.name for one in stored.per_class] == list(CLASSES)
    # 12 of each class cannot carry an interval; those of the classes are exact.
    assert found["interval"] is None
    assert "No interval" in found["interval_sentence"]
    assert found["scored"] == stored.facts["scored"] == "all labels"
    assert stored.facts["macro_f1"] == found["macro_f1"]
    for entry in found["per_class"]:
        assert 0 <= entry["low"] <= entry["recall"] <= entry["high"] <= 1
        assert 0 <= entry["f1"] <= 1
    assert stored.revision == embedded.labels.revision


def test_enough_random_draws_alone_score(embedded: Project) -> None:
    pool = np.flatnonzero(embedded.catalog.split == Split.POOL)
    reference = embedded.catalog.reference
    drawn = np.concatenate([pool[reference[pool] == c][:20] for c in np.unique(reference[pool])])
    rest = np.setdiff1d(pool, drawn)
    embedded.journal.decide(
        drawn, LabelKind.LABEL, reference[drawn], name="queue", source=LabelSource.QUEUE, strategy="random",
        inclusion_probability=0.1,
    )  # fmt: skip
    embedded.journal.decide(rest, LabelKind.LABEL, reference[rest], name="by hand", source=LabelSource.BULK)
    found = evaluate.run(embedded, evaluate.Params("knn"), SilentProgress()).summary
    assert found["scored"] == "random draws"
    assert found["n_images"] == 60 < found["n_labels"]
    assert found["labels_from"] == ""


def test_adopted_labels_are_not_called_blind(embedded: Project, tmp_path: Path) -> None:
    """Twenty of each class, drawn at random, but from the reference: nobody labelled them blind, and that
    was said of them on the command line, in the window and in the bundle.
    """
    label.run(embedded, label.Params(per_class=20), SilentProgress())
    assert not embedded.labels.drawn_blind().any()
    found = evaluate.run(embedded, evaluate.Params("knn"), SilentProgress())
    assert found.summary["scored"] == "all labels"
    assert "labelled blind" not in found.sentence
    assert "annotator's" not in found.sentence
    assert "They were adopted from the reference or read from a file, not given here." in found.sentence
    export.run(embedded, export.Params(bundle=tmp_path / "b.medbundle"), SilentProgress())
    with zipfile.ZipFile(tmp_path / "b.medbundle") as bundle:
        told = b"".join(bundle.read(name) for name in bundle.namelist() if name.endswith(".json")).decode()
    assert "not given here" in told
    assert "labelled blind" not in told
    # A person who labels an image again, unseen by the classifier, makes it blind.
    row = int(np.flatnonzero(embedded.labels.kind == LabelKind.LABEL)[0])
    embedded.journal.decide(
        [row], LabelKind.LABEL, int(embedded.labels.class_id[row]), name="queue", source=LabelSource.QUEUE,
        strategy="random", inclusion_probability=0.1,
    )  # fmt: skip
    assert np.flatnonzero(embedded.labels.drawn_blind()).tolist() == [row]


def test_evaluating_on_the_test_set_says_whose_labels_and_counts_looks(embedded: Project) -> None:
    label.run(embedded, label.Params(per_class=12), SilentProgress())
    reference = evaluate.run(embedded, evaluate.Params("knn", "reference"), SilentProgress()).summary
    assert reference["n_images"] == 30
    assert "came with the data" in reference["measured_on"]
    assert embedded.history.looks() == 0
    with pytest.raises(UserError, match="test set"):
        evaluate.plan(embedded, evaluate.Params(against="test-labels"))
    label.run(embedded, label.Params(split="test", per_class=5), SilentProgress())
    own = evaluate.run(embedded, evaluate.Params("knn", "test-labels"), SilentProgress()).summary
    assert own["n_images"] == 15
    assert own["measured_on"] == "the labels of 15 images of the test set"
    assert "adopted from the reference" in own["labels_from"]
    assert embedded.history.looks() == 1
    # Labels of the test set measure, they never teach.
    assert own["n_labels"] == reference["n_labels"] == 36


def test_on_the_test_set_ranking_and_calibration_are_told(embedded: Project) -> None:
    label.run(embedded, label.Params(per_class=12), SilentProgress())
    found = evaluate.run(embedded, evaluate.Params(against="reference"), SilentProgress()).summary
    aurocs = [entry["auroc"] for entry in found["per_class"]]
    assert all(0.5 < value <= 1 for value in aurocs)
    facts = embedded.history.all()[-1].facts
    assert sum(b["images"] for b in facts["reliability"]) == found["n_images"]
    assert facts["calibration_error"] == found["calibration_error"]


def test_values_for_the_pool_are_told_alike_on_the_command_line_and_in_the_bundle(
    embedded: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They were computed from the predictions of the pool, without interval, after whatever labels."""
    label.run(embedded, label.Params(per_class=12), SilentProgress())

    def bundled() -> dict[str, Any]:
        export.run(embedded, export.Params(bundle=tmp_path / "b.medbundle"), SilentProgress())
        with zipfile.ZipFile(tmp_path / "b.medbundle") as bundle:
            texts = [bundle.read(name) for name in bundle.namelist() if name.endswith(".json")]
        kept = next(json.loads(text)["measured"] for text in texts if b"measured" in text)
        return dict(kept[0])

    for told in (evaluate.run(embedded, evaluate.Params(), SilentProgress()).summary, bundled()):
        assert all(entry[name] is None for entry in told["per_class"] for name in ("share", "ppv", "npv"))
        assert "PPV and NPV are not known: more than" in (told.get("pool") or told["pool_sentence"])
    # Now by hand, in the queue, at random.
    pool = np.flatnonzero(embedded.catalog.split == Split.POOL)
    drawn = np.random.default_rng(0).permutation(pool)[:40]
    embedded.journal.decide(
        drawn, LabelKind.LABEL, embedded.catalog.reference[drawn], name="queue", source=LabelSource.QUEUE,
        strategy="random", inclusion_probability=0.1,
    )  # fmt: skip
    result = evaluate.run(embedded, evaluate.Params(), SilentProgress())
    assert "measured on 40 images drawn at random" in result.sentence
    tables.show("evaluate", result)
    assert "in the pool" in capsys.readouterr().out
    for told in (result.summary, bundled()):
        share = told["per_class"][0]["share"]
        assert share["low"] < share["value"] < share["high"]


def test_a_project_without_groups_says_so_where_accuracy_is_shown(pictures: Path, tmp_path: Path) -> None:
    manifest = pictures / "manifest.csv"
    new.run(None, new.Params(tmp_path / "p", manifests=(Manifest(manifest),)), SilentProgress())
    np.save(tmp_path / "v.npy", np.random.default_rng(0).normal(size=(N, DIM)))
    with Project.open(tmp_path / "p") as project:
        adopt_vectors.run(project, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
        label.run(project, label.Params(), SilentProgress())
        found = evaluate.run(project, evaluate.Params(), SilentProgress()).summary
    assert found["n_groups"] is None
    assert "No groups are known" in found["text"]


def test_export_in_three_steps_writes_what_was_asked(embedded: Project, tmp_path: Path) -> None:
    label.run(embedded, label.Params(per_class=10), SilentProgress())
    params = export.Params(tmp_path / "b", tmp_path / "l.csv", tmp_path / "p.csv", "knn")
    found = three_steps("export", embedded, params).summary
    assert found["n_rows_labels"] == 30
    assert found["n_rows_predictions"] == N
    with (tmp_path / "p.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    vectors, _ = embedded.vectors.load(embedded.settings.get("embedding"), N)
    from medlabeler.export.bundle_file import read_bundle

    bundle = read_bundle(tmp_path / "b")
    probabilities = bundle.predict(vectors)
    assert [row["prediction"] for row in rows] == [
        bundle.classes[c]["name"] for c in probabilities.argmax(axis=1)
    ]
    assert bundle.measured[0]["measured_on"] == "cross-validation"
    assert bundle.measured[0]["balanced_accuracy"] == found["measured"]["balanced_accuracy"]
    assert bundle.measured[0]["interval"] or bundle.measured[0]["interval_sentence"]
    # What it learned from, told without a name and a path.
    assert bundle.provenance is not None
    assert bundle.split is not None
    assert [(one.n_labels, one.sources) for one in bundle.provenance.classes] == [(10, {"adopt": 10})] * 3
    assert bundle.provenance.n_annotators == 1
    assert bundle.split.pool.n_images + bundle.split.test.n_images + bundle.split.held_back.n_images == N
    digests = sorted(embedded.catalog.digest[embedded.catalog.split == 0].astype(str))
    lines = "".join(f"{digest}\n" for digest in digests)
    assert bundle.split.pool.sha256 == hashlib.sha256(lines.encode()).hexdigest()
    assert {"medlabeler", "python", "numpy", "torch", "timm"} <= bundle.versions.keys()
    assert bundle.seeds["cross_validation"] == 0
    assert bundle.licence["backbone"] in bundle.licence["attribution"]
    # The exported labels can be read back.
    embedded.journal.undo()
    assert embedded.labels.n_labelled == 0
    assert (
        label.run(embedded, label.Params(csv=tmp_path / "l.csv"), SilentProgress()).summary["n_labelled"]
        == 30
    )


def test_a_step_before_its_time_is_refused_with_a_sentence(project: Project) -> None:
    for name, params in (
        ("evaluate", evaluate.Params()),
        ("export", export.Params(bundle=project.path.parent / "b")),
    ):
        with pytest.raises(UserError, match="embed"):
            job_module(name).plan(project, params)


def test_embeddings_that_do_not_fit_are_refused(project: Project, pictures: Path, tmp_path: Path) -> None:
    manifest = pictures / "manifest.csv"
    good = np.zeros((N, 4), np.float32)
    for array, word in (
        (good[:-1], "as many"),
        (good[:, 0], "row per image"),
        (good.astype(int), "floating-point"),
        (np.where(np.arange(4) == 1, np.nan, good), "finite"),
    ):
        np.save(tmp_path / "v.npy", array)
        with pytest.raises(UserError, match=word):
            adopt_vectors.run(project, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
    (tmp_path / "v.npy").write_bytes(b"\x80\x04pickle")
    with pytest.raises(UserError, match="npy"):
        adopt_vectors.run(project, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
    assert project.settings.get("embedding", "") == ""


def test_the_same_numbers_in_another_order_are_another_embedding(
    project: Project, pictures: Path, tmp_path: Path
) -> None:
    values = np.random.default_rng(3).normal(size=(4, 5)).astype(np.float32)
    np.save(tmp_path / "v.npy", values)
    names = [f"{i:03d}.png" for i in range(4)]
    for order in (names[::-1], names):
        (pictures / "order.csv").write_text("image\n" + "\n".join(order) + "\n")
        params = adopt_vectors.Params(tmp_path / "v.npy", pictures / "order.csv")
        adopt_vectors.run(project, params, SilentProgress())
        key = project.settings.get("embedding", "")
        found, present = project.vectors.load(key, project.catalog.n)
        rows = [next(r for r in range(project.catalog.n) if project.catalog.path(r).name == n) for n in order]
        assert present[rows].all()
        np.testing.assert_allclose(found[rows], values, atol=2e-3)
    assert len(project.vectors.keys()) == 2


def test_what_is_told_of_a_table_is_no_image_that_is_left_out(pictures: Path, tmp_path: Path) -> None:
    """Two notes on one table: both are told, and no file is counted or listed as left out."""
    (tmp_path / "a.csv").write_bytes("image,label\n000.png,Mäl\n001.png,mäl\n".encode("cp1252"))
    params = new.Params(tmp_path / "p", images=pictures, manifests=(Manifest(tmp_path / "a.csv"),))
    result = new.run(None, params, SilentProgress())
    assert len(result.summary["notes"]) == 2
    assert result.summary["n_skipped"] == 0
    assert result.summary["skipped"] == []
    assert "left out" not in result.sentence
    for told in ("is not written in UTF-8", "almost alike"):
        assert told in result.sentence
