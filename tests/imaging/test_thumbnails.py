"""Thumbnails are found by the digest of their image, whatever happened to the process that drew them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from medlabeler.domain.errors import UserError
from medlabeler.imaging.thumbnails import ThumbnailStore, write_pack


def _pictures(names: str) -> tuple[list[str], list[bytes]]:
    return [hashlib.sha256(n.encode()).hexdigest() for n in names], [n.encode() * 9 for n in names]


def test_every_thumbnail_of_every_pack_is_found(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails")
    for names in ("abc", "de"):
        write_pack(tmp_path / "staging", names, *_pictures(names))
    assert store.get(_pictures("a")[0][0]) is None
    assert store.adopt(tmp_path / "staging") == 2
    for place in (store, ThumbnailStore(tmp_path / "thumbnails")):
        for digest, jpeg in zip(*_pictures("abcde"), strict=True):
            assert place.get(digest) == jpeg
            assert place.get(digest.encode()) == jpeg
        assert place.get("0" * 64) is None


def test_adopting_again_does_no_harm(tmp_path: Path) -> None:
    store = ThumbnailStore(tmp_path / "thumbnails")
    for _ in range(2):
        write_pack(tmp_path / "staging", "pack", *_pictures("ab"))
        store.adopt(tmp_path / "staging")
    assert store.adopt(tmp_path / "staging") == 0
    assert store.adopt(tmp_path / "nowhere") == 0
    assert [store.get(d) for d in _pictures("ab")[0]] == _pictures("ab")[1]
    assert list((tmp_path / "staging").iterdir()) == []


def test_a_file_where_a_folder_is_needed_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    write_pack(tmp_path / "staging", "pack", *_pictures("ab"))
    with pytest.raises(UserError, match="cannot be written to"):
        write_pack(tmp_path / "file", "pack", *_pictures("ab"))
    with pytest.raises(UserError, match="cannot be written to"):
        ThumbnailStore(tmp_path / "file").adopt(tmp_path / "staging")


def test_a_damaged_pack_counts_as_absent(tmp_path: Path) -> None:
    path = write_pack(tmp_path / "thumbnails", "whole", *_pictures("ab"))
    (tmp_path / "thumbnails" / "half.thumbs").write_bytes(path.read_bytes()[:30])
    (tmp_path / "thumbnails" / "nothing.thumbs").write_bytes(b"")
    assert ThumbnailStore(tmp_path / "thumbnails").get(_pictures("a")[0][0]) == b"a" * 9
