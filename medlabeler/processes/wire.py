"""Typed messages as JSON lines, checked when they are read.

A message is a frozen dataclass; on the wire it is one line of JSON: its class's name as "type", and its
fields. What is read is held against the class: a type that is not known here, a field that is missing, one
too many, or one of another kind is a `ProtocolError` that says which.
"""

from __future__ import annotations

import dataclasses
import functools
import json
import types
import typing
from collections.abc import Callable
from typing import Any

Json = dict[str, Any]
"""A part of a message whose inside is not the protocol's business: what a job gave itself or its owner."""

Reader = Callable[[Any, str], Any]


class ProtocolError(Exception):
    """A line that is no message of the direction it came from; the text says what is wrong with it.

    `brief` says it without what was found there, which may be a name of the project.
    """

    def __init__(self, brief: str, found: str = "") -> None:
        super().__init__(brief + found)
        self.brief = brief


class Protocol:
    """The messages of one direction, by the names of their classes."""

    def __init__(self, *messages: Any) -> None:
        """`messages` are dataclasses, or unions of them."""
        classes = [one for message in messages for one in (typing.get_args(message) or (message,))]
        self._readers = {one.__name__: _object_reader(one) for one in classes}

    @property
    def names(self) -> list[str]:
        """The types of this direction."""
        return list(self._readers)

    def read(self, line: bytes) -> Any:
        """The message of a line; `ProtocolError` if it is none of these."""
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise ProtocolError("not a line of JSON", f": {line[:80]!r}") from error
        if not isinstance(value, dict):
            raise ProtocolError("not an object", f": {line[:80]!r}")
        name = value.pop("type", None)
        if not isinstance(name, str) or name not in self._readers:
            raise ProtocolError("unknown type", f" {name!r}")
        return self._readers[name](value, name)


def line_of(message: Any) -> bytes:
    """The line of a message; `TypeError` for what JSON cannot hold."""
    return json.dumps({"type": type(message).__name__, **vars(message)}, default=_plain).encode() + b"\n"


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return vars(value)
    raise TypeError(f"{type(value).__name__} has no place in a message")


def _object_reader(kind: Any) -> Reader:
    """Reads the fields of one dataclass."""
    hints = typing.get_type_hints(kind)
    readers = {field.name: _reader(hints[field.name]) for field in dataclasses.fields(kind)}

    def read(value: Any, where: str) -> Any:
        if not isinstance(value, dict):
            raise _wrong(value, "an object", where)
        if missing := readers.keys() - value.keys():
            raise ProtocolError(f"{where} lacks {', '.join(sorted(missing))}")
        if extra := value.keys() - readers.keys():
            raise ProtocolError(f"{where} has no field", f" {', '.join(sorted(extra))}")
        return kind(**{name: reader(value[name], f"{where}.{name}") for name, reader in readers.items()})

    return read


def _reader(hint: Any) -> Reader:
    """Reads a value of one type: plain values, `X | None`, tuples, dicts by text, dataclasses."""
    origin, inside = typing.get_origin(hint), typing.get_args(hint)
    if hint is Any:
        return lambda value, _where: value
    if hint is float:
        return _number
    if hint in (int, str, bool):
        return functools.partial(_plainly, hint)
    if origin in (types.UnionType, typing.Union):
        (other,) = (part for part in inside if part is not types.NoneType)
        reader = _reader(other)
        return lambda value, where: None if value is None else reader(value, where)
    if origin is tuple and inside[-1] is Ellipsis:
        return functools.partial(_many, inside[0], _reader(inside[0]))
    if origin is tuple:
        return functools.partial(_fixed, [_reader(part) for part in inside])
    if origin is dict and inside[0] is str:
        return functools.partial(_by_text, _reader(inside[1]))
    if dataclasses.is_dataclass(hint):
        return _object_reader(hint)
    raise TypeError(f"{hint} has no place in a message")


def _plainly(kind: type[Any], value: Any, where: str) -> Any:
    if type(value) is not kind:
        raise _wrong(value, kind.__name__, where)
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


def _wrong(value: Any, wanted: str, where: str) -> ProtocolError:
    return ProtocolError(f"{where} must be {wanted}, not {type(value).__name__}", f" {str(value)[:40]!r}")
