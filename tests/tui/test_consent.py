from __future__ import annotations

import pytest

from archaeologist_tui.consent import ConsentApp
from archaeologist_tui.options import ScreenOptions
from support.screens import shown


@pytest.mark.parametrize(("key", "answer"), [("y", True), ("n", False), ("escape", None), ("ctrl+c", None)])
async def test_a_key_answers_and_leaving_is_no_answer(key: str, answer: bool | None) -> None:
    app = ConsentApp("/home/me/legacy", "pytest -q", ScreenOptions())
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        await pilot.press(key)
    assert app.return_value is answer


async def test_another_key_answers_too() -> None:
    app = ConsentApp("/home/me/legacy", "", ScreenOptions(keys={"consent.yes": "J"}))
    async with app.run_test(size=(60, 18)) as pilot:
        await pilot.pause()
        assert "J runs them, n begins without them" in shown(app)
        await pilot.press("y")
        assert app.return_value is None
        await pilot.press("J")
    assert app.return_value is True
