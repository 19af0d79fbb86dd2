"""How long work stands still: neither processor time nor a word of progress."""

from __future__ import annotations

from medlabeler.processes.standstill import Standstill


class Machine:
    """A clock, and processor time that was used."""

    def __init__(self) -> None:
        self.now = self.used = 0.0

    def passes(self, seconds: float, used: float = 0.0) -> None:
        self.now += seconds
        self.used += used


def test_work_that_waits_is_told_and_work_that_computes_is_not() -> None:
    machine = Machine()
    work = Standstill(lambda: machine.now, lambda: machine.used)
    machine.passes(100)
    assert work.seconds() == 0, "nothing is in hand"
    with work.working():
        machine.passes(10)
        assert work.seconds() == 10
        machine.passes(10, used=0.5)
        assert work.seconds() == 0, "it computed"
        machine.passes(7, used=0.001)
        assert work.seconds() == 7, "what the answer itself takes is no work"
        work.moved()
        assert work.seconds() == 0, "it told of progress"
        machine.passes(5)
    assert work.seconds() == 0, "it is done"
    machine.passes(50)
    with work.working():
        assert work.seconds() == 0, "the time before does not count"
