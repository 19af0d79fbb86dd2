"""What a graphics card changes: every figure of `gpu_report`, where there is a card."""

from __future__ import annotations

import sys

from gpu_report import PARTS, _rows_of
from measure import machine, tell

NOT_HERE = 77
SIGNS = {"images/s": ("images/s", True), " ms": ("ms", False), "GiB": ("GiB", False)}
"""What a column ends with: its unit, and whether more of it is better."""


def main() -> int:
    """Print and tell; 77 without a card."""
    import torch

    if not torch.cuda.is_available():
        print("there is no graphics card here that torch can use")
        return NOT_HERE
    print(machine(), torch.cuda.get_device_name(0))
    trouble = 0
    for part in PARTS:
        for row in _rows_of(part, "cuda", tiny=False):
            case = f"{part}, {row['case']}"
            trouble |= "note" in row
            for column, value in row.items():
                unit = next((known for sign, known in SIGNS.items() if column.endswith(sign)), None)
                if unit is None or not isinstance(value, int | float):
                    continue
                bare = (
                    "baseline: bare images/s" if column != "bare images/s" and "bare images/s" in row else ""
                )
                name = f"baseline: {column}" if column == "bare images/s" else column
                tell(
                    f"{case}: {name}", float(value), unit[0], more_is_better=unit[1],
                    baseline=f"{case}: {bare}" if bare and unit[1] else "",
                )  # fmt: skip
            print(row, flush=True)
    return trouble


if __name__ == "__main__":
    sys.exit(main())
