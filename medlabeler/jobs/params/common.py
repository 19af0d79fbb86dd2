"""Options that several jobs have."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from medlabeler.domain.options import count, option, positive
from medlabeler.learning.classifiers.registry import CLASSIFIERS

DEVICE = option("--device", choices=("auto", "cpu", "cuda", "mps"), help="where to compute (%(default)s)")
ALLOW_DOWNLOAD = option("--allow-download", switch=True, help="fetch weights that are not on this machine")
MACHINES = option(
    "--machines",
    read=positive,
    metavar="M",
    help="share each batch with so many machines that see the project's folder (default: this one)",
)
ACROSS = option(
    "--across",
    metavar="ADDRESS",
    help="with --machines: the address the others reach this one by; what travels is not encrypted",
)
CLASSIFIER = option(
    "--classifier", choices=tuple(CLASSIFIERS), help="which classifier; default: the project's own"
)
WITHOUT_NAMES = option(
    "--without-names",
    switch=True,
    help="call images by hashes that only this project can resolve, not by the names of their files",
)

AGAINST_TEST = option(
    "--against",
    choices=("auto", "test-labels", "reference"),
    help="whose labels of the test set: a person's, or those that came with the images; auto: a person's, if"
    " there are some",
)

IMAGE_COLUMN = option(
    "--image-column",
    metavar="NAME",
    help="the column that names the image; default: one called image, path, file or alike, else the one "
    "with the names of files",
)
LABEL_COLUMN = option(
    "--label-column",
    metavar="NAME",
    help="the column that names the class, - for none; default: one called label, class, diagnosis or alike",
)

NONE_IS_CLASS = option(
    "--none-is-a-class",
    switch=True,
    help="None, NA, NaN and their kind in the column of the class name a class; else they mean no label",
)

EXCEL = option(
    "--excel", switch=True, help="write CSV with a byte order mark, so that Excel reads letters as they are"
)


def seed_of(what: str) -> Mapping[str, Any]:
    """`--seed`, with its default."""
    return option("--seed", read=count, metavar="S", help=f"seed of the {what} (%(default)s)")
