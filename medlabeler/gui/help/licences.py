"""What the program stands on, with versions and licences, as the installed packages say it themselves."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import metadata

from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_licence, shown_name
from medlabeler.learning.backbones.registry import REGISTRY

LONGEST = 120
"""Some packages put the whole text of their licence where its name belongs."""


@dataclass(frozen=True)
class Shipped:
    """One package or one set of weights."""

    name: str
    version: str
    licence: str


def packages() -> list[Shipped]:
    """The packages that MedLabeler requires and those that they require, by name; nothing for an extra."""
    found: dict[str, Shipped] = {}
    waiting = ["medlabeler"]
    while waiting:
        name = _key(waiting.pop())
        if name in found:
            continue
        try:
            package = metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # required on other systems only
        found[name] = Shipped(package.metadata["Name"], package.version, _licence(package.metadata))
        waiting += [_name(line) for line in package.requires or [] if "extra ==" not in line]
    found.pop("medlabeler", None)
    return sorted(found.values(), key=lambda one: one.name.lower())


def weights() -> list[Shipped]:
    """The image models on offer; those not part of the program are fetched only if a person agrees."""
    return [Shipped(shown_name(info.title), "", shown_licence(info.licence)) for info in REGISTRY.values()]


def _key(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _name(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return found[0] if found else ""


def _licence(facts: metadata.PackageMetadata) -> str:
    named = (facts.get("License-Expression"), facts.get("License"))  # type: ignore[attr-defined]  # messages have it, the protocol of 3.11 does not name it
    for text in named:
        if text and "\n" not in text.strip() and len(text) <= LONGEST and text.strip().upper() != "UNKNOWN":
            return str(text).strip()
    kinds = facts.get_all("Classifier") or []
    licences = [kind.rpartition(" :: ")[2] for kind in kinds if kind.startswith("License ::")]
    return ", ".join(licences) or tr("see the package")
