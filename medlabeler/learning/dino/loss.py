"""DINO's loss: cross-entropy between the teacher's centred, sharpened opinion and the student's.

Caron et al. 2021, https://arxiv.org/abs/2104.14294, equations 1 to 4. All in float32, whatever the
networks compute in: a temperature of 0.02 multiplies rounding errors by fifty.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch

STUDENT_TEMPERATURE = 0.1
CENTRE_MOMENTUM = 0.9


def teacher_opinion(scores: torch.Tensor, centre: torch.Tensor, temperature: float) -> torch.Tensor:
    """Probabilities (..., k) of the teacher's scores (..., k), less the centre (k,), sharpened."""
    return torch.softmax((scores.float() - centre) / temperature, dim=-1)


def dino_loss(
    student: Sequence[torch.Tensor], opinion: torch.Tensor, temperature: float = STUDENT_TEMPERATURE
) -> torch.Tensor:
    """Mean cross-entropy over the pairs of a teacher's view and another view of the student.

    `student`: scores (b, k) of each view, the global ones first; `opinion`: the teacher's probabilities
    (g, b, k) of the g global views, in the same order. A view is never compared with itself.
    """
    # The teacher's views that a view is compared with may be summed first: cross-entropy is linear in them.
    everything = opinion.sum(dim=0)
    total = torch.zeros((), device=opinion.device)
    pairs = 0
    for view, scores in enumerate(student):
        targets = everything - opinion[view] if view < len(opinion) else everything
        log_probabilities = torch.log_softmax(scores.float() / temperature, dim=-1)
        total = total - (targets * log_probabilities).sum(dim=-1).mean()
        pairs += len(opinion) - (view < len(opinion))
    return total / pairs


def moved_centre(
    centre: torch.Tensor, scores_mean: torch.Tensor, momentum: float = CENTRE_MOMENTUM
) -> torch.Tensor:
    """The centre (k,) after a batch whose teacher's scores have the mean `scores_mean` (k,)."""
    return centre * momentum + scores_mean.float() * (1 - momentum)


def entropy(probabilities: torch.Tensor) -> torch.Tensor:
    """Entropy in nats of distributions (..., k), shape (...)."""
    result: torch.Tensor = torch.special.entr(probabilities).sum(dim=-1)
    return result
