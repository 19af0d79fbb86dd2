"""What a run leaves behind: the teacher's backbone as a file that `load_backbone` understands."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from medlabeler.domain.durable import write_durably
from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.refusals import system_reason
from medlabeler.learning.backbones.checkpoints import SUM, sum_of
from medlabeler.learning.backbones.loading import Backbone, told_of_labels


def save_backbone(path: Path, teacher: Any, start: Backbone, size: int, facts: dict[str, Any]) -> None:
    """Write the backbone of `teacher`, weights in float16, with all that is needed to use it.

    A `start` that has learned from labels is told of: what it knows of them is still in what came of it.
    `facts` tells how it was trained: `title`, `licence`, and what else is worth keeping. Vectors (norms and
    biases) stay float32: they are small, and running variances may lie beyond float16.
    """
    from safetensors.torch import save

    tensors = {}
    for name, value in teacher.backbone.network.state_dict().items():
        value = value.detach().cpu().contiguous()
        tensors[name] = value.half() if value.is_floating_point() and value.ndim > 1 else value
        if not torch.isfinite(tensors[name]).all():
            raise UserError(tr("The weights are not numbers any more; use an earlier checkpoint."))
    preprocessing = replace(start.preprocessing, size=size)
    metadata = {
        "timm_name": start.info.timm_name.removeprefix("hf-hub:"),
        "architecture": start.info.timm_name.removeprefix("hf-hub:"),
        "kind": "DINO",
        "self_supervised": json.dumps(True),
        "preprocessing": json.dumps(preprocessing.to_dict()),
        **told_of_labels(start.sharpening),
        **{key: value if isinstance(value, str) else json.dumps(value) for key, value in facts.items()},
    }
    try:
        write_durably(path, save(tensors, metadata | {SUM: sum_of(tensors, metadata)}))
    except OSError as error:
        raise UserError(
            tr("The image model {path} cannot be written: {reason}.", path=path, reason=system_reason(error))
        ) from error
