"""The DL baseline: it learns, keeps its hands off the test set, repeats itself, stops at the best."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PIL import Image

from medlabeler.domain.errors import BugError, UserError
from medlabeler.domain.progress import Cancelled, SilentProgress
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.jobs import adopt_vectors, new
from medlabeler.learning.backbones.loading import Backbone, save_weights
from medlabeler.learning.backbones.registry import find
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.curves.learning_curve import measure_curve
from medlabeler.project.project import Project
from medlabeler.project.sources import Manifest
from medlabeler.study import curve
from medlabeler.study.deep_baseline import NAME, DeepBaseline, Pictures, Recipe, validation_part

SIZE, N_CLASSES = 32, 3
QUICK = Recipe(batch_size=12, steps=25, epochs_least=1, backbone_rate=1e-3, head_rate=1e-2)


@pytest.fixture(scope="module", autouse=True)
def one_thread() -> Iterator[None]:
    """Networks this small gain nothing from more."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture(scope="module")
def backbone() -> Backbone:
    """A small network of timm with random weights, as `load_backbone` would hand it over."""
    prepare_torchvision()
    import timm

    with torch.random.fork_rng():
        torch.manual_seed(0)
        network = timm.create_model("test_resnet", pretrained=False, num_classes=0)
    preprocessing = Preprocessing(SIZE, (0.5, 0.5, 0.5), (0.25, 0.25, 0.25))
    info = replace(find("resnet18"), dim=network.num_features, image_size=SIZE)
    return Backbone(info, network.eval().requires_grad_(False), preprocessing, "0" * 64, "average")


def picture(row: int) -> NDArray[np.uint8]:
    """A disc on a noisy ground, its class row % 3: red, green or blue; turned or mirrored it is the same."""
    rng = np.random.default_rng(row)
    y, x = np.mgrid[:SIZE, :SIZE] - SIZE / 2 + rng.uniform(-3, 3, (2, 1, 1))
    disc = np.hypot(x, y) < rng.uniform(8, 12)
    colour = np.eye(3)[row % N_CLASSES] * 150
    pixels = 70 + disc[..., None] * colour + rng.normal(0, 15, (SIZE, SIZE, 3))
    return pixels.clip(0, 255).astype(np.uint8)


class Reader:
    """Reads drawn pictures and remembers which."""

    def __init__(self) -> None:
        self.seen: list[int] = []

    def __call__(self, row: int) -> NDArray[np.uint8]:
        self.seen.append(row)
        return picture(row)


def learner(backbone: Backbone, recipe: Recipe = QUICK, n: int = 400) -> tuple[DeepBaseline, Reader]:
    reader = Reader()
    return DeepBaseline(backbone, Pictures(reader, np.arange(n), SIZE), recipe=recipe), reader


def test_it_learns_what_can_be_learned(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=40))
    rows, test = np.arange(60), np.arange(100, 190)
    said = deep.fit_predict(rows, rows % N_CLASSES, test, None, N_CLASSES, 0)[NAME]
    assert (said == test % N_CLASSES).mean() > 0.8
    assert deep.unvalidated == []


def test_the_same_seed_gives_the_same_predictions(backbone: Backbone) -> None:
    rows, test = np.arange(24), np.arange(100, 160)
    recipe = replace(QUICK, steps=6)
    found = []
    for seed in (1, 1, 2):
        deep, _ = learner(backbone, recipe)
        fitted = deep.fit(rows, rows % N_CLASSES, None, N_CLASSES, seed)
        found.append(deep._scores(fitted.network, test, fitted.present))
        torch.rand(3)
    np.testing.assert_array_equal(found[0], found[1])
    assert (found[0] != found[2]).any()


def test_training_reads_no_test_image_and_each_file_once(backbone: Backbone) -> None:
    deep, reader = learner(backbone, replace(QUICK, steps=4))
    rows, test = np.arange(30), np.arange(100, 130)
    groups = np.arange(400) // 3
    fitted = deep.fit(rows, rows % N_CLASSES, groups[rows], N_CLASSES, 0)
    assert sorted(reader.seen) == rows.tolist()
    deep.predict(fitted, test)
    deep.predict(fitted, test)
    assert sorted(reader.seen) == [*rows.tolist(), *test.tolist()]


def test_a_group_is_on_one_side_of_the_validation(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=2))
    rows, groups = np.arange(60), np.arange(400) // 5
    fitted = deep.fit(rows, rows % N_CLASSES, groups[rows], N_CLASSES, 0)
    assert len(fitted.validation) >= N_CLASSES
    assert sorted([*fitted.training, *fitted.validation]) == rows.tolist()
    assert not set(groups[fitted.training]) & set(groups[fitted.validation])


def test_a_test_image_or_its_group_among_the_training_is_a_bug(backbone: Backbone) -> None:
    deep, reader = learner(backbone)
    rows = np.arange(30)
    for test, groups in ((np.arange(29, 60), None), (np.arange(30, 60), np.arange(400) // 7)):
        with pytest.raises(BugError, match="training and in the test part"):
            deep.fit_predict(rows, rows % N_CLASSES, test, groups, N_CLASSES, 0)
    assert reader.seen == []


def test_the_weights_of_the_best_epoch_come_back(backbone: Backbone) -> None:
    """A rate far too high ruins the network in the end; what is handed out is as good as the best epoch."""
    wild = Recipe(
        batch_size=12, steps=40, epochs_least=10, patience=3, backbone_rate=0.05, head_rate=0.05, clip=1e9
    )
    deep, _ = learner(backbone, wild)
    rows = np.arange(45)
    fitted = deep.fit(rows, rows % N_CLASSES, None, N_CLASSES, 0)
    best = max(range(len(fitted.scores)), key=lambda e: (fitted.scores[e][0], -fitted.scores[e][1]))
    assert fitted.best_epoch == best
    assert best < len(fitted.scores) - 1
    assert len(fitted.scores) <= best + wild.patience + 1
    again = deep._validate(fitted.network, fitted.validation, fitted.validation % N_CLASSES, fitted.present)
    assert again == pytest.approx(fitted.scores[best], abs=1e-6)


def test_one_label_per_class_runs_without_validation(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=5, epochs_most=5))
    rows = np.arange(N_CLASSES)
    fitted = deep.fit(rows, rows % N_CLASSES, None, N_CLASSES, 0)
    assert len(fitted.validation) == 0
    assert fitted.scores == ()
    assert fitted.best_epoch == 4
    deep.fit_predict(rows, rows % N_CLASSES, np.arange(100, 110), None, N_CLASSES, 0)
    assert deep.unvalidated == [1]


def test_a_class_that_was_not_shown_is_never_predicted(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=3))
    rows = np.flatnonzero(np.arange(30) % N_CLASSES != 1)
    said = deep.fit_predict(rows, rows % N_CLASSES, np.arange(100, 160), None, N_CLASSES, 0)[NAME]
    assert 1 not in said


def test_it_stands_on_the_draws_of_the_other_classifiers(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=3))
    codes = np.arange(120) % N_CLASSES
    embedding = np.eye(N_CLASSES)[codes]
    train, test = np.arange(60), np.arange(60, 120)

    class Nearest:
        names = ("nearest",)

        def fit_predict(self, *given: Any) -> dict[str, Any]:
            return {"nearest": given[2].argmax(axis=1)}

    found = measure_curve(
        embedding, codes, "ABC", train, test, [Nearest()], on_pictures=[deep], sizes=(1, 4), seeds=(0,)
    )
    assert found.classifiers() == ["nearest", NAME]
    assert [p.n_labels for p in found.points if p.classifier == NAME] == [3, 12]
    assert found.values("nearest", 4)[0] == 1


def test_validation_takes_a_fifth_of_every_class_that_can_spare_it() -> None:
    codes = np.repeat([0, 1, 2, 3], [50, 10, 2, 1])
    part = validation_part(codes, None, seed=0)
    assert np.bincount(codes[part], minlength=4).tolist() == [10, 2, 1, 0]
    one_patient = np.repeat([7, 8, -1, -1], [50, 10, 2, 1])
    part = validation_part(codes, one_patient, seed=0)
    assert np.bincount(codes[part], minlength=4).tolist() == [0, 0, 1, 0]


def test_cancelling_ends_it_between_batches(backbone: Backbone) -> None:
    class Impatient(SilentProgress):
        def __init__(self) -> None:
            self.checks = 0

        def check(self) -> None:
            self.checks += 1
            if self.checks == 3:
                raise Cancelled

    deep, _ = learner(backbone)
    deep.progress = Impatient()
    with pytest.raises(Cancelled):
        deep.fit(np.arange(30), np.arange(30) % N_CLASSES, None, N_CLASSES, 0)


def test_an_unreadable_image_is_a_sentence(backbone: Backbone) -> None:
    def read(row: int) -> NDArray[np.uint8]:
        raise UserError(f"image {row} cannot be read.")

    deep = DeepBaseline(backbone, Pictures(read, np.arange(9), SIZE), recipe=QUICK)
    with pytest.raises(UserError, match="cannot be read"):
        deep.fit(np.arange(9), np.arange(9) % N_CLASSES, None, N_CLASSES, 0)


def test_the_cost_grows_with_draws_and_tests(backbone: Backbone) -> None:
    deep, _ = learner(backbone, replace(QUICK, steps=200, epochs_least=10))
    assert deep.seconds([], 0, N_CLASSES, np.arange(12)) == 0
    few, many = (deep.seconds([30] * n, 100 * n, N_CLASSES, np.arange(12)) for n in (1, 200))
    assert 0 < few < many


class TestJob:
    """The flag of `curve`, on a small project whose backbone is a file."""

    @pytest.fixture
    def project(self, tmp_path: Path, backbone: Backbone) -> Iterator[Project]:
        folder = tmp_path / "pictures"
        folder.mkdir()
        lines = ["image,label,split"]
        for row in range(60):
            Image.fromarray(picture(row)).save(folder / f"{row:02d}.png")
            lines.append(f"{row:02d}.png,{'ABC'[row % 3]},{'train' if row < 30 else 'test'}")
        manifest = folder / "manifest.csv"
        manifest.write_text("\n".join(lines))
        new.run(None, new.Params(tmp_path / "project", manifests=(Manifest(manifest),)), SilentProgress())
        np.save(tmp_path / "v.npy", np.eye(3, 5, dtype=np.float32)[np.arange(60) % 3])
        save_weights(
            replace(backbone, info=replace(backbone.info, timm_name="test_resnet")),
            tmp_path / "net.safetensors",
        )
        with Project.open(tmp_path / "project") as opened:
            adopt_vectors.run(opened, adopt_vectors.Params(tmp_path / "v.npy", manifest), SilentProgress())
            yield opened

    def test_with_the_flag_it_joins_the_draws_and_says_the_cost_first(
        self, project: Project, tmp_path: Path
    ) -> None:
        project.settings.set("backbone", str(tmp_path / "net.safetensors"))
        params = curve.Params("own", sizes=(1, 3), seeds=1, deep_baseline=True)
        sentence = curve.cost(project, params, SilentProgress())
        assert "draws: 2, labels in the largest: 9; at most about 1 minute on this device" in sentence
        result = curve.run(project, params, SilentProgress())
        found = {(p["classifier"], p["per_class"]): p["n_labels"] for p in result.summary["points"]}
        assert found == {(name, size): 3 * size for name in (curve.OWN, NAME) for size in (1, 3)}
        assert {d["second"] for d in result.summary["differences"]} == {NAME}
        assert "At 1 label per class the DL baseline had no validation images" in result.sentence
        assert not list((project.path / "staging/curve").rglob("pixels*"))

    def test_without_the_flag_no_path_is_passed_on(self, project: Project) -> None:
        assert curve.plan(project, curve.Params()).deep is None

    def test_an_embedding_from_a_file_has_no_backbone_to_tune(self, project: Project) -> None:
        with pytest.raises(UserError, match="came from a file"):
            curve.plan(project, curve.Params(deep_baseline=True))
