"""The confounder probe: sees what is planted, says where it cannot, and is quiet about chance."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.learning.confounders import Property, cramers_v, in_kinds, left_out, probe

N, D = 360, 10
NAMES = ("a", "b", "c")


def images(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    codes = np.repeat([0, 1, 2], N // 3)
    return (np.eye(3, D)[codes] * 3 + rng.normal(size=(N, D))).astype(np.float32), codes


def two(name: str, codes: np.ndarray) -> Property:
    return Property(name, codes.astype(np.int64), ("A", "B"))


def test_a_scanner_that_goes_with_a_class_and_is_seen_is_a_warning() -> None:
    rng = np.random.default_rng(0)
    vectors, codes = images(rng)
    scanner = (rng.random(N) < np.array([0.9, 0.1, 0.1])[codes]).astype(int)
    vectors[:, 7] += 5 * scanner
    found = probe(vectors, codes, NAMES, None, [two("scanner", scanner)])[0]
    assert found.level == "warning"
    assert found.told is not None
    assert found.told > 0.9
    assert found.by_chance == pytest.approx(0.5, abs=0.05)
    assert "scanner, not the class" in found.sentence
    for shown in found.images:
        assert {"AB"[scanner[row]] for row in shown.rows} == {shown.caption}


def test_seen_but_even_is_a_note_and_uneven_but_unseen_too() -> None:
    rng = np.random.default_rng(1)
    vectors, codes = images(rng)
    even, uneven = rng.integers(0, 2, N), (rng.random(N) < np.array([0.9, 0.1, 0.1])[codes]).astype(int)
    vectors[:, 7] += 5 * even
    by_name = {
        f.name: f for f in probe(vectors, codes, NAMES, None, [two("even", even), two("uneven", uneven)])
    }
    assert by_name["even"].level == by_name["uneven"].level == "note"
    assert "The classes lie evenly" in by_name["even"].sentence
    assert "little is seen" in by_name["uneven"].sentence


def test_a_format_of_one_class_only_cannot_be_judged_and_is_a_warning() -> None:
    vectors, codes = images(np.random.default_rng(2))
    found = probe(vectors, codes, NAMES, None, [two("format", (codes == 1).astype(int))])[0]
    assert found.level == "warning"
    assert found.told is None
    assert "120 of 120 images of b are “B”, and 0 of the 240 others" in found.sentence
    assert [len(shown.rows) for shown in found.images] == [6, 6]
    assert (codes[list(found.images[0].rows)] == 1).all()


def test_chance_is_told_as_chance() -> None:
    rng = np.random.default_rng(3)
    vectors, codes = images(rng)
    coins = [two(f"coin {k}", rng.integers(0, 2, N)) for k in range(8)]
    found = probe(vectors, codes, NAMES, None, coins)
    assert [f.level for f in found].count("warning") == 0
    assert sum(f.level == "note" for f in found) <= 1
    assert 0.2 < np.mean([f.told_p for f in found]) < 0.8


def test_patients_are_dealt_whole() -> None:
    """Each patient looks like no other and has one scanner: a handful of patients proves nothing."""
    rng = np.random.default_rng(4)
    vectors, codes = images(rng)
    patient = np.arange(N) % 8
    vectors += rng.normal(size=(8, D))[patient] * 3
    scanner = (patient < 4).astype(int)
    without = probe(vectors, codes, NAMES, None, [two("scanner", scanner)])[0]
    within = probe(vectors, codes, NAMES, patient, [two("scanner", scanner)])[0]
    assert without.told is not None
    assert without.told > 0.9
    assert within.told_p is not None
    assert within.told_p > 0.05


def test_constant_values_and_those_of_few_images_are_no_finding_but_named() -> None:
    vectors, codes = images(np.random.default_rng(5))
    assert probe(vectors, codes, NAMES, None, [two("same", np.zeros(N))]) == []
    assert left_out(two("same", np.zeros(N)), codes, NAMES) == ""
    assert probe(vectors, codes, NAMES, None, [Property("unknown", np.full(N, -1), ())]) == []
    rare = two("camera", np.arange(N) < 9)
    assert probe(vectors, codes, NAMES, None, [rare]) == []
    assert left_out(rare, codes, NAMES) == (
        "Left out of the camera: “B”, 9 images, all of a; it takes 10 of a kind to tell."
    )


def test_values_of_few_images_are_named_beside_what_is_found_of_the_others() -> None:
    vectors, codes = images(np.random.default_rng(5))
    scanner = np.arange(N) % 2
    scanner[[0, 200, 300]] = 2
    found = probe(vectors, codes, NAMES, None, [Property("scanner", scanner, ("A", "B", "C"))])[0]
    assert found.n_images == N - 3
    assert found.sentence.endswith("Left out of the scanner: “C”, 3 images; it takes 10 of a kind to tell.")


def test_values_of_few_images_are_looked_at_together() -> None:
    """Class b came from eight cameras of nine images each, all else from one: each of them was left out."""
    rng = np.random.default_rng(9)
    vectors, codes = images(rng)
    camera = np.zeros(N, np.int64)
    camera[120:192] = 1 + np.arange(72) // 9
    vectors[camera > 0, 7] += 5
    found = probe(vectors, codes, NAMES, None, [Property("camera", camera, tuple("ABCDEFGHI"))])[0]
    assert found.level == "warning"
    assert found.n_images == N
    assert "72 of 120 images of b are “any rarer one”, and 0 of the 240 others" in found.sentence
    kept, values = in_kinds(Property("many", np.arange(N) % 36, tuple(f"v{k}" for k in range(36))))
    assert values == (*(f"v{k}" for k in range(12)), "any rarer one")
    assert set(kept.tolist()) == set(range(13))


@pytest.mark.parametrize("of_patients", [False, True])
def test_where_every_value_has_few_images_they_may_still_go_with_the_classes(of_patients: bool) -> None:
    """72 folders of five images, each of one class; where the folders are the patients, that is no news."""
    vectors, codes = images(np.random.default_rng(10))
    folder = np.arange(N) // 5
    what = Property("folder", folder, tuple(f"f{k}" for k in range(72)))
    found = probe(vectors, codes, NAMES, folder if of_patients else None, [what])[0]
    assert found.level == ("fine" if of_patients else "warning")
    assert found.told is None
    assert ("none of its 72 values has 10 images" in found.sentence) == (not of_patients)
    mixed = Property("folder", np.random.default_rng(0).permutation(folder), what.values)
    assert probe(vectors, codes, NAMES, None, [mixed])[0].level == "fine"


def test_cramers_v() -> None:
    assert cramers_v(np.array([[50, 0], [0, 50]])) == pytest.approx(1, abs=0.02)
    assert cramers_v(np.array([[25, 25], [25, 25]])) == 0
    assert cramers_v(np.array([[50, 50]])) == 0


@pytest.mark.parametrize(
    ("changed", "words"), [(15, "so few images cannot show"), (20, "enough images of two kinds")]
)
def test_few_images_of_one_class_are_no_all_clear(changed: int, words: str) -> None:
    """Of 25 images of a class 15 or 20 are of another kind, which cannot be seen: nobody may call it fine."""
    rng = np.random.default_rng(7)
    codes = np.repeat([0, 1, 2, 3], 25)
    vectors = (np.eye(4, D)[codes] * 3 + rng.normal(size=(100, D))).astype(np.float32)
    kind = np.zeros(100)
    kind[25 : 25 + changed] = 1
    found = probe(vectors, codes, ("a", "b", "c", "d"), None, [two("format", kind)])[0]
    assert found.level == "warning"
    assert words in found.sentence
    assert f"{changed} of 25 images of b are “B”, and 0 of the 75 others" in found.sentence


@pytest.mark.parametrize("n_else", [4, 30])
def test_of_several_values_the_one_that_goes_with_a_class_is_asked_about(n_else: int) -> None:
    """Scanner C took most of class b and nothing else; that A and B are not told apart says nothing of it."""
    rng = np.random.default_rng(8)
    vectors, codes = images(rng)
    scanner = rng.integers(0, 2, N)
    scanner[120 + n_else : 240] = 2
    vectors[scanner == 2, 7] += 1.0
    found = probe(vectors, codes, NAMES, None, [Property("scanner", scanner, ("A", "B", "C"))])[0]
    assert found.level == "warning"
    assert f"{120 - n_else} of 120 images of b are “C”" in found.sentence
    assert found.n_values == 3
    assert (found.told is None) == (n_else < 10)
    if found.told is not None:
        assert "“C” and “any other” are told apart" in found.sentence
