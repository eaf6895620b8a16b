"""What a run wants of a person, in words: what to know for the answer, and what to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from archaeologist.domain.judgement import ItemReport
from archaeologist.domain.names import Phase, Step
from archaeologist.reporting.cost import price, tokens
from archaeologist.reporting.text import all_of
from archaeologist.review.conversations import talks_of
from archaeologist.wording import counted
from archaeologist_tui.reading.asking import AskKind, ask_of, raised
from archaeologist_tui.reading.context import known
from archaeologist_tui.reading.plan import WHAT, goals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.view import RunView
    from archaeologist.review.conversations import Talk
    from archaeologist_tui.reading.asking import Ask

_FLAGS = {"tokens": "--tokens", "usd": "--usd", "turns": "--answers", "seconds": "--seconds"}


def question_lines(view: RunView, run_id: str, *, answerable: bool = True) -> Iterator[str]:
    """Yield what the run waits for, what to know for an answer, and how to give it; nothing when it waits for nobody.

    Args:
        view: the run.
        run_id: its id.
        answerable: whether an answer can be given; not to a recorded run.
    """
    ask = ask_of(view)
    if ask is None:
        return
    yield f"the run waits for you: {f'{ask.step}: ' if ask.step else ''}{ask.what}"
    yield from context(view, ask, run_id)
    yield f"to answer: {answers(view, ask, run_id)}" if answerable else "it was answered when this was recorded"


def context(view: RunView, ask: Ask, run_id: str) -> Iterator[str]:
    """Yield what a person has to know for an answer."""
    if ask.hint:
        yield f"hint: {ask.hint}"
    match ask.kind:
        case AskKind.APPROVAL if ask.step == "plan":
            yield from (f"plan, {goal.name}: {goal.text}" for goal in goals(view))
            yield known(view, ask)
            yield f"all of the plan: {all_of(run_id, 'plan')}; all that was found: {all_of(run_id, 'survey')}"
        case AskKind.APPROVAL if ask.step in set(Phase):
            yield f"phase {ask.step}: {WHAT[Phase(ask.step)]}; refused, it is left out"
            yield known(view, ask)
        case AskKind.APPROVAL:
            yield from _item(view, ask)
        case AskKind.BUDGET:
            yield f"spent: {tokens(view.spent)}, {price(view.spent)}; {counted(len(view.commits), 'commit')} so far"
        case AskKind.FAULT:
            yield f"what happened before: `archaeologist runs log {run_id}`"
        case AskKind.PAUSE:
            pass


def answers(view: RunView, ask: Ask, run_id: str) -> str:
    """Return what to type, and what each answer does."""
    match ask.kind:
        case AskKind.APPROVAL:
            approve = f"`archaeologist approve {run_id}"
            return f"{approve}` allows it, {approve} --deny REASON` does not"
        case AskKind.BUDGET:
            more = f"`archaeologist budget {run_id} {_limits(view)}` lets it use more"
            return f"{more}; what is done so far is on the branch"
        case AskKind.FAULT:
            return f"`archaeologist resume {run_id}` tries again, `archaeologist cancel {run_id}` gives the run up"
        case AskKind.PAUSE:
            return f"`archaeologist resume {run_id}` goes on"


def _limits(view: RunView) -> str:
    """Return limits that let the run go on, as options; which ones nobody knows where a single agent's are reached."""
    limits = raised(view.budget, view.spent).model_dump(exclude_none=True)
    return " ".join(f"{_FLAGS[name]} {round(value, 2):g}" for name, value in limits.items()) or "--tokens N"


def _item(view: RunView, ask: Ask) -> Iterator[str]:
    """Yield what is known of the work item, or of the conversation, that asks."""
    talks = [talk for agent in view.agents for talk in talks_of(view, agent)]
    talk = next((talk for talk in reversed(talks) if ask.step == talk.name or _calls(talk, ask.step)), None)
    if talk is None:
        return
    yield f"asked by the {view.called(talk.agent)}, {talk.title}"
    drafts = [step for step in talk.others if step.kind == Step.DRAFT_ITEM and step.result.get("commit")]
    if not drafts or ask.step != talk.name or view.request is None:
        return
    if reason := _reason(talk):
        yield f"its reason: {reason}"
    yield known(view, ask)
    yield f"see it: git -C {view.request.run.root} show {drafts[-1].result['commit'][:10]}"


def _reason(talk: Talk) -> str:
    answers = [str(turn.thought["text"]) for turn in talk.turns if turn.thought.get("answer")]
    try:
        return ItemReport.model_validate_json(answers[-1]).reason if answers else ""
    except ValidationError:  # a long answer is cut in the history
        return ""


def _calls(talk: Talk, step: str) -> bool:
    return step.startswith(f"{talk.name}-")
