"""Make the starter backbone that ships with the program from what a run of `medlabeler pretrain` left.

    python packaging/starter.py PROJECT/pretraining/RUN/backbone.safetensors
    python packaging/starter.py OUT/cells-3512.safetensors

writes resources/backbones/starter-cells-2.safetensors: the same weights under the title, licence and image
size of the registry. The second form takes what `tests/bench/bench_starter.py` left.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file

from medlabeler.domain.resources import resource_folder
from medlabeler.imaging.preprocess import Preprocessing
from medlabeler.learning.backbones.registry import STARTER, find


def main(trained: Path) -> None:
    info = find(STARTER)
    with safe_open(trained, framework="pt") as file:
        facts = file.metadata()
        tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - not a dict
    shape = Preprocessing.from_dict(json.loads(facts["preprocessing"])).to_dict() | {"size": info.image_size}
    facts.setdefault("transductive", "false")  # the bench leaves the test images out by name
    facts |= {"title": info.title, "licence": info.licence, "preprocessing": json.dumps(shape)}
    target = resource_folder() / info.location
    target.parent.mkdir(exist_ok=True)
    save_file(tensors, target, facts)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
