"""The query strategies: the one list that menus, help, settings, simulations and `suggest` read.

Imports none of them before it is asked, so that `--help` and the window stay quick.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from medlabeler.domain.language import tr

if TYPE_CHECKING:
    import numpy as np

    from medlabeler.learning.query.situation import Proposal, Situation

Family = Literal["evidence", "doubt", "coverage", "class", "chance"]
"""What a strategy goes by: all of it, the classifier's doubt, coverage of the images, classes, nothing."""


@dataclass(frozen=True, slots=True)
class StrategyInfo:
    """One query strategy: `name` in files and on the command line, `title` in menus, what it does in one
    sentence, what it goes by, where it was published, and the `module` with its function `propose`.
    """

    name: str
    title: str
    sentence: str
    family: Family
    source: str
    module: str

    def load(self) -> Callable[[Situation, int, np.random.Generator], Proposal]:
        """The strategy itself: `propose(situation, n, rng)` ranks candidates, more than the n asked for."""
        propose: Callable[[Situation, int, np.random.Generator], Proposal]
        propose = importlib.import_module(self.module).propose
        return propose


DEFAULT = "auto"
RANDOM = "random"


def _own(
    name: str, title: str, sentence: str, family: Family, source: str = "", file: str = ""
) -> StrategyInfo:
    """A strategy that stands in this package, in the file of its name unless another is given."""
    return StrategyInfo(
        name, tr(title), tr(sentence), family, source, f"medlabeler.learning.query.{file or name}"
    )


STRATEGIES: dict[str, StrategyInfo] = {
    info.name: info
    for info in (
        _own(
            "auto",
            "Automatic",
            "Typical images first, then those the classifier wavers about, spread over all kinds of images.",
            "evidence",
        ),
        _own("random", "Random", "Any image with the same chance.", "chance", file="random_draw"),
        _own(
            "least_confident",
            "Least confident",
            "The images whose most probable class is least probable.",
            "doubt",
            "https://arxiv.org/abs/cmp-lg/9407020",
        ),
        _own(
            "margin",
            "Smallest margin",
            "The images whose two most probable classes are closest to each other.",
            "doubt",
            "https://doi.org/10.1007/3-540-44816-0_31",
        ),
        _own(
            "entropy",
            "Highest entropy",
            "The images whose probabilities are spread most evenly over the classes.",
            "doubt",
            "http://digital.library.wisc.edu/1793/60660",
        ),
        _own(
            "coreset",
            "Farthest from labels",
            "The images least like anything labelled so far (k-centre greedy, CoreSet).",
            "coverage",
            "https://arxiv.org/abs/1708.00489",
        ),
        _own(
            "typiclust",
            "Typical of a cluster",
            "The most typical image of each cluster without labels (TypiClust).",
            "coverage",
            "https://arxiv.org/abs/2202.02794",
        ),
        _own(
            "probcover",
            "Best cover",
            "The images that stand for the most images far from any label (ProbCover).",
            "coverage",
            "https://arxiv.org/abs/2205.11320",
        ),
        _own(
            "dropquery",
            "Disputed, by cluster",
            "Images whose prediction changes when parts of what is known of them are left out (DropQuery).",
            "doubt",
            "https://arxiv.org/abs/2401.14555",
        ),
        _own(
            "rare",
            "Rare classes",
            "The images nearest to the labels of the classes that have the fewest.",
            "class",
            "https://ojs.aaai.org/index.php/HCOMP/article/view/13334",
        ),
    )
}
"""In the order of menus."""
