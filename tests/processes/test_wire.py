"""Messages between processes: what was said is what is read, and what is no message is told."""

from __future__ import annotations

import dataclasses
import json
import typing
from typing import Any

import pytest

from medlabeler.domain.checked_json import Json
from medlabeler.processes import protocol
from medlabeler.processes.protocol import Load, Measured, Scored, Suggest
from medlabeler.processes.roles import ENGINE, ROLES
from medlabeler.processes.wire import ProtocolError, line_of

SUGGEST = Suggest(3, "margin", 12, 7, (1, 2), "t", ((1, "EOS"),), 0.1, False)


def read(value: Any) -> Any:
    return ENGINE.requests.read(json.dumps(value).encode())


def as_json(message: Any, **changes: Any) -> dict[str, Any]:
    return {**json.loads(line_of(message)), **changes}


def example(hint: Any) -> Any:
    """A value of a type that messages may hold."""
    inside = typing.get_args(hint)
    if hint in (int, float, str, bool):
        return {int: 3, float: 0.5, str: "a\n\u2028ä", bool: True}[hint]
    if hint is Json or hint is Any:
        return {"any": [1, None]}
    if dataclasses.is_dataclass(hint):
        hints = typing.get_type_hints(hint)
        return typing.cast("Any", hint)(**{f.name: example(hints[f.name]) for f in dataclasses.fields(hint)})
    if typing.get_origin(hint) is tuple:
        return (example(inside[0]),) * 2 if inside[-1] is Ellipsis else tuple(map(example, inside))
    if typing.get_origin(hint) is dict:
        return {"a": example(inside[1])}
    return example(next(part for part in inside if part is not type(None)))


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_message_arrives_as_it_was_sent(role: str) -> None:
    for direction in (ROLES[role].requests, ROLES[role].answers):
        assert len(direction.names) >= 2
        for name in direction.names:
            message = example(getattr(protocol, name))
            assert direction.read(line_of(message)) == message


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["Suggest"], "not an object"),
        ({"type": "Scored"}, "unknown type 'Scored'"),
        ({"generation": 1}, "unknown type None"),
        ({"type": ["Suggest"]}, "unknown type"),
        ({k: v for k, v in as_json(SUGGEST).items() if k not in ("tag", "n")}, "Suggest lacks n, tag"),
        (as_json(SUGGEST, surprise=1), "Suggest has no field surprise"),
        (as_json(SUGGEST, n="12"), "Suggest.n must be int, not str '12'"),
        (as_json(SUGGEST, n=True), "Suggest.n must be int, not bool"),
        (as_json(SUGGEST, n=None), "Suggest.n must be int"),
        (as_json(SUGGEST, exclude=[1, 2.5]), r"Suggest.exclude\[1\] must be int, not float"),
        (as_json(SUGGEST, exclude={"1": 1}), "Suggest.exclude must be a list"),
        (as_json(SUGGEST, names=[[1, "EOS", 2]]), r"Suggest.names\[0\] must be a list of 2"),
        (as_json(SUGGEST, spread_groups=0), "Suggest.spread_groups must be bool"),
        (as_json(SUGGEST, random_share="all"), "Suggest.random_share must be a number"),
    ],
)
def test_what_is_no_message_says_what_is_wrong_with_it(value: Any, words: str) -> None:
    with pytest.raises(ProtocolError, match=words):
        read(value)


def test_a_line_that_is_no_json_is_no_message() -> None:
    for line in (b"chatter\n", b"\xff\xfe\n", b'{"type": "Ping", "number": 1\n', b"[" * 100_000):
        with pytest.raises(ProtocolError, match="not a line of JSON"):
            ENGINE.requests.read(line)


def test_what_is_inside_a_message_is_checked_too() -> None:
    message = Scored(1, "k", 2, "test labels", 3, 4, 5, (Measured("knn", None, "why"),))
    assert ENGINE.answers.read(line_of(message)) == message
    with pytest.raises(ProtocolError, match=r"Scored.results\[0\] lacks sentence"):
        ENGINE.answers.read(
            json.dumps(as_json(message, results=[{"classifier": "knn", "report": None}])).encode()
        )


def test_what_json_cannot_hold_is_not_sent() -> None:
    with pytest.raises(TypeError, match="object has no place in JSON"):
        line_of(Load(1, "v", "k", typing.cast("int", object()), "a"))


def test_each_direction_is_closed() -> None:
    """What a child may say is not what it may be told."""
    for role in ROLES.values():
        assert set(role.requests.names).isdisjoint(role.answers.names)
