"""Every option reaches the field that declares it, and every field of a job is an option or says why not."""

from __future__ import annotations

import argparse
import dataclasses
import types
import typing
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from medlabeler.cli import grammar
from medlabeler.cli.command_options import FURTHER
from medlabeler.cli.parameters import params_of
from medlabeler.domain.options import NoOption, Option, option_of
from medlabeler.export.report.contents import Contents
from medlabeler.jobs.params import adopt_vectors
from medlabeler.processes.job_registry import JOBS, Job
from medlabeler.project import sources

COMMANDS = [job for job in JOBS.values() if job.command]
SAMPLES = ("7", "2.5", "x/y", "a,b", "a=1,b=2", "2,98", "3,2,1")
"""Texts of which one is understood by whatever reads an option."""


def declared(job: Job) -> Iterator[tuple[type[Any], dataclasses.Field[Any], Option | NoOption]]:
    for kind in (job.params(), *FURTHER.get(job.command, ())):
        if kind is not None:
            yield from ((kind, field, option_of(field)) for field in dataclasses.fields(kind))


def words(field: dataclasses.Field[Any], option: Option) -> list[str]:
    """What to type for another value than the default."""
    if option.switch is not None:
        return [option.flag]
    flag = [option.flag] if option.flag else []
    if option.choices:
        return [*flag, next(c for c in reversed(option.choices) if c != field.default)]
    for text in SAMPLES:
        try:
            if option.read(text) != field.default:
                return [*flag, text]
        except ValueError:
            continue
    raise AssertionError(f"no sample for {field.name}")


def demanded(field: dataclasses.Field[Any], option: Option) -> bool:
    return field.default is dataclasses.MISSING and option.required is not False


def parsed(job: Job, kind: type[Any], field: dataclasses.Field[Any]) -> argparse.Namespace:
    """The command line with this option and whatever is demanded besides it."""
    typed: list[str] = [job.command, *(["PROJECT"] if job.opens_project else [])]
    chosen = option_of(field)
    assert isinstance(chosen, Option)
    for other_kind, other, option in declared(job):
        if isinstance(option, NoOption):
            continue
        this = (other_kind, other) == (kind, field)
        excluded = option.only_one_of and option.only_one_of == chosen.only_one_of
        if this or (not excluded and (demanded(other, option) or option.required)):
            typed += words(other, option)
    return grammar.build([job.command]).parse_args(typed)


OPTIONS = [
    pytest.param(job, kind, field, id=f"{job.command}-{field.name}")
    for job in COMMANDS
    for kind, field, option in declared(job)
    if isinstance(option, Option)
]


@pytest.mark.parametrize(("job", "kind", "field"), OPTIONS)
def test_every_option_reaches_its_field(job: Job, kind: type[Any], field: dataclasses.Field[Any]) -> None:
    options = parsed(job, kind, field)
    if kind is adopt_vectors.Params:  # Both or none: the command itself says so.
        vars(options).setdefault("vectors", Path("v"))
        vars(options).setdefault("manifest", Path("m"))
    value = getattr(params_of(kind, options), field.name)
    assert value != field.default
    known = {"Manifest": sources.Manifest, "Spec": sources.Spec, "Contents": Contents}
    hints = typing.get_type_hints(kind, localns=known)
    assert fits(value, hints[field.name]), (value, hints[field.name])


def fits(value: object, hint: Any) -> bool:
    """Whether the value is of the field's type."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (typing.Union, types.UnionType):
        return any(fits(value, one) for one in arguments)
    if origin is typing.Literal:
        return value in arguments
    if origin is tuple:
        rest = arguments[:1] * len(value) if arguments[-1] is ... else arguments  # type: ignore[arg-type]  # it fits, which the checker cannot tell
        return isinstance(value, tuple) and all(map(fits, value, rest))
    # As in Python's own rule an int will do for a float; True will not do for an int.
    return (
        type(value) is hint
        or (hint is float and type(value) is int)
        or (hint is Path and isinstance(value, Path))
    )


@pytest.mark.parametrize("job", COMMANDS, ids=lambda job: job.command)
def test_every_field_is_an_option_or_says_why_not(job: Job) -> None:
    for kind, field, option in declared(job):
        if isinstance(option, NoOption):
            assert option.reason, f"{kind.__module__}.{field.name}"
            assert field.default is not dataclasses.MISSING
        else:
            assert option.help, f"{kind.__module__}.{field.name}"


RUN = [job for job in JOBS.values() if job.command or job.title]
"""The others are steps that a job leaves to its workers."""


@pytest.mark.parametrize("job", RUN, ids=lambda job: job.name)
def test_a_job_runs_with_the_parameters_that_its_command_makes(job: Job) -> None:
    module: Any = job.load()
    # Learning is planned here and runs in processes of its own.
    assert callable(module.plan if job.name in ("pretrain", "finetune") else module.run)
    if job.has_params:
        assert module.Params is job.params()


def test_what_is_not_asked_for_is_the_default_of_the_dataclass() -> None:
    for job in COMMANDS:
        needed = [
            word
            for _, field, option in declared(job)
            if isinstance(option, Option) and demanded(field, option)
            for word in words(field, option)
        ]
        if job.command == "label":
            needed.append("--adopt-reference")
        typed = [job.command, *(["PROJECT"] if job.opens_project else []), *needed]
        options = grammar.build(typed).parse_args(typed)
        kind = job.params()
        if kind is None:
            continue
        made = params_of(kind, options)
        for field in dataclasses.fields(kind):
            if field.default is not dataclasses.MISSING:
                assert getattr(made, field.name) == field.default


def test_a_role_belongs_to_the_manifest_before_it() -> None:
    typed = ["new", "p", "--manifest", "a.csv", "--as", "test", "--manifest", "b.csv"]
    params = params_of(JOBS["new"].params(), grammar.build(typed).parse_args(typed))  # type: ignore[arg-type]  # it fits, which the checker cannot tell
    Manifest = sources.Manifest  # noqa: N806
    assert params.manifests == (Manifest(Path("a.csv"), "test"), Manifest(Path("b.csv")))


def test_words_of_an_option_become_what_the_job_understands() -> None:
    def made(*typed: str) -> Any:
        options = grammar.build(typed).parse_args(typed)
        return params_of(options.job.params(), options)

    assert made("pretrain", "p", "--batch-norm", "kept").keep_norms is True
    assert made("pretrain", "p", "--batch-norm", "batch").keep_norms is False
    assert made("pretrain", "p").keep_norms is None
    assert made("reserve", "p", "--images", "9", "--rare").rare_factor == 4.0
    assert made("curve", "p", "--sizes", "10, 5,5").sizes == (5, 10)
    assert made("simulate", "p", "--assume", "single_s=3,page_size=9").costs == (
        ("single_s", 3.0),
        ("page_size", 9.0),
    )
    assert made("compare", "p", "one", "two").embeddings == ("one", "two")
