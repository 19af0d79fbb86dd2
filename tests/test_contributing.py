"""CONTRIBUTING.md is true: its map names every package, and its examples work where they say they belong."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import NamedTuple

import pytest

import medlabeler

PACKAGE = Path(medlabeler.__file__).resolve().parent
REPOSITORY = Path(__file__).resolve().parent.parent
PAGE = (REPOSITORY / "CONTRIBUTING.md").read_text(encoding="utf-8")


class Example(NamedTuple):
    """One block: the file that it is, or that it is put into, and where there ("" for a whole file)."""

    path: str
    place: str
    code: str


def examples() -> list[Example]:
    found = []
    for block in re.findall(r"^```python\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL):
        head, code = block.split("\n", 1)
        matched = re.fullmatch(r"# (medlabeler/\S+\.py)(?:: (?:in )?(.+))?", head)
        assert matched, head
        found.append(Example(matched[1], matched[2] or "", code))
    return found


def with_example(source: str, example: Example) -> str:
    """The file with the example in it: behind its imports, or as the last entry of a table."""
    tree = ast.parse(source)
    lines = source.splitlines(keepends=True)
    if example.place == "imports":
        last = max(
            node.end_lineno or 0 for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)
        )
        return "".join([*lines[:last], example.code, *lines[last:]])
    line, column = end_of(table(tree, example.place))
    # Columns of ast count bytes.
    text = lines[line - 1].encode()
    before = "".join(lines[: line - 1]) + text[: column - 1].decode()
    after = text[column - 1 :].decode() + "".join(lines[line:])
    comma = "" if before.rstrip().endswith((",", "(", "[", "{")) else ","
    return f"{before.rstrip()}{comma}\n{textwrap.indent(example.code.rstrip(), '    ')},\n{after}"


def table(tree: ast.Module, place: str) -> ast.expr:
    """The literal that holds the entries of NAME, or of NAME["key"]."""
    name, _, key = place.partition("[")
    values = []
    for node in tree.body:
        if isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            values += [node.value] if name in map(ast.unparse, targets) else []
    assert len(values) == 1, f"{place}: {len(values)} tables of that name"
    value = values[0]
    if isinstance(value, ast.DictComp):
        value = value.generators[0].iter
    if isinstance(value, ast.Call):
        value = value.args[0]
    if key:
        assert isinstance(value, ast.Dict)
        wanted = ast.literal_eval(key.rstrip("]"))
        value = next(
            v for k, v in zip(value.keys, value.values, strict=True)
            if isinstance(k, ast.Constant) and k.value == wanted
        )  # fmt: skip
    assert isinstance(value, ast.Tuple | ast.List | ast.Dict | ast.Set), place
    return value


def end_of(node: ast.expr) -> tuple[int, int]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return node.end_lineno, node.end_col_offset


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program with all examples in it."""
    folder = tmp_path_factory.mktemp("contributed")
    shutil.copytree(PACKAGE, folder / "medlabeler", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(REPOSITORY / "resources", folder / "resources")
    for example in examples():
        path = folder / example.path
        if example.place:
            path.write_text(with_example(path.read_text(encoding="utf-8"), example), encoding="utf-8")
        else:
            assert not path.exists(), f"{example.path} is there already"
            path.write_text(example.code, encoding="utf-8")
    return folder


def run_in(tree: Path, code: str, *arguments: object) -> str:
    """Standard output of a fresh interpreter with that copy of the program."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=tree, capture_output=True, text=True, timeout=500, check=False,
        env={**os.environ, "PYTHONPATH": str(tree)},
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-3000:]
    return done.stdout


@pytest.fixture(scope="module")
def project(tree: Path) -> Path:
    """Imported from twelve grey maps of two classes and four patients, a third of them the test set, with an
    embedding from a file and labels.
    """
    run_in(
        tree,
        """
        from pathlib import Path
        import medlabeler, numpy as np
        from medlabeler.cli.main import main
        assert Path(medlabeler.__file__).is_relative_to(Path.cwd())
        Path("pictures").mkdir()
        lines = ["image,label,split,patient"]
        for n in range(12):
            header = b"P5\\n8 6\\n255\\n"
            (Path("pictures") / f"{n:02d}.pgm").write_bytes(header + bytes([20 * n]) * 48)
            lines.append(f"{n:02d}.pgm,{'AB'[n % 2]},{'test' if n >= 8 else 'train'},p{n // 3}")
        (Path("pictures") / "broken.pgm").write_bytes(b"P5\\n8 6\\n255\\n\\0")
        lines.append("broken.pgm,A,train,p9")
        manifest = Path("pictures") / "manifest.csv"
        manifest.write_text("\\n".join(lines))
        rng = np.random.default_rng(0)
        np.save("v.npy", np.eye(2, 6)[np.arange(13) % 2] * 3 + rng.normal(size=(13, 6)))
        (Path("pictures") / "rows.csv").write_text(
            "\\n".join(["image", *(f"{n:02d}.pgm" for n in range(12)), "broken.pgm"])
        )
        assert main(["new", "project", "--manifest", str(manifest), "--group", "patient"]) == 0
        assert main(["embed", "project", "--vectors", "v.npy", "--manifest", "pictures/rows.csv"]) == 0
        assert main(["label", "project", "--adopt-reference"]) == 0
        """,
    )
    return tree / "project"


def test_the_map_of_the_house_names_every_package_and_no_other() -> None:
    named = re.findall(r"^\| `([a-z_/]+)` \|", PAGE, re.MULTILINE)
    folders = {path.parent for path in PACKAGE.rglob("__init__.py")} - {PACKAGE}
    there = [folder.relative_to(PACKAGE).as_posix() for folder in folders]
    assert sorted(named) == sorted(there)


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.py)", PAGE))
    assert len(named) > 30
    missing = {name for name in named if not any((r / name).is_file() for r in (PACKAGE, REPOSITORY))}
    assert missing == set()


def test_the_examples_keep_to_the_style(tree: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "check", "--no-cache", "--config", REPOSITORY / "pyproject.toml", "."],
        cwd=tree, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    # Imports of an example stand behind the others, where a formatter would sort them in.
    told = [line for line in done.stdout.splitlines() if re.match(r"[A-Z]+\d+ ", line)]
    assert [line for line in told if not line.startswith("I001")] == [], done.stdout


def test_the_strategy_is_in_the_menu_the_help_and_the_queue(tree: Path) -> None:
    out = run_in(
        tree,
        """
        import numpy as np
        from medlabeler.cli.main import main
        from medlabeler.gui.queue.strategy_choice import families
        from medlabeler.learning.query.situation import Situation
        from medlabeler.learning.query.suggest import suggest
        assert "In order" in [info.title for family in families() for info in family]
        X = np.eye(9, dtype=np.float32)
        found = suggest("in_order", Situation(X, np.arange(2, 9)), 3, seed=0, random_share=0)
        assert [(f.row, f.reason, f.strategy) for f in found] == [
            (row, "next in the project", "in_order") for row in (2, 3, 4)
        ]
        main(["simulate", "--help"])
        """,
    )
    assert "in_order" in out


def test_the_classifier_is_one_and_the_same_live_and_measured(tree: Path, project: Path) -> None:
    out = run_in(
        tree,
        """
        import sys
        import numpy as np
        from medlabeler.cli.main import main
        from medlabeler.learning.classifiers.estimators import make
        from medlabeler.learning.classifiers.live import make_live
        rng = np.random.default_rng(0)
        X = rng.normal(size=(40, 5)).astype(np.float32)
        X /= np.linalg.norm(X, axis=1, keepdims=True)
        rows, ids = np.arange(10), np.array([3, 7] * 5, np.int32)
        live, present = make_live("centroid", X, np.arange(40) != 12), np.arange(40) != 12
        assert not live.set_labels(rows[:1], ids[:1]) and live.predict() is None
        assert live.set_labels(rows, ids)
        said, cold = live.predict(), make("centroid").fit(X[:10], ids)
        assert np.abs(said.probabilities - cold.predict_proba(X))[present].max() < 1e-4
        assert (said.class_id == cold.predict(X))[present].all()
        assert said.class_id[12] == -1 and np.isnan(said.confidence[12])
        assert main(["evaluate", sys.argv[1], "--classifier", "centroid", "--against", "reference"]) == 0
        """,
        project,
    )
    assert "nearest centroid" in out


@pytest.mark.slow
def test_the_backbone_is_found_and_loaded_from_the_cache_of_the_hub(tree: Path) -> None:
    run_in(
        tree,
        """
        import os
        from pathlib import Path
        os.environ["HF_HUB_CACHE"] = str(Path("cache").absolute())
        from medlabeler.learning.backbones import registry
        from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
        prepare_torchvision()
        import timm
        from safetensors.torch import save_file
        from medlabeler.learning.backbones.loading import load_backbone
        info = registry.find("dino_vitb8")
        assert not registry.is_here(info)
        folder = Path("cache") / ("models--" + info.location.replace("/", "--"))
        (folder / "snapshots/1").mkdir(parents=True)
        (folder / "refs").mkdir()
        (folder / "refs/main").write_text("1")
        network = timm.create_model(info.timm_name, pretrained=False, num_classes=0)
        save_file(network.state_dict(), folder / "snapshots/1/model.safetensors")
        backbone = load_backbone("dino_vitb8")
        assert (backbone.info.dim, backbone.pooling) == (768, "class token")
        """,
    )


def test_the_reader_reads_and_says_what_it_cannot(tree: Path, project: Path) -> None:
    out = run_in(
        tree,
        """
        import sys
        from pathlib import Path
        from medlabeler.cli.main import main
        from medlabeler.imaging.readers import UnreadableImage, read_rgb
        pixels = read_rgb(Path("pictures/03.pgm")).pixels
        assert pixels.shape == (6, 8, 3) and (pixels == 60).all()
        Path("deep.pgm").write_bytes(b"P5 8 6 65535 " + bytes(96))
        try:
            read_rgb(Path("deep.pgm"))
        except UnreadableImage as error:
            assert "more than 8 bits" in str(error), error
        else:
            raise AssertionError
        main(["info", sys.argv[1], "--json"])
        """,
        project,
    )
    told = json.loads(out.splitlines()[-1])
    assert told["n_images"] == 12
    assert [Path(entry["path"]).name for entry in told["skipped"]] == ["broken.pgm"]


def test_the_job_has_its_command(tree: Path, project: Path) -> None:
    code = "import sys; from medlabeler.__main__ import main; sys.exit(main(sys.argv[1:]))"
    assert "Count the groups on each side" in run_in(tree, code, "--help")
    assert "images of a group that counts (1)" in run_in(tree, code, "sides", "--help")
    assert json.loads(run_in(tree, code, "sides", project, "--json")) == {"pool": 3, "test": 2}
    told = run_in(tree, code, "sides", project, "--least", 3)
    assert told == "2 groups in the pool, 1 in the test set.\n"


def test_the_job_runs_from_the_menu_in_a_process_of_its_own(tree: Path, project: Path) -> None:
    out = run_in(
        tree,
        """
        import sys
        from pathlib import Path
        from PySide6.QtCore import QTimer
        from medlabeler.domain.settings import Settings
        from medlabeler.gui.window.app import make_application
        from medlabeler.gui.window.main_window import MainWindow
        from medlabeler.project.project import Project
        app = make_application(Settings())
        window = MainWindow()
        window.current.take(Project.open(Path(sys.argv[1])), start=False)
        menu = next(a.menu() for a in window.menuBar().actions() if a.iconText() == "Test set")
        action = window.actions_["sides"]
        assert action in menu.actions() and action.isEnabled()
        told = []
        def ended(job, result):
            if job.name == "sides":
                told.append((job.title, job.state, result.sentence))
                app.quit()
        window.opened.runner.finished.connect(ended)
        QTimer.singleShot(400_000, app.quit)
        action.trigger()
        app.exec()
        window.close()
        print(*told[0], sep="|")
        """,
        project,
    )
    assert out.splitlines()[-1] == "Count groups|done|3 groups in the pool, 2 in the test set."
