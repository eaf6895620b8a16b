"""Where a person says which hunks are shown; what is no filter is said while it is typed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import on
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import Input, Static

from archaeologist.review.filtering import EXAMPLE, Filter, parse_filter
from archaeologist_tools.errors import UsageError
from archaeologist_tui.keys import with_keys
from archaeologist_tui.widgets.entries import plain
from archaeologist_tui.widgets.outline_pane import FilterInput

if TYPE_CHECKING:
    from textual.app import ComposeResult
    from textual.timer import Timer

PAUSE_SECONDS = 0.2
_ANSWERS = "enter keeps it, {filter.leave} shows everything again"


class HunkFilter(Vertical):
    """A filter, open only while it is typed."""

    DEFAULT_CSS = """
    HunkFilter {
        height: 2;
        dock: bottom;
        layer: above;
        margin-bottom: 1;
        background: $surface;
        display: none;
        &.-open { display: block; }
        & > Static { height: 1; padding: 0 1; text-wrap: nowrap; text-overflow: ellipsis; }
        & > FilterInput { padding: 0 1; }
    }
    """

    @dataclass
    class Changed(Message):
        """Other hunks are wanted."""

        filter: Filter

    class Closed(Message):
        """A person is done with it."""

    _timer: Timer | None = None

    def compose(self) -> ComposeResult:
        """Show what may be typed above where it is typed."""
        yield Static(markup=False)
        yield FilterInput(placeholder=EXAMPLE, select_on_focus=False, compact=True)

    def open(self) -> None:
        """Let a person type."""
        self.add_class("-open")
        self._say(Content.styled(f"filter, such as {EXAMPLE}", "$foreground-muted"))
        self.query_one(FilterInput).focus()

    def forget(self) -> None:
        """Have all hunks shown again."""
        self.query_one(FilterInput).action_leave()

    def _say(self, words: Content) -> None:
        self.query_one(Static).update(words, layout=False)

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        """Wait until a person stops typing: half a word is no filter that anybody means."""
        event.stop()
        if self._timer is not None:
            self._timer.stop()
        self._timer = self.set_timer(PAUSE_SECONDS, self._apply)

    def _apply(self) -> bool:
        """Say which hunks are wanted; False when what was typed is no filter."""
        try:
            wanted = parse_filter(self.query_one(FilterInput).value)
        except UsageError as error:
            self._say(plain(f"{error}: {error.hint}", "$text-warning"))
            return False
        self._say(Content.styled(with_keys(self.app, _ANSWERS), "$foreground-muted"))
        self.post_message(self.Changed(wanted))
        return True

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        if self._apply():
            self.remove_class("-open")
            self.post_message(self.Closed())
