"""What is recorded for a graphics card, and when the network itself is asked instead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import nn

from medlabeler.learning.recorded import SHAPES, Recorded


class Recorder:
    """Stands for the card's: it counts, and plays by computing, as the processor can."""

    def __init__(self, trouble: Exception | None = None) -> None:
        self.made, self.trouble = 0, trouble

    def __call__(self, player: nn.Module, inputs: tuple[Any, ...]) -> Callable[..., Any]:
        self.made += 1
        if self.trouble is not None:
            raise self.trouble
        return player


@pytest.fixture
def network() -> nn.Module:
    torch.manual_seed(0)
    return nn.Linear(4, 2)


def test_each_shape_and_mode_is_recorded_once_and_the_rest_is_computed(network: nn.Module) -> None:
    recorder = Recorder()
    recorded = Recorded(network, network, "cuda", recorder)
    for _ in range(3):
        for n in (3, 5):
            images = torch.rand(n, 4)
            assert torch.equal(recorded(images), network(images))
    assert recorder.made == 2
    network.eval()
    recorded(torch.rand(3, 4))  # other layers may compute otherwise now
    assert recorder.made == SHAPES == 3
    images = torch.rand(7, 4)
    assert torch.equal(recorded(images), network(images))
    assert recorder.made == SHAPES
    recorded.forget()
    recorded(images)
    assert recorder.made == SHAPES + 1


def test_gradients_come_through_a_recording(network: nn.Module) -> None:
    images = torch.rand(3, 4)
    network(images).sum().backward()
    wanted = network.weight.grad.clone()
    network.zero_grad(set_to_none=True)
    Recorded(network, network, "cuda", Recorder())(images).sum().backward()
    assert torch.equal(network.weight.grad, wanted)


def test_what_cannot_be_recorded_is_computed_and_not_tried_again(network: nn.Module) -> None:
    recorder = Recorder(RuntimeError("operation not permitted when stream is capturing"))
    recorded = Recorded(network, network, "cuda", recorder)
    images = torch.rand(3, 4)
    assert torch.equal(recorded(images), network(images))
    assert torch.equal(recorded(images), network(images))
    assert recorder.made == 1
    assert not recorded.records


def test_a_card_that_is_too_small_is_told(network: nn.Module) -> None:
    recorded = Recorded(network, network, "cuda", Recorder(torch.OutOfMemoryError("CUDA out of memory")))
    with pytest.raises(torch.OutOfMemoryError):
        recorded(torch.rand(3, 4))
    assert recorded.records


def test_a_processor_records_nothing(network: nn.Module) -> None:
    assert not Recorded(network, network, "cpu").records
