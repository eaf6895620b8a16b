from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from archaeologist_tui.options import ScreenOptions
from archaeologist_tui.screens.help import groups
from archaeologist_tui.widgets.key_line import KeyLine
from support.screens import screens, shown_by, until, until_shown

if TYPE_CHECKING:
    from textual.pilot import Pilot

    from archaeologist.pipeline.recordings.source import RecordedSource
    from archaeologist_tui.app import Left


def keys(pilot: Pilot[Left]) -> str:
    """Return the last line."""
    return shown_by(pilot).splitlines()[-1].strip()


async def test_the_keys_of_the_focused_pane_come_before_those_of_its_screen(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "DONE")
        assert keys(pilot).startswith("⏎ Open  q Leave")
        await pilot.press("2")
        await until_shown(pilot, "! Failures")
        assert keys(pilot).startswith("⏎ Open  / Filter  f Follow  ! Failures  q Leave")


@pytest.mark.parametrize("width", [60, 80, 120])
async def test_keys_are_shown_whole_and_help_is_always_there(demo_run: RecordedSource, width: int) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run, size=(width, 24)) as pilot:
        await until_shown(pilot, "DONE")
        assert keys(pilot).endswith("? Help  ^p Palette")
        assert "…" not in keys(pilot)


@pytest.mark.parametrize(("way", "offered"), [("", "Pause"), ("2", "Follow"), ("v", "Look first")])
async def test_what_keys_do_stays_where_it_is_whichever_keys_are_changed(
    demo_in_the_middle: RecordedSource, way: str, offered: str
) -> None:
    (run,) = await demo_in_the_middle.runs()
    lines, helps = set(), []
    for others in ({}, {"log.follow": "F", "run.report": "T", "run.pause": "P", "branch.weak": "W", "app.help": "f1"}):
        async with screens(demo_in_the_middle, run=run, size=(160, 24), options=ScreenOptions(keys=others)) as pilot:
            await until_shown(pilot, "Pause")
            await pilot.press(*way)
            await until(pilot, lambda: offered in keys(pilot), f"{offered} is offered")
            lines.add(re.sub(r"\S+ (?=[A-Z])| {3,}", "", keys(pilot)))
            helps.append([[words for _, words in rows] for rows in groups(pilot.app.screen).values()])
    assert len(lines) == 1
    assert helps[0] == helps[1]


@pytest.mark.parametrize("way", ["", "4", "v"])
async def test_where_words_are_typed_only_keys_are_offered_that_are_no_letters(
    demo_run: RecordedSource, way: str
) -> None:
    run = (await demo_run.runs())[0] if way else None
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "DONE" if way else "inventory")
        await pilot.press(*way)
        await until_shown(pilot, "/ Filter")
        await pilot.press("slash", *"+/-")
        assert keys(pilot).split() == ["esc", "Forget", "^p", "Palette"]
        assert "+/-" in shown_by(pilot)


async def test_a_click_on_a_key_presses_it(demo_run: RecordedSource) -> None:
    (run,) = await demo_run.runs()
    async with screens(demo_run, run=run) as pilot:
        await until_shown(pilot, "DONE")
        await pilot.click(KeyLine, offset=(keys(pilot).index("t Report") + 3, 0))
        await until_shown(pilot, "Modernized for Python")
