"""The content-addressed artefact store: everything that is too big for a history and is no source code.

An artefact's id is the SHA-256 of its bytes, so a step that runs twice writes the same file. Writes are atomic and
reach the disk before the id is given back. Imports the standard library and the error tree only.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist_tools.errors import ArchaeologistError, DiskFull

if TYPE_CHECKING:
    from pathlib import Path

_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class ArtefactMissing(ArchaeologistError):
    """An artefact that a run refers to is not in the store."""

    hint = "the state directory was cleaned; cancel the run and start a new one"
    terminal = True


@dataclass(frozen=True)
class ArtefactStore:
    """Artefacts below one folder."""

    folder: Path

    def put(self, content: bytes) -> str:
        """Keep `content` and return its id. Raises DiskFull."""
        artefact = hashlib.sha256(content).hexdigest()
        path = self._path(artefact)
        if not path.exists():
            write_durably(path, content)
        return artefact

    def get(self, artefact: str) -> bytes:
        """Return the bytes of an artefact. Raises ArtefactMissing."""
        try:
            return self._path(artefact).read_bytes()
        except FileNotFoundError:
            raise ArtefactMissing(f"artefact {artefact[:12]} is not in {self.folder}") from None

    def _path(self, artefact: str) -> Path:
        return self.folder / artefact[:2] / artefact


def write_durably(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole, or not at all, after a power cut. Raises DiskFull."""
    temporary = ""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=".writing-")
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)  # noqa: PTH105 - mkstemp gave a string
        _sync_folder(path.parent)
    except OSError as error:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - see above
        if error.errno in _NO_SPACE:
            raise DiskFull(f"no space left to write below {path.parent}") from error
        raise


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
