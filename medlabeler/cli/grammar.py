"""The grammar of the command line, built from the jobs. Standard library only: `--help` answers at once."""

from __future__ import annotations

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import NoReturn

from medlabeler import __version__
from medlabeler.processes.job_registry import JOBS, Job

WINDOW = ("open", "demo")
"""Commands that open the window; they are here for their help alone."""

VERBOSE_HELP = "write more to the log, names of files and classes included"


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence on standard error, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Leave with the sentence and where to read on."""
        text = message[:1].upper() + message[1:]
        self.exit(2, f"{text.rstrip('.')}; see {self.prog} --help.\n")


def build(asked: Collection[str]) -> Parser:
    """The grammar of all commands, with the options of those among the words `asked`."""
    parser = Parser(
        prog="medlabeler",
        description="Label about 100 medical images per class, watch an honest accuracy grow, "
        "export the classifier. "
        "Without a command the window opens.",
        epilog="Exit codes: 0 done, 2 the input is wrong (one sentence tells what), 1 a bug of ours, 130 "
        "cancelled. "
        "Every command of a project takes --json: one JSON object on standard output at the end, "
        "progress as JSON lines on standard error.",
    )
    parser.add_argument("--version", action="version", version=f"medlabeler {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)
    for job in JOBS.values():
        if not job.command:
            continue
        made = commands.add_parser(
            job.command, help=job.sentence, description=job.sentence, allow_abbrev=False
        )
        if job.command not in asked:
            continue
        made.set_defaults(job=job)
        if job.opens_project:
            made.add_argument("project", type=Path, metavar="PROJECT", help="folder of the project")
        made.add_argument("--json", action="store_true", help="one JSON object on standard output at the end")
        made.add_argument("--verbose", action="store_true", help=VERBOSE_HELP)
        _add_options(made, job)
    window = commands.add_parser("open", help="Open a project in the window.", allow_abbrev=False)
    window.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    window.add_argument("--verbose", action="store_true", help=VERBOSE_HELP)
    demo = commands.add_parser("demo", help="Open the synthetic sample in the window.", allow_abbrev=False)
    demo.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save a picture of the window when it is ready"
    )
    demo.add_argument("--quit-after-ready", action="store_true", help="leave once the map is drawn")
    demo.add_argument("--verbose", action="store_true", help=VERBOSE_HELP)
    return parser


def _add_options(parser: argparse.ArgumentParser, job: Job) -> None:
    """The options of one command; declarations of the others are not even imported."""
    from medlabeler.cli.command_options import FURTHER
    from medlabeler.cli.parameters import add_options

    params = job.params()
    add_options(parser, *([params] if params else []), *FURTHER.get(job.command, ()))
