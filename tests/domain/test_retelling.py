"""Sentences that a project kept in one language, read in another."""

from __future__ import annotations

import pytest

from medlabeler.domain.language import speaking
from medlabeler.domain.retelling import retold

PAIRS = (
    (
        (
            "No interval for balanced accuracy: each class needs 15 independent test images; a has 10 "
            "test images; b has 10 test images worth 7 independent; c has 9 test images; and 5 more "
            "classes. The intervals of the single classes hold."
        ),
        (
            "Kein Intervall für die balancierte Genauigkeit: Jede Klasse braucht 15 unabhängige "
            "Testbilder; a hat 10 Testbilder; b hat 10 Testbilder, so viel wert wie 7 unabhängige; c "
            "hat 9 Testbilder; und 5 weitere Klassen. Die Intervalle der einzelnen Klassen gelten."
        ),
    ),
    (
        (
            "The file format, not the class, may be what the classifier tells apart: 102 of 103 images "
            "of A are “PNG”, and 1,000 of the 2,000 others. Within a class “PNG” and “JPEG” are told "
            "apart at 93 %, 50 % by chance."
        ),
        (
            "Vielleicht unterscheidet der Klassifikator nach Dateiformat, nicht nach der Klasse: 102 "
            "von 103 Bildern von A sind „PNG“ und 1.000 der übrigen 2.000. Innerhalb einer Klasse "
            "lassen sich „PNG“ und „JPEG“ zu 93 % unterscheiden, 50 % durch Zufall."
        ),
    ),
    (
        (
            "This test set was given, not drawn at random from the images. A, B have fewer than 5 test "
            "images, so nobody knows how often images of it are mistaken: there are no intervals for "
            "groups."
        ),
        (
            "Dieses Testset wurde angegeben, nicht zufällig aus den Bildern gezogen. A, B haben weniger"
            " als 5 Testbilder; niemand weiß also, wie oft solche Bilder verwechselt werden: Für "
            "Gruppen gibt es keine Intervalle."
        ),
    ),
    (
        (
            "Promised: in at least 90 % of the images of each class the class is among those named. "
            "Measured on 1,360 test images: 92 % (95 % interval 89 to 95 %), each fold judged by "
            "thresholds from the others. Of the test images 80 % are decided, 15 % become a set of two "
            "or three classes, 5 % go to a person. Of those decided 99.1 % are right."
        ),
        (
            "Versprochen: Bei mindestens 90 % der Bilder jeder Klasse ist die Klasse unter den "
            "genannten. Gemessen an 1.360 Testbildern: 92 % (95-%-Intervall 89 bis 95 %), jeder Teil "
            "beurteilt nach Schwellen aus den anderen. Von den Testbildern werden 80 % entschieden, 15 "
            "% werden eine Auswahl aus zwei oder drei Klassen, 5 % gehen an einen Menschen. Von den "
            "entschiedenen sind 99,1 % richtig."
        ),
    ),
    (
        (
            "90 of 100 images (90 %) are unlike those the classifier learned from; of images like the "
            "training images at most 5 % are flagged: another kind of image, stain or scanner, perhaps:"
            " its predictions here mean nothing."
        ),
        (
            "90 von 100 Bildern (90 %) sind anders als die, aus denen der Klassifikator gelernt hat; "
            "von Bildern wie den Trainingsbildern werden höchstens 5 % gemeldet: vielleicht eine andere"
            " Art von Bild, Färbung oder Scanner: Seine Vorhersagen bedeuten hier nichts."
        ),
    ),
    (
        (
            "3 of the 30 groups also hold images learned from, which is optimistic. 12 images have no "
            "group and may be of any patient; the interval takes them for one group."
        ),
        (
            "3 der 30 Gruppen enthalten auch Bilder, aus denen gelernt wurde, was zu gute Zahlen gibt. "
            "12 Bilder haben keine Gruppe und können von jedem Patienten sein; das Intervall nimmt sie "
            "als eine Gruppe."
        ),
    ),
    (
        (
            "3 test labels were changed after the prediction had been seen: balanced accuracy 93 % "
            "before, 99.5 % with the labels as they are now."
        ),
        (
            "3 Testlabels wurden geändert, nachdem die Vorhersage gesehen worden war: balancierte "
            "Genauigkeit vorher 93 %, mit den jetzigen Labels 99,5 %."
        ),
    ),
)


@pytest.mark.parametrize(("english", "german"), PAIRS)
def test_what_was_kept_in_one_language_is_read_in_another(english: str, german: str) -> None:
    assert retold(english) == english
    assert retold(german) == english
    with speaking("de"):
        assert retold(english) == german
        assert retold(german) == german


def test_names_that_a_person_gave_are_words_of_no_language() -> None:
    kept = (
        "Other has fewer than 5 test images, so nobody knows how often images of it are mistaken: there are "
        "no intervals for groups."
    )
    with speaking("de"):
        assert retold(kept).startswith("Other hat weniger als 5")


@pytest.mark.parametrize("text", ["", "A sentence of an earlier version, said otherwise today.", "1,234.5 %"])
def test_what_is_not_known_stays_as_it_stands(text: str) -> None:
    with speaking("de"):
        assert retold(text) == text
