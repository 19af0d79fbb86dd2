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
        StrategyInfo(
            "entropy",
            "Highest entropy",
            "The images whose probabilities are spread most evenly over the classes.",
            "http://digital.library.wisc.edu/1793/60660",
        ),
        StrategyInfo(
            "coreset",
            "Farthest from labels",
            "The images least like anything labelled so far (k-centre greedy, CoreSet).",
            "https://arxiv.org/abs/1708.00489",
        ),
        StrategyInfo(
            "typiclust",
            "Typical of a cluster",
            "The most typical image of each cluster without labels (TypiClust).",
            "https://arxiv.org/abs/2202.02794",
        ),
        StrategyInfo(
            "probcover",
            "Best cover",
            "The images that stand for the most images far from any label (ProbCover).",
            "https://arxiv.org/abs/2205.11320",
        ),
        StrategyInfo(
            "dropquery",
            "Disputed, by cluster",
            "Images whose prediction changes when parts of the embedding are left out (DropQuery).",
            "https://arxiv.org/abs/2401.14555",
        ),
        StrategyInfo(
            "rare",
            "Rare classes",
            "The images nearest to the labels of the classes that have the fewest.",
            "https://ojs.aaai.org/index.php/HCOMP/article/view/13334",
        ),
    )
}
"""In the order of menus."""
