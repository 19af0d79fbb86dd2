"""What is asked before much is done at once: in the window beside the images, never in a dialog."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Question:
    """`sentence` says what would happen, `answer` is what the button that does it says, `act` does it."""

    sentence: str
    answer: str
    act: Callable[[], None]
