"""The line at the top: which run, how it stands, what it has done and spent, and when something happened last."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.reading.clock import clock, short, span
from archaeologist_tui.reading.marks import run_mark, run_word
from archaeologist_tui.states import COLOURS, SYMBOLS
from archaeologist_tui.widgets.picture_line import PictureLine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

_GAP = 3


class Headline(PictureLine):
    """Always on screen; where there is little room, what matters least is left out first."""

    DEFAULT_CSS = """
    Headline { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line, with as much of it as there is room for."""
        parts = list(headline_parts(picture))
        for most in range(9, -1, -1):
            line = Content(" " * _GAP).join(content for weight, content in parts if weight <= most)
            if line.cell_length <= width:
                return line
        return line


def headline_parts(picture: Picture) -> Iterator[tuple[int, Content]]:
    """Yield the parts of the line from left to right, each with a weight: the higher, the sooner it is left out."""
    view, run = picture.view, picture.run
    name = visible(run.name)
    yield 1, Content.styled(name, "bold")
    yield 4, Content.styled(f"run {run.run_id}", "$foreground-muted")
    yield 0, _state(view)
    yield 0, Content(clock(_elapsed(picture)))
    yield 5, Content(counted(view.files, "file"))
    yield 3, Content(counted(view.edits, "edit"))
    yield 2, Content(counted(len(view.commits), "commit"))
    if tests := _tests(view):
        yield (1 if view.is_worse else 4), tests
    if spent := _spent(view):
        yield 2, Content(spent)
    if view.state.is_open and view.last_event is not None:
        quiet = (picture.now - view.last_event).total_seconds()
        yield 1, Content.styled(f"{span(quiet)} ago", "$foreground-muted")


def _state(view: RunView) -> Content:
    mark = run_mark(view)
    return Content.styled(f"{SYMBOLS[mark]} {run_word(view)}", COLOURS[mark])


def _elapsed(picture: Picture) -> float:
    view = picture.view
    started = view.started or picture.run.started
    return ((view.ended or picture.run.ended or picture.now) - started).total_seconds()


def _tests(view: RunView) -> Content | None:
    """Return how the project's tests went, the last time that something can be concluded from."""
    for name in ("tests-again", "tests-branch", "tests-base"):
        ran = view.tests.get(name)
        if ran is None:
            continue
        if ran["problem"]:
            return Content.styled("tests unusable", "$text-warning")
        words = f"{ran['passed']} passed" + (f", {ran['failed']} failed" if ran["failed"] else "")
        where = "before" if name == "tests-base" else "on the branch"
        return Content.styled(f"tests {where}: {words}", "$text-error" if ran["worse"] else "")
    return None


def _spent(view: RunView) -> str:
    """Return tokens and money of the budget; nothing when no model was asked."""
    if view.request is None or not view.request.judgement.models:
        return ""
    budget, spent = view.request.judgement.budget, view.spent
    tokens = short(spent.tokens) + (f" of {short(budget.tokens)}" if budget.tokens else "") + " tokens"
    if spent.turns and spent.unpriced == spent.turns:
        return tokens
    return f"{tokens}  ${spent.usd:.2f}" + (f" of ${budget.usd:.2f}" if budget.usd else "")
