from __future__ import annotations

import re
import threading
from typing import TYPE_CHECKING

import pytest

from archaeologist_tui.consent import ConsentApp
from archaeologist_tui.options import ScreenOptions
from support.screens import shown, until

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.mark.parametrize(
    ("key", "answer"), [("y", True), ("n", False), ("escape", None), ("ctrl+c", None), ("q", None)]
)
async def test_a_key_answers_and_leaving_is_no_answer(key: str, answer: bool | None) -> None:
    app = ConsentApp("/home/me/legacy", lambda: "they are run by: pytest -q", ScreenOptions())
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        await pilot.press(key)
    assert app.return_value is answer


@pytest.mark.parametrize("key", ["enter", "space", "ctrl+p"])
async def test_no_key_that_is_pressed_without_reading_answers_or_covers_the_question(key: str) -> None:
    app = ConsentApp("/home/me/legacy", lambda: "", ScreenOptions())
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.press(key)
        await pilot.pause()
        assert app.return_value is None
        assert len(app.screen_stack) == 1
        assert "Begin a run: may its tests be run?" in shown(app)


async def test_all_of_it_can_be_read_in_a_small_window_whatever_it_is_called() -> None:
    app = ConsentApp("/home/me/\x1b[2J", lambda: "they are run by: \x1b[2J", ScreenOptions())
    async with app.run_test(size=(60, 24)) as pilot:
        await until(pilot, lambda: "run by: \\x1b[2J" in shown(app), "it is told")
        words = re.sub(r"[\s▌▐]+", " ", shown(app))
        assert "? Run the tests of /home/me/\\x1b[2J before and after?" in words
        assert (
            "They are the project's own code, and they judge the branch: what passed before has to pass after." in words
        )


@pytest.mark.parametrize(
    ("down", "up"), [("end", "home"), ("G", "g"), ("pagedown", "pageup"), ("j", "k"), ("down", "up")]
)
async def test_what_is_below_the_edge_is_scrolled_to_by_keys(down: str, up: str) -> None:
    app = ConsentApp("/home/me/legacy", lambda: "they are run by: pytest -q", ScreenOptions())
    async with app.run_test(size=(60, 18)) as pilot:
        await until(pilot, lambda: "run by: pytest -q" in shown(app), "it is told")
        assert "later runs do not ask" not in shown(app)
        await pilot.press(*[down] * 10)
        await until(pilot, lambda: "later runs do not ask" in shown(app), "the end is seen")
        assert "n Begin without  esc Begin no run" in shown(app).splitlines()[-1]
        await pilot.press(*[up] * 10)
        await until(pilot, lambda: "? Run the tests of" in shown(app), "the question is seen")
    assert app.return_value is None


async def test_another_key_answers_too() -> None:
    app = ConsentApp("/home/me/legacy", lambda: "", ScreenOptions(keys={"consent.yes": "J"}))
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        assert "J runs them, n begins without them" in shown(app)
        await pilot.press("y")
        assert app.return_value is None
        await pilot.press("J")
    assert app.return_value is True


async def test_a_key_that_two_answers_have_is_told() -> None:
    app = ConsentApp("/home/me/legacy", lambda: "", ScreenOptions(keys={"consent.yes": "n"}))
    async with app.run_test(size=(100, 30), notifications=True) as pilot:
        await pilot.pause()
        (told,) = app._notifications
        assert told.message == "n does consent.yes (Run them), not consent.no (Begin without)"


@pytest.fixture
def found() -> Iterator[threading.Event]:
    """Set when it is found how tests are run, and in the end: a thread that waits for it must not wait for ever."""
    event = threading.Event()
    yield event
    event.set()


async def test_what_would_be_run_and_that_it_is_remembered_is_told_when_it_is_found(found: threading.Event) -> None:
    def how() -> str:
        assert found.wait(timeout=20)
        return "they are run by: python -m pytest"

    app = ConsentApp("/home/me/legacy", how, ScreenOptions())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "looking how they are run" in shown(app)
        assert "remembered for this repository" in shown(app)
        assert "y Run them  n Begin without  esc Begin no run" in shown(app).splitlines()[-1]
        found.set()
        await until(pilot, lambda: "they are run by: python -m pytest" in shown(app), "it is told")
