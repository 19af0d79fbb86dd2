"""Whose image it is, without saying whose: patient, study and series of DICOM files, hashed per project."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from medlabeler.project.settings import ProjectSettings

SALT = "identity_salt"
"""Setting: what is hashed with a name, so that the same patient is called otherwise in each project."""
COLUMNS = ("patient", "study", "series")
"""Columns that a DICOM image has in a project; each may be the group."""
_LENGTH = 12


def salt(settings: ProjectSettings) -> str:
    """The salt of a project, made the first time it is needed."""
    known = settings.get(SALT, None)
    if known is None:
        known = secrets.token_hex(16)
        settings.set(SALT, known)
    return str(known)


def named(values: tuple[str, str, str], salted: str, *, plain: bool) -> dict[str, str]:
    """Columns of one image from its patient, study and series; what the file does not tell is left out.

    `plain`: as they stand in the file, which a person has asked for.
    """
    return {
        column: value if plain else hashed(column, value, salted)
        for column, value in zip(COLUMNS, values, strict=True)
        if value
    }


def hashed(column: str, value: str, salted: str) -> str:
    """A name for a value that tells it apart from others and says nothing of it."""
    digest = hmac.new(salted.encode(), f"{column}\0{value}".encode(), hashlib.sha256).hexdigest()
    return f"{column}-{digest[:_LENGTH]}"
