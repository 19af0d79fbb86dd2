"""Where a learning curve is measured; imports nothing, for `--help` tells it too."""

from __future__ import annotations

SIZES = (1, 5, 10, 25, 50, 100, 250, 500, 1000)
"""Labels per class, as in the paper."""
