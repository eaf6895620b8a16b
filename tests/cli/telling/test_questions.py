from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.cli.telling.questions import question_lines
from archaeologist.domain.budget import Budget, Spent
from archaeologist.domain.events import AgentStarted, RunPaused, StepEnded
from archaeologist.domain.judgement import ItemReport
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_BUDGET, Role, Step
from archaeologist.domain.view import advance, viewed
from support.panes import NOON, step

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource


def asking(view: RunView, reason: str) -> list[str]:
    paused = RunPaused(NOON, Role.ORCHESTRATOR, "orchestrator", 99_999, reason)
    return list(question_lines(advance(view, [paused]), "7f3a"))


def begun(source: RecordedSource) -> list[RunEvent]:
    """That the orchestrator and the modernizer began."""
    both = {Role.ORCHESTRATOR, Role.MODERNIZER}
    return [event for event in source.recorded if isinstance(event, AgentStarted) and event.agent in both]


def test_a_plan_is_asked_about_with_all_that_would_be_done(demo_run: RecordedSource) -> None:
    events = list(demo_run.recorded)
    asked = next(place for place, event in enumerate(events) if isinstance(event, RunPaused))
    lines = list(question_lines(viewed(events[: asked + 1]), "7f3a"))
    assert lines[0].startswith("the run waits for you: plan: make texts readable, ")
    assert "plan, documenter: say what a movement is and what each report shows" in lines
    assert "found: 621 findings in 12 files" in lines
    assert any("`archaeologist runs show 7f3a --list plan`" in line for line in lines)


def test_an_item_is_asked_about_with_its_reason_its_tests_and_its_diff(demo_run: RecordedSource) -> None:
    events = list(demo_run.recorded)
    committed = "item-1-commit"
    end = next(place for place, event in enumerate(events) if getattr(event, "step", "") == committed)
    view = viewed(events[:end])
    lines = asking(view, f"item-1 {PAUSE_APPROVAL}: commit Use f-strings")
    draft = next(
        str(event.result["commit"])
        for event in events
        if isinstance(event, StepEnded) and event.step.startswith("item-1-draft") and event.result["commit"]
    )
    assert lines[0] == "the run waits for you: item-1: commit Use f-strings"
    assert lines[1].startswith("asked by the modernizer, item 1 of 3: stockroom/models.py, ")
    assert lines[2].startswith("its reason: ")
    assert lines[3] == "the commit would be 4 edits; tests with it: 43 passed, 0 failed, 0 skipped"
    assert lines[4] == f"see it: git -C /repositories/inventory show {draft[:10]}"


def test_a_call_of_a_tool_is_asked_about_with_the_work_that_it_is_for(demo_run: RecordedSource) -> None:
    item = [
        *step(1, "item-1-begin", Step.BEGIN_ITEM, summary="item 1 of 1: a.py"),
        *step(2, "item-1-1", Step.THINK, result={"calls": [], "spent": {}}),
    ]
    lines = asking(viewed([*begun(demo_run), *item]), f"item-1-1-1-run {PAUSE_APPROVAL}: run the tests")
    assert lines[:2] == [
        "the run waits for you: item-1-1-1-run: run the tests",
        "asked by the modernizer, item 1 of 1: a.py",
    ]
    assert lines[-1].startswith("to answer: `archaeologist approve 7f3a`")


def test_an_answer_that_the_history_has_cut_gives_no_reason(demo_run: RecordedSource) -> None:
    report = ItemReport(outcome="done", title="Say less", reason="it is shorter").model_dump_json()
    for text, reasons in ((report, ["its reason: it is shorter"]), (report[:-9], [])):
        item = [
            *step(1, "item-1-1", Step.THINK, result={"calls": [], "spent": {}, "answer": "a", "text": text}),
            *step(2, "item-1-draft-1", Step.DRAFT_ITEM, result={"commit": "c" * 40, "edits": 1, "left_alone": ""}),
        ]
        lines = asking(viewed([*begun(demo_run), *item]), f"item-1 {PAUSE_APPROVAL}: commit Say less")
        assert [line for line in lines if line.startswith("its reason")] == reasons


def test_a_fault_is_told_with_its_hint_and_the_command_that_tells_what_happened_before(
    demo_run: RecordedSource,
) -> None:
    assert asking(viewed(demo_run.recorded[:1]), "no room left (hint: free some space)") == [
        "the run waits for you: no room left",
        "hint: free some space",
        "what happened before: `archaeologist runs log 7f3a`",
        "to answer: `archaeologist resume 7f3a` tries again, `archaeologist cancel 7f3a` gives the run up",
    ]


def test_a_budget_is_asked_for_with_what_was_spent_and_limits_that_are_enough(demo_run: RecordedSource) -> None:
    view = viewed(demo_run.recorded[:1])
    assert view.request is not None
    judgement = view.request.judgement.model_copy(update={"budget": Budget(tokens=1000, usd=0.5, turns=90)})
    spent = Spent(input_tokens=1200, output_tokens=300, turns=7, usd=0.75)
    asked = replace(view, request=view.request.model_copy(update={"judgement": judgement}), spent=spent)
    lines = asking(asked, f"{PAUSE_BUDGET}1,500 of 1,000 tokens")
    assert lines[1].startswith("spent: 1,200 tokens in and 300 out, 7 answers, $0.75; ")
    assert "`archaeologist budget 7f3a --tokens 2300 --usd 1.2`" in lines[-1]
