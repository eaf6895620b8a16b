from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.domain.agents import AgentView
from archaeologist.domain.events import StepEnded, StepScheduled
from archaeologist.domain.names import Role, Step
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.review.conversations import talks_of
from archaeologist.review.items import items_of
from support.panes import NOON, step

if TYPE_CHECKING:
    from archaeologist.domain.events import RunEvent
    from archaeologist.domain.view import RunView
    from archaeologist.pipeline.recordings.source import RecordedSource


def until(source: RecordedSource, kind: type[RunEvent], name: str) -> RunView:
    """The view just after something happened to a step of the modernizer."""
    place = next(
        place
        for place, event in enumerate(source.recorded)
        if isinstance(event, kind) and event.agent is Role.MODERNIZER and getattr(event, "step", "") == name
    )
    return viewed(source.recorded[: place + 1])


def test_work_items_stand_where_their_conversations_do(demo_run: RecordedSource) -> None:
    assert items_of(viewed([]), Role.MODERNIZER).stands == ()
    chosen = until(demo_run, StepEnded, "choose-items")
    assert [stand.words for stand in items_of(chosen, Role.MODERNIZER).stands] == [
        "waits for its turn",
        "waits for item 1",
        "waits for item 2",
    ]
    assert items_of(chosen, Role.MODERNIZER).beyond == 1
    talking = items_of(until(demo_run, StepScheduled, "item-1-2"), Role.MODERNIZER).stands
    assert [(stand.mark, stand.words) for stand in talking][:2] == [
        ("run", "at work, turn 2"),
        ("wait", "waits for item 1"),
    ]
    said = items_of(until(demo_run, StepEnded, "item-1-4"), Role.MODERNIZER).stands
    assert (said[0].mark, said[0].words) == ("wait", "said all; waits to be checked and committed")
    done = items_of(viewed(demo_run.recorded), Role.MODERNIZER).stands
    assert [(stand.mark, stand.words.split(" ")[0]) for stand in done] == [
        ("ok", "committed"),
        ("ok", "left"),
        ("ok", "committed"),
    ]


def item(number: int, name: str, kind: Step, **result: object) -> list[RunEvent]:
    return step(number, name, kind, result=dict(result))


def test_items_that_came_to_nothing_say_why() -> None:
    lines = [{"kind": "AR001", "title": f"{n}.py"} for n in range(1, 5)]
    events = [
        *item(1, "choose-items", Step.CHOOSE_ITEMS, items="", lines=lines, beyond=0),
        *item(2, "item-1-open", Step.OPEN_CONVERSATION),
        *item(3, "item-1-1", Step.THINK, given_up="the conversation is too long", calls=[], spent={}),
        *item(4, "item-2-open", Step.OPEN_CONVERSATION),
        *item(5, "item-2-1", Step.THINK, answer="a" * 64, calls=[], spent={}),
        *item(6, "item-2-draft-1", Step.DRAFT_ITEM, refused="it does not parse", left_alone="", commit=""),
        *item(7, "item-4-open", Step.OPEN_CONVERSATION),
        *item(8, "item-4-1", Step.THINK, answer="a" * 64, calls=[], spent={}),
        *item(9, "item-4-draft-1", Step.DRAFT_ITEM, refused="", left_alone="it is right", commit=""),
    ]
    assert [(stand.mark, stand.words) for stand in items_of(viewed(events), Role.MODERNIZER).stands] == [
        ("skip", "given up: the conversation is too long"),
        ("skip", "given up: it does not parse"),
        ("skip", "not begun: others of its kind came to nothing"),
        ("ok", "left alone: it is right"),
    ]


def test_an_item_whose_draft_was_no_commit_says_who_was_against_it() -> None:
    lines = [{"kind": "AR001", "title": f"{n}.py"} for n in range(1, 4)]
    events = [*item(1, "choose-items", Step.CHOOSE_ITEMS, items="", lines=lines, beyond=0)]
    for number, worse in ((1, True), (2, False)):
        events += [
            *item(number * 9, f"item-{number}-1", Step.THINK, answer="a" * 64, calls=[], spent={}),
            *item(
                number * 9 + 1,
                f"item-{number}-draft-1",
                Step.DRAFT_ITEM,
                refused="",
                left_alone="",
                commit="c",
                edits=1,
            ),
            *item(number * 9 + 2, f"item-{number}-item-tests-1", Step.RUN_TESTS, worse=worse, problem=""),
        ]
    events += item(99, "item-3-draft-1", Step.DRAFT_ITEM, refused="", left_alone="", commit="c", edits=1)
    events += item(100, "item-3-1", Step.THINK, answer="a" * 64, calls=[], spent={})
    stands = items_of(viewed(events), Role.MODERNIZER).stands
    assert [(stand.left, stand.words) for stand in stands] == [
        ("given-up", "given up: tests that passed before fail with it"),
        ("given-up", "given up: a person said no"),
        ("", "said all; waits to be checked and committed"),
    ]


def test_only_an_agent_that_is_done_has_settled_all_items() -> None:
    lines = [{"kind": "AR001", "title": "1.py"}]
    view = viewed(item(1, "choose-items", Step.CHOOSE_ITEMS, items="", lines=lines, beyond=0))
    for state, words in ((RunState.DONE, "not begun"), (RunState.CANCELLED, "waits")):
        ended = replace(view, agents={Role.MODERNIZER: AgentView(Role.MODERNIZER, Role.MODERNIZER, state, NOON)})
        assert items_of(ended, Role.MODERNIZER).stands[0].words.startswith(words)


def test_the_conversation_of_an_item_that_came_to_nothing_goes_on_no_more() -> None:
    events = [
        *item(1, "item-1-1", Step.THINK, answer="a" * 64, calls=[], spent={}),
        *item(2, "item-1-draft-1", Step.DRAFT_ITEM, refused="it does not parse", left_alone="", commit=""),
    ]
    view = viewed(events)
    assert [(talk.mark, talk.outcome) for talk in talks_of(view, Role.MODERNIZER)] == [("wait", "")]
    done = AgentView(Role.MODERNIZER, Role.MODERNIZER, RunState.DONE, NOON)
    over = replace(view, agents={Role.MODERNIZER: done})
    assert [(talk.mark, talk.outcome) for talk in talks_of(over, Role.MODERNIZER)] == [
        ("skip", "given up: it does not parse")
    ]
