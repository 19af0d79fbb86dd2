"""The command line's grammar. Standard library only, so that `--help` answers at once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, NoReturn

from medlabeler import __version__
from medlabeler.learning.query.registry import STRATEGIES

HANDLERS = {
    "new": "project_commands",
    "import": "project_commands",
    "label": "project_commands",
    "info": "project_commands",
    "embed": "learning_commands",
    "map": "learning_commands",
    "evaluate": "learning_commands",
    "curve": "learning_commands",
    "pretrain": "pretrain_commands",
    "compare": "learning_commands",
    "simulate": "learning_commands",
    "export": "learning_commands",
    "predict": "learning_commands",
    "sample": "project_commands",
    "reserve": "test_set_commands",
    "leakage": "test_set_commands",
    "sessions": "project_commands",
    "relink": "project_commands",
    "quality": "second_look_commands",
    "agreement": "second_look_commands",
}
"""Command -> module of `medlabeler.cli` with a function of that name (`import` is `import_again`)."""


class Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence on standard error, with exit code 2."""

    def error(self, message: str) -> NoReturn:
        """Leave with the sentence and where to read on."""
        text = message[:1].upper() + message[1:]
        self.exit(2, f"{text.rstrip('.')}; see {self.prog} --help.\n")


class _ManifestAction(argparse.Action):
    """`--manifest FILE` starts a manifest, a following `--as ROLE` gives its role."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: Any,
        option: str | None = None,
    ) -> None:
        manifests: list[tuple[Path, str]] = list(getattr(namespace, "manifests", None) or [])
        if option == "--manifest":
            manifests.append((Path(values), ""))
        elif not manifests or manifests[-1][1]:
            parser.error("--as follows the --manifest it is about")
        else:
            manifests[-1] = (manifests[-1][0], values)
        namespace.manifests = manifests


VERBOSE_HELP = "write more to the log, names of files and classes included"


def build() -> Parser:
    """The whole grammar."""
    parser = Parser(
        prog="medlabeler",
        description="Label about 100 medical images per class, watch an honest accuracy grow, "
        "export the classifier. "
        "Without a command the window opens.",
        epilog="Exit codes: 0 done, 2 the input is wrong (one sentence tells what), 1 a bug of ours, 130 "
        "cancelled. "
        "Every command of a project takes --json: one JSON object on standard output at the end, "
        "progress as JSON lines on standard error.",
    )
    parser.add_argument("--version", action="version", version=f"medlabeler {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True, parser_class=Parser)

    def command(name: str, text: str, project: bool = True) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text, allow_abbrev=False)
        if project:
            made.add_argument("project", type=Path, metavar="PROJECT", help="folder of the project")
        made.add_argument("--json", action="store_true", help="one JSON object on standard output at the end")
        verbose(made)
        return made

    def verbose(made: argparse.ArgumentParser) -> None:
        made.add_argument("--verbose", action="store_true", help=VERBOSE_HELP)

    _project_commands(command)
    _learning_commands(command)
    window = commands.add_parser("open", help="Open a project in the window.", allow_abbrev=False)
    window.add_argument("project", type=Path, nargs="?", metavar="PROJECT")
    verbose(window)
    demo = commands.add_parser("demo", help="Open the synthetic sample in the window.", allow_abbrev=False)
    demo.add_argument(
        "--screenshot", type=Path, metavar="PNG", help="save a picture of the window when it is ready"
    )
    demo.add_argument("--quit-after-ready", action="store_true", help="leave once the map is drawn")
    verbose(demo)
    return parser


def _project_commands(command: Any) -> None:
    new = command("new", "Create a project from a folder of images or from manifests.")
    new.add_argument(
        "--images", type=Path, metavar="DIR", help="folder of images; with a manifest: where its paths start"
    )
    new.add_argument(
        "--manifest", action=_ManifestAction, dest="manifests", default=[], metavar="CSV",
        help="CSV with a column image, path or file, and optionally label, split, group, and more to colour "
        "by; only the images it lists are taken; may be given several times",
    )  # fmt: skip
    new.add_argument(
        "--as", action=_ManifestAction, dest="manifests", metavar="ROLE",
        choices=("train", "test", "unlabelled"),
        help="role of the manifest before it: train, test or unlabelled",
    )  # fmt: skip
    new.add_argument(
        "--folder-labels", action="store_true", help="take the name of the sub-folder as the reference label"
    )
    new.add_argument(
        "--group",
        metavar="RULE",
        help="patient, slide or lesion: a COLUMN, folder:N or name:REGEX (its first group)",
    )
    new.add_argument(
        "--reserve",
        type=_count,
        default=0,
        metavar="N",
        help="reserve N random images, by group, as the test set",
    )
    new.add_argument(
        "--per-group", type=_positive, metavar="M",
        help="with --reserve: at most M images of a group, so that N images come from more groups",
    )  # fmt: skip
    new.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the random draw (0)")
    new.add_argument("--annotator", default="", metavar="NAME", help="who labels")

    again = command(
        "import", "Import again: adds what is new, reads what changed, continues what was interrupted."
    )
    again.set_defaults(function="import_again")

    label = command("label", "Label images from a CSV, or make the reference labels labels.")
    source = label.add_mutually_exclusive_group(required=True)
    source.add_argument(
        "--from", dest="csv", type=Path, metavar="CSV", help="CSV with the columns image and label"
    )
    source.add_argument(
        "--adopt-reference", action="store_true", help="take the labels that came with the data"
    )
    label.add_argument(
        "--split", choices=("train", "test"), default="train",
        help="which images: train (everything outside the test set, the default) or test",
    )  # fmt: skip
    label.add_argument(
        "--per-class", type=_positive, metavar="N", help="N images of each class, drawn at random"
    )
    label.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the random draw (0)")
    label.add_argument("--annotator", default="", metavar="NAME", help="whose decisions these are")

    command("info", "Tell what is in a project.")
    relink = command("relink", "A folder of images was moved: look for them in its new place.")
    relink.add_argument(
        "--from", dest="old", type=Path, required=True, metavar="OLD", help="where the folder was"
    )
    relink.add_argument(
        "--to", dest="new", type=Path, required=True, metavar="NEW", help="where the folder is now"
    )
    command("sessions", "Compare the sessions: time, labels, labels a minute, accuracy.")

    reserve = command("reserve", "Draw a test set, or enlarge it, from images without labels.")
    reserve.add_argument("--images", type=_positive, required=True, metavar="N", help="its size in all")
    reserve.add_argument(
        "--per-group", type=_positive, metavar="M",
        help="at most M images of a group; the others of the group are held back",
    )  # fmt: skip
    reserve.add_argument(
        "--rare", action="store_true", help="more from thinly populated places of the map (weighted later)"
    )
    reserve.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the random draw (0)")
    command("leakage", "List what stands on both sides of the split: groups, near-duplicates, labels.")

    quality = command("quality", "List probable label errors, duplicates whose labels differ, and outliers.")
    quality.add_argument(
        "--against", choices=("labels", "reference"), default="labels",
        help="which labels: those given here (default), or the reference labels that came with the data",
    )  # fmt: skip
    quality.add_argument(
        "--out", type=Path, metavar="CSV", help="all findings, with every judged label in its rank"
    )
    quality.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the folds (0)")
    command("agreement", "Tell how far repeated readings and second readers agree: kappa with interval.")

    sample = command("sample", "Write the synthetic sample: drawn cells in 6 classes.", project=False)
    sample.add_argument("folder", type=Path, metavar="DIR", help="a new or empty folder")
    sample.add_argument("--images", type=_positive, default=1200, metavar="N", help="how many (1200)")
    sample.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the drawing (0)")


def _learning_commands(command: Any) -> None:
    embed = command("embed", "Compute embeddings; goes on where an earlier run was stopped.")
    embed.add_argument(
        "--backbone", metavar="NAME|FILE",
        help="a name (dino_vits16), any timm name, hf-hub:NAME or a checkpoint file; "
        "default: the project's own, else dino_vits16",
    )  # fmt: skip
    embed.add_argument(
        "--architecture",
        metavar="NAME",
        help="what a checkpoint file is of, if it does not tell: a timm name",
    )
    embed.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="where to compute (auto)"
    )
    embed.add_argument(
        "--allow-download", action="store_true", help="fetch weights that are not on this machine"
    )
    embed.add_argument(
        "--vectors", type=Path, metavar="NPY", help="adopt embeddings computed elsewhere: an array (n, dim)"
    )
    embed.add_argument("--manifest", type=Path, metavar="CSV", help="which image each row of --vectors is")

    layout = command("map", "Compute the map's coordinates.")
    layout.add_argument("--method", choices=("umap", "pca"), default="umap", help="projection (umap)")
    layout.add_argument(
        "--seed", type=_count, metavar="S", help="make UMAP reproducible (slower: one thread)"
    )

    evaluate = command("evaluate", "Measure balanced accuracy.")
    evaluate.add_argument("--classifier", choices=("logistic", "knn"), help="default: the project's own")
    evaluate.add_argument(
        "--against", choices=("labels", "reference", "test-labels"), default="labels",
        help="labels: cross-validation on the labels (default); reference: the reference labels of the "
        "test set; "
        "test-labels: a person's labels of the test set",
    )  # fmt: skip
    evaluate.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of the folds (0)")

    curve = command("curve", "Measure learning curves: balanced accuracy against labels per class.")
    curve.add_argument(
        "--protocol", choices=("paper", "own", "both"), default="both",
        help="which classifiers: the paper's, our own, or both on the same draws (default)",
    )  # fmt: skip
    curve.add_argument(
        "--against", choices=("reference", "labels"), default="reference",
        help="whose labels train and test: those that came with the data (default), or a person's own",
    )  # fmt: skip
    curve.add_argument(
        "--sizes", type=_sizes, metavar="N,N,...",
        help="labels per class (1,5,10,25,50,100,250,500,1000, as far as the images reach)",
    )  # fmt: skip
    curve.add_argument("--seeds", type=_positive, default=3, metavar="N", help="draws of each size (3)")
    curve.add_argument(
        "--min-class-size", type=_count, default=0, metavar="N",
        help="leave out classes with fewer images to train on (0)",
    )  # fmt: skip
    curve.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the tables (CSV) and the figure (PNG, SVG)"
    )
    curve.add_argument(
        "--deep-baseline", action="store_true",
        help="also fine-tune the whole backbone on every draw; slow, says first how long it will take",
    )  # fmt: skip
    curve.add_argument(
        "--deep-size", type=_positive, metavar="PX",
        help="image size for that (the backbone's own); smaller is faster and less accurate",
    )  # fmt: skip

    compare = command("compare", "Compare backbones on the same labels and draws.")
    compare.add_argument(
        "embedding", nargs="*", metavar="EMBEDDING",
        help="key, its beginning, or backbone; the first is what others are compared with (default: all)",
    )  # fmt: skip
    compare.add_argument(
        "--against", choices=("labels", "reference"), default="labels",
        help="labels: cross-validation on the labels (default); reference: those of the test set",
    )  # fmt: skip
    compare.add_argument("--sizes", type=_sizes, metavar="N,N,...", help="labels per class, as for curve")
    compare.add_argument("--seeds", type=_positive, default=5, metavar="N", help="draws of each size (5)")
    compare.add_argument("--out", type=Path, metavar="DIR", help="folder for the table and the figure")

    simulate = command(
        "simulate", "Compare query strategies: the reference labels play the clinician, on the test set."
    )
    simulate.add_argument(
        "--strategies", type=_names, metavar="NAME,NAME,...",
        help=", ".join(STRATEGIES) + "; default: all",
    )  # fmt: skip
    simulate.add_argument(
        "--budget", type=_positive, default=100, metavar="N", help="labels per class, on average (100)"
    )
    simulate.add_argument(
        "--seeds", type=_positive, default=5, metavar="N", help="plays of each strategy (5)"
    )
    simulate.add_argument(
        "--batch", type=_positive, default=10, metavar="N", help="labels between refits (10)"
    )
    simulate.add_argument(
        "--split-seed", type=_count, default=0, metavar="S",
        help="seed of the test set that is drawn, by group, where the project has none (0)",
    )  # fmt: skip
    simulate.add_argument(
        "--minutes", type=_count, default=0, metavar="N",
        help="also compare working one by one, by the queue and with grids, for N minutes",
    )  # fmt: skip
    simulate.add_argument(
        "--assume", type=_assumptions, metavar="NAME=VALUE,...",
        help="what a label costs, such as single_s=3,grid_image_s=0.3,single_error=0.02",
    )  # fmt: skip
    simulate.add_argument("--processes", type=_positive, metavar="N", help="that play at once (one per core)")
    simulate.add_argument(
        "--out", type=Path, metavar="DIR", help="folder for the tables (CSV, JSON) and figures (PNG, SVG)"
    )

    _pretrain_command(command)

    export = command("export", "Write the classifier, the labels, the predictions.")
    export.add_argument("--bundle", type=Path, metavar="FILE", help="the classifier, for medlabeler predict")
    export.add_argument("--labels", type=Path, metavar="CSV", help="every image with its label")
    export.add_argument("--predictions", type=Path, metavar="CSV", help="every image with its prediction")
    export.add_argument("--audit", type=Path, metavar="CSV", help="every decision ever made: who, when, how")
    export.add_argument("--classifier", choices=("logistic", "knn"), help="default: the project's own")
    export.add_argument(
        "--with-backbone", action="store_true", help="put the backbone's weights into the bundle as well"
    )

    predict = command("predict", "Apply an exported classifier to new images.", project=False)
    predict.add_argument("bundle", type=Path, metavar="BUNDLE")
    predict.add_argument(
        "images", type=Path, metavar="DIR|MANIFEST", help="a folder of images or a CSV manifest"
    )
    predict.add_argument("--out", type=Path, required=True, metavar="CSV", help="where the predictions go")
    predict.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="where to compute (auto)"
    )
    predict.add_argument(
        "--allow-download", action="store_true", help="fetch weights that are not on this machine"
    )


def _pretrain_command(command: Any) -> None:
    pretrain = command("pretrain", "Let a backbone learn from the project's images without labels (DINO).")
    length = pretrain.add_mutually_exclusive_group()
    length.add_argument("--steps", type=_positive, metavar="N", help="how long, in batches")
    length.add_argument("--epochs", type=_positive, metavar="N", help="how long, in passes over the images")
    pretrain.add_argument(
        "--start", metavar="NAME|FILE",
        help="what to begin with: a backbone, a checkpoint (TIMM_NAME@FILE if it does not tell its"
        " architecture), or scratch:TIMM_NAME; default: the project's own",
    )  # fmt: skip
    pretrain.add_argument("--size", type=_positive, default=128, metavar="PX", help="image size (128)")
    pretrain.add_argument("--batch", type=_positive, default=64, metavar="N", help="images a step (64)")
    pretrain.add_argument(
        "--local-crops", type=_count, default=3, metavar="N", help="small crops of each image (3)"
    )
    pretrain.add_argument(
        "--colour", choices=("gentle", "full"), default="gentle",
        help="how much views differ in colour and sharpness: gentle (default) where colour matters, as in"
        " stains; full as published",
    )  # fmt: skip
    pretrain.add_argument(
        "--batch-norm", choices=("kept", "batch"),
        help="means and variances of batch normalisation: those of the start (default), or of each batch"
        " (default from scratch)",
    )  # fmt: skip
    pretrain.add_argument(
        "--learning-rate", type=float, metavar="X", help="peak of AdamW's; default: by batch"
    )
    pretrain.add_argument(
        "--accumulate", type=_positive, default=1, metavar="N", help="take a batch in N parts, to save memory"
    )
    pretrain.add_argument(
        "--save-memory", action="store_true", help="compute activations twice instead of keeping them"
    )
    pretrain.add_argument(
        "--include-test", action="store_true",
        help="learn from test images too; every accuracy on them is transductive then",
    )  # fmt: skip
    pretrain.add_argument("--seed", type=_count, default=0, metavar="S", help="seed of everything (0)")
    pretrain.add_argument(
        "--device", choices=("auto", "cpu", "cuda", "mps"), default="auto", help="where to compute (auto)"
    )
    pretrain.add_argument(
        "--processes", type=_positive, metavar="N",
        help="share each batch; default: one, or with --device cpu one for each core, 4 at most",
    )  # fmt: skip
    pretrain.add_argument(
        "--checkpoint-minutes", type=float, default=3.0, metavar="M", help="time between checkpoints (3)"
    )
    pretrain.add_argument(
        "--allow-download", action="store_true", help="fetch weights that are not on this machine"
    )
    pretrain.add_argument("--detach", action="store_true", help="start, and return at once")
    what = pretrain.add_mutually_exclusive_group()
    what.add_argument(
        "--measure", action="store_true", help="20 steps: how long it would take, whether it is worth it"
    )
    what.add_argument("--status", action="store_true", help="tell how the runs of the project stand")
    what.add_argument(
        "--resume", nargs="?", const="", metavar="RUN", help="go on with a run (without a name: the newest)"
    )
    what.add_argument(
        "--stop", nargs="?", const="", metavar="RUN", help="let a run write a checkpoint and end"
    )


def _count(text: str) -> int:
    """A whole number from 0."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0")
    return int(text)


def _sizes(text: str) -> tuple[int, ...]:
    """Whole numbers from 1 with commas between, in increasing order."""
    return tuple(sorted({_positive(part.strip()) for part in text.split(",")}))


def _names(text: str) -> tuple[str, ...]:
    """Words with commas between, each once, in the order given."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


def _assumptions(text: str) -> tuple[tuple[str, float], ...]:
    """NAME=VALUE with commas between."""
    found = []
    for part in text.split(","):
        name, _, value = part.partition("=")
        try:
            found.append((name.strip(), float(value)))
        except ValueError as error:
            raise argparse.ArgumentTypeError(f"{part!r} is not NAME=VALUE with a number") from error
    return tuple(found)


def _positive(text: str) -> int:
    """A whole number from 1."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1")
    return int(text)
