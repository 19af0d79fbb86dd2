"""The guide: every page is there, everything has a page, F1 finds it, nothing comes from a network."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from f1 import guide_window
from filled_project import filled_project
from program_code import PACKAGE, files, nodes
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QTextDocument
from PySide6.QtTest import QTest
from shown_window import shown_window

from medlabeler.domain import language
from medlabeler.domain.errors import UserError
from medlabeler.gui.help import guide, licences
from medlabeler.gui.help.about import AboutBox
from medlabeler.gui.help.pages import PAGE_OF
from medlabeler.gui.help.tour import Tour
from medlabeler.gui.help.window import PICTURE, GuideWindow
from medlabeler.gui.window.actions import SPECS
from medlabeler.gui.window.main_window import MainWindow
from medlabeler.gui.window.modes import Mode
from medlabeler.learning.query import registry
from medlabeler.open_project.second_looks import TITLES
from medlabeler.project.project import Project

GUI = PACKAGE / "gui"
LINK = re.compile(r"(!?)\[[^\]]*\]\(([^)]+)\)")


@pytest.fixture
def window(qapp: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    with shown_window(filled_project(tmp_path), monkeypatch, lively=True, whole=False) as shown:
        yield shown


def test_the_list_of_pages_and_the_folder_agree() -> None:
    assert sorted(guide.ORDER) == sorted(path.stem for path in guide.folder().glob("*.md"))
    assert all(guide.text(page).startswith("# ") for page in guide.ORDER)


@pytest.mark.parametrize("page", guide.ORDER)
def test_links_lead_to_pages_and_pictures_that_exist(page: str) -> None:
    for picture, target in LINK.findall(guide.text(page)):
        assert (guide.folder() / target).is_file(), target
        assert target.endswith(".png" if picture else ".md"), target


def test_every_page_can_be_reached_from_the_first() -> None:
    linked = {target.removesuffix(".md") for _, target in LINK.findall(guide.text("index"))}
    assert linked == set(guide.ORDER) - {"index"}


def classes_of_the_gui() -> dict[str, list[str]]:
    """Name of each class, with the names of those it derives from."""
    found: dict[str, list[str]] = {}
    for path in files(GUI):
        for node in nodes(path):
            if isinstance(node, ast.ClassDef):
                found[node.name] = [base.id for base in node.bases if isinstance(base, ast.Name)]
    return found


def test_every_dialog_has_a_page_and_every_entry_is_a_widget_with_a_page() -> None:
    classes = classes_of_the_gui()
    dialogs = {name for name, bases in classes.items() if "QDialog" in bases}
    assert dialogs - set(PAGE_OF) == set()
    assert set(PAGE_OF) - set(classes) == set()
    assert set(PAGE_OF.values()) <= set(guide.ORDER)


def test_f1_in_the_window_opens_the_page_of_what_has_the_focus(window: MainWindow) -> None:
    assert window.page is not None
    for widget, page in ((window.page.classes.adder, "classes"), (window.page.map.view.canvas, "explore")):
        widget.setFocus()
        window.actions_["guide"].trigger()
        assert guide_window().page == page


def test_f1_opens_the_page_of_every_mode(window: MainWindow) -> None:
    assert window.page is not None
    for mode in Mode:
        window.page.choose_mode(mode)
        window.actions_["guide"].trigger()
        assert guide_window().page == mode.value
        guide_window().close()


def test_links_turn_pages_and_back_goes_back(qtbot: Any) -> None:
    shown = GuideWindow()
    qtbot.addWidget(shown)
    shown.text.anchorClicked.emit(QUrl("label.md"))
    assert shown.page == "label"
    shown.text.anchorClicked.emit(QUrl("https://example.org/tutorial.md"))
    assert shown.page == "label"
    shown.back.click()
    assert shown.page == "index"
    assert not shown.back.isEnabled()


@pytest.mark.parametrize(
    "name", ["https://example.org/x.png", "file:///etc/hostname", "../../LICENSE", "pictures/none.png"]
)
def test_nothing_but_pictures_of_the_guide_is_loaded(qtbot: Any, name: str) -> None:
    shown = GuideWindow()
    qtbot.addWidget(shown)
    assert shown.text.loadResource(QTextDocument.ResourceType.ImageResource.value, QUrl(name)) is None


def test_every_key_of_the_window_stands_on_the_page_of_keys() -> None:
    text = guide.text("keys")
    missing = [spec.keys[0] for spec in SPECS.values() if spec.keys and spec.keys[0] not in text]
    assert missing == []


def test_the_about_box_says_version_purpose_and_licences(qtbot: Any) -> None:
    box = AboutBox()
    qtbot.addWidget(box)
    box.show()
    assert "Being read" in box.packages.item(0, 0).text()
    qtbot.waitUntil(lambda: box.packages.rowCount() > 1)
    names = [box.packages.item(line, 0).text() for line in range(box.packages.rowCount())]
    said = [box.packages.item(line, 2).text() for line in range(box.packages.rowCount())]
    assert {"PySide6_Essentials", "torch", "numpy", "scikit-learn"} <= set(names)
    assert all(said)
    assert box.weights.rowCount() == len(licences.weights()) > 3
    assert "research only" in box.research.text()
    box.close()


@pytest.mark.parametrize("answer", [[], UserError("The disk is gone.")])
def test_the_about_box_without_packages_says_why(qtbot: Any, monkeypatch: Any, answer: Any) -> None:
    """Fails before: its table stayed empty."""

    def told() -> list[licences.Shipped]:
        if isinstance(answer, UserError):
            raise answer
        return list(answer)

    monkeypatch.setattr(licences, "packages", told)
    box = AboutBox()
    qtbot.addWidget(box)
    wanted = "The disk is gone." if answer else "without its list of packages"
    qtbot.waitUntil(lambda: wanted in box.packages.item(0, 0).text())
    assert box.packages.columnSpan(0, 0) == 3


def test_the_tour_has_five_steps_and_is_over_for_good(window: MainWindow, qtbot: Any) -> None:
    window.offer_tour()
    qtbot.waitUntil(lambda: window.findChild(Tour) is not None)
    tour = window.findChild(Tour)
    assert tour is not None
    titles = []
    for _ in range(5):
        assert tour.isVisible()
        assert window.rect().contains(tour.geometry())
        titles.append(tour.title.text())
        assert tour.skip.isVisible() == (tour.next.text() != "&Done"), "nothing is left to be skipped"
        tour.next.click()
    assert len(set(titles)) == 5
    qtbot.waitUntil(lambda: window.findChild(Tour) is None)
    assert window.settings.get("tour_done")
    window.offer_tour()
    qtbot.wait(1000)
    assert window.findChild(Tour) is None


def test_the_tour_can_be_skipped_at_once(window: MainWindow, qtbot: Any) -> None:
    window.show_tour()
    tour = window.findChild(Tour)
    assert tour is not None
    tour.skip.click()
    assert window.settings.get("tour_done")


def test_escape_leaves_the_tour_and_nothing_else(window: MainWindow, qtbot: Any) -> None:
    opened = window.opened
    assert opened is not None
    opened.set_selection([3, 4])
    window.show_tour()
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: window.findChild(Tour) is None)
    assert opened.selection.sum() == 2
    QTest.keyClick(window.page.map.view.canvas, Qt.Key.Key_Escape)
    assert not opened.selection.any()


def test_escape_leaves_the_tour_while_the_first_images_are_still_read(
    qtbot: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fails before: the key belonged to "Select nothing", which waits for images."""
    with shown_window(Project.create(tmp_path / "empty"), monkeypatch) as window:
        window.show_tour()
        QTest.keyClick(window, Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: window.findChild(Tour) is None)


def test_keys_mean_the_same_during_the_tour(window: MainWindow) -> None:
    opened = window.opened
    assert opened is not None
    window.show_tour()
    opened.set_selection([3])
    QTest.keyClicks(window.page.map.view.canvas, "2")
    assert opened.label[3] == opened.classes[1].id


def test_a_page_in_german_stands_for_one_in_english_and_links_to_pages_that_are_there() -> None:
    pages = sorted((guide.folder() / "de").glob("*.md"))
    assert len(pages) > 20
    for page in pages:
        assert page.stem in guide.ORDER
        for link in re.findall(r"\]\(([\w/-]+\.(?:md|png))\)", page.read_text(encoding="utf-8")):
            assert (guide.folder() / link).is_file(), f"{page.name}: {link}"


@pytest.mark.parametrize("code", ["en", "de"])
def test_what_a_page_names_in_bold_is_called_so_on_the_screen(code: str) -> None:
    """Fails before: "Probable label errors", "At random", and "Rare" with what another strategy does."""
    folder = guide.folder() if code == "en" else guide.folder() / code
    named = re.compile(r"^- \*\*([^*]+)\*\*", re.MULTILINE)
    looks = named.findall((folder / "review.md").read_text(encoding="utf-8"))
    label = (folder / "label.md").read_text(encoding="utf-8").rpartition("## ")[2]
    with language.speaking(code):
        titles = {language.tr(text) for text in TITLES.values()}
        offered = {language.tr(strategy.title) for strategy in registry.STRATEGIES.values()}
    assert set(looks) == titles
    assert set(named.findall(label)) < offered


def test_a_page_without_a_translation_says_so_and_is_shown_in_english() -> None:
    language.speak("de", lambda context, text: "")
    try:
        assert guide.title("index") == "Handbuch zu MedLabeler"
        untranslated = [page for page in guide.ORDER if not (guide.folder() / f"de/{page}.md").is_file()]
        for page in untranslated:
            assert "in English only" in guide.text(page)
    finally:
        language.speak("en")


def test_no_button_of_the_tour_is_cut_however_long_its_words(window: MainWindow, qtbot: Any) -> None:
    window.show_tour()
    tour = window.findChild(Tour)
    assert tour is not None
    tour.skip.setText("Rundgang durch das ganze Fenster überspringen")
    tour.go_to(1)
    for button in (tour.skip, tour.back, tour.next):
        assert button.width() >= button.sizeHint().width()
    assert window.rect().contains(tour.geometry())
    tour.skip.click()


def test_a_page_keeps_room_for_pictures_that_are_read_later(qtbot: Any) -> None:
    shown = GuideWindow()
    qtbot.addWidget(shown)
    shown.show_page("tutorial")
    url = QUrl("pictures/label.png")
    image = QTextDocument.ResourceType.ImageResource.value
    room = shown.text.loadResource(image, url)
    assert room.width() == PICTURE
    assert room.pixelColor(room.rect().center()).alpha() == 0
    qtbot.waitUntil(lambda: shown.text.document().resource(image, url).pixelColor(9, 9).alpha() == 255)
    picture = shown.text.document().resource(image, url)
    assert picture.size() == room.size()
    shown.show_page("label")
    shown.go_back()
    assert shown.text.loadResource(image, url) == picture, "it is read once"
