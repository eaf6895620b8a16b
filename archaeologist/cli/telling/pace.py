"""How far a run is, in words: the phase at work, what is done of what, and the time that the known rest takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.wording import counted
from archaeologist_tui.reading.progress import pace, progress

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.progress import PhaseProgress


def pace_line(picture: Picture) -> str:
    """Return how far the run is; empty when nothing is at work."""
    parts = progress(picture)
    at_work = next((place for place, part in enumerate(parts) if part.mark == "run"), None)
    if at_work is None:
        return ""
    view = picture.view
    figures = f"{counted(view.edits, 'edit')}, {counted(len(view.commits), 'commit')}"
    part = parts[at_work]
    return f"progress: phase {at_work + 1} of {len(parts)}, {part.phase}{_done(part)}{pace(part)}; so far {figures}"


def _done(part: PhaseProgress) -> str:
    many = part.total > 1  # a single batch is done or not
    return f", {part.done} of {part.total} {part.unit}" if many else ""
