"""The report of a project, and the same figures found again from its events."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filled_project import Names, filled_project
from program import run_json

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import speaking
from medlabeler.domain.progress import SilentProgress
from medlabeler.domain.types import LabelKind, LabelSource, Split
from medlabeler.jobs import abstain, count, evaluate, probe, replay, report
from medlabeler.project.project import Project

CLASSES = ("<script>alert(1)</script>", "a|b*c_d", "=1+1", '"quoted" & more', "{{ 7*7 }}", "plain")
SECRET = Names(
    classes=CLASSES, file="MILLER-john-{}.png", folder="clinic", group="patient-4711", value="born in May",
    annotator="Ada",
)  # fmt: skip
VOID = {"meta", "img", "source", "br"}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Project]:
    """Cells with names that must not get out, a test set that was labelled and measured on."""
    opened = filled_project(tmp_path_factory.mktemp("report"), SECRET)
    test = np.flatnonzero(opened.catalog.split == Split.TEST)
    opened.journal.decide(
        test,
        LabelKind.LABEL,
        opened.catalog.reference[test],
        name="label",
        source=LabelSource.QUEUE,
        blind=True,
    )
    evaluate.run(opened, evaluate.Params(against="test-labels"), SilentProgress())
    evaluate.run(opened, evaluate.Params(seed=3), SilentProgress())
    for job in (count, abstain, probe):
        job.run(opened, job.Params(), SilentProgress())
    yield opened
    opened.close()


@pytest.fixture(autouse=True, scope="module")
def one_draw() -> Iterator[None]:
    """The learning curve from one draw: what it says is tested elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(report, "CURVE_REPEATS", 1)
        yield


def written(project: Project, folder: Path, **chosen: Any) -> str:
    params = report.Params(html=folder / "r.html", card=folder / "r.md", **chosen)
    report.run(project, params, SilentProgress())
    return (folder / "r.html").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def plain(project: Project, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    """The folder of a report as it is by default, and what the project remembers of it."""
    folder = tmp_path_factory.mktemp("plain")
    written(project, folder)
    stored = project.settings.get(report.SETTING)
    assert isinstance(stored, dict)
    return folder, stored


class Page(HTMLParser):
    """Checks that elements are closed in order; keeps the text, the attributes and the scripts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.addresses: list[str] = []
        self.scripts: list[dict[str, str | None]] = []
        self.feed(text)
        assert not self.open, self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses += [given[name] or "" for name in ("src", "srcset", "href") if name in given]
        if tag == "script":
            self.scripts.append(given)
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)


def test_the_page_holds_everything_and_nothing_from_elsewhere(
    project: Project, plain: tuple[Path, dict[str, Any]]
) -> None:
    page = Page((plain[0] / "r.html").read_text(encoding="utf-8"))
    words = " ".join(" ".join(page.words).split())
    for name in CLASSES:
        assert name in words
    for heading in (
        "Images and classes", "Training images and test set", "Who labelled, and how", "On the test set",
        "By cross-validation on the labels", "Confusion matrix", "How far its confidence can be trusted",
        "Learning curve", "The map", "Confounders", "When it keeps silent", "Counts", "group 1",
        "What these figures do not tell", "Intended use", "Methods",
        "Seeds, versions, hashes", "not a medical device",
    ):  # fmt: skip
        assert heading in words, heading
    assert re.search(r"All are (\d+) x \1 pixels\.", words), "their one size, not a range of it"
    newest = {point.measured_on: point for point in project.history.all()}
    for point in newest.values():
        assert point.facts.get("seed") == 3 or f"{100 * point.balanced_accuracy:.1f} %" in words
    assert all(address.startswith("data:image/") for address in page.addresses)
    assert [script["type"] for script in page.scripts] == ["application/json"]
    assert not page_names_pictures(page)


def page_names_pictures(page: Page) -> bool:
    """Whether there are photographs on it."""
    return any(address.startswith("data:image/jpeg") for address in page.addresses)


def test_no_file_group_or_path_gets_out_unless_it_was_chosen(plain: tuple[Path, dict[str, Any]]) -> None:
    secret = re.compile(r"MILLER|4711|clinic|born|/tmp|pytest", re.IGNORECASE)
    for name in ("r.html", "r.md"):
        text = (plain[0] / name).read_text(encoding="utf-8")
        assert not secret.findall(re.sub(r"data:image/\w+;base64,[\w+/=]+", "", text))


@pytest.mark.slow
def test_pictures_and_their_names_come_only_when_asked_for(project: Project, tmp_path: Path) -> None:
    with_pictures = written(project, tmp_path, pictures=2)
    assert page_names_pictures(Page(with_pictures))
    assert "MILLER" not in re.sub(r"base64,[\w+/=]+", "", with_pictures)
    assert "MILLER-john-" in written(project, tmp_path, pictures=2, names=True)


def test_the_card_is_markdown_in_which_names_stay_names(plain: tuple[Path, dict[str, Any]]) -> None:
    card = (plain[0] / "r.md").read_text(encoding="utf-8")
    assert r"a\|b\*c\_d" in card
    assert r"\<script\>" in card
    assert "<script>" not in card
    tables = re.findall(r"(?:^\|.*\n)+", card, re.MULTILINE)
    assert len(tables) == 6, "labels, two measurements, other causes, when it keeps silent, counts"
    for table in tables:
        cells = {len(re.findall(r"(?<!\\)\|", line)) for line in table.splitlines()}
        assert len(cells) == 1, table


def test_the_same_page_as_pdf(project: Project, tmp_path: Path) -> None:
    report.run(project, report.Params(pdf=tmp_path / "r.pdf"), SilentProgress())
    content = (tmp_path / "r.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) > 2
    assert list(tmp_path.iterdir()) == [tmp_path / "r.pdf"]


@pytest.mark.slow
def test_a_report_before_there_is_anything_to_measure(tmp_path: Path) -> None:
    run_json("sample", tmp_path / "s", "--images", "30")
    run_json("new", tmp_path / "p", "--images", tmp_path / "s", "--manifest", tmp_path / "s/manifest.csv")
    told = run_json("report", tmp_path / "p", "--html", tmp_path / "r.html", "--title", "Nothing yet")
    assert told["files"] == [str(tmp_path / "r.html")]
    words = " ".join(Page((tmp_path / "r.html").read_text(encoding="utf-8")).words)
    assert "Nothing yet" in words
    assert "No accuracy is known" in words
    run_json("report", tmp_path / "p", "--html", tmp_path / "d.html", MEDLABELER_LANGUAGE="de")
    german = " ".join(Page((tmp_path / "d.html").read_text(encoding="utf-8")).words)
    assert "Bericht über einen Bildklassifikator" in german
    assert "Keine Genauigkeit ist bekannt" in german
    told = run_json("replay", tmp_path / "p")
    assert told["differences"] == []
    assert told["n_figures"] > 20


def test_wrong_requests_have_a_sentence_and_leave_nothing(project: Project, tmp_path: Path) -> None:
    stale = replace(report.gather(project, report.Params()), revision=0)
    there = tmp_path / "there.html"
    there.write_text("mine")
    for params, words in (
        (report.Params(), "No file was named"),
        (report.Params(html=tmp_path / "no" / "r.html"), "does not exist"),
        (report.Params(html=project.path / "r.html"), "among the project's own files"),
        (report.Params(html=tmp_path / "r", card=tmp_path / "r"), "the same name"),
        (report.Params(html=tmp_path / "r", gathered=stale), "Labels were given"),
    ):
        with pytest.raises(UserError, match=words):
            report.run(project, params, SilentProgress())
    assert list(tmp_path.iterdir()) == [there]
    for text, words in (
        ("mine", "is no report"),
        ('<script type="application/json" id="medlabeler-report">{"a"</script>', "damaged"),
        ('<script type="application/json" id="medlabeler-report">[]</script>', "another version"),
    ):
        there.write_text(text)
        with pytest.raises(UserError, match=words):
            replay.run(project, replay.Params(there), SilentProgress())
    with pytest.raises(UserError, match="cannot be read"):
        replay.run(project, replay.Params(tmp_path / "gone.html"), SilentProgress())


# ---------------------------------------------------------------------- replay


@pytest.fixture
def stated(project: Project, plain: tuple[Path, dict[str, Any]]) -> dict[str, Any]:
    """The figures of the plain report, which is the last one."""
    project.settings.set(report.SETTING, plain[1])
    return copy.deepcopy(plain[1])


def again(project: Project, file: Path | None = None) -> dict[str, Any]:
    return replay.run(project, replay.Params(file), SilentProgress()).summary


def test_figures_that_are_not_so_are_named(project: Project, stated: dict[str, Any]) -> None:
    forgeries: list[tuple[tuple[Any, ...], Any, str]] = [
        (("data", "n_pool"), 95, "images, training images: 95 in the report, 96 computed again"),
        (("classes", 0, "n_pool"), 99, "training images: 99 in the report"),
        (("data", "labels_sha256"), "0" * 64, "images, fingerprint of the labels: 00"),
        (
            ("labels", "report", "balanced_accuracy"),
            0.999,
            "balanced accuracy: 99.9 % in the report",
        ),
        (("labels", "report", "confusion", 0, 0), 77, "confused classes, 1, 1: 77 in the report"),
        (("test", "report", "per_class", 1, "recall"), 0.123, "recall: 12.3 % in the report"),
        (("sittings", 0, "n_labels"), 1000, "labels: 1000 in the report"),
        (("curve", "series", 0, "points", 0, "mean"), 0.111, "mean: 11.1 % in the report"),
        (("n_looks",), 7, "looks at the test set: 7 in the report, 1 computed again"),
        (("annotators", 0), "Eve", "Eve in the report, Ada computed again"),
        (("tables", 1, "rows", 0, 2), "99", "tables, abstention, rows, 1, 3: 99 in the report"),
        (("tables", 2, "rows", 3, 4), "77.7", "tables, counts, rows, 4, 5: 77.7 in the report"),
    ]
    for path, value, _ in forgeries:
        place: Any = stated
        for step in path[:-1]:
            place = place[step]
        place[path[-1]] = value
    project.settings.set(report.SETTING, stated)
    told = again(project)["differences"]
    assert len(told) == len(forgeries), told
    for *_, words in forgeries:
        assert any(words in one for one in told), (words, told)


def test_every_figure_is_found_again_also_after_further_work(
    project: Project, stated: dict[str, Any], plain: tuple[Path, dict[str, Any]]
) -> None:
    told = again(project)
    assert told["differences"] == []
    assert told["not_repeated"] == []
    assert len(stated["tables"]) == 3
    assert told["n_measurements"] == len(project.history.all())
    assert told["n_figures"] > 300
    # What it was measured on was said in other words by an earlier version.
    stated["labels"]["on"] = "the labels of 40 images of the pool, by cross-validation"
    project.settings.set(report.SETTING, stated)
    assert again(project)["differences"] == []
    # Labels, a class that is renamed, one merged into another: the report is of before.
    free = np.flatnonzero((project.labels.kind == 0) & (project.catalog.split == Split.POOL))[:5]
    one, other = (c.id for c in project.classes.all()[4:6])
    steps = [
        project.journal.decide(free, LabelKind.LABEL, one, name="label", source=LabelSource.CLICK),
        project.journal.rename_class(one, "renamed"),
        project.journal.merge_classes(other, one),
    ]
    try:
        told = again(project, plain[0] / "r.html")
        assert told["differences"] == []
        assert len(told["not_repeated"]) == 3  # counts and the like are told of the labels as they are
    finally:
        for _ in steps:
            project.journal.undo()


@pytest.mark.slow
def test_a_report_in_another_language_is_the_same_report(
    project: Project, stated: dict[str, Any], tmp_path: Path
) -> None:
    """Written in German, with its decimal commas, and found again by a program that speaks English."""
    with speaking("de"):
        text = written(project, tmp_path)
    page = " ".join(" ".join(Page(text).words).split())
    assert '<html lang="de">' in text
    for words in ("Balancierte Genauigkeit", "Bilder und Klassen", "Gruppe 1", "95-%-Intervall", "Startwert"):
        assert words in page, words
    assert not re.search(r"\d\.\d %", page)
    assert re.search(r"\d,\d %", page)
    german = project.settings.get(report.SETTING)
    assert isinstance(german, dict)
    assert german["tables"][2]["rows"] != stated["tables"][2]["rows"]
    assert again(project, tmp_path / "r.html")["differences"] == []


def test_a_measurement_that_cannot_be_repeated_says_why(project: Project, stated: dict[str, Any]) -> None:
    """The vectors of one image are gone: what was measured with them is not called different."""
    digest = project.catalog.digest.copy()
    project.catalog.digest[3] = b"0" * 64
    try:
        told = again(project)
    finally:
        project.catalog.digest = digest
    why = [one for one in told["not_repeated"] if "had looked at 120 images then, at 119 now" in one]
    assert len(why) == len(project.history.all())
    assert any(
        "the image model has seen: 120 in the report, 119 computed again" in one
        for one in told["differences"]
    )
