"""A copy of the application with changed code, as another version of it would be."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import archaeologist

if TYPE_CHECKING:
    from collections.abc import Mapping


def changed_copy(folder: Path, changes: Mapping[str, tuple[str, str]]) -> Path:
    """Copy the application and return the folder to put onto `PYTHONPATH`.

    Args:
        folder: where to; made.
        changes: by file of the package, a text that stands in it and the text to put in its place.
    """
    package = folder / "archaeologist"
    shutil.copytree(Path(archaeologist.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    for name, (before, after) in changes.items():
        text = (package / name).read_text(encoding="utf-8")
        assert before in text
        (package / name).write_text(text.replace(before, after), encoding="utf-8")
    return folder
