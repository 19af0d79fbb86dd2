"""Words of the field that stand behind "more", each explained where the pointer rests on it.

The guide's glossary has the same sentences.
"""

from __future__ import annotations

import re

from medlabeler.domain.language import tr

MEANINGS = {
    "timm": tr(
        "a public collection of image models (PyTorch Image Models) that the program builds its own from"
    ),
    "hf-hub": tr("the Hugging Face hub, a public store of image models"),
    "checkpoint": tr("a file with the weights of an image model, as its makers or a training saved it"),
}
"""What each means, as in the glossary."""


def explained(text: str) -> str:
    """A line for each word of the field in `text`, for a tooltip; empty where there is none."""
    found = [word for word in MEANINGS if re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)]
    return "\n".join(f"{word}: {MEANINGS[word]}" for word in found)
