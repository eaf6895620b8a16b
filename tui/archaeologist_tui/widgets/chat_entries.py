"""How a conversation looks: turns with what was said, what was used and what came of it, as entries of an outline."""

from __future__ import annotations

import json
import re
from operator import itemgetter
from typing import TYPE_CHECKING

from textual.content import Content

from archaeologist.domain.names import Step
from archaeologist.reporting.lines import detail, told_apart
from archaeologist.wording import counted
from archaeologist_tools.safety.fencing import visible
from archaeologist_tui.reading.commits import subject_of
from archaeologist_tui.reading.transcripts import is_person, said_by_person
from archaeologist_tui.states import marked
from archaeologist_tui.widgets.entries import Later, Paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archaeologist.domain.events import PendingStep
    from archaeologist.domain.step_view import StepView
    from archaeologist.review.conversations import Talk, Turn
    from archaeologist_tui.reading.marks import Mark
    from archaeologist_tui.reading.transcripts import ToldCall, ToldTalk, ToldTurn
    from archaeologist_tui.widgets.entries import Entry

_MUTED = "$foreground-muted"
_CODE = re.compile(r"`[^`]+`")
_FENCE = "```"
_LABEL = 11
_WRITES_CHARACTERS = 2_000


class TalkEntries:
    """Makes entries of conversations, and keeps those of turns that do not change any more."""

    def __init__(self) -> None:
        self._turns: dict[tuple[object, ...], Entry] = {}

    def of(self, told: ToldTalk) -> list[Entry]:
        """Return the entries of a conversation."""
        key = told.talk.key
        entries: list[Entry] = []
        if told.missing:
            entries.append(
                Paragraph(f"{key}.missing", plain(f"what was said is not here: {told.missing}", "$text-warning"))
            )
        if told.system:
            entries.append(_folded(f"{key}.system", "prompt", told.system))
        if told.tools:
            entries.append(Paragraph(f"{key}.tools", plain(", ".join(told.tools), _MUTED), _label("can use")))
        if told.brief:
            entries.append(_folded(f"{key}.brief", "brief", told.brief))
        others = sorted(_beside(told.talk), key=itemgetter(0))
        for turn, following in zip(told.turns, [*told.turns[1:], None], strict=True):
            entries.append(self._turn(key, turn))
            until = following.turn.think.scheduled if following else None
            after = [(time, entry) for time, entry in others if time >= turn.turn.think.scheduled]
            entries += [entry for time, entry in after if until is None or time < until]
        entries += [_heard(f"{key}.next.{place}", text) for place, text in enumerate(told.heard)]
        return entries

    def _turn(self, key: str, told: ToldTurn) -> Entry:
        calls = tuple((call.mark, call.result is None) for call in told.calls)
        name = (key, told.turn.number, told.turn.think.state, told.turn.think.attempt, calls, told.heard)
        entry = self._turns.get(name)
        if entry is None:
            entry = self._turns[name] = _turn(f"{key}.{told.turn.number}", told)
        return entry


def writing(text: str, model: str) -> Entry:
    """Return the entry of what a model is writing just now."""
    words = plain(text[-_WRITES_CHARACTERS:])
    return Paragraph(
        "writes", words + Content.styled(" ...", "blink"), Content.styled(f"{model} writes: ", "$text-primary")
    )


def trying(pending: PendingStep) -> Entry:
    """Return the entry of a turn that is tried again."""
    of = f" of {pending.attempts}" if pending.attempts else ""
    reason = told_apart(pending.last_failure)[0]
    return Paragraph("writes", plain(f"attempt {pending.attempt}{of}; the last one: {reason}", "$text-warning"))


def _label(name: str, style: str = _MUTED) -> Content:
    return Content.styled(name.ljust(_LABEL), style)


def _folded(key: str, name: str, text: str) -> Entry:
    """Return a text of which only its beginning is shown until somebody wants to see it."""
    first = next((line for line in text.splitlines() if line.strip()), "")
    size = counted(len(text.splitlines()), "line")
    return Paragraph(
        key,
        Content.assemble(plain(first[:200]), (f"  {size}", _MUTED)),
        _label(name),
        inside=Later(lambda: _lines(key, text)),
        deep=False,
        whole=text,
        also=text.lower(),
    )


def _turn(key: str, told: ToldTurn) -> Entry:
    inside: list[Entry] = []
    turn = told.turn
    inside += [_heard(f"{key}.heard.{place}", text) for place, text in enumerate(told.heard)]
    inside += _said(f"{key}.said", told.text)
    inside += [_call(f"{key}.call.{place}", call) for place, call in enumerate(told.calls)]
    if problem := turn.thought.get("problem"):
        inside.append(Paragraph(f"{key}.problem", plain(str(problem), "$text-error"), _label("problem", "$text-error")))
    if given_up := turn.thought.get("given_up"):
        inside.append(Paragraph(f"{key}.up", plain(str(given_up), "$text-error"), _label("gave up", "$text-error")))
    if turn.think.message:
        inside.append(
            Paragraph(f"{key}.failure", plain(turn.think.message, "$text-error"), _label("failed", "$text-error"))
        )
    return Paragraph(key, _cost(turn), marked(_mark(turn)) + Content(" "), tuple(inside), opened=True)


def _cost(turn: Turn) -> Content:
    """Return a turn's head: its number, how long it took, and what it cost."""
    spent, step = turn.spent, turn.think
    parts = [] if step.seconds is None else [f"{step.seconds:.1f} s"]
    if spent.turns:
        cached = f" ({spent.cached_tokens:,} cached)" if spent.cached_tokens else ""
        parts.append(f"{spent.input_tokens:,} tokens in{cached}, {spent.output_tokens:,} out")
        parts.append("price not known" if spent.unpriced else f"${spent.usd:.4f}")
    if step.attempt > 1:
        parts.append(f"attempt {step.attempt}")
    return Content.assemble((f"turn {turn.number}", "bold"), (f"  {', '.join(parts)}", _MUTED))


def _mark(turn: Turn) -> Mark:
    wrong = turn.thought.get("problem") or turn.thought.get("given_up")
    return "FAIL" if wrong else turn.think.state


def _heard(key: str, text: str) -> Entry:
    if is_person(text):
        return Paragraph(key, plain(said_by_person(text), "bold"), _label("you said", "bold $text-warning"))
    if len(text.splitlines()) > 1:
        return _folded(key, "is told", text)
    return Paragraph(key, plain(text, _MUTED), _label("is told"))


def _call(key: str, call: ToldCall) -> Entry:
    took = "" if call.seconds is None else f"  {call.seconds:.1f} s"
    line = Content.assemble(plain(call.line), (took, _MUTED))
    if call.mark == "FAIL" and call.result:
        line = Content.assemble(line, "  ", plain(f"refused: {call.result.splitlines()[0]}", "$text-error"))
    everything = "\n".join([*call.arguments.values(), call.result or ""])
    return Paragraph(
        key,
        line,
        marked(call.mark) + Content(" "),
        inside=Later(lambda: _call_lines(key, call)),
        deep=False,
        whole=f"{call.line}\n{call.result or ''}",
        also=everything.lower(),
    )


def _call_lines(key: str, call: ToldCall) -> list[Entry]:
    lines: list[Entry] = []
    for name, value in call.arguments.items():
        lines += _labelled(f"{key}.{name}", name or "arguments", value)
    lines += _labelled(f"{key}.=", "result", "not there yet" if call.result is None else call.result or "nothing")
    return lines


def _labelled(key: str, name: str, text: str) -> Iterator[Entry]:
    """Yield a text line by line, with its name before the first one."""
    for place, line in enumerate(text.splitlines() or [""]):
        shown = Content(visible(line.expandtabs(4)))
        yield Paragraph(f"{key}.{place}", shown, _label("" if place else name))


def _lines(key: str, text: str) -> list[Entry]:
    return [
        Paragraph(f"{key}.{place}", Content(visible(line.expandtabs(4))))
        for place, line in enumerate(text.splitlines())
    ]


def _said(key: str, text: str) -> Iterator[Entry]:
    """Yield what a model said, line by line; an answer in a form name by name."""
    form = _form(text)
    if form is not None:
        for name, value in form.items():
            yield from _labelled(f"{key}.{name}", visible(name), value)
        return
    fenced = False
    for place, line in enumerate(text.strip().splitlines()):
        if line.strip().startswith(_FENCE):
            fenced = not fenced
        else:
            yield Paragraph(f"{key}.{place}", _worded(visible(line.expandtabs(4)), fenced=fenced))


def _form(text: str) -> dict[str, str] | None:
    if not text.lstrip().startswith("{"):
        return None
    try:
        read = json.loads(text)
    except ValueError:
        return None
    return {
        name: value if isinstance(value, str) else json.dumps(value, ensure_ascii=False) for name, value in read.items()
    }


def _worded(line: str, *, fenced: bool) -> Content:
    """Return a line of a model with headings and code told apart; nothing of it can be clicked."""
    if fenced:
        return Content.styled(line, "$text-accent")
    if line.startswith("#"):
        return Content.styled(line.lstrip("# "), "bold")
    content = Content(line)
    for code in _CODE.finditer(line):
        content = content.stylize("$text-accent", *code.span())
    return content


def _beside(talk: Talk) -> Iterator[tuple[datetime, Entry]]:
    """Yield what happened around a conversation, with the time."""
    for step in talk.others:
        yield step.scheduled, _step(talk.key, step)
    if said := talk.decided:
        words = plain("allowed it" if said.granted else f"refused it: {said.why}", "bold")
        yield said.time, Paragraph(f"{talk.key}.decided", words, _label("a person", "bold $text-warning"))


def _step(key: str, step: StepView) -> Entry:
    """Return a step around the conversation: its draft, tests, the commit."""
    mark: Mark = step.state
    came_to = detail(step.kind, step.result) if step.result else step.message
    if step.kind == Step.DRAFT_ITEM and step.result.get("refused"):
        mark = "FAIL"
    text = f"{step.summary}: {came_to}" if came_to else step.summary
    return Paragraph(f"{key}.{step.name}", plain(text), marked(mark) + Content(" "), about=subject_of(step))
