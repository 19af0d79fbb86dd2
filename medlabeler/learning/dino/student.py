"""Student and teacher: a backbone of any architecture with DINO's head."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any, Self

import torch
from torch import nn

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.progress import Progress
from medlabeler.learning.backbones.loading import Backbone, Embedder, load_backbone, untrained
from medlabeler.learning.backbones.torchvision_shim import prepare_torchvision
from medlabeler.learning.dino.head import Head

BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d, nn.BatchNorm3d, nn.SyncBatchNorm)


class Network(nn.Module):
    """A backbone and a head. Views of one size go through the backbone together, sizes one after the other,
    so that batch normalisation never mixes the statistics of large and small crops.

    With `keep_norms` batch normalisation goes on with the means and variances it came with (its scale and
    shift still learn), so that no image depends on the rest of its batch. Images of one kind vary little in
    most channels; normalised by their own variance, what is noise there becomes as large as what is not.
    """

    def __init__(self, backbone: Embedder, head: Head, keep_norms: bool = False) -> None:
        super().__init__()
        self.backbone, self.head, self.keep_norms = backbone, head, keep_norms

    def train(self, mode: bool = True) -> Self:
        """Into training mode, but for batch normalisation that keeps its statistics."""
        super().train(mode)
        if self.keep_norms:
            for module in self.modules():
                if isinstance(module, BATCH_NORMS):
                    module.eval()
        return self

    def forward(self, views: Sequence[torch.Tensor]) -> tuple[list[torch.Tensor], torch.Tensor]:
        """Scores (b, k) of each view (b, 3, s, s), and the embeddings (b, dim) of the first."""
        embeddings: list[torch.Tensor] = []
        start = 0
        while start < len(views):
            stop = start + 1
            while stop < len(views) and views[stop].shape == views[start].shape:
                stop += 1
            together = views[start] if stop == start + 1 else torch.cat(list(views[start:stop]))
            embeddings += self.backbone(together).chunk(stop - start)
            start = stop
        scores = self.head(torch.cat(embeddings)).chunk(len(views))
        return list(scores), embeddings[0]


def trainable(backbone: Backbone, size: int, local_size: int) -> Embedder:
    """The backbone as a network that takes images of both sizes and whose weights can move.

    Raises `UserError` for an architecture that only takes one size.
    """
    prepare_torchvision()
    network: Any = backbone.module.network
    if getattr(network, "pos_embed", None) is not None and hasattr(network, "dynamic_img_size"):
        network = _any_size(backbone, network)
    made = Embedder(network).requires_grad_(True)
    try:
        with torch.no_grad():
            made.eval()
            for side in {size, local_size}:
                made(torch.zeros(1, 3, side, side))
    except (RuntimeError, AssertionError, ValueError) as error:
        raise UserError(
            tr(
                "{title} cannot learn from crops of {size} and {local_size} pixels: {error}",
                title=backbone.info.title,
                size=size,
                local_size=local_size,
                error=error,
            )
        ) from error
    return made.train()


def _any_size(backbone: Backbone, network: Any) -> nn.Module:
    """The same vision transformer, resampling its position embeddings to the image it is given."""
    import timm

    grid = network.patch_embed.img_size
    made: nn.Module = timm.create_model(
        backbone.info.timm_name,
        pretrained=False,
        num_classes=0,
        img_size=grid,
        global_pool=network.global_pool,
        dynamic_img_size=True,
    )
    made.load_state_dict(network.state_dict())
    return made


def mixes_images(network: nn.Module) -> bool:
    """Whether what the network says of an image depends on the rest of its batch."""
    return any(isinstance(module, BATCH_NORMS) and module.training for module in network.modules())


def teacher_of(student: Network) -> Network:
    """A copy that takes no gradients. It stays in training mode: batch normalisation that does not keep its
    statistics uses the batch, as in the published code, and its running statistics come to be the teacher's.
    """
    return copy.deepcopy(student).requires_grad_(False)


@torch.no_grad()
def move_teacher(teacher: nn.Module, student: nn.Module, momentum: float) -> None:
    """teacher = momentum x teacher + (1 - momentum) x student, for every weight; buffers stay its own."""
    theirs: list[torch.Tensor] = list(teacher.parameters())
    ours: list[torch.Tensor] = list(student.parameters())
    torch._foreach_lerp_(theirs, ours, 1 - momentum)


def parameter_groups(network: nn.Module) -> list[dict[str, Any]]:
    """Weights that decay, and biases and norms that do not."""
    decays = [p for p in network.parameters() if p.requires_grad and p.ndim > 1]
    stays = [p for p in network.parameters() if p.requires_grad and p.ndim <= 1]
    return [{"params": decays, "decays": True}, {"params": stays, "decays": False, "weight_decay": 0.0}]


def start_backbone(name: str, size: int, *, seed: int, allow_download: bool, progress: Progress) -> Backbone:
    """The backbone a run begins with: what `load_backbone` understands, or `scratch:TIMM_NAME`, whose random
    weights follow the seed, so that all processes of a run begin alike.
    """
    if not name.startswith("scratch:"):
        return load_backbone(name, allow_download=allow_download, progress=progress)
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return untrained(name.removeprefix("scratch:"), size)
