"""What image models are called on the screen; projects, bundles and tables keep English names."""

from __future__ import annotations

import re

from medlabeler.domain.language import tr

_LOOKS = re.compile(r"(?P<name>.+) \((?P<n>\d+) looks, (?P<kind>turned|mirrored)\)")
_NOT_DINO = " (supervised ImageNet)"


def shown_name(title: str) -> str:
    """An image model's English name in the language in use; a name that a person gave stays as it is."""
    found = _LOOKS.fullmatch(title)
    if found is None:
        return tr(title)
    kind = tr("turned") if found["kind"] == "turned" else tr("mirrored")
    return tr("{name} ({n} looks, {kind})", name=tr(found["name"]), n=found["n"], kind=kind)


def short_name(title: str) -> str:
    """The same where it stands beside what says that it learned with labels."""
    return shown_name(title.replace(_NOT_DINO, ""))


def bare_name(title: str) -> str:
    """The same without what stands in brackets, for a button."""
    return shown_name(title).partition(" (")[0]


def shown_licence(licence: str) -> str:
    """The name of a licence; most are names, which are the same in every language."""
    return tr("DINOv3 licence") if licence == "DINOv3 licence" else licence
