"""Which repository the user is in."""

from __future__ import annotations

from pathlib import Path

from archaeologist.errors import ArchaeologistError
from archaeologist.pipeline.intake import workflow_id_of
from archaeologist_tools.git.repository import locate


def workflow_id_here() -> str | None:
    """Return the workflow id of the repository that the current folder is in, or None outside of all."""
    try:
        return workflow_id_of(locate(Path()))
    except ArchaeologistError:
        return None
