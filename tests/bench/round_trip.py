"""Round trip: project, window, command line, API and ONNX on the same test images, each by itself.

    python -m venv FRESH && FRESH/bin/pip install -c packaging/constraints.txt onnxruntime numpy pillow
    python tests/bench/round_trip.py DATA WORK --fresh FRESH/bin/python [--per-class 60]

DATA has a manifest.csv with image, label and split (such as PBC). A project learns `--per-class` images of
each class of the training side; what it says of the whole test side is held against what the exported
classifier says there. ONNX runs in the environment FRESH, which has three packages.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

API = """
import csv, sys
import medlabeler
classifier = medlabeler.load(sys.argv[1])
found = classifier.predict(sys.argv[2])
with open(sys.argv[3], "w", newline="") as file:
    table = csv.writer(file)
    table.writerow(["image", "prediction", *(f"p:{name}" for name in classifier.classes_)])
    rows = zip(found.names, found, found.probabilities.tolist())
    table.writerows([name, one, *row] for name, one, row in rows)
"""

WINDOW = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
application = QApplication([])
from medlabeler.gui.apply.window import ApplyWindow
window = ApplyWindow(lambda: None)
window.predicting.found.connect(lambda _: window.save_table(Path(sys.argv[3])))
window.predicting.failed.connect(lambda sentence: application.exit(print(sentence) or 1))
window._writing.answered.connect(lambda answer: (print(answer), application.exit(0)))


def begin():
    if window.classifier.readable:
        window.start()
    elif not window.classifier.busy:
        application.exit(print(window.classifier.about.text()) or 1)


window.classifier.changed.connect(begin)
window.show()
window.use([Path(sys.argv[1]), Path(sys.argv[2])])
code = application.exec()
window.close()
sys.exit(code)
"""


def main() -> None:
    """Make the project, export, predict five times, compare."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path)
    parser.add_argument("work", type=Path)
    parser.add_argument("--fresh", required=True, help="Python with onnxruntime, numpy and pillow alone")
    parser.add_argument("--per-class", type=int, default=60)
    parser.add_argument("--backbone", default="starter_cells")
    parser.add_argument("--precision", default="float32", choices=("auto", "float32"))
    options = parser.parse_args()
    work: Path = options.work
    work.mkdir(parents=True)
    truth = gather(options.data, work, options.per_class)
    project, test = work / "project", work / "images" / "test"
    medlabeler("new", project, "--manifest", work / "manifest.csv")
    medlabeler(
        "embed", project, "--backbone", options.backbone, "--device", "cpu", "--precision", options.precision
    )
    medlabeler("label", project, "--adopt-reference")
    told = medlabeler(
        "export", project, "--bundle", work / "b.mlbundle", "--with-backbone", "--onnx", work / "m.onnx",
        "--int8", "--predictions", work / "project.csv",
    )  # fmt: skip
    for one in told["onnx"]:
        print(one["sentence"])
    medlabeler("predict", work / "b.mlbundle", test, "--out", work / "bundle.csv", "--device", "cpu")
    for code, out in ((API, "api.csv"), (WINDOW, "window.csv")):
        subprocess.run(
            [sys.executable, "-c", code, str(work / "b.mlbundle"), str(test), str(work / out)],
            check=True,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        )
    subprocess.run(
        [
            options.fresh,
            str(work / "onnx_predict.py"),
            str(work / "m.onnx"),
            str(work / "onnx.csv"),
            str(test),
        ],
        check=True,
    )
    compare(work, truth)


def medlabeler(*arguments: object) -> dict[str, object]:
    """A command in a process of its own; its JSON."""
    done = subprocess.run(
        [sys.executable, "-m", "medlabeler", *map(str, arguments), "--json"],
        check=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    found: dict[str, object] = json.loads(done.stdout)
    return found


def gather(data: Path, work: Path, per_class: int) -> dict[str, str]:
    """Link the images and write their manifest; the class of each test image, by the name of its file."""
    with (data / "manifest.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    taken: dict[str, int] = defaultdict(int)
    kept = []
    for row in rows:
        train = row["split"] == "train"
        taken[row["label"]] += train
        if not train or taken[row["label"]] <= per_class:
            kept.append(row)
    truth = {}
    with (work / "manifest.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["image", "label", "split"])
        for row in kept:
            place = Path("images") / row["split"] / Path(row["image"]).name
            (work / place).parent.mkdir(parents=True, exist_ok=True)
            (work / place).symlink_to((data / row["image"]).resolve())
            table.writerow([place, row["label"], row["split"]])
            if row["split"] == "test":
                truth[place.name] = row["label"]
    return truth


def compare(work: Path, truth: dict[str, str]) -> None:
    """Balanced accuracy of each, and the largest difference from the project."""
    images = sorted(truth)
    classes = sorted(set(truth.values()))
    y = np.array([truth[image] for image in images])
    first: NDArray[np.float64] | None = None
    print(f"{len(images):,} test images, {len(classes)} classes")
    for name in ("project", "window", "bundle", "api", "onnx"):
        with (work / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            rows = {Path(row["image"]).name: row for row in csv.DictReader(file)}
        predicted = np.array([rows[image]["prediction"] for image in images])
        p = np.array([[float(rows[image][f"p:{c}"]) for c in classes] for image in images])
        first = p if first is None else first
        accuracy = np.mean([np.mean(predicted[y == c] == c) for c in classes])
        same = int((p.argmax(axis=1) == first.argmax(axis=1)).sum())
        print(
            f"{name:8} balanced accuracy {accuracy:.4f}; class as the project {same:,} of {len(images):,}; "
            f"largest difference of a probability {np.abs(p - first).max():.2g}"
        )


if __name__ == "__main__":
    main()
