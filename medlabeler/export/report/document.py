"""A report as one self-contained HTML file, and its model card as Markdown, from templates that ship with it.

Both are filled by Jinja2, which escapes every value: names of classes are whatever a person typed. What the
templates say in words goes through `tr()` there as well; `packaging/languages.py` reads them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from medlabeler.domain.checked_json import plain
from medlabeler.domain.language import tr
from medlabeler.domain.resources import resource
from medlabeler.domain.words import duration
from medlabeler.export.report import words
from medlabeler.export.report.contents import Contents
from medlabeler.export.report.pictures import Picture

FOLDER = "report"
_BEFORE_PERCENT = re.compile(r"(?<=\d) (?=%)")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]<>|~&]|^[#+-])")


@dataclass(frozen=True)
class Cell:
    """Example images of one cell of the confusion matrix, as data URLs; `name` of the image if wanted."""

    truth: str
    predicted: str
    pictures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pictures:
    """What is shown beside the text; None and empty where there is nothing, or nothing was wanted."""

    history: Picture | None = None
    curve: Picture | None = None
    reliability: Picture | None = None
    map: Picture | None = None
    cells: Sequence[Cell] = field(default_factory=tuple)


def html(contents: Contents, pictures: Pictures, *, paged: bool = False) -> str:
    """The report as a page; `paged`: for paper, without what only a browser reads."""
    environment = _environment()
    environment.finalize = _unbroken
    template = environment.from_string(_template("report.html"))
    return template.render(
        c=contents,
        p=pictures,
        w=words,
        paged=paged,
        style=Markup(_template("page.css")),  # noqa: S704 - ships with the program
        screen=Markup(_template("screen.css")),  # noqa: S704
        stored=_inside_script(contents),
    )


def model_card(contents: Contents) -> str:
    """The model card, after Mitchell et al. (2019), with the metadata block that model hubs read."""
    return _environment().from_string(_template("card.md")).render(c=contents, w=words)


def escaped(text: object) -> Markup:
    """Text that Markdown shows as it is, on one line."""
    return Markup(_MARKDOWN.sub(r"\\\1", " ".join(str(text).split())))  # noqa: S704 - escaped for Markdown


def _inside_script(contents: Contents) -> Markup:
    """The report as JSON that cannot end the element it stands in."""
    return Markup(json.dumps(contents, default=plain).replace("<", "\\u003c"))  # noqa: S704


def _unbroken(value: Any) -> Any:
    """Text in which no line ends between a number and its percent sign; markup as it is."""
    if isinstance(value, str) and not isinstance(value, Markup):
        return _BEFORE_PERCENT.sub("\N{NO-BREAK SPACE}", value)
    return value


def _environment() -> Environment:
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.globals.update(tr=tr)
    environment.filters.update(
        share=words.share,
        number=words.number,
        day=words.day,
        pace=words.pace,
        persons=words.persons,
        duration=duration,
        md=escaped,
    )
    return environment


def _template(name: str) -> str:
    path: Path = resource(f"{FOLDER}/{name}")
    return path.read_text(encoding="utf-8")
