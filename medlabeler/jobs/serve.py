"""Offer an exported classifier to other programs over HTTP, on this machine alone unless told otherwise."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import Any

from medlabeler.domain.changes import Changes, JobResult
from medlabeler.domain.errors import UserError
from medlabeler.domain.progress import Cancelled, Progress
from medlabeler.domain.refusals import system_reason
from medlabeler.jobs.params.serve import Params as Params

LAST_PORT = 65_535
LOOK_EVERY_S = 0.2


def run(project: object | None, params: Params, progress: Progress) -> JobResult:
    """Serve until it is interrupted; the progress tells the address once requests are answered.

    `UserError`: the extra is not installed, the bundle or its backbone cannot be used, the port is taken.
    """
    try:
        import python_multipart  # noqa: F401  # how images are posted
        import uvicorn

        from medlabeler.export.server import Server, application
    except ImportError as error:
        raise UserError(
            "medlabeler serve needs the packages fastapi, uvicorn and python-multipart: install MedLabeler "
            "with the extra 'serve'."
        ) from error
    from medlabeler.export.classifier import load

    if params.port > LAST_PORT:
        raise UserError(f"There is no port {params.port}: ports go from 0 to {LAST_PORT}.")
    classifier = load(params.bundle, device=params.device, allow_download=params.allow_download)
    progress.report(0, 0, "Loading the image model")
    classifier.load_backbone(progress)
    with _listening(params) as listening:
        port = int(listening.getsockname()[1])
        address = f"http://{params.host}:{port}"
        app = application(
            classifier,
            hosts=[params.host, "localhost", "127.0.0.1"] if is_loopback(params.host) else ["*"],
            most_images=params.most_images,
            most_bytes=params.most_mb * 1_000_000,
        )
        server = Server(uvicorn.Config(app, log_level="warning", server_header=False))
        progress.report(0, 0, f"Answering at {address}; Ctrl+C ends it")
        asyncio.run(_until_cancelled(server, listening, progress))
    return JobResult(Changes.NONE, {"address": address}, f"Served at {address}.")


async def _until_cancelled(server: Any, listening: socket.socket, progress: Progress) -> None:
    serving = asyncio.create_task(server.serve(sockets=[listening]))
    while not serving.done():
        try:
            progress.check()
        except Cancelled:
            server.should_exit = True
        await asyncio.wait([serving], timeout=LOOK_EVERY_S)
    await serving


def is_loopback(host: str) -> bool:
    """Whether nobody but this machine can reach that address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _listening(params: Params) -> socket.socket:
    family = socket.AF_INET6 if ":" in params.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((params.host, params.port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        reason = system_reason(error)
        raise UserError(f"{params.host}:{params.port} cannot be listened to: {reason}.") from error
    return listening
