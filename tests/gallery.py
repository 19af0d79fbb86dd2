"""Renders every mode and dialog, in every size, theme, scale and language: gallery.py FOLDER [--guide].

One process for each screen, scale and language, because Qt takes them at its start. FOLDER gets PNGs,
`faults.json` and an `index.html` that shows them all. `--guide` takes the pictures of the guide into
resources/guide/pictures.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
Size = tuple[int, int]
SCREENS: tuple[tuple[Size, ...], ...] = (((1024, 700),), ((1440, 900), (2560, 1440)))
"""Sizes of the main window on one screen, which has the last of them. A dialog has a size of its own, which
it gives up only where it does not fit: on the large screen it is looked at once, and must fit the smaller."""
SCALES = (1.0, 1.5, 2.0)
LANGUAGES = ("en", "de")
GUIDE = ("label", "explore", "review", "results")
GUIDE_SIZE = (1240, 800)


@dataclass(frozen=True)
class Shot:
    """What one process shows. `filled`: the folder of the project that it opens a copy of."""

    sizes: tuple[Size, ...]
    scale: float
    language: str
    filled: str
    guide: bool = False
    pictures: bool = True
    """All of them are kept; otherwise those with faults, which saves half of the time."""


def render(
    folder: Path,
    sizes: tuple[Size, ...],
    scale: float,
    language: str,
    *,
    guide: bool = False,
    pictures: bool = True,
) -> dict[str, list[str]]:
    """All sights of one screen, scale and language; the faults of each by the name of its file.

    In the dark theme the windows, in the light one also what is over them, behind them and filled into them:
    what does not fit in one theme does not fit in the other.
    """
    from filled_project import Names, made

    shot = Shot(sizes, scale, language, str(made(Names())), guide, pictures)
    with tempfile.TemporaryDirectory(prefix="gallery-home-", ignore_cleanup_errors=True) as home:
        of_program = {"MEDLABELER_LANGUAGE": language, "MEDLABELER_HOME": home}
        shots = subprocess.run(
            [sys.executable, __file__, str(folder), "--shot", json.dumps(asdict(shot))],
            env={**_environment(folder, sizes[-1], scale), **of_program},
            capture_output=True,
            text=True,
            timeout=600,
        )
    lines = [line for line in shots.stdout.splitlines() if line.startswith("{")]
    if shots.returncode or not lines:
        raise RuntimeError(shots.stderr[-4000:])
    found: dict[str, list[str]] = json.loads(lines[-1])
    return found


def _environment(folder: Path, size: Size, scale: float) -> dict[str, str]:
    """A screen of `size` in units of the program, `scale` times as many pixels."""
    folder.mkdir(parents=True, exist_ok=True)
    screen = {
        "name": "gallery",
        "x": 0,
        "y": 0,
        "width": round(size[0] * scale),
        "height": round(size[1] * scale),
    }
    config = folder / f"screen-{size[0]}x{size[1]}-{scale}.json"
    config.write_text(json.dumps({"screens": [{**screen, "logicalDpi": 96, "dpr": 1}]}))
    return {
        **os.environ,
        "QT_QPA_PLATFORM": f"offscreen:configfile={config}",
        "QT_SCALE_FACTOR": str(scale),
        "QT_SCALE_FACTOR_ROUNDING_POLICY": "PassThrough",
        "HF_HUB_OFFLINE": "1",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests/support")]),
    }


def shoot(folder: Path, shot: Shot) -> dict[str, list[str]]:
    """In the process of one screen and scale: show everything once, keep it as PNG, and look for faults."""
    from medlabeler.domain.settings import Settings
    from medlabeler.gui.window.language import speak_as_chosen

    settings = Settings()
    speak_as_chosen(settings)  # before anything that says something is loaded

    from every_window import every_sight, every_window
    from filled_project import bring_to_life, filled_project
    from PySide6.QtTest import QTest
    from showing import wait

    from medlabeler.gui.window.app import make_application
    from medlabeler.gui.window.main_window import MainWindow
    from medlabeler.open_project.engine import EngineBridge

    EngineBridge.start = lambda self: None  # type: ignore[method-assign]  # predictions are handed in
    settings.set("theme", "light" if shot.guide else "dark")
    settings.set("annotator", "Ada")
    make_application(settings)
    window = MainWindow(settings)
    album = Album(folder, shot, window)
    window.resize(*shot.sizes[0])
    window.show()
    album.look("welcome", window)
    with tempfile.TemporaryDirectory() as place:
        window.current.take(filled_project(Path(place), made_in=Path(shot.filled)), start=False)
        assert window.opened is not None
        bring_to_life(window.opened)
        QTest.qWait(400)
        for name, shown in every_window(window):
            if shot.guide and window.page is not None:
                looks = window.page.looks.looks
                wait(lambda of=looks: of.job is None)  # the guide shows what a search finds, not that it runs
            album.look(name, shown)
        if not shot.guide:
            window.set_theme("light")
            wait(lambda: not window._turns._timer.isActive())  # it is put on by and by
            for name, shown in every_sight(window):
                album.look(name, shown)
        window.close()
    return album.found


class Album:
    """Looks at what is shown, in each size; keeps its pictures and what is wrong with it."""

    def __init__(self, folder: Path, shot: Shot, window: Any) -> None:
        self.folder = folder
        self.shot = shot
        self.window = window
        self.found: dict[str, list[str]] = {}

    def look(self, name: str, shown: Any) -> None:
        if shown is not self.window:
            self._look(name, shown, self.shot.sizes[0])
            return
        for size in self.shot.sizes:
            shown.resize(*size)
            self._look(name, shown, size)
        shown.resize(*self.shot.sizes[0])

    def _look(self, name: str, shown: Any, room: Size) -> None:
        from layout_faults import faults
        from PySide6.QtCore import QSize
        from PySide6.QtTest import QTest

        QTest.qWait(60)
        theme = self.window.settings.get("theme")
        kind = f"{room[0]}x{room[1]}-{self.shot.scale:g}-{theme}"
        language = "" if self.shot.language == "en" else f"-{self.shot.language}"
        file = f"{name.replace(' ', '_')}-{kind}{language}.png"
        picture = shown.grab()
        wrong = faults(shown, QSize(*room))
        if not _something(picture.toImage()):
            wrong.append("nothing is painted")
        self.found[file] = wrong
        if wrong or self.shot.pictures:
            picture.save(str(self.folder / file))


def _something(image: Any) -> bool:
    """Whether more than one colour is seen."""
    few = image.scaled(64, 64)
    return len({few.pixel(x, y) for x in range(64) for y in range(64)}) > 1


def index(folder: Path, found: dict[str, list[str]]) -> None:
    """A page with all pictures, those with faults first."""
    rows = []
    for file in sorted(found, key=lambda name: (not found[name], name)):
        wrong = "".join(f"<li>{html.escape(line)}</li>" for line in found[file])
        rows.append(
            f"<figure><figcaption>{file}<ul>{wrong}</ul></figcaption><img src='{file}' loading=lazy></figure>"
        )
    style = "body{font:14px sans-serif} img{max-width:100%;border:1px solid #999} li{color:#b3261e}"
    body = f"<meta charset=utf-8><title>Gallery</title><style>{style}</style>{''.join(rows)}"
    (folder / "index.html").write_text(body, encoding="utf-8")
    (folder / "faults.json").write_text(json.dumps(found, indent=1), encoding="utf-8")


def take_guide_pictures() -> None:
    """The four modes, light, small enough to ship."""
    from PIL import Image

    target = ROOT / "resources/guide/pictures"
    with tempfile.TemporaryDirectory() as place:
        for file in render(Path(place), (GUIDE_SIZE,), 1.0, "en", guide=True):
            name = file.partition("-")[0].removeprefix("main_window,_")
            if name in GUIDE:
                Image.open(Path(place) / file).convert("RGB").save(target / f"{name}.png", optimize=True)


def main() -> int:
    """The number of faults, as exit code 1 if there are any."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument(
        "folder", type=Path, nargs="?", default=Path(tempfile.gettempdir()) / "medlabeler-gallery"
    )
    parser.add_argument("--guide", action="store_true")
    parser.add_argument("--shot", type=json.loads, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.shot:
        print(json.dumps(shoot(options.folder, Shot(**options.shot))))
        return 0
    sys.path.insert(0, str(ROOT / "tests/support"))
    if options.guide:
        take_guide_pictures()
        return 0
    found: dict[str, list[str]] = {}
    for sizes in SCREENS:
        for scale in SCALES:
            for language in LANGUAGES:
                found |= render(options.folder, sizes, scale, language)
    index(options.folder, found)
    wrong = sum(len(lines) for lines in found.values())
    print(f"{len(found)} pictures, {wrong} faults: {options.folder / 'index.html'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
