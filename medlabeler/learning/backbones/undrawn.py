"""Making a network without drawing its first weights, for those that a checkpoint replaces.

Of the time a ViT-B took to be made, 1.7 s of a processor, nine tenths went into random numbers that nobody
ever looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from torch import nn
from torch.overrides import TorchFunctionMode


class Undrawn(TorchFunctionMode):
    """Within it, what would fill or change a parameter in place leaves it as it is, which is no value at all.

    Buffers get theirs: some are computed and in no checkpoint. Every parameter has to be loaded afterwards.
    It holds for the thread that enters it alone.
    """

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Any,
        args: Sequence[Any] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        kwargs = kwargs or {}
        # `nn.init` hands the tensor on by its name.
        changed = args[0] if args else kwargs.get("tensor")
        if isinstance(changed, nn.Parameter) and _changes_in_place(getattr(function, "__name__", "")):
            return changed
        return function(*args, **kwargs)


def _changes_in_place(name: str) -> bool:
    return name.endswith("_") and not name.endswith("__") and name != "requires_grad_"
