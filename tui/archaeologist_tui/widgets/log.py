"""The log of a run: what happened, line by line, followed until a person looks at something."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.content import Content

from archaeologist.reporting.retries import Retries
from archaeologist.reporting.text import NAME_WIDTH, clock
from archaeologist.wording import counted
from archaeologist_tui.keys import with_keys
from archaeologist_tui.reading.commits import Subject, subject_of
from archaeologist_tui.reading.log import MOST_ROWS, LogBook, details
from archaeologist_tui.reading.query import Query, Term, parsed
from archaeologist_tui.states import COLOURS, WIDTH, marked
from archaeologist_tui.widgets.entries import Paragraph, plain
from archaeologist_tui.widgets.outline_pane import OutlinePane

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archaeologist.domain.events import RunEvent
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.log import LogRow
    from archaeologist_tui.widgets.entries import Entry

_AT_ONCE = 500
"""Events that are taken in before the next key is read: some milliseconds."""
_CLOCK = len("12:00:00")
_SECONDS = len("1234.5 s")
_WIDE = _CLOCK + 2 + NAME_WIDTH + 2 + WIDTH + 1 + _SECONDS + 2
_LONG = 1000
"""Seconds from which on minutes are told."""
_HANG = 4
_LABEL = 12
_QUIET = frozenset({"ok", "run"})
_FAILURES = Query((Term("yes", "failed"),))


@dataclass(frozen=True)
class LogEntry:
    """A row of the log, in an outline.

    Attributes:
        row: the row.
    """

    row: LogRow
    opened: ClassVar = False
    deep: ClassVar = False

    @cached_property
    def key(self) -> str:
        """Its number."""
        return str(self.row.number)

    @cached_property
    def text(self) -> str:
        """What it says."""
        return f"{self.row.text} ..." if self.row.calls else self.row.text

    @property
    def copied(self) -> str:
        """The line as a terminal would print it."""
        line = self.row.line
        return f"{clock(line.time)} {line.agent} {line.state} {self.row.text}"

    @property
    def about(self) -> Subject:
        """What the step has committed."""
        return subject_of(self.row.step)

    @property
    def inside(self) -> Sequence[Entry]:
        """The calls that are folded into it, or all that is known of it."""
        if self.row.calls:
            return [LogEntry(call) for call in self.row.calls]
        return [
            Paragraph(
                f"{self.key}.{number}", plain(each.text), Content.styled(each.name.ljust(_LABEL), "$foreground-muted")
            )
            for number, each in enumerate(details(self.row))
        ]

    def lead(self, *, narrow: bool) -> Content:
        """Return time, agent, state and seconds; with little room no seconds."""
        line = self.row.line
        time, state = Content.styled(clock(line.time), "$foreground-muted"), marked(line.state)
        if narrow:
            return Content.assemble(time, " ", state, " ", f"{line.agent}  ")
        took = "" if line.seconds is None else _spoken(line.seconds)
        name = line.agent if len(line.agent) <= NAME_WIDTH else f"{line.agent[: NAME_WIDTH - 1]}…"
        return Content.assemble(
            time, "  ", f"{name:<{NAME_WIDTH}}  ", state, " ", (f"{took:>{_SECONDS}}", "$foreground-muted"), "  "
        )

    def margins(self, *, narrow: bool) -> tuple[int, int]:
        """Return the cells before the first line, and before those below it."""
        if narrow:
            return _CLOCK + WIDTH + len(self.row.line.agent) + 4, _HANG
        return _WIDE, _WIDE

    def body(self) -> Content:
        """Return the text with its styles."""
        state = self.row.line.state
        if state in _QUIET:
            return Content.styled(self.text, "$text-warning") if self.row.failed else Content(self.text)
        return Content.styled(self.text, COLOURS[state])

    @property
    def searched(self) -> str:
        """All words by which it is found."""
        return self.row.searched

    def field(self, name: str) -> str:
        """Return the value of a field."""
        return self.row.field(name)


def _spoken(seconds: float) -> str:
    return f"{seconds:.1f} s" if seconds < _LONG else f"{seconds / 60:.0f} min"


class LogPane(OutlinePane):
    """What happened in a run.

    Args:
        most: rows that are kept; as many as `LogBook` keeps when left out.
    """

    BORDER_TITLE = "Log"
    FOLLOW = "log.follow"
    FIELDS: ClassVar = ("agent", "state", "step", "kind", "failed")
    PLACEHOLDER: ClassVar = "words   agent:modernizer   state:FAIL   -without"
    BINDINGS: ClassVar = [
        Binding("f", "follow", "Follow", id="log.follow", tooltip="Go to the end and stay there"),
        Binding("exclamation_mark", "failures", "Failures", key_display="!", id="log.failures",
                tooltip="Show only what went wrong, or everything again"),
    ]  # fmt: skip

    def __init__(self, *, most: int | None = None, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(marks=False, follows=True, id=id)
        self._most = most or MOST_ROWS
        self._book = LogBook(self._most)
        self._waiting: deque[RunEvent] = deque()
        self._picture: Picture | None = None
        self._unseen = 0
        self._failures = False
        self._retries = Retries()

    def show(self, picture: Picture) -> None:
        """Keep the picture: lines come with events."""
        self._picture = picture
        self.refresh_head()

    def add(self, events: Sequence[RunEvent], picture: Picture) -> None:
        """Take in events, of which there may be none, and what is tried again; very many of them a part at a time.

        A run that was taken back begins anew.
        """
        if self._picture is not None and self._picture.run.workflow_run != picture.run.workflow_run:
            self._waiting.clear()
            self._book = LogBook(self._most)
            self.outline.set_entries([])
        self._picture = picture
        idle = not self._waiting
        self._waiting.extend(events)
        if idle and self._waiting:
            self._take()
        if not self._waiting and not picture.behind:
            self._append(self._book.add(self._retries.lines(picture.pending, picture.view, picture.now)))

    @property
    def is_behind(self) -> bool:
        """Whether there are events that are not shown yet."""
        return bool(self._waiting)

    def _take(self) -> None:
        if self._picture is None:
            return
        events = [self._waiting.popleft() for _ in range(min(_AT_ONCE, len(self._waiting)))]
        taken = self._book.take(events, self._picture.view)
        for row in taken.grown:
            self.outline.replace(LogEntry(row))
        self._append(taken.new)
        if taken.dropped:
            self.outline.drop(taken.dropped)
        self.refresh_head()
        if self._waiting:
            self.call_later(self._take)

    def _append(self, rows: Sequence[LogRow]) -> None:
        """Show further rows."""
        if not rows:
            return
        self.outline.add_entries([LogEntry(row) for row in rows])
        if not self.outline.following:
            self._unseen += len(rows)
            self.refresh_head()

    def headline(self) -> Content:
        """Return whether the end is followed, what is filtered, and what is not kept."""
        if self.outline.following:
            state = Content.styled("following", "$text-success")
        else:
            new = f", {counted(self._unseen, 'new line')}" if self._unseen else ""
            state = self.not_followed(new)
        parts = [state, self.looked_for()]
        if self._failures:
            words = with_keys(self.app, "failures only, {log.failures} shows all")
            parts.insert(1, Content.styled(words, "bold $text-error"))
        if self._book.dropped:
            run = self._picture.run.run_id if self._picture else ""
            parts.append(Content(f"{self._book.dropped:,} earlier lines: archaeologist runs log {run}"))
        return Content("   ").join(parts)

    def asked(self, text: str) -> Query:
        """Return what is looked for, with failures alone when only these are."""
        query = parsed(text, self.FIELDS)
        return Query((*query.terms, *_FAILURES.terms)) if self._failures else query

    def action_follow(self) -> None:
        """Go to the end and stay there."""
        self.outline.follow()

    def action_failures(self) -> None:
        """Show only what went wrong, or everything again."""
        self._failures = not self._failures
        self.search()

    def following_changed(self) -> None:
        """Count new lines from here on."""
        self._unseen = 0
        super().following_changed()
