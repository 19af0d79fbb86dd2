"""How the fields of a job's `Params` are given on the command line: declared once, beside the field.

    size: int = field(default=128, metadata=option("--size", read=positive, help="image size (%(default)s)"))

The standard library alone, so that `--help` answers at once. A reader raises `ValueError` with a sentence.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

_KEY = "option"


@dataclass(frozen=True)
class Option:
    """How one field is asked for; see `option`."""

    flag: str
    help: str
    read: Callable[[str], Any] = str
    make: Callable[[Any], Any] | None = None
    metavar: str | None = None
    choices: tuple[str, ...] = ()
    switch: Any = None
    bare: str | None = None
    several: bool = False
    role: Option | None = None
    only_one_of: str = ""
    required: bool | None = None


@dataclass(frozen=True)
class NoOption:
    """A field that the command line leaves at its default, and why."""

    reason: str


def option(
    flag: str,
    *,
    help: str,  # noqa: A002 - as argparse calls it
    read: Callable[[str], Any] = str,
    make: Callable[[Any], Any] | None = None,
    metavar: str | None = None,
    choices: tuple[str, ...] = (),
    switch: Any = None,
    bare: str | None = None,
    several: bool = False,
    role: Option | None = None,
    only_one_of: str = "",
    required: bool | None = None,
) -> Mapping[str, Any]:
    """Metadata of a field that is given by `flag`, or by its place if that is empty.

    `help` may say %(default)s. `read` turns the text into a value, `make` what was read into the field's
    value where that is another. `switch`: the flag takes no text and means this value. `bare`: the text may
    be missing and is this one then. `several`: any number of texts. `role`: a second flag, which may follow
    this one and says more of it; both may come several times, and `make` gets the pairs. `only_one_of`: the
    name of a group of options that exclude each other; one of them is demanded if any of them is `required`.
    `required` None: demanded if the field has no default.
    """
    declared = Option(
        flag, help, read, make, metavar, choices, switch, bare, several, role, only_one_of, required
    )
    return {_KEY: declared}


def no_option(reason: str) -> Mapping[str, Any]:
    """Metadata of a field that cannot be given on the command line."""
    return {_KEY: NoOption(reason)}


def option_of(field: dataclasses.Field[Any]) -> Option | NoOption:
    """What is declared for a field; `KeyError` if nothing is."""
    declared: Option | NoOption = field.metadata[_KEY]
    return declared


def count(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise ValueError(f"{text!r} is not a whole number from 0")
    return int(text)


def positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise ValueError(f"{text!r} is not a whole number from 1")
    return int(text)


def number(text: str) -> float:
    """Any number."""
    try:
        return float(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a number") from None


def sizes(text: str) -> tuple[int, ...]:
    """Whole numbers from 1 with commas between, in increasing order."""
    return tuple(sorted({positive(part.strip()) for part in text.split(",")}))


def names(text: str) -> tuple[str, ...]:
    """Words with commas between, each once, in the order given."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def named_numbers(text: str) -> tuple[tuple[str, float], ...]:
    """NAME=VALUE with commas between."""
    found = []
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            found.append((name.strip(), float(value)))
        except ValueError:
            raise ValueError(f"{part!r} is not NAME=VALUE with a number") from None
    return tuple(found)
