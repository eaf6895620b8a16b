"""The pane of the agents: what went wrong is seen at every size."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archaeologist.domain.events import PendingStep, StepScheduled
from archaeologist.domain.names import Role
from archaeologist_tui.widgets.agents import AgentsPane
from support.panes import PaneApp
from support.pictures import picture_of
from support.screens import shown_by

if TYPE_CHECKING:
    from archaeologist_tui.picture import Picture

FAILURE = "no connection to http://127.0.0.1:9/v1: connect call failed"


@pytest.fixture
async def failing() -> Picture:
    picture = await picture_of("judged", lambda e: isinstance(e, StepScheduled) and e.step == "dig-2")
    again = picture.now + timedelta(seconds=8)
    step = PendingStep(Role.ARCHAEOLOGIST, "dig-2", "think", 4, "wait", FAILURE, None, "", 20, again)
    return replace(picture, pending=(step,))


@pytest.mark.parametrize("size", [(32, 4), (34, 25), (58, 3), (64, 66), (200, 20)])
async def test_a_step_that_fails_tells_attempt_next_attempt_and_error_at_every_size(
    failing: Picture, size: tuple[int, int]
) -> None:
    async with PaneApp(AgentsPane()).run_test(size=size) as pilot:
        pane = pilot.app.query_one(AgentsPane)
        pane.show(failing)
        await pilot.pause()
        shown = shown_by(pilot)
        assert "✗ FAIL" in shown
        assert "attempt 4 of 20 in 8 s" in shown
        assert "no connection to" in shown


async def test_a_pane_is_not_led_away_from_where_a_person_has_gone(failing: Picture) -> None:
    async with PaneApp(AgentsPane()).run_test(size=(34, 4)) as pilot:
        pane = pilot.app.query_one(AgentsPane)
        pane.show(failing)
        await pilot.pause()
        assert "orchestrator" not in shown_by(pilot)
        pane.focus()
        await pilot.press("j", "k")
        pane.show(replace(failing, now=failing.now + timedelta(seconds=1)))
        await pilot.pause()
        assert "orchestrator" in shown_by(pilot)


async def test_keys_go_over_the_further_rows_of_a_line_and_a_click_on_one_is_about_the_line(failing: Picture) -> None:
    async with PaneApp(AgentsPane()).run_test(size=(34, 20)) as pilot:
        pane = pilot.app.query_one(AgentsPane)
        pane.show(failing)
        pane.focus()
        line = f"{Role.ARCHAEOLOGIST}/dig-2"
        pane.choose(line)
        await pilot.click(pane, offset=(8, pane.current + 1))
        assert pane.key != line
        assert (pane.work, pane.agent) == (line, Role.ARCHAEOLOGIST)
        await pilot.press("j")
        assert pane.key == Role.MODERNIZER
        await pilot.press("k")
        assert pane.key == line
