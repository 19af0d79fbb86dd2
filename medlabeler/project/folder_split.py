"""Folders whose names say what their images are for, as published sets have them: Training, Testing."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import PurePosixPath

_ROLES = {
    "train": "train", "training": "train", "trainset": "train", "train_set": "train", "training_set": "train",
    "val": "train", "valid": "train", "validation": "train",
    "test": "test", "testing": "test", "testset": "test", "test_set": "test", "testing_set": "test",
}  # fmt: skip


def role_of(path: str) -> str:
    """ "train" or "test" by the first folder of a relative POSIX path that is called so, else ""."""
    for name in PurePosixPath(path).parts[:-1]:
        if role := _ROLES.get(name.casefold().replace(" ", "_").replace("-", "_")):
            return role
    return ""


def told(paths: Iterable[str]) -> tuple[int, int]:
    """Images to learn from and test images by their folders; both 0 unless there are folders of both."""
    roles = [role_of(path) for path in paths]
    n_train, n_test = roles.count("train"), roles.count("test")
    return (n_train, n_test) if n_train and n_test else (0, 0)
