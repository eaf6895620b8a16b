from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archaeologist.domain.events import AgentEnded, AgentStarted, PendingStep, StepFailed, StepScheduled, StepStarted
from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import RunView, advance
from archaeologist_tui.reading.work import WorkBook, at_work, conversation_of
from support.pictures import picture_of, recorded_events


async def test_what_is_done_is_folded_into_its_agent() -> None:
    lines = WorkBook().lines(await picture_of("finished"))
    assert [(line.agent, line.depth, line.mark) for line in lines] == [(role, 0, "ok") for role in Role]


async def test_an_unfolded_agent_shows_what_it_did_with_commits_put_together() -> None:
    lines = WorkBook().lines(await picture_of("finished"), [Role.MODERNIZER])
    titles = [line.title for line in lines if line.agent is Role.MODERNIZER]
    assert titles[1:4] == [
        "choose the files that rules can rewrite",
        "batch 1 of 1: apply the rules",
        "sort the edits by rule",
    ]
    assert titles[4].endswith(": commit rule by rule")
    assert len(titles) == 5


async def test_an_agent_at_work_shows_what_is_in_flight_and_one_without_a_turn_waits() -> None:
    lines = WorkBook().lines(await picture_of("interrupted"))
    assert [(line.title, line.mark) for line in lines if line.depth == 0] == [
        ("orchestrator", "run"),
        ("archaeologist", "ok"),
        ("modernizer", "run"),
        ("documenter", "wait"),
    ]
    (flying,) = [line for line in lines if line.depth == 1]
    assert flying.title.startswith("commit: ")


async def test_a_sub_agent_is_folded_into_who_began_it_unless_it_works_or_went_wrong() -> None:
    begun = await picture_of("interrupted")
    names = [f"modernizer.item-1-1-{place}-poet" for place in range(1, 4)]
    began = [
        AgentStarted(begun.now, name, name, 1, {}, continued=False, name="poet", parent="modernizer") for name in names
    ]
    ended = [
        AgentEnded(begun.now, name, name, 2, RunState.DONE, {"given_up": why})
        for name, why in zip(names, ["", "no rhyme"], strict=False)
    ]
    picture = replace(begun, view=advance(begun.view, [*began, *ended]))
    folded = [line for line in WorkBook().lines(picture) if line.title == "poet"]
    assert [(line.agent, line.depth, line.mark) for line in folded] == [(names[1], 1, "FAIL"), (names[2], 1, "run")]
    assert folded[0].detail == "gave up: no rhyme"
    unfolded = WorkBook().lines(picture, [Role.MODERNIZER])
    assert [line.agent for line in unfolded if line.title == "poet"] == names
    assert at_work(picture.view) == names[2]


async def test_a_conversation_counts_its_turns() -> None:
    lines = WorkBook().lines(await picture_of("judged", lambda e: getattr(e, "step", "") == "dig-2"))
    assert "turn 2: read the code" in [line.title for line in lines]


async def test_steps_of_a_work_item_are_one_line_named_by_the_item() -> None:
    lines = WorkBook().lines(await picture_of("judged"), [Role.DOCUMENTER])
    items = [line.title for line in lines if line.title.startswith("item ")]
    assert items == [
        "item 1 of 3: stockroom/models.py: docstrings",
        "item 2 of 3: setup.py: docstrings",
        "item 3 of 3: stockroom/compat.py: docstrings",
    ]


async def test_a_step_that_is_tried_again_says_which_attempt_when_and_why() -> None:
    picture = await picture_of("judged", lambda e: isinstance(e, StepStarted) and e.step == "dig-2")
    again = picture.now + timedelta(seconds=8)
    pending = PendingStep(Role.ARCHAEOLOGIST, "dig-2", "think", 2, "wait", "no answer\nin 60 s", None, "", 5, again)
    lines = WorkBook().lines(replace(picture, pending=(pending,)))
    (step,) = [line for line in lines if line.key.endswith("dig-2")]
    assert (step.mark, step.tries, step.detail) == ("FAIL", "attempt 2 of 5 in 8 s", "no answer")


async def test_a_step_that_fails_is_shown_however_many_others_are_in_flight() -> None:
    picture = await picture_of("finished")
    key, step = next((key, step) for key, step in picture.view.steps.items() if step.kind == "rewrite-batch")
    names = [f"rewrite-batch-{number}" for number in range(20)]
    begun = [
        StepScheduled(picture.now, step.agent, key[0], number, name, step.kind, f"apply the rules, batch {number}")
        for number, name in enumerate(names, 9_000)
    ]
    pending = PendingStep(Role.MODERNIZER, names[-1], "rewrite-batch", 3, "wait", "out of memory", None, "", 20)
    view = advance(picture.view, begun)
    lines = WorkBook().lines(replace(picture, view=view, pending=(pending,)))
    assert [(line.tries, line.detail) for line in lines if line.is_wrong] == [("attempt 3 of 20", "out of memory")]
    assert "and 13 more" in [line.title for line in lines]


async def test_a_failed_step_is_never_folded() -> None:
    picture = await picture_of("finished")
    key, step = next((key, step) for key, step in picture.view.steps.items() if step.kind == "survey-batch")
    failed = StepFailed(picture.now, step.agent, key[0], 9_999, step.name, "out of memory")
    lines = WorkBook().lines(replace(picture, view=advance(picture.view, [failed])))
    assert [line.detail for line in lines if line.mark == "FAIL"] == ["out of memory"]


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("modernizer/item-3", "item-3"),
        ("modernizer/item-12-2-1-read", "item-12"),
        ("archaeologist/dig-2", "dig"),
        ("archaeologist/dig", "dig"),
        ("modernizer/commit-layer", ""),
        ("modernizer", ""),
    ],
)
def test_a_line_names_the_conversation_that_it_is_about(line: str, name: str) -> None:
    assert conversation_of(line) == name


async def test_the_agent_at_work_is_the_last_one_that_began_and_has_not_ended() -> None:
    assert at_work((await picture_of("interrupted")).view) is Role.MODERNIZER
    assert at_work((await picture_of("finished")).view) is Role.ORCHESTRATOR


@pytest.mark.parametrize("name", ["judged", "interrupted"])
async def test_what_is_said_event_by_event_is_what_is_said_of_each_moment_alone(name: str) -> None:
    picture, book, view = await picture_of(name), WorkBook(), RunView()
    for event in await recorded_events(name):
        view = advance(view, (event,))
        now = replace(picture, view=view, now=event.time)
        assert book.lines(now) == WorkBook().lines(now)
        assert book.lines(now, Role) == WorkBook().lines(now, Role)


async def test_a_run_that_is_read_anew_is_not_mixed_with_what_was_read_before() -> None:
    book, again = WorkBook(), await picture_of("interrupted")
    book.lines(await picture_of("finished"), Role)
    assert book.lines(again, Role) == WorkBook().lines(again, Role)
