"""Asks, before there is a run, whether the project's own tests may be run: the one question that cannot wait for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, ClassVar

from textual import work
from textual.app import App
from textual.binding import Binding
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Static

from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.keys import with_keys
from archaeologist_tui.preferences import Preferences
from archaeologist_tui.widgets.key_line import KeyLine
from archaeologist_tui.widgets.keyed_scroll import KeyedText

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.app import ComposeResult

    from archaeologist_tui.options import ScreenOptions

_CONTEXT = (
    "They are the project's own code, and they judge the branch: what passed before has to pass after.",
    "They run in a private checkout, without your keys; your own checkout is never touched.",
    "Without them the branch rests on the rules' own proofs alone, and the report says so.",
    "That they may be run is remembered for this repository: later runs do not ask.",
)
_LOOKING = "looking how they are run ..."
_KEYS = "{consent.yes} runs them, {consent.no} begins without them, {consent.leave} begins no run"


class ConsentApp(App[bool]):
    """Asks for consent to run tests; ends without an answer when the person leaves.

    Args:
        repository: whose tests they are.
        how: says how they would be run; may take a while.
        options: how it looks.
    """

    CSS = """
    Screen { align: center middle; }
    #title { dock: top; height: 1; background: $panel; padding: 0 1; text-style: bold; }
    KeyedText {
        width: 84; max-width: 96%; height: auto; max-height: 100%; padding: 1 2 0 2; scrollbar-size-vertical: 1;
        border: outer $warning; background: $warning-muted;
    }
    KeyedText > Static { margin-bottom: 1; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar = [
        Binding("y", "answer(True)", "Run them", id="consent.yes", tooltip="Run them, now and in later runs"),
        Binding("n", "answer(False)", "Begin without", id="consent.no", tooltip="Begin the run without them"),
        Binding("escape", "leave", "Begin no run", id="consent.leave", tooltip="Begin no run"),
        Binding("q,ctrl+c", "leave", "Leave", show=False, id="consent.quit", priority=True, tooltip="Begin no run"),
    ]

    def __init__(self, repository: str, how: Callable[[], str], options: ScreenOptions) -> None:
        super().__init__()
        self._repository, self._how, self.options = repository, how, options

    def on_mount(self) -> None:
        """Look as the other screens do."""
        Preferences(self, self.options, [(KeyedText, Screen, type(self))]).use()
        self.query_one("#keys", Static).update(Content.styled(with_keys(self, _KEYS), "bold $text-warning"))
        self._look()

    @work
    async def _look(self) -> None:
        """Say how the tests would be run, once that is known: all their files are looked at for it."""
        how = await asyncio.to_thread(self._how)
        self.query_one("#how", Static).update(Content.styled(visible(how), "bold"))

    def compose(self) -> ComposeResult:
        """Show what is asked, and what to know for the answer."""
        question = f"? Run the tests of {visible(self._repository)} before and after?"
        yield Static("Begin a run: may its tests be run?", id="title", markup=False)
        with KeyedText():
            yield Static(Content.styled(question, "bold $text-warning"))
            yield Static(_LOOKING, id="how", markup=False)
            yield Static(id="keys")
            yield Static(Content("\n".join(_CONTEXT)))
        yield KeyLine()

    def action_answer(self, answer: bool) -> None:
        """Give the answer back."""
        self.exit(answer)

    def action_leave(self) -> None:
        """Give none."""
        self.exit(None)


async def ask_for_consent(repository: str, how: Callable[[], str], options: ScreenOptions) -> bool | None:
    """Return whether the tests may be run; None when the person would rather begin no run."""
    return await ConsentApp(repository, how, options).run_async(mouse=options.mouse)
