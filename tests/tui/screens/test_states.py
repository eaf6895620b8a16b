"""The states of a run as its screen tells them: what is wrong, what is asked, and which keys answer."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.budget import Budget
from archaeologist.domain.controls import Health
from archaeologist.domain.events import AgentStarted
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, Role
from archaeologist.domain.run import RunState
from archaeologist.pipeline.controls import LiveControls
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist.pipeline.source import LiveSource
from archaeologist.temporal.connection import connect
from archaeologist.temporal.plugin import plugin
from archaeologist.temporal.settings import ServerSettings
from archaeologist_tui.screens import telling
from archaeologist_tui.screens.report import ReportScreen
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.terminal import Terminal
from archaeologist_tui.widgets.tabs import Tabs
from support.embedded import scratch_state
from support.recordings import paused, then
from support.screens import screens, until, until_shown

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from archaeologist.domain.events import RunEvent, RunLine


class Deciding(RecordedControls):
    """Remembers what was decided."""

    def __init__(self) -> None:
        self.decisions: list[tuple[str, str | None]] = []

    async def decide(self, run: RunLine, deny: str | None, question: str = "") -> str:
        assert run.state.is_open
        self.decisions.append((question, deny))
        return question


class Slow(RecordedControls):
    """Takes its time to decide."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    async def decide(self, run: RunLine, deny: str | None, question: str = "") -> str:
        await self.go_on.wait()
        return question


class Raising(RecordedControls):
    """Remembers to what a budget was raised."""

    def __init__(self) -> None:
        self.limits: list[Budget] = []

    async def raise_budget(self, run: RunLine, limits: Budget) -> None:
        """Remember it."""
        self.limits.append(limits)


@dataclass(frozen=True)
class Poor(RecordedSource):
    """A recorded run that had less to spend."""

    usd: float | None = 0.005
    seconds: float | None = None

    async def events(
        self, run: RunLine, *, follow: bool, caught_up: asyncio.Event | None = None
    ) -> AsyncIterator[RunEvent]:
        """Yield everything, with no more than that to spend in all."""
        async for event in super().events(run, follow=follow, caught_up=caught_up):
            if isinstance(event, AgentStarted) and event.agent == Role.ORCHESTRATOR:
                judgement = {**event.order["judgement"], "budget": {"usd": self.usd, "seconds": self.seconds}}
                yield replace(event, order={**event.order, "judgement": judgement})
            else:
                yield event


async def test_a_budget_is_raised_to_a_round_amount_that_a_person_may_change(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    recording = Poor(paused(demo_in_the_middle, tmp_path / "recording", f"{PAUSE_BUDGET}$0.01 of $0.00").folder)
    (run,) = await recording.runs()
    controls = Raising()
    async with screens(recording, run=run, controls=controls) as pilot:
        await until_shown(pilot, "b lets it use more")
        await until_shown(pilot, "$0.01 of $0.01")
        await pilot.press("b")
        asked = await until_shown(pilot, "New limit, in US dollars:")
        assert "use more? Spent: $0.01" in asked
        assert "0.02" in asked
        await pilot.press("enter")
        await until_shown(pilot, "the limit is $0.02 now")
        await pilot.press("b")
        await until_shown(pilot, "New limit, in")
        await pilot.press("ctrl+u", *"0.001", "enter")
        await until_shown(pilot, "$0.01 of $0.00 are spent already")
        await pilot.press("ctrl+u", *"1.5", "enter")
        await until_shown(pilot, "the limit is $1.50 now")
    assert controls.limits == [Budget(usd=0.02), Budget(usd=1.5)]


async def test_a_limit_of_time_is_raised_too(demo_in_the_middle: RecordedSource, tmp_path: Path) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", f"{PAUSE_BUDGET}61 of 60 seconds")
    source, controls = Poor(recording.folder, usd=None, seconds=60.0), Raising()
    (run,) = await source.runs()
    async with screens(source, run=run, controls=controls) as pilot:
        assert "61 of 60 seconds" in await until_shown(pilot, "item 1 of 3")
        await pilot.press("b")
        asked = await until_shown(pilot, "New limit, in seconds:")
        assert "use more? Spent: 60 seconds" in asked
        await pilot.press("enter")
        await until_shown(pilot, "the limit is 90 seconds now")
    assert controls.limits == [Budget(seconds=90)]


@pytest.mark.parametrize(
    ("reason", "told", "keys"),
    [
        (PAUSE_ASKED, "the run is paused, as a person asked for it", ("p goes on", "p Go on")),
        (
            f"{PAUSE_BUDGET}90 of 80 tokens",
            "the budget is used up: 90 of 80 tokens",
            ("b lets it use more", "b Budget"),
        ),
        (
            "no room left to write (hint: free some space)",
            "stopped: no room left to write",
            ("hint: free some space", "p tries again", "p Go on"),
        ),
    ],
)
async def test_a_paused_run_says_why_and_which_key_answers(
    demo_in_the_middle: RecordedSource, tmp_path: Path, reason: str, told: str, keys: tuple[str, ...]
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", reason)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        shown = await until_shown(pilot, told)
        assert "? PAUSED" in shown
        assert all(key in shown for key in keys), shown


@pytest.mark.parametrize("above", ["", "t"])
@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("plan waits for an approval: 12 files", "the plan waits for your answer\na allows it, r refuses it"),
        (
            f"{PAUSE_BUDGET}90 of 80 tokens",
            "the budget is used up: 90 of 80 tokens\nb lets it use more, x gives",
        ),
    ],
)
async def test_whoever_makes_a_run_go_on_that_asks_something_is_told_which_keys_answer(
    demo_in_the_middle: RecordedSource, tmp_path: Path, reason: str, told: str, above: str
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", reason)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        assert "Go on" not in await until_shown(pilot, "? PAUSED")
        await pilot.press(*above, "p")
        await until(pilot, lambda: any(told in each.message for each in pilot.app._notifications), "it is told")


async def test_a_failed_run_says_why_and_that_it_can_go_on(demo_in_the_middle: RecordedSource, tmp_path: Path) -> None:
    failure = {"failure": {"message": "the repository is gone", "applicationFailureInfo": {}}}
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_FAILED", failure)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        shown = await until_shown(pilot, "✗ the run failed: the repository is gone")
        assert "✗ FAILED" in shown
        assert "p Go on" in shown
        assert "p goes on with it; t shows the report, v the branch" in shown
        await pilot.press("v")
        above = await until_shown(pilot, "All hunks")
        assert "✗ the run failed: the repository is gone" in above
        assert "goes on with it" not in above
        await pilot.press("escape", "t")
        await until_shown(pilot, "The run failed before it could write its report")


async def test_code_that_fails_over_and_over_is_diagnosed_in_words(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    failure = {"failure": {"message": "Nondeterminism error", "applicationFailureInfo": {}}}
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_TASK_FAILED", failure)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        shown = await until_shown(pilot, "the code of the orchestrator fails: Nondeterminism error")
        assert f"`archaeologist cancel --force {run.run_id}` gives the run up" in shown
        assert "nothing that was done is lost" in shown
        await pilot.press("t")
        above = await until_shown(pilot, "The report is written when the run ends")
        assert "the code of the orchestrator fails" in above
        assert "nothing that was done is lost" not in above


async def test_a_state_directory_without_runs_says_how_to_start_one(tmp_path: Path) -> None:
    with scratch_state(tmp_path / "state") as state:
        client = await connect(ServerSettings(), state, start=True, plugins=[plugin()])
        controls = LiveControls(client, state, ServerSettings())
        async with screens(LiveSource(client, state.artefacts), controls=controls) as pilot:
            await until_shown(pilot, "no runs yet; `archaeologist modernize PATH` starts one")


async def test_an_answer_that_takes_its_time_is_seen_to_be_on_its_way(
    demo_in_the_middle: RecordedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "PATIENT_SECONDS", 0.01)
    recording = paused(demo_in_the_middle, tmp_path / "recording", "plan waits for an approval: 12 files")
    (run,) = await recording.runs()
    async with screens(recording, run=run, controls=(controls := Slow())) as pilot:
        await until_shown(pilot, "plan waits for you")
        await pilot.press("a")
        assert "starting what is gone" not in await until_shown(pilot, "no answer yet; it is waited for")
        controls.go_on.set()
        await until_shown(pilot, "allowed")


async def test_a_question_is_seen_and_answered_above_the_run_too(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", "item-3 waits for an approval: commit Use f-strings")
    (run,) = await recording.runs()
    async with screens(recording, run=run, controls=(controls := Deciding())) as pilot:
        asked = await until_shown(pilot, "item 3 waits for you: commit Use f-strings")
        assert "the diff that would be committed is under 3 Diff" in asked
        await pilot.press("t")
        shown = await until_shown(pilot, "The report is written when the run ends")
        assert "item 3 waits for you: commit Use f-strings" in shown
        assert "a allows it, r refuses it with a reason" in shown
        assert "a Allow  r Refuse" in shown
        assert "under 3 Diff" not in shown
        await pilot.press("r", *"too clever", "enter")
        await until(pilot, lambda: bool(controls.decisions), "the refusal is heard")
        assert controls.decisions.pop() == ("item-3", "too clever")
        await pilot.press("escape", "v")
        shown = await until_shown(pilot, "1 Commits")
        assert "item 3 waits for you: commit Use f-strings" in shown
        assert "esc goes back to the run, where it is answered" in shown
        await pilot.press("a", "escape")
        await until_shown(pilot, "a allows it")
        assert not controls.decisions


async def test_a_person_elsewhere_is_told_of_trouble_that_lasts_and_the_window_says_which_run_it_is(
    demo_in_the_middle: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: told.append(": ".join(alarm)))
    monkeypatch.setattr(Terminal, "set_title", lambda _, title: told.append(title))
    monkeypatch.setattr("archaeologist_tui.reading.alarms.LASTS_SECONDS", 0.0)
    (run,) = await demo_in_the_middle.runs()
    controls = Deciding()
    async with screens(demo_in_the_middle, run=run, controls=controls) as pilot:
        await until(pilot, lambda: f"RUNNING inventory {run.run_id}" in told, "the window is named")
        monkeypatch.setattr(controls, "health", lambda: Health(worker=False))
        await until(pilot, lambda: "cannot go on" in told[-1], "the trouble is told")
        assert told[-1].startswith(f"inventory cannot go on: inventory {run.run_id}: no worker is alive; in flight: ")
        await pilot.press("escape")
        await until(pilot, lambda: "Runs: 1" in told, "the window is renamed")


async def test_a_run_that_was_given_up_goes_on_after_a_question_only(
    demo_in_the_middle: RecordedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_CANCELED", {})
    (run,) = await recording.runs()
    resumed: list[str] = []

    async def resume(line: RunLine) -> RunLine:
        resumed.append(line.run_id)
        return line

    monkeypatch.setattr(controls := Deciding(), "resume", resume)
    async with screens(recording, run=run, controls=controls) as pilot:
        await until_shown(pilot, "- the run was given up")
        await pilot.press("p")
        await until_shown(pilot, f"Run {run.run_id} of /repositories/inventory was given up")
        await pilot.press("n")
        await pilot.press("escape")
        await until_shown(pilot, "Runs: 1")
        await pilot.press("p", "n", "p")
        assert not resumed
        await until_shown(pilot, "was given up")
        await pilot.press("y")
        await until(pilot, lambda: bool(resumed), "it goes on")


async def test_what_is_asked_about_has_room_in_a_small_terminal(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", f"plan {PAUSE_APPROVAL}: rewrite")
    (run,) = await recording.runs()
    async with screens(recording, run=run, size=(60, 18)) as pilot:
        shown = await until_shown(pilot, "phase 2 of 7")
        assert "a allows it" in shown
        assert "1 Agents" in shown
        assert "under 4 Plan" not in shown
        assert "ask  orchestrator" in shown
        await until(pilot, lambda: pilot.app.screen.query_one(Tabs).size.height >= 7, "the tab has room")
        await pilot.resize_terminal(100, 30)
        assert "1 Agents" in await until_shown(pilot, "what would be done is under 4 Plan")


async def test_of_what_is_wrong_a_small_terminal_shows_what_leaves_room_for_the_rest(
    demo_in_the_middle: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = await demo_in_the_middle.runs()
    monkeypatch.setattr(controls := RecordedControls(), "health", lambda: Health(worker=False, logs=("/log", "/more")))
    async with screens(demo_in_the_middle, run=run, controls=controls, size=(60, 18)) as pilot:
        shown = await until_shown(pilot, "no worker is alive")
        assert "log: /log" in shown
        assert "log: /more" not in shown
        await pilot.resize_terminal(100, 30)
        await until_shown(pilot, "log: /more")


async def test_a_run_that_fails_while_somebody_looks_has_a_banner_and_no_message_over_its_log(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    failure = {"failure": {"message": "the repository is gone", "applicationFailureInfo": {}}}
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_FAILED", failure)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        await until_shown(pilot, "✗ the run failed: the repository is gone")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        screen.post_message(RunScreen.Ended(screen.picture))
        await pilot.pause()
        assert not list(pilot.app._notifications)
        done = replace(screen.picture, view=replace(screen.picture.view, state=RunState.DONE))
        screen.post_message(RunScreen.Ended(done))
        await until_shown(pilot, "the run is done; t shows the report, v the branch")


async def test_a_report_is_read_to_its_end_however_often_the_run_is_shown_meanwhile(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "✓ DONE")
        below = pilot.app.screen
        assert isinstance(below, RunScreen)
        report = ReportScreen(below.picture)
        await pilot.app.push_screen(report)
        for _ in range(200):
            report.show(below.picture)
            await asyncio.sleep(0)
        await until_shown(pilot, "Modernized for Python")
