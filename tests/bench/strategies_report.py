"""Writes `resources/results/strategies.md` and its figures from simulations of several projects.

    medlabeler simulate PROJECT --seeds 20 --batch 20 --minutes 30 --out FOLDER     # for each project
    python tests/bench/strategies_report.py NAME=FOLDER [NAME=FOLDER ...] [--out DIR]

A second folder of the same name adds strategies that were played less often. Minutes and bulk work are told
of the simulations that were made with `--minutes`.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from medlabeler.study.simulation_figures import draw_region
from medlabeler.study.simulation_report import draw_curves, region_note, title

SHOWN = (5, 10, 15, 25, 50, 75, 100)
FROM = 5
LOOKS = (0.1, 0.2, 0.3, 0.5)


def points(value: float | None) -> str:
    return "-" if value is None else f"{100 * value:.1f}"


def signed(entry: dict[str, Any]) -> str:
    return f"{100 * entry['difference']:+.1f} [{100 * entry['low']:+.1f}, {100 * entry['high']:+.1f}]"


def share(entry: dict[str, Any] | None) -> str:
    """Labels needed, as a share of the budget with its interval."""
    if entry is None:
        return "100 %"
    low, high = entry["share_low"], entry["share_high"]
    limits = f"[{100 * low:.0f}, {'more than 100' if high is None else f'{100 * high:.0f}'}]" if low else ""
    return "not reached" if entry["share"] is None else f"{100 * entry['share']:.0f} % {limits}"


def table(head: list[str], rows: list[list[str]]) -> list[str]:
    return [
        "| " + " | ".join(head) + " |",
        "|---" * len(head) + "|",
        *("| " + " | ".join(r) + " |" for r in rows),
        "",
    ]


def strategies(facts: dict[str, Any]) -> list[str]:
    """Accuracy by labels per class, labels needed, and differences to random draws."""
    accuracy = {(p["strategy"], p["per_class"]): p for p in facts["points"]}
    difference = {(p["strategy"], p["per_class"]): p for p in facts["differences"]}
    needed = {entry["strategy"]: entry for entry in facts["needed"]}
    sizes = [size for size in SHOWN if ("random", size) in accuracy]
    last = max(p["per_class"] for p in facts["points"])
    names = sorted(
        dict.fromkeys(p["strategy"] for p in facts["points"]),
        key=lambda name: (needed[name]["share"] or 9) if name in needed else 1,
    )
    lines = table(
        ["strategy", *(f"{size}" for size in sizes), f"labels to reach random's at {last:g}"],
        [
            [title(n), *(points(accuracy[n, s]["balanced_accuracy"]) for s in sizes), share(needed.get(n))]
            for n in names
        ],
    )
    lines += table(
        ["minus random, points", *(f"{size}" for size in sizes if size != 15), f"lowest from {FROM} on"],
        [
            [
                title(n),
                *(signed(difference[n, s]) for s in sizes if s != 15),
                lowest([d for (name, size), d in difference.items() if name == n and size >= FROM]),
            ]
            for n in names
            if n != "random"
        ],
    )
    return lines


def lowest(found: list[dict[str, Any]]) -> str:
    worst = min(found, key=lambda d: d["difference"])
    return f"{signed(worst)} at {worst['per_class']:g}"


def chosen(facts: dict[str, Any]) -> list[str]:
    parts = facts["chose"].get("auto")
    if not parts:
        return []
    total = sum(parts.values())
    told = ", ".join(
        f"{100 * n / total:.0f} % {name}" for name, n in sorted(parts.items(), key=lambda p: -p[1])
    )
    return [f"What chose the labels of *Automatic*: {told}.", ""]


def ways(facts: dict[str, Any]) -> list[str]:
    minutes = [m for m in (3, 5, 10, 15, 20, 30, 60) if any(w["minutes"] == m for w in facts["ways"])]
    cells = {(w["way"], w["minutes"]): w for w in facts["ways"]}
    names = list(dict.fromkeys(w["way"] for w in facts["ways"]))
    return [
        f"Mean of {facts['ways'][0]['sessions']} sessions: balanced accuracy (labels given, wrong ones).",
        "",
        *table(
            ["minutes", *(f"{m}" for m in minutes)],
            [
                [
                    name,
                    *(
                        f"{points(c['balanced_accuracy'])} ({c['n_labels']:.0f}, "
                        f"{100 * c['n_wrong'] / max(c['n_labels'], 1):.1f} %)"
                        for m in minutes
                        for c in [cells[name, m]]
                    ),
                ]
                for name in names
            ],
        ),
    ]


def bulk(facts: dict[str, Any]) -> list[str]:
    """Precision by share of the images shown, and the region of assumptions."""
    found = facts["bulk"]
    shares = (0.1, 0.25, 0.5, 0.75, 1.0)
    precision = []
    for size, shown in found["shown"].items():
        at = [min(range(len(shown["share"])), key=lambda i: abs(shown["share"][i] - s)) for s in shares]
        precision.append([size, *(f"{points(shown['precision'][i])}" for i in at)])
    looks = [found["looks_s"].index(look) for look in LOOKS]
    region = [
        [
            f"{row['per_class']}",
            f"{100 * row['own_error']:g} %",
            row["search"],
            f"{100 * row['accurate']:.0f} %",
            *("never" if row["seconds"][i] is None else f"{row['seconds'][i]:.1f}" for i in looks),
        ]
        for row in found["rows"]
        if row["search"] != "between"
    ]
    return [
        "Images predicted right, in percent, among the surest share of the pool:",
        "",
        *table(["labels per class", *(f"{100 * s:.0f} %" for s in shares)], precision),
        *table(
            [
                "labels per class",
                "own error",
                "search",
                "no more wrong labels on up to",
                *(f"{x:g} s" for x in LOOKS),
            ],
            region,
        ),
    ]


TEXT = """# What to label next, and labelling at speed

Simulated: the reference labels play a clinician who follows a query strategy, on `pbc` and on
`chula_rbc12` by field of view, each with both backbones that come with the program: EfficientNet-Lite0
(ImageNet-supervised, not DINO), and the DINO starter, second edition, which learned without labels from
11,858 cells of the training side of `pbc` and 2,055 of the training side of `chula_rbc12`, so from its pools
and never from its test sides (with the starter `chula_rbc12` is split as in that training, with
EfficientNet-Lite0 as the command draws it). Only images of the pool are ever
labelled, only the test set measures. Numbers of labels are per class on average: the strategy decides which
classes they are of. A tenth of every batch is drawn at random, whatever the strategy. Intervals are 95 %,
from resampling test groups (images, where there are none) and plays together; differences are paired. "Labels
to reach" is the share of the labels with which a strategy first reaches the balanced accuracy that random
draws have with all of them. Made by

    medlabeler simulate PROJECT --seeds 20 --batch 20 --minutes 30 --out FOLDER
    python tests/bench/strategies_report.py pbc=FOLDER chula_rbc12=FOLDER pbc-starter=FOLDER \\
        chula_rbc12-starter=FOLDER

All of it was played in November 2026 with the one cross-validation and the one logistic regression that the
program has. With EfficientNet-Lite0 no figure of *Automatic* and of random draws moved by more than 1.2
points against the version before them (commit 9150dfb), where *Automatic* needed 63 % and 57 % of the labels;
with the starter all are higher, by what its second edition is better.

Half of the labels was the aim. On `pbc` it is reached with the starter, not with EfficientNet-Lite0; on
`chula_rbc12` with neither, and seems out of reach there: random draws at 100 per class label 57 % of the
pool, and between 50 and 100 they gain less than 4 points. On six inner splits of its training side, by field
of view, eleven variants of *Automatic* (doubt by entropy or confidence, softened probabilities, more or less
clustering, weighing by density, smaller batches) needed 73 to 85 % of the labels of random draws at 60 per
class, *Automatic* itself 79 to 82 %: none differs by more than the noise.

Another classifier does not get there either. Self-training (the logistic regression fitted twice more, on
its own predictions of unlabelled pool images above a confidence as well, each weighing 0.2 or 0.5 of a
label) was tried on 24 other inner splits of `chula_rbc12` and 16 of `pbc`, EfficientNet-Lite0, four
settings. The best raised random draws and *Automatic* alike, by 0.4 to 1.9 points up to half the labels and
by 0 to 0.4 at all of them, so *Automatic* needed 64 % instead of 75 % on `chula_rbc12` (random draws at 60
per class) and 54 % instead of 62 % on `pbc` (100 per class). Averaging with label propagation over the
graph of neighbours did about as much on `chula_rbc12` and little on `pbc`, although its graph, unlike
anything in the program, held the images it was measured on, without labels. Neither is in the program:
every fold of the cross-validation would have to repeat it, and it moves both sides of the comparison.
"""

COSTS = """The second table of each set tells from how many seconds per label one by one bulk confirming is
at least 7 times as fast (PatchSorter's published factor) with no more wrong labels, on at least a
quarter of the pool, when a look at an image of a grid takes 0.1, 0.2, 0.3 or 0.5 s. "Never" is
where too many wrong images are overlooked, or too many have to be marked. "No more wrong labels
on up to" is the share of the pool on which a grid leaves no more wrong labels, however long it
takes. "Own error" is the person's when labelling the same images one by one; "search" whether
wrong images pop out (easy) or have to be searched for (hard). Seconds and error rates are
assumptions, `medlabeler/study/cost_model.py` gives sources and ranges; nothing was measured on
people. The predictions are real. The classes are about equally frequent here; rarer ones would
make it harder. The labels that train the classifier come on top: the factor is that of the images
in the grids.
"""


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folders", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--out", type=Path, default=Path("resources/results"))
    options = parser.parse_args()
    found: dict[str, list[dict[str, Any]]] = {}
    for argument in options.folders:
        name, _, folder = argument.partition("=")
        found.setdefault(name, []).append(json.loads((Path(folder) / "simulation.json").read_text()))
    lines = TEXT.splitlines()
    for name, (facts, *others) in found.items():
        n_images = (
            f"{facts['n_train']:,} pool and {facts['n_test']:,} test images, {len(facts['classes'])} classes"
        )
        groups = f", from {facts['n_test_groups']:,} groups" if facts["n_test_groups"] else ""
        lines += [
            "",
            f"## {name}",
            "",
            f"{facts['backbone']}. {n_images}{groups}; {facts['seeds']} plays, batches of {facts['batch']}.",
            "",
        ]
        lines += [*strategies(facts), *chosen(facts)]
        for other in others:
            lines += [f"Played {other['seeds']} times only:", "", *strategies(other)]
        figure = options.out / f"curve-strategies-{name}.png"
        draw_curves(facts, [figure])
        lines += [f"![{name}: every strategy over labels]({figure.name})", ""]
    lines += ["## Minutes", ""]
    timed = {name: facts for name, (facts, *_) in found.items() if facts["ways"]}
    for name, facts in timed.items():
        lines += [f"### {name}", "", *ways(facts)]
    lines += [
        "## Where bulk confirming pays",
        "",
        *COSTS.splitlines(),
        "",
        "![The region](bulk-region.png)",
        "",
    ]
    for name, facts in timed.items():
        lines += [f"### {name}", "", *bulk(facts)]
    rows = [(name, facts["bulk"]) for name, facts in timed.items()]
    first = next(iter(timed.values()))
    draw_region(rows, [options.out / "bulk-region.png"], note=region_note(first["costs"]))
    (options.out / "strategies.md").write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
