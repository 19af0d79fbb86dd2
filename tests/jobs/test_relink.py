"""A moved folder is followed only when its images are recognised; nothing else changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from medlabeler.cli.main import main
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource
from medlabeler.jobs import import_images, new, relink
from medlabeler.project.project import Project
from medlabeler.project.sources import Spec, stored

N = 12


def pictures(folder: Path, start: int, n: int = N) -> Path:
    folder.mkdir(parents=True)
    for i in range(n):
        Image.fromarray(np.full((6, 6, 3), start + i, np.uint8)).save(folder / f"{i}.png")
    return folder


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    """Two folders in `old`, one elsewhere; a file of the first is broken, three images are labelled."""
    one = pictures(tmp_path / "old/one", 0)
    (one / "broken.png").write_bytes(b"\x89PNG")
    with new.create(new.Params(tmp_path / "p", images=one)) as made:
        import_images.run(made, import_images.Params(), SilentProgress())
        for folder, start in (("old/two", 50), ("else", 100)):
            spec = Spec(images=pictures(tmp_path / folder, start))
            import_images.run(made, import_images.Params(spec), SilentProgress())
        made.journal.add_class("EOS")
        made.journal.decide([0, 1, 2], LabelKind.LABEL, 1, name="label", source=LabelSource.CLICK)
        yield made


def move(project: Project, old: Path, to: Path) -> dict[str, object]:
    return relink.run(project, relink.Params(old, to), SilentProgress()).summary


def test_what_holds_several_folders_moves_them_all(project: Project, tmp_path: Path) -> None:
    (tmp_path / "old").rename(tmp_path / "new")
    assert not project.catalog.path(0).exists()
    assert relink.missing_roots(project.catalog.roots()) == [
        str(tmp_path / "old" / name) for name in ("one", "two")
    ]
    assert move(project, tmp_path / "old", tmp_path / "new")["n_images"] == 2 * N
    project.close()
    with Project.open(tmp_path / "p") as again:
        files = [again.catalog.path(row) for row in range(again.catalog.n)]
        assert all(file.exists() for file in files)
        assert files[0].parent == tmp_path / "new/one"
        assert files[-1].parent == tmp_path / "else"
        assert again.labels.n_labelled == 3
        assert [path for path, _ in again.catalog.skipped()] == [str(tmp_path / "new/one/broken.png")]
        # Looking again looks there, and knows the images.
        assert next(s.spec.images for s in stored(again.settings)) == tmp_path / "new/one"
        found = import_images.run(again, import_images.Params(), SilentProgress()).summary
        assert (found["n_images"], found["n_added_or_changed"], found["problems"]) == (3 * N, 0, [])


def test_adopting_twice_does_no_harm(project: Project, tmp_path: Path) -> None:
    (tmp_path / "old").rename(tmp_path / "new")
    task = relink.plan(project, relink.Params(tmp_path / "old", tmp_path / "new"))
    facts = relink.work(task, SilentProgress())
    for _ in range(2):
        relink.adopt(project, task, facts)
    assert project.catalog.roots() == [str(tmp_path / name) for name in ("new/one", "new/two", "else")]


def test_other_images_under_the_same_names_are_refused(project: Project, tmp_path: Path) -> None:
    pictures(tmp_path / "new", 200)
    before = project.catalog.roots()
    with pytest.raises(UserError, match=r"holds other images: 12 of 12 .* Nothing was changed"):
        move(project, tmp_path / "old/one", tmp_path / "new")
    assert project.catalog.roots() == before


def test_each_image_is_compared(project: Project, tmp_path: Path) -> None:
    """Fails before: of many images sixty were looked at, and one that was replaced went unseen."""
    spec = Spec(images=pictures(tmp_path / "many", 0, 200))
    import_images.run(project, import_images.Params(spec), SilentProgress())
    (tmp_path / "many").rename(tmp_path / "moved")
    swapped = [tmp_path / f"moved/{i}.png" for i in range(200)]
    for at in (17, 130):
        Image.fromarray(np.full((6, 6, 3), 250, np.uint8)).save(swapped[at])
    facts = relink.work(
        relink.plan(project, relink.Params(tmp_path / "many", tmp_path / "moved")), SilentProgress()
    )
    assert facts == relink.Facts(200, 0, 2)
    result = relink.run(project, relink.Params(tmp_path / "many", tmp_path / "moved"), SilentProgress())
    assert "2 of 200 are other pictures than imported" in result.sentence


def test_more_than_a_tenth_of_other_images_is_another_folder(project: Project, tmp_path: Path) -> None:
    """Also where the first sixty compared show it less."""
    (tmp_path / "old/one").rename(tmp_path / "new")
    for at in (1, 2):
        Image.fromarray(np.full((6, 6, 3), 250, np.uint8)).save(tmp_path / f"new/{at}.png")
    with pytest.raises(UserError, match=r"2 of 12 looked at differ"):
        move(project, tmp_path / "old/one", tmp_path / "new")


def test_an_empty_place_is_refused_and_a_few_missing_images_are_told(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    with pytest.raises(UserError, match=r"12 of 12 looked for are missing"):
        move(project, tmp_path / "old/one", tmp_path / "new")
    (tmp_path / "new").rmdir()
    (tmp_path / "old/one").rename(tmp_path / "new")
    (tmp_path / "new/3.png").unlink()
    result = relink.run(project, relink.Params(tmp_path / "old/one", tmp_path / "new"), SilentProgress())
    assert result.sentence.endswith("1 of 12 looked at are missing there.")


def test_folders_that_make_no_sense_get_a_sentence(project: Project, tmp_path: Path) -> None:
    for old, to, sentence in (
        ("old/one", "nowhere", "nowhere is not a folder"),
        ("nothing", "else", "No image of the project lies in"),
        ("old/on", "else", "No image of the project lies in"),  # a name that only begins alike
        ("old/one", "else", "is another folder of this project already"),
    ):
        with pytest.raises(UserError, match=sentence):
            move(project, tmp_path / old, tmp_path / to)


def test_two_folders_may_change_places(project: Project, tmp_path: Path) -> None:
    one, two = str(tmp_path / "old/one"), str(tmp_path / "old/two")
    project.catalog.move_roots({one: two, two: one})
    project.close()
    with Project.open(tmp_path / "p") as again:
        assert again.catalog.roots()[:2] == [two, one]


def test_the_command(project: Project, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    project.close()
    (tmp_path / "old").rename(tmp_path / "new")
    path, old, to = (str(tmp_path / name) for name in ("p", "old", "new"))
    assert main(["relink", path, "--from", old, "--to", str(tmp_path / "else")]) == 2
    assert "missing" in capsys.readouterr().err
    assert main(["relink", path, "--from", old, "--to", to, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["n_looked_at"] == 2 * N
