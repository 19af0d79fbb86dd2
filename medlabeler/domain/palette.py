"""Thirty class colours that stay apart, the first eight also for people who do not tell red from green.

Found by maximising the smallest distance in OKLab (B. Ottosson, 2020) under normal sight and under simulated
deuteranopia and protanopia (Machado, Oliveira and Fernandes, IEEE TVCG 15(6), 2009), away from the grey of
missing values and readable on a white and on a black ground. No thirty colours stay apart for everyone: the
map and the legend never rely on colour alone.
"""

from __future__ import annotations

CLASS_COLOURS: tuple[str, ...] = (
    "#005ac6", "#d87e12", "#00877e", "#c63624", "#b475cf", "#12cffc", "#d8bd48", "#6c3f75",
    "#24bd6c", "#f30999", "#9024fc", "#f3a2e1", "#2499fc", "#873f00", "#007e09", "#fc5afc",
    "#6375ab", "#878748", "#5112ea", "#f39987", "#2dabb4", "#b41290", "#006348", "#756cfc",
    "#fc6cab", "#fc3651", "#c636e1", "#7e1bab", "#ab6375", "#a2093f",
)  # fmt: skip

MISSING = "#9b9fa4"
"""Grey of everything without a value: no label, no prediction, hidden in blind mode."""


def colour(i: int) -> str:
    """`#rrggbb` of the i-th class, i >= 0; after thirty the colours repeat."""
    return CLASS_COLOURS[i % len(CLASS_COLOURS)]


def rgb(text: str) -> tuple[int, int, int]:
    """Red, green and blue, 0..255, of `#rrggbb`; `ValueError` for anything else."""
    if len(text) != 7 or text[0] != "#":
        raise ValueError(f"{text!r} is not a colour of the form #rrggbb")
    value = int(text[1:], 16)
    return value >> 16, (value >> 8) & 255, value & 255
