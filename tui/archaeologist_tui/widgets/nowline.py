"""The line below the headline: the phases, how far the one at work is, and what is waited for when nothing happens."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.reporting.text import waiting_line
from archaeologist_tools.safety.fencing import on_one_line, visible
from archaeologist_tui.picture import READING
from archaeologist_tui.reading.clock import span
from archaeologist_tui.reading.progress import PhaseProgress, Progress, pace
from archaeologist_tui.reading.retries import standstill
from archaeologist_tui.reading.trouble import stalled
from archaeologist_tui.states import COLOURS, SYMBOLS
from archaeologist_tui.widgets.picture_line import PictureLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist_tui.picture import Picture

QUIET_SECONDS = 30.0
"""After so long without an event the run says what it waits for."""

_BAR = 12
_FINE = "▏▎▍▌▋▊▉"


class NowLine(PictureLine):
    """What the run is doing now."""

    DEFAULT_CSS = """
    NowLine { height: 1; padding: 0 1; background: $surface; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._progress = Progress()

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line."""
        if picture.view.request is None:
            return Content.styled(READING, "$foreground-muted")
        return fails(picture) or waits(picture) or phases(self._progress.of(picture), width)


def fails(picture: Picture) -> Content | None:
    """Return what fails and when it is tried again; None when something comes on, or when it is told above."""
    view = picture.view
    what, failure = standstill(picture)
    if not what or not view.state.is_open or not picture.health.whole or stalled(picture):
        return None
    return Content.styled(f"✗ {visible(what)}; {on_one_line(failure)}", "$text-error")


def waits(picture: Picture) -> Content | None:
    """Return what the run waits for when nothing has happened for a while; None when it is at work."""
    view = picture.view
    quiet = (picture.now - view.last_event).total_seconds() if view.last_event else 0.0
    if not view.state.is_open or view.paused or quiet < QUIET_SECONDS or not picture.health.whole:
        return None
    words = waiting_line(picture.pending, view)
    return Content.styled(f"nothing new for {span(quiet)}; {visible(words)}", "$text-warning")


def phases(parts: Sequence[PhaseProgress], width: int) -> Content:
    """Return the phases in a line; where there is no room for all, without a bar, or only those at work."""
    lines = list(_lines(parts))
    return next((line for line in lines if line.cell_length <= width), lines[-1])


def _lines(parts: Sequence[PhaseProgress]) -> Iterator[Content]:
    """Yield what the line may be, the longest first."""
    barred, bare = [_phase(part, bar=True) for part in parts], [_phase(part, bar=False) for part in parts]
    yield Content("  ").join(barred)
    yield Content("  ").join(bare)
    busy = [place for place, part in enumerate(parts) if part.mark in {"run", "ask", "FAIL"}]
    if not busy:
        done, left = (sum(part.mark == mark for part in parts) for mark in ("ok", "skip"))
        words = f"{done} of {len(parts)} phases done" + (f", {left} left out" if left else "")
        yield Content.styled(words, "$foreground-muted")
        return
    counted = Content.styled(f"phase {busy[0] + 1} of {len(parts)}", "$foreground-muted")
    yield Content("  ").join([counted, *(barred[place] for place in busy)])
    yield Content("  ").join([counted, *(bare[place] for place in busy)])
    yield Content("  ").join(bare[place] for place in busy)


def _phase(part: PhaseProgress, *, bar: bool) -> Content:
    name = Content.styled(f"{SYMBOLS[part.mark]} {part.phase}", COLOURS[part.mark])
    if part.mark != "run":
        return name
    if part.total <= 1:  # a single batch is done or not
        return name + Content(pace(part))
    figures = f" {part.done} of {part.total} {part.unit}"
    drawn = Content.styled(f" {_bar(part.done / part.total)}", "$text-primary") if bar else Content()
    return name + drawn + Content(figures + pace(part))


def _bar(share: float) -> str:
    """Return a bar whose end is as fine as characters allow."""
    eighths = round(max(0.0, min(1.0, share)) * _BAR * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + (_FINE[rest - 1] if rest else "")).ljust(_BAR, "░")
