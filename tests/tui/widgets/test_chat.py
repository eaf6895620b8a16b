from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import Decided, PendingStep, RunPaused, StepEnded, StepScheduled
from archaeologist.domain.names import Role, Step
from archaeologist.domain.view import advance, viewed
from archaeologist_tui.widgets.chat import ChatPane, Read
from support.panes import RECORDED, PaneApp, picture_at, recorded

if TYPE_CHECKING:
    from collections.abc import Callable

    from textual.pilot import Pilot

    from archaeologist.domain.events import RunEvent
    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.picture import Picture


def screen(pane: ChatPane) -> list[str]:
    outline = pane.outline
    return [line for y in range(outline.size.height) if (line := outline.render_line(y).text.rstrip())]


async def shown(pilot: Pilot[None], pane: ChatPane, picture: Picture) -> None:
    pane.show(picture)
    await settled(pilot, pane)


async def settled(pilot: Pilot[None], pane: ChatPane) -> None:
    await pilot.pause()
    while pane.is_behind:
        await pilot.pause()
    await pilot.pause()


async def test_the_last_conversation_is_shown_first_and_others_can_be_gone_to(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, await picture_at(demo_run))
        assert [row.content.plain.split("  ")[1].split(":")[0].strip() for row in pane.talks.rows] == [
            "item 1 of 3",
            "item 2 of 3",
            "item 3 of 3",
        ]
        assert "stockroom/reports.py" in pane.headline().plain
        assert screen(pane)[-1].strip().startswith("✓ ok   commit: Use f-strings in stockroom/reports.py")
        pane.focus()
        await pilot.press("less_than_sign", "less_than_sign")
        await settled(pilot, pane)
        assert "stockroom/models.py" in pane.headline().plain
        refused = [line for line in screen(pane) if "✗ FAIL" in line]
        assert len(refused) == 1
        assert "rewrite_function(" in refused[0]


async def test_prompt_brief_and_calls_are_folded_until_somebody_wants_them(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, await picture_at(demo_run))
        pane.focus()
        await pilot.press("g")
        assert [line.split()[1] for line in screen(pane)[:5] if line.startswith("▸")] == ["prompt", "brief"]
        before = pane.outline.layout_of_entries.height
        await pilot.press("enter")
        assert pane.outline.layout_of_entries.height > before + 20
        await pilot.press("enter")
        pane.outline.choose("modernizer.item-3.1.call.0")
        await pilot.press("enter")
        lines = [line.split() for line in screen(pane)]
        assert ["path", "stockroom/reports.py"] in lines
        assert any(line[:1] == ["result"] for line in lines)


async def test_what_a_model_is_writing_is_shown_as_it_comes(demo_in_the_middle: RecordedSource) -> None:
    picture = await picture_at(demo_in_the_middle)
    (pending,) = [each for each in picture.pending if each.agent is Role.MODERNIZER]
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, replace(picture, pending=(replace(pending, writes="I look at"),)))
        assert screen(pane)[-1].strip() == "scripted-model writes: I look at ..."
        pane.show(replace(picture, pending=(replace(pending, writes="I look at the [b]file[/b]"),)))
        assert screen(pane)[-1].strip() == "scripted-model writes: I look at the [b]file[/b] ..."
        pane.show(replace(picture, pending=()))
        assert "writes" not in screen(pane)[-1]


async def test_a_conversation_that_goes_on_is_followed_until_somebody_reads_it(
    demo_in_the_middle: RecordedSource, demo_run: RecordedSource
) -> None:
    async with PaneApp(pane := ChatPane()).run_test(size=(100, 16)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, await picture_at(demo_in_the_middle))
        pane.focus()
        await pilot.press("g")
        assert pane.headline().plain.startswith("follow is off, f goes on")
        first = screen(pane)[0]
        await shown(pilot, pane, await picture_at(demo_run, ends_of_turn("item-1-2")))
        assert screen(pane)[0] == first
        await pilot.press("f")
        await settled(pilot, pane)
        assert pane.headline().plain.startswith("modernizer")
        assert pane.outline.is_vertical_scroll_end


def ends_of_turn(name: str) -> Callable[[RunEvent], bool]:
    return lambda event: isinstance(event, StepEnded) and event.step == name


async def test_a_turn_that_is_tried_again_says_why(demo_in_the_middle: RecordedSource) -> None:
    picture = await picture_at(demo_in_the_middle)
    (pending,) = [each for each in picture.pending if each.agent is Role.MODERNIZER]
    again = replace(pending, writes="", attempt=2, attempts=5, last_failure="no answer in 60 s (hint: wait)")
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, replace(picture, pending=(again,)))
        assert screen(pane)[-1].strip() == "attempt 2 of 5; the last one: no answer in 60 s"


async def test_a_turn_runs_as_soon_as_the_server_says_so(demo_run: RecordedSource) -> None:
    asked = lambda event: isinstance(event, StepScheduled) and event.step == "item-1-2"  # noqa: E731
    picture = await picture_at(demo_run, asked)
    flying = PendingStep(Role.MODERNIZER, "item-1-2", Step.THINK, 1, "run", "", None)
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, picture)
        assert screen(pane)[-1].split()[1:] == ["wait", "turn", "2"]
        await shown(pilot, pane, replace(picture, pending=(flying,)))
        assert screen(pane)[-1].split()[1:] == ["run", "turn", "2"]


async def test_words_are_found_also_in_what_is_folded(demo_run: RecordedSource) -> None:
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, await picture_at(demo_run))
        everything = len(pane.outline.layout_of_entries.shown)
        pane.focus()
        await pilot.press("slash")
        pane.searching.value = "legacy python"
        await pilot.press("enter", "n")
        assert len(pane.outline.layout_of_entries.shown) == everything
        assert pane.outline.entry is not None
        assert pane.outline.entry.key.endswith(".system")


async def test_an_agent_without_a_model_says_what_it_does_by_rules() -> None:
    _, picture = await recorded(RECORDED / "finished")
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, picture)
        assert pane.headline().plain == "modernizer  works by rules alone: no model is asked"
        assert any("commit: Drop the base class object" in line for line in screen(pane))


async def test_a_recording_without_artefacts_says_what_is_missing() -> None:
    _, picture = await recorded(RECORDED / "judged")
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, picture)
        pane.focus()
        await pilot.press("g")
        assert screen(pane)[0].strip().startswith("what was said is not here: artefact")


@pytest.mark.parametrize("size", [(60, 18), (200, 50)])
async def test_it_fits(size: tuple[int, int], demo_run: RecordedSource) -> None:
    async with PaneApp(pane := ChatPane()).run_test(size=size) as pilot:
        pane.choose(Role.DOCUMENTER)
        await shown(pilot, pane, await picture_at(demo_run))
        assert all(len(line) < size[0] for line in screen(pane))
        assert pane.outline.size.height > size[1] // 2


async def test_what_was_read_of_an_agent_that_nobody_wants_to_see_any_more_is_not_shown(
    demo_run: RecordedSource,
) -> None:
    taken: list[str] = []
    begun, may_end = threading.Event(), threading.Event()

    class Watched(ChatPane):
        def reading(self, picture: Picture) -> Callable[[], Read]:
            read = super().reading(picture)

            def slowly() -> Read:
                begun.set()
                assert may_end.wait(20)
                return read()

            return slowly

        def take(self, read: Read) -> None:
            taken.append(read.talk.agent if read.talk else Role.ORCHESTRATOR)
            super().take(read)

    async with PaneApp(pane := Watched()).run_test(size=(100, 30)) as pilot:
        pane.show(await picture_at(demo_run))
        assert await asyncio.to_thread(begun.wait, 20)
        pane.choose(Role.DOCUMENTER)
        may_end.set()
        await settled(pilot, pane)
        assert taken == [Role.DOCUMENTER]


async def test_a_refusal_of_a_person_stands_in_the_conversation_that_asked(demo_run: RecordedSource) -> None:
    before = await picture_at(demo_run, lambda event: getattr(event, "step", "").startswith("item-3-commit"))
    reason = "item-3 waits for an approval: commit Use f-strings"
    events = [
        RunPaused(before.now, Role.MODERNIZER, "second", 9_998, reason),
        RunPaused(before.now, Role.ORCHESTRATOR, "first", 9_998, reason),
        Decided(before.now, Role.ORCHESTRATOR, "first", 9_999, "", granted=False, reason="too clever"),
    ]
    async with PaneApp(pane := ChatPane()).run_test(size=(120, 40)) as pilot:
        pane.choose(Role.MODERNIZER)
        await shown(pilot, pane, replace(before, view=advance(before.view, events)))
        assert any("a person" in line and "refused it: too clever" in line for line in screen(pane))
        assert "given up: a person said no: too clever" in pane.talks.rows[-1].content.plain


async def test_what_was_decided_is_read_from_histories(demo_run: RecordedSource) -> None:
    decisions = viewed(demo_run.recorded).decisions
    assert {name: decided.granted for name, decided in decisions.items()} == {(Role.ORCHESTRATOR, "plan"): True}
