"""Help: how accuracy is measured, with what was measured on real cells. Not modal."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtWidgets import QDialog, QPushButton, QTextBrowser, QVBoxLayout, QWidget

from medlabeler.domain.language import tr
from medlabeler.gui.kit.elements import Ink
from medlabeler.gui.kit.form import prepare, row

Row = tuple[str, ...]

# resources/results/active_bias.md: cross-validation, test side, error in points; means of 3 runs.
BIAS: tuple[Row, ...] = (
    ("pbc", tr("at random"), "100", "67.4", "70.0", "−2.7"),
    ("", "", "200", "78.0", "78.8", "−0.8"),
    ("", "", "400", "83.2", "84.1", "−0.9"),
    ("", tr("least confident"), "100", "47.1", "72.6", "−25.5"),
    ("", "", "200", "47.3", "80.3", "−33.0"),
    ("", "", "400", "52.1", "86.4", "−34.2"),
    ("chula_rbc12", tr("at random"), "100", "47.5", "52.8", "−5.3"),
    ("", "", "200", "56.1", "61.5", "−5.4"),
    ("", "", "400", "60.1", "65.8", "−5.6"),
    ("", tr("least confident"), "100", "38.7", "51.7", "−13.0"),
    ("", "", "200", "39.7", "61.2", "−21.5"),
    ("", "", "400", "38.6", "67.2", "−28.6"),
)
# resources/results/curves.md: power law fitted to at most 50 labels per class, predicting 100; error, points.
HINDCAST: tuple[Row, ...] = (
    ("MedLabeler LR", "−0.5", "+0.0"),
    ("LR", "+0.1", "+0.1"),
    ("LL", "−0.5", "−0.4"),
    ("SVM (decision)", "−0.7", "+0.1"),
    ("kNN", "−4.6", "−3.9"),
)


def table(head: Row, rows: tuple[Row, ...], ink: Ink, words: int) -> str:
    """HTML; the first `words` columns stand left, figures right."""

    def cells(row: Row, tag: str) -> str:
        sides = ["left" if at < words else "right" for at in range(len(row))]
        return "".join(f"<{tag} align='{s}'>{c}</{tag}>" for s, c in zip(sides, row, strict=True))

    muted = ink.muted.name()
    body = "".join(f"<tr>{cells(r, 'td')}</tr>" for r in rows)
    titles = cells(tuple(f"<span style='color:{muted}'>{h}</span>" for h in head), "td")
    return f"<table cellspacing=0 cellpadding=4><tr>{titles}</tr>{body}</table>"


def page(ink: Ink) -> str:
    """The help text in the colours of the theme."""
    bias = table(
        (
            tr("images of"),
            tr("labels chosen"),
            tr("labels"),
            tr("cross-validation, %"),
            tr("test side, %"),
            tr("error, points"),
        ),
        BIAS,
        ink,
        2,
    )
    hindcast = table((tr("classifier"), tr("pbc, points"), tr("chula_rbc12, points")), HINDCAST, ink, 1)
    parts = (
        _head(tr("In short")),
        _paragraph(
            tr(
                "The headline is <b>balanced accuracy</b>: the mean over classes of the share recognised, "
                "so that a rare class counts as much as a common one. A figure without its number of images "
                "and its 95 % interval is worth little, so both stand beside it; where there is no "
                "interval, a sentence says why."
            )
        ),
        _head(tr("Before the test set is labelled")),
        _paragraph(
            tr(
                "<b>Cross-validation</b> predicts each labelled training image by a classifier that learned "
                "neither from it nor from its group or near-duplicates. Once every class has 15 labels "
                "drawn at random and given without sight of a prediction, only these are scored."
            )
        ),
        _paragraph(
            tr(
                "<b>Predicted before labelled</b>: for the last 50 images drawn at random, the prediction "
                "on record when you labelled them, compared with your label. You saw that prediction, which "
                "may have drawn your label to it."
            )
        ),
        _head(tr("Labels you chose mislead cross-validation")),
        _paragraph(
            tr(
                "Asking for the least confident images often makes a better classifier and a worse "
                "yardstick: the labels at hand are the hard ones. On real cells cross-validation of labels "
                "drawn at random was off by 1 to 6 points, of the least confident ones by 12 to 36 "
                "(balanced accuracy, means of 3 runs):"
            )
        ),
        bias,
        _paragraph(tr("So label some images drawn at random, or a test set.")),
        _head(tr("The test set")),
        _paragraph(
            tr(
                "Test images are drawn at random, by groups (patients, slides) where these are known, or "
                "named by your image list. They never train, and their predictions are hidden while they "
                "have no label."
            )
        ),
        _paragraph(
            tr(
                "<b>A look</b> is one measurement on your labels of the test set. Each look is recorded and "
                "counted: if you look often and change course by what you saw, you fit the test set, and "
                "its figure becomes too good. The program itself chooses nothing by it."
            )
        ),
        _paragraph(
            tr(
                "<b>Held back</b> are images that neither train nor test, because they belong with images "
                "on the other side: of the same group as a test image, or nearly the same picture."
            )
        ),
        _head(tr("What more labels would bring")),
        _paragraph(
            tr(
                "A power law is fitted to the learning curve and never read further than twice the labels "
                "at hand. Fitted to at most 50 labels per class of the real sets and asked for 100, it was "
                "off by (predicted minus measured):"
            )
        ),
        hindcast,
        _paragraph(tr("For kNN it is too cautious by about 4 points.")),
        _head(tr("PPV and NPV")),
        _paragraph(
            tr(
                "What a prediction is worth depends on how common each class is. That, and PPV and NPV "
                "(positive and negative predictive value: how often a prediction of the class, or of "
                "another, is right), are told by images drawn at random alone, with 95 % intervals: at "
                "least 20 of them, and 10 that were predicted so. A tenth of the images that you are asked "
                "about is drawn at random; a test set that was drawn from your images tells most. What the "
                "predictions alone suggest was wrong by tens of points in trials, so it is not shown. Or "
                "type the shares you expect, in <i>Accuracy in detail</i>, <i>Classes</i>."
            )
        ),
        _paragraph(
            tr(
                "pbc: Acevedo et al. 2020, 8 classes; chula_rbc12: Naruenatthanaset et al. 2021, 12 "
                "classes; image model EfficientNet-Lite0, ImageNet. Benchmarks and all figures: "
                "resources/results."
            ),
            ink.muted.name(),
        ),
    )
    return "\n".join(parts)


def _head(text: str) -> str:
    return f"<h3>{text}</h3>"


def _paragraph(text: str, colour: str = "") -> str:
    return f"<p style='color:{colour}'>{text}</p>" if colour else f"<p>{text}</p>"


class AccuracyHelp(QDialog):
    """A page to read beside the work."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        prepare(self, tr("How accuracy is measured"), QSize(680, 600))
        self.setWindowModality(Qt.WindowModality.NonModal)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QTextBrowser()
        self.text.setAccessibleName(tr("How accuracy is measured"))
        self.text.document().setDocumentMargin(12)
        self.close_button = QPushButton(tr("Close"), default=True)
        self.close_button.clicked.connect(self.close)
        box = QVBoxLayout(self)
        box.setContentsMargins(18, 16, 18, 14)
        box.setSpacing(10)
        box.addWidget(self.text, 1)
        box.addLayout(row(None, self.close_button))
        self._write()

    def _write(self) -> None:
        place = self.text.verticalScrollBar().value()
        self.text.setHtml(page(Ink.of(self.palette())))
        self.text.verticalScrollBar().setValue(place)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "text"):
            self._write()
