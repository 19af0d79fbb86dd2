"""Everything a person can ask of the window: one table of actions, with names, icons and keys."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget

from medlabeler.domain.language import language, tr
from medlabeler.gui.kit.icons import icon
from medlabeler.gui.kit.plain import caption, tip


@dataclass(frozen=True)
class Spec:
    """One action, in English. `needs`: "" always, "project", or "images" once there are any."""

    text: str
    icon: str = ""
    keys: tuple[str, ...] = ()
    tip: str = ""
    checkable: bool = False
    needs: str = "project"


TINTED_AT_ONCE = 16

SPECS: dict[str, Spec] = {
    "new": Spec("New project…", "new", ("Ctrl+N",), "From a folder or an image list (CSV)", needs=""),
    "open": Spec("Open project…", "open", ("Ctrl+O",), "Open a project's folder", needs=""),
    "restore": Spec("Restore…", "undo", tip="Go back to a backup, or repair after damage", needs=""),
    "sample": Spec("Try the sample", "sample", needs=""),
    "close": Spec("Close project", "close", ("Ctrl+W",)),
    "quit": Spec("Quit", "", ("Ctrl+Q",), needs=""),
    "mode_label": Spec("Label", "label", ("F2",), "One image at a time, large, as it is suggested", True),
    "mode_explore": Spec("Explore", "map", ("F3",), "The map, many images at once", True),
    "mode_review": Spec("Review", "search", ("F4",), "Second looks, the test set, agreement", True),
    "mode_results": Spec("Results", "curve", ("F5",), "How good it is; report and export", True),
    "add_images": Spec("Look for new images", "refresh", ("Ctrl+R",), "Import again: adds what is new"),
    "add_folder": Spec("Add images from a folder…", "import"),
    "moved_folder": Spec("Image folder moved…", "open", tip="Look for the images in their new place"),
    "skipped": Spec("Files left out…", "warning", tip="Files that could not be read, with the reason"),
    "export": Spec("Export…", "export", ("Ctrl+E",), "Labels, predictions, classifier", needs="images"),
    "report": Spec("Report…", "table", tip="Every figure with its interval, as a page, PDF or model card",
                   needs="images"),
    "replay": Spec("Check a report…", "search", tip="Every figure computed again from the recorded decisions",
                   needs="images"),
    "labels_out": Spec("Labels for other programs…", "export",
                       tip="COCO, Label Studio, FiftyOne, QuPath, a folder for each class", needs="images"),
    "labels_in": Spec("Labels from a file…", "import",
                      tip="A table, COCO, Label Studio, FiftyOne, QuPath, a folder for each class",
                      needs="images"),
    "merge": Spec("Merge with another copy…", "import",
                  tip="Somebody else labelled the same images in a copy of the project", needs="images"),
    "apply": Spec("Apply a classifier…", "play", tip="An exported classifier on new images", needs=""),
    "sessions": Spec("Sessions…", "recent", tip="This session and those before: labels a minute, accuracy"),
    "undo": Spec("Undo", "undo", ("Ctrl+Z",)),
    "redo": Spec("Redo", "redo", ("Ctrl+Shift+Z", "Ctrl+Y")),
    "clear_selection": Spec("Select nothing", "", ("Escape",)),
    "history": Spec("History…", "recent", ("Ctrl+H",), "The steps of the past: go back to one"),
    "find": Spec("Find images", "search", ("Ctrl+F",), "By name, label, confidence, metadata, date",
                 needs="images"),
    "select_all": Spec("Select all", "", ("Ctrl+A",), "All images that the filter finds", needs="images"),
    "flag": Spec("Flag", "flag", ("Ctrl+G",), "Mark what is selected, or take the flag off",
                 needs="images"),
    "favourite": Spec("Favourite", "favourite", ("Ctrl+D",), "Remember what is selected", needs="images"),
    "note": Spec("Write a note", "note", ("Ctrl+M",), "On the image on show", needs="images"),
    "annotator": Spec("Annotator's name…", "annotator", needs=""),
    "confirm": Spec("Confirm the prediction", "accept", tip="Enter", needs="images"),
    "skip": Spec("Skip", "skip", ("U",), needs="images"),
    "not_sure": Spec("Not sure", "not-sure", ("N",), needs="images"),
    "bad_image": Spec("Bad image", "bad-image", ("X",), needs="images"),
    "clear": Spec("Clear the label", "clear", ("Delete", "Backspace"), needs="images"),
    "show_skipped": Spec("Show skipped again", tip="Puts the skipped images in front of the queue",
                         needs="images"),
    "auto_advance": Spec("Go on to the next image", "auto-advance", checkable=True, needs=""),
    "second_looks": Spec("Second looks", "search", ("Ctrl+L",),
                         "Doubtful labels, duplicates, outliers; repeats and a second reader",
                         needs="images"),
    "adopt_reference": Spec("Adopt the reference labels", "label", needs="images"),
    "pan": Spec("Pan", "pan", ("P",), "Drag moves the map", True, "images"),
    "lasso": Spec("Lasso", "lasso", ("L",), "Draw around points (also Shift-drag)", True, "images"),
    "rectangle": Spec("Rectangle", "rectangle", ("R",), "Drag a box around points", True, "images"),
    "fit": Spec("Show all", "fit", ("F",), "Fit the map into the window", needs="images"),
    "redraw_map": Spec("Draw the map again", "map", needs="images"),
    "grid": Spec("Map or grid", "gallery", ("G",),
                 "The grid: confirm many images of one predicted class at once", needs="images"),
    "beside": Spec("Side by side", "beside", ("B",),
                   "The current image beside the other one selected, the next of its group, or a similar one",
                   needs="images"),
    "blind": Spec("Label the test set blind", "blind", ("Ctrl+B",),
                  "Walks through the test images; predictions and colours are hidden", True, "images"),
    "reserve": Spec("Reserve a test set…", "test-set", needs="images"),
    "leakage": Spec("Check for leaks…", "search",
                    tip="Groups, near-duplicates and labels on both sides of the split", needs="images"),
    "open_test_set": Spec("Measure on the test set…", "test-set",
                          tip="Measure on the labels of the test images; each look is counted",
                          needs="images"),
    "measure": Spec("Measure against the reference labels", "table", checkable=True, needs="images"),
    "start_with": Spec("Start with another project's classifier…", "play",
                       tip="Hints for the first labels, by an exported classifier", needs="images"),
    "backbone": Spec("Choose the image model…", "backbone", tip="Choose what compares the images"),
    "backbones": Spec("Compare image models…", "table",
                      tip="Which image model suits these images: on the same labels, with intervals",
                      needs="images"),
    "pretrain": Spec("Learn from my images…", "embed",
                     tip="DINO on your own images, without labels; then whether it was worth it",
                     needs="images"),
    "sharpen": Spec("Sharpen with my labels…", "embed",
                    tip="The image model in use learns from your labels; then whether it was worth it",
                    needs="images"),
    "continue": Spec("Go on with what is unfinished", "play"),
    "adopt_vectors": Spec("Use numbers computed elsewhere…", "embed", needs="images"),
    "jobs": Spec("Jobs", "jobs", ("Ctrl+J",), "What runs and how it ended", True),
    "guide": Spec("Guide", "help", ("F1",), "At the page of what you are working with", needs=""),
    "tutorial": Spec("Tutorial", tip="From 4,000 cells to a classifier in 30 minutes", needs=""),
    "keys": Spec("Keys", needs=""),
    "glossary": Spec("Words used here", needs=""),
    "tour": Spec("Tour of the window", needs="project"),
    "accuracy_help": Spec("How accuracy is measured", "info", needs=""),
    "log": Spec("Show the log…", "open", tip="What the program wrote about its own work", needs=""),
    "about": Spec("About MedLabeler", "info", needs=""),
}  # fmt: skip

MENUS: dict[str, tuple[str, ...]] = {
    "Project": ("new", "open", "recent>", "sample", "-", "add_images", "add_folder", "moved_folder",
                "skipped", "restore", "merge", "-", "export", "labels_out", "labels_in",
                "report", "replay", "apply", "sessions", "-",
                "close", "quit"),
    "Edit": ("undo", "redo", "history", "-", "find", "select_all", "clear_selection", "-", "annotator"),
    "Label": ("confirm", "skip", "not_sure", "bad_image", "clear", "-", "flag", "favourite", "note", "-",
              "classes>", "-", "strategy>", "show_skipped", "auto_advance", "-", "second_looks",
              "adopt_reference", "start_with"),
    "Map": ("pan", "lasso", "rectangle", "fit", "-", "colour>", "redraw_map"),
    "Test set": ("blind", "open_test_set", "-", "measure", "reserve", "leakage"),
    "Image model": ("backbone", "pretrain", "sharpen", "backbones", "adopt_vectors", "-", "continue"),
    "View": ("mode_label", "mode_explore", "mode_review", "mode_results", "-", "grid", "beside", "-",
             "theme>", "language>", "jobs"),
    "Help": ("guide", "tutorial", "keys", "glossary", "accuracy_help", "-", "tour", "-", "log", "about"),
}  # fmt: skip
"""`-` separates, a name with `>` is a menu the window fills."""


class Actions(QObject):
    """The actions of one window, by name."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._by_name: dict[str, QAction] = {}
        for name, spec in SPECS.items():
            action = QAction(tr(spec.text), window, checkable=spec.checkable)
            action.setShortcuts([QKeySequence(key) for key in spec.keys])
            action.setShortcutContext(Qt.ShortcutContext.WindowShortcut)
            # A key held down must not label a whole series.
            action.setAutoRepeat(name in ("undo", "redo"))
            window.addAction(action)
            self._by_name[name] = action
            self._describe(name, tr(spec.text))

    def __getitem__(self, name: str) -> QAction:
        """The action `name`."""
        return self._by_name[name]

    def _describe(self, name: str, text: str) -> None:
        spec = SPECS[name]
        plain = text.rstrip("…")
        keys = f" ({_on_the_keyboard(spec.keys[0])})" if spec.keys else ""
        self._by_name[name].setToolTip(tip(f"{plain}{keys}" + (f"\n{tr(spec.tip)}" if spec.tip else "")))

    def answer(self, name: str, slot: Callable[..., object]) -> None:
        """Call `slot` when it is triggered; with the new state if it can be checked."""
        action = self._by_name[name]
        if action.isCheckable():
            action.triggered.connect(lambda checked: slot(checked))
        else:
            action.triggered.connect(lambda _=False: slot())

    def rename(self, name: str, text: str) -> None:
        """Show another text, such as what undo would take back."""
        self._by_name[name].setText(caption(text))
        self._describe(name, text)

    def tint(self) -> Iterator[None]:
        """Take the colours of the theme, some icons at a time: those of a new theme have to be drawn."""
        for at, (name, spec) in enumerate(SPECS.items()):
            if spec.icon:
                self._by_name[name].setIcon(icon(spec.icon))
            if at % TINTED_AT_ONCE == 0:
                yield

    def enable(self, project: bool, images: bool) -> None:
        """Offer what makes sense now."""
        allowed = {"": True, "project": project, "images": images}
        for name, spec in SPECS.items():
            self._by_name[name].setEnabled(allowed[spec.needs])


def _on_the_keyboard(keys: str) -> str:
    """As the keyboard of the language has them, such as 'Strg+Z'."""
    return keys if language() == "en" else QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
