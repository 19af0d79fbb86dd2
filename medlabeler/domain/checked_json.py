"""Dataclasses as plain JSON, checked when they are read.

What is read is held against the class: a field that is missing, one too many, or one of another kind is a
`Mismatch` that says which. Fields may be plain values, literals, `X | None`, tuples, dicts by text,
dataclasses, `Any`.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Callable
from typing import Any, TypeVar

Json = dict[str, Any]
"""An object of JSON whose inside is checked by somebody else."""

Reader = Callable[[Any, str], Any]
T = TypeVar("T")


class Mismatch(Exception):  # noqa: N818 - the message says what does not match
    """A value that is not what its class says.

    `brief` says it without what was found there, which may be a name of the project.
    """

    def __init__(self, brief: str, found: str = "") -> None:
        super().__init__(brief + found)
        self.brief, self.found = brief, found


def from_json(kind: type[T], value: Any) -> T:
    """The dataclass `kind` of an object of JSON; `Mismatch` if it is none."""
    made: T = reader_of(kind)(value, kind.__name__)
    return made


def stored(kind: type[T], value: Any) -> T:
    """The same of a file that an earlier or a later version may have written: a field that has a default may
    be missing, what is not known is passed over, inside as well.
    """
    made: T = reader_of(kind, lenient=True)(value, kind.__name__)
    return made


def plain(value: Any) -> Any:
    """What `json.dumps` takes for a dataclass: its `default`. `TypeError` for what JSON cannot hold."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return vars(value)
    raise TypeError(f"{type(value).__name__} has no place in JSON")


def reader_of(kind: Any, *, lenient: bool = False) -> Reader:
    """Reads the fields of one dataclass, as `stored` does if it is `lenient`; `TypeError` for a field that
    JSON cannot hold.
    """
    return _reader_of(kind, lenient)


@functools.cache  # a project's history holds thousands of the same kind
def _reader_of(kind: Any, lenient: bool) -> Reader:
    hints = typing.get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name], lenient) for field in dataclasses.fields(kind)}
    spared = {field.name for field in dataclasses.fields(kind) if lenient and _has_default(field)}

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong(value, "an object", where)
        if missing := readers.keys() - value.keys() - spared:
            raise Mismatch(f"{where} lacks {', '.join(sorted(missing))}")
        if not lenient and (extra := value.keys() - readers.keys()):
            raise Mismatch(f"{where} has no field", f" {', '.join(sorted(extra))}")
        there = {name: reader for name, reader in readers.items() if name in value}
        return kind(**{name: reader(value[name], f"{where}.{name}") for name, reader in there.items()})

    return read


def _has_default(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is not missing or field.default_factory is not missing


def _reader(hint: Any, lenient: bool) -> Reader:
    """Reads a value of one type: plain values, `X | None`, tuples, dicts by text, dataclasses."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return lambda value, _where: value
    if hint is float:
        return _number
    if hint in (int, str, bool):
        return functools.partial(_plainly, hint)
    if origin is typing.Literal:
        return functools.partial(_one_of, inside)
    if origin in (types.UnionType, typing.Union):
        (other,) = (part for part in inside if part is not types.NoneType)
        reader = _reader(other, lenient)
        return lambda value, where: None if value is None else reader(value, where)
    if origin is tuple and inside[-1] is Ellipsis:
        return functools.partial(_many, inside[0], _reader(inside[0], lenient))
    if origin is tuple:
        return functools.partial(_fixed, [_reader(part, lenient) for part in inside])
    if origin is dict and inside[0] is str:
        return functools.partial(_by_text, _reader(inside[1], lenient))
    if dataclasses.is_dataclass(hint):
        return reader_of(hint, lenient=lenient)
    raise TypeError(f"{hint} has no place in JSON")


def _plainly(kind: type[Any], value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise _wrong(value, kind.__name__, where)
    return value


def _one_of(allowed: tuple[Any, ...], value: Any, where: str) -> Any:
    if value not in allowed:
        raise _wrong(value, f"one of {', '.join(map(str, allowed))}", where)
    return value


def _number(value: Any, where: str) -> float:
    if type(value) not in (int, float):
        raise _wrong(value, "a number", where)
    return float(value)


def _many(kind: Any, reader: Reader, value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list):
        raise _wrong(value, "a list", where)
    if kind in (int, str) and set(map(type, value)) <= {kind}:  # rows by the hundred thousand
        return tuple(value)
    return tuple(reader(one, f"{where}[{at}]") for at, one in enumerate(value))


def _fixed(readers: list[Reader], value: Any, where: str) -> tuple[Any, ...]:
    if not isinstance(value, list) or len(value) != len(readers):
        raise _wrong(value, f"a list of {len(readers)}", where)
    return tuple(
        reader(one, f"{where}[{at}]") for at, (reader, one) in enumerate(zip(readers, value, strict=True))
    )


def _by_text(reader: Reader, value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _wrong(value, "an object", where)
    return {name: reader(one, f"{where}.{name}") for name, one in value.items()}


def _wrong(value: Any, wanted: str, where: str) -> Mismatch:
    return Mismatch(f"{where} must be {wanted}, not {type(value).__name__}", f" {str(value)[:40]!r}")
