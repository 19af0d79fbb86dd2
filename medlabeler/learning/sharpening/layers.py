"""Rates by depth: layers near the pixels know what all images share, and are moved less."""

from __future__ import annotations

from typing import Any

from torch import nn


def rate_groups(
    network: Any, head: nn.Module, layer_decay: float, weight_decay: float
) -> list[dict[str, Any]]:
    """Groups for AdamW: `scale` of the rate, 1 for the last layer of a timm network and `layer_decay` times
    that of the one above for each below (Clark et al. 2020, ELECTRA); `head` tells the head's. Biases and
    norms do not decay.
    """
    from timm.optim._param_groups import param_groups_layer_decay

    groups: dict[tuple[float, float], dict[str, Any]] = {}
    for found in param_groups_layer_decay(
        network, weight_decay=weight_decay, layer_decay=layer_decay, no_opt_scale=None
    ):
        scale, decay = float(found["lr_scale"]), float(found["weight_decay"])
        # Layers of one rate are moved together: a card is asked once for each group.
        group = groups.setdefault(
            (scale, decay), {"params": [], "weight_decay": decay, "scale": scale, "head": False}
        )
        group["params"] += found["params"]
    of_head = {"params": list(head.parameters()), "weight_decay": weight_decay, "scale": 1.0, "head": True}
    return [*groups.values(), of_head]
