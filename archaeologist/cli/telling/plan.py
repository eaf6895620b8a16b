"""The plan of a run in words: what was asked for, what each agent is to do, and what its phases came to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.domain.names import Phase
from archaeologist.reporting.text import duration
from archaeologist.review.items import GIVEN_UP, LEFT, NOT_BEGUN
from archaeologist.wording import counted, lines_about
from archaeologist_tui.reading.phases import AGENT_OF
from archaeologist_tui.reading.plan import WHAT, goals, phases, wishes
from archaeologist_tui.reading.rules import rule_name, rule_title

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archaeologist.domain.run import RunRequest
    from archaeologist.domain.view import RunView
    from archaeologist.review.items import Items, ItemStand
    from archaeologist_tui.reading.plan import PhaseStand, Wish
    from archaeologist_tui.reading.planned import PlannedGroup

SHOWN = 5
"""Of whatever there may be many of."""
_PHASES = list(Phase)
_PHASE_OF: Mapping[str, Phase] = {role: phase for phase, role in AGENT_OF.items()}
_CAME_TO = {LEFT: "left alone", GIVEN_UP: "given up", NOT_BEGUN: "not begun"}


def asked_lines(request: RunRequest) -> Iterator[str]:
    """Yield what the run was asked to do, and in which order it does it."""
    for wish in wishes(request):
        yield f"asked for, {wish.name}: {wish.text}"
    yield "in this order: " + "; ".join(f"{place} {WHAT[phase]}" for place, phase in enumerate(_PHASES, 1))


def goal_line(goal: Wish) -> str:
    """Return what an agent is to do."""
    return f"plan, {goal.name}: {goal.text}"


def phase_line(phase: Phase) -> str:
    """Return what begins with a phase."""
    return f"phase {_PHASES.index(phase) + 1} of {len(_PHASES)}, {phase}: {WHAT[phase]}"


def ended_line(view: RunView, name: str) -> str:
    """Return what the phase of an agent that is done came to."""
    agent, stand = view.agents[name], stand_of(view, name)
    took = f" in {duration((agent.ended - agent.started).total_seconds())}" if agent.ended else ""
    return f"{stand.phase} done{took}: {_came_to(stand)}"


def _came_to(stand: PhaseStand) -> str:
    done = sum(layer.mark == "ok" for layer in stand.layers)
    parts = [stand.words] if stand.words else [f"{counted(done, 'commit')} of rules"]
    return "; ".join([*parts, *_items(stand.items)])


def _items(items: Items) -> Iterator[str]:
    if items.stands:
        committed = sum(stand.mark == "ok" and not stand.left for stand in items.stands)
        others = {code: sum(stand.left == code for stand in items.stands) for code in _CAME_TO}
        told = [f"{committed} committed", *(f"{number} {_CAME_TO[code]}" for code, number in others.items() if number)]
        yield f"{counted(len(items.stands), 'work item')}, {', '.join(told)}"
    if items.beyond:
        yield f"{counted(items.beyond, 'more item')} left out: the setting `items` says how many there may be"


def stand_of(view: RunView, agent: str) -> PhaseStand:
    """Return how the phase of an agent stands."""
    return next(stand for stand in phases(view) if stand.phase is _PHASE_OF[agent])


def left_lines(stand: PhaseStand, most: int) -> list[str]:
    """Return the work items of a phase of which nothing became a commit, so many at most, and why."""
    return lines_about(stand.phase, [_item(each) for each in stand.items.stands if each.left], most)


def _item(stand: ItemStand) -> str:
    """Return a work item and how it stands."""
    return f"item {stand.number}, {stand.title} ({stand.kind}): {stand.words}"


def plan_lines(view: RunView) -> Iterator[str]:
    """Yield all of the plan: what was asked for, what the agents are to do, and every commit and work item."""
    if view.request is not None:
        yield from asked_lines(view.request)
    yield from map(goal_line, goals(view))
    for stand in phases(view):
        words = f": {stand.words}" if stand.words else ""
        yield f"{phase_line(stand.phase)}; {_STATES[stand.mark]}{words}"
        yield from _parts(stand)


def rule_lines(groups: Sequence[PlannedGroup]) -> Iterator[str]:
    """Yield the rules of the plan by what is done with what they find, and each with where it finds how much."""
    for group in groups:
        yield f"what will be done: {group.size} {group.title}"
        for rule in group.rules:
            found = f"; {counted(rule.findings, 'finding')} in {counted(len(rule.files), 'file')}" if rule.files else ""
            yield f"rule {rule.code} {rule_name(rule.code)}: {rule_title(rule.code)}{found}"


def _parts(stand: PhaseStand) -> Sequence[str]:
    layers = [
        f"{stand.phase}, commit of {layer.rule}: {layer.title}, {layer.size}; "
        f"{layer.commit[:10] or _STATES[layer.mark]}"
        for layer in stand.layers
    ]
    return [*layers, *(f"{stand.phase}, {_item(each)}" for each in stand.items.stands)]


_STATES = {
    "ok": "done",
    "run": "at work",
    "wait": "to come",
    "FAIL": "failed",
    "skip": "left out",
    "ask": "waits for you",
}
