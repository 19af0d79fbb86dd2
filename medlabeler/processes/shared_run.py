"""A run that several processes share, on this machine or on several: its leader and those who follow it."""

from __future__ import annotations

import os
import time
from pathlib import Path

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.words import count
from medlabeler.processes.learning_run import LearningRun
from medlabeler.processes.pretraining import ROLE
from medlabeler.processes.pretraining_followers import ELSEWHERE, HERE, Followers
from medlabeler.project.run_files import RunPlan

WAIT_S = 0.5


class SharedRun(LearningRun):
    """The part of a run that the process of this rank has; `address` is what it listens on, by default that
    of the plan.
    """

    def __init__(self, folder: Path, plan: RunPlan, rank: int = 0, address: str = "") -> None:
        super().__init__(folder, rank)
        self.here, self.machines = plan.processes, plan.machines
        self.size = self.here * self.machines
        self.address = address or plan.address
        self._followers: Followers | None = None

    def lead(self) -> None:
        """Go, with as many followers as were planned."""
        with Followers(
            self.folder, ROLE, self.here, self._lose, elsewhere=self.size - self.here, address=self.address
        ) as self._followers:
            self._wait_for_machines(self._followers.meeting)
            self.go(self._followers.meeting)

    def follow(self, meeting: Path) -> None:
        """Go, as one of those who follow; `UserError` where those on other machines are lost."""
        try:
            self.go(meeting)
        except RuntimeError as error:
            if self.machines == 1:
                raise
            raise UserError(ELSEWHERE) from error

    def _wait_for_machines(self, meeting: Path | None) -> None:
        """Until all others have come, however long; `Cancelled` where nobody wants it any more."""
        while meeting and (missing := self.machines - 1 - len(list(meeting.glob(f"{HERE}*")))) > 0:
            self.tell(sentence=tr("Waiting for {machines} to join.", machines=count(missing, "machine")))
            self.check()
            time.sleep(WAIT_S)

    def _lose(self, sentence: str) -> None:
        """End now: the main thread waits for a follower that is gone."""
        self.fail(sentence)
        os._exit(2)

    def dismiss(self) -> None:
        """No step is left that needs the followers."""
        if self._followers is not None:
            self._followers.dismiss()
