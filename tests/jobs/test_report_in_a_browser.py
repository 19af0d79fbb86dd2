"""The report in a real browser: it asks for nothing from elsewhere, is light or dark as wished, prints."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
from filled_project import filled_project
from PIL import Image

from medlabeler.domain.progress import SilentProgress
from medlabeler.jobs import count, report
from medlabeler.project.project import Project

BROWSER = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BROWSER is None, reason="no Chromium on this machine"),
]
DARK, LIGHT = 0, 1


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report with counts of groups and pictures of cells."""
    folder = tmp_path_factory.mktemp("browser")
    project = filled_project(folder)
    try:
        made(project, folder / "r.html")
    finally:
        project.close()
    return folder / "r.html"


def made(project: Project, file: Path) -> None:
    count.run(project, count.Params(against="reference"), SilentProgress())
    report.run(project, report.Params(html=file, pictures=1), SilentProgress())


def browse(folder: Path, page: Path, *options: str) -> None:
    """Open `page` in Chromium without a window."""
    subprocess.run(
        [
            str(BROWSER), "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
            "--no-first-run", f"--user-data-dir={folder / 'profile'}", "--hide-scrollbars", *options,
            page.as_uri(),
        ],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip


def seen(folder: Path, page: Path, scheme: int) -> np.ndarray:
    """The page as pixels (h, w, 3), on a screen 1,200 pixels wide."""
    shot = folder / f"{scheme}.png"
    browse(
        folder, page, f"--screenshot={shot}", "--window-size=1200,3000",
        f"--blink-settings=preferredColorScheme={scheme}",
    )  # fmt: skip
    return np.asarray(Image.open(shot).convert("RGB"))


def test_it_is_light_or_dark_as_wished_and_nothing_is_wider_than_the_page(page: Path, tmp_path: Path) -> None:
    light, dark = (seen(tmp_path, page, scheme) for scheme in (LIGHT, DARK))
    for pixels, ground in ((light, 255), (dark, 26)):
        middle = pixels[:, 110:1090].mean(axis=2)
        assert np.median(middle) == pytest.approx(ground, abs=8)
        assert np.median(abs(middle - ground), axis=1).max() < 120  # no picture of the other scheme
        assert middle.std() > 10
        assert pixels[:, :90].std(axis=(0, 1)).max() < 2  # nothing beside the page
        assert pixels[:, -90:].std(axis=(0, 1)).max() < 2


def asked_by(folder: Path, page: Path) -> set[str]:
    """What the page, not the browser by itself, asked for; its own data stand in it."""
    log = folder / "net.json"
    browse(folder, page, f"--log-net-log={log}", f"--screenshot={folder / 'n.png'}")
    found = set()
    for event in json.loads(log.read_text(encoding="utf-8"))["events"]:
        told = event.get("params", {})
        if told.get("initiator", "not an origin") != "not an origin" and "url" in told:
            found.add(told["url"])
    return {url for url in found if not url.startswith("data:")}


def test_it_asks_for_nothing_from_elsewhere(page: Path, tmp_path: Path) -> None:
    """A page that asks for a picture is noticed, unless it forbids that itself; the report asks for none."""
    picture = '<img src="http://127.0.0.1:9/cell.png">'
    text = page.read_text(encoding="utf-8").replace("</main>", f"{picture}</main>")
    held, loose = tmp_path / "held.html", tmp_path / "loose.html"
    held.write_text(text, encoding="utf-8")
    loose.write_text(re.sub(r"<meta http-equiv[^>]*>", "", text), encoding="utf-8")
    assert asked_by(tmp_path, loose) == {"http://127.0.0.1:9/cell.png"}
    assert asked_by(tmp_path, held) == set()
    assert asked_by(tmp_path, page) == set()


def test_it_can_be_printed_from_the_browser(page: Path, tmp_path: Path) -> None:
    browse(tmp_path, page, "--no-pdf-header-footer", f"--print-to-pdf={tmp_path / 'r.pdf'}")
    content = (tmp_path / "r.pdf").read_bytes()
    assert content.startswith(b"%PDF-")
    assert 3 < len(re.findall(rb"/Type\s*/Page\b", content)) < 40
