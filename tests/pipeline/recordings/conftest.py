from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from archaeologist.pipeline.recordings.source import RecordedSource


@pytest.fixture
def demo_files(demo_run: RecordedSource, tmp_path: Path) -> Path:
    """A folder that holds the histories of the demo's recording."""
    folder = tmp_path / "recording"
    folder.mkdir()
    for path in demo_run.folder.glob("*.json"):
        shutil.copy(path, folder)
    return folder
