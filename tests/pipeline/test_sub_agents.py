"""A run whose agents have others work for them, as it is read while it goes on, afterwards, and from a recording."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.names import Role
from archaeologist.domain.run import RunState
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.files import opened
from archaeologist.reporting.text import line_of, picture, waiting_line
from archaeologist_tui.widgets.agents import AgentsPane
from support.delegating import BOSS, FEATHER, GARDENER, STONE, Seen, look
from support.embedded import scratch_state
from support.screens import screens, shown_by, until_shown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archaeologist.domain.events import RunEvent


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    folder = tmp_path_factory.mktemp("delegating")
    with scratch_state(folder / "state") as state:
        yield asyncio.run(look(state, folder / "recording.zip"))


def told(events: list[RunEvent]) -> list[str]:
    """Return the lines of a log, without their times."""
    view = viewed(events)
    lines = [line_of(event, view) for event in events]
    return [" ".join(re.sub(r"\d+\.\d s ", "", line.partition(" ")[2]).split()) for line in lines if line]


def test_those_at_work_are_agents_of_their_own_under_their_names(seen: Seen) -> None:
    agents = {name: (agent.name, agent.parent, agent.state) for name, agent in viewed(seen.past).agents.items()}
    assert agents == {
        Role.ORCHESTRATOR: ("orchestrator", "", RunState.RUNNING),
        GARDENER: ("gardener", Role.ORCHESTRATOR, RunState.FAILED),
        BOSS: ("boss", Role.ORCHESTRATOR, RunState.RUNNING),
        STONE: ("weigher", BOSS, RunState.DONE),
        FEATHER: ("weigher", BOSS, RunState.RUNNING),
    }
    (pending,) = seen.pending
    assert (pending.agent, pending.step, pending.state) == (FEATHER, "talk-1", "run")
    words = waiting_line(seen.pending, viewed(seen.past))
    assert words == "still at it: weigher turn 1 (attempt 1 of 20)"


def test_the_screen_shows_each_below_who_began_it(seen: Seen) -> None:
    rows = [row.partition("│")[2].partition("│")[0] for row in seen.shown.splitlines()]
    agents = [re.sub(r" *(\d\d:\d\d)? *$", "", row) for row in rows if row.strip()][:7]
    assert agents == [
        "▸ run  orchestrator   0 steps",
        "  ✗ FAIL gardener",
        "    the roses are dead",
        "  ▸ run  boss         2 steps",
        "    ▸ run  weigher    1 step",
        "      ▸ run  turn 1: work on its task",
        "        ▸ run  weigher: think (turn …",
    ]


def test_what_a_person_says_to_one_is_read_by_that_one_and_the_screen_says_who_it_is(seen: Seen) -> None:
    assert "What shall the weigher that works for the boss know?" in " ".join(seen.prompt.split())
    assert seen.heard == [("weigh a feather", "The person who runs this says: mind the wind")]
    assert seen.refused == f"the {STONE} is not at work now; at work: orchestrator, {BOSS}, {FEATHER}"


def test_what_they_do_is_told_as_that_of_all_others(seen: Seen) -> None:
    lines = told(seen.events)
    assert "boss run boss: weigh both" in lines
    assert 'weigher run boss: weigher(brief="weigh a stone")' in lines
    assert 'weigher ok weigher: weigh(thing="stone")' in lines
    (again,) = [line for line in lines if "attempt 2" in line]
    assert again.startswith("weigher run turn 1, attempt 2 after: ")
    assert "refused with status 503" in again
    *_, gardener, boss, first, second = picture(seen.line, viewed(seen.events)).splitlines()
    assert gardener == "  gardener      failed    1 of 1 steps done; the roses are dead"
    assert boss == "  boss          done      3 of 3 steps done"
    assert {first, second} == {f"    weigher       done      {steps} of {steps} steps done" for steps in (3, 4)}


def test_one_that_a_newer_version_brought_is_called_by_its_type(seen: Seen) -> None:
    assert [line for line in told(seen.events) if line.startswith("gardener")] == [
        "gardener run at work",
        "gardener ok water the roses",
        "gardener FAIL failed the roses are dead",
    ]


def test_events_of_all_come_in_the_order_of_time(seen: Seen) -> None:
    times = [event.time for event in seen.events]
    assert times == sorted(times)


def test_what_they_spend_counts_once(seen: Seen) -> None:
    assert viewed(seen.events).spent.turns == 6


def test_a_recording_tells_the_same(seen: Seen) -> None:
    with opened(seen.recording) as recorded:
        there, here = viewed(recorded.recorded), viewed(seen.events)
        assert there.agents == here.agents
        assert there.spent == here.spent
        assert told(list(recorded.recorded)) == told(seen.events)
        assert {path.stem for path in recorded.folder.glob("*.json")} == {
            "orchestrator",
            "gardener",
            "durable-agent",
            "durable-agent-2",
            "durable-agent-3",
        }


async def test_the_conversation_of_one_is_read_by_choosing_it(seen: Seen) -> None:
    with opened(seen.recording) as recorded:
        (line,) = await recorded.runs()
        async with screens(recorded, run=line, size=(130, 30)) as pilot:
            await until_shown(pilot, "gardener")
            assert "boss         3 steps" not in shown_by(pilot)
            await pilot.press("enter")
            await until_shown(pilot, "boss         3 steps")
            await pilot.press("j", "j", "enter")
            await until_shown(pilot, "weigher    4 steps")
            pilot.app.screen.query_one(AgentsPane).choose(STONE)
            await pilot.press("5")
            chat = await until_shown(pilot, "a stone weighs 5 kg")
            assert "weigher  scripted-" in chat
            assert 'weigh(thing="stone")' in chat
