"""The agents and what each is at: the pane that people leave open."""

from __future__ import annotations

from bisect import bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content
from textual.geometry import Region

from archaeologist.domain.names import Role
from archaeologist_tools.safety.fencing import on_one_line, visible
from archaeologist_tui.reading.clock import clock
from archaeologist_tui.reading.work import WorkBook, WorkLine, can_unfold
from archaeologist_tui.reading.wrapping import hung
from archaeologist_tui.states import marked
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist_tui.picture import Picture


_NAME_WIDTH = max(map(len, Role))
_DETAILS = {"FAIL": "$text-error", "ask": "$text-warning"}
_TITLE = 12
"""Cells that are left of a title when what went wrong needs the others."""
_URGENT = ("run", "ask", "FAIL")
"""What a low pane is led to, the last one first."""
_LINES = 2
_HANG = 2
_BELOW = "\n"
"""What stands between the key of a line and the number of a further row of it."""


class AgentsPane(RowList):
    """A tree: agents, below those at work what they work on, and the agents that work for them."""

    BORDER_TITLE = "Agents"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._work = WorkBook()
        self._unfolded: set[str] = set()
        self._picture: Picture | None = None
        self._agents: dict[str, str] = {}
        self._led_to = 0

    def show(self, picture: Picture) -> None:
        """Show what the agents are at."""
        self._picture = picture
        lines = self._work.lines(picture, self._unfolded)
        self._agents = {line.key: line.agent for line in lines}
        rows = [_rows(line, self.size.width) for line in lines]
        self.set_rows([row for its in rows for row in its])
        if self.scroll_offset.y == self._led_to and not self.current:
            self._lead(lines, rows)

    def _lead(self, lines: Sequence[WorkLine], rows: Sequence[Sequence[Row]]) -> None:
        """Bring into view what went wrong, or who asks, or what is at work, until a person goes elsewhere."""
        urgent = [(_URGENT.index(line.mark), place) for place, line in enumerate(lines) if line.mark in _URGENT]
        if urgent:
            _, place = max(urgent)
            top = sum(map(len, rows[:place]))
            self.scroll_to_region(Region(0, top, 1, len(rows[place])), animate=False, force=True)
            self._led_to = self.scroll_offset.y

    @property
    def agent(self) -> str | None:
        """The agent that the current row is about."""
        return self._agents.get(self.work)

    @property
    def work(self) -> str:
        """Key of the line that the current row belongs to."""
        return self.key.partition(_BELOW)[0]

    def action_move(self, by: int) -> None:
        """Go some lines on, over the further rows of each."""
        heads = [place for place, row in enumerate(self.rows) if _BELOW not in row.key]
        if heads:
            at = bisect_right(heads, self.current) - 1
            self.current = heads[max(0, min(at + by, len(heads) - 1))]

    @on(RowList.Opened)
    def _fold(self) -> None:
        """Show, or fold, what an agent that has ended did, and each commit of a line; the screen hears of it, too."""
        if self._picture is not None and (self.work == self.agent or can_unfold(self.work)):
            self._unfolded ^= {self.work}
            self.show(self._picture)


@lru_cache(maxsize=2_048)
def _rows(line: WorkLine, width: int) -> tuple[Row, ...]:
    """Return a line as rows: most are the same ten times a second.

    What went wrong has further rows where there is no room beside the title: it is what people look for.
    """
    lead = Content("  " * line.depth)
    head = lead + marked(line.mark) + Content(" ")
    took = "" if line.seconds is None else f" {clock(line.seconds)}"
    room = max(_TITLE, width - head.cell_length - len(took) - 1)  # there may be a scroll bar
    body, below = _wrong(line, room) if line.is_wrong else (_calm(line, room), [])
    whole = head + body.truncate(room, ellipsis=True, pad=True) + Content.styled(took, "$foreground-muted")
    hang = lead + Content(" " * _HANG)
    lines = [part for text in below for part in _cut(text, width - hang.cell_length - 1)]
    return (
        Row(line.key, whole),
        *(
            Row(f"{line.key}{_BELOW}{number}", hang + Content.styled(text, _colour(line)))
            for number, text in enumerate(lines)
        ),
    )


def _calm(line: WorkLine, room: int) -> Content:
    """Return a title with what an agent did, or the beginning of what it asks, where there is room for it."""
    title = _title(line)
    if not line.detail:
        return title
    asks = line.mark == "ask"
    whole = title + Content.styled(f"  {on_one_line(line.detail)}", _colour(line) if asks else "$foreground-muted")
    return whole if whole.cell_length <= room or (asks and title.cell_length + _TITLE <= room) else title


def _wrong(line: WorkLine, room: int) -> tuple[Content, list[str]]:
    """Return a title with what there is room for of what went wrong, and what has to stand below."""
    title, detail = _title(line), on_one_line(line.detail)
    parts = [part for part in (line.tries, detail) if part]
    for shown in range(len(parts), 0, -1):
        beside = f"  {'; '.join(parts[:shown])}"
        # A title gives way to the attempts, which change; what failed is no better beside half a title.
        least = title.cell_length if shown == len(parts) else min(title.cell_length, _TITLE)
        if least + len(beside) <= room:
            head = title.truncate(room - len(beside), ellipsis=True)
            return head + Content.styled(beside, _colour(line)), parts[shown:]
    return title, parts


def _title(line: WorkLine) -> Content:
    if not line.is_agent:
        return Content(visible(line.title))
    return Content.styled(visible(line.title).ljust(_NAME_WIDTH - 2 * line.depth), "bold")


def _colour(line: WorkLine) -> str:
    return _DETAILS.get(line.mark, "$text-warning")


def _cut(text: str, width: int) -> list[str]:
    """Return the lines of a text, a few at most."""
    lines = hung(text, max(_TITLE, width))
    return lines if len(lines) <= _LINES else [*lines[: _LINES - 1], f"{lines[_LINES - 1][: width - 1]}…"]
