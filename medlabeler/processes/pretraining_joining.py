"""Another machine's part of a run that several machines share, in a folder that all of them see.

Who leads waits in a folder that only this user can open (`pretraining_followers`). Whoever joins says there
that it has come, and starts its processes, which find the others through that folder and end with this one.
"""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from types import TracebackType

from medlabeler.domain import cpu_policy
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.own_program import child_command
from medlabeler.processes.pretraining import CHILD_ENVIRONMENT, ROLE
from medlabeler.processes.pretraining_followers import HERE, PREFIX
from medlabeler.project import pretraining_runs
from medlabeler.project.run_files import read_plan


def waiting_for(project: Path, machine: int, machines: int, sharpens: bool) -> Path | None:
    """The newest run of `machines` machines that is led now and that machine number `machine` has not joined
    yet; None if there is none.
    """
    for run in pretraining_runs.runs(project):
        if run.sharpens != sharpens or run.state not in ("starting", "running"):
            continue
        meetings = list(run.folder.glob(f"{PREFIX}*"))
        is_missed = len(meetings) == 1 and not (meetings[0] / f"{HERE}{machine}").exists()
        if is_missed and read_plan(run.folder).machines == machines:
            return run.folder
    return None


class Joined:
    """The processes of machine number `machine`, from 1, alive within `with`; they listen on `address`.

    `UserError` where nobody waits for it, and where its processes end with a fault.
    """

    def __init__(self, run: Path, machine: int, address: str) -> None:
        plan = read_plan(run)
        if not 1 <= machine < plan.machines:
            raise UserError(
                tr("The run {name} has no place for machine {machine}.", name=run.name, machine=machine)
            )
        meetings = list(run.glob(f"{PREFIX}*"))
        if len(meetings) != 1:
            raise UserError(tr("Nobody leads the run {name} now; start or resume it first.", name=run.name))
        self._run, self._meeting, self._address = run, meetings[0], address
        self._machine, self._here = machine, plan.processes
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Joined:
        try:
            (self._meeting / f"{HERE}{self._machine}").touch(exist_ok=False)
        except OSError as error:
            raise UserError(
                tr(
                    "The run {name} has machine {machine} already, or has just ended.",
                    name=self._run.name,
                    machine=self._machine,
                )
            ) from error
        first = self._machine * self._here
        environment = {**CHILD_ENVIRONMENT, **os.environ, **cpu_policy.environment(ROLE, self._here)}
        for rank in range(first, first + self._here):
            command = [*child_command(ROLE), str(self._run), str(self._meeting), str(rank), self._address]
            self._processes.append(subprocess.Popen(command, stdin=subprocess.PIPE, env=environment))
        return self

    @property
    def over(self) -> bool:
        """Whether all have ended; `UserError` as soon as one ended with a fault."""
        codes = [process.poll() for process in self._processes]
        if any(codes):
            raise UserError(
                tr(
                    "The run {name} ended before it was done; its leader's machine says why.",
                    name=self._run.name,
                )
            )
        return None not in codes

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for process in self._processes:
            process.kill()  # they have nothing to write
            process.wait()
