"""Short questions: what is given back, whichever way they are left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from textual.app import App

from archaeologist_tui.screens.prompt import Confirm, TextPrompt
from support.screens import shown_by

if TYPE_CHECKING:
    from textual.pilot import Pilot


async def asked(pilot: Pilot[None], prompt: TextPrompt | Confirm, *keys: str) -> list[str | bool | None]:
    """Return what a question gave back, as a list that is empty when it gave nothing."""
    answers: list[str | bool | None] = []
    await pilot.app.push_screen(prompt, answers.append)
    await pilot.pause()
    assert "the [b]item[/b]?" in shown_by(pilot)
    for key in keys:
        await pilot.press(key)
    return answers


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (("enter",), ["too clever"]),
        (("ctrl+u", *" no  ", "enter"), ["no"]),
        (("ctrl+u", "enter"), [None]),
        (("ctrl+u", "space", "enter"), [None]),
        (("escape",), [None]),
        ((), []),
    ],
)
async def test_a_line_is_given_back_without_blanks_around_it_and_nothing_is_no_answer(
    keys: tuple[str, ...], answer: list[str | None]
) -> None:
    async with App[None]().run_test() as pilot:
        assert await asked(pilot, TextPrompt("Why not the [b]item[/b]?", " too clever "), *keys) == answer


async def test_what_is_typed_is_taken_by_the_palette_too() -> None:
    async with App[None]().run_test() as pilot:
        answers = await asked(pilot, TextPrompt("Why not the [b]item[/b]?", " too clever "))
        assert "⏎ OK  esc Back" in shown_by(pilot)
        await pilot.app.screen.run_action("submit")
        await pilot.pause()
        assert answers == ["too clever"]


@pytest.mark.parametrize(
    ("key", "answer"), [("y", [True]), ("n", [False]), ("escape", [False]), ("enter", []), ("space", [])]
)
async def test_only_one_key_means_yes(key: str, answer: list[bool]) -> None:
    async with App[None]().run_test() as pilot:
        assert await asked(pilot, Confirm("Forget the [b]item[/b]?"), key) == answer
