"""The command line: parse, run one job, tell how it went by exit code and one sentence."""

from __future__ import annotations

import argparse
import io
import sys
from typing import TYPE_CHECKING

from medlabeler.cli import grammar
from medlabeler.processes.job_registry import JOBS

if TYPE_CHECKING:
    import logging

DONE, BUG, USER, SHORT_OF_IT, CANCELLED = 0, 1, 2, 3, 130

COMMANDS = (*(job.command for job in JOBS.values() if job.command), *grammar.WINDOW, "--version")


def main(argv: list[str]) -> int:
    """Run one command and return its exit code."""
    _never_fail_to_print()
    parser = grammar.build(argv)
    try:
        options = parser.parse_args(argv)
    except SystemExit as leave:
        return int(leave.code or 0)
    import logging
    import time

    from medlabeler.domain.program_log import start_log

    stop_log = start_log("command-line", verbose=options.verbose)
    log = logging.getLogger(f"medlabeler.{options.command}")
    log.debug("arguments: %s", argv)
    began = time.monotonic()
    try:
        code = _run(options, log)
        log.info("exit code %d after %.1f s", code, time.monotonic() - began)
    finally:
        stop_log()
    return code


def _never_fail_to_print() -> None:
    """A class in Greek must not end a command because its output goes into a file of Windows' old letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _run(options: argparse.Namespace, log: logging.Logger) -> int:
    import traceback
    import warnings

    from medlabeler.cli.console import Console
    from medlabeler.domain.errors import UserError
    from medlabeler.domain.progress import Cancelled
    from medlabeler.domain.refusals import refused_by_disk

    # Libraries warn about their own future; a person can do nothing about it.
    if not sys.warnoptions:
        warnings.simplefilter("ignore")
    console = Console(options.command, as_json=options.json)
    try:
        with console:
            from medlabeler.cli import commands
            from medlabeler.cli.torchrun import settle

            elsewhere = settle(options, console)
            if elsewhere is not None:
                console.note(elsewhere)
                return DONE
            result = commands.run(options.job, options, console)
        console.finish(result)
        return SHORT_OF_IT if result.short_of_it else DONE
    except UserError as error:
        log.debug("refused: %s", error)
        console.fail(str(error))
        return USER
    except (Cancelled, KeyboardInterrupt):
        console.fail("Cancelled; what was finished is kept.")
        return CANCELLED
    except BrokenPipeError:
        return DONE
    except Exception as error:
        if (sentence := refused_by_disk(error)) is not None:
            console.fail(sentence)
            return USER
        log.exception("a fault")
        console.fail(
            f"MedLabeler hit a bug ({type(error).__name__}: {error}); please report the lines above.",
            traceback.format_exc(),
        )
        return BUG
