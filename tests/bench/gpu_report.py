"""Everything that a graphics card changes, in one table: run once on a machine that has one.

    PYTHONPATH=. python tests/bench/gpu_report.py --out gpu.json

Needs numpy, scipy, scikit-learn, threadpoolctl, pillow, torch, timm, safetensors and filelock, no network and
no data: images and vectors are drawn. It takes less than four minutes on one card, and each part has a
process and a time of its own: what fails or takes too long says so in the table, and the rest goes on.
`--parts` chooses; `--device fake --tiny` rehearses everything on a machine without a card: what would be
asked of one is asked of the processor, and the figures mean nothing.

embed    images a second through the program's own way (`embedding.embed`; reading, decoding and resizing in
         reader processes) against the bare forward pass on a tensor that lies on the device, in the same run;
         "decoding" is reading alone, "in memory" is `embed` on pictures that need no reading
refit    one more label: fit and prediction of all images, on the processor and on the card, and how far the
         two answers lie apart (by kNN one image in some 100,000 has two labels equally near within rounding
         in its last place, and either may vote)
graph    nearest neighbours of every image
dino     pretraining against the same steps on views that lie on the device
sharpen  learning from labels and the pool

Columns of memory are the most that torch had allocated on the card at once.
"""

# ruff: noqa: N806 - X as in the papers

from __future__ import annotations

import argparse
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from measure import machine
from numpy.typing import NDArray
from PIL import Image

Row = dict[str, Any]


@dataclass(frozen=True)
class Setting:
    """Where a part runs, how large, and until when (`time.monotonic`) it may begin something new."""

    device: str
    tiny: bool
    until: float
    fake: bool = False

    def card(self) -> Any:
        """What the program works with beside the processor; None without."""
        from medlabeler.learning.device import Card

        return Card(self.device) if self.fake or self.device == "cuda" else None

    def check(self) -> None:
        """`TimeoutError` when the part's time is over."""
        if time.monotonic() > self.until:
            raise TimeoutError("no time was left")

    def synchronise(self) -> None:
        """Wait for the card."""
        import torch

        if self.device == "cuda":
            torch.cuda.synchronize()

    def forget_peak(self) -> None:
        """Count memory anew."""
        import torch

        if self.device == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()

    def peak_gib(self) -> float | None:
        """The most memory since `forget_peak`; None without a card."""
        import torch

        return round(torch.cuda.max_memory_allocated() / 2**30, 2) if self.device == "cuda" else None

    def pace(self, action: Callable[[], Any], n: int, seconds: float) -> float:
        """How many a second, of `n` for each call, for at least `seconds` and two calls after a warm-up."""
        for _ in range(1 if self.tiny else 3):
            action()
        self.synchronise()
        start, calls = time.perf_counter(), 0
        while calls < 2 or (time.perf_counter() - start < seconds and not self.tiny):
            action()
            calls += 1
            if calls % 8 == 0:
                self.synchronise()
        self.synchronise()
        return n * calls / (time.perf_counter() - start)


NETWORKS = (
    ("EfficientNet-Lite0", "tf_efficientnet_lite0"),
    ("ViT-S/16", "vit_small_patch16_224"),
    ("XCiT-S12/8", "xcit_small_12_p8_224"),
)


def embed_part(setting: Setting) -> Iterator[Row]:
    """Embedding, for each network and precision."""
    import torch

    from medlabeler.learning.backbones.embedding import default_batch_size, embed
    from medlabeler.learning.backbones.loading import untrained

    n_files = 6 if setting.tiny else 1536
    size = 64 if setting.tiny else 224
    with tempfile.TemporaryDirectory() as name:
        files = jpegs(Path(name), n_files)
        decoding: float | None = None
        for title, timm_name in NETWORKS[: 2 if setting.tiny else None]:
            setting.check()
            torch.manual_seed(0)
            backbone = untrained(timm_name, size)
            shape = backbone.preprocessing

            def read(row: int, shape: Any = shape) -> NDArray[np.uint8]:
                found: NDArray[np.uint8] = shape.read(files[row % n_files])
                return found

            def read_many(rows: list[int], shape: Any = shape) -> list[Any]:
                return list(shape.read_many([(str(files[row % n_files]), None) for row in rows]))

            card = setting.card()
            few = np.arange(4 if setting.tiny else 96)
            exact = _vectors(embed(backbone, read, few))
            if decoding is None:
                decoding = _decoding(read_many, n_files)
                yield {"case": f"decoding alone, 360 x 363 to {size}", "images/s": decoding}
            batch = default_batch_size(setting.device, size)
            pictures = [read(row) for row in range(min(n_files, 64))]
            for precision in ("float32", "bfloat16"):
                setting.forget_peak()
                try:
                    options: dict[str, Any] = {
                        "device": setting.device, "precision": precision, "card": card,
                    }  # fmt: skip
                    close = _cosines(exact, _vectors(embed(backbone, read, few, **options)))
                    many = 2 if setting.tiny else batch
                    bare = _bare(setting, backbone, precision, many)

                    def pace(source: Callable[[list[int]], Any], n: int) -> float:
                        start = time.perf_counter()
                        _vectors(embed(backbone, read, np.arange(n), read_many=source, **options))  # noqa: B023
                        return n / (time.perf_counter() - start)

                    held = pace(
                        lambda rows: [pictures[row % len(pictures)] for row in rows],  # noqa: B023
                        6 if setting.tiny else int(np.clip(bare * 2, 4 * batch, 256 * batch)),
                    )
                    ceiling = min(bare, decoding)
                    seen = pace(
                        read_many, 6 if setting.tiny else int(np.clip(ceiling * 3, 4 * batch, 256 * batch))
                    )
                except Exception as error:
                    yield {"case": f"{title}, {precision}", "note": _told(error)}
                    continue
                yield {
                    "case": f"{title}, {precision}, batch {batch}", "bare images/s": bare,
                    "in memory images/s": held, "in memory / bare": held / bare,
                    "from files images/s": seen, "from files / min(bare, decoding)": seen / ceiling,
                    "least cosine to CPU float32": round(float(close.min()), 5), "GiB": setting.peak_gib(),
                    **_tuned(setting, backbone, precision, many),
                }  # fmt: skip


def jpegs(folder: Path, n: int) -> list[Path]:
    """Files as large as those of a set of blood cells: 360 x 363, some 20 kB."""

    def write(k: int) -> Path:
        rng = np.random.default_rng(k)
        coarse = Image.fromarray(rng.integers(60, 256, (24, 24, 3), np.uint8))
        pixels = np.asarray(coarse.resize((360, 363), Image.Resampling.BICUBIC), np.int16)
        pixels = pixels + rng.integers(-6, 7, pixels.shape, np.int16)
        path = folder / f"{k}.jpg"
        encoded = io.BytesIO()
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(encoded, "JPEG", quality=90)
        path.write_bytes(encoded.getvalue())
        return path

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return list(pool.map(write, range(n)))


def _decoding(read_many: Callable[[list[int]], Any], n: int) -> float:
    """Images a second of reading alone, as many at a time as there are readers."""
    from medlabeler.imaging import apart

    groups = [list(range(start, min(start + 16, n))) for start in range(0, n, 16)]
    with ThreadPoolExecutor(apart.MOST) as pool:
        list(pool.map(read_many, [[number % n] for number in range(4 * apart.MOST)]))  # starts them
        start = time.perf_counter()
        list(pool.map(read_many, groups * 3))
        return 3 * n / (time.perf_counter() - start)


def _bare(setting: Setting, backbone: Any, precision: str, batch: int) -> float:
    """Images a second of the forward pass alone."""
    import torch

    size = backbone.preprocessing.size
    module = backbone.module.to(setting.device, memory_format=torch.channels_last)
    images = torch.randn(batch, 3, size, size, device=setting.device)
    images = images.contiguous(memory_format=torch.channels_last)

    def once() -> None:
        with (
            torch.inference_mode(),
            torch.autocast(setting.device, torch.bfloat16, enabled=precision == "bfloat16"),
        ):
            module(images)

    return setting.pace(once, batch, 1.5)


def _tuned(setting: Setting, backbone: Any, precision: str, batch: int) -> dict[str, float | str]:
    """The bare pass with what a card offers beside: convolutions chosen by trying, and a recorded graph."""
    import torch

    if setting.device != "cuda":
        return {}
    found: dict[str, float | str] = {}
    torch.backends.cudnn.benchmark = True
    try:
        found["bare, cudnn.benchmark"] = _bare(setting, backbone, precision, batch)
        torch.backends.cudnn.benchmark = False
        found["bare, CUDA graph"] = _as_graph(setting, backbone, precision, batch)
    except Exception as error:
        found["tuning"] = _told(error)
    finally:
        torch.backends.cudnn.benchmark = False
    return found


def _as_graph(setting: Setting, backbone: Any, precision: str, batch: int) -> float:
    """Images a second of the forward pass, recorded once and replayed."""
    import torch

    size = backbone.preprocessing.size
    images = torch.randn(batch, 3, size, size, device="cuda").contiguous(memory_format=torch.channels_last)
    beside, graph = torch.cuda.Stream(), torch.cuda.CUDAGraph()
    reduced = precision == "bfloat16"
    with (
        torch.inference_mode(),
        torch.autocast("cuda", torch.bfloat16, enabled=reduced, cache_enabled=False),
    ):
        beside.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(beside):
            for _ in range(3):
                backbone.module(images)
        torch.cuda.current_stream().wait_stream(beside)
        with torch.cuda.graph(graph):
            backbone.module(images)
    return setting.pace(graph.replay, batch, 1.0)


def _vectors(shards: Iterator[Any]) -> NDArray[np.float32]:
    found = list(shards)
    failed = [reason for shard in found for _, reason in shard.failed]
    if failed:
        raise RuntimeError(f"{len(failed)} images failed: {failed[0]}")
    return np.concatenate([shard.vectors for shard in found]).astype(np.float32)


def _cosines(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    lengths = np.linalg.norm(a, axis=1) * np.linalg.norm(b, axis=1)
    return np.asarray((a * b).sum(axis=1) / np.maximum(lengths, 1e-12), np.float32)


N_CLASSES, PER_CLASS, ADDED = 21, 100, 12


def refit_part(setting: Setting) -> Iterator[Row]:
    """Both live classifiers at the design point and at a million images."""
    from medlabeler.learning.classifiers.live import make_live

    for n in (2000,) if setting.tiny else (171_375, 1_000_000):
        X, codes = _points(n, 32 if setting.tiny else 384)
        rng = np.random.default_rng(1)
        per_class = 10 if setting.tiny else PER_CLASS
        rows = np.concatenate(
            [rng.permutation(np.flatnonzero(codes == c))[: per_class + 1] for c in range(N_CLASSES)]
        )
        rows = rng.permutation(rows)
        for name in ("logistic", "knn"):
            found = {}
            for card in dict.fromkeys((setting.card(), None)):  # the card first, should time run out
                setting.check()
                case = f"{name}, {n:,} x {X.shape[1]}, {'processor' if card is None else 'card'}"
                setting.forget_peak()
                try:
                    start = time.perf_counter()
                    live = make_live(name, X, card=card)
                    ready = 1000 * (time.perf_counter() - start)
                    fit, predict, total, answer = _clicks(live, rows, codes)
                except Exception as error:
                    yield {"case": case, "note": _told(error)}
                    continue
                row = {
                    "case": case, "ready ms": ready, "fit ms": fit, "predict all ms": predict,
                    "click p50 ms": float(np.median(total)), "click max ms": max(total),
                    "GiB": None if card is None else setting.peak_gib(),
                }  # fmt: skip
                found[card is None] = answer
                if len(found) == 2:
                    ours, theirs = found.values()
                    apart = np.abs(ours.probabilities - theirs.probabilities).max(axis=1)
                    row |= {
                        "largest difference of a probability": _exact(apart.max()),
                        "images with more than 1e-5": int((apart > 1e-5).sum()),
                        "of the others": _exact(apart[apart <= 1e-5].max(initial=0)),
                        "other classes": f"{100 * np.mean(ours.class_id != theirs.class_id):.4f} %",
                    }
                yield row


def _clicks(live: Any, rows: NDArray[np.int64], codes: NDArray[np.int64]) -> Any:
    """Milliseconds of fit and prediction (medians) and of all clicks, and the last answer."""
    ids = (codes + 1).astype(np.int32)
    n = len(rows) - ADDED
    live.set_labels(rows[:n], ids[rows[:n]])
    live.predict()
    fit, predict, total = [], [], []
    for more in range(1, ADDED + 1):
        now = rows[: n + more]
        start = time.perf_counter()
        live.set_labels(now, ids[now])
        answer = live.predict()
        total.append(1000 * (time.perf_counter() - start))
        fit.append(answer.fit_ms)
        predict.append(answer.predict_ms)
    return float(np.median(fit)), float(np.median(predict)), total, answer


def _points(n: int, dim: int) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Vectors float32 (n, dim) of length 1 around one centre for each class, and the classes (n,)."""
    shares = np.geomspace(10, 1, N_CLASSES)
    codes = np.random.default_rng(0).choice(N_CLASSES, n, p=shares / shares.sum())
    centres = np.random.default_rng(2).standard_normal((N_CLASSES, dim)).astype(np.float32)
    X = np.empty((n, dim), np.float32)

    def fill(start: int) -> None:
        part = X[start : start + 16_384]
        np.random.default_rng((3, start)).standard_normal(dtype=np.float32, out=part)
        part *= 2.5
        part += centres[codes[start : start + 16_384]]
        part /= np.linalg.norm(part, axis=1, keepdims=True)

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(fill, range(0, n, 16_384)))
    return X, codes


def graph_part(setting: Setting) -> Iterator[Row]:
    """The neighbours of every image, all compared with all."""
    from medlabeler.learning.nearest import nearest_on_card
    from medlabeler.learning.projection import _exact_neighbours

    k = 15
    n = 1000 if setting.tiny else 171_375
    X, _ = _points(n, 32 if setting.tiny else 384)
    few = min(n, 16_384)
    start = time.perf_counter()
    index, distance = _exact_neighbours(X[:few], k)
    seconds = time.perf_counter() - start
    yield {"case": f"processor, {few:,} x {X.shape[1]}, {k} neighbours", "s": seconds}
    yield {"case": f"processor, {n:,} x {X.shape[1]}, calculated", "s": seconds * (n / few) ** 2}
    card = setting.card()
    if card is None:
        return
    found = nearest_on_card(X[:few], k, card)
    setting.forget_peak()
    start = time.perf_counter()
    nearest_on_card(X, k, card)
    yield {
        "case": f"card, {n:,} x {X.shape[1]}, {k} neighbours", "s": time.perf_counter() - start,
        "GiB": setting.peak_gib(), "same neighbours": f"{100 * np.mean(index == found[0]):.3f} %",
        "largest difference of a distance": _exact(np.abs(distance - found[1]).max()),
    }  # fmt: skip


def dino_part(setting: Setting) -> Iterator[Row]:
    """Steps of pretraining: images a second of the run, and on views that are there."""
    import torch

    from medlabeler.learning.backbones.loading import untrained
    from medlabeler.learning.dino.recipe import Recipe
    from medlabeler.learning.dino.train import Trainer

    cases = [
        ("ViT-S/16", "vit_small_patch16_224", 224, 96, 6, 256),
        ("EfficientNet-Lite0", "tf_efficientnet_lite0", 128, 64, 3, 256),
        ("ViT-S/16", "vit_small_patch16_224", 224, 96, 6, 64),
        ("EfficientNet-Lite0", "tf_efficientnet_lite0", 128, 64, 3, 64),
    ]
    if setting.tiny:
        cases = [("EfficientNet-Lite0", "tf_efficientnet_lite0", 64, 32, 1, 4)]
    for title, timm_name, size, local, n_local, batch in cases:
        setting.check()
        case = f"{title}, {size} px, 2 + {n_local} crops, batch {batch}"
        setting.forget_peak()
        try:
            torch.manual_seed(0)
            recipe = Recipe(
                steps=1000, batch=batch, size=size, local_size=local, n_local=n_local,
                n_out=256 if setting.tiny else 65_536,
            )  # fmt: skip
            pixels = _pixels(2 * batch if setting.tiny else 2048, size * 5 // 4)
            backbone = untrained(timm_name, size)
            trainer = Trainer(backbone, pixels, np.arange(len(pixels)), recipe, device=setting.device)
            pace = setting.pace(trainer.one_step, batch, 4.0)
            ceiling = trainer.synthetic_pace(2 if setting.tiny else 12)
            accumulated = trainer.recipe.accumulate
        except Exception as error:
            yield {"case": case, "note": _told(error)}
            continue
        yield {
            "case": case, "images/s": pace, "on views that are there": ceiling, "share": pace / ceiling,
            "GiB": setting.peak_gib(), "parts": accumulated,
            "precision": "bfloat16" if trainer.reduced else "float32",
        }  # fmt: skip
        del trainer


def sharpen_part(setting: Setting) -> Iterator[Row]:
    """Steps of sharpening, with and without the pool."""
    import torch

    from medlabeler.learning.backbones.loading import untrained
    from medlabeler.learning.sharpening.recipe import Recipe, usual_steps
    from medlabeler.learning.sharpening.train import Material, Sharpener

    size, n_classes, per_class, n_pool = (64, 2, 3, 8) if setting.tiny else (128, 8, 25, 1024)
    pixels = _pixels(n_classes * per_class + n_pool, size * 5 // 4)
    labelled = np.arange(n_classes * per_class)
    pool = np.arange(len(labelled), len(pixels))
    shares = np.full((n_pool, n_classes), 0.02 / n_classes, np.float32)
    shares[np.arange(n_pool), np.arange(n_pool) % n_classes] += 0.98
    networks = (("EfficientNet-Lite0", "tf_efficientnet_lite0"), ("ViT-S/16", "vit_small_patch16_224"))
    for title, timm_name in networks[: 1 if setting.tiny else None]:
        for of_pool in (0, 24):
            setting.check()
            case = f"{title}, {size} px, 24 labelled and {of_pool} of the pool a step"
            setting.forget_peak()
            try:
                torch.manual_seed(0)
                recipe = Recipe(steps=usual_steps(n_classes), size=size, pool=of_pool)
                material = Material(labelled, labelled % n_classes, pool, shares, n_classes)
                sharpener = Sharpener(
                    untrained(timm_name, size), pixels, material, recipe, device=setting.device
                )
                pace = setting.pace(sharpener.one_step, 1, 3.0)
            except Exception as error:
                yield {"case": case, "note": _told(error)}
                continue
            yield {
                "case": case, "ms a step": 1000 / pace, "s a run": recipe.steps / pace,
                "GiB": setting.peak_gib(), "precision": "bfloat16" if sharpener.reduced else "float32",
            }  # fmt: skip


def _pixels(n: int, side: int) -> NDArray[np.uint8]:
    """Smooth random images uint8 (n, side, side, 3)."""
    coarse = np.random.default_rng(0).integers(0, 256, (n, 16, 16, 3), np.uint8)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.stack(list(pool.map(lambda c: np.asarray(Image.fromarray(c).resize((side, side))), coarse)))


PARTS: dict[str, tuple[Callable[[Setting], Iterator[Row]], float]] = {
    "embed": (embed_part, 75),
    "refit": (refit_part, 45),
    "graph": (graph_part, 30),
    "dino": (dino_part, 50),
    "sharpen": (sharpen_part, 25),
}
"""Each part, and the seconds after which it begins nothing new; a half more, and it is ended."""


def _told(error: BaseException) -> str:
    """One line about what went wrong."""
    return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"


def _exact(value: Any) -> str:
    return f"{float(value):.1e}"


def _run_part(name: str, device: str, tiny: bool) -> int:
    """The process of a part: a line of JSON for each row, as soon as it is known."""
    part, seconds = PARTS[name]
    fake = device == "fake"
    setting = Setting("cpu" if fake else device, tiny, time.monotonic() + seconds, fake)
    try:
        for row in part(setting):
            print(json.dumps(row), flush=True)
    except Exception as error:
        print(json.dumps({"case": "the rest", "note": _told(error)}), flush=True)
        return 1
    return 0


def _rows_of(name: str, device: str, tiny: bool) -> list[Row]:
    """The rows of a part, made in a process of its own."""
    command = [sys.executable, __file__, "--only", name, "--device", device, *(["--tiny"] if tiny else [])]
    rows: list[Row] = []
    limit = 1.5 * PARTS[name][1]
    with tempfile.TemporaryFile("w+") as out:
        try:
            done = subprocess.run(command, stdout=out, timeout=limit, check=False)
            trouble = "" if done.returncode in (0, 1) else f"the process ended with {done.returncode}"
        except subprocess.TimeoutExpired:
            trouble = f"ended after {limit:.0f} s"
        out.seek(0)
        rows += [json.loads(line) for line in out if line.startswith("{") and line.endswith("\n")]
    return [*rows, {"case": "the rest", "note": trouble}] if trouble else rows


def _card(device: str) -> dict[str, Any]:
    """What the figures were measured on."""
    import torch

    facts: dict[str, Any] = {"machine": machine(), "torch": torch.__version__, "device": device}
    if device == "cuda":
        seen = torch.cuda.get_device_properties(0)
        facts |= {
            "card": seen.name,
            "card GiB": round(seen.total_memory / 2**30, 1),
            "CUDA": torch.version.cuda,
        }
    return facts


def markdown(rows: list[Row]) -> str:
    """A table; figures to three places."""
    columns = list(dict.fromkeys(name for row in rows for name in row))

    def cell(value: Any) -> str:
        if value is None:
            return ""
        if not isinstance(value, float):
            return str(value).replace("|", "/")
        return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"

    lines = [columns, ["---"] * len(columns), *([cell(row.get(name)) for name in columns] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> int:
    """Print the table; 1 if a part had trouble."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--device", choices=("cuda", "cpu", "fake"), default="cuda")
    parser.add_argument("--tiny", action="store_true", help="sizes that mean nothing, to rehearse")
    parser.add_argument("--out", type=Path, help="write the figures as JSON, too")
    parser.add_argument("--only", choices=PARTS, help=argparse.SUPPRESS)
    options = parser.parse_args()
    # Readers log where the program keeps its settings, which needs a package that the machine may lack.
    os.environ.setdefault("MEDLABELER_HOME", tempfile.mkdtemp(prefix="medlabeler-"))
    if options.only:
        return _run_part(options.only, options.device, options.tiny)
    start = time.perf_counter()
    facts = _card(options.device)
    print(" · ".join(f"{name}: {value}" for name, value in facts.items()), flush=True)
    found: dict[str, list[Row]] = {}
    for name in options.parts:
        began = time.perf_counter()
        found[name] = _rows_of(name, options.device, options.tiny)
        print(f"\n## {name} ({time.perf_counter() - began:.0f} s)\n\n{markdown(found[name])}", flush=True)
        if options.out is not None:
            text = json.dumps({**facts, "parts": found}, indent=1)
            options.out.write_text(text, encoding="utf-8")
    print(f"\n{time.perf_counter() - start:.0f} s in all", flush=True)
    return int(any("note" in row for rows in found.values() for row in rows))


if __name__ == "__main__":
    sys.exit(main())
