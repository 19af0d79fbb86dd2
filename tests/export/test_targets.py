"""Targets are examined before the work."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.export.targets import check_target


def test_a_place_that_can_be_written_leaves_no_trace(tmp_path: Path) -> None:
    check_target(tmp_path / "out.csv")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "old.csv").write_text("old")
    check_target(tmp_path / "old.csv")
    assert (tmp_path / "old.csv").read_text() == "old"


def test_what_cannot_be_a_target_is_told(tmp_path: Path) -> None:
    project = tmp_path / "project"
    project.mkdir()
    (tmp_path / "in.bundle").write_text("x")
    (tmp_path / "link.csv").symlink_to(tmp_path / "in.bundle")
    (tmp_path / "way").symlink_to(project)
    for target, words in [
        (tmp_path, "is a folder"),
        (tmp_path / "no" / "out.csv", "does not exist"),
        (tmp_path / "in.bundle", "read by this very command"),
        (tmp_path / "link.csv", "read by this very command"),
        (project / "medlabeler.db", "project's own files"),
        (tmp_path / "way" / "out.csv", "project's own files"),
    ]:
        with pytest.raises(UserError, match=words):
            check_target(target, inputs=[tmp_path / "in.bundle"], project=project)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="POSIX permissions")
def test_a_folder_that_may_not_be_written_is_told_before_the_work(unprivileged: Path) -> None:
    with pytest.raises(UserError, match="cannot be written: you have no permission for it"):
        check_target(unprivileged / "out.csv")
