"""Opens a recording that somebody sent: whatever is in it, nothing of it is started, and nothing lies outside of it."""

from __future__ import annotations

import hashlib
import re
import tempfile
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from zipfile import BadZipFile, ZipFile

from archaeologist.errors import RecordingUnusable
from archaeologist.pipeline.recordings.repository import CONFIGURATION, CONFIGURATION_SHA256
from archaeologist.pipeline.recordings.source import ARTEFACTS, REPOSITORY, RecordedSource

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_BYTES = 2_000_000_000
"""Bytes that a zip may hold: it comes from a stranger, and one of a few kilobytes can hold more than any disk."""

_PARTS = re.compile(
    r"[a-z]+(-[a-z]+)*(-\d+)?\.json"
    r"|artefacts/[0-9a-f]{2}/[0-9a-f]{64}"
    rf"|{re.escape(REPOSITORY)}/(HEAD|config|shallow|refs/.+|objects/[0-9a-f]{{2}}/[0-9a-f]+"
    r"|objects/pack/pack-[0-9a-f]+\.(pack|idx|rev))"
)


@contextmanager
def opened(recording: Path) -> Iterator[RecordedSource]:
    """Give a recorded run to read, unpacked for as long as it is needed where it is a zip.

    Raises:
        RecordingUnusable: it is none, is not whole, or has parts that no recording has.
    """
    if recording.is_dir():
        yield _checked(recording)
        return
    with tempfile.TemporaryDirectory(prefix="archaeologist-recording-") as scratch:
        _unpack(recording, Path(scratch))
        yield _checked(Path(scratch))


def _unpack(recording: Path, folder: Path) -> None:
    try:
        with ZipFile(recording) as archive:
            if sum(each.file_size for each in archive.infolist()) > MOST_BYTES:
                raise RecordingUnusable(f"{recording} is too large")
            for each in archive.infolist():
                _refuse_unless(_is_part(each.filename), recording, each.filename)
                archive.extract(each, folder)
    except FileNotFoundError:
        raise RecordingUnusable(f"there is no recording {recording}") from None
    except (BadZipFile, OSError, EOFError, NotImplementedError, RuntimeError) as error:
        raise RecordingUnusable(f"{recording} is no recording, or not a whole one: {error}") from error


def _checked(folder: Path) -> RecordedSource:
    """Make sure that git starts nothing in a folder and that its histories can be read."""
    repository = folder / REPOSITORY
    if repository.exists():
        for path in repository.rglob("*"):
            if path.is_file() or path.is_symlink():
                inside = path.relative_to(folder).as_posix()
                _refuse_unless(_is_part(inside) and not path.is_symlink(), folder, inside)
        configuration = (repository / "config").read_text(encoding="utf-8", errors="replace")
        _refuse_unless(configuration in {CONFIGURATION, CONFIGURATION_SHA256}, folder, f"{REPOSITORY}/config")
    for artefact in (folder / ARTEFACTS).glob("??/*"):
        if hashlib.sha256(artefact.read_bytes()).hexdigest() != artefact.name:
            # A conversation whose artefacts are not what their names say may be a chain without end.
            raise RecordingUnusable(f"{folder} is no whole recording: artefact {artefact.name[:12]} is damaged")
    source = RecordedSource(folder)
    source.request  # noqa: B018 - raises when it cannot be read
    return source


def _is_part(name: str) -> bool:
    return _PARTS.fullmatch(name) is not None and ".." not in PurePosixPath(name).parts


def _refuse_unless(right: bool, recording: Path, part: str) -> None:
    if not right:
        raise RecordingUnusable(f"{recording} has a part that no recording has: {part!r}")
