"""Asks for a key, which is pressed and not typed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from archaeologist_tui.screens.prompt import PROMPT_CSS
from archaeologist_tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual import events
    from textual.app import ComposeResult


class KeyPrompt(ModalScreen[str | None]):
    """Gives Textual's name of the key that is pressed; None when the person would rather not.

    Args:
        question: what is asked, and what escape leaves as it is.
        objection: returns why a key cannot be had, in words; empty when it can.
        offer: returns what makes it possible nevertheless, when the key is pressed once more; empty when nothing does.
    """

    DEFAULT_CSS = f"KeyPrompt {{ {PROMPT_CSS} }}"
    BINDINGS: ClassVar = [Binding("escape", "dismiss(None)", "Back", tooltip="Change nothing and go back")]

    def __init__(self, question: str, objection: Callable[[str], str], offer: Callable[[str], str]) -> None:
        super().__init__()
        self._question, self._objection, self._offer = question, objection, offer
        self._offered = ""
        """The key that is taken, and that is swapped when it is pressed once more."""

    def compose(self) -> ComposeResult:
        """Show the question, and below it what is in the way of a key that was pressed."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Static(id="objection")
        yield KeyLine()

    def on_key(self, event: events.Key) -> None:
        """Take whatever is pressed, but escape."""
        if event.key == "escape":
            return
        event.stop()
        words = self._objection(event.key)
        if not words or event.key == self._offered:
            self.dismiss(event.key)
            return
        offer = self._offer(event.key)
        self._offered = event.key if offer else ""
        said = Content.styled(f"{words}\n{offer or 'press another one'}", "bold $text-error")
        self.query_one("#objection", Static).update(said)
