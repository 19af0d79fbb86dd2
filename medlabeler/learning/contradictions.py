"""What it is worth that other labels clearly contradict one: how many such labels were wrong in trials."""

from __future__ import annotations

import math
from dataclasses import dataclass

from medlabeler.domain.language import tr
from medlabeler.domain.words import between, percent

FEWEST = 100
"""Labels in the smallest trial."""


@dataclass(frozen=True)
class Band:
    """Trials in which at most `contradicted` of all labels were contradicted: the part 0..1 of the clearly
    contradicted ones that was wrong, with 1 (`low`), 5 (`middle`) and 10 % (`high`, None where that came to
    more contradictions) of all labels wrong.
    """

    contradicted: float
    low: float
    middle: float
    high: float | None

    @property
    def most(self) -> float:
        """The largest part measured."""
        return self.middle if self.high is None else self.high


BANDS = (
    Band(0.2, 0.25, 0.65, None),
    Band(0.3, 0.06, 0.37, 0.71),
    Band(0.4, 0.03, 0.18, 0.35),
    Band(0.6, 0.03, 0.11, 0.22),
)
"""From resources/results/quality.md; measured on two sets of blood cells."""


def expected(n_judged: int, n_contradicted: int) -> Band | None:
    """What trials say where `n_contradicted` of `n_judged` labels are contradicted; None where none was like
    that.

    The part of the labels that are contradicted, wrong or not, tells how well the classes can be told apart.
    """
    if n_judged < FEWEST:
        return None
    return next((band for band in BANDS if n_contradicted <= band.contradicted * n_judged), None)


def sentence(whose: str, n_judged: int, n_contradicted: int, n_clear: int) -> str:
    """'Of 114 labels 37 are contradicted by the others, 14 of them clearly.' And how many to expect wrong."""
    told = tr(
        "Of {n_judged:,} {whose} {n_contradicted:,} are contradicted by the others, {n_clear:,} of them "
        "clearly.",
        n_judged=n_judged,
        whose=whose,
        n_contradicted=n_contradicted,
        n_clear=n_clear,
    )
    if not n_clear:
        return told
    band = expected(n_judged, n_contradicted)
    if band is None:
        few = tr("with fewer than {fewest} labels", fewest=FEWEST)
        why = few if n_judged < FEWEST else tr("where so many labels are contradicted")
        return tr("{told} How many of these are wrong was not measured {why}.", told=told, why=why)
    low, high = math.floor(band.low * n_clear), math.ceil(band.most * n_clear)
    tried = 5 if band.high is None else 10
    wrong = tr(
        "Expect about {middle:.0f} of these to be wrong, {low:,} to {high:,}",
        middle=band.middle * n_clear,
        low=low,
        high=high,
    )
    return tr(
        "{told} {wrong}: in trials on two sets of blood cells {middle} of such "
        "labels were, {between} with 1 to {tried} % of all labels made wrong. No "
        "other images were tried.",
        told=told,
        wrong=wrong,
        middle=percent(band.middle),
        between=between(band.low, band.most),
        tried=tried,
    )
