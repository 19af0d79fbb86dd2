"""An exported classifier over HTTP, in a process of its own."""

from __future__ import annotations

import http.client
import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from program import command_line, run
from tiny_bundle import TinyBundle, tiny_bundle

from medlabeler.export.bundle_file import read_bundle, write_bundle
from medlabeler.learning.guard import fit_guard

pytest.importorskip("fastapi")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> TinyBundle:
    return tiny_bundle(tmp_path_factory.mktemp("tiny"))


@contextmanager
def served(bundle: Path) -> Iterator[int]:
    """The service, with limits of 3 images and 1 MB; Ctrl+C must end it well."""
    command = command_line(
        "serve", bundle, "--port", 0, "--most-images", 3, "--most-mb", 1, "--device", "cpu", "--json"
    )
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        address = ""
        for line in process.stderr:
            text = str(json.loads(line).get("text", ""))
            if "Answering at" in text:
                address = text.split()[2].rstrip(";")
                break
        assert address.startswith("http://127.0.0.1:"), "it listens to this machine alone"
        yield int(address.rsplit(":", 1)[1])
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=60)
        assert process.returncode == 0
        assert json.loads(out)["address"] == address


@pytest.fixture(scope="module")
def port(tiny: TinyBundle) -> Iterator[int]:
    with served(tiny.bundle) as found:
        yield found


def ask(
    port: int, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, body, headers or {})
    answer = connection.getresponse()
    return answer.status, answer.read()


def form(*files: tuple[str, bytes]) -> tuple[bytes, dict[str, str]]:
    """A posted form with these images."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="images"; filename="{name}"\r\n\r\n'.encode()
        + content
        + b"\r\n"
        for name, content in files
    ]
    return b"".join(parts) + b"--x--\r\n", {"Content-Type": "multipart/form-data; boundary=x"}


def test_images_come_back_with_their_class(port: int, tiny: TinyBundle) -> None:
    """One that cannot be read has its sentence, and the others their answer; no name leads anywhere."""
    first, second = tiny.paths[:2]
    files = [
        (first.name, first.read_bytes()),
        ("../../broken.png", b"no image"),
        (second.name, second.read_bytes()),
    ]
    status, body = ask(port, "POST", "/predict", *form(*files))
    assert status == 200
    answer = json.loads(body)
    assert any("carries no guard" in sentence for sentence in answer["cautions"])
    found = answer["images"]
    assert [one["image"] for one in found] == [first.name, "../../broken.png", second.name]
    for at, row in ((0, 0), (2, 1)):
        assert found[at]["prediction"] == tiny.classes[tiny.predicted[row]]
        assert found[at]["probabilities"] == pytest.approx(
            dict(zip(tiny.classes, tiny.probabilities[row].tolist(), strict=True)), abs=1e-3
        )
        assert found[at]["problem"] == ""
    assert found[1]["problem"]
    assert found[1]["prediction"] == ""


def test_what_is_unlike_the_training_images_is_told(tmp_path: Path) -> None:
    """As everywhere else: noise has a class and a probability, but nobody learns of it without the guard."""
    tiny = tiny_bundle(tmp_path, n=160)
    bundle = read_bundle(tiny.bundle)
    guard = fit_guard(tiny.vectors, bundle.shaping, None, np.ones(len(tiny.classes)))
    guarded = tmp_path / "guarded.mlbundle"
    write_bundle(guarded, replace(bundle, guard=guard), tmp_path / "carried.safetensors")
    noise = tmp_path / "noise.png"
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (60, 60, 3), np.uint8)).save(noise)
    sent = [(path.name, path.read_bytes()) for path in (noise, tiny.paths[0], noise)]
    with served(guarded) as port:
        status, body = ask(port, "POST", "/predict", *form(*sent))
    assert status == 200
    strange, known, _ = json.loads(body)["images"]
    assert strange["unlike"] is True
    assert strange["decision"] == "ask a person"
    assert strange["distance"] > known["distance"]
    assert known["unlike"] is False
    assert known["decision"] == known["prediction"]
    assert strange["prediction"], "it has a class all the same"
    assert "2 of 3 images (67 %) are unlike" in json.loads(body)["cautions"][0]


def test_too_many_and_too_large_are_refused(port: int, tiny: TinyBundle) -> None:
    content = tiny.paths[0].read_bytes()
    status, body = ask(port, "POST", "/predict", *form(*(4 * [("a.png", content)])))
    assert (status, "at most 3" in json.loads(body)["detail"]) == (413, True)
    large, headers = form(("a.png", b"x" * 1_100_000))
    status, body = ask(port, "POST", "/predict", large, headers)
    assert (status, "1 MB" in json.loads(body)["detail"]) == (413, True)
    # One that does not say how large it is.
    chunked = headers | {"Transfer-Encoding": "chunked"}
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request("POST", "/predict", iter([large]), chunked, encode_chunked=True)
    assert connection.getresponse().status == 413
    status, _ = ask(port, "POST", "/predict", *form())
    assert status in (400, 422)


def test_it_explains_itself_without_another_server(port: int, tiny: TinyBundle) -> None:
    status, page = ask(port, "GET", "/")
    assert status == 200
    assert b"POST /predict" in page
    assert b"http" not in page.replace(b"http-equiv", b"")
    _, described = ask(port, "GET", "/openapi.json")
    assert {"/classifier", "/predict"} <= json.loads(described)["paths"].keys()
    _, about = ask(port, "GET", "/classifier")
    assert json.loads(about)["classes"] == tiny.classes
    # A page that pretends to be this machine.
    status, _ = ask(port, "GET", "/classifier", headers={"Host": "evil.example"})
    assert status == 400


@pytest.mark.slow
def test_what_cannot_be_served_is_said(port: int, tiny: TinyBundle, tmp_path: Path) -> None:
    taken = run("serve", tiny.bundle, "--port", port, "--device", "cpu", code=2)
    assert f"127.0.0.1:{port} cannot be listened to" in taken.stderr
    beyond = run("serve", tiny.bundle, "--port", 65_536, code=2).stderr
    assert "ports go from 0 to 65535." in beyond
    assert "Loading" not in beyond
    (tmp_path / "b").write_bytes(b"hello")
    assert "not a MedLabeler bundle" in run("serve", tmp_path / "b", code=2).stderr
