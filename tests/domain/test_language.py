"""The language: what is said, counted and written as a number; English where there is no translation."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from medlabeler.domain import language
from medlabeler.domain.language import count, number_text, speak, tr
from medlabeler.domain.words import percent

GERMAN = {
    ("MedLabeler", "{done:,} of {images} read"): "{done:,} von {images:dative} gelesen",
    ("MedLabeler", "Choose {name}"): "Bitte wählen",
    ("noun", "image"): "Bild|Bilder|Bildern",
}


@pytest.fixture
def german() -> Iterator[None]:
    speak("de", lambda context, text: GERMAN.get((context, text), ""))
    yield
    speak("en")


def test_english_is_what_stands_in_the_code() -> None:
    assert language.language() == "en"
    assert tr("Braces {mean} nothing without values") == "Braces {mean} nothing without values"
    assert tr("{n:,} of {images}", n=1234, images=count(1, "image")) == "1,234 of 1 image"
    assert count(1234, "image") == "1,234 images"


def test_a_sentence_takes_its_values_after_translation(german: None) -> None:
    assert tr("{done:,} of {images} read", done=1200, images=count(5000, "image")) == (
        "1.200 von 5.000 Bildern gelesen"
    )


def test_a_translation_may_leave_a_value_out(german: None) -> None:
    assert tr("Choose {name}", name="it") == "Bitte wählen"


def test_what_is_not_translated_stays_english_with_numbers_of_the_language(german: None) -> None:
    assert tr("{share:.1f} % of {n:,}", share=12.5, n=1000) == "12,5 % of 1.000"
    assert count(2, "label") == "2 labels"


def test_only_numbers_change_their_signs(german: None) -> None:
    assert tr("{name} {on}", name="a.b, c", on=True) == "a.b, c True"
    assert number_text(0.5) == "0,5"
    assert percent(0.996) == "99,6 %"


@pytest.mark.parametrize(("told", "said"), [("de", "3 Bilder"), ("en", "3 images"), ("xx", "3 images")])
def test_a_process_speaks_the_language_of_its_environment(told: str, said: str) -> None:
    code = (
        "from medlabeler.domain.language import count, speak_as_told\n"
        "speak_as_told()\n"
        "print(count(3, 'image'))"
    )
    found = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, language.VARIABLE: told},
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == said
