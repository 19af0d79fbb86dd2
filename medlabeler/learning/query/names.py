"""The query strategies by name, for menus, help and settings; imports nothing."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StrategyInfo:
    """One query strategy: `name` in files and on the command line, `title` in menus, what it does in one
    sentence, and where it was published.
    """

    name: str
    title: str
    sentence: str
    source: str


DEFAULT = "auto"

STRATEGIES: dict[str, StrategyInfo] = {
    info.name: info
    for info in (
        StrategyInfo(
            "auto",
            "Automatic",
            "Typical images first, then those the classifier wavers about, spread over all kinds of images.",
            "",
        ),
        StrategyInfo("random", "Random", "Any image with the same chance.", ""),
        StrategyInfo(
            "least_confident",
            "Least confident",
            "The images whose most probable class is least probable.",
            "https://arxiv.org/abs/cmp-lg/9407020",
        ),
        StrategyInfo(
            "margin",
            "Smallest margin",
            "The images whose two most probable classes are closest to each other.",
            "https://doi.org/10.1007/3-540-44816-0_31",
        ),
    )
}
"""In the order of menus."""
