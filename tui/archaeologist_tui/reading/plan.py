"""What a run will do, in which order, and how far it is: from what was asked for and what its steps tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archaeologist.domain.briefs import Plan
from archaeologist.domain.judgement import WorkPlan
from archaeologist.domain.names import Phase, Role, Step, called
from archaeologist.domain.sweeps import LayersGathered
from archaeologist.reporting.lines import detail
from archaeologist.review.conversations import talks_of
from archaeologist.review.items import NO_ITEMS, Items, items_of
from archaeologist.wording import counted, spoken
from archaeologist_tui.reading.phases import AGENT_OF, left_out, mark_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archaeologist.domain.run import RunRequest
    from archaeologist.domain.step_view import StepView
    from archaeologist.domain.view import RunView
    from archaeologist.review.model import LeftPlace
    from archaeologist_tui.reading.marks import Mark

WHAT: Mapping[Phase, str] = {
    Phase.OPEN: "list the files, and run the project's tests as they are",
    Phase.PLAN: "choose the rules",
    Phase.DIG: "survey the code",
    Phase.REWRITE: "rewrite what is outdated",
    Phase.DOCUMENT: "document what a newcomer needs",
    Phase.VERIFY: "run the project's tests on the branch",
    Phase.SYNTHESIZE: "write the report",
}
_ASKED: Mapping[str, str] = {
    "none": "nothing",
    "plan": "before anything is rewritten",
    "phase": "before each phase",
    "item": "before each phase, and before each commit of a model",
}


@dataclass(frozen=True)
class Wish:
    """One thing that was asked for."""

    name: str
    text: str


@dataclass(frozen=True)
class LayerStand:
    """How a commit of a rule stands.

    Attributes:
        rule: code of the rule.
        title: what it does.
        size: how much.
        mark: its state.
        commit: what it became; empty when nothing did yet.
    """

    rule: str
    title: str
    size: str
    mark: Mark
    commit: str = ""


@dataclass(frozen=True)
class PhaseStand:
    """How a phase stands.

    Attributes:
        phase: which one.
        what: what happens in it.
        mark: its state.
        words: what came of it, or what it is at.
        layers: commits of rules.
        items: work items of a model.
    """

    phase: Phase
    what: str
    mark: Mark
    words: str = ""
    layers: Sequence[LayerStand] = ()
    items: Items = NO_ITEMS


@dataclass(frozen=True)
class LeftGroup:
    """What was left alone for the same reason.

    Attributes:
        rule: code of the rule, or kind of the work item; empty for whole files.
        code: the reason in a word.
        reason: in words.
        places: where.
    """

    rule: str
    code: str
    reason: str
    places: Sequence[LeftPlace]


def wishes(request: RunRequest) -> Iterator[Wish]:
    """Yield what a run was asked to do."""
    judgement, run = request.judgement, request.run
    yield Wish("code", f"{run.root}{f', folder {run.scope}' if run.scope else ''} at {run.base[:10]}")
    yield Wish("branch", run.branch)
    yield Wish("written for", f"Python {spoken(request.target)} ({request.target_origin})")
    yield Wish("rules", ", ".join(request.rules) or "all")
    yield Wish("models", _models(judgement.models) or "none: rules alone, the same result every time")
    yield Wish("tests", "the project's own, before and after" if request.tests.run else "not run: nobody agreed to it")
    yield Wish("you are asked", _ASKED[judgement.approve])
    limits = judgement.budget
    if judgement.models:
        money = f", ${limits.usd:,.2f}" if limits.usd is not None else ""
        yield Wish("budget", f"{limits.tokens:,} tokens{money}" if limits.tokens is not None else f"no limit{money}")
    if request.exclude:
        yield Wish("left out", ", ".join(request.exclude))
    for note in request.notes:
        yield Wish("note", note)


def _models(models: Mapping[str, str]) -> str:
    by_model: dict[str, list[str]] = defaultdict(list)
    for role, model in models.items():
        by_model[called(model)].append(role)
    return "; ".join(f"{model} ({', '.join(roles)})" for model, roles in by_model.items())


def goals(view: RunView) -> Iterator[Wish]:
    """Yield what each agent is asked, by the orchestrator's rules or its model, as far as it has planned."""
    by_rules = answer_of(view, "ask-plan")
    for role, goal in (Plan.model_validate_json(by_rules).goals if by_rules else {}).items():
        if not _thought(view) or role not in {Role.MODERNIZER, Role.DOCUMENTER}:
            yield Wish(role, goal)
    if judged := _thought(view):
        plan = WorkPlan.model_validate_json(judged)
        yield Wish(Role.MODERNIZER, plan.modernizer)
        yield Wish(Role.DOCUMENTER, plan.documenter)
        if plan.first:
            yield Wish("first", ", ".join(plan.first))


def answer_of(view: RunView, name: str) -> str:
    """Return what a step answered that was asked without a model, as JSON; empty before it did."""
    return next((str(step.result["content"]) for step in view.steps.values() if step.name == name and step.result), "")


def _thought(view: RunView) -> str:
    """Return what the orchestrator's model answered when it was asked for a plan; empty when it was not, or badly."""
    talk = next((talk for talk in talks_of(view, Role.ORCHESTRATOR) if talk.name == "plan"), None)
    answers = [str(turn.thought["text"]) for turn in talk.turns if turn.thought.get("answer")] if talk else []
    return answers[-1] if answers else ""


def phases(view: RunView) -> list[PhaseStand]:
    """Return how each phase stands, in order."""
    return [_phase(view, phase) for phase in Phase]


def _phase(view: RunView, phase: Phase) -> PhaseStand:
    agent, mark = AGENT_OF.get(phase), mark_of(view, phase)
    if agent is None:
        return PhaseStand(phase, WHAT[phase], mark, _words(view, phase, mark))
    return PhaseStand(phase, WHAT[phase], mark, _words(view, phase, mark), _layers(view, agent), items_of(view, agent))


def _words(view: RunView, phase: Phase, mark: Mark) -> str:
    """Return what a phase came to, or why it was left out, as far as that fits a line."""
    if mark == "skip":
        return left_out(view, phase) or "the run ended before it"
    match phase:
        case Phase.OPEN:
            return _told(view, Step.OPEN)
        case Phase.DIG:
            return _told(view, Step.GATHER_SURVEY) or (counted(view.findings, "finding") if view.findings else "")
        case Phase.VERIFY:
            tests = [
                step for step in view.steps.values() if step.name in {"tests-branch", "tests-again"} and step.result
            ]
            return detail(Step.RUN_TESTS, tests[-1].result) if tests else ""
        case _:
            return ""


def _told(view: RunView, kind: Step) -> str:
    step = next((step for step in view.steps.values() if step.kind == kind and step.result), None)
    return detail(kind, step.result) if step else ""


def _layers(view: RunView, agent: Role) -> list[LayerStand]:
    gathered = [s for s in view.steps.values() if s.agent == agent and s.kind == Step.GATHER_LAYERS and s.result]
    if not gathered:
        return []
    steps = {step.name: step for step in view.steps.values() if step.agent == agent and step.kind == Step.COMMIT_LAYER}
    return [
        _layer(line.rule, line.title, line.edits, line.files, steps.get(f"commit-{line.step}"))
        for line in LayersGathered.model_validate(gathered[-1].result).lines
    ]


def _layer(rule: str, title: str, edits: int, files: int, step: StepView | None) -> LayerStand:
    commit = str(step.result.get("commit", "")) if step else ""
    size = f"{counted(edits, 'edit')} in {counted(files, 'file')}"
    return LayerStand(rule, title, size, step.state if step else "wait", commit)


def grouped(places: Iterable[LeftPlace]) -> list[LeftGroup]:
    """Return what was left alone by rule and reason, the most frequent one first."""
    groups: dict[tuple[str, str], list[LeftPlace]] = defaultdict(list)
    for place in places:
        groups[place.rule, place.code].append(place)
    found = [LeftGroup(rule, code, _common(held), held) for (rule, code), held in groups.items()]
    return sorted(found, key=lambda group: (-len(group.places), group.rule, group.code))


def _common(places: Sequence[LeftPlace]) -> str:
    """Return the reason in the words that all places have; details that follow a colon may differ."""
    reasons = dict.fromkeys(place.reason for place in places)
    if len(reasons) == 1:
        return next(iter(reasons))
    heads = dict.fromkeys(reason.partition(":")[0] for reason in reasons)
    return next(iter(heads)) if len(heads) == 1 else "for several reasons"
