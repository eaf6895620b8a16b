from __future__ import annotations

import threading

import pytest

from archaeologist_tui.consent import ConsentApp
from archaeologist_tui.options import ScreenOptions
from support.screens import shown, until


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("n", False), ("escape", None), ("ctrl+c", None)])
async def test_a_key_answers_and_leaving_is_no_answer(key: str, answer: bool | None) -> None:
    app = ConsentApp("/home/me/legacy", lambda: "they are run by: pytest -q", ScreenOptions())
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        await pilot.press(key)
    assert app.return_value is answer


async def test_another_key_answers_too() -> None:
    app = ConsentApp("/home/me/legacy", lambda: "", ScreenOptions(keys={"consent.yes": "J"}))
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        assert "J runs them, n begins without them" in shown(app)
        await pilot.press("y")
        assert app.return_value is None
        await pilot.press("J")
    assert app.return_value is True


async def test_what_would_be_run_and_that_it_is_remembered_is_told_when_it_is_found() -> None:
    found = threading.Event()

    def how() -> str:
        found.wait()
        return "they are run by: python -m pytest"

    app = ConsentApp("/home/me/legacy", how, ScreenOptions())
    async with app.run_test(size=(100, 30)) as pilot:
        await pilot.pause()
        assert "looking how they are run" in shown(app)
        assert "remembered for this repository" in shown(app)
        assert "y Run them  n Not now  esc Leave" in shown(app).splitlines()[-1]
        found.set()
        await until(pilot, lambda: "they are run by: python -m pytest" in shown(app), "it is told")
