"""Results for a person, on standard output."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from medlabeler.domain.changes import JobResult
from medlabeler.domain.words import between, limits_of_share, percent
from medlabeler.study.other_programs import Beside


def show(command: str, result: JobResult) -> None:
    """The sentence of the result and, where there is one, its table."""
    print(result.sentence, flush=True)
    table = {
        "info": _info,
        "evaluate": _evaluation,
        "curve": _curve,
        "compare": _comparison,
        "sessions": _sessions,
        "simulate": _simulation,
        "count": _counts,
        "abstain": _abstaining,
        "probe": _findings,
        "bench": _speed,
    }.get(command)
    if table is not None:
        table(result.summary)


def _info(summary: dict[str, Any]) -> None:
    rows = [
        ("images", f"{summary['n_images']:,} ({summary['n_pool']:,} pool, {summary['n_test']:,} test set)"),
        ("groups", "none" if summary["n_groups"] is None else f"{summary['n_groups']:,}"),
        ("labels", f"{summary['n_labels']:,} in the pool, {summary['n_test_labels']:,} in the test set"),
    ]
    if summary["n_held_back"]:
        held = f"{summary['n_held_back']:,} beside the test set; they neither train nor test"
        rows.append(("held back", held))
    if summary["test_looks"]:
        looks = summary["test_looks"]
        rows.append(("test set", f"opened {'once' if looks == 1 else f'{looks:,} times'}"))
    if summary["test_relabelled"]:
        rows.append(("", summary["test_relabelled"]["sentence"]))
    if summary["n_skipped"]:
        rows.append(("left out", f"{summary['n_skipped']:,} files"))
    if not summary["import_finished"]:
        rows.append(("import", "interrupted; continue with medlabeler import"))
    embedding = summary["embedding"]
    if embedding:
        maps = ", ".join(embedding["projections"]) or "no map yet"
        rows.append(("embedding", f"{embedding['title']}: {embedding['n_embedded']:,} images; {maps}"))
        if embedding["note"]:
            rows.append(("", embedding["note"]))
    for point in summary["measured"]:
        figure = "?" if point["balanced_accuracy"] is None else f"{point['balanced_accuracy']:.3f}"
        rows.append(("balanced acc.", f"{figure} {point['classifier']}, on {point['measured_on']}"))
    for name, text in rows:
        print(f"  {name:<14}{text}")
    entries = summary["classes"]
    if entries:
        width = max(len(entry["name"]) for entry in entries)
        print(f"  {'class':<{width}}  labels  test  reference")
        for entry in entries:
            counts = f"{entry['n_labels']:>6}  {entry['n_test_labels']:>4}  {entry['n_reference']:>9}"
            print(f"  {entry['name']:<{width}}  {counts}")
    for entry in summary["skipped"][:20]:
        print(f"  left out: {entry['path']}: {entry['reason']}")


def _evaluation(summary: dict[str, Any]) -> None:
    width = max(5, *(len(entry["class"]) for entry in summary["per_class"]))
    print(f"  accuracy {_share(summary['accuracy'])}, macro F1 {_share(summary['macro_f1'])}")
    print(f"  {'class':<{width}}  images  recall        95 %        precision     F1")
    for entry in summary["per_class"]:
        limits = f"{_share(entry['low'])} to {_share(entry['high'])}"
        print(
            f"  {entry['class']:<{width}}  {entry['n_images']:>6}  {_share(entry['recall']):>6}  {limits:>14}"
            f"  {_share(entry['precision']):>9}  {_share(entry['f1']):>5}"
        )
    if not any(entry["share"] or entry["ppv"] or entry["npv"] for entry in summary["per_class"]):
        return
    print(f"  {'in the pool':<{width}}  {'share':^22}  {'PPV':^22}  {'NPV':^22}")
    for entry in summary["per_class"]:
        cells = "  ".join(f"{_proportion(entry[name]):<22}" for name in ("share", "ppv", "npv"))
        print(f"  {entry['class']:<{width}}  {cells.rstrip()}")


def _proportion(value: dict[str, Any] | None) -> str:
    """'12 % (5 to 24 %)'."""
    if value is None:
        return "not known yet"
    return f"{percent(value['value'])} ({between(value['low'], value['high'])})"


def _counts(summary: dict[str, Any]) -> None:
    whole = summary["whole"]
    n = whole["n_images"]
    width = max(5, *(len(entry["name"]) for entry in whole["classes"]))
    print(f"  {'class':<{width}}  by predictions  corrected  95 %")
    for entry in whole["classes"]:
        limits = limits_of_share(entry["low"], entry["high"])
        counted = f"{n * entry['naive']:,.0f} ({percent(entry['naive'])})"
        print(f"  {entry['name']:<{width}}  {counted:>14}  {percent(entry['value']):>9}  {limits}")
    for path in summary["files"]:
        print(f"  {path}")


def _abstaining(summary: dict[str, Any]) -> None:
    width = max(5, *(len(entry["name"]) for entry in summary["classes"]))
    print(f"  {'class':<{width}}  ruled out below  from images  class among those named")
    for entry in summary["classes"]:
        limit = "never" if entry["threshold"] < 0 else f"{entry['threshold']:.3f}"
        found = entry["covered"]
        told = "-" if found is None else f"{percent(found['share'])} ({between(found['low'], found['high'])})"
        print(f"  {entry['name']:<{width}}  {limit:>15}  {entry['n_calibration']:>11,}  {told}")
    print(
        f"  images without a label: {summary['decided']:,} decided, {summary['sets']:,} one of a few classes,"
        f" {summary['asked']:,} ask a person"
    )


def _findings(summary: dict[str, Any]) -> None:
    for entry in summary["findings"]:
        print(f"  {entry['level']:<8}{entry['name']}: {entry['sentence']}")
        for shown in entry["images"]:
            print(f"          {shown['caption']}: {', '.join(shown['files'])}")
    for why in summary["left_out"]:
        print(f"  {why}")


def _speed(summary: dict[str, Any]) -> None:
    for entry in summary.get("listed", ()):
        print(f"  {entry['name']:<12}{entry['sentence']}")
    if "listed" in summary:
        return
    machine = summary["machine"]
    print(
        f"  {machine['system']}, {machine['processor']}, {machine['cores']} cores,"
        f" {machine['memory_gib']} GiB, Python {machine['python']};"
        f" load {machine['load']} before, {summary['load_after']} after"
    )
    print(f"  before: {Beside.of(summary['before']).sentence}")
    print(f"    {'':<52} {'median':>10} {'p95':>10}")
    for run in summary["benchmarks"]:
        print(f"  {run['name']}: {run['seconds']:.0f} s, {Beside.of(run['beside']).sentence}")
        if run["left_out"]:
            print(f"    left out: {run['left_out']}")
        if run["fault"]:
            print(f"    FAILED: {run['fault']}")
        for figure in run["figures"]:
            print(f"    {_figure(figure)}")


def _figure(figure: dict[str, Any]) -> str:
    values = f"{figure['median']:>10,.4g} {figure['p95']:>10,.4g} {figure['unit']:<9}"
    parts = [f"{figure['what'].strip():<52} {values} n {figure['n']:<4}"]
    if figure["times_as_good_as_baseline"] is not None:
        parts.append(
            f"{figure['times_as_good_as_baseline']:.3g} x {figure['baseline'].removeprefix('baseline: ')}"
        )
    if figure["target"] is not None:
        sign = ">=" if figure["more_is_better"] else "<="
        parts.append(f"target {sign} {figure['target']:g}: {'met' if figure['met'] else 'MISSED'}")
    if not figure["result"]:
        parts.append(f"NO RESULT: {figure['why_not']}")
    return "   ".join(parts)


def _simulation(summary: dict[str, Any]) -> None:
    points = summary["points"]
    names = list(dict.fromkeys(point["strategy"] for point in points))
    sizes = sorted({point["per_class"] for point in points})
    shown = [size for size in sizes if size in (5, 10, 25, 50, 100)] or sizes
    cells = {(point["strategy"], point["per_class"]): point["balanced_accuracy"] for point in points}
    needed = {entry["strategy"]: entry for entry in summary["needed"]}
    width = max(len("labels per class"), *(len(name) for name in names))
    print(f"  {'labels per class':<{width}}" + "".join(f"{size:>8g}" for size in shown) + "   labels needed")
    for name in names:
        line = "".join(f"{100 * cells[name, size]:>8.1f}" for size in shown)
        entry = needed.get(name)
        if entry is None:
            print(f"  {name:<{width}}{line}")
        elif entry["n_labels"] is None:
            print(f"  {name:<{width}}{line}   not reached")
        else:
            print(f"  {name:<{width}}{line}   {entry['n_labels']:,.0f} ({100 * entry['share']:.0f} %)")
    for path in summary.get("files", []):
        print(f"  {path}")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _curve(summary: dict[str, Any]) -> None:
    points = summary["points"]
    names = list(dict.fromkeys(point["classifier"] for point in points))
    sizes = sorted({point["per_class"] for point in points})
    cells = {(point["classifier"], point["per_class"]): point for point in points}
    width = max(len(name) for name in names)
    print(f"  {'labels per class':<{width}}" + "".join(f"{size:>13}" for size in sizes))
    for name in names:
        found = [cells.get((name, size)) for size in sizes]
        texts = [
            f"{100 * p['balanced_accuracy']:.1f} ± {100 * p['deviation']:.1f}" if p else "-" for p in found
        ]
        print(f"  {name:<{width}}" + "".join(f"{text:>13}" for text in texts))
    for path in summary.get("files", []):
        print(f"  {path}")


def _comparison(summary: dict[str, Any]) -> None:
    sizes = sorted({point["per_class"] for point in summary["points"]})
    cells = {(point["key"], point["per_class"]): point for point in summary["points"]}
    width = max(16, *(len(entry["title"]) for entry in summary["backbones"]))
    # What a classifier really learned from: a fold holds fewer labels than there are.
    first = summary["backbones"][0]["key"]
    mean = [cells[first, size]["n_labels"] / summary["classes"] for size in sizes]
    head = "".join(f"{labels:>13.0f}" for labels in mean)
    print(f"  {'labels per class':<{width}}{head}   s/1,000  licence")
    for entry in summary["backbones"]:
        found = [cells[entry["key"], size] for size in sizes]
        line = "".join(f"{100 * p['balanced_accuracy']:>8.1f} ±{100 * p['deviation']:>3.1f}" for p in found)
        cost = "-" if entry["ms_per_image"] is None else f"{entry['ms_per_image']:.1f}"
        print(f"  {entry['title']:<{width}}{line}   {cost:>7}  {entry['licence']}")
    for path in summary.get("files", []):
        print(f"  {path}")


def _sessions(summary: dict[str, Any]) -> None:
    entries = summary["sessions"]
    if not entries:
        return
    names = [", ".join(name or "no name" for name in entry["annotators"]) for entry in entries]
    width = max(3, *(len(name) for name in names))
    print(
        f"  {'started':<16}  {'who':<{width}}  duration  at work  labels  a minute  accepted  balanced acc."
    )
    for entry, who in zip(entries, names, strict=True):
        started = datetime.fromisoformat(entry["started"]).astimezone().strftime("%Y-%m-%d %H:%M")
        pace = "-" if entry["labels_per_minute"] is None else f"{entry['labels_per_minute']:.1f}"
        accepted = "-" if entry["accepted"] is None else f"{100 * entry['accepted']:.0f} %"
        print(
            f"  {started:<16}  {who:<{width}}  {_minutes(entry['duration_s']):>8}"
            f"  {_minutes(entry['active_s']):>7}  {entry['n_labels']:>6,}  {pace:>8}  {accepted:>8}"
            f"  {_change(entry['accuracy'])}"
        )


def _minutes(seconds: float) -> str:
    return f"{seconds / 60:,.0f} min"


def _change(accuracy: dict[str, Any] | None) -> str:
    if accuracy is None:
        return "not measured"
    start, end = accuracy["start"], accuracy["end"]
    before = "" if start is None else f"{_share(start['balanced_accuracy'])} -> "
    limits = " [{:.3f}, {:.3f}]".format(*end["interval"]) if end["interval"] else ""
    return f"{before}{_share(end['balanced_accuracy'])}{limits}, {accuracy['measured_on']}"
