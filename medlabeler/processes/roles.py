"""The kinds of child process, what each may say and hear, and how long each may be silent."""

from __future__ import annotations

from dataclasses import dataclass

from medlabeler.processes import protocol as p
from medlabeler.processes.wire import Protocol

STARTING_S = 120.0
"""A child that loads its libraries may be silent for so long: their import holds the interpreter."""
STUCK_S = 120.0
"""A disk of a network that stumbles may hold up a child for so long."""


@dataclass(frozen=True)
class Role:
    """A kind of child: the hidden subcommand that starts it, and its protocol.

    `silence_s`: whoever does not answer for so long once it is ready counts as hung and is ended;
    `notice_s`: after so long it is told that it does not answer. `stuck_s`: whoever answers, but has done
    nothing of what it has in hand for so long, counts as hung, too. How far it gives way, and how many
    threads it gets, stands in `cpu_policy`.
    """

    name: str
    requests: Protocol
    answers: Protocol
    silence_s: float
    notice_s: float
    stuck_s: float


def _role(name: str, request: object, answer: object, silence_s: float, notice_s: float) -> Role:
    return Role(
        name,
        Protocol(request, p.Ping),
        Protocol(answer, p.Pong, p.Ready, p.Rejected, p.Crashed),
        silence_s,
        notice_s,
        STUCK_S,
    )


# The engine imports everything before it is ready. The others import torch or umap when first asked, which
# holds the interpreter for seconds, on a busy machine for many.
ENGINE = _role("engine", p.EngineRequest, p.EngineAnswer, 8.0, 4.0)
ANALYST = _role("analyst", p.AnalystRequest, p.AnalystAnswer, 60.0, 30.0)
EXPLAINER = _role("explainer", p.ExplainerRequest, p.ExplainerAnswer, 60.0, 30.0)
EXAMINER = _role("examiner", p.Examine, p.Examined, 60.0, 30.0)
WORKER = _role("worker", p.WorkerRequest, p.WorkerAnswer, 60.0, 30.0)

ROLES = {role.name: role for role in (ENGINE, ANALYST, EXPLAINER, EXAMINER, WORKER)}
