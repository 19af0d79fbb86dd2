"""Colour schemes and the palette of the classes."""

from __future__ import annotations

import numpy as np
import pytest

from medlabeler.domain.palette import CLASS_COLOURS, MISSING, colour, rgb
from medlabeler.domain.types import NO_CLASS, ClassDef, LabelKind, Split
from medlabeler.gui.map import colouring as c
from medlabeler.gui.map.raster import MAX_CODES
from medlabeler.project.columns import Column, Names

CLASSES = [ClassDef(7, "EOS", "#112233", 0), ClassDef(3, "BAS", "#445566", 1)]
NO = NO_CLASS
# Brettel-like simulation by Machado, Oliveira and Fernandes 2009, severity 1, linear RGB.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)


def i32(*values: int) -> np.ndarray:
    return np.array(values, np.int32)


def column(values: list[str]) -> Column:
    names = Names()
    return Column(names.names, np.array([names.code(value) for value in values], np.int32))


def linear(colours: list[str]) -> np.ndarray:
    share = np.array([rgb(x) for x in colours]) / 255
    return np.where(share <= 0.04045, share / 12.92, ((share + 0.055) / 1.055) ** 2.4)


def oklab(light: np.ndarray) -> np.ndarray:
    to_cones = np.array(
        [
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
    )
    to_lab = np.array(
        [
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
    )
    return np.cbrt(np.clip(light, 0, 1) @ to_cones.T) @ to_lab.T


def nearest_pair(lab: np.ndarray) -> float:
    distance = np.linalg.norm(lab[:, None] - lab[None], axis=-1)
    return float(distance[~np.eye(len(lab), dtype=bool)].min())


def test_thirty_colours_stay_apart() -> None:
    assert len(set(CLASS_COLOURS)) == 30
    assert nearest_pair(oklab(linear([*CLASS_COLOURS, MISSING]))) > 0.08
    assert nearest_pair(oklab(linear(list(CLASS_COLOURS[:8])))) > 0.14


def test_the_first_eight_stay_apart_without_telling_red_from_green() -> None:
    seen = linear(list(CLASS_COLOURS[:8])) @ DEUTERANOPIA.T
    assert nearest_pair(oklab(seen)) > 0.11


def test_colours_are_readable_on_white_and_on_black() -> None:
    luminance = linear(list(CLASS_COLOURS)) @ np.array([0.2126, 0.7152, 0.0722])
    assert (1.05 / (luminance + 0.05) > 1.7).all()
    assert ((luminance + 0.05) / 0.05 > 1.7).all()


def test_colours_repeat_after_thirty() -> None:
    assert colour(30) == colour(0)
    with pytest.raises(ValueError, match="#rrggbb"):
        rgb("red")


def test_label_scheme_follows_ids_not_positions() -> None:
    out = c.by_label(i32(3, 7, NO, 99, -5), CLASSES)
    assert [out.names[k] for k in out.codes] == ["BAS", "EOS", "no label", "no label", "no label"]
    assert tuple(out.palette[out.codes[1]]) == rgb("#112233")


def test_skipped_and_bad_images_are_told_apart_from_unlabelled_ones() -> None:
    kind = np.array([LabelKind.LABEL, LabelKind.SKIP, LabelKind.CLEAR, LabelKind.BAD_IMAGE], np.uint8)
    out = c.by_label(i32(3, NO, NO, NO), CLASSES, kind)
    assert [out.names[k] for k in out.codes] == ["BAS", "skipped", "no label", "bad image"]


SPLIT = np.array([Split.POOL, Split.TEST, Split.TEST], np.uint8)
LABEL = i32(NO, NO, 3)


def test_predictions_of_unlabelled_test_images_stay_grey() -> None:
    predicted = i32(7, 7, 7)
    assert c.by_prediction(predicted, LABEL, SPLIT, CLASSES).codes.tolist() == [1, 0, 1]
    assert c.by_confidence(np.float32([0.95, 0.95, 0.95]), LABEL, SPLIT).codes.tolist() == [10, 0, 10]
    assert c.by_agreement(i32(NO, NO, 3), predicted, SPLIT).codes.tolist() == [0, 0, 2]


def test_confidence_has_ten_steps_and_grey_for_none() -> None:
    pool = np.zeros(5, np.uint8)
    out = c.by_confidence(np.float32([0.0, 0.049, 0.5, 1.0, np.nan]), np.full(5, NO), pool)
    assert out.codes.tolist() == [1, 1, 6, 10, 0]
    lightness = oklab(linear(c.ramp(10)))[:, 0]
    assert (np.diff(lightness) > 0.01).all(), "the order must be readable without colour"


def test_agreement() -> None:
    pool = np.zeros(4, np.uint8)
    out = c.by_agreement(i32(3, 3, NO, 3), i32(3, 7, 3, NO), pool)
    assert [out.names[k] for k in out.codes] == [
        "label and prediction agree",
        "label and prediction differ",
        "no label or prediction",
        "no label or prediction",
    ]


def test_text_column_has_thirty_colours_then_other() -> None:
    values = [f"v{i:02d}" for i in range(40)] * 2 + ["v39", "v39", ""]
    out = c.by_column("site", column(values))
    assert len(out.names) == 1 + 30 + 1
    assert out.names[-1] == "other (10 values)"
    assert out.names[out.codes[39]] == "v39"
    assert out.codes[-1] == 0
    assert sum(e.in_all for e in out.entries()) == len(values)


def test_number_column_becomes_a_scale_of_round_steps() -> None:
    values = [str(v) for v in range(20, 91)] + [""]
    out = c.by_column("age", column(values))
    assert out.sequential
    assert out.codes[-1] == 0
    assert out.names[1] == "20 – 30"
    assert out.names[out.codes[35]] == "50 – 60"
    assert (np.diff(out.codes[:-1].astype(int)) >= 0).all()
    assert out.entries()[0].name == "80 – 90", "highest first"


def test_a_few_numbers_are_categories_in_numeric_order() -> None:
    out = c.by_column("grade", column(["10", "2", "1", "2"]))
    assert out.names == ["no value", "1", "2", "10"]


def test_a_heavy_tail_gets_steps_of_equal_counts() -> None:
    values = [str(v / 100) for v in range(1000)] + ["1000000"]
    out = c.by_column("size", column(values))
    counts = np.bincount(out.codes)[1:]
    assert counts.max() < 0.3 * len(values)


@pytest.mark.parametrize("values", [[], [""], ["a"], ["", "nan", "inf"]])
def test_degenerate_columns(values: list[str]) -> None:
    out = c.by_column("x", column(values))
    assert len(out.codes) == len(values)
    assert all(code < len(out.palette) == len(out.names) for code in out.codes)


def test_legend_counts_selection_and_all_and_leaves_out_the_empty() -> None:
    out = c.by_label(i32(3, 3, NO), CLASSES)
    lines = out.entries(np.array([True, False, True]))
    assert [(e.name, e.in_selection, e.in_all) for e in lines] == [("BAS", 1, 2), ("no label", 1, 1)]


def test_every_scheme_by_name_and_blind_mode_grey() -> None:
    arrays = {
        "classes": CLASSES,
        "label": LABEL,
        "kind": np.zeros(3, np.uint8),
        "prediction": i32(3, 3, 3),
        "confidence": np.float32([0.1, 0.2, 0.3]),
        "split": SPLIT,
        "reference": i32(7, 7, 3),
        "column": column(["a", "b", ""]),
    }
    for name in ("label", "prediction", "confidence", "agreement", "split", "reference", "meta:site"):
        assert c.colouring(name, **arrays).codes.any()
        hidden = c.colouring(name, **arrays, hide=True)
        assert not hidden.codes.any()
        assert len(hidden.palette) == 1
    with pytest.raises(ValueError, match="taste"):
        c.colouring("taste", **arrays)


def test_images_held_back_have_a_colour_of_their_own() -> None:
    shown = c.by_split(np.array([Split.POOL, Split.TEST, Split.HELD_BACK], np.uint8))
    assert [shown.names[code] for code in shown.codes] == ["training image", "test set", "held back"]
    assert len(shown.palette) == len(shown.names)
    assert "held back" not in c.by_split(np.array([Split.POOL, Split.TEST], np.uint8)).names


def test_numbers_are_drawn_in_a_continuous_scale_finer_than_the_steps_of_the_legend() -> None:
    values = [str(v) for v in range(20, 91)] + [""]
    out = c.by_column("age", column(values))
    assert out.scale is not None
    shades = out.scale.shades.astype(int)
    assert shades[-1] == 0
    assert len(np.unique(shades[:-1])) > 50, "nearly every year has a shade of its own"
    assert (np.diff(shades[:-1]) >= 0).all()
    assert [out.scale.steps[shade] for shade in shades] == out.codes.tolist()
    assert out.scale.marks[0] == (0.0, "20")
    assert out.scale.marks[-1][0] == 1.0
    lightness = oklab(linear([c._hex(shade) for shade in out.scale.palette[1:]]))[:, 0]
    assert (np.diff(lightness) > 0).all(), "the order must be readable without colour"
    assert len(out.scale.palette) <= MAX_CODES


@pytest.mark.parametrize(
    "values",
    [
        [str(v) for v in range(11)],
        [f"{v}e9" for v in range(40)],
        ["-1,5", "2,25", *(str(v / 7) for v in range(20))],
    ],
)
def test_every_scale_fits_the_map_and_its_steps(values: list[str]) -> None:
    out = c.by_column("x", column(values))
    assert out.scale is not None
    assert [out.scale.steps[shade] for shade in out.scale.shades] == out.codes.tolist()
    assert len(out.scale.palette) <= MAX_CODES


def test_steps_that_the_legend_hides_are_hidden_in_all_their_shades() -> None:
    out = c.by_column("age", column([str(v) for v in range(20, 91)] + [""]))
    codes, palette, hidden, names = out.drawn({1, 0})
    gone = np.isin(codes, hidden)
    assert gone.tolist() == np.isin(out.codes, [0, 1]).tolist()
    assert len(palette) == len(names) == codes.max() + 1 or len(palette) == len(names)
    plain = c.by_label(i32(3, NO), CLASSES)
    assert plain.drawn({2})[0] is plain.codes
    assert plain.drawn({2})[2] == [2]


def test_confidence_is_continuous_too_and_hidden_where_there_is_none() -> None:
    pool = np.zeros(5, np.uint8)
    out = c.by_confidence(np.float32([0.0, 0.049, 0.5, 1.0, np.nan]), np.full(5, NO), pool)
    assert out.scale is not None
    assert out.scale.shades[-1] == 0
    assert len(set(out.scale.shades[:-1].tolist())) == 4
    assert out.scale.marks[-1] == (1.0, "100 %")


def test_a_few_days_are_categories_and_many_a_scale_of_dates() -> None:
    few = np.array(["2026-11-25", "2026-11-26", "NaT", "2026-11-25"], "datetime64[D]")
    out = c.by_day("Labelled on", few)
    assert out.names == ["no value", "2026-11-25", "2026-11-26"]
    assert out.codes.tolist() == [1, 2, 0, 1]
    many = np.append(np.arange("2026-01-01", "2026-03-01", dtype="datetime64[D]"), np.datetime64("NaT"))
    out = c.by_day("Labelled on", many)
    assert out.sequential
    assert out.scale is not None
    assert out.scale.marks[0][1] == "2026-01-01"
    assert out.codes[-1] == out.scale.shades[-1] == 0
    assert c.by_day("Labelled on", few[2:3]).codes.tolist() == [0]


def test_flags_favourites_and_notes() -> None:
    masks = (np.array(mask, bool) for mask in ([1, 0, 0, 1], [1, 1, 0, 0], [0, 1, 1, 0]))
    out = c.by_remark(*masks)
    assert [out.names[code] for code in out.codes] == ["flagged", "favourite", "with a note", "flagged"]
