"""The line at the top: which run, how it stands, what it has done and spent, and when something happened last."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.reading.clock import clock, short, span
from archaeologist_tui.reading.marks import run_mark, run_word
from archaeologist_tui.states import COLOURS, SYMBOLS
from archaeologist_tui.widgets.picture_line import PictureLine

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archaeologist.domain.view import RunView
    from archaeologist_tui.picture import Picture

_GAPS = (3, 2)
"""Blanks between parts: where some would have to be left out, fewer."""
_NAME = 15
"""Cells that a long name is cut to before other parts are left out."""


@dataclass(frozen=True)
class Part:
    """A part of the line.

    Attributes:
        rank: the higher, the sooner it is left out.
        forms: what is shown, the longest form first.
    """

    rank: int
    forms: Sequence[Content]


class Headline(PictureLine):
    """Always on screen; where there is little room, what matters least is left out first."""

    DEFAULT_CSS = """
    Headline { height: 1; background: $panel; color: $foreground; padding: 0 1; }
    """

    def line(self, picture: Picture, width: int) -> Content:
        """Return the line, with as much of it as there is room for."""
        return fitted(list(headline_parts(picture)), width)


def fitted(parts: Sequence[Part], width: int) -> Content:
    """Return the parts in a line of so many cells: in full, or those that matter most, as much of each as fits."""
    whole = [part.forms[0] for part in parts]
    for gap in _GAPS:
        line = Content(" " * gap).join(whole)
        if line.cell_length <= width:
            return line
    shown = dict[int, Content]()
    left = width + gap
    by_rank = sorted(range(len(parts)), key=lambda place: parts[place].rank)
    for place in by_rank:
        shortest = parts[place].forms[-1]
        if shortest.cell_length + gap <= left:
            shown[place] = shortest
            left -= shortest.cell_length + gap
    for place in (place for place in by_rank if place in shown):
        room = shown[place].cell_length + left
        shown[place] = next(form for form in parts[place].forms if form.cell_length <= room)
        left = room - shown[place].cell_length
    return Content(" " * gap).join(shown[place] for place in sorted(shown))


def headline_parts(picture: Picture) -> Iterator[Part]:
    """Yield the parts of the line from left to right."""
    view, run = picture.view, picture.run
    name, muted = visible(run.name), "$foreground-muted"
    yield Part(2, [Content.styled(name, "bold"), Content.styled(_cut(name), "bold")])
    yield Part(5, [Content.styled(f"run {run.run_id}", muted), Content.styled(run.run_id, muted)])
    yield Part(0, [_state(view)])
    yield Part(1, [Content(clock(_elapsed(picture)))])
    yield Part(10, [Content(counted(view.files, "file"))])
    yield Part(3, [Content(counted(view.committed if view.unfinished else view.edits, "edit"))])
    yield Part(7, [Content(counted(len(view.commits), "commit"))])
    if tests := _tests(view):
        yield Part(2 if view.is_worse else 6, tests)
    yield from _spent(view)
    if view.state.is_open and view.last_event is not None:
        quiet = (picture.now - view.last_event).total_seconds()
        yield Part(9, [Content.styled(f"{span(quiet)} ago", muted)])


def _cut(name: str) -> str:
    return name if len(name) <= _NAME else f"{name[: _NAME - 1]}…"


def _state(view: RunView) -> Content:
    mark = run_mark(view)
    return Content.styled(f"{SYMBOLS[mark]} {run_word(view)}", COLOURS[mark])


def _elapsed(picture: Picture) -> float:
    view = picture.view
    started = view.started or picture.run.started
    return ((view.ended or picture.run.ended or picture.now) - started).total_seconds()


def _tests(view: RunView) -> list[Content]:
    """Return how the project's tests went, the last time that something can be concluded from; nothing before that."""
    for name in ("tests-again", "tests-branch", "tests-base"):
        ran = view.tests.get(name)
        if ran is None:
            continue
        if ran["problem"]:
            return [Content.styled("tests unusable", "$text-warning")]
        passed, failed = f"{ran['passed']} passed", f"{ran['failed']} failed"
        words = f"{passed}, {failed}" if ran["failed"] else passed
        where = "before" if name == "tests-base" else "on the branch"
        forms = (f"tests {where}: {words}", words, failed if ran["worse"] else passed)
        return [Content.styled(form, "$text-error" if ran["worse"] else "") for form in forms]
    return []


def _spent(view: RunView) -> Iterator[Part]:
    """Yield tokens and money of the budget, the latter where prices are known; nothing when no model was asked."""
    if view.request is None or not view.request.judgement.models:
        return
    budget, spent = view.budget, view.spent
    tokens, usd = f"{short(spent.tokens)} tokens", f"${spent.usd:.2f}"
    unpriced = bool(spent.turns) and spent.unpriced == spent.turns
    limited = f"{short(spent.tokens)} of {short(budget.tokens)} tokens" if budget.tokens else tokens
    yield Part(4 if unpriced else 8, [Content(limited), Content(tokens), Content(f"{short(spent.tokens)} tok")])
    if not unpriced:
        yield Part(4, [Content(f"{usd} of ${budget.usd:.2f}" if budget.usd else usd), Content(usd)])
