"""`medlabeler`: the window by default, a command line with a subcommand, and the hidden child processes."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path

from medlabeler.domain.cpu_policy import begin
from medlabeler.domain.kept_memory import keep_freed_memory
from medlabeler.domain.language import speak_as_told
from medlabeler.domain.private_files import keep_private

CHILDREN = ("engine", "worker", "analyst", "explainer", "pretrainer", "printer", "reader", "examiner")
"""Hidden subcommands: processes that the program starts by itself."""


def main(argv: list[str] | None = None) -> int:
    """Dispatch and return the exit code; imports nothing heavy, so that `--help` answers at once."""
    keep_private()
    arguments = sys.argv[1:] if argv is None else list(argv)
    first = arguments[0] if arguments else ""
    speak_as_told()
    if first in CHILDREN:
        from medlabeler.domain.program_log import start_log

        start_log(first)
    if first == "engine":
        from medlabeler.processes.engine import process

        return process.main()
    if first == "worker":
        from medlabeler.processes import worker

        return worker.main()
    if first == "analyst":
        from medlabeler.processes import analyst

        return analyst.main()
    if first == "explainer":
        from medlabeler.processes import explainer

        return explainer.main()
    if first == "reader":
        from medlabeler.imaging import reader_process

        return reader_process.main()
    if first == "pretrainer":
        from medlabeler.processes import pretrainer

        return pretrainer.main(arguments[1:])
    if first == "printer":
        from medlabeler.gui import printer

        return printer.main(arguments[1:])
    if first == "examiner":
        from medlabeler.processes import examiner

        return examiner.main()
    if wants_window(arguments):
        begin("window")
        keep_freed_memory()
        gc.disable()  # loading makes no garbage; the window's `Collector` does the search later
        from medlabeler.domain.settings import Settings
        from medlabeler.gui.window.language import speak_as_chosen

        speak_as_chosen(Settings())
        from medlabeler.gui.window import app

        return int(app.main(arguments) or 0)
    begin("command")
    from medlabeler.cli.main import main as command_line

    return command_line(arguments)


def wants_window(arguments: list[str]) -> bool:
    """No argument, `demo`, `open`, or a project folder; their `--help` is the command line's."""
    if not arguments or arguments == ["--verbose"]:
        return True
    if "--help" in arguments or "-h" in arguments:
        return False
    if arguments[0] in ("demo", "open"):
        return True
    name = arguments[0]
    if not (Path(name) / "medlabeler.db").is_file():
        return False
    return Path(name).name != name or not _is_command(name)


def _is_command(name: str) -> bool:
    """Asked of a folder that may be called like one. What is loaded for that says something in the language
    of the moment, which is the window's unless it is a command.
    """
    from medlabeler.domain.language import VARIABLE, speak
    from medlabeler.domain.settings import Settings
    from medlabeler.gui.window.language import speak_as_chosen

    told = os.environ.get(VARIABLE)
    speak_as_chosen(Settings())
    from medlabeler.cli.main import COMMANDS

    if name in COMMANDS and told is None:
        del os.environ[VARIABLE]
        speak("en")
    return name in COMMANDS


if __name__ == "__main__":
    if getattr(sys, "frozen", False):
        from multiprocessing import freeze_support

        freeze_support()
    sys.exit(main())
