"""What a person has to know now: a question of the run, or that server, worker or code are not well.

The loudest thing on screen, and there only when there is something to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Static

from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.keys import with_keys
from archaeologist_tui.reading.asking import Ask, AskKind, ask_of
from archaeologist_tui.reading.trouble import Trouble, trouble_of

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture

_ANSWERS = {
    AskKind.APPROVAL: "{run.allow} allows it, {run.refuse} refuses it with a reason",
    AskKind.BUDGET: "{run.budget} lets it use more, {run.cancel} gives the run up; what is done is kept",
    AskKind.PAUSE: "{run.go-on} goes on",
    AskKind.FAULT: "{run.go-on} tries again, {run.cancel} gives the run up; what is done is kept",
}
_RECORDED = "answered when this was recorded; {player.halt} stops and plays on"


class Notice(Static):
    """A question to a person, or what is wrong."""

    DEFAULT_CSS = """
    Notice {
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

    def __init__(self, *, id: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, markup=False)
        self.answerable = True
        """Whether keys answer; not those of a recorded run."""
        self._said: tuple[Trouble | None, Ask | None, str] | None = None

    def show(self, picture: Picture) -> None:
        """Show what there is to say, or nothing."""
        trouble, ask = trouble_of(picture), ask_of(picture.view)
        answer = with_keys(self.app, self._answer(trouble, ask))
        if (trouble, ask, answer) == self._said:
            return
        self._said = trouble, ask, answer
        self.set_class(trouble is not None, "-trouble")
        self.set_class(ask is not None, "-asks")
        self.update(_trouble(trouble, answer) if trouble else _question(ask, answer) if ask else "")

    def _answer(self, trouble: Trouble | None, ask: Ask | None) -> str:
        if trouble is not None:
            return trouble.answer
        if ask is not None:
            return _ANSWERS[ask.kind] if self.answerable else _RECORDED
        return ""


def _trouble(trouble: Trouble, answer: str) -> Content:
    lines = [Content.styled(f"✗ {visible(trouble.what)}", "$text-error")]
    lines += [Content(visible(line)) for line in trouble.details]
    return Content("\n").join([*lines, Content.styled(answer, "$text-error")])


def _question(ask: Ask, answer: str) -> Content:
    asks = f"{visible(ask.step).replace('item-', 'item ')} waits for you: ".lstrip()
    kind = {AskKind.APPROVAL: asks, AskKind.FAULT: "stopped: "}.get(ask.kind, "")
    lines = [Content.styled(f"? {kind}{visible(ask.what)}", "$text-warning")]
    if ask.hint:
        lines.append(Content(f"hint: {visible(ask.hint)}"))
    if ask.kind is AskKind.APPROVAL and ask.step:
        lines.append(Content.styled(_about(ask.step), "$foreground-muted"))
    return Content("\n").join([*lines, Content.styled(answer, "$text-warning")])


def _about(step: str) -> str:
    """Return where to read what it is about."""
    if step.startswith("item-"):
        return "the diff that would be committed is under 3 Diff, the conversation under 5 Chat"
    return "what would be done is under 4 Plan"
