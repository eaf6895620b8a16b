from __future__ import annotations

import pytest

from archaeologist.domain.names import Role
from archaeologist.review.model import LeftPlace
from archaeologist_tui.widgets.left_pane import LeftPane, paragraphs
from support.panes import PaneApp
from support.screens import shown


def left(path: str, line: int, reason: str, rule: str = "AR001") -> LeftPlace:
    return LeftPlace(path, line, rule, "code", reason, Role.MODERNIZER)


async def test_reasons_are_told_once_with_their_places_inside() -> None:
    pane = LeftPane()
    app = PaneApp(pane)
    async with app.run_test(size=(60, 20)) as pilot:
        pane.set_places(
            [left("a.py", 3, "may be a tuple"), left("b.py", 0, "is a test", ""), left("c.py", 9, "may be a tuple")]
        )
        await pilot.pause()
        lines = [line.strip() for line in shown(app).splitlines() if line.strip()]
        assert lines == ["▾ AR001 may be a tuple  2 places", "a.py:3", "c.py:9", "▾ is a test  1 file", "b.py"]
        assert pane.border_title == "3 Left alone: 2 places and 1 file"


@pytest.mark.parametrize(("number", "opened"), [(4, True), (5, False)])
def test_a_few_places_of_a_reason_are_listed_without_being_asked_for(number: int, *, opened: bool) -> None:
    (reason,) = paragraphs([left("a.py", line + 1, "may be a tuple") for line in range(number)])
    assert reason.opened is opened
    assert len(reason.inside) == number


async def test_the_current_place_is_known_and_that_of_a_reason_is_its_first() -> None:
    pane = LeftPane()
    async with PaneApp(pane).run_test(size=(60, 20)) as pilot:
        assert pane.place is None
        places = [left("a.py", 3, "one"), left("b.py", 4, "one"), left("c.py", 5, "two")]
        pane.set_places(places)
        pane.focus()
        seen = list[LeftPlace | None]()
        for _ in range(5):
            await pilot.pause()
            seen.append(pane.place)
            await pilot.press("j")
        assert seen == [places[0], places[0], places[1], places[2], places[2]]


async def test_several_findings_of_a_line_are_one_place_and_what_is_hidden_is_shown() -> None:
    pane = LeftPane()
    app = PaneApp(pane)
    async with app.run_test(size=(60, 20)) as pilot:
        pane.set_places([left("a\x1b[2J.py", 3, "one [red]"), left("a\x1b[2J.py", 3, "one [red]")])
        await pilot.pause()
        text = shown(app)
        assert text.count("a\\x1b[2J.py:3") == 1
        assert "one [red]  2 places" in text


async def test_twenty_thousand_places_are_taken_in_at_once() -> None:
    pane = LeftPane()
    async with PaneApp(pane).run_test(size=(60, 20)):
        places = [left(f"m{number % 900}.py", number + 1, f"reason {number % 60}") for number in range(20_000)]
        pane.set_places(places)
        assert "20,000 places" in str(pane.border_title)
