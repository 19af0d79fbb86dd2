"""Typed messages as JSON lines, checked when they are read.

A message is a frozen dataclass; on the wire it is one line of JSON: its class's name as "type", and its
fields. What is read is held against the class: a type that is not known here, a field that is missing, one
too many, or one of another kind is a `ProtocolError` that says which.
"""

from __future__ import annotations

import json
import typing
from typing import Any

from medlabeler.domain.checked_json import Mismatch, plain, reader_of


class ProtocolError(Mismatch):
    """A line that is no message of the direction it came from; the text says what is wrong with it."""


class Protocol:
    """The messages of one direction, by the names of their classes."""

    def __init__(self, *messages: Any) -> None:
        """`messages` are dataclasses, or unions of them."""
        classes = [one for message in messages for one in (typing.get_args(message) or (message,))]
        self._readers = {one.__name__: reader_of(one) for one in classes}

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
        try:
            return self._readers[name](value, name)
        except Mismatch as error:
            raise ProtocolError(error.brief, error.found) from error


def line_of(message: Any) -> bytes:
    """The line of a message; `TypeError` for what JSON cannot hold."""
    return json.dumps({"type": type(message).__name__, **vars(message)}, default=plain).encode() + b"\n"
