"""Short questions to a person in front of a screen: a line of text, or yes and no."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from archaeologist_tui.keys import with_keys
from archaeologist_tui.widgets.key_line import KeyLine

if TYPE_CHECKING:
    from textual.app import ComposeResult

PROMPT_CSS = """
    align: center middle;
    & > Vertical {
        width: 72; max-width: 96%; height: auto; max-height: 90%;
        border: round $primary; background: $surface; padding: 1 2;
    }
    & Static { margin-bottom: 1; }
"""


class TextPrompt(ModalScreen[str | None]):
    """Asks for a line; gives None when the person would rather not.

    Args:
        question: what is asked.
        value: what stands there already.
    """

    DEFAULT_CSS = f"TextPrompt {{ {PROMPT_CSS} }}"
    BINDINGS: ClassVar = [
        # Before the line's own, which says nothing.
        Binding("enter", "submit", "OK", id="prompt.submit", tooltip="Use this text", priority=True),
        Binding("escape", "leave", "Back", id="prompt.leave", tooltip="Do nothing and go back"),
    ]

    def __init__(self, question: str, value: str = "") -> None:
        super().__init__()
        self._question, self._value = question, value

    def compose(self) -> ComposeResult:
        """Show the question above a line to write on."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Input(self._value, id="answer")
        yield KeyLine()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Give the text back; nothing is no answer."""
        self.dismiss(event.value.strip() or None)

    def action_submit(self) -> None:
        """Do as Enter does."""
        self.dismiss(self.query_one(Input).value.strip() or None)

    def action_leave(self) -> None:
        """Do nothing."""
        self.dismiss(None)


class Confirm(ModalScreen[bool]):
    """Asks before something that cannot be undone.

    Args:
        question: what would be done, and what stays.
        yes: what the key does, in a word.
    """

    DEFAULT_CSS = f"Confirm {{ {PROMPT_CSS} & > Vertical {{ border: round $error; }} }}"
    BINDINGS: ClassVar = [
        Binding("y", "answer(True)", "Yes", id="confirm.yes", tooltip="Do it"),
        Binding("n,escape", "answer(False)", "No", id="confirm.no", tooltip="Do nothing and go back"),
    ]

    def __init__(self, question: str) -> None:
        super().__init__()
        self._question = question

    def compose(self) -> ComposeResult:
        """Show the question; the keys are in the footer."""
        with Vertical():
            yield Static(self._question, markup=False)
            yield Static(with_keys(self.app, "{confirm.yes} does it, {confirm.no} goes back"), markup=False)
        yield KeyLine()

    def action_answer(self, answer: bool) -> None:
        """Give the answer back."""
        self.dismiss(answer)
