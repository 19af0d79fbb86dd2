"""Between a job's `Params` and its command: options from the declarations beside the fields, and back.

Standard library only, so that `--help` answers at once.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from dataclasses import MISSING, Field, fields
from functools import partial
from typing import Any, Protocol, TypeVar

from medlabeler.domain.options import NoOption, Option, option_of

P = TypeVar("P")


class _Addable(Protocol):
    """A parser, or a group of one."""

    def add_argument(self, *flags: str, **settings: Any) -> argparse.Action:
        """As argparse has it."""
        ...


def add_options(parser: argparse.ArgumentParser, *params: type[Any]) -> None:
    """Give `parser` an option for every field of these dataclasses that has one."""
    declared = [
        (field, option)
        for kind in params
        for field in fields(kind)
        if isinstance(option := option_of(field), Option)
    ]
    done: set[str] = set()
    for field, option in declared:
        name = option.only_one_of
        if not name:
            _add(parser, field, option)
        elif name not in done:
            # Together, wherever the fields stand: argparse shows what excludes each other only side by side.
            done.add(name)
            alternatives = [entry for entry in declared if entry[1].only_one_of == name]
            group = parser.add_mutually_exclusive_group(required=any(o.required for _, o in alternatives))
            for alternative in alternatives:
                _add(group, *alternative)


def _add(target: _Addable, field: Field[Any], option: Option) -> None:
    # What is not given stays out of the namespace: the default is the dataclass's alone.
    default = f"{field.default:g}" if isinstance(field.default, float) else str(field.default)
    settings: dict[str, Any] = {
        "default": argparse.SUPPRESS,
        "help": option.help.replace("%(default)s", default),
    }
    if option.flag:
        settings["dest"] = field.name
        if not option.only_one_of:
            settings["required"] = field.default is MISSING if option.required is None else option.required
    if option.switch is not None:
        settings |= {"action": "store_const", "const": option.switch}
    else:
        settings |= {"type": _reader(option.read), "metavar": option.metavar}
    if option.choices:
        settings["choices"] = option.choices
    if option.bare is not None:
        settings |= {"nargs": "?", "const": option.bare}
    if option.several:
        settings["nargs"] = "*"
    role = option.role
    if role is not None:
        settings["action"] = _Pairs
    target.add_argument(option.flag or field.name, **settings)
    if role is not None:
        target.add_argument(
            role.flag, action=partial(_Pairs, of=option.flag), dest=field.name, default=argparse.SUPPRESS,
            metavar=role.metavar, choices=role.choices, help=role.help,
        )  # fmt: skip


def given(params: type[P], options: argparse.Namespace) -> dict[str, Any]:
    """The fields of `params` that the command line gave, as values of the dataclass."""
    found = {}
    for field in fields(params):  # type: ignore[arg-type]  # every `Params` is a dataclass
        option = option_of(field)
        if isinstance(option, NoOption) or not hasattr(options, field.name):
            continue
        value = getattr(options, field.name)
        if option.make is not None:
            value = option.make(value)
        found[field.name] = tuple(value) if option.several else value
    return found


def params_of(params: type[P], options: argparse.Namespace) -> P:
    """The parameters that the command line asks for."""
    return params(**given(params, options))


def _reader(read: Callable[[str], Any]) -> Callable[[str], Any]:
    """The same for argparse, which shows the sentence of this exception alone."""

    def convert(text: str) -> Any:
        if text is argparse.SUPPRESS:  # argparse reads the default of a place that was left empty, too
            return text
        try:
            return read(text)
        except ValueError as error:
            raise argparse.ArgumentTypeError(str(error)) from error

    return convert


class _Pairs(argparse.Action):
    """Collects (value, role) in a list: a second flag, made with `of` the first, gives the role of the value
    before it.
    """

    def __init__(self, *args: Any, of: str = "", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self.of = of

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option_string: str | None = None,
    ) -> None:
        """Begin a pair, or complete the last one."""
        pairs: list[tuple[Any, str | None]] = list(getattr(namespace, self.dest, []))
        if not self.of:
            pairs.append((values, None))
        elif not pairs or pairs[-1][1] is not None:
            parser.error(f"{option_string} follows the {self.of} it is about")
        else:
            pairs[-1] = (pairs[-1][0], values)
        setattr(namespace, self.dest, pairs)
