"""Fetches weights, only when a person allowed it, and checks what arrives."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from medlabeler.domain.errors import UserError
from medlabeler.domain.language import tr
from medlabeler.domain.model_names import shown_name
from medlabeler.domain.progress import Cancelled, Progress
from medlabeler.learning.backbones import description, hub_cache, registry
from medlabeler.learning.backbones.checkpoints import file_sha256
from medlabeler.learning.backbones.fetching import (
    BROKE_OFF,
    SILENCE_S,
    FetchFailed,
    Wanted,
    fetch,
    reason,
    within,
)
from medlabeler.learning.backbones.info import is_sha256
from medlabeler.learning.backbones.registry import BackboneInfo


def download(info: BackboneInfo, progress: Progress) -> Path:
    """Fetch the weights of `info` into the cache where `registry.local_file` finds them; returns that file.

    Raises `UserError` when the network or the disk does not play along, when the hub gives them only to
    those who asked, and when what arrives is not what was published.
    """
    progress.report(0, 0, tr("Downloading {title}", title=shown_name(info.title)))
    try:
        return _from_address(info, progress) if info.source == "url" else _from_hub(info, progress)
    except (FetchFailed, OSError) as error:
        raise UserError(
            tr(
                "The weights of {title} could not be downloaded: {reason}.",
                title=shown_name(info.title),
                reason=reason(error),
            )
        ) from error


def _from_address(info: BackboneInfo, progress: Progress) -> Path:
    target = registry.download_target(info)
    fetch(
        Wanted(info.location, info.sha256),
        target,
        progress,
        tr("Downloading {title}", title=shown_name(info.title)),
    )
    return target


def _from_hub(info: BackboneInfo, progress: Progress) -> Path:
    """The weights, and before them what their repository says of them.

    huggingface_hub asks where a file is, what it is, and whether this person may have it; the bytes are
    fetched by `fetching`, because its own client neither gives up nor goes on with what an earlier run left.
    They lie where it looks for them, in the order of its cache.
    """
    from huggingface_hub import constants

    # Else it tells the hub what runs on this machine, and asks it for a list of programs to look for.
    constants.HF_HUB_DISABLE_TELEMETRY = True
    if not info.location.startswith("timm/"):
        for name in description.FILES:
            _file_of_hub(info, name, "", progress)
    for name in registry.weights_files(info):
        found = _file_of_hub(info, name, info.sha256, progress)
        if found is not None:
            return found
    raise FetchFailed(tr("the hub has no such weights"))


def _file_of_hub(info: BackboneInfo, name: str, published: str, progress: Progress) -> Path | None:
    """A file of a repository in the cache of the hub; None if the repository has none of that name."""
    from huggingface_hub import get_token, hf_hub_url

    repository, _, revision = info.location.partition("@")
    try:
        address = hf_hub_url(repository, name, revision=revision or None)
    except ValueError as error:
        raise FetchFailed(tr("{repository} is no name of a repository", repository=repository)) from error
    told = _told(info, address, progress)
    if told is None:
        return None
    if not all(re.fullmatch(r"[\w-]+", word or "") for word in (told.commit_hash, told.etag)):
        raise FetchFailed(tr("the server is no hub of weights"))
    if published and is_sha256(told.etag) and told.etag != published:
        raise FetchFailed(tr("the hub has other weights than were published (their SHA-256 differs)"))
    blob = hub_cache.blob(info, told.etag)
    token = get_token()
    ours = urlsplit(told.location).netloc == urlsplit(address).netloc
    wanted = Wanted(
        told.location,
        published or (told.etag if is_sha256(told.etag) else ""),
        told.size or 0,
        {"Authorization": f"Bearer {token}"} if ours and token else {},
    )
    if not blob.exists() or (wanted.sha256 and file_sha256(blob) != wanted.sha256):
        fetch(wanted, blob, progress, tr("Downloading {title}", title=shown_name(info.title)))
    place = hub_cache.keep(info, told.commit_hash, name, blob)
    hub_cache.refer(info, told.commit_hash)
    return place


def _told(info: BackboneInfo, address: str, progress: Progress) -> Any | None:
    """What the hub tells of a file; None if there is none. `FetchFailed` in one sentence for all else."""
    try:
        return _asked(info, address, progress)
    except FetchFailed as error:
        if str(error) != BROKE_OFF:
            raise
        return _asked(info, address, progress)  # a connection that was kept open may have been closed there


def _asked(info: BackboneInfo, address: str, progress: Progress) -> Any | None:
    from huggingface_hub import errors, get_hf_file_metadata

    try:
        return within(SILENCE_S + 1, lambda: get_hf_file_metadata(address, timeout=SILENCE_S), progress)
    except Cancelled:
        raise
    except errors.EntryNotFoundError:
        return None
    except errors.GatedRepoError as error:
        raise FetchFailed(access_words(info)) from error
    except Exception as error:  # of its transport, which is another library in each version
        raise FetchFailed(_reason_of_hub(error)) from error


def access_words(info: BackboneInfo) -> str:
    """How a person gets weights that the hub gives only to those who asked."""
    page = f"https://huggingface.co/{info.location.partition('@')[0]}"
    how = info.access or tr("accept their licence on {page}", page=page)
    return tr(
        "their makers give them only to those who ask: {how}, then make a token on "
        "https://huggingface.co/settings/tokens, sign in on this machine with `hf "
        "auth login`, and try again",
        how=how,
    )


def _reason_of_hub(error: Exception) -> str:
    """By the names of the classes: those of the transport belong to another package in each version."""
    names = {kind.__name__ for kind in type(error).__mro__}
    if names & {"TimeoutException", "TimeoutError", "Timeout"}:
        return tr("the server does not answer")
    if names & {
        "OfflineModeIsEnabled",
        "ConnectError",
        "ProxyError",
        "SSLError",
        "NetworkError",
    }:
        if names & {"ReadError", "WriteError", "CloseError"}:
            return BROKE_OFF
        return tr("there is no connection to the server")
    if names & {"RemoteProtocolError", "ProtocolError", "ChunkedEncodingError"}:
        return BROKE_OFF
    if names & {"RevisionNotFoundError", "RepositoryNotFoundError"}:
        return tr("the hub has no such weights")
    status = getattr(getattr(error, "response", None), "status_code", None)
    return tr("the server answers {status}", status=status) if status else reason(error)
