"""What a person has to know now, in a few lines above everything else: a question, or what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from archaeologist_tools.safety.fencing import visible

if TYPE_CHECKING:
    from collections.abc import Sequence


class Banner(Static):
    """The loudest thing on screen, and there only when there is something to say."""

    DEFAULT_CSS = """
    Banner {
        display: none;
        height: auto;
        max-height: 8;
        padding: 0 1;
        border-left: outer $warning;
        background: $warning-muted;
        color: $foreground;
        text-style: bold;
        &.-asks, &.-trouble { display: block; }
        &.-trouble { background: $error-muted; border-left: outer $error; }
    }
    """

    def __init__(self) -> None:
        super().__init__(markup=False)

    def ask(self, what: str, more: Sequence[str], answer: str) -> None:
        """Show a question with what is known of it, and how it is answered."""
        self._say("-asks", _lines("?", what, more, answer, "$text-warning"))

    def warn(self, what: str, more: Sequence[str], answer: str) -> None:
        """Show what is wrong, with more of it, and what helps."""
        self._say("-trouble", _lines("✗", what, more, answer, "$text-error"))

    def note(self, what: str, more: Sequence[str], answer: str) -> None:
        """Show what is neither asked nor wrong, with more of it, and what can be done."""
        self._say("-asks", _lines("-", what, more, answer, "$text-warning"))

    def clear(self) -> None:
        """Show nothing."""
        self._say("", Content())

    @property
    def says(self) -> bool:
        """Whether there is something to say."""
        return bool({"-asks", "-trouble"} & self.classes)

    def _say(self, kind: str, lines: Content) -> None:
        for name in ("-asks", "-trouble"):
            self.set_class(name == kind, name)
        self.update(lines)


def _lines(mark: str, what: str, more: Sequence[str], answer: str, style: str) -> Content:
    lines = [Content.styled(f"{mark} {visible(what)}", style)]
    lines += [Content.styled(visible(line), "not bold") for line in more]
    return Content("\n").join([*lines, *([Content.styled(answer, style)] if answer else [])])
