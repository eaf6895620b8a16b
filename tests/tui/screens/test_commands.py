"""What a run is told by keys, from its own screen and from those above it, and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.controls import Health
from archaeologist.domain.names import PAUSE_APPROVAL, PAUSE_ASKED, PAUSE_BUDGET, PAUSE_SIGNAL, Role
from archaeologist.domain.view import viewed
from archaeologist.pipeline.recordings.controls import RecordedControls
from archaeologist.pipeline.recordings.source import RecordedSource
from archaeologist_tui.screens import following
from archaeologist_tui.screens.command import spoken_to
from archaeologist_tui.screens.run import RunScreen
from archaeologist_tui.terminal import Terminal
from archaeologist_tui.widgets.notice import Notice
from support.recordings import HeldBack, paused, then
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from archaeologist.domain.budget import Budget
    from archaeologist.domain.events import RunLine


class Noting(RecordedControls):
    """Notes what a run is told."""

    def __init__(self) -> None:
        self.told: list[str] = []
        self.looked: list[tuple[str, datetime]] = []
        self.found = Health(web_ui="")

    def health(self) -> Health:
        return self.found

    def see(self, run: RunLine, when: datetime) -> None:
        self.looked.append((run.run_id, when))

    async def revive(self) -> None:
        self.told.append("revive")

    async def pause(self, run: RunLine) -> None:
        self.told.append("pause")

    async def resume(self, run: RunLine) -> RunLine:
        self.told.append("resume")
        return replace(run, workflow_run="second")

    async def cancel(self, run: RunLine, *, force: bool = False) -> None:
        self.told.append("cancel")

    async def raise_budget(self, run: RunLine, limits: Budget) -> None:
        self.told.append("budget")

    async def tell(self, run: RunLine, agent: str, text: str) -> None:
        self.told.append(f"{agent}: {text}")


@pytest.mark.parametrize("above", ["", "t", "v"])
async def test_a_run_at_work_is_told_the_same_from_above(demo_in_the_middle: RecordedSource, above: str) -> None:
    (run,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=run, controls=(controls := Noting())) as pilot:
        await until_shown(pilot, "RUNNING")
        await pilot.press(*above)
        assert "R Start" not in await until_shown(pilot, "p Pause")
        await pilot.press("p")
        await until_shown(pilot, "pauses before its next step; p goes on")
        await pilot.press("x", "n", "x")
        await until_shown(pilot, "Give up run")
        await pilot.press("y")
        await until(pilot, lambda: controls.told == ["pause", "cancel"], "it is told")
        controls.found = Health(worker=False)
        await until_shown(pilot, "R Start")
        await pilot.press("p")
        await until_shown(pilot, "pauses as soon as a worker is there")
        await pilot.press("R")
        await until(pilot, lambda: controls.told[-1] == "revive", "it is told")


async def test_a_run_that_is_to_pause_once_there_is_a_worker_can_be_told_to_go_on(
    demo_in_the_middle: RecordedSource, tmp_path: Path
) -> None:
    told = {"signalName": PAUSE_SIGNAL}
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_SIGNALED", told)
    (run,) = await recording.runs()
    controls = Noting()
    controls.found = Health(worker=False)
    async with screens(recording, run=run, controls=controls) as pilot:
        await until_shown(pilot, "it was told to pause, and does so as soon as a worker is there")
        shown = await until_shown(pilot, "R to start one, p to start one and go on without a pause")
        assert "p Pause" not in shown
        await pilot.press("p")
        await until(pilot, lambda: controls.told == ["resume"], "it is told")


@pytest.mark.parametrize(
    ("reason", "above", "answer"),
    [
        (PAUSE_ASKED, "v", "p goes on"),
        (PAUSE_ASKED, "t", "p goes on"),
        (f"{PAUSE_BUDGET}90 of 80 tokens", "v", "esc goes back to the run, where it is answered"),
        (f"{PAUSE_BUDGET}90 of 80 tokens", "t", "b lets it use more"),
        (f"plan {PAUSE_APPROVAL}: rewrite", "v", "esc goes back to the run, where it is answered"),
    ],
)
async def test_above_a_run_it_is_told_where_its_question_is_answered(
    demo_in_the_middle: RecordedSource, tmp_path: Path, *, reason: str, above: str, answer: str
) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", reason)
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        await until_shown(pilot, "PAUSED")
        notice = pilot.app.screen.query_one(Notice)
        assert notice.has_class("-asks")
        assert not notice.has_class("-trouble")
        await pilot.press(above)
        await until_shown(pilot, answer)


async def test_a_limit_that_is_not_known_here_is_not_raised(demo_in_the_middle: RecordedSource, tmp_path: Path) -> None:
    recording = paused(demo_in_the_middle, tmp_path / "recording", f"{PAUSE_BUDGET}90 of 80 tokens")
    (run,) = await recording.runs()
    async with screens(recording, run=run, controls=(controls := Noting())) as pilot:
        await until_shown(pilot, "b lets it use more")
        await until_shown(pilot, "120 edits")  # it was read, then
        await pilot.press("b")
        told = f"`archaeologist budget {run.run_id}` raises a limit: which one is reached is not known here"
        await until(pilot, lambda: told in [each.message for each in pilot.app._notifications], "it is told")
        assert "budget" not in controls.told


async def test_words_are_for_the_chosen_agent_if_it_is_at_work(demo_in_the_middle: RecordedSource) -> None:
    (run,) = await demo_in_the_middle.runs()
    async with screens(demo_in_the_middle, run=run, controls=(controls := Noting())) as pilot:
        await until_shown(pilot, "RUNNING")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        screen.agents.choose(Role.DOCUMENTER)
        await pilot.press("m")
        await until_shown(pilot, "the documenter is not at work")
        screen.agents.choose(Role.MODERNIZER)
        await pilot.press("m")
        await until_shown(pilot, "What shall the modernizer know?")
        await pilot.press("escape", "m", *"less", "enter")
        await until_shown(pilot, "the modernizer reads it in its next turn")
        assert controls.told == ["modernizer: less"]


def test_a_sub_agent_is_named_with_whom_it_works_for(demo_in_the_middle: RecordedSource) -> None:
    view = viewed(demo_in_the_middle.recorded)
    agents = view.agents
    scout = replace(agents[Role.MODERNIZER], name="scout\x1b", parent="other")
    helped = replace(view, agents={**agents, "sub-1": scout, "other": replace(scout, name="caller")})
    assert spoken_to(helped, Role.MODERNIZER) == "the modernizer"
    assert spoken_to(helped, "nobody") == "the nobody"
    assert spoken_to(helped, "sub-1") == "the scout\\x1b that works for the caller"


@pytest.mark.parametrize("address", ["http://localhost:8233/run", ""])
async def test_the_web_ui_is_opened_where_its_address_is_known(
    demo_in_the_middle: RecordedSource, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (run,) = await demo_in_the_middle.runs()
    controls = Noting()
    controls.found = Health(web_ui=address)
    async with screens(demo_in_the_middle, run=run, controls=controls) as pilot:
        await until_shown(pilot, "RUNNING")
        opened: list[str] = []
        monkeypatch.setattr(pilot.app, "open_url", opened.append)
        await pilot.press("o")
        assert opened == [address] * bool(address)
        assert ("no address of a Temporal Web UI is known" in shown_by(pilot)) is (not address)


@pytest.mark.parametrize("asked", [True, False])
async def test_a_run_that_goes_on_as_another_execution_is_followed_there(
    demo_in_the_middle: RecordedSource, tmp_path: Path, *, asked: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SUCCESSOR_SECONDS", 3_600.0)
    if asked:
        recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_CANCELED", {})
    else:
        recording = paused(demo_in_the_middle, tmp_path / "recording", PAUSE_ASKED)
    (run,) = await recording.runs()
    async with screens(recording, run=run, controls=(controls := Noting())) as pilot:
        await until_shown(pilot, "p Go on")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        await pilot.press(*("py" if asked else "tp"))
        await until(pilot, lambda: screen.picture.run.workflow_run == "second", "the other one is followed")
        assert controls.told == ["resume"]


class LaterSource(RecordedSource):
    """A recorded run an hour after it ended."""

    def now(self) -> datetime:
        return super().now() + timedelta(hours=1)


class SeenAfterItsEnd(Noting):
    """A person who looked when nothing happened any more."""

    def seen(self, run: RunLine) -> datetime | None:
        return run.ended and run.ended + timedelta(seconds=1)


async def test_who_was_away_while_nothing_happened_is_told_nothing(demo_run: RecordedSource) -> None:
    source = LaterSource(demo_run.folder)
    (run,) = await source.runs()
    async with screens(source, run=run, controls=SeenAfterItsEnd()) as pilot:
        await until_shown(pilot, "✓ DONE")
        await until_shown(pilot, "write the report")
        await pilot.press("M")
        assert "Since you looked" not in shown_by(pilot)


async def test_that_somebody_looks_is_remembered_once_there_is_something_to_see(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "REMEMBER_SECONDS", 0.01)
    source = HeldBack(demo_run.folder)
    (run,) = await source.runs()
    async with screens(source, run=run, controls=(controls := Noting())) as pilot:
        await until_shown(pilot, "reading what has happened")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        screen._remember()
        assert controls.looked == []
        source.let.set()
        await until(pilot, lambda: bool(controls.looked), "it is remembered")
    assert controls.looked[-1] == (run.run_id, demo_run.now())


async def test_a_run_that_goes_on_elsewhere_is_looked_for_among_all_runs_until_it_is_found(
    demo_in_the_middle: RecordedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(following, "SUCCESSOR_SECONDS", 0.01)
    recording = then(demo_in_the_middle, tmp_path / "recording", "WORKFLOW_EXECUTION_CANCELED", {})
    (run,) = await recording.runs()
    answers: list[list[RunLine] | Exception] = [
        [replace(run, workflow_run="second"), replace(run, run_id="other", workflow_run="third")],
        [replace(run, run_id="other", workflow_run="third")],
        ConnectionRefusedError(),
    ]

    async def runs(self: RecordedSource) -> list[RunLine]:
        answer = answers[-1] if len(answers) == 1 else answers.pop()
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr(RecordedSource, "runs", runs)
    async with screens(recording, run=run) as pilot:
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        await until(pilot, lambda: screen.picture.run.workflow_run == "second", "it is followed")


async def test_what_a_run_asks_is_told_once_to_a_person_who_is_elsewhere(
    demo_in_the_middle: RecordedSource, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: told.append(": ".join(alarm)))
    monkeypatch.setattr(Terminal, "set_title", lambda _, title: told.append(title))
    recording = paused(demo_in_the_middle, tmp_path / "recording", f"plan {PAUSE_APPROVAL}: rewrite")
    (run,) = await recording.runs()
    async with screens(recording, run=run) as pilot:
        await until_shown(pilot, "plan waits for you")
        screen = pilot.app.screen
        assert isinstance(screen, RunScreen)
        for _ in range(3):
            screen.advance((), screen.picture)
        await pilot.pause()
        named = f"inventory {run.run_id}"
        assert told == [f"inventory waits for you: run {run.run_id}: the plan: rewrite", f"PAUSED {named}"]
        at_work = viewed(demo_in_the_middle.recorded)
        screen.advance((), replace(screen.picture, view=at_work))
        screen.advance((), screen.picture)
        await pilot.pause()
        assert told[2:] == [f"RUNNING {named}", *told[:2]], "it is asked again"


async def test_the_end_of_a_run_that_had_ended_before_is_not_told(
    demo_run: RecordedSource, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    monkeypatch.setattr(Terminal, "tell", lambda _, *alarm: told.append(": ".join(alarm)))
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "✓ DONE")
        await until_shown(pilot, "write the report")
        assert not told
        assert "the run is done; t shows" not in shown_by(pilot)
