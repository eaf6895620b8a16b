"""How far a run is: phases with what is done of what, and a remaining time that does not lie.

A total is shown only when it is known, a rate only when enough was done to have one and somebody is there to do more,
and a remaining time only then:
for batches, commits, a model's work items, and the project's tests, which took as long before. Items differ, and more
may come after them, so their remaining time, and any before them, says "at least".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from archaeologist.domain.names import Phase, Step
from archaeologist_tui.reading.clock import HOUR, MINUTE, span
from archaeologist_tui.reading.groups import group_of
from archaeologist_tui.reading.phases import AGENT_OF, mark_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archaeologist.domain.step_view import StepView
    from archaeologist_tui.picture import Picture
    from archaeologist_tui.reading.marks import Mark

_ENOUGH = 3
"""Steps that have to be done before their rate means anything."""
_ENOUGH_ITEMS = 2
"""The same for work items, which take minutes each."""
_BREAK = 5.0
"""Seconds without any step at work that are a pause, or the lack of a worker, which is noticed within 4."""
_HALF = 0.5
"""What is left of an item at work, as long as nobody knows better."""

ITEMS = "items"
"""The unit of what a model works on."""
_COUNTED = frozenset(
    {
        Step.OPEN,
        Step.SURVEY_BATCH,
        Step.PLAN_SWEEP,
        Step.PLAN_DOCUMENTS,
        Step.REWRITE_BATCH,
        Step.DOCUMENT_BATCH,
        Step.GATHER_LAYERS,
        Step.COMMIT_LAYER,
        Step.CHOOSE_ITEMS,
        Step.BEGIN_ITEM,
        Step.DRAFT_ITEM,
        Step.COMMIT_ITEM,
        Step.RUN_TESTS,
    }
)
"""Steps that tell how far a run is. Turns of models and their calls, of which there are thousands, do not."""


@dataclass(frozen=True)
class PhaseProgress:
    """How far one phase is.

    Args:
        phase: which one.
        mark: its state.
        done: steps that are done.
        total: steps that there are; 0 when nobody knows.
        unit: what the steps are, plural.
        rate: steps a second; 0 when nobody knows.
        remaining: seconds that the known rest takes; None when nobody knows.
        at_least: there is more to come than the known rest.
    """

    phase: Phase
    mark: Mark
    done: int = 0
    total: int = 0
    unit: str = ""
    rate: float = 0.0
    remaining: float | None = None
    at_least: bool = False


class Progress:
    """Says how far a run is, again and again; of its steps only those are looked at that are new."""

    def __init__(self) -> None:
        self._chunks: list[tuple[Sequence[StepView], Sequence[StepView]]] = []

    def of(self, picture: Picture) -> list[PhaseProgress]:
        """Return how far each phase is, in the order of the phases."""
        steps = self._counted(picture.view.steps.values().chunks)
        parts = [_phase(phase, steps, picture) for phase in Phase]
        return parts if picture.health.whole else [replace(part, rate=0.0, remaining=None) for part in parts]

    def _counted(self, chunks: Sequence[Sequence[StepView]]) -> list[StepView]:
        del self._chunks[len(chunks) :]
        for number, chunk in enumerate(chunks):
            if number == len(self._chunks):
                self._chunks.append(((), ()))
            if self._chunks[number][0] is not chunk:
                self._chunks[number] = chunk, [step for step in chunk if step.kind in _COUNTED]
        return [step for _, counted in self._chunks for step in counted]


def progress(picture: Picture) -> list[PhaseProgress]:
    """Return how far each phase is, in the order of the phases."""
    return Progress().of(picture)


def pace(part: PhaseProgress) -> str:
    """Return rate and remaining time as words that follow others; empty where nobody knows them."""
    rate = _rate(part.rate) if part.rate else ""
    if part.remaining is None:
        return rate
    about = "at least" if part.at_least else "about"
    return f"{rate}, {about} {span(max(1.0, part.remaining))} left"


def _rate(rate: float) -> str:
    if rate >= 1:
        return f", {rate:.1f} a second"
    return f", {rate * MINUTE:.0f} a minute" if rate * MINUTE >= 1 else f", {rate * HOUR:.0f} an hour"


def _phase(phase: Phase, steps: Sequence[StepView], picture: Picture) -> PhaseProgress:
    mark = mark_of(picture.view, phase)
    if mark != "run":
        return PhaseProgress(phase, mark)
    if phase is Phase.VERIFY:
        return _tests(steps, picture)
    if phase not in AGENT_OF:
        return PhaseProgress(phase, mark)
    mine = [step for step in steps if step.agent == AGENT_OF[phase]]
    for kinds, unit, total in _countable(mine, steps):
        if unit == ITEMS:
            return _items(phase, mine, total, picture)
        counted = [step for step in mine if step.kind in kinds]
        done = sum(step.state == "ok" for step in counted)
        if done < total:
            return _paced(phase, counted, total, unit, picture)
    return PhaseProgress(phase, mark)


def _countable(mine: Sequence[StepView], steps: Sequence[StepView]) -> list[tuple[set[Step], str, int]]:
    """Return what can be counted in a phase, in the order in which it is done: kinds of steps, unit, total."""
    found: list[tuple[set[Step], str, int]] = []
    opened = _result(steps, Step.OPEN)
    if opened and any(step.kind == Step.SURVEY_BATCH for step in mine):
        found.append(({Step.SURVEY_BATCH}, "batches", int(opened["batches"])))
    planned = _result(mine, Step.PLAN_SWEEP) or _result(mine, Step.PLAN_DOCUMENTS)
    if planned:
        found.append(({Step.REWRITE_BATCH, Step.DOCUMENT_BATCH}, "batches", int(planned["batches"])))
    gathered = _result(mine, Step.GATHER_LAYERS)
    if gathered:
        found.append(({Step.COMMIT_LAYER}, "commits", len(gathered["lines"])))
    chosen = _result(mine, Step.CHOOSE_ITEMS)
    if chosen:
        found.append(({Step.BEGIN_ITEM}, ITEMS, len(chosen["lines"])))
    return found


def _result(steps: Sequence[StepView], kind: Step) -> Mapping[str, Any] | None:
    return next((step.result for step in reversed(steps) if step.kind == kind and step.state == "ok"), None)


def _paced(phase: Phase, counted: Sequence[StepView], total: int, unit: str, picture: Picture) -> PhaseProgress:
    done = sum(step.state == "ok" for step in counted)
    if done < _ENOUGH:
        return PhaseProgress(phase, "run", done, total, unit)
    rate = done / max(0.001, _seconds(counted, picture))
    more = bool(picture.view.request and picture.view.request.judgement.models) and phase is not Phase.DIG
    return PhaseProgress(phase, "run", done, total, unit, rate, (total - done) / rate, at_least=more)


def _seconds(steps: Sequence[StepView], picture: Picture) -> float:
    """Return how long steps have been at work: all of the time until now, so that a rate falls while nothing is done.

    Only pauses, and times without a worker, do not count.
    """
    names = {step.name for step in steps}
    spans = [(step.started or step.scheduled, step.ended) for step in steps if step.ended is not None]
    flying = (each.started for each in picture.pending if each.step in names and each.state == "run")
    spans += [(started, picture.now) for started in flying if started is not None]
    begun = busy_until = min(step.scheduled for step in steps)
    idle = 0.0
    for started, ended in sorted(spans):
        gap = (started - busy_until).total_seconds()
        idle += gap if gap > _BREAK else 0.0
        busy_until = max(busy_until, ended)
    return (max(picture.now, busy_until) - begun).total_seconds() - idle


def _items(phase: Phase, mine: Sequence[StepView], total: int, picture: Picture) -> PhaseProgress:
    """Return how far the work items of a model are."""
    begun = [step for step in mine if step.kind == Step.BEGIN_ITEM]
    kept = {group_of(step.name, step.kind) for step in mine if _settles(step)}
    at_once = picture.view.request.judgement.parallel if picture.view.request else 1
    # One that came to nothing has no step that tells so, but only so many are at work at once.
    done = max(len(kept), len(begun) - at_once)
    if done < _ENOUGH_ITEMS:
        return PhaseProgress(phase, "run", max(0, done), total, ITEMS, at_least=True)
    rate = done / max(0.001, (picture.now - begun[0].scheduled).total_seconds())
    rest = total - len(begun) + (len(begun) - done) * _HALF
    return PhaseProgress(phase, "run", done, total, ITEMS, rate, rest / rate if rest else None, at_least=True)


def _settles(step: StepView) -> bool:
    """Whether with a step nothing more is done about an item."""
    committed = step.kind == Step.COMMIT_ITEM and step.state == "ok"
    return committed or (step.kind == Step.DRAFT_ITEM and bool(step.result.get("left_alone")))


def _tests(steps: Sequence[StepView], picture: Picture) -> PhaseProgress:
    """Return how far the tests of the branch are, by the time that they took before."""
    before = picture.view.tests.get("tests-base")
    running = next((s for s in steps if s.kind == Step.RUN_TESTS and s.state == "run" and s.started), None)
    if before is None or running is None or running.started is None:
        return PhaseProgress(Phase.VERIFY, "run")
    left = float(before["seconds"]) - (picture.now - running.started).total_seconds()
    return PhaseProgress(Phase.VERIFY, "run", unit="tests", remaining=left if left > 0 else None)
