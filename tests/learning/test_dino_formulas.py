"""DINO's loss, head and schedules against the formulas of Caron et al. 2021, worked here in float64."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from medlabeler.learning.dino.head import Head, UnitRows
from medlabeler.learning.dino.loss import dino_loss, entropy, moved_centre, teacher_opinion
from medlabeler.learning.dino.schedules import Schedules, cosine, linear, teacher_momentum
from medlabeler.learning.dino.student import move_teacher
from medlabeler.learning.dino.watch import Watch, effective_rank

Float = NDArray[np.float64]


def softmax(x: Float) -> Float:
    e = np.exp(x - x.max(axis=-1, keepdims=True))
    return e / e.sum(axis=-1, keepdims=True)


def published_loss(student: Float, teacher: Float, centre: Float, t_s: float, t_t: float) -> float:
    """Equation 3 and the pseudocode of algorithm 1, pair by pair."""
    total, pairs = 0.0, 0
    for g in range(len(teacher)):
        p_t = softmax((teacher[g] - centre) / t_t)
        for v in range(len(student)):
            if v == g:
                continue
            p_s = softmax(student[v] / t_s)
            total += float(-(p_t * np.log(p_s)).sum(axis=1).mean())
            pairs += 1
    return total / pairs


@pytest.mark.parametrize("n_views", [2, 5])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_loss_is_the_published_one(n_views: int, dtype: torch.dtype) -> None:
    rng = np.random.default_rng(n_views)
    # Values that bfloat16 can hold, so that only the arithmetic is tested, which must be float32.
    student = torch.from_numpy(rng.uniform(-1, 1, (n_views, 6, 33))).to(torch.bfloat16)
    teacher = torch.from_numpy(rng.uniform(-1, 1, (2, 6, 33))).to(torch.bfloat16)
    centre = rng.normal(0, 0.1, 33)
    opinion = teacher_opinion(teacher.to(dtype), torch.from_numpy(centre).float(), 0.03)
    ours = dino_loss([s.to(dtype) for s in student], opinion)
    theirs = published_loss(student.double().numpy(), teacher.double().numpy(), centre, 0.1, 0.03)
    assert ours.dtype == torch.float32
    assert float(ours) == pytest.approx(theirs, rel=1e-5)


def test_gradient_of_the_loss_is_the_difference_of_opinions() -> None:
    rng = np.random.default_rng(0)
    scores = [torch.from_numpy(rng.normal(size=(4, 7))).requires_grad_() for _ in range(3)]
    opinion = teacher_opinion(torch.from_numpy(rng.normal(size=(2, 4, 7))), torch.zeros(7), 0.5)
    dino_loss(scores, opinion).backward()
    # View 2 is compared with both teacher's views: d/ds = (2 softmax(s / t) - p0 - p1) / (t b pairs).
    wanted = 2 * softmax(scores[2].detach().numpy() / 0.1) - opinion.sum(0).double().numpy()
    assert scores[2].grad is not None
    np.testing.assert_allclose(scores[2].grad.numpy(), wanted / (0.1 * 4 * 4), rtol=1e-4, atol=1e-6)


def test_centre_and_entropy() -> None:
    centre = moved_centre(torch.tensor([1.0, -1.0]), torch.tensor([0.0, 1.0]))
    np.testing.assert_allclose(centre.numpy(), [0.9, -0.8], rtol=1e-6)
    np.testing.assert_allclose(
        entropy(torch.tensor([[0.25] * 4, [1.0, 0, 0, 0]])).numpy(), [math.log(4), 0], atol=1e-6
    )


def test_centring_undoes_a_winner_and_sharpening_a_tie() -> None:
    scores = torch.tensor([[[3.0, 2.9, 0.0]]])
    assert teacher_opinion(scores, torch.tensor([3.0, 0.0, 0.0]), 0.04).argmax() == 1
    assert float(teacher_opinion(scores, torch.zeros(3), 0.02).max()) > 0.99


def test_last_layer_is_weight_normed_with_length_one() -> None:
    torch.manual_seed(0)
    layer = UnitRows(8, 5)
    with torch.no_grad():
        layer.direction.mul_(torch.arange(1, 6)[:, None])
    x = torch.randn(3, 8)
    # Torch's own weight normalisation, with its norms set to 1, is the independent reference.
    reference = torch.nn.utils.parametrizations.weight_norm(torch.nn.Linear(8, 5, bias=False))
    with torch.no_grad():
        reference.parametrizations.weight.original0.fill_(1)
        reference.parametrizations.weight.original1.copy_(layer.direction)
    torch.testing.assert_close(layer(x), reference(x))
    layer(x).sum().backward()
    assert layer.direction.grad is not None
    # Length is free, so a gradient has nothing to say along it.
    along = (layer.direction.grad * layer.direction).sum(dim=1)
    torch.testing.assert_close(along, torch.zeros(5), atol=1e-5, rtol=0)


def test_head_is_the_published_one_and_its_scores_are_cosines() -> None:
    torch.manual_seed(0)
    head = Head(6, 11, hidden=16, bottleneck=4)
    x = torch.randn(5, 6)
    h = x.double().numpy()
    linear_layers = [m for m in head.layers if isinstance(m, torch.nn.Linear)]
    for i, layer in enumerate(linear_layers):
        h = h @ layer.weight.detach().double().numpy().T + layer.bias.detach().double().numpy()
        if i < 2:
            h = h * 0.5 * (1 + np.vectorize(math.erf)(h / math.sqrt(2)))
    h /= np.linalg.norm(h, axis=1, keepdims=True)
    w = head.last.direction.detach().double().numpy()
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    np.testing.assert_allclose(head(x).detach().numpy(), h @ w.T, atol=1e-5)
    assert float(head(100 * x).detach().abs().max()) <= 1 + 1e-5


def test_shapes_of_the_schedules() -> None:
    assert [cosine(1, 3, s, 4) for s in (0, 2, 4, 9)] == pytest.approx([1, 2, 3, 3])
    assert cosine(0.0, 1.0, 1, 3) == pytest.approx((1 - math.cos(math.pi / 3)) / 2)
    assert [linear(1, 3, s, 4) for s in (0, 1, 4, 9)] == pytest.approx([1, 1.5, 3, 3])


def test_momentum_is_scaled_to_the_run() -> None:
    assert teacher_momentum(300) == pytest.approx((0.98, 0.99))
    assert teacher_momentum(2000) == pytest.approx((0.99, 0.996))
    assert teacher_momentum(100_000) == pytest.approx((0.9995, 0.99992))
    for end in (0, 1):
        values = [teacher_momentum(n)[end] for n in (10, 100, 374, 376, 1000, 10_000)]
        assert values == sorted(values)
    # At any moment of any run the teacher would come to most of the student within the run.
    for n in (30, 300, 3000, 30_000):
        assert teacher_momentum(n)[0] <= teacher_momentum(n)[1]
        assert teacher_momentum(n)[1] ** n < 0.25


@pytest.mark.parametrize("steps", [1, 7, 300, 900, 100_000])
def test_rates_go_from_end_to_end(steps: int) -> None:
    plan = Schedules(steps, steps_per_epoch=185)
    first, last = plan.at(0), plan.at(steps - 1)
    assert first.learning_rate == pytest.approx(4e-4 / plan.warm_up)
    assert first.momentum == pytest.approx(teacher_momentum(steps)[0])
    assert first.weight_decay == pytest.approx(0.04)
    assert first.teacher_temperature == pytest.approx(0.02)
    assert first.last_layer_frozen == (steps >= 20)
    if steps > 200:
        assert max(plan.at(s).learning_rate for s in range(min(steps, 6000))) == pytest.approx(4e-4)
        assert last.learning_rate < 1e-5
        assert last.weight_decay == pytest.approx(0.4, rel=0.01)
        assert last.momentum == pytest.approx(teacher_momentum(steps)[1], abs=1e-5)
        assert plan.at(plan.warm_up).teacher_temperature == pytest.approx(0.05)
        assert plan.at(plan.warm_up - 1).teacher_temperature < 0.05
        assert not last.last_layer_frozen
        assert plan.frozen <= 185


def test_teacher_is_the_moving_average_of_the_weights() -> None:
    teacher, student = torch.nn.Linear(3, 2), torch.nn.Linear(3, 2)
    wanted = 0.9 * teacher.weight.double() + 0.1 * student.weight.double()
    move_teacher(teacher, student, 0.9)
    torch.testing.assert_close(teacher.weight.double(), wanted, atol=1e-6, rtol=0)


def test_effective_rank_counts_directions() -> None:
    rng = np.random.default_rng(0)
    basis = np.linalg.qr(rng.normal(size=(50, 50)))[0][:, :5]
    flat = torch.from_numpy(rng.normal(size=(400, 5)) @ basis.T)
    assert effective_rank(flat) == pytest.approx(5, abs=0.2)
    assert effective_rank(torch.ones(9, 4)) == pytest.approx(1, abs=0.01)


def watched(watch: Watch, **changes: float) -> bool:
    healthy = {"loss": 6.0, "entropy": 4.0, "spread": 4.5, "rank": 40.0}
    fine = True
    for _ in range(25):
        fine = watch.look(batch=64, **{**healthy, **changes}) and fine
    return fine


def test_a_healthy_run_gives_no_warning() -> None:
    watch = Watch(2048, 3e-4)
    assert watched(watch)
    assert watch.warnings == []


@pytest.mark.parametrize(
    ("trouble", "words"),
    [
        ({"spread": 0.2}, "same answer"),
        ({"entropy": math.log(2048)}, "nearly uniform"),
    ],
)
def test_collapse_is_told_once_with_what_to_do(trouble: dict[str, float], words: str) -> None:
    watch = Watch(2048, 3e-4)
    assert watched(watch, **trouble)
    assert watched(watch, **trouble)
    assert len(watch.warnings) == 1
    assert words in watch.warnings[0]
    assert "start again" in watch.warnings[0]


def test_a_falling_rank_is_told() -> None:
    watch = Watch(2048, 3e-4)
    watched(watch)
    watched(watch, rank=8.0)
    assert len(watch.warnings) == 1
    assert "from 40" in watch.warnings[0]


def test_a_loss_that_is_no_number_ends_the_run() -> None:
    watch = Watch(2048, 3e-4)
    assert not watched(watch, loss=math.nan)
    assert "half the learning rate" in watch.warnings[0]
    assert "--learning-rate 0.00015" in watch.warnings[0]
