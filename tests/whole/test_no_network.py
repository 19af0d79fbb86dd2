"""The whole main job, from a folder to predictions of new images, opens no socket beyond this machine."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from open_sockets import SocketWatch, needs_proc
from program import command_line, run

from medlabeler.learning.backbones.registry import STARTER

pytestmark = needs_proc


@pytest.mark.slow
def test_the_main_job_talks_to_nobody(tmp_path: Path) -> None:
    project, sample = tmp_path / "p", tmp_path / "sample"
    with SocketWatch() as watch:
        run("sample", sample, "--images", "60")
        run("new", project, "--images", sample, "--manifest", sample / "manifest.csv", "--reserve", "10")
        run("embed", project, "--backbone", STARTER)
        run("map", project)
        run("label", project, "--adopt-reference")
        run("evaluate", project)
        run(
            "export",
            project,
            "--bundle",
            tmp_path / "b.mlbundle",
            "--labels",
            tmp_path / "l.csv",
            "--with-backbone",
        )
        run("predict", tmp_path / "b.mlbundle", sample, "--out", tmp_path / "o.csv")
        run("pretrain", project, "--steps", "2", "--batch", "8")
    assert command_line()[0] == sys.executable
    assert {"embed", "predict", "reader"} <= set(watch.roles), "nobody was watched"
    assert watch.doors == []
    assert [one for one in watch.seen if one.peer_port and not one.peer.startswith(("127.", "::1"))] == []
