from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archaeologist.agents.turns.transcript import Transcripts
from archaeologist.artefacts import ArtefactStore
from archaeologist.domain.events import StepEnded, StepFailed
from archaeologist.domain.names import Role, Step
from archaeologist.domain.table import Table
from archaeologist.domain.view import viewed
from archaeologist.review.conversations import current_talk, talks_of
from archaeologist_tui.reading.transcripts import is_person, told_talk
from support.panes import NOON, step

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource


def test_steps_of_a_conversation_belong_together_in_whichever_execution_they_were(demo_run: RecordedSource) -> None:
    whole = viewed(demo_run.recorded)
    talks = talks_of(whole, Role.MODERNIZER)
    assert [talk.name for talk in talks] == ["item-1", "item-2", "item-3"]
    assert [len(talk.turns) for talk in talks] == [4, 1, 4]
    assert [len(turn.calls) for turn in talks[0].turns] == [4, 1, 1, 0]
    # As if the workflow had continued as new behind the second turn of each.
    steps = {("second" if name[-1] in "34" else run, name): each for (run, name), each in whole.steps.items()}
    again = talks_of(replace(whole, steps=Table.of(steps)), Role.MODERNIZER)
    assert [[turn.number for turn in talk.turns] for talk in again] == [[1, 2, 3, 4], [1], [1, 2, 3, 4]]


def test_how_a_conversation_stands_and_ended(demo_run: RecordedSource) -> None:
    talks = talks_of(viewed(demo_run.recorded), Role.MODERNIZER)
    assert [(talk.mark, talk.outcome.split(" ")[0]) for talk in talks] == [
        ("ok", "committed"),
        ("ok", "left"),
        ("ok", "committed"),
    ]
    assert talks[0].title.startswith("item 1 of 3: stockroom/models.py")
    assert talks[0].spent.turns == 4
    assert talks[0].model.endswith("scripted-model")


def test_the_conversation_that_goes_on_is_the_one_to_be_seen(demo_in_the_middle: RecordedSource) -> None:
    talks = talks_of(viewed(demo_in_the_middle.recorded), Role.MODERNIZER)
    current = current_talk(talks)
    assert current is not None
    assert current.mark == "run"
    assert current.turns[-1].think.state == "run"
    assert current_talk([]) is None


def test_agents_that_have_no_model_have_no_conversations() -> None:
    view = viewed([*step(1, "rewrite-1", Step.GATHER_LAYERS), *step(2, "commit-rewrite-AR001", Step.GATHER_LAYERS)])
    assert talks_of(view, Role.MODERNIZER) == []


def test_what_was_said_is_told_turn_by_turn_with_what_tools_gave_back(demo_run: RecordedSource) -> None:
    store = ArtefactStore(demo_run.data(demo_run.request).artefacts)
    talk = talks_of(viewed(demo_run.recorded), Role.MODERNIZER)[0]
    told = told_talk(Transcripts(store), talk)
    assert told.system.startswith("You are the modernizer")
    assert "rewrite_function" in told.tools
    assert told.brief
    first, second, _third, last = told.turns
    assert first.text.startswith("stockroom/models.py still joins its texts")
    assert [call.mark for call in first.calls] == ["FAIL", "ok", "ok", "ok"]
    assert first.calls[0].result is not None
    assert "not what the edit was made from" in first.calls[0].result
    assert second.calls[0].line == 'rewrite_function(path="stockroom/models.py", qualname="NotEnough.__init__")'
    assert last.calls[0].name == "finish"
    assert all(call.result is not None for turn in told.turns[:3] for call in turn.calls)


def test_words_of_a_person_are_told_before_the_turn_that_heard_them(demo_run: RecordedSource) -> None:
    store = ArtefactStore(demo_run.data(demo_run.request).artefacts)
    view = viewed(demo_run.recorded)
    heard = [
        (talk.key, told.turn.number)
        for role in Role
        for talk in talks_of(view, role)
        for told in told_talk(Transcripts(store), talk).turns
        for text in told.heard
        if is_person(text)
    ]
    assert heard == heard_in_transcripts(store, demo_run)


def heard_in_transcripts(store: ArtefactStore, source: RecordedSource) -> list[tuple[str, int]]:
    """Count turns in the bare transcripts instead."""
    found = []
    for role in Role:
        for talk in talks_of(viewed(source.recorded), role):
            turn = 0
            for message in Transcripts(store).read(talk.head).messages:
                turn += message.role == "assistant"
                if message.role == "user" and is_person(message.content):
                    found.append((talk.key, turn + 1))
    return found


def test_without_artefacts_it_is_known_what_was_done_and_said_what_is_missing(demo_run: RecordedSource) -> None:
    talk = talks_of(viewed(demo_run.recorded), Role.MODERNIZER)[0]
    told = told_talk(Transcripts(ArtefactStore(demo_run.folder / "nowhere")), talk)
    assert "is not in" in told.missing
    assert [len(turn.calls) for turn in told.turns] == [4, 1, 1, 0]
    assert told.turns[0].calls[0].line.startswith("rewrite_function(path=")


def test_of_conversations_side_by_side_the_one_that_goes_on_is_to_be_seen() -> None:
    answered: dict[str, object] = {"answer": "a" * 64, "calls": [], "spent": {}}
    events = [
        *step(1, "item-1-open", Step.OPEN_CONVERSATION),
        *step(2, "item-1-1", Step.THINK, result=answered),
        *step(3, "item-2-open", Step.OPEN_CONVERSATION),
        *step(4, "item-2-1", Step.THINK)[:2],
        *step(5, "item-3-open", Step.OPEN_CONVERSATION),
        *step(6, "item-3-1", Step.THINK, result=answered),
    ]
    talks = talks_of(viewed(events), Role.MODERNIZER)
    current = current_talk(talks)
    assert current is not None
    assert (current.name, [talk.mark for talk in talks]) == ("item-2", ["wait", "run", "wait"])


def test_a_conversation_whose_last_step_failed_has_failed() -> None:
    scheduled, started, _ = step(2, "item-1-1", Step.THINK)
    failed = StepFailed(NOON, Role.MODERNIZER, "first", 9, step="item-1-1", message="no such model")
    events = [*step(1, "item-1-open", Step.OPEN_CONVERSATION), scheduled, started, failed]
    (talk,) = talks_of(viewed(events), Role.MODERNIZER)
    assert talk.mark == "FAIL"


def test_what_a_tool_gave_back_is_told_before_the_model_has_read_it(demo_run: RecordedSource) -> None:
    ends = [isinstance(e, StepEnded) and e.step == "item-1-1-2-rewrite_function" for e in demo_run.recorded]
    view = viewed(demo_run.recorded[: ends.index(True) + 1])
    store = ArtefactStore(demo_run.data(demo_run.request).artefacts)
    (turn,) = told_talk(Transcripts(store), talks_of(view, Role.MODERNIZER)[0]).turns
    assert [call.result is not None for call in turn.calls] == [
        turn.turn.calls[place].state == "ok" if place in turn.turn.calls else False for place in range(4)
    ]
    assert turn.calls[1].result
