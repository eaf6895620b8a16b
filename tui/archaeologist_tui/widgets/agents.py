"""The agents and what each is at: the pane that people leave open."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from textual import on
from textual.content import Content

from archaeologist.domain.names import Role
from archaeologist_tools.safety.fencing import on_one_line, visible
from archaeologist_tui.reading.clock import clock
from archaeologist_tui.reading.work import WorkBook, WorkLine
from archaeologist_tui.states import marked
from archaeologist_tui.widgets.rows import Row, RowList

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture


_NAME_WIDTH = max(map(len, Role))
_DETAILS = {"FAIL": "$text-error", "ask": "$text-warning"}


class AgentsPane(RowList):
    """A tree: agents, below those at work what they work on, and the agents that work for them."""

    BORDER_TITLE = "1 Agents"

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id)
        self._work = WorkBook()
        self._unfolded: set[str] = set()
        self._picture: Picture | None = None
        self._agents: dict[str, str] = {}

    def show(self, picture: Picture) -> None:
        """Show what the agents are at."""
        self._picture = picture
        lines = self._work.lines(picture, self._unfolded)
        self._agents = {line.key: line.agent for line in lines}
        self.set_rows([_row(line, self.size.width) for line in lines])

    @property
    def agent(self) -> str | None:
        """The agent that the current row is about."""
        return self._agents.get(self.key)

    @on(RowList.Opened)
    def _fold(self, event: RowList.Opened) -> None:
        """Show, or fold, what an agent that has ended did; the message goes on to the screen."""
        agent = self._agents.get(event.key)
        if self._picture is not None and agent is not None and event.key == agent:
            self._unfolded ^= {agent}
            self.show(self._picture)


@lru_cache(maxsize=2_048)
def _row(line: WorkLine, width: int) -> Row:
    """Return a line as a row: most are the same ten times a second."""
    return Row(line.key, _content(line, width))


def _content(line: WorkLine, width: int) -> Content:
    took = "" if line.seconds is None else clock(line.seconds)
    head = Content("  " * line.depth) + marked(line.mark) + Content(" ")
    room = max(8, width - head.cell_length - len(took) - 2)
    style = "bold" if line.is_agent else ""
    name = visible(line.title).ljust(_NAME_WIDTH - 2 * line.depth if line.is_agent else 0)
    title = Content.styled(name, style) if style else Content(name)
    detail = on_one_line(line.detail)
    if line.mark in _DETAILS or not line.is_agent or title.cell_length + 2 + len(detail) <= room:
        colour = _DETAILS.get(line.mark, "$foreground-muted" if line.is_agent else "$text-warning")
        title += Content("  ") + Content.styled(detail, colour)
    body = title.truncate(room, ellipsis=True, pad=True)
    return head + body + Content.styled(f" {took}", "$foreground-muted")
