"""An exported classifier behind HTTP: images are posted, classes and probabilities come back.

Nothing is kept: each request's images lie in a folder of their own until it is answered. The page that
explains the interface is made here, so that no browser asks another server for anything.
"""

from __future__ import annotations

import contextlib
import html
import tempfile
import threading
from collections.abc import Awaitable, Callable, Generator, MutableMapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import uvicorn
from fastapi import FastAPI, File, HTTPException, UploadFile
from fastapi.responses import HTMLResponse, JSONResponse
from pydantic import BaseModel
from starlette.middleware.trustedhost import TrustedHostMiddleware

from medlabeler import __version__
from medlabeler.export.classifier import Classifier
from medlabeler.export.judgement import judge_images

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


class About(BaseModel):
    """The classifier: its classes in the order of the probabilities, how good it was found to be."""

    classes: list[str]
    classifier: str
    backbone: str
    measured: list[dict[str, Any]]
    licence: dict[str, Any]
    content_sha256: str
    intended_use: str = "Research and education; not a medical device."


class Prediction(BaseModel):
    """One image. `problem` says why there is no prediction; then the others are empty.

    `decision`: a class, "MYB or PMO", or "ask a person", by the wished error rate. `distance`: how unlike the
    images it learned from it is, about 1 for images like them; `unlike`: beyond the limit. None without a
    guard.
    """

    image: str
    prediction: str = ""
    confidence: float | None = None
    probabilities: dict[str, float] = {}
    decision: str = ""
    distance: float | None = None
    unlike: bool | None = None
    problem: str = ""


class Answer(BaseModel):
    """`cautions`: what to read before anything else; `images` in the order in which they were sent."""

    cautions: list[str]
    images: list[Prediction]


class Server(uvicorn.Server):
    """Leaves Ctrl+C to the command line, which tells the job through its progress."""

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        """Catch none."""
        yield


def application(classifier: Classifier, *, hosts: list[str], most_images: int, most_bytes: int) -> FastAPI:
    """The service. `hosts`: names by which it may be called, against pages that pretend to be it; a request
    holds at most `most_images` images and `most_bytes` bytes.
    """
    app = FastAPI(title="MedLabeler", version=__version__, docs_url=None, redoc_url=None)
    busy = threading.Lock()
    bundle = classifier.bundle
    names = [str(one) for one in classifier.classes_]

    @app.get("/classifier")
    def about() -> About:
        """What the classifier is, and how good it was found to be."""
        return About(
            classes=names,
            classifier=bundle.classifier,
            backbone=str(bundle.backbone.get("title", "")),
            measured=bundle.measured,
            licence=bundle.licence,
            content_sha256=bundle.content_sha256,
        )

    @app.post("/predict")
    def predict(images: Annotated[list[UploadFile], File()]) -> Answer:
        """Class and probabilities of each image, whether it is like those learned from, and what a person
        must read first.
        """
        if len(images) > most_images:
            raise HTTPException(413, f"{len(images)} images at once; at most {most_images} are taken.")
        with busy, tempfile.TemporaryDirectory(prefix="medlabeler-") as folder:
            paths = []
            for number, image in enumerate(images):
                path = Path(folder) / f"{number}{_suffix(image.filename)}"
                path.write_bytes(image.file.read())
                paths.append(path)
            return _predicted(classifier, names, paths, [image.filename or "" for image in images])

    @app.get("/", response_class=HTMLResponse, include_in_schema=False)
    def page() -> str:
        return _page(app, names)

    app.add_middleware(LimitedBody, most_bytes=most_bytes)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts)
    return app


class LimitedBody:
    """Refuses a body that is too large by what it says of itself, and stops one that lied."""

    def __init__(self, app: Any, most_bytes: int) -> None:
        self.app = app
        self.most_bytes = most_bytes
        self.sentence = f"More than {most_bytes / 1e6:.0f} MB at once; send fewer images."

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Pass on what is small enough."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        told = dict(scope["headers"]).get(b"content-length", b"0")
        if not told.isdigit() or int(told) > self.most_bytes:
            await JSONResponse({"detail": self.sentence}, 413)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.most_bytes:
                raise HTTPException(413, self.sentence)  # the application answers it as any other
            return message

        await self.app(scope, counted, send)


def _predicted(classifier: Classifier, classes: list[str], paths: list[Path], names: list[str]) -> Answer:
    images, cautions = [Prediction(image=name) for name in names], list[str]()
    bundle = classifier.bundle
    for shard in classifier.shards(paths, np.arange(len(paths)), size=len(paths) + 1):
        for row, reason in shard.failed:
            images[row].problem = reason
        if not len(shard.rows):
            continue
        probabilities = bundle.predict(shard.vectors)
        judged = judge_images(bundle, shard.vectors, probabilities, [paths[row] for row in shard.rows])
        cautions += judged.sentences
        for at, row in enumerate(shard.rows.tolist()):
            one, values = images[row], probabilities[at]
            best = int(values.argmax())
            one.prediction, one.confidence = classes[best], float(values[best])
            one.probabilities = dict(zip(classes, values.tolist(), strict=True))
            one.decision = judged.decision[at]
            if bundle.guard is not None:
                one.distance, one.unlike = float(judged.distance[at]), bool(judged.unlike[at])
    return Answer(cautions=cautions, images=images)


def _suffix(name: str | None) -> str:
    """The suffix of what was sent, if it is a plain one: nothing else of the name reaches the disk."""
    suffix = Path(name or "").suffix
    return suffix if suffix[1:].isalnum() and len(suffix) < 9 else ""


def _page(app: FastAPI, classes: list[str]) -> str:
    """The interface in words, from what OpenAPI says of it, and a form to try it."""
    rows = "".join(
        f"<tr><td><code>{method.upper()} {html.escape(path)}</code></td>"
        f"<td>{html.escape(one.get('description', ''))}</td></tr>"
        for path, methods in app.openapi()["paths"].items()
        for method, one in methods.items()
    )
    return (
        "<!doctype html><html lang='en'><meta charset='utf-8'><title>MedLabeler</title>"
        "<style>body{font:16px sans-serif;max-width:46em;margin:2em auto;padding:0 1em}"
        "td{padding:.3em 1em .3em 0;vertical-align:top}</style><h1>MedLabeler</h1>"
        f"<p>Classes: {html.escape(', '.join(classes))}. Not a medical device.</p><table>{rows}</table>"
        "<p><a href='openapi.json'>OpenAPI description</a></p>"
        "<form action='predict' method='post' enctype='multipart/form-data'>"
        "<input type='file' name='images' multiple aria-label='Images'> <button>Predict</button></form>"
        "</html>"
    )
