from __future__ import annotations

import errno
import hashlib
import os
from typing import TYPE_CHECKING

import pytest

from archaeologist.artefacts import ArtefactMissing, ArtefactStore, write_durably
from archaeologist.errors import DiskFull

if TYPE_CHECKING:
    from pathlib import Path


def test_the_id_is_the_hash_of_the_content(tmp_path: Path) -> None:
    store = ArtefactStore(tmp_path)
    artefact = store.put(b"text")
    assert artefact == hashlib.sha256(b"text").hexdigest()
    assert store.put(b"text") == artefact
    assert store.get(artefact) == b"text"


def test_a_missing_artefact_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ArtefactMissing) as missing:
        ArtefactStore(tmp_path).get("0" * 64)
    assert missing.value.terminal
    assert "cancel the run" in missing.value.hint


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    def full(descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DiskFull):
        write_durably(tmp_path / "file", b"text")
    assert list(tmp_path.iterdir()) == []


def test_other_errors_are_not_taken_for_a_full_disk(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        write_durably(tmp_path / "file" / "below", b"text")
