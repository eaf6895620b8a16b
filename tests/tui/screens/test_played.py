"""A recorded run on the screen: it is said to be one, and a player's keys are there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archaeologist.pipeline.recordings.playback import Playback
from support.clocks import Turned
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from archaeologist.pipeline.recordings.source import RecordedSource


async def test_a_played_run_says_so_and_its_keys_stop_it_step_it_and_end_it(demo_run: RecordedSource) -> None:
    clock = Turned()
    playback = Playback(demo_run, clock=clock)
    (run,) = await playback.runs()
    async with screens(playback, run=run) as pilot:
        assert "p Stop" in await until_shown(pilot, "▸ plays")
        await clock.turn(20)
        shown = await until_shown(pilot, "plan waits for you")
        assert "recorded run" in shown
        assert "at 1x" in shown
        assert "answered when this was recorded; p stops and plays on" in shown
        await pilot.press("v")
        above = await until_shown(pilot, "1 Commits")
        assert "answered when this was recorded" in above
        assert "stops and plays on" not in above
        assert "a Allow" not in above
        await pilot.press("escape", "p")
        assert "p Play" in await until_shown(pilot, "‖ stands still")
        before = playback.now()
        await pilot.press("full_stop")
        await until(pilot, lambda: playback.now() > before, "the next event")
        assert not playback.playing
        await pilot.press("p")
        await until_shown(pilot, "▸ plays")
        await pilot.press("full_stop")
        await until_shown(pilot, "p Play")
        await pilot.press("E")
        done = await until_shown(pilot, "■ at its end")
        assert "100%" in done
        done = await until_shown(pilot, "✓ DONE")
        for word in ("p Stop", "p Play", "+ Faster", "- Slower"):
            assert word not in done
        await pilot.press("v", "escape", "2", "B")
        begun = await until_shown(pilot, "▸ plays")
        assert "B From" not in begun
        await until(pilot, lambda: "write the report" not in shown_by(pilot), "the beginning")
        await clock.turn(20)
        await until_shown(pilot, "plan waits for you")


async def test_the_speed_is_doubled_and_halved_within_limits(demo_run: RecordedSource) -> None:
    playback = Playback(demo_run, clock=Turned())
    (run,) = await playback.runs()
    async with screens(playback, run=run) as pilot:
        await until_shown(pilot, "at 1x")
        await pilot.press("plus", "plus")
        await until_shown(pilot, "at 4x")
        await pilot.press("minus", "minus", "minus")
        await until_shown(pilot, "at 0.5x")
        await pilot.press("minus", "minus", "minus")
        await until_shown(pilot, "at 0.125x")
        playback.set_speed(128)
        await pilot.press("equals_sign", "equals_sign")
        await until_shown(pilot, "at 256x")


async def test_how_much_was_played_is_told_in_a_small_window_too(demo_run: RecordedSource) -> None:
    playback = Playback(demo_run, clock=Turned())
    (run,) = await playback.runs()
    async with screens(playback, run=run, size=(60, 18)) as pilot:
        playback.set_speed(0.125)
        playback.halt()
        await until_shown(pilot, "stands still  at 0.125x")
        assert "   0%" in shown_by(pilot)
        await pilot.press("E")
        await until_shown(pilot, "━  100%")


async def test_no_key_is_offered_that_would_tell_a_recorded_run_something(demo_run: RecordedSource) -> None:
    clock = Turned()
    playback = Playback(demo_run, clock=clock)
    (run,) = await playback.runs()
    async with screens(playback, run=run) as pilot:
        await clock.turn(20)
        asked = await until_shown(pilot, "plan waits for you")
        assert "answered when this was recorded; p stops and plays on" in asked
        footer = asked.splitlines()[-1]
        assert "p Stop" in footer
        assert "Allow" not in footer
        assert "Refuse" not in footer
        await pilot.press("question_mark")
        keys = await until_shown(pilot, "Let the recording stand still")
        for words in ("Say something to", "Give the run up", "Temporal Web UI", "what the run waits for"):
            assert words not in keys


async def test_a_run_that_is_not_played_has_no_player(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        shown = await until_shown(pilot, "✓ DONE")
        assert "recorded run" not in shown
