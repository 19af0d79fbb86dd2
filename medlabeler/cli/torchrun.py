"""torchrun starts a command once for each process; a run of ours starts its own. So the first that torchrun
starts on a machine stands for all of that machine, and the others end at once.

The first machine leads: it plans the run, with as many processes and machines as torchrun was asked for. The
others wait until there is that run in the project's folder, which all of them see, and join it.
Variables by https://docs.pytorch.org/docs/stable/elastic/run.html
"""

from __future__ import annotations

import argparse
import ipaddress
import os
import signal
import socket
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from medlabeler.cli.console import Console
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr

SHARED = {"pretrain": False, "finetune": True}
"""The commands that several processes share, and whether what they learn from are labels."""
NOT_ALONG = ("status", "stop", "estimate", "measure", "discard", "detach", "join")
PATIENCE_S = 600.0
POLL_S = 0.5


@dataclass(frozen=True)
class Place:
    """Which process of those that torchrun started this is: number `rank` of `here` on machine number
    `machine` of `machines`, from 0; the first machine is reached at `leader`. `again`: after a failure.
    """

    rank: int
    here: int
    machine: int
    machines: int
    leader: str
    again: bool

    @property
    def size(self) -> int:
        """Processes on all machines."""
        return self.here * self.machines


def place(environment: Mapping[str, str] = os.environ) -> Place | None:
    """Where torchrun put this process, or None where it was not started by it."""
    if "TORCHELASTIC_RUN_ID" not in environment:
        return None
    number = {
        name: int(environment.get(name, "0"))
        for name in (
            "LOCAL_RANK",
            "LOCAL_WORLD_SIZE",
            "WORLD_SIZE",
            "GROUP_RANK",
            "TORCHELASTIC_RESTART_COUNT",
        )
    }
    here = max(1, number["LOCAL_WORLD_SIZE"])
    return Place(
        rank=number["LOCAL_RANK"],
        here=here,
        machine=number["GROUP_RANK"],
        machines=max(1, number["WORLD_SIZE"] // here),
        leader=environment.get("MASTER_ADDR", ""),
        again=number["TORCHELASTIC_RESTART_COUNT"] > 0,
    )


def settle(options: argparse.Namespace, console: Console) -> str | None:
    """Bring what torchrun was asked for into `options`; a sentence where another process does the work.

    `UserError` for a command that cannot be shared, for options that contradict torchrun's, and where it
    begins again after a failure: the run would be a second one.
    """
    found = place()
    if found is None or found.size == 1:
        return None
    _check(options, found)
    console.ends_by(signal.SIGTERM)  # by which torchrun ends what is to end
    if found.rank > 0:
        return tr("The first process on this machine starts the {n} that learn here.", n=found.here)
    options.processes, options.machines = found.here, found.machines
    if found.machines > 1:
        options.across = getattr(options, "across", "") or _own_address(found.leader)
    if found.machine > 0:
        options.join, options.machine = _led(options, found, console), found.machine
        vars(options).pop("resume", None)
    return None


def _check(options: argparse.Namespace, found: Place) -> None:
    if options.command not in SHARED:
        raise UserError(
            tr(
                "torchrun has started this command {n} times. Start it once, without torchrun: only "
                "`pretrain` and `finetune` are shared by several processes.",
                n=found.size,
            )
        )
    if found.again:
        raise UserError(
            tr(
                "torchrun has started this command again after a failure. See what failed with --status; a "
                "run that can go on goes on with --resume."
            )
        )
    given = [name for name in NOT_ALONG if getattr(options, name, None) not in (None, False)]
    wanted = {"processes": found.here, "machines": found.machines}
    given += [name for name, number in wanted.items() if getattr(options, name, number) != number]
    if given:
        raise UserError(
            tr(
                "Under torchrun a run is started or resumed, with as many processes and machines as torchrun "
                "has: leave out {options}.",
                options=", ".join(f"--{name}" for name in given),
            )
        )


def _own_address(leader: str) -> str:
    """This machine's address on the way to the machine that leads; `UserError` where it cannot be told."""
    try:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
            asking.connect((leader, 9))  # nothing is sent: the system only says which way it would go
            address = str(asking.getsockname()[0])
        meant = leader == "localhost" or ipaddress.ip_address(leader).is_loopback
    except ValueError:  # a name
        meant = False
    except OSError:
        address = ""
    if not address or (ipaddress.ip_address(address).is_loopback and not meant):
        raise UserError(tr("Say which address of this machine the others reach it by: --across ADDRESS."))
    return address


def _led(options: argparse.Namespace, found: Place, console: Console) -> str:
    """The name of the run that the first machine leads and that waits for this one."""
    from medlabeler.processes.pretraining_joining import waiting_for

    until = time.monotonic() + PATIENCE_S
    console.note(tr("Waiting for the machine that leads."))
    while time.monotonic() < until:
        console.check()
        run = waiting_for(Path(options.project), found.machine, found.machines, SHARED[options.command])
        if run is not None:
            return run.name
        time.sleep(POLL_S)
    raise UserError(tr("The machine that leads has begun no run in this folder."))
