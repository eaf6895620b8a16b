"""What git ignores in a folder, for programs that look at files on disk."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from archaeologist_tools.errors import ArchaeologistError
from archaeologist_tools.git.command import discover

if TYPE_CHECKING:
    from pathlib import Path


def ignored_in(folder: Path) -> frozenset[str]:
    """Give the ignored files and folders below a folder, relative to it, without a slash at the end.

    Nothing is ignored where there is no repository, or no git. Files that are tracked are never ignored.
    """
    try:
        listing = discover(folder, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    except ArchaeologistError:
        return frozenset()
    return frozenset(os.fsdecode(path).removesuffix("/") for path in listing.split(b"\0") if path)
