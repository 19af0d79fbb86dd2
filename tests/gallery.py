"""Renders every mode and dialog, in every size, theme, scale and language: gallery.py FOLDER [--guide].

One process for each scale and size, because Qt takes both at its start. FOLDER gets PNGs, `faults.json` and
an `index.html` that shows them all. `--guide` takes the pictures of the guide into resources/guide/pictures.
"""

from __future__ import annotations

import argparse
import html
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
SIZES = ((1024, 700), (1440, 900), (2560, 1440))
SCALES = (1.0, 1.5, 2.0)
THEMES = ("light", "dark")
LANGUAGES = ("en", "de")
GUIDE = ("label", "explore", "review", "results")
GUIDE_SIZE = (1240, 800)


def render(
    folder: Path,
    size: tuple[int, int],
    scale: float,
    theme: str,
    language: str = "en",
    *,
    states: bool = True,
) -> dict[str, list[str]]:
    """All pictures of one size, scale, theme and language; the faults of each by the name of its file.

    `states`: what is over the windows, behind them and filled into them, too, half of the work.
    """
    shot = [f"{size[0]}x{size[1]}", str(scale), theme, "all" if states else "windows"]
    with tempfile.TemporaryDirectory(prefix="gallery-home-", ignore_cleanup_errors=True) as home:
        of_program = {"MEDLABELER_LANGUAGE": language, "MEDLABELER_HOME": home}
        shots = subprocess.run(
            [sys.executable, __file__, str(folder), "--shot", *shot],
            env={**_environment(folder, size, scale), **of_program},
            capture_output=True,
            text=True,
            timeout=600,
        )
    lines = [line for line in shots.stdout.splitlines() if line.startswith("{")]
    if shots.returncode or not lines:
        raise RuntimeError(shots.stderr[-4000:])
    found: dict[str, list[str]] = json.loads(lines[-1])
    return found


def _environment(folder: Path, size: tuple[int, int], scale: float) -> dict[str, str]:
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


def shoot(
    folder: Path, size: tuple[int, int], scale: float, theme: str, *, states: bool
) -> dict[str, list[str]]:
    """In the process of one scale: show everything once, keep it as PNG, and look for faults."""
    from medlabeler.domain.language import language
    from medlabeler.domain.settings import Settings
    from medlabeler.gui.window.language import speak_as_chosen

    settings = Settings()
    speak_as_chosen(settings)  # before anything that says something is loaded

    from every_window import every_sight, every_window
    from filled_project import bring_to_life, filled_project
    from layout_faults import faults
    from PySide6.QtTest import QTest
    from showing import wait

    from medlabeler.gui.window.app import make_application
    from medlabeler.gui.window.main_window import MainWindow
    from medlabeler.open_project.engine import EngineBridge

    EngineBridge.start = lambda self: None  # type: ignore[method-assign]  # predictions are handed in
    settings.set("theme", theme)
    settings.set("annotator", "Ada")
    app = make_application(settings)
    window = MainWindow(settings)
    found: dict[str, list[str]] = {}
    kind = f"{size[0]}x{size[1]}-{scale:g}-{theme}" + ("" if language() == "en" else f"-{language()}")

    def keep(name: str, shown: Any) -> None:
        QTest.qWait(60)
        app.processEvents()
        file = f"{name.replace(' ', '_')}-{kind}.png"
        shown.grab().save(str(folder / file))
        found[file] = faults(shown)

    window.resize(*size)
    window.show()
    keep("welcome", window)
    with tempfile.TemporaryDirectory() as place:
        window.current.take(filled_project(Path(place)), start=False)
        assert window.opened is not None
        bring_to_life(window.opened)
        QTest.qWait(400)
        for name, shown in (every_sight if states else every_window)(window):
            if size == GUIDE_SIZE and window.page is not None:
                looks = window.page.looks.looks
                wait(lambda of=looks: of.job is None)  # the guide shows what a search finds, not that it runs
            keep(name, shown)
        window.close()
    return found


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
        for file in render(Path(place), GUIDE_SIZE, 1.0, "light", states=False):
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
    parser.add_argument("--shot", nargs=4, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.shot:
        size, scale, theme, which = options.shot
        width, _, height = size.partition("x")
        whole = (int(width), int(height)), float(scale), theme
        print(json.dumps(shoot(options.folder, *whole, states=which == "all")))
        return 0
    if options.guide:
        take_guide_pictures()
        return 0
    found: dict[str, list[str]] = {}
    for size in SIZES:
        for scale in SCALES:
            for theme in THEMES:
                for language in LANGUAGES:
                    found |= render(options.folder, size, scale, theme, language)
    index(options.folder, found)
    wrong = sum(len(lines) for lines in found.values())
    print(f"{len(found)} pictures, {wrong} faults: {options.folder / 'index.html'}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
